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
	/* One of these two. The second takes those whose hop is one that many go together to. */
	enum err (*run)(const struct job_tools *tools, const struct job *job, struct job_try *out);
	void (*run_together)(const struct job_tools *tools, struct job_turn *v, size_t n);
	/* The next hop that it will keep a thread waiting for. NULL: none. */
	struct hop (*hop)(const struct job_tools *tools, const struct job *job);
	int64_t deadline_s; /* from its making; then it has failed */
	int64_t bulk_tries; /* where only a bulk job wants it; then likewise. 0: any number */
	/* What the result is where out->change cannot be written, which stays as it is. NULL: the same. */
	enum err (*unwritten)(const struct job_tools *tools, const struct job *job, struct job_try *out);
	/* Called before that, for what it leaves, in out->change or at once; NULL: the log alone tells of it. */
	void (*given_up)(const struct job_tools *tools, const struct job *job, struct job_try *out);
};

#define DAYS_3 (INT64_C(3) * 86400)

static const struct kind kinds[] = {
	[JOB_RELEASE] = { .run = release_run,
			  .hop = release_hop,
			  .deadline_s = DAYS_3,
			  .bulk_tries = BULK_TRIES,
			  .unwritten = release_unwritten,
			  .given_up = release_given_up },
	[JOB_SUBMISSION] = { .run = submission_run, .deadline_s = DAYS_3, .given_up = submission_given_up },
	[JOB_CORRECTION] = { .run = learn_run, .deadline_s = DAYS_3 },
	[JOB_REPORT] = { .run = phish_report_run, .deadline_s = DAYS_3 },
	[JOB_BULK] = { .run = bulk_run, .deadline_s = DAYS_3, .given_up = bulk_given_up },
	[JOB_RETRO] = { .run = retro_run, .deadline_s = DAYS_3, .given_up = retro_given_up },
	[JOB_MAILBOX_FETCH] = { .run = fetch_run,
				.deadline_s = 60 }, /* whoever wanted to see it has gone by then */
	[JOB_MOVE] = { .run_together = move_run,
		       .hop = move_hop,
		       .deadline_s = 86400,
		       .bulk_tries = BULK_TRIES,
		       .given_up = move_given_up },
	[JOB_MAILBOX_TEST] = { .run = mailbox_test_run, .hop = move_hop_of_account, .deadline_s = 60 },
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

static struct hop hop_of(struct job_threads *t, const struct job *j)
{
	int64_t now_ms = clock_mono_ms();
	struct hop hop = { 0 };

	if (kinds[j->kind].hop && !lanes_recall(t->lanes, j->id, now_ms, &hop)) {
		hop = kinds[j->kind].hop(&t->tools, j);
		lanes_note(t->lanes, j->id, hop, now_ms);
	}
	return hop;
}

static bool admits(void *ctx, const struct job *j)
{
	const struct admission *of = ctx;
	struct job_threads *t = of->threads;

	return lanes_enter(t->lanes, of->thread, (struct lane){ j->patient, j->account, hop_of(t, j) });
}

/* Of job_joins_fn. */
static bool joins(void *ctx, const struct job *with, const struct job *j)
{
	const struct admission *of = ctx;
	struct hop hop = hop_of(of->threads, with);

	return hop.together && hop_of(of->threads, j).id == hop.id;
}

/* One of the threads: the jobs it is at, with their memory, and that of the next one. */
struct worker {
	struct job_threads *threads;
	struct admission admission;
	struct job_hold holds[JOBS_TOGETHER]; /* the first was begun, and others joined it */
	struct job_turn turns[JOBS_TOGETHER];
	struct job_result results[JOBS_TOGETHER];
	size_t n;
	struct job_hold next;
	struct arena *arena, *next_arena;
};

static struct job_ask ask_of(struct worker *w)
{
	int64_t now = clock_now_us();

	return (struct job_ask){ now, now + pauses_s[0] * SECOND_US, admits, joins, &w->admission };
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

static void pause_before(int try)
{
	if (try)
		nanosleep(&(struct timespec){ .tv_nsec = SETTLE_PAUSE_NS << (try - 1) }, NULL);
}

/* The end of one and the beginning of the next share a transaction: for the disk a thread waits most. */
static enum err settle(struct worker *w, const struct job_result *result)
{
	struct job_threads *t = w->threads;
	struct job_ask ask = ask_of(w);
	bool goes_on = !atomic_load(&t->ending.has_come);
	enum err e = ERR_LATER;

	for (int i = 0; i < SETTLE_TRIES && e; i++) {
		pause_before(i);
		arena_reset(w->next_arena);
		w->next.lock = -1;
		e = store_job_settle(t->tools.store, w->next_arena, &w->holds[0], result,
				     goes_on ? &ask : NULL, &w->next);
	}
	return e;
}

static void let_go(struct worker *w, struct job_hold *hold)
{
	log_warn(w->threads->tools.log, "job_not_settled", KV_INT("job", hold->job.id));
	store_job_let_go(hold);
}

/* All but the first. */
static void settle_joined(struct worker *w)
{
	struct job_end ends[JOBS_TOGETHER];
	size_t left = w->n - 1;

	for (size_t i = 0; i < left; i++)
		ends[i] = (struct job_end){ .hold = &w->holds[i + 1], .result = &w->results[i + 1] };
	for (int try = 0; try < SETTLE_TRIES && left; try++) {
		size_t n = left;
		pause_before(try);
		store_jobs_settle(w->threads->tools.store, ends, n);
		left = 0;
		for (size_t i = 0; i < n; i++)
			if (ends[i].err)
				ends[left++] = ends[i];
	}
	for (size_t i = 0; i < left; i++)
		let_go(w, ends[i].hold);
}

static void settle_first(struct worker *w)
{
	const struct job_threads *t = w->threads;
	const struct kind *kind = &kinds[w->holds[0].job.kind];
	struct job_turn *turn = &w->turns[0];
	enum err e = settle(w, &w->results[0]);

	if (e && turn->try.change.fn && kind->unwritten) {
		turn->e = kind->unwritten(&t->tools, turn->job, &turn->try);
		struct job_result result = result_of(t, turn->job, turn->e, &turn->try);
		result.change = NULL;
		e = settle(w, &result);
	}
	if (e)
		let_go(w, &w->holds[0]);
}

static void join(struct worker *w)
{
	struct job_ask ask = ask_of(w);
	struct job_threads *t = w->threads;

	w->n = 1;
	if (hop_of(t, &w->holds[0].job).together)
		w->n += store_jobs_join(t->tools.store, w->arena, &ask, &w->holds[0].job, w->holds + 1,
					JOBS_TOGETHER - 1);
}

static void run_jobs(struct worker *w)
{
	const struct job_threads *t = w->threads;
	const struct kind *kind = &kinds[w->holds[0].job.kind];

	for (size_t i = 0; i < w->n; i++)
		w->turns[i] = (struct job_turn){ .job = &w->holds[i].job };
	if (kind->run_together)
		kind->run_together(&t->tools, w->turns, w->n);
	else
		w->turns[0].e = kind->run(&t->tools, w->turns[0].job, &w->turns[0].try);
	for (size_t i = 0; i < w->n; i++)
		w->results[i] = result_of(t, w->turns[i].job, w->turns[i].e, &w->turns[i].try);
	settle_joined(w);
	settle_first(w);
	for (size_t i = 0; i < w->n; i++)
		arena_free(&w->turns[i].try.change.arena);
}

static void work(struct worker *w)
{
	struct arena *spare = w->arena;

	join(w);
	run_jobs(w);
	w->holds[0] = w->next;
	w->arena = w->next_arena;
	w->next_arena = spare;
}

static bool begin(struct worker *w)
{
	struct job_threads *t = w->threads;
	struct job_ask ask = ask_of(w);

	arena_reset(w->arena);
	if (store_job_begin(t->tools.store, w->arena, &ask, &w->holds[0]) == OK) {
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
	struct worker *w = calloc(1, sizeof(*w));

	ASSERT(w);
	w->threads = t;
	w->admission = (struct admission){ t, atomic_fetch_add(&t->begun, 1) };
	w->holds[0].lock = -1;
	w->arena = arena_new(JOB_BYTES, NULL, NULL);
	w->next_arena = arena_new(JOB_BYTES, NULL, NULL);
	while (w->holds[0].lock >= 0 || wait_for_job(w))
		work(w);
	arena_free(&w->next_arena);
	arena_free(&w->arena);
	free(w);
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
