/* `postern quarantine show`, `explain` and `release`: one held mail as it came, why it is held, and handing it out after all. */
#include "cli/internal.h"
#include "cli/scan_internal.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/domain.h"
#include "scan/explain.h"
#include "store/jobs.h"
#include "store/settings.h"

#define WAIT_MS 25000
#define LOOK_MS 100
#define EXEMPT "; no verdict counts here: an allow policy says so, or it was released before"
#define EXPLAIN_MAX (4u << 20) /* a thousand recipients, each twice, and the findings of a mail */

/* The message of that id in the account given, else in whichever account has one. ERR_CONFLICT: in several. */
static enum err find_message(struct cli_session *s, const struct account *given, struct str id,
			     struct record *out)
{
	struct account only = *given;
	struct account_list all = { .v = &only, .n = 1 };
	enum err e = given->num ? OK : settings_accounts(s->store, s->arena, &all), one;
	size_t found = 0;

	for (size_t i = 0; e == OK && i < all.n; i++) {
		struct record r = { 0 };

		one = store_record_get(s->store, s->arena, all.v[i].num, id, RECORD_WHOLE, &r);
		if (one == OK && found++ == 0)
			*out = r;
		else if (one != OK && one != ERR_ABSENT)
			e = one;
	}
	return e != OK ? e : found == 1 ? OK : found == 0 ? ERR_ABSENT : ERR_CONFLICT;
}

/* Says why there is none. */
static int not_found(const struct cli_args *args, enum err e, const char *id)
{
	if (e == ERR_CONFLICT)
		return cli_fail(args, "there is a message %s in several accounts; --account ID says which",
				id);
	if (e == ERR_ABSENT)
		return cli_fail(args, "there is no message %s", id);
	return cli_fail(args, "the store cannot be read: %s", err_name(e));
}

int cli_quarantine_show(const struct cli_args *args)
{
	const char *id = args->operands[0];
	struct account account;
	struct cli_session s;
	struct record r = { 0 };
	struct str raw = STR_NONE;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find_message(&s, &account, str_of(id), &r);
	bool found = e == OK;

	if (found)
		e = HAS(&r, record, raw_sha256) ? store_raw_get(s.store, s.arena, r.raw_sha256, &raw)
						: ERR_ABSENT;
	bool written = e == OK && fwrite(raw.p, 1, raw.n, stdout) == raw.n && fflush(stdout) == 0;

	cli_close(&s);
	if (written)
		return CLI_OK;
	if (e == OK)
		return cli_fail(args, "standard output: %s", strerror(errno));
	if (found && e == ERR_ABSENT)
		return cli_fail(args, "the mail of message %s is no longer kept", id);
	return not_found(args, e, id);
}

static const char *reason_of(const struct explain_held *h, const struct explain_recipient *to)
{
	const struct properties *p = h->message->properties;

	if (h->message->final_disposition == DISP_UNKNOWN)
		return "it could not be scanned";
	if (p && p->blocklisted_message)
		return "what is blocked is held, whatever the domain holds";
	if (directory_domain_holds(&to->domain, h->message->final_disposition))
		return "its domain holds what has this verdict";
	return explain_correction(h->message) ? "it was held when it came, and a correction lets nothing out"
					      : "its domain held this when it came, and does not any more";
}

static enum err add_fates(struct buf *b, struct cli_session *s, const struct record *r,
			  struct explain_held *h)
{
	enum err e = OK;

	for (size_t i = 0; i < r->outcomes.n && !e; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		struct explain_recipient to = { .address = o->address };
		bool held = o->status == DELIVERY_QUARANTINED;
		if (held)
			e = directory_domain_of(s->store, s->arena, r->account, domain_of_address(o->address),
						&to.domain);
		if (e == ERR_ABSENT)
			e = OK;
		if (held)
			ARENA_PUSH(s->arena, &h->recipients, to);
		buf_printf(b, "  %-8s ", held ? "held" : "not held");
		explain_text(b, o->address);
		buf_printf(b, ": %s%s\n",
			   held ? reason_of(h, &to) : enum_text(&delivery_status_names, o->status).p,
			   !held && o->exempt ? EXEMPT : "");
	}
	return e;
}

