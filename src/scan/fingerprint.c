/* Fingerprints of campaigns. */
#include "scan/fingerprint.h"

#include "base/abnf.h"
#include "base/buf.h"
#include "base/domain.h"
#include "base/hash.h"
#include "detect/owners.h"
#include "detect/text.h"

#define RECIPE_MAX (64u << 10) /* bytes put together before they are hashed */
#define LINKS_MAX 100
#define SHINGLE 4 /* words in a run */
#define HASH_HEX 32
/*
 * What the SimHash is made of: each word of so many bytes, and each pair in which one is shorter, as all are where every
 * character is a word. Measured on 6,300 mails: of pairs that differ in at most six bits 19 in 20 share most of their
 * text, and of pairs that share four fifths of their runs of three words 94 in 100 are found; with all pairs of words
 * it were 88, with single words of any length each third pair would be a false one.
 */
#define NEAR_WORD 4
#define NEAR_LEAST 12 /* of fewer a changed word turns more bits than tell mails apart */

/* A fixed key: fingerprints must be equal everywhere, and somebody who wants his mails to differ may do so. */
static const unsigned char sip_key[16] = { 'e', 'd', 'f', '1' };

struct own_words {
	struct strs list;
	uint64_t traits; /* a bit for those of each word: most words share none with any of them */
};

static uint64_t trait_of(struct str word)
{
	return UINT64_C(1) << (((size_t)word.p[0] + (size_t)word.p[word.n - 1] * 5 + word.n * 11) & 63);
}

#define OWN_LEAST 3 /* bytes; shorter ones are in any text */

/* The parts of the recipients' addresses, folded: senders greet people by them. */
static struct own_words *own_words(const struct scan *s)
{
	struct own_words *own = ARENA_NEW(s->arena, struct own_words);
	struct str to = headers_value(s->arena, mime_headers(s->mail), STR("To"));
	struct buf b;

	buf_init(&b, RECIPE_MAX);
	buf_add(&b, str_sub(to, 0, 1000));
	for (size_t i = 0; i < s->job->recipients.n && i < 20; i++) {
		buf_add_char(&b, ' ');
		buf_add(&b, s->job->recipients.v[i]);
	}
	struct str joined = buf_str(&b);
	struct strs words = arena_split(s->arena, text_fold(s->arena, &joined, 1), ' ');
	buf_free(&b);
	for (size_t i = 0; i < words.n; i++) {
		if (words.v[i].n < OWN_LEAST || strs_has(&own->list, words.v[i]))
			continue;
		own->traits |= trait_of(words.v[i]);
		ARENA_PUSH(s->arena, &own->list, words.v[i]);
	}
	return own;
}

static bool is_own(const struct own_words *own, struct str word)
{
	return word.n >= OWN_LEAST && own->traits & trait_of(word) && strs_has(&own->list, word);
}

static bool has_digit(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (abnf_is_digit((unsigned char)word.p[i]))
			return true;
	return false;
}

/* The next word of a folded text that may be compared; names of the reader and numbers are passed over. */
static bool next_word(struct str folded, const struct own_words *own, size_t *at, struct str *out)
{
	while (*at + 1 < folded.n) {
		size_t end = str_find_char(folded, ' ', *at + 1);
		*out = str_sub(folded, *at + 1, end);
		*at = end == SIZE_MAX ? folded.n : end;
		if (out->n > 0 && !has_digit(*out) && !is_own(own, *out))
			return true;
	}
	return false;
}

static void add_subject(const struct scan *s, const struct own_words *own, struct buf *b)
{
	static const char *const marks[] = { "re", "fw", "fwd", "aw", "wg", "tr", "rv", "sv", "vs" };
	struct str folded = text_fold(s->arena, &s->subject, 1), word;
	bool leading = true;

	for (size_t at = 0; next_word(folded, own, &at, &word);) {
		bool mark = false;
		for (size_t i = 0; i < ARRAY_LEN(marks) && leading; i++)
			mark |= str_eq(word, str_of(marks[i]));
		leading = mark;
		if (mark)
			continue;
		buf_add(b, word);
		buf_add_char(b, ' ');
	}
	buf_add_char(b, '\n');
}

