/*
 * The acceptor.
 *
 * Held connections stand in a list in the order of their deadlines, which is the order of their coming because all
 * have the same idle time; so the acceptor looks at the first only. EPOLLONESHOT makes an event hand a connection
 * over once. A mutex guards every list; it is held for pointers and epoll_ctl, never for the network.
 */
#include "net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/random.h"
#include "net/listen_internal.h"

#define EVENTS 64
#define ACCEPT_BURST 64     /* then others have their turn */
#define ACCEPT_PAUSE_MS 100 /* after running out of descriptors: no spinning on a socket that stays ready */

static unsigned count_address(struct listener *l, const struct ip *key)
{
	unsigned n = 0;

	for (const struct conn *c = *listen_bucket(l, key); c; c = c->bucket_next)
		n += ip_eq(&c->key, key);
	return n;
}

static void conn_add(struct listener *l, struct conn *c)
{
	struct conn **bucket = listen_bucket(l, &c->key);

	c->bucket_next = *bucket;
	if (c->bucket_next)
		c->bucket_next->bucket_prev = c;
	*bucket = c;
	c->older = l->newest;
	if (c->older)
		c->older->newer = c;
	else
		l->oldest = c;
	l->newest = c;
	l->n_conns++;
}

static void refuse(struct listener *l, int fd, const struct ip *ip)
{
	char text[IP_TEXT_MAX];
	struct str bytes = l->o.ops->refusal(l->o.ctx);
	unsigned left_out;

	if (log_quota_take(&l->refusals, clock_mono_ms(), &left_out))
		log_info(l->o.log, "connection_refused", KV_STR("ip", ip_text(ip, text)),
			 KV_INT("left_out", left_out));
	if (send(fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		errno = 0; /* it need not know why */
	close(fd);
}

/* Out of epoll as well: it is still armed, and an event must not find it in another's hands, or freed. */
static void hand_over(struct listener *l, struct conn *c, enum listen_why why)
{
	epoll_ctl(l->epoll, EPOLL_CTL_DEL, c->fd, NULL);
	c->watched = false;
	listen_unhold(l, c, why);
}

/*
 * Many addresses with few connections each could keep all of them for ever, a byte now and then: when there is no room,
 * the oldest that waits makes some. The lock is held.
 */
static bool has_room(struct listener *l)
{
	if (l->n_conns - l->n_leaving < l->o.connections)
		return true;
	for (struct conn *c = l->oldest; c && clock_left_ms(c->stays) == 0; c = c->newer) {
		if (!c->held)
			continue;
		c->leaving = true;
		l->n_leaving++;
		hand_over(l, c, LISTEN_CROWDED);
		return true;
	}
	return false;
}

static void welcome(struct listener *l, int fd, const struct ip *ip)
{
	struct ip key = ip_subscriber(ip);
	struct conn *c;

	pthread_mutex_lock(&l->lock);
	bool full = count_address(l, &key) >= l->o.connections_per_address || !has_room(l);
	pthread_mutex_unlock(&l->lock); /* only this thread adds connections */
	if (full || !(c = calloc(1, sizeof(*c)))) {
		refuse(l, fd, ip);
		return;
	}
	c->key = key;
	c->fd = fd;
	c->stays = clock_mono_ms() + l->o.stay_ms;
	c->object = l->o.ops->open(l->o.ctx, fd, ip);
	pthread_mutex_lock(&l->lock);
	conn_add(l, c);
	listen_enqueue(l, c, LISTEN_READY);
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
		if (!l->paused_until && !atomic_load(&l->closing))
			accept_some(l, *(int *)(void *)p);
		return;
	}
	pthread_mutex_lock(&l->lock);
	listen_unhold(l, (struct conn *)(void *)p, LISTEN_READY);
	pthread_mutex_unlock(&l->lock);
}

/* Hands over those whose time is up; gives the milliseconds until the next has to be looked at. */
static int expire(struct listener *l)
{
	int64_t now = clock_mono_ms();
	/* Whoever is held from now on expires no sooner than this. */
	int64_t next = now + l->o.idle_ms;

	pthread_mutex_lock(&l->lock);
	while (l->held.first && l->held.first->until <= now)
		hand_over(l, l->held.first, LISTEN_EXPIRED);
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

static void close_sockets(struct listener *l)
{
	for (size_t i = 0; i < l->n_fds; i++) {
		if (l->fds[i] < 0)
			continue;
		/* Closing alone does not take it out of epoll: the caller has it, too. */
		epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->fds[i], NULL);
		close(l->fds[i]);
	}
	l->n_fds = 0;
	l->paused_until = 0;
	pthread_mutex_lock(&l->lock);
	l->deaf = true;
	pthread_cond_broadcast(&l->gone);
	pthread_mutex_unlock(&l->lock);
}

/* Those that are held; whoever comes to be held from now on was told before. */
static void tell_held(struct listener *l)
{
	pthread_mutex_lock(&l->lock);
	for (struct conn *c = l->held.first, *next; c; c = next) {
		next = c->next;
		if (c->told)
			continue;
		c->told = true;
		hand_over(l, c, LISTEN_STOPPED);
	}
	pthread_mutex_unlock(&l->lock);
}

static void *acceptor_main(void *arg)
{
	struct listener *l = arg;
	struct epoll_event events[EVENTS];
	bool told = false;

	while (!atomic_load(&l->over)) {
		if (atomic_load(&l->stopping) && !told) {
			tell_held(l);
			told = true;
		}
		if (atomic_load(&l->closing) && l->n_fds > 0)
			close_sockets(
			    l); /* at once: a successor may want the port while the last connections end */
		int n = epoll_wait(l->epoll, events, EVENTS, expire(l));
		ASSERT(n >= 0 || errno == EINTR);
		for (int i = 0; i < n; i++)
			take_event(l, &events[i]);
	}
	return NULL;
}

/* ---- start and stop ---- */

static void listener_free(struct listener *l)
{
	close_sockets(l);
	close(l->epoll);
	close(l->wake);
	pthread_cond_destroy(&l->work);
	pthread_cond_destroy(&l->gone);
	pthread_mutex_destroy(&l->lock);
	free(l->fds);
	free(l);
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
	ASSERT(l->fds);
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
	ok = ok && listen_pool_start(l) == OK;
	if (ok) {
		errno = pthread_create(&l->acceptor, NULL, acceptor_main, l);
		ok = errno == 0;
	}
	if (ok) {
		*out = l;
		return OK;
	}
	err_set(eb, ERR_LATER, "cannot start listening: %s", strerror(errno));
	listen_pool_stop(l);
	listener_free(l);
	return ERR_LATER;
}

/* Waits until every connection is gone and no other can come; false at the deadline. The lock is held. */
static bool wait_gone(struct listener *l, deadline_ms until)
{
	struct timespec t = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };

	while (!l->deaf || l->n_conns > 0)
		if (pthread_cond_timedwait(&l->gone, &l->lock, &t) == ETIMEDOUT)
			return l->deaf && l->n_conns == 0;
	return true;
}

