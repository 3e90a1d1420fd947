/*
 * From tokens to a document. The elements open are a stack as in html/text.c; each knows what was written for it, if
 * anything. What an end tag or a new element closes on the way and browsers would open again (bold over the end of a
 * paragraph), is opened again before the next text.
 */
#include "preview/clean_internal.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "html/element.h"
#include "html/entity.h"
#include "url/data.h"
#include "url/url.h"

#define WORD_BYTES 1000 /* longer words are parted: an engine measures each as one */
#define AGAIN_MAX 8     /* elements opened again at one place */
#define ALT_BYTES 200

enum use {
	USE_KEEP, /* as the element named, or as itself */
	USE_PASS, /* nothing for the tag, all for what is inside */
	USE_MUTE, /* nothing for what is inside, either */
	USE_TABLE,
	USE_PART, /* of a table */
	USE_IMAGE,
	USE_INPUT,
	USE_BUTTON,
	USE_SELECT,
	USE_OPTION,
	USE_BODY,
	USE_VOID, /* written without an end */
};

struct row {
	enum use use;
	const char *as; /* NULL = its own name */
};

static const struct row rows[HTML_TAG_COUNT] = {
	[HTML_AREA] = { USE_PASS, NULL },       [HTML_ARTICLE] = { USE_KEEP, "div" },
	[HTML_ASIDE] = { USE_KEEP, "div" },     [HTML_AUDIO] = { USE_MUTE, NULL },
	[HTML_BASE] = { USE_PASS, NULL },       [HTML_BODY] = { USE_BODY, NULL },
	[HTML_BR] = { USE_VOID, NULL },         [HTML_BUTTON] = { USE_BUTTON, "span" },
	[HTML_CAPTION] = { USE_PART, NULL },    [HTML_COL] = { USE_PASS, NULL },
	[HTML_EMBED] = { USE_PASS, NULL },      [HTML_FIELDSET] = { USE_KEEP, "div" },
	[HTML_FOOTER] = { USE_KEEP, "div" },    [HTML_FORM] = { USE_KEEP, "div" },
	[HTML_FRAME] = { USE_PASS, NULL },      [HTML_HEAD] = { USE_PASS, NULL },
	[HTML_HEADER] = { USE_KEEP, "div" },    [HTML_HR] = { USE_VOID, NULL },
	[HTML_HTML] = { USE_PASS, NULL },       [HTML_IFRAME] = { USE_PASS, NULL },
	[HTML_IMG] = { USE_IMAGE, NULL },       [HTML_INPUT] = { USE_INPUT, NULL },
	[HTML_LINK] = { USE_PASS, NULL },       [HTML_MAIN] = { USE_KEEP, "div" },
	[HTML_MAP] = { USE_PASS, NULL },        [HTML_MATH] = { USE_PASS, NULL },
	[HTML_META] = { USE_PASS, NULL },       [HTML_NAV] = { USE_KEEP, "div" },
	[HTML_NOEMBED] = { USE_PASS, NULL },    [HTML_NOFRAMES] = { USE_PASS, NULL },
	[HTML_NOSCRIPT] = { USE_PASS, NULL },   [HTML_OBJECT] = { USE_PASS, NULL },
	[HTML_OPTION] = { USE_OPTION, NULL },   [HTML_PARAM] = { USE_PASS, NULL },
	[HTML_PLAINTEXT] = { USE_KEEP, "pre" }, [HTML_SCRIPT] = { USE_PASS, NULL },
	[HTML_SECTION] = { USE_KEEP, "div" },   [HTML_SELECT] = { USE_SELECT, "span" },
	[HTML_SOURCE] = { USE_PASS, NULL },     [HTML_STYLE] = { USE_PASS, NULL },
	[HTML_SVG] = { USE_MUTE, NULL },        [HTML_TABLE] = { USE_TABLE, NULL },
	[HTML_TBODY] = { USE_PART, NULL },      [HTML_TD] = { USE_PART, NULL },
	[HTML_TEMPLATE] = { USE_MUTE, NULL },   [HTML_TEXTAREA] = { USE_SELECT, "span" },
	[HTML_TFOOT] = { USE_PART, NULL },      [HTML_TH] = { USE_PART, NULL },
	[HTML_THEAD] = { USE_PART, NULL },      [HTML_TITLE] = { USE_PASS, NULL },
	[HTML_TR] = { USE_PART, NULL },         [HTML_TRACK] = { USE_PASS, NULL },
	[HTML_VIDEO] = { USE_MUTE, NULL },      [HTML_WBR] = { USE_PASS, NULL },
	[HTML_XML] = { USE_MUTE, NULL },        [HTML_XMP] = { USE_KEEP, "pre" },
	[HTML_OTHER] = { USE_PASS, NULL },
};

