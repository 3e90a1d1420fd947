/* Rows of submissions. */
#include "store/submissions.h"

#include "base/clock.h"
#include "json/read.h"
#include "store/event.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/key.h"
#include "store/report_note.h"
#include "store/row.h"
#include "store/settings_internal.h"
#include "store/words.h"

#define COLLECTION "submission"

ENUM_DEFINE(submission_order, SUBMISSION_ORDERS);

/* ---- rows ---- */

static enum err read_row(struct sql_stmt *s, struct arena *a, struct submission *out)
{
	struct str body = sql_str_copy(s, 1, a);

	*out = (struct submission){ 0 };
	if (json_text_read(a, &submission_fields, body, JSON_STORED, out, NULL))
		return ERR_SYNTAX;
	SET(out, submission, key, sql_int(s, 0));
	SET(out, submission, requested_at, key_us(out->key));
	return OK;
}

/* What a query looks into, folded, a line each. */
static struct str texts_of(struct arena *a, const struct submission *s)
{
	const struct str texts[] = { s->submission_id, s->subject,
				     s->requested_by,  s->original_postfix_id,
				     s->escalated_by,  s->original_edf_hash,
				     s->note,          s->escalated_submission_id };
	struct str all = STR("");

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (texts[i].n)
			all = ARENA_JOIN(a, all, words_fold(a, texts[i]), STR("\n"));
	return all;
}

/* No text and -1 are null. */
static void bind_text(struct sql_stmt *s, int n, struct str text)
{
	sql_bind_str(s, n, text.n ? text : STR_NONE);
}

static void bind_enum(struct sql_stmt *s, int n, const struct enumtab *t, int value)
{
	bind_text(s, n, value < 0 ? STR_NONE : enum_text(t, value));
}

#define BIND(w, n, s, name, names) bind_enum(w, n, &(names), HAS(s, submission, name) ? (s)->name : -1)

static enum err write_row(struct sql *c, struct arena *a, const struct submission *s)
{
	struct sql_stmt *w = sql_prepare(
	    c, "INSERT INTO submission(key, id, subject, type, status, customer, original, requested, "
	       "outcome, from_user, texts, body) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
	       "ON CONFLICT(key) DO UPDATE SET status = excluded.status, customer = excluded.customer, "
	       "original = excluded.original, outcome = excluded.outcome, texts = excluded.texts, "
	       "body = excluded.body");

	sql_bind_int(w, 1, s->key);
	sql_bind_str(w, 2, s->submission_id);
	sql_bind_str(w, 3, s->subject.p ? s->subject : STR(""));
	BIND(w, 4, s, type, submission_type_names);
	BIND(w, 5, s, status, submission_status_names);
	BIND(w, 6, s, customer_status, customer_status_names);
	BIND(w, 7, s, original_disposition, submission_disposition_names);
	BIND(w, 8, s, requested_disposition, submission_disposition_names);
	BIND(w, 9, s, outcome_disposition, submission_disposition_names);
	sql_bind_int(w, 10, s->from_user);
	sql_bind_str(w, 11, texts_of(a, s));
	sql_bind_str(w, 12, settings_body(a, &submission_fields, s));
	return sql_run(w, NULL);
}

static enum err audit(struct sql *c, struct arena *a, const struct settings_who *who, const char *action,
		      const struct submission *before, const struct submission *after)
{
	struct settings_audit e = { .who = *who,
				    .action = action,
				    .collection = COLLECTION,
				    .object = after->submission_id,
				    .fields = &submission_fields,
				    .before = before,
				    .after = after };

	return settings_audit(c, key_account(after->key), clock_now_us(), settings_audit_body(a, &e));
}

static enum err get_by_key(struct sql *c, struct arena *a, int64_t key, struct submission *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT key, body FROM submission WHERE key = $1");

	sql_bind_int(s, 1, key);
	enum err err = sql_step(s);
	if (err)
		return err;
	err = read_row(s, a, out);
	sql_done(s);
	return err;
}

/* Its mail has the same name, and an index for it. */
static enum err get_by_id(struct sql *c, struct arena *a, int64_t account, struct str id,
			  struct submission *out)
{
	int64_t shelf = store_submitted(account);
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT s.key, s.body FROM msg AS m JOIN submission AS s ON s.key = m.id "
			   "WHERE m.postfix_id = $1 AND m.id BETWEEN $2 AND $3");

	sql_bind_str(s, 1, id.p ? id : STR(""));
	sql_bind_int(s, 2, key_first(shelf));
	sql_bind_int(s, 3, key_last(shelf));
	enum err err = sql_step(s);
	if (err)
		return err;
	err = read_row(s, a, out);
	sql_done(s);
	return err;
}