static enum err explain(struct cli_session *s, const struct record *r)
{
	struct explain_held h = { .message = r->message };
	struct buf text;

	buf_init(&text, EXPLAIN_MAX);
	explain_why(&text, r->message->postfix_id, r->message, false);
	explain_detections(s->arena, r->detections);
	explain_explanation(&text, r->detections->explanation, true, NULL);
	enum err e = settings_detection(s->store, s->arena, r->account, &h.detection);
	if (!e)
		e = add_fates(&text, s, r, &h);
	if (h.recipients.n)
		explain_change(&text, &h);
	if (!e)
		fwrite(text.p, 1, text.n, stdout);
	buf_free(&text);
	return e;
}

int cli_quarantine_explain(const struct cli_args *args)
{
	const char *id = args->operands[0];
	struct account account;
	struct cli_session s;
	struct record r = { 0 };

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find_message(&s, &account, str_of(id), &r);
	if (!e)
		e = explain(&s, &r);
	cli_close(&s);
	return e ? not_found(args, e, id) : CLI_OK;
}

/* Until it has been tried, or for as long as people wait. */
static enum err wait_for(struct cli_session *s, struct job *job)
{
	const struct timespec pause = { 0, LOOK_MS * 1000000 };
	int64_t until = clock_mono_ms() + WAIT_MS;
	enum err e;

	while ((e = store_job_get(s->store, s->arena, job->id, job)) == OK && !job_was_tried(job) &&
	       clock_mono_ms() < until)
		nanosleep(&pause, NULL);
	return e;
}

static enum err release(struct cli_session *s, const struct record *r, struct job *job)
{
	int64_t now = clock_now_us();

	*job = (struct job){ .account = r->account,
			     .kind = JOB_RELEASE,
			     .ref = r->key,
			     .due_us = now,
			     .created_us = now,
			     .who = STR("operator") };
	enum err e = store_jobs_add(s->store, job, 1);

	return e ? e : wait_for(s, job);
}

static int tell_release(const struct cli_args *args, const char *id, const struct job *job)
{
	if (!job_was_tried(job))
		return cli_fail(args, "%s waits to be released: is the server running?", id);
	if (job->state == JOB_DONE) {
		printf("%s: %.*s\n", id, STR_ARG(job->why));
		return CLI_OK;
	}
	return cli_fail(args, "%s: %.*s%s", id, STR_ARG(job->why),
			job->state == JOB_OPEN ? "; it is tried again" : "");
}

static const struct action_log *last_release(const struct message *m)
{
	for (size_t i = m->action_log.n; i-- > 0;)
		if (m->action_log.v[i].operation == LOGOP_QUARANTINE_RELEASE && m->action_log.v[i].success)
			return &m->action_log.v[i];
	return NULL;
}

static int not_held(const struct cli_args *args, const char *id, const struct message *m)
{
	const struct action_log *entry = last_release(m);
	char at[CLOCK_TEXT_MAX];

	if (!entry)
		return cli_fail(args, "message %s is not held", id);
	struct str who = HAS(entry, action_log, properties) ? entry->properties->requested_by : STR("-");
	return cli_fail(args, "message %s is not held: it was released at %.*s by %.*s (%.*s)", id,
			STR_ARG(clock_rfc3339(entry->completed_at, at)), STR_ARG(who),
			STR_ARG(entry->status));
}

int cli_quarantine_release(const struct cli_args *args)
{
	const char *id = args->operands[0];
	struct account account;
	struct cli_session s;
	struct record r = { 0 };
	struct job job;

	if (!cli_open_account(args, 0, &s, &account))
		return CLI_FAILED;
	enum err e = find_message(&s, &account, str_of(id), &r);
	bool held = e == OK && r.message->is_quarantined;

	if (held)
		e = release(&s, &r, &job);
	int status = e       ? not_found(args, e, id)
		     : !held ? not_held(args, id, r.message)
			     : tell_release(args, id, &job);
	cli_close(&s);
	return status;
}
