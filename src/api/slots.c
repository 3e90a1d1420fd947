/* A walk over all places. */
#include "api/slots.h"

bool slots_take(struct slots *s, uint64_t owner, size_t most, size_t *slot_out)
{
	size_t own = 0, free_slot = SLOTS_MAX;

	pthread_mutex_lock(&s->mutex);
	for (size_t i = 0; i < SLOTS_MAX; i++) {
		own += s->taken[i] && s->owners[i] == owner;
		if (!s->taken[i])
			free_slot = i;
	}
	bool fine = own < most && free_slot < SLOTS_MAX;
	if (fine) {
		s->taken[free_slot] = true;
		s->owners[free_slot] = owner;
	}
	pthread_mutex_unlock(&s->mutex);
	*slot_out = free_slot;
	return fine;
}

void slots_give(struct slots *s, size_t slot)
{
	pthread_mutex_lock(&s->mutex);
	s->taken[slot] = false;
	pthread_mutex_unlock(&s->mutex);
}
