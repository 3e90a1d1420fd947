/*
 * The folders of an IMAP mailbox, and which of them are those of the API: by what the server says they are for (RFC 6154),
 * else by the names that mail programs give them.
 *
 * Names are the server's own, as it writes them (modified UTF-7, RFC 3501 §5.1.3), and never read by us.
 */
#ifndef MAILBOX_IMAP_FOLDERS_H
#define MAILBOX_IMAP_FOLDERS_H

#include "mailbox/imap_session.h"

/* Where RecoverableItemsDeletions lie: nobody is subscribed to it, so mail programs do not show it by themselves. */
#define IMAP_HIDDEN_FOLDER "Recoverable Items"

/* In the order in which they are looked through for a message. */
#define IMAP_ROLES(X)              \
	X(ROLE_INBOX, "inbox")     \
	X(ROLE_JUNK, "junk")       \
	X(ROLE_TRASH, "trash")     \
	X(ROLE_ARCHIVE, "archive") \
	X(ROLE_HIDDEN, "hidden")   \
	X(ROLE_OTHER, "other")     \
	X(ROLE_SENT, "sent")       \
	X(ROLE_DRAFTS, "drafts")   \
	X(ROLE_VIRTUAL, "virtual")
ENUM_DECLARE(imap_role, IMAP_ROLES);

/* What has the mail of a destination; of DESTINATION_PURGES nothing has. */
extern const enum imap_role imap_role_of[DESTINATION_PURGES];

struct imap_folder {
	struct str name;
	enum imap_role role;
	size_t rank;                             /* how good the reason for its role is; 0 = the best */
	bool counted;                            /* the server told these: */
	uint32_t uidvalidity, uidnext, messages; /* 0 = not told, but messages */
};

struct imap_folders {
	struct imap_folder *v;
	size_t n;
};

/* Asks for all folders of the owner that hold messages, by role, then as told; in c->m->list until it is asked again. */
MUST_CHECK enum err imap_list(struct imap_call *c);
/* The same for whom the names and roles of some seconds ago will do: what is counted in them is not new. */
MUST_CHECK enum err imap_list_known(struct imap_call *c);
/* The folder that has the role; asks, and makes one where there is none. The name stays until imap_list. */
MUST_CHECK enum err imap_folder_of(struct imap_call *c, enum imap_role role, struct str *name_out);
/* The same in the list that was asked for last; "" = there is none. */
struct str imap_listed(const struct imap *m, enum imap_role role);
/* Makes a folder, and has its owner subscribe to it unless it is the hidden one. It may be there already. */
MUST_CHECK enum err imap_create(struct imap_call *c, struct str name, enum imap_role role);

#endif
