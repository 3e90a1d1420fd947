/* A list under a lock: accounts are few, and only mail newer than the snapshot looks here. */
#include "broker/policy_cache.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "broker/ipc.h"

struct entry {
	int64_t account, rev;
	int64_t too_large; /* a revision that was; -1 = none */
	struct buf json;
};

struct policy_cache {
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t read;  /* reading has ended */
	bool reading;         /* somebody is: one at a time, for each may take a hundred megabytes */
	struct entry *v;
	size_t n, room;
};

struct policy_cache *policy_cache_new(void)
{
	struct policy_cache *c = calloc(1, sizeof(*c));
	pthread_condattr_t monotonic;

	ASSERT(c);
	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&c->read, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return c;
}

void policy_cache_free(struct policy_cache **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < (*c)->n; i++)
		buf_free(&(*c)->v[i].json);
	free((*c)->v);
	pthread_cond_destroy(&(*c)->read);
	pthread_mutex_destroy(&(*c)->lock);
	free(*c);
	*c = NULL;
}

static struct entry *find(struct policy_cache *c, int64_t account)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].account == account)
			return &c->v[i];
	return NULL;
}

/* What is known of it; ERR_ABSENT = nothing. The lock is held. */
static enum err look(struct policy_cache *c, int64_t account, int64_t rev, struct buf *out)
{
	const struct entry *e = find(c, account);

	if (e && e->rev >= rev) {
		buf_add(out, buf_str(&e->json));
		return OK;
	}
	return e && e->too_large == rev ? ERR_LIMIT : ERR_ABSENT;
}

enum err policy_cache_get(struct policy_cache *c, int64_t account, int64_t rev, int64_t until_ms,
			  struct buf *out)
{
	struct timespec until = { until_ms / 1000, until_ms % 1000 * 1000000 };
	enum err e;

	pthread_mutex_lock(&c->lock);
	while ((e = look(c, account, rev, out)) == ERR_ABSENT && c->reading) {
		if (pthread_cond_timedwait(&c->read, &c->lock, &until) == ETIMEDOUT) {
			e = ERR_LATER;
			break;
		}
	}
	c->reading = c->reading || e == ERR_ABSENT;
	pthread_mutex_unlock(&c->lock);
	return e;
}

static struct entry *add(struct policy_cache *c, int64_t account)
{
	if (c->n == c->room) {
		size_t room = c->room ? c->room * 2 : 8;
		struct entry *v = realloc(c->v, room * sizeof(*v));
		if (!v)
			return NULL;
		c->v = v;
		c->room = room;
	}
	struct entry *e = &c->v[c->n++];
	*e = (struct entry){ .account = account, .rev = -1, .too_large = -1 };
	buf_init(&e->json, IPC_LIMIT_JOB);
	return e;
}

static struct entry *find_or_add(struct policy_cache *c, int64_t account)
{
	struct entry *e = find(c, account);

	return e ? e : add(c, account);
}

/* The lock is held. */
static void reading_ended(struct policy_cache *c)
{
	c->reading = false;
	pthread_cond_broadcast(&c->read);
}

void policy_cache_put(struct policy_cache *c, int64_t account, int64_t rev, struct str json)
{
	pthread_mutex_lock(&c->lock);
	struct entry *e = find_or_add(c, account);
	if (e && rev > e->rev) {
		buf_clear(&e->json);
		buf_add(&e->json, json);
		e->rev = buf_ok(&e->json) ? rev : -1;
	}
	reading_ended(c);
	pthread_mutex_unlock(&c->lock);
}

void policy_cache_give_up(struct policy_cache *c, int64_t account, int64_t rev, enum err why)
{
	pthread_mutex_lock(&c->lock);
	struct entry *e = why == ERR_LIMIT ? find_or_add(c, account) : NULL;
	if (e)
		e->too_large = rev;
	reading_ended(c);
	pthread_mutex_unlock(&c->lock);
}

void policy_cache_all(struct policy_cache *c, struct buf *out)
{
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->n; i++) {
		if (c->v[i].rev < 0)
			continue;
		buf_add(out, buf_str(&c->v[i].json));
		buf_add_char(out, '\n');
	}
	pthread_mutex_unlock(&c->lock);
}
