/* One try to move mails: first what goes together, then copy by copy, then one change of each record. */
#include "courier/move.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/domain.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "courier/copy_note.h"
#include "courier/move_together.h"
#include "intake/settle.h"
#include "json/read.h"

#define TRY_MS 120000 /* for a try of all that goes together: a slow server has its threads no longer */
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
	bool waits;          /* some of its copies had no turn */
	struct str given_up; /* why; "" = it is not */
};

/* Moves that are tried together. */
struct moves {
	struct move **v; /* NULL: one that could not be read */
	size_t n;
	deadline_ms until;
	bool has_begun; /* the first copy has its turn, however long others took */
	/* Copies whose server was out of reach, or asked to wait, one of each domain. */
	struct {
		const struct copy_move **v;
		size_t n;
	} shut;
	struct arena *arena;
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
		return outcome_goes_back(o);
	if (!m->order.automatic)
		return true;
	return outcome_moves_by_itself(o) &&
	       !(put && copy->destination == m->order.destination && copy->moved);
}

static void add_copy(struct move *m, deadline_ms until, const struct outcome *o)
{
	const struct mailbox_copy none = { .integration = STR("") };
	struct copy_move c = { .tools = m->tools,
			       .order = &m->order,
			       .record = &m->record,
			       .address = o->address,
			       .arena = m->arena,
			       .until = until,
			       .copy = HAS(o, outcome, mailbox) ? *o->mailbox : none };

	if (goes_back(m) && !c.copy.begun && !HAS(&c.copy, mailbox_copy, destination))
		copy_settle(&c, COPY_LEFT, STR("not put back: it was never moved"));
	ARENA_PUSH(m->arena, &m->copies, c);
}

static bool lies_there(const struct move *m, const struct outcome *o)
{
	return HAS(o, outcome, mailbox) && o->mailbox->moved && HAS(&m->order, move_order, destination) &&
	       HAS(o->mailbox, mailbox_copy, destination) && o->mailbox->destination == m->order.destination;
}

/* Those that lie there already, as far as we know, come last: time may end before. */
static void add_copies(struct move *m, deadline_ms until)
{
	for (int last = 0; last < 2; last++)
		for (size_t i = 0; i < m->record.outcomes.n; i++) {
			const struct outcome *o = &m->record.outcomes.v[i];
			if (concerns(m, o) && lies_there(m, o) == (last == 1))
				add_copy(m, until, o);
		}
}

/* ---- together ---- */

static int by_address(const void *x, const void *y)
{
	const struct copy_move *a = *(struct copy_move *const *)x, *b = *(struct copy_move *const *)y;

	return str_cmp(a->address, b->address);
}

static size_t alike(struct copy_move *const *v, size_t n)
{
	size_t i = 1;

	while (i < n && i < MAILBOX_MANY && str_eq(v[i]->address, v[0]->address))
		i++;
	return i;
}

/* The copies of all of them, mailbox by mailbox. */
static void move_alike(struct moves *all)
{
	struct {
		struct copy_move **v;
		size_t n;
	} copies = { 0 };

	for (size_t i = 0; i < all->n; i++)
		for (size_t k = 0; all->v[i] && k < all->v[i]->copies.n; k++)
			ARENA_PUSH(all->arena, &copies, &all->v[i]->copies.v[k]);
	if (copies.n)
		qsort(copies.v, copies.n, sizeof(copies.v[0]), by_address);
	for (size_t i = 0, n; i < copies.n; i += n) {
		n = alike(copies.v + i, copies.n - i);
		if (n > 1 && clock_left_ms(all->until) > 0)
			move_together(copies.v + i, n);
	}
}

/* ---- one by one ---- */

/* NULL: nothing is known against its server. */
static const struct copy_move *shut_out(const struct moves *all, struct str address)
{
	for (size_t i = 0; i < all->shut.n; i++)
		if (str_eq_nocase(domain_of_address(all->shut.v[i]->address), domain_of_address(address)))
			return all->shut.v[i];
	return NULL;
}

static void move_one(struct moves *all, struct move *m, struct copy_move *c)
{
	const struct copy_move *same = shut_out(all, c->address);

	if (same) {
		c->pause_us = same->pause_us;
		c->trouble = same->trouble;
		/* What is known of it is of the integration that it was reached by. */
		if (!c->copy.integration.n)
			SET(&c->copy, mailbox_copy, integration, arena_str(m->arena, same->copy.integration));
		copy_fail(c, COPY_PENDING, arena_str(m->arena, same->words));
		return;
	}
	if (all->has_begun && clock_left_ms(all->until) == 0) {
		m->waits = true;
		copy_fail(c, COPY_PENDING,
			  STR("it had no turn: the mailbox server took all the time for others"));
		return;
	}
	all->has_begun = true;
	copy_move(c);
	if (c->end == COPY_PENDING && (c->trouble == TROUBLE_UNREACHABLE || c->trouble == TROUBLE_BUSY))
		ARENA_PUSH(all->arena, &all->shut, c);
}

