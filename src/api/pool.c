/* Threads and their queue, in the order of arrival; a job whose owner has its share of threads is passed over. */
#include "api/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define THREADS_SHARE 4
#define QUEUE_SHARE 2

struct job {
	void *job;
	uint64_t owner;
};

struct thread {
	struct pool *pool;
	pthread_t id;
	struct job now; /* job NULL: it waits */
};

struct pool {
	pool_fn *fn;
	pthread_mutex_t mutex; /* guards the queue, `closed` and what the threads do now */
	pthread_cond_t more;
	struct job *queue;
	size_t room, n;
	bool closed;
	unsigned n_threads, share;
	struct thread threads[];
};

static bool has_share(const struct pool *p, uint64_t owner)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < p->n_threads; i++)
		busy += p->threads[i].now.job && p->threads[i].now.owner == owner;
	return busy >= p->share;
}

/* The next job that may run, out of the queue; false when there is none. */
static bool take(struct pool *p, struct job *out)
{
	size_t i = 0;

	while (i < p->n && has_share(p, p->queue[i].owner))
		i++;
	if (i == p->n)
		return false;
	*out = p->queue[i];
	memmove(&p->queue[i], &p->queue[i + 1], (--p->n - i) * sizeof(*p->queue));
	if (p->closed && p->n == 0)
		pthread_cond_broadcast(&p->more);
	return true;
}

static void *run(void *arg)
{
	struct thread *t = arg;
	struct pool *p = t->pool;

	pthread_mutex_lock(&p->mutex);
	for (;;) {
		while (!take(p, &t->now) && !(p->closed && p->n == 0))
			pthread_cond_wait(&p->more, &p->mutex);
		if (!t->now.job)
			break;
		pthread_mutex_unlock(&p->mutex);
		p->fn(t->now.job);
		pthread_mutex_lock(&p->mutex);
		t->now = (struct job){ 0 };
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
	p->share = threads < THREADS_SHARE ? 1 : threads / THREADS_SHARE;
	p->queue = calloc(waiting, sizeof(*p->queue));
	ASSERT(p->queue);
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->more, NULL);
	pthread_mutex_lock(&p->mutex); /* the first threads count the others */
	for (; p->n_threads < threads; p->n_threads++) {
		struct thread *t = &p->threads[p->n_threads];
		t->pool = p;
		if (pthread_create(&t->id, NULL, run, t))
			break;
	}
	pthread_mutex_unlock(&p->mutex);
	ASSERT(p->n_threads > 0);
	return p;
}

bool pool_add(struct pool *p, uint64_t owner, void *job)
{
	size_t waiting = 0;

	pthread_mutex_lock(&p->mutex);
	for (size_t i = 0; i < p->n; i++)
		waiting += p->queue[i].owner == owner;
	bool room = p->n < p->room && waiting < (p->room + 1) / QUEUE_SHARE && !p->closed;
	if (room)
		p->queue[p->n++] = (struct job){ job, owner };
	pthread_mutex_unlock(&p->mutex);
	if (room)
		pthread_cond_signal(&p->more); /* only now: whoever wakes up wants the mutex */
	return room;
}

void pool_close(struct pool *p)
{
	pthread_mutex_lock(&p->mutex);
	bool already = p->closed;
	p->closed = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->mutex);
	for (unsigned i = 0; i < p->n_threads && !already; i++)
		pthread_join(p->threads[i].id, NULL);
}

void pool_free(struct pool **pp)
{
	struct pool *p = *pp;

	if (!p)
		return;
	pool_close(p);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->mutex);
	free(p->queue);
	free(p);
	*pp = NULL;
}
