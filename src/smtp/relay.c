/*
 * The dialogue with a next hop. Connecting, EHLO and STARTTLS are relay_open.c.
 *
 * Small mail costs one write: content is gathered in a buffer that goes out when it is full or the mail ends.
 */
#include "smtp/relay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "smtp/relay_internal.h"

bool relay_is_broken(const struct relay *r)
{
	return r->broken;
}

static struct smtp_reply break_off(struct relay *r, const char *why)
{
	r->broken = true;
	r->n = 0;
	return smtp_reply_make(451, "4.4.2 %s", why);
}

void relay_put(struct relay *r, const char *fmt, ...)
{
	size_t room = sizeof(r->out) - r->n;
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(r->out + r->n, room, fmt, ap);
	va_end(ap);
	ASSERT(n >= 0 && (size_t)n < room); /* callers have bounded what goes in */
	r->n += (size_t)n;
}

static enum err flush(struct relay *r, int64_t until_ms)
{
	enum err e = stream_write(r->stream, str_from(r->out, r->n), until_ms);

	r->n = 0;
	return e;
}

struct smtp_reply relay_read(struct relay *r, relay_line_fn *each, int64_t until_ms)
{
	struct smtp_reply_reader reader = { .n = 0 };
	struct str line;

	for (bool done = false; !done;) {
		enum err e = stream_line_wait(r->stream, LIMIT_SMTP_LINE, until_ms, &line);
		if (e == ERR_LATER)
			return break_off(r, "the next hop did not answer in time");
		if (e == ERR_ABSENT)
			return break_off(r, "the next hop closed the connection");
		if (e || smtp_reply_read(&reader, line, &done))
			return break_off(r, "the next hop gave a reply that breaks the protocol");
		if (each && reader.lines > 1)
			each(r, str_sub(line, 4, line.n));
	}
	if (reader.reply.code == 421) /* it closes the connection (RFC 5321 §3.8) */
		r->broken = true;
	return reader.reply;
}

/* Something has come, or the end. */
static bool has_unasked(struct relay *r)
{
	return stream_has_input(r->stream) || stream_fill(r->stream, STREAM_NOW) != ERR_LATER;
}

/* Whatever comes before we have spoken is a goodbye, or we have lost step: it is not the answer to what we say. */
static struct smtp_reply read_unasked(struct relay *r)
{
	struct smtp_reply reply = relay_read(r, NULL, clock_mono_ms());

	return r->broken ? reply : break_off(r, "the next hop spoke out of turn");
}

/*
 * What is there before the final dot, when the connection is lost or the hop has spoken. It cannot have taken the mail, so
 * it may say no: one that finds a mail too large does, and closes.
 */
static struct smtp_reply read_refusal(struct relay *r)
{
	struct smtp_reply reply = relay_read(r, NULL, clock_mono_ms());

	if (reply.code < 400)
		return break_off(r, "the next hop spoke out of turn");
	r->broken = true;
	return reply;
}

struct smtp_reply relay_exchange(struct relay *r, relay_line_fn *each, int64_t until_ms)
{
	if (r->broken)
		return break_off(r, "the connection to the next hop is lost");
	if (r->ahead > 0) {
		r->ahead--;
		return relay_read(r, each, until_ms);
	}
	if (has_unasked(r))
		return read_unasked(r);
	if (flush(r, until_ms))
		return break_off(r, "the next hop does not take what is sent to it");
	return relay_read(r, each, until_ms);
}

/* A reply must be of the class its command may have; 3xx to all but DATA means that we have lost step. */
static struct smtp_reply final_exchange(struct relay *r, int64_t until_ms)
{
	struct smtp_reply reply = relay_exchange(r, NULL, until_ms);

	if (reply.code >= 300 && reply.code < 400)
		return break_off(r, "the next hop gave a reply that breaks the protocol");
	return reply;
}

/* Whether the address may stand between < and > of a command line without ending either. */
static bool is_sendable(struct str address)
{
	bool quoted = false;

	if (address.n > RELAY_ADDRESS_MAX)
		return false;
	for (size_t i = 0; i < address.n; i++) {
		unsigned char c = (unsigned char)address.p[i];
		if (c < ' ' || c == 127 || (!quoted && (c == ' ' || c == '<' || c == '>')))
			return false;
		if (c == '"')
			quoted = !quoted;
		else if (quoted && c == '\\')
			i++;
	}
	return !quoted;
}

static struct smtp_reply not_sendable(void)
{
	return smtp_reply_make(501, "5.1.3 The address cannot be sent");
}

