/* A walk over all threads; and a table of jobs in which a newer one takes the place of an older one. */
#include "courier/lanes.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"

#define NOTES 4096
#define NOTE_MS 60000

struct thread {
	bool busy;
	struct lane at;
};

struct note {
	int64_t job, until_ms;
	struct hop hop;
};

struct lanes {
	pthread_mutex_t mutex; /* guards the rest */
	struct note notes[NOTES];
	size_t n;
	struct thread v[];
};

struct lanes *lanes_new(size_t threads)
{
	struct lanes *l = calloc(1, sizeof(*l) + threads * sizeof(l->v[0]));

	ASSERT(l);
	l->n = threads;
	pthread_mutex_init(&l->mutex, NULL);
	return l;
}

void lanes_free(struct lanes **lp)
{
	struct lanes *l = *lp;

	*lp = NULL;
	if (!l)
		return;
	pthread_mutex_destroy(&l->mutex);
	free(l);
}

bool lanes_enter(struct lanes *l, size_t thread, struct lane at)
{
	size_t open = 0, of_hop = 0, of_account = 0, alike = 0;

	pthread_mutex_lock(&l->mutex);
	l->v[thread].busy = false;
	for (size_t i = 0; i < l->n; i++) {
		const struct lane *other = &l->v[i].at;
		bool counts = l->v[i].busy && other->patient == at.patient;
		open += !l->v[i].busy;
		alike += counts;
		of_hop += counts && at.hop.id && other->hop.id == at.hop.id;
		of_account += counts && other->account == at.account;
	}
	bool fine = (at.hop.together && at.patient ? of_hop == 0 : of_hop < open) && of_account < 2 * open &&
		    (!at.patient || alike < open);
	if (fine)
		l->v[thread] = (struct thread){ true, at };
	pthread_mutex_unlock(&l->mutex);
	return fine;
}

void lanes_leave(struct lanes *l, size_t thread)
{
	pthread_mutex_lock(&l->mutex);
	l->v[thread].busy = false;
	pthread_mutex_unlock(&l->mutex);
}

void lanes_note(struct lanes *l, int64_t job, struct hop hop, int64_t now_ms)
{
	pthread_mutex_lock(&l->mutex);
	l->notes[(size_t)job % NOTES] = (struct note){ job, now_ms + NOTE_MS, hop };
	pthread_mutex_unlock(&l->mutex);
}

bool lanes_recall(struct lanes *l, int64_t job, int64_t now_ms, struct hop *hop_out)
{
	pthread_mutex_lock(&l->mutex);
	const struct note *at = &l->notes[(size_t)job % NOTES];
	bool known = at->job == job && now_ms < at->until_ms;
	*hop_out = at->hop;
	pthread_mutex_unlock(&l->mutex);
	return known;
}
