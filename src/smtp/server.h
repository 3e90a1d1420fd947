/*
 * The SMTP server (RFC 5321): sessions, commands, the end of DATA. It knows nothing of mail flow; what a
 * command means is decided by the handler (intake).
 */
#ifndef SMTP_SERVER_H
#define SMTP_SERVER_H

#include "base/ip.h"
#include "base/log.h"
#include "net/tls.h"
#include "smtp/reply.h"

#define SMTP_GREETING "ESMTP Postern" /* behind our name in the banner: by this a server knows itself */

/* What is known of the peer; belongs to the session. */
struct smtp_peer {
	struct ip ip;
	struct str helo; /* as given, UTF-8 without control characters, perhaps with blanks; "" before HELO */
	bool esmtp, tls;
	const char *tls_version; /* such as "TLSv1.3"; NULL without TLS */
};

struct smtp_mail_params {
	struct str from; /* without <>, "" = null sender */
	uint64_t size;   /* SIZE=, 0 = not given */
	bool body_8bit;  /* BODY=8BITMIME */
	bool smtputf8;
};

/*
 * One handler object per session, made by `open` with the server's ctx and ended by `close`. Calls come from
 * one thread at a time, in protocol order. `mail`, `rcpt` and `end` may take their time, of which server.threads do at
 * once; the others may not. A reply with code 0 is a bug.
 */
struct smtp_handler {
	void *(*open)(void *ctx, const struct smtp_peer *peer);
	struct smtp_reply (*mail)(void *session, const struct smtp_mail_params *params);
	struct smtp_reply (*rcpt)(void *session, struct str to);
	/* Before 354: code 354 lets the data come, anything else refuses. For the first BDAT too. */
	struct smtp_reply (*data)(void *session);
	/* Decoded content (dots unstuffed), in pieces. Anything but OK makes the rest be read and dropped. */
	enum err (*chunk)(void *session, struct str bytes);
	/*
	 * The message is complete; `until` is when our answer must be out, which may be over when there was no thread
	 * for so long. The reply ends the transaction.
	 */
	struct smtp_reply (*end)(void *session, int64_t until_ms);
	/*
	 * After end(): whether its reply went out to a peer that was still there. That is as much as can be known; the
	 * reply may be lost on its way. Of a peer that does not wait for replies the next mail may be under way by then,
	 * and of several that were answered at once only the last is told. May be NULL.
	 */
	void (*heard)(void *session, bool heard);
	/* Only after a MAIL that got 2xx and had no end(): RSET, a new EHLO, QUIT, a lost connection or a failed DATA: forget the transaction. */
	void (*reset)(void *session);
	void (*close)(void *session);
};

struct smtp_server_options {
	const char *hostname;    /* in the banner and EHLO */
	struct tls_context *tls; /* NULL: STARTTLS is not offered */
	uint64_t message_size;   /* bytes; SIZE */
	unsigned recipients;     /* of one mail; beyond: 452 4.5.3 */
	unsigned commands;       /* of one session, but for those that carried a mail forward; beyond: 421 */
	unsigned errors; /* 5xx replies in one session, but for those to a whole message; beyond: 421 */
	unsigned connections, connections_per_address; /* beyond: 421 4.7.0; an IPv6 /64 is one address */
	unsigned threads; /* handlers at work at once; net/listen.h shares them out */
	int idle_ms; /* between commands, and between pieces of data; a drip gets twice that for a whole mail */
	const struct smtp_handler *handler;
	void *handler_ctx;
	const struct log *log;
};

struct smtp_server;

/*
 * fds: listening sockets, owned by the caller, open until the server has stopped; they are made non-blocking. Starts
 * the threads. What `o` points to must outlive the server, but for `tls`, of which it takes a reference.
 */
MUST_CHECK enum err smtp_server_start(const struct smtp_server_options *o, const int *fds, size_t n,
				      struct smtp_server **out, struct errbuf *eb);
/*
 * Stops accepting, says 421 to idle sessions, waits for transactions until the deadline, then cuts.
 * A handler that is at work then is waited for: its calls have their own deadlines.
 */
void smtp_server_stop(struct smtp_server **s, int64_t until_ms);

#endif
