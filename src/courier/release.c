/* One try to release one mail: recipients by next hop, a dialogue with each, then one change of the record. */
#include "courier/release.h"

#include "base/clock.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "intake/directory.h"
#include "intake/settle.h"

/* The raw mail packed and unpacked, its record, and a change of it. */
#define RECORD_BYTES (64u << 20) /* one as it is read */
#define RELEASE_BYTES (2 * (size_t)LIMIT_MESSAGE_MOST + (128u << 20))
#define NOT_RECORDED "delivered, but that could not be recorded"

/* One recipient whose copy is held, and what its next hop says. */
struct held {
	struct str address;
	struct str transport;
	bool tls_must;
	bool asked; /* in this try */
	struct smtp_reply reply;
};

struct release {
	const struct job_tools *tools;
	const struct job *job;
	struct arena *arena;
	struct record record;
	struct str mail;
	bool eight_bit, utf8; /* the mail's bytes; an address of its envelope */
	struct {
		struct held *v;
		size_t n;
	} held;
	int64_t began_us;
	struct str given_up; /* why; "" = it is not */
};

/* ---- who is to get it, and by which way ---- */

static enum err add_held(struct release *r, const struct outcome *o)
{
	struct held h = { .address = o->address, .transport = r->record.next_hop };
	struct directory_domain d;
	enum err e = directory_domain_of(r->tools->store, r->arena, r->job->account,
					 domain_of_address(o->address), &d);

	if (e && e != ERR_ABSENT)
		return ERR_LATER;
	if (!e && d.transport.n) {
		h.transport = d.transport;
		h.tls_must = d.tls_outbound;
	}
	ARENA_PUSH(r->arena, &r->held, h);
	return OK;
}

/* All whose copy is held; once it was put off, without those that were refused for good since it was asked for. */
static enum err find_held(struct release *r)
{
	enum err e = OK;

	for (size_t i = 0; i < r->record.outcomes.n && !e; i++) {
		const struct outcome *o = &r->record.outcomes.v[i];
		if (o->status == DELIVERY_QUARANTINED && (!job_was_tried(r->job) || !outcome_is_refused(o)))
			e = add_held(r, o);
	}
	return e;
}

/* ---- a dialogue with one next hop ---- */

struct dialogue {
	struct release *release;
	const struct held *first; /* all of its next hop */
	struct relay *relay;
	int64_t until_ms;
};

static bool is_same_way(const struct held *a, const struct held *b)
{
	return a->tls_must == b->tls_must && str_eq(a->transport, b->transport);
}

static int64_t step_ms(const struct dialogue *d)
{
	return clock_earlier(clock_mono_ms() + d->release->tools->config->relay_timeout_s * 1000,
			     d->until_ms);
}

/* The reply for all that were taken so far, or were not asked yet. */
static void answer(struct dialogue *d, const struct smtp_reply *reply)
{
	struct release *r = d->release;

	for (size_t i = 0; i < r->held.n; i++) {
		struct held *h = &r->held.v[i];
		if (is_same_way(h, d->first) && (!h->asked || smtp_reply_is_ok(&h->reply)))
			h->reply = *reply;
		h->asked = h->asked || is_same_way(h, d->first);
	}
}

/* Those of the next hop. */
static struct strs recipients(const struct dialogue *d)
{
	const struct release *r = d->release;
	struct strs out = { NULL, 0 };

	for (size_t i = 0; i < r->held.n; i++)
		if (is_same_way(&r->held.v[i], d->first))
			ARENA_PUSH(r->arena, &out, r->held.v[i].address);
	return out;
}

/* MAIL on a connection that is there, or on a new one where the kept one turns out dead. */
static struct smtp_reply open_dialogue(struct dialogue *d)
{
	struct release *r = d->release;
	struct relay_sender sender = { .from = r->record.message->envelope_from,
				       .size = r->mail.n,
				       .body_8bit = r->eight_bit,
				       .smtputf8 = r->utf8 };
	struct strs to = recipients(d);
	struct smtp_reply reply = { 0 };
	bool kept = true;

	for (int tries = 0; kept && tries < 2; tries++) {
		if (next_hop_take(r->tools->next_hops, d->first->transport, d->first->tls_must, tries > 0,
				  step_ms(d), &d->relay, &kept, &reply))
			return reply;
		relay_say_ahead(d->relay, &sender, &to, step_ms(d));
		reply = relay_mail(d->relay, &sender, step_ms(d));
		if (!relay_is_broken(d->relay))
			return reply;
		next_hop_drop(r->tools->next_hops, &d->relay);
	}
	return reply;
}

/* How many were taken. */
static size_t ask_recipients(struct dialogue *d)
{
	struct release *r = d->release;
	size_t taken = 0;

	for (size_t i = 0; i < r->held.n && !relay_is_broken(d->relay); i++) {
		struct held *h = &r->held.v[i];
		if (!is_same_way(h, d->first))
			continue;
		h->reply = relay_rcpt(d->relay, h->address, step_ms(d));
		h->asked = true;
		taken += smtp_reply_is_ok(&h->reply);
	}
	return taken;
}

