/*
 * Cleaning HTML: what is written is closed in order, no deeper and no more than is said, UTF-8, names only images that are in
 * the list, and holds no element but those that are drawn.
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "html/token.h"
#include "preview/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_void(enum html_tag tag)
{
	return tag == HTML_IMG || tag == HTML_BR || tag == HTML_HR;
}

static void check(struct str document, size_t images)
{
	struct html h = html_of(document);
	struct html_token t;
	struct str open[CLEAN_DEPTH + 4];
	size_t depth = 0, elements = 0;

	while (html_next(&h, &t)) {
		ASSERT(t.kind == HTML_TEXT || t.kind == HTML_START || t.kind == HTML_END);
		ASSERT(t.tag != HTML_SCRIPT && t.tag != HTML_IFRAME && t.tag != HTML_OBJECT &&
		       t.tag != HTML_SVG && t.tag != HTML_LINK && t.tag != HTML_META && t.tag != HTML_FORM &&
		       t.tag != HTML_INPUT);
		if (t.kind == HTML_START) {
			ASSERT(++elements <= CLEAN_ELEMENTS + 5);
			if (t.tag == HTML_IMG) {
				uint64_t image;
				ASSERT(str_to_u64(html_attr(&t, STR("src")), images, &image) == OK &&
				       image < images);
			}
			if (!is_void(t.tag)) {
				ASSERT(depth < CLEAN_DEPTH + 4);
				open[depth++] = t.name;
			}
		} else if (t.kind == HTML_END) {
			ASSERT(depth > 0 && str_eq(open[--depth], t.name));
		}
	}
	ASSERT(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new(512u << 20, NULL, NULL);
	struct str s = utf8_clean(a, str_from(data, size));

	for (int flat = 0; flat < 2; flat++) {
		struct clean c;
		clean_begin(&c, a, flat);
		clean_add_html(&c, s);
		clean_add_plain(&c, s);
		struct str document = clean_document(&c);
		ASSERT(utf8_is_valid(document));
		check(document, c.images.n);
		clean_end(&c);
	}
	arena_free(&a);
	return 0;
}
