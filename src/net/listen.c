/*
 * The acceptor and its pool.
 *
 * Held connections stand in a list in the order of their deadlines, which is the order of their coming because all
 * have the same idle time; so the acceptor looks at the first only. EPOLLONESHOT makes an event hand a connection
 * over once. A mutex guards every list; it is held for pointers and epoll_ctl, never for the network.
 *
 * A connection may keep its thread for long, so an address is given one only while it keeps no more than are free:
 * alone it gets half of them, and whoever comes next always finds some.
 */
#include "net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/random.h"

#define EVENTS 64
#define ACCEPT_BURST 64     /* then others have their turn */
#define ACCEPT_PAUSE_MS 100 /* after running out of descriptors: no spinning on a socket that stays ready */
#define BUCKETS 1024

struct conn {
	struct conn *prev, *next; /* in the list of those held, or queued */
	struct conn *bucket_prev, *bucket_next;
	struct ip key; /* what the limit per address counts */
	void *object;
	int fd;
	deadline_ms until;   /* when held */
	enum listen_why why; /* when queued */
	bool held;
	bool running; /* in a thread of the pool */
	bool watched; /* epoll knows the socket */
};

struct list {
	struct conn *first, *last;
};

struct listener {
	struct listen_options o;
	int epoll, wake;
	int *fds;
	size_t n_fds;
	deadline_ms paused_until; /* 0 = accepting; the acceptor's own */
	atomic_bool stopping;
	pthread_t acceptor, *pool;
	unsigned n_pool;
	unsigned char hash_key[16];
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t work;  /* queued is not empty, or quit */
	pthread_cond_t gone;  /* n_conns became 0 */
	struct list held, queued;
	struct conn *buckets[BUCKETS]; /* every connection, by address */
	unsigned n_conns;
	unsigned n_running;
	bool quit;
};

static void list_add(struct list *l, struct conn *c)
{
	c->prev = l->last;
	c->next = NULL;
	if (l->last)
		l->last->next = c;
	else
		l->first = c;
	l->last = c;
}

static void list_remove(struct list *l, struct conn *c)
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

/* ---- connections; the lock is held ---- */

static struct conn **bucket_of(struct listener *l, const struct ip *key)
{
	return &l->buckets[hash_sip(l->hash_key, str_from(key->b, sizeof(key->b))) % BUCKETS];
}

static unsigned count_address(struct listener *l, const struct ip *key)
{
	unsigned n = 0;

	for (const struct conn *c = *bucket_of(l, key); c; c = c->bucket_next)
		n += ip_eq(&c->key, key);
	return n;
}

static void conn_add(struct listener *l, struct conn *c)
{
	struct conn **bucket = bucket_of(l, &c->key);

	c->bucket_next = *bucket;
	if (c->bucket_next)
		c->bucket_next->bucket_prev = c;
	*bucket = c;
	l->n_conns++;
}

static void conn_remove(struct listener *l, struct conn *c)
{
	if (c->bucket_prev)
		c->bucket_prev->bucket_next = c->bucket_next;
	else
		*bucket_of(l, &c->key) = c->bucket_next;
	if (c->bucket_next)
		c->bucket_next->bucket_prev = c->bucket_prev;
	if (--l->n_conns == 0)
		pthread_cond_broadcast(&l->gone);
}

static void enqueue(struct listener *l, struct conn *c, enum listen_why why)
{
	c->why = why;
	list_add(&l->queued, c);
	pthread_cond_signal(&l->work);
}

static void unhold(struct listener *l, struct conn *c, enum listen_why why)
{
	ASSERT(c->held);
	c->held = false;
	list_remove(&l->held, c);
	enqueue(l, c, why);
}

/* ---- the pool ---- */

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
		unhold(l, c, LISTEN_EXPIRED); /* the system's limit of watches */
	c->watched = true;
}

static bool is_within_share(struct listener *l, const struct conn *c)
{
	unsigned n = 0;

	if (c->why != LISTEN_READY)
		return true; /* a goodbye takes no time */
	for (const struct conn *o = *bucket_of(l, &c->key); o; o = o->bucket_next)
		n += o->running && ip_eq(&o->key, &c->key);
	return n <= l->o.threads - l->n_running;
}

/* The first in the queue whose address may have one thread more; NULL when there is none. */
static struct conn *next_to_run(struct listener *l)
{
	for (struct conn *c = l->queued.first; c; c = c->next)
		if (is_within_share(l, c))
			return c;
	return NULL;
}

