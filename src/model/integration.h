/*
 * Integrations: how the mailboxes of an account's people are reached. Ours, not part of the vendor's API; under
 * /accounts/{account_id}/postern/integrations. A domain names one by its integration_id.
 *
 * Secrets are given and never shown again; the store keeps them encrypted under the server's own secret.
 */
#ifndef MODEL_INTEGRATION_H
#define MODEL_INTEGRATION_H

#include "base/field.h"
#include "model/enums.h"

#define INTEGRATIONS_MAX 20        /* of an account */
#define INTEGRATION_MAILBOXES 1000 /* that are named by one */

#define MAILBOX_PROVIDERS(X)      \
	X(MAILBOX_IMAP, "imap")   \
	X(MAILBOX_GRAPH, "graph") \
	X(MAILBOX_GMAIL, "gmail")
ENUM_DECLARE(mailbox_provider, MAILBOX_PROVIDERS);

#define MAILBOX_SECURITIES(X)           \
	X(MAILBOX_TLS, "TLS")           \
	X(MAILBOX_STARTTLS, "STARTTLS") \
	X(MAILBOX_PLAINTEXT, "PLAINTEXT")
ENUM_DECLARE(mailbox_security, MAILBOX_SECURITIES);

/* How an IMAP server is told whose mailbox is meant. */
#define MAILBOX_LOGINS(X)           \
	X(MAILBOX_MASTER, "master") \
	X(MAILBOX_OWN, "own")       \
	X(MAILBOX_BEARER, "bearer")
ENUM_DECLARE(mailbox_login_kind, MAILBOX_LOGINS);

/* clang-format off */
#define MAILBOX_LOGIN(X, T) \
	X(T, STR, address,  F_REQUIRED, 3, 320, none, "of the mailbox") \
	X(T, STR, user,     F_NULL, 1, 320, none, "who logs in; the address where none is given") \
	X(T, STR, password, F_NULL | F_WRITEONLY, 1, 1000, none, "with login own; given, and never shown again; anew where server changes")
FIELDS_DECLARE(mailbox_login, MAILBOX_LOGIN);

#define INTEGRATION(X, T) \
	X(T, ID,    id,          F_READONLY, 0, 0, none, "assigned by the store") \
	X(T, STR,   name,        F_REQUIRED | F_SEARCH, 1, 200, none, "for people") \
	X(T, ENUM,  provider,    F_REQUIRED | F_FIXED, 0, 0, mailbox_provider, "what is spoken") \
	X(T, STR,   server,      F_NULL | F_SEARCH, 1, 500, none, "of imap: host or host:port; else the base URL, where it is not the provider's public one") \
	X(T, ENUM,  security,    F_NULL, 0, 0, mailbox_security, "of imap; TLS where none is given") \
	X(T, ENUM,  login,       F_NULL, 0, 0, mailbox_login_kind, "of imap; master where none is given") \
	X(T, STR,   user,        F_NULL, 1, 320, none, "the master user; else the client's id, or the service account's address") \
	X(T, STR,   tenant_id,   F_NULL | F_FIXED, 1, 100, none, "of graph: the directory") \
	X(T, STR,   admin,       F_NULL, 3, 320, none, "of gmail: an administrator, in whose name people are listed") \
	X(T, STR,   token_url,   F_NULL, 1, 500, none, "where tokens are had, where it is not the provider's public one") \
	X(T, STR,   scope,       F_NULL, 1, 500, none, "of a token, where it is not the provider's usual one") \
	X(T, STR,   secret,      F_NULL | F_WRITEONLY, 1, 8000, none, "password of the master user, secret of the client, private key of the service account (PEM); given, and never shown again; anew where server or token_url changes") \
	X(T, OBJS,  mailboxes,   F_OPTIONAL, 0, INTEGRATION_MAILBOXES, mailbox_login, "that are watched, where not all are, and those with logins of their own") \
	X(T, BOOL,  enabled,     F_OPTIONAL, 0, 0, none, "false: nothing is read or moved by it") \
	X(T, STR,   comments,    F_NULL | F_SEARCH, 0, 1024, none, "free text") \
	X(T, TIME,  created_at,  F_READONLY, 0, 0, none, "when it was made") \
	X(T, TIME,  modified_at, F_READONLY, 0, 0, none, "when it last changed")
FIELDS_DECLARE(integration, INTEGRATION);
/* clang-format on */

#endif
