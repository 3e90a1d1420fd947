/* HTML: the tokens cover the document without gap or overlap, and all text is UTF-8 when the document is. */
#include "base/arena.h"
#include "base/utf8.h"
#include "html/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str s = utf8_clean(a, str_from(data, size));
	struct html h = html_of(s);
	struct html_token t;
	size_t at = 0;

	while (html_next(&h, &t)) {
		ASSERT(t.start == at && t.end >= t.start && t.end <= s.n);
		at = t.end;
	}
	ASSERT(at == s.n);
	struct html_text *text = html_text_read(a, s, 1 << 16);
	ASSERT(utf8_is_valid(text->text) && utf8_is_valid(text->hidden) && utf8_is_valid(text->title));
	for (size_t i = 0; i < text->links.n; i++)
		ASSERT(utf8_is_valid(text->links.v[i].text));
	arena_free(&a);
	return 0;
}
