/*
 * HELO and EHLO (RFC 5321 §4.1.1.1), STARTTLS (RFC 3207).
 *
 * The name a client gives is wrong so often that it is kept and not checked, beyond its length and being text
 * (§4.1.4 forbids refusing mail for it).
 */

#include "base/limits.h"
#include "base/utf8.h"
#include "smtp/session.h"

/* Keeps the name and starts anew; false when it was refused. */
static bool greet(struct smtp_session *s, struct str name, bool esmtp)
{
	if (name.n >= sizeof(s->helo) || !utf8_is_valid(name)) {
		smtp_session_say(s, 501, "5.5.4 That is no name");
		return false;
	}
	smtp_session_reset(s); /* §4.1.4: as if RSET had been given */
	memcpy(s->helo, name.p, name.n);
	s->peer.helo = str_from(s->helo, name.n);
	s->peer.esmtp = esmtp;
	s->state = SMTP_READY;
	return true;
}

void smtp_cmd_helo(struct smtp_session *s, struct str args)
{
	if (greet(s, args, false))
		smtp_session_say(s, 250, s->o->hostname);
}

void smtp_cmd_ehlo(struct smtp_session *s, struct str args)
{
	char ip[IP_TEXT_MAX];

	if (!greet(s, args, true))
		return;
	struct smtp_reply r = smtp_reply_make(250,
					      "%s greets %s\nPIPELINING\nSIZE %llu\n8BITMIME\nSMTPUTF8\n"
					      "ENHANCEDSTATUSCODES\n%sCHUNKING",
					      s->o->hostname, ip_text(&s->peer.ip, ip).p,
					      (unsigned long long)s->o->message_size,
					      s->o->tls && !s->peer.tls ? "STARTTLS\n" : "");
	smtp_session_reply(s, &r);
}

void smtp_cmd_starttls(struct smtp_session *s, struct str args)
{
	(void)args;
	if (s->peer.tls) {
		smtp_session_say(s, 503, "5.5.1 TLS is on already");
		return;
	}
	if (!s->o->tls) {
		smtp_session_say(s, 502, "5.5.1 TLS is not offered");
		return;
	}
	/*
	 * It must be the last of its group (RFC 3207 §4). Who sends more waits for answers that nobody may give: somebody on the
	 * way put commands there (CVE-2011-0411), or the client is none.
	 */
	if (stream_buffered(s->stream).n) {
		smtp_session_say(s, 554,
				 "5.5.0 STARTTLS must be the last command before its answer, closing");
		s->closing = true;
		return;
	}
	smtp_session_say(s, 220, "2.0.0 Go ahead");
	/* All that was said in clear is forgotten (RFC 3207 §4.2). */
	s->starting_tls = true;
	s->state = SMTP_START;
	s->peer.helo = STR("");
	s->peer.esmtp = false;
}