static void run_one(struct listener *l, struct conn *c)
{
	list_remove(&l->queued, c);
	c->running = true;
	l->n_running++;
	pthread_mutex_unlock(&l->lock);
	enum listen_next next = l->o.ops->run(c->object, c->why);

	pthread_mutex_lock(&l->lock);
	c->running = false;
	l->n_running--;
	bool stopping = atomic_load(&l->stopping);
	if (next == LISTEN_CLOSE || (stopping && c->why == LISTEN_STOPPED)) {
		/* Out of the list first: listen_stop shuts down the sockets of those in it. */
		conn_remove(l, c);
		pthread_mutex_unlock(&l->lock);
		l->o.ops->close(c->object);
		free(c);
		pthread_mutex_lock(&l->lock);
	} else if (stopping) {
		enqueue(l, c, LISTEN_STOPPED);
	} else {
		hold(l, c, next);
	}
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

/* ---- the acceptor ---- */

/* An address, or the /64 that one IPv6 subscriber has. */
static struct ip address_key(const struct ip *ip)
{
	struct ip key = *ip;

	if (key.family == 6)
		memset(key.b + 8, 0, 8);
	return key;
}

static void refuse(struct listener *l, int fd, const struct ip *ip)
{
	char text[IP_TEXT_MAX];
	struct str bytes = l->o.ops->refusal(l->o.ctx);

	log_info(l->o.log, "connection_refused", KV_STR("ip", ip_text(ip, text)));
	if (send(fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		errno = 0; /* it need not know why */
	close(fd);
}

static void welcome(struct listener *l, int fd, const struct ip *ip)
{
	struct ip key = address_key(ip);
	struct conn *c;

	pthread_mutex_lock(&l->lock);
	bool full = l->n_conns >= l->o.connections || count_address(l, &key) >= l->o.connections_per_address;
	pthread_mutex_unlock(&l->lock); /* only this thread adds connections */
	if (full || !(c = calloc(1, sizeof(*c)))) {
		refuse(l, fd, ip);
		return;
	}
	c->key = key;
	c->fd = fd;
	c->object = l->o.ops->open(l->o.ctx, fd, ip);
	pthread_mutex_lock(&l->lock);
	conn_add(l, c);
	enqueue(l, c, LISTEN_READY);
	pthread_mutex_unlock(&l->lock);
}

static void watch_sockets(struct listener *l, uint32_t events)
{
	for (size_t i = 0; i < l->n_fds; i++) {
		struct epoll_event ev = { .events = events, .data.ptr = &l->fds[i] };
		ASSERT(epoll_ctl(l->epoll, EPOLL_CTL_MOD, l->fds[i], &ev) == 0);
	}
}

static void accept_some(struct listener *l, int listen_fd)
{
	for (int i = 0; i < ACCEPT_BURST; i++) {
		struct sockaddr_storage a = { .ss_family = AF_UNSPEC };
		socklen_t size = sizeof(a);
		int fd = accept4(listen_fd, (struct sockaddr *)&a, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			struct ip ip = ip_from_sockaddr((const struct sockaddr *)&a);
			welcome(l, fd, &ip);
		} else if (errno == EAGAIN) {
			return;
		} else if (errno != ECONNABORTED && errno != EINTR && errno != EPERM && errno != EPROTO) {
			/* Out of descriptors or memory, or worse: not that one connection's own fault. */
			log_error(l->o.log, "accept_paused", KV_C("error", strerror(errno)));
			watch_sockets(l, 0);
			l->paused_until = clock_mono_ms() + ACCEPT_PAUSE_MS;
			return;
		}
	}
}

static void take_event(struct listener *l, const struct epoll_event *ev)
{
	char *p = ev->data.ptr;
	uint64_t n;

	if (p == (char *)&l->wake) {
		if (read(l->wake, &n, sizeof(n)) < 0)
			errno = 0; /* read before */
		return;
	}
	if (p >= (char *)l->fds && p < (char *)(l->fds + l->n_fds)) {
		if (!l->paused_until && !atomic_load(&l->stopping))
			accept_some(l, *(int *)(void *)p);
		return;
	}
	pthread_mutex_lock(&l->lock);
	unhold(l, (struct conn *)(void *)p, LISTEN_READY);
	pthread_mutex_unlock(&l->lock);
}

/* Hands over those whose time is up; gives the milliseconds until the next has to be looked at. */
static int expire(struct listener *l)
{
	int64_t now = clock_mono_ms();
	/* Whoever is held from now on expires no sooner than this. */
	int64_t next = now + l->o.idle_ms;

	pthread_mutex_lock(&l->lock);
	bool stopping = atomic_load(&l->stopping);
	while (l->held.first && (stopping || l->held.first->until <= now)) {
		/* It is still armed: an event must not find it in another's hands, or freed. */
		epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->held.first->fd, NULL);
		l->held.first->watched = false;
		unhold(l, l->held.first, stopping ? LISTEN_STOPPED : LISTEN_EXPIRED);
	}
	if (l->held.first && l->held.first->until < next)
		next = l->held.first->until;
	pthread_mutex_unlock(&l->lock);
	if (l->paused_until && l->paused_until <= now) {
		l->paused_until = 0;
		watch_sockets(l, EPOLLIN);
	}
	if (l->paused_until && l->paused_until < next)
		next = l->paused_until;
	return (int)(next - now);
}

static void *acceptor_main(void *arg)
{
	struct listener *l = arg;
	struct epoll_event events[EVENTS];

	while (!atomic_load(&l->stopping)) {
		int n = epoll_wait(l->epoll, events, EVENTS, expire(l));
		ASSERT(n >= 0 || errno == EINTR);
		for (int i = 0; i < n; i++)
			take_event(l, &events[i]);
	}
	(void)expire(l); /* all that are held; from now on nobody is held any more */
	return NULL;
}

/* ---- start and stop ---- */

static void close_sockets(struct listener *l)
{
	for (size_t i = 0; i < l->n_fds; i++)
		if (l->fds[i] >= 0)
			close(l->fds[i]);
	l->n_fds = 0;
}

static void listener_free(struct listener *l)
{
	close_sockets(l);
	close(l->epoll);
	close(l->wake);
	pthread_cond_destroy(&l->work);
	pthread_cond_destroy(&l->gone);
	pthread_mutex_destroy(&l->lock);
	free(l->pool);
	free(l->fds);
	free(l);
}

static void stop_pool(struct listener *l)
{
	pthread_mutex_lock(&l->lock);
	l->quit = true;
	pthread_cond_broadcast(&l->work);
	pthread_mutex_unlock(&l->lock);
	for (unsigned i = 0; i < l->n_pool; i++)
		pthread_join(l->pool[i], NULL);
}

static bool watch(struct listener *l, int fd, uint32_t events, void *what)
{
	struct epoll_event ev = { .events = events, .data.ptr = what };

	return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) == 0;
}

static struct listener *listener_new(const struct listen_options *o, const int *fds, size_t n)
{
	struct listener *l = calloc(1, sizeof(*l));
	pthread_condattr_t attr;

	ASSERT(l && o->threads > 0 && o->idle_ms > 0 && n > 0);
	l->o = *o;
	l->fds = calloc(n, sizeof(*fds));
	l->pool = calloc(o->threads, sizeof(*l->pool));
	ASSERT(l->fds && l->pool);
	for (size_t i = 0; i < n; i++)
		l->fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 0);
	l->n_fds = n;
	random_bytes(l->hash_key, sizeof(l->hash_key));
	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&l->work, NULL);
	pthread_cond_init(&l->gone, &attr);
	pthread_condattr_destroy(&attr);
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return l;
}

