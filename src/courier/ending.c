/* Resting until the end. */
#include "courier/ending.h"

#include <time.h>

#include "base/clock.h"

void ending_init(struct ending *e)
{
	pthread_condattr_t monotonic;

	atomic_init(&e->has_come, false);
	pthread_mutex_init(&e->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&e->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

void ending_free(struct ending *e)
{
	pthread_cond_destroy(&e->wake);
	pthread_mutex_destroy(&e->lock);
}

void ending_call(struct ending *e)
{
	pthread_mutex_lock(&e->lock);
	atomic_store(&e->has_come, true);
	pthread_cond_broadcast(&e->wake);
	pthread_mutex_unlock(&e->lock);
}

bool ending_rest(struct ending *e, int64_t ms)
{
	int64_t until = clock_mono_ms() + ms;
	struct timespec t = { until / 1000, until % 1000 * 1000000 };

	pthread_mutex_lock(&e->lock);
	if (!atomic_load(&e->has_come))
		pthread_cond_timedwait(&e->wake, &e->lock, &t);
	pthread_mutex_unlock(&e->lock);
	return atomic_load(&e->has_come);
}
