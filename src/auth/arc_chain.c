/* Gathering ARC sets. */
#include "auth/arc_chain.h"

#include "base/abnf.h"
#include "base/cursor.h"

static void refuse(struct dkim_mail *m, struct arc_chain *c, const char *fmt, size_t instance)
{
	if (c->wrong.n > 0)
		return;
	struct str number = arena_printf(m->arena, "%zu", instance);
	c->wrong = ARENA_JOIN(m->arena, str_of(fmt), number);
}

/* White space and comments: CFWS. A comment that is not closed goes on to the end. */
static void skip_cfws(struct cursor *c)
{
	int depth = 0;

	for (; !cursor_done(c); c->at++) {
		if (depth > 0 && *c->at == '\\' && c->at + 1 < c->end)
			c->at++;
		else if (*c->at == '(')
			depth++;
		else if (depth > 0 && *c->at == ')')
			depth--;
		else if (depth == 0 && !abnf_is_fws((unsigned char)*c->at))
			return;
	}
}

/* instance ";" (RFC 8617 §4.1.1); 0 when it is not one of 1 to ARC_INSTANCE_MAX. */
static unsigned take_instance(struct str value, struct str *rest)
{
	struct cursor c = cursor_of(value);
	struct str digits = STR_NONE;
	uint64_t instance = 0;

	skip_cfws(&c);
	if (!cursor_char(&c, 'i'))
		return 0;
	skip_cfws(&c);
	if (!cursor_char(&c, '='))
		return 0;
	skip_cfws(&c);
	if (cursor_while(&c, abnf_is_digit, 2, &digits) || str_to_u64(digits, ARC_INSTANCE_MAX, &instance))
		return 0;
	skip_cfws(&c);
	if (!cursor_char(&c, ';'))
		return 0;
	*rest = cursor_rest(&c);
	return (unsigned)instance;
}

static void add_results(struct dkim_mail *m, struct arc_chain *c, size_t field)
{
	struct str rest;
	unsigned instance = take_instance(m->headers->v[field].value, &rest);
	struct arc_hop *hop = &c->hops[instance > 0 ? instance - 1 : 0];

	if (instance == 0) {
		refuse(m, c, "results without an instance of 1 to ", ARC_INSTANCE_MAX);
		return;
	}
	if (hop->results_field != SIZE_MAX)
		refuse(m, c, "there are two results of hop ", instance);
	hop->results_field = field;
	hop->results = rest;
	c->n = instance > c->n ? instance : c->n;
}

static void add_signature(struct dkim_mail *m, struct arc_chain *c, enum dkim_kind kind, size_t field)
{
	struct arc_field fresh = { .field = field };
	struct errbuf eb;

	if (dkim_signature_parse(m->arena, kind, m->headers->v[field].value, &fresh.signature, &eb))
		fresh.wrong = ARENA_JOIN(m->arena, STR("cannot be read: "), str_of(eb.text));
	unsigned instance = fresh.signature.instance;
	if (instance == 0) {
		refuse(m, c, "a signature without an instance of 1 to ", ARC_INSTANCE_MAX);
		return;
	}
	struct arc_hop *hop = &c->hops[instance - 1];
	struct arc_field *place = kind == ARC_SEAL ? &hop->seal : &hop->message;
	if (place->field != SIZE_MAX)
		refuse(m, c,
		       kind == ARC_SEAL ? "there are two seals of hop "
					: "there are two message signatures of hop ",
		       instance);
	*place = fresh;
	c->n = instance > c->n ? instance : c->n;
}

/* Each set whole, no gap, and cv= as it must be: "none" for the first, "pass" for the others. */
static void check_sets(struct dkim_mail *m, struct arc_chain *c)
{
	const struct arc_hop *last = &c->hops[c->n - 1];

	if (str_eq(last->seal.signature.chain, STR("fail")))
		refuse(m, c, "it was broken already at hop ", c->n);
	for (size_t i = 0; i < c->n && c->wrong.n == 0; i++) {
		const struct arc_hop *hop = &c->hops[i];
		struct str want = i == 0 ? STR("none") : STR("pass");
		if (hop->results_field == SIZE_MAX)
			refuse(m, c, "there are no results of hop ", i + 1);
		else if (hop->message.field == SIZE_MAX)
			refuse(m, c, "there is no message signature of hop ", i + 1);
		else if (hop->seal.field == SIZE_MAX)
			refuse(m, c, "there is no seal of hop ", i + 1);
		else if (!str_eq(hop->seal.signature.chain, want) && hop->seal.wrong.n == 0)
			refuse(m, c, "the seal says otherwise than it must of hop ", i + 1);
	}
}

static void gather(struct dkim_mail *m, struct arc_chain *c)
{
	for (size_t i = 0; i < ARC_INSTANCE_MAX; i++)
		c->hops[i].results_field = c->hops[i].message.field = c->hops[i].seal.field = SIZE_MAX;
	for (size_t i = 0; i < m->headers->n; i++) {
		struct str name = m->headers->v[i].name;
		if (!str_starts_nocase(name, STR("ARC-")))
			continue;
		if (str_eq_nocase(name, STR("ARC-Authentication-Results")))
			add_results(m, c, i);
		else if (str_eq_nocase(name, STR("ARC-Message-Signature")))
			add_signature(m, c, ARC_MESSAGE_SIGNATURE, i);
		else if (str_eq_nocase(name, STR("ARC-Seal")))
			add_signature(m, c, ARC_SEAL, i);
		else
			continue;
		c->any = true;
	}
	if (c->any && c->wrong.n == 0)
		check_sets(m, c);
}

const struct arc_chain *arc_chain_of(struct dkim_mail *m)
{
	static const struct str names[] = { STR_INIT("ARC-Seal"), STR_INIT("ARC-Message-Signature"),
					    STR_INIT("ARC-Authentication-Results") };
	static const struct arc_chain none = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(names) && !m->chain; i++)
		if (headers_first(m->headers, names[i])) {
			m->chain = ARENA_NEW(m->arena, struct arc_chain);
			gather(m, m->chain);
		}
	return m->chain ? m->chain : &none;
}
