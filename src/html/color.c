/* Reading colours. Browsers know more forms; a form not known here makes nothing invisible. */
#include "html/color.h"

#include "base/abnf.h"
#include "base/base64.h"

#define TELLING 30 /* sum of the differences of red, green and blue below which text is lost in its ground */
#define FAINT 20   /* alpha, of 255, below which it is not seen at all */

static const struct {
	struct str name;
	uint32_t rgb;
} names[] = {
	{ STR_INIT("black"), 0x000000 },         { STR_INIT("white"), 0xffffff },
	{ STR_INIT("silver"), 0xc0c0c0 },        { STR_INIT("gray"), 0x808080 },
	{ STR_INIT("grey"), 0x808080 },          { STR_INIT("maroon"), 0x800000 },
	{ STR_INIT("red"), 0xff0000 },           { STR_INIT("purple"), 0x800080 },
	{ STR_INIT("fuchsia"), 0xff00ff },       { STR_INIT("green"), 0x008000 },
	{ STR_INIT("lime"), 0x00ff00 },          { STR_INIT("olive"), 0x808000 },
	{ STR_INIT("yellow"), 0xffff00 },        { STR_INIT("navy"), 0x000080 },
	{ STR_INIT("blue"), 0x0000ff },          { STR_INIT("teal"), 0x008080 },
	{ STR_INIT("aqua"), 0x00ffff },          { STR_INIT("orange"), 0xffa500 },
	{ STR_INIT("snow"), 0xfffafa },          { STR_INIT("ivory"), 0xfffff0 },
	{ STR_INIT("ghostwhite"), 0xf8f8ff },    { STR_INIT("whitesmoke"), 0xf5f5f5 },
	{ STR_INIT("mintcream"), 0xf5fffa },     { STR_INIT("floralwhite"), 0xfffaf0 },
	{ STR_INIT("azure"), 0xf0ffff },         { STR_INIT("aliceblue"), 0xf0f8ff },
	{ STR_INIT("honeydew"), 0xf0fff0 },      { STR_INIT("seashell"), 0xfff5ee },
	{ STR_INIT("lavenderblush"), 0xfff0f5 }, { STR_INIT("lightyellow"), 0xffffe0 },
	{ STR_INIT("gainsboro"), 0xdcdcdc },     { STR_INIT("lightgray"), 0xd3d3d3 },
	{ STR_INIT("lightgrey"), 0xd3d3d3 },     { STR_INIT("windowtext"), 0x000000 },
	{ STR_INIT("window"), 0xffffff },
};

static struct html_color of_rgb(uint32_t rgb)
{
	return (struct html_color){ true, (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb, 255 };
}

static int hex_digit(char c)
{
	return abnf_is_digit((unsigned char)c)                  ? c - '0'
	       : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10
								: -1;
}

/* 3, 4, 6 or 8 digits. */
static struct html_color of_hex(struct str digits)
{
	uint8_t v[8], c[4] = { 0, 0, 0, 255 };
	size_t each = digits.n > 4 ? 2 : 1;

	if (digits.n != 3 && digits.n != 4 && digits.n != 6 && digits.n != 8)
		return (struct html_color){ 0 };
	for (size_t i = 0; i < digits.n; i++) {
		int d = hex_digit(digits.p[i]);
		if (d < 0)
			return (struct html_color){ 0 };
		v[i] = (uint8_t)d;
	}
	for (size_t i = 0; i < ARRAY_LEN(c) && i < digits.n / each; i++)
		c[i] = each == 2 ? (uint8_t)(v[2 * i] * 16 + v[2 * i + 1]) : (uint8_t)(v[i] * 17);
	return (struct html_color){ true, c[0], c[1], c[2], c[3] };
}

/* A number of rgb(): 0..255, a percentage, or, of alpha, a share of one. *at moves behind it. */
static bool number(struct str s, size_t *at, double whole, double *out)
{
	double value = 0, scale = 1;
	size_t digits = 0;

	while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == ',' || s.p[*at] == '/'))
		++*at;
	bool fraction = false;
	for (; *at < s.n && (abnf_is_digit((unsigned char)s.p[*at]) || (s.p[*at] == '.' && !fraction));
	     ++*at) {
		if (s.p[*at] == '.') {
			fraction = true;
			continue;
		}
		digits++;
		value = value * 10 + (s.p[*at] - '0');
		scale *= fraction ? 10 : 1;
		if (value > 1e9)
			return false;
	}
	value /= scale;
	if (*at < s.n && s.p[*at] == '%') {
		value = value * whole / 100;
		++*at;
	}
	*out = value > whole ? whole : value;
	return digits > 0;
}

static struct html_color of_function(struct str arguments)
{
	double v[3], alpha = 1;
	size_t at = 0;

	for (size_t i = 0; i < 3; i++)
		if (!number(arguments, &at, 255, &v[i]))
			return (struct html_color){ 0 };
	if (!number(arguments, &at, 1, &alpha))
		alpha = 1;
	if (str_trim(str_sub(arguments, at, arguments.n)).n)
		return (struct html_color){ 0 }; /* browsers pass over what holds more */
	return (struct html_color){ true, (uint8_t)v[0], (uint8_t)v[1], (uint8_t)v[2],
				    (uint8_t)(alpha * 255) };
}

struct html_color html_color_read(struct str text)
{
	size_t close = str_find_char(text, ')', 0);

	if (close != SIZE_MAX && close + 1 != text.n)
		return (struct html_color){ 0 };
	if (str_starts(text, STR("#")))
		return of_hex(str_sub(text, 1, text.n));
	if (str_starts_nocase(text, STR("rgb("))) /* the comma form and that with spaces */
		return of_function(str_sub(text, 4, close));
	if (str_starts_nocase(text, STR("rgba(")))
		return of_function(str_sub(text, 5, close));
	if (str_eq_nocase(text, STR("transparent")))
		return (struct html_color){ .known = true };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(text, names[i].name))
			return of_rgb(names[i].rgb);
	return (struct html_color){ 0 };
}

struct html_color html_color_find(struct str value)
{
	for (size_t at = 0; at < value.n;) {
		size_t end = at, depth = 0;
		for (; end < value.n && (depth > 0 || value.p[end] != ' '); end++)
			depth = value.p[end] == '('            ? depth + 1
				: value.p[end] == ')' && depth ? depth - 1
							       : depth;
		struct html_color c = html_color_read(str_sub(value, at, end));
		if (c.known)
			return c;
		at = end + 1;
	}
	return (struct html_color){ 0 };
}

static int apart(uint8_t a, uint8_t b)
{
	return a > b ? a - b : b - a;
}

bool html_color_differs(struct html_color text, struct html_color ground)
{
	if (text.alpha < FAINT)
		return false;
	return apart(text.r, ground.r) + apart(text.g, ground.g) + apart(text.b, ground.b) >= TELLING;
}
