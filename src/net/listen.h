/*
 * Many connections, few threads: connections that wait are held in epoll by one acceptor thread, and one of a bounded
 * pool of threads runs a connection when it has something to do. A run must not wait for the peer; what takes time
 * for other reasons is work, which a connection asks for and which is given in fair shares (listen_pool.c).
 *
 * Nothing here knows a protocol. A connection belongs to exactly one party at a time: held, queued, or run.
 */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "base/clock.h"
#include "base/ip.h"
#include "base/log.h"

/* What a connection waits for. */
enum listen_next {
	LISTEN_READ,
	LISTEN_WRITE,
	LISTEN_WORK,  /* a thread that it may keep for long: run again with LISTEN_TURN */
	LISTEN_CLOSE, /* nothing more: it is closed */
};

enum listen_why {
	LISTEN_READY,   /* just accepted, or what it waited for has come */
	LISTEN_TURN,    /* to work, for as long as that takes */
	LISTEN_EXPIRED, /* it waited for idle_ms: say goodbye and give LISTEN_CLOSE */
	LISTEN_CROWDED, /* it waits, and others find no room: the same */
	LISTEN_STOPPED, /* the server stops: the same, or anything else to be served on until the deadline; said once */
};

struct listen_ops {
	/*
	 * In the acceptor's thread: the object of a connection just accepted. It owns fd from now on, and gives
	 * it back by closing it in `close`.
	 */
	void *(*open)(void *ctx, int fd, const struct ip *peer);
	/* In a thread of the pool. */
	enum listen_next (*run)(void *conn, enum listen_why why);
	void (*close)(void *conn);
	/* In the acceptor's thread, when a limit is reached: a few bytes said before fd is closed. Never NULL. */
	struct str (*refusal)(void *ctx);
};

struct listen_options {
	const struct listen_ops *ops;
	void *ctx;
	unsigned threads;                              /* for work; a few more serve those that do none */
	unsigned connections, connections_per_address; /* an IPv6 /64 counts as one address */
	int idle_ms;                                   /* the longest a connection is held */
	int stay_ms; /* when there is no room, who waits makes some after so long, the oldest first */
	const struct log *log;
};

struct listener;

/* fds: listening sockets, the caller's; they are made non-blocking, and copies are kept until listen_stop. */
MUST_CHECK enum err listen_start(const struct listen_options *o, const int *fds, size_t n,
				 struct listener **out, struct errbuf *eb);
/*
 * Accepts no more, and serves on whoever is there, until all have closed or for so long. What comes meanwhile waits in the
 * sockets, for whoever else listens there.
 */
void listen_close(struct listener *l, deadline_ms until);
/*
 * listen_close at once, runs every connection with LISTEN_STOPPED once, waits until all have closed. At the deadline the
 * sockets are shut down under those that are left; it returns when they have noticed.
 */
void listen_stop(struct listener **l, deadline_ms until);

#endif