/* Elements that html/token.h has no number for. */
static const struct {
	struct str name;
	const char *as;
} others[] = {
	{ STR_INIT("abbr"), "span" },   { STR_INIT("acronym"), "span" }, { STR_INIT("cite"), "i" },
	{ STR_INIT("del"), "s" },       { STR_INIT("dfn"), "i" },        { STR_INIT("figure"), "div" },
	{ STR_INIT("ins"), "u" },       { STR_INIT("kbd"), "tt" },       { STR_INIT("label"), "span" },
	{ STR_INIT("mark"), "span" },   { STR_INIT("nobr"), "span" },    { STR_INIT("samp"), "tt" },
	{ STR_INIT("sub"), "sub" },     { STR_INIT("sup"), "sup" },      { STR_INIT("var"), "i" },
	{ STR_INIT("menu"), "ul" },     { STR_INIT("dir"), "ul" },       { STR_INIT("legend"), "div" },
	{ STR_INIT("details"), "div" }, { STR_INIT("summary"), "div" },  { STR_INIT("figcaption"), "div" },
	{ STR_INIT("q"), "span" },      { STR_INIT("bdo"), "span" },     { STR_INIT("bdi"), "span" },
	{ STR_INIT("time"), "span" },   { STR_INIT("data"), "span" },    { STR_INIT("hgroup"), "div" },
};

struct frame {
	enum html_tag tag;
	struct str name;
	const char *as;         /* what was written; NULL = nothing */
	struct html_token from; /* of what is opened again */
	bool mute, table, scope, reversed;
	int outer_padding;
	bool outer_middle;
	bool flat, outer_flat; /* of a table: its parts are blocks; so are those of the one around it */
};

struct writer {
	struct clean *c;
	size_t depth, written; /* frames; those of them that wrote something */
	size_t mute, tables, scopes, selects, options;
	bool flat; /* parts that come now are blocks */
	struct {
		unsigned char *v; /* of each table in order: 1 when a row of it has more than one cell */
		size_t n;
	} wide;
	size_t seen;    /* tables so far */
	size_t deepest; /* tables in each other */
	size_t word;    /* bytes since the last place to break */
	bool line;      /* something stands on the line that is being written */
	bool broken;    /* a break ended it that is not written yet */
	bool reversed;  /* letters stand from right to left now, whatever they are */
	unsigned open[HTML_TAG_COUNT], skipped[HTML_TAG_COUNT];
	struct {
		struct html_token from;
		size_t scopes; /* open when it was closed: it comes again only there */
	} again[AGAIN_MAX];
	size_t again_n;
	struct frame stack[LIMIT_HTML_DEPTH];
};

static bool is_formatting(const struct frame *f)
{
	static const unsigned char tags[HTML_TAG_COUNT] = {
		[HTML_B] = 1,  [HTML_BIG] = 1, [HTML_CODE] = 1,  [HTML_EM] = 1,     [HTML_FONT] = 1,
		[HTML_I] = 1,  [HTML_S] = 1,   [HTML_SMALL] = 1, [HTML_STRIKE] = 1, [HTML_STRONG] = 1,
		[HTML_TT] = 1, [HTML_U] = 1,   [HTML_A] = 1,
	};

	return tags[f->tag];
}

/* ---- the stack ---- */

static struct str name_of(const struct writer *w, const struct html_token *t)
{
	(void)w;
	return t->tag == HTML_OTHER ? STR_NONE : enum_text(&html_tag_names, (int)t->tag);
}

static bool may_write(struct writer *w)
{
	struct clean *c = w->c;

	if (w->mute)
		return false;
	if (c->elements >= CLEAN_ELEMENTS || c->body.n > CLEAN_OUT / 2) {
		c->cut |= CLEAN_CUT_ELEMENTS;
		return false;
	}
	if (w->written >= CLEAN_DEPTH) {
		c->cut |= CLEAN_CUT_DEPTH;
		return false;
	}
	return true;
}

static bool is_block(enum html_tag tag)
{
	return html_role(tag) != HTML_ROLE_INLINE && tag != HTML_OTHER;
}

