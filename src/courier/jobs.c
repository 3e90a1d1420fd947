/* Working off jobs. */
#include "courier/jobs.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "courier/bulk.h"
#include "courier/calm.h"
#include "courier/ending.h"
#include "courier/fetch.h"
#include "courier/lanes.h"
#include "courier/learn.h"
#include "courier/mailbox_test.h"
#include "courier/move.h"
#include "courier/phish_report.h"
#include "courier/release.h"
#include "courier/retro.h"
#include "courier/submission.h"
#include "model/bulk_job.h"

#define POLL_MS 200          /* how long a new job may lie before somebody looks */
#define CALM_MS 1000         /* and one whose time has come while nobody writes */
#define JOB_BYTES (1u << 20) /* of a job's own row */
/* How a job ended is written this often, with pauses that grow from the first. */
#define SETTLE_TRIES 5
#define SETTLE_PAUSE_NS 100000000L
#define SECOND_US INT64_C(1000000)

/* The pause before each next try; the last one again and again until the deadline. */
static const int64_t pauses_s[] = { 15, 60, 300, 900, 3600 };

struct kind {
	enum err (*run)(const struct job_tools *tools, const struct job *job, struct job_try *out);
	/* The next hop that it will keep a thread waiting for. NULL: none. */
	uint64_t (*hop)(const struct job_tools *tools, const struct job *job);
	int64_t deadline_s; /* from its making; then it has failed */
	int64_t bulk_tries; /* where only a bulk job wants it; then likewise. 0: any number */
	/* What the result is where out->change cannot be written, which stays as it is. NULL: the same. */
	enum err (*unwritten)(const struct job_tools *tools, const struct job *job, struct job_try *out);
	/* Called before that, for what it leaves, in out->change or at once; NULL: the log alone tells of it. */
	void (*given_up)(const struct job_tools *tools, const struct job *job, struct job_try *out);
};

static const struct kind kinds[] = {
	[JOB_RELEASE] = { release_run, release_hop, INT64_C(3) * 86400, BULK_TRIES, release_unwritten,
			  release_given_up },
	[JOB_SUBMISSION] = { submission_run, NULL, INT64_C(3) * 86400, 0, NULL, submission_given_up },
	[JOB_CORRECTION] = { learn_run, NULL, INT64_C(3) * 86400, 0, NULL, NULL },
	[JOB_REPORT] = { phish_report_run, NULL, INT64_C(3) * 86400, 0, NULL, NULL },
	[JOB_BULK] = { bulk_run, NULL, INT64_C(3) * 86400, 0, NULL, bulk_given_up },
	[JOB_RETRO] = { retro_run, NULL, INT64_C(3) * 86400, 0, NULL, retro_given_up },
	[JOB_MAILBOX_FETCH] = { fetch_run, NULL, 60, 0, NULL,
				NULL }, /* whoever wanted to see it has gone by then */
	[JOB_MOVE] = { move_run, move_hop, 86400, BULK_TRIES, NULL, move_given_up },
	[JOB_MAILBOX_TEST] = { mailbox_test_run, move_hop, 60, 0, NULL, NULL },
};

struct job_threads {
	struct job_tools tools;
	struct lanes *lanes;
	pthread_t v[JOB_THREADS];
	size_t n;
	atomic_uint begun;
	pthread_mutex_t turn; /* whose it is looks for a job; guards the rest */
	struct calm calm;
	struct ending ending;
};

static int64_t pause_us(int64_t tries)
{
	size_t i = tries > 0 ? (size_t)(tries - 1) : 0;

	return pauses_s[i < ARRAY_LEN(pauses_s) ? i : ARRAY_LEN(pauses_s) - 1] * SECOND_US;
}

/* Of job_admits_fn. */
struct admission {
	struct job_threads *threads;
	size_t thread;
};

static bool admits(void *ctx, const struct job *j)
{
	const struct admission *of = ctx;
	struct job_threads *t = of->threads;
	int64_t now_ms = clock_mono_ms();
	uint64_t hop = 0;

	if (kinds[j->kind].hop && !lanes_recall(t->lanes, j->id, now_ms, &hop)) {
		hop = kinds[j->kind].hop(&t->tools, j);
		lanes_note(t->lanes, j->id, hop, now_ms);
	}
	return lanes_enter(t->lanes, of->thread, (struct lane){ j->patient, j->account, hop });
}

/* One of the threads: the job it is at, with its memory, and those of the next one. */
struct worker {
	struct job_threads *threads;
	struct admission admission;
	struct job_hold hold, next;
	struct arena *arena, *next_arena;
};

static struct job_ask ask_of(struct worker *w)
{
	int64_t now = clock_now_us();

	return (struct job_ask){ now, now + pauses_s[0] * SECOND_US, admits, &w->admission };
}

static void give_up(const struct job_threads *t, const struct job *j, struct job_try *try)
{
	const struct kind *kind = &kinds[j->kind];

	log_warn(t->tools.log, "job_given_up", KV_STR("kind", enum_text(&job_kind_names, (int)j->kind)),
		 KV_INT("ref", j->ref), KV_C("why", try->why.text));
	if (kind->given_up)
		kind->given_up(&t->tools, j, try);
}

