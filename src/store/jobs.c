/* Durable jobs. */
#include "store/jobs.h"

#include <unistd.h>

#include "store/bulk_child.h"
#include "store/commit.h"
#include "store/event.h"
#include "store/file.h"
#include "store/internal.h"

#define SLICE 200 /* deleted at a time */
/* How many are read for one that nobody works off and that is admitted: */
#define OF_ACCOUNT 16 /* first a few of each account, */
#define OF_ALL 256    /* those of all accounts together; */
#define COMPANY 512 /* then those like the one that has just ended, which are also what joins another one; */
#define CANDIDATES 32       /* or whatever is due, so many at a time */
#define CANDIDATES_MAX 2048 /* and in all */
#define NEXT_REFUSED 4      /* whose admission is refused while the end of another one waits for it */
/* Bytes of DIR/gate behind those of enum gate: one is locked while a job is worked off, and free when its process ends. */
#define LOCK_FIRST 1024
#define LOCKS 1000000000
#define COLUMNS "id, account, kind, ref, state, due, created_at, tries, who, data, why, patient"

ENUM_DEFINE(job_kind, JOB_KINDS);
ENUM_DEFINE(job_state, JOB_STATES);

static struct str or_empty(struct str s)
{
	return s.p ? s : STR("");
}

enum err store_job_insert(struct sql *c, struct job *j)
{
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO job(account, kind, ref, state, due, tries, created_at, who, data, "
			   "patient) VALUES($1, $2, $3, 'open', $4, 0, $5, $6, $7, $8) "
			   "ON CONFLICT(ref, kind) WHERE state = 'open' DO UPDATE SET due = excluded.due, "
			   "tries = 0, created_at = excluded.created_at, who = excluded.who, "
			   "data = excluded.data, why = NULL, "
			   "patient = min(job.patient, excluded.patient) "
			   "RETURNING id");

	sql_bind_int(s, 1, j->account);
	sql_bind_str(s, 2, enum_text(&job_kind_names, (int)j->kind));
	sql_bind_int(s, 3, j->ref);
	sql_bind_int(s, 4, j->due_us);
	sql_bind_int(s, 5, j->created_us);
	sql_bind_str(s, 6, or_empty(j->who));
	sql_bind_str(s, 7, or_empty(j->data));
	sql_bind_int(s, 8, j->patient);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	j->id = sql_int(s, 0);
	sql_done(s);
	return OK;
}

enum err store_jobs_add(struct store *st, struct job *v, size_t n)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++)
		err = store_job_insert(c, &v[i]);
	return sql_end(&c, err);
}

static void read_row(struct sql_stmt *s, struct arena *a, struct job *out)
{
	*out = (struct job){ .id = sql_int(s, 0),
			     .account = sql_int(s, 1),
			     .kind = (enum job_kind)enum_value(&job_kind_names, sql_str(s, 2)),
			     .ref = sql_int(s, 3),
			     .state = (enum job_state)enum_value(&job_state_names, sql_str(s, 4)),
			     .due_us = sql_int(s, 5),
			     .created_us = sql_int(s, 6),
			     .tries = sql_int(s, 7),
			     .who = sql_str_copy(s, 8, a),
			     .data = sql_str_copy(s, 9, a),
			     .why = sql_str_copy(s, 10, a),
			     .patient = sql_int(s, 11) != 0 };
}

enum err store_job_get(struct store *st, struct arena *a, int64_t id, struct job *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT " COLUMNS " FROM job WHERE id = $1");
	sql_bind_int(s, 1, id);
	err = sql_step(s);
	if (!err)
		read_row(s, a, out);
	sql_read_end(&c);
	return err;
}

