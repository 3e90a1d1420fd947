/*
 * Finding phrases. The index is the same for every mail and is made once, by the first scan of a process; workers
 * inherit it. A phrase is found by its first two words, so that a common first word costs nothing.
 */
#include "detect/lexicon.h"

#include <pthread.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "detect/text.h"

ENUM_DEFINE(intent, INTENTS);

#define CUE_MOST 45 /* hundredths: what the phrases of one cue may give together */
#define PHRASES_MAX 16384
#define SLOTS 32768 /* a power of two, twice the phrases */
#define INDEX_BYTES (4u << 20)

struct lexicon {
	struct arena *arena; /* of all below, for as long as the program runs */
	struct phrase *v;    /* [0] is none */
	size_t n;
	struct slot {
		uint32_t hash;
		uint16_t phrase;
	} slots[SLOTS];
	size_t n_words;
	struct str words[SLOTS]; /* of all phrases, each once */
};

static struct lexicon lexicon;

#define HASH_START 14695981039346656037u

/* FNV-1a: the lexicon is ours, nobody can make it collide. */
static uint64_t hash_more(uint64_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h;
}

static uint32_t hash_end(uint64_t h)
{
	return (uint32_t)(h ^ h >> 29);
}

static uint32_t hash_of(struct str s)
{
	return hash_end(hash_more(HASH_START, s));
}

/* The first n words, without the spaces around. */
static struct str first_words(struct str s, int n)
{
	size_t space = str_find_char(s, ' ', 0);

	while (--n > 0 && space != SIZE_MAX)
		space = str_find_char(s, ' ', space + 1);
	return str_sub(s, 0, space);
}

/* Of three words or more, in scripts with letters; ideographs say more each, and are not cut where one is a word. */
static int weight_of(int weight, struct str text)
{
	size_t words = text_word_count(text) + 2, length = utf8_length(text);
	bool letters = length + 1 >= words * 3;
	size_t pieces = letters ? words : (words + 1) / 2;

	return pieces >= 3 ? weight : weight * (pieces == 2 ? 8 : 5) / 10;
}

static struct str *word_slot(struct str word)
{
	size_t at = hash_of(word) & (SLOTS - 1);

	while (lexicon.words[at].n > 0 && !str_eq(lexicon.words[at], word))
		at = (at + 1) & (SLOTS - 1);
	return &lexicon.words[at];
}

static void add_words(struct str text)
{
	for (size_t at = 0; at < text.n;) {
		struct str word = first_words(str_sub(text, at, text.n), 1), *slot = word_slot(word);
		lexicon.n_words += slot->n == 0;
		ASSERT(lexicon.n_words < SLOTS / 2);
		*slot = word;
		at += word.n + 1;
	}
}

static void add(struct arena *a, const struct phrase_row *row, struct str written)
{
	struct str text = str_trim(text_fold(a, &written, 1));
	uint32_t hash = hash_of(first_words(text, 2));
	size_t at = hash & (SLOTS - 1);

	ASSERT(lexicon.n < PHRASES_MAX);
	while (lexicon.slots[at].phrase)
		at = (at + 1) & (SLOTS - 1);
	lexicon.slots[at] = (struct slot){ hash, (uint16_t)lexicon.n };
	add_words(text);
	lexicon.v[lexicon.n++] = (struct phrase){ row->intent, row->cue, weight_of(row->weight, text), text };
}

static void add_rows(struct arena *a, const struct phrase_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str list = str_of(rows[i].phrases);
		for (size_t at = 0; at < list.n;) {
			size_t end = str_find_char(list, '|', at);
			add(a, &rows[i], str_sub(list, at, end));
			at = end == SIZE_MAX ? list.n : end + 1;
		}
	}
}

static void lexicon_make(void)
{
	lexicon.arena = arena_new(INDEX_BYTES, NULL, NULL);
	lexicon.v = ARENA_ARRAY(lexicon.arena, PHRASES_MAX, struct phrase);
	lexicon.n = 1;
	add_rows(lexicon.arena, lexicon_fraud, lexicon_fraud_size);
	add_rows(lexicon.arena, lexicon_advance_fee, lexicon_advance_fee_size);
	add_rows(lexicon.arena, lexicon_offer, lexicon_offer_size);
	add_rows(lexicon.arena, lexicon_opener, lexicon_opener_size);
}

static void make_once(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, lexicon_make);
}

const struct phrase *lexicon_phrases(size_t *n)
{
	make_once();
	*n = lexicon.n - 1;
	return lexicon.v + 1;
}

bool lexicon_has_word(struct str word)
{
	make_once();
	return word_slot(word)->n > 0;
}

#define KEPT 4 /* phrases of a cue, for the explanation */

struct scoring {
	bool *counted;
	struct reach {
		const char *from, *end;
	} bait[INTENT_COUNT]; /* of the last phrase of what it is about */
	int points[INTENT_COUNT][CUE_COUNT];
	const struct phrase *kept[INTENT_COUNT][CUE_COUNT][KEPT]; /* the heaviest, in order */
	size_t n_kept[INTENT_COUNT][CUE_COUNT];
};

