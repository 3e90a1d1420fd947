/* A body text of a mail in UTF-8, whatever its charset is said to be; HTML as a person sees it. */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/charset.h"
#include "base/limits.h"
#include "html/entity.h"

#define META_LOOKED_AT 4096 /* where a <meta> may name the charset; browsers look at 1024 */

/* The charset a <meta> near the beginning names, or nothing. */
static struct str meta_charset(struct arena *a, struct str bytes)
{
	struct html h = html_of(str_sub(bytes, 0, META_LOOKED_AT));
	struct html_token t;

	while (html_next(&h, &t)) {
		if (t.kind != HTML_START || t.tag != HTML_META)
			continue;
		struct str charset = html_attr(&t, STR("charset"));
		if (charset.n)
			return charset;
		struct str content = html_decode(a, html_attr(&t, STR("content")));
		size_t at = str_find_nocase(content, STR("charset="), 0);
		if (at == SIZE_MAX)
			continue;
		content = str_sub(content, at + 8, content.n);
		return str_sub(content, 0, str_find_char(content, ';', 0));
	}
	return STR_NONE;
}

static struct str to_utf8(struct extraction *x, const struct mime_part *p, struct str bytes, bool is_html)
{
	enum charset_outcome outcome;
	struct str charset = p->charset;

	/* A byte order mark beats every label, as in browsers. */
	if (str_starts(bytes, STR("\xef\xbb\xbf"))) {
		charset = STR("utf-8");
		bytes = str_sub(bytes, 3, bytes.n);
	} else if (str_starts(bytes, STR("\xff\xfe")) || str_starts(bytes, STR("\xfe\xff"))) {
		charset = STR("utf-16");
	}
	if (str_is_empty(charset) && is_html)
		charset = meta_charset(x->a, bytes);
	struct str text = charset_to_utf8(x->a, charset, bytes, &outcome);
	if (outcome == CHARSET_UNKNOWN)
		defect_add(&x->tree->defects, DEFECT_CHARSET_UNKNOWN, p->raw_start);
	if (outcome == CHARSET_BAD_BYTES)
		defect_add(&x->tree->defects, DEFECT_CHARSET_BYTES, p->raw_start);
	return text;
}

void content_add_text(struct extraction *x, const struct mime_part *p)
{
	bool is_html = mime_part_is(p, STR("text"), STR("html")) ||
		       mime_part_is(p, STR("application"), STR("xhtml+xml"));
	struct mime_text t = { .part = p, .nested = content_is_nested(p) };
	struct str bytes = mime_part_decode(x->a, p, x->text_left + 1, &x->tree->defects);

	if (bytes.n > x->text_left) {
		defect_add(&x->tree->defects, DEFECT_TEXT_CUT, p->raw_start);
		bytes.n = x->text_left;
	}
	x->text_left -= bytes.n;
	t.source = to_utf8(x, p, bytes, is_html);
	if (is_html) {
		t.html = html_text_read(x->a, t.source, LIMIT_TEXT);
		if (t.html->cut)
			defect_add(&x->tree->defects, DEFECT_HTML_CUT, p->raw_start);
	}
	if (str_find(t.source, STR("-----BEGIN PGP MESSAGE-----"), 0) != SIZE_MAX)
		x->out->encrypted = true;
	ARENA_PUSH(x->a, &x->out->texts, t);
}
