/*
 * Style sheets and style attributes, written again: properties that are drawn, numbers that can be counted with, images by
 * their number in the list. What newer style sheets say is put into what the engine knows, where that is near enough.
 */
#include "preview/clean.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "url/data.h"
#include "url/url.h"

#define VALUE_BYTES 2048
#define SELECTOR_BYTES 256
#define SELECTOR_STEPS 8 /* an engine goes back and forth over each */
#define DIGITS_MOST 4    /* of a length: no page is wider */

/* ---- images ---- */

static size_t add_image(struct clean *c, struct clean_image image)
{
	if (c->images.n >= CLEAN_IMAGES) {
		c->cut |= CLEAN_CUT_IMAGES;
		return SIZE_MAX;
	}
	ARENA_PUSH(c->a, &c->images, image);
	return c->images.n - 1;
}

size_t clean_image(struct clean *c, struct clean_image image)
{
	bool unseen = (image.width >= 0 && image.width <= 1 && image.height >= -1 && image.height <= 1) ||
		      image.width == 0 || image.height == 0 || (image.height == 1 && image.width == -1);

	if (str_is_empty(image.src) && (image.ground || str_is_empty(image.alt)))
		return SIZE_MAX;
	unseen &= !image.ground;
	c->unseen += unseen;
	if (str_starts_nocase(image.src, STR("cid:"))) {
		image.kind = CLEAN_IMAGE_CID;
		image.src = url_percent_decode(c->a, str_sub(image.src, 4, image.src.n));
	} else if (url_is_data(image.src)) {
		image.kind = CLEAN_IMAGE_DATA;
	} else if (image.src.n) {
		c->remote++;
		image.src = str_sub(image.src, 0, URL_MAX);
	}
	return unseen ? SIZE_MAX : add_image(c, image);
}

/* ---- values ---- */

/* Index behind a quoted text that begins at i; s.n when it never ends. */
static size_t behind_quote(struct str s, size_t i)
{
	size_t end = str_find_char(s, s.p[i], i + 1);

	return end == SIZE_MAX ? s.n : end + 1;
}

/* Without comments and line ends. */
static struct str without_comments(struct arena *a, struct str s)
{
	struct buf b;
	size_t from = 0;

