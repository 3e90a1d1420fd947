/* Looking for near-identical mails: candidates by their tokens, then compared. */
#include "store/similar.h"

#include "base/hash.h"
#include "base/simhash.h"
#include "store/internal.h"
#include "store/key.h"
#include "store/scan_rows.h"
#include "store/token_list.h"

#define BAND_BITS (64 / SIMILAR_BANDS)

struct similar_print similar_print_of(struct str edf_hash, struct str simhash)
{
	struct similar_print p = { .has_edf = edf_hash.n > 0 };
	struct sha256 d = hash_sha256(edf_hash);

	memcpy(&p.edf, d.b, sizeof(p.edf));
	p.has_simhash = simhash_read(simhash, &p.simhash);
	return p;
}

struct str similar_band(struct arena *a, unsigned band, uint64_t simhash)
{
	return arena_printf(a, "%u%04x", band, (unsigned)(simhash >> band * BAND_BITS & 0xffff));
}

/* One term: the mail's own fingerprint, and every band that a near one may have. */
static struct token_query ask(struct arena *a, const struct store_similar *q, const struct similar_print *p)
{
	struct token_query query = { 0 };
	struct token_term term = { 0 };

	if (p->has_edf)
		ARENA_PUSH(a, &term, token_make(a, 'c', q->edf_hash));
	for (unsigned band = 0; band < SIMILAR_BANDS && p->has_simhash; band++) {
		ARENA_PUSH(a, &term, token_make(a, 'b', similar_band(a, band, p->simhash)));
		for (unsigned bit = 0; bit < BAND_BITS; bit++) {
			uint64_t turned = p->simhash ^ UINT64_C(1) << (band * BAND_BITS + bit);
			ARENA_PUSH(a, &term, token_make(a, 'b', similar_band(a, band, turned)));
		}
	}
	ARENA_PUSH(a, &query, term);
	return query;
}

bool similar_compare(const struct similar_print *x, const struct similar_print *y, struct store_likeness *out)
{
	bool both = x->has_simhash && y->has_simhash;

	out->equal = x->has_edf && y->has_edf && x->edf == y->edf;
	out->bits = both ? simhash_distance(x->simhash, y->simhash) : -1;
	return out->equal || (both && out->bits <= SIMHASH_NEAR_BITS);
}

struct hit {
	int64_t key;
	struct store_likeness likeness;
};

struct hits {
	struct hit *v;
	size_t n;
};

/* All are counted, the first of them kept. */
static enum err collect(struct scan *scan, struct arena *a, const struct store_similar *q,
			const struct similar_print *mine, struct hits *hits, size_t *count)
{
	enum err err;
	int64_t key;

	*hits = (struct hits){ NULL, 0 };
	*count = 0;
	while (!(err = scan_next(scan, &key))) {
		struct similar_print theirs;
		struct hit hit = { .key = key };
		if (key == q->except)
			continue;
		err = scan_print(scan, key, &theirs);
		if (err && err != ERR_ABSENT && err != ERR_SYNTAX)
			return err;
		if (err || !similar_compare(mine, &theirs, &hit.likeness))
			continue;
		if (hits->n < q->limit)
			ARENA_PUSH(a, hits, hit);
		++*count;
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err give(struct store *st, struct scan *scan, const struct hits *hits, store_similar_fn *fn,
		     void *ctx)
{
	enum err err = OK;

	for (size_t i = 0; i < hits->n && !err; i++) {
		struct stored_message m;
		struct record r;
		err = scan_message(scan, hits->v[i].key, &m);
		if (!err)
			err = stored_message_read(&m, &r);
		if (!err)
			fn(&r, &hits->v[i].likeness, ctx);
		else if (err == ERR_SYNTAX)
			err = store_row_skip(st, hits->v[i].key);
		else if (err == ERR_ABSENT)
			err = OK;
	}
	return err;
}

/* *again: the index was damaged, and nothing was given yet. */
static enum err look(struct store *st, struct arena *a, const struct store_similar *q, int64_t until_ms,
		     bool *again, store_similar_fn *fn, void *ctx, size_t *count_out)
{
	struct similar_print mine = similar_print_of(q->edf_hash, q->simhash);
	struct token_query tokens = ask(a, q, &mine);
	struct scan_range range = { .account = q->account,
				    .low = key_from(q->account, q->start_us),
				    .high = key_upto(q->account, q->end_us),
				    .newest_first = true,
				    .no_index = *again };
	struct scan *scan;
	struct hits hits;
	enum err err = scan_open(st, a, &range, &tokens, until_ms, &scan);

	*again = false;
	if (err)
		return err;
	err = collect(scan, a, q, &mine, &hits, count_out);
	bool collected = !err;
	if (!err)
		err = give(st, scan, &hits, fn, ctx);
	bool damaged = scan_close(&scan);
	*again = err && damaged && !collected;
	return err;
}

enum err store_similar(struct store *st, struct arena *a, const struct store_similar *q, int64_t until_ms,
		       store_similar_fn *fn, void *ctx, size_t *count_out)
{
	bool again = false;
	enum err err = look(st, a, q, until_ms, &again, fn, ctx, count_out);

	return again ? look(st, a, q, until_ms, &again, fn, ctx, count_out) : err;
}
