/*
 * Folding: characters by their simple case folding (CaseFolding.txt, C and S), so that texts are compared as bytes. PCRE2 takes
 * characters for equal without regard to case exactly where these foldings are equal (Unicode 14 and 15, compared for all).
 */
#include "policy/expression.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

#define FOLD_MARGIN 4 /* zero bytes behind the text, for whoever reads four at once */

uint32_t fold_char(uint32_t cp)
{
	return (uint32_t)u_foldCase((UChar32)cp, U_FOLD_CASE_DEFAULT);
}

void fold_table(uint16_t table[FOLD_TABLE])
{
	for (uint32_t cp = 0; cp < FOLD_TABLE; cp++) {
		uint32_t folded = fold_char(cp);
		table[cp] = (uint16_t)folded;
	}
}

/* Han, kana and Hangul have no case; they are most of what is not in the table. */
static bool has_no_case(uint32_t cp)
{
	return (cp >= 0x2e80 && cp < 0xa640) || (cp >= 0xac00 && cp < 0xd7a4);
}

/* White space beyond ASCII that pages and mail programs use for layout. */
static bool is_wide_space(uint32_t cp)
{
	return cp == 0x85 || cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 ||
	       cp == 0x2029 || cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

static size_t beyond_ascii(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += (unsigned char)s.p[i] >> 7;
	return n;
}

/* The character at *at, folded. */
static uint32_t next_folded(const struct fold *f, struct str text, size_t *at, bool *kept)
{
	uint32_t cp = utf8_next(text, at);

	if (cp == CHAR_LONG_S || cp == CHAR_KELVIN) {
		*kept = true;
		if (f->keep)
			return cp;
	}
	if (cp < FOLD_TABLE)
		return f->table[cp];
	return has_no_case(cp) ? cp : fold_char(cp);
}

struct str fold_text(struct arena *a, const struct fold *f, struct str text, bool *kept_out)
{
	/* Of a character beyond ASCII one byte may become three. */
	char *out = arena_alloc(a, text.n + 2 * beyond_ascii(text) + FOLD_MARGIN);
	unsigned char lower[128];
	size_t n = 0;
	bool was_space = f->spaces;

	*kept_out = false;
	for (unsigned c = 0; c < 128; c++)
		lower[c] = (unsigned char)(f->spaces && ascii_is_space((char)c) ? ' ' : ascii_lower((char)c));
	for (size_t at = 0; at < text.n;) {
		/* A space behind a space is written over. */
		for (unsigned char c; at < text.n && (c = (unsigned char)text.p[at]) < 0x80; at++) {
			unsigned char l = lower[c];
			bool space = f->spaces && l == ' ';
			out[n] = (char)l;
			n += !(space && was_space);
			was_space = space;
		}
		if (at == text.n)
			break;
		uint32_t cp = next_folded(f, text, &at, kept_out);
		if (f->spaces && is_wide_space(cp)) {
			out[n] = ' ';
			n += !was_space;
			was_space = true;
			continue;
		}
		n += utf8_encode(cp, out + n);
		was_space = false;
	}
	if (f->spaces && n > 0 && out[n - 1] == ' ')
		n--;
	memset(out + n, 0, FOLD_MARGIN);
	return str_from(out, n);
}
