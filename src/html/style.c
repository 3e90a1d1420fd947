/* Declarations one by one: name and value are made plain in small buffers, since only their beginnings matter. */
#include "html/style.h"

#include "base/abnf.h"

#define NAME_MAX_BYTES 32
#define VALUE_MAX_BYTES 256
#define FAR_PX 400.0 /* an offset that takes text off any page */
#define ROOT_PX 16.0
#define EXPONENT_MAX 30 /* beyond it a length is nothing, or off the page */
#define SCALE_LEAST 0.05

/* Copies at most max - 1 bytes: lower case, white space as one space, without comments, escapes undone (CSS 2.2 §4.1.3). */
static size_t plain(struct str s, char *out, size_t max)
{
	size_t n = 0, i = 0;

	while (i < s.n && n + 4 < max) {
		char c = s.p[i];
		if (c == '/' && i + 1 < s.n && s.p[i + 1] == '*') {
			size_t end = str_find(s, STR("*/"), i + 2);
			i = end == SIZE_MAX ? s.n : end + 2;
		} else if (c == '\\' && i + 1 < s.n) {
			uint32_t cp = 0;
			size_t from = ++i;
			while (i < s.n && i - from < 6 && abnf_is_hexdig((unsigned char)s.p[i])) {
				char d = ascii_lower(s.p[i++]);
				cp = cp * 16 + (uint32_t)(d <= '9' ? d - '0' : d - 'a' + 10);
			}
			/* No keyword holds what is beyond ASCII, or white space: "none\9" is none to nobody. */
			out[n++] = i == from               ? ascii_lower(s.p[i++])
				   : cp > ' ' && cp < 0x80 ? ascii_lower((char)cp)
							   : '?';
			if (i > from + 1 && i < s.n && s.p[i] == ' ')
				i++; /* it ends the escape */
		} else if (c == ' ' || (c >= '\t' && c <= '\r')) {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			i++;
		} else {
			out[n++] = ascii_lower(c);
			i++;
		}
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	return n;
}

/* "e-9" behind the digits of a number, at *at, which moves behind it: what it multiplies by. "em" and "ex" are units. */
static double take_exponent(struct str s, size_t *at)
{
	size_t i = *at;
	double factor = 1;
	unsigned power = 0;

	if (i == s.n || s.p[i] != 'e')
		return 1;
	bool minus = ++i < s.n && s.p[i] == '-';
	i += i < s.n && (s.p[i] == '-' || s.p[i] == '+');
	if (i == s.n || !abnf_is_digit((unsigned char)s.p[i]))
		return 1;
	for (; i < s.n && abnf_is_digit((unsigned char)s.p[i]); i++)
		power = power < EXPONENT_MAX ? power * 10 + (unsigned)(s.p[i] - '0') : power;
	for (power = power < EXPONENT_MAX ? power : EXPONENT_MAX; power > 0; power--)
		factor *= minus ? 0.1 : 10;
	*at = i;
	return factor;
}

/* The number at the start; *unit_out is what follows. */
static bool number(struct str s, double *out, struct str *unit_out)
{
	bool minus = str_starts(s, STR("-")), fraction = false;
	size_t i = minus || str_starts(s, STR("+")) ? 1 : 0, digits = 0;
	double value = 0, scale = 1;

	for (; i < s.n && (abnf_is_digit((unsigned char)s.p[i]) || (s.p[i] == '.' && !fraction)); i++) {
		if (s.p[i] == '.') {
			fraction = true;
			continue;
		}
		digits++;
		if (value < 1e12) {
			value = value * 10 + (s.p[i] - '0');
			scale *= fraction ? 10 : 1;
		}
	}
	value *= digits ? take_exponent(s, &i) : 1;
	*out = (minus ? -value : value) / scale;
	*unit_out = str_sub(s, i, s.n);
	return digits > 0;
}

/* Pixels, or a share of the font size (of the parent's, for font-size itself) where *relative_out. */
static bool length(struct str s, double *out, bool *relative_out)
{
	static const struct {
		struct str unit;
		double factor;
		bool relative;
	} units[] = {
		{ STR_INIT("px"), 1, false },        { STR_INIT("pt"), 96 / 72.0, false },
		{ STR_INIT("pc"), 16, false },       { STR_INIT("in"), 96, false },
		{ STR_INIT("cm"), 37.8, false },     { STR_INIT("mm"), 3.78, false },
		{ STR_INIT("rem"), ROOT_PX, false }, { STR_INIT("em"), 1, true },
		{ STR_INIT("ex"), 0.5, true },       { STR_INIT("%"), 0.01, true },
		{ STR_INIT("ch"), 0.5, true },       { STR_INIT("vw"), 8, false },
		{ STR_INIT("vh"), 6, false },        { STR_INIT("vmin"), 6, false },
		{ STR_INIT("vmax"), 8, false },      { STR_INIT("q"), 0.945, false },
		{ STR_INIT(""), 1, false },
	};
	struct str unit;

	*relative_out = false;
	if (!number(s, out, &unit))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (str_eq(unit, units[i].unit)) {
			*out *= units[i].factor;
			*relative_out = units[i].relative;
			return true;
		}
	}
	return false; /* browsers pass over it */
}

