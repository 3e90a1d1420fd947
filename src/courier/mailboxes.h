/*
 * The mailboxes of all accounts: by a recipient's address, through the integration of his domain (model/integration.h),
 * whose secrets are opened here and nowhere else. Connections are kept for a while and used again. Threads: any.
 */
#ifndef COURIER_MAILBOXES_H
#define COURIER_MAILBOXES_H

#include "mailbox/mailbox.h"
#include "store/store.h"

struct mailboxes;

struct mailboxes *mailboxes_new(struct store *st, const struct mailbox_tools *tools);
/* When all were given back. */
void mailboxes_free(struct mailboxes **all);

/*
 * An integration with its secrets in clear, in the arena. ERR_ABSENT: the account has none of that id; ERR_DENIED: it is
 * switched off, or its secrets do not open; ERR_LATER: the store cannot be read. The fault says so.
 */
MUST_CHECK enum err mailboxes_site(struct mailboxes *all, struct arena *a, int64_t account,
				   struct str integration_id, struct mailbox_site **out,
				   struct mailbox_fault *fault);

/*
 * The mailbox of an address in a domain of the account. ERR_ABSENT: that domain has no integration, or is not the account's.
 * Else as mailboxes_site and mailbox_open. Out only while it is used: one thread has it.
 */
MUST_CHECK enum err mailboxes_open(struct mailboxes *all, struct arena *a, int64_t account,
				   struct str address, deadline_ms until, struct mailbox **out,
				   struct mailbox_fault *fault);
/* The same through an integration of that id, whatever the address's domain. */
MUST_CHECK enum err mailboxes_open_by(struct mailboxes *all, int64_t account, struct str integration_id,
				      struct str address, deadline_ms until, struct mailbox **out,
				      struct mailbox_fault *fault);
/* The same on a connection of its own: whether it can be opened now. */
MUST_CHECK enum err mailboxes_open_anew(struct mailboxes *all, int64_t account, struct str integration_id,
					struct str address, deadline_ms until, struct mailbox **out,
					struct mailbox_fault *fault);
/* The integration that reaches it, its secrets locked, in the arena. ERR_ABSENT: its domain has none. ERR_LATER. */
MUST_CHECK enum err mailboxes_integration(struct mailboxes *all, struct arena *a, int64_t account,
					  struct str address, const struct integration **out,
					  struct mailbox_fault *fault);

/* Back, to be used again; NULL is fine. What is broken is closed. */
void mailboxes_give(struct mailboxes *all, struct mailbox **m);

#endif
