/* Slices, what an account knows, and the thread. */
#include "courier/reevaluation.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "courier/ending.h"
#include "store/settings.h"

#define SLICE 50
#define MAIL_BYTES (256u << 20) /* a record as it is read, as it becomes, and what its like take */
#define SLICE_BYTES (4u << 20)
#define KNOWN_BYTES (LIMIT_POLICY + (96u << 20)) /* a policy and what it is compiled to */
#define PAUSE_MS 5000
#define LATER_MS 15000 /* when the store is busy or full */
#define MISSES 5       /* that often one mail cannot be looked at: then the next ones have their turn */

struct reevaluation {
	struct reevaluation_tools tools;
	int64_t behind; /* account whose turn was last */
	int64_t missed_key;
	unsigned misses;
	/* Of the account whose turn was last, by these revisions of all settings. */
	struct arena *arena;
	struct policy *policy;
	struct grounds_account known;
	int64_t rev;
	struct clock_steady clock;
	pthread_t thread;
	bool has_thread;
	struct ending ending;
};

/* ---- what the account knows ---- */

static void forget(struct reevaluation *v)
{
	policy_free(&v->policy);
	arena_free(&v->arena);
	v->known = (struct grounds_account){ 0 };
}

static enum err know(struct reevaluation *v, int64_t account)
{
	struct policy_source *source;
	int64_t rev;
	enum err e = settings_rev_all(v->tools.job.store, &rev);

	if (e || (v->known.account == account && v->rev == rev))
		return e;
	forget(v);
	v->arena = arena_new(KNOWN_BYTES, NULL, NULL);
	source = ARENA_NEW(v->arena, struct policy_source);
	e = settings_policy_source(v->tools.job.store, v->arena, account, source);
	if (!e)
		e = settings_domain_names(v->tools.job.store, v->arena, account, &v->known.domains);
	if (e) {
		forget(v);
		return e;
	}
	v->policy = policy_compile(v->arena, source);
	v->known.account = account;
	v->known.policy = v->policy;
	v->rev = rev;
	return OK;
}

/* ---- a slice ---- */

/* Whether the mail is to be passed over: it, and not the store, is what fails. */
static bool gives_up(struct reevaluation *v, int64_t key)
{
	if (v->missed_key != key)
		v->misses = 0;
	v->missed_key = key;
	return ++v->misses >= MISSES;
}

static enum err look_at(struct reevaluation *v, const struct reevaluation_due *due, int64_t key)
{
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	bool changed;
	enum err e = reevaluate(&v->tools, &v->known, a, key, due->step, &changed);

	arena_free(&a);
	if (e && gives_up(v, key)) {
		log_warn(v->tools.job.log, "mail_not_looked_at_again", KV_INT("key", key));
		return OK;
	}
	if (!e && changed)
		log_info(v->tools.job.log, "found_bad_after_delivery", KV_INT("key", key),
			 KV_INT("minutes", reevaluation_us[due->step] / 60000000));
	return e;
}

static enum err look_at_all(struct reevaluation *v, struct reevaluation_due *due)
{
	enum err e = OK;
	size_t done = 0;

	if (due->n > 0)
		e = know(v, due->account);
	if (e && e != ERR_LATER) { /* scans cannot read it either; nothing is gained by waiting */
		log_warn(v->tools.job.log, "mail_not_looked_at_again", KV_INT("account", due->account),
			 KV_C("why", err_name(e)));
		return store_reevaluation_done(v->tools.job.store, due);
	}
	while (!e && done < due->n && !atomic_load(&v->ending.has_come)) {
		e = look_at(v, due, due->v[done]);
		done += !e;
	}
	if (done < due->n) {
		if (done == 0)
			return e ? e : ERR_LATER;
		due->upto = due->v[done - 1];
	}
	enum err noted = store_reevaluation_done(v->tools.job.store, due);
	return e ? e : noted;
}

enum err reevaluation_turn(struct reevaluation *v, int64_t now_us)
{
	struct arena *a = arena_new(SLICE_BYTES, NULL, NULL);
	struct store *st = v->tools.job.store;
	struct reevaluation_due due;
	enum err e = store_reevaluation_due(st, a, v->behind, now_us, SLICE, &due);

	if (e == ERR_ABSENT && v->behind > 0)
		e = store_reevaluation_due(st, a, 0, now_us, SLICE, &due);
	if (!e) {
		v->behind = due.account; /* also where it fails: others have their turn */
		e = look_at_all(v, &due);
	}
	arena_free(&a);
	return e;
}

/* ---- the thread ---- */

static void *run(void *arg)
{
	struct reevaluation *v = arg;
	int64_t rest_ms;

	do {
		int64_t began_ms = clock_mono_ms();
		enum err e = reevaluation_turn(v, clock_steady_us(&v->clock, clock_now_us(), began_ms));
		int64_t took_ms = clock_mono_ms() - began_ms;
		rest_ms = e == ERR_ABSENT ? PAUSE_MS : e ? LATER_MS : took_ms + 1;
	} while (!ending_rest(&v->ending, rest_ms));
	return NULL;
}

struct reevaluation *reevaluation_new(const struct reevaluation_tools *tools)
{
	struct reevaluation *v = calloc(1, sizeof(*v));

	ASSERT(v);
	v->tools = *tools;
	ending_init(&v->ending);
	return v;
}

enum err reevaluation_start(struct reevaluation *v, struct errbuf *eb)
{
	if (pthread_create(&v->thread, NULL, run, v))
		return err_set(eb, ERR_LATER, "courier: no thread");
	v->has_thread = true;
	return OK;
}

void reevaluation_free(struct reevaluation **vp)
{
	struct reevaluation *v = *vp;

	if (!v)
		return;
	*vp = NULL;
	ending_call(&v->ending);
	if (v->has_thread)
		pthread_join(v->thread, NULL);
	forget(v);
	ending_free(&v->ending);
	free(v);
}
