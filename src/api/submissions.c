/* Lists of submissions, one of them, and what people do with it. */
#include "api/submissions.h"

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "base/clock.h"
#include "store/submissions.h"

#define RANGE_DEFAULT_US (INT64_C(30) * 86400 * 1000000)

static struct store_submissions query_of(struct request *rq, const struct submissions_query *in,
					 struct faults *f)
{
	struct store_submissions q = {
		.account = rq->account.num,
		.start_us = HAS(in, submissions_query, start) ? in->start : rq->now_us - RANGE_DEFAULT_US,
		.end_us = HAS(in, submissions_query, end) ? in->end : STORE_NEWEST,
		.type = HAS(in, submissions_query, type) ? in->type : -1,
		.original = HAS(in, submissions_query, original_disposition) ? in->original_disposition : -1,
		.requested =
		    HAS(in, submissions_query, requested_disposition) ? in->requested_disposition : -1,
		.outcome = HAS(in, submissions_query, outcome_disposition) ? in->outcome_disposition : -1,
		.from_user = HAS(in, submissions_query, escalated_from_user) ? in->escalated_from_user : -1,
		.invalid = in->invalid,
		.customer_status = HAS(in, submissions_query, customer_status)
				       ? enum_text(&customer_status_names, in->customer_status)
				       : STR_NONE,
		.status = in->status,
		.id = in->submission_id,
		.text = in->query,
		.order = HAS(in, submissions_query, order) ? (enum submission_order)in->order
							   : SUBMISSIONS_BY_TIME,
		.descending = HAS(in, submissions_query, direction) ? in->direction == DIRECTION_DESC
								    : !HAS(in, submissions_query, order),
		.skip = (size_t)((in->page - 1) * in->per_page),
		.n = (size_t)in->per_page,
		.until_ms = clock_mono_ms() + rq->api->o.search_ms,
	};

	if (HAS(in, submissions_query, start) && q.start_us > q.end_us)
		query_fault(rq, f, "start", "must not be after end");
	return q;
}

void submissions_list_reply(struct request *rq)
{
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct submissions_query in = { 0 };
	struct submissions found;
	size_t total = 0;

	query_read(rq, &submissions_queries, &in, &f);
	struct store_submissions q = query_of(rq, &in, &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	enum err err = store_submissions(rq->api->o.store, rq->arena, &q, &found, &total);
	if (err == ERR_LATER && clock_left_ms(q.until_ms) == 0) {
		problem_reply(rq, PROBLEM_SLOW_SEARCH, STR_NONE, STR_NONE);
		return;
	}
	if (err) {
		problem_err(rq, err);
		return;
	}
	reply_page(rq, &submission_fields, found.v, found.n, in.page, in.per_page, total);
}

/* False: answered. */
static bool find(struct request *rq, struct submission *out)
{
	enum err err = store_submission_get(rq->api->o.store, rq->arena, rq->account.num, rq->params[0], out);

	if (err)
		problem_err(rq, err);
	return !err;
}

static void reply_view(struct request *rq, const struct submission *s)
{
	struct submission_view v = submission_view_of(s);

	reply_object(rq, 200, &submission_view_fields, &v);
}

void submission_get_reply(struct request *rq)
{
	struct submission s;

	if (find(rq, &s))
		reply_view(rq, &s);
}

/* ---- triage ---- */

/* Somebody looked at it and left it as it is, or it is to be looked at again. */
static bool review(struct arena *a, struct submission *s, void *ctx)
{
	bool reviewed = *(const int *)ctx == CUSTOMER_REVIEWED;

	(void)a;
	if (s->customer_status == CUSTOMER_ESCALATED)
		return false; /* a moment ago */
	SET(s, submission, customer_status, *(const int *)ctx);
	if (HAS(s, submission, outcome) && (s->status == SUBMISSION_OPEN || s->status == SUBMISSION_REJECTED))
		SET(s, submission, status, reviewed ? SUBMISSION_REJECTED : SUBMISSION_OPEN);
	return true;
}

/* A submission of the team, of the same mail and about the same one. */
static enum err escalate(struct request *rq, const struct submission *user, int as)
{
	struct settings_who who = request_who(rq);
	struct submission s;
	struct record r;
	enum err err = store_record_by_key(rq->api->o.store, rq->arena, user->key, &r);

	if (err)
		return err;
	submission_begin(rq, &r, as, &s);
	SET(&s, submission, escalated_submission_id, user->submission_id);
	if (HAS(user, submission, original_key)) {
		SET(&s, submission, original_key, user->original_key);
		SET(&s, submission, original_postfix_id, user->original_postfix_id);
	}
	if (HAS(user, submission, original_disposition))
		SET(&s, submission, original_disposition, user->original_disposition);
	return store_submission_add(rq->api->o.store, rq->arena, &who, &s, submission_mail(rq, &r, who.name));
}

/* What may not be done; NULL: it may. */
static const char *refusal(const struct submission *before, const struct submission *after)
{
	if (before->customer_status == CUSTOMER_ESCALATED)
		return SUBMISSION_IS_ESCALATED;
	if (after->customer_status != CUSTOMER_ESCALATED)
		return NULL;
	if (submission_is_invalid(before))
		return "It is invalid: there is no message to escalate";
	if (!HAS(before, submission, requested_disposition) && !HAS(after, submission, escalated_as))
		return "It asks for nothing: say in escalated_as what is to be asked for";
	return before->type == SUBMISSION_USER ? NULL : "Only what a user submitted can be escalated";
}

static enum err triage(struct request *rq, const struct submission *before, struct submission *after)
{
	struct settings_who who = request_who(rq);
	int status = after->customer_status;

	if (status == CUSTOMER_ESCALATED) {
		int as = HAS(after, submission, escalated_as) ? after->escalated_as
							      : before->requested_disposition;
		enum err err = escalate(rq, before, as);
		return err ? err : store_submission_by_key(rq->api->o.store, rq->arena, before->key, after);
	}
	enum err err =
	    store_submission_change(rq->api->o.store, rq->arena, before->key, &who, review, &status, after);
	return err || after->customer_status == status ? err : ERR_CONFLICT;
}

void submission_triage_reply(struct request *rq)
{
	const struct json_read how = { .mode = JSON_PATCH, .closed = true };
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct submission before, after;
	struct submission_view view;
	struct json *body;
	enum err err = OK;

	if (!request_json(rq, &body) || !find(rq, &before))
		return;
	view = submission_view_of(&before);
	if (!json_object_read(rq->arena, &submission_view_fields, body, &how, &view, NULL, &f) &&
	    !HAS(&view, submission_view, customer_status))
		fault_add(&f, STR("/customer_status"), "customer_status must be set");
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	after = submission_of_view(&view);
	if (after.customer_status != before.customer_status) {
		const char *no = refusal(&before, &after);
		if (no) {
			problem_reply(rq, PROBLEM_STATE, STR_NONE, str_of(no));
			return;
		}
		err = triage(rq, &before, &after);
	}
	if (err == ERR_CONFLICT)
		problem_reply(rq, PROBLEM_STATE, STR_NONE, STR(SUBMISSION_IS_ESCALATED));
	else if (err)
		problem_err(rq, err);
	else
		reply_view(rq, after.customer_status != before.customer_status ? &after : &before);
}
