/* Steps of jobs, one transaction each. */
#ifndef TESTS_STORE_FIXTURE_JOB_H
#define TESTS_STORE_FIXTURE_JOB_H

#include "fixture.h"
#include "store/jobs.h"

static inline enum err fixture_job_begin(struct fixture *f, int64_t now_us, int64_t retry_us,
					 struct job_hold *out)
{
	struct job_ask ask = { .now_us = now_us, .retry_us = retry_us };

	return store_job_begin(f->st, f->a, &ask, out);
}

static inline enum err fixture_job_settle(struct fixture *f, struct job_hold *h, enum job_state state,
					  int64_t at_us, const char *why)
{
	struct job_result result = { .state = state, .at_us = at_us, .why = str_of(why) };

	return store_job_settle(f->st, f->a, h, &result, NULL, NULL);
}

#endif
