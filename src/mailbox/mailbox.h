/*
 * The mailboxes of an account's people, at their provider: found, read, moved, taken out, put back. One interface; behind
 * it a connector for each kind of provider (imap.c, graph.c, gmail.c), each a row of the table in mailbox.c.
 *
 * Every call may wait for the provider, until a deadline (monotonic milliseconds). What goes wrong is told by the error
 * (what follows from it) and by the fault (what it is, in words that may be shown to people, with what the provider
 * said). One thread at a time uses a mailbox; memory is of the arena that is given. This room knows no store.
 *
 *	ERR_LATER   passing: to be tried again, not before fault.retry_after_ms is over
 *	ERR_DENIED  the same will happen again until somebody changes something: a password, a consent, a mailbox
 *	ERR_ABSENT  the message is not where it was said to be: mailbox_find tells whether it is elsewhere
 *	ERR_LIMIT   the message is larger than the arena holds
 *
 * With TROUBLE_CUT nobody knows whether what was asked has been done: the provider may have done it and not been heard. So it
 * is asked again, in a new mailbox. To delete and to restore may be repeated as they are. A move that comes again is ERR_ABSENT
 * when the first one was done; then mailbox_find shows the message where it was to go, and that is success.
 */
#ifndef MAILBOX_MAILBOX_H
#define MAILBOX_MAILBOX_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "model/enums.h"
#include "model/integration.h"
#include "net/dns.h"
#include "net/tls.h"

#define MAILBOX_TROUBLES(X)                          \
	X(TROUBLE_NONE, "none")                      \
	X(TROUBLE_UNREACHABLE, "unreachable")        \
	X(TROUBLE_CUT, "connection lost")            \
	X(TROUBLE_BUSY, "asked to wait")             \
	X(TROUBLE_LOGIN, "login refused")            \
	X(TROUBLE_EXPIRED, "token expired")          \
	X(TROUBLE_NO_CONSENT, "not permitted")       \
	X(TROUBLE_NO_MAILBOX, "no such mailbox")     \
	X(TROUBLE_NO_FOLDER, "no such folder")       \
	X(TROUBLE_NO_MESSAGE, "message not found")   \
	X(TROUBLE_CHANGED, "mailbox was renumbered") \
	X(TROUBLE_REFUSED, "refused")
ENUM_DECLARE(mailbox_trouble, MAILBOX_TROUBLES);

struct mailbox_fault {
	enum mailbox_trouble what;
	int64_t retry_after_ms; /* the provider's wish; 0 = it has none */
	struct errbuf text;     /* a sentence, with the provider's words; no secrets */
};

/* What connections are made with. All of it outlives them. */
struct mailbox_tools {
	struct dns *dns;
	struct tls_context *verifier;
	struct str authorities;    /* PEM texts; "" = the system's */
	bool allow_private;        /* addresses of private networks may be connected to */
	struct tokens *tokens;     /* that are kept for all connections (token.h); NULL: none are */
	const atomic_bool *ending; /* set: what waits is broken off; NULL: never */
};

/* An integration as a connector needs it: what the account set, its secrets in clear. */
struct mailbox_site {
	const struct mailbox_tools *tools;
	const struct integration *integration;
	struct str
	    secret; /* the master user's password, the client's secret, a service account's private key (PEM) */
};

/* Where a message lies: names of the provider's own, to be given back as they are. */
struct mail_place {
	struct str folder;
	struct str id; /* IMAP: "UIDVALIDITY.UID" */
};

/* What is to be kept of a message so that it can be put back as it was. */
struct mail_marks {
	struct str flags;    /* divided by spaces, in the provider's words; "" = none */
	int64_t received_us; /* when it came into the mailbox; 0 = not known */
};

struct mail_item {
	struct mail_place place;
	struct mail_marks marks;
	struct str message_id; /* with its angle brackets; "" = none */
	int64_t size;          /* bytes; 0 = not told */
};
struct mail_items {
	struct mail_item *v;
	size_t n;
};

struct mailbox; /* one person's, open */

/* Sets a fault and gives the code back: return mailbox_fail(fault, ERR_LATER, TROUBLE_CUT, "..."). */
enum err mailbox_fail(struct mailbox_fault *fault, enum err e, enum mailbox_trouble what, const char *fmt,
		      ...) PRINTF_LIKE(4, 5);

/* login: of one that has its own (integration.mailboxes); NULL: the integration's. */
MUST_CHECK enum err mailbox_open(const struct mailbox_site *site, struct str address,
				 const struct mailbox_login *login, deadline_ms until, struct mailbox **out,
				 struct mailbox_fault *fault);
