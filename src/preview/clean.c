/* From tokens to a document: what becomes of each element. Writing it down is the work of preview/writer.c. */
#include "preview/clean_internal.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "html/entity.h"
#include "preview/writer.h"

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

/* What is known of a document that is read. */
struct reader {
	struct writer w;
	struct {
		unsigned char *v; /* of each table in order: 1 when a row of it has more than one cell */
		size_t n;
	} wide;
	size_t seen;    /* tables so far */
	size_t deepest; /* tables in each other */
	size_t options; /* of the list to choose from that is open */
};

static void text(struct reader *r, const struct html_token *t)
{
	struct writer *w = &r->w;
	struct clean *c = w->c;

	if (t->tag == HTML_STYLE) {
		if (!w->mute)
			ARENA_PUSH(c->a, &c->sheets, t->text);
	} else if (t->tag != HTML_SCRIPT && t->tag != HTML_TITLE && t->tag != HTML_IFRAME &&
		   t->tag != HTML_NOEMBED && t->tag != HTML_NOFRAMES &&
		   (!w->open[HTML_SELECT] || r->options == 1)) { /* the first one is shown */
		writer_text(w, t->text, t->references);
	}
}

/* ---- elements ---- */

/* A box with a text in it, as a form field shows it. */
static void put_box(struct writer *w, const struct html_token *t, const char *class, struct str inside)
{
	struct clean *c = w->c;

	writer_reopen(w);
	if (!writer_may_add(w))
		return;
	writer_inline(w);
	buf_add_c(&c->body, "<span");
	clean_attributes(w->c, t, &c->body, false, class);
	buf_add_c(&c->body, ">");
	clean_escaped(&c->body, utf8_cut(inside, ALT_BYTES));
	buf_add_c(&c->body, inside.n ? "</span>" : "&nbsp;</span>");
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
	if (image == SIZE_MAX || !writer_may_add(w))
		return;
	writer_reopen(w);
	writer_inline(w);
	buf_printf(&c->body, "<img src=\"%zu\"", image);
	clean_attributes(w->c, t, &c->body, false, NULL);
	buf_add_char(&c->body, '>');
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
static void start_table(struct reader *r, const struct html_token *t)
{
	struct writer *w = &r->w;
	bool wide = r->seen >= r->wide.n || r->wide.v[r->seen], narrow;
	bool wrapper = is_wrapper(t, &narrow) && !wide && (narrow || r->deepest > CLEAN_TABLES);
	bool flat = w->c->flat || wrapper || w->tables >= CLEAN_TABLES;
	size_t before = w->depth;

	r->seen++;
	if (flat && !wrapper && !w->c->flat)
		w->c->cut |= CLEAN_CUT_TABLES;
	writer_push(w, t, flat ? "div" : "table", flat, wrapper && narrow ? "pv-narrow" : NULL);
	if (w->depth > before) {
		writer_top(w)->table = true;
		writer_top(w)->flat = flat;
		writer_top(w)->outer_flat = w->flat;
		writer_top(w)->outer_padding = w->c->cell_padding;
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

	writer_push(w, t, !flat ? writer_name(t) : group ? NULL : "div", flat, NULL);
}

/* Looks at all tables beforehand. */
static void survey_tables(struct reader *r, struct html h)
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
				open[depth] = r->wide.n;
				cells[depth++] = 0;
			}
			if (depth > r->deepest)
				r->deepest = depth;
			ARENA_PUSH(r->w.c->a, &r->wide, 0);
		} else if (depth > 0 && t.tag == HTML_TR) {
			cells[depth - 1] = 0;
		} else if (depth > 0 && (t.tag == HTML_TD || t.tag == HTML_TH) && ++cells[depth - 1] > 1) {
			r->wide.v[open[depth - 1]] = 1;
		}
	}
}

static void start_tag(struct reader *r, const struct html_token *t)
{
	struct writer *w = &r->w;
	const struct row *row = &rows[t->tag];
	const char *as = t->tag == HTML_OTHER ? other_as(t->name) : row->as ? row->as : writer_name(t);
	enum html_role role = html_role(t->tag);
	size_t before = w->depth;

	writer_end_implied(w, t->tag);
	switch (row->use) {
	case USE_KEEP:
		if (role == HTML_ROLE_INLINE)
			writer_reopen(w);
		writer_push(w, t, as, false, NULL);
		break;
	case USE_PASS:
		if (t->tag == HTML_OTHER)
			writer_push(w, t, as, false, NULL);
		else if (role != HTML_ROLE_VOID && t->tag != HTML_HTML && t->tag != HTML_HEAD)
			writer_push(w, t, NULL, false, NULL);
		break;
	case USE_MUTE:
		writer_push(w, t, NULL, false, NULL);
		if (w->depth > before) {
			writer_top(w)->mute = true;
			w->mute++;
		}
		break;
	case USE_TABLE:
		start_table(r, t);
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
		writer_reopen(w);
		writer_push(w, t, as, false, "pv-button");
		break;
	case USE_SELECT:
		writer_reopen(w);
		writer_push(w, t, as, false, "pv-field");
		if (t->tag == HTML_SELECT && w->depth > before)
			r->options = 0;
		break;
	case USE_OPTION:
		r->options++;
		break;
	case USE_BODY:
		if (w->c->attrs.n == 0 && !w->mute)
			clean_attributes(w->c, t, &w->c->attrs, false, NULL);
		break;
	case USE_VOID:
		if (t->tag == HTML_BR)
			writer_reopen(w);
		if (!writer_may_add(w)) {
			if (!w->mute)
				buf_add_char(&w->c->body, ' ');
			break;
		}
		if (t->tag == HTML_BR) {
			writer_break(w);
		} else {
			writer_end_line(w);
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

static void end_tag(struct reader *r, const struct html_token *t)
{
	if (t->tag == HTML_BR)
		start_tag(r, t);
	else if (t->tag != HTML_BODY && t->tag != HTML_HTML)
		writer_end(&r->w, t);
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
	struct reader *r = ARENA_NEW(c->a, struct reader);
	struct writer *w = &r->w;
	struct html h;
	struct html_token t;

	if (document.n > CLEAN_HTML)
		c->cut |= CLEAN_CUT_TEXT;
	h = html_of(utf8_cut(document, CLEAN_HTML));
	part_from_last(c);
	w->c = c;
	r->options = 1;
	survey_tables(r, h);
	for (size_t foreign = 0; html_next(&h, &t); foreign = h.depth) {
		if (h.depth < foreign && t.tag != HTML_SVG && t.tag != HTML_MATH)
			writer_leave_foreign(w, foreign - h.depth);
		if (t.kind == HTML_TEXT)
			text(r, &t);
		else if (t.kind == HTML_START)
			start_tag(r, &t);
		else if (t.kind == HTML_END)
			end_tag(r, &t);
	}
	w->again_n = 0;
	writer_pop(w, 0);
}

void clean_add_plain(struct clean *c, struct str s)
{
	struct writer *w = ARENA_NEW(c->a, struct writer);

	part_from_last(c);
	w->c = c;
	buf_add_c(&c->body, "<div class=\"pv-plain\">");
	writer_text(w, s, false);
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
