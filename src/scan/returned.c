/* Reading the header of the message that a delivery report gives back (RFC 3462 §2, third part). */
#include "scan/returned.h"

#include "scan/identity.h"

static bool is_delivery_report(const struct mime_part *top)
{
	if (!mime_part_is(top, STR("multipart"), STR("report")))
		return false;
	for (const struct mime_part *p = top->first_child; p; p = p->next)
		if (mime_part_is(p, STR("message"), STR("delivery-status")) ||
		    mime_part_is(p, STR("message"), STR("global-delivery-status")))
			return true;
	return false;
}

/* The whole message, or its header as a text. */
static bool headers_of(struct arena *a, const struct mime_part *p, struct headers *out)
{
	if ((mime_part_is(p, STR("message"), STR("rfc822")) ||
	     mime_part_is(p, STR("message"), STR("global"))) &&
	    p->first_child) {
		*out = p->first_child->headers;
		return true;
	}
	if (!mime_part_is(p, STR("text"), STR("rfc822-headers")) || p->encoding != ENCODING_IDENTITY)
		return false;
	*out = headers_parse(a, p->source, p->body_start, p->body_start + p->body_length, NULL);
	return true;
}

struct returned returned_find(struct arena *a, const struct mime_tree *mail)
{
	struct returned out = { 0 };
	struct headers headers;

	if (!is_delivery_report(mail->v[0]))
		return out;
	for (const struct mime_part *p = mail->v[0]->first_child; p && out.id.n == 0; p = p->next) {
		if (!headers_of(a, p, &headers))
			continue;
		struct str id = str_trim(headers_value(a, &headers, STR("Message-ID")));
		size_t from = str_find_char(id, '<', 0), to = str_find_char(id, '>', 0);
		if (from != SIZE_MAX && to != SIZE_MAX && to > from + 1)
			out.id = str_sub(id, from + 1, to);
		out.domain = identity_of(a, &headers, STR("From")).domain;
		out.part = p;
	}
	return out;
}
