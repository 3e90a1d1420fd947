/* Making a connection: names to addresses, one address after the other, each with its share of the time. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/stream.h"

#define HOST_MAX 255
#define ADDRESSES_MAX 16 /* of a name; more are not tried */

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
static int connect_one(const struct ip *ip, uint16_t port, deadline_ms until)
{
	struct sockaddr_storage to;
	socklen_t to_size = ip_to_sockaddr(ip, port, &to);
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&to, to_size) == 0)
		error = 0;
	else
		error = errno == EINPROGRESS ? wait_connected(fd, until) : errno;
	if (error == 0)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

static int connect_any(const struct ip *v, size_t n, uint16_t port, deadline_ms until)
{
	int fd = -1;

	errno = EADDRNOTAVAIL;
	for (size_t i = 0; i < n && fd < 0; i++)
		fd = connect_one(&v[i], port, clock_mono_ms() + clock_left_ms(until) / (int)(n - i));
	return fd;
}

/* What the system knows of the name. */
static enum err look_up(struct str name, struct ip *out, size_t *n_out, struct errbuf *eb)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list;
	char host[HOST_MAX + 1];

	if (name.n == 0 || name.n > HOST_MAX || memchr(name.p, 0, name.n))
		return err_set(eb, ERR_ABSENT, "not a host name");
	memcpy(host, name.p, name.n);
	host[name.n] = 0;
	int failed = getaddrinfo(host, NULL, &hints, &list);
	if (failed)
		return err_set(eb, failed == EAI_NONAME ? ERR_ABSENT : ERR_LATER, "%s: %s", host,
			       gai_strerror(failed));
	for (const struct addrinfo *ai = list; ai && *n_out < ADDRESSES_MAX; ai = ai->ai_next)
		if (ai->ai_family == AF_INET || ai->ai_family == AF_INET6)
			out[(*n_out)++] = ip_from_sockaddr(ai->ai_addr);
	freeaddrinfo(list);
	return OK;
}

enum err stream_connect(const struct stream_target *t, deadline_ms until, struct stream **out,
			struct errbuf *eb)
{
	struct ip found[ADDRESSES_MAX];
	const struct ip *v = t->addresses;
	size_t n = t->addresses_n;

	*out = NULL;
	if (n == 0) {
		v = found;
		if (ip_parse(t->host, &found[0]) == OK) {
			n = 1;
		} else {
			enum err e = look_up(t->host, found, &n, eb);
			if (e)
				return e;
		}
	}
	int fd = connect_any(v, n, t->port, until);
	if (fd < 0)
		return err_set(eb, ERR_LATER, "%.*s port %u: %s", STR_ARG(t->host), (unsigned)t->port,
			       strerror(errno));
	*out = stream_new(fd);
	return OK;
}