/* "/a/b1.php?x=y" becomes "/a/a?a": letters and digits of each run are one letter. */
static void add_shape(struct buf *b, struct str path)
{
	char last = 0;

	for (size_t i = 0; i < path.n && i < 200; i++) {
		char c = abnf_is_alnum((unsigned char)path.p[i]) || path.p[i] == '%' ? 'a' : path.p[i];
		if (c != last)
			buf_add_char(b, c);
		last = c;
	}
}

static void add_sorted(struct buf *b, struct strs list)
{
	for (size_t i = 1; i < list.n; i++) {
		struct str s = list.v[i];
		size_t j = i;
		for (; j > 0 && str_cmp(s, list.v[j - 1]) < 0; j--)
			list.v[j] = list.v[j - 1];
		list.v[j] = s;
	}
	for (size_t i = 0; i < list.n; i++) {
		if (i > 0 && str_eq(list.v[i], list.v[i - 1]))
			continue;
		buf_add(b, list.v[i]);
		buf_add_char(b, '\n');
	}
}

static void add_links(const struct scan *s, struct buf *b)
{
	struct strs list = { 0 };
	size_t looked = 0;

	for (size_t i = 0; i < s->content->links.n && looked < LINKS_MAX; i++) {
		const struct url *u = &s->content->links.v[i].url;
		struct buf one;
		if (s->content->links.v[i].field)
			continue; /* the recipe is of what the text leads to */
		looked++;
		if (!url_is_web(u))
			continue;
		struct str host = domain_fold(s->arena, u->host);
		buf_init(&one, 1024);
		buf_add(&one, owner_of(s, host));
		add_shape(&one, u->path);
		struct str kept = arena_str(s->arena, buf_str(&one));
		ARENA_PUSH(s->arena, &list, kept);
		buf_free(&one);
	}
	add_sorted(b, list);
}

static void add_attachments(const struct scan *s, struct buf *b)
{
	struct strs list = { 0 };

	for (size_t i = 0; i < s->content->attachments.n; i++) {
		const struct mime_attachment *file = &s->content->attachments.v[i];
		if (file->container == 0)
			ARENA_PUSH(s->arena, &list, enum_text(&magic_type_names, (int)file->magic));
	}
	add_sorted(b, list);
}

/* A word of the text that may be compared. */
struct marked_word {
	uint64_t hash;
	bool is_short;
};
struct marked_words {
	struct marked_word *v;
	size_t n;
};

static struct marked_words words_of(const struct scan *s, const struct own_words *own)
{
	struct marked_words out = { NULL, 0 };
	struct str word;

	for (size_t at = 0; next_word(s->body_words, own, &at, &word);) {
		struct marked_word w = { hash_sip(sip_key, word), word.n < NEAR_WORD };
		ARENA_PUSH(s->arena, &out, w);
	}
	return out;
}

struct text_mark fingerprint_text(const struct scan *s)
{
	uint64_t least[2] = { UINT64_MAX, UINT64_MAX }, run[SHINGLE] = { 0 };
	struct own_words *own = own_words(s);
	struct marked_words words = words_of(s, own);

	for (size_t n = 0; n < words.n; n++) {
		for (size_t i = 0; i + 1 < SHINGLE; i++)
			run[i] = run[i + 1];
		run[SHINGLE - 1] = words.v[n].hash;
		if (n + 1 < SHINGLE)
			continue;
		uint64_t h = hash_sip(sip_key, str_from(run, sizeof(run)));
		if (h < least[0]) {
			least[1] = least[0];
			least[0] = h;
		} else if (h < least[1] && h != least[0]) {
			least[1] = h;
		}
	}
	return (struct text_mark){ arena_printf(s->arena, "%016llx%016llx", (unsigned long long)least[0],
						(unsigned long long)least[1]),
				   words.v, words.n, own };
}