static bool may_go_on(const struct job *j, int64_t due)
{
	const struct kind *kind = &kinds[j->kind];

	return due < j->created_us + kind->deadline_s * SECOND_US &&
	       (!j->patient || !kind->bulk_tries || j->tries < kind->bulk_tries);
}

/* What the error of a try means for the job. */
static struct job_result result_of(const struct job_threads *t, const struct job *j, enum err e,
				   struct job_try *try)
{
	int64_t now = clock_now_us(), due = now + (try->pause_us ? try->pause_us : pause_us(j->tries));
	bool goes_on = e == ERR_LATER && may_go_on(j, due);
	enum job_state end = e || try->failed ? JOB_FAILED : JOB_DONE;

	if (e == ERR_LATER && !goes_on)
		give_up(t, j, try);
	return (struct job_result){ .state = goes_on || try->goes_on ? JOB_OPEN : end,
				    .at_us = goes_on ? due : now,
				    .why = str_of(try->why.text),
				    .goes_on = try->goes_on,
				    .nothing = try->nothing,
				    .change = &try->change };
}

/* The end of one and the beginning of the next share a transaction: for the disk a thread waits most. */
static enum err settle(struct worker *w, const struct job_result *result)
{
	struct job_threads *t = w->threads;
	struct job_ask ask = ask_of(w);
	bool goes_on = !atomic_load(&t->ending.has_come);
	enum err e = ERR_LATER;

	for (int i = 0; i < SETTLE_TRIES && e; i++) {
		if (i)
			nanosleep(&(struct timespec){ .tv_nsec = SETTLE_PAUSE_NS << (i - 1) }, NULL);
		arena_reset(w->next_arena);
		w->next.lock = -1;
		e = store_job_settle(t->tools.store, w->next_arena, &w->hold, result, goes_on ? &ask : NULL,
				     &w->next);
	}
	return e;
}

static void run_job(struct worker *w)
{
	struct job_threads *t = w->threads;
	const struct job *j = &w->hold.job;
	const struct kind *kind = &kinds[j->kind];
	struct job_try try = { 0 };
	struct job_result result = result_of(t, j, kind->run(&t->tools, j, &try), &try);
	enum err e = settle(w, &result);

	if (e && try.change.fn && kind->unwritten) {
		result = result_of(t, j, kind->unwritten(&t->tools, j, &try), &try);
		result.change = NULL;
		e = settle(w, &result);
	}
	if (e) {
		log_warn(t->tools.log, "job_not_settled", KV_INT("job", j->id));
		store_job_let_go(&w->hold);
	}
	arena_free(&try.change.arena);
}

static void work(struct worker *w)
{
	struct arena *spare = w->arena;

	run_job(w);
	w->hold = w->next;
	w->arena = w->next_arena;
	w->next_arena = spare;
}

static bool begin(struct worker *w)
{
	struct job_threads *t = w->threads;
	struct job_ask ask = ask_of(w);

	arena_reset(w->arena);
	if (store_job_begin(t->tools.store, w->arena, &ask, &w->hold) == OK) {
		calm_end(&t->calm); /* behind one there may be others */
		return true;
	}
	calm_begin(&t->calm, CALM_MS);
	lanes_leave(t->lanes, w->admission.thread);
	return false;
}

/* Waits for a job, in turn with the other threads. False: the end has come. */
static bool wait_for_job(struct worker *w)
{
	struct job_threads *t = w->threads;
	bool found = false;

	lanes_leave(t->lanes, w->admission.thread);
	pthread_mutex_lock(&t->turn);
	while (!found && !atomic_load(&t->ending.has_come)) {
		found = !calm_lasts(&t->calm, t->tools.store) && begin(w);
		if (!found)
			(void)ending_rest(&t->ending, POLL_MS);
	}
	pthread_mutex_unlock(&t->turn);
	return found;
}

static void *run(void *arg)
{
	struct job_threads *t = arg;
	struct worker w = { .threads = t,
			    .admission = { t, atomic_fetch_add(&t->begun, 1) },
			    .hold = { .lock = -1 },
			    .arena = arena_new(JOB_BYTES, NULL, NULL),
			    .next_arena = arena_new(JOB_BYTES, NULL, NULL) };

	while (w.hold.lock >= 0 || wait_for_job(&w))
		work(&w);
	arena_free(&w.next_arena);
	arena_free(&w.arena);
	return NULL;
}

enum err job_threads_start(const struct job_tools *tools, struct job_threads **out, struct errbuf *eb)
{
	struct job_threads *t = calloc(1, sizeof(*t));

	ASSERT(t);
	t->tools = *tools;
	t->lanes = lanes_new(JOB_THREADS);
	pthread_mutex_init(&t->turn, NULL);
	ending_init(&t->ending);
	while (t->n < JOB_THREADS && pthread_create(&t->v[t->n], NULL, run, t) == 0)
		t->n++;
	*out = t;
	if (t->n == JOB_THREADS)
		return OK;
	job_threads_stop(out);
	return err_set(eb, ERR_LATER, "no thread for jobs");
}

void job_threads_stop(struct job_threads **tp)
{
	struct job_threads *t = *tp;

	*tp = NULL;
	if (!t)
		return;
	ending_call(&t->ending);
	for (size_t i = 0; i < t->n; i++)
		pthread_join(t->v[i], NULL);
	ending_free(&t->ending);
	pthread_mutex_destroy(&t->turn);
	lanes_free(&t->lanes);
	free(t);
}
