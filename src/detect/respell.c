/*
 * Words spelled otherwise, by the words of the lexicon alone: whatever does not become one of them stays as it was, so that
 * numbers of orders, tables and initials are left in peace.
 */
#include "detect/respell.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "base/utf8.h"
#include "detect/lexicon.h"
#include "detect/text.h"

#define LEET_LEAST 4 /* letters and digits of a word; shorter ones count where there are such words */
#define LEET_SHORT 2
#define LEET_MOST 24  /* longer ones are no word */
#define LEET_ONES 3   /* a one is an l or an i, and each is tried */
#define RUN_LEAST 4   /* letters that stand alone one behind the other */
#define RUN_MOST 512  /* more are looked at in pieces */
#define WORD_MOST 24  /* letters of a word in a run */
#define WORD_LONG 4   /* shorter ones lie in any row of letters */
#define WORD_SURE 6   /* and one that long lies in none by chance */
#define COST_LETTER 3 /* of a letter that belongs to no word, where a word costs one */

static char digit_letter(char c, bool one_is_l)
{
	switch (c) {
	case '0':
		return 'o';
	case '1':
		return one_is_l ? 'l' : 'i';
	case '3':
		return 'e';
	case '4':
		return 'a';
	case '5':
		return 's';
	case '7':
		return 't';
	default:
		return abnf_is_alpha((unsigned char)c) ? c : 0;
	}
}

/* Digits that stand for letters made letters, in place; whether there were any. */
static bool read_digits(char *p, size_t n, size_t least)
{
	char word[LEET_MOST];
	size_t ones = 0, letters = 0;

	if (n < least || n > LEET_MOST)
		return false;
	for (size_t i = 0; i < n; i++) {
		letters += abnf_is_alpha((unsigned char)p[i]);
		ones += p[i] == '1';
		if (!digit_letter(p[i], true))
			return false;
	}
	if (letters < least / 2 || letters == n || ones > LEET_ONES || lexicon_has_word(str_from(p, n)))
		return false;
	for (unsigned choice = 0; choice < 1u << ones; choice++) {
		unsigned one = 0;
		for (size_t i = 0; i < n; i++)
			word[i] = digit_letter(p[i], choice >> (p[i] == '1' ? one++ : 0) & 1);
		if (lexicon_has_word(str_from(word, n))) {
			memcpy(p, word, n);
			return true;
		}
	}
	return false;
}

/* Letters that stood alone, one behind the other. */
struct run {
	char letters[RUN_MOST * 4];
	size_t at[RUN_MOST + 1]; /* where each begins, and the end */
	size_t n;
	unsigned cost[RUN_MOST + 1];
	size_t back[RUN_MOST + 1]; /* where the word or letter begins that ends there, with the least cost */
};

static struct str letters_between(const struct run *r, size_t from, size_t to)
{
	return str_from(r->letters + r->at[from], r->at[to] - r->at[from]);
}

/* The fewest words, and least of all letters between them, that the run falls into. */
static void part_run(struct run *r)
{
	for (size_t end = 1; end <= r->n; end++) {
		r->cost[end] = r->cost[end - 1] + COST_LETTER;
		r->back[end] = end - 1;
		for (size_t from = end > WORD_MOST ? end - WORD_MOST : 0; from + 1 < end; from++) {
			if (r->cost[from] + 1 >= r->cost[end] ||
			    !lexicon_has_word(letters_between(r, from, end)))
				continue;
			r->cost[end] = r->cost[from] + 1;
			r->back[end] = from;
		}
	}
}

/*
 * Writes the words of a run, each with a space behind it; gives the bytes, 0 where it is no text. Where most letters are
 * words of some length, the rest are words, too, which nobody knows; else only long words are believed.
 */