enum err listen_start(const struct listen_options *o, const int *fds, size_t n, struct listener **out,
		      struct errbuf *eb)
{
	struct listener *l = listener_new(o, fds, n);
	bool ok = l->epoll >= 0 && l->wake >= 0 && watch(l, l->wake, EPOLLIN, &l->wake);

	for (size_t i = 0; ok && i < n; i++)
		ok = l->fds[i] >= 0 &&
		     fcntl(l->fds[i], F_SETFL, fcntl(l->fds[i], F_GETFL) | O_NONBLOCK) == 0 &&
		     watch(l, l->fds[i], EPOLLIN, &l->fds[i]);
	while (ok && l->n_pool < o->threads) {
		errno = pthread_create(&l->pool[l->n_pool], NULL, pool_main, l);
		ok = errno == 0;
		l->n_pool += ok;
	}
	if (ok) {
		errno = pthread_create(&l->acceptor, NULL, acceptor_main, l);
		ok = errno == 0;
	}
	if (ok) {
		*out = l;
		return OK;
	}
	err_set(eb, ERR_LATER, "cannot start listening: %s", strerror(errno));
	stop_pool(l);
	listener_free(l);
	return ERR_LATER;
}

/* Waits until every connection is gone; false at the deadline. The lock is held. */
static bool wait_gone(struct listener *l, deadline_ms until)
{
	struct timespec t = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };

	while (l->n_conns > 0)
		if (pthread_cond_timedwait(&l->gone, &l->lock, &t) == ETIMEDOUT)
			return l->n_conns == 0;
	return true;
}

void listen_stop(struct listener **lp, deadline_ms until)
{
	struct listener *l = *lp;
	uint64_t one = 1;

	*lp = NULL;
	if (!l)
		return;
	pthread_mutex_lock(&l->lock); /* run_one holds nobody after it has seen the flag */
	atomic_store(&l->stopping, true);
	pthread_mutex_unlock(&l->lock);
	ASSERT(write(l->wake, &one, sizeof(one)) == sizeof(one));
	pthread_join(l->acceptor, NULL);
	close_sockets(l); /* at once: a successor may want the port while the last connections end */
	pthread_mutex_lock(&l->lock);
	if (!wait_gone(l, until)) {
		log_warn(l->o.log, "connections_cut", KV_INT("count", l->n_conns));
		for (size_t i = 0; i < BUCKETS; i++)
			for (struct conn *c = l->buckets[i]; c; c = c->bucket_next)
				shutdown(c->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&l->lock);
	stop_pool(l);
	listener_free(l);
}
