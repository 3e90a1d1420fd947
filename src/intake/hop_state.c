/* A list under a lock: it holds hops that are in use or away, which are few at any moment. */
#include "intake/hop_state.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"

struct hop {
	struct hop *next;
	unsigned threads;
	int64_t away_until_ms, reached_ms;
	size_t n;
	char transport[];
};

#define SHARE 3 /* one thread more only while that many times its own are free */

struct hop_states {
	unsigned threads;
	pthread_mutex_t lock; /* guards all below */
	unsigned taken;
	struct hop *hops;
};

struct hop_states *hop_states_new(unsigned threads)
{
	struct hop_states *s = calloc(1, sizeof(*s));

	ASSERT(s);
	s->threads = threads;
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

void hop_states_free(struct hop_states **sp)
{
	struct hop_states *s = *sp;

	*sp = NULL;
	if (!s)
		return;
	for (struct hop *h = s->hops, *next; h; h = next) {
		next = h->next;
		free(h);
	}
	pthread_mutex_destroy(&s->lock);
	free(s);
}

/* The hop, added where it is not there. What is of no interest any more is forgotten on the way. The lock is held. */
static struct hop *find(struct hop_states *s, struct str transport)
{
	int64_t now = clock_mono_ms();
	struct hop *found = NULL;

	for (struct hop **at = &s->hops; *at;) {
		struct hop *h = *at;
		if (str_eq(str_from(h->transport, h->n), transport)) {
			found = h;
		} else if (h->threads == 0 && h->away_until_ms <= now) {
			*at = h->next;
			free(h);
			continue;
		}
		at = &h->next;
	}
	if (!found) {
		found = calloc(1, sizeof(*found) + transport.n);
		ASSERT(found);
		found->n = transport.n;
		memcpy(found->transport, transport.p, transport.n);
		found->next = s->hops;
		s->hops = found;
	}
	return found;
}

enum err hop_states_enter(struct hop_states *s, struct str transport)
{
	enum err e = OK;

	pthread_mutex_lock(&s->lock);
	struct hop *h = find(s, transport);
	if (h->away_until_ms > clock_mono_ms())
		e = ERR_ABSENT;
	else if (SHARE * h->threads >= s->threads - s->taken)
		e = ERR_LIMIT;
	if (e == OK) {
		h->threads++;
		s->taken++;
	}
	pthread_mutex_unlock(&s->lock);
	return e;
}

void hop_states_leave(struct hop_states *s, struct str transport, bool reached)
{
	pthread_mutex_lock(&s->lock);
	struct hop *h = find(s, transport);
	ASSERT(h->threads > 0);
	h->threads--;
	s->taken--;
	if (reached) {
		h->reached_ms = clock_mono_ms();
		h->away_until_ms = 0;
	}
	pthread_mutex_unlock(&s->lock);
}

void hop_states_away(struct hop_states *s, struct str transport, int64_t since_ms, int64_t until_ms)
{
	pthread_mutex_lock(&s->lock);
	struct hop *h = find(s, transport);
	if (h->reached_ms < since_ms)
		h->away_until_ms = until_ms;
	pthread_mutex_unlock(&s->lock);
}