static size_t write_run(struct run *r, char *out)
{
	size_t known = 0, sure = 0, n = 0, length;
	bool ends[RUN_MOST + 1] = { false };

	part_run(r);
	for (size_t end = r->n; end > 0; end -= length) {
		length = end - r->back[end];
		known += length >= WORD_LONG ? length : 0;
		sure += length >= WORD_SURE;
	}
	bool text = known * 2 >= r->n;
	if (!text && sure == 0)
		return 0;
	for (size_t end = r->n; end > 0; end -= length) {
		length = end - r->back[end];
		if (text ? length > 1 : length >= WORD_SURE)
			ends[end] = ends[r->back[end]] = true;
		for (size_t i = end - length; !text && length < WORD_SURE && i < end; i++)
			ends[i + 1] = true;
	}
	for (size_t i = 0; i < r->n; i++) {
		struct str letter = letters_between(r, i, i + 1);
		if (i > 0 && ends[i])
			out[n++] = ' ';
		memcpy(out + n, letter.p, letter.n);
		n += letter.n;
	}
	out[n++] = ' ';
	return n;
}

/* The letter that alone is the word at `at`, behind a space; its bytes, 0 = none. */
static size_t letter_alone(struct str s, size_t at)
{
	size_t end = at;

	if (at >= s.n || s.p[at] == ' ' || abnf_is_digit((unsigned char)s.p[at]))
		return 0;
	if ((unsigned char)s.p[at] < 0x80)
		return at + 1 < s.n && s.p[at + 1] == ' ' ? 1 : 0;
	uint32_t cp = utf8_next(s, &end);
	return end < s.n && s.p[end] == ' ' && !text_stands_alone(cp) ? end - at : 0;
}

static size_t take_run(struct str s, size_t at, struct run *r)
{
	size_t n;

	r->n = r->at[0] = 0;
	while (r->n < RUN_MOST && (n = letter_alone(s, at)) > 0) {
		memcpy(r->letters + r->at[r->n], s.p + at, n);
		r->at[r->n + 1] = r->at[r->n] + n;
		r->n++;
		at += n + 1;
	}
	return at;
}

/* Words with digits, in place. Whoever writes some so writes the short ones so, too. */
static void respell_digits(char *p, size_t n)
{
	size_t least = LEET_LEAST;

	for (int pass = 0; pass < 2; pass++) {
		bool any = false;
		for (size_t at = 1, end; at < n; at = end + 1) {
			bool digit = false;
			for (end = at; end < n && p[end] != ' '; end++)
				digit |= abnf_is_digit((unsigned char)p[end]);
			any |= digit && read_digits(p + at, end - at, least);
		}
		if (!any)
			return;
		least = LEET_SHORT;
	}
}

/* What a text has that may have to be read anew; most have nothing. */
struct oddity {
	bool run;    /* RUN_LEAST words of one letter, or of the bytes of one */
	bool digits; /* a word of letters and digits */
};

static struct oddity oddity_of(struct str folded)
{
	struct oddity o = { 0 };
	size_t alone = 0;

	for (size_t at = 1; at < folded.n;) {
		size_t from = at, digits = 0;
		for (; at < folded.n && folded.p[at] != ' '; at++)
			digits += abnf_is_digit((unsigned char)folded.p[at]);
		size_t n = at++ - from;
		alone = n <= ((unsigned char)folded.p[from] < 0x80 ? 1 : 4) ? alone + 1 : 0;
		o.run |= alone >= RUN_LEAST;
		o.digits |= digits > 0 && digits < n;
	}
	return o;
}

/* Runs put together, in a copy. */
static struct str respell_runs(struct arena *a, struct str folded)
{
	struct run *r = ARENA_NEW(a, struct run);
	char *p = arena_alloc(a, folded.n);
	size_t n = 0, at = 1;

	p[n++] = ' ';
	while (at < folded.n) {
		size_t end, written = 0;
		if (letter_alone(folded, at) > 0) {
			end = take_run(folded, at, r);
			written = r->n >= RUN_LEAST ? write_run(r, p + n) : 0;
		} else {
			end = str_find_char(folded, ' ', at) + 1;
		}
		if (written == 0) {
			written = end - at;
			memcpy(p + n, folded.p + at, written);
		}
		n += written;
		at = end;
	}
	return str_from(p, n);
}

struct str respell(struct arena *a, struct str folded)
{
	struct oddity o = oddity_of(folded);

	if (o.run)
		folded = respell_runs(a, folded);
	if (!o.digits)
		return folded;
	char *p = arena_strndup(a, folded.p, folded.n);
	respell_digits(p, folded.n);
	return str_from(p, folded.n);
}
