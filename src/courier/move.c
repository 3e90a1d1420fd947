/* One try to move a mail: copy by copy, then one change of the record. */
#include "courier/move.h"

#include "base/clock.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "courier/move_copy.h"
#include "intake/settle.h"
#include "json/read.h"

#define MOVE_BYTES (256u << 20) /* the record, a change of it, and what is known of a thousand copies */
#define STATUS_CHARS 200        /* of an entry in the action log */

struct move {
	const struct job_tools *tools;
	const struct job *job;
	struct arena *arena;
	struct record record;
	struct move_order order;
	struct {
		struct copy_move *v;
		size_t n;
	} copies;
	int64_t began_us;
	struct str given_up; /* why; "" = it is not */
};

static bool goes_back(const struct move *m)
{
	return !HAS(&m->order, move_order, destination);
}

/* "JunkEmail" */
static struct str target_text(const struct move *m)
{
	return goes_back(m) ? STR("where it was") : enum_text(&destination_names, m->order.destination);
}

/* ---- which copies ---- */

/* What lies there already by itself is not looked at again: nobody asked. */
static bool concerns(const struct move *m, const struct outcome *o)
{
	const struct mailbox_copy *copy = HAS(o, outcome, mailbox) ? o->mailbox : NULL;
	bool put = copy && HAS(copy, mailbox_copy, destination);

	if (!outcome_has_copy(o))
		return false;
	if (goes_back(m))
		return copy && ((put && copy->automatic) || copy->begun);
	if (!m->order.automatic)
		return true;
	return outcome_moves_by_itself(o) &&
	       !(put && copy->destination == m->order.destination && copy->moved);
}

/* The same server was out of reach, or asked to wait, a moment ago. NULL: it was not. */
static const struct copy_move *kept_out(const struct move *m, struct str address)
{
	for (size_t i = 0; i < m->copies.n; i++) {
		const struct copy_move *c = &m->copies.v[i];
		if (c->end == COPY_PENDING &&
		    (c->trouble == TROUBLE_UNREACHABLE || c->trouble == TROUBLE_BUSY) &&
		    str_eq_nocase(domain_of_address(c->address), domain_of_address(address)))
			return c;
	}
	return NULL;
}

static void move_one(struct move *m, const struct outcome *o)
{
	const struct mailbox_copy *was = HAS(o, outcome, mailbox) ? o->mailbox : NULL;
	const struct copy_move *same = kept_out(m, o->address);
	struct copy_move c = { .tools = m->tools,
			       .order = &m->order,
			       .record = &m->record,
			       .address = o->address,
			       .arena = m->arena };

	if (same) {
		c = *same;
		c.address = o->address;
		c.copy = was ? *was : (struct mailbox_copy){ 0 };
		if (!was) /* what is known of it is of the integration that it was reached by */
			SET(&c.copy, mailbox_copy, integration, same->copy.integration);
		SET(&c.copy, mailbox_copy, moved, false);
		SET(&c.copy, mailbox_copy, status, same->words);
	} else {
		copy_move(&c, was);
	}
	ARENA_PUSH(m->arena, &m->copies, c);
}

/* ---- what became of them ---- */

struct count {
	size_t moved, left, pending, failed;
};

static struct count count_of(const struct move *m)
{
	struct count n = { 0 };

	for (size_t i = 0; i < m->copies.n; i++) {
		enum copy_end end = m->copies.v[i].end;
		n.moved += end == COPY_MOVED;
		n.left += end == COPY_LEFT;
		n.pending += end == COPY_PENDING;
		n.failed += end == COPY_FAILED;
	}
	return n;
}

static void note_status(const struct move *m, const struct copy_move *c, struct outcome *o)
{
	bool home = goes_back(m) || m->order.destination == DESTINATION_INBOX;

	if (c->end == COPY_MOVED || c->end == COPY_LEFT)
		SET(o, outcome, status, home ? DELIVERY_DELIVERED : DELIVERY_MOVED);
	else if (c->end == COPY_FAILED || m->given_up.n)
		SET(o, outcome, status, DELIVERY_MOVE_FAILED);
}

static void note_copy(const struct move *m, struct arena *a, struct record *r, const struct copy_move *c)
{
	struct mailbox_copy *copy = ARENA_NEW(a, struct mailbox_copy);

	*copy = c->copy;
	for (size_t i = 0; i < r->outcomes.n; i++) {
		struct outcome *o = &r->outcomes.v[i];
		if (!str_eq(o->address, c->address))
			continue;
		if (copy->integration.n)
			SET(o, outcome, mailbox, copy);
		note_status(m, c, o);
	}
	if (c->end == COPY_MOVED || c->end == COPY_LEFT)
		record_trace(a, r, true, "in the mailbox of %.*s: %.*s", STR_ARG(c->address),
			     STR_ARG(c->words));
	else
		record_trace(a, r, true, "not moved to %.*s in the mailbox of %.*s, try %lld%s: %.*s",
			     STR_ARG(target_text(m)), STR_ARG(c->address), (long long)m->job->tries,
			     c->end == COPY_PENDING && !m->given_up.n ? ", to be tried again" : "",
			     STR_ARG(c->words));
}

