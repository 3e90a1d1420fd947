/* Header fields by name, and the hash over those that a signature lists. */
#include "auth/dkim_mail.h"

#include <stdlib.h>

ENUM_DEFINE(dkim_result, DKIM_RESULTS);

static int cmp_nocase(struct str x, struct str y)
{
	for (size_t i = 0; i < x.n && i < y.n; i++) {
		unsigned char c = (unsigned char)ascii_lower(x.p[i]), d = (unsigned char)ascii_lower(y.p[i]);
		if (c != d)
			return c < d ? -1 : 1;
	}
	return (x.n > y.n) - (x.n < y.n);
}

static int cmp_field(const void *a, const void *b)
{
	const struct dkim_field *x = a, *y = b;
	int c = cmp_nocase(x->name, y->name);

	return c ? c : (x->index > y->index) - (x->index < y->index);
}

struct dkim_mail *dkim_mail_new(struct arena *a, struct asker *q, struct str raw,
				const struct headers *headers)
{
	struct dkim_mail *m = ARENA_NEW(a, struct dkim_mail);

	*m = (struct dkim_mail){ .arena = a, .asker = q, .raw = raw, .headers = headers };
	m->bodies.body = str_sub(raw, headers->body, raw.n);
	return m;
}

/* Sorting once makes each name of h= a search of some steps, where header and list may both be long. */
static void sort_fields(struct dkim_mail *m)
{
	m->by_name = ARENA_ARRAY(m->arena, m->headers->n, struct dkim_field);
	m->taken = ARENA_ARRAY(m->arena, m->headers->n, size_t);
	for (size_t i = 0; i < m->headers->n; i++)
		m->by_name[i] = (struct dkim_field){ m->headers->v[i].name, i };
	qsort(m->by_name, m->headers->n, sizeof(m->by_name[0]), cmp_field);
}

void dkim_mail_free(struct dkim_mail **m)
{
	dkim_keyring_free(&(*m)->keys);
	*m = NULL;
}

struct str dkim_mail_field(const struct dkim_mail *m, size_t i)
{
	const struct header *f = &m->headers->v[i];

	return str_sub(m->raw, f->start, f->start + f->length);
}

/* The place behind the last field of that name, or of those that sort before it. */
static size_t place_behind(const struct dkim_mail *m, struct str name)
{
	size_t from = 0, to = m->headers->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (cmp_nocase(m->by_name[mid].name, name) <= 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

/*
 * The lowest field of that name not yet taken, leaving out the signature's own (RFC 6376 §5.4.2); SIZE_MAX when there
 * is none. A name beyond the fields there are stands for nothing, and so forbids another.
 */
static size_t take_field(struct dkim_mail *m, struct str name, size_t own)
{
	size_t end = place_behind(m, name);

	if (end == 0)
		return SIZE_MAX;
	for (size_t *taken = &m->taken[end - 1]; *taken < end;) {
		const struct dkim_field *f = &m->by_name[end - 1 - *taken];
		if (!str_eq_nocase(f->name, name))
			break;
		++*taken;
		if (f->index != own)
			return f->index;
	}
	return SIZE_MAX;
}

static void add(void *ctx, struct str bytes)
{
	hash_sum_add(ctx, bytes);
}

struct sha256 dkim_mail_header_hash(struct dkim_mail *m, const struct dkim_signature *s, size_t own)
{
	struct hash_sum *sum = hash_sum_new();
	struct dkim_sink sink = { .write = add, .ctx = sum };

	if (!m->by_name)
		sort_fields(m);
	memset(m->taken, 0, m->headers->n * sizeof(m->taken[0]));
	for (size_t i = 0; i < s->fields.n; i++) {
		size_t field = take_field(m, s->fields.v[i], own);
		if (field != SIZE_MAX)
			dkim_canon_field(&sink, s->header_canon, dkim_mail_field(m, field), STR_NONE, true);
	}
	dkim_canon_field(&sink, s->header_canon, dkim_mail_field(m, own), s->b, false);
	dkim_sink_flush(&sink);
	return hash_sum_end(&sum);
}
