/* Making corrections, and having mail follow them. */
#include "courier/learn.h"

#include "base/clock.h"
#include "base/domain.h"
#include "policy/correction.h"
#include "scan/assemble.h"
#include "store/corrections.h"

#define LEARN_BYTES (256u << 20)
#define BACK_US (INT64_C(30) * 86400 * 1000000) /* mail before that is left alone */
#define MOST 10000                              /* mails of one campaign that are looked at */
#define SLICE 100                               /* records that are undone at a time */
#define MISSES 5 /* that many in a row cannot be changed: that is the store, not the record */

/* ---- making one ---- */

static int disposition_before(const struct submission *s)
{
	if (HAS(s, submission, original_disposition))
		return s->original_disposition;
	return HAS(s, submission, machine_disposition) ? submission_disposition_of(s->machine_disposition)
						       : -1;
}

static struct correction correction_of(struct arena *a, const struct submission *s, const struct record *mail,
				       const struct verdict *v)
{
	const struct message *m = mail->message;
	struct correction c = { 0 };

	SET(&c, correction, submission_id, s->submission_id);
	SET(&c, correction, created_by, s->who);
	SET(&c, correction, postfix_id, m->postfix_id);
	SET(&c, correction, subject, m->subject);
	SET(&c, correction, disposition, s->outcome_disposition);
	SET(&c, correction, edf_hash, m->edf_hash);
	if (HAS(m, message, from))
		SET(&c, correction, from, m->from);
	if (disposition_before(s) >= 0)
		SET(&c, correction, original_disposition, disposition_before(s));
	if (mail->simhash.n)
		SET(&c, correction, simhash, mail->simhash);
	/* What was submitted apart from how it came proves nothing, nor does what only looks like that mail. */
	if (v && HAS(v, verdict, proved_domain) && HAS(s, submission, original_key) &&
	    str_eq(v->proved_domain, domain_fold(a, domain_of_address(m->from))))
		SET(&c, correction, authenticated_domain, v->proved_domain);
	return c;
}

enum err learn(const struct job_tools *tools, struct arena *a, const struct submission *s,
	       const struct record *mail, const struct verdict *v)
{
	const struct settings_who who = { .name = STR("courier") };
	struct resource_env env = { .arena = a, .now_us = clock_now_us() };
	struct settings_refusal refusal;
	struct correction *c = ARENA_NEW(a, struct correction);

	if (!mail->message->edf_hash.n || s->outcome_disposition == disposition_before(s))
		return OK;
	*c = correction_of(a, s, mail, v);
	struct settings_write *w =
	    settings_write_new(tools->store, &env, &resource_corrections, mail->account, &who);
	settings_write_add(w, c, 0);
	enum err e = settings_write_run(w, &refusal);
	if (e == ERR_CONFLICT)
		return OK; /* a try before this one did it */
	if (e == ERR_LIMIT)
		log_warn(tools->log, "correction_not_learnt", KV_STR("submission", s->submission_id),
			 KV_C("why", refusal.why.text));
	else if (!e)
		log_info(tools->log, "correction_learnt", KV_STR("id", str_of(c->id.uuid)),
			 KV_STR("submission", s->submission_id), KV_STR("about", c->postfix_id),
			 KV_STR("disposition", enum_text(&submission_disposition_names, c->disposition)));
	return e == ERR_LIMIT ? OK : e;
}

/* ---- what it does to a record ---- */

static struct str submission_of(const struct action_log *e)
{
	return HAS(e, action_log, properties) ? e->properties->submission_id : STR_NONE;
}

/* What the server says by itself yields to what was confirmed. */
static bool is_of_person(const struct action_log *word)
{
	return word && !action_service(word).n;
}

struct following {
	const struct job_tools *tools;
	struct arena *arena;
	struct str who;                            /* undid it; "courier" has mail follow it */
	int64_t correction;                        /* its number */
	struct str submission_id, submission_type; /* "" = the submission is gone */
	struct correction c;                       /* unless it is undone */
	struct detection_settings detection;
	struct store_effects effects;
	const struct store_effect *effect; /* the one in hand */
	size_t changed, missed;            /* missed: could not be changed now */
	size_t missed_in_row;
};

