/*
 * A body text of a mail in UTF-8, whatever its charset is said to be, and as a person sees it: HTML, enriched text,
 * broken lines joined, calendars.
 */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/charset.h"
#include "base/limits.h"
#include "html/entity.h"
#include "mime/calendar.h"
#include "mime/enriched.h"
#include "mime/flowed.h"
#include "mime/internal.h"

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

static const struct {
	struct str type, subtype;
	enum text_form form;
} forms[] = {
	{ STR_INIT("text"), STR_INIT("html"), TEXT_HTML },
	{ STR_INIT("application"), STR_INIT("xhtml+xml"), TEXT_HTML },
	{ STR_INIT("text"), STR_INIT("x-amp-html"), TEXT_HTML },
	{ STR_INIT("text"), STR_INIT("watch-html"), TEXT_HTML },
	{ STR_INIT("text"), STR_INIT("enriched"), TEXT_ENRICHED },
	{ STR_INIT("text"), STR_INIT("richtext"), TEXT_RICHTEXT },
	{ STR_INIT("text"), STR_INIT("calendar"), TEXT_CALENDAR },
	{ STR_INIT("text"), STR_INIT("x-vcalendar"), TEXT_CALENDAR },
	{ STR_INIT("application"), STR_INIT("ics"), TEXT_CALENDAR },
	{ STR_INIT("text"), STR_INIT("vcard"), TEXT_CALENDAR },
	{ STR_INIT("text"), STR_INIT("x-vcard"), TEXT_CALENDAR },
	{ STR_INIT("text"), STR_INIT("directory"), TEXT_CALENDAR },
	{ STR_INIT("message"), STR_INIT("external-body"), TEXT_LOCATION },
};

enum text_form content_form(const struct mime_part *p)
{
	static const struct str names[] = { STR_INIT(".ics"), STR_INIT(".vcs"), STR_INIT(".vcf") };

	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		if (mime_part_is(p, forms[i].type, forms[i].subtype))
			return forms[i].form;
	/* Programs open these by their name, whatever they are said to be. */
	for (size_t i = 0; i < ARRAY_LEN(names) && !p->first_child; i++)
		if (str_ends_nocase(p->filename, names[i]))
			return TEXT_CALENDAR;
	return TEXT_PLAIN;
}

