/* Noting what is to be reported. */
#include "store/report_note.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/reports.h"
#include "store/settings_internal.h"

#define LEAD_BYTES (64u << 10)
/*
 * Jobs wait until the moment they were noted in is over, so that one look serves all of a wave of mails, and a little
 * longer, for what is noted is in the store only when its transaction ends.
 */
#define MOMENT_US INT64_C(5000000)
#define COMMIT_US INT64_C(2000000)

#define BIT(cause) (1u << (cause))

struct report_view report_view_of(const struct record *r)
{
	struct report_view v = { .disposition = r->message->final_disposition };

	v.bec = v.disposition == DISP_BEC || strs_has(&r->attributes, STR("BEC"));
	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		bool arrived = o->status == DELIVERY_DELIVERED,
		     released = HAS(o, outcome, released) && o->released;
		v.delivered |= arrived && !released;
		v.released |= arrived && released;
	}
	return v;
}

unsigned report_causes(const struct report_view *before, const struct report_view *after)
{
	unsigned causes = 0;

	if (after->bec && !before->bec)
		causes |= BIT(REPORT_BEC);
	else if (after->disposition >= DISP_MALICIOUS && before->disposition < DISP_MALICIOUS)
		causes |= BIT(REPORT_CAMPAIGN);
	if (before->disposition < REPORT_FROM && after->disposition >= REPORT_FROM)
		causes |= (before->delivered ? BIT(REPORT_AFTER_DELIVERY) : 0) |
			  (before->released ? BIT(REPORT_AFTER_RELEASE) : 0);
	return causes;
}

unsigned report_causes_of_change(const struct report_view *before, const struct report_view *after)
{
	bool told = before->disposition >= REPORT_FROM || after->disposition >= REPORT_FROM;

	return report_causes(before, after) |
	       (told && before->disposition != after->disposition ? BIT(REPORT_ANEW) : 0);
}

static bool is_confirmed(const struct submission *s)
{
	return HAS(s, submission, outcome) && s->outcome == OUTCOME_CONFIRMED &&
	       HAS(s, submission, outcome_disposition) &&
	       submission_disposition_meant(s->outcome_disposition) >= REPORT_FROM;
}

unsigned report_causes_of_submission(const struct submission *before, const struct submission *after)
{
	return is_confirmed(after) && !is_confirmed(before) ? BIT(REPORT_SUBMISSION) : 0;
}

int64_t store_report_due(int64_t created_us)
{
	return (created_us / MOMENT_US + 1) * MOMENT_US + COMMIT_US;
}

/* Not the key, for jobs about that are others; below zero, where no key is. */
static int64_t ref_of(struct str lead)
{
	struct sha256 digest = hash_sha256(lead);
	int64_t n;

	memcpy(&n, digest.b, sizeof(n));
	return n | INT64_MIN;
}

static enum err add(struct sql *c, struct arena *a, int64_t account, int64_t key, int cause)
{
	struct report_lead lead = { 0 };
	struct job job = { .account = account, .kind = JOB_REPORT, .created_us = clock_now_us() };

	SET(&lead, report_lead, key, key);
	SET(&lead, report_lead, cause, cause);
	job.data = settings_body(a, &report_lead_fields, &lead);
	job.ref = ref_of(job.data);
	job.due_us = store_report_due(job.created_us);
	return store_job_insert(c, &job);
}

enum err report_note(struct sql *c, int64_t account, int64_t key, unsigned causes)
{
	struct arena *a;
	enum err err = OK;

	if (!causes)
		return OK;
	a = arena_new(LEAD_BYTES, NULL, NULL);
	for (int cause = 0; cause < REPORT_CAUSES_N && !err; cause++)
		if (causes & BIT(cause))
			err = add(c, a, account, key, cause);
	arena_free(&a);
	return err;
}
