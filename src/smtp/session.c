/*
 * The life of a session: greeting, one command after the other, goodbye.
 *
 * PIPELINING (RFC 2920): replies gather while whole commands are buffered, and go out before the session would wait.
 */
#include "smtp/session.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"

#define OUT_MAX (1 << 20) /* never reached: replies go out at OUT_SOON, and one command makes few */
#define OUT_SOON 8192
#define PATIENCE \
	2 /* idle times that a transaction may keep its thread waiting, and a second for each 1,000 bytes */

enum args { ARGS_NONE, ARGS_SOME, ARGS_ANY };

/* The commands, and all that dispatch knows of them. `mail`: a success carries a mail forward and is not limited. */
static const struct verb {
	struct str word;
	unsigned states;
	enum args args;
	bool mail;
	smtp_command_fn *run;
} verbs[] = {
	/* clang-format off */
	{ STR_INIT("BDAT"),     SMTP_ANY,                ARGS_ANY,  true,  smtp_cmd_bdat }, /* reads its chunk in any state */
	{ STR_INIT("DATA"),     SMTP_RCPT,               ARGS_NONE, true,  smtp_cmd_data },
	{ STR_INIT("EHLO"),     SMTP_ANY,                ARGS_SOME, false, smtp_cmd_ehlo },
	{ STR_INIT("EXPN"),     SMTP_ANY,                ARGS_ANY,  false, smtp_cmd_expn },
	{ STR_INIT("HELO"),     SMTP_ANY,                ARGS_SOME, false, smtp_cmd_helo },
	{ STR_INIT("HELP"),     SMTP_ANY,                ARGS_ANY,  false, smtp_cmd_help },
	{ STR_INIT("MAIL"),     SMTP_READY,              ARGS_SOME, true,  smtp_cmd_mail },
	{ STR_INIT("NOOP"),     SMTP_ANY,                ARGS_ANY,  false, smtp_cmd_noop },
	{ STR_INIT("QUIT"),     SMTP_ANY,                ARGS_NONE, false, smtp_cmd_quit },
	{ STR_INIT("RCPT"),     SMTP_MAIL | SMTP_RCPT,   ARGS_SOME, true,  smtp_cmd_rcpt },
	{ STR_INIT("RSET"),     SMTP_ANY,                ARGS_NONE, false, smtp_cmd_rset },
	{ STR_INIT("STARTTLS"), SMTP_START | SMTP_READY, ARGS_NONE, false, smtp_cmd_starttls },
	{ STR_INIT("VRFY"),     SMTP_ANY,                ARGS_SOME, false, smtp_cmd_vrfy },
	/* clang-format on */
};

struct smtp_session *smtp_session_new(struct smtp_shared *shared, int fd, const struct ip *ip)
{
	struct smtp_session *s = calloc(1, sizeof(*s));

	ASSERT(s);
	s->shared = shared;
	s->o = &shared->o;
	s->stream = stream_new(fd);
	s->state = SMTP_START;
	s->peer = (struct smtp_peer){ .ip = *ip, .helo = STR("") };
	buf_init(&s->out, OUT_MAX);
	return s;
}

void smtp_session_free(struct smtp_session **sp)
{
	struct smtp_session *s = *sp;

	*sp = NULL;
	smtp_session_reset(s);
	if (s->opened)
		s->o->handler->close(s->handler);
	stream_close(&s->stream);
	buf_free(&s->out);
	free(s);
}

void smtp_session_reset(struct smtp_session *s)
{
	if (s->state & SMTP_IN_MAIL) {
		s->o->handler->reset(s->handler);
		s->state = SMTP_READY;
	}
}

void smtp_session_reply(struct smtp_session *s, const struct smtp_reply *r)
{
	ASSERT(r->code >= 200 && r->code <= 599);
	smtp_reply_write(r, &s->out);
	s->code = r->code;
	s->closing |= r->code == 421;
}

void smtp_session_say(struct smtp_session *s, int code, const char *text)
{
	struct smtp_reply r = smtp_reply_make(code, "%s", text);

	smtp_session_reply(s, &r);
}

/* Until when the peer may let us wait from now on: neither silence nor a drip holds a thread for ever. */
static int64_t patience(const struct smtp_session *s, int64_t now)
{
	int64_t left = PATIENCE * (int64_t)s->o->idle_ms + (int64_t)s->content - s->waited_ms;

	return now + (left < s->o->idle_ms ? left : s->o->idle_ms);
}

void smtp_session_flush(struct smtp_session *s)
{
	int64_t now = clock_mono_ms();

	if (s->out.n > 0 && !s->lost && stream_write(s->stream, buf_str(&s->out), patience(s, now)))
		s->lost = true;
	buf_clear(&s->out);
	s->waited_ms += clock_mono_ms() - now;
}

bool smtp_session_wait(struct smtp_session *s)
{
	smtp_session_flush(s);
	if (s->lost)
		return false;
	int64_t now = clock_mono_ms();
	enum err e = stream_fill(s->stream, patience(s, now));
	s->waited_ms += clock_mono_ms() - now;
	if (e == ERR_LATER)
		smtp_session_say(s, 421, "4.4.2 Nothing came for too long, closing");
	else if (e)
		s->lost = true;
	return e == OK;
}

/* What goes out without waiting; false when some of it does not. */
static bool flush_some(struct smtp_session *s)
{
	size_t n;
	enum err e = stream_write_some(s->stream, buf_str(&s->out), &n);

	if (e && e != ERR_LATER)
		s->lost = true;
	if (n < s->out.n && e == ERR_LATER) {
		memmove(s->out.p, s->out.p + n, s->out.n - n);
		s->out.n -= n;
		return false;
	}
	buf_clear(&s->out);
	return true;
}

