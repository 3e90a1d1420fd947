/* Parts of OOXML and OpenDocument files: lines "name", then text up to a byte 0, are put into a zip. */
#include "file/make_zip.h"
#include "look.h"

#define PARTS_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = str_from(data, size);
	struct make_member parts[PARTS_MAX];
	struct make_zip zip = { .v = parts };

	for (size_t at = 0; at < s.n && zip.n < PARTS_MAX; zip.n++) {
		size_t end = str_find_char(s, 0, at), line = str_find_char(s, '\n', at);
		end = end < s.n ? end : s.n;
		line = line < end ? line : end;
		parts[zip.n] =
		    (struct make_member){ .name = str_sub(s, at, line < at + 60000 ? line : at + 60000),
					  .data = str_sub(s, line + 1, end) };
		at = end + 1;
	}
	look(a, make_zip(a, &zip));
	arena_free(&a);
	return 0;
}
