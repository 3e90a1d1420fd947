/* Digests are evenly spread, so each has one place, by its first two bytes. */
#include "intake/heard.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/abnf.h"
#include "base/hash.h"

#define PLACES 65536 /* 2 MB once all were used */

struct heard {
	pthread_mutex_t lock; /* guards places */
	struct sha256 places[PLACES];
};

struct heard *heard_new(void)
{
	struct heard *h = calloc(1, sizeof(*h));

	ASSERT(h);
	pthread_mutex_init(&h->lock, NULL);
	return h;
}

void heard_free(struct heard **h)
{
	if (!*h)
		return;
	pthread_mutex_destroy(&(*h)->lock);
	free(*h);
	*h = NULL;
}

static struct sha256 bytes_of(struct str hex)
{
	struct sha256 out = { { 0 } };

	ASSERT(hex.n == 2 * SHA256_BYTES);
	for (size_t i = 0; i < hex.n; i++)
		out.b[i / 2] = (unsigned char)(out.b[i / 2] << 4 | abnf_hex_value((unsigned char)hex.p[i]));
	return out;
}

static struct sha256 *place_of(struct heard *h, const struct sha256 *digest)
{
	return &h->places[digest->b[0] << 8 | digest->b[1]];
}

void heard_add(struct heard *h, struct str digest)
{
	struct sha256 d = bytes_of(digest);

	pthread_mutex_lock(&h->lock);
	*place_of(h, &d) = d;
	pthread_mutex_unlock(&h->lock);
}

bool heard_take(struct heard *h, struct str digest)
{
	struct sha256 d = bytes_of(digest);

	pthread_mutex_lock(&h->lock);
	struct sha256 *place = place_of(h, &d);
	bool there = memcmp(place->b, d.b, sizeof(d.b)) == 0;
	if (there)
		*place = (struct sha256){ { 0 } };
	pthread_mutex_unlock(&h->lock);
	return there;
}
