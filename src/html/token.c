/* The tokenizer. Each function that looks for an end and finds none takes everything, so nothing is read
 * twice. */
#include "html/token.h"

#include "base/abnf.h"

ENUM_DEFINE(html_tag, HTML_TAGS);

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool ends_name(char c)
{
	return is_space(c) || c == '/' || c == '>';
}

static enum html_tag tag_of(struct str name)
{
	int lo = 1, hi = HTML_TAG_COUNT;
	char lower[16];

	if (name.n == 0 || name.n > sizeof(lower))
		return HTML_OTHER;
	for (size_t i = 0; i < name.n; i++)
		lower[i] = ascii_lower(name.p[i]);
	while (lo < hi) {
		int mid = (lo + hi) / 2, c = str_cmp(html_tag_names.texts[mid], str_from(lower, name.n));
		if (c == 0)
			return (enum html_tag)mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return HTML_OTHER;
}

/* Elements whose content is text up to their end tag (WHATWG HTML §13.2.6.2); references only in the last
 * two. */
static bool is_raw(enum html_tag tag)
{
	return tag == HTML_SCRIPT || tag == HTML_STYLE || tag == HTML_XMP || tag == HTML_IFRAME ||
	       tag == HTML_NOEMBED || tag == HTML_NOFRAMES || tag == HTML_PLAINTEXT || tag == HTML_TITLE ||
	       tag == HTML_TEXTAREA;
}

/* Whether what comes now is SVG or MathML, where no element has raw text. */
static bool is_foreign(const struct html *h)
{
	return h->xml || (h->depth > 0 && h->foreign[h->depth - 1].island.n == 0);
}

/* Tags that end SVG or MathML around them (WHATWG HTML §13.2.6.5). */
static bool is_breakout(const struct html_token *t)
{
	static const unsigned char tags[HTML_TAG_COUNT] = {
		[HTML_B] = 1,      [HTML_BIG] = 1,    [HTML_BLOCKQUOTE] = 1, [HTML_BODY] = 1,
		[HTML_BR] = 1,     [HTML_CENTER] = 1, [HTML_CODE] = 1,       [HTML_DD] = 1,
		[HTML_DIV] = 1,    [HTML_DL] = 1,     [HTML_DT] = 1,         [HTML_EM] = 1,
		[HTML_EMBED] = 1,  [HTML_H1] = 1,     [HTML_H2] = 1,         [HTML_H3] = 1,
		[HTML_H4] = 1,     [HTML_H5] = 1,     [HTML_H6] = 1,         [HTML_HEAD] = 1,
		[HTML_HR] = 1,     [HTML_I] = 1,      [HTML_IMG] = 1,        [HTML_LI] = 1,
		[HTML_META] = 1,   [HTML_OL] = 1,     [HTML_P] = 1,          [HTML_PRE] = 1,
		[HTML_S] = 1,      [HTML_SMALL] = 1,  [HTML_SPAN] = 1,       [HTML_STRIKE] = 1,
		[HTML_STRONG] = 1, [HTML_TABLE] = 1,  [HTML_TT] = 1,         [HTML_U] = 1,
		[HTML_UL] = 1,
	};

	if (t->kind == HTML_END)
		return t->tag == HTML_BR || t->tag == HTML_P;
	if (t->tag == HTML_FONT)
		return html_attr(t, STR("color")).p || html_attr(t, STR("face")).p ||
		       html_attr(t, STR("size")).p;
	return tags[t->tag];
}

/* Elements of SVG or MathML whose content is HTML again (§13.2.6). */
static bool is_island(enum html_tag root, const struct html_token *t)
{
	static const struct {
		enum html_tag root;
		struct str name;
	} islands[] = {
		{ HTML_SVG, STR_INIT("foreignObject") }, { HTML_SVG, STR_INIT("desc") },
		{ HTML_SVG, STR_INIT("title") },         { HTML_MATH, STR_INIT("mi") },
		{ HTML_MATH, STR_INIT("mo") },           { HTML_MATH, STR_INIT("mn") },
		{ HTML_MATH, STR_INIT("ms") },           { HTML_MATH, STR_INIT("mtext") },
	};
	struct str encoding = html_attr(t, STR("encoding"));

	for (size_t i = 0; i < ARRAY_LEN(islands); i++)
		if (islands[i].root == root && str_eq_nocase(t->name, islands[i].name))
			return true;
	return root == HTML_MATH && str_eq_nocase(t->name, STR("annotation-xml")) &&
	       (str_eq_nocase(encoding, STR("text/html")) ||
		str_eq_nocase(encoding, STR("application/xhtml+xml")));
}

/* The depth behind the end tag of an SVG or MathML element: nothing ends where none of the kind is open. */
static size_t depth_behind(const struct html *h, enum html_tag tag)
{
	for (size_t d = h->depth; d > 0; d--)
		if (h->foreign[d - 1].tag == tag)
			return d - 1;
	return h->depth;
}

/* Into and out of SVG and MathML. */
static void follow_foreign(struct html *h, const struct html_token *t)
{
	bool start = t->kind == HTML_START, closed = str_ends(t->attrs, STR("/"));
	bool root = t->tag == HTML_SVG || t->tag == HTML_MATH, foreign = is_foreign(h) && h->depth > 0;
	struct html_foreign *now = h->depth > 0 ? &h->foreign[h->depth - 1] : NULL;

	if (root && start && !closed && h->depth < HTML_FOREIGN_MAX)
		h->foreign[h->depth++] =
		    (struct html_foreign){ t->tag, foreign ? now->root : t->tag, STR_NONE };
	else if (root && !start)
		h->depth = depth_behind(h, t->tag);
	else if (foreign && is_breakout(t))
		while (h->depth > 0 && is_foreign(h))
			h->depth--;
	else if (foreign && start && !closed && is_island(now->root, t))
		now->island = t->name;
	else if (now && !start && now->island.n && str_eq_nocase(t->name, now->island))
		now->island = STR_NONE;
}

static bool has_references(enum html_tag tag)
{
	return !is_raw(tag) || tag == HTML_TITLE || tag == HTML_TEXTAREA;
}

bool html_attr_next(struct str *attrs, struct html_attr *out)
{
	struct str s = *attrs;
	size_t i = 0, from;

	while (i < s.n && (is_space(s.p[i]) || s.p[i] == '/'))
		i++;
	if (i == s.n || s.p[i] == '>')
		return false;
	from = i++; /* whatever stands first belongs to the name, "=" too */
	while (i < s.n && !ends_name(s.p[i]) && s.p[i] != '=')
		i++;
	out->name = str_sub(s, from, i);
	out->value = (struct str){ s.p + i, 0 };
	size_t behind_name = i;
	while (i < s.n && is_space(s.p[i]))
		i++;
	if (i == s.n || s.p[i] != '=') {
		*attrs = str_sub(s, behind_name, s.n);
		return true;
	}
	for (i++; i < s.n && is_space(s.p[i]);)
		i++;
	if (i < s.n && (s.p[i] == '"' || s.p[i] == '\'')) {
		size_t close = str_find_char(s, s.p[i], i + 1);
		out->value = str_sub(s, i + 1, close);
		i = close == SIZE_MAX ? s.n : close + 1;
	} else {
		for (from = i; i < s.n && !is_space(s.p[i]) && s.p[i] != '>';)
			i++;
		out->value = str_sub(s, from, i);
	}
	*attrs = str_sub(s, i, s.n);
	return true;
}

struct str html_attr(const struct html_token *t, struct str name)
{
	struct str attrs = t->attrs;
	struct html_attr at;

