/* Folding text for comparison. ICU gives lower case; accents of Latin letters are dropped by a table of ours. */
#include "detect/text.h"

#include <unicode/uchar.h>

#include "base/arena.h"
#include "base/abnf.h"
#include "base/utf8.h"

/* U+00E0..U+017F in lower case, what remains without the accent; '\0' stays as it is. */
static const char plain[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuyty" /* 00e0..00ff */
			    "aaaaaaccccccccdd"                  /* 0100 */
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "iiiijjkkklllllll"
			    "lllnnnnnnnnnoooo"
			    "oooorrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";
_Static_assert(sizeof(plain) - 1 == 0x180 - 0xe0, "one letter for each code point");

static bool is_dropped(uint32_t cp)
{
	return cp == 0xad || (cp >= 0x200b && cp <= 0x200f) || cp == 0x2060 || cp == 0xfeff || cp == 0x34f ||
	       (cp >= 0x300 && cp <= 0x36f);
}

/* Written without spaces: kana, ideographs, Thai. */
static bool stands_alone(uint32_t cp)
{
	return (cp >= 0x3040 && cp <= 0x30ff) || (cp >= 0x3400 && cp <= 0x9fff) ||
	       (cp >= 0xe00 && cp <= 0xe7f);
}

#define STYLED_LETTERS 0x1d400 /* thirteen alphabets of 52 letters: bold, script and the like */
#define STYLED_LETTERS_END 0x1d6a4
#define STYLED_DIGITS 0x1d7ce
#define STYLED_DIGITS_END 0x1d800

/* Letters and digits of mathematics, and those in circles, with which words are made strange to programs. */
static uint32_t unstyled(uint32_t cp)
{
	if (cp >= STYLED_LETTERS && cp < STYLED_LETTERS_END)
		return 'a' + (cp - STYLED_LETTERS) % 52 % 26;
	if (cp >= STYLED_DIGITS && cp < STYLED_DIGITS_END)
		return '0' + (cp - STYLED_DIGITS) % 10;
	if (cp >= 0x24b6 && cp <= 0x24e9)
		return 'a' + (cp - 0x24b6) % 26;
	return cp;
}

static uint32_t fold(uint32_t cp)
{
	cp = unstyled(cp);
	if (cp >= 0xff01 && cp <= 0xff5e)
		cp -= 0xfee0;
	cp = (uint32_t)u_tolower((UChar32)cp);
	if (cp >= 0xe0 && cp < 0x180 && plain[cp - 0xe0])
		return (unsigned char)plain[cp - 0xe0];
	return cp;
}

struct writer {
	char *p;
	size_t n, room;
	bool gap; /* a space stands last */
};

static void put_space(struct writer *w)
{
	if (!w->gap && w->n < w->room)
		w->p[w->n++] = ' ';
	w->gap = true;
}

static void put_char(struct writer *w, uint32_t cp)
{
	char utf8[4];
	size_t n = utf8_encode(cp, utf8);

	if (w->n + n > w->room)
		return;
	memcpy(w->p + w->n, utf8, n);
	w->n += n;
	w->gap = false;
}

static void fold_part(struct writer *w, struct str s)
{
	size_t at = 0;

	while (at < s.n) {
		unsigned char c = (unsigned char)s.p[at];
		if (c < 0x80) { /* nearly all of it */
			if (abnf_is_alnum(c))
				put_char(w, (unsigned char)ascii_lower((char)c));
			else if (c != '\'')
				put_space(w);
			at++;
			continue;
		}
		uint32_t cp = fold(utf8_next(s, &at));
		if (is_dropped(cp) || cp == 0x2019)
			continue;
		if (stands_alone(cp)) {
			put_space(w);
			put_char(w, cp);
			put_space(w);
		} else if (cp < 0x80 ? abnf_is_alnum((unsigned char)cp) : u_isalnum((UChar32)cp)) {
			put_char(w, cp);
		} else {
			put_space(w);
		}
	}
	put_space(w);
}

struct str text_fold(struct arena *a, const struct str *parts, size_t n)
{
	struct writer w = { .room = 2 };

	for (size_t i = 0; i < n; i++)
		w.room += (parts[i].n < TEXT_FOLD_MAX ? parts[i].n : TEXT_FOLD_MAX) * 2 + 2;
	w.p = arena_alloc(a, w.room);
	put_space(&w);
	for (size_t i = 0; i < n; i++)
		fold_part(&w, utf8_cut(parts[i], TEXT_FOLD_MAX));
	return str_from(w.p, w.n);
}

bool text_is_number(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!abnf_is_digit((unsigned char)word.p[i]))
			return false;
	return true;
}

size_t text_word_count(struct str folded)
{
	size_t spaces = 0;

	for (size_t i = 0; i < folded.n; i++)
		spaces += folded.p[i] == ' ';
	return spaces > 0 ? spaces - 1 : 0;
}
