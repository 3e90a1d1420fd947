/*
 * Settings in the store: generic reading and writing of the collections of resource/, accounts with their users,
 * tokens and service addresses, and what mail processing asks of all that.
 *
 * Every write is one transaction that also raises the account's policy revision and the global one, and leaves an
 * audit row saying who, what, before and after. Objects read point into the arena. Threads: any.
 */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include "model/account.h"
#include "model/domain.h"
#include "policy/policy.h"
#include "resource/resource.h"
#include "store/store.h"

#define SETTINGS_MAX 10000 /* objects of one collection in one account; POLICY_SOURCE carries as many */

/* ---- reading ---- */

struct settings_list {
	void *v; /* objects of r->fields->size bytes */
	size_t n;
};

/* By either form of the id. ERR_ABSENT. */
MUST_CHECK enum err settings_get(struct store *st, struct arena *a, const struct resource *r, int64_t account,
				 const struct ident *id, void *obj);
/* All of an account, in order of creation; account 0 = of all accounts. */
MUST_CHECK enum err settings_list(struct store *st, struct arena *a, const struct resource *r,
				  int64_t account, struct settings_list *out);

/* ---- writing ---- */

struct settings_who {
	struct str name;       /* "token:NAME", "user:ADDRESS", "operator" */
	struct str request_id; /* "" = none */
};

struct settings_write;

/* One transaction over one collection of one account; keeps other writers waiting, so be quick. */
MUST_CHECK enum err settings_write_begin(struct store *st, const struct resource_env *env,
					 const struct resource *r, int64_t account,
					 const struct settings_who *who, struct settings_write **out);
/* As settings_get, with what this transaction wrote so far. */
MUST_CHECK enum err settings_write_get(struct settings_write *w, const struct ident *id, void *obj);
/* The object of that unique key (resource.key), unless this transaction changed it. ERR_ABSENT. */
MUST_CHECK enum err settings_write_find(struct settings_write *w, struct str key, struct ident *out);
/* Sets both ids (unless they are set) and both times. tag: yours, told when the key turns out to exist. */
MUST_CHECK enum err settings_write_add(struct settings_write *w, void *obj, size_t tag);
/* Sets the time of change, unless nothing differs from what is stored; then nothing is written. */
MUST_CHECK enum err settings_write_replace(struct settings_write *w, void *obj, size_t tag);
/* Completes the id with its other form. ERR_ABSENT. */
MUST_CHECK enum err settings_write_delete(struct settings_write *w, struct ident *id);
/*
 * Commits when err is OK, else undoes everything and gives err. Uniqueness is looked at here, so a key may wander
 * from one object to another: ERR_CONFLICT and the tag of the object that came too late. ERR_LIMIT: more than
 * SETTINGS_MAX objects.
 */
MUST_CHECK enum err settings_write_end(struct settings_write **w, enum err err, size_t *tag_out);

/* ---- accounts and who may act in them ---- */

/* Keyed digest of a secret (HMAC-SHA-256 with the store's secret), in hexadecimal. */
struct str settings_digest(struct store *st, struct arena *a, struct str secret);

/* Adding sets num, created_at and, for an account without one, id. ERR_CONFLICT: id, digest or address is taken. */
MUST_CHECK enum err settings_account_add(struct store *st, struct arena *a, struct account *account);
MUST_CHECK enum err settings_user_add(struct store *st, struct arena *a, struct user *user);
MUST_CHECK enum err settings_token_add(struct store *st, struct arena *a, struct token *token);
MUST_CHECK enum err settings_address_add(struct store *st, struct arena *a, struct service_address *address);

/* account 0 = of all accounts; in order of creation. */
MUST_CHECK enum err settings_accounts(struct store *st, struct arena *a, struct account_list *out);
MUST_CHECK enum err settings_users(struct store *st, struct arena *a, int64_t account, struct user_list *out);
MUST_CHECK enum err settings_tokens(struct store *st, struct arena *a, int64_t account,
				    struct token_list *out);
MUST_CHECK enum err settings_addresses(struct store *st, struct arena *a, int64_t account,
				       struct service_address_list *out);

/* By num. Deleting an account deletes its users, tokens, addresses and settings, not its mail. ERR_ABSENT. */
MUST_CHECK enum err settings_account_delete(struct store *st, struct arena *a, int64_t num);
MUST_CHECK enum err settings_user_delete(struct store *st, struct arena *a, int64_t num);
MUST_CHECK enum err settings_token_delete(struct store *st, struct arena *a, int64_t num);
MUST_CHECK enum err settings_address_delete(struct store *st, struct arena *a, int64_t num);

/* By num. ERR_ABSENT. */
MUST_CHECK enum err settings_account_get(struct store *st, struct arena *a, int64_t num, struct account *out);
/* ERR_ABSENT. The id is 32 lower-case hexadecimal digits. */
MUST_CHECK enum err settings_account_find(struct store *st, struct arena *a, struct str id,
					  struct account *out);
MUST_CHECK enum err settings_token_find(struct store *st, struct arena *a, struct str digest,
					struct token *out);
/* The rows of one address, without regard to case: one in each account it may act in. */
MUST_CHECK enum err settings_users_find(struct store *st, struct arena *a, struct str email,
					struct user_list *out);
/* The account a service address belongs to, without regard to case. */
MUST_CHECK enum err settings_address_find(struct store *st, struct arena *a, struct str address,
					  struct service_address *out);

/* ---- for mail processing ---- */

/* Grows with every change of the account's settings; 0 before the first. */
MUST_CHECK enum err settings_policy_rev(struct store *st, int64_t account, int64_t *rev_out);
/*
 * Another number after every change of any settings or account, by any process: what was cached under another is to
 * be read again. Asked before what is cached is read. Costs two loads, no statement.
 */
MUST_CHECK enum err settings_rev_all(struct store *st, int64_t *rev_out);
MUST_CHECK enum err settings_policy_source(struct store *st, struct arena *a, int64_t account,
					   struct policy_source *out);

struct settings_domain {
	int64_t account;
	struct str folded; /* A-labels, lower case */
	struct domain domain;
};

/* Protected domains of an account, or of all (account 0), authorized or not. */
MUST_CHECK enum err settings_domains(struct store *st, struct arena *a, int64_t account,
				     struct settings_domain **v_out, size_t *n_out);
/* The protected domain of that name, in any form; a name belongs to one account at most. ERR_ABSENT. */
MUST_CHECK enum err settings_domain_find(struct store *st, struct arena *a, struct str name,
					 struct settings_domain *out);

#endif
