/* Remembering the answers of one scan. A mail asks a few dozen things, so a list is searched faster than hashed. */
#include "scan/ask.h"

#include "base/limits.h"

struct known {
	struct ask ask;
	struct answer *answer;
};

struct asker {
	struct arena *arena;
	ask_fn *fn;
	void *ctx;
	struct {
		struct known *v;
		size_t n;
	} known;
	size_t asked[ASK_KINDS];
};

const struct ask_limits ask_limits[ASK_KINDS] = {
	[ASK_DNS] = { LIMIT_ASK_NAMES, 253 },
	[ASK_HISTORY] = { LIMIT_ASK_KEYS, 300 },
	[ASK_LISTED] = { LIMIT_ASK_LISTED, 253 },
	[ASK_AGE] = { LIMIT_ASK_AGES, 253 },
	[ASK_VIRUS] = { 1, sizeof(ASK_VIRUS_NAME) - 1 },
};

static const struct answer no_answer = { .status = ANSWER_TEMPERROR };

struct asker *asker_new(struct arena *a, ask_fn *fn, void *ctx)
{
	struct asker *q = ARENA_NEW(a, struct asker);

	q->arena = a;
	q->fn = fn;
	q->ctx = ctx;
	return q;
}

bool asker_is_offline(const struct asker *q)
{
	return !q->fn;
}

static const struct answer *find(const struct asker *q, const struct ask *ask)
{
	for (size_t i = 0; i < q->known.n; i++) {
		const struct ask *k = &q->known.v[i].ask;
		if (k->kind == ask->kind && k->rrtype == ask->rrtype && str_eq(k->name, ask->name))
			return q->known.v[i].answer;
	}
	return NULL;
}

void asker_prefetch(struct asker *q, const struct ask *asks, size_t n)
{
	struct {
		struct ask *v;
		size_t n;
	} fresh = { 0 };

	if (!q->fn)
		return;
	for (size_t i = 0; i < n; i++) {
		struct ask ask = asks[i];
		const struct ask_limits *limits = &ask_limits[ask.kind];
		if (ask.name.n == 0 || ask.name.n > limits->longest || q->asked[ask.kind] >= limits->most)
			continue;
		ask.name = arena_lower(q->arena, ask.name);
		bool twice = find(q, &ask) != NULL;
		for (size_t j = 0; j < fresh.n && !twice; j++)
			twice = fresh.v[j].kind == ask.kind && fresh.v[j].rrtype == ask.rrtype &&
				str_eq(fresh.v[j].name, ask.name);
		if (twice)
			continue;
		q->asked[ask.kind]++;
		ARENA_PUSH(q->arena, &fresh, ask);
	}
	if (fresh.n == 0)
		return;
	struct answer *answers = ARENA_ARRAY(q->arena, fresh.n, struct answer);
	q->fn(q->ctx, q->arena, fresh.v, fresh.n, answers);
	for (size_t i = 0; i < fresh.n; i++) {
		struct known known = { fresh.v[i], &answers[i] };
		ARENA_PUSH(q->arena, &q->known, known);
	}
}

static const struct answer *ask_one(struct asker *q, enum ask_kind kind, uint16_t rrtype, struct str name)
{
	struct ask ask = { kind, rrtype, arena_lower(q->arena, name) };
	const struct answer *answer = find(q, &ask);

	if (!answer) {
		asker_prefetch(q, &ask, 1);
		answer = find(q, &ask);
	}
	return answer ? answer : &no_answer;
}

const struct answer *asker_dns(struct asker *q, struct str name, uint16_t rrtype)
{
	return ask_one(q, ASK_DNS, rrtype, name);
}

const struct answer *asker_history(struct asker *q, struct str key)
{
	return ask_one(q, ASK_HISTORY, 0, key);
}

const struct answer *asker_listed(struct asker *q, struct str name)
{
	return ask_one(q, ASK_LISTED, RR_A, name);
}

const struct answer *asker_virus(struct asker *q)
{
	return ask_one(q, ASK_VIRUS, 0, STR(ASK_VIRUS_NAME));
}

const struct answer *asker_age(struct asker *q, struct str domain)
{
	return ask_one(q, ASK_AGE, 0, domain);
}
