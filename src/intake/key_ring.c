/* A table of ids and keys, filled in a circle. */
#include "intake/key_ring.h"

#include <pthread.h>
#include <stdlib.h>

#include "auth/sign_key.h"
#include "base/attr.h"

#define UUID 36

struct kept {
	char uuid[UUID];
	EVP_PKEY *key; /* NULL = the place is free */
};

struct key_ring {
	pthread_mutex_t lock; /* of all that follows */
	struct kept v[KEY_RING_KEYS];
	size_t next; /* place that is filled next */
};

struct key_ring *key_ring_new(void)
{
	struct key_ring *ring = calloc(1, sizeof(*ring));

	ASSERT(ring && pthread_mutex_init(&ring->lock, NULL) == 0);
	return ring;
}

void key_ring_free(struct key_ring **ring)
{
	if (!*ring)
		return;
	for (size_t i = 0; i < KEY_RING_KEYS; i++)
		EVP_PKEY_free((*ring)->v[i].key);
	pthread_mutex_destroy(&(*ring)->lock);
	free(*ring);
	*ring = NULL;
}

static EVP_PKEY *find(struct key_ring *ring, const char *uuid)
{
	EVP_PKEY *key = NULL;

	pthread_mutex_lock(&ring->lock);
	for (size_t i = 0; i < KEY_RING_KEYS && !key; i++)
		if (ring->v[i].key && memcmp(ring->v[i].uuid, uuid, UUID) == 0)
			key = ring->v[i].key;
	if (key)
		EVP_PKEY_up_ref(key);
	pthread_mutex_unlock(&ring->lock);
	return key;
}

/* Two threads may read the same key at once: then it is there twice, which does no harm. */
static void keep(struct key_ring *ring, const char *uuid, EVP_PKEY *key)
{
	EVP_PKEY_up_ref(key);
	pthread_mutex_lock(&ring->lock);
	struct kept *place = &ring->v[ring->next];
	EVP_PKEY *before = place->key;
	memcpy(place->uuid, uuid, UUID);
	place->key = key;
	ring->next = (ring->next + 1) % KEY_RING_KEYS;
	pthread_mutex_unlock(&ring->lock);
	EVP_PKEY_free(before);
}

EVP_PKEY *key_ring_take(struct key_ring *ring, const char *uuid, struct str pem)
{
	EVP_PKEY *key = find(ring, uuid);

	if (key)
		return key;
	key = sign_key_read(pem);
	if (key)
		keep(ring, uuid, key);
	return key;
}
