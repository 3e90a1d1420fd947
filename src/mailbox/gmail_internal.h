/*
 * What the files of the connector for Gmail share. Private to gmail*.c.
 *
 * Gmail has labels and no folders. Where a message lies is one label of a few (INBOX, SPAM, TRASH, one of ours), or GMAIL_ALL
 * where it has none of them; that is the folder of its place. All its other labels, UNREAD among them, are its marks.
 *
 * A service account needs the scope https://mail.google.com/ for the whole domain, for nothing less deletes for good; and to
 * list people https://www.googleapis.com/auth/admin.directory.user.readonly.
 */
#ifndef MAILBOX_GMAIL_INTERNAL_H
#define MAILBOX_GMAIL_INTERNAL_H

#include "mailbox/rest.h"

#define GMAIL_ALL "ALL"                  /* in All Mail only: what people call archived */
#define GMAIL_HIDDEN "Recoverable Items" /* our label, which no list shows; All Mail and the search do */

struct gmail {
	struct rest rest;
	struct str user;   /* path of the mailbox */
	struct str hidden; /* id of our label; p NULL: not asked yet, "": there is none */
};

/* One call of the connector. */
struct gmail_call {
	struct gmail *g;
	struct arena *a;
	deadline_ms until;
	struct mailbox_fault *fault;
};

/* ---- requests (gmail.c) ---- */

/* Below the mailbox's path. out NULL: what is answered does not matter. */
MUST_CHECK enum err gmail_ask(const struct gmail_call *c, const struct rest_call *call, struct json **out);
/* The label of ours: its id; "" = there is none, and make does not say to make one. */
MUST_CHECK enum err gmail_hidden(const struct gmail_call *c, bool make, struct str *out);

/* ---- messages (gmail_message.c) ---- */

bool gmail_has_label(const struct json *message, struct str label);
/* Where it lies. */
struct str gmail_location(const struct gmail *g, const struct json *message);
struct mail_marks gmail_marks(struct arena *a, const struct gmail *g, const struct json *message);
/* What is told of a message by its id, and what that was read from. ERR_ABSENT: it is gone. */
MUST_CHECK enum err gmail_item(const struct gmail_call *c, struct str id, struct mail_item *out,
			       struct json **message_out);
/* A message with its labels. ERR_ABSENT: it is gone, or lies elsewhere than the place says. */
MUST_CHECK enum err gmail_look(const struct gmail_call *c, const struct mail_place *place, struct json **out);
/* Messages with that Message-ID, drafts not. */
MUST_CHECK enum err gmail_named(const struct gmail_call *c, struct str message_id, struct mail_items *out);

/* ---- functions of the connector ---- */

/* gmail_message.c */
enum err gmail_find(void *own, struct arena *a, struct str message_id, deadline_ms until,
		    struct mail_items *out, struct mailbox_fault *fault);
enum err gmail_fetch(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		     struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault);
/* gmail_changes.c */
enum err gmail_changes(void *own, struct arena *a, enum scan_folder folder, struct str cursor,
		       int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
		       struct mailbox_fault *fault);
/* gmail_move.c. DESTINATION_DELETIONS is our label without any other place. */
enum err gmail_move(void *own, struct arena *a, const struct mail_place *from, enum destination to,
		    deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
enum err gmail_move_back(void *own, struct arena *a, const struct mail_place *from, struct str folder,
			 deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
/* Nothing is left of it, for an administrator neither. */
enum err gmail_remove(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		      struct mail_place *to_out, struct mailbox_fault *fault);
/*
 * gmail_restore.c. The message is inserted with its bytes and the labels that there still are. Its date is that of its Date
 * field where that is within a day of its arrival, else now: the API takes no other. Its conversation and id are new. Asked
 * again after a break, it finds what its last try inserted.
 */
enum err gmail_restore(void *own, struct arena *a, struct str bytes, const struct mail_marks *marks,
		       struct str folder, deadline_ms until, struct mail_place *to_out,
		       struct mailbox_fault *fault);

#endif