static void count(struct smtp_session *s, const struct verb *verb)
{
	if (s->code >= 500 && !s->judged && ++s->errors > s->o->errors) {
		smtp_session_say(s, 421, "4.7.0 Too many errors, closing");
		return;
	}
	if (verb && verb->mail && s->code < 400)
		return;
	if (++s->commands > s->o->commands && !s->closing)
		smtp_session_say(s, 421, "4.7.0 Too many commands, closing");
}

static const struct verb *verb_find(struct str word)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (str_eq_nocase(verbs[i].word, word))
			return &verbs[i];
	return NULL;
}

static bool has_controls(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') || line.p[i] == 127)
			return true;
	return false;
}

static void dispatch(struct smtp_session *s, struct str line)
{
	size_t space = str_find_char(line, ' ', 0);
	struct str args = str_trim(str_sub(line, space, line.n)); /* blanks at the end: RFC 5321 §4.1.1 */
	const struct verb *verb = verb_find(str_sub(line, 0, space));

	s->judged = false;
	if (has_controls(line))
		smtp_session_say(s, 500, "5.5.2 Control characters, or a line end that is not CRLF");
	else if (!verb)
		smtp_session_say(s, 500, "5.5.1 Command not known");
	else if (!(verb->states & s->state))
		smtp_session_say(s, 503,
				 s->state == SMTP_START ? "5.5.1 Say EHLO first" : "5.5.1 Not at this point");
	else if (verb->args == ARGS_NONE ? args.n > 0 : verb->args == ARGS_SOME && args.n == 0)
		smtp_session_say(
		    s, 501, args.n > 0 ? "5.5.4 This command has no parameters" : "5.5.4 Parameters needed");
	else
		verb->run(s, args);
	count(s, verb);
}

/* One buffered line; false when there is none. */
static bool take_line(struct smtp_session *s)
{
	struct str line;

	switch (stream_line(s->stream, LIMIT_SMTP_LINE, &line)) {
	case OK:
		dispatch(s, line);
		return true;
	case ERR_LIMIT:
		s->judged = false;
		smtp_session_say(s, 500, "5.5.2 Line too long");
		count(s, NULL);
		return true;
	case ERR_SYNTAX:
		s->judged = false;
		smtp_session_say(s, 500, "5.5.2 A line ends with CRLF, not with LF alone");
		count(s, NULL);
		return true;
	case ERR_LATER:
	case ERR_DENIED:
	case ERR_ABSENT:
	case ERR_CONFLICT:
	case ERR_BUG:
		break;
	}
	return false;
}

static enum listen_next shake_hands(struct smtp_session *s)
{
	switch (stream_tls_step(s->stream)) {
	case STREAM_WANT_READ:
		return LISTEN_READ;
	case STREAM_WANT_WRITE:
		return LISTEN_WRITE;
	case STREAM_FAILED:
		log_debug(s->o->log, "tls_failed", KV_C("side", "server"));
		break;
	case STREAM_DONE:
		s->handshaking = false;
		s->peer.tls = true;
		s->peer.tls_version = stream_tls_version(s->stream);
		return LISTEN_READ;
	}
	s->lost = true;
	return LISTEN_CLOSE;
}

/* Says goodbye as far as that goes without waiting. */
static enum listen_next part(struct smtp_session *s, const char *text)
{
	if (!s->lost && !s->handshaking) {
		if (text)
			smtp_session_say(s, 421, text);
		(void)flush_some(s);
	}
	return LISTEN_CLOSE;
}

/* Gets more input; false when the session has to wait for it, or for its replies to go out, without a thread. */
static bool await(struct smtp_session *s, enum listen_next *next_out)
{
	if (s->state & SMTP_IN_MAIL) {
		(void)smtp_session_wait(s); /* it is lost or closing when that fails */
		return true;
	}
	*next_out = LISTEN_WRITE;
	if (!flush_some(s))
		return false;
	if (s->lost)
		return true;
	*next_out = LISTEN_READ;
	enum err e = stream_fill(s->stream, STREAM_NOW);
	if (e == ERR_LATER) {
		stream_trim(s->stream);
		return false;
	}
	s->lost = e != OK;
	return true;
}

enum listen_next smtp_session_run(struct smtp_session *s, enum listen_why why)
{
	if (why != LISTEN_READY)
		return part(s, why == LISTEN_EXPIRED ? "4.4.2 Nothing came for too long, closing"
						     : "4.3.2 Going out of service, closing");
	if (!s->greeted) {
		struct smtp_reply hi = smtp_reply_make(220, "%s ESMTP Postern", s->o->hostname);
		smtp_session_reply(s, &hi);
		s->greeted = true;
	}
	for (;;) {
		if (s->handshaking) {
			enum listen_next next = shake_hands(s);
			if (s->handshaking || s->lost)
				return next;
		}
		if (s->lost || s->closing)
			return part(s, NULL);
		if (!(s->state & SMTP_IN_MAIL) && atomic_load(&s->shared->stopping))
			return part(s, "4.3.2 Going out of service, closing");
		if (s->out.n > OUT_SOON && !flush_some(s) && !(s->state & SMTP_IN_MAIL))
			return LISTEN_WRITE;
		if (take_line(s))
			continue;
		enum listen_next next;
		if (!await(s, &next))
			return next;
	}
}
