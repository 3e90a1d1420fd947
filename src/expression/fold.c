/*
 * Folding: characters by their simple case folding (CaseFolding.txt, C and S), so that texts are compared as bytes. PCRE2 takes
 * characters for equal without regard to case exactly where these foldings are equal (Unicode 14 and 15, compared for all).
 */
#include "expression/internal.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

#define FOLD_MARGIN 8 /* zero bytes behind the text, for whoever reads several at once */

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

bool fold_is_space(uint32_t cp)
{
	return cp < 0x80 ? ascii_is_space((char)cp) : is_wide_space(cp);
}

bool fold_is_unseen(uint32_t cp)
{
	if (cp < FOLD_TABLE)
		return cp == 0xad || cp == 0x34f || cp == 0x61c;
	if (has_no_case(cp))
		return cp == 0x3164;
	return u_hasBinaryProperty((UChar32)cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
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

/* ---- sixteen bytes at once ---- */

#define BLOCK 16
#define CLOSELY 4 /* bytes looked at one by one where a block ends early: mostly a line end */

typedef unsigned char block __attribute__((vector_size(BLOCK)));

static block all_bytes(unsigned char c)
{
	block b;

	memset(&b, c, sizeof(b));
	return b;
}

/* The first byte that is not zero; BLOCK: there is none. */
static size_t first_set(const uint64_t bits[2])
{
	uint64_t word = bits[0] ? bits[0] : bits[1];

	if (!word)
		return BLOCK;
	int bit = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_ctzll(word) : __builtin_clzll(word);
	return (bits[0] ? 0 : 8) + (size_t)bit / 8;
}

/*
 * Copies a block in lower case. Gives how many bytes of it count: up to what takes a closer look, which are controls, what is not
 * ASCII, a space before a space. One more byte is read.
 */
static size_t fold_block(const char *from, char *to)
{
	block c, next, odd;
	uint64_t bits[2];

	memcpy(&c, from, BLOCK);
	memcpy(&next, from + 1, BLOCK);
	odd = (block)(c < all_bytes(' ')) | (block)(c > all_bytes('~')) |
	      ((block)(c == all_bytes(' ')) & (block)(next == all_bytes(' ')));
	memcpy(bits, &odd, sizeof(bits));
	c |= (block)(c >= all_bytes('A')) & (block)(c <= all_bytes('Z')) & all_bytes('a' - 'A');
	memcpy(to, &c, BLOCK);
	return first_set(bits);
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
		size_t whole = 0;
		if (text.n - at > BLOCK && !(was_space && text.p[at] == ' '))
			whole = fold_block(text.p + at, out + n);
		if (whole > 0) {
			at += whole;
			n += whole;
			was_space = f->spaces && out[n - 1] == ' ';
		}
		if (whole == BLOCK)
			continue;
		/* A space behind a space is written over. */
		size_t close = (unsigned char)text.p[at] < 0x80 ? CLOSELY : BLOCK;
		size_t end = text.n - at > close ? at + close : text.n;
		for (unsigned char c; at < end && (c = (unsigned char)text.p[at]) < 0x80; at++) {
			unsigned char l = lower[c];
			bool space = f->spaces && l == ' ';
			out[n] = (char)l;
			n += !(space && was_space);
			was_space = space;
		}
		while (at < end && (unsigned char)text.p[at] >= 0x80) {
			uint32_t cp = next_folded(f, text, &at, kept_out);
			if (f->spaces && fold_is_unseen(cp))
				continue;
			bool space = f->spaces && is_wide_space(cp);
			if (!space)
				n += utf8_encode(cp, out + n);
			else if (!was_space)
				out[n++] = ' ';
			was_space = space;
		}
	}
	if (f->spaces && n > 0 && out[n - 1] == ' ')
		n--;
	memset(out + n, 0, FOLD_MARGIN);
	return str_from(out, n);
}
