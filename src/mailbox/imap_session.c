/* Sending commands, reading responses, and the folder that is open. */
#include "mailbox/imap_session.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"

#define LOOK_MS 250   /* how often a wait looks whether this program is ending */
#define FRESH_MS 1000 /* how long what a look at a folder told is taken for what it holds */

ENUM_DEFINE(imap_feature, IMAP_FEATURES);

enum err imap_cut(struct imap_call *c, const char *why)
{
	c->m->broken = true;
	return mailbox_fail(c->fault, ERR_LATER, TROUBLE_CUT, "%s", why);
}

static enum err lost(struct imap_call *c)
{
	return imap_cut(c, "The connection to the mailbox server was lost.");
}

static bool is_ending(const struct imap *m)
{
	return m->tools->ending && atomic_load(m->tools->ending);
}

/* After a wait that brought nothing. */
static enum err no_time(struct imap_call *c)
{
	return imap_cut(c, is_ending(c->m) ? "This program is ending."
					   : "The mailbox server did not answer in time.");
}

static deadline_ms next_look(deadline_ms until)
{
	return clock_earlier(until, clock_mono_ms() + LOOK_MS);
}

/* ---- reading ---- */

enum err imap_wait_input(struct imap_call *c, deadline_ms until, bool *came_out)
{
	*came_out = stream_has_input(c->m->stream);
	while (!*came_out) {
		if (is_ending(c->m))
			return no_time(c);
		if (clock_left_ms(until) == 0)
			return OK;
		enum err e = stream_fill(c->m->stream, next_look(until));
		if (e == ERR_ABSENT)
			return lost(c);
		*came_out = e == OK;
	}
	return OK;
}

/* There is something in the buffer then. */
static enum err fill(struct imap_call *c)
{
	bool came;
	enum err e = imap_wait_input(c, c->until, &came);

	if (!e && !came)
		return no_time(c);
	/* Decrypted bytes may still be inside TLS. */
	if (!e && str_is_empty(stream_buffered(c->m->stream)) && stream_fill(c->m->stream, c->until))
		return lost(c);
	return e;
}

/* Adds a line, without its end, to m->line. */
static enum err read_line(struct imap_call *c, size_t *from_out)
{
	struct imap *m = c->m;

	*from_out = m->line.n;
	for (;;) {
		enum err e = fill(c);
		if (e)
			return e;
		struct str got = stream_buffered(m->stream);
		size_t lf = str_find_char(got, '\n', 0);
		struct str piece = str_sub(got, 0, lf);
		buf_add(&m->line, piece);
		stream_take(m->stream, lf == SIZE_MAX ? got.n : lf + 1);
		if (!buf_ok(&m->line))
			return imap_cut(c, "The mailbox server gave an answer that is too long.");
		if (lf == SIZE_MAX)
			continue;
		if (m->line.n > *from_out && m->line.p[m->line.n - 1] == '\r')
			m->line.n--;
		return OK;
	}
}

/* What has no room is read and forgotten. */
static enum err read_literal(struct imap_call *c, uint64_t bytes, struct str *out)
{
	char *to = arena_has_room(c->into, bytes + 1) ? arena_alloc(c->into, bytes + 1) : NULL;

	*out = str_from(to, bytes);
	for (size_t n = 0; n < bytes;) {
		enum err e = fill(c);
		if (e)
			return e;
		struct str got = str_sub(stream_buffered(c->m->stream), 0, bytes - n);
		if (to)
			memcpy(to + n, got.p, got.n);
		stream_take(c->m->stream, got.n);
		n += got.n;
	}
	return OK;
}

static enum err read_text(struct imap_call *c, struct strs *literals)
{
	struct imap *m = c->m;
	uint64_t bytes;
	struct str literal;
	size_t from;