static void read_font_size(struct str v, struct html_style *s)
{
	static const struct {
		struct str word;
		double px;
	} words[] = {
		{ STR_INIT("xx-small"), 9 },  { STR_INIT("x-small"), 10 }, { STR_INIT("small"), 13 },
		{ STR_INIT("medium"), 16 },   { STR_INIT("large"), 18 },   { STR_INIT("x-large"), 24 },
		{ STR_INIT("xx-large"), 32 }, { STR_INIT("initial"), 16 },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(v, words[i].word)) {
			s->set |= STYLE_FONT;
			s->font = words[i].px;
			s->relative = false;
			return;
		}
	}
	double size;
	bool relative;
	if (str_find_char(v, '(', 0) != SIZE_MAX) { /* calc(), clamp(): nobody can tell */
		s->set |= STYLE_FONT;
		s->font = ROOT_PX;
		s->relative = false;
	} else if (str_eq(v, STR("larger")) || str_eq(v, STR("smaller"))) {
		s->set |= STYLE_FONT;
		s->font = 1;
		s->relative = true;
	} else if (length(v, &size, &relative)) {
		s->set |= STYLE_FONT;
		s->font = size < 0 ? ROOT_PX : size;
		s->relative = relative && size >= 0;
	}
}

/* "bold 0/0 a": the size is the first word that begins with a digit. One word is a font of the system. */
static void read_font(struct str v, struct html_style *s)
{
	if (str_eq(v, STR("inherit")) || str_eq(v, STR("unset")))
		return;
	if (str_find_char(v, ' ', 0) == SIZE_MAX || str_find_char(v, '(', 0) != SIZE_MAX) {
		read_font_size(STR("medium"), s);
		return;
	}
	for (size_t at = 0; at < v.n; at++) {
		if ((at == 0 || v.p[at - 1] == ' ') &&
		    (abnf_is_digit((unsigned char)v.p[at]) || v.p[at] == '.')) {
			struct str word = str_sub(v, at, str_find_char(v, ' ', at));
			double weight;
			struct str unit;
			bool is_weight = number(word, &weight, &unit) && unit.n == 0 && weight >= 100;
			if (!is_weight) {
				read_font_size(str_sub(word, 0, str_find_char(word, '/', 0)), s);
				return;
			}
		}
	}
}

