/* Attributes, written again: those that are drawn, with numbers that can be counted with. */
#include "preview/clean_internal.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "html/entity.h"

#define ATTRS_LOOKED_AT 64

enum kind {
	KIND_WORD,   /* as it is */
	KIND_LENGTH, /* a number, or a share */
	KIND_LIST,   /* of lists and their items alone */
	KIND_SPAN,   /* of cells */
	KIND_STYLE,
	KIND_PICTURE, /* an address, made a style */
	KIND_HIDDEN,
	KIND_HREF,
	KIND_TEXT_COLOR, /* of body */
};

static const struct {
	struct str name;
	enum kind kind;
} attributes[] = {
	{ STR_INIT("style"), KIND_STYLE },
	{ STR_INIT("class"), KIND_WORD },
	{ STR_INIT("id"), KIND_WORD },
	{ STR_INIT("align"), KIND_WORD },
	{ STR_INIT("valign"), KIND_WORD },
	{ STR_INIT("dir"), KIND_WORD },
	{ STR_INIT("face"), KIND_WORD },
	{ STR_INIT("color"), KIND_WORD },
	{ STR_INIT("bgcolor"), KIND_WORD },
	{ STR_INIT("type"), KIND_LIST },
	{ STR_INIT("nowrap"), KIND_WORD },
	{ STR_INIT("size"), KIND_LENGTH },
	{ STR_INIT("width"), KIND_LENGTH },
	{ STR_INIT("height"), KIND_LENGTH },
	{ STR_INIT("border"), KIND_LENGTH },

	{ STR_INIT("cellspacing"), KIND_LENGTH },
	{ STR_INIT("hspace"), KIND_LENGTH },
	{ STR_INIT("vspace"), KIND_LENGTH },
	{ STR_INIT("start"), KIND_LIST },
	{ STR_INIT("value"), KIND_LIST },
	{ STR_INIT("colspan"), KIND_SPAN },
	{ STR_INIT("rowspan"), KIND_SPAN },
	{ STR_INIT("background"), KIND_PICTURE },
	{ STR_INIT("hidden"), KIND_HIDDEN },
	{ STR_INIT("href"), KIND_HREF },
	{ STR_INIT("text"), KIND_TEXT_COLOR },
};
#define LENGTH_MOST 4000
#define SPAN_MOST 50

void clean_escaped(struct buf *b, struct str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		const char *as = c == '&'   ? "&amp;"
				 : c == '"' ? "&quot;"
				 : c == '<' ? "&lt;"
				 : c == '>' ? "&gt;"
					    : NULL;

		if (!as && c >= ' ' && c != 0x7f)
			continue;
		buf_add(b, str_sub(s, from, i));
		buf_add_c(b, as ? as : c == '\n' || c == '\t' || c == '\r' ? " " : "");
		from = i + 1;
	}
	buf_add(b, str_sub(s, from, s.n));
}

static void put_attribute(struct buf *b, struct str name, struct str value)
{
	buf_add_char(b, ' ');
	buf_add(b, name);
	buf_add_c(b, "=\"");
	clean_escaped(b, value);
	buf_add_char(b, '"');
}

/* "100", "50%", "100px": the number, cut, with "%" where it has one. */
static void put_length(struct buf *b, struct str name, struct str value)
{
	size_t n = 0;
	unsigned long number = 0;
	bool minus = value.n > 0 && (value.p[0] == '-' || value.p[0] == '+');

	for (n = minus; n < value.n && value.p[n] >= '0' && value.p[n] <= '9'; n++)
		number = number > LENGTH_MOST ? number : number * 10 + (unsigned long)(value.p[n] - '0');
	if (n == (size_t)minus)
		return;
	while (n < value.n && (value.p[n] == '.' || (value.p[n] >= '0' && value.p[n] <= '9')))
		n++;
	bool share = n < value.n && value.p[n] == '%';
	unsigned long most = share ? 100 : LENGTH_MOST;
	buf_printf(b, " %.*s=\"%.*s%lu%s\"", STR_ARG(name), minus ? 1 : 0, value.p,
		   number > most ? most : number, share ? "%" : "");
}

int clean_pixels(struct str value)
{
	struct str s = str_trim(value);
	int number = 0;
	size_t n = 0;

	for (; n < s.n && s.p[n] >= '0' && s.p[n] <= '9'; n++)
		number = number > LENGTH_MOST ? LENGTH_MOST : number * 10 + s.p[n] - '0';
	return n == 0 || (n < s.n && s.p[n] == '%') ? -1 : number;
}

/* The greatest of those in draw/sheet.c that is not more. */
static int padding_known(int padding)
{
	static const int known[] = { 0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40 };
	size_t i = ARRAY_LEN(known) - 1;

	while (i > 0 && known[i] > padding)
		i--;
	return known[i];
}