	if (str_find(s, STR("/*"), 0) == SIZE_MAX)
		return s;
	buf_init(&b, s.n + 1);
	while (from < s.n) {
		size_t at = str_find(s, STR("/*"), from);
		size_t end = at == SIZE_MAX ? s.n : str_find(s, STR("*/"), at + 2);
		buf_add(&b, str_sub(s, from, at));
		from = at == SIZE_MAX || end == SIZE_MAX ? s.n : end + 2;
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* The address in "url( 'x' )", whose "(" is at open; *end_out: behind ")". */
static struct str url_in(struct str s, size_t open, size_t *end_out)
{
	size_t i = open + 1;

	while (i < s.n && ascii_is_space(s.p[i]))
		i++;
	if (i < s.n && (s.p[i] == '"' || s.p[i] == '\'')) {
		size_t end = behind_quote(s, i);
		size_t close = str_find_char(s, ')', end);
		*end_out = close == SIZE_MAX ? s.n : close + 1;
		return str_sub(s, i + 1, end - 1);
	}
	size_t close = str_find_char(s, ')', i);
	*end_out = close == SIZE_MAX ? s.n : close + 1;
	return str_trim(str_sub(s, i, close));
}

/* A number: as many digits as a length has, two behind the point. Gives the index behind it. */
static size_t put_number(struct buf *out, struct str s, size_t i)
{
	size_t from = i, n;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	n = i - from;
	if (out->n > 0 && out->p[out->n - 1] == '.') { /* behind a point that nothing stands before */
		buf_add(out, str_sub(s, from, n > 3 ? from + 3 : i));
		return i;
	}
	while (n > 1 && s.p[from] == '0')
		from++, n--;
	buf_add(out, n > DIGITS_MOST ? STR("9999") : str_sub(s, from, i));
	if (i + 1 < s.n && s.p[i] == '.' && s.p[i + 1] >= '0' && s.p[i + 1] <= '9') {
		size_t point = i++;
		while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
			i++;
		if (n <= DIGITS_MOST)
			buf_add(out, str_sub(s, point, point + 4 < i ? point + 4 : i));
	}
	return i;
}

struct str clean_color(struct clean *c, struct str value)
{
	bool hash = value.n > 0 && value.p[0] == '#';
	struct str digits = str_sub(value, hash, value.n);

	for (size_t i = 0; i < digits.n; i++)
		if (!abnf_is_hexdig((unsigned char)digits.p[i]))
			return value;
	if (hash && (digits.n == 4 || digits.n == 8)) /* the last say how much of what is behind is seen */
		return str_sub(value, 0, digits.n == 4 ? 4 : 7);
	return !hash && (digits.n == 3 || digits.n == 6) ? ARENA_JOIN(c->a, STR("#"), digits) : value;
}

/* What cannot be told by an engine of its age, or never could. */
static bool is_beyond(struct str value)
{
	static const struct str words[] = {
		STR_INIT("calc("),       STR_INIT("var("),  STR_INIT("env("),    STR_INIT("expression("),
		STR_INIT("javascript:"), STR_INIT("min("),  STR_INIT("max("),    STR_INIT("clamp("),
		STR_INIT("unset"),       STR_INIT("\\"),    STR_INIT("<"),       STR_INIT("{"),
		STR_INIT("}"),           STR_INIT("attr("), STR_INIT("counter"),
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_find_nocase(value, words[i], 0) != SIZE_MAX)
			return true;
	return false;
}

/* Writes a value with its numbers cut and its images numbered. false: it is not to be used. */
static bool put_value(struct clean *c, struct str s, struct buf *out)
{
	char before = 0; /* the last byte, 0 behind white space */

	for (size_t i = 0; i < s.n;) {
		char ch = s.p[i];
		if (ch == '"' || ch == '\'') {
			size_t end = behind_quote(s, i);
			if (end == i + 1 || s.p[end - 1] != ch)
				return false;
			buf_add(out, str_sub(s, i, end));
			i = end;
			before = 0;
		} else if (ch == '(' && out->n >= 3 && str_ends_nocase(buf_str(out), STR("url"))) {
			struct str url = url_in(s, i, &i);
			size_t image = clean_image(c, (struct clean_image){ .src = url, .ground = true });
			out->n -= 3;
			if (image != SIZE_MAX)
				buf_printf(out, "url(%zu)", image);
			else
				buf_add_c(out, "none");
			before = ')';
		} else if (ch >= '0' && ch <= '9' && before != '#' && !abnf_is_alpha((unsigned char)before) &&
			   !(before >= '0' && before <= '9')) {
			i = put_number(out, s, i);
			before = '0';
		} else {
			/* digits of a colour stay together */
			if (ascii_is_space(ch))
				ch = ' ';
			if (ch != ' ' || (out->n > 0 && out->p[out->n - 1] != ' '))
				buf_add_char(out, ch);
			if (!(before == '#' && abnf_is_hexdig((unsigned char)ch)))
				before = ch;
			i++;
		}
	}
	return true;
}

/* ---- declarations ---- */

static bool is_drawn(struct str name)
{
	static const struct str families[] = {
		STR_INIT("background"), STR_INIT("border"), STR_INIT("font"),
		STR_INIT("list-style"), STR_INIT("margin"), STR_INIT("padding"),
	};
	static const struct str names[] = {
		STR_INIT("bottom"),         STR_INIT("box-sizing"),     STR_INIT("clear"),
		STR_INIT("color"),          STR_INIT("content"),        STR_INIT("display"),
		STR_INIT("direction"),      STR_INIT("float"),          STR_INIT("height"),
		STR_INIT("left"),           STR_INIT("line-height"),    STR_INIT("max-height"),
		STR_INIT("max-width"),      STR_INIT("min-height"),     STR_INIT("min-width"),
		STR_INIT("opacity"),        STR_INIT("overflow"),       STR_INIT("position"),
		STR_INIT("right"),          STR_INIT("text-align"),     STR_INIT("text-decoration"),
		STR_INIT("text-indent"),    STR_INIT("text-transform"), STR_INIT("top"),
		STR_INIT("vertical-align"), STR_INIT("visibility"),     STR_INIT("white-space"),
		STR_INIT("width"),          STR_INIT("z-index"),        STR_INIT("text-decoration-line"),
		STR_INIT("overflow-x"),     STR_INIT("overflow-y"),
	};

	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		if (str_starts(name, families[i]) &&
		    (name.n == families[i].n || name.p[families[i].n] == '-'))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(name, names[i]))
			return true;
	return false;
}

/* Of a gradient its first colour, which is what text on it was chosen for. */
static struct str gradient_color(struct str value)
{
	size_t i = str_find_nocase(value, STR("gradient("), 0);

