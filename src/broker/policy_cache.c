/* A list under a lock: accounts are few, and only mail newer than the snapshot looks here. */
#include "broker/policy_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "broker/ipc.h"

struct entry {
	int64_t account, rev;
	struct buf json;
};

struct policy_cache {
	pthread_mutex_t lock; /* guards the list */
	struct entry *v;
	size_t n, room;
};

struct policy_cache *policy_cache_new(void)
{
	struct policy_cache *c = calloc(1, sizeof(*c));

	ASSERT(c);
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void policy_cache_free(struct policy_cache **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < (*c)->n; i++)
		buf_free(&(*c)->v[i].json);
	free((*c)->v);
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

bool policy_cache_get(struct policy_cache *c, int64_t account, int64_t rev, struct buf *out)
{
	pthread_mutex_lock(&c->lock);
	const struct entry *e = find(c, account);
	bool found = e && e->rev >= rev;
	if (found)
		buf_add(out, buf_str(&e->json));
	pthread_mutex_unlock(&c->lock);
	return found;
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
	*e = (struct entry){ .account = account, .rev = -1 };
	buf_init(&e->json, IPC_LIMIT_JOB);
	return e;
}

void policy_cache_put(struct policy_cache *c, int64_t account, int64_t rev, struct str json)
{
	pthread_mutex_lock(&c->lock);
	struct entry *e = find(c, account);
	if (!e)
		e = add(c, account);
	if (e && rev > e->rev) {
		buf_clear(&e->json);
		buf_add(&e->json, json);
		e->rev = buf_ok(&e->json) ? rev : -1;
	}
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
