/*
 * Reading text out of RTF. Each group inherits from the one around it whether it is shown; HTML that was wrapped into RTF
 * stands in groups of its own (\*\htmltag) and between \htmlrtf marks stands what is only for RTF.
 */
#include "file/rtf_text.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "base/charset.h"
#include "base/utf8.h"
#include "file/bytes.h"
#include "file/rtf_token.h"

#define WINDOW 4096 /* bytes that compressed text may refer back to */

/* What the window holds before the first byte (MS-OXRTFCP §2.1.2.1). */
static const struct str window_start = STR_INIT(
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    "\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx");

struct str rtf_unpack(struct arena *a, struct str packed, size_t max)
{
	struct str kind = str_sub(packed, 8, 12), s = str_sub(packed, 16, packed.n);
	char window[WINDOW] = { 0 };
	size_t to = window_start.n; /* counts on; its place is that modulo WINDOW */
	bool over = false;
	struct buf b;

	if (str_eq(kind, STR("MELA")))
		return str_sub(s, 0, max);
	if (!str_eq(kind, STR("LZFu")))
		return STR_NONE;
	memcpy(window, window_start.p, window_start.n);
	buf_init(&b, max);
	for (size_t at = 0; at < s.n && !over && buf_ok(&b);) {
		unsigned flags = (unsigned char)s.p[at++];
		for (unsigned i = 0; i < 8 && at < s.n && !over; i++) {
			bool copy = flags >> i & 1;
			unsigned token = (unsigned)(unsigned char)s.p[at] << 8;
			token |= at + 1 < s.n ? (unsigned char)s.p[at + 1] : 0;
			size_t from = copy ? token >> 4 : 0, length = copy ? (token & 15) + 2 : 1;
			over = copy && from == to % WINDOW; /* refers to what comes next: the end mark */
			for (size_t k = 0; k < length && !over; k++) {
				char c = copy ? window[(from + k) % WINDOW] : s.p[at];
				buf_add_char(&b, c);
				window[to++ % WINDOW] = c;
			}
			at += copy ? 2 : 1;
		}
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* ---- text ---- */

/* A group; it begins as the one around it. */
struct group {
	bool hidden;     /* of a destination that is not shown */
	bool rtf_only;   /* between \htmlrtf marks: no part of the HTML */
	unsigned repeat; /* characters behind each \u that only repeat it (\uc) */
};

#define GROUPS_MAX 1000 /* deeper ones share the state of the last */

struct reader {
	struct arena *a;
	struct buf out;   /* UTF-8 */
	struct buf bytes; /* what follows, in the charset of the document */
	struct str charset;
	struct group groups[GROUPS_MAX];
	size_t depth; /* of the innermost group */
	size_t skip;  /* characters left that repeat what \u said */
	bool html, star;
};

/* Words that begin text which is no text of the document. */
static const struct str unseen[] = {
	STR_INIT("fonttbl"),  STR_INIT("colortbl"), STR_INIT("stylesheet"), STR_INIT("info"),
	STR_INIT("pict"),     STR_INIT("objdata"),  STR_INIT("generator"),  STR_INIT("fldinst"),
	STR_INIT("listtext"), STR_INIT("pntext"),   STR_INIT("xmlnstbl"),   STR_INIT("header"),
	STR_INIT("footer"),
};

/* Words that stand for a character. */
static const struct {
	struct str word;
	struct str text;
} characters[] = {
	{ STR_INIT("par"), STR_INIT("\r\n") },
	{ STR_INIT("line"), STR_INIT("\r\n") },
	{ STR_INIT("tab"), STR_INIT("\t") },
	{ STR_INIT("lquote"), STR_INIT("\xe2\x80\x98") },
	{ STR_INIT("rquote"), STR_INIT("\xe2\x80\x99") },
	{ STR_INIT("ldblquote"), STR_INIT("\xe2\x80\x9c") },
	{ STR_INIT("rdblquote"), STR_INIT("\xe2\x80\x9d") },
	{ STR_INIT("bullet"), STR_INIT("\xe2\x80\xa2") },
	{ STR_INIT("endash"), STR_INIT("\xe2\x80\x93") },
	{ STR_INIT("emdash"), STR_INIT("\xe2\x80\x94") },
	{ STR_INIT("cell"), STR_INIT("\t") },
	{ STR_INIT("row"), STR_INIT("\r\n") },
};

static struct group *now(struct reader *r)
{
	return &r->groups[r->depth < GROUPS_MAX ? r->depth : GROUPS_MAX - 1];
}

static bool is_shown(struct reader *r)
{
	return !now(r)->hidden && !(r->html && now(r)->rtf_only);
}

static void flush(struct reader *r)
{
	if (r->bytes.n)
		buf_add(&r->out, charset_to_utf8(r->a, r->charset, buf_str(&r->bytes), NULL));
	buf_clear(&r->bytes);
}

static void put_utf8(struct reader *r, struct str s)
{
	if (!is_shown(r))
		return;
	flush(r);
	buf_add(&r->out, s);
}

/* Bytes of the document's charset; line ends mean nothing in RTF. */
static void put_bytes(struct reader *r, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r' || s.p[i] == '\n')
			continue;
		if (r->skip > 0)
			r->skip--;
		else if (is_shown(r))
			buf_add_char(&r->bytes, s.p[i]);
	}
}

static void put_code_point(struct reader *r, int number)
{
	char utf8[4];

	put_utf8(r, str_from(utf8, utf8_encode((uint32_t)number & 0xffff, utf8)));
	r->skip = now(r)->repeat;
}

static void take_word(struct reader *r, const struct rtf_token *t)
{
	struct group *g = now(r);

	if (r->star && !str_eq(t->text, STR("htmltag")))
		g->hidden = true;
	r->star = false;
	for (size_t i = 0; i < ARRAY_LEN(unseen); i++)
		g->hidden |= str_eq(t->text, unseen[i]);
	for (size_t i = 0; i < ARRAY_LEN(characters); i++)
		if (str_eq(t->text, characters[i].word))
			put_utf8(r, characters[i].text);
	if (str_eq(t->text, STR("htmltag")))
		g->hidden = false;
	else if (str_eq(t->text, STR("fromhtml")))
		r->html = true;
	else if (str_eq(t->text, STR("htmlrtf")))
		g->rtf_only = !t->has_number || t->number != 0;
	else if (str_eq(t->text, STR("ansicpg")))
		r->charset = t->number == 65001 ? STR("utf-8") : arena_printf(r->a, "windows-%d", t->number);
	else if (str_eq(t->text, STR("uc")))
		g->repeat = t->number > 0 && t->number < 100 ? (unsigned)t->number : 0;
	else if (str_eq(t->text, STR("u")))
		put_code_point(r, t->number);
}

static void take(struct reader *r, const struct rtf_token *t)
{
	char byte = (char)t->number;

	switch (t->kind) {
	case RTF_OPEN:
		r->depth++;
		if (r->depth < GROUPS_MAX)
			r->groups[r->depth] = r->groups[r->depth - 1];
		break;
	case RTF_CLOSE:
		r->depth -= r->depth > 0;
		break;
	case RTF_WORD:
		take_word(r, t);
		break;
	case RTF_SYMBOL:
		if (t->text.p[0] == '*')
			r->star = true;
		else if (t->text.p[0] == '~')
			put_bytes(r, STR(" "));
		else if (strchr("\\{}", t->text.p[0]))
			put_bytes(r, t->text);
		break;
	case RTF_BYTE:
		put_bytes(r, str_from(&byte, 1));
		break;
	case RTF_TEXT:
		put_bytes(r, t->text);
		break;
	case RTF_BINARY:
		break;
	}
	if (t->kind == RTF_OPEN || t->kind == RTF_CLOSE)
		r->skip = 0;
}

struct str rtf_text(struct arena *a, struct str rtf, size_t max, bool *html_out)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	struct rtf tokens = { .s = rtf };
	struct rtf_token t;

	r->a = a;
	r->charset = STR("windows-1252");
	r->groups[0].repeat = 1;
	buf_init(&r->out, max);
	buf_init(&r->bytes, max);
	while (buf_ok(&r->out) && rtf_next(&tokens, &t))
		take(r, &t);
	flush(r);
	*html_out = r->html;
	struct str out = arena_str(a, buf_str(&r->out));
	buf_free(&r->out);
	buf_free(&r->bytes);
	return out;
}