/* A byte order mark beats every label, as in browsers. Gives its length. */
static size_t mark_of(struct str bytes, struct str *charset)
{
	static const struct {
		struct str mark, charset;
		size_t skip; /* UTF-16 and UTF-32 are told their order by it */
	} marks[] = {
		{ STR_INIT("\xef\xbb\xbf"), STR_INIT("utf-8"), 3 },
		{ STR_INIT("\xff\xfe\0\0"), STR_INIT("utf-32"), 0 },
		{ STR_INIT("\xff\xfe"), STR_INIT("utf-16"), 0 },
		{ STR_INIT("\xfe\xff"), STR_INIT("utf-16"), 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (str_starts(bytes, marks[i].mark)) {
			*charset = marks[i].charset;
			return marks[i].skip;
		}
	return 0;
}

struct str mime_part_text(struct arena *a, const struct mime_part *p, struct str bytes,
			  struct mime_defects *defects)
{
	enum charset_outcome outcome;
	struct str charset = p->charset;

	bytes = str_sub(bytes, mark_of(bytes, &charset), bytes.n);
	struct str text = charset_to_utf8(a, charset, bytes, &outcome);
	if (outcome == CHARSET_UNKNOWN)
		defect_add(defects, DEFECT_CHARSET_UNKNOWN, part_type_at(p));
	if ((str_is_empty(charset) || outcome == CHARSET_UNKNOWN) && content_form(p) == TEXT_HTML) {
		/* Who could read the tag that names it was not reading UTF-16 (HTML §13.2.3.2). */
		charset = meta_charset(a, bytes);
		if (charset.n && !str_starts_nocase(charset, STR("utf-16")))
			text = charset_to_utf8(a, charset, bytes, &outcome);
	}
	if (outcome == CHARSET_BAD_BYTES)
		defect_add(defects, DEFECT_CHARSET_BYTES, part_body_at(p));
	return arena_without(a, text, '\0');
}

/* What the fields of the message are in is said by its first text alone, for they cannot. */
static void note_charset(struct extraction *x, const struct mime_part *p, struct str bytes)
{
	struct headers *of_message = &x->tree->v[0]->headers;

	if (of_message->charset.n || p->reading || content_is_nested(p) ||
	    !defect_has(&x->tree->defects, DEFECT_HEADER_NOT_UTF8))
		return;
	of_message->charset = p->charset;
	if (str_is_empty(p->charset) && content_form(p) == TEXT_HTML)
		of_message->charset = meta_charset(x->a, bytes);
}

static void push_text(struct extraction *x, const struct mime_part *p, struct str source, bool is_html,
		      const struct calendar_event *event)
{
	struct mime_text t = { .part = p, .source = source, .event = event, .nested = content_is_nested(p) };

	/* Another reading of a part seldom says something else. */
	for (size_t i = 0; p->reading && i < x->out->texts.n; i++)
		if (str_eq(x->out->texts.v[i].source, source) && (x->out->texts.v[i].html != NULL) == is_html)
			return;
	if (is_html) {
		t.html = html_text_read(x->a, source, LIMIT_TEXT);
		if (t.html->cut)
			defect_add(&x->tree->defects, DEFECT_HTML_CUT, part_body_at(p));
	}
	ARENA_PUSH(x->a, &x->out->texts, t);
}

/* An armoured message begins a line of its own (RFC 9580 §6.2); in the middle of one somebody speaks of it. */
static bool holds_pgp_message(struct str text)
{
	static const struct str armour = STR_INIT("-----BEGIN PGP MESSAGE-----");
	size_t at = str_find(text, armour, 0);

	while (at != SIZE_MAX && at > 0 && text.p[at - 1] != '\n')
		at = str_find(text, armour, at + 1);
	return at != SIZE_MAX;
}

static void add_plain(struct extraction *x, const struct mime_part *p, struct str text)
{
	if (str_eq_nocase(params_get(&p->params, STR("format")), STR("flowed")))
		text =
		    flowed_join(x->a, text, str_eq_nocase(params_get(&p->params, STR("delsp")), STR("yes")));
	x->out->encrypted |= holds_pgp_message(text);
	push_text(x, p, text, false, NULL);
}

static void add_calendar(struct extraction *x, const struct mime_part *p, struct str text)
{
	struct calendar c = calendar_read(x->a, text);
	struct calendar_event *event = NULL;

	if (c.event.events > 0) {
		event = ARENA_NEW(x->a, struct calendar_event);
		*event = c.event;
	}
	push_text(x, p, c.text, false, event);
	for (size_t i = 0; i < c.html.n; i++)
		push_text(x, p, c.html.v[i], true, NULL);
	for (size_t i = 0; i < c.files.n; i++) {
		const struct calendar_file *f = &c.files.v[i];
		struct mime_part *file = content_embed(x, p, f->base64, 0, f->base64.n, ENCODING_BASE64);
		size_t slash = str_find_char(f->type, '/', 0);
		file->filename = f->name;
		file->type_given = slash != SIZE_MAX;
		if (file->type_given) {
			file->type = arena_lower(x->a, str_sub(f->type, 0, slash));
			file->subtype = arena_lower(x->a, str_sub(f->type, slash + 1, f->type.n));
		}
		content_add_attachment(x, file);
	}
}

/* Where a content that was not sent along is to be found. */
static struct str location_of(struct arena *a, const struct mime_part *p)
{
	struct str url = params_get(&p->params, STR("url")); /* RFC 2017 */
	struct str site = params_get(&p->params, STR("site")), server = params_get(&p->params, STR("server"));
	struct str folder = params_get(&p->params, STR("directory")),
		   name = params_get(&p->params, STR("name"));

	if (url.n)
		return url;
	if (site.n)
		return ARENA_JOIN(a, STR("ftp://"), site, STR("/"), folder, STR("/"), name);
	return server.n ? ARENA_JOIN(a, STR("mailto:"), server) : name;
}

/* The body decoded; files in a plain text may be longer than the text that is looked at. */
static struct str body_of(struct extraction *x, const struct mime_part *p, enum text_form form)
{
	size_t most = form == TEXT_PLAIN || x->decoded_left < x->text_left ? x->decoded_left : x->text_left;
	size_t before = arena_used(x->a);

	if (!part_is_encoded(p))
		most = p->body_length; /* which costs nothing */
	struct str bytes = mime_part_decode(x->a, p, most + 1, &x->tree->defects);
	size_t cost = arena_used(x->a) - before;
	if (bytes.n > most) {
		defect_add(&x->tree->defects, most < x->text_left ? DEFECT_DECODED_CUT : DEFECT_TEXT_CUT,
			   part_body_at(p));
		bytes.n = most;
	}
	x->decoded_left -= cost < x->decoded_left ? cost : x->decoded_left;
	if (form == TEXT_PLAIN)
		bytes = content_take_embedded(x, p, bytes);
	if (bytes.n > x->text_left) {
		defect_add(&x->tree->defects, DEFECT_TEXT_CUT, part_body_at(p));
		bytes.n = x->text_left;
	}
	x->text_left -= bytes.n;
	return bytes;
}

void content_add_text(struct extraction *x, const struct mime_part *p)
{
	enum text_form form = content_form(p);

	if (form == TEXT_LOCATION) {
		push_text(x, p, location_of(x->a, p), false, NULL);
		return;
	}
	struct str body = body_of(x, p, form);
	struct str text = mime_part_text(x->a, p, body, &x->tree->defects);
	note_charset(x, p, body);
	switch (form) {
	case TEXT_HTML:
		push_text(x, p, text, true, NULL);
		break;
	case TEXT_ENRICHED:
		push_text(x, p, enriched_to_text(x->a, text), false, NULL);
		break;
	case TEXT_RICHTEXT:
		push_text(x, p, richtext_to_text(x->a, text), false, NULL);
		break;
	case TEXT_CALENDAR:
		add_calendar(x, p, text);
		break;
	case TEXT_PLAIN:
	case TEXT_LOCATION:
		add_plain(x, p, text);
		break;
	}
}
