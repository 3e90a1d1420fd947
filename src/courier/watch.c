/* The threads: one that says what is watched, and those that look. */
#include "courier/watch.h"

#include <stdlib.h>

#include "courier/calm.h"
#include "courier/ending.h"
#include "courier/look.h"
#include "courier/watch_list.h"
#include "json/read.h"
#include "store/settings.h"

#define PAUSE_MS 500
#define CALM_MS 2000                 /* while nobody writes: how much too late a look may be */
#define LATER_MS 15000               /* when the store is full or busy */
#define LIST_MS 60000                /* how often it is asked who is watched, */
#define LIST_LOOK_MS 1000            /* and whether settings have changed since */
#define OPEN_MS 30000                /* to log in */
#define WAIT_MS 300000               /* at one inbox, then others have their turn to be waited at */
#define TURN_BYTES ((size_t)8 << 20) /* of a turn: its cursors */
#define POLL_MS (LOOK_POLL_US / 1000)

/* Threads of one kind, of which one at a time looks for work. */
struct crew {
	struct watch *watch;
	bool scans;
	pthread_mutex_t turn; /* guards calm */
	struct calm calm;
	pthread_t v[WATCH_THREADS];
	size_t n, most;
};

struct watch {
	struct watch_options o;
	struct finders *finders;
	struct look_tools tools;
	struct watch_list *list;
	struct crew watchers, scanners;
	atomic_size_t waiting; /* at inboxes */
	pthread_t lister;
	bool has_lister;
	struct ending ending;
};

static bool has_ended(const struct watch *w)
{
	return atomic_load(&w->ending.has_come);
}

/* ---- who is watched ---- */

static void *keep_list(void *arg)
{
	struct watch *w = arg;
	int64_t seen = -1, next_ms = 0;

	do {
		int64_t rev = seen;
		bool same = settings_rev_all(w->o.tools.store, &rev) == OK && rev == seen;
		if (same && clock_left_ms(next_ms) > 0)
			continue;
		if (watch_list_refresh(w->list, clock_now_us()))
			log_warn(w->o.tools.log, "mailboxes_not_listed",
				 KV_C("why", "the store is busy or full"));
		seen = rev;
		next_ms = clock_mono_ms() + LIST_MS;
	} while (!ending_rest(&w->ending, LIST_LOOK_MS));
	return NULL;
}

/* ---- a turn ---- */

/* Whether the provider tells of new mail by itself, so that it is worth a thread to wait for that. */
static bool tells(struct watch *w, struct arena *a, const struct watch_turn *t)
{
	struct settings_object found;
	struct ident id;

	return !t->scan && !ident_parse(t->integration, &id) &&
	       !settings_get(w->o.tools.store, a, &resource_integrations, t->account, &id, &found) &&
	       ((const struct integration *)found.obj)->provider == MAILBOX_IMAP;
}

/* A place to wait, as long as there are some. */
static bool take_place(struct watch *w)
{
	if (atomic_fetch_add(&w->waiting, 1) < WATCH_WAITERS)
		return true;
	atomic_fetch_sub(&w->waiting, 1);
	return false;
}

/*
 * Stays at an inbox that was read to its end, and reads it on whenever something comes. What else than the inbox is
 * watched is looked into now and then meanwhile.
 */
static enum err stay(struct watch *w, struct arena *a, struct watch_turn *t, struct mailbox *m,
		     struct mailbox_fault *fault)
{
	int64_t until_ms = clock_mono_ms() + WAIT_MS;
	enum err e = OK;

	while (!e && !has_ended(w) && clock_left_ms(until_ms) > 0) {
		int64_t next_ms = clock_earlier(until_ms, clock_mono_ms() + POLL_MS);
		e = mailbox_wait(m, next_ms, fault);
		if (e) {
			look_failed(&w->tools, t, e, fault);
			return e;
		}
		e = look(&w->tools, a, t, m, clock_now_us());
	}
	return e;
}