static void move_open(struct moves *all, struct move *m)
{
	for (size_t i = 0; i < m->copies.n; i++)
		if (m->copies.v[i].end == COPY_OPEN)
			move_one(all, m, &m->copies.v[i]);
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

/* None of them had a turn, or is to be tried again for another reason. */
static bool only_waits(const struct move *m)
{
	for (size_t i = 0; i < m->copies.n; i++)
		if (m->copies.v[i].end == COPY_PENDING && m->copies.v[i].trouble)
			return false;
	return m->waits;
}

static enum err tell(struct move *m, struct job_try *out)
{
	struct count n = count_of(m);

	log_info(m->tools->log, "moved", KV_STR("id", m->record.message->postfix_id),
		 KV_STR("to", target_text(m)), KV_STR("who", m->job->who), KV_INT("moved", n.moved),
		 KV_INT("left", n.left), KV_INT("failed", n.failed), KV_INT("open", n.pending));
	out->change = (struct job_change){ m->job->ref, note, m, m->arena };
	out->failed = n.failed > 0;
	out->nothing = is_nowhere(m);
	out->pause_us = pause_of(m);
	out->goes_on = only_waits(m);
	err_set(&out->why, OK, "%.*s", STR_ARG(summary(m, m->arena)));
	if (!m->copies.n && !m->order.automatic) {
		out->failed = true;
		err_set(&out->why, OK, "It lies in no mailbox: it was delivered to nobody.");
	}
	return n.pending && !out->goes_on ? ERR_LATER : OK;
}

static struct move *begin(const struct job_tools *tools, struct job_turn *turn, deadline_ms until)
{
	struct arena *a = arena_new(MOVE_BYTES, NULL, NULL);
	struct move *m = ARENA_NEW(a, struct move);

	*m = (struct move){ .tools = tools, .job = turn->job, .arena = a, .began_us = clock_now_us() };
	enum err e = load(m, &turn->try.why);
	if (!e) {
		add_copies(m, until);
		return m;
	}
	turn->try.failed = e == ERR_ABSENT;
	turn->e = e == ERR_ABSENT ? OK : e;
	arena_free(&a);
	return NULL;
}

void move_run(const struct job_tools *tools, struct job_turn *v, size_t n)
{
	struct moves all = { .n = n,
			     .until = clock_mono_ms() + TRY_MS,
			     .arena = arena_new(MOVE_BYTES, NULL, NULL) };

	all.v = ARENA_ARRAY(all.arena, n, struct move *);
	for (size_t i = 0; i < n; i++)
		all.v[i] = begin(tools, &v[i], all.until);
	move_alike(&all);
	for (size_t i = 0; i < n; i++) {
		if (!all.v[i])
			continue;
		move_open(&all, all.v[i]);
		v[i].e = tell(all.v[i], &v[i].try);
	}
	arena_free(&all.arena);
}

/* ---- whose threads it takes ---- */

static struct hop hop_of(struct str key_of)
{
	static const unsigned char key[16] = "mailboxes of";

	return (struct hop){ .id = hash_sip(key, key_of) };
}

struct hop move_hop_of_account(const struct job_tools *tools, const struct job *job)
{
	(void)tools;
	return hop_of(str_from((const char *)&job->account, sizeof(job->account)));
}

/* The first of its copies, "" = there is none, where its provider moves many at once. */
static struct str mailbox_of_many(const struct job_tools *tools, struct arena *a, const struct record *r)
{
	const struct integration *integration;
	struct mailbox_fault fault;

	for (size_t i = 0; i < r->outcomes.n; i++) {
		struct str address = r->outcomes.v[i].address;
		if (!outcome_has_copy(&r->outcomes.v[i]))
			continue;
		if (mailboxes_integration(tools->mailboxes, a, r->account, address, &integration, &fault) ||
		    !mailbox_may_do_many(integration))
			break;
		return arena_printf(a, "%lld %.*s", (long long)r->account, STR_ARG(address));
	}
	return STR("");
}

struct hop move_hop(const struct job_tools *tools, const struct job *job)
{
	struct arena *a = arena_new(MOVE_BYTES, NULL, NULL);
	struct hop hop = move_hop_of_account(tools, job);
	struct record r;

	if (store_record_by_key(tools->store, a, job->ref, &r) == OK) {
		struct str mailbox = mailbox_of_many(tools, a, &r);
		if (mailbox.n)
			hop = (struct hop){ hop_of(mailbox).id, true };
	}
	arena_free(&a);
	return hop;
}

void move_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	struct move *m = out->change.fn ? out->change.ctx : NULL;

	(void)tools;
	(void)job;
	if (m)
		m->given_up = arena_str(m->arena, str_of(out->why.text));
}
