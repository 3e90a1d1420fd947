/* Moves that follow from what a mail is. */
#include "store/move_note.h"

#include "base/domain.h"
#include "json/read.h"
#include "model/submission.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/key.h"
#include "store/moves.h"
#include "store/settings_internal.h"

#define NOTE_BYTES (1u << 20)       /* of the table, the order and folded domains */
#define ARRIVES_US INT64_C(2000000) /* what the next hop took a moment ago is not in the mailbox yet */
#define SERVER STR("courier")       /* in whose name */

struct move_view move_view_of(const struct record *r)
{
	struct move_view v = { .disposition = r->message->final_disposition };

	for (size_t i = 0; i < r->outcomes.n; i++)
		v.copies += outcome_has_copy(&r->outcomes.v[i]);
	return v;
}

static bool is_put_somewhere(const struct outcome *o, bool automatic)
{
	return HAS(o, outcome, mailbox) && HAS(o->mailbox, mailbox_copy, destination) &&
	       o->mailbox->automatic == automatic;
}

bool outcome_moves_by_itself(const struct outcome *o)
{
	if (!outcome_has_copy(o) || o->released || o->exempt)
		return false;
	return !is_put_somewhere(o, false) || o->mailbox->destination == DESTINATION_INBOX;
}

bool outcome_goes_back(const struct outcome *o)
{
	const struct mailbox_copy *copy = HAS(o, outcome, mailbox) ? o->mailbox : NULL;

	return outcome_has_copy(o) && copy && copy->automatic &&
	       (HAS(copy, mailbox_copy, destination) || !copy->moved);
}

static bool was_moved_by_itself(const struct record *r)
{
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (outcome_goes_back(&r->outcomes.v[i]))
			return true;
	return false;
}

/* ---- what the account says ---- */

static enum err read_table(struct sql *c, struct arena *a, int64_t account, struct auto_moves *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT body FROM auto_moves WHERE account = $1");

	*out = (struct auto_moves){ 0 };
	sql_bind_int(s, 1, account);
	enum err err = sql_step(s);
	if (!err) {
		err = json_text_read(a, &auto_moves_fields, sql_str(s, 0), JSON_STORED, out, NULL);
		sql_done(s);
	}
	auto_moves_complete(out);
	return err == ERR_ABSENT ? OK : err;
}

/* ERR_ABSENT: it is in no domain whose mailboxes can be reached. */
static enum err find_integration(struct sql *c, struct arena *a, int64_t account, struct str address)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT 1 FROM domain AS d JOIN integration AS i ON i.account = d.account AND "
			   "i.uuid = d.body ->> '$.integration_id' WHERE d.ukey = $1 AND d.account = $2 AND "
			   "i.body ->> '$.enabled'");

	sql_bind_str(s, 1, domain_fold(a, domain_of_address(address)));
	sql_bind_int(s, 2, account);
	enum err err = sql_step(s);
	if (!err)
		sql_done(s);
	return err;
}

/* ERR_ABSENT: all lies there already, or nothing of it may or can be moved. */
static enum err find_movable(struct sql *c, struct arena *a, const struct record *r, int64_t account,
			     enum destination to)
{
	struct str seen = STR_NONE; /* most addresses of a mail are of one domain */
	enum err err = ERR_ABSENT;

	for (size_t i = 0; i < r->outcomes.n && err == ERR_ABSENT; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		struct str domain = domain_of_address(o->address);
		if (!outcome_moves_by_itself(o) || str_eq(seen, domain) ||
		    (is_put_somewhere(o, true) && o->mailbox->destination == (int)to))
			continue;
		seen = domain;
		err = find_integration(c, a, account, o->address);
	}
	return err;
}

/* ---- the job ---- */

