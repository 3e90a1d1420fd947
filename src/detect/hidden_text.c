/*
 * A page that hides far more text than it shows: words of honest mail, to make a filter believe it was honest. What is
 * harmless about hidden text: the first line of a newsletter for the list of mails, and one text in two forms, for large
 * screens and small.
 *
 * What counts as hidden is html/text.h's to say. Of 8,300 harmless mails of the corpora one goes over both bounds, an
 * advertisement; of 4,700 others 160 do.
 *
 * Or one that writes words backwards and has them shown forwards: no one who writes to people does. Text of scripts that run from
 * right to left is not counted.
 *
 * Or one that pushes text down by a height no screen has, so that it is there for filters and nobody scrolls to it.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "base/utf8.h"
#include "detect/text.h"

#define HIDDEN_WORDS 100 /* fewer are a first line and its padding */
#define HIDDEN_TIMES 2   /* as many as are seen: more than a second form of them */

#define BEGINNING 60 /* bytes of what is hidden, to tell what it is */

#define TURNED_BYTES 30 /* a few words; of the corpora no mail has any */

#define SOURCE_LOOKED_AT (256u << 10) /* bytes: what pushes stands before what is pushed */
#define SCREENS 20000                 /* pixels */
#define VIEWS 1000                    /* hundredths of a window's height ("vh") */

/* The length that a property is given, ":  470500px"; what is not in one of these units is none. */
static bool is_beyond_screens(struct str value)
{
	size_t at = 0, digits;
	double n = 0;

	while (at < value.n && (abnf_is_wsp((unsigned char)value.p[at]) || value.p[at] == ':'))
		at++;
	for (digits = at;
	     digits < value.n && abnf_is_digit((unsigned char)value.p[digits]) && digits < at + 9; digits++)
		n = n * 10 + (value.p[digits] - '0');
	struct str unit = str_sub(value, digits, digits + 2);
	return (str_eq_nocase(unit, STR("px")) && n >= SCREENS) ||
	       (str_eq_nocase(unit, STR("vh")) && n >= VIEWS);
}

/* Where a style gives a height, a margin or a padding that is beyond all screens; empty = nowhere. */
static struct str pushed_by(const struct scan *s)
{
	static const char *const names[] = { "height", "margin-top", "padding-top" };
	struct str source = str_sub(s->content->html, 0, SOURCE_LOOKED_AT);

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str name = str_of(names[i]);
		for (size_t at = 0; (at = str_find_nocase(source, name, at)) != SIZE_MAX; at += name.n) {
			struct str rest = str_sub(source, at + name.n, at + name.n + 32);
			/* "max-height" and "line-height" push nothing. */
			bool whole = at == 0 || source.p[at - 1] != '-' ||
				     (at >= 4 && str_eq_nocase(str_sub(source, at - 4, at), STR("min-")));
			if (whole && is_beyond_screens(rest))
				return str_sub(source, at, at + name.n + 12);
		}
	}
	return STR_NONE;
}

static void pushed_down(const struct scan *s, struct findings *out)
{
	struct str by = pushed_by(s);

	if (by.n == 0)
		return;
	struct finding *f =
	    finding_add(out, "far_below", DISP_SUSPICIOUS, sender_is_known(s) ? 0.3 : 0.6, CAT_CONTENT_SPAM,
			"The message pushes text down to where nobody scrolls to.");
	finding_where(f, "body", "style", by);
	finding_detail(out, f, "by \"%.*s\"", STR_ARG(by));
}

static void turned(const struct scan *s, struct findings *out)
{
	const struct mime_text *most = NULL;

	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		if (t->html && t->html->turned >= TURNED_BYTES &&
		    (!most || t->html->turned > most->html->turned))
			most = t;
	}
	if (!most)
		return;
	struct finding *f = finding_add(out, "turned", DISP_SUSPICIOUS, 0.6, CAT_CONTENT_SPAM,
					"The message writes words backwards and has them shown forwards.");
	finding_where(f, "body", "text", str_trim(utf8_cut(most->html->turned_text, 200)));
	finding_part(f, most->part);
	finding_detail(out, f, "%zu bytes are shown in the other order", most->html->turned);
}

static void run(const struct scan *s, struct findings *out)
{
	pushed_down(s, out);
	turned(s, out);
	size_t hidden = text_word_count(s->hidden_words);

	if (hidden < HIDDEN_WORDS)
		return;
	size_t seen = text_word_count(text_fold(s->arena, &s->content->html_text, 1));
	if (hidden < seen * HIDDEN_TIMES)
		return;
	struct finding *f = finding_add(out, NULL, DISP_SUSPICIOUS, sender_is_known(s) ? 0.3 : 0.6,
					CAT_CONTENT_SPAM, "The message hides far more text than it shows.");
	struct str text = str_trim(s->content->hidden);
	finding_where(f, "body", "hidden text", utf8_cut(text, 200));
	finding_detail(out, f, "%zu words hidden, which begin \"%.*s\", %zu to be seen", hidden,
		       STR_ARG(utf8_cut(text, BEGINNING)), seen);
}

const struct detector detect_hidden_text = {
	.name = "hidden_text",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};