static void note(struct arena *a, struct record *r, const struct following *x, struct str status)
{
	struct action_properties *p = ARENA_NEW(a, struct action_properties);
	struct action_log e = { 0 };
	int64_t now = clock_now_us();

	SET(p, action_properties, requested_by, arena_str(a, x->who));
	SET(p, action_properties, service, STR(SERVICE_CORRECTION));
	SET(p, action_properties, submission_id, x->submission_id);
	if (x->submission_type.n)
		SET(p, action_properties, submission_type, x->submission_type);
	SET(&e, action_log, operation, LOGOP_RECLASSIFY);
	SET(&e, action_log, started_at, now);
	SET(&e, action_log, completed_at, now);
	SET(&e, action_log, success, true);
	SET(&e, action_log, status, status);
	SET(&e, action_log, properties, p);
	record_act(a, r, &e);
	record_trace(a, r, false, "reclassified %.*s", STR_ARG(status));
}

static void judge(struct arena *a, struct record *r, const struct following *x, int to, struct str by)
{
	note(a, r, x, record_reclassify(a, r, to, by));
}

/* DMARC alone is told of what came before. */
static struct correction_facts facts_of(struct arena *a, const struct record *r)
{
	const struct message *m = r->message;
	struct correction_facts f = { .edf_hash = m->edf_hash, .simhash = r->simhash, .from = m->from };

	if (HAS(m, message, validation) && m->validation->dmarc == AUTH_PASS)
		f.proved = domain_fold(a, domain_of_address(m->from));
	return f;
}

static bool stands(const struct record *r, int to)
{
	for (size_t i = 0; i < r->message->findings.n; i++)
		if (assemble_stands(&r->message->findings.v[i], (enum disposition)to))
			return true;
	return false;
}

static int worse_of(int x, int y)
{
	return submission_disposition_of(x) > submission_disposition_of(y) ? x : y;
}

/*
 * What the record becomes. Worse, unless it may be what the corrected mail imitates. Better, where that is excused; else
 * only what an older correction made of it is taken back.
 */
static int becomes(const struct record *r, const struct correction_match *match, int from, int to)
{
	if (worse_of(to, from) == to)
		return match->in_other_name ? from : to;
	if (match->excuses && !stands(r, to))
		return to;
	return HAS(r, record, correction) ? worse_of(to, r->uncorrected) : from;
}

/* What it was judged as, with the finer label that a submission does not know. */
static enum disposition original(const struct following *x, const struct record *r, int of_submission)
{
	enum disposition fine =
	    assemble_decide(r->message->findings.v, r->message->findings.n, &x->detection);

	return submission_disposition_of((int)fine) == of_submission
		   ? fine
		   : submission_disposition_meant(of_submission);
}

static bool follow(struct arena *a, struct record *r, void *ctx)
{
	struct following *x = ctx;
	const struct action_log *word = record_last_word(r->message);
	struct correction_facts facts = facts_of(a, r);
	struct correction_match match;
	int from = r->message->final_disposition, to = (int)submission_disposition_meant(x->c.disposition);

	if (HAS(r, record, correction) && r->correction >= x->correction)
		return false;
	/* The mail it was learnt from was corrected with its submission; undoing is for both. */
	if (is_of_person(word) && str_eq(submission_of(word), x->submission_id)) {
		if (!HAS(&x->c, correction, original_disposition))
			return false;
		SET(r, record, uncorrected, (int)original(x, r, x->c.original_disposition));
	} else {
		if (is_of_person(word) || submission_disposition_of(from) < 0 ||
		    !correction_compare(&x->c, &facts, &match) ||
		    (HAS(r, record, correction) && !match.equal))
			return false;
		to = becomes(r, &match, from, to);
		if (submission_disposition_of(to) == submission_disposition_of(from))
			return false;
		judge(a, r, x, to, ARENA_JOIN(a, STR("by correction "), str_of(x->c.id.uuid)));
		SET(r, record, uncorrected, from);
	}
	SET(r, record, correction, x->correction);
	x->changed++;
	return true;
}

