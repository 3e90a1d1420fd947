/*
 * Durable work: what a request or an event asks for and courier does, with retries, until it has an end state and a
 * reason. A job is added in one transaction and is safe from then on. Threads: any; memory: the caller's arena.
 */
#ifndef STORE_JOBS_H
#define STORE_JOBS_H

#include "base/enumtab.h"
#include "store/store.h"

#define JOB_KINDS(X)                          \
	X(JOB_RELEASE, "release")             \
	X(JOB_SUBMISSION, "submission")       \
	X(JOB_CORRECTION, "correction")       \
	X(JOB_REPORT, "report")               \
	X(JOB_RETRO, "retro_scan")            \
	X(JOB_MAILBOX_FETCH, "mailbox_fetch") \
	X(JOB_MOVE, "move")                   \
	X(JOB_MAILBOX_TEST, "mailbox_test")   \
	X(JOB_BULK, "bulk")
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
	/* Key of the record it is about, or number of the correction or bulk job; below zero: of none of them. */
	int64_t ref;
	enum job_state state;
	int64_t due_us, created_us;
	int64_t tries;   /* begun so far, this one included */
	bool patient;    /* nobody waits for it: others of its account come first (courier/lanes.h) */
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
 * anew in the name of who asks now, with their data, patient only if both are, and v[i] gets its id.
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

/* Whether a job may be begun now; of it id, account, kind, ref, due and patient are known. */
typedef bool job_admits_fn(void *ctx, const struct job *j);

/*
 * Whether a job that may be begun now is to be worked off together with another one, by who has that; as of both is known there.
 * One whose like others join joins itself.
 */
typedef bool job_joins_fn(void *ctx, const struct job *with, const struct job *j);

/* Which job is to be begun. */
struct job_ask {
	int64_t now_us;   /* what is due then */
	int64_t retry_us; /* it is put off until then: what costs its process does not do so at once again */
	job_admits_fn *admits; /* NULL: each is */
	job_joins_fn *joins;   /* NULL: none does */
	void *ctx;
};

/*
 * The job that has been due longest, patient ones behind all others, that nobody works off and that is admitted. It counts as tried from then on.
 * ERR_ABSENT: none. End it by store_job_settle.
 */
MUST_CHECK enum err store_job_begin(struct store *st, struct arena *a, const struct job_ask *ask,
				    struct job_hold *out);

/* What a try changed in a record, as for store_record_change. */
struct job_change {
	int64_t key;
	record_change_fn *fn; /* NULL: nothing */
	void *ctx;
	struct arena *arena;
};

/* What came of a try. */
struct job_result {
	enum job_state state; /* JOB_OPEN: it goes on at at_us; else it ended then */
	int64_t at_us;
	struct str why;
	bool goes_on;                    /* with JOB_OPEN: nothing failed, and its tries are counted anew */
	bool nothing;                    /* with an end: there was nothing to do it to */
	const struct job_change *change; /* NULL: none; nor where the record is gone */
};

/*
 * Writes it, and lets go of the job; after an error it is held still. In the same transaction the next one is begun, if
 * there is one that is quickly found, such as one that would have joined this one: next_out->lock is -1 if not. next NULL:
 * none is to be.
 */
MUST_CHECK enum err store_job_settle(struct store *st, struct arena *a, struct job_hold *h,
				     const struct job_result *r, const struct job_ask *next,
				     struct job_hold *next_out);

#define JOBS_TOGETHER 64 /* that are worked off together, the first included */

/*
 * Those that join one that is held: of its account and kind, asked for in the same words (data) and as patient, that nobody works
 * off. All that are found, at most `most`, are begun in one transaction. Each is to be settled like the first. None where the
 * store cannot be read or written now.
 */
size_t store_jobs_join(struct store *st, struct arena *a, const struct job_ask *ask, const struct job *first,
		       struct job_hold *out, size_t most);

struct job_end {
	struct job_hold *hold;
	const struct job_result *result;
	enum err err; /* out; after an error it is held still */
};
/* store_job_settle of each, without a next one, in one transaction; n is below JOBS_TOGETHER. */
void store_jobs_settle(struct store *st, struct job_end *v, size_t n);

/* As if its process had ended: it is due again at retry_us. */
void store_job_let_go(struct job_hold *h);

/* Deletes a slice of those that ended before then; *more_out: call again. */
MUST_CHECK enum err store_jobs_forget(struct store *st, int64_t before_us, bool *more_out);

#endif
