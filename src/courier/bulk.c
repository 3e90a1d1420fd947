/* Slices of the search of a bulk job. */
#include "courier/bulk.h"

#include "base/clock.h"
#include "store/bulk.h"

#define SLICE_MS 500

enum err bulk_run(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	const int64_t until = clock_mono_ms() + SLICE_MS;
	enum err e = OK;

	out->goes_on = true;
	while (!e && out->goes_on && clock_mono_ms() < until)
		e = store_bulk_discover(tools->store, job->ref, &out->goes_on);
	if (!e)
		return err_set(&out->why, OK,
			       out->goes_on ? "it is being searched" : "its messages are found");
	out->goes_on = false;
	if (e == ERR_ABSENT)
		return err_set(&out->why, OK, "it was over");
	return err_set(&out->why, ERR_LATER, "the search cannot be read now, or takes too long");
}

void bulk_given_up(const struct job_tools *tools, const struct job *job, struct job_try *out)
{
	if (store_bulk_fail(tools->store, job->ref, str_of(out->why.text)))
		log_error(tools->log, "bulk_job_not_failed", KV_INT("job", job->ref));
}
