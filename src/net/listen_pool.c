/*
 * The threads that run connections.
 *
 * A connection that only talks never waits in a thread, so a few threads serve any number of those. Work may keep a
 * thread for long: it has as many threads as the options say, and an address is given one more only while three times
 * what it has is less than what is free. So one address alone gets a quarter of them, each that comes after it a
 * quarter of what is left, and of 256 threads it takes 17 addresses to leave none. Even then those that only talk
 * find a thread.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "base/hash.h"
#include "net/listen_internal.h"

#define TALK_THREADS 4 /* beside those that work */
#define SHARE 3

static void list_add(struct conn_list *l, struct conn *c)
{
	c->prev = l->last;
	c->next = NULL;
	if (l->last)
		l->last->next = c;
	else
		l->first = c;
	l->last = c;
}

static void list_remove(struct conn_list *l, struct conn *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		l->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	else
		l->last = c->prev;
}

struct conn **listen_bucket(struct listener *l, const struct ip *key)
{
	return &l->buckets[hash_sip(l->hash_key, str_from(key->b, sizeof(key->b))) % LISTEN_BUCKETS];
}

void listen_enqueue(struct listener *l, struct conn *c, enum listen_why why)
{
	c->why = why;
	list_add(&l->queued, c);
	pthread_cond_signal(&l->work);
}

void listen_unhold(struct listener *l, struct conn *c, enum listen_why why)
{
	ASSERT(c->held);
	c->held = false;
	list_remove(&l->held, c);
	listen_enqueue(l, c, why);
}

/*
 * The socket is watched from the first time on that its connection is held, not before: epoll tells of a hang-up
 * unasked, and only EPOLLONESHOT, once fired, silences that while the connection is elsewhere.
 */
static void hold(struct listener *l, struct conn *c, enum listen_next next)
{
	struct epoll_event ev = { .events = (next == LISTEN_READ ? EPOLLIN : EPOLLOUT) | EPOLLONESHOT,
				  .data.ptr = c };

	c->until = clock_mono_ms() + l->o.idle_ms;
	c->held = true;
	list_add(&l->held, c);
	/* Under the lock: once it is armed, or expired, the connection may be gone. */
	if (epoll_ctl(l->epoll, c->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, c->fd, &ev) != 0)
		listen_unhold(l, c, LISTEN_EXPIRED); /* the system's limit of watches */
	c->watched = true;
}

static void conn_remove(struct listener *l, struct conn *c)
{
	if (c->bucket_prev)
		c->bucket_prev->bucket_next = c->bucket_next;
	else
		*listen_bucket(l, &c->key) = c->bucket_next;
	if (c->bucket_next)
		c->bucket_next->bucket_prev = c->bucket_prev;
	if (c->older)
		c->older->newer = c->newer;
	else
		l->oldest = c->newer;
	if (c->newer)
		c->newer->older = c->older;
	else
		l->newest = c->older;
	l->n_leaving -= c->leaving;
	if (--l->n_conns == 0)
		pthread_cond_broadcast(&l->gone);
}

static bool may_run(struct listener *l, const struct conn *c)
{
	unsigned mine = 0, free_threads = l->o.threads - l->n_working;

	if (c->why != LISTEN_TURN)
		return true;
	if (free_threads == 0)
		return false;
	for (const struct conn *o = *listen_bucket(l, &c->key); o; o = o->bucket_next)
		mine += o->working && ip_eq(&o->key, &c->key);
	return SHARE * mine < free_threads;
}

/* The first in the queue that may have a thread; NULL when there is none. */
static struct conn *next_to_run(struct listener *l)
{
	for (struct conn *c = l->queued.first; c; c = c->next)
		if (may_run(l, c))
			return c;
	return NULL;
}

/* After a run: out of the house, or back to where it waits. */
static void put_back(struct listener *l, struct conn *c, enum listen_next next)
{
	switch (next) {
	case LISTEN_CLOSE:
		/* Out of the list first: listen_stop shuts down the sockets of those in it. */
		conn_remove(l, c);
		pthread_mutex_unlock(&l->lock);
		l->o.ops->close(c->object);
		free(c);
		pthread_mutex_lock(&l->lock);
		break;
	case LISTEN_WORK:
		listen_enqueue(l, c, LISTEN_TURN);
		break;
	case LISTEN_READ:
	case LISTEN_WRITE:
		if (atomic_load(&l->stopping) && !c->told) {
			c->told = true;
			listen_enqueue(l, c, LISTEN_STOPPED);
		} else {
			hold(l, c, next);
		}
		break;
	}
}

static void run_one(struct listener *l, struct conn *c)
{
	list_remove(&l->queued, c);
	c->working = c->why == LISTEN_TURN;
	l->n_working += c->working;
	if (l->queued.first)
		pthread_cond_signal(
		    &l->work); /* with one more at work, or one less, another's share may be larger */
	pthread_mutex_unlock(&l->lock);
	enum listen_next next = l->o.ops->run(c->object, c->why);

	pthread_mutex_lock(&l->lock);
	l->n_working -= c->working;
	c->working = false;
	put_back(l, c, next);
}

static void *pool_main(void *arg)
{
	struct listener *l = arg;

	pthread_mutex_lock(&l->lock);
	for (;;) {
		struct conn *c = next_to_run(l);
		if (c) {
			run_one(l, c); /* lets go of the lock meanwhile */
		} else if (l->quit) {
			break;
		} else {
			pthread_cond_wait(&l->work, &l->lock);
		}
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

enum err listen_pool_start(struct listener *l)
{
	unsigned wanted = l->o.threads + TALK_THREADS;

	l->pool = calloc(wanted, sizeof(*l->pool));
	ASSERT(l->pool);
	while (l->n_pool < wanted) {
		errno = pthread_create(&l->pool[l->n_pool], NULL, pool_main, l);
		if (errno)
			return ERR_LATER;
		l->n_pool++;
	}
	return OK;
}

void listen_pool_stop(struct listener *l)
{
	pthread_mutex_lock(&l->lock);
	l->quit = true;
	pthread_cond_broadcast(&l->work);
	pthread_mutex_unlock(&l->lock);
	for (unsigned i = 0; i < l->n_pool; i++)
		pthread_join(l->pool[i], NULL);
	free(l->pool);
}
