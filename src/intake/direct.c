/*
 * A mail to people at its final dot: judged, filed, and passed on as far as it may be; or one that comes again, of which
 * what was done is not done again (ARCHITECTURE, "Resends").
 *
 * A record is kept under the digest of bytes, envelope and peer, or, when its sender was authenticated, under that of
 * bytes and envelope alone, for such a sender may come from another of its hosts. Whether a peer that was not seen with
 * this mail before is the same sender, only a verdict can tell.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "intake/internal.h"
#include "intake/trace.h"
#include "store/settings.h"

static bool is_of_peer(const struct transaction *t, const struct record *r)
{
	char text[IP_TEXT_MAX];

	return str_eq(r->peer, ip_text(&t->peer->ip, text));
}

/*
 * MAIL FROM was looked at with the recipients; what people see as the sender is known only now. Code 0 = it may come as it
 * does.
 */
static struct smtp_reply check_from(struct transaction *t, const struct verdict *v)
{
	struct smtp_reply reply = { 0 };

	for (size_t i = 0; i < v->from_domains.n && !reply.code; i++)
		reply = transaction_check_tls(
		    t, t->account, v->from_domains.v[i], 550,
		    "5.7.1 mail from the domain in From is taken over TLS only: use STARTTLS");
	return reply;
}

/*
 * Whoever misses this mail finds it, and why it was refused. It has no digest: when it comes again as it should, it is a
 * new one.
 */
static void file_refused(struct transaction *t, const struct verdict *v, const struct smtp_reply *reply)
{
	struct record r;

	filing_record(t, v, reply, &r);
	if (filing_commit_refused(t, &r) == OK)
		tell(t, "message", r.detections->action, &r, reply->code);
}

/* To whom a person released these very bytes: that comes before all else (ARCHITECTURE, "Released"). */
static enum err find_released(struct transaction *t)
{
	struct str sha256 = hash_hex(t->arena, str_from(t->sha256.b, sizeof(t->sha256.b)));
	enum err e = OK;

	for (size_t i = 0; i < t->recipients.n && !e; i++)
		e = store_released(t->in->store, t->arena, t->account, sha256, t->recipients.v[i].address,
				   &t->recipients.v[i].released);
	return e;
}

/* ERR_LATER: 451 is said; ERR_DENIED: 550. */
static enum err try_judge(struct transaction *t, struct verdict *v, struct smtp_reply *reply_out)
{
	enum err e = judge(t, v);

	if (e) {
		*reply_out = refuse(t, WHY_SCAN, 451, "4.3.2 it cannot be scanned now, try again later");
		return e;
	}
	*reply_out = check_from(t, v);
	if (!reply_out->code)
		return OK;
	if (t->why != WHY_PARTNER_TLS)
		return ERR_LATER;
	file_refused(t, v, reply_out);
	return ERR_DENIED;
}

static struct smtp_reply file_new(struct transaction *t, const struct verdict *v, struct record *r)
{
	filing_record(t, v, NULL, r);
	SET(r, record, digest, filing_digest(t, !v->authenticated));
	if (filing_commit(t, v, r))
		return refuse(t, WHY_STORE, 452, "4.3.1 not enough room, try again later");
	return deliver(t, r);
}

static struct smtp_reply take_new(struct transaction *t, struct record *r)
{
	struct smtp_reply reply;
	struct verdict v;

	return try_judge(t, &v, &reply) ? reply : file_new(t, &v, r);
}

/* For store_record_change. */
struct again {
	struct transaction *t;
	const struct verdict *v;
};

static bool judge_again(struct arena *a, struct record *r, void *ctx)
{
	const struct again *again = ctx;

	filing_judge_again(again->t, a, again->v, r);
	return true;
}

/* Whether something is left to be passed on, and a verdict of now might be another one, or has what is changed by it. */
static bool is_stale(const struct transaction *t, const struct record *r)
{
	bool undecided = false;
	int64_t rev;

	for (size_t i = 0; i < r->outcomes.n; i++)
		undecided = undecided || filing_is_undecided(t, r->outcomes.v[i].status);
	if (undecided && t->beside && r->edit_notes.n > 0)
		return true;
	return undecided && (settings_policy_rev(t->in->store, t->account, &rev) || rev != r->policy_rev);
}