	while (html_attr_next(&attrs, &at))
		if (str_eq_nocase(at.name, name))
			return at.value;
	return STR_NONE;
}

/* A start or end tag whose name begins at `name`. One that never closes is given, with all behind it as its attributes. */
static void read_tag(struct html *h, size_t name, bool end, struct html_token *out)
{
	size_t i = name;
	struct str attrs;
	struct html_attr ignored;

	while (i < h->s.n && !ends_name(h->s.p[i]))
		i++;
	out->kind = end ? HTML_END : HTML_START;
	out->name = str_sub(h->s, name, i);
	out->tag = h->xml ? HTML_OTHER : tag_of(out->name);
	attrs = str_sub(h->s, i, h->s.n);
	while (html_attr_next(&attrs, &ignored))
		;
	size_t slash = 0; /* html_attr_next stops before white space, slashes and ">" */
	while (slash < attrs.n && attrs.p[slash] != '>')
		slash++;
	size_t close = (size_t)(attrs.p - h->s.p) + slash;
	out->attrs = str_sub(h->s, i, close);
	h->at = close < h->s.n ? close + 1 : h->s.n;
	if (!end && close < h->s.n && is_raw(out->tag) && !is_foreign(h) && !h->bare) {
		h->raw = out->tag;
		h->raw_name = out->name;
	}
	follow_foreign(h, out);
}

/* Up to `close`, or to the end. */
static void read_until(struct html *h, enum html_kind kind, size_t from, struct str close,
		       struct html_token *out)
{
	size_t end = str_find(h->s, close, from);