static void read_display(struct str v, struct html_style *s)
{
	static const struct str boxes[] = { STR_INIT("block"),     STR_INIT("inline-block"),
					    STR_INIT("flex"),      STR_INIT("inline-flex"),
					    STR_INIT("grid"),      STR_INIT("inline-grid"),
					    STR_INIT("flow-root"), STR_INIT("list-item") };

	s->set |= STYLE_GONE;
	s->gone = str_eq(v, STR("none"));
	s->flows = str_eq(v, STR("inline")) || str_eq(v, STR("contents"));
	for (size_t i = 0; i < ARRAY_LEN(boxes); i++)
		s->box |= str_eq(v, boxes[i]);
}

static void read_visibility(struct str v, struct html_style *s)
{
	s->set |= STYLE_INVISIBLE;
	s->invisible = str_eq(v, STR("hidden")) || str_eq(v, STR("collapse"));
}

static void read_color(struct str v, struct html_style *s)
{
	s->set |= STYLE_COLOR;
	s->color = html_color_read(v);
}

static void read_ground(struct str v, struct html_style *s)
{
	s->set |= STYLE_GROUND;
	s->ground = html_color_find(v);
	s->picture = str_find(v, STR("url("), 0) != SIZE_MAX || str_find(v, STR("gradient("), 0) != SIZE_MAX;
	if (!s->ground.known && !s->picture && (str_eq(v, STR("none")) || str_eq(v, STR("initial"))))
		s->ground = (struct html_color){ .known = true };
}

static void read_picture(struct str v, struct html_style *s)
{
	if (str_eq(v, STR("none")))
		return;
	s->set |= STYLE_GROUND;
	s->picture = true;
}

static void read_opacity(struct str v, struct html_style *s)
{
	double value;
	struct str unit;

	bool odd = str_find_char(v, '(', 0) != SIZE_MAX;
	if (!odd && (!number(v, &value, &unit) || (unit.n && !str_eq(unit, STR("%")))))
		return;
	s->set |= STYLE_FAINT;
	s->faint = !odd && value * (unit.n ? 0.01 : 1) < 0.05;
}

static void read_overflow(struct str v, struct html_style *s)
{
	s->set |= STYLE_CLIPS;
	s->clips = str_starts(v, STR("hidden")) || str_starts(v, STR("clip"));
}

static void extent(struct str v, struct html_style *s, enum html_flat which)
{
	double size = 0;
	bool relative, word = str_find_char(v, '(', 0) != SIZE_MAX;
	static const struct str words[] = { STR_INIT("auto"),        STR_INIT("none"),
					    STR_INIT("initial"),     STR_INIT("unset"),
					    STR_INIT("revert"),      STR_INIT("fit-content"),
					    STR_INIT("min-content"), STR_INIT("max-content") };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		word |= str_eq(v, words[i]);

	if (!word && !length(v, &size, &relative))
		return;
	s->set |= STYLE_FLAT;
	s->flat &= ~(unsigned)which;
	if (!word && size <= (relative ? 0 : 1))
		s->flat |= which;
}

static void read_height(struct str v, struct html_style *s)
{
	extent(v, s, FLAT_HEIGHT);
}

static void read_width(struct str v, struct html_style *s)
{
	extent(v, s, FLAT_WIDTH);
}

static void read_max_height(struct str v, struct html_style *s)
{
	extent(v, s, FLAT_MAX_HEIGHT);
}

static void read_max_width(struct str v, struct html_style *s)
{
	extent(v, s, FLAT_MAX_WIDTH);
}

/* It beats the others. */
static void read_least(struct str v, struct html_style *s)
{
	double size;
	bool relative;

	if (!length(v, &size, &relative) || size <= 1)
		return;
	s->set |= STYLE_FLAT;
	s->flat |= FLAT_NOT;
}

static void read_position(struct str v, struct html_style *s)
{
	s->set |= STYLE_PLACED;
	s->lifted = str_eq(v, STR("absolute")) || str_eq(v, STR("fixed"));
	s->placed = s->lifted || str_eq(v, STR("relative"));
}

