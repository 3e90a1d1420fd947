/*
 * What the files of the connector for Microsoft Graph share. Private to graph*.c.
 *
 * Messages are named by their immutable ids, which stay when a message is moved; folders of the API by what they are called
 * there ("inbox"), others by their ids. Needed are the application permissions Mail.ReadWrite and, to list people, User.Read.All.
 */
#ifndef MAILBOX_GRAPH_INTERNAL_H
#define MAILBOX_GRAPH_INTERNAL_H

#include "mailbox/rest.h"

#define GRAPH_SERVER "https://graph.microsoft.com"

/* Folders that have names of their own in the API; first those of enum destination. */
enum graph_folder {
	GRAPH_INBOX = DESTINATION_INBOX,
	GRAPH_JUNK = DESTINATION_JUNK,
	GRAPH_TRASH = DESTINATION_TRASH,
	GRAPH_DELETIONS = DESTINATION_DELETIONS,
	GRAPH_PURGES = DESTINATION_PURGES,
	GRAPH_DRAFTS,
	GRAPH_SENT,
	GRAPH_OUTBOX,
	GRAPH_FOLDERS
};

struct graph {
	struct rest rest;
	struct str user;                  /* path of the mailbox */
	struct str folder[GRAPH_FOLDERS]; /* ids; p NULL: not known yet, "": there is none */
};

/* One call of the connector. */
struct graph_call {
	struct graph *g;
	struct arena *a;
	deadline_ms until;
	struct mailbox_fault *fault;
};

extern const struct refusal_table graph_refusals;

/* ---- requests (graph.c) ---- */

/* Below the mailbox's path; body p NULL: GET. out NULL: what is answered does not matter. */
MUST_CHECK enum err graph_ask(const struct graph_call *c, const struct rest_call *call, struct json **out);
/* The same for a page of at most `most` entries. */
MUST_CHECK enum err graph_page(const struct graph_call *c, struct str path, size_t most, struct json **out);
/*
 * Where a list goes on: the link of that name, as a path below the mailbox's, whatever the link itself calls that: the API
 * may name it by another of its ids, or in quotes. "": it does not. ERR_LATER: the link leads to another server, and is not
 * followed: it would be given the token.
 */
MUST_CHECK enum err graph_link(const struct graph_call *c, const struct json *page, const char *name,
			       struct str *out);

/* What the API calls a folder. */
struct str graph_folder_name(enum graph_folder which);
/* Its id; "" = this mailbox has none. */
MUST_CHECK enum err graph_folder_id(const struct graph_call *c, enum graph_folder which, struct str *out);

/* ---- messages (graph_message.c) ---- */

/* What is asked of a message, for $select. */
#define GRAPH_MESSAGE                                                                          \
	"id,parentFolderId,internetMessageId,receivedDateTime,isRead,isDraft,flag,importance," \
	"categories"

struct mail_item graph_item(const struct graph *g, struct arena *a, const struct json *message);
bool graph_is_draft(const struct json *message);
/* The marks as the API sets them: the body of a PATCH. */
struct str graph_marks(struct arena *a, const struct mail_marks *marks);

/* Path of the messages with that Message-ID in a folder, or "" = in all that people see. */
struct str graph_named(struct arena *a, struct str folder, struct str message_id);
/* Messages with that Message-ID there, at most 16. */
struct graph_found {
	struct mail_item item;
	bool draft;
};
struct graph_alike {
	struct graph_found *v;
	size_t n;
};
MUST_CHECK enum err graph_alike(const struct graph_call *c, struct str folder, struct str message_id,
				struct graph_alike *out);
/* A message by its id. ERR_ABSENT: it is gone, or lies in another folder than the place says. */
MUST_CHECK enum err graph_look(const struct graph_call *c, const struct mail_place *place, struct json **out);

/* ---- functions of the connector ---- */

/* graph_message.c */
enum err graph_find(void *own, struct arena *a, struct str message_id, deadline_ms until,
		    struct mail_items *out, struct mailbox_fault *fault);
enum err graph_fetch(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		     struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault);
/* graph_changes.c */
enum err graph_changes(void *own, struct arena *a, enum scan_folder folder, struct str cursor,
		       int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
		       struct mailbox_fault *fault);
/* graph_move.c */
enum err graph_move(void *own, struct arena *a, const struct mail_place *from, enum destination to,
		    deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
enum err graph_move_back(void *own, struct arena *a, const struct mail_place *from, struct str folder,
			 deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
enum err graph_remove(void *own, struct arena *a, const struct mail_place *place, deadline_ms until,
		      struct mail_place *to_out, struct mailbox_fault *fault);
/* To a folder by its id; *to_out is where it lies then. */
MUST_CHECK enum err graph_put(const struct graph_call *c, struct str id, struct str folder,
			      struct mail_place *to_out);
/*
 * graph_restore.c. What Exchange still keeps among what was purged comes back as it was. Else the message is made anew of its
 * bytes, in Drafts, and moved: its being read, flag, importance, categories and time of arrival are set; that it looks like
 * a draft (isDraft) the API lets nobody change, and it takes no more than 4 MB. Asked again after a break it goes on with
 * what it finds of its last try.
 */
enum err graph_restore(void *own, struct arena *a, struct str bytes, const struct mail_marks *marks,
		       struct str folder, deadline_ms until, struct mail_place *to_out,
		       struct mailbox_fault *fault);

#endif
