/*
 * Threads that judge and file what was found in mailboxes (found.h), so that whoever reads a mailbox goes on reading
 * meanwhile. What is under way is bounded in number and in bytes: who reads faster than is judged waits.
 */
#ifndef COURIER_FINDERS_H
#define COURIER_FINDERS_H

#include <pthread.h>

#include "courier/found.h"
#include "store/mailbox_watch.h"

#define FINDERS 8 /* scans wait for DNS most of their time */

struct finders;

/* What is read of a mailbox between two notes of how far it was read. */
struct find_batch {
	struct {
		struct watch_sighting *v;
		size_t n;
	} seen;         /* in the arena, in no order */
	int64_t failed; /* cannot be filed, whatever is done */
	enum err err;   /* ERR_LATER: something of it is not filed yet; why */
	struct errbuf why;
	struct arena *arena;
	size_t open; /* the threads' own, as all of it until find_wait */
};

/* The threads are there until finders_free. ERR_LATER. */
MUST_CHECK enum err finders_new(const struct found_tools *tools, struct finders **out, struct errbuf *eb);
void finders_free(struct finders **f);

/* A place for one message, in whose arena it is to be read and which is given to the threads or dropped. Waits for room. */
struct find_task;
struct find_task *find_begin(struct finders *f, struct find_batch *b, const struct found_place *at,
			     int64_t size);
struct arena *find_arena(struct find_task *t);
void find_give(struct find_task *t, struct str bytes, const struct mail_marks *marks);
void find_drop(struct find_task *t);

/* Until all that was given is done. */
void find_wait(struct finders *f, struct find_batch *b);

#endif