/* Whether an element turns all that is inside: <bdo dir=rtl>, or by its style. */
static bool is_reversing(const struct html_token *t)
{
	struct str style = str_sub(html_attr(t, STR("style")), 0, ATTR_BYTES);

	if (t->tag == HTML_OTHER && str_eq_nocase(t->name, STR("bdo")))
		return str_eq_nocase(html_attr(t, STR("dir")), STR("rtl"));
	return str_find_nocase(style, STR("bidi-override"), 0) != SIZE_MAX &&
	       str_find_nocase(style, STR("rtl"), 0) != SIZE_MAX;
}

/*
 * The engine takes a break for the start of another line, browsers for the end of one: it is written when something comes
 * behind it in the same block.
 */
static void write_break(struct writer *w)
{
	if (w->broken && !w->mute)
		buf_add_c(&w->c->body, "<br>");
	w->broken = false;
}

static void end_line(struct writer *w)
{
	w->line = w->broken = false;
}

/* Each line that has nothing in it gets something that is not seen. */
static void break_line(struct writer *w)
{
	if (w->broken || !w->line) {
		write_break(w);
		buf_add_c(&w->c->body, "&#8203;");
	}
	w->line = w->broken = true;
}

/* Writes the start of an element and remembers it. as: NULL = nothing is written. */
static void push(struct writer *w, const struct html_token *t, const char *as, bool as_block,
		 const char *class)
{
	struct clean *c = w->c;

	if (w->depth == LIMIT_HTML_DEPTH) {
		c->cut |= CLEAN_CUT_DEPTH;
		w->skipped[t->tag]++;
		return;
	}
	struct frame *f = &w->stack[w->depth];
	*f = (struct frame){ .tag = t->tag, .name = t->name, .from = *t, .scope = html_is_scope(t->tag) };
	f->reversed = is_reversing(t);
	f->outer_middle = c->middle;
	w->reversed = (w->reversed && !is_block(t->tag)) || f->reversed;
	if (as && may_write(w)) {
		f->as = as;
		if (as_block || is_block(t->tag))
			end_line(w);
		write_break(w);
		buf_add_char(&c->body, '<');
		buf_add_c(&c->body, as);
		clean_attributes(w->c, t, &c->body, as_block, class);
		buf_add_char(&c->body, '>');
		c->elements++;
		w->written++;
		w->word = 0;
	} else if (as && !w->mute) {
		buf_add_char(&c->body, ' '); /* what stood apart still does */
	}
	w->depth++;
	w->scopes += f->scope;
	w->open[t->tag]++;
}

static struct frame *top(struct writer *w)
{
	return &w->stack[w->depth - 1];
}

/* Closes frames down to the depth. Formatting that was closed on the way, not the last one, comes again. */
static void pop_to(struct writer *w, size_t depth)
{
	struct html_token closed[AGAIN_MAX];
	size_t n = 0, keep = 0;

	while (w->depth > depth) {
		struct frame *f = &w->stack[--w->depth];
		if (f->as) {
			buf_add_c(&w->c->body, "</");
			buf_add_c(&w->c->body, f->as);
			buf_add_char(&w->c->body, '>');
			w->written--;
			w->word = 0;
			if (is_block(f->tag))
				end_line(w);
		}
		w->open[f->tag]--;
		w->reversed &= !is_block(f->tag) && !f->reversed;
		w->mute -= f->mute;
		w->c->middle = f->outer_middle;
		w->tables -= f->table && !f->flat;
		if (f->table)
			w->flat = f->outer_flat;
		if (f->table)
			w->c->cell_padding = f->outer_padding;
		w->scopes -= f->scope;
		if (f->tag == HTML_SELECT)
			w->selects--;
		if (f->scope)
			n = 0; /* what was open in a cell ends with it */
		else if (w->depth > depth && is_formatting(f) && n < AGAIN_MAX)
			closed[n++] = f->from;
	}
	for (size_t i = 0; i < w->again_n; i++)
		if (w->again[i].scopes <= w->scopes)
			w->again[keep++] = w->again[i];
	w->again_n = keep;
	for (; n > 0 && w->again_n < AGAIN_MAX; n--) {
		w->again[w->again_n].from = closed[n - 1];
		w->again[w->again_n++].scopes = w->scopes;
	}
}

