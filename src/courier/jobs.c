/* Working off jobs. */
#include "courier/jobs.h"

#include <stdlib.h>

#include "base/clock.h"
#include "courier/ending.h"
#include "courier/lanes.h"
#include "courier/learn.h"
#include "courier/phish_report.h"
#include "courier/release.h"
#include "courier/submission.h"

#define POLL_MS 100          /* how long a new job may lie before somebody looks */
#define HELP_MS 500          /* and before the others look whether there is more than one can do */
#define JOB_BYTES (1u << 20) /* of a job's own row */
#define SECOND_US INT64_C(1000000)

/* The pause before each next try; the last one again and again until the deadline. */
static const int64_t pauses_s[] = { 15, 60, 300, 900, 3600 };

struct kind {
	enum err (*run)(const struct job_tools *tools, const struct job *job, bool *failed_out,
			struct errbuf *why);
	/* The next hop that it will keep a thread waiting for. NULL: none. */
	uint64_t (*hop)(const struct job_tools *tools, const struct job *job);
	int64_t deadline_s; /* from its making; then it has failed */
	/* Called before that; NULL: the log alone tells of it. */
	void (*given_up)(const struct job_tools *tools, const struct job *job, struct str why);
};

static const struct kind kinds[] = {
	[JOB_RELEASE] = { release_run, release_hop, INT64_C(3) * 86400, release_given_up },
	[JOB_SUBMISSION] = { submission_run, NULL, INT64_C(3) * 86400, submission_given_up },
	[JOB_CORRECTION] = { learn_run, NULL, INT64_C(3) * 86400, NULL },
	[JOB_REPORT] = { phish_report_run, NULL, INT64_C(3) * 86400, NULL },
};

struct job_threads {
	struct job_tools tools;
	struct lanes *lanes;
	pthread_t v[JOB_THREADS];
	size_t n;
	atomic_uint begun;
	struct ending ending;
};

static int64_t pause_us(int64_t tries)
{
	size_t i = tries > 0 ? (size_t)(tries - 1) : 0;

	return pauses_s[i < ARRAY_LEN(pauses_s) ? i : ARRAY_LEN(pauses_s) - 1] * SECOND_US;
}

static enum err settle(struct job_threads *t, struct job_hold *h, enum err result, bool failed,
		       const struct errbuf *why)
{
	const struct kind *kind = &kinds[h->job.kind];
	int64_t now = clock_now_us(), due = now + pause_us(h->job.tries);

	if (result == ERR_LATER && due < h->job.created_us + kind->deadline_s * SECOND_US)
		return store_job_later(t->tools.store, h, due, str_of(why->text));
	if (result == ERR_LATER) {
		log_warn(t->tools.log, "job_given_up",
			 KV_STR("kind", enum_text(&job_kind_names, (int)h->job.kind)),
			 KV_INT("ref", h->job.ref), KV_C("why", why->text));
		if (kind->given_up)
			kind->given_up(&t->tools, &h->job, str_of(why->text));
	}
	return store_job_end(t->tools.store, h, result || failed ? JOB_FAILED : JOB_DONE, now,
			     str_of(why->text));
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
	return lanes_enter(t->lanes, of->thread, j->account, hop);
}

/* False: there was nothing to do. */
static bool work(struct job_threads *t, size_t thread)
{
	struct admission admission = { t, thread };
	struct arena *a = arena_new(JOB_BYTES, NULL, NULL);
	struct job_hold h;
	struct errbuf why = { "" };
	bool failed = false;
	int64_t now = clock_now_us();
	enum err e =
	    store_job_begin(t->tools.store, a, now, now + pauses_s[0] * SECOND_US, admits, &admission, &h);

	if (!e) {
		e = kinds[h.job.kind].run(&t->tools, &h.job, &failed, &why);
		if (settle(t, &h, e, failed, &why))
			log_warn(t->tools.log, "job_not_settled", KV_INT("job", h.job.id));
		e = OK;
	}
	lanes_leave(t->lanes, thread);
	arena_free(&a);
	return !e;
}

static void *run(void *arg)
{
	struct job_threads *t = arg;

	size_t thread = atomic_fetch_add(&t->begun, 1);

	while (!atomic_load(&t->ending.has_come))
		if (!work(t, thread))
			(void)ending_rest(&t->ending, thread == 0 ? POLL_MS : HELP_MS);
	return NULL;
}

enum err job_threads_start(const struct job_tools *tools, struct job_threads **out, struct errbuf *eb)
{
	struct job_threads *t = calloc(1, sizeof(*t));

	ASSERT(t);
	t->tools = *tools;
	t->lanes = lanes_new(JOB_THREADS);
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
	lanes_free(&t->lanes);
	free(t);
}