enum err store_submission_get(struct store *st, struct arena *a, int64_t account, struct str id,
			      struct submission *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = get_by_id(c, a, account, id, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

enum err store_submission_by_key(struct store *st, struct arena *a, int64_t key, struct submission *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = get_by_key(c, a, key, out);
	sql_read_end(&c);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

/* That it was made, and that something came of it. */
static enum err note_event(struct sql *c, const struct submission *s)
{
	return event_note(c, &(struct event){ .kind = EVENT_SUBMISSION,
					      .account = key_account(s->key),
					      .ref = s->key,
					      .at_us = clock_now_us() });
}

/* ---- adding ---- */

enum err submission_may_escalate(const struct submission *user)
{
	if (user->type != SUBMISSION_USER)
		return ERR_ABSENT;
	return user->customer_status == CUSTOMER_ESCALATED ? ERR_CONFLICT : OK;
}

/* The user's submission that s escalates learns of it. */
static enum err escalate(struct sql *c, struct arena *a, const struct settings_who *who,
			 const struct submission *s)
{
	struct submission before;
	enum err err = get_by_id(c, a, key_account(s->key), s->escalated_submission_id, &before);

	if (err)
		return err;
	err = submission_may_escalate(&before);
	if (err)
		return err;
	struct submission user = before;
	SET(&user, submission, customer_status, CUSTOMER_ESCALATED);
	SET(&user, submission, escalated_as, s->requested_disposition);
	SET(&user, submission, escalated_at, s->requested_at);
	SET(&user, submission, escalated_by, s->requested_by);
	SET(&user, submission, escalated_submission_id, s->submission_id);
	err = write_row(c, a, &user);
	return err ? err : audit(c, a, who, "update", &before, &user);
}

static enum err add_job(struct sql *c, const struct submission *s)
{
	struct job job = { .account = key_account(s->key),
			   .kind = JOB_SUBMISSION,
			   .ref = s->key,
			   .due_us = clock_now_us(),
			   .who = s->who };

	job.created_us = job.due_us;
	return submission_is_invalid(s) ? OK : store_job_insert(c, &job);
}

static enum err add_all(struct sql *c, struct arena *a, const struct settings_who *who, struct submission *s,
			const struct record *mail, const struct row *row)
{
	enum err err = store_row_add(c, store_submitted(mail->account), row, &s->key);

	if (err)
		return err;
	SET(s, submission, key, s->key);
	SET(s, submission, submission_id, mail->message->postfix_id);
	SET(s, submission, requested_at, key_us(s->key));
	SET(s, submission, who, who->name);
	SET(s, submission, from_user, s->escalated_submission_id.n > 0);
	if (s->from_user)
		err = escalate(c, a, who, s);
	if (!err)
		err = write_row(c, a, s);
	if (!err)
		err = audit(c, a, who, "create", NULL, s);
	if (!err)
		err = note_event(c, s);
	return err ? err : add_job(c, s);
}

enum err store_submission_add(struct store *st, struct arena *a, const struct settings_who *who,
			      struct submission *s, struct record *mail)
{
	struct row row;
	struct sql *c;

	ASSERT(mail->message->delivery_mode > MODE_RETRO_SCAN);
	enum err err = store_record_row(a, mail, &row);
	if (!err)
		err = sql_write_begin(st->messages, &c);
	if (err)
		return err;
	err = add_all(c, a, who, s, mail, &row);
	err = sql_end(&c, err);
	if (!err)
		row_set_ids(a, mail, s->key, 0, row.suffix);
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

/* ---- changing ---- */

static enum err change(struct sql *c, struct arena *a, int64_t key, const struct settings_who *who,
		       submission_change_fn *fn, void *ctx, struct submission *out)
{
	struct submission before;
	enum err err = get_by_key(c, a, key, &before);

	if (err)
		return err;
	*out = before;
	if (!fn(a, out, ctx))
		return OK;
	err = write_row(c, a, out);
	if (!err && HAS(out, submission, outcome) &&
	    (!HAS(&before, submission, outcome) || before.outcome != out->outcome))
		err = note_event(c, out);
	if (!err)
		err = report_note(c, key_account(key), out->original_key ? out->original_key : key,
				  report_causes_of_submission(&before, out));
	return err || !who ? err : audit(c, a, who, "update", &before, out);
}

enum err store_submission_change(struct store *st, struct arena *a, int64_t key,
				 const struct settings_who *who, submission_change_fn *fn, void *ctx,
				 struct submission *out)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	err = sql_end(&c, change(c, a, key, who, fn, ctx, out));
	return err == ERR_SYNTAX ? ERR_LATER : err;
}

/* ---- lists ---- */

#define IS_INVALID "(status IS NOT NULL AND status = 'Invalid')"

/* clang-format off */
#define SELECT \
	"SELECT key, body FROM submission WHERE key BETWEEN $1 AND $2 AND " IS_INVALID " = $3" \
	" AND ($4 IS NULL OR type = $4) AND ($5 IS NULL OR original = $5)" \
	" AND ($6 IS NULL OR requested = $6) AND ($7 IS NULL OR outcome = $7)" \
	" AND ($8 IS NULL OR customer = $8) AND ($9 IS NULL OR customer = $9)" \
	" AND ($10 IS NULL OR id = $10) AND ($11 IS NULL OR instr(texts, $11) > 0)" \
	" AND ($12 IS NULL OR from_user = $12)"
#define ORDERED(column) \
	{ SELECT " ORDER BY " column ", key LIMIT $13 OFFSET $14", \
	  SELECT " ORDER BY " column " DESC, key DESC LIMIT $13 OFFSET $14" }

/* Upwards and downwards. */
static const char *const selects[][2] = {
	[SUBMISSIONS_BY_TIME] = { SELECT " ORDER BY key LIMIT $13 OFFSET $14",
				  SELECT " ORDER BY key DESC LIMIT $13 OFFSET $14" },
	[SUBMISSIONS_BY_ID] = ORDERED("id"),
	[SUBMISSIONS_BY_SUBJECT] = ORDERED("subject"),
	[SUBMISSIONS_BY_ORIGINAL] = ORDERED("original"),
	[SUBMISSIONS_BY_REQUESTED] = ORDERED("requested"),
	[SUBMISSIONS_BY_OUTCOME] = ORDERED("outcome"),
};
/* clang-format on */

static enum err select_page(const struct store *st, struct sql *c, struct arena *a,
			    const struct store_submissions *q, struct submissions *out)
{
	const struct enumtab *dispositions = &submission_disposition_names;
	int64_t shelf = store_submitted(q->account);
	struct sql_stmt *s = sql_prepare(c, selects[q->order][q->descending]);
	enum err err;

	sql_bind_int(s, 1, key_from(shelf, q->start_us));
	sql_bind_int(s, 2, q->end_us == STORE_NEWEST ? key_last(shelf) : key_upto(shelf, q->end_us));
	sql_bind_int(s, 3, q->invalid);
	bind_enum(s, 4, &submission_type_names, q->type);
	bind_enum(s, 5, dispositions, q->original);
	bind_enum(s, 6, dispositions, q->requested);
	bind_enum(s, 7, dispositions, q->outcome);
	bind_text(s, 8, q->customer_status);
	bind_text(s, 9, q->status);
	bind_text(s, 10, q->id);
	bind_text(s, 11, words_fold(a, q->text));
	if (q->from_user >= 0)
		sql_bind_int(s, 12, q->from_user);
	sql_bind_int(s, 13, (int64_t)q->n);
	sql_bind_int(s, 14, (int64_t)q->skip);
	while ((err = sql_step(s)) == OK) {
		struct submission one;
		if (read_row(s, a, &one) == OK)
			ARENA_PUSH(a, out, one);
		else
			(void)store_row_skip(st, sql_int(s, 0));
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err count(struct sql *c, const struct store_submissions *q, size_t *total_out)
{
	int64_t shelf = store_submitted(q->account);
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT count(*) FROM submission WHERE key BETWEEN $1 AND $2 AND " IS_INVALID " = $3");

	sql_bind_int(s, 1, key_first(shelf));
	sql_bind_int(s, 2, key_last(shelf));
	sql_bind_int(s, 3, q->invalid);
	return sql_count(s, total_out);
}

enum err store_submissions(struct store *st, struct arena *a, const struct store_submissions *q,
			   struct submissions *out, size_t *total_out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	*out = (struct submissions){ NULL, 0 };
	if (err)
		return err;
	sql_deadline(c, q->until_ms);
	err = count(c, q, total_out);
	if (!err)
		err = select_page(st, c, a, q, out);
	sql_read_end(&c);
	return err;
}