static bool is_far(struct str v)
{
	double size;
	bool relative;

	return length(v, &size, &relative) && size * (relative ? ROOT_PX : 1) <= -FAR_PX;
}

static void read_margin(struct str v, struct html_style *s)
{
	s->set |= STYLE_AWAY;
	s->away = s->away || is_far(v);
}

static void read_indent(struct str v, struct html_style *s)
{
	s->set |= STYLE_INDENT;
	s->indent = is_far(v);
}

static void read_offset(struct str v, struct html_style *s)
{
	s->set |= STYLE_OUTSIDE;
	s->outside = s->outside || is_far(v);
}

/* "rect(top, right, bottom, left)", with or without commas: what is between leaves less than a letter. */
static void read_clip(struct str v, struct html_style *s)
{
	double side[4];
	size_t n = 0, at = 5, end;

	if (!str_starts(v, STR("rect(")))
		return;
	for (; n < 4 && at < v.n; at = end + 1) {
		bool relative;
		for (end = at; end < v.n && !strchr(" ,)", v.p[end]);)
			end++;
		if (end > at && !length(str_sub(v, at, end), &side[n++], &relative))
			return; /* auto: that edge of the element */
	}
	s->set |= STYLE_CUT;
	s->cut = n == 4 && (side[2] - side[0] <= 1 || side[1] - side[3] <= 1);
}

static void read_clip_path(struct str v, struct html_style *s)
{
	static const struct str nothing[] = { STR_INIT("inset(50%)"), STR_INIT("inset(100%)"),
					      STR_INIT("circle(0)"), STR_INIT("circle(0px)"),
					      STR_INIT("circle(0%)") };

	for (size_t i = 0; i < ARRAY_LEN(nothing); i++) {
		if (str_eq(v, nothing[i])) {
			s->set |= STYLE_AWAY;
			s->away = true;
		}
	}
}

/* "scale(0)", "translateX(-9999px)": the first function is all that hides text. */
static void read_transform(struct str v, struct html_style *s)
{
	size_t open = str_find_char(v, '(', 0);
	struct str arguments = str_sub(v, open == SIZE_MAX ? v.n : open + 1, str_find_char(v, ')', 0)), unit;
	size_t comma = str_find_char(arguments, ',', 0);
	struct str first = str_trim(str_sub(arguments, 0, comma));
	struct str second =
	    comma == SIZE_MAX ? STR_NONE : str_trim(str_sub(arguments, comma + 1, arguments.n));
	double factor;

	s->set |= STYLE_AWAY;
	if (str_starts(v, STR("scale")) && number(first, &factor, &unit))
		s->away = s->away || (factor < SCALE_LEAST && factor > -SCALE_LEAST);
	else if (str_starts(v, STR("translate")))
		s->away = s->away || is_far(first) || is_far(second);
}

static void tint(struct html_style *s, bool tinted)
{
	if (tinted)
		s->set |= STYLE_TINT;
	s->tinted |= tinted;
}

static void read_tint(struct str v, struct html_style *s)
{
	tint(s, !str_eq(v, STR("none")) && !str_eq(v, STR("normal")) && !str_eq(v, STR("0")));
}

static void read_box_shadow(struct str v, struct html_style *s)
{
	tint(s, str_find(v, STR("inset"), 0) != SIZE_MAX);
}

static void read_filter(struct str v, struct html_style *s)
{
	tint(s,
	     str_find(v, STR("invert("), 0) != SIZE_MAX || str_find(v, STR("drop-shadow("), 0) != SIZE_MAX);
}

static void read_direction(struct str v, struct html_style *s)
{
	s->set |= STYLE_DIRECTION;
	s->rtl = str_eq(v, STR("rtl"));
}

static void read_bidi(struct str v, struct html_style *s)
{
	s->set |= STYLE_BIDI;
	s->turns = str_eq(v, STR("bidi-override")) || str_eq(v, STR("isolate-override"));
}

