/*
 * A conversation with an IMAP server (RFC 9051, RFC 3501): connection, login, one command after the other, the folder that
 * is open.
 *
 * Whatever goes wrong is in the call's fault. A connection that is lost, silent beyond the deadline, or not in step any
 * more is broken for good: every command from then on is ERR_LATER with TROUBLE_CUT.
 */
#ifndef MAILBOX_IMAP_SESSION_H
#define MAILBOX_IMAP_SESSION_H

#include "base/buf.h"
#include "mailbox/imap_reply.h"
#include "mailbox/mailbox.h"
#include "net/stream.h"

/* What servers offer, and we use. */
#define IMAP_FEATURES(X)                                 \
	X(IMAP_STARTTLS, "STARTTLS")                     \
	X(IMAP_LOGINDISABLED, "LOGINDISABLED")           \
	X(IMAP_SASL_IR, "SASL-IR")                       \
	X(IMAP_AUTH_PLAIN, "AUTH=PLAIN")                 \
	X(IMAP_AUTH_OAUTHBEARER, "AUTH=OAUTHBEARER")     \
	X(IMAP_AUTH_XOAUTH2, "AUTH=XOAUTH2")             \
	X(IMAP_LITERAL_PLUS, "LITERAL+")                 \
	X(IMAP_UIDPLUS, "UIDPLUS")                       \
	X(IMAP_MOVE, "MOVE")                             \
	X(IMAP_IDLE, "IDLE")                             \
	X(IMAP_NAMESPACE, "NAMESPACE")                   \
	X(IMAP_LIST_EXTENDED, "LIST-EXTENDED")           \
	X(IMAP_LIST_STATUS, "LIST-STATUS")               \
	X(IMAP_SPECIAL_USE, "SPECIAL-USE")               \
	X(IMAP_CREATE_SPECIAL_USE, "CREATE-SPECIAL-USE") \
	X(IMAP_REV1, "IMAP4rev1")                        \
	X(IMAP_REV2, "IMAP4rev2")
ENUM_DECLARE(imap_feature, IMAP_FEATURES);

struct imap_opened {
	struct buf name; /* empty: no folder is open */
	bool writable;
	uint32_t uidvalidity, uidnext; /* 0 = not told; uidnext as of opening it */
	uint32_t exists;
	int64_t looked_ms; /* when the server was last asked what is new in it */
};

#define IMAP_STOPS 4

struct imap {
	const struct mailbox_tools *tools;
	struct stream *stream;
	bool broken;
	unsigned offers; /* a bit for each feature */
	unsigned tag;
	struct str secret;        /* the password, so that no text tells it; in own */
	struct arena *own;        /* as long as the session */
	struct arena *work;       /* of the call that is under way */
	struct arena *scratch;    /* of the last response */
	struct buf line;          /* its lines */
	struct buf out;           /* a command being put together … */
	size_t stops[IMAP_STOPS]; /* … where the server must say "+" before it goes on */
	size_t stops_n;
	struct str body;        /* … and its last literal, which may be a mail: not in out */
	struct str to_go;       /* what the server is told when it says "+"; "" = then it is out of step */
	struct imap_reply last; /* the end of the last command */
	struct imap_opened opened;
	uint32_t inbox_seen;          /* UIDNEXT of the inbox when it was looked through; 0 = never */
	bool named;                   /* these are known: */
	struct str prefix;            /* of the owner's own folders, such as "INBOX."; in own */
	struct strs others;           /* of folders that are not his: other people's, shared ones; in own */
	struct arena *list;           /* of the folders */
	struct imap_folders *folders; /* NULL: not asked for yet */
	int64_t listed_ms;            /* when they were; 0: something was made since */
};

/* One call of the interface. */
struct imap_call {
	struct imap *m;
	struct arena *a;    /* what is given back */
	struct arena *into; /* where literals go, as far as there is room: m->work, or a */
	deadline_ms until;
	struct mailbox_fault *fault;
};

MUST_CHECK enum err imap_session_open(const struct mailbox_site *site, struct str address,
				      const struct mailbox_login *login, deadline_ms until, struct imap **out,
				      struct mailbox_fault *fault);
void imap_session_close(struct imap **m);

static inline bool imap_offers(const struct imap *m, enum imap_feature f)
{
	return (m->offers >> f & 1) != 0;
}

/* ---- commands ---- */

/* Puts a command together; imap_run sends it. */
void imap_say(struct imap_call *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Any bytes, as what the grammar calls a string. */
void imap_say_string(struct imap_call *c, struct str s);
/* A mail, as the last thing of a command; it stays where it is until the command has run. */
void imap_say_body(struct imap_call *c, struct str bytes);

/* Sees each response that comes before the end. It points into memory that goes with the next one, but literals are in c->into. */
typedef void imap_each_fn(void *ctx, const struct imap_reply *r);
/*
 * Sends it and reads up to its end, which is in m->last until the next. OK: the server said OK. Else the fault says what it
 * said, by its code where it has one; without a code it is ERR_DENIED, TROUBLE_REFUSED.
 */
MUST_CHECK enum err imap_run(struct imap_call *c, imap_each_fn *each, void *ctx);

/* The parts of it, for what is no command and answer: IDLE, AUTHENTICATE. */
MUST_CHECK enum err imap_send(struct imap_call *c);
/* Bytes as they are. */
MUST_CHECK enum err imap_write(struct imap_call *c, struct str bytes);
/* Until the server says "+", or ends the command: then the fault says why. */
MUST_CHECK enum err imap_await_go(struct imap_call *c);
/* The next response, taken note of. */
MUST_CHECK enum err imap_read(struct imap_call *c, struct imap_reply *out);
/* Reads to the end of the command that was sent. */
MUST_CHECK enum err imap_finish(struct imap_call *c, imap_each_fn *each, void *ctx);
/* Waits until something can be read; OK as well when the deadline is over: *came_out says. */
MUST_CHECK enum err imap_wait_input(struct imap_call *c, deadline_ms until, bool *came_out);
/* The connection is of no more use. */
enum err imap_cut(struct imap_call *c, const char *why);

/* The server's words for people, made fit to be shown. */
#define IMAP_WORDS 300
const char *imap_words(const struct imap *m, struct str said, char out[IMAP_WORDS]);

/* Opens a folder, or looks again at it when it is open. ERR_ABSENT, TROUBLE_NO_FOLDER: there is none. */
MUST_CHECK enum err imap_select(struct imap_call *c, struct str folder, bool writable);
/* The same for what is done with a message that was found: a folder that was looked at a moment ago is not asked again. */
MUST_CHECK enum err imap_select_known(struct imap_call *c, struct str folder, bool writable);

/* Takes note of what a server offers: imap_open.c. */
void imap_note_features(struct imap *m, struct str words);

#endif