/* Opens again what browsers would. */
static void reopen(struct writer *w)
{
	size_t keep = 0, n = w->again_n;

	if (n == 0 || w->mute)
		return;
	struct html_token tokens[AGAIN_MAX];
	size_t now = 0;
	for (size_t i = 0; i < n; i++) {
		if (w->again[i].scopes == w->scopes)
			tokens[now++] = w->again[i].from;
		else
			w->again[keep++] = w->again[i];
	}
	w->again_n = keep;
	for (size_t i = 0; i < now; i++)
		push(w, &tokens[i], name_of(w, &tokens[i]).p, false, NULL);
}

static void end_implied(struct writer *w, enum html_tag opens)
{
	enum html_tag closes, within;

	for (size_t i = 0; html_implied_end(opens, i, &closes, &within); i++) {
		for (size_t d = w->open[closes] ? w->depth : 0; d > 0; d--) {
			enum html_tag tag = w->stack[d - 1].tag;
			if (tag == closes) {
				pop_to(w, d - 1);
				break;
			}
			bool list = closes == HTML_LI && (tag == HTML_UL || tag == HTML_OL);
			if (tag == within || tag == HTML_TABLE || list ||
			    (within == HTML_OTHER && html_is_scope(tag)))
				break;
		}
	}
}

/* ---- text ---- */

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_space(s.p[i]))
			return false;
	return true;
}

/*
 * What stands between a mark for the other direction and the end of its paragraph is turned; the engine looks at one text at
 * a time, so each of them gets the mark.
 */
static void put_mark(struct writer *w, struct str s, bool references)
{
	static const struct str turn = STR_INIT("\xe2\x80\xae");
	static const struct str ends[] = { STR_INIT("\xe2\x80\xac"), STR_INIT("\xe2\x80\xad") };
	struct str plain = references && str_find(s, STR("&#"), 0) != SIZE_MAX ? html_decode(w->c->a, s) : s;

	if (w->reversed && !is_blank(s))
		buf_add(&w->c->body, turn);
	for (size_t i = str_find_char(plain, '\xe2', 0); i < plain.n;
	     i = str_find_char(plain, '\xe2', i + 1)) {
		struct str rest = str_sub(plain, i, i + turn.n);
		w->reversed =
		    str_eq(rest, turn) || (w->reversed && !str_eq(rest, ends[0]) && !str_eq(rest, ends[1]));
	}
}

/* Escaped, without control characters, in words of a length that can be measured. */
static void put_text(struct writer *w, struct str s, bool references)
{
	struct clean *c = w->c;
	struct buf *b = &c->body;

	if (w->mute || (w->selects && w->options != 1))
		return;
	if (c->text_n + s.n > CLEAN_TEXT) {
		c->cut |= CLEAN_CUT_TEXT;
		s = utf8_cut(s, CLEAN_TEXT - c->text_n);
	}
	c->text_n += s.n;
	if (!is_blank(s)) {
		reopen(w);
		write_break(w);
		w->line = true;
	}
	put_mark(w, s, references);
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];
		const char *as = NULL;

		w->word = ascii_is_space((char)ch) ? 0 : w->word + 1;
		if (w->word > WORD_BYTES && (ch & 0xc0) != 0x80 && ch != '&') {
			buf_add(b, str_sub(s, from, i));
			buf_add_char(b, ' ');
			from = i;
			w->word = 1;
		}
		if (ch == '<')
			as = "&lt;";
		else if (ch == '>')
			as = "&gt;";
		else if (ch == '&' && !references)
			as = "&amp;";
		else if ((ch < ' ' && !ascii_is_space((char)ch)) || ch == 0x7f || ch == '\f' || ch == '\v')
			as = "";
		if (!as)
			continue;
		buf_add(b, str_sub(s, from, i));
		buf_add_c(b, as);
		from = i + 1;
	}
	buf_add(b, str_sub(s, from, s.n));
}

static void text(struct writer *w, const struct html_token *t)
{
	struct clean *c = w->c;

	if (t->tag == HTML_STYLE) {
		if (!w->mute)
			ARENA_PUSH(c->a, &c->sheets, t->text);
	} else if (t->tag != HTML_SCRIPT && t->tag != HTML_TITLE && t->tag != HTML_IFRAME &&
		   t->tag != HTML_NOEMBED && t->tag != HTML_NOFRAMES) {
		put_text(w, t->text, t->references);
	}
}

/* ---- elements ---- */

