/*
 * Submissions (model/submission.h): each with the record of the mail as it was submitted, which lies on the account's shelf
 * of submitted mail (store/store.h) and is found there by the submission's id. Threads: any; memory: the caller's arena.
 */
#ifndef STORE_SUBMISSIONS_H
#define STORE_SUBMISSIONS_H

#include "model/submission.h"
#include "store/settings.h"
#include "store/store.h"

struct submissions {
	struct submission *v;
	size_t n;
};

/*
 * Adds a submission, its mail's record, the job that analyses it unless it is invalid (JOB_SUBMISSION, about the record),
 * and an audit row, in one transaction. mail: as for store_record_add, of MODE_REVIEW_SUBMISSION or another delivery mode
 * of submitted mail; what there is of its bytes is in raw_sha256. With escalated_submission_id, the user's submission of
 * that id becomes the one that this one escalates. Out: submission_id, requested_at, key; the record as from
 * store_record_add. ERR_ABSENT: there is no such submission of a user. ERR_CONFLICT: it is escalated already, or the
 * record's postfix_id exists.
 */
MUST_CHECK enum err store_submission_add(struct store *st, struct arena *a, const struct settings_who *who,
					 struct submission *s, struct record *mail);

/* Whether store_submission_add will let it be escalated: OK, or one of those two. */
MUST_CHECK enum err submission_may_escalate(const struct submission *user);

/* ERR_ABSENT. */
MUST_CHECK enum err store_submission_get(struct store *st, struct arena *a, int64_t account, struct str id,
					 struct submission *out);
/* By the key of its mail's record. */
MUST_CHECK enum err store_submission_by_key(struct store *st, struct arena *a, int64_t key,
					    struct submission *out);

/* Changes *s and gives true, or false to leave it. Called once, inside the transaction. */
typedef bool submission_change_fn(struct arena *a, struct submission *s, void *ctx);

/* who: for the audit; NULL = by the server itself, which leaves no row there. *out: as it is afterwards. */
MUST_CHECK enum err store_submission_change(struct store *st, struct arena *a, int64_t key,
					    const struct settings_who *who, submission_change_fn *fn,
					    void *ctx, struct submission *out);

/* Notes in the record it is about that it was submitted. False: it was done before. */
bool submission_note(struct arena *a, struct record *about, const struct submission *s);
/*
 * Makes the record what a confirmed submission says that it is, and notes that, once: its disposition, an entry of its
 * action log and a reason. False: it was done before.
 */
bool submission_correct(struct arena *a, struct record *about, const struct submission *s);
bool submission_has_corrected(const struct record *about, const struct submission *s);

/* What a list of submissions can be ordered by. */
#define SUBMISSION_ORDERS(X)                                 \
	X(SUBMISSIONS_BY_TIME, "requested_at")               \
	X(SUBMISSIONS_BY_ID, "submission_id")                \
	X(SUBMISSIONS_BY_SUBJECT, "subject")                 \
	X(SUBMISSIONS_BY_ORIGINAL, "original_disposition")   \
	X(SUBMISSIONS_BY_REQUESTED, "requested_disposition") \
	X(SUBMISSIONS_BY_OUTCOME, "outcome_disposition")
ENUM_DECLARE(submission_order, SUBMISSION_ORDERS);

struct store_submissions {
	int64_t account, start_us, end_us;      /* both included */
	int type;                               /* enum submission_type; -1 = any, as in the next three */
	int original, requested, outcome;       /* enum submission_disposition */
	int from_user;                          /* 1 = those that escalate a user's, 0 = the others */
	bool invalid;                           /* only those that are, else only those that are not */
	struct str customer_status, status, id; /* "" = any; the first two are both of customer_status */
	struct str text;                        /* anywhere in its texts, in any case */
	enum submission_order order;
	bool descending; /* also for those that are equal in it, which go by time */
	size_t skip, n;
	int64_t until_ms; /* monotonic; 0 = none. Over it: ERR_LATER */
};

/*
 * What cannot be read is left out, with a line in the log. total_out: all of the account, valid or invalid, whatever else is
 * asked.
 */
MUST_CHECK enum err store_submissions(struct store *st, struct arena *a, const struct store_submissions *q,
				      struct submissions *out, size_t *total_out);

#endif