static struct smtp_reply send_content(struct dialogue *d)
{
	const struct config *config = d->release->tools->config;
	struct smtp_reply reply = relay_data(d->relay, step_ms(d));

	if (reply.code != 354)
		return reply;
	enum err e = relay_chunk(d->relay, d->release->mail, config->relay_timeout_s * 1000, d->until_ms);
	reply = relay_end(d->relay,
			  clock_earlier(clock_mono_ms() + config->relay_end_timeout_s * 1000, d->until_ms));
	ASSERT(!e || !smtp_reply_is_ok(&reply)); /* what broke before its end was not taken */
	return reply;
}

/* Whether the next hop was reached. */
static bool speak(struct dialogue *d)
{
	struct release *r = d->release;
	struct smtp_reply reply = open_dialogue(d);
	bool asked = smtp_reply_is_ok(&reply) && d->relay;

	if (asked && ask_recipients(d) > 0)
		reply = send_content(d);
	else if (asked)
		reply = relay_reset(d->relay, step_ms(d));
	else if (d->relay)
		(void)relay_reset(d->relay, step_ms(d)); /* what was said ahead is answered, too */
	answer(d, &reply);
	bool reached = d->relay && !relay_is_broken(d->relay);
	next_hop_give(r->tools->next_hops, d->first->transport, d->first->tls_must, &d->relay);
	return reached;
}

static void deliver(struct release *r, const struct held *first)
{
	struct dialogue d = { .release = r,
			      .first = first,
			      .until_ms = clock_mono_ms() + LIMIT_SMTP_ANSWER_MS };
	struct smtp_reply busy = smtp_reply_make(451, "4.4.5 the next hop is busy or out of reach");

	if (next_hop_enter(r->tools->next_hops, first->transport)) {
		answer(&d, &busy);
		return;
	}
	bool reached = speak(&d);
	next_hop_leave(r->tools->next_hops, first->transport, reached);
}

/* ---- what became of it ---- */

struct count {
	size_t taken, refused, open;
};

static struct count count_of(const struct release *r)
{
	struct count c = { 0 };

	for (size_t i = 0; i < r->held.n; i++) {
		const struct smtp_reply *reply = &r->held.v[i].reply;
		c.taken += smtp_reply_is_ok(reply);
		c.refused += reply->code >= 500;
		c.open += !smtp_reply_is_ok(reply) && reply->code < 500;
	}
	return c;
}

/* Whether anything is new. Who is refused in the same words again and again gets one line. */
static bool note_outcomes(struct release *r, struct arena *a, struct record *record)
{
	bool changed = false;

	for (size_t i = 0; i < record->outcomes.n; i++) {
		struct outcome *o = &record->outcomes.v[i];
		for (size_t k = 0; k < r->held.n; k++) {
			const struct held *h = &r->held.v[k];
			if (o->status != DELIVERY_QUARANTINED || !str_eq(o->address, h->address))
				continue;
			struct str reply = arena_printf(a, "%d %s", h->reply.code, h->reply.text);
			if (smtp_reply_is_ok(&h->reply)) {
				SET(o, outcome, status, DELIVERY_DELIVERED);
				SET(o, outcome, released, true);
			} else if (str_eq(reply, o->reply)) {
				continue;
			}
			SET(o, outcome, reply, reply);
			record_trace(a, record, true, "released to %.*s for %.*s: %.*s",
				     STR_ARG(h->transport), STR_ARG(h->address), STR_ARG(reply));
			changed = true;
		}
	}
	return changed;
}

static void note_action(struct arena *a, struct record *record, const struct release *r, int64_t began_us,
			bool success, struct str status)
{
	struct action_properties *p = ARENA_NEW(a, struct action_properties);
	struct action_log entry = { 0 };

	SET(p, action_properties, requested_by, arena_str(a, r->job->who));
	SET(p, action_properties, service, STR("courier"));
	SET(&entry, action_log, operation, LOGOP_QUARANTINE_RELEASE);
	SET(&entry, action_log, started_at, began_us);
	SET(&entry, action_log, completed_at, clock_now_us());
	SET(&entry, action_log, success, success);
	SET(&entry, action_log, properties, p);
	SET(&entry, action_log, status, status);
	record_act(a, record, &entry);
}

static bool note(struct arena *a, struct record *record, void *ctx)
{
	struct release *r = ctx;
	struct count c = count_of(r);

	bool changed = note_outcomes(r, a, record), ended = c.taken || (r->held.n && !c.open);
	/* A try that did nothing and is to be repeated says nothing. */
	if (ended)
		note_action(a, record, r, r->began_us, c.taken > 0,
			    arena_printf(a, "delivered to %zu of %zu recipients", c.taken, r->held.n));
	if (r->given_up.n)
		note_action(a, record, r, r->job->created_us, false,
			    arena_printf(a, "given up: %.*s", STR_ARG(r->given_up)));
	if (changed)
		settle_record(a, record);
	return changed || ended || r->given_up.n;
}