static void wake_acceptor(struct listener *l)
{
	uint64_t one = 1;

	ASSERT(write(l->wake, &one, sizeof(one)) == sizeof(one));
}

void listen_close(struct listener *l, deadline_ms until)
{
	pthread_mutex_lock(&l->lock);
	atomic_store(&l->closing, true);
	wake_acceptor(l);
	(void)wait_gone(l, until);
	pthread_mutex_unlock(&l->lock);
}

void listen_stop(struct listener **lp, deadline_ms until)
{
	struct listener *l = *lp;

	*lp = NULL;
	if (!l)
		return;
	pthread_mutex_lock(&l->lock); /* nobody is held untold after the flag was seen */
	atomic_store(&l->stopping, true);
	atomic_store(&l->closing, true);
	wake_acceptor(l);
	if (!wait_gone(l, until)) {
		log_warn(l->o.log, "connections_cut", KV_INT("count", l->n_conns));
		for (size_t i = 0; i < LISTEN_BUCKETS; i++)
			for (struct conn *c = l->buckets[i]; c; c = c->bucket_next)
				shutdown(c->fd, SHUT_RDWR);
		while (!l->deaf || l->n_conns > 0)
			pthread_cond_wait(&l->gone, &l->lock);
	}
	pthread_mutex_unlock(&l->lock);
	atomic_store(&l->over, true);
	wake_acceptor(l);
	pthread_join(l->acceptor, NULL);
	listen_pool_stop(l);
	listener_free(l);
}