	for (i = i == SIZE_MAX ? value.n : i + 9; i < value.n; i++) {
		struct str rest = str_sub(value, i, value.n);
		if (rest.p[0] == '#') {
			size_t n = 1;
			while (n < rest.n && abnf_is_hexdig((unsigned char)rest.p[n]))
				n++;
			return str_sub(rest, 0, n);
		}
		if (str_starts_nocase(rest, STR("rgb"))) {
			size_t end = str_find_char(rest, ')', 0);
			return str_sub(rest, 0, end == SIZE_MAX ? rest.n : end + 1);
		}
	}
	return STR_NONE;
}

/* What is written at the start of s, as "12.5e-3"; false: no number. *n_out: its length. */
static bool number_of(struct str s, double *out, size_t *n_out)
{
	double v = 0, place = 1;
	size_t i = 0, digits = 0;
	bool behind_point = false, small = false;

	for (; i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] == '.' && !behind_point)); i++) {
		if (s.p[i] == '.') {
			behind_point = true;
			continue;
		}
		digits++;
		place = behind_point ? place / 10 : place;
		v = behind_point ? v + (s.p[i] - '0') * place : v * 10 + (s.p[i] - '0');
	}
	if (i + 2 < s.n && (s.p[i] == 'e' || s.p[i] == 'E') && (s.p[i + 1] == '-' || s.p[i + 1] == '+') &&
	    s.p[i + 2] >= '0' && s.p[i + 2] <= '9') {
		small = s.p[i + 1] == '-';
		for (i += 2; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++)
			;
	}
	*out = small ? 0 : v; /* nobody writes so but to hide */
	*n_out = i;
	return digits > 0;
}

/* Whether the size of a font is less than a pixel. */
static bool is_nothing(struct str value)
{
	static const struct {
		struct str unit;
		double pixels; /* of a page like ours, with letters of 16 */
	} units[] = {
		{ STR_INIT("px"), 1 },   { STR_INIT("pt"), 1.33 }, { STR_INIT("em"), 16 },
		{ STR_INIT("rem"), 16 }, { STR_INIT("ex"), 8 },    { STR_INIT("ch"), 8 },
		{ STR_INIT("%"), .16 },  { STR_INIT("vw"), 8 },    { STR_INIT("vh"), 6 },
		{ STR_INIT("vmin"), 6 }, { STR_INIT("vmax"), 8 },  { STR_INIT("mm"), 3.8 },
		{ STR_INIT("cm"), 38 },  { STR_INIT("in"), 96 },   { STR_INIT("pc"), 16 },
	};
	double number;
	size_t n;

	if (!number_of(value, &number, &n))
		return false;
	struct str unit = str_sub(value, n, value.n);
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (str_starts_nocase(unit, units[i].unit))
			return number * units[i].pixels < 1;
	return number == 0;
}

/* The engine takes each number for the usual weight. */
static struct str weight_of(struct str number)
{
	return number.p[0] >= '6' ? STR("bold") : STR("normal");
}

static bool is_weight(struct str word)
{
	return word.n == 3 && word.p[0] >= '1' && word.p[0] <= '9' && word.p[1] == '0' && word.p[2] == '0';
}

static const struct {
	struct str newer, older;
} displays[] = {
	{ STR_INIT("flex"), STR_INIT("block") },
	{ STR_INIT("grid"), STR_INIT("block") },
	{ STR_INIT("flow-root"), STR_INIT("block") },
	{ STR_INIT("-webkit-box"), STR_INIT("block") },
	{ STR_INIT("inline-flex"), STR_INIT("inline-block") },
	{ STR_INIT("inline-grid"), STR_INIT("inline-block") },
	{ STR_INIT("none"), STR_INIT("none") },
	{ STR_INIT("block"), STR_INIT("block") },
	{ STR_INIT("inline"), STR_INIT("inline") },
	{ STR_INIT("inline-block"), STR_INIT("inline-block") },
	{ STR_INIT("list-item"), STR_INIT("list-item") },
};

