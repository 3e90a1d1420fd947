/*
 * Syslog (RFC 5424): over UDP a message in each datagram (RFC 5426), over TCP with its length before it (RFC 6587
 * §3.4.1), over TLS the same to a server whose certificate is verified (RFC 5425).
 *
 * The message is JSON, whose strings hold no line end and no control character, so nothing in a mail can end it or begin
 * another. Syslog has no answers: what was written to a TCP server that dies at that moment is lost.
 */
#include "courier/way.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/stream.h"
#include "net/transport.h"

#define FACILITY 2    /* mail system */
#define SEVERITY 5    /* notice */
#define UDP_ROOM 7900 /* with what stands before it 8 kB, which servers take by default */

struct syslog {
	const char *hostname;
	struct stream *stream; /* TCP, TLS */
	int fd;                /* UDP */
};

static size_t room(const struct notification *to)
{
	return to->transport == SYSLOG_UDP ? UDP_ROOM : SIZE_MAX;
}

struct str syslog_message(struct arena *a, const char *hostname, const struct telling *t)
{
	char when[CLOCK_TEXT_MAX];
	struct str type = enum_text(&event_kind_names, (int)t->kind);

	return ARENA_JOIN(a,
			  arena_printf(a, "<%d>1 %.*s %s postern - %.*s - ", FACILITY * 8 + SEVERITY,
				       STR_ARG(clock_rfc3339(t->at_us, when)), hostname, STR_ARG(type)),
			  t->text);
}

/* ---- UDP ---- */

static int connect_udp(const struct ip *ip, uint16_t port)
{
	struct sockaddr_storage to;
	socklen_t size = ip_to_sockaddr(ip, port, &to);
	int fd = socket(to.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, size) != 0) {
		int error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static enum err open_udp(struct syslog *s, const struct target_addresses *at, uint16_t port,
			 struct errbuf *why)
{
	for (size_t i = 0; i < at->n && s->fd < 0; i++)
		s->fd = connect_udp(&at->v[i], port);
	return s->fd >= 0 ? OK : err_set(why, ERR_LATER, "it cannot be reached: %s", strerror(errno));
}

static enum err tell_udp(struct syslog *s, struct str message, struct errbuf *why)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (send(s->fd, message.p, message.n, MSG_NOSIGNAL) < 0)
		error = errno;
	else
		(void)getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error,
				 &size); /* a host near by says no at once */
	if (error == EMSGSIZE)
		return err_set(why, ERR_DENIED, "the message is too long for UDP");
	return error ? err_set(why, ERR_LATER, "it cannot be sent: %s", strerror(error)) : OK;
}

/* ---- TCP, TLS ---- */

static enum err open_stream(struct syslog *s, const struct way_tools *tools, struct arena *a,
			    const struct transport *t, const struct target_addresses *at, bool tls,
			    struct errbuf *why)
{
	struct stream_target target = {
		.host = t->host, .port = t->port, .addresses = at->v, .addresses_n = at->n
	};
	enum err e = stream_connect(&target, clock_mono_ms() + WAY_CONNECT_MS, &s->stream, why);

	if (e || !tls)
		return e ? ERR_LATER : OK;
	stream_tls_verify(s->stream, tools->verifier, arena_strndup(a, t->host.p, t->host.n));
	if (stream_tls_finish(s->stream, clock_mono_ms() + WAY_CONNECT_MS) == OK)
		return OK;
	const char *doubt = stream_tls_doubt(s->stream);
	return err_set(why, ERR_LATER, "TLS failed: %s", doubt ? doubt : "the server ends it");
}

static enum err tell_stream(struct syslog *s, struct arena *a, struct str message, struct errbuf *why)
{
	struct str frame = ARENA_JOIN(a, arena_printf(a, "%zu ", message.n), message);

	if (stream_is_gone(s->stream))
		return err_set(why, ERR_LATER, "the server closed the connection");
	if (stream_write(s->stream, frame, clock_mono_ms() + WAY_TELL_MS))
		return err_set(why, ERR_LATER, "the server takes no more");
	return OK;
}

/* ---- the way ---- */

static void close_syslog(void *w)
{
	struct syslog *s = w;

	stream_close(&s->stream);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static enum err open_syslog(const struct way_tools *tools, struct arena *a, const struct notice_target *t,
			    void **out, struct errbuf *why)
{
	struct syslog *s = ARENA_NEW(a, struct syslog);
	struct target_addresses at;
	struct transport to;

	*s = (struct syslog){ .hostname = tools->hostname, .fd = -1 };
	if (transport_parse(t->to.server, &to))
		return err_set(why, ERR_LATER, "the server is not written as host:port");
	enum err e = target_find(tools->dns, tools->allow_private, a, to.host,
				 clock_mono_ms() + WAY_CONNECT_MS, &at, why);
	if (!e && t->to.transport == SYSLOG_UDP)
		e = open_udp(s, &at, to.port, why);
	else if (!e)
		e = open_stream(s, tools, a, &to, &at, t->to.transport == SYSLOG_TLS, why);
	if (e)
		close_syslog(s);
	else
		*out = s;
	return e ? ERR_LATER : OK;
}

static enum err tell_syslog(void *w, struct arena *a, const struct telling *t, struct errbuf *why)
{
	struct syslog *s = w;
	struct str message = syslog_message(a, s->hostname, t);

	return s->stream ? tell_stream(s, a, message, why) : tell_udp(s, message, why);
}

const struct way way_syslog = { room, open_syslog, tell_syslog, close_syslog };
