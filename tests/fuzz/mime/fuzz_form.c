/* Forms of text; the first byte chooses: c calendar, e enriched, r richtext, d flowed with DelSp, else flowed. */
#include "base/arena.h"
#include "base/utf8.h"
#include "mime/calendar.h"
#include "mime/enriched.h"
#include "mime/flowed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = size ? utf8_clean(a, str_from(data + 1, size - 1)) : STR_NONE, got = STR_NONE;
	struct calendar c = { 0 };

	switch (size ? data[0] : 0) {
	case 'c':
		c = calendar_read(a, s);
		got = c.text;
		break;
	case 'e':
		got = enriched_to_text(a, s);
		break;
	case 'r':
		got = richtext_to_text(a, s);
		break;
	default:
		got = flowed_join(a, s, size && data[0] == 'd');
		break;
	}
	ASSERT(got.n <= 4 * s.n + 4);
	for (size_t i = 0; i < c.files.n; i++)
		ASSERT(c.files.v[i].base64.n < s.n);
	arena_free(&a);
	return 0;
}
