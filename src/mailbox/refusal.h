/*
 * What an answer over HTTP says that is no success, as a fault: by tables of status and code, in the provider's words. Read
 * are errors of OAuth 2.0 (RFC 6749 §5.2), of Microsoft Graph (error.code and error.message) and of Google's APIs
 * (error.errors[].reason, else error.status, and error.message).
 */
#ifndef MAILBOX_REFUSAL_H
#define MAILBOX_REFUSAL_H

#include "mailbox/mailbox.h"
#include "net/http.h"

#define REFUSAL_WORDS 300 /* bytes of the provider's that are shown */

struct refusal_row {
	int status;        /* 0: any */
	const char *code;  /* without regard to case; NULL: any */
	const char *words; /* how the words begin; NULL: any */
	enum err e;
	enum mailbox_trouble what;
};

struct refusal_table {
	const char *whom; /* who answered, for people */
	const struct refusal_row *rows;
	size_t n;
};

/*
 * The first row that fits, else what such a status means of anybody: 401 EXPIRED, 403 NO_CONSENT, 404 and 410 NO_MESSAGE,
 * 429, 503 and 504 BUSY, all other 5xx to be tried again, and what is left refused. Gives the row's error, never OK.
 */
enum err refusal_judge(struct arena *a, const struct refusal_table *t, const struct http_answer *answer,
		       struct mailbox_fault *fault);

/* The fault of a request without a whole answer: what http_ask said, and why. */
enum err refusal_unheard(const char *whom, enum err e, const struct http_answer *answer,
			 const struct errbuf *why, struct mailbox_fault *fault);

#endif
