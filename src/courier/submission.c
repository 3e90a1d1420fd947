/* One try to analyse a submission. Each step leaves what it found in the store, the outcome last. */
#include "courier/submission.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "courier/learn.h"
#include "courier/rescan.h"
#include "store/similar.h"
#include "store/submissions.h"

#define BYTES_MAX (2 * (size_t)LIMIT_MESSAGE_MOST + (1u << 20)) /* a mail packed and unpacked */
#define SUBMISSION_BYTES (512u << 20) /* its verdict, a few records, and changes of them */
#define RECORD_BYTES (64u << 20)      /* one as it is read */
#define NOTE_CHARS 400
#define CANDIDATES 100 /* mails with its Message-ID that are compared with it, the newest */

struct analysis {
	const struct job_tools *tools;
	const struct job *job;
	struct arena *arena;
	struct submission s;
	struct record mail;  /* as it was submitted */
	struct record about; /* the mail it is about */
	bool knows_about;
	bool
	    confirmed; /* by a try that was killed later: it has changed a record, and may have been learnt from */
	struct verdict verdict;
	bool judged;
	bool hearsay;    /* not the mail it is about was judged, only what somebody says that it is */
	int machine;     /* enum disposition it was judged as */
	struct str note; /* why it was not */
};

/* ---- the mail it is about ---- */

struct candidates {
	int64_t v[CANDIDATES];
	size_t n;
};

static enum err take_candidate(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct candidates *c = ctx;

	c->v[c->n++] = m->key;
	*more_out = c->n < CANDIDATES;
	return OK;
}

/* A Message-ID is easily written by somebody else: what it says must be the same, too. */
static bool is_same(const struct verdict *v, const struct record *r)
{
	struct similar_print x = similar_print_of(v->message->edf_hash, v->simhash),
			     y = similar_print_of(r->message->edf_hash, r->simhash);
	struct store_likeness likeness;

	return similar_compare(&x, &y, &likeness);
}

/* What a record's place and state give is kept at once, for it is about to be changed. */
static bool take_about(struct arena *a, struct submission *s, void *ctx)
{
	const struct record *r = ctx;
	int disposition = submission_disposition_of(r->message->final_disposition);

	SET(s, submission, original_key, r->key);
	SET(s, submission, original_postfix_id, arena_str(a, r->message->postfix_id));
	if (HAS(r->message, message, edf_hash))
		SET(s, submission, original_edf_hash, arena_str(a, r->message->edf_hash));
	if (HAS(r->message, message, final_disposition) && disposition >= 0)
		SET(s, submission, original_disposition, disposition);
	return true;
}

/*
 * The newest that says the same. Who submits chooses the Message-ID, and so what is read here: each is read by itself, and
 * one that cannot be read is none.
 */
static int64_t find_same(const struct analysis *x, const struct candidates *found)
{
	struct arena *a = arena_new(RECORD_BYTES, NULL, NULL);
	int64_t same = 0;

	for (size_t i = 0; i < found->n && !same; i++) {
		struct record r;
		arena_reset(a);
		if (store_record_by_key(x->tools->store, a, found->v[i], &r) == OK &&
		    is_same(&x->verdict, &r))
			same = found->v[i];
	}
	arena_free(&a);
	return same;
}

static enum err look_for(struct analysis *x)
{
	struct store *st = x->tools->store;
	struct candidates found = { .n = 0 };
	struct store_found page;
	struct store_search q = { .account = x->job->account,
				  .end_us = STORE_NEWEST,
				  .disposition = -1,
				  .operation = -1,
				  .delivery_status = -1,
				  .message_id = x->verdict.message->message_id,
				  .page = 1,
				  .per_page = CANDIDATES };

	if (!q.message_id.n)
		return OK;
	enum err e = store_search(st, x->arena, &q, 0, take_candidate, &found, &page);
	int64_t same = e ? 0 : find_same(x, &found);
	if (!same)
		return e;
	e = store_record_by_key(st, x->arena, same, &x->about);
	if (!e)
		e = store_submission_change(st, x->arena, x->job->ref, NULL, take_about, &x->about, &x->s);
	x->knows_about = !e;
	return e == ERR_ABSENT ? OK : e;
}

/* ---- the analysis ---- */

/* As the record came that they are said to be. */
static enum err judge(struct analysis *x, const struct record *as, struct str bytes, struct verdict *out,
		      struct errbuf *why)
{
	const struct job_tools *t = x->tools;

	if (!t->broker)
		return err_set(why, ERR_LATER, "no mail is scanned here");
	return rescan_judge(t->store, t->broker, x->arena, t->config, as, bytes, out, why);
}

/* ERR_LATER, or any other when these bytes are not to be judged, and why. */
static enum err judge_kept(struct analysis *x, const struct record *as, struct str sha256,
			   struct verdict *out, struct errbuf *why)
{
	struct arena *a = arena_new(BYTES_MAX, NULL, NULL);
	struct str bytes;
	enum err e = sha256.n ? store_raw_get(x->tools->store, a, sha256, &bytes) : ERR_ABSENT;

