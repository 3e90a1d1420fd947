/* Comparing a mail with a record. Header fields are read as the scan reads them, by its own functions. */
#include "courier/same_mail.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "intake/copy_record.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "scan/fields.h"

#define SECOND_US INT64_C(1000000)
#define SUBJECT_CHARS ((size_t)message_fields.v[message_F_subject].max) /* more is not kept */

/* The fields that we put in front: a stranger's of that name are taken out before. False: there is none. */
static bool find_mark(struct arena *a, const struct config *config, const struct headers *h, struct str id,
		      bool *is_ours)
{
	struct str name = ARENA_JOIN(a, str_of(config->header_prefix), STR("Processed"));
	bool found = false;

	*is_ours = false;
	for (const struct header *f = headers_first(h, name); f; f = headers_next(h, f)) {
		found = true;
		*is_ours = *is_ours || str_eq(str_trim(header_unfold(a, f->value)), id);
	}
	return found;
}

/* The bytes themselves, of a mail whose content nobody could look at, too. */
static bool has_bytes(struct arena *a, const struct record *r, struct str bytes)
{
	return r->raw_sha256.n && str_eq(r->raw_sha256, hash_sha256_hex(a, bytes));
}

static bool has_content(struct arena *a, const struct config *config, const struct record *r,
			struct str bytes, const struct headers *h)
{
	const struct scan_job job = { .raw = bytes,
				      .authserv_id = str_of(config->hostname),
				      .header_prefix = str_of(config->header_prefix) };
	struct verdict v = { .content_sha256 = fields_content_sha256(a, &job, h) };

	return r->content.n && str_eq(copy_digest(a, r->account, &v, STR("")), r->content);
}

static bool has_sender(struct arena *a, const struct headers *h, const struct message *m)
{
	struct addresses from = address_parse(a, headers_value(a, h, STR("From")));
	const struct address *main = address_main(&from);

	return main && m->from.n && str_eq_nocase(main->addr, m->from);
}

static bool has_fields(struct arena *a, const struct headers *h, const struct message *m)
{
	struct str subject = encoded_word_decode(a, headers_value(a, h, STR("Subject")));
	int64_t sent;

	return has_sender(a, h, m) && HAS(m, message, sent_at) &&
	       date_parse(headers_value(a, h, STR("Date")), &sent) == OK &&
	       sent / SECOND_US == m->sent_at / SECOND_US &&
	       str_eq(str_trim(utf8_cut(subject, SUBJECT_CHARS)), str_trim(m->subject));
}

struct str same_mail_mark(struct arena *a, const struct config *config, struct str bytes)
{
	struct headers h = headers_parse(a, bytes, 0, bytes.n, NULL);
	const struct header *f =
	    headers_first(&h, ARENA_JOIN(a, str_of(config->header_prefix), STR("Processed")));

	return f ? str_trim(header_unfold(a, f->value)) : STR_NONE;
}

bool same_mail_has_own_fields(struct arena *a, const struct record *r, struct str bytes)
{
	struct headers h = headers_parse(a, bytes, 0, bytes.n, NULL);
	const struct message *m = r->message;

	return m->message_id.n && str_eq(str_trim(headers_value(a, &h, STR("Message-ID"))), m->message_id) &&
	       has_sender(a, &h, m);
}

enum same_mail same_mail(struct arena *a, const struct config *config, const struct record *r,
			 struct str bytes)
{
	struct headers h = headers_parse(a, bytes, 0, bytes.n, NULL);
	bool is_ours, marked = find_mark(a, config, &h, r->message->postfix_id, &is_ours);

	if (is_ours)
		return SAME_MARK;
	if (has_bytes(a, r, bytes) || has_content(a, config, r, bytes, &h))
		return marked ? SAME_TWIN : SAME_CONTENT;
	return has_fields(a, &h, r->message) ? SAME_FIELDS : SAME_NOT;
}
