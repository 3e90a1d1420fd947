/*
 * Asking a provider's REST API for one mailbox, or for a site: each request with a token, answers of JSON, what is refused in
 * the provider's words. A token that is refused is dropped, and another one tried, once.
 */
#ifndef MAILBOX_REST_H
#define MAILBOX_REST_H

#include "base/limits.h"
#include "json/read.h"
#include "mailbox/refusal.h"
#include "mailbox/token.h"

struct rest {
	const struct mailbox_tools *tools;
	const struct refusal_table *refusals;
	struct arena *own; /* lives as long as this does */
	struct http *http;
	struct token_ask token;
	struct str base; /* of all URLs; no slash at its end */
	int status;      /* of the last answer; 0 = there was none */
};

/* base: where the integration names no server. subject, scope: of the token, as token_ask_of has them. */
MUST_CHECK enum err rest_open(const struct mailbox_site *site, struct str base, struct str subject,
			      struct str scope, const struct refusal_table *refusals, struct rest *out,
			      struct mailbox_fault *fault);
void rest_close(struct rest *r);

struct rest_call {
	const char *method; /* NULL: GET, and POST with a body */
	struct str path;    /* behind the base: a slash first, all of it escaped */
	struct strs headers;
	struct str body;
	const char *type;  /* of the body; NULL: JSON */
	size_t answer_max; /* bytes; 0: as JSON of a page may have */
	bool once;         /* twice would be two: not asked again on another connection (net/http.h) */
};

/* *body_out: until the next request. OK: a status of 2xx. */
MUST_CHECK enum err rest_ask(struct rest *r, struct arena *a, const struct rest_call *c, deadline_ms until,
			     struct str *body_out, struct mailbox_fault *fault);
/* The answer as JSON, in the arena. ERR_LIMIT: it holds more than there is room for. */
MUST_CHECK enum err rest_json(struct rest *r, struct arena *a, const struct rest_call *c, deadline_ms until,
			      struct json **out, struct mailbox_fault *fault);

/* Until it is worth while to look again, as these APIs tell nobody; earlier at the deadline, or when all ends. */
void rest_wait(const struct rest *r, deadline_ms until);

#define REST_PAGE_ARENA ((size_t)96 << 20) /* for one answer of JSON, whatever it holds */

/* An id of the provider's own: STR_NONE where it is longer, or not of visible ASCII alone. */
struct str rest_name(const struct json *node, struct str key);
/* A Message-ID, whatever its sender made of it: STR_NONE where it is longer. */
struct str rest_message_id(const struct json *node, struct str key);
/* How many values the array of that key has. */
size_t rest_count(const struct json *node, struct str key);

/* Marks being put together, divided by spaces. */
struct rest_marks {
	char text[LIMIT_REST_MARKS];
	size_t n;
};
void rest_mark(struct rest_marks *m, struct str mark);

/* The path with "?name=value", or "&name=value" where it has a query already; the value is escaped. */
struct str rest_query(struct arena *a, struct str path, const char *name, struct str value);

#endif
