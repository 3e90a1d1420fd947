/* Base64, strict. */
#include "base/base64.h"

#include "base/arena.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *a, struct str bytes)
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

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

enum err base64_decode(struct arena *a, struct str text, struct str *out)
{
	char *p = arena_alloc(a, text.n / 4 * 3 + 3);
	size_t n = 0, digits = 0, pads = 0;
	unsigned v = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c == '=') {
			pads++;
			continue;
		}
		int d = value_of(c);
		if (d < 0 || pads)
			return ERR_SYNTAX;
		v = v << 6 | (unsigned)d;
		if (++digits % 4 == 0) {
			p[n++] = (char)(v >> 16);
			p[n++] = (char)(v >> 8);
			p[n++] = (char)v;
			v = 0;
		}
	}
	size_t rest = digits % 4;
	if (rest == 1 || (rest ? pads != 4 - rest : pads != 0))
		return ERR_SYNTAX;
	if (rest >= 2)
		p[n++] = (char)(rest == 2 ? v >> 4 : v >> 10);
	if (rest == 3)
		p[n++] = (char)(v >> 2);
	*out = (struct str){ p, n };
	return OK;
}