	if (e == ERR_ABSENT)
		err_set(why, e, "its bytes are not kept");
	else if (e == ERR_LIMIT)
		err_set(why, e, "too large");
	else if (e)
		e = err_set(why, ERR_LATER, "its bytes cannot be read");
	else
		e = judge(x, as, bytes, out, why);
	arena_free(&a);
	return e;
}

/*
 * What was submitted may have been made to look bad: where the mail it is about is kept, that one is what counts. Only of
 * that is it known from whom it came.
 */
static enum err judge_about(struct analysis *x, struct errbuf *why)
{
	struct verdict verdict;
	enum err e = judge_kept(x, &x->about, x->about.raw_sha256, &verdict, why);

	if (e == ERR_LATER)
		return e;
	if (!e)
		x->machine = verdict.message->final_disposition;
	else
		x->note = ARENA_JOIN(x->arena, STR("of the mail itself: "), str_of(why->text));
	x->hearsay = e;
	return OK;
}

static enum err analyse(struct analysis *x, struct errbuf *why)
{
	const struct record *as = x->knows_about ? &x->about : &x->mail;
	enum err e = judge_kept(x, as, x->mail.raw_sha256, &x->verdict, why);

	if (e == ERR_LATER)
		return e;
	x->judged = !e;
	if (e) {
		x->note = arena_str(x->arena, str_of(why->text));
		return OK;
	}
	x->machine = x->verdict.message->final_disposition;
	if (!x->knows_about && look_for(x))
		return err_set(why, ERR_LATER, "the mail it is about cannot be looked for");
	bool same = x->knows_about && str_eq(x->about.raw_sha256, x->mail.raw_sha256);
	return x->knows_about && !same ? judge_about(x, why) : OK;
}

/* ---- what comes of it ---- */

/* Why it is not confirmed. */
static struct str reason(const struct analysis *x, const struct submission *s, struct arena *a)
{
	if (!x->judged)
		return x->note;
	if (!HAS(s, submission, requested_disposition))
		return STR("it does not say what the message should be; a person should look at it");
	if (s->authority == AUTHORITY_STRANGER)
		return HAS(s, submission, note) ? s->note : STR("who submits it is not proved");
	if (submission_disposition_of(x->machine) != s->requested_disposition)
		return ARENA_JOIN(a, STR("today's judgement is "), enum_text(&disposition_names, x->machine),
				  STR(", and the word of a user counts only where that says the same"));
	return ARENA_JOIN(a, STR("only what was attached could be judged; "), x->note);
}

static bool decide(struct arena *a, struct submission *s, void *ctx)
{
	struct analysis *x = ctx;
	int machine = x->judged ? submission_disposition_of(x->machine) : -1;
	bool asks = HAS(s, submission, requested_disposition);
	bool agrees = asks && machine >= 0 && machine == s->requested_disposition;
	bool confirmed = x->confirmed || (asks && s->authority == AUTHORITY_TEAM) ||
			 (s->authority == AUTHORITY_USER && agrees && !x->hearsay);

	if (x->judged)
		SET(s, submission, machine_disposition, x->machine);
	struct str said = confirmed ? x->note : reason(x, s, a);
	if (said.n)
		SET(s, submission, note, utf8_cut(arena_str(a, said), NOTE_CHARS));
	if (confirmed) {
		SET(s, submission, outcome_disposition, s->requested_disposition);
		SET(s, submission, outcome, OUTCOME_CONFIRMED);
		SET(s, submission, status, SUBMISSION_ACCEPTED);
	} else {
		if (machine >= 0)
			SET(s, submission, outcome_disposition, machine);
		SET(s, submission, outcome, x->judged ? OUTCOME_UNCONFIRMED : OUTCOME_NOT_ANALYSED);
	}
	return true;
}

/* The trace of the mail says what came of it, too. */
static void trace_outcome(struct arena *a, struct record *r, const struct submission *s)
{
	if (HAS(s, submission, requested_disposition) && s->outcome != OUTCOME_CONFIRMED)
		record_trace(a, r, false, "submission of %.*s %.*s: %.*s", STR_ARG(s->who),
			     STR_ARG(enum_text(&submission_outcome_names, s->outcome)), STR_ARG(s->note));
}

static bool change_mail(struct arena *a, struct record *r, void *ctx)
{
	const struct analysis *x = ctx;

	if (submission_has_corrected(r, &x->s))
		return false;
	if (x->judged) {
		/* This may be called again, so the verdict itself stays as it is. */
		struct verdict v = x->verdict;
		v.message = ARENA_NEW(a, struct message);
		v.detections = ARENA_NEW(a, struct detections);
		*v.message = *x->verdict.message;
		*v.detections = *x->verdict.detections;
		record_judge(r, &v);
		record_trace(a, r, false, "analysed: verdict %.*s",
			     STR_ARG(enum_text(&disposition_names, r->message->final_disposition)));
	}
	trace_outcome(a, r, &x->s);
	if (x->s.outcome == OUTCOME_CONFIRMED)
		(void)submission_correct(a, r, &x->s);
	return true;
}

