/* One token at a time. */
#include "file/pdf_token.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/charset.h"

static bool is_space(char c)
{
	return ascii_is_space(c) || c == 0;
}

static bool is_regular(char c)
{
	return !is_space(c) && !(c && strchr("()<>[]{}/%", c));
}

static void skip_space(struct pdf_tokens *t)
{
	while (t->at < t->s.n) {
		if (is_space(t->s.p[t->at])) {
			t->at++;
		} else if (t->s.p[t->at] == '%') {
			while (t->at < t->s.n && t->s.p[t->at] != '\n' && t->s.p[t->at] != '\r')
				t->at++;
		} else {
			return;
		}
	}
}

static struct str take_regular(struct pdf_tokens *t)
{
	size_t from = t->at;

	while (t->at < t->s.n && is_regular(t->s.p[t->at]))
		t->at++;
	return str_sub(t->s, from, t->at);
}

/* "/J#61vaScript" is JavaScript (§7.3.5). */
static struct str unescape_name(struct arena *a, struct str name)
{
	if (str_find_char(name, '#', 0) == SIZE_MAX)
		return name;
	char *z = arena_alloc(a, name.n);
	size_t n = 0;
	for (size_t i = 0; i < name.n; i++) {
		int high = i + 2 < name.n ? abnf_hex_value((unsigned char)name.p[i + 1]) : -1;
		int low = i + 2 < name.n ? abnf_hex_value((unsigned char)name.p[i + 2]) : -1;
		bool escape = name.p[i] == '#' && high >= 0 && low >= 0;
		z[n++] = escape ? (char)(high << 4 | low) : name.p[i];
		i += escape ? 2 : 0;
	}
	return str_from(z, n);
}

/* Up to the parenthesis that closes it (§7.3.4.2); the token's text is without the outer ones. */
static struct str take_string(struct pdf_tokens *t)
{
	size_t from = ++t->at, depth = 1;

	for (; t->at < t->s.n; t->at++) {
		char c = t->s.p[t->at];
		if (c == '\\')
			t->at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
	struct str out = str_sub(t->s, from, t->at);
	t->at = t->at < t->s.n ? t->at + 1 : t->s.n;
	return out;
}

static void take_angle(struct pdf_tokens *t, struct pdf_token *out)
{
	size_t from = ++t->at;

	if (t->at < t->s.n && t->s.p[t->at] == '<') {
		t->at++;
		out->kind = PDF_DICT;
		return;
	}
	size_t end = str_find_char(t->s, '>', from);
	out->kind = PDF_HEX;
	out->text = str_sub(t->s, from, end);
	t->at = end == SIZE_MAX ? t->s.n : end + 1;
}

static void take_word(struct pdf_tokens *t, struct pdf_token *out)
{
	out->text = take_regular(t);
	out->kind = PDF_WORD;
	bool number = true;
	for (size_t i = 0; i < out->text.n; i++)
		number &=
		    abnf_is_digit((unsigned char)out->text.p[i]) || strchr("+-.", out->text.p[i]) != NULL;
	if (!number)
		return;
	out->kind = PDF_NUMBER;
	if (str_to_u64(out->text, UINT32_MAX, &out->number) != OK)
		out->number = 0;
}

bool pdf_next(struct pdf_tokens *t, struct pdf_token *out)
{
	*out = (struct pdf_token){ 0 };
	for (;;) {
		skip_space(t);
		if (t->at >= t->s.n)
			return false;
		char c = t->s.p[t->at], next = t->at + 1 < t->s.n ? t->s.p[t->at + 1] : 0;
		if (c == '/') {
			t->at++;
			out->kind = PDF_NAME;
			out->text = unescape_name(t->a, take_regular(t));
		} else if (c == '(') {
			out->kind = PDF_STRING;
			out->text = take_string(t);
		} else if (c == '<') {
			take_angle(t, out);
		} else if (c == '>' && next == '>') {
			t->at += 2;
			out->kind = PDF_DICT_END;
		} else if (c == '[' || c == ']') {
			t->at++;
			out->kind = c == '[' ? PDF_ARRAY : PDF_ARRAY_END;
		} else if (is_regular(c)) {
			take_word(t, out);
		} else {
			t->at++; /* a stray delimiter */
			continue;
		}
		return true;
	}
}

#define NUMBER_DIGITS 15 /* more make no difference */

double pdf_number(const struct pdf_token *t)
{
	bool negative = false, fraction = false;
	double v = 0, unit = 1;

	if (t->kind != PDF_NUMBER)
		return 0;
	for (size_t i = 0, n = 0; i < t->text.n && n < NUMBER_DIGITS; i++) {
		char c = t->text.p[i];
		if (c == '.') {
			fraction = true;
		} else if (c == '-' || c == '+') {
			negative |= c == '-';
		} else {
			unit = fraction ? unit / 10 : unit;
			v = v * 10 + (c - '0');
			n++;
		}
	}
	v *= unit;
	return negative ? -v : v;
}

static struct str unhex(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n / 2 + 1);
	size_t n = 0;
	int half = -1;

	for (size_t i = 0; i < s.n; i++) {
		int digit = abnf_hex_value((unsigned char)s.p[i]);
		if (digit < 0)
			continue;
		if (half >= 0)
			z[n++] = (char)(half << 4 | digit);
		half = half >= 0 ? -1 : digit;
	}
	if (half >= 0)
		z[n++] = (char)(half << 4); /* an odd digit has a 0 behind it (§7.3.4.3) */
	return str_from(z, n);
}

/* The byte that a backslash and what follows stand for; -1 = none. Moves *at behind it. */
static int take_escape(struct str s, size_t *at)
{
	static const char letters[] = "nrtbf", bytes[] = "\n\r\t\b\f";
	char c = *at < s.n ? s.p[(*at)++] : 0;
	const char *letter = c ? strchr(letters, c) : NULL;

	if (letter)
		return bytes[letter - letters];
	if (c == '\r' || c == '\n') { /* a line goes on */
		if (c == '\r' && *at < s.n && s.p[*at] == '\n')
			(*at)++;
		return -1;
	}
	if (c < '0' || c > '7')
		return (unsigned char)c;
	int v = c - '0';
	for (int i = 0; i < 2 && *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '7'; i++)
		v = v * 8 + (s.p[(*at)++] - '0');
	return v & 0xff;
}

struct str pdf_string(struct arena *a, const struct pdf_token *t)
{
	if (t->kind == PDF_HEX)
		return unhex(a, t->text);
	if (str_find_char(t->text, '\\', 0) == SIZE_MAX)
		return t->text;
	char *z = arena_alloc(a, t->text.n);
	size_t n = 0;
	for (size_t at = 0; at < t->text.n;) {
		int c = (unsigned char)t->text.p[at++];
		if (c == '\\')
			c = take_escape(t->text, &at);
		if (c >= 0)
			z[n++] = (char)c;
	}
	return str_from(z, n);
}

struct str pdf_text(struct arena *a, struct str s)
{
	if (str_starts(s, STR("\xfe\xff")) || str_starts(s, STR("\xff\xfe")))
		return charset_to_utf8(a, STR("utf-16"), s, NULL);
	if (str_starts(s, STR("\xef\xbb\xbf")))
		s = str_sub(s, 3, s.n);
	return charset_to_utf8(a, STR_NONE, s, NULL);
}
