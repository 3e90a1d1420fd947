/*
 * One SMTP session on the server's side: its state, its buffered replies, and what the commands share.
 * Private to smtp/.
 *
 * A session never waits for its peer: when there is nothing to read, or a reply does not go out, it gives its thread
 * back, also within a transaction and within the content of a mail. What takes long is the handler: before MAIL, RCPT
 * and the end of a mail the session asks for a thread to work in (net/listen.h).
 */
#ifndef SMTP_SESSION_H
#define SMTP_SESSION_H

#include <stdatomic.h>

#include "net/listen.h"
#include "net/stream.h"
#include "smtp/data.h"
#include "smtp/server.h"

/* One bit each, so that a command can name the states it is allowed in. */
enum smtp_state {
	SMTP_START = 1, /* no HELO or EHLO yet */
	SMTP_READY = 2,
	SMTP_MAIL = 4, /* a sender, no recipient */
	SMTP_RCPT = 8,
	SMTP_BDAT = 16, /* some content came as chunks, and more will */
};
#define SMTP_HELO_MAX 256 /* RFC 5321 §4.5.3.1.2, and one for the end */

/* How the next bytes of the peer are read. */
enum smtp_input { SMTP_COMMANDS, SMTP_DATA, SMTP_CHUNK };

/* What came of an attempt to take some of what is buffered. */
enum smtp_took { SMTP_NOTHING, SMTP_SOME, SMTP_NEEDS_WORK };

#define SMTP_IN_MAIL (SMTP_MAIL | SMTP_RCPT | SMTP_BDAT)
#define SMTP_ANY (SMTP_START | SMTP_READY | SMTP_IN_MAIL)

/* A chunk of BDAT on its way in. */
struct smtp_chunk {
	uint64_t size, left;
	bool last;
	bool wanted; /* else it is read and dropped */
};

/* What the sessions of a server share. */
struct smtp_shared {
	struct smtp_server_options o;
	struct log_quota too_large; /* lines about mail that was */
	atomic_bool stopping;
};

struct smtp_session {
	struct smtp_shared *shared;
	const struct smtp_server_options *o;
	struct stream *stream;
	struct smtp_peer peer;
	char helo[SMTP_HELO_MAX];
	void *handler; /* what the handler's open gave */
	bool opened;
	enum smtp_state state;
	bool greeted;
	bool starting_tls; /* after 220 to STARTTLS, until that has gone out */
	bool handshaking;  /* from then to the end of the handshake */
	bool working;      /* in a thread that it may keep */
	bool closing;      /* after the replies have gone out */
	bool lost;         /* the connection is broken: nothing more goes out */
	enum smtp_input input;
	struct str line; /* a command taken and not run yet, in the stream's buffer */
	bool has_line;
	unsigned commands, errors;
	int code;       /* of the last reply */
	bool answering; /* the reply to a whole message is not known to have gone out */
	bool gone;      /* its peer had gone before */
	bool judged;    /* that reply was about a whole message, so a refusal is no error of the peer's */
	bool carries;   /* the command carries a mail forward: a success is not counted */
	/* the transaction */
	bool smtputf8;
	unsigned recipients;
	struct smtp_decoder decoder;
	struct smtp_chunk chunk;
	int64_t waited_ms;      /* for the peer, since MAIL */
	int64_t waits_since_ms; /* while it waits; 0 = it does not */
	uint64_t content;       /* bytes of content so far, also of refused content */
	enum err content_err;   /* once not OK, content is dropped */
	int64_t answer_by_ms;   /* once all of it is there; 0 = it is not */
	struct buf out;         /* replies that have not gone out */
};

struct smtp_session *smtp_session_new(struct smtp_shared *shared, int fd, const struct ip *ip);
enum listen_next smtp_session_run(struct smtp_session *s, enum listen_why why);
void smtp_session_free(struct smtp_session **s);

/* ---- for the commands ---- */

/* Buffers a reply; 421 also closes the session. */
void smtp_session_reply(struct smtp_session *s, const struct smtp_reply *r);
void smtp_session_say(struct smtp_session *s, int code, const char *text);
/* A command, with its content where it has some, is answered: the limits are looked at. */
void smtp_session_count(struct smtp_session *s);
/* Forgets the transaction, also in the handler. */
void smtp_session_reset(struct smtp_session *s);

/* Content of DATA and BDAT alike (content.c). */
bool smtp_content_begin(struct smtp_session *s); /* asks the handler; false: it was refused and answered */
void smtp_content_add(struct smtp_session *s, struct str bytes);
/* All of it is there, from when on time counts for our answer; false: this thread may not work on that. */
bool smtp_content_may_end(struct smtp_session *s);
void smtp_content_end(struct smtp_session *s); /* answers, and ends the transaction */
/* Says in the log that a mail was refused for its size. */
void smtp_content_tell_too_large(struct smtp_session *s);
/* So much refused content that reading on only serves the peer: it was answered, and the session closes. */
bool smtp_content_is_hopeless(struct smtp_session *s, uint64_t more);
/* Some of the content that is buffered (cmd_data.c, cmd_bdat.c). */
enum smtp_took smtp_data_take(struct smtp_session *s), smtp_chunk_take(struct smtp_session *s);

typedef void smtp_command_fn(struct smtp_session *s, struct str args);
smtp_command_fn smtp_cmd_bdat, smtp_cmd_data, smtp_cmd_ehlo, smtp_cmd_expn, smtp_cmd_helo, smtp_cmd_help,
    smtp_cmd_mail, smtp_cmd_noop, smtp_cmd_quit, smtp_cmd_rcpt, smtp_cmd_rset, smtp_cmd_starttls,
    smtp_cmd_vrfy;

#endif
