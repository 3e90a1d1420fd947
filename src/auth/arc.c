/* Validating a chain (RFC 8617 §5.2, steps 4 to 7). */
#include "auth/arc.h"

#include "auth/arc_chain.h"

#define EARLY_NAMES 8 /* keys asked together with those of DKIM; chains of more than four hops are rare */

ENUM_DEFINE(arc_result, ARC_RESULTS);

static void ask_key(struct dkim_mail *m, const struct arc_field *f, struct ask_list *list)
{
	if (f->wrong.n > 0 || f->signature.algorithm == DKIM_RSA_SHA1)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i].name, f->signature.key_name))
			return;
	ask_list_dns(m->arena, list, f->signature.key_name, RR_TXT);
}

/* The keys of every hop, each once; the last hop's first, since without them the others are of no use. */
static void list_keys(struct dkim_mail *m, const struct arc_chain *c, struct ask_list *list)
{
	for (size_t i = c->wrong.n == 0 ? c->n : 0; i-- > 0;) {
		ask_key(m, &c->hops[i].message, list);
		ask_key(m, &c->hops[i].seal, list);
	}
}

void arc_asks(struct dkim_mail *m, struct ask_list *list)
{
	struct ask_list keys = { 0 };

	list_keys(m, arc_chain_of(m), &keys);
	for (size_t i = 0; keys.n <= EARLY_NAMES && i < keys.n; i++)
		ARENA_PUSH(m->arena, list, keys.v[i]);
}

static void fail(struct dkim_mail *m, struct arc *out, const char *what, size_t hop,
		 const struct arc_field *f, struct str why)
{
	struct str number = arena_printf(m->arena, "%zu", hop);

	out->result = ARC_FAIL;
	out->reason =
	    ARENA_JOIN(m->arena, str_of(what), number, STR(" ("), f->signature.domain, STR(") "), why);
}

static bool message_holds(struct dkim_mail *m, const struct arc_field *f, int64_t now_s, struct str *why)
{
	struct dkim_check check = { .why = f->wrong };

	if (f->wrong.n == 0)
		dkim_mail_check(m, &f->signature, f->field, now_s, &check);
	*why = check.why;
	return check.result == DKIM_PASS;
}

static void add(void *ctx, struct str bytes)
{
	hash_sum_add(ctx, bytes);
}

/*
 * What each seal was made over: its own set and all before it, each as results, message signature, seal, the last seal
 * without the value of b= (RFC 8617 §5.1.1). One hash runs through them all, so that fifty hops are not hashed
 * fifty times.
 */
static void hash_seals(const struct dkim_mail *m, const struct arc_chain *c, struct sha256 *digests)
{
	struct hash_sum *sum = hash_sum_new();
	struct dkim_sink sink = { .write = add, .ctx = sum };

	for (size_t i = 0; i < c->n; i++) {
		const struct arc_hop *hop = &c->hops[i];
		struct str seal = dkim_mail_field(m, hop->seal.field);
		dkim_canon_field(&sink, DKIM_RELAXED, dkim_mail_field(m, hop->results_field), STR_NONE, true);
		dkim_canon_field(&sink, DKIM_RELAXED, dkim_mail_field(m, hop->message.field), STR_NONE, true);
		dkim_sink_flush(&sink);
		struct hash_sum *copy = hash_sum_copy(sum);
		struct dkim_sink last = { .write = add, .ctx = copy };
		dkim_canon_field(&last, DKIM_RELAXED, seal, hop->seal.signature.b, false);
		dkim_sink_flush(&last);
		digests[i] = hash_sum_end(&copy);
		dkim_canon_field(&sink, DKIM_RELAXED, seal, STR_NONE, true);
	}
	(void)hash_sum_end(&sum);
}

