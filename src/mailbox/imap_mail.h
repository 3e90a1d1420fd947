/* Messages of the folder that is open: looked for, described, read. */
#ifndef MAILBOX_IMAP_MAIL_H
#define MAILBOX_IMAP_MAIL_H

#include "mailbox/imap_session.h"

#define IMAP_SEARCH_MOST 1000000 /* of one search; what LIMIT_IMAP_LINE holds */

/* The field of a mail, or of its header alone, "<…>"; "" = none. Points into it. */
struct str imap_message_id(struct str mail);

/* "UIDVALIDITY.UID" of the folder that is open, in c->a. */
struct str imap_id(struct imap_call *c, uint32_t uid);
/*
 * Opens the folder of a place. ERR_ABSENT: TROUBLE_NO_FOLDER; TROUBLE_CHANGED: the numbers of its messages are not those they
 * were. Whether the message is there is not looked at.
 */
MUST_CHECK enum err imap_open_place(struct imap_call *c, const struct mail_place *place, bool writable,
				    uint32_t *uid_out);

/* Whether a place is one of the folder that is open, by its numbers; then its UID. */
bool imap_is_place(const struct imap_call *c, const struct mail_place *place, uint32_t *uid_out);
/* "3:5,9": ascending, in a command that is put together. */
void imap_say_set(struct imap_call *c, const uint32_t *uids, size_t n);
int imap_uid_order(const void *x, const void *y); /* of qsort and bsearch */

/* Runs the UID SEARCH that was put together; what it finds, ascending and each once, in m->work. */
MUST_CHECK enum err imap_search(struct imap_call *c, struct imap_set *out);
/* Adds those of the messages that are there, with their marks, to a list in c->a. ERR_LIMIT: it has no room. */
MUST_CHECK enum err imap_describe(struct imap_call *c, const uint32_t *uids, size_t n,
				  struct mail_items *out);
/* One of them. ERR_ABSENT, TROUBLE_NO_MESSAGE: it is not there. */
MUST_CHECK enum err imap_describe_one(struct imap_call *c, uint32_t uid, struct mail_item *out);
/* Its bytes in `into`, and its marks in c->a. ERR_LIMIT: larger than there is room for. */
MUST_CHECK enum err imap_body(struct imap_call *c, uint32_t uid, struct arena *into, struct str *bytes_out,
			      struct mail_marks *marks_out);
/* Of those that are there, ascending, and have room: each as it comes. Marks in c->a. */
typedef void imap_body_fn(void *ctx, uint32_t uid, struct str bytes, const struct mail_marks *marks);
MUST_CHECK enum err imap_bodies(struct imap_call *c, const uint32_t *uids, size_t n, struct arena *into,
				imap_body_fn *each, void *ctx);

#endif