void mailbox_close(struct mailbox **m);
/* Whether it is only good for closing: the connection is lost, or no longer in step. Whoever keeps mailboxes looks. */
bool mailbox_is_broken(const struct mailbox *m);

/*
 * Messages with this Message-ID, wherever they lie, those in the inbox first; n = 0: none. At most MAILBOX_ALIKE_MAX. Nobody who
 * writes a Message-ID need be honest: whoever moves a message compares what else it knows of it (mailbox_fetch).
 */
#define MAILBOX_ALIKE_MAX 500 /* whoever hides a mail among others of its Message-ID must send as many */
MUST_CHECK enum err mailbox_find(struct mailbox *m, struct arena *a, struct str message_id, deadline_ms until,
				 struct mail_items *out, struct mailbox_fault *fault);
/* Those in the inbox, where that is quicker than all; where all are found at once anyhow, n = 0. */
MUST_CHECK enum err mailbox_find_in_inbox(struct mailbox *m, struct arena *a, struct str message_id,
					  deadline_ms until, struct mail_items *out,
					  struct mailbox_fault *fault);

struct mailbox_changes {
	struct mail_items items; /* new since then, oldest first */
	struct str cursor;       /* where to go on; keeps its meaning over connections */
	bool more;               /* ask again at once */
};
/*
 * What is new behind a cursor, at most `most`. An empty cursor: what was received at since_us or later; since_us
 * INT64_MAX: from now on, so there are no items; with a cursor since_us is not looked at. A page may be empty and there be
 * more. What its owner or we have moved into another folder is new there: who must not see a mail twice keeps what it saw. folder FOLDER_ALL_ITEMS leaves out drafts, what was sent, and what this
 * program hid. TROUBLE_CHANGED with ERR_ABSENT: the cursor means nothing any more; begin again by time.
 */
MUST_CHECK enum err mailbox_changes(struct mailbox *m, struct arena *a, enum scan_folder folder,
				    struct str cursor, int64_t since_us, size_t most, deadline_ms until,
				    struct mailbox_changes *out, struct mailbox_fault *fault);
/* Waits until something may have changed in the inbox, or the deadline is over: both OK. */
MUST_CHECK enum err mailbox_wait(struct mailbox *m, deadline_ms until, struct mailbox_fault *fault);

/* Its bytes as they were delivered, and its marks; its being read is not changed. */
MUST_CHECK enum err mailbox_fetch(struct mailbox *m, struct arena *a, const struct mail_place *place,
				  deadline_ms until, struct str *bytes_out, struct mail_marks *marks_out,
				  struct mailbox_fault *fault);

/* What the folders of the API are called there, each by its enum destination; "" = there is none, a move makes it. */
#define MAILBOX_DESTINATIONS (DESTINATION_PURGES + 1)
struct mail_folders {
	struct str v[MAILBOX_DESTINATIONS];
};
MUST_CHECK enum err mailbox_folders(struct mailbox *m, struct arena *a, deadline_ms until,
				    struct mail_folders *out, struct mailbox_fault *fault);

/*
 * To one of the folders of the API; made where there is none. Not DESTINATION_PURGES: see mailbox_delete. Flags and dates
 * stay as they are. *to_out: where it lies then. Done twice it is done once: the second time it is ERR_ABSENT.
 */
MUST_CHECK enum err mailbox_move(struct mailbox *m, struct arena *a, const struct mail_place *from,
				 enum destination to, deadline_ms until, struct mail_place *to_out,
				 struct mailbox_fault *fault);
/* To a folder by the provider's own name: back to where it was. */
MUST_CHECK enum err mailbox_move_back(struct mailbox *m, struct arena *a, const struct mail_place *from,
				      struct str folder, deadline_ms until, struct mail_place *to_out,
				      struct mailbox_fault *fault);
/*
 * The same for many at once, for providers that do so (mailbox_does_many): a few round trips
 * for all of them. Places are of one folder. Of the messages, up to MAILBOX_MANY, each is found, read or moved, or it is not,
 * which is no error: then nothing is known of it, and those above tell.
 */
#define MAILBOX_MANY 64
bool mailbox_does_many(const struct mailbox *m);
/* The same as far as it can be told before one is open. */
bool mailbox_may_do_many(const struct integration *i);
/* Those in the inbox that have one of these Message-IDs; ERR_LIMIT: there are many more of them. */
MUST_CHECK enum err mailbox_find_many(struct mailbox *m, struct arena *a, const struct strs *message_ids,
				      deadline_ms until, struct mail_items *out, struct mailbox_fault *fault);
/* Sees one of them, v[i]; what it sees lies in the arena. */
typedef void mailbox_each_fn(void *ctx, size_t i, struct str bytes, const struct mail_marks *marks);
/* Larger ones than most_bytes are not read. */
MUST_CHECK enum err mailbox_fetch_many(struct mailbox *m, struct arena *a, const struct mail_place *v,
				       size_t n, int64_t most_bytes, deadline_ms until, mailbox_each_fn *each,
				       void *ctx, struct mailbox_fault *fault);
