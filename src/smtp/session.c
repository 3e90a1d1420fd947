/*
 * The life of a session: greeting, one command after the other, goodbye.
 *
 * PIPELINING (RFC 2920): replies gather while there is input to be read, and go out before the session would wait, or
 * works.
 */
#include "smtp/session.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "base/limits.h"

#define OUT_MAX (1 << 20) /* never reached: replies go out at OUT_SOON, and one command makes few */
#define OUT_SOON 8192
#define PATIENCE \
	2 /* idle times that we may be kept waiting in a transaction, and a second for each 1,000 bytes */

enum args { ARGS_NONE, ARGS_SOME, ARGS_ANY };

/*
 * The commands, and all that dispatch knows of them. `mail`: a success carries a mail forward and is not limited.
 * `works`: it asks the handler for something that takes its time.
 */
static const struct verb {
	struct str word;
	unsigned states;
	enum args args;
	bool mail, works;
	smtp_command_fn *run;
} verbs[] = {
	/* clang-format off */
	{ STR_INIT("BDAT"),     SMTP_ANY,                ARGS_ANY,  true,  false, smtp_cmd_bdat }, /* reads its chunk in any state */
	{ STR_INIT("DATA"),     SMTP_RCPT,               ARGS_NONE, true,  false, smtp_cmd_data },
	{ STR_INIT("EHLO"),     SMTP_ANY,                ARGS_SOME, false, false, smtp_cmd_ehlo },
	{ STR_INIT("EXPN"),     SMTP_ANY,                ARGS_ANY,  false, false, smtp_cmd_expn },
	{ STR_INIT("HELO"),     SMTP_ANY,                ARGS_SOME, false, false, smtp_cmd_helo },
	{ STR_INIT("HELP"),     SMTP_ANY,                ARGS_ANY,  false, false, smtp_cmd_help },
	{ STR_INIT("MAIL"),     SMTP_READY,              ARGS_SOME, true,  true,  smtp_cmd_mail },
	{ STR_INIT("NOOP"),     SMTP_ANY,                ARGS_ANY,  false, false, smtp_cmd_noop },
	{ STR_INIT("QUIT"),     SMTP_ANY,                ARGS_NONE, false, false, smtp_cmd_quit },
	{ STR_INIT("RCPT"),     SMTP_MAIL | SMTP_RCPT,   ARGS_SOME, true,  true,  smtp_cmd_rcpt },
	{ STR_INIT("RSET"),     SMTP_ANY,                ARGS_NONE, false, false, smtp_cmd_rset },
	{ STR_INIT("STARTTLS"), SMTP_START | SMTP_READY, ARGS_NONE, false, false, smtp_cmd_starttls },
	{ STR_INIT("VRFY"),     SMTP_ANY,                ARGS_SOME, false, false, smtp_cmd_vrfy },
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

static void tell_heard(struct smtp_session *s, bool heard)
{
	if (s->answering && s->o->handler->heard)
		s->o->handler->heard(s->handler, heard);
	s->answering = false;
}

void smtp_session_free(struct smtp_session **sp)
{
	struct smtp_session *s = *sp;

	*sp = NULL;
	smtp_session_reset(s);
	tell_heard(s, false);
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
	s->input = SMTP_COMMANDS;
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
	tell_heard(s, !s->lost && !s->gone);
	return true;
}

void smtp_session_count(struct smtp_session *s)
{
	if (s->code >= 500 && !s->judged && ++s->errors > s->o->errors) {
		smtp_session_say(s, 421, "4.7.0 Too many errors, closing");
		return;
	}
	if (s->carries && s->code < 400)
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

/* The command of a line; NULL when it cannot be run, which is then said. */
static const struct verb *understand(struct smtp_session *s, struct str line, struct str *args_out)
{
	size_t space = str_find_char(line, ' ', 0);
	struct str args = str_trim(str_sub(line, space, line.n)); /* blanks at the end: RFC 5321 §4.1.1 */
	const struct verb *verb = verb_find(str_sub(line, 0, space));

	*args_out = args;
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
		return verb;
	return NULL;
}

static enum smtp_took run_line(struct smtp_session *s)
{
	struct str args;

	s->judged = s->carries = false;
	const struct verb *verb = understand(s, s->line, &args);
	if (verb && verb->works && !s->working)
		return SMTP_NEEDS_WORK;
	s->has_line = false;
	if (verb) {
		s->carries = verb->mail;
		verb->run(s, args);
	}
	if (s->input == SMTP_COMMANDS)
		smtp_session_count(s);
	return SMTP_SOME;
}

static enum smtp_took refuse_line(struct smtp_session *s, const char *why)
{
	s->judged = s->carries = false;
	smtp_session_say(s, 500, why);
	smtp_session_count(s);
	return SMTP_SOME;
}

static enum smtp_took take_line(struct smtp_session *s)
{
	if (s->has_line)
		return run_line(s);
	switch (stream_line(s->stream, LIMIT_SMTP_LINE, &s->line)) {
	case OK:
		s->has_line = true;
		return run_line(s);
	case ERR_LIMIT:
		return refuse_line(s, "5.5.2 Line too long");
	case ERR_SYNTAX:
		return refuse_line(s, "5.5.2 A line ends with CRLF, not with LF alone");
	case ERR_LATER:
	case ERR_DENIED:
	case ERR_ABSENT:
	case ERR_CONFLICT:
	case ERR_BUG:
		break;
	}
	return SMTP_NOTHING;
}

static enum smtp_took take_input(struct smtp_session *s)
{
	switch (s->input) {
	case SMTP_COMMANDS:
		return take_line(s);
	case SMTP_DATA:
		return smtp_data_take(s);
	case SMTP_CHUNK:
		return smtp_chunk_take(s);
	}
	return SMTP_NOTHING;
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

/* Gets more input; false when the session has to wait for it, or for its replies to go out. */
static bool await(struct smtp_session *s, enum listen_next *next_out)
{
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

static enum listen_next serve(struct smtp_session *s)
{
	enum listen_next next;

	for (;;) {
		if (s->starting_tls && !s->lost) {
			if (!flush_some(s))
				return LISTEN_WRITE;
			stream_tls_accept(s->stream, s->o->tls);
			s->starting_tls = false;
			s->handshaking = true;
		}
		if (s->handshaking) {
			next = shake_hands(s);
			if (s->handshaking || s->lost)
				return next;
		}
		if (s->lost || s->closing)
			return part(s, NULL);
		if (!(s->state & SMTP_IN_MAIL) && atomic_load(&s->shared->stopping))
			return part(s, "4.3.2 Going out of service, closing");
		if (s->out.n > OUT_SOON && !flush_some(s))
			return LISTEN_WRITE;
		switch (take_input(s)) {
		case SMTP_SOME:
			continue;
		case SMTP_NEEDS_WORK:
			(void)flush_some(s); /* what does not go now goes later */
			return s->lost ? LISTEN_CLOSE : LISTEN_WORK;
		case SMTP_NOTHING:
			if (!await(s, &next))
				return next;
		}
	}
}

/* How long we waited; false when that is too long for what came in a transaction: a drip is as bad as silence. */
static bool stop_waiting(struct smtp_session *s)
{
	if (s->waits_since_ms)
		s->waited_ms += clock_mono_ms() - s->waits_since_ms;
	s->waits_since_ms = 0;
	return !(s->state & SMTP_IN_MAIL) ||
	       s->waited_ms <= PATIENCE * (int64_t)s->o->idle_ms + (int64_t)s->content;
}

enum listen_next smtp_session_run(struct smtp_session *s, enum listen_why why)
{
	if (!stop_waiting(s) || why == LISTEN_EXPIRED)
		return part(s, "4.4.2 Nothing came for too long, closing");
	if (why == LISTEN_CROWDED)
		return part(s, "4.3.2 Others wait for a connection, closing");
	if (why == LISTEN_STOPPED && !(s->state & SMTP_IN_MAIL))
		return part(s, "4.3.2 Going out of service, closing");
	if (!s->greeted) {
		struct smtp_reply hi = smtp_reply_make(220, "%s " SMTP_GREETING, s->o->hostname);
		smtp_session_reply(s, &hi);
		s->greeted = true;
	}
	s->working = why == LISTEN_TURN;
	enum listen_next next = serve(s);
	if (next == LISTEN_READ || next == LISTEN_WRITE)
		s->waits_since_ms = clock_mono_ms();
	return next;
}
