/*
 * Which literals of thousands are in a text, in one pass: at each place the next four bytes are hashed, and a bit says whether
 * any literal is found by such bytes; few places are looked at closer. Each literal is found by those of its bytes that fewest
 * others have. An automaton of all literals (Aho and Corasick) would take one look at each place, too, but thirty megabytes.
 */
#include "policy/expression.h"

#define COUNTERS_LOG 16
#define BITS_PER_LITERAL 16

static uint32_t read4(const char *p)
{
	uint32_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* The first three of the bytes read, wherever the machine keeps them. */
static uint32_t first3(uint32_t w)
{
	const unsigned char three[4] = { 0xff, 0xff, 0xff, 0 };
	uint32_t mask;

	memcpy(&mask, three, sizeof(mask));
	return w & mask;
}

static uint32_t spread(uint32_t gram)
{
	return gram * 0x9e3779b1u;
}

/* FNV-1a. */
static uint32_t hash_of(struct str s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h ^ h >> 15;
}

static struct str literal_text(const struct expressions *x, const struct literal *l)
{
	return str_from(x->bytes.v + l->at, l->n);
}

/* The slot of this literal, or the free one where it belongs. */
static uint32_t *slot_of(struct expressions *x, struct str text)
{
	size_t at = hash_of(text);

	for (;; at++) {
		uint32_t *slot = &x->literal_slots[at & (x->n_literal_slots - 1)];
		if (!*slot || str_eq(literal_text(x, &x->literals.v[*slot - 1]), text))
			return slot;
	}
}

static void grow_slots(struct expressions *x)
{
	if (x->literals.n * 2 < x->n_literal_slots)
		return;
	free(x->literal_slots);
	x->n_literal_slots = x->n_literal_slots ? x->n_literal_slots * 4 : 64;
	x->literal_slots = table_new(x->n_literal_slots, sizeof(*x->literal_slots));
	for (size_t i = 0; i < x->literals.n; i++)
		*slot_of(x, literal_text(x, &x->literals.v[i])) = (uint32_t)i + 1;
}

/* Its index, each text once. */
static uint32_t literal_of(struct expressions *x, struct str text)
{
	grow_slots(x);
	uint32_t *slot = slot_of(x, text);
	if (*slot)
		return *slot - 1;
	struct literal l = { .at = (uint32_t)x->bytes.n, .n = (uint32_t)text.n };
	LIST_GROW(&x->bytes, text.n + 4);
	memcpy(x->bytes.v + x->bytes.n, text.p, text.n);
	memset(x->bytes.v + x->bytes.n + text.n, 0, 4);
	x->bytes.n += text.n;
	LIST_PUSH(&x->literals, l);
	*slot = (uint32_t)x->literals.n;
	return *slot - 1;
}

void filter_offer(struct expressions *x, uint32_t expression, const struct strs *literals)
{
	struct option o = { expression, (uint32_t)x->offered.n, (uint32_t)literals->n };

	for (size_t i = 0; i < literals->n; i++) {
		uint32_t l = literal_of(x, literals->v[i]);
		x->literals.v[l].offers++;
		LIST_PUSH(&x->offered, l);
	}
	LIST_PUSH(&x->options, o);
}

/* Of the literals of an option: how many expressions know the commonest, and the length of the shortest. */
static void rate(const struct expressions *x, const struct option *o, uint32_t *offers, uint32_t *length)
{
	*offers = 0;
	*length = UINT32_MAX;
	for (uint32_t i = 0; i < o->n; i++) {
		const struct literal *l = &x->literals.v[x->offered.v[o->at + i]];
		*offers = l->offers > *offers ? l->offers : *offers;
		*length = l->n < *length ? l->n : *length;
	}
}

static void use(struct expressions *x, const struct option *o)
{
	for (uint32_t i = 0; i < o->n; i++) {
		struct literal *l = &x->literals.v[x->offered.v[o->at + i]];
		struct literal_user u = { o->expression, l->user };
		LIST_PUSH(&x->users, u);
		l->user = (uint32_t)x->users.n;
	}
}

/* For each expression the option with the rarest literals, and of equal ones the longest. */
static void choose_options(struct expressions *x)
{
	for (size_t i = 0, end; i < x->options.n; i = end) {
		const struct option *best = &x->options.v[i];
		uint32_t offers, length, least, longest;
		rate(x, best, &least, &longest);
		for (end = i + 1; end < x->options.n; end++) {
			const struct option *o = &x->options.v[end];
			if (o->expression != best->expression)
				break;
			rate(x, o, &offers, &length);
			if (offers < least || (offers == least && length > longest)) {
				best = o;
				least = offers;
				longest = length;
			}
		}
		use(x, best);
	}
}

static uint32_t gram_at(const struct expressions *x, const struct literal *l, size_t offset)
{
	uint32_t w = read4(x->bytes.v + l->at + offset);

	return spread(l->n < 4 ? first3(w) : w);
}

static size_t grams_of(const struct literal *l)
{
	return l->n < 4 ? 1 : l->n - 3;
}

static void choose_grams(struct expressions *x)
{
	uint16_t *uses = table_new((size_t)1 << COUNTERS_LOG, sizeof(*uses));

	for (size_t i = 0; i < x->literals.n; i++) {
		for (size_t k = 0; k < grams_of(&x->literals.v[i]) && x->literals.v[i].user; k++) {
			uint16_t *n = &uses[gram_at(x, &x->literals.v[i], k) >> (32 - COUNTERS_LOG)];
			*n = (uint16_t)(*n + (*n < UINT16_MAX));
		}
	}
	for (size_t i = 0; i < x->literals.n; i++) {
		struct literal *l = &x->literals.v[i];
		uint16_t least = UINT16_MAX;
		for (size_t k = 0; k < grams_of(l); k++) {
			uint16_t n = uses[gram_at(x, l, k) >> (32 - COUNTERS_LOG)];
			if (n < least) {
				least = n;
				l->gram = (uint32_t)k;
			}
		}
	}
	free(uses);
}

void filter_ready(struct expressions *x)
{
	free(x->literal_slots);
	x->literal_slots = NULL;
	x->n_literal_slots = 0;
	if (x->literals.n == 0)
		return;
	for (x->buckets_log = 6; (size_t)1 << x->buckets_log < x->literals.n * 2;)
		x->buckets_log++;
	for (x->bits_log = 10; (size_t)1 << x->bits_log < x->literals.n * BITS_PER_LITERAL;)
		x->bits_log++;
	x->buckets = table_new((size_t)1 << x->buckets_log, sizeof(*x->buckets));
	x->bits = table_new((size_t)1 << (x->bits_log - 6), sizeof(*x->bits));
	choose_options(x);
	choose_grams(x);
	for (size_t i = 0; i < x->literals.n; i++) {
		struct literal *l = &x->literals.v[i];
		if (!l->user)
			continue;
		uint32_t h = gram_at(x, l, l->gram);
		uint32_t *bucket = &x->buckets[h >> (32 - x->buckets_log)];
		l->bucket = *bucket;
		*bucket = (uint32_t)i + 1;
		bits_set(x->bits, h >> (32 - x->bits_log));
		x->has_short |= l->n < 4;
	}
}

/* One run of the filter. */
struct filtering {
	const struct expressions *x;
	struct str text;
	uint64_t *found, *seen;
	uint32_t steps;
};

static bool spend(struct filtering *f)
{
	if (f->steps == 0)
		return false;
	f->steps--;
	return true;
}

/* Literals that are found by the bytes at this place. */
static bool look_closer(struct filtering *f, uint32_t hash, size_t at)
{
	const struct expressions *x = f->x;

	for (uint32_t i = x->buckets[hash >> (32 - x->buckets_log)]; i; i = x->literals.v[i - 1].bucket) {
		const struct literal *l = &x->literals.v[i - 1];
		if (!spend(f))
			return false;
		if (bits_has(f->seen, i - 1) || l->gram > at || l->n > f->text.n - (at - l->gram) ||
		    memcmp(f->text.p + at - l->gram, x->bytes.v + l->at, l->n) != 0)
			continue;
		bits_set(f->seen, i - 1);
		for (uint32_t u = l->user; u; u = x->users.v[u - 1].next) {
			if (!spend(f))
				return false;
			bits_set(f->found, x->users.v[u - 1].expression);
		}
	}
	return true;
}

bool filter_run(const struct expressions *x, struct str folded, uint64_t *found, uint64_t *seen,
		uint32_t *steps)
{
	struct filtering f = { x, folded, found, seen, *steps };
	bool done = true;

	if (x->literals.n == 0)
		return true;
	for (size_t at = 0; at + LITERAL_MIN <= folded.n && done; at++) {
		uint32_t w = read4(folded.p + at), h = spread(w);
		if (bits_has(x->bits, h >> (32 - x->bits_log)))
			done = look_closer(&f, h, at);
		if (!x->has_short)
			continue;
		h = spread(first3(w));
		if (bits_has(x->bits, h >> (32 - x->bits_log)))
			done = done && look_closer(&f, h, at);
	}
	*steps = f.steps;
	return done;
}
