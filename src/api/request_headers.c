/* Header fields of a request, one by one. */
#include "api/request_headers.h"

#include "base/abnf.h"
#include "base/arena.h"

#define SWALLOW_MAX (64u << 20) /* of a body that was refused; above the largest that is ever accepted */

/*
 * The library takes fields that RFC 9110 §5.1 and §5.5 and RFC 9112 §5 refuse, and which a proxy in front may read
 * otherwise: "Transfer-Encoding : chunked", a bare CR. Of a folded line it glues the continuation to the name, so
 * that "Transfer-Encoding:" with " chunked" below would be no framing at all.
 */
static bool is_malformed(struct str name, struct str value)
{
	static const struct str framing[] = { STR_INIT("Content-Length"), STR_INIT("Transfer-Encoding") };

	for (size_t i = 0; i < name.n; i++)
		if (!abnf_is_token((unsigned char)name.p[i]))
			return true;
	for (size_t i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 127)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(framing); i++)
		if (name.n > framing[i].n && str_starts_nocase(name, framing[i]))
			return true;
	return name.n == 0;
}

static void take_once(struct request_headers *h, struct str *field, struct str value)
{
	h->repeated = h->repeated || field->p;
	*field = value;
}

void request_headers_add(struct request_headers *h, struct arena *a, struct str name, struct str value)
{
	h->malformed = h->malformed || is_malformed(name, value);
	value = str_trim(value);
	if (str_eq_nocase(name, STR("Authorization"))) {
		take_once(h, &h->authorization, value);
	} else if (str_eq_nocase(name, STR("X-Auth-Email"))) {
		take_once(h, &h->auth_email, value);
	} else if (str_eq_nocase(name, STR("X-Auth-Key"))) {
		take_once(h, &h->auth_key, value);
	} else if (str_eq_nocase(name, STR("Content-Type"))) {
		take_once(h, &h->content_type, value);
	} else if (str_eq_nocase(name, STR("If-None-Match"))) {
		h->if_none_match = value;
	} else if (str_eq_nocase(name, STR("Content-Length"))) {
		h->n_content_length++;
		h->has_length = !str_to_u64(value, UINT64_MAX, &h->length);
	} else if (str_eq_nocase(name, STR("Transfer-Encoding"))) {
		h->n_transfer_encoding++;
		h->chunked = str_eq_nocase(value, STR("chunked"));
	} else if (str_eq_nocase(name, STR("Host"))) {
		h->n_host++;
	} else if (str_eq_nocase(name, STR("X-Forwarded-For"))) {
		ARENA_PUSH(a, &h->forwarded, value);
	} else if (str_eq_nocase(name, STR("Expect"))) {
		h->expects = true;
	}
}

bool request_headers_is_clear(const struct request_headers *h)
{
	return !h->malformed && !h->repeated && h->n_host <= 1 && h->n_content_length <= 1 &&
	       h->n_transfer_encoding <= 1 && !(h->n_content_length && h->n_transfer_encoding) &&
	       (!h->n_content_length || h->has_length) &&
	       (!h->n_transfer_encoding || (h->chunked && !h->http_1_0));
}

bool request_headers_is_swallowed(const struct request_headers *h)
{
	return !h->n_transfer_encoding && !h->expects && h->n_content_length <= 1 && h->length <= SWALLOW_MAX;
}
