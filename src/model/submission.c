/* The table of submissions, and their dispositions among all. */
#include "model/submission.h"

ENUM_DEFINE(submission_disposition, SUBMISSION_DISPOSITIONS);
ENUM_DEFINE(submission_type, SUBMISSION_TYPES);
ENUM_DEFINE(customer_status, CUSTOMER_STATUSES);
ENUM_DEFINE(submission_status, SUBMISSION_STATUSES);
ENUM_DEFINE(submission_outcome, SUBMISSION_OUTCOMES);
ENUM_DEFINE(submission_authority, SUBMISSION_AUTHORITIES);
FIELDS_DEFINE(submission, SUBMISSION);
FIELDS_DEFINE(submission_view, SUBMISSION_VIEW);

/* The view begins with the members of a submission. */
_Static_assert(offsetof(struct submission_view, note) == offsetof(struct submission, note),
	       "the last of them");

#define SHARED_BYTES (offsetof(struct submission, note) + sizeof(struct str))

struct submission submission_of_view(const struct submission_view *v)
{
	struct submission s = { 0 };

	memcpy(&s, v, SHARED_BYTES);
	s.has &= ~FIELD_BIT(submission_view, outcome_reason);
	return s;
}

struct submission_view submission_view_of(const struct submission *s)
{
	struct submission_view v = { 0 };

	memcpy(&v, s, SHARED_BYTES);
	if (HAS(s, submission, note) && HAS(s, submission, outcome) && s->outcome != OUTCOME_CONFIRMED)
		SET(&v, submission_view, outcome_reason, s->note);
	return v;
}

static const enum disposition meant[] = {
	[SUBMISSION_NONE] = DISP_NONE,
	[SUBMISSION_BULK] = DISP_BULK,
	[SUBMISSION_SPAM] = DISP_SPAM,
	[SUBMISSION_SPOOF] = DISP_SPOOF,
	[SUBMISSION_SUSPICIOUS] = DISP_SUSPICIOUS,
	[SUBMISSION_MALICIOUS] = DISP_MALICIOUS,
};

int submission_disposition_of(int disposition)
{
	int like = disposition == DISP_BEC ? DISP_MALICIOUS : disposition;

	for (size_t i = 0; i < ARRAY_LEN(meant); i++)
		if ((int)meant[i] == like)
			return (int)i;
	return -1;
}

enum disposition submission_disposition_meant(int of_submission)
{
	ASSERT(of_submission >= 0 && (size_t)of_submission < ARRAY_LEN(meant));
	return meant[of_submission];
}

bool submission_is_invalid(const struct submission *s)
{
	return HAS(s, submission, status) && s->status == SUBMISSION_INVALID;
}