/* The words of those that were not moved, once each, behind how many were. */
static struct str summary(const struct move *m, struct arena *a)
{
	struct count n = count_of(m);
	struct strs said = { 0 };
	struct str out = arena_printf(a, "moved for %zu of %zu recipients", n.moved, m->copies.n);

	for (size_t i = 0; i < m->copies.n; i++) {
		const struct copy_move *c = &m->copies.v[i];
		if (c->end == COPY_MOVED || strs_has(&said, c->words))
			continue;
		ARENA_PUSH(a, &said, c->words);
		out = ARENA_JOIN(a, out, STR("; "), c->words);
	}
	return utf8_cut(out, STATUS_CHARS);
}

static void note_action(const struct move *m, struct arena *a, struct record *r)
{
	struct action_properties *p = ARENA_NEW(a, struct action_properties);
	struct action_log entry = { 0 };

	SET(p, action_properties, folder, target_text(m));
	SET(p, action_properties, requested_by, arena_str(a, m->job->who));
	SET(p, action_properties, service, m->order.automatic ? STR("auto_moves") : STR("courier"));
	SET(&entry, action_log, operation, LOGOP_MOVE);
	SET(&entry, action_log, started_at, m->began_us);
	SET(&entry, action_log, completed_at, clock_now_us());
	SET(&entry, action_log, success, count_of(m).moved > 0);
	SET(&entry, action_log, status, summary(m, a));
	SET(&entry, action_log, properties, p);
	record_act(a, r, &entry);
}

/* Of record_change_fn. */
static bool note(struct arena *a, struct record *r, void *ctx)
{
	const struct move *m = ctx;

	if (!m->copies.n)
		return false;
	for (size_t i = 0; i < m->copies.n; i++)
		note_copy(m, a, r, &m->copies.v[i]);
	if (!count_of(m).pending || m->given_up.n)
		note_action(m, a, r);
	settle_record(a, r);
	return true;
}

/* ---- the try ---- */

static struct move *begin(const struct job_tools *tools, const struct job *job)
{
	struct arena *a = arena_new(MOVE_BYTES, NULL, NULL);
	struct move *m = ARENA_NEW(a, struct move);

	*m = (struct move){ .tools = tools, .job = job, .arena = a, .began_us = clock_now_us() };
	return m;
}

static enum err load(struct move *m, struct errbuf *why)
{
	enum err e = store_record_by_key(m->tools->store, m->arena, m->job->ref, &m->record);

	if (e)
		return err_set(why, e == ERR_ABSENT ? e : ERR_LATER,
			       e == ERR_ABSENT ? "the message is gone" : "the store cannot be read now");
	if (json_text_read(m->arena, &move_order_fields, m->job->data, JSON_STORED, &m->order, NULL))
		return err_set(why, ERR_ABSENT, "what was asked for cannot be read");
	return OK;
}

/* The longest that somebody asked to wait; 0: nobody did. */
static int64_t pause_of(const struct move *m)
{
	int64_t pause = 0;

	for (size_t i = 0; i < m->copies.n; i++)
		if (m->copies.v[i].end == COPY_PENDING && m->copies.v[i].pause_us > pause)
			pause = m->copies.v[i].pause_us;
	return pause;
}

/* No mailbox that can be reached has it, or ever had. */
static bool is_nowhere(const struct move *m)
{
	for (size_t i = 0; i < m->copies.n; i++)
		if (m->copies.v[i].end != COPY_FAILED || m->copies.v[i].trouble != TROUBLE_NO_MAILBOX)
			return false;
	return true;
}

static enum err move_all(struct move *m, struct job_try *out)
{
	for (size_t i = 0; i < m->record.outcomes.n; i++)
		if (concerns(m, &m->record.outcomes.v[i]))
			move_one(m, &m->record.outcomes.v[i]);
	struct count n = count_of(m);
	log_info(m->tools->log, "moved", KV_STR("id", m->record.message->postfix_id),
		 KV_STR("to", target_text(m)), KV_STR("who", m->job->who), KV_INT("moved", n.moved),
		 KV_INT("left", n.left), KV_INT("failed", n.failed), KV_INT("open", n.pending));
	out->change = (struct job_change){ m->job->ref, note, m, m->arena };
	out->failed = n.failed > 0;
	out->nothing = is_nowhere(m);
	out->pause_us = pause_of(m);
	err_set(&out->why, OK, "%.*s", STR_ARG(summary(m, m->arena)));
	if (!m->copies.n && !m->order.automatic) {
		out->failed = true;
		err_set(&out->why, OK, "It lies in no mailbox: it was delivered to nobody.");
	}
	return n.pending ? ERR_LATER : OK;
}

enum err move_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct move *m = begin(tools, job);
	struct arena *a = m->arena;
	enum err e = load(m, &out->why);

	if (!e)
		return move_all(m, out);
	out->failed = e == ERR_ABSENT;
	arena_free(&a);
	return e == ERR_ABSENT ? OK : e;
}

uint64_t move_hop(const struct job_tools *tools, const struct job *job)
{
	static const unsigned char key[16] = "mailboxes of";

	(void)tools;
	return hash_sip(key, str_from((const char *)&job->account, sizeof(job->account)));
}

void move_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct move *m = out->change.fn ? out->change.ctx : NULL;

	(void)tools;
	(void)job;
	if (m)
		m->given_up = arena_str(m->arena, str_of(out->why.text));
}
