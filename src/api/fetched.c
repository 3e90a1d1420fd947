/* The job, and waiting for it. */
#include "api/fetched.h"

#include "api/awaited.h"
#include "api/internal.h"
#include "base/clock.h"
#include "base/domain.h"
#include "model/domain.h"
#include "store/jobs.h"

#define WAIT_MS 15000 /* so that there is time to draw it before clients give up */

struct fetched {
	int64_t key, until_ms;
	struct awaited asked;
};

static enum err has_integration(struct request *rq, struct str address)
{
	struct settings_object found;
	enum err err = settings_find(rq->api->o.store, rq->arena, &resource_domains, rq->account.num,
				     domain_fold(rq->arena, domain_of_address(address)), &found);

	if (err)
		return err;
	return HAS((const struct domain *)found.obj, domain, integration_id) ? OK : ERR_ABSENT;
}

static enum err find_any(struct request *rq, const struct record *r)
{
	enum err err = ERR_ABSENT;

	for (size_t i = 0; i < r->outcomes.n && err == ERR_ABSENT; i++)
		err = has_integration(rq, r->outcomes.v[i].address);
	return err;
}

static bool is_ready(struct request *rq)
{
	struct fetched *f = rq->kept;

	return awaited_is_due(rq, f->until_ms) || awaited_was_tried(rq, &f->asked);
}

enum err fetched_begin(struct request *rq, const struct record *r)
{
	struct settings_who who = request_who(rq);
	struct job job = { .account = rq->account.num,
			   .kind = JOB_MAILBOX_FETCH,
			   .ref = r->key,
			   .due_us = rq->now_us,
			   .created_us = rq->now_us,
			   .who = who.name };
	enum err err = find_any(rq, r);

	if (!err)
		err = store_jobs_add(rq->api->o.store, &job, 1);
	if (err)
		return err;
	struct fetched *f = ARENA_NEW(rq->arena, struct fetched);
	*f = (struct fetched){ r->key, clock_mono_ms() + WAIT_MS, { .job = job.id } };
	rq->kept = f;
	rq->ready = is_ready;
	return OK;
}

bool fetched_was_asked(const struct request *rq)
{
	return rq->kept != NULL;
}

enum err fetched_end(struct request *rq, struct record *out, struct str *why)
{
	const struct fetched *f = rq->kept;
	struct job job;
	enum err err = store_job_get(rq->api->o.store, rq->arena, f->asked.job, &job);

	*why = STR("The mailboxes did not answer in time, try again later");
	if (err)
		return ERR_LATER;
	if (job.state == JOB_DONE)
		return store_record_by_key(rq->api->o.store, rq->arena, f->key, out);
	if (job.why.n)
		*why = job.why;
	return job.state == JOB_FAILED ? ERR_ABSENT : ERR_LATER;
}
