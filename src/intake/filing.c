/* From verdict and envelope to a durable record: what is held, what goes on, and what is told about it. */
#include <stdio.h>
#include <stdlib.h>

#include "intake/copy_record.h"
#include "intake/internal.h"

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str filing_digest(struct transaction *t, bool of_peer)
{
	size_t n = t->recipients.n;
	struct str *sorted = ARENA_ARRAY(t->arena, n + 1, struct str);
	struct hash_sum *sum = hash_sum_new();
	char account[32], ip[IP_TEXT_MAX];

	/* Every part is followed by a NUL, which none of them can hold. */
	snprintf(account, sizeof(account), "resend %lld", (long long)t->account);
	hash_sum_add(sum, str_from(account, strlen(account) + 1));
	hash_sum_add(sum, str_from(t->sha256.b, sizeof(t->sha256.b)));
	hash_sum_add(sum, t->mail.from);
	hash_sum_add(sum, str_from("", 1));
	for (size_t i = 0; i < n; i++)
		sorted[i] = t->recipients.v[i].address;
	qsort(sorted, n, sizeof(*sorted), by_bytes);
	for (size_t i = 0; i < n; i++) {
		hash_sum_add(sum, sorted[i]);
		hash_sum_add(sum, str_from("", 1));
	}
	if (of_peer)
		hash_sum_add(sum, ip_text(&t->peer->ip, ip));
	struct sha256 digest = hash_sum_end(&sum);
	return hash_hex(t->arena, str_from(digest.b, sizeof(digest.b)));
}

static bool is_exempt(const struct verdict *v, size_t recipient)
{
	for (size_t i = 0; i < v->exempt.n; i++)
		if (v->exempt.v[i].recipient == (int64_t)recipient)
			return true;
	return false;
}

/* Of what is not held: it is ours to pass on, or we are done with it. */
static int passing(const struct transaction *t)
{
	return t->beside ? DELIVERY_DELIVERED : DELIVERY_QUEUED;
}

/*
 * What was released is passed on again, even where it cannot be scanned: it is what the release sent. Else what is
 * unscanned, or could not be cleaned, is held whoever it is for; a blocked sender and blocked content are held whatever the
 * domain holds.
 */
static int fate_of(const struct transaction *t, const struct verdict *v, size_t recipient)
{
	const struct recipient *to = &t->recipients.v[recipient];
	int disposition = v->message->final_disposition;
	const struct properties *p = v->message->properties;

	if (to->released)
		return passing(t);
	if (disposition == DISP_UNKNOWN || v->hold)
		return DELIVERY_QUARANTINED;
	if (is_exempt(v, recipient))
		return passing(t);
	if ((p && p->blocklisted_message) || directory_domain_holds(to->domain, disposition))
		return DELIVERY_QUARANTINED;
	return passing(t);
}

bool filing_holds(const struct transaction *t, const struct verdict *v)
{
	for (size_t i = 0; i < t->recipients.n; i++)
		if (t->recipients.v[i].domain && fate_of(t, v, i) == DELIVERY_QUARANTINED)
			return true;
	return false;
}

/* Sets what the verdict, or a release before it, says of a recipient. */
static void decide(const struct transaction *t, const struct verdict *v, size_t recipient, struct outcome *o)
{
	SET(o, outcome, exempt, t->recipients.v[recipient].released || is_exempt(v, recipient));
	SET(o, outcome, status, fate_of(t, v, recipient));
}

static void file_outcomes(struct transaction *t, const struct verdict *v, bool refused, struct record *r)
{
	for (size_t i = 0; i < t->recipients.n; i++) {
		const struct recipient *to = &t->recipients.v[i];
		struct outcome o = { 0 };
		if (!to->domain)
			continue; /* a service address is nobody's mailbox */
		SET(&o, outcome, address, to->address);
		decide(t, v, i, &o);
		if (refused)
			SET(&o, outcome, status, DELIVERY_REJECTED);
		ARENA_PUSH(t->arena, &r->outcomes, o);
	}
	r->has |= FIELD_BIT(record, outcomes);
}

/* The ids, the envelope and how it came. */
static void file_envelope(struct transaction *t, struct message *m)
{
	struct strs to = { 0 };

	for (size_t i = 0; i < t->recipients.n; i++)
		ARENA_PUSH(t->arena, &to, t->recipients.v[i].address);
	SET(m, message, postfix_id, transaction_id(t));
	SET(m, message, envelope_from, t->mail.from);
	SET(m, message, envelope_to, to);
	if (!t->service)
		SET(m, message, client_recipients, to);
	SET(m, message, delivery_mode, transaction_mode(t));
	SET(m, message, is_phish_submission, false);
}

