/*
 * The client side of SMTP: one connection to a next hop, blocking with deadlines.
 *
 * Every call gives the next hop's reply. A lost connection, a timeout or a broken reply is code 451 of our
 * own making with `relay_is_broken()` true from then on; the caller closes it.
 */
#ifndef SMTP_RELAY_H
#define SMTP_RELAY_H

#include "base/ip.h"
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
	const struct ip
	    *addresses; /* of the host, tried in order; none: the host is an address or a local name */
	size_t addresses_n;
	enum relay_tls tls;
	struct tls_context *tls_context; /* client side */
	const char *hostname;            /* for EHLO */
	int64_t connect_until_ms;        /* connect, banner, EHLO and STARTTLS */
};

struct relay;

/*
 * Connects and says EHLO (HELO where that is refused). On failure *out is NULL and *reply_out says why in words
 * fit for any sender, always as 4xx: a hop that will not talk to us says nothing about the mail. Where it is and what
 * it said is in `detail`, for the log. A hop that turns out to be this very server is 451 4.4.6. What `o` points to
 * must outlive the call only.
 */
MUST_CHECK enum err relay_open(const struct relay_options *o, struct relay **out,
			       struct smtp_reply *reply_out, struct errbuf *detail);
bool relay_is_broken(const struct relay *r);

struct relay_sender {
	struct str from;
	uint64_t size;   /* as far as it is known, 0 = it is not */
	uint64_t growth; /* by which the mail may become longer */
	bool body_8bit, smtputf8;
};

/*
 * An address that could break out of its line or brackets is 501 without being sent. SIZE and BODY are given
 * where the hop offers them; a size that fits the hop's limit is not made too large for it by what may come to it. 8-bit
 * content goes to a hop without 8BITMIME as it is (rewriting would break signatures); a mail that needs SMTPUTF8 is
 * 550 5.6.7 where the hop lacks it (RFC 6531 §3.5). A reply of 421 is passed on and breaks the relay.
 */
struct smtp_reply relay_mail(struct relay *r, const struct relay_sender *sender, int64_t until_ms);
struct smtp_reply relay_rcpt(struct relay *r, struct str to, int64_t until_ms);
struct smtp_reply relay_reset(struct relay *r, int64_t until_ms);
/*
 * Says MAIL, RCPT for each and DATA at once, where the hop takes that (RFC 2920); the calls for them, in this order, then
 * say nothing and read their replies. Whoever does not come to the last one says RSET, which reads what is left. Where
 * the hop goes on to content that nobody is to get, that breaks the relay.
 */
void relay_say_ahead(struct relay *r, const struct relay_sender *sender, const struct strs *to,
		     int64_t until_ms);

/*
 * DATA: begin, pieces, end. Dots are stuffed. A '.' that follows a bare CR or bare LF gets that line end
 * completed to CRLF first, so that no receiver can be told that the mail ends there; other bytes pass as they
 * are (smtp/stuff.h). relay_data is good with 354 only; once it is, the message can only be ended or the
 * relay closed (a RSET then breaks it). What the hop says before the final dot is not taken for its answer to it,
 * unless it is a no.
 * A hop that goes on reading, however slowly, may take until until_ms; one that reads nothing for step_ms is broken.
 */
struct smtp_reply relay_data(struct relay *r, int64_t until_ms);
MUST_CHECK enum err relay_chunk(struct relay *r, struct str bytes, int64_t step_ms, int64_t until_ms);
struct smtp_reply relay_end(struct relay *r, int64_t until_ms);

/* QUIT without waiting, and close. */
void relay_close(struct relay **r);

#endif