static bool change_about(struct arena *a, struct record *r, void *ctx)
{
	const struct analysis *x = ctx;
	bool noted = submission_note(a, r, &x->s);
	if (noted)
		trace_outcome(a, r, &x->s);
	bool corrected = x->s.outcome == OUTCOME_CONFIRMED && submission_correct(a, r, &x->s);

	return noted || corrected;
}

static bool take_outcome(struct arena *a, struct submission *s, void *ctx)
{
	struct analysis *x = ctx;

	return !HAS(s, submission, outcome) && decide(a, s, x);
}

static enum err settle(struct analysis *x, struct errbuf *why)
{
	struct store *st = x->tools->store;
	enum err e = OK;

	decide(x->arena, &x->s, x);
	e = store_record_change(st, x->arena, x->mail.key, change_mail, x, &x->mail);
	if (!e && x->knows_about)
		e = store_record_change(st, x->arena, x->about.key, change_about, x, &x->about);
	if (e == ERR_ABSENT)
		e = OK; /* it is over its time */
	if (!e && x->s.outcome == OUTCOME_CONFIRMED)
		e = learn(x->tools, x->arena, &x->s, x->knows_about ? &x->about : &x->mail,
			  x->judged ? &x->verdict : NULL);
	if (!e)
		e = store_submission_change(st, x->arena, x->job->ref, NULL, take_outcome, x, &x->s);
	return e ? err_set(why, ERR_LATER, "the outcome could not be stored") : OK;
}

static void tell(const struct analysis *x)
{
	struct str requested = HAS(&x->s, submission, requested_disposition)
				   ? enum_text(&submission_disposition_names, x->s.requested_disposition)
				   : STR("");

	log_info(x->tools->log, "submission_analysed", KV_STR("id", x->s.submission_id),
		 KV_STR("about", x->s.original_postfix_id), KV_STR("who", x->s.who),
		 KV_STR("requested", requested),
		 KV_STR("outcome", enum_text(&submission_outcome_names, x->s.outcome)));
}

/* ---- the try ---- */

static enum err load(struct analysis *x)
{
	struct store *st = x->tools->store;
	enum err e = store_submission_by_key(st, x->arena, x->job->ref, &x->s);

	if (!e)
		e = store_record_by_key(st, x->arena, x->job->ref, &x->mail);
	if (!e)
		x->confirmed = submission_has_corrected(&x->mail, &x->s);
	if (e || !x->s.original_key)
		return e;
	e = store_record_by_key(st, x->arena, x->s.original_key, &x->about);
	x->knows_about = !e;
	if (!e && submission_has_corrected(&x->about, &x->s))
		x->confirmed = true;
	return e == ERR_ABSENT ? OK : e;
}

static enum err run(struct analysis *x, struct errbuf *why)
{
	if (HAS(&x->s, submission, outcome))
		return err_set(why, OK, "it was analysed before");
	enum err e = analyse(x, why);
	if (!e)
		e = settle(x, why);
	if (e)
		return e;
	tell(x);
	struct str outcome = enum_text(&submission_outcome_names, x->s.outcome);
	return err_set(why, OK, "%.*s", STR_ARG(outcome));
}

/* What cannot be said of the records is said of the submission alone. */
static enum err end(struct analysis *x, enum err loaded, struct errbuf *why)
{
	if (!x->s.key || loaded == ERR_ABSENT || HAS(&x->s, submission, outcome))
		return loaded;
	if (!loaded && settle(x, why) == OK)
		return OK;
	return store_submission_change(x->tools->store, x->arena, x->job->ref, NULL, take_outcome, x, &x->s);
}

void submission_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct arena *a = arena_new(SUBMISSION_BYTES, NULL, NULL);
	struct analysis x = { .tools = tools,
			      .job = job,
			      .arena = a,
			      .note = ARENA_JOIN(a, STR("given up: "), str_of(out->why.text)) };
	struct errbuf ignored = { "" };
	enum err e = end(&x, load(&x), &ignored);

	if (!e)
		tell(&x);
	else if (e != ERR_ABSENT)
		log_warn(tools->log, "submission_end_not_stored", KV_INT("job", job->id));
	arena_free(&a);
}

enum err submission_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct arena *a = arena_new(SUBMISSION_BYTES, NULL, NULL);
	struct analysis x = { .tools = tools, .job = job, .arena = a };
	enum err e = load(&x);

	out->failed = e == ERR_ABSENT;
	if (e == ERR_ABSENT)
		err_set(&out->why, OK, "it is gone");
	else if (e)
		e = err_set(&out->why, ERR_LATER, "the store cannot be read now");
	else
		e = run(&x, &out->why);
	arena_free(&a);
	return e == ERR_ABSENT ? OK : e;
}
