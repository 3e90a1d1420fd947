/* UTF-8. */
#include "base/utf8.h"

#include "base/arena.h"

uint32_t utf8_next(struct str s, size_t *at)
{
	const unsigned char *p = (const unsigned char *)s.p + *at;
	size_t left = s.n - *at, len;
	uint32_t cp, least;

	if (p[0] < 0x80) {
		*at += 1;
		return p[0];
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		len = 2, cp = p[0] & 0x1f, least = 0x80;
	} else if ((p[0] & 0xf0) == 0xe0) {
		len = 3, cp = p[0] & 0x0f, least = 0x800;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		len = 4, cp = p[0] & 0x07, least = 0x10000;
	} else {
		len = 0, cp = 0, least = 0;
	}
	bool well = len && len <= left;
	for (size_t i = 1; well && i < len; i++) {
		well = (p[i] & 0xc0) == 0x80;
		cp = cp << 6 | (p[i] & 0x3f);
	}
	if (!well || cp < least || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff)) {
		*at += 1;
		return UTF8_REPLACEMENT;
	}
	*at += len;
	return cp;
}

size_t utf8_length(struct str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.n; n++)
		utf8_next(s, &at);
	return n;
}

size_t utf8_unfinished(struct str s)
{
	for (size_t n = 1; n <= 3 && n <= s.n; n++) {
		unsigned char c = (unsigned char)s.p[s.n - n];
		if ((c & 0xc0) != 0x80)
			return c >= 0xf0 || (c >= 0xe0 && n < 3) || (c >= 0xc0 && n < 2) ? n : 0;
	}
	return 0;
}

bool utf8_is_control(uint32_t cp)
{
	bool turns = (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);

	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || turns;
}

bool utf8_is_invisible(uint32_t cp)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{ 0xad, 0xad },       { 0x34f, 0x34f },   { 0x61c, 0x61c },     { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f }, { 0x200b, 0x200f },   { 0x202a, 0x202e },
		{ 0x2060, 0x206f },   { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfff8 }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < ARRAY_LEN(ranges) && cp >= ranges[i].from; i++)
		if (cp <= ranges[i].to)
			return true;
	return false;
}

bool utf8_is_valid(struct str s)
{
	if (str_is_ascii(s)) /* nearly all is */
		return true;
	for (size_t at = 0; at < s.n;) {
		size_t from = at;
		/* A real U+FFFD is three bytes long; a byte replaced by it is one. */
		if (utf8_next(s, &at) == UTF8_REPLACEMENT && at - from == 1)
			return false;
	}
	return true;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = UTF8_REPLACEMENT;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

void utf8_add(struct buf *b, uint32_t cp)
{
	char bytes[4];

	buf_add(b, (struct str){ bytes, utf8_encode(cp, bytes) });
}

struct str utf8_clean(struct arena *a, struct str s)
{
	size_t n = 0;

	if (utf8_is_valid(s))
		return s;
	char *z = arena_array(a, s.n, 3); /* at worst each byte becomes the three bytes of U+FFFD */
	for (size_t at = 0; at < s.n;)
		n += utf8_encode(utf8_next(s, &at), z + n);
	return (struct str){ z, n };
}

struct str utf8_cut(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return (struct str){ s.p, max };
}

static void reverse(char *s, size_t n)
{
	for (size_t i = 0; i < n / 2; i++) {
		char c = s[i];
		s[i] = s[n - 1 - i];
		s[n - 1 - i] = c;
	}
}

void utf8_reverse(char *s, size_t n)
{
	size_t end;

	reverse(s, n);
	for (size_t i = 0; i < n; i = end) {
		for (end = i; end < n && ((unsigned char)s[end] & 0xc0) == 0x80;)
			end++;
		end += end < n;
		reverse(s + i, end - i);
	}
}

bool utf8_has_rtl(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		uint32_t cp = utf8_next(s, &at);
		if ((cp >= 0x590 && cp <= 0x8ff) || (cp >= 0xfb1d && cp <= 0xfdff) ||
		    (cp >= 0xfe70 && cp <= 0xfefe) || (cp >= 0x10800 && cp <= 0x10fff) ||
		    (cp >= 0x1e800 && cp <= 0x1efff))
			return true;
	}
	return false;
}
