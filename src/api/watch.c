/* A list of connections and a thread that sleeps until the first of them is due. */
#include "api/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"

#define NEVER INT64_MAX

struct watched {
	struct watched *next, **at;
	int fd;
	struct ip key;
	int64_t due_ms; /* NEVER: no request is awaited */
};

struct watch {
	unsigned per_address;
	pthread_mutex_t mutex; /* guards the rest, and that no descriptor in the list is closed */
	pthread_cond_t sooner; /* something is due before wakes_ms, or the end */
	struct watched *first;
	int64_t wakes_ms;
	bool ending;
	pthread_t thread;
};

/* Shuts down what is due; gives when the next one is. */
static int64_t look_round(struct watch *w)
{
	int64_t now = clock_mono_ms(), next = NEVER;

	for (struct watched *c = w->first; c; c = c->next) {
		if (c->due_ms <= now) {
			shutdown(c->fd, SHUT_RDWR); /* the library closes it then */
			c->due_ms = NEVER;
		}
		next = c->due_ms < next ? c->due_ms : next;
	}
	return next;
}

static void *run(void *arg)
{
	struct watch *w = arg;

	pthread_mutex_lock(&w->mutex);
	while (!w->ending) {
		w->wakes_ms = look_round(w);
		if (w->wakes_ms == NEVER) {
			pthread_cond_wait(&w->sooner, &w->mutex);
		} else {
			struct timespec until = { w->wakes_ms / 1000, w->wakes_ms % 1000 * 1000000 };
			pthread_cond_timedwait(&w->sooner, &w->mutex, &until);
		}
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

struct watch *watch_new(unsigned per_address)
{
	struct watch *w = calloc(1, sizeof(*w));
	pthread_condattr_t monotonic;

	ASSERT(w);
	w->per_address = per_address;
	w->wakes_ms = NEVER;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->sooner, &monotonic);
	pthread_condattr_destroy(&monotonic);
	ASSERT(pthread_create(&w->thread, NULL, run, w) == 0);
	return w;
}

void watch_free(struct watch **wp)
{
	struct watch *w = *wp;

	if (!w)
		return;
	pthread_mutex_lock(&w->mutex);
	ASSERT(!w->first);
	w->ending = true;
	pthread_cond_signal(&w->sooner);
	pthread_mutex_unlock(&w->mutex);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->sooner);
	pthread_mutex_destroy(&w->mutex);
	free(w);
	*wp = NULL;
}

bool watch_admits(struct watch *w, const struct ip *ip)
{
	struct ip key = ip_subscriber(ip);
	unsigned n = 0;

	if (w->per_address == 0)
		return true;
	pthread_mutex_lock(&w->mutex);
	for (const struct watched *c = w->first; c; c = c->next)
		n += ip_eq(&c->key, &key);
	pthread_mutex_unlock(&w->mutex);
	return n < w->per_address;
}

struct watched *watch_add(struct watch *w, int fd, const struct ip *ip)
{
	struct watched *c = calloc(1, sizeof(*c));

	ASSERT(c);
	*c = (struct watched){ .fd = fd, .key = ip_subscriber(ip), .due_ms = NEVER };
	pthread_mutex_lock(&w->mutex);
	c->next = w->first;
	c->at = &w->first;
	if (c->next)
		c->next->at = &c->next;
	w->first = c;
	pthread_mutex_unlock(&w->mutex);
	return c;
}

void watch_remove(struct watch *w, struct watched *c)
{
	pthread_mutex_lock(&w->mutex);
	*c->at = c->next;
	if (c->next)
		c->next->at = c->at;
	pthread_mutex_unlock(&w->mutex);
	free(c);
}

static void set_due(struct watch *w, struct watched *c, int64_t due_ms)
{
	c->due_ms = due_ms;
	if (due_ms < w->wakes_ms)
		pthread_cond_signal(&w->sooner);
}

void watch_await(struct watch *w, struct watched *c, int64_t ms)
{
	int64_t due_ms = clock_mono_ms() + ms;

	pthread_mutex_lock(&w->mutex);
	set_due(w, c, due_ms < c->due_ms ? due_ms : c->due_ms);
	pthread_mutex_unlock(&w->mutex);
}

void watch_await_anew(struct watch *w, struct watched *c, int64_t ms)
{
	pthread_mutex_lock(&w->mutex);
	set_due(w, c, clock_mono_ms() + ms);
	pthread_mutex_unlock(&w->mutex);
}

void watch_rest(struct watch *w, struct watched *c)
{
	pthread_mutex_lock(&w->mutex);
	c->due_ms = NEVER;
	pthread_mutex_unlock(&w->mutex);
}