/* A box with a text in it, as a form field shows it. */
static void put_box(struct writer *w, const struct html_token *t, const char *class, struct str inside)
{
	struct clean *c = w->c;

	reopen(w);
	if (!may_write(w))
		return;
	write_break(w);
	buf_add_c(&c->body, "<span");
	clean_attributes(w->c, t, &c->body, false, class);
	buf_add_c(&c->body, ">");
	clean_escaped(&c->body, utf8_cut(inside, ALT_BYTES));
	buf_add_c(&c->body, inside.n ? "</span>" : "&nbsp;</span>");
	c->elements++;
	w->word = 0;
	w->line = true;
}

static void put_image(struct writer *w, const struct html_token *t, struct str src)
{
	struct clean *c = w->c;
	struct clean_image as = { .width = clean_pixels(html_attr(t, STR("width"))),
				  .height = clean_pixels(html_attr(t, STR("height"))) };

	if (w->mute)
		return;
	as.src = str_trim(html_decode(c->a, src));
	as.alt = utf8_cut(str_trim(html_decode(c->a, str_sub(html_attr(t, STR("alt")), 0, ATTR_BYTES))),
			  ALT_BYTES);
	size_t image = clean_image(c, as);
	if (image == SIZE_MAX || !may_write(w))
		return;
	reopen(w);
	write_break(w);
	buf_printf(&c->body, "<img src=\"%zu\"", image);
	clean_attributes(w->c, t, &c->body, false, NULL);
	buf_add_char(&c->body, '>');
	c->elements++;
	w->word = 0;
	w->line = true;
}

static void put_input(struct writer *w, const struct html_token *t)
{
	struct arena *a = w->c->a;
	struct str type = html_attr(t, STR("type")), value = html_attr(t, STR("value"));

	if (str_eq_nocase(type, STR("hidden")) || w->mute)
		return;
	value = html_decode(a, str_sub(value, 0, ATTR_BYTES));
	if (str_eq_nocase(type, STR("image"))) {
		put_image(w, t, html_attr(t, STR("src")));
	} else if (str_eq_nocase(type, STR("submit")) || str_eq_nocase(type, STR("button")) ||
		   str_eq_nocase(type, STR("reset"))) {
		put_box(w, t, "pv-button", value.n ? value : STR("Submit"));
	} else if (str_eq_nocase(type, STR("checkbox")) || str_eq_nocase(type, STR("radio"))) {
		put_box(w, t, "pv-check", STR_NONE);
	} else if (str_eq_nocase(type, STR("password"))) {
		struct str hint = html_decode(a, str_sub(html_attr(t, STR("placeholder")), 0, ATTR_BYTES));
		put_box(w, t, "pv-field",
			value.n ? STR("\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2") : hint);
	} else {
		struct str hint = html_decode(a, str_sub(html_attr(t, STR("placeholder")), 0, ATTR_BYTES));
		put_box(w, t, "pv-field", value.n ? value : hint);
	}
}

static const char *other_as(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_eq_nocase(name, others[i].name))
			return others[i].as;
	return NULL;
}

/* What a table says of its own width and borders. */
static bool is_wrapper(const struct html_token *t, bool *narrow_out)
{
	struct str width = html_attr(t, STR("width")), style = html_attr(t, STR("style"));
	struct str padding = html_attr(t, STR("cellpadding")), border = html_attr(t, STR("border"));

	*narrow_out = str_find_nocase(style, STR("max-width"), 0) != SIZE_MAX;
	if (clean_pixels(padding) > 0 || clean_pixels(border) > 0)
		return false;
	return str_eq(width, STR("100%")) || str_find_nocase(style, STR("width:100%"), 0) != SIZE_MAX ||
	       str_find_nocase(style, STR("width: 100%"), 0) != SIZE_MAX;
}

/*
 * A table of one column that is as wide as it may be is a block: as such it costs no depth, and its greatest width, which
 * the engine does not know of tables, holds.
 */
static void start_table(struct writer *w, const struct html_token *t)
{
	bool wide = w->seen >= w->wide.n || w->wide.v[w->seen], narrow;
	bool wrapper = is_wrapper(t, &narrow) && !wide && (narrow || w->deepest > CLEAN_TABLES);
	bool flat = w->c->flat || wrapper || w->tables >= CLEAN_TABLES;
	size_t before = w->depth;

	w->seen++;
	if (flat && !wrapper && !w->c->flat)
		w->c->cut |= CLEAN_CUT_TABLES;
	push(w, t, flat ? "div" : "table", flat, wrapper && narrow ? "pv-narrow" : NULL);
	if (w->depth > before) {
		top(w)->table = true;
		top(w)->flat = flat;
		top(w)->outer_flat = w->flat;
		top(w)->outer_padding = w->c->cell_padding;
		w->c->cell_padding = clean_pixels(html_attr(t, STR("cellpadding")));
		w->flat = flat;
		w->tables += !flat;
	}
}

