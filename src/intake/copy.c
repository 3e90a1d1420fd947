/*
 * Copies: mail to a service address was delivered elsewhere. It is judged and filed, never passed on, never refused for
 * what it says, and copies of one message become one record with several recipients.
 */
#include "intake/copy_record.h"
#include "intake/internal.h"

/* Adds the recipients to the record that is there, which *r then is, or files the first copy. */
static enum err file(struct transaction *t, struct copy_joining *copy, struct record *r,
		     const struct str **action_out)
{
	static const struct str filed = STR_INIT("FILED"), joined = STR_INIT("JOINED"),
				known = STR_INIT("KNOWN");
	struct record found;
	enum err e = store_record_by_digest(t->in->store, t->arena, t->account, r->digest, &found);

	if (e == OK) {
		e = store_record_change(t->in->store, t->arena, found.key, copy_join, copy, r);
		*action_out = copy->news ? &joined : &known;
		return e;
	}
	if (e != ERR_ABSENT)
		return e;
	copy_add_recipients(t->arena, r, &copy->recipients);
	SET(r, record, rescan, copy->v->message->final_disposition == DISP_UNKNOWN);
	SET(r, record, wrapped, r->rescan && t->wrapped);
	settle_record(t->arena, r);
	*action_out = &filed;
	return filing_commit(t, copy->v, r);
}

struct smtp_reply copy_keep(struct transaction *t, const struct verdict *v, const struct strs *recipients,
			    bool reported)
{
	struct copy_joining copy = { .recipients = *recipients, .v = v, .reported = reported };
	const struct str *action;
	struct record r;

	filing_record(t, v, NULL, &r);
	struct str digest = copy_digest(t->arena, t->account, v, r.raw_sha256);
	SET(&r, record, digest, digest);
	if (in_flight_enter(t->in->in_flight, digest, t->until_ms - ANSWER_MS))
		return refuse(t, WHY_IN_HAND, 451, "4.3.0 another copy of this message is being filed");
	enum err e = file(t, &copy, &r, &action);
	in_flight_leave(t->in->in_flight, digest);
	if (e)
		return refuse(t, WHY_STORE, 452, "4.3.1 the copy could not be stored, try again later");
	tell(t, "copy", *action, &r, 250);
	return smtp_reply_make(250, "2.0.0 filed as %.*s", STR_ARG(r.message->postfix_id));
}

struct smtp_reply copy_file(struct transaction *t)
{
	struct strs recipients;
	struct verdict v;

	if (judge(t, &v))
		return refuse(t, WHY_SCAN, 451, "4.3.2 it cannot be scanned now, try again later");
	if (v.journaled)
		return journal_file(t, &v);
	if (copy_recipients(t->arena, t->in->store, t->account, t->service->mode, &v, &recipients))
		return refuse(t, WHY_SETTINGS, 451, "4.3.0 settings are not readable, try again later");
	return copy_keep(t, &v, &recipients, false);
}
