/*
 * Passing a mail on. The row is durable before the next hop hears the final dot; after its 250 the answer is
 * 250 whatever the store does. What the next hop says is the sender's answer.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "intake/internal.h"
#include "intake/signing.h"

/* The recipients still to be served. */
struct leg {
	struct strs addresses;
	size_t *outcome;       /* of each: index into the record's outcomes */
	bool judged;           /* at least one of them is not exempt */
	struct str signed_how; /* a sentence for the trace; "" = nothing to tell */
};

static struct leg leg_of(struct transaction *t, const struct record *r)
{
	struct leg leg = { .outcome = ARENA_ARRAY(t->arena, r->outcomes.n + 1, size_t) };

	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		if (!filing_is_open(o->status) && !(t->filed && transaction_leaves(o->status)))
			continue;
		leg.outcome[leg.addresses.n] = i;
		leg.judged = leg.judged || !o->exempt;
		ARENA_PUSH(t->arena, &leg.addresses, o->address);
	}
	return leg;
}

/* DATA, as far as 354, to exactly the leg's recipients. */
static struct smtp_reply begin_data(struct transaction *t, const struct leg *leg)
{
	/* What was said before the scan holds, unless some are held or this is a resend. */
	bool as_said = leg->addresses.n == t->recipients.n && t->relay && !relay_is_broken(t->relay);
	struct smtp_reply reply;

	if (as_said) {
		reply = relay_data(t->relay, transaction_step_ms(t));
		/*
		 * The next hop may have lost patience with a slow sender, or gone away during the scan. It has
		 * nothing of the mail yet, so it is told again.
		 */
		if (!relay_is_broken(t->relay))
			return reply;
	}
	reply = transaction_reopen(t, &leg->addresses);
	return smtp_reply_is_ok(&reply) ? relay_data(t->relay, transaction_step_ms(t)) : reply;
}

/* Until when the next hop may take the content, and think about it: longer than about a command. */
static int64_t end_by_ms(const struct transaction *t)
{
	return t->until_ms - ANSWER_MS;
}

static enum err send_content(struct transaction *t, const struct outgoing *mail)
{
	int64_t step_ms = t->in->config->relay_timeout_s * 1000, until_ms = end_by_ms(t);
	enum err e = OK;

	for (size_t i = 0; !e && i < mail->pieces.n; i++)
		e = relay_chunk(t->relay, mail->pieces.v[i], step_ms, until_ms);
	return e;
}

static struct smtp_reply send_parts(struct transaction *t, const struct leg *leg, const struct outgoing *mail)
{
	struct smtp_reply reply = begin_data(t, leg);

	if (reply.code != 354)
		return reply;
	bool sent = send_content(t, mail) == OK;
	int64_t patience = clock_mono_ms() + t->in->config->relay_end_timeout_s * 1000;
	reply = relay_end(t->relay, clock_earlier(patience, end_by_ms(t)));
	ASSERT(sent || !smtp_reply_is_ok(&reply)); /* what broke before its end was not taken */
	t->relay_busy = false;
	return reply;
}

static enum err put_together(struct transaction *t, const struct record *r, struct leg *leg,
			     struct outgoing *out)
{
	struct headers_options o = {
		.hostname = t->in->config->hostname,
		.prefix = t->in->config->header_prefix,
		.peer = t->beside ? NULL : t->peer,
		.only_recipient = leg->addresses.n == 1 ? leg->addresses.v[0] : STR(""),
		.smtputf8 = t->mail.smtputf8,
		.judged = leg->judged,
		.now_us = t->received_us,
	};
	struct signing signing = {
		.store = t->in->store,
		.keys = t->in->keys,
		.log = t->in->log,
		.account = t->account,
		.recipients = leg->addresses,
		.hostname = o.hostname,
		.prefix = o.prefix,
		.now_us = t->received_us,
		.by_smtp = !t->beside,
	};
	struct str mail = STR_NONE;
	enum err e = spool_bytes(&t->spool, &mail);

	if (!e)
		e = outgoing_make(t->arena, &o, r, mail, out);
	return e ? e : signing_add(t->arena, &signing, r, mail, out, &leg->signed_how);
}

enum err transaction_outgoing(struct transaction *t, struct outgoing *out)
{
	struct leg leg = leg_of(t, t->filed);

	return put_together(t, t->filed, &leg, out);
}

/* The reply to the final dot, or to what failed before. All there is to send is ready before DATA is said. */
static struct smtp_reply send_mail(struct transaction *t, const struct record *r, struct leg *leg)
{
	struct outgoing outgoing;

	if (put_together(t, r, leg, &outgoing))
		return refuse(t, WHY_STORE, 451, "4.3.0 the mail cannot be put together, try again later");
	return send_parts(t, leg, &outgoing);
}