/*
 * Whether it is a block that would be as wide without saying so. In a cell the engine takes all of something for what the cell
 * needs at least, and makes the table wider than the page.
 */
static bool fills_by_itself(const struct html_token *t, struct str style)
{
	static const struct str others[] = { STR_INIT("display:inline"), STR_INIT("display:table"),
					     STR_INIT("float:"), STR_INIT("position:") };

	if ((t->tag != HTML_DIV && t->tag != HTML_P && t->tag != HTML_TABLE) ||
	    str_find(style, STR("width:100%"), 0) == SIZE_MAX)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (str_find(style, others[i], 0) != SIZE_MAX)
			return false;
	return true;
}

/* The pixels that the last declaration of the name says; -1 = it says something else, or there is none. */
static int style_pixels(struct str style, struct str name)
{
	int pixels = -1;

	for (size_t at = 0; (at = str_find(style, name, at)) != SIZE_MAX; at += name.n) {
		struct str value = str_sub(style, at + name.n, style.n);
		size_t end = 0;
		if (at > 0 && style.p[at - 1] != ';')
			continue;
		while (end < value.n && value.p[end] >= '0' && value.p[end] <= '9')
			end++;
		pixels = str_starts(str_sub(value, end, value.n), STR("px")) ? clean_pixels(value) : -1;
	}
	return pixels;
}

/*
 * A block in the middle: the engine puts it there by its margins, not because of the alignment of what it is in. A block that
 * is as wide as it may be stays where it is, so of those only what says how wide it is gets such margins.
 */
static void put_in_middle(struct clean *c, const struct html_token *t, struct buf *style, bool as_block)
{
	static const struct str others[] = { STR_INIT("display:inline"), STR_INIT("float:"),
					     STR_INIT("position:") };
	struct str s = buf_str(style), align = html_attr(t, STR("align"));
	bool table = t->tag == HTML_TABLE, block = t->tag == HTML_DIV || t->tag == HTML_P || table;
	bool aside = table && (str_eq_nocase(align, STR("left")) || str_eq_nocase(align, STR("right")));
	bool middle = (c->middle && !aside) || (table && as_block && str_eq_nocase(align, STR("center")));
	int most = style_pixels(s, STR("max-width:")), least = style_pixels(s, STR("min-width:"));

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		block &= str_find(s, others[i], 0) == SIZE_MAX;
	if (table)
		c->middle = false;
	else if (str_find(s, STR("text-align:"), 0) != SIZE_MAX)
		c->middle = str_find(s, STR("text-align:-webkit-center"), 0) != SIZE_MAX;
	else if (t->tag == HTML_CENTER || align.n > 0)
		c->middle = t->tag == HTML_CENTER || str_eq_nocase(align, STR("center"));
	if (block && middle && ((table && !as_block) || str_find(s, STR("width:"), 0) != SIZE_MAX))
		buf_add_c(style, "margin-left:auto;margin-right:auto;");
	if (most > 0 && least > most) /* what it is at least beats what it is at most */
		buf_printf(style, "max-width:%dpx;", least);
}

