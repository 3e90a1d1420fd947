/*
 * Text that is there for filters and not for readers: rows of numbers and codes around a link, so that no two copies are alike
 * and no words are left to judge; or one such word behind the text.
 *
 * Reports of machines are full of numbers, too. They lead to nobody, or to the house that writes; and their words have signs
 * between them, as versions, sums and times do. So codes count only where a link leads to a stranger or a page is attached.
 *
 * Of 5,841 harmless mails none has either, of 3,190 bad ones 10 have codes and 18 such a last word (November 2026).
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "detect/call.h"

#define WORDS_LEAST 25  /* a link with a number beside it is no text */
#define WORDS_MOST 2000 /* are looked at */
#define CODES 0.4       /* share of the words */
#define CODE_LEAST 4    /* letters and digits; "4th", "2nd" and "B2B" are words */
#define CODES_SCORE 0.6
#define TAIL_LEAST 14 /* letters */
#define TAIL_VOWELS \
	4 /* one letter in so many at most; of the words of most languages it is every second or third */
#define TAIL_SCORE 0.5

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What stands between blanks; false: no more. *at begins at 0. */
static bool next_word(struct str text, size_t *at, struct str *out)
{
	while (*at < text.n && is_blank(text.p[*at]))
		(*at)++;
	size_t from = *at;
	while (*at < text.n && !is_blank(text.p[*at]))
		(*at)++;
	*out = str_sub(text, from, *at);
	return out->n > 0;
}

/* A number, or digits among letters. */
static bool is_code(struct str word)
{
	size_t digits = 0;

	for (size_t i = 0; i < word.n; i++) {
		if (!abnf_is_alnum((unsigned char)word.p[i]))
			return false;
		digits += abnf_is_digit((unsigned char)word.p[i]);
	}
	return digits == word.n || (digits > 0 && word.n >= CODE_LEAST);
}

static bool has_codes(struct str text)
{
	size_t words = 0, codes = 0;
	struct str word;

	for (size_t at = 0; words < WORDS_MOST && next_word(text, &at, &word);) {
		if (str_find(word, STR("://"), 0) != SIZE_MAX)
			continue;
		words++;
		codes += is_code(word);
	}
	return words >= WORDS_LEAST && (double)codes >= CODES * (double)words;
}

static struct str last_line(struct str text)
{
	while (text.n > 0 && is_blank(text.p[text.n - 1]))
		text.n--;
	size_t end = str_rfind_char(text, '\n');
	return str_trim(str_sub(text, end == SIZE_MAX ? 0 : end + 1, text.n));
}

/* "ndmcshjjevibsvurgdvmldytkkog": small letters with hardly a vowel. */
static bool is_drawn(struct str word)
{
	size_t vowels = 0;

	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < 'a' || word.p[i] > 'z')
			return false;
		vowels += strchr("aeiouwy", word.p[i]) != NULL;
	}
	return word.n >= TAIL_LEAST && vowels * TAIL_VOWELS <= word.n;
}

/* There is something to open that is not the sender's. */
static bool leads_on(const struct scan *s)
{
	bool page = false;

	for (size_t i = 0; i < s->content->attachments.n; i++)
		page |= str_ends_nocase(s->content->attachments.v[i].name, STR(".html")) ||
			str_ends_nocase(s->content->attachments.v[i].name, STR(".htm"));
	return page || (s->calls->main && !s->calls->house_linked && !s->calls->conversation);
}

static void tell(struct findings *out, struct finding *f, const struct mime_text *t, struct str seen)
{
	finding_where(f, "body", "text", str_sub(seen, 0, 200));
	finding_part(f, t->part);
	finding_detail(out, f, "\"%.*s\"", STR_ARG(str_sub(seen, 0, 100)));
}

static void run(const struct scan *s, struct findings *out)
{
	double share = sender_is_known(s) ? 0.5 : 1;
	bool codes = false, tail = false, leads = leads_on(s);

	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		struct str text = mime_text_shown(t), line = last_line(text);
		if (!codes && leads && has_codes(text)) {
			codes = true;
			tell(out,
			     finding_add(out, "codes", DISP_SPAM, CODES_SCORE * share, CAT_CONTENT_SPAM,
					 "The text is mostly numbers and codes, which nobody reads."),
			     t, str_trim(text));
		}
		if (!tail && is_drawn(line)) {
			tail = true;
			tell(out,
			     finding_add(out, "tail", DISP_SPAM, TAIL_SCORE * share, CAT_CONTENT_SPAM,
					 "The text ends with letters drawn by lot, by which copies of one "
					 "mail differ."),
			     t, line);
		}
	}
}

const struct detector detect_text_noise = {
	.name = "text_noise",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};
