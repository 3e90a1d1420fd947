/* One thread looks who is due; the others tell them. */
#include "courier/notifier.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/clock.h"
#include "courier/calm.h"
#include "courier/ending.h"
#include "courier/notice.h"
#include "store/settings.h"

#define THREADS 16 /* targets at once: they wait for others nearly all the time */
#define SHARE (THREADS / 4)
#define LOOK_MS 250  /* how long a new event may lie before somebody looks */
#define CALM_MS 1000 /* and one that is to be told again, while nobody writes */
#define LOOK_MAX 512 /* who is due, in one look: more than accounts that use up their share have */
#define LOOK_BYTES (1u << 20)
#define BATCH 32        /* events of one transaction: told twice when it is lost */
#define BATCH_MS 10000  /* then what was told is written down */
#define LEASE_S 40      /* a batch, its last try, and reaching the target take less */
#define TARGET_MS 20000 /* of one target, while others wait for a thread */
#define TARGET_BYTES (4u << 20)
#define NOTICE_BYTES (256u << 20) /* a record of a few MB as it is read, and its text */
#define SECOND_US INT64_C(1000000)
#define DAY_US (86400 * SECOND_US)

static const int64_t pauses_s[] = { 5, 15, 60, 300, 900, 3600 };

static const struct way *const ways[] = {
	[NOTIFY_WEBHOOK] = &way_webhook,
	[NOTIFY_SYSLOG] = &way_syslog,
};

struct worker {
	struct notifier *n;
	pthread_t thread;
	struct notice_due on; /* num 0: idle */
};

struct notifier {
	struct notifier_options o;
	struct worker workers[THREADS];
	size_t workers_n;
	pthread_t looker;
	bool looks;
	struct ending ending;
	pthread_mutex_t lock; /* guards workers[].on */
	pthread_cond_t work;  /* for one of them, or the end */
};

static int64_t pause_us(int64_t tries)
{
	size_t i = tries < (int64_t)ARRAY_LEN(pauses_s) ? (size_t)tries : ARRAY_LEN(pauses_s) - 1;

	return pauses_s[i] * SECOND_US;
}

/* ---- one target ---- */

/* What is done with it, from taking it to giving it back. */
struct visit {
	struct notifier *n;
	struct arena *arena, *scratch; /* of the visit, of one event */
	struct notice_target target;
	struct notice_list list;
	struct str account_id;
	void *way;         /* opened */
	bool is_away;      /* it was not reached, or takes none now */
	struct errbuf why; /* of the last failure; "" = none */
};

static enum err tell(struct visit *v, const struct notice *notice, struct errbuf *why)
{
	const struct way *way = ways[v->target.to.kind];
	struct telling telling = { .event = notice->event, .kind = notice->kind, .at_us = notice->at_us };
	enum err e = notice_text(v->n->o.store, v->scratch, notice, v->account_id, way->room(&v->target.to),
				 &telling.text);

	if (e)
		return e == ERR_ABSENT ? ERR_ABSENT
				       : err_set(why, ERR_DENIED, "the store cannot be read now");
	if (!v->way && (e = way->open(&v->n->o.tools, v->arena, &v->target, &v->way, why)))
		return e;
	return way->tell(v->way, v->scratch, &telling, why);
}

static void tell_one(struct visit *v, struct notice *notice)
{
	int64_t now;

	arena_reset(v->scratch);
	switch (tell(v, notice, &v->why)) {
	case OK:
		notice->result = NOTICE_SENT;
		SET(&v->target.to, notification, last_success_at, clock_now_us());
		break;
	case ERR_ABSENT:
		notice->result = NOTICE_GONE;
		break;
	case ERR_DENIED:
		now = clock_now_us();
		notice->result = NOTICE_LATER;
		notice->due_us = now + pause_us(notice->tries);
		SET(&v->target.to, notification, last_failure_at, now);
		break;
	case ERR_SYNTAX:
	case ERR_LIMIT:
	case ERR_CONFLICT:
	case ERR_LATER:
	case ERR_BUG:
		v->is_away = true;
		if (atomic_load(&v->n->ending.has_come))
			v->why.text[0] = 0; /* it is we who go away */
		else
			SET(&v->target.to, notification, last_failure_at, clock_now_us());
	}
}

static void tell_all(struct visit *v)
{
	int64_t until = clock_mono_ms() + BATCH_MS;

	for (size_t i = 0; i < v->list.n && !v->is_away; i++) {
		if (clock_mono_ms() > until || atomic_load(&v->n->ending.has_come))
			break;
		tell_one(v, &v->list.v[i]);
	}
	if (v->way)
		ways[v->target.to.kind]->close(v->way);
	if (v->why.text[0])
		SET(&v->target.to, notification, last_failure_reason, str_of(v->why.text));
}

/* Until when nothing is sent to it. */
static int64_t away_until(const struct visit *v, int64_t now_us)
{
	if (!v->target.to.enabled)
		return NOTICE_NEVER; /* until somebody changes it */
	return v->is_away ? now_us + pause_us(v->target.failures) : 0;
}

