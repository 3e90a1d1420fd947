/*
 * Which jobs the threads are at, so that a next hop or an account that lets them wait does not get all: one more is begun
 * for a next hop only while more threads are free than it has, and for an account while half as many are. Others always
 * find some, and one that is alone gets many. Patient jobs (store/jobs.h) count among themselves, and have half of the threads
 * at most.
 */
#ifndef COURIER_LANES_H
#define COURIER_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lanes;

struct lanes *lanes_new(size_t threads);
void lanes_free(struct lanes **l);

/* What a job lets a thread wait for. */
struct hop {
	uint64_t id;   /* 0: nothing */
	bool together; /* a thread takes many of its jobs; of patient ones, one thread all that there are */
};

/* What a thread may be at. */
struct lane {
	bool patient;
	int64_t account;
	struct hop hop;
};

/* It is at that from then on until lanes_leave, instead of what it was before. False: not now. */
bool lanes_enter(struct lanes *l, size_t thread, struct lane at);
void lanes_leave(struct lanes *l, size_t thread);

/* The next hop of a job, which is dear to find out, kept for a minute. */
void lanes_note(struct lanes *l, int64_t job, struct hop hop, int64_t now_ms);
bool lanes_recall(struct lanes *l, int64_t job, int64_t now_ms, struct hop *hop_out);

#endif
