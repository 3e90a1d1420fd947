/*
 * A small set with a condition: sessions are few hundreds, so a list is enough. Each digest is also one byte of the lock
 * file, far beyond its end: locks of the open file description (fcntl(2)), which end with the process. Two digests that
 * share a byte only wait for each other.
 */
#include "intake/in_flight.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/abnf.h"
#include "base/clock.h"

#define POLL_MS 20       /* for the other process; there is one only while a reload lasts */
#define OFFSET_DIGITS 15 /* 60 bits of the digest */

struct claim {
	struct claim *next;
	struct str digest; /* the caller's, alive until it leaves */
};

struct in_flight {
	int lock_fd;
	pthread_mutex_t lock; /* guards claims */
	pthread_cond_t left;
	struct claim *claims;
};

struct in_flight *in_flight_new(int lock_fd)
{
	struct in_flight *f = calloc(1, sizeof(*f));
	pthread_condattr_t monotonic;

	ASSERT(f);
	f->lock_fd = lock_fd;
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
	for (struct claim *c = (*f)->claims, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	if ((*f)->lock_fd >= 0)
		close((*f)->lock_fd);
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

/* Locks or unlocks the digest's byte; false when another process has it. Without a lock file there is none. */
static bool lock_byte(const struct in_flight *f, struct str digest, short type)
{
	struct flock byte = { .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };

	if (f->lock_fd < 0)
		return true;
	for (size_t i = 0; i < OFFSET_DIGITS && i < digest.n; i++)
		byte.l_start = byte.l_start << 4 | (abnf_hex_value((unsigned char)digest.p[i]) & 15);
	/* Where the file system knows no locks, each process is on its own. */
	return fcntl(f->lock_fd, F_OFD_SETLK, &byte) == 0 || (errno != EAGAIN && errno != EACCES);
}

static bool is_over(int64_t until_ms)
{
	return clock_left_ms(until_ms) == 0;
}

enum err in_flight_enter(struct in_flight *f, struct str digest, int64_t until_ms)
{
	struct claim *mine = malloc(sizeof(*mine));
	bool done = false;

	ASSERT(mine);
	pthread_mutex_lock(&f->lock);
	for (;;) {
		bool ours = is_claimed(f, digest);
		done = !ours && lock_byte(f, digest, F_WRLCK);
		if (done || is_over(until_ms))
			break;
		int64_t next = ours ? until_ms : clock_mono_ms() + POLL_MS;
		struct timespec t = { next / 1000, next % 1000 * 1000000 };
		pthread_cond_timedwait(&f->left, &f->lock, &t);
	}
	if (done) {
		*mine = (struct claim){ f->claims, digest };
		f->claims = mine;
	}
	pthread_mutex_unlock(&f->lock);
	if (!done)
		free(mine);
	return done ? OK : ERR_LATER;
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
	(void)lock_byte(f, digest, F_UNLCK);
	pthread_cond_broadcast(&f->left);
	pthread_mutex_unlock(&f->lock);
	free(gone);
}
