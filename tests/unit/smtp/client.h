/* A scripted SMTP client on loopback, and a handler that writes down what it is told. */
#ifndef TEST_CLIENT_H
#define TEST_CLIENT_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/stream.h"
#include "smtp/server.h"

#define CLIENT_MS 20000

/*
 * Every address decides the answer by how it starts: "deny" 550, "later" 451, "hangup" 421. As the sender: "nodata"
 * refuses DATA, "nochunk" the content, "noend" the message, "gate" waits for the gate at the end.
 */
struct recorder {
	pthread_mutex_t lock; /* guards all */
	pthread_cond_t changed;
	char log[4096];     /* one letter a call: o m r d e x c (open mail rcpt data end reset close) */
	struct buf content; /* of the last message */
	char helo[300], from[300];
	struct smtp_mail_params params;
	bool tls, gate_open;
	int waiting; /* sessions at the gate */
	unsigned ended, heard, unheard;
	int64_t until_ms; /* of the last end */
};

struct recorder_session {
	struct recorder *r;
	const struct smtp_peer *peer;
	struct buf content;
	char from[300];
};

static inline void recorder_note(struct recorder *r, char c)
{
	pthread_mutex_lock(&r->lock);
	size_t n = strlen(r->log);
	if (n + 1 < sizeof(r->log))
		r->log[n] = c;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

static inline struct smtp_reply recorder_answer(struct str address, int ok, const char *text)
{
	if (str_starts(address, STR("deny")))
		return smtp_reply_make(550, "5.7.1 denied");
	if (str_starts(address, STR("later")))
		return smtp_reply_make(451, "4.3.0 later");
	if (str_starts(address, STR("hangup")))
		return smtp_reply_make(421, "4.3.0 bye");
	return smtp_reply_make(ok, "%s", text);
}

static inline void *recorder_open(void *ctx, const struct smtp_peer *peer)
{
	struct recorder_session *s = calloc(1, sizeof(*s));

	*s = (struct recorder_session){ .r = ctx, .peer = peer };
	buf_init(&s->content, 1 << 26);
	recorder_note(ctx, 'o');
	return s;
}

static inline struct smtp_reply recorder_mail(void *session, const struct smtp_mail_params *p)
{
	struct recorder_session *s = session;

	snprintf(s->from, sizeof(s->from), "%.*s", STR_ARG(p->from));
	buf_clear(&s->content);
	pthread_mutex_lock(&s->r->lock);
	snprintf(s->r->from, sizeof(s->r->from), "%s", s->from);
	snprintf(s->r->helo, sizeof(s->r->helo), "%.*s", STR_ARG(s->peer->helo));
	s->r->tls = s->peer->tls && s->peer->tls_version;
	s->r->params = *p;
	pthread_mutex_unlock(&s->r->lock);
	recorder_note(s->r, 'm');
	return recorder_answer(p->from, 250, "2.1.0 sender");
}

static inline struct smtp_reply recorder_rcpt(void *session, struct str to)
{
	struct recorder_session *s = session;

	recorder_note(s->r, 'r');
	return recorder_answer(to, 250, "2.1.5 recipient");
}

static inline struct smtp_reply recorder_data(void *session)
{
	struct recorder_session *s = session;

	recorder_note(s->r, 'd');
	if (str_starts(str_of(s->from), STR("nodata")))
		return smtp_reply_make(554, "5.0.0 no data");
	return smtp_reply_make(354, "go");
}

static inline enum err recorder_chunk(void *session, struct str bytes)
{
	struct recorder_session *s = session;

	buf_add(&s->content, bytes);
	return str_starts(str_of(s->from), STR("nochunk")) ? ERR_LATER : OK;
}

static inline struct smtp_reply recorder_end(void *session, int64_t until_ms)
{
	struct recorder_session *s = session;
	struct recorder *r = s->r;

	recorder_note(r, 'e');
	pthread_mutex_lock(&r->lock);
	if (str_starts(str_of(s->from), STR("gate"))) {
		r->waiting++;
		pthread_cond_broadcast(&r->changed);
		while (!r->gate_open)
			pthread_cond_wait(&r->changed, &r->lock);
	}
	buf_clear(&r->content);
	buf_add(&r->content, buf_str(&s->content));
	r->ended++;
	r->until_ms = until_ms;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
	if (str_starts(str_of(s->from), STR("noend")))
		return smtp_reply_make(554, "5.7.1 not this");
	return smtp_reply_make(clock_left_ms(until_ms) > 0 ? 250 : 451, "2.6.0 taken");
}

static inline void recorder_heard(void *session, bool heard)
{
	struct recorder *r = ((struct recorder_session *)session)->r;

	pthread_mutex_lock(&r->lock);
	r->heard += heard;
	r->unheard += !heard;
	pthread_mutex_unlock(&r->lock);
}

static inline void recorder_reset(void *session)
{
	recorder_note(((struct recorder_session *)session)->r, 'x');
}

static inline void recorder_close(void *session)
{
	struct recorder_session *s = session;

	recorder_note(s->r, 'c');
	buf_free(&s->content);
	free(s);
}

static const struct smtp_handler recorder_handler = {
	recorder_open, recorder_mail,  recorder_rcpt,  recorder_data,  recorder_chunk,
	recorder_end,  recorder_heard, recorder_reset, recorder_close,
};

static inline void recorder_init(struct recorder *r)
{
	*r = (struct recorder){ .gate_open = false };
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->changed, NULL);
	buf_init(&r->content, 1 << 26);
}

