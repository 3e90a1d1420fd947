/* A small set with a condition: sessions are few hundreds, so a list is enough. */
#include "intake/in_flight.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

struct claim {
	struct claim *next;
	struct str digest; /* the caller's, alive until it leaves */
};

struct in_flight {
	pthread_mutex_t lock; /* guards claims */
	pthread_cond_t left;
	struct claim *claims;
};

struct in_flight *in_flight_new(void)
{
	struct in_flight *f = calloc(1, sizeof(*f));
	pthread_condattr_t monotonic;

	ASSERT(f);
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&f->left, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return f;
}

void in_flight_free(struct in_flight **f)
{
	if (!*f)
		return;
	pthread_cond_destroy(&(*f)->left);
	pthread_mutex_destroy(&(*f)->lock);
	free(*f);
	*f = NULL;
}

static bool is_claimed(const struct in_flight *f, struct str digest)
{
	for (const struct claim *c = f->claims; c; c = c->next)
		if (str_eq(c->digest, digest))
			return true;
	return false;
}

enum err in_flight_enter(struct in_flight *f, struct str digest, int64_t until_ms)
{
	struct timespec until = { until_ms / 1000, until_ms % 1000 * 1000000 };
	struct claim *mine = malloc(sizeof(*mine));
	enum err e = OK;

	ASSERT(mine);
	pthread_mutex_lock(&f->lock);
	while (!e && is_claimed(f, digest))
		if (pthread_cond_timedwait(&f->left, &f->lock, &until) == ETIMEDOUT)
			e = ERR_LATER;
	if (!e) {
		*mine = (struct claim){ f->claims, digest };
		f->claims = mine;
	}
	pthread_mutex_unlock(&f->lock);
	if (e)
		free(mine);
	return e;
}

void in_flight_leave(struct in_flight *f, struct str digest)
{
	struct claim *gone = NULL;

	pthread_mutex_lock(&f->lock);
	for (struct claim **c = &f->claims; *c; c = &(*c)->next) {
		if (!str_eq((*c)->digest, digest))
			continue;
		gone = *c;
		*c = gone->next;
		break;
	}
	pthread_cond_broadcast(&f->left);
	pthread_mutex_unlock(&f->lock);
	free(gone);
}
