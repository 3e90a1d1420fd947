/* The end of threads that rest between rounds: who rests is woken by it. */
#ifndef COURIER_ENDING_H
#define COURIER_ENDING_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct ending {
	atomic_bool has_come;
	pthread_mutex_t lock; /* so that the end is not missed on the way to a rest */
	pthread_cond_t wake;
};

void ending_init(struct ending *e);
/* When no thread uses it any more. */
void ending_free(struct ending *e);
/* From now on nobody rests. */
void ending_call(struct ending *e);
/* Rests so long at most; true: the end has come. */
bool ending_rest(struct ending *e, int64_t ms);

#endif
