/* Making a connection: names to addresses, one address after the other, each with its share of the time. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/stream.h"

#define HOST_MAX 255

static bool bind_source(int fd, const struct ip *ip)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	if (ip->family == 4) {
		memcpy(&v4.sin_addr, ip->b, 4);
		return bind(fd, (const struct sockaddr *)&v4, sizeof(v4)) == 0;
	}
	memcpy(&v6.sin6_addr, ip->b, 16);
	return bind(fd, (const struct sockaddr *)&v6, sizeof(v6)) == 0;
}

/* Waits for a connect under way; 0 or an errno. */
static int wait_connected(int fd, deadline_ms until)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int error = 0, n;
	socklen_t size = sizeof(error);

	do {
		n = poll(&p, 1, clock_left_ms(until));
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		return ETIMEDOUT;
	if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
		return errno;
	return error;
}

/* A connected socket, or -1 with errno. */
static int connect_one(const struct addrinfo *ai, const struct ip *source, deadline_ms until)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	if (source && !bind_source(fd, source))
		error = errno;
	else if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		error = 0;
	else
		error = errno == EINPROGRESS ? wait_connected(fd, until) : errno;
	if (error == 0)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

static bool is_usable(const struct addrinfo *ai, const struct ip *source)
{
	return !source || ai->ai_family == (source->family == 4 ? AF_INET : AF_INET6);
}

static int connect_any(const struct addrinfo *list, const struct ip *source, deadline_ms until)
{
	int left = 0, fd = -1;

	for (const struct addrinfo *ai = list; ai; ai = ai->ai_next)
		left += is_usable(ai, source);
	errno = EADDRNOTAVAIL;
	for (const struct addrinfo *ai = list; ai && fd < 0; ai = ai->ai_next) {
		if (!is_usable(ai, source))
			continue;
		fd = connect_one(ai, source, clock_mono_ms() + clock_left_ms(until) / left);
		left--;
	}
	return fd;
}

enum err stream_connect(const struct stream_target *t, deadline_ms until, struct stream **out,
			struct errbuf *eb)
{
	char host[HOST_MAX + 1], port[8];
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	struct ip numeric;

	*out = NULL;
	if (t->host.n == 0 || t->host.n > HOST_MAX || memchr(t->host.p, 0, t->host.n))
		return err_set(eb, ERR_ABSENT, "not a host name");
	memcpy(host, t->host.p, t->host.n);
	host[t->host.n] = 0;
	snprintf(port, sizeof(port), "%u", (unsigned)t->port);
	hints.ai_flags = AI_NUMERICSERV;
	if (!ip_parse(t->host, &numeric))
		hints.ai_flags |= AI_NUMERICHOST;
	int failed = getaddrinfo(host, port, &hints, &list);
	if (failed)
		return err_set(eb, failed == EAI_NONAME ? ERR_ABSENT : ERR_LATER, "%s: %s", host,
			       gai_strerror(failed));
	int fd = connect_any(list, t->source, until);
	int error = errno;
	freeaddrinfo(list);
	if (fd < 0)
		return err_set(eb, ERR_LATER, "%s port %s: %s", host, port, strerror(error));
	*out = stream_new(fd);
	return OK;
}
