/* One round of looks, and the thread that makes them. */
#include "courier/domain_watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "courier/domain_health.h"
#include "courier/ending.h"
#include "resource/domain_proof.h"
#include "store/settings.h"

#define PAUSE_MS 500
#define LATER_MS 30000 /* when the store is full or busy, for DNS shall not be asked in vain */
#define ROUND_BYTES ((size_t)256 << 20) /* of the 500 domains of a round a few hundred kB each */
#define PROOFS 256                      /* at once: an eighth of the questions that may be open */
#define PROOFS_MS 5000                  /* for all of them */
#define HEALTHS 8                       /* in a round, one behind the other */
#define HEALTH_MS 4000                  /* for each */
#define COUNTS 500                      /* in a transaction */
#define RETRY_US INT64_C(300000000)     /* what could not be written */
#define HOUR_US INT64_C(3600000000)
#define DAY_US (24 * HOUR_US)

/* What a round works with. */
struct round {
	const struct domain_watch_options *o;
	struct resource_env env;
	const atomic_bool *ending;
};

static bool is_ending(const struct round *r)
{
	return r->ending && atomic_load(r->ending);
}

/* ---- proof ---- */

static void tell(const struct round *r, const struct settings_look *look, const struct domain *was)
{
	const struct domain *d = look->object.obj;

	if (was->status == d->status && domain_is_authorized(was) == domain_is_authorized(d))
		return;
	log_info(r->o->log, "domain_status", KV_STR("domain", d->domain),
		 KV_STR("account", settings_account_id(r->o->store, r->env.arena, look->account)),
		 KV_STR("status", enum_text(&domain_status_names, d->status)),
		 KV_STR("why", d->authorization->status_message));
}

/* Writes what became of it; where others changed it meanwhile, it is due again at once. */
static void settle(struct round *r, struct settings_look *look, enum proof_found found)
{
	static const struct settings_who who = { .name = STR_INIT("verification") };
	const struct settings_object was = look->object;
	struct domain *d = ARENA_NEW(r->env.arena, struct domain);
	struct settings_refusal why = { .stale = false };

	*d = *(const struct domain *)was.obj;
	look->due_us = domain_proof_look(&r->env, d, found);
	struct settings_write *w =
	    settings_write_new(r->o->store, &r->env, &resource_domains, look->account, &who);
	settings_write_state(w, &look->object, d, 0);
	look->object.obj = d;
	enum err err = settings_write_run(w, &why);
	if (err == OK) {
		tell(r, look, was.obj);
		return;
	}
	look->object = was;
	look->due_us = r->env.now_us + (why.stale ? 0 : RETRY_US);
	if (err == ERR_CONFLICT && !why.stale && found == PROOF_SEEN)
		settle(r, look, PROOF_TAKEN);
}

static enum proof_found found_in(const struct answer *answer, struct str wanted)
{
	if (answer->status == ANSWER_TEMPERROR)
		return PROOF_SILENCE;
	for (size_t i = 0; i < answer->records.n; i++)
		if (str_eq(str_trim(answer->records.v[i].data), wanted))
			return PROOF_SEEN;
	return answer->records.n ? PROOF_OTHER : PROOF_ABSENT;
}

static void look_at_proofs(struct round *r, struct settings_look_list *list)
{
	struct arena *a = r->env.arena;
	struct ask *asks = ARENA_ARRAY(a, list->n, struct ask);
	struct str *wanted = ARENA_ARRAY(a, list->n, struct str);
	struct answer *answers = ARENA_ARRAY(a, list->n, struct answer);
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct domain *d = list->v[i].object.obj;
		struct settings_challenge c = settings_challenge(r->o->store, a, d);
		if (!domain_needs_proof(d))
			continue;
		asks[n] = (struct ask){ ASK_DNS, RR_TXT, c.name };
		wanted[n++] = c.value;
	}
	dns_ask(r->o->dns, a, asks, n, clock_mono_ms() + PROOFS_MS, answers);
	n = 0;
	for (size_t i = 0; i < list->n; i++) {
		struct settings_look *look = &list->v[i];
		bool asked = domain_needs_proof(look->object.obj);
		look->due_us = DOMAIN_LOOK_NEVER;
		if (asked)
			settle(r, look, found_in(&answers[n], wanted[n]));
		n += asked;
	}
}