static uint64_t size_to_say(const struct relay *r, const struct relay_sender *sender)
{
	uint64_t most = sender->size + sender->growth, limit = r->features.size_max;

	return limit && sender->size <= limit && most > limit ? limit : most;
}

static void put_mail(struct relay *r, const struct relay_sender *sender)
{
	relay_put(r, "MAIL FROM:<%.*s>", STR_ARG(sender->from));
	if (sender->size > 0 && r->features.size)
		relay_put(r, " SIZE=%llu", (unsigned long long)size_to_say(r, sender));
	if (sender->body_8bit && r->features.eight_bit)
		relay_put(r, " BODY=8BITMIME");
	if (sender->smtputf8)
		relay_put(r, " SMTPUTF8");
	relay_put(r, "\r\n");
}

static void put_rcpt(struct relay *r, struct str to)
{
	relay_put(r, "RCPT TO:<%.*s>\r\n", STR_ARG(to));
}

void relay_say_ahead(struct relay *r, const struct relay_sender *sender, const struct strs *to,
		     int64_t until_ms)
{
	bool fits = r->features.pipelining && to->n <= RELAY_AHEAD_MAX && is_sendable(sender->from) &&
		    (!sender->smtputf8 || r->features.smtputf8);

	for (size_t i = 0; i < to->n && fits; i++)
		fits = is_sendable(to->v[i]);
	if (!fits || r->broken || has_unasked(r))
		return;
	put_mail(r, sender);
	for (size_t i = 0; i < to->n; i++)
		put_rcpt(r, to->v[i]);
	relay_put(r, "DATA\r\n");
	r->ahead = to->n + 2;
	if (flush(r, until_ms))
		r->broken = true;
}

struct smtp_reply relay_mail(struct relay *r, const struct relay_sender *sender, int64_t until_ms)
{
	if (!is_sendable(sender->from))
		return not_sendable();
	if (sender->smtputf8 && !r->features.smtputf8)
		return smtp_reply_make(550, "5.6.7 The next hop does not take internationalized mail");
	if (!r->ahead)
		put_mail(r, sender);
	return final_exchange(r, until_ms);
}

struct smtp_reply relay_rcpt(struct relay *r, struct str to, int64_t until_ms)
{
	if (!is_sendable(to))
		return not_sendable();
	if (!r->ahead)
		put_rcpt(r, to);
	return final_exchange(r, until_ms);
}

struct smtp_reply relay_reset(struct relay *r, int64_t until_ms)
{
	while (r->ahead > 0 && !r->broken)
		r->in_data = relay_exchange(r, NULL, until_ms).code == 354;
	if (r->in_data)
		return break_off(r, "the mail was not ended");
	relay_put(r, "RSET\r\n");
	return final_exchange(r, until_ms);
}

struct smtp_reply relay_data(struct relay *r, int64_t until_ms)
{
	r->stuffer = (struct smtp_stuffer){ STUFF_LINE_START };
	if (!r->ahead)
		relay_put(r, "DATA\r\n");
	struct smtp_reply reply = relay_exchange(r, NULL, until_ms);
	if (reply.code < 400 && reply.code != 354)
		return break_off(r, "the next hop gave a reply that breaks the protocol");
	r->in_data = reply.code == 354;
	return reply;
}

enum err relay_chunk(struct relay *r, struct str bytes, int64_t step_ms, int64_t until_ms)
{
	while (bytes.n > 0) {
		if (r->broken)
			return ERR_LATER;
		r->n += smtp_stuff(&r->stuffer, &bytes, r->out + r->n, sizeof(r->out) - RELAY_RESERVE - r->n);
		if (bytes.n == 0)
			break;
		if (flush(r, clock_earlier(clock_mono_ms() + step_ms, until_ms)))
			r->broken = true;
	}
	return OK;
}

struct smtp_reply relay_end(struct relay *r, int64_t until_ms)
{
	bool was_in_data = r->in_data;

	r->in_data = false;
	if (was_in_data && (r->broken || has_unasked(r)))
		return read_refusal(r);
	if (!r->broken)
		r->n += smtp_stuff_end(&r->stuffer, r->out + r->n);
	return final_exchange(r, until_ms);
}

void relay_close(struct relay **rp)
{
	struct relay *r = *rp;
	size_t n;

	*rp = NULL;
	if (!r)
		return;
	/* When it does not go out at once, closing says the same. */
	if (!r->broken && !r->in_data && stream_write_some(r->stream, STR("QUIT\r\n"), &n))
		r->broken = true;
	stream_close(&r->stream);
	free(r);
}