	buf_clear(&m->line);
	for (bool first = true;; first = false) {
		enum err e = read_line(c, &from);
		if (e || !imap_line_has_literal(str_sub(buf_str(&m->line), from, m->line.n), first, &bytes))
			return e;
		if (literals->n == LIMIT_IMAP_VALUES)
			return imap_cut(c, "The mailbox server gave an answer that is too long.");
		e = read_literal(c, bytes, &literal);
		if (e)
			return e;
		ARENA_PUSH(m->scratch, literals, literal);
		buf_add_char(&m->line, '\n');
	}
}

/* What any response may tell by the way. */
static void note(struct imap *m, const struct imap_reply *r)
{
	uint64_t number;

	if (r->kind == IMAP_UNTAGGED && r->numbered && str_eq_nocase(r->name, STR("EXISTS")))
		m->opened.exists = r->number;
	if (r->kind == IMAP_UNTAGGED && r->numbered && str_eq_nocase(r->name, STR("EXPUNGE")) &&
	    m->opened.exists > 0)
		m->opened.exists--;
	if (str_eq_nocase(r->name, STR("CAPABILITY")))
		imap_note_features(m, r->rest);
	if (str_eq_nocase(r->code, STR("CAPABILITY")))
		imap_note_features(m, r->code_rest);
	if (str_eq_nocase(r->code, STR("UIDVALIDITY")) && !str_to_u64(r->code_rest, UINT32_MAX, &number))
		m->opened.uidvalidity = (uint32_t)number;
	if (str_eq_nocase(r->code, STR("UIDNEXT")) && !str_to_u64(r->code_rest, UINT32_MAX, &number))
		m->opened.uidnext = (uint32_t)number;
}

enum err imap_read(struct imap_call *c, struct imap_reply *out)
{
	struct strs literals = { 0 };

	arena_reset(c->m->scratch);
	enum err e = read_text(c, &literals);
	if (e)
		return e;
	if (imap_reply_parse(c->m->scratch, buf_str(&c->m->line), &literals, out))
		return imap_cut(c, "The mailbox server gave an answer that breaks the protocol.");
	note(c->m, out);
	return OK;
}

/* ---- what servers say no with (RFC 9051 §7.1, RFC 5530) ---- */

static const struct {
	struct str code;
	enum err e;
	enum mailbox_trouble what;
} codes[] = {
	{ STR_INIT("AUTHENTICATIONFAILED"), ERR_DENIED, TROUBLE_LOGIN },
	/* The master user is right, but there is nobody he could be (RFC 5530 §3). */
	{ STR_INIT("AUTHORIZATIONFAILED"), ERR_DENIED, TROUBLE_NO_MAILBOX },
	{ STR_INIT("EXPIRED"), ERR_DENIED, TROUBLE_EXPIRED },
	{ STR_INIT("EXPUNGEISSUED"), ERR_ABSENT, TROUBLE_NO_MESSAGE },
	{ STR_INIT("INUSE"), ERR_LATER, TROUBLE_BUSY },
	{ STR_INIT("LIMIT"), ERR_LATER, TROUBLE_BUSY },
	{ STR_INIT("NONEXISTENT"), ERR_ABSENT, TROUBLE_NO_FOLDER },
	{ STR_INIT("NOPERM"), ERR_DENIED, TROUBLE_NO_CONSENT },
	{ STR_INIT("OVERQUOTA"), ERR_LATER, TROUBLE_BUSY },
	{ STR_INIT("SERVERBUG"), ERR_LATER, TROUBLE_BUSY },
	{ STR_INIT("TRYCREATE"), ERR_ABSENT, TROUBLE_NO_FOLDER },
	{ STR_INIT("UNAVAILABLE"), ERR_LATER, TROUBLE_BUSY },
};

const char *imap_words(const struct imap *m, struct str said, char out[IMAP_WORDS])
{
	size_t n = 0;

	if (m->secret.n && str_find(said, m->secret, 0) != SIZE_MAX)
		said = STR("(its words hold the password)");
	for (size_t at = 0; at < said.n && n + 5 < IMAP_WORDS;) {
		uint32_t cp = utf8_next(said, &at);
		n += utf8_encode(utf8_is_control(cp) ? ' ' : cp, out + n);
	}
	out[n] = 0;
	return out;
}

