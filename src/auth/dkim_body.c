/* One pass over the body, stopping the hash at each length that is wanted. */
#include "auth/dkim_body.h"

#include "base/arena.h"

/* A hash under way: what comes is added, and where a wanted length ends the digest so far is taken. */
struct pass {
	struct hash_sum *sum;
	struct dkim_bodies *bodies;
	enum dkim_canon canon;
	uint64_t total;
	size_t next; /* the first hash that may still end; those before it are done or of the other form */
};

static struct dkim_body_hash *find(struct dkim_bodies *b, enum dkim_canon canon, uint64_t length)
{
	for (size_t i = 0; i < b->hashes.n; i++)
		if (b->hashes.v[i].canon == canon && b->hashes.v[i].length == length)
			return &b->hashes.v[i];
	return NULL;
}

static uint64_t length_of(const struct dkim_signature *s)
{
	return s->has_length ? s->length : UINT64_MAX;
}

void dkim_body_want(struct arena *a, struct dkim_bodies *b, const struct dkim_signature *s)
{
	struct dkim_body_hash fresh = { .canon = s->body_canon, .length = length_of(s) };

	if (find(b, fresh.canon, fresh.length))
		return;
	ARENA_PUSH(a, &b->hashes, fresh);
	for (size_t i = b->hashes.n - 1; i > 0 && b->hashes.v[i - 1].length > fresh.length; i--) {
		b->hashes.v[i] = b->hashes.v[i - 1];
		b->hashes.v[i - 1] = fresh;
	}
}

/* The next hash of this pass's form that is not done; NULL when there is none. */
static struct dkim_body_hash *next_hash(struct pass *p)
{
	for (; p->next < p->bodies->hashes.n; p->next++) {
		struct dkim_body_hash *h = &p->bodies->hashes.v[p->next];
		if (h->canon == p->canon && !h->done)
			return h;
	}
	return NULL;
}

static void add(void *ctx, struct str bytes)
{
	struct pass *p = ctx;
	struct dkim_body_hash *h;

	while ((h = next_hash(p)) && h->length - p->total <= bytes.n) {
		size_t take = (size_t)(h->length - p->total);
		hash_sum_add(p->sum, str_sub(bytes, 0, take));
		p->total += take;
		bytes = str_sub(bytes, take, bytes.n);
		struct hash_sum *copy = hash_sum_copy(p->sum);
		h->digest = hash_sum_end(&copy);
		h->covered = h->length;
		h->done = true;
	}
	if (h)
		hash_sum_add(p->sum, bytes);
	p->total += bytes.n;
}

static void run(struct dkim_bodies *b, enum dkim_canon canon)
{
	struct pass p = { .sum = hash_sum_new(), .bodies = b, .canon = canon };
	struct dkim_sink sink = { .write = add, .ctx = &p };
	struct dkim_body_hash *h;

	add(&p, STR("")); /* l=0 ends before anything comes */
	dkim_canon_body(&sink, canon, b->body);
	dkim_sink_flush(&sink);
	struct sha256 whole = hash_sum_end(&p.sum);
	while ((h = next_hash(&p))) { /* the body ended first */
		h->digest = whole;
		h->covered = p.total;
		h->done = true;
	}
	for (size_t i = 0; i < b->hashes.n; i++)
		if (b->hashes.v[i].canon == canon)
			b->hashes.v[i].total = p.total;
}

const struct dkim_body_hash *dkim_body_hash(struct arena *a, struct dkim_bodies *b,
					    const struct dkim_signature *s)
{
	dkim_body_want(a, b, s);
	struct dkim_body_hash *h = find(b, s->body_canon, length_of(s));
	if (!h->done)
		run(b, s->body_canon);
	return h;
}
