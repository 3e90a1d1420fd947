/* Hashing n-grams. The hash is ours, for it is part of the form of a model: multiply and mix, 32 bits. */
#include "classifier/features.h"

#include "base/abnf.h"
#include "base/arena.h"

/* Kinds of features, which begin their hashes, so that equal bytes of two kinds are two features. */
enum kind { KIND_WORD = 0x11, KIND_PAIR = 0x22, KIND_PIECE = 0x33 };

#define PIECE_CHARS 4 /* three to five of them are no better, and three times as many */
#define WORD_MAX 40   /* bytes of a word that are looked at */
/* Each byte begins one piece at most, and each two bytes end one word and one pair. */
#define FEATURES_OF_BYTE 2

struct collector {
	struct features out;
	size_t room;
	uint64_t *seen; /* a bit for each feature */
};

static uint32_t step(uint32_t h, unsigned char c)
{
	return (h ^ c) * 0x01000193u; /* FNV-1a */
}

static uint32_t begin(enum kind kind)
{
	return step(0x811c9dc5u, (unsigned char)kind);
}

/* What few bytes leave alike is spread over all bits (the finish of MurmurHash3). */
static uint32_t finish(uint32_t h)
{
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	h *= 0xc2b2ae35u;
	h ^= h >> 16;
	return h >> (32 - FEATURES_BITS);
}

static void add(struct collector *c, uint32_t h, size_t from, size_t to)
{
	uint32_t id = finish(h);
	uint64_t bit = UINT64_C(1) << (id & 63);

	if (c->seen[id >> 6] & bit)
		return;
	ASSERT(c->out.n < c->room);
	c->seen[id >> 6] |= bit;
	c->out.v[c->out.n++] = (struct feature){ id, (uint32_t)from, (uint32_t)(to - from) };
}

static uint32_t hash(uint32_t h, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		h = step(h, (unsigned char)s.p[i]);
	return h;
}

/* Which digit it is says nothing; that it is one does. */
static struct str without_digits(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s.p, s.n);

	for (size_t i = 0; i < s.n; i++)
		if (abnf_is_digit((unsigned char)p[i]))
			p[i] = '0';
	return str_from(p, s.n);
}

static void add_words(struct collector *c, struct str words)
{
	struct str before = STR_NONE;

	for (size_t at = 1, end; at < words.n; at = end + 1) {
		end = str_find_char(words, ' ', at);
		if (end == SIZE_MAX)
			end = words.n;
		if (end == at)
			continue;
		struct str word = str_sub(words, at, end - at > WORD_MAX ? at + WORD_MAX : end);
		add(c, hash(begin(KIND_WORD), word), at, end);
		if (before.n > 0)
			add(c, hash(step(hash(begin(KIND_PAIR), before), ' '), word),
			    (size_t)(before.p - words.p), end);
		before = word;
	}
}

static size_t char_end(struct str s, size_t at)
{
	for (at++; at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;)
		at++;
	return at;
}

/* Runs of characters within a word and the spaces around it. */
static void add_pieces(struct collector *c, struct str words)
{
	size_t begins[PIECE_CHARS] = { 0 }; /* of the last characters */
	size_t run = 0;                     /* how many of them may stand in one piece */

	for (size_t at = 0, end; at < words.n; at = end) {
		end = char_end(words, at);
		for (int i = 1; i < PIECE_CHARS; i++)
			begins[i - 1] = begins[i];
		begins[PIECE_CHARS - 1] = at;
		run++;
		if (run >= PIECE_CHARS)
			add(c, hash(begin(KIND_PIECE), str_sub(words, begins[0], end)), begins[0], end);
		if (words.p[at] == ' ')
			run = 1; /* the space before a word may begin a piece */
	}
}

struct features features_of(struct arena *a, struct str words)
{
	struct str text = without_digits(a, str_sub(words, 0, FEATURES_TEXT_MAX));
	struct collector c = { .room = text.n * FEATURES_OF_BYTE + 2 };

	c.out.v = arena_alloc(a, c.room * sizeof(*c.out.v));
	c.seen = ARENA_ARRAY(a, FEATURES_COUNT / 64, uint64_t);
	add_words(&c, text);
	add_pieces(&c, text);
	return c.out;
}
