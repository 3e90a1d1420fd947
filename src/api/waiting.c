/* A list, and a thread that walks through it while anybody is there. */
#include "api/waiting.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"

#define PLACES_SHARE 2

struct place {
	void *job;
	uint64_t owner;
};

struct waiting {
	struct pool *pool;
	waiting_ready_fn *ready;
	struct timespec pause;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards all below; held while jobs are looked at */
	pthread_cond_t came;   /* a job, or the end */
	bool closed;
	size_t room, n;
	struct place places[];
};

/* Once in the pool a job is the pool's. */
static void look_at_all(struct waiting *w)
{
	for (size_t i = w->n; i-- > 0;) {
		const struct place *at = &w->places[i];
		if ((w->closed || w->ready(at->job)) && pool_add(w->pool, at->owner, at->job))
			w->places[i] = w->places[--w->n];
	}
}

static void *run(void *arg)
{
	struct waiting *w = arg;

	pthread_mutex_lock(&w->mutex);
	while (!w->closed || w->n) {
		if (!w->n) {
			pthread_cond_wait(&w->came, &w->mutex);
			continue;
		}
		look_at_all(w);
		pthread_mutex_unlock(&w->mutex);
		nanosleep(&w->pause, NULL);
		pthread_mutex_lock(&w->mutex);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

struct waiting *waiting_new(size_t places, unsigned look_ms, waiting_ready_fn *ready, struct pool *pool)
{
	struct waiting *w = calloc(1, sizeof(*w) + places * sizeof(w->places[0]));

	ASSERT(w && places && look_ms < 1000);
	w->pool = pool;
	w->ready = ready;
	w->pause = (struct timespec){ .tv_nsec = (long)look_ms * 1000000 };
	w->room = places;
	pthread_mutex_init(&w->mutex, NULL);
	pthread_cond_init(&w->came, NULL);
	pthread_mutex_lock(&w->mutex);
	w->started = pthread_create(&w->thread, NULL, run, w) == 0;
	w->closed = !w->started;
	pthread_mutex_unlock(&w->mutex);
	return w;
}

bool waiting_add(struct waiting *w, uint64_t owner, void *job)
{
	size_t own = 0;

	pthread_mutex_lock(&w->mutex);
	for (size_t i = 0; i < w->n; i++)
		own += w->places[i].owner == owner;
	bool room = w->n < w->room && own < (w->room + 1) / PLACES_SHARE && !w->closed;
	if (room)
		w->places[w->n++] = (struct place){ job, owner };
	pthread_cond_signal(&w->came);
	pthread_mutex_unlock(&w->mutex);
	return room;
}

void waiting_close(struct waiting *w)
{
	pthread_mutex_lock(&w->mutex);
	w->closed = true;
	pthread_cond_signal(&w->came);
	pthread_mutex_unlock(&w->mutex);
	if (w->started)
		pthread_join(w->thread, NULL);
	w->started = false;
}

void waiting_free(struct waiting **wp)
{
	struct waiting *w = *wp;

	*wp = NULL;
	if (!w)
		return;
	waiting_close(w);
	pthread_cond_destroy(&w->came);
	pthread_mutex_destroy(&w->mutex);
	free(w);
}