/* The same, in our turn among those who have something for that next hop. */
static struct smtp_reply pass_on(struct transaction *t, const struct record *r, struct leg *leg)
{
	struct smtp_reply reply = transaction_enter(t);

	if (reply.code)
		return reply;
	reply = send_mail(t, r, leg);
	bool reached = t->relay && !relay_is_broken(t->relay);
	next_hop_leave(t->in->next_hops, t->transport, reached);
	if (!smtp_reply_is_ok(&reply) && t->why == WHY_NONE)
		t->why = reached ? WHY_HOP_SAYS : WHY_HOP_AWAY;
	return transaction_pass_on(reply);
}

/*
 * The queue id in "250 2.0.0 Ok: queued as 4Njp3P0STMz2c02Q", as most servers write it; "" when
 * there is none.
 */
static struct str queued_as(struct arena *a, const struct smtp_reply *reply)
{
	struct str text = str_of(reply->text), mark = STR("queued as ");
	size_t at = str_find_nocase(text, mark, 0), end;

	if (at == SIZE_MAX)
		return STR_NONE;
	text = str_trim(str_sub(text, at + mark.n, text.n));
	for (end = 0; end < text.n && end < 64 && text.p[end] > ' '; end++)
		;
	return arena_str(a, str_sub(text, 0, end));
}

struct result {
	const struct leg *leg;
	struct smtp_reply reply;
	struct str next_hop;
};

static int status_of(const struct smtp_reply *reply)
{
	return smtp_reply_is_ok(reply)      ? DELIVERY_DELIVERED
	       : smtp_reply_is_later(reply) ? DELIVERY_DEFERRED
					    : DELIVERY_BOUNCED;
}

/* Who asks why a mail looks otherwise reads it here. What nobody will get any more need not be kept. */
static void note_edits(struct arena *a, struct record *r, bool taken)
{
	static const struct verdict nothing = { 0 };

	for (size_t i = 0; i < r->edit_notes.n && taken; i++)
		record_trace(a, r, true, "%.*s", STR_ARG(r->edit_notes.v[i]));
	if (!filing_has_open(r))
		record_note_edits(r, &nothing);
}

static bool note_result(struct arena *a, struct record *r, void *ctx)
{
	const struct result *result = ctx;
	const struct leg *leg = result->leg;
	const struct smtp_reply *reply = &result->reply;
	bool taken = smtp_reply_is_ok(reply);

	for (size_t i = 0; i < leg->addresses.n && leg->outcome[i] < r->outcomes.n; i++) {
		struct outcome *o = &r->outcomes.v[leg->outcome[i]];
		if (!filing_is_open(o->status))
			continue; /* another process served it meanwhile */
		SET(o, outcome, status, status_of(reply));
		SET(o, outcome, reply, arena_printf(a, "%d %s", reply->code, reply->text));
	}
	struct str id = taken ? queued_as(a, reply) : STR_NONE;
	if (id.n)
		SET(r->message, message, postfix_id_outbound, id);
	if (leg->signed_how.n)
		record_trace(a, r, true, "%.*s", STR_ARG(leg->signed_how));
	record_trace(a, r, true, "%s to %.*s for %zu recipient%s: %d %s", taken ? "relayed" : "not relayed",
		     STR_ARG(result->next_hop), leg->addresses.n, leg->addresses.n == 1 ? "" : "s",
		     reply->code, reply->text);
	note_edits(a, r, taken && leg->judged);
	settle_record(a, r);
	return true;
}

/* What was open when the mail came to ourselves, and now comes again by a mail server. */
static bool note_left(struct arena *a, struct record *r, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (filing_is_open(r->outcomes.v[i].status))
			SET(&r->outcomes.v[i], outcome, status, DELIVERY_DELIVERED);
	record_trace(a, r, true, "left to the mail server");
	settle_record(a, r);
	return true;
}

static struct smtp_reply accepted(const struct record *r)
{
	return smtp_reply_make(250, "2.0.0 accepted as %.*s", STR_ARG(r->message->postfix_id));
}

struct smtp_reply deliver(struct transaction *t, struct record *r)
{
	struct leg leg = leg_of(t, r);

	if (leg.addresses.n == 0)
		return accepted(r);
	if (t->beside)
		return store_record_change(t->in->store, t->arena, r->key, note_left, NULL, r)
			   ? refuse(t, WHY_STORE, 451, "4.3.0 the store cannot be written, try again later")
			   : accepted(r);
	struct result result = { &leg, pass_on(t, r, &leg), t->transport };
	if (store_record_change(t->in->store, t->arena, r->key, note_result, &result, r))
		log_warn(t->in->log, "result_not_stored", KV_STR("id", r->message->postfix_id),
			 KV_INT("code", result.reply.code));
	return result.reply;
}