/* Who handed it over: not for a scan to say, and known where there was none. */
static void file_peer(const struct transaction *t, struct arena *a, struct record *r)
{
	char text[IP_TEXT_MAX];

	SET(r, record, peer, arena_str(a, ip_text(&t->peer->ip, text)));
	SET(r->message, message, smtp_previous_hop_ip, r->peer);
}

/* It comes before every policy, so it is what is shown where several let a mail through. */
static void tell_released(const struct transaction *t, struct arena *a, struct record *r)
{
	struct message *m = r->message;
	size_t n = 0;

	for (size_t i = 0; i < t->recipients.n; i++)
		n += t->recipients.v[i].released;
	if (n == 0)
		return;
	if (!m->properties)
		SET(m, message, properties, ARENA_NEW(a, struct properties));
	CLEAR(m->properties, properties, allowlisted_pattern);
	SET(m->properties, properties, allowlisted_pattern_type, ALLOWLIST_QUARANTINE_RELEASE);
	record_trace(a, r, false, "passed on to %zu of %zu recipients: this very mail was released to them",
		     n, t->recipients.n);
}

/* For whom it is held; and, where the verdict is one that can be held, why it is not for the others. */
static void trace_fates(const struct transaction *t, struct arena *a, struct record *r)
{
	int disposition = r->message->final_disposition;
	size_t held = 0, exempt = 0, released = 0, all = r->outcomes.n;
	bool judged = false; /* one of those who get it is told what it is */

	for (size_t i = 0; i < all; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		held += o->status == DELIVERY_QUARANTINED;
		judged = judged || (o->status != DELIVERY_QUARANTINED && !o->exempt);
		exempt += o->status != DELIVERY_QUARANTINED && o->exempt && !t->recipients.v[i].released;
		released += t->recipients.v[i].released;
	}
	if (held)
		record_trace(a, r, false, "held in quarantine for %zu of %zu recipients", held, all);
	if (t->beside && held < all)
		record_trace(a, r, true, "left to the mail server for %zu of %zu recipients", all - held,
			     all);
	for (size_t i = 0; t->beside && judged && i < r->edit_notes.n; i++)
		record_trace(a, r, true, "%.*s", STR_ARG(r->edit_notes.v[i]));
	if (disposition < DISP_BULK)
		return;
	if (exempt)
		record_trace(a, r, false, "not held for %zu of %zu recipients: a policy exempts them", exempt,
			     all);
	if (held + exempt + released < all)
		record_trace(
		    a, r, false, "not held for %zu of %zu recipients: their domain does not hold %.*s",
		    all - held - exempt - released, all, STR_ARG(enum_text(&disposition_names, disposition)));
}

/* Why the sender was told that its mail is not taken. */
static void trace_refusal(const struct transaction *t, const struct smtp_reply *refusal, struct record *r)
{
	if (t->why == WHY_PARTNER_TLS)
		record_trace(t->arena, r, false,
			     "came without TLS, which sending domain restriction %s asks of %.*s",
			     t->restriction.id.uuid, STR_ARG(t->restriction.sender));
	record_trace(t->arena, r, false, "refused: %d %s", refusal->code, refusal->text);
}

/*
 * A mail server that passes it on is told when this is in the store, and is never waited for: what is not needed then is
 * not kept. When it asks again, the notes say that the mail must be judged again.
 */
static void file_edits(const struct transaction *t, struct record *r)
{
	if (!t->beside)
		return;
	CLEAR(r, record, edits);
	r->edits = (struct edit_list){ 0 };
}

void filing_record(struct transaction *t, const struct verdict *v, const struct smtp_reply *refusal,
		   struct record *r)
{
	char ip[IP_TEXT_MAX];