	out->kind = kind;
	out->text = str_sub(h->s, from, end);
	h->at = end == SIZE_MAX ? h->s.n : end + close.n;
}

static void read_comment(struct html *h, size_t from, struct html_token *out)
{
	struct str rest = str_sub(h->s, from, h->s.n);

	if (h->bare) {
		out->kind = HTML_COMMENT;
		h->at = from;
		return;
	}
	if (str_starts(rest, STR(">")) || str_starts(rest, STR("->"))) {
		out->kind = HTML_COMMENT;
		h->at = from + (rest.p[0] == '>' ? 1 : 2);
		return;
	}
	/* "--!>" ends it as well; whichever comes first. */
	for (size_t i = from; (i = str_find(h->s, STR("--"), i)) != SIZE_MAX; i++) {
		struct str behind = str_sub(h->s, i + 2, i + 4);
		if (!str_starts(behind, STR(">")) && !str_eq(behind, STR("!>")))
			continue;
		out->kind = HTML_COMMENT;
		out->text = str_sub(h->s, from, i);
		h->at = i + (behind.p[0] == '>' ? 3 : 4);
		return;
	}
	out->kind = HTML_COMMENT;
	out->text = rest;
	h->at = h->s.n;
}

/* What begins with the "<" at h->at; false when that is only text. */
static bool read_markup(struct html *h, struct html_token *out)
{
	size_t at = h->at;
	char c = at + 1 < h->s.n ? h->s.p[at + 1] : 0, d = at + 2 < h->s.n ? h->s.p[at + 2] : 0;

	if (abnf_is_alpha((unsigned char)c))
		read_tag(h, at + 1, false, out);
	else if (c == '/' && abnf_is_alpha((unsigned char)d))
		read_tag(h, at + 2, true, out);
	else if (c == '!' && str_starts(str_sub(h->s, at + 2, at + 4), STR("--")))
		read_comment(h, at + 4, out);
	else if (is_foreign(h) && str_starts(str_sub(h->s, at, h->s.n), STR("<![CDATA[")))
		read_until(h, HTML_TEXT, at + 9, STR("]]>"), out);
	else if (c == '!')
		read_until(h, HTML_DECLARATION, at + 2, STR(">"), out);
	else if (c == '?')
		read_until(h, HTML_COMMENT, at + 1, STR(">"), out);
	else if (c == '/' && d)
		read_until(h, HTML_COMMENT, at + 2, STR(">"), out);
	else
		return false;
	return true;
}

/* Whether a tag of this name, to its end, begins here. */
static bool is_tag(struct str behind_mark, struct str name)
{
	return str_starts_nocase(behind_mark, name) && behind_mark.n > name.n &&
	       ends_name(behind_mark.p[name.n]);
}

static bool is_raw_end(const struct html *h, size_t at)
{
	return str_starts(str_sub(h->s, at, at + 2), STR("</")) &&
	       is_tag(str_sub(h->s, at + 2, h->s.n), h->raw_name);
}

/*
 * Where a script ends (WHATWG HTML §13.2.5.4, §13.2.5.18 and on): from "<!--" to "-->", a start tag of another script makes
 * the next end tag one that belongs to it. "<!-->" is both.
 */
static size_t script_end(const struct html *h)
{
	bool escaped = false, inner = false;

	for (size_t at = h->at; at < h->s.n; at++) {
		char c = h->s.p[at];
		if (c == '>' && escaped && str_eq(str_sub(h->s, at - 2, at), STR("--"))) {
			escaped = inner = false;
		} else if (c != '<') {
			continue;
		} else if (!escaped && str_starts(str_sub(h->s, at, at + 4), STR("<!--"))) {
			escaped = true;
			at += 3;
		} else if (is_raw_end(h, at)) {
			if (!inner)
				return at;
			inner = false;
		} else {
			inner |= escaped && is_tag(str_sub(h->s, at + 1, h->s.n), h->raw_name);
		}
	}
	return SIZE_MAX;
}

static size_t raw_end(const struct html *h)
{
	size_t end = h->at;

	if (h->raw == HTML_PLAINTEXT)
		return SIZE_MAX;
	if (h->raw == HTML_SCRIPT)
		return script_end(h);
	while ((end = str_find(h->s, STR("</"), end)) != SIZE_MAX && !is_raw_end(h, end))
		end++;
	return end;
}

static void read_raw(struct html *h, struct html_token *out)
{
	out->kind = HTML_TEXT;
	out->tag = h->raw;
	out->text = str_sub(h->s, h->at, raw_end(h));
	out->references = has_references(h->raw);
	h->at += out->text.n;
	h->raw = HTML_OTHER;
}

static void read_text(struct html *h, struct html_token *out)
{
	size_t from = h->at, i = from;

	for (; (i = str_find_char(h->s, '<', i)) != SIZE_MAX; i++) {
		char c = i + 1 < h->s.n ? h->s.p[i + 1] : 0;
		if (i > from && (abnf_is_alpha((unsigned char)c) || c == '/' || c == '!' || c == '?'))
			break;
	}
	out->kind = HTML_TEXT;
	out->text = str_sub(h->s, from, i);
	out->references = true;
	h->at = from + out->text.n;
}

bool html_next(struct html *h, struct html_token *out)
{
	if (h->at >= h->s.n)
		return false;
	*out = (struct html_token){ .start = h->at };
	if (h->raw)
		read_raw(h, out);
	else if (h->s.p[h->at] != '<' || !read_markup(h, out))
		read_text(h, out);
	out->end = h->at;
	return true;
}
