/* Rate limits: sets of a few windows each, found by the key's hash. */
#include "base/limiter.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"

#define SETS 2048
#define WAYS 4

struct window {
	uint64_t key; /* 0 = unused */
	int64_t start_us, used, last_us;
};

struct limiter {
	int64_t quota, window_us;
	pthread_mutex_t mutex; /* guards windows */
	struct window windows[SETS][WAYS];
};

struct limiter *limiter_new(int64_t quota, int64_t window_s)
{
	struct limiter *l = calloc(1, sizeof(*l));

	ASSERT(l && quota > 0 && window_s > 0);
	l->quota = quota;
	l->window_us = window_s * 1000000;
	pthread_mutex_init(&l->mutex, NULL);
	return l;
}

void limiter_free(struct limiter **l)
{
	if (!*l)
		return;
	pthread_mutex_destroy(&(*l)->mutex);
	free(*l);
	*l = NULL;
}

static struct window *find(struct window *set, uint64_t key)
{
	struct window *oldest = set;

	for (struct window *w = set; w < set + WAYS; w++) {
		if (w->key == key)
			return w;
		if (w->last_us < oldest->last_us)
			oldest = w;
	}
	*oldest = (struct window){ .key = key };
	return oldest;
}

bool limiter_take(struct limiter *l, uint64_t key, int64_t now_us, struct limiter_state *out)
{
	key |= 1; /* never the mark of an unused window */
	pthread_mutex_lock(&l->mutex);
	struct window *w = find(l->windows[key / 2 % SETS], key);
	if (now_us - w->start_us >= l->window_us || now_us < w->start_us) {
		w->start_us = now_us;
		w->used = 0;
	}
	w->last_us = now_us;
	bool fine = w->used < l->quota;
	w->used += fine;
	out->left = l->quota - w->used;
	out->reset_s = (w->start_us + l->window_us - now_us + 999999) / 1000000;
	pthread_mutex_unlock(&l->mutex);
	return fine;
}
