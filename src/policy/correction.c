/*
 * Which correction of the account a mail falls under. Fingerprints that are equal lie in a hash table. Of SimHashes that
 * differ in at most six bits, one of seven bands is the same, so each band has a table of those that have its value:
 * ten thousand corrections that have nothing in common are 140 to compare, and if all were alike 70,000.
 */
#include "policy/correction.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/simhash.h"
#include "policy/internal.h"

#define BANDS (SIMHASH_NEAR_BITS + 1)
#define BAND_BITS 9
#define LAST_BITS 10 /* of the last band, which has one more */
#define BAND_SIZE (1u << LAST_BITS)
_Static_assert((BANDS - 1) * BAND_BITS + LAST_BITS == 64, "every bit is in one band");

struct entry {
	uint64_t simhash;
	bool has_simhash;
	uint32_t next_equal, next[BANDS]; /* in its slots; index + 1 */
};

struct corrections {
	const struct correction *of; /* the oldest first */
	struct entry *v;
	size_t n;
	uint32_t *equal; /* by edf_hash; index + 1 */
	size_t n_slots;  /* a power of two */
	uint32_t (*bands)[BAND_SIZE];
};

static const unsigned char slot_key[16] = { 'c', 'o', 'r', 'r', 'e', 'c', 't' };

static uint32_t *equal_slot(const struct corrections *c, struct str edf_hash)
{
	return &c->equal[hash_sip(slot_key, edf_hash) & (c->n_slots - 1)];
}

static uint32_t *band_slot(const struct corrections *c, size_t band, uint64_t simhash)
{
	unsigned bits = band + 1 < BANDS ? BAND_BITS : LAST_BITS;

	return &c->bands[band][simhash >> band * BAND_BITS & ((1u << bits) - 1)];
}

/* In front of those before, so that the newest come first. */
static void add(struct corrections *c, size_t i)
{
	struct entry *e = &c->v[i];
	uint32_t *slot = equal_slot(c, c->of[i].edf_hash);

	e->has_simhash = simhash_read(c->of[i].simhash, &e->simhash);
	e->next_equal = *slot;
	*slot = (uint32_t)i + 1;
	for (size_t band = 0; band < BANDS && e->has_simhash; band++) {
		slot = band_slot(c, band, e->simhash);
		e->next[band] = *slot;
		*slot = (uint32_t)i + 1;
	}
}

struct corrections *corrections_new(struct arena *a, const struct correction_list *list)
{
	struct corrections *c = ARENA_NEW(a, struct corrections);

	*c = (struct corrections){ .of = list->v, .n = list->n, .n_slots = 16 };
	if (list->n == 0)
		return c;
	while (c->n_slots < list->n * 2)
		c->n_slots *= 2;
	c->v = ARENA_ARRAY(a, list->n, struct entry);
	c->equal = ARENA_ARRAY(a, c->n_slots, uint32_t);
	c->bands = arena_zalloc(a, BANDS * sizeof(*c->bands));
	for (size_t i = 0; i < list->n; i++)
		add(c, i);
	return c;
}

/* ---- comparing ---- */

bool correction_compare(const struct correction *c, const struct correction_facts *f,
			struct correction_match *out)
{
	uint64_t mine, theirs;
	bool texts = simhash_read(f->simhash, &mine) && simhash_read(c->simhash, &theirs);
	bool same_from = c->from.n > 0 && str_eq_nocase(c->from, f->from);
	bool same_owner = f->proved.n > 0 && str_eq(f->proved, c->authenticated_domain);

	*out = (struct correction_match){ .bits = texts ? simhash_distance(mine, theirs) : -1 };
	bool near = texts && out->bits <= SIMHASH_NEAR_BITS;
	out->equal = c->edf_hash.n > 0 && str_eq(c->edf_hash, f->edf_hash) && (texts || same_from);
	if (!out->equal && !near)
		return false;
	out->correction = c;
	out->excuses = out->equal && same_owner && (near || !texts);
	out->in_other_name = !out->equal && f->proved.n > 0 && !same_owner;
	return true;
}

/* The newest of those that are equal. */
static bool find_equal(const struct corrections *c, const struct correction_facts *f,
		       struct correction_match *out)
{
	for (size_t i = *equal_slot(c, f->edf_hash); i > 0; i = c->v[i - 1].next_equal)
		if (correction_compare(&c->of[i - 1], f, out) && out->equal)
			return true;
	return false;
}

/* Index + 1 of the newest that is near; 0 = none. */
static size_t find_near(const struct corrections *c, uint64_t simhash)
{
	size_t newest = 0;

	for (size_t band = 0; band < BANDS; band++)
		for (size_t i = *band_slot(c, band, simhash); i > newest; i = c->v[i - 1].next[band])
			if (simhash_distance(simhash, c->v[i - 1].simhash) <= SIMHASH_NEAR_BITS)
				newest = i;
	return newest;
}

void policy_correction_find(const struct policy *p, const struct correction_facts *f,
			    struct correction_match *out)
{
	const struct corrections *c = p ? p->corrections : NULL;
	uint64_t simhash;
	size_t i;

	*out = (struct correction_match){ .correction = NULL };
	if (!c || c->n == 0 || find_equal(c, f, out))
		return;
	*out = (struct correction_match){ .correction = NULL };
	if (simhash_read(f->simhash, &simhash) && (i = find_near(c, simhash)) > 0)
		(void)correction_compare(&c->of[i - 1], f, out);
}
