/*
 * Changing records. A row is read, changed outside of any transaction and written where it is still what was read; together with
 * all that follows from the change.
 */
#include "store/internal.h"

#include <stdlib.h>

#include "store/commit.h"
#include "store/domain_day.h"
#include "store/key.h"
#include "store/move_note.h"
#include "store/released.h"
#include "store/report_note.h"
#include "store/row.h"
#include "store/tokens.h"
#include "store/vault.h"

#define CHANGE_TRIES 100
#define CHANGE_BYTES \
	(4 * TOKENS_BYTES + (64u << 20)) /* tokens before and after and what is gone; the packed row */

struct change_with {
	bool idle;               /* not where a job about it is open */
	struct commit_job *also; /* written in the same transaction; NULL: nothing else is */
};

struct change {
	struct commit_job job;
	struct change_with with;
	const struct row *row;
	int64_t key, rev; /* the revision that was read */
	struct str gone;
	struct str old_digest; /* p NULL: it is as it was, or nobody can ask for it any more */
	struct strs domains;   /* of recipients, where it had none before */
	int disposition;
	bool judged;                    /* it is another verdict than before */
	struct strs released;           /* digests (released.h) */
	const struct record *corrected; /* the record, where another correction judged it than before */
	unsigned causes;                /* of a report */
	struct move_view before;
	struct strs vault, vault_now;
	const struct record *record; /* afterwards */
};

static enum err move_digest(struct sql *c, const struct change *change)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM resend WHERE digest = $1 AND id = $2");

	sql_bind_blob(s, 1, change->old_digest);
	sql_bind_int(s, 2, change->key);
	enum err err = sql_run(s, NULL);
	return err || !change->row->digest.p ? err : store_note_digest(c, change->row->digest, change->key);
}

/* ERR_ABSENT: there is one. */
static enum err check_idle(struct sql *c, int64_t key)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT 1 FROM job WHERE ref = $1 AND state = 'open' LIMIT 1");

	sql_bind_int(s, 1, key);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? OK : err;
	sql_done(s);
	return ERR_ABSENT;
}

static enum err run_change(struct sql *c, struct commit_job *job)
{
	struct change *change = (struct change *)job;
	const struct row *row = change->row;
	int64_t changed = 0;
	enum err err = change->with.idle ? check_idle(c, change->key) : OK;

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "UPDATE msg SET disp = $3, held = $4, rescan = $5, rev = rev + 1, digest = $6, "
			   "raw = $7, dict = 0, message = $8, rest = $9, content = nullif($10, 0) "
			   "WHERE id = $1 AND rev = $2");

	sql_bind_int(s, 1, change->key);
	sql_bind_int(s, 2, change->rev);
	sql_bind_int(s, 3, row->detection);
	sql_bind_int(s, 4, row->held);
	sql_bind_int(s, 5, row->rescan);
	sql_bind_blob(s, 6, row->digest);
	sql_bind_blob(s, 7, row->raw);
	sql_bind_blob(s, 8, row->message);
	sql_bind_blob(s, 9, row->rest);
	sql_bind_int(s, 10, row->content);
	err = sql_run(s, &changed);
	if (err || changed == 0)
		return err ? err : ERR_CONFLICT;
	s = sql_prepare(c, "INSERT INTO retag(id, rev, gone) VALUES($1, $2, $3) ON CONFLICT(id) DO UPDATE "
			   "SET rev = excluded.rev, gone = retag.gone || ' ' || excluded.gone");
	sql_bind_int(s, 1, change->key);
	sql_bind_int(s, 2, change->rev + 1);
	sql_bind_str(s, 3, change->gone);
	err = sql_run(s, NULL);
	if (!err && change->old_digest.p)
		err = move_digest(c, change);
	if (!err && change->judged)
		err = store_note_verdict(c, change->key, change->disposition);
	if (!err)
		err = released_note(c, &change->released);
	if (!err && change->corrected)
		err = store_corrected_add(c, change->key, key_shelf(change->key), change->corrected);
	if (!err)
		err = store_note_causes(c, change->key, change->causes);
	if (!err)
		err = move_note(c, &change->before, change->record, change->key);
	if (!err)
		err = vault_note(c, change->key, &change->vault, &change->vault_now);
	if (!err)
		err = domain_day_add(c, key_shelf(change->key), key_us(change->key), &change->domains);
	if (err || !change->with.also)
		return err;
	err = change->with.also->run(c, change->with.also);
	return err == ERR_CONFLICT || err == ERR_ABSENT ? ERR_BUG : err; /* nothing of it may be kept */
}

/* Fixed tokens of the row before that the row after does not have. */
static struct str gone_tokens(struct arena *a, const struct tokens *before, const struct record *after)
{
	const struct strs was = before->fixed, now = tokens_of_record(a, after).fixed;
	struct strs gone = { NULL, 0 };

	/* Both are sorted. */
	for (size_t i = 0, k = 0; i < was.n; i++) {
		int order = -1;
		while (k < now.n && (order = str_cmp(was.v[i], now.v[k])) > 0)
			k++;
		if (k == now.n || order < 0)
			ARENA_PUSH(a, &gone, was.v[i]);
	}
	return tokens_join(a, gone);
}

/*
 * a: for the record afterwards; scratch: for what it is made a row with, and the job that writes it; NULL: nothing is to be
 * written.
 */
