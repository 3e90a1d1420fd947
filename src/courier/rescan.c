/* One scan of stored bytes. */
#include "courier/rescan.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/limits.h"
#include "broker/ipc.h"
#include "intake/attached.h"
#include "intake/copy_record.h"
#include "intake/settle.h"
#include "store/settings.h"

/* The raw mail unpacked and packed, the mail in it likewise, its verdict, its record, and a change of it. */
#define RESCAN_BYTES (4 * (size_t)LIMIT_MESSAGE_MOST + (128u << 20))

/* What a second scan came to, and for whom it says the copy is. */
struct second_look {
	const struct verdict *verdict;
	struct strs recipients;
	const struct record *inner; /* of the mail that was taken out of a journal report; else NULL */
};

/* From now on the record is of the mail in the journal report. */
static void take_inner(struct arena *a, struct record *r, const struct record *inner)
{
	SET(r, record, raw_sha256, inner->raw_sha256);
	SET(r, record, raw_size, inner->raw_size);
	SET(r->message, message, envelope_from, inner->message->envelope_from);
	SET(r->message, message, envelope_to, inner->message->envelope_to);
	record_trace(a, r, false, "taken out of a journal report: %lld bytes", (long long)inner->raw_size);
}

static bool take_verdict(struct arena *a, struct record *r, void *ctx)
{
	const struct second_look *look = ctx;
	const struct verdict *v = look->verdict;

	record_judge(r, v);
	if (look->inner)
		take_inner(a, r, look->inner);
	SET(r, record, digest, copy_digest(a, r->account, v, r->raw_sha256));
	SET(r, record, content, r->digest);
	SET(r, record, rescan, false);
	SET(r, record, wrapped, false);
	copy_add_recipients(a, r, &look->recipients);
	record_trace(a, r, false, "scanned again: verdict %.*s, %zu finding%s",
		     STR_ARG(enum_text(&disposition_names, v->message->final_disposition)),
		     v->message->findings.n, v->message->findings.n == 1 ? "" : "s");
	settle_record(a, r);
	return true;
}

static bool give_up(struct arena *a, struct record *r, void *ctx)
{
	const struct errbuf *why = ctx;

	SET(r, record, rescan, false);
	SET(r, record, wrapped, false);
	record_trace(a, r, false, "not scanned again: %s", why->text);
	return true;
}

/* It was found in mailboxes, so who got it is known. */
static bool is_from_mailbox(const struct record *r)
{
	int mode = r->message->delivery_mode;

	return mode == MODE_API || mode == MODE_RETRO_SCAN;
}

/* How many of our hosts a mail came through: as the domain of its first recipient says. */
static int hops_of(struct store *st, struct arena *a, const struct record *r)
{
	struct str to = r->message->envelope_to.n ? r->message->envelope_to.v[0] : STR_NONE;
	struct directory_domain d;

	return directory_domain_of(st, a, r->account, domain_of_address(to), &d) ? 1 : d.lookback_hops;
}

enum err rescan_judge(struct store *st, struct broker *b, struct arena *a, const struct config *config,
		      const struct record *r, struct str bytes, struct verdict *out, struct errbuf *why)
{
	struct strs domains;

	if (settings_domain_names(st, a, r->account, &domains))
		return err_set(why, ERR_LATER, "the account's domains cannot be read");
	struct scan_job job = {
		.mail_from = r->message->envelope_from,
		.recipients = r->message->envelope_to,
		.delivery_mode = r->message->delivery_mode,
		.account = r->account,
		.lookback_hops = 1,
		.wrapped = r->wrapped,
		.received_us = r->message->scanned_at,
		.authserv_id = str_of(config->hostname),
		.trusted_authserv_ids = arena_split(a, str_of(config->scan_trusted_authserv_ids), ' '),
		.protected_domains = domains,
		.header_prefix = str_of(config->header_prefix),
	};

	/* A copy has no peer: nothing is known of how it came but what its trace tells. */
	if (r->peer.n && ip_parse(r->peer, &job.client_ip) == OK)
		job.has_envelope = true;
	if (job.has_envelope || is_from_mailbox(r))
		job.lookback_hops = hops_of(st, a, r);
	/* What is told of other bytes is nothing here: a report and the mail in it have different senders. */
	bool same = HAS(r, record, past) && str_eq(r->raw_sha256, hash_sha256_hex(a, bytes));
	struct broker_mail mail = { .job = &job, .size = bytes.n, .past = same ? &r->past : NULL };

	if (ipc_memfd(bytes, &mail.fd))
		return err_set(why, ERR_LATER, "no memory for the mail");
	enum err e = broker_scan(b, a, &mail, clock_mono_ms() + LIMIT_SCAN_MS, out, why);
	close(mail.fd);
	return e;
}