/* Its own finding does not count any more, and those that it took away do. */
static void turn_findings(struct finding_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		struct finding *f = &list->v[i];
		if (str_eq(f->name, STR(CAMPAIGN_CONFIRMED)))
			SET(f, finding, suppressed_by, STR(BY_UNDOING));
		else if (str_starts(f->suppressed_by, STR(BY_CORRECTION)))
			CLEAR(f, finding, suppressed_by);
	}
}

static bool unfollow(struct arena *a, struct record *r, void *ctx)
{
	struct following *x = ctx;
	const struct action_log *word = record_last_word(r->message);

	if (!HAS(r, record, correction))
		return false;
	/* A newer one that is undone later finds nothing of this one. */
	if (r->correction != x->correction && r->uncorrected == x->effect->after) {
		SET(r, record, uncorrected, x->effect->before);
		return true;
	}
	if (r->correction != x->correction || (word && !str_eq(submission_of(word), x->submission_id)))
		return false;
	turn_findings(&r->message->findings);
	turn_findings(&r->detections->findings);
	judge(a, r, x, r->uncorrected, STR("as the correction was undone"));
	CLEAR(r, record, correction);
	CLEAR(r, record, uncorrected);
	x->changed++;
	return true;
}

/* ---- the tries ---- */

/* From one on up to the first that cannot be changed; how many. What is gone has nothing to change. */
static size_t change_some(struct following *x, size_t from, record_change_fn *fn)
{
	struct arena *a = arena_new(LEARN_BYTES, NULL, NULL);
	enum err e = OK;
	size_t i = from;

	for (; i < x->effects.n; i++) {
		arena_reset(a);
		x->effect = &x->effects.v[i];
		e = store_record_change(x->tools->store, a, x->effect->key, fn, x, NULL);
		if (e && e != ERR_ABSENT)
			break;
		x->missed_in_row = 0;
	}
	arena_free(&a);
	return i - from;
}

/* One that cannot be changed holds up no other; it waits for the next try. */
static enum err pass_over(struct following *x)
{
	x->missed++;
	x->missed_in_row++;
	return x->missed_in_row < MISSES ? OK : ERR_LATER;
}

static void take_key(const struct record *r, const struct store_likeness *likeness, void *ctx)
{
	struct following *x = ctx;

	struct store_effect e = { .key = r->key };

	(void)likeness;
	ARENA_PUSH(x->arena, &x->effects, e);
}

/* Mail that was under way when the correction was made, or undone, has come in by the second try. */
static bool is_to_go_on(const struct following *x, int64_t tries)
{
	return tries <= 1 || x->missed > 0;
}

static enum err follow_all(struct following *x, int64_t account, int64_t tries, struct errbuf *why)
{
	struct store_similar q = { .account = account,
				   .start_us = clock_now_us() - BACK_US,
				   .end_us = STORE_NEWEST,
				   .edf_hash = x->c.edf_hash,
				   .simhash = x->c.simhash,
				   .limit = MOST };
	size_t count;
	enum err e = store_similar(x->tools->store, x->arena, &q, 0, take_key, x, &count);

	for (size_t i = 0; !e && i < x->effects.n; i++) {
		i += change_some(x, i, follow);
		if (i < x->effects.n)
			e = pass_over(x);
	}
	if (e)
		return err_set(why, ERR_LATER, "mail of its campaign cannot be changed now");
	log_info(x->tools->log, "correction_followed", KV_STR("id", str_of(x->c.id.uuid)),
		 KV_INT("alike", count), KV_INT("changed", x->changed));
	return err_set(why, is_to_go_on(x, tries) ? ERR_LATER : OK,
		       "%zu messages are judged otherwise, %zu cannot be changed now", x->changed, x->missed);
}

