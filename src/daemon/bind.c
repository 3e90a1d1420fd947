/* Listening sockets from endpoints. */
#include "daemon/bind.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
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

static enum err bind_one(struct str word, struct bound *out, struct errbuf *eb)
{
	struct endpoint e;
	union address a;
	int on = 1, off = 0;

	if (endpoint_parse(word, &e) != OK)
		return err_set(eb, ERR_SYNTAX, "\"%.*s\" is not ADDR:PORT", STR_ARG(word));
	socklen_t n = address_of(&e, &a);
	*out = (struct bound){ .fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
	if (out->fd < 0)
		return err_set(eb, ERR_CONFLICT, "%.*s: %s", STR_ARG(word), strerror(errno));
	setsockopt(out->fd, SOL_SOCKET, SO_REUSEADDR, &on,
		   sizeof(on)); /* connections of an earlier run may linger */
	if (a.any.sa_family == AF_INET6)
		setsockopt(out->fd, IPPROTO_IPV6, IPV6_V6ONLY, e.ip.family ? &on : &off, sizeof(on));
	if (bind(out->fd, &a.any, n) != 0 || listen(out->fd, BACKLOG) != 0) {
		err_set(eb, ERR_CONFLICT, "%.*s cannot be bound: %s", STR_ARG(word), strerror(errno));
		close(out->fd);
		return ERR_CONFLICT;
	}
	name_bound(out);
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
	for (size_t i = 0; i < b->n; i++)
		close(b->v[i].fd);
	b->n = 0;
}
