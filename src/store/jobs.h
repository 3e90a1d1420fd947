/*
 * Durable work: what a request or an event asks for and courier does, with retries, until it has an end state and a
 * reason. A job is added in one transaction and is safe from then on. Threads: any; memory: the caller's arena.
 */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "base/enumtab.h"
#include "store/store.h"

#define JOB_KINDS(X)                    \
	X(JOB_RELEASE, "release")       \
	X(JOB_SUBMISSION, "submission") \
	X(JOB_CORRECTION, "correction") \
	X(JOB_REPORT, "report")
ENUM_DECLARE(job_kind, JOB_KINDS);

#define JOB_STATES(X)       \
	X(JOB_OPEN, "open") \
	X(JOB_DONE, "done") \
	X(JOB_FAILED, "failed")
ENUM_DECLARE(job_state, JOB_STATES);

struct job {
	int64_t id; /* 0 = not added yet */
	int64_t account;
	enum job_kind kind;
	int64_t ref; /* key of the record it is about, or number of the correction; below zero: of neither */
	enum job_state state;
	int64_t due_us, created_us;
	int64_t tries;   /* begun so far, this one included */
	struct str who;  /* on whose behalf: "token:NAME" */
	struct str data; /* JSON of its kind; "" = none */
	struct str
	    why; /* why it was put off, or how it ended; "" = no try came to its end since it was asked for */
};

/* It has ended, or was tried and put off since it was last asked for. */
static inline bool job_was_tried(const struct job *j)
{
	return j->state != JOB_OPEN || j->why.n > 0;
}

struct job_list {
	struct job *v;
	size_t n;
};

/*
 * Adds them all, or none, and sets their ids. Where a job of the same kind about the same record is open, that one begins
 * anew in the name of who asks now, and v[i] gets its id.
 */
MUST_CHECK enum err store_jobs_add(struct store *st, struct job *v, size_t n);

/* ERR_ABSENT. */
MUST_CHECK enum err store_job_get(struct store *st, struct arena *a, int64_t id, struct job *out);

/* Whether a job about the record is open. */
MUST_CHECK enum err store_job_is_open(struct store *st, int64_t ref, bool *out);

/* A job that this process works off, and no other meanwhile. */
struct job_hold {
	struct job job;
	int lock;
};

/* Whether a job may be begun now; of it id, account, kind, ref and due are known. */
typedef bool job_admits_fn(void *ctx, const struct job *j);

/*
 * The job that has been due longest, that nobody works off and that is admitted (admits NULL: each is). It counts as tried
 * and is put off until retry_us first, so that one which costs its process does not do so at once again. ERR_ABSENT: none.
 * End it with one of the next two.
 */
MUST_CHECK enum err store_job_begin(struct store *st, struct arena *a, int64_t now_us, int64_t retry_us,
				    job_admits_fn *admits, void *ctx, struct job_hold *out);
/* It goes on at due_us. */
MUST_CHECK enum err store_job_later(struct store *st, struct job_hold *h, int64_t due_us, struct str why);
/* It has ended; state is not JOB_OPEN. */
MUST_CHECK enum err store_job_end(struct store *st, struct job_hold *h, enum job_state state, int64_t now_us,
				  struct str why);

/* Deletes a slice of those that ended before then; *more_out: call again. */
MUST_CHECK enum err store_jobs_forget(struct store *st, int64_t before_us, bool *more_out);

#endif