/* The mail in a journal report, kept, and how it is to be judged. */
static enum err keep_inner(struct store *st, struct arena *a, const struct journaled *j, struct str bytes,
			   struct strs recipients, const struct record *r, struct record *inner)
{
	struct message *m = ARENA_NEW(a, struct message);

	*m = *r->message;
	*inner = *r;
	SET(inner, record, wrapped, false);
	SET(inner, record, raw_sha256, hash_sha256_hex(a, bytes));
	SET(inner, record, raw_size, (int64_t)bytes.n);
	SET(inner, record, message, m);
	SET(m, message, envelope_from, j->sender);
	if (recipients.n)
		SET(m, message, envelope_to, recipients);
	return store_raw_put(st, bytes, inner->raw_sha256);
}

/* What could not be scanned was a journal report: now it is about the mail in it. */
static enum err scan_inner(struct store *st, struct broker *b, struct arena *a, const struct config *config,
			   const struct record *r, struct str bytes, struct verdict *v,
			   struct second_look *look, struct errbuf *why)
{
	const struct journaled *j = v->journaled;
	struct record *inner = ARENA_NEW(a, struct record);

	if (copy_recipients_of_report(a, st, r->account, r->message->delivery_mode, v, &look->recipients))
		return err_set(why, ERR_LATER, "the domains of its recipients cannot be read");
	if (!j->mail)
		return OK;
	bytes = attached_bytes(a, j->mail, bytes);
	if (keep_inner(st, a, j, bytes, look->recipients, r, inner))
		return err_set(why, ERR_LATER, "the mail in the report could not be stored");
	look->inner = inner;
	return rescan_judge(st, b, a, config, inner, bytes, v, why);
}

static enum err scan_again(struct store *st, struct broker *b, struct arena *a, const struct config *config,
			   const struct record *r, struct str bytes, struct errbuf *why)
{
	struct second_look look = { 0 };
	struct verdict v;

	enum err e = rescan_judge(st, b, a, config, r, bytes, &v, why);
	if (!e && v.journaled)
		e = scan_inner(st, b, a, config, r, bytes, &v, &look, why);
	if (e)
		return e;
	look.verdict = &v;
	if (look.recipients.n == 0 && !is_from_mailbox(r) &&
	    copy_recipients(a, st, r->account, r->message->delivery_mode, &v, &look.recipients))
		return err_set(why, ERR_LATER, "the domains of its recipients cannot be read");
	e = store_record_change(st, a, r->key, take_verdict, &look, NULL);
	if (e)
		return err_set(why, e, "the verdict could not be stored");
	settle_history(st, r->account, &v, clock_now_us());
	return OK;
}

enum err rescan(struct store *st, struct broker *b, const struct config *config, const struct record *r,
		struct errbuf *why)
{
	struct arena *a = arena_new(RESCAN_BYTES, NULL, NULL);
	struct str bytes;
	enum err e = store_raw_get(st, a, r->raw_sha256, &bytes);

	if (e == ERR_ABSENT)
		err_set(why, e, "its bytes are gone");
	else if (e == ERR_LIMIT)
		err_set(why, e, "too large");
	else if (e)
		err_set(why, e, "its bytes cannot be read");
	else
		e = scan_again(st, b, a, config, r, bytes, why);
	if (e && e != ERR_LATER)
		e = store_record_change(st, a, r->key, give_up, why, NULL);
	arena_free(&a);
	return e;
}
