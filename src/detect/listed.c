/*
 * Hosts and domains that are on block lists: the host that sent the mail, the domain of From, those that links lead to. Lists
 * err, and shared hosts mix good and bad, so no list decides alone; a host and a domain that are both listed agree.
 *
 * A list that answers yes to the name that none may hold is not believed. Weights are of the lists (block_list.c), set by
 * judgement, November 2026.
 */
#include "detect/listed.h"

#include "auth/received.h"
#include "base/domain.h"
#include "base/limits.h"
#include "detect/linked.h"
#include "detect/lists.h"
#include "detect/outside.h"

#define DOMAINS_MOST 10 /* of links; each is a question to each list */
#define AGREES 0.5      /* share of its weight that each further list has */
#define MOST 0.95
#define GUESSED 0.5 /* a host that was found by guessing */

static const struct block_lists *lists_of(const struct scan *s)
{
	static const struct block_lists none = { 0 };

	return s->job->outside && !s->job->released ? &s->job->outside->lists : &none;
}

/* A host whose listing means something: others are our own, or nobody's in particular. */
static bool host_counts(const struct scan *s)
{
	return s->host && s->host->ip.family && ip_is_global(&s->host->ip);
}

static bool sender_counts(const struct scan *s)
{
	return s->from.owner.n > 0 && !s->own_domain && !list_is_free_mail(s->from.owner) &&
	       ask_name_ok(s->from.owner);
}

static void ask(struct arena *a, struct ask_list *list, struct str name)
{
	struct ask one = { ASK_LISTED, RR_A, name };

	if (ask_name_ok(name))
		ARENA_PUSH(a, list, one);
}

void listed_asks(const struct scan *s, struct ask_list *list)
{
	const struct block_lists *lists = lists_of(s);
	struct linked_list linked = { 0 };

	if (lists->n == 0)
		return;
	linked_find(s, DOMAINS_MOST, &linked);
	for (size_t i = 0; i < lists->n; i++) {
		const struct block_list *l = &lists->v[i];
		size_t before = list->n;
		if (!l->domains && host_counts(s))
			ask(s->arena, list, block_list_host_name(s->arena, l, &s->host->ip));
		if (l->domains && sender_counts(s))
			ask(s->arena, list, block_list_domain_name(s->arena, l, s->from.owner));
		for (size_t k = 0; l->domains && k < linked.n; k++)
			ask(s->arena, list, block_list_domain_name(s->arena, l, linked.v[k].owner));
		if (list->n > before)
			ask(s->arena, list, block_list_probe(s->arena, l));
	}
}

void listed_domain_asks(struct arena *a, const struct block_lists *lists, struct str domain,
			struct ask_list *list)
{
	for (size_t i = 0; i < lists->n; i++) {
		const struct block_list *l = &lists->v[i];
		if (!l->domains)
			continue;
		ask(a, list, block_list_domain_name(a, l, domain));
		ask(a, list, block_list_probe(a, l));
	}
}

/* Where the answers are. */
struct answers {
	struct arena *arena;
	const struct block_lists *lists;
	struct asker *asker;
};

static struct answers answers_of(const struct scan *s)
{
	return (struct answers){ s->arena, lists_of(s), s->asker };
}

static bool is_within_reason(const struct answers *from, const struct block_list *l)
{
	const struct answer *probe = asker_listed(from->asker, block_list_probe(from->arena, l));

	return probe->status != ANSWER_OK;
}

static bool is_worse(const struct block_code *a, const struct block_code *b)
{
	return a->says != b->says ? a->says > b->says : a->weight > b->weight;
}

static void add_answer(const struct answers *from, const struct block_list *l, struct str name,
		       struct listing *sum)
{
	const struct answer *answer = asker_listed(from->asker, name);
	const struct block_code *code = NULL;
	struct str shown = STR_NONE;

	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		const uint8_t *b = (const uint8_t *)answer->records.v[i].data.p;
		const struct block_code *c = answer->records.v[i].data.n == 4 ? block_list_code(l, b) : NULL;
		if (!c || (code && !is_worse(c, code)))
			continue;
		code = c;
		shown = arena_printf(from->arena, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
	}
	if (!code || !is_within_reason(from, l))
		return;
	double lighter = code->weight < sum->heaviest ? code->weight : sum->heaviest;
	sum->left *= 1 - lighter * AGREES;
	sum->heaviest += code->weight - lighter;
	if (!sum->worst || is_worse(code, sum->worst))
		sum->worst = code;
	sum->by =
	    ARENA_JOIN(from->arena, sum->by, sum->by.n ? STR(", ") : STR(""), l->shown, STR(" says "), shown);
}