/* A value that is said in other words. false: the declaration goes. */
static bool translate(struct clean *c, struct str *name, struct str *value)
{
	size_t bang = str_find_char(*value, '!', 0);
	struct str word = str_trim(str_sub(*value, 0, bang));

	if (str_eq(*name, STR("display"))) {
		for (size_t i = 0; i < ARRAY_LEN(displays); i++) {
			if (!str_eq_nocase(word, displays[i].newer))
				continue;
			*value = bang == SIZE_MAX ? displays[i].older
						  : ARENA_JOIN(c->a, displays[i].older, STR(" !important"));
			return true;
		}
		return !c->flat && (str_starts_nocase(word, STR("table")) ||
				    str_starts_nocase(word, STR("inline-table")));
	}
	/* The engine takes no size for its own usual one, and its least one for none. */
	if ((str_eq(*name, STR("font-size")) || str_eq(*name, STR("font"))) && is_nothing(word)) {
		*name = STR("font-size");
		*value = bang == SIZE_MAX ? STR("1px") : STR("1px !important");
		return true;
	}
	if (str_eq(*name, STR("font-weight")) && is_weight(word))
		*value = bang == SIZE_MAX ? weight_of(word)
					  : ARENA_JOIN(c->a, weight_of(word), STR(" !important"));
	if (str_eq(*name, STR("font")) && word.n > 3 && word.p[3] == ' ' && is_weight(str_sub(word, 0, 3)))
		*value = ARENA_JOIN(c->a, weight_of(word), str_sub(*value, 3, value->n));
	if (str_eq(*name, STR("font-size")) && str_eq_nocase(word, STR("smaller")))
		*value = STR("0.83em");
	if (str_eq(*name, STR("font-size")) && str_eq_nocase(word, STR("larger")))
		*value = STR("1.2em");
	if (str_eq(*name, STR("opacity"))) { /* what is not seen is not to be seen here, either */
		bool none =
		    str_eq(word, STR("0")) || str_starts(word, STR("0.0")) || str_starts(word, STR(".0"));
		*name = STR("visibility");
		*value = STR("hidden");
		return none;
	}
	if (str_eq(*name, STR("position"))) {
		if (str_eq_nocase(word, STR("sticky")))
			*value = STR("relative");
		else if (str_eq_nocase(word, STR("fixed")))
			*value = STR("absolute");
		return !c->flat;
	}
	if (str_eq(*name, STR("float"))) {
		if (!str_eq_nocase(word, STR("none")) && c->floats++ >= CLEAN_FLOATS)
			c->cut |= CLEAN_CUT_FLOATS;
		return !c->flat && c->floats <= CLEAN_FLOATS;
	}
	if (str_eq(*name, STR("color")) || str_eq(*name, STR("background-color")) ||
	    str_eq(*name, STR("background")))
		*value = ARENA_JOIN(c->a, clean_color(c, word), str_sub(*value, bang, value->n));
	if (str_eq(*name, STR("text-decoration-line")))
		*name = STR("text-decoration");
	if (str_eq(*name, STR("overflow-x")) || str_eq(*name, STR("overflow-y")))
		*name = STR("overflow");
	if (str_starts(*name, STR("background"))) {
		struct str color = gradient_color(*value);
		if (str_find_nocase(*value, STR("gradient("), 0) == SIZE_MAX)
			return true;
		*name = STR("background-color");
		*value = color;
		return color.n > 0;
	}
	/* A share that it cannot count with; of all there is, pictures are told right. */
	if (str_eq(*name, STR("min-width")))
		return !str_ends(word, STR("%"));
	if (str_eq(*name, STR("max-width")) && str_ends(word, STR("%")) && !str_starts(word, STR("100")))
		*name = STR("width");
	if (str_eq(*name, STR("z-index")))
		return !c->flat;
	return true;
}