enum err store_job_is_open(struct store *st, int64_t ref, bool *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT 1 FROM job WHERE ref = $1 AND state = 'open' LIMIT 1");
	sql_bind_int(s, 1, ref);
	err = sql_step(s);
	*out = !err;
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* ---- working them off ---- */

struct due {
	struct job v[COMPANY];
	size_t n;
};

static void add_due(struct sql_stmt *s, struct due *out)
{
	out->v[out->n++] = (struct job){ .id = sql_int(s, 0),
					 .account = sql_int(s, 1),
					 .kind = (enum job_kind)enum_value(&job_kind_names, sql_str(s, 2)),
					 .ref = sql_int(s, 3),
					 .due_us = sql_int(s, 4),
					 .patient = sql_int(s, 5) != 0 };
}

/*
 * Those of each account that have been due longest, and of its patient ones, which come last. One that has thousands costs
 * the look no more than another: accounts are stepped through by their index.
 */
static enum err find_of_accounts(struct store *st, int64_t now_us, struct due *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	out->n = 0;
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "WITH RECURSIVE who(account) AS (SELECT min(account) FROM job WHERE state = 'open' UNION ALL "
	       "SELECT (SELECT min(account) FROM job WHERE state = 'open' AND account > who.account) "
	       "FROM who WHERE who.account IS NOT NULL) "
	       "SELECT job.id, job.account, kind, ref, due, patient FROM who CROSS JOIN "
	       "(SELECT 0 AS rank UNION ALL SELECT 1) AS of CROSS JOIN job WHERE job.id IN (SELECT id FROM "
	       "job AS j "
	       "WHERE j.state = 'open' AND j.account = who.account AND j.patient = of.rank AND j.due <= $1 "
	       "ORDER BY j.due LIMIT $2) ORDER BY patient, due LIMIT $3");
	sql_bind_int(s, 1, now_us);
	sql_bind_int(s, 2, OF_ACCOUNT);
	sql_bind_int(s, 3, OF_ALL);
	while ((err = sql_step(s)) == OK)
		add_due(s, out);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* Those behind `after` in the order in which they are due. */
static enum err find_due(struct store *st, int64_t now_us, const struct job *after, struct due *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	out->n = 0;
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT id, account, kind, ref, due, patient FROM job WHERE state = 'open' AND due <= $1 "
	       "AND (due, id) > ($2, $3) ORDER BY due, id LIMIT $4");
	sql_bind_int(s, 1, now_us);
	sql_bind_int(s, 2, after->due_us);
	sql_bind_int(s, 3, after->id);
	sql_bind_int(s, 4, CANDIDATES);
	while ((err = sql_step(s)) == OK)
		add_due(s, out);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* Those that may join one, the longest due first. */
static enum err find_company(struct store *st, int64_t now_us, const struct job *of, struct due *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	out->n = 0;
	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id, account, kind, ref, due, patient FROM job WHERE state = 'open' "
			   "AND account = $1 AND patient = $2 AND due <= $3 AND kind = $4 AND data = $5 "
			   "ORDER BY due LIMIT $6");
	sql_bind_int(s, 1, of->account);
	sql_bind_int(s, 2, of->patient);
	sql_bind_int(s, 3, now_us);
	sql_bind_str(s, 4, enum_text(&job_kind_names, (int)of->kind));
	sql_bind_str(s, 5, or_empty(of->data));
	sql_bind_int(s, 6, COMPANY);
	while ((err = sql_step(s)) == OK)
		add_due(s, out);
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

/* A step of jobs: of those that come at the same time, one transaction. */
struct step {
	struct commit_job job;
	const struct job *settled; /* NULL: none */
	const struct job_result *result;
	struct job *begun; /* NULL: none; its id is known */
	const struct job_ask *ask;
	struct arena *a; /* of what is begun */
	bool has_begun;
};

/* ERR_ABSENT: somebody else worked it off since it was found, or nobody wants it any more. */
static enum err take(struct sql *c, const struct step *step)
{
	struct sql_stmt *s =
	    sql_prepare(c, "UPDATE job SET tries = tries + 1, due = $3 "
			   "WHERE id = $1 AND state = 'open' AND due <= $2 RETURNING " COLUMNS);

	sql_bind_int(s, 1, step->begun->id);
	sql_bind_int(s, 2, step->ask->now_us);
	sql_bind_int(s, 3, step->ask->retry_us);
	enum err err = sql_step(s);
	if (err)
		return err;
	read_row(s, step->a, step->begun);
	sql_done(s);
	return bulk_child_begin(c, step->begun);
}

/* Unless somebody asked for the same meanwhile: then it begins anew. */
static enum err put_off(struct sql *c, const struct job *j, const struct job_result *r)
{
	int64_t put_off = 0;
	struct sql_stmt *s = sql_prepare(c, "UPDATE job SET due = $2, why = $3, tries = CASE WHEN $5 THEN 0 "
					    "ELSE tries END WHERE id = $1 AND due = $4");

	sql_bind_int(s, 1, j->id);
	sql_bind_int(s, 2, r->at_us);
	sql_bind_str(s, 3, r->why);
	sql_bind_int(s, 4, j->due_us);
	sql_bind_int(s, 5, r->goes_on);
	enum err err = sql_run(s, &put_off);
	return err || !put_off ? err : bulk_child_put_off(c, j, r);
}

static enum err note_end(struct sql *c, const struct job *j, int64_t now_us)
{
	if (j->kind != JOB_RELEASE)
		return OK;
	return event_note(
	    c,
	    &(struct event){ .kind = EVENT_RELEASE, .account = j->account, .ref = j->id, .at_us = now_us });
}

/* As put_off. Nobody is told of an end that is none. */
static enum err end(struct sql *c, const struct job *j, const struct job_result *r)
{
	int64_t ended = 0;
	struct sql_stmt *s =
	    sql_prepare(c, "UPDATE job SET state = $2, ended_at = $3, why = $4 WHERE id = $1 AND due = $5");

	sql_bind_int(s, 1, j->id);
	sql_bind_str(s, 2, enum_text(&job_state_names, (int)r->state));
	sql_bind_int(s, 3, r->at_us);
	sql_bind_str(s, 4, r->why);
	sql_bind_int(s, 5, j->due_us);
	enum err err = sql_run(s, &ended);
	if (err || !ended)
		return err;
	err = bulk_child_end(c, j, r);
	return err ? err : note_end(c, j, r->at_us);
}

static enum err run_step(struct sql *c, struct commit_job *job)
{
	struct step *step = (struct step *)job;
	enum err err = OK;

	if (step->settled)
		err = (step->result->state == JOB_OPEN ? put_off : end)(c, step->settled, step->result);
	if (err || !step->begun)
		return err;
	err = take(c, step);
	step->has_begun = !err;
	return err == ERR_ABSENT ? OK : err;
}

void store_job_let_go(struct job_hold *h)
{
	close(h->lock);
	h->lock = -1;
}

static bool lock(struct store *st, const struct job *j, struct job_hold *out)
{
	out->job = (struct job){ .id = j->id };
	out->lock = file_lock(st->dir_fd, LOCK_FIRST + (int)(j->id % LOCKS), true, false);
	return out->lock >= 0;
}

/* Whether it may be begun: then it is locked. A lock is dearer than the question, and threads that find no room ask a lot. */
static bool claim(struct store *st, const struct job_ask *ask, const struct job *j, struct job_hold *out,
		  unsigned *refused)
{
	if (ask->admits && !ask->admits(ask->ctx, j)) {
		++*refused;
		return false;
	}
	return lock(st, j, out);
}

static enum err begin_any(struct store *st, struct arena *a, const struct job_ask *ask, const struct due *due,
			  struct job_hold *out)
{
	struct step step = { .job = { .run = run_step }, .begun = &out->job, .ask = ask, .a = a };
	enum err err = OK;
	unsigned refused = 0;

	for (size_t i = 0; i < due->n && !err && !step.has_begun; i++) {
		if (!claim(st, ask, &due->v[i], out, &refused))
			continue;
		err = commit_group_run(st->commits, &step.job);
		if (err || !step.has_begun)
			store_job_let_go(out);
	}
	return err || step.has_begun ? err : ERR_ABSENT;
}

enum err store_job_begin(struct store *st, struct arena *a, const struct job_ask *ask, struct job_hold *out)
{
	struct job after = { .due_us = INT64_MIN };
	struct due due;
	enum err err = find_of_accounts(st, ask->now_us, &due);
	bool all_seen = due.n < OF_ACCOUNT;

	out->lock = -1;
	if (!err)
		err = begin_any(st, a, ask, &due, out);
	/* Those that were admitted of no account may hide others of it. */
	for (size_t seen = 0; err == ERR_ABSENT && !all_seen && seen < CANDIDATES_MAX; seen += due.n) {
		err = find_due(st, ask->now_us, &after, &due);
		if (!err)
			err = begin_any(st, a, ask, &due, out);
		all_seen = due.n < CANDIDATES;
		if (due.n)
			after = due.v[due.n - 1];
	}
	return err;
}

/* One to go on with behind that one. What is not found quickly is for store_job_begin. */
static void claim_next(struct store *st, const struct job_ask *ask, const struct job *behind,
		       struct job_hold *out)
{
	struct due due;
	unsigned refused = 0;

	if (find_of_accounts(st, ask->now_us, &due))
		return;
	for (size_t i = 0; i < due.n && out->lock < 0 && refused < NEXT_REFUSED; i++)
		(void)claim(st, ask, &due.v[i], out, &refused);
	bool has_company = ask->joins && ask->joins(ask->ctx, behind, behind);
	if (out->lock >= 0 || !has_company || find_company(st, ask->now_us, behind, &due))
		return;
	for (size_t i = 0; i < due.n && out->lock < 0; i++)
		if (ask->joins(ask->ctx, behind, &due.v[i]))
			(void)claim(st, ask, &due.v[i], out, &refused);
}

static struct record_change change_of(struct step *step)
{
	static const struct job_change nothing = { 0 };
	const struct job_change *change = step->result->change ? step->result->change : &nothing;

	return (struct record_change){ .key = change->key,
				       .fn = change->fn,
				       .ctx = change->ctx,
				       .arena = change->arena,
				       .also = &step->job };
}

/* Where the record is gone, the step alone. */
static void write_steps(struct store *st, struct record_change *v, size_t n)
{
	store_records_change(st, v, n);
	for (size_t i = 0; i < n; i++)
		if (v[i].err == ERR_ABSENT)
			v[i].err = commit_group_run(st->commits, v[i].also);
}

enum err store_job_settle(struct store *st, struct arena *a, struct job_hold *h, const struct job_result *r,
			  const struct job_ask *next, struct job_hold *next_out)
{
	struct step step = {
		.job = { .run = run_step }, .settled = &h->job, .result = r, .ask = next, .a = a
	};

	if (next) {
		next_out->lock = -1;
		claim_next(st, next, &h->job, next_out);
		step.begun = next_out->lock < 0 ? NULL : &next_out->job;
	}
	struct record_change change = change_of(&step);
	write_steps(st, &change, 1);
	if (step.begun && (change.err || !step.has_begun))
		store_job_let_go(next_out);
	if (!change.err)
		store_job_let_go(h);
	return change.err;
}

/* ---- several ---- */

size_t store_jobs_join(struct store *st, struct arena *a, const struct job_ask *ask, const struct job *first,
		       struct job_hold *out, size_t most)
{
	struct step steps[JOBS_TOGETHER];
	struct commit_job *jobs[JOBS_TOGETHER];
	struct due due;
	size_t n = 0, begun = 0;

	ASSERT(most < JOBS_TOGETHER);
	if (find_company(st, ask->now_us, first, &due))
		return 0;
	for (size_t i = 0; i < due.n && n < most; i++) {
		if (!ask->joins(ask->ctx, first, &due.v[i]) || !lock(st, &due.v[i], &out[n]))
			continue;
		steps[n] =
		    (struct step){ .job = { .run = run_step }, .begun = &out[n].job, .ask = ask, .a = a };
		jobs[n] = &steps[n].job;
		n++;
	}
	commit_group_run_all(st->commits, jobs, n);
	for (size_t i = 0; i < n; i++) {
		if (steps[i].job.err || !steps[i].has_begun)
			store_job_let_go(&out[i]);
		else
			out[begun++] = out[i];
	}
	return begun;
}

void store_jobs_settle(struct store *st, struct job_end *v, size_t n)
{
	struct step steps[JOBS_TOGETHER];
	struct record_change changes[JOBS_TOGETHER];

	ASSERT(n < JOBS_TOGETHER);
	for (size_t i = 0; i < n; i++) {
		steps[i] = (struct step){ .job = { .run = run_step },
					  .settled = &v[i].hold->job,
					  .result = v[i].result };
		changes[i] = change_of(&steps[i]);
	}
	write_steps(st, changes, n);
	for (size_t i = 0; i < n; i++) {
		v[i].err = changes[i].err;
		if (!v[i].err)
			store_job_let_go(v[i].hold);
	}
}

enum err store_jobs_forget(struct store *st, int64_t before_us, bool *more_out)
{
	return sql_forget(st->messages,
			  "DELETE FROM job WHERE id IN (SELECT id FROM job "
			  "WHERE state <> 'open' AND ended_at < $1 LIMIT $2)",
			  before_us, SLICE, more_out);
}