static bool settle(struct visit *v)
{
	const struct log *log = v->n->o.log;
	int64_t now = clock_now_us(), given_up;
	struct str id = str_of(v->target.to.id.uuid);
	struct notice_settling how = { .target = &v->target,
				       .list = &v->list,
				       .now_us = now,
				       .away_us = away_until(v, now),
				       .before_us = v->why.text[0] ? now - DAY_US : 0 };

	if (store_notices_settle(v->n->o.store, v->arena, &how, &given_up)) {
		log_warn(log, "notification_not_settled", KV_STR("notification", id));
		return false;
	}
	if (v->why.text[0])
		log_warn(log, "notification_failed", KV_STR("notification", id),
			 KV_STR("account", v->account_id), KV_C("why", v->why.text));
	if (given_up)
		log_error(log, "notification_given_up", KV_STR("notification", id),
			  KV_STR("account", v->account_id), KV_INT("events", given_up));
	return true;
}

/* True when there may be more to tell it at once. */
static bool visit(struct notifier *n, struct arena *a, struct arena *scratch, int64_t num)
{
	struct visit v = { .n = n, .arena = a, .scratch = scratch };
	int64_t now = clock_now_us();

	if (store_notices_take(n->o.store, a, num, now, now + LEASE_S * SECOND_US, &v.target))
		return false;
	v.account_id = settings_account_id(n->o.store, a, v.target.account);
	if (v.target.to.enabled && store_notices_next(n->o.store, a, num, now, BATCH, &v.list))
		return false;
	tell_all(&v);
	return settle(&v) && v.list.n == BATCH && !v.is_away;
}

static void work(struct notifier *n, int64_t num)
{
	struct arena *a = arena_new(TARGET_BYTES, NULL, NULL), *scratch = arena_new(NOTICE_BYTES, NULL, NULL);
	int64_t until = clock_mono_ms() + TARGET_MS;

	while (visit(n, a, scratch, num) && clock_mono_ms() < until && !atomic_load(&n->ending.has_come))
		arena_reset(a);
	arena_free(&scratch);
	arena_free(&a);
}

static void *run_worker(void *arg)
{
	struct worker *w = arg;
	struct notifier *n = w->n;

	pthread_mutex_lock(&n->lock);
	for (;;) {
		while (!w->on.num && !atomic_load(&n->ending.has_come))
			pthread_cond_wait(&n->work, &n->lock);
		if (!w->on.num)
			break;
		int64_t num = w->on.num;
		pthread_mutex_unlock(&n->lock);
		work(n, num);
		pthread_mutex_lock(&n->lock);
		w->on = (struct notice_due){ 0 };
	}
	pthread_mutex_unlock(&n->lock);
	return NULL;
}

/* ---- who is due ---- */

/* An idle thread that may work on it, or NULL; the lock is held. */
static struct worker *worker_for(struct notifier *n, const struct notice_due *due)
{
	struct worker *idle = NULL;
	size_t share = 0;

	for (size_t i = 0; i < n->workers_n; i++) {
		struct worker *w = &n->workers[i];
		if (!w->on.num)
			idle = w;
		else if (w->on.num == due->num)
			return NULL;
		else
			share += w->on.account == due->account;
	}
	return share < SHARE ? idle : NULL;
}

static void look(struct notifier *n)
{
	struct arena *a = arena_new(LOOK_BYTES, NULL, NULL);
	struct notice_due_list due = { 0 };

	if (store_notices_due(n->o.store, a, clock_now_us(), LOOK_MAX, &due) == OK && due.n) {
		pthread_mutex_lock(&n->lock);
		for (size_t i = 0; i < due.n; i++) {
			struct worker *w = worker_for(n, &due.v[i]);
			if (w)
				w->on = due.v[i];
		}
		pthread_cond_broadcast(&n->work);
		pthread_mutex_unlock(&n->lock);
	}
	arena_free(&a);
}

static void *run_looker(void *arg)
{
	struct notifier *n = arg;
	struct calm calm = { 0 };

	while (!ending_rest(&n->ending, LOOK_MS)) {
		if (calm_lasts(&calm, n->o.store))
			continue;
		calm_begin(&calm, CALM_MS);
		look(n);
	}
	return NULL;
}

/* ---- start and end ---- */

enum err notifier_start(const struct notifier_options *o, struct notifier **out, struct errbuf *eb)
{
	struct notifier *n = calloc(1, sizeof(*n));

	ASSERT(n);
	n->o = *o;
	n->o.tools.ending = &n->ending.has_come;
	ending_init(&n->ending);
	pthread_mutex_init(&n->lock, NULL);
	pthread_cond_init(&n->work, NULL);
	*out = n;
	/* Before the threads, for it is not made for several. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(eb, ERR_LATER, "libcurl cannot be set up");
	for (size_t i = 0; i < THREADS; i++) {
		n->workers[i].n = n;
		if (pthread_create(&n->workers[i].thread, NULL, run_worker, &n->workers[i]))
			break;
		n->workers_n++;
	}
	n->looks = n->workers_n == THREADS && pthread_create(&n->looker, NULL, run_looker, n) == 0;
	return n->looks ? OK : err_set(eb, ERR_LATER, "no thread for notifications");
}

void notifier_stop(struct notifier **np)
{
	struct notifier *n = *np;

	*np = NULL;
	if (!n)
		return;
	ending_call(&n->ending);
	if (n->looks)
		pthread_join(n->looker, NULL);
	pthread_mutex_lock(&n->lock);
	pthread_cond_broadcast(&n->work);
	pthread_mutex_unlock(&n->lock);
	for (size_t i = 0; i < n->workers_n; i++)
		pthread_join(n->workers[i].thread, NULL);
	pthread_cond_destroy(&n->work);
	pthread_mutex_destroy(&n->lock);
	ending_free(&n->ending);
	curl_global_cleanup();
	free(n);
}