static enum err refused(struct imap_call *c, const struct imap_reply *r)
{
	char words[IMAP_WORDS];
	enum err e = ERR_DENIED;
	enum mailbox_trouble what = TROUBLE_REFUSED;

	for (size_t i = 0; i < ARRAY_LEN(codes); i++)
		if (str_eq_nocase(r->code, codes[i].code)) {
			e = codes[i].e;
			what = codes[i].what;
		}
	return mailbox_fail(c->fault, e, what, "The mailbox server said %.*s: %s",
			    STR_ARG(enum_text(&imap_status_names, (int)r->status)),
			    imap_words(c->m, r->text, words));
}

/* It closes the connection, and says why. */
static enum err said_goodbye(struct imap_call *c, const struct imap_reply *r)
{
	enum err e = refused(c, r);

	c->m->broken = true;
	if (e == ERR_DENIED && c->fault->what == TROUBLE_REFUSED) {
		c->fault->what = TROUBLE_CUT;
		e = ERR_LATER;
	}
	return e;
}

enum err imap_finish(struct imap_call *c, imap_each_fn *each, void *ctx)
{
	struct imap *m = c->m;
	char tag[16];
	int tag_n = snprintf(tag, sizeof(tag), "p%u", m->tag);

	for (;;) {
		enum err e = imap_read(c, &m->last);
		if (e)
			return e;
		if (m->last.kind == IMAP_TAGGED) {
			if (!str_eq(m->last.tag, str_from(tag, (size_t)tag_n)))
				return imap_cut(c, "The mailbox server answered what was not asked.");
			return m->last.status == IMAP_OK ? OK : refused(c, &m->last);
		}
		if (m->last.kind == IMAP_UNTAGGED && m->last.status == IMAP_BYE)
			return said_goodbye(c, &m->last);
		if (m->last.kind == IMAP_CONTINUE && str_is_empty(m->to_go))
			return imap_cut(c, "The mailbox server asks for more than there is.");
		if (m->last.kind == IMAP_CONTINUE && (e = imap_write(c, m->to_go)))
			return e;
		if (m->last.kind == IMAP_UNTAGGED && each)
			each(ctx, &m->last);
	}
}

/* ---- sending ---- */

void imap_say(struct imap_call *c, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (c->m->out.n == 0)
		buf_printf(&c->m->out, "p%u ", ++c->m->tag);
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ASSERT(n >= 0 && (size_t)n < sizeof(text)); /* what is long is a string */
	buf_add(&c->m->out, str_from(text, (size_t)n));
}

static bool is_quotable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || (unsigned char)s.p[i] > 126)
			return false;
	return s.n <= LIMIT_IMAP_NAME;
}

/* "{5+}" where the server need not be waited for. */
static void say_literal_mark(struct imap_call *c, size_t bytes)
{
	struct imap *m = c->m;
	bool plus = imap_offers(m, IMAP_LITERAL_PLUS);

	imap_say(c, "{%zu%s}\r\n", bytes, plus ? "+" : "");
	if (plus)
		return;
	ASSERT(m->stops_n < IMAP_STOPS);
	m->stops[m->stops_n++] = m->out.n;
}

void imap_say_string(struct imap_call *c, struct str s)
{
	if (!is_quotable(s)) {
		say_literal_mark(c, s.n);
		buf_add(&c->m->out, s);
		return;
	}
	buf_add_char(&c->m->out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_add_char(&c->m->out, '\\');
		buf_add_char(&c->m->out, s.p[i]);
	}
	buf_add_char(&c->m->out, '"');
}

void imap_say_body(struct imap_call *c, struct str bytes)
{
	say_literal_mark(c, bytes.n);
	c->m->body = bytes;
}

enum err imap_write(struct imap_call *c, struct str bytes)
{
	struct imap *m = c->m;

