/* What listen.c (the acceptor) and listen_pool.c (the threads that run connections) share. Private to net/. */
#ifndef NET_LISTEN_INTERNAL_H
#define NET_LISTEN_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "net/listen.h"

#define LISTEN_BUCKETS 1024

struct conn {
	struct conn *prev, *next; /* in the list of those held, or queued */
	struct conn *bucket_prev, *bucket_next;
	struct conn *older, *newer; /* in the order of their coming */
	struct ip key;              /* what the limits per address count */
	void *object;
	int fd;
	deadline_ms stays;   /* until then it makes room for nobody */
	deadline_ms until;   /* when held */
	enum listen_why why; /* when queued */
	bool held;
	bool working; /* in a thread, and may keep it */
	bool watched; /* epoll knows the socket */
	bool told;    /* LISTEN_STOPPED was said */
	bool leaving; /* LISTEN_CROWDED was said: it no longer counts */
};

struct conn_list {
	struct conn *first, *last;
};

struct listener {
	struct listen_options o;
	int epoll, wake;
	int *fds;
	size_t n_fds;
	deadline_ms paused_until;  /* 0 = accepting; the acceptor's own */
	struct log_quota refusals; /* lines about them */
	atomic_bool closing;       /* no new connections */
	atomic_bool stopping;      /* and those that are held are told */
	atomic_bool over;          /* none is left: the acceptor may leave */
	pthread_t acceptor, *pool;
	unsigned n_pool;
	unsigned char hash_key[16];
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work;  /* queued is not empty, or quit */
	pthread_cond_t gone;  /* n_conns became 0, or deaf */
	struct conn_list held, queued;
	struct conn *buckets[LISTEN_BUCKETS]; /* every connection, by address */
	struct conn *oldest, *newest;
	unsigned n_conns, n_leaving; /* the one with the other */
	unsigned n_working;
	bool deaf; /* the acceptor has closed its sockets */
	bool quit;
};

/* ---- the lock is held ---- */

struct conn **listen_bucket(struct listener *l, const struct ip *key);
void listen_enqueue(struct listener *l, struct conn *c, enum listen_why why);
/* Out of those held, into the queue. */
void listen_unhold(struct listener *l, struct conn *c, enum listen_why why);

/* ---- it is not ---- */

/* ERR_LATER with errno: fewer threads than wanted run; listen_pool_stop ends those. */
MUST_CHECK enum err listen_pool_start(struct listener *l);
void listen_pool_stop(struct listener *l);

#endif
