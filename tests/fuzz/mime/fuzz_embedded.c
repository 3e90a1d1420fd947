/* A text with files in it: blocks stand one behind the other, each inside the text. */
#include "base/arena.h"
#include "mime/uuencode.h"
#include "mime/yenc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str text = str_from(data, size);
	struct uuencode_block uu;
	struct yenc_block y;
	size_t bad;

	for (size_t at = 0; uuencode_find(text, at, &uu); at = uu.end) {
		ASSERT(at <= uu.start && uu.start < uu.body && uu.body < uu.body_end &&
		       uu.body_end <= uu.end && uu.end <= size);
		struct str got = uuencode_decode(a, str_sub(text, uu.start, uu.end), size, &bad);
		ASSERT(got.n <= size && (bad == SIZE_MAX || bad <= size));
	}
	for (size_t at = 0; yenc_find(text, at, &y); at = y.end) {
		ASSERT(at <= y.start && y.start < y.body && y.body <= y.body_end && y.body_end <= y.end &&
		       y.end <= size);
		struct str got = yenc_decode(a, str_sub(text, y.start, y.end), size, &bad);
		ASSERT(got.n <= size && (bad == SIZE_MAX || bad <= size));
	}
	(void)uuencode_decode(a, text, size / 2, NULL);
	(void)yenc_decode(a, text, size / 2, NULL);
	arena_free(&a);
	return 0;
}