/* Waits until a session stands at the gate. */
static inline void recorder_wait_gate(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	while (r->waiting == 0)
		pthread_cond_wait(&r->changed, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

static inline void recorder_open_gate(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	r->gate_open = true;
	pthread_cond_broadcast(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

/* ---- the client ---- */

static inline struct stream *client_open(uint16_t port)
{
	struct stream_target t = { .host = STR("127.0.0.1"), .port = port };
	struct stream *s;

	if (stream_connect(&t, clock_mono_ms() + CLIENT_MS, &s, NULL))
		abort();
	return s;
}

/* Reads one reply into text as "code text\ntext"; false when none comes. */
static inline bool client_reply(struct stream *s, char text[SMTP_REPLY_TEXT + 8])
{
	struct smtp_reply_reader r = { .n = 0 };
	struct str line;
	bool done = false;

	text[0] = 0;
	while (!done)
		if (stream_line_wait(s, 1000, clock_mono_ms() + CLIENT_MS, &line) ||
		    smtp_reply_read(&r, line, &done))
			return false;
	snprintf(text, SMTP_REPLY_TEXT + 8, "%d %s", r.reply.code, r.reply.text);
	return true;
}

/*
 * One step: "C:line" sends a line, "R:bytes" as they are, "A:n" n times 'a'; "S:start" reads a reply that must start
 * so, "H:part" one that must hold that; "T" is the client's side of a TLS handshake; "X" expects the connection closed;
 * "E" closes our writing side. Gives NULL, or what came instead.
 */
static inline const char *client_step(struct stream *s, struct tls_context *tls, const char *step,
				      char text[SMTP_REPLY_TEXT + 8])
{
	struct str arg = str_of(step[0] && step[1] ? step + 2 : "");
	deadline_ms until = clock_mono_ms() + CLIENT_MS;
	bool ok = true;

	snprintf(text, SMTP_REPLY_TEXT + 8, "(cannot do that)");
	switch (step[0]) {
	case 'C':
		ok = !stream_write(s, arg, until) && !stream_write(s, STR("\r\n"), until);
		break;
	case 'R':
		ok = !stream_write(s, arg, until);
		break;
	case 'A':
		for (long n = strtol(arg.p, NULL, 10); n > 0 && ok; n -= 10)
			ok = !stream_write(s, str_sub(STR("aaaaaaaaaa"), 0, (size_t)n), until);
		break;
	case 'S':
		ok = client_reply(s, text) && str_starts(str_of(text), arg);
		break;
	case 'H':
		ok = client_reply(s, text) && strstr(text, arg.p);
		break;
	case 'T':
		stream_tls_connect(s, tls, NULL);
		ok = !stream_tls_finish(s, until);
		break;
	case 'E':
		ok = shutdown(stream_fd(s), SHUT_WR) == 0;
		break;
	default: { /* 'X' */
		struct str line;
		enum err e = stream_line_wait(s, 1000, until, &line);
		ok = e == ERR_ABSENT;
		if (!e)
			snprintf(text, SMTP_REPLY_TEXT + 8, "%.*s", STR_ARG(line));
	}
	}
	return ok ? NULL : text;
}

#endif
