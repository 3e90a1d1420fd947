/* Finding principals, with a small cache in front of the store. */
#include "api/principal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/problem.h"
#include "api/request.h"
#include "base/hash.h"
#include "base/random.h"

#define SLOTS 1024
#define LIFE_US 5000000

struct slot {
	uint64_t hash[2]; /* of what was sent; 0, 0 = empty */
	int64_t rev, loaded_us;
	struct principal p; /* accounts on the heap */
};

struct principal_cache {
	struct store *st;
	unsigned char keys[2][16];
	pthread_mutex_t mutex; /* guards slots */
	struct slot slots[SLOTS];
};

struct principal_cache *principal_cache_new(struct store *st)
{
	struct principal_cache *c = calloc(1, sizeof(*c));

	ASSERT(c);
	c->st = st;
	random_bytes(c->keys, sizeof(c->keys));
	pthread_mutex_init(&c->mutex, NULL);
	return c;
}

static void forget(struct slot *s)
{
	void *accounts = (void *)(uintptr_t)s->p.accounts;

	free(accounts);
	*s = (struct slot){ 0 };
}

void principal_cache_free(struct principal_cache **cp)
{
	struct principal_cache *c = *cp;

	if (!c)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		forget(&c->slots[i]);
	pthread_mutex_destroy(&c->mutex);
	free(c);
	*cp = NULL;
}

static bool recall(struct principal_cache *c, struct arena *a, const uint64_t hash[2], int64_t rev,
		   int64_t now_us, struct principal *out)
{
	struct slot *s = &c->slots[hash[0] % SLOTS];
	bool found;

	pthread_mutex_lock(&c->mutex);
	found = s->hash[0] == hash[0] && s->hash[1] == hash[1] && s->rev == rev &&
		now_us - s->loaded_us < LIFE_US && now_us >= s->loaded_us && now_us < s->p.until_us;
	if (found) {
		struct principal_account *copy = ARENA_ARRAY(a, s->p.n, struct principal_account);
		memcpy(copy, s->p.accounts, s->p.n * sizeof(*copy));
		*out = s->p;
		out->accounts = copy;
	}
	pthread_mutex_unlock(&c->mutex);
	return found;
}

static void remember(struct principal_cache *c, const uint64_t hash[2], int64_t rev, int64_t now_us,
		     const struct principal *p)
{
	struct slot *s = &c->slots[hash[0] % SLOTS];
	struct principal_account *copy = malloc((p->n ? p->n : 1) * sizeof(*copy));

	if (!copy)
		return;
	memcpy(copy, p->accounts, p->n * sizeof(*copy));
	pthread_mutex_lock(&c->mutex);
	forget(s);
	*s = (struct slot){ { hash[0], hash[1] }, rev, now_us, *p };
	s->p.accounts = copy;
	pthread_mutex_unlock(&c->mutex);
}

static struct principal_account account_of(const struct account *a, int form, const struct ident *who)
{
	struct principal_account pa = { .num = a->num, .id_form = form };

	snprintf(pa.id, sizeof(pa.id), "%.*s", STR_ARG(a->id));
	memcpy(pa.who, who->uuid, sizeof(pa.who));
	if (form < 0 && HAS(a, account, id_form))
		pa.id_form = a->id_form;
	return pa;
}

/*
 * By the keyed digest of what was sent, in an index. How long that takes may tell how far two digests agree, and nothing
 * about the token: without the server's key nobody knows which text has which digest, nor how to come closer.
 */
static enum err find_token(struct principal_cache *c, struct arena *a, struct str secret, int64_t now_us,
			   struct principal *out)
{
	struct token t;
	struct account account;
	enum err err = settings_token_find(c->st, a, settings_digest(c->st, a, secret), &t);

	if (err)
		return err;
	int64_t until_us = HAS(&t, token, expires_at) ? t.expires_at : INT64_MAX;
	if (now_us >= until_us)
		return ERR_ABSENT;
	err = settings_account_get(c->st, a, t.account, &account);
	if (err)
		return err;
	struct principal_account *accounts = ARENA_NEW(a, struct principal_account);
	*accounts = account_of(&account, HAS(&t, token, id_form) ? t.id_form : -1, &t.id);
	*out = (struct principal){
		.scope = (enum scope)t.scope, .until_us = until_us, .accounts = accounts, .n = 1
	};
	snprintf(out->name, sizeof(out->name), "token:%.*s", STR_ARG(t.name));
	return OK;
}