static void phrase_seen(const struct phrase *p, struct scoring *sc)
{
	const struct phrase **kept = sc->kept[p->intent][p->cue];
	size_t *n = &sc->n_kept[p->intent][p->cue], at = *n;

	sc->points[p->intent][p->cue] += p->weight;
	if (*n < KEPT)
		(*n)++;
	else if (kept[--at]->weight >= p->weight)
		return;
	for (; at > 0 && kept[at - 1]->weight < p->weight; at--)
		kept[at] = kept[at - 1];
	kept[at] = p;
}

/* Whether the words of one are among those of the other. */
static bool is_part(struct str one, struct str of)
{
	size_t at = one.n < of.n ? str_find(of, one, 0) : SIZE_MAX;

	for (; at != SIZE_MAX; at = str_find(of, one, at + 1))
		if ((at == 0 || of.p[at - 1] == ' ') && (at + one.n == of.n || of.p[at + one.n] == ' '))
			return true;
	return false;
}

static bool is_part_of_other(const struct scoring *sc, const struct phrase *p)
{
	for (size_t c = 0; c < CUE_COUNT; c++)
		for (size_t i = 0; i < sc->n_kept[p->intent][c]; i++)
			if (is_part(p->text, sc->kept[p->intent][c][i]->text))
				return true;
	return false;
}

/* The next of a cue that is to be shown, from *at on, which moves behind it; NULL = none. */
static const struct phrase *next_shown(const struct scoring *sc, size_t intent, size_t cue, size_t *at)
{
	while (*at < sc->n_kept[intent][cue]) {
		const struct phrase *p = sc->kept[intent][cue][(*at)++];
		if (!is_part_of_other(sc, p))
			return p;
	}
	return NULL;
}

static void show(const struct scoring *sc, size_t intent, struct intent_score *out)
{
	size_t at[CUE_COUNT] = { 0 };

	for (size_t i = 0; i < KEPT; i++) {
		for (size_t c = 0; c < CUE_COUNT && out->n_seen < LEXICON_SHOWN; c++) {
			const struct phrase *p = next_shown(sc, intent, c, &at[c]);
			if (p)
				out->seen[out->n_seen++] = p;
		}
	}
}

/* "New sign in" tells of something, and does not ask to sign in. */
static bool is_part_of_bait(const struct phrase *p, const char *at, const struct scoring *sc)
{
	const struct reach *bait = &sc->bait[p->intent];

	return p->cue == CUE_ASK && bait->end && at > bait->from && at < bait->end;
}

/* Phrases whose first words, or only one, have that hash, where `rest` begins. */
static void look_at(struct str rest, uint32_t hash, struct scoring *sc)
{
	for (size_t at = hash & (SLOTS - 1); lexicon.slots[at].phrase; at = (at + 1) & (SLOTS - 1)) {
		size_t i = lexicon.slots[at].phrase;
		const struct phrase *p = &lexicon.v[i];
		if (lexicon.slots[at].hash != hash || p->text.n >= rest.n || !str_starts(rest, p->text) ||
		    rest.p[p->text.n] != ' ' || is_part_of_bait(p, rest.p, sc))
			continue;
		if (p->cue == CUE_BAIT && rest.p + p->text.n > sc->bait[p->intent].end)
			sc->bait[p->intent] = (struct reach){ rest.p, rest.p + p->text.n };
		if (!sc->counted[i]) {
			sc->counted[i] = true;
			phrase_seen(p, sc);
		}
	}
}

void lexicon_score(struct arena *a, struct str folded, struct intent_score out[INTENT_COUNT])
{
	make_once();
	struct scoring sc = { .counted = ARENA_ARRAY(a, lexicon.n, bool) };

	memset(out, 0, INTENT_COUNT * sizeof(out[0]));
	for (size_t at = 0; at + 1 < folded.n;) {
		struct str rest = str_sub(folded, at + 1, folded.n); /* behind a space */
		struct str word = first_words(rest, 1);
		uint64_t hash = hash_more(HASH_START, word);
		look_at(rest, hash_end(hash), &sc);
		if (word.n < rest.n) {
			size_t end = str_find_char(rest, ' ', word.n + 1);
			look_at(rest, hash_end(hash_more(hash, str_sub(rest, word.n, end))), &sc);
		}
		at += word.n + 1;
	}
	for (size_t i = 0; i < INTENT_COUNT; i++) {
		for (size_t c = 0; c < CUE_COUNT; c++) {
			int most = sc.points[i][c] < CUE_MOST ? sc.points[i][c] : CUE_MOST;
			out[i].cues += sc.points[i][c] > 0;
			out[i].score += most / 100.0;
		}
		show(&sc, i, &out[i]);
		out[i].bait = sc.points[i][CUE_BAIT] > 0;
		out[i].score = out[i].score > 1 ? 1 : out[i].score;
	}
}
