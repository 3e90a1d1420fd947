/*
 * What the header fields of a request say, as far as we ask. libmicrohttpd 0.9.75 parses leniently even in strict mode,
 * so every field is looked at: what a proxy in front may read otherwise is refused (RFC 9112 §6.3). Two things it does
 * not show: a NUL ends a value, and a line that begins with a colon ends the fields. No proxy we know passes these on.
 */
#ifndef API_REQUEST_HEADERS_H
#define API_REQUEST_HEADERS_H

#include "base/str.h"

struct arena;

struct request_headers {
	struct str authorization, auth_email, auth_key, content_type, if_none_match;
	struct strs forwarded; /* the fields X-Forwarded-For */
	unsigned n_content_length, n_transfer_encoding, n_host;
	bool has_length, chunked, expects;
	bool http_1_0;  /* set by who sees the request line */
	bool malformed; /* a name that is no token, a control character, a folded framing field */
	bool repeated;  /* a field that says who asks, or what the body is, was there before */
	uint64_t length;
};

/* Takes one field, in the order they came. Values are kept as slices; both texts outlive h. */
void request_headers_add(struct request_headers *h, struct arena *a, struct str name, struct str value);
/*
 * False: two readers could disagree where the body ends, whom it is for or by whom it is (repeated Content-Length, one
 * beside Transfer-Encoding, unknown encodings, any in HTTP/1.0 (RFC 9112 §6.1), malformed fields, a second Host, a
 * second one of a field that may stand there once (RFC 9110 §5.3)).
 */
bool request_headers_is_clear(const struct request_headers *h);
/*
 * Whether a refusal waits until the body has been read and dropped. Closing with bytes unread resets the connection,
 * and most clients then see the reset instead of the answer. A client that asked whether to send is told at once.
 */
bool request_headers_is_swallowed(const struct request_headers *h);

#endif
