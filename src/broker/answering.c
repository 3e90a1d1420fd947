/* Each kind of question to whom it concerns: DNS, the history of the account, registries, clamd. */
#include "broker/answering.h"

#include "base/clock.h"
#include "broker/wire.h"

static void answer_dns(struct answering *g, const struct ask *asks, size_t n, struct answer *answers)
{
	int64_t began = clock_mono_ms(), until = clock_earlier(began + g->dns_left_ms, g->until_ms);

	if (!g->o->dns || n == 0)
		return;
	sources_ask_dns(g->sources, g->o->dns, g->arena, asks, n, until, answers);
	int64_t took = clock_mono_ms() - began;
	g->dns_left_ms = took < g->dns_left_ms ? g->dns_left_ms - (int)took : 0;
}

/* As it was when the mail was judged first: what came since, itself included, changes nothing. */
static void recall(const struct past_fact_list *past, const struct str *keys, size_t n, struct history *out)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < past->n; k++) {
			const struct past_fact *f = &past->v[k];
			if (str_eq(f->key, keys[i]))
				out[i] = (struct history){ f->first_us, f->last_us, f->seen, f->bad };
		}
}

static void note_fact(struct answering *g, struct str key, const struct history *h)
{
	struct past_fact f = { 0 };

	SET(&f, past_fact, key, key);
	SET(&f, past_fact, first_us, h->first_us);
	SET(&f, past_fact, last_us, h->last_us);
	SET(&f, past_fact, seen, h->seen);
	SET(&f, past_fact, bad, h->bad);
	ARENA_PUSH(g->arena, &g->past, f);
}

static void answer_history(struct answering *g, const struct ask *asks, size_t n, struct answer *answers)
{
	struct str keys[LIMIT_ASK_KEYS];
	struct history found[LIMIT_ASK_KEYS] = { 0 };
	int64_t account = g->mail->job->account; /* ours: a worker cannot ask about another one */

	if ((!g->o->history && !g->mail->past) || account == 0 || n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		keys[i] = asks[i].name;
	if (g->mail->past)
		recall(g->mail->past, keys, n, found);
	else
		g->o->history(g->o->ctx, account, keys, n, g->mail->job->received_us, found);
	for (size_t i = 0; i < n; i++) {
		answers[i].status = found[i].last_us ? ANSWER_OK : ANSWER_NXDOMAIN;
		answers[i].history = found[i];
		if (found[i].last_us)
			note_fact(g, keys[i], &found[i]);
	}
}

typedef void answer_fn(struct answering *g, const struct ask *asks, size_t n, struct answer *answers);

/* Who answers what; the places that a kind's asks have between others are kept. */
static void answer_some(struct answering *g, const struct ask *asks, size_t n, bool (*is_its)(enum ask_kind),
			answer_fn *fn, struct answer *answers_out)
{
	struct ask *some = ARENA_ARRAY(g->arena, n, struct ask);
	struct answer *answers = ARENA_ARRAY(g->arena, n, struct answer);
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (is_its(asks[i].kind))
			some[found++] = asks[i];
	for (size_t i = 0; i < found; i++)
		answers[i].status = ANSWER_TEMPERROR;
	fn(g, some, found, answers);
	for (size_t i = 0, k = 0; i < n; i++)
		if (is_its(asks[i].kind))
			answers_out[i] = answers[k++];
}

static bool is_of_virus(enum ask_kind kind)
{
	return kind == ASK_VIRUS;
}

/* It looks while other answers are waited for. */
static void send_mail(struct answering *g, const struct ask *asks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (asks[i].kind == ASK_VIRUS)
			virus_send(sources_virus(g->sources), g->mail->fd, g->mail->size, g->patience_ms,
				   &g->virus);
}

static void answer_virus(struct answering *g, const struct ask *asks, size_t n, struct answer *answers)
{
	(void)asks;
	if (n > 0)
		virus_hear(sources_virus(g->sources), &g->virus, g->arena, answers);
}

static bool is_of_age(enum ask_kind kind)
{
	return kind == ASK_AGE;
}

static void answer_age(struct answering *g, const struct ask *asks, size_t n, struct answer *answers)
{
	sources_ask_ages(g->sources, asks, n, g->patience_ms, answers);
}

static bool is_of_history(enum ask_kind kind)
{
	return kind == ASK_HISTORY;
}

/* Each kind together, in the order asked. */
enum err answering_give(struct answering *g, struct str asked, int64_t until_ms, struct buf *out)
{
	struct ask *asks;
	size_t n;
	enum err e = wire_asks_read(g->arena, asked, &asks, &n);

	if (e != OK)
		return e;
	for (size_t i = 0; i < n; i++)
		if (++g->asked[asks[i].kind] > ask_limits[asks[i].kind].most)
			return ERR_LIMIT; /* the worker's own asker stops before */
	struct answer *ordered = ARENA_ARRAY(g->arena, n, struct answer);
	int64_t began = clock_mono_ms();
	g->until_ms = until_ms;
	send_mail(g, asks, n);
	answer_some(g, asks, n, ask_is_dns, answer_dns, ordered);
	answer_some(g, asks, n, is_of_history, answer_history, ordered);
	answer_some(g, asks, n, is_of_age, answer_age, ordered);
	answer_some(g, asks, n, is_of_virus, answer_virus, ordered);
	g->took_ms += clock_mono_ms() - began;
	wire_answers_write(out, asks, ordered, n);
	return OK;
}

/* The keys are no longer than the answers that passed the wire. */
void answering_tell_past(const struct answering *g, struct arena *a, struct verdict *out)
{
	CLEAR(out, verdict, past);
	out->past = (struct past_fact_list){ 0 };
	if (g->asked[ASK_HISTORY] == 0)
		return;
	for (size_t i = 0; i < g->past.n; i++) {
		struct past_fact f = g->past.v[i];
		f.key = arena_str(a, f.key);
		ARENA_PUSH(a, &out->past, f);
	}
	SET(out, verdict, past, out->past);
}
