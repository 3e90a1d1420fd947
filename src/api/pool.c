/* Threads and their queue, a ring. */
#include "api/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"

struct pool {
	pool_fn *fn;
	pthread_mutex_t mutex; /* guards the ring and `ending` */
	pthread_cond_t more;
	void **ring;
	size_t room, first, n;
	bool ending;
	unsigned n_threads;
	pthread_t threads[];
};

static void *run(void *arg)
{
	struct pool *p = arg;

	pthread_mutex_lock(&p->mutex);
	for (;;) {
		while (p->n == 0 && !p->ending)
			pthread_cond_wait(&p->more, &p->mutex);
		if (p->n == 0)
			break;
		void *job = p->ring[p->first];
		p->first = (p->first + 1) % p->room;
		p->n--;
		pthread_mutex_unlock(&p->mutex);
		p->fn(job);
		pthread_mutex_lock(&p->mutex);
	}
	pthread_mutex_unlock(&p->mutex);
	return NULL;
}

struct pool *pool_new(unsigned threads, size_t waiting, pool_fn *fn)
{
	struct pool *p = calloc(1, sizeof(*p) + threads * sizeof(p->threads[0]));

	ASSERT(p && threads && waiting);
	p->fn = fn;
	p->room = waiting;
	p->ring = calloc(waiting, sizeof(*p->ring));
	ASSERT(p->ring);
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->more, NULL);
	for (; p->n_threads < threads; p->n_threads++)
		if (pthread_create(&p->threads[p->n_threads], NULL, run, p))
			break;
	ASSERT(p->n_threads > 0);
	return p;
}

bool pool_add(struct pool *p, void *job)
{
	pthread_mutex_lock(&p->mutex);
	bool room = p->n < p->room && !p->ending;
	if (room) {
		p->ring[(p->first + p->n++) % p->room] = job;
		pthread_cond_signal(&p->more);
	}
	pthread_mutex_unlock(&p->mutex);
	return room;
}

void pool_close(struct pool *p)
{
	pthread_mutex_lock(&p->mutex);
	p->ending = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->mutex);
	while (p->n_threads > 0)
		pthread_join(p->threads[--p->n_threads], NULL);
}

void pool_free(struct pool **pp)
{
	struct pool *p = *pp;

	if (!p)
		return;
	pool_close(p);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->mutex);
	free(p->ring);
	free(p);
	*pp = NULL;
}
