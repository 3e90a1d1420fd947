/*
 * What broker and worker say to each other, as bytes: jobs and verdicts as JSON by their field tables, questions
 * and answers in a small binary form, because DNS data is not text.
 *
 * Reading checks form and sizes; whether a verdict makes sense is broker/check.h.
 */
#ifndef BROKER_WIRE_H
#define BROKER_WIRE_H

#include "base/buf.h"
#include "policy/policy.h"
#include "scan/scan.h"

/* ---- job: one line of JSON, then the account's policy_source as another where the snapshot is older ---- */

void wire_job_write(struct buf *b, const struct scan_job *job);
/* Behind the job: a policy follows, as wire_policy_write makes it. */
void wire_job_add_policy(struct buf *b);
/* Points into `text` and the arena; raw stays empty. *policy_out NULL: none came. */
MUST_CHECK enum err wire_job_read(struct arena *a, struct str text, struct scan_job *job_out,
				  struct policy_source **policy_out, struct errbuf *eb);

void wire_policy_write(struct buf *b, const struct policy_source *source);
MUST_CHECK enum err wire_policy_read(struct arena *a, struct str text, struct policy_source *out,
				     struct errbuf *eb);

void wire_verdict_write(struct buf *b, const struct verdict *v);
/* From a process that may lie: ERR_LIMIT beyond LIMIT_VERDICT_NODES values. Points into text and arena. */
MUST_CHECK enum err wire_verdict_read(struct arena *a, struct str text, struct verdict *out,
				      struct errbuf *eb);

/* ---- questions and answers ---- */

void wire_asks_write(struct buf *b, const struct ask *asks, size_t n);
/* ERR_SYNTAX: not this form, or a question no honest worker asks. ERR_LIMIT: more than a mail may ask at all. */
MUST_CHECK enum err wire_asks_read(struct arena *a, struct str bytes, struct ask **out, size_t *n_out);

/* An answer that would lead over the buffer's ceiling is written as TEMPERROR: the ceiling must hold 64 of those. */
void wire_answers_write(struct buf *b, const struct ask *asks, const struct answer *answers, size_t n);
/* As many as were asked. The records point into the arena. */
MUST_CHECK enum err wire_answers_read(struct arena *a, struct str bytes, const struct ask *asks, size_t n,
				      struct answer *answers_out);

/* ---- numbers to and from the zygote ---- */

/* A worker and, in DEATH, how it ended (wait status). */
struct wire_worker {
	uint32_t number;
	int32_t status; /* of WORKER: its pid, or the errno of the fork that failed */
};

/* One account of the zygote's snapshot, in READY. */
struct wire_rev {
	int64_t account, rev;
};

MUST_CHECK enum err wire_worker_read(struct str bytes, struct wire_worker *out);

#endif
