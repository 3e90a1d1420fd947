/* Batches of looks: whose turn it is, what is done, and the threads that do it. */
#include "courier/domain_watch.h"

#include <stdlib.h>

#include "base/clock.h"
#include "courier/calm.h"
#include "courier/domain_health.h"
#include "courier/ending.h"
#include "resource/domain_proof.h"
#include "store/settings.h"

#define PAUSE_MS 500
#define CALM_MS 2000   /* while nobody writes: how much too late a look may be */
#define LATER_MS 30000 /* when the store is full or busy, for DNS shall not be asked in vain */
#define BATCH_BYTES ((size_t)256 << 20) /* of its domains a few hundred kB each */
#define BATCH_MAX 256
#define THREADS_MAX 16
#define LOOK_AHEAD 1000             /* domains of others, while a batch is put together */
#define PROOFS_MS 5000              /* for those of a batch, together */
#define HEALTH_MS 4000              /* for each */
#define RETRY_US INT64_C(300000000) /* what could not be written */
#define HOUR_US INT64_C(3600000000)
#define DAY_US (24 * HOUR_US)

/* What a batch is looked at with. */
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

/* ---- a batch ---- */

/*
 * Proofs: half of the questions that may be open at once. Of health each look is a dozen questions, one behind the other.
 * Counting asks the store alone.
 */
static const struct kind {
	enum settings_looks what;
	size_t threads;
	size_t batch; /* of one account, which wait for each other */
	void (*look)(struct round *r, struct settings_look_list *list);
} kinds[] = {
	{ LOOKS_PROOF, THREADS_MAX, 64, look_at_proofs },
	{ LOOKS_HEALTH, THREADS_MAX, 1, look_at_health },
	{ LOOKS_COUNT, 1, BATCH_MAX, look_at_counts },
};

struct batch {
	int64_t account;
	int64_t nums[BATCH_MAX];
	size_t n;
};

/* Where the looks of one kind are given out. */
struct desk {
	const struct kind *kind;
	struct domain_watch *watch;
	pthread_mutex_t turn; /* of the thread that looks for work, or rests because there is none; guards: */
	struct calm calm;
	int64_t alone_ms;     /* until then nobody is looked for who has less under way: there was none */
	pthread_mutex_t lock; /* guards what is under way */
	struct {
		const struct batch *v[THREADS_MAX];
		size_t n;
	} busy;
	pthread_t threads[THREADS_MAX];
	size_t threads_n;
};

static void desk_init(struct desk *d, const struct kind *kind)
{
	*d = (struct desk){ .kind = kind };
	pthread_mutex_init(&d->turn, NULL);
	pthread_mutex_init(&d->lock, NULL);
}

static void desk_free(struct desk *d)
{
	pthread_mutex_destroy(&d->lock);
	pthread_mutex_destroy(&d->turn);
}

/* How many batches of the account are under way; *looked_at_out: whether this domain is in one of them. */
static size_t under_way(struct desk *d, int64_t account, int64_t num, bool *looked_at_out)
{
	size_t n = 0;

	*looked_at_out = false;
	pthread_mutex_lock(&d->lock);
	for (size_t i = 0; i < d->busy.n; i++) {
		const struct batch *b = d->busy.v[i];
		if (b->account != account)
			continue;
		n++;
		for (size_t k = 0; k < b->n; k++)
			*looked_at_out |= b->nums[k] == num;
	}
	pthread_mutex_unlock(&d->lock);
	return n;
}

/* Looking for the account whose turn it is. */
struct choice {
	struct desk *desk;
	struct batch *batch;
	bool hurried;  /* whoever waits longest and may have one more is taken */
	bool stopped;  /* before all were seen */
	size_t others; /* batches under way of the account that was chosen so far */
	size_t seen;   /* domains since then */
};

/* One account has a quarter of the threads at most, and whoever has fewest under way comes first. */
static bool consider(void *ctx, int64_t account, int64_t num)
{
	struct choice *c = ctx;
	const struct kind *kind = c->desk->kind;
	struct batch *b = c->batch;
	bool looked_at;
	size_t others = under_way(c->desk, account, num, &looked_at);

	c->seen++;
	if (looked_at || others >= (kind->threads + 3) / 4)
		return true;
	if (b->n == 0 || others < c->others) {
		*b = (struct batch){ .account = account };
		c->others = others;
		c->seen = 0;
	}
	if (b->account == account && b->n < kind->batch)
		b->nums[b->n++] = num;
	/* Of an account that has none under way, what waits behind very much of others has the next turn. */
	c->stopped =
	    b->n == kind->batch ? c->others == 0 || c->hurried : c->others == 0 && c->seen >= LOOK_AHEAD;
	return !c->stopped;
}

