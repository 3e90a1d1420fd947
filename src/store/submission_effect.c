/* What submissions leave in the record that they are about. Done again, for a killed try was, they leave nothing more. */
#include "store/submissions.h"

#include "base/clock.h"
#include "base/utf8.h"

#define STATUS_CHARS 200

static bool is_noted(const struct message *m, enum log_operation operation, struct str submission_id)
{
	for (size_t i = 0; i < m->action_log.n; i++) {
		const struct action_log *e = &m->action_log.v[i];
		if (e->operation == (int)operation && HAS(e, action_log, properties) &&
		    str_eq(e->properties->submission_id, submission_id))
			return true;
	}
	return false;
}

static void note(struct arena *a, struct record *r, enum log_operation operation, const struct submission *s,
		 struct str service, struct str status)
{
	struct action_properties *p = ARENA_NEW(a, struct action_properties);
	struct action_log e = { 0 };
	int type = s->type, requested = s->requested_disposition;

	SET(p, action_properties, requested_by, s->who);
	SET(p, action_properties, service, service);
	SET(p, action_properties, submission_id, s->submission_id);
	if (HAS(s, submission, requested_disposition))
		SET(p, action_properties, requested_disposition,
		    enum_text(&submission_disposition_names, requested));
	if (HAS(s, submission, type))
		SET(p, action_properties, submission_type, enum_text(&submission_type_names, type));
	SET(&e, action_log, operation, (int)operation);
	SET(&e, action_log, started_at, s->requested_at);
	SET(&e, action_log, completed_at, clock_now_us());
	SET(&e, action_log, success, true);
	SET(&e, action_log, status, status);
	SET(&e, action_log, properties, p);
	record_act(a, r, &e);
}

bool submission_note(struct arena *a, struct record *about, const struct submission *s)
{
	struct str status = STR("submitted");

	if (is_noted(about->message, LOGOP_SUBMISSION, s->submission_id))
		return false;
	if (HAS(s, submission, requested_disposition))
		status = ARENA_JOIN(a, status, STR(" as "),
				    enum_text(&submission_disposition_names, s->requested_disposition));
	if (HAS(s, submission, requested_disposition) && HAS(s, submission, outcome) &&
	    s->outcome != OUTCOME_CONFIRMED)
		status = ARENA_JOIN(a, status, STR(": "), enum_text(&submission_outcome_names, s->outcome),
				    STR(", "), s->note);
	status = utf8_cut(status, STATUS_CHARS);
	note(a, about, LOGOP_SUBMISSION, s, STR("submission"), status);
	return true;
}

bool submission_has_corrected(const struct record *about, const struct submission *s)
{
	return is_noted(about->message, LOGOP_RECLASSIFY, s->submission_id);
}

bool submission_correct(struct arena *a, struct record *about, const struct submission *s)
{
	struct message *m = about->message;
	int from = HAS(m, message, final_disposition) ? m->final_disposition : DISP_UNKNOWN,
	    to = (int)submission_disposition_meant(s->outcome_disposition);
	bool changes = submission_disposition_of(from) != s->outcome_disposition; /* a finer label stays */
	struct str now = enum_text(&disposition_names, changes ? to : from);

	if (submission_has_corrected(about, s))
		return false;
	note(a, about, LOGOP_RECLASSIFY, s, STR("courier"),
	     changes ? record_reclassify(a, about, to, STR("")) : ARENA_JOIN(a, STR("stays "), now));
	record_trace(a, about, false, "reclassified by %.*s: %.*s", STR_ARG(s->who), STR_ARG(now));
	return true;
}