/* A slice behind a key, which moves behind what was done or passed over. ERR_ABSENT: there are no more. */
static enum err undo_slice(struct following *x, int64_t *last)
{
	struct store *st = x->tools->store;
	enum err e = store_effects(st, x->arena, x->correction, *last, SLICE, &x->effects);

	if (e || x->effects.n == 0)
		return e ? e : ERR_ABSENT;
	size_t done = change_some(x, 0, unfollow);
	if (done)
		e = store_effects_forget(st, x->correction, *last, x->effects.v[done - 1].key);
	if (!e && done < x->effects.n)
		e = pass_over(x);
	*last = x->effects.v[done < x->effects.n ? done : done - 1].key;
	return e;
}

static enum err undo_all(struct following *x, int64_t tries, struct errbuf *why)
{
	const struct arena_mark start = arena_mark(x->arena);
	int64_t last = 0;
	enum err e = OK;

	while (!e) {
		arena_rewind(x->arena, start);
		e = undo_slice(x, &last);
	}
	if (e != ERR_ABSENT)
		return err_set(why, ERR_LATER, "its mail cannot be changed now");
	log_info(x->tools->log, "correction_undone", KV_INT("num", x->correction),
		 KV_STR("submission", x->submission_id), KV_INT("changed", x->changed));
	return err_set(why, is_to_go_on(x, tries) ? ERR_LATER : OK,
		       "undone for %zu messages, %zu cannot be changed now", x->changed, x->missed);
}

/* Who undid it, as the job says now: that may have been while it was begun. */
static struct str who_undid(struct following *x, const struct job *job)
{
	struct job now;

	return store_job_get(x->tools->store, x->arena, job->id, &now) == OK && now.who.n ? now.who : x->who;
}

/* Whose word it was says whether mail is moved for it (store/move_note.h). */
static struct str type_of(struct following *x, int64_t account)
{
	struct submission s;

	if (store_submission_get(x->tools->store, x->arena, account, x->submission_id, &s) ||
	    !HAS(&s, submission, type))
		return STR("");
	return enum_text(&submission_type_names, s.type);
}

/* ERR_ABSENT: it is undone, and x is without it. */
static enum err read_correction(struct following *x, int64_t account)
{
	const struct ident id = { .num = x->correction };
	struct settings_object o;
	enum err e = settings_get(x->tools->store, x->arena, &resource_corrections, account, &id, &o);

	if (!e)
		e = settings_detection(x->tools->store, x->arena, account, &x->detection);
	if (!e) {
		x->c = *(const struct correction *)o.obj;
		x->submission_id = x->c.submission_id;
	}
	return e;
}

enum err learn_reach(const struct job_tools *tools, struct arena *a, int64_t account, int64_t key,
		     int64_t correction, bool *changed_out)
{
	struct following x = { .tools = tools, .arena = a, .who = STR("courier"), .correction = correction };
	enum err e = read_correction(&x, account);

	*changed_out = false;
	if (e)
		return e;
	x.submission_type = type_of(&x, account);
	e = store_record_change(tools->store, a, key, follow, &x, NULL);
	*changed_out = x.changed > 0;
	return e;
}

enum err learn_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct following x = { .tools = tools,
			       .arena = arena_new(LEARN_BYTES, NULL, NULL),
			       .who = STR("courier"),
			       .correction = job->ref,
			       .submission_id = job->data };

	x.submission_type = type_of(&x, job->account);
	enum err e = read_correction(&x, job->account);

	if (!e) {
		e = follow_all(&x, job->account, job->tries, &out->why);
	} else if (e == ERR_ABSENT) {
		x.who = who_undid(&x, job);
		e = undo_all(&x, job->tries, &out->why);
	} else {
		e = err_set(&out->why, ERR_LATER, "the store cannot be read now");
	}
	arena_free(&x.arena);
	return e;
}
