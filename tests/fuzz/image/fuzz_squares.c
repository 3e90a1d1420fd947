/* Squares, a bit each behind a byte for the width: what the library reads of codes that are nearly right. */
#include "base/arena.h"
#include "base/attr.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "image/qr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	size_t width = size ? data[0] : 0, n = size ? (size - 1) * 8 : 0;
	size_t height = width ? n / width : 0;
	unsigned char *dark = arena_zalloc(a, width * height + 1);

	for (size_t i = 0; i < width * height; i++)
		dark[i] = data[1 + i / 8] >> (7 - i % 8) & 1;
	struct qr_work w = { .left = LIMIT_CODE_STEPS };
	struct strs found = qr_read_squares(a, dark, width, height, &w);
	for (size_t i = 0; i < found.n; i++)
		ASSERT(found.v[i].n > 0 && utf8_is_valid(found.v[i]));
	arena_free(&a);
	return 0;
}
