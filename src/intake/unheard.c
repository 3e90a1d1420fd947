/* Digests are evenly spread, so each has one place, by its first two bytes. */
#include "intake/unheard.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/abnf.h"
#include "base/hash.h"

#define PLACES 65536 /* 2 MB once all were used */

struct unheard {
	pthread_mutex_t lock; /* guards places */
	struct sha256 places[PLACES];
};

struct unheard *unheard_new(void)
{
	struct unheard *u = calloc(1, sizeof(*u));

	ASSERT(u);
	pthread_mutex_init(&u->lock, NULL);
	return u;
}

void unheard_free(struct unheard **u)
{
	if (!*u)
		return;
	pthread_mutex_destroy(&(*u)->lock);
	free(*u);
	*u = NULL;
}

static struct sha256 bytes_of(struct str hex)
{
	struct sha256 out = { { 0 } };

	ASSERT(hex.n == 2 * SHA256_BYTES);
	for (size_t i = 0; i < hex.n; i++)
		out.b[i / 2] = (unsigned char)(out.b[i / 2] << 4 | abnf_hex_value((unsigned char)hex.p[i]));
	return out;
}

static struct sha256 *place_of(struct unheard *u, const struct sha256 *digest)
{
	return &u->places[digest->b[0] << 8 | digest->b[1]];
}

static bool is_same(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

void unheard_add(struct unheard *u, struct str digest)
{
	struct sha256 d = bytes_of(digest);

	pthread_mutex_lock(&u->lock);
	*place_of(u, &d) = d;
	pthread_mutex_unlock(&u->lock);
}

void unheard_remove(struct unheard *u, struct str digest)
{
	struct sha256 d = bytes_of(digest);

	pthread_mutex_lock(&u->lock);
	struct sha256 *place = place_of(u, &d);
	if (is_same(place, &d))
		*place = (struct sha256){ { 0 } };
	pthread_mutex_unlock(&u->lock);
}

bool unheard_has(struct unheard *u, struct str digest)
{
	struct sha256 d = bytes_of(digest);

	pthread_mutex_lock(&u->lock);
	bool there = is_same(place_of(u, &d), &d);
	pthread_mutex_unlock(&u->lock);
	return there;
}
