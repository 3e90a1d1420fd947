/*
 * Links that lead to our own page: http.click_url "/v1/" and a token, which is base64url of "ACCOUNT ID INDEX URL", a dot, and
 * base64url of the HMAC-SHA-256 of that text (RFC 4648 §5, without padding). The key is that of the mail: a scan worker is given
 * no other, so one that was taken over can sign for the mail it has in hand and for nothing else.
 */
#ifndef EDIT_CLICK_H
#define EDIT_CLICK_H

#include "base/hash.h"

struct arena;

#define CLICK_PATH "/v1/"
#define CLICK_URL_MAX 4096 /* of a URL that can be rewritten: as a token it still fits into a request line */
#define CLICK_TOKEN_MAX 8192 /* of a token */

struct click {
	int64_t account;
	struct str id;  /* queue id of the mail */
	uint64_t index; /* of the link in it, from 1 on */
	struct str url; /* where it leads */
};

/* The key of a mail. secret: the store's. */
struct sha256 click_key(struct str secret, struct str id);
/* In the arena. key: click_key of its id. */
struct str click_token(struct arena *a, struct str key, const struct click *c);
/* ERR_SYNTAX: it is no token, or nobody signed it. What *out points to is in the arena. */
MUST_CHECK enum err click_read(struct arena *a, struct str secret, struct str token, struct click *out);

/*
 * What a link to our page says, whoever signed it: for who looks at a mail that has it from another one. click_url: "" = we
 * have no page. ERR_ABSENT: it is no such link.
 */
MUST_CHECK enum err click_peek(struct arena *a, struct str click_url, struct str url, struct click *out);

#endif
