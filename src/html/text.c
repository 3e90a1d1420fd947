/*
 * From tokens to text. Nesting is followed only inside hidden elements: outside of them nothing depends on
 * it, and a stack that malformed HTML could fill would only lose track.
 */
#include "html/text.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "html/entity.h"
#include "url/url.h"

ENUM_DEFINE(html_link_kind, HTML_LINK_KINDS);

#define SKELETON_MAX 65536 /* tells mails apart long before */
#define TITLE_MAX 4096
#define FORMS_MAX 100
#define STYLE_MAX 2000 /* bytes of one style attribute looked at */

/* Text being written; white space and breaks wait until something visible follows. */
struct sink {
	struct buf b;
	bool space, line;
};

/* Where a link's text lies. */
struct span {
	size_t from, to;
	bool hidden;
};

/* The attributes that matter, collected in one pass; undecoded. */
struct attrs {
	struct str href, src, action, data, alt, type, style, content, http_equiv, width, height;
	bool hidden, handler;
};

struct reader {
	struct arena *a;
	struct html_text *out;
	struct sink text, hidden, title;
	struct buf skeleton;
	struct {
		struct span *v;
		size_t n;
	} spans;                               /* one for each link */
	size_t link;                           /* open link's index + 1; 0 = none */
	size_t form;                           /* open form's index + 1 */
	unsigned open[HTML_TAG_COUNT];         /* visible elements open */
	enum html_tag stack[LIMIT_HTML_DEPTH]; /* the hidden element and what is open inside it */
	size_t depth;                          /* 0 = what comes is visible */
	unsigned in_hidden[HTML_TAG_COUNT];
};

enum role { ROLE_INLINE, ROLE_BLOCK, ROLE_CELL, ROLE_VOID, ROLE_BREAK };

static enum role role_of(enum html_tag tag)
{
	static const unsigned char roles[HTML_TAG_COUNT] = {
		[HTML_ADDRESS] = ROLE_BLOCK,    [HTML_ARTICLE] = ROLE_BLOCK,   [HTML_ASIDE] = ROLE_BLOCK,
		[HTML_BLOCKQUOTE] = ROLE_BLOCK, [HTML_BODY] = ROLE_BLOCK,      [HTML_CAPTION] = ROLE_BLOCK,
		[HTML_CENTER] = ROLE_BLOCK,     [HTML_DD] = ROLE_BLOCK,        [HTML_DIV] = ROLE_BLOCK,
		[HTML_DL] = ROLE_BLOCK,         [HTML_DT] = ROLE_BLOCK,        [HTML_FIELDSET] = ROLE_BLOCK,
		[HTML_FOOTER] = ROLE_BLOCK,     [HTML_FORM] = ROLE_BLOCK,      [HTML_H1] = ROLE_BLOCK,
		[HTML_H2] = ROLE_BLOCK,         [HTML_H3] = ROLE_BLOCK,        [HTML_H4] = ROLE_BLOCK,
		[HTML_H5] = ROLE_BLOCK,         [HTML_H6] = ROLE_BLOCK,        [HTML_HEADER] = ROLE_BLOCK,
		[HTML_HTML] = ROLE_BLOCK,       [HTML_LI] = ROLE_BLOCK,        [HTML_MAIN] = ROLE_BLOCK,
		[HTML_NAV] = ROLE_BLOCK,        [HTML_OL] = ROLE_BLOCK,        [HTML_OPTION] = ROLE_BLOCK,
		[HTML_P] = ROLE_BLOCK,          [HTML_PRE] = ROLE_BLOCK,       [HTML_SECTION] = ROLE_BLOCK,
		[HTML_TABLE] = ROLE_BLOCK,      [HTML_TBODY] = ROLE_BLOCK,     [HTML_TFOOT] = ROLE_BLOCK,
		[HTML_THEAD] = ROLE_BLOCK,      [HTML_TR] = ROLE_BLOCK,        [HTML_UL] = ROLE_BLOCK,
		[HTML_XMP] = ROLE_BLOCK,        [HTML_PLAINTEXT] = ROLE_BLOCK, [HTML_TD] = ROLE_CELL,
		[HTML_TH] = ROLE_CELL,          [HTML_TEXTAREA] = ROLE_CELL,   [HTML_BUTTON] = ROLE_CELL,
		[HTML_BR] = ROLE_BREAK,         [HTML_HR] = ROLE_BREAK,        [HTML_AREA] = ROLE_VOID,
		[HTML_BASE] = ROLE_VOID,        [HTML_COL] = ROLE_VOID,        [HTML_EMBED] = ROLE_VOID,
		[HTML_FRAME] = ROLE_VOID,       [HTML_IMG] = ROLE_VOID,        [HTML_INPUT] = ROLE_VOID,
		[HTML_LINK] = ROLE_VOID,        [HTML_META] = ROLE_VOID,       [HTML_PARAM] = ROLE_VOID,
		[HTML_SOURCE] = ROLE_VOID,      [HTML_TRACK] = ROLE_VOID,      [HTML_WBR] = ROLE_VOID,
	};
	return (enum role)roles[tag];
}