static void put_declaration(struct clean *c, struct str text, struct buf *out)
{
	size_t colon = str_find_char(text, ':', 0);
	struct str name, value;
	struct buf b;

	if (colon == SIZE_MAX)
		return;
	name = arena_lower(c->a, str_trim(str_sub(text, 0, colon)));
	value = str_trim(str_sub(text, colon + 1, text.n));
	/* A picture may lie in it whole. */
	bool pictured = str_find_nocase(value, STR("url("), 0) != SIZE_MAX;
	if (!is_drawn(name) || value.n == 0 || (value.n > VALUE_BYTES && !pictured))
		return;
	if (!pictured && is_beyond(value))
		return;
	if (!translate(c, &name, &value))
		return;
	buf_init(&b, 2 * VALUE_BYTES);
	if (put_value(c, value, &b) && buf_ok(&b) && !is_beyond(buf_str(&b))) {
		buf_add(out, name);
		buf_add_char(out, ':');
		buf_add(out, buf_str(&b));
		buf_add_char(out, ';');
	}
	buf_free(&b);
}

/* Where a declaration that begins at i ends: at a ";" outside of quotes and brackets. */
static size_t declaration_end(struct str s, size_t i)
{
	size_t open = 0;

	while (i < s.n) {
		char ch = s.p[i];
		if (ch == '"' || ch == '\'') {
			i = behind_quote(s, i);
			continue;
		}
		if (ch == ';' && open == 0)
			return i;
		open += ch == '(';
		open -= ch == ')' && open > 0;
		i++;
	}
	return s.n;
}

/* Whether text written says so, whatever comes behind it. */
static bool says(struct str written, struct str what)
{
	return str_find(written, what, 0) != SIZE_MAX;
}

void clean_declarations(struct clean *c, struct str text, struct buf *out)
{
	struct str s = without_comments(c->a, text);
	size_t from = out->n;

	for (size_t i = 0; i < s.n;) {
		size_t end = declaration_end(s, i);
		put_declaration(c, str_sub(s, i, end), out);
		i = end + 1;
	}
	/* The engine lets what is at most of no height take its place all the same. */
	struct str written = str_sub(buf_str(out), from, out->n);
	if (says(written, STR("max-height:0;")) || says(written, STR("max-height:0px")) ||
	    says(written, STR("max-height:0 ")))
		buf_add_c(out, says(written, STR("overflow:hidden")) ? "display:none;" : "height:0;");
}

/* ---- rules ---- */

/* One selector without what never holds or always does. false: it is not to be used. */
static bool put_selector(struct clean *c, struct str s, struct buf *out)
{
	size_t steps = 0, from = out->n;
	bool apart = true;

	s = str_trim(s);
	if (s.n == 0 || s.n > SELECTOR_BYTES || c->selectors >= CLEAN_SELECTORS)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_sub(s, i, s.n);
		char ch = ascii_is_space(s.p[i]) ? ' ' : s.p[i];
		if (ch == '<' || ch == '{' || ch == '}' || ch == '@' || ch == '\\' || ch == '&' || ch == ';')
			goto refuse;
		if (str_starts_nocase(rest, STR(":is(")) || str_starts_nocase(rest, STR(":where(")) ||
		    str_starts_nocase(rest, STR(":has(")) || str_starts_nocase(rest, STR(":not(")))
			goto refuse;
		if ((str_starts_nocase(rest, STR(":nth-")) || str_starts_nocase(rest, STR(":first-of")) ||
		     str_starts_nocase(rest, STR(":last-")) || str_starts_nocase(rest, STR(":only-"))) &&
		    c->counting++ >= CLEAN_COUNTING) {
			c->cut |= CLEAN_CUT_CSS;
			goto refuse;
		}
		if (str_starts_nocase(rest, STR(":link"))) {
			i += 4;
			continue;
		}
		if (str_starts_nocase(rest, STR(":root"))) {
			buf_add_c(out, "html");
			i += 4;
			apart = false;
			continue;
		}
		bool between = ch == ' ' || ch == '>' || ch == '+' || ch == '~';
		steps += apart && !between;
		apart = between;
		if (ch != ' ' || (out->n > from && out->p[out->n - 1] != ' '))
			buf_add_char(out, ch);
	}
	if (steps == 0 || steps > SELECTOR_STEPS || out->n == from)
		goto refuse;
	c->selectors++;
	return true;
refuse:
	out->n = from;
	return false;
}

