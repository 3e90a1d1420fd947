/* Types and names of any bytes; a type found is one of the table, and a name without its end is the same name. */
#include "file/magic.h"
#include "file/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str s = str_from(data, size);
	struct str text = enum_text(&magic_type_names, (int)magic_of(s));

	if (str_eq(text, STR("?")) || (size == 0) != (magic_of(s) == MAGIC_EMPTY))
		__builtin_trap();
	magic_kind(magic_of(s));
	name_is_turned(s);
	if (name_is_double(s) && name_kind(s) == NAME_OTHER)
		__builtin_trap();
	struct str leaf = name_leaf(s);
	if (name_kind(leaf) != name_kind(s) || leaf.n > s.n)
		__builtin_trap();
	return 0;
}
