/* Judging the DKIM-Signature fields of a mail (RFC 6376 §6). */
#include "auth/dkim.h"

#include "base/limits.h"

/* Reads the fields once, for the questions and for the judgement; announces their bodies, to be hashed together. */
static void read_signatures(struct dkim_mail *m)
{
	if (m->parsed)
		return;
	m->parsed = true;
	for (size_t i = 0; i < m->headers->n && m->signatures.n < LIMIT_DKIM_SIGNATURES; i++) {
		struct dkim_parsed p = { .field = i };
		struct errbuf eb;
		if (!str_eq_nocase(m->headers->v[i].name, STR("DKIM-Signature")))
			continue;
		if (dkim_signature_parse(m->arena, DKIM_SIGNATURE, m->headers->v[i].value, &p.signature, &eb))
			p.wrong = ARENA_JOIN(m->arena, STR("cannot be read: "), str_of(eb.text));
		else
			dkim_body_want(m->arena, &m->bodies, &p.signature);
		ARENA_PUSH(m->arena, &m->signatures, p);
	}
}

static void judge(struct dkim_mail *m, const struct dkim_parsed *p, int64_t now_s, struct dkim *d)
{
	struct dkim_check check = { .result = DKIM_PERMERROR, .why = p->wrong };
	const struct dkim_signature *s = &p->signature;

	if (p->wrong.n == 0)
		dkim_mail_check(m, s, p->field, now_s, &check);
	*d = (struct dkim){
		.result = check.result,
		.domain = s->domain,
		.selector = s->selector,
		.identity = s->identity,
		.algorithm = s->algorithm_text,
		.signature = s->signature,
		.fields = s->fields,
		.testing = check.testing,
		.partial_body = check.covered < check.body_length,
		.body_covered = check.covered,
		.body_length = check.body_length,
		.key_bits = check.key_bits,
		.field = p->field,
	};
	d->reason = s->domain.n > 0
			? ARENA_JOIN(m->arena, STR("the signature of "), s->domain, STR(" "), check.why)
			: ARENA_JOIN(m->arena, STR("a DKIM signature "), check.why);
}

void dkim_verify(struct dkim_mail *m, int64_t now_s, struct dkim_list *out)
{
	struct ask_list asks = { 0 };

	*out = (struct dkim_list){ 0 };
	dkim_asks(m, &asks);
	asker_prefetch(m->asker, asks.v, asks.n);
	for (size_t i = 0; i < m->signatures.n; i++) {
		struct dkim d;
		judge(m, &m->signatures.v[i], now_s, &d);
		ARENA_PUSH(m->arena, out, d);
	}
}

void dkim_asks(struct dkim_mail *m, struct ask_list *list)
{
	read_signatures(m);
	for (size_t i = 0; i < m->signatures.n; i++) {
		const struct dkim_parsed *p = &m->signatures.v[i];
		if (p->wrong.n == 0 && p->signature.algorithm != DKIM_RSA_SHA1)
			ask_list_dns(m->arena, list, p->signature.key_name, RR_TXT);
	}
}

struct strs dkim_claimed(struct dkim_mail *m)
{
	struct strs out = { 0 };

	read_signatures(m);
	for (size_t i = 0; i < m->signatures.n; i++)
		if (m->signatures.v[i].wrong.n == 0)
			ARENA_PUSH(m->arena, &out, m->signatures.v[i].signature.domain);
	return out;
}

const struct dkim *dkim_best(const struct dkim_list *list)
{
	static const unsigned char rank[] = {
		[DKIM_PASS] = 0, [DKIM_TEMPERROR] = 1, [DKIM_POLICY] = 2, [DKIM_NEUTRAL] = 3,
		[DKIM_FAIL] = 4, [DKIM_PERMERROR] = 5, [DKIM_NONE] = 6,
	};
	const struct dkim *best = NULL;

	for (size_t i = 0; i < list->n; i++)
		if (!best || rank[list->v[i].result] < rank[best->result])
			best = &list->v[i];
	return best;
}
