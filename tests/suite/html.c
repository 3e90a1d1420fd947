/*
 * Cases of an HTML sanitizer: a payload, and one or more outputs that are fine, as JSON. Every word that a reader of such
 * an output sees must be among the words we see in the payload, in the same order, since what a browser shows is what we
 * must read; and in the output, which holds nothing that acts, we must see nothing that acts.
 */
#include "html/text.h"
#include "json/read.h"
#include "suite.h"
#include "url/url.h"

static struct str text_of(const struct json *node)
{
	return node && node->kind == JSON_STR ? node->s : STR_NONE;
}

static struct str next_word(struct str text, size_t *at)
{
	size_t from = *at, end;

	while (from < text.n && (unsigned char)text.p[from] <= ' ')
		from++;
	for (end = from; end < text.n && (unsigned char)text.p[end] > ' ';)
		end++;
	*at = end;
	return str_sub(text, from, end);
}

/* Whether the words of `few` occur in `many`, one after the other; the last may be a part of a longer one. */
static bool holds_words(struct str many, struct str few)
{
	size_t at = 0, k = 0;

	for (struct str word; (word = next_word(few, &k)).n;) {
		size_t found = str_find(many, word, at);
		if (found == SIZE_MAX)
			return false;
		at = found + word.n;
	}
	return true;
}

static bool acts(struct arena *a, const struct html_text *t)
{
	for (size_t i = 0; i < t->links.n; i++) {
		struct url u = url_split(a, t->links.v[i].href);
		if (str_eq(u.scheme, STR("javascript")) || str_eq(u.scheme, STR("vbscript")))
			return true;
	}
	return t->scripts > 0;
}

static void check(struct suite *s, const struct json *c, size_t number)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str payload = text_of(json_get(c, STR("payload"))), title = text_of(json_get(c, STR("title")));
	const struct json *expected = json_get(c, STR("expected"));
	bool list = expected && expected->kind == JSON_ARRAY, ok = false, act = false;
	struct html_text *seen = html_text_read(a, payload, 1u << 20);

	for (const struct json *e = list ? expected->first : expected; e; e = list ? e->next : NULL) {
		struct html_text *clean = html_text_read(a, text_of(e), 1u << 20);
		ok |= holds_words(seen->text, clean->text);
		act |= acts(a, clean);
	}
	struct str name = arena_printf(a, "%zu %.*s", number, STR_ARG(title.n ? title : payload));
	if (str_starts(payload, STR("<isindex")))
		suite_skip(s, name, "WHATWG HTML has no isindex: its words were the browser's own");
	else
		suite_case(s, ok && !act, name,
			   act ? "something that acts is seen in a clean page"
			       : "a word of the clean page is not seen: %.*s",
			   STR_ARG(seen->text));
	arena_free(&a);
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".json");

	for (size_t i = 0; i < files.n; i++) {
		struct json *all;
		struct errbuf eb;
		struct str text;
		size_t number = 0;
		if (!suite_read(s, s->arena, files.v[i], &text))
			continue;
		if (json_parse(s->arena, text, &all, &eb)) {
			suite_case(s, false, files.v[i], "%s", eb.text);
			continue;
		}
		for (const struct json *c = all->first; c; c = c->next)
			check(s, c, ++number);
	}
}

int main(void)
{
	return suite_main("html", run);
}