static struct sink *sink_now(struct reader *r)
{
	return r->depth ? &r->hidden : &r->text;
}

static bool is_space(unsigned char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void put(struct sink *k, struct str s)
{
	if (k->b.n > 0 && (k->line || k->space))
		buf_add_char(&k->b, k->line ? '\n' : ' ');
	k->line = k->space = false;
	buf_add(&k->b, s);
}

/* Characters without width: they part words for machines, not for people. */
static bool is_invisible(uint32_t cp)
{
	return cp == 0xad || cp == 0x34f || cp == 0x180e || (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x2064) || cp == 0xfeff;
}

static void put_char(struct sink *k, uint32_t cp)
{
	char bytes[4];

	if (cp == 0xa0 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x202f || cp == 0x205f || cp == 0x3000 ||
	    (cp < 0x80 && is_space((unsigned char)cp)))
		k->space = true;
	else if (cp >= ' ' && cp != 0x7f && !is_invisible(cp))
		put(k, str_from(bytes, utf8_encode(cp, bytes)));
}

static void put_text(struct sink *k, struct str s, bool references, bool keep_lines)
{
	size_t i = 0;

	while (i < s.n && buf_ok(&k->b)) {
		unsigned char c = (unsigned char)s.p[i];
		size_t from = i;
		if (is_space(c)) {
			k->line |= keep_lines && c == '\n';
			k->space = true;
			i++;
			continue;
		}
		if (c >= 0x80) {
			put_char(k, utf8_next(s, &i));
			continue;
		}
		if (c == '&' && references) {
			uint32_t cp = html_entity(s, &i, false);
			put_char(k, cp ? cp : '&');
			i += cp ? 0 : 1;
			continue;
		}
		while (i < s.n && (c = (unsigned char)s.p[i]) > ' ' && c < 0x7f && (c != '&' || !references))
			i++;
		if (i > from)
			put(k, str_sub(s, from, i));
		else
			i++; /* a control character */
	}
}

static struct attrs collect(const struct html_token *t)
{
	struct attrs out = { 0 };
	const struct {
		struct str name, *to;
	} wanted[] = {
		{ STR_INIT("href"), &out.href },       { STR_INIT("src"), &out.src },
		{ STR_INIT("action"), &out.action },   { STR_INIT("formaction"), &out.action },
		{ STR_INIT("data"), &out.data },       { STR_INIT("alt"), &out.alt },
		{ STR_INIT("type"), &out.type },       { STR_INIT("style"), &out.style },
		{ STR_INIT("content"), &out.content }, { STR_INIT("http-equiv"), &out.http_equiv },
		{ STR_INIT("width"), &out.width },     { STR_INIT("height"), &out.height },
	};
	struct str rest = t->attrs;
	struct html_attr at;

	while (html_attr_next(&rest, &at)) {
		out.hidden |= str_eq_nocase(at.name, STR("hidden"));
		out.handler |= at.name.n > 2 && str_starts_nocase(at.name, STR("on"));
		for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
			if (!wanted[i].to->p && str_eq_nocase(at.name, wanted[i].name))
				*wanted[i].to = at.value;
	}
	return out;
}

/* "0" or "0.0" and then something that is no digit: the value is nothing. */
static bool is_zero(struct str s, size_t at)
{
	if (at >= s.n || s.p[at] != '0')
		return false;
	while (at < s.n && (s.p[at] == '0' || s.p[at] == '.'))
		at++;
	return at == s.n || !abnf_is_digit((unsigned char)s.p[at]);
}

static bool style_hides(struct arena *a, struct str style)
{
	static const struct {
		struct str text;
		bool then_zero;
	} hides[] = {
		{ STR_INIT("display:none"), false }, { STR_INIT("visibility:hidden"), false },
		{ STR_INIT("mso-hide:all"), false }, { STR_INIT("font-size:"), true },
		{ STR_INIT("opacity:"), true },      { STR_INIT("max-height:"), true },
	};
	struct str s = html_decode(a, str_sub(style, 0, STYLE_MAX));
	char z[STYLE_MAX + 4];
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (!is_space((unsigned char)s.p[i]))
			z[n++] = ascii_lower(s.p[i]);
	for (size_t i = 0; i < ARRAY_LEN(hides); i++) {
		size_t at = str_find(str_from(z, n), hides[i].text, 0);
		if (at != SIZE_MAX && (!hides[i].then_zero || is_zero(str_from(z, n), at + hides[i].text.n)))
			return true;
	}
	return false;
}

static struct str clean_url(struct arena *a, struct str undecoded)
{
	return str_trim(html_decode(a, str_sub(undecoded, 0, 2 * URL_MAX)));
}

static bool add_link(struct reader *r, enum html_link_kind kind, struct str href, size_t offset)
{
	struct html_link link = { .kind = kind, .hidden = r->depth > 0, .offset = offset };
	struct span span = { sink_now(r)->b.n, sink_now(r)->b.n, r->depth > 0 };

	link.href = clean_url(r->a, href);
	if (str_is_empty(link.href))
		return false;
	if (r->out->links.n == LIMIT_LINKS) {
		r->out->cut = true;
		return false;
	}
	ARENA_PUSH(r->a, &r->out->links, link);
	ARENA_PUSH(r->a, &r->spans, span);
	return true;
}

static void close_link(struct reader *r)
{
	if (r->link) {
		struct span *s = &r->spans.v[r->link - 1];
		size_t to = s->hidden ? r->hidden.b.n : r->text.b.n;
		s->to = to;
	}
	r->link = 0;
}

static int pixels(struct str s)
{
	uint64_t v = 0;
	size_t n = 0;

	s = str_trim(s);
	while (n < s.n && n < 9 && abnf_is_digit((unsigned char)s.p[n]))
		v = v * 10 + (uint64_t)(s.p[n++] - '0');
	return n ? (int)v : -1;
}

static void add_image(struct reader *r, const struct attrs *at, size_t offset)
{
	struct html_image image = { clean_url(r->a, at->src), html_decode(r->a, str_sub(at->alt, 0, 1024)),
				    pixels(at->width), pixels(at->height), offset };

	if (r->link) {
		struct html_link *link = &r->out->links.v[r->link - 1];
		link->has_image = true;
		if (str_is_empty(link->text))
			link->text = str_trim(image.alt);
	}
	if (r->out->images.n == LIMIT_LINKS)
		r->out->cut = true;
	else
		ARENA_PUSH(r->a, &r->out->images, image);
}

/* Forms beyond the ceiling count as part of the last one. */
static void add_form(struct reader *r, struct str action, size_t offset)
{
	struct html_form form = { .action = clean_url(r->a, action), .offset = offset };

	if (r->out->forms.n < FORMS_MAX)
		ARENA_PUSH(r->a, &r->out->forms, form);
	else
		r->out->cut = true;
	r->form = r->out->forms.n;
}

static void add_input(struct reader *r, const struct attrs *at, size_t offset)
{
	struct str type = str_trim(html_decode(r->a, str_sub(at->type, 0, 64)));

	if (str_eq_nocase(type, STR("hidden")))
		return;
	if (!r->form)
		add_form(r, STR_NONE, offset);
	struct html_form *form = &r->out->forms.v[r->form - 1];
	form->inputs++;
	form->has_password |= str_eq_nocase(type, STR("password"));
}

/* "5; url=http://…" with or without quotes. */
static void add_refresh(struct reader *r, const struct attrs *at, size_t offset)
{
	struct str content = clean_url(r->a, at->content);
	size_t from = str_find_nocase(content, STR("url"), 0);

	if (!str_eq_nocase(str_trim(at->http_equiv), STR("refresh")) || from == SIZE_MAX)
		return;
	struct str url = str_trim(str_sub(content, from + 3, content.n));
	if (str_starts(url, STR("=")))
		url = str_trim(str_sub(url, 1, url.n));
	if (url.n && (url.p[0] == '"' || url.p[0] == '\''))
		url = str_sub(url, 1, str_find_char(url, url.p[0], 1));
	add_link(r, HTML_LINK_REFRESH, url, offset);
}

static void act_on(struct reader *r, const struct html_token *t, const struct attrs *at)
{
	/* Only the tags that carry something; all others fall through to nothing. */
	if (t->tag == HTML_A) {
		close_link(r);
		if (add_link(r, HTML_LINK_A, at->href, t->start))
			r->link = r->out->links.n;
	} else if (t->tag == HTML_AREA && add_link(r, HTML_LINK_AREA, at->href, t->start)) {
		r->out->links.v[r->out->links.n - 1].text = html_decode(r->a, str_sub(at->alt, 0, 1024));
	} else if (t->tag == HTML_IMG) {
		add_image(r, at, t->start);
	} else if (t->tag == HTML_FORM) {
		add_form(r, at->action, t->start);
	} else if (t->tag == HTML_INPUT) {
		add_input(r, at, t->start);
	} else if (t->tag == HTML_BASE) {
		add_link(r, HTML_LINK_BASE, at->href, t->start);
	} else if (t->tag == HTML_LINK) {
		add_link(r, HTML_LINK_RESOURCE, at->href, t->start);
	} else if (t->tag == HTML_META) {
		add_refresh(r, at, t->start);
	} else if (t->tag == HTML_IFRAME || t->tag == HTML_FRAME || t->tag == HTML_EMBED) {
		add_link(r, HTML_LINK_FRAME, at->src, t->start);
	} else if (t->tag == HTML_OBJECT) {
		add_link(r, HTML_LINK_FRAME, at->data, t->start);
	}
	if (at->action.n) /* of a form, or formaction of a button or input */
		add_link(r, HTML_LINK_FORM, at->action, t->start);
	r->out->scripts += at->handler || t->tag == HTML_SCRIPT;
}

static void push_hidden(struct reader *r, enum html_tag tag)
{
	if (r->depth == LIMIT_HTML_DEPTH) {
		r->out->cut = true;
		return;
	}
	r->stack[r->depth++] = tag;
	r->in_hidden[tag]++;
}

static void pop_hidden(struct reader *r)
{
	r->in_hidden[r->stack[--r->depth]]--;
}

static void start_tag(struct reader *r, const struct html_token *t)
{
	struct attrs at = t->attrs.n ? collect(t) : (struct attrs){ 0 };
	enum role role = role_of(t->tag);
	struct str name = str_sub(t->name, 0, 32);

	if (buf_ok(&r->skeleton)) {
		char *to = buf_reserve(&r->skeleton, name.n + 1);
		for (size_t i = 0; to && i <= name.n; i++)
			to[i] = i < name.n ? ascii_lower(name.p[i]) : ' ';
		if (to)
			buf_grew(&r->skeleton, name.n + 1);
	}
	sink_now(r)->line |= role == ROLE_BLOCK || role == ROLE_BREAK;
	sink_now(r)->space |= role == ROLE_CELL;
	bool is_void = role == ROLE_VOID || role == ROLE_BREAK;
	bool hides = at.hidden || t->tag == HTML_TEMPLATE || (at.style.n && style_hides(r->a, at.style));
	if (!is_void && (hides || r->depth))
		push_hidden(r, t->tag);
	else if (!is_void)
		r->open[t->tag]++;
	act_on(r, t, &at);
}

static void end_tag(struct reader *r, const struct html_token *t)
{
	enum role role = role_of(t->tag);

	if (t->tag == HTML_A)
		close_link(r);
	if (t->tag == HTML_FORM)
		r->form = 0;
	if (r->depth && r->in_hidden[t->tag]) {
		while (r->stack[r->depth - 1] != t->tag)
			pop_hidden(r);
		pop_hidden(r);
	} else if (r->depth && r->open[t->tag] && (role == ROLE_BLOCK || role == ROLE_CELL)) {
		/* The block around the hidden element ends, and with it everything inside. */
		while (r->depth)
			pop_hidden(r);
		r->open[t->tag]--;
	} else if (!r->depth && r->open[t->tag]) {
		r->open[t->tag]--;
	}
	sink_now(r)->line |= role == ROLE_BLOCK || role == ROLE_BREAK;
	sink_now(r)->space |= role == ROLE_CELL;
}

static void text(struct reader *r, const struct html_token *t)
{
	bool keep_lines = r->open[HTML_PRE] || r->in_hidden[HTML_PRE] || t->tag == HTML_TEXTAREA ||
			  t->tag == HTML_XMP || t->tag == HTML_PLAINTEXT;

	if (t->tag == HTML_TITLE)
		put_text(&r->title, t->text, true, false);
	else if (t->tag == HTML_OTHER || keep_lines)
		put_text(sink_now(r), t->text, t->references, keep_lines);
}

static struct str take(struct reader *r, struct buf *b)
{
	struct str s = arena_str(r->a, buf_str(b));

	buf_free(b);
	return s;
}

static void finish(struct reader *r)
{
	struct html_text *out = r->out;

	close_link(r);
	out->cut |= !buf_ok(&r->text.b) || !buf_ok(&r->hidden.b);
	out->text = take(r, &r->text.b);
	out->hidden = take(r, &r->hidden.b);
	out->title = take(r, &r->title.b);
	out->skeleton = take(r, &r->skeleton);
	for (size_t i = 0; i < out->links.n; i++) {
		const struct span *s = &r->spans.v[i];
		struct str inside = str_trim(str_sub(s->hidden ? out->hidden : out->text, s->from, s->to));
		if (inside.n)
			out->links.v[i].text = inside;
	}
}

struct html_text *html_text_read(struct arena *a, struct str document, size_t max_text)
{
	struct reader *r = ARENA_NEW(a, struct reader);
	struct html h = html_of(document);
	struct html_token t;

	r->a = a;
	r->out = ARENA_NEW(a, struct html_text);
	buf_init(&r->text.b, max_text);
	buf_init(&r->hidden.b, max_text);
	buf_init(&r->title.b, TITLE_MAX);
	buf_init(&r->skeleton, SKELETON_MAX);
	while (html_next(&h, &t)) {
		if (t.kind == HTML_TEXT)
			text(r, &t);
		else if (t.kind == HTML_START)
			start_tag(r, &t);
		else if (t.kind == HTML_END)
			end_tag(r, &t);
	}
	finish(r);
	return r->out;
}