/*
 * A key counts in each account whose row of that address has its digest. Those are few and compared one by one, in
 * constant time; a key is digested whether the address is known or not.
 */
static enum err find_user(struct principal_cache *c, struct arena *a, struct str email, struct str key,
			  struct principal *out)
{
	struct str digest = settings_digest(c->st, a, key);
	struct user_list rows;
	struct account account;
	enum err err = settings_users_find(c->st, a, email, &rows);

	if (err)
		return err;
	struct principal_account *accounts = ARENA_ARRAY(a, rows.n, struct principal_account);
	*out = (struct principal){ .scope = SCOPE_ADMIN, .until_us = INT64_MAX, .accounts = accounts };
	for (size_t i = 0; i < rows.n; i++) {
		if (!hash_same(rows.v[i].digest, digest))
			continue;
		err = settings_account_get(c->st, a, rows.v[i].account, &account);
		if (err && err != ERR_ABSENT)
			return err;
		if (!err)
			accounts[out->n++] = account_of(&account, -1, &rows.v[i].id);
	}
	snprintf(out->name, sizeof(out->name), "user:%.*s", STR_ARG(rows.v[0].email));
	return out->n ? OK : ERR_ABSENT;
}

static bool is_token_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
	return s.n > 0;
}

/* The secret of "Bearer <token>", or "" (RFC 6750 §2.1; the scheme in any case, RFC 9110 §11.1). */
static struct str bearer_of(struct str header)
{
	struct str token;

	if (!str_starts_nocase(header, STR("Bearer ")))
		return STR_NONE;
	token = str_trim(str_sub(header, 7, header.n));
	return is_token_text(token) ? token : STR_NONE;
}

static bool is_email(struct str s)
{
	size_t at = str_find_char(s, '@', 0);

	return at != SIZE_MAX && at > 0 && at + 1 < s.n && s.n <= 320 && is_token_text(s);
}

/* Which of the two decides (A.4: the token), and what is wrong with its form. */
static bool check_form(const struct request_headers *h, struct str *bearer, enum problem *problem)
{
	*bearer = bearer_of(h->authorization);
	if (h->authorization.p) {
		*problem = PROBLEM_BAD_AUTHORIZATION;
		return bearer->n > 0;
	}
	*problem = PROBLEM_NO_CREDENTIALS;
	if (!h->auth_email.n || !h->auth_key.n)
		return false;
	*problem = PROBLEM_BAD_EMAIL;
	if (!is_email(h->auth_email))
		return false;
	*problem = PROBLEM_BAD_KEY;
	return is_token_text(h->auth_key);
}

enum err principal_find(struct principal_cache *c, struct arena *a, const struct request_headers *h,
			int64_t now_us, struct principal *out, enum problem *problem_out)
{
	struct str bearer;
	uint64_t hash[2];
	int64_t rev;

	if (!check_form(h, &bearer, problem_out))
		return ERR_DENIED;
	/* An address in another case is the same user, with the same rate limit. */
	struct str email = arena_lower(a, h->auth_email);
	struct str sent =
	    bearer.n ? bearer : arena_printf(a, "%.*s\n%.*s", STR_ARG(email), STR_ARG(h->auth_key));
	for (size_t i = 0; i < 2; i++)
		hash[i] = hash_sip(c->keys[i], sent);
	enum err err = settings_rev_all(c->st, &rev);
	if (err)
		return err;
	if (recall(c, a, hash, rev, now_us, out))
		return OK;
	err = bearer.n ? find_token(c, a, bearer, now_us, out)
		       : find_user(c, a, h->auth_email, h->auth_key, out);
	if (err == ERR_ABSENT) {
		*problem_out = bearer.n ? PROBLEM_BAD_TOKEN : PROBLEM_BAD_PAIR;
		return ERR_DENIED;
	}
	if (err)
		return err;
	out->key = hash[0];
	remember(c, hash, rev, now_us, out);
	return OK;
}

const struct principal_account *principal_account(const struct principal *p, struct str id)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(str_of(p->accounts[i].id), id))
			return &p->accounts[i];
	return NULL;
}
