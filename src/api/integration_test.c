/* POST integrations/{id}/test. */
#include "api/integration_test.h"

#include "api/awaited.h"
#include "api/internal.h"
#include "api/problem.h"
#include "api/settings.h"
#include "base/clock.h"
#include "model/integration.h"
#include "store/jobs.h"
#include "store/moves.h"

FIELDS_DEFINE(integration_test, INTEGRATION_TEST);

struct testing {
	int64_t job, until_ms;
	struct integration_test result;
};

static bool is_ready(struct request *rq)
{
	const struct testing *t = rq->kept;
	const struct arena_mark start = arena_mark(rq->arena);
	struct job job;
	bool ready = awaited_is_due(rq, t->until_ms) ||
		     store_job_get(rq->api->o.store, rq->arena, t->job, &job) || job.state != JOB_OPEN;

	arena_rewind(rq->arena, start);
	return ready;
}

static void answer(struct request *rq, struct testing *t)
{
	struct job job;
	enum err err = store_job_get(rq->api->o.store, rq->arena, t->job, &job);

	if (err) {
		problem_err(rq, err);
		return;
	}
	bool over = job.state != JOB_OPEN;
	SET(&t->result, integration_test, success, job.state == JOB_DONE);
	SET(&t->result, integration_test, status,
	    over ? job.why : STR("The test is not over yet: the mailbox could not be opened so far."));
	reply_object(rq, 200, &integration_test_fields, &t->result);
}

/* A body may be left out. False: answered. */
static bool read_body(struct request *rq, struct integration_test *out)
{
	const struct json_read how = { .mode = JSON_CREATE, .closed = true };
	struct faults faults = { .arena = rq->arena }, absent = { 0 };
	struct json *body;

	if (rq->body.n == 0)
		return true;
	if (!request_json(rq, &body))
		return false;
	if (json_object_read(rq->arena, &integration_test_fields, body, &how, out, NULL, &faults) == OK)
		return true;
	problem_faults(rq, &faults, &absent);
	return false;
}

/* The first that it names; IMAP servers tell of none. False: answered. */
static bool choose(struct request *rq, const struct integration *i, struct integration_test *t)
{
	if (HAS(t, integration_test, mailbox))
		return true;
	if (i->mailboxes.n > 0)
		SET(t, integration_test, mailbox, i->mailboxes.v[0].address);
	else if (i->provider == MAILBOX_IMAP)
		problem_reply(rq, PROBLEM_INVALID, STR("/mailbox"),
			      STR("mailbox is required, as the integration names none"));
	return i->mailboxes.n > 0 || i->provider != MAILBOX_IMAP;
}

static void begin(struct request *rq, const struct integration *i, struct integration_test *result)
{
	struct testing *t = ARENA_NEW(rq->arena, struct testing);
	struct settings_who who = request_who(rq);
	struct mailbox_test test = { 0 };

	*t = (struct testing){ .until_ms = clock_mono_ms() + rq->api->o.release_ms, .result = *result };
	SET(&test, mailbox_test, integration, str_of(i->id.uuid));
	if (HAS(result, integration_test, mailbox))
		SET(&test, mailbox_test, mailbox, result->mailbox);
	enum err err =
	    store_mailbox_test_ask(rq->api->o.store, rq->arena, rq->account.num, &test, who.name, &t->job);
	if (err) {
		problem_err(rq, err);
		return;
	}
	rq->kept = t;
	rq->ready = is_ready;
}

void integration_test_reply(struct request *rq)
{
	struct integration_test result = { 0 };
	struct settings_object found;
	struct ident id;

	if (rq->kept) {
		answer(rq, rq->kept);
		return;
	}
	if (!settings_path_id(rq, &id) || !read_body(rq, &result))
		return;
	enum err err =
	    settings_get(rq->api->o.store, rq->arena, rq->route->resource, rq->account.num, &id, &found);
	if (err)
		problem_err(rq, err);
	else if (choose(rq, found.obj, &result))
		begin(rq, found.obj, &result);
}
