/*
 * Journal reports of Exchange: the record is of the mail in the report, whose sender and recipients are those that the
 * report names. Where not exactly one mail can be taken out, or there is more in it, the report itself was judged and is kept, with a finding that
 * says so. Mail for nobody whose domain is looked after here (what the account's people send out) is passed over. The
 * answer is 250 whatever it is, for anything else would come back to whoever wrote the mail.
 *
 * A report proves nothing: what is taken from it is for whom a mail was, not whether its sender is who it says.
 */
#include "base/limits.h"
#include "intake/attached.h"
#include "intake/copy_record.h"
#include "intake/internal.h"
#include "store/settings.h"

static struct smtp_reply pass_over(const struct transaction *t, const struct journaled *j)
{
	struct arena *a = t->arena;

	log_info(t->in->log, "journal_passed_over",
		 KV_STR("account", settings_account_id(t->in->store, a, t->account)),
		 KV_INT("recipients", j->recipients.n), KV_INT("bytes", t->spool.size));
	return smtp_reply_make(250, "2.0.0 taken");
}

/* The mail in the report, as if it had come by itself. inner->spool is freed by the caller. */
static enum err unwrap(struct transaction *t, const struct journaled *j, struct transaction *inner)
{
	struct arena *a = arena_new(2 * (size_t)j->mail->length + (1u << 20), NULL, NULL);
	struct str mail;
	enum err e;

	*inner = *t;
	inner->wrapped = false;
	inner->report_bytes = t->spool.size;
	inner->mail.from = j->sender;
	spool_init(&inner->spool, t->spool.budget);
	e = spool_bytes(&t->spool, &mail);
	if (!e)
		e = spool_append(&inner->spool, attached_bytes(a, j->mail, mail));
	if (!e)
		e = spool_seal(&inner->spool, &inner->sha256);
	arena_free(&a);
	return e;
}

static void address_to(struct transaction *inner, const struct strs *recipients)
{
	inner->recipients.v = NULL;
	inner->recipients.n = 0;
	for (size_t i = 0; i < recipients->n; i++) {
		struct recipient r = { .address = recipients->v[i] };
		ARENA_PUSH(inner->arena, &inner->recipients, r);
	}
}

/* recipients: none where the report names nobody at all; then they are those that the mail names. */
static struct smtp_reply file_mail(struct transaction *inner, struct strs *recipients)
{
	bool reported = recipients->n > 0;
	struct verdict v;

	if (reported)
		address_to(inner, recipients);
	if (judge(inner, &v))
		return refuse(inner, WHY_SCAN, 451, "4.3.2 it cannot be scanned now, try again later");
	if (!reported && copy_recipients(inner->arena, inner->in->store, inner->account, inner->service->mode,
					 &v, recipients))
		return refuse(inner, WHY_SETTINGS, 451, "4.3.0 settings are not readable, try again later");
	return copy_keep(inner, &v, recipients, reported);
}

struct smtp_reply journal_file(struct transaction *t, const struct verdict *v)
{
	const struct journaled *j = v->journaled;
	struct transaction inner;
	struct smtp_reply reply;
	struct strs recipients;

	if (copy_recipients_of_report(t->arena, t->in->store, t->account, t->service->mode, v, &recipients))
		return refuse(t, WHY_SETTINGS, 451, "4.3.0 settings are not readable, try again later");
	if (!j->mail)
		return copy_keep(t, v, &recipients, false);
	if (recipients.n == 0 && j->recipients.n > 0)
		return pass_over(t, j);
	if (unwrap(t, j, &inner))
		reply = refuse(&inner, WHY_STORE, 452, "4.3.1 not enough room, try again later");
	else
		reply = file_mail(&inner, &recipients);
	spool_free(&inner.spool);
	t->why = inner.why;
	return reply;
}
