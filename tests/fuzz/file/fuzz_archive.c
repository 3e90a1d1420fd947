/* Files of all kinds that hold others: through libarchive, by their headers, in notebooks. */
#include "file/rar.h"
#include "look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);

	if (look(a, s)->type == MAGIC_RAR) {
		struct rar rar = rar_of(s);
		struct rar_entry e;
		for (size_t at = rar.at; rar_next(&rar, &e); at = rar.at)
			ASSERT(rar.at > at && e.name.p >= s.p && e.name.p + e.name.n <= s.p + s.n);
	}
	arena_free(&a);
	return 0;
}
