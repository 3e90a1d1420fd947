/* A charset's name, a line end, and bytes of it: UTF-8 comes of them. */
#include "base/arena.h"
#include "base/charset.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str all = str_from(data, size);
	size_t lf = str_find_char(all, '\n', 0);
	enum charset_outcome outcome;

	if (lf != SIZE_MAX)
		ASSERT(utf8_is_valid(
		    charset_to_utf8(a, str_sub(all, 0, lf), str_sub(all, lf + 1, size), &outcome)));
	arena_free(&a);
	return 0;
}