void clean_attributes(struct clean *c, const struct html_token *t, struct buf *out, bool as_block,
		      const char *class)
{
	struct str rest = t->attrs;
	struct html_attr at;
	struct buf hints, style; /* what attributes say, and what the style says, which beats it */
	unsigned seen = 0;
	bool has_class = false;

	buf_init(&hints, 8 * ATTR_BYTES);
	buf_init(&style, 2 * ATTR_BYTES);
	for (size_t n = 0; n < ATTRS_LOOKED_AT && html_attr_next(&rest, &at); n++) {
		size_t i = 0;
		while (i < ARRAY_LEN(attributes) && !str_eq_nocase(at.name, attributes[i].name))
			i++;
		if (i == ARRAY_LEN(attributes) || seen & 1U << i)
			continue;
		enum kind kind = attributes[i].kind;
		/* A picture may lie in it whole. */
		if (at.value.n > ATTR_BYTES && kind != KIND_PICTURE &&
		    !(kind == KIND_STYLE && str_find_nocase(at.value, STR("data:"), 0) != SIZE_MAX))
			continue;
		seen |= 1U << i;
		if (kind == KIND_LIST && t->tag != HTML_UL && t->tag != HTML_OL && t->tag != HTML_LI)
			continue;
		struct str name = attributes[i].name;
		struct str value = str_trim(html_decode(c->a, at.value));
		/* Browsers pass over a colour that is empty; the engine takes it for black. */
		if (str_eq(name, STR("bgcolor")) || str_eq(name, STR("color")) || kind == KIND_TEXT_COLOR) {
			if (value.n == 0)
				continue;
			value = clean_color(c, value);
		}
		switch (kind) {
		case KIND_WORD:
			if (as_block && str_eq(name, STR("bgcolor")))
				buf_printf(&hints, "background-color:%.*s;",
					   STR_ARG(str_sub(value, 0, str_find_char(value, ';', 0))));
			else if (as_block && str_eq(name, STR("align")) && t->tag != HTML_TABLE)
				buf_printf(&hints, "text-align:%.*s;",
					   STR_ARG(str_sub(value, 0, str_find_char(value, ';', 0))));
			else if (str_eq(name, STR("face"))) { /* the engine takes it for something else */
				clean_declarations(c, ARENA_JOIN(c->a, STR("font-family:"), value), &hints);
				break;
			} else if (class && str_eq(name, STR("class")))
				value = ARENA_JOIN(c->a, str_of(class), STR(" "), value);
			has_class |= str_eq(name, STR("class"));
			put_attribute(out, name, value);
			break;
		case KIND_LENGTH:
			if (str_eq(name, STR("border")) && clean_pixels(value) <= 0) {
				if (clean_pixels(value) < 0 && t->tag == HTML_TABLE)
					put_attribute(out, name, STR("1")); /* no number means one */
				break;
			}
			if (str_eq(name, STR("size")) && value.n > 1 &&
			    (value.p[0] == '+' || value.p[0] == '-')) {
				int by = clean_pixels(str_sub(value, 1, value.n)),
				    size = value.p[0] == '+' ? 3 + by : 3 - by;
				buf_printf(out, " size=\"%d\"", size < 1 ? 1 : size > 7 ? 7 : size);
				break;
			}
			/* The engine knows no height of tables. */
			if (str_eq(name, STR("height")) && t->tag != HTML_IMG && clean_pixels(value) >= 0)
				buf_printf(&hints, "height:%dpx;", clean_pixels(value));
			else
				put_length(out, name, value);
			break;
		case KIND_LIST:
			if (str_eq(name, STR("type")))
				put_attribute(out, name, value);
			else
				put_length(out, name, value);
			break;
		case KIND_SPAN:
			if (clean_pixels(value) >= 0)
				buf_printf(out, " %.*s=\"%d\"", STR_ARG(name),
					   clean_pixels(value) > SPAN_MOST ? SPAN_MOST
					   : clean_pixels(value) < 1       ? 1
									   : clean_pixels(value));
			break;
		case KIND_STYLE:
			clean_declarations(c, value, &style);
			break;
		case KIND_PICTURE: {
			size_t image = clean_image(c, (struct clean_image){ .src = value, .ground = true });
			/* Of tables the engine knows it, and lets every sheet say otherwise, as it must be. */
			if (image != SIZE_MAX && !as_block &&
			    (t->tag == HTML_TABLE || t->tag == HTML_TD || t->tag == HTML_TH))
				buf_printf(out, " background=\"%zu\"", image);
			else if (image != SIZE_MAX)
				buf_printf(&hints, "background-image:url(%zu);", image);
			break;
		}
		case KIND_HIDDEN:
			buf_add_c(&style, "display:none;");
			break;
		case KIND_HREF:
			if (t->tag == HTML_A)
				put_attribute(out, STR("href"), STR("#"));
			break;
		case KIND_TEXT_COLOR:
			if (t->tag == HTML_BODY)
				buf_printf(&hints, "color:%.*s;",
					   STR_ARG(str_sub(value, 0, str_find_char(value, ';', 0))));
			break;
		}
	}
	/* The engine knows no padding but that of sheets, and ours has these. */
	if ((t->tag == HTML_TD || t->tag == HTML_TH) && c->cell_padding >= 0)
		buf_printf(out, " cellpad=\"%d\"", padding_known(c->cell_padding));
	if (class && !has_class)
		put_attribute(out, STR("class"), str_of(class));
	/* Of one column all is for it, whatever share it asks for; stacked ones take what they need. */
	if (as_block && (t->tag == HTML_TD || t->tag == HTML_TH))
		buf_add_c(&style, "width:auto;");
	if (t->tag == HTML_IMG && clean_pixels(html_attr(t, STR("width"))) > 0 &&
	    str_find(buf_str(&style), STR("width:100%"), 0) != SIZE_MAX)
		buf_printf(&style, "width:%dpx;max-width:100%%;", clean_pixels(html_attr(t, STR("width"))));
	else if ((as_block || t->tag != HTML_TABLE) && fills_by_itself(t, buf_str(&style)))
		buf_add_c(&style, "width:auto;");
	put_in_middle(c, t, &style, as_block);
	if (buf_ok(&style))
		buf_add(&hints, buf_str(&style));
	if (hints.n > 0)
		put_attribute(out, STR("style"), buf_str(&hints));
	buf_free(&hints);
	buf_free(&style);
}