static void look_into(struct watch *w, struct arena *a, struct watch_turn *t)
{
	struct mailbox_fault fault = { 0 };
	struct mailbox *m = NULL;
	enum err e = mailboxes_open_by(w->o.mailboxes, t->account, t->integration, t->address,
				       clock_mono_ms() + OPEN_MS, &m, &fault);

	if (e) {
		look_failed(&w->tools, t, e, &fault);
		return;
	}
	bool stays = tells(w, a, t) && take_place(w);
	e = look(&w->tools, a, t, m, clock_now_us() + (stays ? 0 : LOOK_POLL_US));
	if (!e && stays)
		(void)stay(w, a, t, m, &fault);
	if (stays)
		atomic_fetch_sub(&w->waiting, 1);
	mailboxes_give(w->o.mailboxes, &m);
}

/* ---- the threads ---- */

/* Waits for a turn, in turn with the others of the crew. False: the end has come. */
static bool wait_for_turn(struct crew *c, struct arena *a, struct watch_turn *out)
{
	struct watch *w = c->watch;
	bool found = false;

	pthread_mutex_lock(&c->turn);
	while (!found && !has_ended(w)) {
		if (calm_lasts(&c->calm, w->o.tools.store)) {
			(void)ending_rest(&w->ending, PAUSE_MS);
			continue;
		}
		int64_t now = clock_now_us();
		enum err e = store_watch_take(w->o.tools.store, a, c->scans, now, now + LOOK_RETRY_US, out);
		found = !e;
		if (e == ERR_ABSENT)
			calm_begin(&c->calm, CALM_MS);
		else if (e)
			(void)ending_rest(&w->ending, LATER_MS);
		else
			calm_end(&c->calm);
	}
	pthread_mutex_unlock(&c->turn);
	return found;
}

static void *run(void *arg)
{
	struct crew *c = arg;
	struct arena *a = arena_new(TURN_BYTES, NULL, NULL);
	struct watch_turn t;

	while (wait_for_turn(c, a, &t)) {
		look_into(c->watch, a, &t);
		store_watch_let_go(&t);
		arena_reset(a);
	}
	arena_free(&a);
	return NULL;
}

static bool crew_start(struct crew *c, struct watch *w, bool scans, size_t most)
{
	*c = (struct crew){ .watch = w, .scans = scans, .most = most };
	pthread_mutex_init(&c->turn, NULL);
	while (c->n < most && pthread_create(&c->v[c->n], NULL, run, c) == 0)
		c->n++;
	return c->n == most;
}

static void crew_stop(struct crew *c)
{
	while (c->n)
		pthread_join(c->v[--c->n], NULL);
	if (c->most)
		pthread_mutex_destroy(&c->turn);
}

enum err watch_start(const struct watch_options *o, struct watch **out, struct errbuf *eb)
{
	struct watch *w;

	*out = NULL;
	if (!o->tools.broker)
		return OK;
	w = calloc(1, sizeof(*w));
	ASSERT(w);
	w->o = *o;
	ending_init(&w->ending);
	w->list = watch_list_new(o->tools.store, o->mailboxes, o->tools.log);
	enum err e = finders_new(&o->tools, &w->finders, eb);
	w->tools = (struct look_tools){ o->tools.store, o->mailboxes, w->finders, &w->ending.has_come,
					o->tools.log };
	if (!e && !(crew_start(&w->watchers, w, false, WATCH_THREADS) &&
		    crew_start(&w->scanners, w, true, WATCH_SCANNERS)))
		e = err_set(eb, ERR_LATER, "no threads to watch mailboxes");
	w->has_lister = !e && pthread_create(&w->lister, NULL, keep_list, w) == 0;
	if (!e && !w->has_lister)
		e = err_set(eb, ERR_LATER, "no thread to say which mailboxes are watched");
	*out = w;
	if (e)
		watch_stop(out);
	return e;
}

void watch_stop(struct watch **wp)
{
	struct watch *w = *wp;

	*wp = NULL;
	if (!w)
		return;
	ending_call(&w->ending);
	if (w->has_lister)
		pthread_join(w->lister, NULL);
	crew_stop(&w->watchers);
	crew_stop(&w->scanners);
	finders_free(&w->finders);
	watch_list_free(&w->list);
	ending_free(&w->ending);
	free(w);
}