/* Rows and cells of a table that is none any more are blocks; their groups are nothing. */
static void start_part(struct writer *w, const struct html_token *t)
{
	bool flat = w->c->flat || w->flat;
	bool group = t->tag == HTML_TBODY || t->tag == HTML_THEAD || t->tag == HTML_TFOOT;

	push(w, t, !flat ? name_of(w, t).p : group ? NULL : "div", flat, NULL);
}

/* Looks at all tables beforehand. */
static void survey_tables(struct writer *w, struct html h)
{
	size_t open[LIMIT_HTML_DEPTH], cells[LIMIT_HTML_DEPTH], depth = 0;
	struct html_token t;

	while (html_next(&h, &t)) {
		if (t.kind == HTML_END && t.tag == HTML_TABLE && depth > 0)
			depth--;
		if (t.kind != HTML_START)
			continue;
		if (t.tag == HTML_TABLE) {
			if (depth < LIMIT_HTML_DEPTH) {
				open[depth] = w->wide.n;
				cells[depth++] = 0;
			}
			if (depth > w->deepest)
				w->deepest = depth;
			ARENA_PUSH(w->c->a, &w->wide, 0);
		} else if (depth > 0 && t.tag == HTML_TR) {
			cells[depth - 1] = 0;
		} else if (depth > 0 && (t.tag == HTML_TD || t.tag == HTML_TH) && ++cells[depth - 1] > 1) {
			w->wide.v[open[depth - 1]] = 1;
		}
	}
}

static void start_tag(struct writer *w, const struct html_token *t)
{
	const struct row *row = &rows[t->tag];
	const char *as = t->tag == HTML_OTHER ? other_as(t->name) : row->as ? row->as : name_of(w, t).p;
	enum html_role role = html_role(t->tag);
	size_t before = w->depth;

	end_implied(w, t->tag);
	switch (row->use) {
	case USE_KEEP:
		if (role == HTML_ROLE_INLINE)
			reopen(w);
		push(w, t, as, false, NULL);
		break;
	case USE_PASS:
		if (t->tag == HTML_OTHER)
			push(w, t, as, false, NULL);
		else if (role != HTML_ROLE_VOID && t->tag != HTML_HTML && t->tag != HTML_HEAD)
			push(w, t, NULL, false, NULL);
		break;
	case USE_MUTE:
		push(w, t, NULL, false, NULL);
		if (w->depth > before) {
			top(w)->mute = true;
			w->mute++;
		}
		break;
	case USE_TABLE:
		start_table(w, t);
		break;
	case USE_PART:
		start_part(w, t);
		break;
	case USE_IMAGE:
		put_image(w, t, html_attr(t, STR("src")));
		break;
	case USE_INPUT:
		put_input(w, t);
		break;
	case USE_BUTTON:
		reopen(w);
		push(w, t, as, false, "pv-button");
		break;
	case USE_SELECT:
		reopen(w);
		push(w, t, as, false, "pv-field");
		if (t->tag == HTML_SELECT && w->depth > before) {
			w->selects++;
			w->options = 0;
		}
		break;
	case USE_OPTION:
		w->options++; /* the first one is shown */
		break;
	case USE_BODY:
		if (w->c->attrs.n == 0 && !w->mute)
			clean_attributes(w->c, t, &w->c->attrs, false, NULL);
		break;
	case USE_VOID:
		if (t->tag == HTML_BR)
			reopen(w);
		if (!may_write(w)) {
			if (!w->mute)
				buf_add_char(&w->c->body, ' ');
			break;
		}
		if (t->tag == HTML_BR) {
			break_line(w);
		} else {
			end_line(w);
			buf_add_char(&w->c->body, '<');
			buf_add_c(&w->c->body, as);
			clean_attributes(w->c, t, &w->c->body, false, NULL);
			buf_add_char(&w->c->body, '>');
		}
		w->c->elements++;
		w->word = 0;
		w->reversed = false;
		break;
	}
}