/* "all: initial": as if nothing had been said. */
static void read_all(struct str v, struct html_style *s)
{
	(void)v;
	*s = (struct html_style){ .font = ROOT_PX };
	s->set = STYLE_GONE | STYLE_INVISIBLE | STYLE_FONT | STYLE_COLOR | STYLE_GROUND | STYLE_FAINT |
		 STYLE_CLIPS | STYLE_FLAT | STYLE_PLACED | STYLE_OUTSIDE | STYLE_AWAY | STYLE_CUT |
		 STYLE_INDENT;
}

static const struct {
	struct str name;
	void (*read)(struct str value, struct html_style *s);
} properties[] = {
	{ STR_INIT("all"), read_all },
	{ STR_INIT("display"), read_display },
	{ STR_INIT("visibility"), read_visibility },
	{ STR_INIT("font-size"), read_font_size },
	{ STR_INIT("font"), read_font },
	{ STR_INIT("color"), read_color },
	{ STR_INIT("background"), read_ground },
	{ STR_INIT("background-color"), read_ground },
	{ STR_INIT("background-image"), read_picture },
	{ STR_INIT("opacity"), read_opacity },
	{ STR_INIT("overflow"), read_overflow },
	{ STR_INIT("overflow-x"), read_overflow },
	{ STR_INIT("overflow-y"), read_overflow },
	{ STR_INIT("height"), read_height },
	{ STR_INIT("max-height"), read_max_height },
	{ STR_INIT("min-height"), read_least },
	{ STR_INIT("width"), read_width },
	{ STR_INIT("max-width"), read_max_width },
	{ STR_INIT("min-width"), read_least },
	{ STR_INIT("position"), read_position },
	{ STR_INIT("left"), read_offset },
	{ STR_INIT("top"), read_offset },
	{ STR_INIT("text-indent"), read_indent },
	{ STR_INIT("margin-left"), read_margin },
	{ STR_INIT("margin-top"), read_margin },
	{ STR_INIT("transform"), read_transform },
	{ STR_INIT("clip"), read_clip },
	{ STR_INIT("direction"), read_direction },
	{ STR_INIT("unicode-bidi"), read_bidi },
	{ STR_INIT("clip-path"), read_clip_path },
	{ STR_INIT("text-shadow"), read_tint },
	{ STR_INIT("-webkit-text-fill-color"), read_tint },
	{ STR_INIT("-webkit-text-stroke"), read_tint },
	{ STR_INIT("-webkit-text-stroke-width"), read_tint },
	{ STR_INIT("mix-blend-mode"), read_tint },
	{ STR_INIT("animation"), read_tint },
	{ STR_INIT("animation-name"), read_tint },
	{ STR_INIT("-webkit-animation"), read_tint },
	{ STR_INIT("-webkit-animation-name"), read_tint },
	{ STR_INIT("box-shadow"), read_box_shadow },
	{ STR_INIT("filter"), read_filter },
	{ STR_INIT("-webkit-filter"), read_filter },
};

void html_style_add(struct html_style *io, const struct html_style *more)
{
	unsigned takes = more->set & ~(io->important & ~more->important);

#define TAKE(bit, member) (takes & (bit) ? (void)(io->member = more->member) : (void)0)
	TAKE(STYLE_GONE, gone);
	TAKE(STYLE_GONE, box);
	TAKE(STYLE_GONE, flows);
	TAKE(STYLE_INVISIBLE, invisible);
	TAKE(STYLE_FONT, font);
	TAKE(STYLE_FONT, relative);
	TAKE(STYLE_COLOR, color);
	TAKE(STYLE_GROUND, ground);
	TAKE(STYLE_GROUND, picture);
	TAKE(STYLE_FAINT, faint);
	TAKE(STYLE_CLIPS, clips);
	TAKE(STYLE_FLAT, flat);
	TAKE(STYLE_PLACED, placed);
	TAKE(STYLE_PLACED, lifted);
	TAKE(STYLE_OUTSIDE, outside);
	TAKE(STYLE_AWAY, away);
	TAKE(STYLE_CUT, cut);
	TAKE(STYLE_INDENT, indent);
	TAKE(STYLE_TINT, tinted);
	TAKE(STYLE_DIRECTION, rtl);
	TAKE(STYLE_BIDI, turns);
#undef TAKE
	io->set |= takes;
	io->important |= more->important & takes;
}

