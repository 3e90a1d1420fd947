/* Where in a mail a report may stand, and the readers of each kind. */
#include "report/report.h"

#include "base/arena.h"
#include "base/limits.h"
#include "json/read.h"
#include "report/by_table.h"

ENUM_DEFINE(report_kind, REPORT_KINDS);

enum err report_read_dmarc(struct arena *a, struct str xml, struct dmarc_report *out)
{
	*out = (struct dmarc_report){ 0 };
	enum err e = by_table_xml(a, &dmarc_report_fields, STR("feedback"), xml, out);
	if (!e && !out->policy_published && out->record.n == 0)
		return ERR_ABSENT;
	return e;
}

enum err report_read_feedback(struct arena *a, struct str fields, struct feedback_report *out)
{
	size_t at = 0;

	*out = (struct feedback_report){ 0 };
	by_table_fields(a, &feedback_report_fields, fields, &at, out);
	/* Some put a comment with the name behind the address. */
	out->source_ip = str_trim(str_sub(out->source_ip, 0, str_find_char(out->source_ip, '(', 0)));
	return HAS(out, feedback_report, feedback_type) ? OK : ERR_ABSENT;
}

/* RFC 3464 §2.1: fields of the message, then a group for each recipient. */
enum err report_read_delivery(struct arena *a, struct str fields, struct delivery_report *out)
{
	static const struct str list = STR_INIT("recipients");
	const struct field *f = by_table_find(&delivery_report_fields, list);
	size_t at = 0, set;

	*out = (struct delivery_report){ 0 };
	set = by_table_fields(a, &delivery_report_fields, fields, &at, out);
	while (at < fields.n) {
		struct delivery_recipient one = { 0 };
		if (by_table_fields(a, &delivery_recipient_fields, fields, &at, &one) == 0)
			continue;
		struct delivery_recipient *place = by_table_open(a, &delivery_report_fields, f, out);
		if (!place)
			break;
		*place = one;
	}
	return set || out->recipients.n ? OK : ERR_ABSENT;
}

/* The names of TLS reports have "-" where a row has "_"; "mx-host" is a text or a list of them. */
static void rename_keys(struct arena *a, struct json *node)
{
	for (struct json *in = node->kind == JSON_OBJECT || node->kind == JSON_ARRAY ? node->first : NULL; in;
	     in = in->next) {
		char *name = arena_alloc(a, in->key.n + 1);
		for (size_t i = 0; i < in->key.n; i++)
			name[i] = in->key.p[i] == '-' ? '_' : in->key.p[i];
		in->key = str_from(name, in->key.n);
		const struct field *f = by_table_find(&tls_policy_fields, in->key);
		if (f && f->kind == FIELD_STRS && in->kind == JSON_STR) {
			struct json *one = ARENA_NEW(a, struct json);
			*one = (struct json){ .kind = JSON_STR, .s = in->s };
			in->kind = JSON_ARRAY;
			in->n = 1;
			in->first = one;
		}
		rename_keys(a, in); /* as deep as the reader let it be */
	}
}

enum err report_read_tls(struct arena *a, struct str text, struct tls_report *out)
{
	struct json_read how = { .mode = JSON_STORED };
	struct faults faults = { .arena = a };
	struct json *node;

	*out = (struct tls_report){ 0 };
	if (json_parse(a, text, &node, NULL))
		return ERR_SYNTAX;
	rename_keys(a, node);
	if (!json_get(node, STR("policies")) || !json_get(node, STR("report_id")))
		return ERR_ABSENT;
	return json_object_read(a, &tls_report_fields, node, &how, out, NULL, &faults);
}

#define LOOKED_AT 2048 /* bytes in which the root element or the first keys of a document stand */

static bool take_dmarc(struct arena *a, struct str text, struct report *out)
{
	if (str_find_nocase(str_sub(text, 0, LOOKED_AT), STR("feedback"), 0) == SIZE_MAX)
		return false;
	struct dmarc_report *r = ARENA_NEW(a, struct dmarc_report);
	enum err e = report_read_dmarc(a, text, r);
	if (e == ERR_ABSENT)
		return false;
	out->kind = REPORT_DMARC;
	out->broken = e != OK;
	out->dmarc = r;
	return true;
}

static bool take_tls(struct arena *a, struct str text, struct report *out)
{
	text = str_trim(text);
	if (!str_starts(text, STR("{")) || str_find(text, STR("\"policies\""), 0) == SIZE_MAX)
		return false;
	struct tls_report *r = ARENA_NEW(a, struct tls_report);
	enum err e = report_read_tls(a, text, r);
	if (e == ERR_ABSENT || (e && r->policies.n == 0))
		return false;
	out->kind = REPORT_TLS;
	out->broken = e != OK;
	out->tls = r;
	return true;
}

/* A part of a report's own media type. */
static bool take_part(struct arena *a, const struct mime_part *p, struct report *out)
{
	bool feedback = mime_part_is(p, STR("message"), STR("feedback-report"));

	if (!feedback && !mime_part_is(p, STR("message"), STR("delivery-status")) &&
	    !mime_part_is(p, STR("message"), STR("global-delivery-status")))
		return false;
	struct str text = mime_part_decode(a, p, LIMIT_TEXT, NULL);
	if (feedback) {
		out->feedback = ARENA_NEW(a, struct feedback_report);
		if (report_read_feedback(a, text, out->feedback))
			return false;
		bool failure = str_eq_nocase(out->feedback->feedback_type, STR("auth-failure"));
		out->kind = failure ? REPORT_DMARC_FAILURE : REPORT_FEEDBACK;
		return true;
	}
	out->delivery = ARENA_NEW(a, struct delivery_report);
	if (report_read_delivery(a, text, out->delivery))
		return false;
	out->kind = REPORT_DELIVERY;
	return true;
}

static void place(const struct mime_part *p, struct report *out)
{
	out->offset = p->derived ? p->raw_start : p->body_start;
	out->length = p->derived ? 0 : p->body_length;
}

struct report report_find(struct arena *a, const struct mime_tree *mail)
{
	const struct mime_content *content = mail->content;
	struct report out;

	ASSERT(content);
	for (size_t i = 0; i < mail->n; i++) {
		out = (struct report){ 0 };
		if (take_part(a, mail->v[i], &out)) {
			place(mail->v[i], &out);
			return out;
		}
	}
	out = (struct report){ 0 };
	for (size_t i = 0; i < content->attachments.n; i++) {
		struct str data = content->attachments.v[i].data;
		if (take_dmarc(a, data, &out) || take_tls(a, data, &out)) {
			place(content->attachments.v[i].part, &out);
			return out;
		}
	}
	for (size_t i = 0; i < content->texts.n; i++) {
		struct str text = content->texts.v[i].source;
		if (take_dmarc(a, text, &out) || take_tls(a, text, &out)) {
			place(content->texts.v[i].part, &out);
			return out;
		}
	}
	return (struct report){ 0 };
}
