/*
 * Who asks: a token (Authorization: Bearer) or a user with the key (X-Auth-Email, X-Auth-Key).
 *
 * Found principals are remembered for a few seconds under a keyed hash of what was sent, never the secret itself,
 * and only as long as the store's revision stays: a revoked token stops with the next request.
 */
#ifndef API_PRINCIPAL_H
#define API_PRINCIPAL_H

#include "api/problem_kind.h"
#include "store/settings.h"

#define PRINCIPAL_NAME_MAX 808 /* "token:" and 200 characters of at most four bytes, terminated */

struct principal_account {
	int64_t num;
	char id[33];
	int id_form;  /* enum id_form, or -1 = the server's */
	char who[37]; /* the token or user that acts in it: its uuid */
};

struct principal {
	char name[PRINCIPAL_NAME_MAX]; /* for log and audit: "token:NAME", "user:ADDRESS" */
	uint64_t key;                  /* for the rate limit */
	enum scope scope;
	int64_t until_us;                         /* when it expires; INT64_MAX: never */
	const struct principal_account *accounts; /* where it may act */
	size_t n;
};

struct principal_cache;
struct request_headers;

struct principal_cache *principal_cache_new(struct store *st);
void principal_cache_free(struct principal_cache **c);

/* OK: *out is set, its accounts in the arena. ERR_DENIED: *problem_out says how. ERR_LATER, ERR_BUG: the store. */
MUST_CHECK enum err principal_find(struct principal_cache *c, struct arena *a,
				   const struct request_headers *h, int64_t now_us, struct principal *out,
				   enum problem *problem_out);

/* The account of that id among the principal's, or NULL. */
const struct principal_account *principal_account(const struct principal *p, struct str id);

#endif