static enum err prepare(struct store *st, struct arena *a, struct arena *scratch, int64_t key,
			struct change_with with, record_change_fn *fn, void *ctx, struct record *r,
			struct commit_job **job_out)
{
	struct change *change = ARENA_NEW(scratch, struct change);
	struct row *row = ARENA_NEW(scratch, struct row);
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = store_row_get(c, a, key, RECORD_WHOLE, r);
	sql_read_end(&c);
	if (err)
		return err;
	struct tokens before = tokens_of_record(scratch, r);
	*change = (struct change){
		.job = { .run = run_change }, .with = with, .row = row, .key = key, .rev = r->rev
	};
	int64_t suffix = (int64_t)strtoll(r->message->id.p + r->message->id.n - 8, NULL, 16);
	struct str digest = r->digest;
	struct outcome_list outcomes = r->outcomes;
	int disposition = r->message->final_disposition;
	struct strs held = released_held(scratch, &outcomes);
	struct record was = { .correction = r->correction, .uncorrected = r->uncorrected };
	struct report_view view_before = report_view_of(r);
	change->before = move_view_of(r);
	change->vault = vault_of(scratch, r);
	change->record = r;
	*job_out = with.also;
	if (!fn(a, r, ctx))
		return OK;
	*job_out = &change->job;
	change->disposition = r->message->final_disposition;
	change->judged = change->disposition != disposition;
	struct report_view view = report_view_of(r);
	change->causes = report_causes_of_change(&view_before, &view);
	if (!str_eq(digest, r->digest) && key >= key_at(key_shelf(key), clock_now_us() - STORE_RESEND_US) &&
	    hash_unhex(scratch, digest, &change->old_digest))
		change->old_digest = STR("");
	row_set_ids(a, r, key, change->rev + 1, suffix);
	err = row_of_record(scratch, r, row);
	if (err)
		return err;
	change->gone = gone_tokens(scratch, &before, r);
	change->domains = domain_day_names(scratch, &outcomes, &r->outcomes);
	change->released = released_now(scratch, &held, r);
	change->vault_now = vault_of(scratch, r);
	if (HAS(r, record, correction) &&
	    (r->correction != was.correction || r->uncorrected != was.uncorrected))
		change->corrected = r;
	return OK;
}

static enum err change_once(struct store *st, struct arena *a, struct arena *scratch, int64_t key,
			    struct change_with with, record_change_fn *fn, void *ctx, struct record *r)
{
	struct commit_job *job = NULL;
	enum err err = prepare(st, a, scratch, key, with, fn, ctx, r, &job);

	return err || !job ? err : commit_group_run(st->commits, job);
}

static enum err change_record(struct store *st, struct arena *a, int64_t key, struct change_with with,
			      record_change_fn *fn, void *ctx, struct record *out)
{
	struct arena *scratch = arena_new(CHANGE_BYTES, NULL, NULL);
	const struct arena_mark start = arena_mark(a);
	struct record r;
	enum err err = ERR_CONFLICT;

	/* Somebody else changed the row between our reading and writing: read again. */
	for (int i = 0; i < CHANGE_TRIES && err == ERR_CONFLICT; i++) {
		arena_rewind(a, start);
		arena_reset(scratch);
		err = change_once(st, a, scratch, key, with, fn, ctx, &r);
	}
	arena_free(&scratch);
	if (!err && out)
		*out = r;
	return err == ERR_CONFLICT || err == ERR_SYNTAX ? ERR_LATER : err;
}

enum err store_record_change(struct store *st, struct arena *a, int64_t key, record_change_fn *fn, void *ctx,
			     struct record *out)
{
	return change_record(st, a, key, (struct change_with){ 0 }, fn, ctx, out);
}

enum err store_record_change_idle(struct store *st, struct arena *a, int64_t key, record_change_fn *fn,
				  void *ctx)
{
	return change_record(st, a, key, (struct change_with){ .idle = true }, fn, ctx, NULL);
}

/* ---- several ---- */

static void prepare_one(struct store *st, struct record_change *v)
{
	const struct change_with with = { .also = v->also };

	v->err = OK;
	v->job = v->also;
	v->scratch = arena_new(CHANGE_BYTES, NULL, NULL);
	if (!v->fn)
		return;
	v->start = arena_mark(v->arena);
	v->err = prepare(st, v->arena, v->scratch, v->key, with, v->fn, v->ctx, &v->record, &v->job);
	if (v->err)
		v->job = NULL;
}

static void end_one(struct store *st, struct record_change *v)
{
	const struct change_with with = { .also = v->also };

	if (v->job)
		v->err = v->job->err;
	arena_free(&v->scratch);
	if (v->err && v->fn)
		arena_rewind(v->arena, v->start);
	if (v->err == ERR_CONFLICT)
		v->err = change_record(st, v->arena, v->key, with, v->fn, v->ctx, NULL);
	else if (v->err == ERR_SYNTAX)
		v->err = ERR_LATER;
}

void store_records_change(struct store *st, struct record_change *v, size_t n)
{
	struct commit_job **jobs = calloc(n + 1, sizeof(struct commit_job *));
	size_t m = 0;

	ASSERT(jobs);
	for (size_t i = 0; i < n; i++) {
		prepare_one(st, &v[i]);
		if (v[i].job)
			jobs[m++] = v[i].job;
	}
	commit_group_run_all(st->commits, jobs, m);
	free(jobs);
	for (size_t i = 0; i < n; i++)
		end_one(st, &v[i]);
}