static void put_rule(struct clean *c, struct str selectors, struct str declarations, struct buf *out)
{
	struct buf b;
	size_t before = out->n;
	bool any = false;

	buf_init(&b, CLEAN_CSS * 2);
	clean_declarations(c, declarations, &b);
	for (size_t from = 0; b.n > 0 && buf_ok(&b) && from <= selectors.n;) {
		size_t comma = str_find_char(selectors, ',', from);
		size_t mark = out->n;
		if (any)
			buf_add_char(out, ',');
		if (put_selector(c, str_sub(selectors, from, comma), out))
			any = true;
		else
			out->n = mark;
		from = comma == SIZE_MAX ? selectors.n + 1 : comma + 1;
	}
	if (any) {
		buf_add_char(out, '{');
		buf_add(out, buf_str(&b));
		buf_add_c(out, "}\n");
	} else {
		out->n = before;
	}
	buf_free(&b);
}

/* Whether rules behind "@media ..." are for a page like ours, as far as the engine can tell. */
static bool media_is_known(struct str media)
{
	static const struct str unknown[] = {
		STR_INIT("prefers"), STR_INIT("-webkit"),   STR_INIT("-moz"),  STR_INIT("-ms"),
		STR_INIT("hover"),   STR_INIT("pointer"),   STR_INIT("print"), STR_INIT("speech"),
		STR_INIT("yahoo"),   STR_INIT("transform"), STR_INIT("aural"), STR_INIT("braille"),
	};

	if (media.n == 0 || media.n > SELECTOR_BYTES)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(unknown); i++)
		if (str_find_nocase(media, unknown[i], 0) != SIZE_MAX)
			return false;
	for (size_t i = 0; i < media.n; i++) {
		unsigned char ch = (unsigned char)media.p[i];
		if (!abnf_is_alpha(ch) && !(ch >= '0' && ch <= '9') && !strchr(" ():,.-", ch))
			return false;
	}
	return true;
}

/* Index of the "}" that closes the block whose "{" is at open; s.n when nothing does. */
static size_t block_end(struct str s, size_t open)
{
	size_t deep = 0;

	for (size_t i = open; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\'') {
			/* A quote that does not end on its line ends there. */
			size_t end = behind_quote(s, i), line = str_find_char(str_sub(s, 0, end), '\n', i);
			i = (end < line ? end : line < s.n ? line : s.n) - 1;
			continue;
		}
		deep += s.p[i] == '{';
		if (s.p[i] == '}' && --deep == 0)
			return i;
	}
	return s.n;
}

static void put_rules(struct clean *c, struct str s, struct buf *out, bool inside)
{
	for (size_t i = 0; i < s.n;) {
		while (i < s.n && (ascii_is_space(s.p[i]) || s.p[i] == '}' || s.p[i] == ';'))
			i++;
		if (str_starts(str_sub(s, i, s.n), STR("<!--")) ||
		    str_starts(str_sub(s, i, s.n), STR("-->"))) {
			i += s.p[i] == '<' ? 4 : 3;
			continue;
		}
		size_t open = str_find_char(s, '{', i);
		size_t semicolon =
		    i < s.n && s.p[i] == '@' ? str_find_char(str_sub(s, 0, open), ';', i) : SIZE_MAX;
		if (semicolon < open) { /* @import, @charset */
			i = semicolon + 1;
			continue;
		}
		if (open == SIZE_MAX)
			return;
		size_t end = block_end(s, open);
		struct str head = str_trim(str_sub(s, i, open)), block = str_sub(s, open + 1, end);
		if (str_starts_nocase(head, STR("@media")) && !inside) {
			struct str media = str_trim(str_sub(head, 6, head.n));
			if (media_is_known(media)) {
				size_t before = out->n;
				buf_add_c(out, "@media ");
				buf_add(out, media);
				buf_add_c(out, " {\n");
				size_t empty = out->n;
				put_rules(c, block, out, true);
				if (out->n == empty)
					out->n = before;
				else
					buf_add_c(out, "}\n");
			}
		} else if (head.n > 0 && head.p[0] != '@') {
			put_rule(c, head, block, out);
		}
		i = end + 1;
	}
}

void clean_sheet(struct clean *c, struct str css, struct buf *out)
{
	size_t left = CLEAN_CSS - (c->css_n < CLEAN_CSS ? c->css_n : CLEAN_CSS);

	if (css.n > left) {
		c->cut |= CLEAN_CUT_CSS;
		css = utf8_cut(css, left);
	}
	c->css_n += css.n;
	put_rules(c, without_comments(c->a, css), out, false);
}
