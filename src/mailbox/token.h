/*
 * Access tokens of OAuth 2.0, asked for and kept until a minute before their end, for all threads of a process: by a
 * client's id and secret (RFC 6749 §4.4), as Microsoft has it, or by an assertion that a private key signs (RFC 7523, RS256
 * of RFC 7515), as service accounts of Google do in the name of a mailbox's person.
 */
#ifndef MAILBOX_TOKEN_H
#define MAILBOX_TOKEN_H

#include "mailbox/mailbox.h"
#include "net/http.h"

struct tokens *tokens_new(void);
void tokens_free(struct tokens **t);

struct token_ask {
	struct str url;    /* where tokens are had */
	struct str client; /* its id, or the service account's address */
	struct str secret; /* of the client, or the private key (PEM) */
	bool signs;        /* the secret is a private key */
	struct str scope;
	struct str subject; /* with signs: in whose name; "" = the service account's own */
};

/*
 * What a site's integration asks for: token_url and scope where it has them, else those of the provider. Of IMAP, a secret
 * in PEM is a service account's at Google, and any other a client's at Microsoft. scope "": the one for mail. ERR_DENIED:
 * something is not set; the fault names it.
 */
MUST_CHECK enum err token_ask_of(const struct mailbox_site *site, struct arena *a, struct str subject,
				 struct str scope, struct token_ask *out, struct mailbox_fault *fault);

/*
 * A token, in the arena. ERR_DENIED: the provider refuses, or the key is none (LOGIN, NO_CONSENT, NO_MAILBOX of the
 * subject). ERR_LATER: not reached, or not now. kept NULL: none is kept. Two threads that lack the same one may both ask.
 */
MUST_CHECK enum err token_get(struct tokens *kept, struct http *h, struct arena *a, const struct token_ask *q,
			      deadline_ms until, struct str *out, struct mailbox_fault *fault);
/* Forgets a token, if it is still the one that is kept: its provider refuses it. */
void token_drop(struct tokens *kept, const struct token_ask *q, struct str token);

/* All of it for a login to a mailbox: by the site's integration and tools, over a connection of its own. */
MUST_CHECK enum err token_for_login(const struct mailbox_site *site, struct arena *a, struct str subject,
				    deadline_ms until, struct str *out, struct mailbox_fault *fault);

/* What a private key says in the name of q->subject from now on: the assertion. ERR_DENIED: the secret is no RSA key. */
MUST_CHECK enum err token_assertion(struct arena *a, const struct token_ask *q, int64_t now_s,
				    struct str *out);

#endif
