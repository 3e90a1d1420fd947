/* Keys of one mail. */
#include "auth/dkim_keyring.h"

#include <openssl/err.h>

static void read_records(struct arena *a, const struct answer *answer, struct dkim_ring_name *out)
{
	struct errbuf eb;

	out->silent = answer->status == ANSWER_TEMPERROR;
	out->why = STR("there is no key");
	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		struct dkim_ring_key k = { 0 };
		if (dkim_key_parse(a, answer->records.v[i].data, &k.key, &eb))
			out->why = arena_str(a, str_of(eb.text));
		else
			ARENA_PUSH(a, &out->keys, k);
	}
	if (out->keys.n > 0)
		out->why = STR("the key is of another kind");
}

static struct dkim_ring_name *find(struct arena *a, struct asker *q, struct dkim_keyring *ring,
				   struct str name)
{
	struct dkim_ring_name fresh = { .name = name };

	for (size_t i = 0; i < ring->names.n; i++)
		if (str_eq(ring->names.v[i].name, name))
			return &ring->names.v[i];
	read_records(a, ask_dns(q, name, RR_TXT), &fresh);
	ARENA_PUSH(a, &ring->names, fresh);
	return &ring->names.v[ring->names.n - 1];
}

enum err dkim_keyring_get(struct arena *a, struct asker *q, struct dkim_keyring *ring, struct str name,
			  enum dkim_algorithm algorithm, const struct dkim_ring_key **out,
			  struct str *why_out)
{
	struct dkim_ring_name *n = find(a, q, ring, name);

	*out = NULL;
	*why_out = n->why;
	if (n->silent)
		return ERR_LATER;
	for (size_t i = 0; i < n->keys.n; i++) {
		struct dkim_ring_key *k = &n->keys.v[i];
		if (k->key.ed25519 != (algorithm == DKIM_ED25519_SHA256))
			continue;
		if (!k->tried && dkim_key_open(&k->key, &k->open, &k->bits))
			ERR_clear_error();
		k->tried = true;
		*out = k;
		return OK;
	}
	return ERR_ABSENT;
}

void dkim_keyring_free(struct dkim_keyring *ring)
{
	for (size_t i = 0; i < ring->names.n; i++)
		for (size_t j = 0; j < ring->names.v[i].keys.n; j++)
			EVP_PKEY_free(ring->names.v[i].keys.v[j].open);
	*ring = (struct dkim_keyring){ 0 };
}