static struct listing ask_all(const struct answers *from, const struct ip *host, struct str domain)
{
	struct listing sum = { .left = 1 };

	for (size_t i = 0; i < from->lists->n; i++) {
		const struct block_list *l = &from->lists->v[i];
		if (l->domains == (host != NULL))
			continue;
		add_answer(from, l,
			   host ? block_list_host_name(from->arena, l, host)
				: block_list_domain_name(from->arena, l, domain),
			   &sum);
	}
	return sum;
}

struct listing listed_domain(struct arena *a, const struct block_lists *lists, struct asker *asker,
			     struct str domain)
{
	const struct answers from = { a, lists, asker };

	return ask_all(&from, NULL, domain);
}

double listing_score(const struct listing *l)
{
	double score = 1 - (1 - l->heaviest) * l->left;

	return score > MOST ? MOST : score;
}

static struct finding *tell(const struct scan *s, struct findings *out, const char *signal,
			    const struct listing *sum, double share, struct str what, const char *reason)
{
	double score = listing_score(sum) * share * (sender_is_known(s) ? 0.5 : 1);
	struct finding *f =
	    finding_add(out, signal, sum->worst->says, score, sum->worst->category,
			ARENA_JOIN(s->arena, str_of(reason), str_of(sum->worst->meaning), STR(".")).p);

	finding_detail(out, f, "%.*s: %.*s", STR_ARG(what), STR_ARG(sum->by));
	return f;
}

static void look_at_host(const struct scan *s, struct findings *out)
{
	const struct answers from = answers_of(s);
	struct listing sum = ask_all(&from, &s->host->ip, STR_NONE);
	char text[IP_TEXT_MAX];

	if (!sum.worst)
		return;
	struct str ip = arena_str(s->arena, ip_text(&s->host->ip, text));
	struct finding *f = tell(s, out, "host", &sum, s->host->is_guess ? GUESSED : 1, ip,
				 "The host that sent this is on a block list as ");
	finding_where(f, "host", "address", ip);
}

static void look_at_sender(const struct scan *s, struct findings *out)
{
	const struct answers from = answers_of(s);
	struct listing sum = ask_all(&from, NULL, s->from.owner);

	if (!sum.worst)
		return;
	struct finding *f =
	    tell(s, out, "sender", &sum, 1, s->from.owner, "The sender's domain is on a block list as ");
	finding_where(f, s->from.header.p, "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
}

/* The worst of them speaks for all. */
static void look_at_links(const struct scan *s, struct findings *out)
{
	struct linked_list linked = { 0 };
	struct listing worst = { 0 };
	const struct answers from = answers_of(s);
	const struct linked *at = NULL;

	linked_find(s, DOMAINS_MOST, &linked);
	for (size_t i = 0; i < linked.n; i++) {
		struct listing sum = ask_all(&from, NULL, linked.v[i].owner);
		if (!sum.worst || (at && !is_worse(sum.worst, worst.worst)))
			continue;
		worst = sum;
		at = &linked.v[i];
	}
	if (!at)
		return;
	struct finding *f = tell(s, out, "link", &worst, 1, at->owner,
				 "A link leads to a domain that is on a block list as ");
	finding_where(f,
		      at->link->field  ? "header"
		      : at->link->file ? "attachment"
				       : "body",
		      "link", at->link->href);
	finding_link(f, s, at->link);
	SET(f, finding, family, FAMILY_URL);
}

static void run(const struct scan *s, struct findings *out)
{
	if (lists_of(s)->n == 0)
		return;
	if (host_counts(s))
		look_at_host(s, out);
	if (sender_counts(s))
		look_at_sender(s, out);
	look_at_links(s, out);
}

const struct detector detect_listed = {
	.name = "listed",
	.family = FAMILY_SENDER,
	.run = run,
};