	*r = (struct record){ 0 };
	SET(r, record, account, t->account);
	SET(r, record, message, v->message);
	SET(r, record, detections, v->detections);
	SET(r, record, raw_sha256, hash_hex(t->arena, str_from(t->sha256.b, sizeof(t->sha256.b))));
	SET(r, record, raw_size, (int64_t)t->spool.size);
	if (!t->service || transaction_is_copy(t))
		SET(r, record, content, copy_digest(t->arena, t->account, v, r->raw_sha256));
	SET(r, record, link_hosts, v->link_hosts);
	SET(r, record, simhash, v->simhash);
	SET(r, record, attributes, v->attributes);
	SET(r, record, authentication, v->authentication);
	SET(r, record, strip, v->strip);
	record_note_edits(r, v);
	file_edits(t, r);
	record_note_seals(r, v);
	SET(r, record, policy_rev, v->policy_rev);
	record_note_grounds(r, v);
	if (!transaction_is_copy(t))
		file_peer(t, t->arena, r);
	if (t->transport.n)
		SET(r, record, next_hop, t->transport);
	file_envelope(t, r->message);
	file_outcomes(t, v, refusal != NULL, r);
	record_trace(t->arena, r, false, "received from %.*s (%.*s) by %s%s%s%s%.*s, %llu bytes",
		     STR_ARG(t->peer->helo), STR_ARG(ip_text(&t->peer->ip, ip)),
		     t->peer->esmtp ? "ESMTP" : "SMTP", t->peer->tls ? " with " : "",
		     t->peer->tls ? t->peer->tls_version : "", t->mta_id.n ? " and the mail server, as " : "",
		     STR_ARG(t->mta_id), (unsigned long long)t->spool.size);
	if (t->report_bytes)
		record_trace(t->arena, r, false, "taken out of a journal report of %zu bytes",
			     t->report_bytes);
	else if (v->journaled)
		record_trace(t->arena, r, false, "a journal report: no mail could be taken out of it");
	record_trace(t->arena, r, false, "verdict %.*s, %zu finding%s",
		     STR_ARG(enum_text(&disposition_names, v->message->final_disposition)),
		     v->message->findings.n, v->message->findings.n == 1 ? "" : "s");
	if (refusal) {
		trace_refusal(t, refusal, r);
	} else if (!t->service) {
		tell_released(t, t->arena, r);
		trace_fates(t, t->arena, r);
	}
	settle_record(t->arena, r);
}

bool filing_is_open(int status)
{
	return status == DELIVERY_QUEUED || status == DELIVERY_DEFERRED || status == DELIVERY_BOUNCED;
}

bool filing_is_undecided(const struct transaction *t, int status)
{
	return filing_is_open(status) || (t->beside && status == DELIVERY_DELIVERED);
}

bool filing_has_open(const struct record *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (filing_is_open(r->outcomes.v[i].status))
			return true;
	return false;
}

/* The recipient of that address as this transaction names it; SIZE_MAX = none. */
static size_t recipient_of(const struct transaction *t, struct str address)
{
	for (size_t i = 0; i < t->recipients.n; i++)
		if (str_eq(t->recipients.v[i].address, address))
			return i;
	return SIZE_MAX;
}

void filing_judge_again(struct transaction *t, struct arena *a, const struct verdict *v, struct record *r)
{
	struct str before = r->peer;

	record_judge(r, v);
	file_edits(t, r);
	file_peer(t, a, r);
	bool other = !str_eq(before, r->peer);
	for (size_t i = 0; i < r->outcomes.n; i++) {
		struct outcome *o = &r->outcomes.v[i];
		size_t to = recipient_of(t, o->address);
		if (to == SIZE_MAX ||
		    !(filing_is_undecided(t, o->status) || (other && o->status == DELIVERY_QUARANTINED)))
			continue;
		decide(t, v, to, o);
	}
	tell_released(t, a, r);
	record_trace(a, r, false, "came again from %.*s: verdict %.*s, %zu finding%s", STR_ARG(r->peer),
		     STR_ARG(enum_text(&disposition_names, v->message->final_disposition)),
		     v->message->findings.n, v->message->findings.n == 1 ? "" : "s");
	settle_record(a, r);
}

enum err filing_keep(struct transaction *t, bool must, bool *kept_out)
{
	enum raw_room room = RAW_ROOM;
	struct str bytes;
	enum err e = t->in->config->raw_budget_mb > 0 ? store_raw_room(t->in->store, &room) : OK;

	*kept_out = false;
	if (e || (room != RAW_ROOM && !must))
		return e;
	if (room == RAW_FULL)
		return ERR_LIMIT;
	e = spool_bytes(&t->spool, &bytes);
	if (!e)
		e = store_raw_put(t->in->store, bytes,
				  hash_hex(t->arena, str_from(t->sha256.b, sizeof(t->sha256.b))));
	*kept_out = !e;
	return e;
}

enum err filing_commit_refused(struct transaction *t, struct record *r)
{
	bool kept;
	enum err e = filing_keep(t, r->message->is_quarantined || r->rescan, &kept);

	if (!e && !kept)
		record_trace(t->arena, r, false, "the mail itself is not kept: there is no room for it");
	return e ? e : store_record_add(t->in->store, t->arena, r);
}

enum err filing_commit(struct transaction *t, const struct verdict *v, struct record *r)
{
	enum err e = filing_commit_refused(t, r);

	if (!e)
		settle_history(t->in->store, t->account, v, t->received_us);
	return e;
}
