/* Base64, strict. */
#include "base/base64.h"

#include "base/arena.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static struct str encode(struct arena *a, struct str bytes, const char alphabet[65])
{
	size_t n = (bytes.n + 2) / 3 * 4, at = 0;
	char *z = arena_alloc(a, n + 1);

	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i;
		unsigned v = (unsigned)(unsigned char)bytes.p[i] << 16;
		v |= left > 1 ? (unsigned)(unsigned char)bytes.p[i + 1] << 8 : 0;
		v |= left > 2 ? (unsigned)(unsigned char)bytes.p[i + 2] : 0;
		z[at++] = alphabet[v >> 18];
		z[at++] = alphabet[v >> 12 & 63];
		z[at++] = left > 1 ? alphabet[v >> 6 & 63] : '=';
		z[at++] = left > 2 ? alphabet[v & 63] : '=';
	}
	z[n] = 0;
	return (struct str){ z, n };
}

struct str base64_encode(struct arena *a, struct str bytes)
{
	return encode(a, bytes, LETTERS "+/");
}

struct str base64url_encode(struct arena *a, struct str bytes)
{
	struct str text = encode(a, bytes, LETTERS "-_");

	return str_sub(text, 0, (bytes.n * 4 + 2) / 3);
}

#define LINE_CHARS 76 /* RFC 2045 §6.8 */

struct str base64_encode_lines(struct arena *a, struct str bytes, struct str eol)
{
	struct str text = base64_encode(a, bytes);
	size_t lines = text.n / LINE_CHARS + 1, at = 0;
	char *z = arena_alloc(a, text.n + lines * eol.n + 1);

	for (size_t i = 0; i < text.n; i += LINE_CHARS) {
		struct str line = str_sub(text, i, i + LINE_CHARS);
		if (i > 0) {
			memcpy(z + at, eol.p, eol.n);
			at += eol.n;
		}
		memcpy(z + at, line.p, line.n);
		at += line.n;
	}
	z[at] = 0;
	return (struct str){ z, at };
}

enum { NO_DIGIT = 64, IS_SPACE, IS_PAD };

/* What each byte means: the value of a digit, or one of the above. */
/* clang-format off */
#define X NO_DIGIT
#define S IS_SPACE
#define MEANING(plus, minus, slash, under) { \
	X, X, X, X, X, X, X, X, X, S, S, X, X, S, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, \
	S, X, X, X, X, X, X, X, X, X, X,plus, X,minus, X,slash, 52,53,54,55,56,57,58,59,60,61, X, X, X, IS_PAD, X, X, \
	X, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,10,11,12,13,14, 15,16,17,18,19,20,21,22,23,24,25, X, X, X, X, under, \
	X,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40, 41,42,43,44,45,46,47,48,49,50,51, X, X, X, X, X, \
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, \
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, \
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, \
	X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, \
}
static const unsigned char standard[256] = MEANING(62, X, 63, X);
static const unsigned char url[256] = MEANING(X, 62, X, 63);
#undef MEANING
#undef S
#undef X
/* clang-format on */

/* As many whole groups of four digits at from as come without white space between them. */
static size_t groups(const unsigned char meaning[256], struct str text, size_t from, char **out)
{
	const unsigned char *t = (const unsigned char *)text.p;

	for (; from + 4 <= text.n; from += 4) {
		unsigned a = meaning[t[from]], b = meaning[t[from + 1]], c = meaning[t[from + 2]],
			 d = meaning[t[from + 3]];
		if ((a | b | c | d) >= NO_DIGIT)
			break;
		unsigned v = a << 18 | b << 12 | c << 6 | d;
		*(*out)++ = (char)(v >> 16);
		*(*out)++ = (char)(v >> 8);
		*(*out)++ = (char)v;
	}
	return from;
}

static enum err decode(const unsigned char meaning[256], struct arena *a, struct str text, struct str *out)
{
	char *p = arena_alloc(a, text.n / 4 * 3 + 3), *end = p;
	size_t digits = 0, pads = 0; /* of the group begun */
	unsigned v = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (digits == 0 && pads == 0 && (i = groups(meaning, text, i, &end)) == text.n)
			break;
		unsigned what = meaning[(unsigned char)text.p[i]];
		if (what == IS_SPACE)
			continue;
		if (what == IS_PAD) {
			pads++;
			continue;
		}
		if (what == NO_DIGIT || pads)
			return ERR_SYNTAX;
		v = v << 6 | what;
		if (++digits == 4) {
			*end++ = (char)(v >> 16);
			*end++ = (char)(v >> 8);
			*end++ = (char)v;
			v = 0;
			digits = 0;
		}
	}
	if (digits == 1 || (pads != 0 && (digits == 0 || pads != 4 - digits)))
		return ERR_SYNTAX;
	if (digits >= 2)
		*end++ = (char)(digits == 2 ? v >> 4 : v >> 10);
	if (digits == 3)
		*end++ = (char)(v >> 2);
	*out = (struct str){ p, (size_t)(end - p) };
	return OK;
}

enum err base64_decode(struct arena *a, struct str text, struct str *out)
{
	return decode(standard, a, text, out);
}

enum err base64url_decode(struct arena *a, struct str text, struct str *out)
{
	return decode(url, a, text, out);
}