	while (bytes.n > 0) {
		size_t n;
		enum err e = stream_write_some(m->stream, bytes, &n);
		bytes = str_sub(bytes, n, bytes.n);
		if (e == ERR_ABSENT)
			return lost(c);
		if (e == OK || n > 0)
			continue;
		struct pollfd p = { .fd = stream_fd(m->stream), .events = POLLOUT };
		if (clock_left_ms(c->until) == 0 || is_ending(m))
			return no_time(c);
		(void)poll(&p, 1, clock_left_ms(next_look(c->until)));
	}
	return OK;
}

enum err imap_await_go(struct imap_call *c)
{
	struct imap_reply r;

	do {
		enum err e = imap_read(c, &r);
		if (e)
			return e;
		if (r.status == IMAP_BYE && r.kind == IMAP_UNTAGGED)
			return said_goodbye(c, &r);
	} while (r.kind == IMAP_UNTAGGED);
	c->m->last = r;
	return r.kind == IMAP_CONTINUE ? OK : refused(c, &r);
}

static enum err send_pieces(struct imap_call *c)
{
	struct imap *m = c->m;
	size_t at = 0;

	for (size_t i = 0; i <= m->stops_n; i++) {
		size_t end = i < m->stops_n ? m->stops[i] : m->out.n;
		enum err e = imap_write(c, str_sub(buf_str(&m->out), at, end));
		if (!e && i < m->stops_n)
			e = imap_await_go(c);
		if (e)
			return e;
		at = end;
	}
	if (str_is_empty(m->body))
		return OK;
	enum err e = imap_write(c, m->body);
	return e ? e : imap_write(c, STR("\r\n"));
}

enum err imap_send(struct imap_call *c)
{
	struct imap *m = c->m;
	enum err e;

	if (str_is_empty(m->body)) /* all of it in one packet, so the server wakes up once */
		buf_add(&m->out, STR("\r\n"));
	if (m->broken)
		e = lost(c);
	else if (!buf_ok(&m->out))
		e = mailbox_fail(c->fault, ERR_DENIED, TROUBLE_REFUSED,
				 "What would be sent to the mailbox server is too long.");
	else
		e = send_pieces(c);
	buf_clear(&m->out);
	m->stops_n = 0;
	m->body = STR_NONE;
	return e;
}

enum err imap_run(struct imap_call *c, imap_each_fn *each, void *ctx)
{
	enum err e = imap_send(c);

	return e ? e : imap_finish(c, each, ctx);
}

/* ---- folders ---- */

static bool is_open(const struct imap *m, struct str folder, bool writable)
{
	return m->opened.name.n && str_eq(buf_str(&m->opened.name), folder) &&
	       (m->opened.writable || !writable);
}

enum err imap_select_known(struct imap_call *c, struct str folder, bool writable)
{
	bool fresh = clock_mono_ms() < c->m->opened.looked_ms + FRESH_MS;

	return fresh && is_open(c->m, folder, writable) ? OK : imap_select(c, folder, writable);
}

enum err imap_select(struct imap_call *c, struct str folder, bool writable)
{
	struct imap *m = c->m;

	m->opened.looked_ms = clock_mono_ms();
	if (is_open(m, folder, writable)) {
		imap_say(c, "NOOP");
		return imap_run(c, NULL, NULL);
	}
	buf_clear(&m->opened.name);
	m->opened.uidvalidity = m->opened.uidnext = m->opened.exists = 0;
	imap_say(c, writable ? "SELECT " : "EXAMINE ");
	imap_say_string(c, folder);
	enum err e = imap_run(c, NULL, NULL);
	if (e == ERR_DENIED && c->fault->what == TROUBLE_REFUSED) {
		c->fault->what = TROUBLE_NO_FOLDER; /* what NO means to SELECT where it has no code */
		e = ERR_ABSENT;
	}
	if (e)
		return e;
	m->opened.writable = writable;
	buf_add(&m->opened.name, folder);
	if (!writable || !str_eq_nocase(m->last.code, STR("READ-ONLY")))
		return OK;
	return mailbox_fail(c->fault, ERR_DENIED, TROUBLE_NO_CONSENT, "The folder %.*s may only be read.",
			    STR_ARG(folder));
}