/* Whether somebody for whom it is held is to have it now: then this is what the release sends, and no resend. */
static bool is_let_go(const struct transaction *t, const struct record *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++)
		for (size_t j = 0; j < t->recipients.n; j++)
			if (r->outcomes.v[i].status == DELIVERY_QUARANTINED && t->recipients.v[j].released &&
			    str_eq(r->outcomes.v[i].address, t->recipients.v[j].address))
				return true;
	return false;
}

/* *known_out: it is the mail of *r that comes again; else *r is a new one. */
static struct smtp_reply take_again(struct transaction *t, struct record *r, bool *known_out)
{
	bool of_peer = is_of_peer(t, r);
	struct smtp_reply reply;
	struct verdict v;

	if (is_let_go(t, r))
		return take_new(t, r);
	*known_out = true;
	if (of_peer && !is_stale(t, r))
		return deliver(t, r);
	t->id = of_peer ? r->message->postfix_id : STR_NONE;
	if (try_judge(t, &v, &reply))
		return reply;
	if (!of_peer && !v.authenticated) {
		*known_out = false;
		return file_new(t, &v, r);
	}
	/* Its links were signed for a mail of its own. */
	if (!of_peer && v.edits.n > 0) {
		t->id = r->message->postfix_id;
		if (try_judge(t, &v, &reply))
			return reply;
	}
	struct again again = { t, &v };
	bool kept;
	if (filing_keep(t, filing_holds(t, &v), &kept) ||
	    store_record_change(t->in->store, t->arena, r->key, judge_again, &again, r))
		return refuse(t, WHY_STORE, 452, "4.3.1 not enough room, try again later");
	return deliver(t, r);
}

/* Done with, and told apart from the next of its kind by nothing but whether its sender heard of it. */
static bool is_nameless(const struct record *r)
{
	const struct message *m = r->message;

	return !HAS(m, message, message_id) && m->final_disposition != DISP_UNKNOWN && !filing_has_open(r);
}

/* The record of what was done with this mail before: of this peer, or of an authenticated sender. */
static enum err find_record(struct transaction *t, struct str any, struct record *out)
{
	struct str own = filing_digest(t, true);
	enum err e = store_record_by_digest(t->in->store, t->arena, t->account, own, out);

	if (e == ERR_ABSENT)
		e = store_record_by_digest(t->in->store, t->arena, t->account, any, out);
	if (e == OK && is_nameless(out) && !unheard_has(t->in->unheard, out->digest)) {
		*out = (struct record){ 0 };
		return ERR_ABSENT; /* the next of its kind */
	}
	return e;
}

struct smtp_reply direct(struct transaction *t)
{
	struct str any = filing_digest(t, false), bytes;
	struct record *r = ARENA_NEW(t->arena, struct record);
	struct smtp_reply reply;
	bool known = false;

	if (!spool_bytes(&t->spool, &bytes) && trace_hops(bytes) >= LIMIT_SMTP_HOPS)
		return refuse(t, WHY_LOOP, 554, "5.4.6 this mail was passed on too often: a loop");
	if (in_flight_enter(t->in->in_flight, any, judge_begin_by_ms(t)))
		return refuse(t, WHY_IN_HAND, 451, "4.3.0 this very mail is still being worked on");
	enum err e = find_released(t);
	if (!e)
		e = find_record(t, any, r);
	if (e == OK)
		reply = take_again(t, r, &known);
	else if (e == ERR_ABSENT)
		reply = take_new(t, r);
	else
		reply = refuse(t, WHY_STORE, 451, "4.3.0 the store is not readable, try again later");
	if (r->message && smtp_reply_is_ok(&reply) && !t->beside && is_nameless(r)) {
		t->unheard = r->digest;
		unheard_add(t->in->unheard, r->digest); /* before those look who wait for us */
	}
	in_flight_leave(t->in->in_flight, any);
	if (r->key) {
		tell(t, known ? "resend" : "message", r->detections->action, r, reply.code);
		if (t->beside)
			SET(r, record, edits, t->edits);
		t->filed = r;
	}
	return reply;
}
