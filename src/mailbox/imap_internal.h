/* What the files of the IMAP connector share. Private to imap*.c. */
#ifndef MAILBOX_IMAP_INTERNAL_H
#define MAILBOX_IMAP_INTERNAL_H

#include "mailbox/imap_folders.h"
#include "mailbox/imap_mail.h"
#include "mailbox/imap_session.h"

/* Opens a folder to look through it, with a fresh word on its UIDNEXT. */
MUST_CHECK enum err imap_examine_anew(struct imap_call *c, struct str folder);

/* Functions of the connector: imap_changes.c, imap_move.c. */
enum err imap_changes(void *own, struct arena *a, enum scan_folder folder, struct str cursor,
		      int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
		      struct mailbox_fault *fault);
enum err imap_wait(void *own, deadline_ms until, struct mailbox_fault *fault);
enum err imap_move(void *own, struct arena *a, const struct mail_place *from, enum destination to,
		   deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
enum err imap_move_back(void *own, struct arena *a, const struct mail_place *from, struct str folder,
			deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
enum err imap_remove(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		     struct mail_place *to_out, struct mailbox_fault *fault);
enum err imap_restore(void *own, struct arena *a, struct str bytes, const struct mail_marks *marks,
		      struct str folder, deadline_ms until, struct mail_place *to_out,
		      struct mailbox_fault *fault);

extern const struct mailbox_many imap_many; /* imap_many.c */

/* What a function of the connector begins with. */
struct imap_call imap_call_of(void *own, struct arena *a, deadline_ms until, struct mailbox_fault *fault);

#endif
