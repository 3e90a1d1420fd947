/* POST investigate/{id}/reclassify: a submission of the team. The courier does the rest. */
#include "api/internal.h"
#include "api/problem.h"
#include "api/submissions.h"
#include "base/base64.h"
#include "base/hash.h"
#include "intake/queue_id.h"
#include "store/submissions.h"

FIELDS_DEFINE(reclassification, RECLASSIFICATION);

#define MAIL_OF_USER "user:"

struct record *submission_mail(struct request *rq, const struct record *of, struct str by)
{
	struct arena *a = rq->arena;
	struct message *m = ARENA_NEW(a, struct message);
	struct record *r = ARENA_NEW(a, struct record);

	*r = *of;
	*m = *of->message;
	SET(m, message, postfix_id, queue_id_new(a, rq->now_us));
	SET(m, message, delivery_mode, MODE_REVIEW_SUBMISSION);
	SET(m, message, is_phish_submission, true);
	SET(m, message, is_quarantined, false);
	CLEAR(m, message, alert_id);
	m->action_log = (struct action_log_list){ 0 };
	m->delivery_status = m->post_delivery_operations = (struct ints){ 0 };
	CLEAR(m, message, delivery_status);
	CLEAR(m, message, post_delivery_operations);
	CLEAR(m, message, postfix_id_outbound);
	SET(r, record, message, m);
	r->outcomes = (struct outcome_list){ 0 };
	r->trace = (struct trace_line_list){ 0 };
	CLEAR(r, record, digest);
	CLEAR(r, record, next_hop);
	r->digest = r->next_hop = STR_NONE;
	SET(r, record, rescan, false);
	record_trace(a, r, false, "submitted by %.*s", STR_ARG(by));
	return r;
}

void submission_begin(struct request *rq, const struct record *mail, int requested, struct submission *out)
{
	struct str who = request_who(rq).name;
	struct str by =
	    str_starts(who, STR(MAIL_OF_USER)) ? str_sub(who, sizeof(MAIL_OF_USER) - 1, who.n) : who;
	const struct message *m = mail->message;

	*out = (struct submission){ 0 };
	SET(out, submission, requested_by, by);
	SET(out, submission, type, SUBMISSION_TEAM);
	SET(out, submission, customer_status, CUSTOMER_UNREVIEWED);
	SET(out, submission, requested_disposition, requested);
	SET(out, submission, status, SUBMISSION_OPEN);
	SET(out, submission, authority, AUTHORITY_TEAM);
	if (HAS(m, message, subject))
		SET(out, submission, subject, m->subject);
	if (HAS(m, message, edf_hash))
		SET(out, submission, original_edf_hash, m->edf_hash);
	int original =
	    HAS(m, message, final_disposition) ? submission_disposition_of(m->final_disposition) : -1;
	if (original >= 0)
		SET(out, submission, original_disposition, original);
}

static bool is_kept(struct request *rq, struct str sha256)
{
	struct raw_reader *raw;

	if (!sha256.n || store_raw_open(rq->api->o.store, sha256, &raw))
		return false;
	raw_reader_close(&raw);
	return true;
}

enum err submission_choose_bytes(struct request *rq, struct str eml, struct record *mail)
{
	if (is_kept(rq, mail->raw_sha256))
		return OK;
	CLEAR(mail, record, raw_sha256);
	mail->raw_sha256 = STR_NONE;
	if (!eml.n)
		return OK;
	SET(mail, record, raw_sha256, hash_sha256_hex(rq->arena, eml));
	SET(mail, record, raw_size, (int64_t)eml.n);
	return store_raw_put(rq->api->o.store, eml, mail->raw_sha256);
}

static bool note(struct arena *a, struct record *about, void *ctx)
{
	return submission_note(a, about, ctx);
}

/* Before any bytes are kept: those of a request that is refused would lie there for nobody. */
static enum err find_escalated(struct request *rq, const struct reclassification *in)
{
	struct submission user;

	if (!in->escalated_submission_id.n)
		return OK;
	enum err err = store_submission_get(rq->api->o.store, rq->arena, rq->account.num,
					    in->escalated_submission_id, &user);
	return err ? err : submission_may_escalate(&user);
}

static enum err submit(struct request *rq, const struct record *about, const struct reclassification *in,
		       struct str eml)
{
	struct settings_who who = request_who(rq);
	struct record *mail = submission_mail(rq, about, who.name);
	struct submission s;
	enum err err = find_escalated(rq, in);

	if (!err)
		err = submission_choose_bytes(rq, eml, mail);
	if (err)
		return err;
	submission_begin(rq, about, in->expected_disposition, &s);
	SET(&s, submission, original_key, about->key);
	SET(&s, submission, original_postfix_id, about->message->postfix_id);
	if (in->escalated_submission_id.n)
		SET(&s, submission, escalated_submission_id, in->escalated_submission_id);
	err = store_submission_add(rq->api->o.store, rq->arena, &who, &s, mail);
	/* So that it is there when the answer is; else the courier notes it. */
	if (!err && store_record_change(rq->api->o.store, rq->arena, about->key, note, &s, NULL))
		log_warn(rq->api->o.log, "submission_noted_later", KV_STR("id", s.submission_id));
	return err;
}

static void read_body(struct request *rq, const struct json *body, struct reclassification *in,
		      struct str *eml, struct faults *f)
{
	const struct json_read how = { .mode = JSON_CREATE };

	if (json_object_read(rq->arena, &reclassification_fields, body, &how, in, NULL, f) ||
	    !HAS(in, reclassification, eml_content))
		return;
	if (base64_decode(rq->arena, in->eml_content, eml) || !eml->n)
		fault_add(f, STR("/eml_content"), "eml_content must be a message in base64");
}

void reclassify_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, absent = f;
	struct reclassification in = { 0 };
	struct str eml = STR_NONE;
	struct record about;
	struct json *body;

	if (!request_json(rq, &body))
		return;
	enum err err = store_record_get(rq->api->o.store, rq->arena, rq->account.num, rq->params[0],
					RECORD_WHOLE, &about);
	if (!err)
		read_body(rq, body, &in, &eml, &f);
	if (!err && !f.n) {
		err = submit(rq, &about, &in, eml);
		if (err == ERR_ABSENT)
			fault_add(&absent, STR("/escalated_submission_id"), "Not found");
	}
	if (f.n || absent.n) {
		problem_faults(rq, &f, &absent);
	} else if (err == ERR_CONFLICT) {
		problem_reply(rq, PROBLEM_STATE, STR_NONE, STR(SUBMISSION_IS_ESCALATED));
	} else if (err) {
		problem_err(rq, err);
	} else {
		reply_begin(rq, 202);
		buf_add_c(&rq->out, "{}");
		reply_end(rq);
	}
}
