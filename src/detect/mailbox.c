/*
 * Local parts are compared by their letters: dots, digits and what follows a plus are how one person has several, and so is
 * another word behind the same first one ("ann.work", "ann.lists").
 */
#include "detect/mailbox.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "detect/text.h"

#define LOCAL_MOST 64 /* RFC 5321 §4.5.3.1.1 */
#define TELLING 3     /* letters, fewer say nothing */
#define SHARED 5      /* letters in a row that two names have by chance seldom */
#define NAME_WORD 4   /* letters of a name that are looked for: shorter ones stand in many addresses */

struct letters {
	char v[LOCAL_MOST];
	size_t n;
	size_t first; /* how many stand before the first sign that is no letter */
};

static struct letters letters_of(struct str address)
{
	struct str local = str_sub(address, 0, str_rfind_char(address, '@'));
	struct letters out = { .n = 0 };

	for (size_t i = 0; i < local.n && local.p[i] != '+' && out.n < LOCAL_MOST; i++) {
		if (abnf_is_alpha((unsigned char)local.p[i]))
			out.v[out.n++] = ascii_lower(local.p[i]);
		out.first = out.n == i + 1 ? out.n : out.first;
	}
	return out;
}

/* The longest run that both have; local parts are short. */
static size_t shared_run(const struct letters *a, const struct letters *b)
{
	size_t longest = 0;

	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++) {
			size_t n = 0;
			while (i + n < a->n && j + n < b->n && a->v[i + n] == b->v[j + n])
				n++;
			longest = n > longest ? n : longest;
		}
	return longest;
}

bool mailbox_is_alike(struct str a, struct str b)
{
	struct letters one = letters_of(a), other = letters_of(b);
	size_t shorter = one.n < other.n ? one.n : other.n;

	if (one.first >= TELLING && one.first == other.first && memcmp(one.v, other.v, one.first) == 0)
		return true;
	return shorter < TELLING || shared_run(&one, &other) >= (shorter < SHARED ? shorter : SHARED);
}

static bool is_plain_word(struct str word)
{
	return word.n >= NAME_WORD && str_is_ascii(word) && !text_is_number(word);
}

static bool next_word(struct str folded, size_t *at, struct str *word)
{
	size_t end = *at < folded.n ? str_find_char(folded, ' ', *at) : SIZE_MAX;

	if (end == SIZE_MAX)
		return false;
	*word = str_sub(folded, *at, end);
	*at = end + 1;
	return true;
}

bool mailbox_has_name(struct arena *a, struct str address, struct str name)
{
	struct letters local = letters_of(address);
	struct str have = str_from(local.v, local.n), words = text_fold(a, &name, 1), word;

	for (size_t at = 1; next_word(words, &at, &word);)
		if (is_plain_word(word) && str_find(have, str_sub(word, 0, NAME_WORD), 0) != SIZE_MAX)
			return true;
	return false;
}

bool mailbox_name_is_readable(struct arena *a, struct str name)
{
	struct str words = text_fold(a, &name, 1), word;
	bool found = false;

	for (size_t at = 1; next_word(words, &at, &word);) {
		if (!str_is_ascii(word))
			return false;
		found |= is_plain_word(word);
	}
	return found;
}