unsigned html_style_shows(const struct html_style *s, bool sure)
{
	unsigned hides =
	    (s->gone ? STYLE_GONE : 0) | (s->invisible ? STYLE_INVISIBLE : 0) | (s->faint ? STYLE_FAINT : 0) |
	    (s->clips ? STYLE_CLIPS : 0) | (s->flat && !(s->flat & FLAT_NOT) ? STYLE_FLAT : 0) |
	    (s->placed ? STYLE_PLACED : 0) | (s->outside ? STYLE_OUTSIDE : 0) | (s->away ? STYLE_AWAY : 0) |
	    (s->cut ? STYLE_CUT : 0) | (s->indent ? STYLE_INDENT : 0);

	if (sure)
		hides |= (s->relative || s->font < STYLE_SEEN_PX ? STYLE_FONT : 0) |
			 (s->color.known ? 0 : STYLE_COLOR) | (s->ground.known ? 0 : STYLE_GROUND);
	return s->set & ~hides;
}

void html_style_show(struct html_style *io, unsigned bits, bool firm)
{
	struct html_style plain = { .box = io->box, .flows = io->flows, .tinted = true };

	plain.set = bits & ~(unsigned)(STYLE_FONT | STYLE_COLOR | STYLE_GROUND);
	plain.important = firm ? plain.set : 0;
	html_style_add(io, &plain);
}

static void declare(struct str name, struct str value, struct html_style *io)
{
	char name_plain[NAME_MAX_BYTES], value_plain[VALUE_MAX_BYTES];
	/* Several properties speak of these together, so what one said stays. */
	struct html_style one = {
		.flat = io->flat, .away = io->away, .outside = io->outside, .tinted = io->tinted
	};
	struct str n = str_trim(str_from(name_plain, plain(name, name_plain, sizeof(name_plain))));
	size_t i = 0;

	while (i < ARRAY_LEN(properties) && !str_eq(n, properties[i].name))
		i++;
	if (i == ARRAY_LEN(properties))
		return;
	struct str v = str_trim(str_from(value_plain, plain(value, value_plain, sizeof(value_plain))));
	size_t bang = str_find_char(v, '!', 0);
	bool important = bang != SIZE_MAX;
	if (important && !str_eq(str_trim(str_sub(v, bang + 1, v.n)), STR("important")))
		return; /* "none !ie" is for browsers that are gone */
	properties[i].read(str_trim(str_sub(v, 0, bang)), &one);
	one.important = important ? one.set : 0;
	html_style_add(io, &one);
}

void html_style_read(struct str s, struct html_style *io)
{
	size_t start = 0, colon = SIZE_MAX, depth = 0;
	char quote = 0;

	for (size_t i = 0; i <= s.n; i++) {
		char c = i < s.n ? s.p[i] : ';';
		if (c == '\\' && i < s.n) {
			i++;
		} else if (quote && i < s.n) {
			quote = c == quote ? 0 : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '(') {
			depth++;
		} else if (c == ')' && depth) {
			depth--;
		} else if (c == ':' && colon == SIZE_MAX) {
			colon = i;
		} else if (c == ';' && (!depth || i == s.n)) {
			if (colon != SIZE_MAX)
				declare(str_sub(s, start, colon), str_sub(s, colon + 1, i), io);
			start = i + 1;
			colon = SIZE_MAX;
			depth = 0;
		}
	}
}
