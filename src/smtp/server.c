/* The SMTP server: sessions given to net/listen, which has the sockets and the threads. */
#include "smtp/server.h"

#include <stdlib.h>

#include "net/listen.h"
#include "smtp/session.h"

#define STAY_MS 30000 /* honest mail is through by then, or its sender comes again */
#define BEGIN_MS 2000 /* who came last of all has begun his mail by then, and a mail that is begun is ended */

struct smtp_server {
	struct smtp_shared shared;
	struct listener *listener;
};

static void *open_session(void *ctx, int fd, const struct ip *peer)
{
	return smtp_session_new(ctx, fd, peer);
}

static enum listen_next run_session(void *conn, enum listen_why why)
{
	return smtp_session_run(conn, why);
}

static void close_session(void *conn)
{
	struct smtp_session *s = conn;

	smtp_session_free(&s);
}

static struct str refusal(void *ctx)
{
	(void)ctx;
	return STR("421 4.7.0 Too many connections, try again later\r\n");
}

static const struct listen_ops ops = {
	.open = open_session,
	.run = run_session,
	.close = close_session,
	.refusal = refusal,
};

static void server_free(struct smtp_server *s)
{
	tls_unref(&s->shared.o.tls);
	free(s);
}

enum err smtp_server_start(const struct smtp_server_options *o, const int *fds, size_t n,
			   struct smtp_server **out, struct errbuf *eb)
{
	struct smtp_server *s = calloc(1, sizeof(*s));

	*out = NULL;
	ASSERT(s);
	s->shared.o = *o;
	s->shared.o.tls = tls_ref(o->tls);
	struct listen_options lo = {
		.ops = &ops,
		.ctx = &s->shared,
		.threads = o->threads,
		.connections = o->connections,
		.connections_per_address = o->connections_per_address,
		.idle_ms = o->idle_ms,
		.stay_ms = o->idle_ms < STAY_MS ? o->idle_ms : STAY_MS,
		.log = o->log,
	};
	enum err e = listen_start(&lo, fds, n, &s->listener, eb);
	if (e)
		server_free(s);
	else
		*out = s;
	return e;
}

void smtp_server_stop(struct smtp_server **sp, int64_t until_ms)
{
	struct smtp_server *s = *sp;

	*sp = NULL;
	if (!s)
		return;
	/* With a 421 behind the greeting, or instead of it, its sender would come again in a quarter of an hour. */
	listen_close(s->listener, clock_earlier(until_ms, clock_mono_ms() + BEGIN_MS));
	atomic_store(&s->shared.stopping, true);
	listen_stop(&s->listener, until_ms);
	server_free(s);
}
