/* Binding ports: the supervisor's part of listening. */
#ifndef DAEMON_BIND_H
#define DAEMON_BIND_H

#include "config/endpoint.h"

#define BIND_MAX ENDPOINTS_MAX

struct bound {
	int fd; /* listening, close-on-exec */
	/* ADDR:PORT as bound, so with the port the kernel chose for 0; or the path of a socket, removed by bind_close */
	char where[MILTER_PATH_MAX + 1];
};

struct bound_list {
	struct bound v[BIND_MAX];
	size_t n;
};

/*
 * Binds all of "ADDR:PORT ADDR:PORT ...". ERR_SYNTAX: not such a list. ERR_CONFLICT: taken, or not ours to bind;
 * errbuf names the address and the reason. Nothing stays open after an error.
 */
MUST_CHECK enum err bind_all(const char *list, struct bound_list *out, struct errbuf *eb);
/*
 * The one socket of the milter, any user of this machine may connect to which; "" = none. What is left of a socket that
 * nobody listens on any longer is replaced.
 */
MUST_CHECK enum err bind_milter(const char *where, struct bound_list *out, struct errbuf *eb);
/* Whether the folder of its socket is there. ERR_ABSENT. Nothing is bound. */
MUST_CHECK enum err bind_milter_check(const char *where, struct errbuf *eb);
void bind_close(struct bound_list *b);

#endif