/* The next batch, empty when there is none. It counts as under way until it is laid down. */
static enum err take_up(struct desk *d, const struct domain_watch_options *o, int64_t now_us,
			struct batch *out)
{
	struct choice c = { .desk = d, .batch = out, .hurried = clock_left_ms(d->alone_ms) > 0 };

	out->n = 0;
	enum err err = settings_looks_due(o->store, d->kind->what, now_us, consider, &c);
	if (err || out->n == 0)
		return err;
	if (c.others > 0 && !c.stopped)
		d->alone_ms = clock_mono_ms() + PAUSE_MS;
	pthread_mutex_lock(&d->lock);
	d->busy.v[d->busy.n++] = out;
	pthread_mutex_unlock(&d->lock);
	return OK;
}

static void lay_down(struct desk *d, const struct batch *b)
{
	pthread_mutex_lock(&d->lock);
	size_t i = 0;
	while (d->busy.v[i] != b)
		i++;
	d->busy.v[i] = d->busy.v[--d->busy.n];
	pthread_mutex_unlock(&d->lock);
}

static enum err look_at(const struct kind *kind, const struct domain_watch_options *o,
			const atomic_bool *ending, int64_t now_us, const struct batch *b)
{
	struct round r = { .o = o, .ending = ending };
	struct settings_look_list due;

	r.env = (struct resource_env){ .arena = arena_new(BATCH_BYTES, NULL, NULL), .now_us = now_us };
	enum err err = settings_looks_read(o->store, r.env.arena, kind->what, now_us, b->nums, b->n, &due);
	if (!err && due.n) {
		kind->look(&r, &due);
		err = settings_looks_done(o->store, r.env.arena, kind->what, now_us, &due);
	}
	arena_free(&r.env.arena);
	return err;
}

enum err domain_watch_round(const struct domain_watch_options *o, int64_t now_us)
{
	enum err err = OK;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && !err; i++) {
		struct batch b;
		struct desk d;
		desk_init(&d, &kinds[i]);
		while ((err = take_up(&d, o, now_us, &b)) == OK && b.n) {
			err = look_at(d.kind, o, NULL, now_us, &b);
			lay_down(&d, &b);
		}
		desk_free(&d);
	}
	return err;
}

/* ---- the threads ---- */

struct domain_watch {
	struct domain_watch_options o;
	struct desk desks[ARRAY_LEN(kinds)];
	struct ending ending;
};

static void tell_later(const struct domain_watch *w, enum err err)
{
	log_warn(w->o.log, "domains_later", KV_C("why", err_name(err)));
}

/* Waits for a batch, in turn with the other threads of the desk. False: the end has come. */
static bool wait_for_batch(struct desk *d, struct batch *out)
{
	struct domain_watch *w = d->watch;
	bool found = false;

	pthread_mutex_lock(&d->turn);
	while (!found && !atomic_load(&w->ending.has_come)) {
		if (calm_lasts(&d->calm, w->o.store)) {
			(void)ending_rest(&w->ending, PAUSE_MS);
			continue;
		}
		enum err err = take_up(d, &w->o, clock_now_us(), out);
		found = !err && out->n > 0;
		if (err) {
			tell_later(w, err);
			(void)ending_rest(&w->ending, LATER_MS);
		} else if (!found) {
			calm_begin(&d->calm, CALM_MS);
		} else {
			calm_end(&d->calm);
		}
	}
	pthread_mutex_unlock(&d->turn);
	return found;
}

static void *run(void *arg)
{
	struct desk *d = arg;
	struct domain_watch *w = d->watch;
	struct batch b;

	while (wait_for_batch(d, &b)) {
		enum err err = look_at(d->kind, &w->o, &w->ending.has_come, clock_now_us(), &b);
		if (err) {
			tell_later(w, err);
			(void)ending_rest(&w->ending, LATER_MS);
		}
		lay_down(d, &b);
	}
	return NULL;
}

enum err domain_watch_start(const struct domain_watch_options *o, struct domain_watch **out,
			    struct errbuf *eb)
{
	struct domain_watch *w = calloc(1, sizeof(*w));
	bool ok = true;

	ASSERT(w);
	w->o = *o;
	ending_init(&w->ending);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct desk *d = &w->desks[i];
		desk_init(d, &kinds[i]);
		d->watch = w;
		while (ok && d->threads_n < d->kind->threads) {
			ok = pthread_create(&d->threads[d->threads_n], NULL, run, d) == 0;
			d->threads_n += ok;
		}
	}
	if (!ok) {
		domain_watch_stop(&w);
		return err_set(eb, ERR_LATER, "no threads to look after domains");
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
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct desk *d = &w->desks[i];
		while (d->threads_n)
			pthread_join(d->threads[--d->threads_n], NULL);
		desk_free(d);
	}
	ending_free(&w->ending);
	free(w);
}