/* The frame that an end tag ends: its depth + 1, 0 = none. */
static size_t frame_to_end(const struct writer *w, const struct html_token *t)
{
	size_t looked = 0;

	for (size_t d = w->open[t->tag] ? w->depth : 0; d > 0; d--) {
		const struct frame *f = &w->stack[d - 1];
		if (f->tag == t->tag && (t->tag != HTML_OTHER || str_eq_nocase(f->name, t->name)))
			return d;
		if (!html_closes_through(t->tag, f->tag) || (t->tag == HTML_OTHER && ++looked == 16))
			return 0;
	}
	return 0;
}

static void end_tag(struct writer *w, const struct html_token *t)
{
	if (t->tag == HTML_BODY || t->tag == HTML_HTML)
		return;
	if (t->tag == HTML_BR) {
		start_tag(w, t);
		return;
	}
	if (w->skipped[t->tag]) {
		w->skipped[t->tag]--;
		return;
	}
	for (size_t i = w->again_n; i > 0; i--) {
		if (w->again[i - 1].from.tag != t->tag || w->again[i - 1].scopes != w->scopes)
			continue;
		memmove(&w->again[i - 1], &w->again[i], (w->again_n - i) * sizeof(w->again[0]));
		w->again_n--;
		return;
	}
	size_t d = frame_to_end(w, t);
	if (d)
		pop_to(w, d - 1);
}

/* A tag that may not stand in a drawing ended it. */
static void leave_foreign(struct writer *w, size_t n)
{
	for (size_t d = w->depth; n > 0 && d > 0 && w->stack[d - 1].tag != HTML_TEMPLATE; d--) {
		if (w->stack[d - 1].tag != HTML_SVG && w->stack[d - 1].tag != HTML_MATH)
			continue;
		pop_to(w, d - 1);
		n--;
	}
}

/* ---- the whole ---- */

void clean_begin(struct clean *c, struct arena *a, bool flat)
{
	*c = (struct clean){ .a = a, .flat = flat, .cell_padding = -1 };
	buf_init(&c->body, CLEAN_OUT);
	buf_init(&c->attrs, 4 * ATTR_BYTES);
	buf_init(&c->css, CLEAN_OUT + (1u << 20));
}

void clean_end(struct clean *c)
{
	buf_free(&c->body);
	buf_free(&c->attrs);
	buf_free(&c->css);
}

static void part_from_last(struct clean *c)
{
	if (c->begun)
		buf_add_c(&c->body, "<hr class=\"pv-part\">");
	c->begun = true;
}

void clean_add_html(struct clean *c, struct str document)
{
	struct writer *w = ARENA_NEW(c->a, struct writer);
	struct html h;
	struct html_token t;

	if (document.n > CLEAN_HTML)
		c->cut |= CLEAN_CUT_TEXT;
	h = html_of(utf8_cut(document, CLEAN_HTML));
	part_from_last(c);
	w->c = c;
	w->options = 1;
	survey_tables(w, h);
	for (size_t foreign = 0; html_next(&h, &t); foreign = h.depth) {
		if (h.depth < foreign && t.tag != HTML_SVG && t.tag != HTML_MATH)
			leave_foreign(w, foreign - h.depth);
		if (t.kind == HTML_TEXT)
			text(w, &t);
		else if (t.kind == HTML_START)
			start_tag(w, &t);
		else if (t.kind == HTML_END)
			end_tag(w, &t);
	}
	w->again_n = 0;
	pop_to(w, 0);
}

void clean_add_plain(struct clean *c, struct str s)
{
	struct writer *w = ARENA_NEW(c->a, struct writer);

	part_from_last(c);
	w->c = c;
	buf_add_c(&c->body, "<div class=\"pv-plain\">");
	put_text(w, s, false);
	buf_add_c(&c->body, "</div>");
	c->elements++;
}

struct str clean_document(struct clean *c)
{
	struct buf *b = &c->css;

	buf_clear(b);
	buf_add_c(b, "<html><head><style>");
	for (size_t i = 0; i < c->sheets.n && !c->flat; i++)
		clean_sheet(c, c->sheets.v[i], b);
	buf_add_c(b, "</style></head><body");
	buf_add(b, buf_str(&c->attrs));
	buf_add_c(b, ">");
	buf_add(b, buf_str(&c->body));
	buf_add_c(b, "</body></html>");
	buf_add_char(b, '\0');
	return (struct str){ b->p, b->n ? b->n - 1 : 0 };
}
