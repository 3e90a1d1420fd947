/* Looking at jobs for who waits for them. */
#include "api/awaited.h"

#include "api/internal.h"
#include "base/clock.h"
#include "store/jobs.h"

bool awaited_is_due(const struct request *rq, int64_t until_ms)
{
	return clock_mono_ms() >= until_ms || atomic_load(&rq->api->stopping);
}

enum err awaited_look(const struct request *rq, struct arena *a, struct awaited *w)
{
	struct job job;

	if (!w->job || w->tried)
		return OK;
	enum err err = store_job_get(rq->api->o.store, a, w->job, &job);
	if (!err) {
		w->tried = job_was_tried(&job);
		w->over = job.state != JOB_OPEN;
	}
	return err;
}

bool awaited_was_tried(struct request *rq, struct awaited *w)
{
	const struct arena_mark start = arena_mark(rq->arena);
	bool tried = awaited_look(rq, rq->arena, w) || !w->job || w->tried;

	arena_rewind(rq->arena, start);
	return tried;
}