static void tell(const struct release *r, const struct count *c)
{
	log_info(r->tools->log, "released", KV_STR("id", r->record.message->postfix_id),
		 KV_STR("who", r->job->who), KV_INT("delivered", c->taken), KV_INT("refused", c->refused),
		 KV_INT("open", c->open));
}

/* ---- the try ---- */

/* A mail server that has a milter here asks whether it may pass before it answers us. */
static enum err tell_milter(struct release *r)
{
	struct strs to = { 0 };

	if (!*r->tools->config->milter_listen || r->held.n == 0)
		return OK;
	for (size_t i = 0; i < r->held.n; i++)
		ARENA_PUSH(r->arena, &to, r->held.v[i].address);
	return store_release_begins(r->tools->store, r->arena, &r->record, &to);
}

static enum err load(struct release *r, struct errbuf *why)
{
	enum err e = store_record_by_key(r->tools->store, r->arena, r->job->ref, &r->record);

	if (!e)
		e = find_held(r);
	if (!e && r->held.n)
		e = store_raw_get(r->tools->store, r->arena, r->record.raw_sha256, &r->mail);
	if (!e)
		e = tell_milter(r);
	if (e == ERR_ABSENT)
		return err_set(why, ERR_ABSENT, "the message or its bytes are gone");
	if (e)
		return err_set(why, ERR_LATER, "the store cannot be read now");
	r->eight_bit = !str_is_ascii(r->mail);
	r->utf8 = !str_is_ascii(r->record.message->envelope_from);
	for (size_t i = 0; i < r->held.n; i++)
		r->utf8 = r->utf8 || !str_is_ascii(r->held.v[i].address);
	return OK;
}

struct hop release_hop(const struct job_tools *tools, const struct job *job)
{
	static const unsigned char key[16]; /* who chooses names that are alike shares the threads of both */
	struct arena *a = arena_new(RECORD_BYTES, NULL, NULL);
	struct release r = { .tools = tools, .job = job, .arena = a };
	struct hop hop = { 0 };

	if (store_record_by_key(tools->store, a, job->ref, &r.record) == OK && find_held(&r) == OK &&
	    r.held.n)
		hop.id = hash_sip(key, r.held.v[0].transport);
	arena_free(&a);
	return hop;
}

static enum err deliver_all(struct release *r, struct job_try *out)
{
	for (size_t i = 0; i < r->held.n; i++)
		if (!r->held.v[i].asked)
			deliver(r, &r->held.v[i]);
	struct count c = count_of(r);

	tell(r, &c);
	out->change = (struct job_change){ r->job->ref, note, r, r->arena };
	out->failed = c.refused > 0;
	err_set(&out->why, OK, "delivered to %zu recipient%s, refused for %zu, still to be tried for %zu",
		c.taken, c.taken == 1 ? "" : "s", c.refused, c.open);
	return c.open ? ERR_LATER : OK;
}

/* Twice delivered is enough: then a person has to look. */
enum err release_unwritten(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	const struct release *r = out->change.ctx;
	struct count c = count_of(r);

	out->failed = c.taken && str_eq(job->why, STR(NOT_RECORDED));
	if (!c.taken)
		return err_set(&out->why, ERR_LATER, "the result could not be stored");
	log_error(tools->log, "release_not_recorded", KV_STR("id", r->record.message->postfix_id),
		  KV_INT("delivered", c.taken));
	return err_set(&out->why, out->failed ? OK : ERR_LATER, NOT_RECORDED);
}

static struct release *begin(const struct job_tools *tools, const struct job *job)
{
	struct arena *a = arena_new(RELEASE_BYTES, NULL, NULL);
	struct release *r = ARENA_NEW(a, struct release);

	*r = (struct release){ .tools = tools, .job = job, .arena = a, .began_us = clock_now_us() };
	return r;
}

/* Its line is written with the rest, if any. */
static void note_given_up(struct release *r, struct job_try *out)
{
	r->given_up = arena_str(r->arena, str_of(out->why.text));
	out->change = (struct job_change){ r->job->ref, note, r, r->arena };
}

void release_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	note_given_up(out->change.fn ? out->change.ctx : begin(tools, job), out);
}

enum err release_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct release *r = begin(tools, job);
	struct arena *a = r->arena;
	enum err e = load(r, &out->why);

	if (!e && r->held.n)
		return deliver_all(r, out);
	if (e == ERR_ABSENT) {
		r->held.n = 0;
		out->failed = true;
		note_given_up(r, out);
		return OK;
	}
	out->nothing = !e;
	if (!e)
		err_set(&out->why, OK, "nothing was held any more");
	arena_free(&a);
	return e;
}
