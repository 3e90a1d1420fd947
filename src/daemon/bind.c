/* Listening sockets from endpoints. */
#include "daemon/bind.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "config/endpoint.h"

#define BACKLOG 1024

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t address_of(const struct endpoint *e, union address *out)
{
	*out = (union address){ 0 };
	if (e->ip.family == 4) {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(e->port);
		memcpy(&out->in.sin_addr, e->ip.b, 4);
		return sizeof(out->in);
	}
	out->in6.sin6_family = AF_INET6; /* "*": the unspecified address takes IPv4, too */
	out->in6.sin6_port = htons(e->port);
	memcpy(&out->in6.sin6_addr, e->ip.b, e->ip.family ? 16 : 0);
	return sizeof(out->in6);
}

static void name_bound(struct bound *b)
{
	union address a;
	socklen_t n = sizeof(a);
	char text[IP_TEXT_MAX];

	if (getsockname(b->fd, &a.any, &n) != 0)
		return;
	struct ip ip = ip_from_sockaddr(&a.any);
	struct str s = ip_text(&ip, text);
	unsigned port = ntohs(a.any.sa_family == AF_INET ? a.in.sin_port : a.in6.sin6_port);
	snprintf(b->where, sizeof(b->where), ip.family == 6 ? "[%.*s]:%u" : "%.*s:%u", STR_ARG(s), port);
}

static enum err bind_endpoint(struct str word, const struct endpoint *e, struct bound *out, struct errbuf *eb)
{
	union address a;
	int on = 1, off = 0;
	socklen_t n = address_of(e, &a);

	*out = (struct bound){ .fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
	if (out->fd < 0)
		return err_set(eb, ERR_CONFLICT, "%.*s: %s", STR_ARG(word), strerror(errno));
	setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on,
		   sizeof(on)); /* connections of an earlier run may linger */
	if (a.any.sa_family == AF_INET6)
		setsockopt(out->fd, IPPROTO_IPV6, IPV6_V6ONLY, e->ip.family ? &on : &off, sizeof(on));
	if (bind(out->fd, &a.any, n) != 0 || listen(out->fd, BACKLOG) != 0) {
		err_set(eb, ERR_CONFLICT, "%.*s cannot be bound: %s", STR_ARG(word), strerror(errno));
		close(out->fd);
		return ERR_CONFLICT;
	}
	name_bound(out);
	return OK;
}

static enum err bind_one(struct str word, struct bound *out, struct errbuf *eb)
{
	struct endpoint e;

	if (endpoint_parse(word, &e) != OK)
		return err_set(eb, ERR_SYNTAX, "\"%.*s\" is not ADDR:PORT", STR_ARG(word));
	return bind_endpoint(word, &e, out, eb);
}

/* Whether there is a socket that nobody listens on. */
static bool is_left_behind(const struct sockaddr_un *a)
{
	struct stat st;

	if (lstat(a->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)a, sizeof(*a)) != 0 &&
		       errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return refused;
}

static enum err bind_path(struct str path, struct bound *out, struct errbuf *eb)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, path.p, path.n);
	*out = (struct bound){ .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
	if (is_left_behind(&a))
		unlink(a.sun_path);
	if (out->fd < 0 || bind(out->fd, (const struct sockaddr *)(const void *)&a, sizeof(a)) != 0) {
		err_set(eb, ERR_CONFLICT, "%s cannot be bound: %s", a.sun_path, strerror(errno));
		if (out->fd >= 0)
			close(out->fd);
		return ERR_CONFLICT;
	}
	snprintf(out->where, sizeof(out->where), "%s", a.sun_path);
	if (chmod(a.sun_path, 0666) == 0 && listen(out->fd, BACKLOG) == 0)
		return OK;
	err_set(eb, ERR_CONFLICT, "%s cannot be listened on: %s", a.sun_path, strerror(errno));
	unlink(a.sun_path);
	close(out->fd);
	return ERR_CONFLICT;
}

enum err bind_milter_check(const char *where, struct errbuf *eb)
{
	char folder[MILTER_PATH_MAX + 1] = "";
	struct milter_endpoint e;
	struct stat st;

	if (!*where || milter_endpoint_parse(str_of(where), &e) != OK || e.path.n == 0)
		return OK;
	memcpy(folder, e.path.p,
	       str_rfind_char(e.path, '/') + 1); /* with its slash it is a folder or nothing */
	if (stat(folder, &st) == 0)
		return OK;
	return err_set(eb, ERR_ABSENT, "the folder %s of the socket: %s", folder, strerror(errno));
}

enum err bind_milter(const char *where, struct bound_list *out, struct errbuf *eb)
{
	struct milter_endpoint e;
	int on = 1;

	out->n = 0;
	if (!*where)
		return OK;
	if (milter_endpoint_parse(str_of(where), &e) != OK)
		return err_set(eb, ERR_SYNTAX, "\"%s\" is neither unix:/path nor inet:PORT@ADDR", where);
	enum err err = e.path.n ? bind_path(e.path, &out->v[0], eb)
				: bind_endpoint(str_of(where), &e.tcp, &out->v[0], eb);
	if (err)
		return err;
	/* What is accepted from it inherits this: the answers to one mail are several small packets. */
	if (!e.path.n)
		setsockopt(out->v[0].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	out->n = 1;
	return OK;
}

enum err bind_all(const char *list, struct bound_list *out, struct errbuf *eb)
{
	struct str rest = str_of(list), word;
	enum err e = OK;

	out->n = 0;
	while (e == OK && endpoint_next(&rest, &word)) {
		if (out->n == BIND_MAX)
			e = err_set(eb, ERR_SYNTAX, "more than %d addresses to listen on", BIND_MAX);
		else if ((e = bind_one(word, &out->v[out->n], eb)) == OK)
			out->n++;
	}
	if (e != OK)
		bind_close(out);
	return e;
}

void bind_close(struct bound_list *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i].where[0] == '/')
			unlink(b->v[i].where);
		close(b->v[i].fd);
	}
	b->n = 0;
}
