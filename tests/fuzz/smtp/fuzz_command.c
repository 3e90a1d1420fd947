/* A whole session fed from bytes; the handler checks that it is called in protocol order. */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "smtp/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum order { NOTHING, SENDER, RECIPIENT, CONTENT };

struct course {
	enum order at;
	bool ended; /* since heard() was called last */
};

static void *open_session(void *ctx, const struct smtp_peer *peer)
{
	(void)peer;
	return ctx;
}

static void check(void *session, unsigned allowed, enum order next)
{
	struct course *c = session;

	ASSERT(allowed & 1u << c->at);
	c->at = next;
}

static struct smtp_reply take_mail(void *session, const struct smtp_mail_params *p)
{
	bool ok = p->from.n % 7 != 6;

	check(session, 1u << NOTHING, ok ? SENDER : NOTHING);
	return smtp_reply_make(ok ? 250 : 550, "sender");
}

static struct smtp_reply take_rcpt(void *session, struct str to)
{
	bool ok = to.n % 7 != 6;
	enum order at = ((struct course *)session)->at;

	ASSERT(to.n > 0);
	check(session, 1u << SENDER | 1u << RECIPIENT, ok ? RECIPIENT : at);
	return smtp_reply_make(ok ? 250 : 451, "recipient");
}

static struct smtp_reply take_data(void *session)
{
	check(session, 1u << RECIPIENT, CONTENT);
	return smtp_reply_make(354, "go");
}

static enum err take_chunk(void *session, struct str bytes)
{
	check(session, 1u << CONTENT, CONTENT);
	return bytes.n == 13 ? ERR_LATER : OK;
}

static struct smtp_reply take_end(void *session, int64_t until_ms)
{
	(void)until_ms;
	check(session, 1u << CONTENT, NOTHING);
	((struct course *)session)->ended = true;
	return smtp_reply_make(250, "taken");
}

static void hear(void *session, bool heard)
{
	struct course *c = session;

	(void)heard;
	ASSERT(c->ended);
	c->ended = false;
}

static void reset(void *session)
{
	check(session, 1u << SENDER | 1u << RECIPIENT | 1u << CONTENT, NOTHING);
}

static void close_session(void *session)
{
	check(session, 1u << NOTHING, NOTHING);
}

static const struct smtp_handler handler = {
	open_session, take_mail, take_rcpt, take_data, take_chunk, take_end, hear, reset, close_session,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct course course = { NOTHING, false };
	struct log log = { .fd = -1, .level = LOG_ERROR };
	struct smtp_shared shared = {
		.o = { .hostname = "fuzz.test",
		       .message_size = 500,
		       .recipients = 3,
		       .commands = 50,
		       .errors = 10,
		       .idle_ms = 1000,
		       .handler = &handler,
		       .handler_ctx = &course,
		       .log = &log },
	};
	struct ip ip = { .family = 4 };
	char sink[4096];
	int fds[2];

	if (size > 16384 || socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return 0;
	ASSERT(size == 0 || write(fds[1], data, size) == (ssize_t)size);
	shutdown(fds[1], SHUT_WR);
	struct smtp_session *s = smtp_session_new(&shared, fds[0], &ip);
	enum listen_next next = LISTEN_READ;
	while ((next = smtp_session_run(s, next == LISTEN_WORK ? LISTEN_TURN : LISTEN_READY)) != LISTEN_CLOSE)
		while (recv(fds[1], sink, sizeof(sink), MSG_DONTWAIT) > 0)
			;
	smtp_session_free(&s);
	ASSERT(course.at == NOTHING);
	close(fds[1]);
	return 0;
}
