/*
 * Bulk jobs (model/bulk_job.h). Courier looks for their messages (JOB_BULK), a page in one transaction with the place it has
 * come to; then a few messages at a time have a job of their own (store/jobs.h), and each that ends or is put off has the
 * next one begun. Its row changes in the transaction that changes the job, and the counters with it, so they add up for
 * whoever reads meanwhile.
 *
 * Threads: any; memory: the caller's arena.
 */
#ifndef STORE_BULK_H
#define STORE_BULK_H

#include "model/bulk_job.h"
#include "store/settings.h"
#include "store/store.h"

/*
 * Adds it with the job that looks for its messages and an audit row. In: action_type, action_params, search_params, comment.
 * Out: the rest, with the range of time it is about, which ends with the newest mail there is. ERR_LIMIT: BULK_JOBS_MAX.
 */
MUST_CHECK enum err store_bulk_add(struct store *st, struct arena *a, int64_t account,
				   const struct settings_who *who, struct bulk_job *job);

/* ERR_ABSENT. */
MUST_CHECK enum err store_bulk_get(struct store *st, struct arena *a, int64_t account, struct str job_id,
				   struct bulk_job *out);

struct store_bulk_jobs {
	int64_t account;
	int action, status; /* enum bulk_action, enum bulk_status; -1 = any */
	size_t skip, n;
};

/* Newest first; *total_out: all of the account. What cannot be read is left out, with a line in the log. */
MUST_CHECK enum err store_bulk_list(struct store *st, struct arena *a, const struct store_bulk_jobs *q,
				    struct bulk_job_list *out, size_t *total_out);

/*
 * Nothing more is begun; what is being done ends. *out: as it is then. One that was cancelled stays as it is. ERR_CONFLICT: it
 * is over otherwise. ERR_ABSENT.
 */
MUST_CHECK enum err store_bulk_cancel(struct store *st, struct arena *a, int64_t account,
				      const struct settings_who *who, struct str job_id,
				      struct bulk_job *out);

/* With its rows, which go a few at a time (store_bulk_sweep). ERR_CONFLICT: it is not over. ERR_ABSENT. */
MUST_CHECK enum err store_bulk_delete(struct store *st, struct arena *a, int64_t account,
				      const struct settings_who *who, struct str job_id);

/* It ends without having found all. Nothing where it is over. */
MUST_CHECK enum err store_bulk_fail(struct store *st, int64_t num, struct str why);

struct store_bulk_messages {
	int64_t account;
	struct str job_id;
	int status; /* enum bulk_message_status, -1 = any */
	size_t skip, n;
};

/* One of them; it is gone when this returns. */
typedef void store_bulk_message_fn(const struct bulk_message *m, void *ctx);

/* Those whose mail is newest first; *total_out: all of the job. ERR_ABSENT: there is no such job. */
MUST_CHECK enum err store_bulk_messages(struct store *st, struct arena *a,
					const struct store_bulk_messages *q, store_bulk_message_fn *fn,
					void *ctx, size_t *total_out);

/*
 * Finds a page of its messages from where it has come to; behind the last one they are begun. *more_out: call again. ERR_ABSENT:
 * it is over or gone. ERR_LATER: that cannot be read now.
 */
MUST_CHECK enum err store_bulk_discover(struct store *st, int64_t num, bool *more_out);

/* Deletes a slice of those that ended before then; *more_out: call again. */
MUST_CHECK enum err store_bulk_forget(struct store *st, int64_t before_us, bool *more_out);
/* Deletes a slice of the rows of what is gone; *more_out: call again. */
MUST_CHECK enum err store_bulk_sweep(struct store *st, bool *more_out);

#endif
