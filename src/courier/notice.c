/* From rows of the store to what is told of them. */
#include "courier/notice.h"

#include "json/write.h"
#include "model/event.h"
#include "store/jobs.h"
#include "store/reports.h"
#include "store/submissions.h"

#define TEXT_MAX (16u << 20) /* all lists at their limits have a fraction of it */

static struct event_attachment attachment_of(const struct attachment *from)
{
	struct event_attachment to = { 0 };

#define TAKE(field)                       \
	if (HAS(from, attachment, field)) \
	SET(&to, event_attachment, field, from->field)
	TAKE(name);
	TAKE(size);
	TAKE(content_type);
	TAKE(computed_type);
	TAKE(detection);
	TAKE(encrypted);
	TAKE(md5);
	TAKE(sha1);
	TAKE(sha256);
#undef TAKE
	return to;
}

/* ---- verdict: the key of a message ---- */

static void take_message(struct event_message *to, const struct message *from)
{
#define TAKE(field)                    \
	if (HAS(from, message, field)) \
	SET(to, event_message, field, from->field)
	TAKE(id);
	TAKE(alert_id);
	TAKE(postfix_id);
	TAKE(scanned_at);
	TAKE(sent_at);
	TAKE(final_disposition);
	TAKE(delivery_mode);
	TAKE(delivery_status);
	TAKE(is_quarantined);
	TAKE(envelope_from);
	TAKE(from);
	TAKE(from_name);
	TAKE(replyto);
	TAKE(subject);
	TAKE(message_id);
	TAKE(smtp_helo_server_ip);
	TAKE(smtp_previous_hop_ip);
	TAKE(properties);
	TAKE(client_recipients);
	TAKE(to);
#undef TAKE
}

static void take_detections(struct arena *a, struct event_message *to, const struct detections *from)
{
	struct event_attachment_list attachments = { 0 };

#define TAKE(field)                       \
	if (HAS(from, detections, field)) \
	SET(to, event_message, field, from->field)
	TAKE(action);
	TAKE(sender_info);
	TAKE(validation);
	TAKE(findings);
	TAKE(threat_categories);
	TAKE(links);
#undef TAKE
	if (to->links.n > (size_t)event_message_fields.v[event_message_F_links].max)
		to->links.n = (size_t)event_message_fields.v[event_message_F_links].max;
	for (size_t i = 0; i < from->attachments.n; i++) {
		struct event_attachment one = attachment_of(&from->attachments.v[i]);
		ARENA_PUSH(a, &attachments, one);
	}
	SET(to, event_message, attachments, attachments);
}

static enum err load_message(struct store *st, struct arena *a, int64_t ref, void *out)
{
	struct record r;
	enum err e = store_record_by_key(st, a, ref, &r);

	if (e)
		return e;
	take_message(out, r.message);
	take_detections(a, out, r.detections);
	return OK;
}

/* ---- release: the id of a job ---- */

static struct event_recipient_list recipients_of(struct arena *a, const struct outcome_list *outcomes)
{
	struct event_recipient_list list = { 0 };

	for (size_t i = 0; i < outcomes->n; i++) {
		const struct outcome *o = &outcomes->v[i];
		struct event_recipient one = { 0 };
		SET(&one, event_recipient, address, o->address);
		SET(&one, event_recipient, status, o->status);
		if (HAS(o, outcome, reply))
			SET(&one, event_recipient, reply, o->reply);
		ARENA_PUSH(a, &list, one);
	}
	return list;
}

static enum err load_release(struct store *st, struct arena *a, int64_t ref, void *out)
{
	struct event_release *to = out;
	struct record r;
	struct job job;
	enum err e = store_job_get(st, a, ref, &job);

	if (!e)
		e = store_record_by_key(st, a, job.ref, &r);
	if (e)
		return e;
	SET(to, event_release, id, r.message->id);
	SET(to, event_release, postfix_id, r.message->postfix_id);
	if (HAS(r.message, message, subject))
		SET(to, event_release, subject, r.message->subject);
	if (HAS(r.message, message, final_disposition))
		SET(to, event_release, final_disposition, r.message->final_disposition);
	SET(to, event_release, requested_by, job.who);
	SET(to, event_release, requested_at, job.created_us);
	SET(to, event_release, success, job.state == JOB_DONE);
	SET(to, event_release, status, job.why);
	SET(to, event_release, recipients, recipients_of(a, &r.outcomes));
	return OK;
}

/* ---- submission: the key of its mail ---- */

static enum err load_submission(struct store *st, struct arena *a, int64_t ref, void *out)
{
	return store_submission_by_key(st, a, ref, out);
}

/* ---- the table ---- */

static const struct {
	const struct fieldtab *fields;
	enum err (*load)(struct store *st, struct arena *a, int64_t ref,
			 void *out); /* ERR_ABSENT: it is gone */
} kinds[EVENT_KINDS_N] = {
	[EVENT_VERDICT] = { &event_message_fields, load_message },
	[EVENT_RELEASE] = { &event_release_fields, load_release },
	[EVENT_SUBMISSION] = { &submission_fields, load_submission },
	[EVENT_REPORT] = { &phish_report_fields, store_report_get },
};

static void empty_lists(const struct fieldtab *t, void *obj)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].kind == FIELD_OBJS || t->v[i].kind == FIELD_STRS || t->v[i].kind == FIELD_ENUMS)
			*(uint64_t *)obj &= ~(UINT64_C(1) << i);
}

/* False: it is longer than room. */
static bool write_text(struct arena *a, const struct event_head *head, const void *obj, size_t room,
		       struct str *out)
{
	static const struct json_write for_api = { .audience = JSON_FOR_API };
	struct buf b;

	buf_init(&b, room < TEXT_MAX ? room : TEXT_MAX);
	json_object_write(&b, &event_head_fields, head, &for_api);
	if (b.n > 0)
		b.n--; /* the object is the last member */
	buf_add_c(&b, ",\"object\":");
	json_object_write(&b, kinds[head->type].fields, obj, &for_api);
	buf_add_char(&b, '}');
	bool fits = buf_ok(&b);
	if (fits)
		*out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return fits;
}

enum err notice_text(struct store *st, struct arena *a, const struct notice *n, struct str account_id,
		     size_t room, struct str *out)
{
	struct event_head head = { 0 };

	if ((size_t)n->kind >= ARRAY_LEN(kinds))
		return ERR_ABSENT;
	void *obj = arena_zalloc(a, kinds[n->kind].fields->size);
	enum err e = kinds[n->kind].load(st, a, n->ref, obj);
	if (e)
		return e;
	SET(&head, event_head, id, n->event);
	SET(&head, event_head, type, (int)n->kind);
	SET(&head, event_head, created_at, n->at_us);
	SET(&head, event_head, account_id, account_id);
	if (write_text(a, &head, obj, room, out))
		return OK;
	SET(&head, event_head, shortened, true);
	empty_lists(kinds[n->kind].fields, obj);
	return write_text(a, &head, obj, TEXT_MAX, out) ? OK : ERR_ABSENT;
}