/* True when every seal holds. */
static bool seals_hold(struct dkim_mail *m, const struct arc_chain *c, int64_t now_s, struct arc *out)
{
	struct sha256 digests[ARC_INSTANCE_MAX];

	for (size_t i = c->n; i-- > 0;)
		if (c->hops[i].seal.wrong.n > 0) {
			fail(m, out, "the seal of hop ", i + 1, &c->hops[i].seal, c->hops[i].seal.wrong);
			return false;
		}
	hash_seals(m, c, digests);
	for (size_t i = c->n; i-- > 0;) {
		const struct arc_field *seal = &c->hops[i].seal;
		struct dkim_check check;
		dkim_mail_check_digest(m, &seal->signature, &digests[i], now_s, &check);
		if (check.result != DKIM_PASS) {
			fail(m, out, "the seal of hop ", i + 1, seal, check.why);
			return false;
		}
	}
	return true;
}

static unsigned find_oldest_pass(struct dkim_mail *m, const struct arc_chain *c, int64_t now_s)
{
	struct str why;

	for (size_t i = c->n - 1; i-- > 0;)
		if (!message_holds(m, &c->hops[i].message, now_s, &why))
			return (unsigned)i + 2;
	return 0;
}

/* Names the hops; the sentence is that of a chain that holds. */
static void tell_sets(struct dkim_mail *m, const struct arc_chain *c, struct arc *out)
{
	struct str *parts = ARENA_ARRAY(m->arena, 2 * c->n, struct str);

	for (size_t i = 0; i < c->n; i++) {
		const struct dkim_signature *s = &c->hops[i].seal.signature;
		struct arc_set set = { s->domain, s->selector, c->hops[i].results };
		ARENA_PUSH(m->arena, &out->sets, set);
		parts[2 * i] = i == 0 ? STR("the chain holds, sealed by ") : STR(", then ");
		parts[2 * i + 1] = s->domain;
	}
	out->reason = arena_join(m->arena, parts, 2 * c->n);
}

/* What the next seal is made over, too. */
static void list_fields(struct dkim_mail *m, const struct arc_chain *c, struct arc *out)
{
	for (size_t i = 0; i < c->n; i++) {
		ARENA_PUSH(m->arena, &out->fields, c->hops[i].results_field);
		ARENA_PUSH(m->arena, &out->fields, c->hops[i].message.field);
		ARENA_PUSH(m->arena, &out->fields, c->hops[i].seal.field);
	}
}

/* RFC 8617 §5.1, and §4.2.1 for how many there may be. */
static bool is_closed(const struct arc_chain *c)
{
	return c->n >= ARC_INSTANCE_MAX ||
	       (c->n > 0 && str_eq(c->hops[c->n - 1].seal.signature.chain, STR("fail")));
}

void arc_verify(struct dkim_mail *m, int64_t now_s, struct arc *out)
{
	const struct arc_chain *c = arc_chain_of(m);
	struct ask_list asks = { 0 };
	struct str why;

	*out = (struct arc){ .result = c->any ? ARC_FAIL : ARC_NONE,
			     .instances = (unsigned)c->n,
			     .closed = is_closed(c) };
	out->reason = c->any ? ARENA_JOIN(m->arena, STR("the chain is not whole: "), c->wrong)
			     : STR("no host sealed it");
	if (!c->any || c->wrong.n > 0)
		return;
	tell_sets(m, c, out);
	list_keys(m, c, &asks);
	asker_prefetch(m->asker, asks.v, asks.n);
	for (size_t i = c->n; i-- > 0;)
		if (c->hops[i].message.wrong.n == 0)
			dkim_body_want(m->arena, &m->bodies, &c->hops[i].message.signature);
	const struct arc_field *last = &c->hops[c->n - 1].message;
	if (!message_holds(m, last, now_s, &why)) {
		fail(m, out, "the message signature of hop ", c->n, last, why);
		return;
	}
	if (!seals_hold(m, c, now_s, out))
		return;
	out->result = ARC_PASS;
	list_fields(m, c, out);
	out->oldest_pass = find_oldest_pass(m, c, now_s);
}
