/* The commands that only answer: EXPN, HELP, NOOP, QUIT, RSET, VRFY (RFC 5321 §4.1.1). */
#include "smtp/session.h"

void smtp_cmd_expn(struct smtp_session *s, struct str args)
{
	(void)args;
	smtp_session_say(s, 502, "5.5.1 Lists are not shown");
}

void smtp_cmd_help(struct smtp_session *s, struct str args)
{
	(void)args;
	smtp_session_say(s, 214, "2.0.0 This is a mail gateway; RFC 5321 tells how to speak to it");
}

void smtp_cmd_noop(struct smtp_session *s, struct str args)
{
	(void)args;
	smtp_session_say(s, 250, "2.0.0 Fine");
}

void smtp_cmd_quit(struct smtp_session *s, struct str args)
{
	(void)args;
	smtp_session_reset(s);
	smtp_session_say(s, 221, "2.0.0 Goodbye");
	s->closing = true;
}

void smtp_cmd_rset(struct smtp_session *s, struct str args)
{
	(void)args;
	smtp_session_reset(s);
	smtp_session_say(s, 250, "2.0.0 Forgotten");
}

/* RFC 5321 §3.5.3 and §7.3: 252 says that mail will be taken and delivery tried, and nothing else. */
void smtp_cmd_vrfy(struct smtp_session *s, struct str args)
{
	(void)args;
	smtp_session_say(s, 252, "2.5.0 Not verified; send some mail and see");
}