/* Whether one is open, by itself or by somebody's word. */
static enum err find_open(struct sql *c, int64_t key, bool automatic, bool *out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT 1 FROM job WHERE ref = $1 AND kind = $2 AND state = 'open' AND "
			   "coalesce(data ->> '$.automatic', 0) = $3");

	sql_bind_int(s, 1, key);
	sql_bind_str(s, 2, enum_text(&job_kind_names, JOB_MOVE));
	sql_bind_int(s, 3, automatic);
	enum err err = sql_step(s);
	*out = !err;
	if (!err)
		sql_done(s);
	return err == ERR_ABSENT ? OK : err;
}

static enum err add(struct sql *c, struct arena *a, int64_t account, int64_t key,
		    const struct move_order *order, struct str who, int64_t due_us)
{
	struct job job = { .account = account,
			   .kind = JOB_MOVE,
			   .ref = key,
			   .due_us = due_us,
			   .created_us = clock_now_us(),
			   .who = who,
			   .data = settings_body(a, &move_order_fields, order) };
	bool asked;
	enum err err = find_open(c, key, false, &asked);

	return err || asked ? err : store_job_insert(c, &job);
}

/* Nothing is to be moved for what it is now: what was moved for something else goes back, also where that is under way. */
static enum err bring_back(struct sql *c, struct arena *a, const struct record *r, int64_t account,
			   int64_t key, struct str who, int64_t due_us)
{
	struct move_order order = { 0 };
	bool under_way = false;
	enum err err = was_moved_by_itself(r) ? OK : find_open(c, key, true, &under_way);

	if (err || !(under_way || was_moved_by_itself(r)))
		return err;
	SET(&order, move_order, automatic, true);
	return add(c, a, account, key, &order, who, due_us);
}

/* The word of a user alone, and what a later look finds, move nothing where the account does not want that. */
static bool may_follow(const struct record *r, const struct auto_moves *table)
{
	const struct action_log *word = record_last_word(r->message);

	if (!word || !HAS(word, action_log, properties))
		return true;
	if (str_eq(action_service(word), STR(SERVICE_REEVALUATION)))
		return table->post_delivery_response;
	return table->phish_submission_response ||
	       !str_eq(word->properties->submission_type, enum_text(&submission_type_names, SUBMISSION_USER));
}

static enum err note(struct sql *c, struct arena *a, const struct record *r, int64_t key, bool judged,
		     struct str who, int64_t due_us)
{
	int64_t account = key_account(key);
	struct move_order order = { 0 };
	struct auto_moves table;
	enum destination to;
	enum err err = read_table(c, a, account, &table);

	if (err)
		return err;
	if (!auto_moves_find(&table, r->message->final_disposition, &to))
		return judged ? bring_back(c, a, r, account, key, who, due_us) : OK;
	if (judged && !may_follow(r, &table))
		return OK;
	err = find_movable(c, a, r, account, to);
	if (err)
		return err == ERR_ABSENT ? OK : err;
	SET(&order, move_order, destination, (int)to);
	SET(&order, move_order, automatic, true);
	return add(c, a, account, key, &order, who, due_us);
}

/* What a look at old mail finds is only told; what becomes of it later is like that of other mail. */
static bool has_arrived(const struct move_view *before, const struct move_view *now, const struct record *r)
{
	return now->copies > before->copies && r->message->delivery_mode != MODE_RETRO_SCAN;
}

enum err move_note(struct sql *c, const struct move_view *before, const struct record *r, int64_t key)
{
	struct move_view now = move_view_of(r);
	bool judged = before->copies > 0 && now.disposition != before->disposition;
	bool arrived = has_arrived(before, &now, r) && now.disposition >= DISP_BULK;

	if (key_shelf(key) & STORE_SUBMITTED || !(judged || arrived))
		return OK;
	struct arena *a = arena_new(NOTE_BYTES, NULL, NULL);
	enum err err = note(c, a, r, key, judged, SERVER, clock_now_us() + (arrived ? ARRIVES_US : 0));
	arena_free(&a);
	return err;
}