static struct str short_hash(const struct scan *s, struct str bytes)
{
	return str_sub(hash_sha256_hex(s->arena, bytes), 0, HASH_HEX);
}

struct str fingerprint_edf(const struct scan *s)
{
	struct buf b;

	buf_init(&b, RECIPE_MAX);
	add_subject(s, s->text_mark.own, &b);
	buf_add(&b, short_hash(s, s->content->skeleton));
	buf_add_char(&b, '\n');
	add_links(s, &b);
	add_attachments(s, &b);
	buf_add(&b, s->text_mark.hex);
	buf_add_char(&b, '\n');
	struct str out = arena_printf(s->arena, "v1:%.*s", STR_ARG(short_hash(s, buf_str(&b))));
	buf_free(&b);
	return out;
}

struct features {
	uint64_t *v;
	size_t n;
};

/* By merging longer and longer runs; room is for as many. Gives the one of both that they are in. */
static uint64_t *sort_features(uint64_t *v, uint64_t *room, size_t n)
{
	for (size_t run = 1; run < n; run *= 2) {
		for (size_t from = 0; from < n; from += 2 * run) {
			size_t middle = from + run < n ? from + run : n,
			       end = middle + run < n ? middle + run : n;
			size_t x = from, y = middle;
			for (size_t out = from; out < end; out++)
				room[out] = y == end || (x < middle && v[x] <= v[y]) ? v[x++] : v[y++];
		}
		uint64_t *sorted = room;
		room = v;
		v = sorted;
	}
	return v;
}

/* Once each: a text that says one thing a hundred times is not told by that alone. */
static struct features features_of(const struct scan *s)
{
	const struct marked_word *words = s->text_mark.v;
	struct features f = { NULL, 0 };
	size_t n = 0;

	for (size_t i = 0; i < s->text_mark.words; i++) {
		if (!words[i].is_short)
			ARENA_PUSH(s->arena, &f, words[i].hash);
		if (i > 0 && (words[i].is_short || words[i - 1].is_short)) {
			const uint64_t pair[2] = { words[i - 1].hash, words[i].hash };
			ARENA_PUSH(s->arena, &f, hash_sip(sip_key, str_from(pair, sizeof(pair))));
		}
	}
	f.v = sort_features(f.v, arena_alloc(s->arena, f.n * sizeof(*f.v)), f.n);
	for (size_t i = 0; i < f.n; i++)
		if (n == 0 || f.v[n - 1] != f.v[i])
			f.v[n++] = f.v[i];
	f.n = n;
	return f;
}

#define EACH_EIGHTH UINT64_C(0x0101010101010101)
#define LANE_MOST 255 /* counted in a byte */

/* How many of up to LANE_MOST features have each bit; those of each eighth are counted in one word, a byte each. */
static void count_bits(const uint64_t *v, size_t n, size_t ones[64])
{
	uint64_t lanes[8] = { 0 };

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 8; k++)
			lanes[k] += v[i] >> k & EACH_EIGHTH;
	for (int bit = 0; bit < 64; bit++)
		ones[bit] += lanes[bit % 8] >> (bit / 8 * 8) & 0xff;
}

struct str fingerprint_simhash(const struct scan *s)
{
	struct features f = features_of(s);
	size_t ones[64] = { 0 };
	uint64_t bits = 0;

	if (f.n < NEAR_LEAST)
		return STR_NONE;
	for (size_t at = 0; at < f.n; at += LANE_MOST)
		count_bits(f.v + at, f.n - at < LANE_MOST ? f.n - at : LANE_MOST, ones);
	for (int bit = 0; bit < 64; bit++)
		bits |= (uint64_t)(ones[bit] * 2 > f.n) << bit;
	return arena_printf(s->arena, "v1:%016llx", (unsigned long long)bits);
}

struct str fingerprint_structure(const struct scan *s)
{
	return s->content->skeleton.n > 0 ? short_hash(s, s->content->skeleton) : STR_NONE;
}
