/* Places for what is large and held for as long as its reader takes: few in all, fewer for one owner. */
#ifndef API_SLOTS_H
#define API_SLOTS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOTS_MAX 32

/* Zeroed, but for the mutex. */
struct slots {
	pthread_mutex_t mutex; /* guards the rest */
	uint64_t owners[SLOTS_MAX];
	bool taken[SLOTS_MAX];
};

/* most: of one owner. False when it has as many, or none is left. */
bool slots_take(struct slots *s, uint64_t owner, size_t most, size_t *slot_out);
void slots_give(struct slots *s, size_t slot);

#endif
