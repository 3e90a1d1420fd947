/*
 * The client side of SMTP: one connection to a next hop, blocking with deadlines.
 *
 * Every call gives the next hop's reply. A lost connection, a timeout or a broken reply is code 451 of our
 * own making with `relay_is_broken()` true from then on; the caller closes it.
 */
#ifndef SMTP_RELAY_H
#define SMTP_RELAY_H

#include "base/log.h"
#include "net/tls.h"
#include "smtp/reply.h"

enum relay_tls {
	RELAY_TLS_MAY, /* STARTTLS when offered and working, else in clear; certificates are not verified (RFC
			  7435) */
	RELAY_TLS_MUST, /* no STARTTLS: 451 4.7.10, no address or content is sent in clear */
};

struct relay_options {
	struct str host; /* name or address, as in a domain's transport; no brackets */
	uint16_t port;
	enum relay_tls tls;
	struct tls_context *tls_context; /* client side */
	const char *hostname;            /* for EHLO */
	const struct str *source_ip;     /* NULL: any */
	int64_t connect_until_ms;        /* connect, banner, EHLO and STARTTLS */
};

struct relay_features {
	bool size, eight_bit, smtputf8, chunking, pipelining, tls;
	uint64_t size_max; /* 0 = not said */
};

struct relay;

/*
 * Connects and says EHLO (HELO where that is refused). On failure *out is NULL and *reply_out says why,
 * always as 4xx: a hop that will not talk to us says nothing about the mail. What `o` points to must outlive
 * the call only.
 */
MUST_CHECK enum err relay_open(const struct relay_options *o, struct relay **out,
			       struct smtp_reply *reply_out);
const struct relay_features *relay_features(const struct relay *r);
bool relay_is_broken(const struct relay *r);

/*
 * An address that could break out of its line or brackets is 501 without being sent. SIZE and BODY are given
 * where the hop offers them; 8-bit content goes to a hop without 8BITMIME as it is (rewriting would break
 * signatures); a mail that needs SMTPUTF8 is 550 5.6.7 where the hop lacks it (RFC 6531 §3.5). A reply of 421
 * is passed on and breaks the relay.
 */
struct smtp_reply relay_mail(struct relay *r, struct str from, uint64_t size, bool body_8bit, bool smtputf8,
			     int64_t until_ms);
struct smtp_reply relay_rcpt(struct relay *r, struct str to, int64_t until_ms);
struct smtp_reply relay_reset(struct relay *r, int64_t until_ms);

/*
 * DATA: begin, pieces, end. Dots are stuffed. A '.' that follows a bare CR or bare LF gets that line end
 * completed to CRLF first, so that no receiver can be told that the mail ends there; other bytes pass as they
 * are (smtp/stuff.h). relay_data is good with 354 only; once it is, the message can only be ended or the
 * relay closed (a RSET then breaks it). What the hop says before the final dot is not taken for its answer to it.
 */
struct smtp_reply relay_data(struct relay *r, int64_t until_ms);
MUST_CHECK enum err relay_chunk(struct relay *r, struct str bytes, int64_t until_ms);
struct smtp_reply relay_end(struct relay *r, int64_t until_ms);

/* QUIT without waiting, and close. */
void relay_close(struct relay **r);

#endif
