/* Pictures: whatever can be decoded of them has a size, and what is read out of them is text. */
#include "base/arena.h"
#include "base/attr.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "image/qr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PIXELS (256u * 256u)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct grey g = grey_of_picture(str_from(data, size), PIXELS);

	if (g.v) {
		ASSERT(g.width > 0 && g.height > 0 && g.width * g.height <= PIXELS);
		struct qr_work w = { .left = LIMIT_CODE_STEPS };
		struct strs found = qr_read(a, &g, &w);
		ASSERT(found.n <= QR_MAX);
		for (size_t i = 0; i < found.n; i++)
			ASSERT(found.v[i].n > 0 && utf8_is_valid(found.v[i]));
	}
	grey_free(&g);
	arena_free(&a);
	return 0;
}
