/* Attached mails: telling them from other parts, and a look at their header. */
#include "scan/attached.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "mime/encoded_word.h"

#define HEADER_BYTES \
	(256u << 10) /* of an attached mail, to tell that it is one: mails have 10 kB, the largest 100 */
#define SUBJECT 1000 /* of each, for a verdict has an end */

/* Fields of which every mail has one. */
static const struct str mail_fields[] = {
	STR_INIT("From"), STR_INIT("Date"), STR_INIT("Received"), STR_INIT("Message-ID"), STR_INIT("Subject"),
};

bool attached_is_message(const struct mime_part *p)
{
	return mime_part_is(p, STR("message"), STR("rfc822")) ||
	       mime_part_is(p, STR("message"), STR("global"));
}

bool attached_is_inside(const struct mime_part *p)
{
	for (p = p->parent; p; p = p->parent)
		if (attached_is_message(p))
			return true;
	return false;
}

static enum attached_encoding encoding_of(const struct mime_part *p)
{
	switch (p->encoding) {
	case ENCODING_IDENTITY:
		return ATTACHED_AS_IT_IS;
	case ENCODING_BASE64:
		return ATTACHED_IN_BASE64;
	case ENCODING_QP:
		return ATTACHED_IN_QP;
	case ENCODING_UUENCODE:
	case ENCODING_YENC:
	case ENCODING_UNKNOWN:
		break;
	}
	return ATTACHED_UNREADABLE;
}

static void look_inside(struct arena *a, const struct mime_part *p, struct attached_mail *m)
{
	struct str top = mime_part_decode(a, p, HEADER_BYTES, NULL);
	struct headers headers = headers_parse(a, top, 0, top.n, NULL);
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(mail_fields); i++)
		known |= headers_first(&headers, mail_fields[i]) != NULL;
	if (!known) {
		m->encoding = ATTACHED_UNREADABLE;
		return;
	}
	if (!headers_first(&headers, STR("Subject")))
		return;
	struct str subject =
	    encoded_word_decode_in(a, headers_value(a, &headers, STR("Subject")), headers.charset);
	SET(m, attached_mail, subject, utf8_cut(utf8_clean(a, str_sub(subject, 0, SUBJECT * 4)), SUBJECT));
}

struct attached_mail attached_of(struct arena *a, const struct mime_part *p)
{
	struct attached_mail m = { 0 };

	SET(&m, attached_mail, start, (int64_t)p->body_start);
	SET(&m, attached_mail, length, (int64_t)p->body_length);
	SET(&m, attached_mail, encoding, (int)encoding_of(p));
	if (m.encoding != ATTACHED_UNREADABLE)
		look_inside(a, p, &m);
	return m;
}
