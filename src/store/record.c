/* The tables of a stored record, and its trace. */
#include "store/record.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"

#define TRACE_LINES_MAX 200 /* an hourly resend for a week and more */
#define TRACE_LINE_BYTES 2000
#define ACTIONS_MAX 200
#define REASONS_MAX 1000

FIELDS_DEFINE(mailbox_copy, MAILBOX_COPY);
FIELDS_DEFINE(outcome, OUTCOME);
FIELDS_DEFINE(trace_line, TRACE_LINE);
FIELDS_DEFINE(record, RECORD);

#define KEEP(m, old, name)                                    \
	do {                                                  \
		if (HAS(old, message, name))                  \
			SET((m), message, name, (old)->name); \
		else                                          \
			CLEAR((m), message, name);            \
	} while (0)

void record_note_grounds(struct record *r, const struct verdict *v)
{
	CLEAR(r, record, correction);
	CLEAR(r, record, uncorrected);
	CLEAR(r, record, past);
	if (HAS(v, verdict, past))
		SET(r, record, past, v->past);
	if (!HAS(v, verdict, correction))
		return;
	SET(r, record, correction, v->correction);
	SET(r, record, uncorrected, v->uncorrected);
}

void record_note_edits(struct record *r, const struct verdict *v)
{
	CLEAR(r, record, edits);
	CLEAR(r, record, edit_notes);
	r->edits = (struct edit_list){ 0 };
	r->edit_notes = (struct strs){ 0 };
	if (HAS(v, verdict, edits))
		SET(r, record, edits, v->edits);
	if (HAS(v, verdict, edit_notes))
		SET(r, record, edit_notes, v->edit_notes);
}

void record_judge(struct record *r, const struct verdict *v)
{
	struct message *m = v->message;
	const struct message *old = r->message;

	KEEP(m, old, id);
	KEEP(m, old, postfix_id);
	KEEP(m, old, scanned_at);
	KEEP(m, old, envelope_from);
	KEEP(m, old, envelope_to);
	KEEP(m, old, client_recipients);
	KEEP(m, old, delivery_mode);
	KEEP(m, old, delivery_status);
	KEEP(m, old, is_quarantined);
	KEEP(m, old, is_phish_submission);
	KEEP(m, old, action_log);
	KEEP(m, old, post_delivery_operations);
	KEEP(m, old, postfix_id_outbound);
	SET(v->detections, detections, action, r->detections->action);
	SET(r, record, message, m);
	SET(r, record, detections, v->detections);
	SET(r, record, link_hosts, v->link_hosts);
	SET(r, record, simhash, v->simhash);
	SET(r, record, attributes, v->attributes);
	SET(r, record, authentication, v->authentication);
	SET(r, record, strip, v->strip);
	record_note_edits(r, v);
	record_note_seals(r, v);
	SET(r, record, policy_rev, v->policy_rev);
	record_note_grounds(r, v);
}

void record_note_seals(struct record *r, const struct verdict *v)
{
	CLEAR(r, record, seals);
	CLEAR(r, record, proved_domain);
	r->seals = NULL;
	r->proved_domain = STR_NONE;
	if (v->seals)
		SET(r, record, seals, v->seals);
	if (HAS(v, verdict, proved_domain))
		SET(r, record, proved_domain, v->proved_domain);
}

struct str record_reclassify(struct arena *a, struct record *r, int to, struct str by)
{
	struct message *m = r->message;
	int from = HAS(m, message, final_disposition) ? m->final_disposition : DISP_UNKNOWN;
	struct str what = ARENA_JOIN(a, STR("from "), enum_text(&disposition_names, from), STR(" to "),
				     enum_text(&disposition_names, to), by.n ? STR(" ") : STR(""), by);

	SET(m, message, final_disposition, to);
	SET(r->detections, detections, final_disposition, to);
	if (m->detection_reasons.n < REASONS_MAX)
		ARENA_PUSH(a, &m->detection_reasons, ARENA_JOIN(a, STR("Reclassified "), what));
	m->has |= FIELD_BIT(message, detection_reasons);
	return what;
}

bool outcome_is_refused(const struct outcome *o)
{
	return HAS(o, outcome, reply) && str_starts(o->reply, STR("5"));
}

bool outcome_has_copy(const struct outcome *o)
{
	return o->status == DELIVERY_DELIVERED || o->status == DELIVERY_MOVED ||
	       o->status == DELIVERY_MOVE_FAILED;
}

static void note_operation(struct arena *a, struct message *m, enum post_delivery_op op)
{
	struct ints list = m->post_delivery_operations;

	for (size_t i = 0; i < list.n; i++)
		if (list.v[i] == (int)op)
			return;
	ARENA_PUSH(a, &list, (int)op);
	SET(m, message, post_delivery_operations, list);
}

void record_act(struct arena *a, struct record *r, const struct action_log *entry)
{
	struct message *m = r->message;

	if (m->action_log.n < ACTIONS_MAX)
		ARENA_PUSH(a, &m->action_log, *entry);
	else
		m->action_log.v[m->action_log.n - 1] = *entry;
	m->has |= FIELD_BIT(message, action_log);
	if (entry->success)
		note_operation(a, m, post_delivery_op_of((enum log_operation)entry->operation));
}

void record_trace(struct arena *a, struct record *r, bool outbound, const char *fmt, ...)
{
	char text[TRACE_LINE_BYTES];
	struct trace_line line = { 0 };
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	SET(&line, trace_line, outbound, outbound);
	SET(&line, trace_line, logged_at, clock_now_us());
	SET(&line, trace_line, message,
	    arena_str(a, str_from(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1)));
	if (r->trace.n < TRACE_LINES_MAX)
		ARENA_PUSH(a, &r->trace, line);
	else
		r->trace.v[r->trace.n - 1] = line;
	r->has |= FIELD_BIT(record, trace);
}

bool action_is_release(const struct action_log *entry)
{
	return entry->operation == LOGOP_QUARANTINE_RELEASE && entry->success;
}

const struct action_log *record_last_word(const struct message *m)
{
	for (size_t i = m->action_log.n; i-- > 0;)
		if (m->action_log.v[i].operation == LOGOP_RECLASSIFY)
			return &m->action_log.v[i];
	return NULL;
}

struct str action_service(const struct action_log *e)
{
	struct str by = e && HAS(e, action_log, properties) ? e->properties->service : STR_NONE;

	return str_eq(by, STR(SERVICE_CORRECTION)) || str_eq(by, STR(SERVICE_REEVALUATION)) ? by : STR_NONE;
}