/* ---- health ---- */

struct asking {
	struct dns *dns;
	int64_t until_ms;
};

static void ask(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	const struct asking *asking = ctx;

	dns_ask(asking->dns, a, asks, n, asking->until_ms, answers_out);
}

static void look_at_health(struct round *r, struct settings_look_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct settings_look *look = &list->v[i];
		struct asking asking = { r->o->dns, clock_mono_ms() + HEALTH_MS };
		bool answered =
		    !is_ending(r) &&
		    domain_health_look(r->env.arena, asker_new(r->env.arena, ask, &asking), look->object.obj);
		look->due_us = r->env.now_us + (answered ? DAY_US : HOUR_US);
	}
}

/* ---- count ---- */

static void look_at_counts(struct round *r, struct settings_look_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct settings_look *look = &list->v[i];
		struct domain *d = look->object.obj;
		struct emails_processed *mails = ARENA_NEW(r->env.arena, struct emails_processed);
		if (settings_mails(r->o->store, look->num, r->env.now_us, mails) == OK)
			SET(d, domain, emails_processed, mails);
		look->due_us = r->env.now_us + HOUR_US;
	}
}

/* ---- a round ---- */

static const struct {
	enum settings_looks what;
	size_t n;
	void (*look)(struct round *r, struct settings_look_list *list);
} kinds[] = {
	{ LOOKS_PROOF, PROOFS, look_at_proofs },
	{ LOOKS_HEALTH, HEALTHS, look_at_health },
	{ LOOKS_COUNT, COUNTS, look_at_counts },
};

enum err domain_watch_round(const struct domain_watch_options *o, int64_t now_us, const atomic_bool *ending,
			    bool *more_out)
{
	struct round r = { .o = o, .ending = ending };
	enum err err = OK;

	*more_out = false;
	for (size_t i = 0; i < ARRAY_LEN(kinds) && !err && !is_ending(&r); i++) {
		struct settings_look_list due;
		r.env =
		    (struct resource_env){ .arena = arena_new(ROUND_BYTES, NULL, NULL), .now_us = now_us };
		err = settings_looks_due(o->store, r.env.arena, kinds[i].what, now_us, kinds[i].n, &due);
		if (!err && due.n) {
			kinds[i].look(&r, &due);
			err = settings_looks_done(o->store, r.env.arena, kinds[i].what, now_us, &due);
		}
		*more_out |= due.n == kinds[i].n;
		arena_free(&r.env.arena);
	}
	return err;
}

/* ---- the thread ---- */

struct domain_watch {
	struct domain_watch_options o;
	pthread_t thread;
	struct ending ending;
};

static void *run(void *arg)
{
	struct domain_watch *w = arg;

	while (!atomic_load(&w->ending.has_come)) {
		bool more;
		enum err err = domain_watch_round(&w->o, clock_now_us(), &w->ending.has_come, &more);
		if (err)
			log_warn(w->o.log, "domains_later", KV_C("why", err_name(err)));
		if (err || !more)
			(void)ending_rest(&w->ending, err ? LATER_MS : PAUSE_MS);
	}
	return NULL;
}

static void watch_free(struct domain_watch *w)
{
	ending_free(&w->ending);
	free(w);
}

enum err domain_watch_start(const struct domain_watch_options *o, struct domain_watch **out,
			    struct errbuf *eb)
{
	struct domain_watch *w = calloc(1, sizeof(*w));

	ASSERT(w);
	w->o = *o;
	ending_init(&w->ending);
	if (pthread_create(&w->thread, NULL, run, w)) {
		watch_free(w);
		return err_set(eb, ERR_LATER, "no thread to look after domains");
	}
	*out = w;
	return OK;
}

void domain_watch_stop(struct domain_watch **wp)
{
	struct domain_watch *w = *wp;

	*wp = NULL;
	if (!w)
		return;
	ending_call(&w->ending);
	pthread_join(w->thread, NULL);
	watch_free(w);
}