/* to_out[i].folder is "" where v[i] was not moved. */
MUST_CHECK enum err mailbox_move_many(struct mailbox *m, struct arena *a, const struct mail_place *v,
				      size_t n, enum destination to, deadline_ms until,
				      struct mail_place *to_out, struct mailbox_fault *fault);
/*
 * Gone for its owner. Whoever calls this holds a copy. Where the provider keeps one that only an administrator reaches,
 * *to_out is its place, else both its names are "".
 */
MUST_CHECK enum err mailbox_delete(struct mailbox *m, struct arena *a, const struct mail_place *place,
				   deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
/*
 * Puts a message into a folder, by the provider's name, with its marks, as if it had never been away; IMAP: but for \Deleted,
 * with which it would go again. Where it lies there already, equal in bytes and date, nothing is added. The id in *to_out is ""
 * where the provider does not tell it and the message is not found.
 */
MUST_CHECK enum err mailbox_restore(struct mailbox *m, struct arena *a, struct str bytes,
				    const struct mail_marks *marks, struct str folder, deadline_ms until,
				    struct mail_place *to_out, struct mailbox_fault *fault);

/* The mailboxes there are, addresses, at most `most`. ERR_DENIED with TROUBLE_REFUSED: this provider does not tell. */
MUST_CHECK enum err mailbox_people(const struct mailbox_site *site, struct arena *a, size_t most,
				   deadline_ms until, struct strs *out, struct mailbox_fault *fault);

/* ---- connectors ---- */

/* One kind of provider. Functions are those above; what is open is its own. */
struct mailbox_connector {
	enum err (*open)(const struct mailbox_site *site, struct str address,
			 const struct mailbox_login *login, deadline_ms until, void **out,
			 struct mailbox_fault *fault);
	void (*close)(void *m);
	bool (*is_broken)(const void *m); /* NULL: never */
	enum err (*find)(void *m, struct arena *a, struct str message_id, deadline_ms until,
			 struct mail_items *out, struct mailbox_fault *fault);
	enum err (*find_in_inbox)(void *m, struct arena *a, struct str message_id, deadline_ms until,
				  struct mail_items *out, struct mailbox_fault *fault); /* NULL: no quicker */
	enum err (*changes)(void *m, struct arena *a, enum scan_folder folder, struct str cursor,
			    int64_t since_us, size_t most, deadline_ms until, struct mailbox_changes *out,
			    struct mailbox_fault *fault);
	enum err (*wait)(void *m, deadline_ms until, struct mailbox_fault *fault);
	enum err (*fetch)(void *m, struct arena *a, const struct mail_place *place, deadline_ms until,
			  struct str *bytes_out, struct mail_marks *marks_out, struct mailbox_fault *fault);
	enum err (*folders)(void *m, struct arena *a, deadline_ms until, struct mail_folders *out,
			    struct mailbox_fault *fault);
	enum err (*move)(void *m, struct arena *a, const struct mail_place *from, enum destination to,
			 deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
	enum err (*move_back)(void *m, struct arena *a, const struct mail_place *from, struct str folder,
			      deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
	enum err (*remove)(void *m, struct arena *a, const struct mail_place *place, deadline_ms until,
			   struct mail_place *to_out, struct mailbox_fault *fault);
	enum err (*restore)(void *m, struct arena *a, struct str bytes, const struct mail_marks *marks,
			    struct str folder, deadline_ms until, struct mail_place *to_out,
			    struct mailbox_fault *fault);
	enum err (*people)(const struct mailbox_site *site, struct arena *a, size_t most, deadline_ms until,
			   struct strs *out, struct mailbox_fault *fault);
	const struct mailbox_many *many; /* NULL: one at a time */
};

struct mailbox_many {
	bool (*offered)(const void *m); /* by this server */
	enum err (*find)(void *m, struct arena *a, const struct strs *message_ids, deadline_ms until,
			 struct mail_items *out, struct mailbox_fault *fault);
	enum err (*fetch)(void *m, struct arena *a, const struct mail_place *v, size_t n, int64_t most_bytes,
			  deadline_ms until, mailbox_each_fn *each, void *ctx, struct mailbox_fault *fault);
	enum err (*move)(void *m, struct arena *a, const struct mail_place *v, size_t n, enum destination to,
			 deadline_ms until, struct mail_place *to_out, struct mailbox_fault *fault);
};

extern const struct mailbox_connector mailbox_imap, mailbox_graph, mailbox_gmail;

#endif
