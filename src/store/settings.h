/*
 * Settings in the store: generic reading and writing of the collections of resource/, accounts with their users,
 * tokens and service addresses, and what mail processing asks of all that.
 *
 * Every write is one transaction that also raises the account's policy revision and the global one, and leaves an
 * audit row saying who, what, before and after. Objects read point into the arena. Threads: any.
 *
 * Secrets (F_WRITEONLY fields) are encrypted by whatever writes them; what was read holds them so (safe.h).
 *
 * Facts (F_FACT fields) are what the server found out about an object. They are read with it and lie in a row beside it:
 * writing them raises no revision, leaves no audit row and cannot collide with a change of the object.
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

struct settings_object {
	void *obj;         /* of the collection's type */
	struct str stored; /* its row, by which a change knows that nobody else changed it meanwhile */
	bool rekeyed;      /* settings_write's own: what was planned for it changes its key */
};

struct settings_list {
	void *v; /* objects of r->fields->size bytes */
	size_t n;
};

/* By either form of the id. ERR_ABSENT. */
MUST_CHECK enum err settings_get(struct store *st, struct arena *a, const struct resource *r, int64_t account,
				 const struct ident *id, struct settings_object *out);
/* By its unique key (resource.key). ERR_ABSENT. */
MUST_CHECK enum err settings_find(struct store *st, struct arena *a, const struct resource *r,
				  int64_t account, struct str key, struct settings_object *out);
/* All of an account, by number. */
MUST_CHECK enum err settings_list(struct store *st, struct arena *a, const struct resource *r,
				  int64_t account, struct settings_list *out);

/* A part of a collection in order of creation; ties by number. */
struct settings_window {
	bool newest_first;
	size_t skip, n;
};

/* *total_out: how many there are in all. */
MUST_CHECK enum err settings_page(struct store *st, struct arena *a, const struct resource *r,
				  int64_t account, const struct settings_window *w, struct settings_list *out,
				  size_t *total_out);

/* ---- writing ---- */

struct settings_who {
	struct str name;       /* "token:NAME", "user:ADDRESS", "operator" */
	struct str request_id; /* "" = none */
	struct str id;         /* uuid of the token or user, for names may be given twice; "" = none */
};

/* Whoever runs commands on the server. */
extern const struct settings_who settings_operator;

/*
 * Changes to one collection of one account. They are put together first, outside any transaction, because there is one
 * writer in the whole server; then all are done at once, or none.
 */
struct settings_write;

/* In env's arena, as are all objects given to it, until it was run. */
struct settings_write *settings_write_new(struct store *st, const struct resource_env *env,
					  const struct resource *r, int64_t account,
					  const struct settings_who *who);
/*
 * Both ids (unless they are set) and both times are set when it is run. tag: yours, told when it is refused. Where the
 * collection has a secret, one is made unless the object holds it; read it there, for it is not kept.
 */
void settings_write_add(struct settings_write *w, void *obj, size_t tag);
/*
 * Puts obj in the place of *o and makes it the new *o, with its time of change, unless nothing differs: then nothing
 * will be written.
 */
void settings_write_replace(struct settings_write *w, struct settings_object *o, void *obj, size_t tag);
/* Gives *o another secret, which the new *o holds: what was sent so far lets nobody in any more. */
void settings_write_rotate(struct settings_write *w, struct settings_object *o);
/*
 * The same for what the server itself decides about an object of a collection with owners: its time of change stays that
 * of people, and unless it changes who owns what, the revisions stay, too.
 */
void settings_write_state(struct settings_write *w, struct settings_object *o, void *obj, size_t tag);
void settings_write_delete(struct settings_write *w, const struct settings_object *o);

/* Why a write was refused. */
struct settings_refusal {
	bool stale; /* ERR_CONFLICT: an object is no longer what was read: read it and put together anew */
	size_t tag; /* ERR_CONFLICT otherwise: of the object whose key exists */
	struct errbuf why; /* ERR_LIMIT: which ceiling, or what names it, as a sentence */
};

/*
 * One transaction. Uniqueness is looked at when all is written, so a key may wander from one object to another. What is
 * named by others (resource.named_by) is not deleted: ERR_LIMIT.
 * ERR_LIMIT: the collection would be larger than SETTINGS_MAX objects or LIMIT_SETTINGS bytes, or the account's collections
 * with patterns than LIMIT_POLICY, or its expressions than LIMIT_POLICY_CODE: mail could not be judged by them.
 */
MUST_CHECK enum err settings_write_run(struct settings_write *w, struct settings_refusal *out);

/* ---- reading what was written ---- */

struct settings_audit_query {
	int64_t account;
	struct str who, action, collection, object; /* exactly; "" = any */
	int64_t before_num;                         /* only rows with smaller numbers */
	int64_t start_us, end_us;                   /* both included */
	size_t skip, n;
	int64_t until_ms; /* monotonic: it may take so long */
};

/* Looks at one row, which lasts for the call; its body is an object as JSON. false ends the reading. */
typedef bool settings_audit_fn(void *ctx, int64_t num, int64_t at_us, struct str body);
/* Newest first; *total_out: all rows of the account. Not for the network: rows wait. ERR_LATER: out of time. */
MUST_CHECK enum err settings_audit_page(struct store *st, const struct settings_audit_query *q,
					settings_audit_fn *fn, void *ctx, size_t *total_out);

/* ---- accounts and who may act in them ---- */

/* Keyed digest of a secret (HMAC-SHA-256 with the store's secret), in hexadecimal. */
struct str settings_digest(struct store *st, struct arena *a, struct str secret);
/* The secret that follows from what is kept of it (resource_secret.is_signed). */
struct str settings_signing_key(struct store *st, struct arena *a, struct str kept);

/*
 * The operator's. Adding sets num, created_at and, unless there is one, id; ERR_CONFLICT: that is taken. Deleting, by
 * num, takes users, tokens, addresses and settings with it, not mail. ERR_ABSENT.
 */
MUST_CHECK enum err settings_account_add(struct store *st, struct arena *a, struct account *account);
MUST_CHECK enum err settings_account_delete(struct store *st, struct arena *a, int64_t num);

/* In order of creation. ERR_LIMIT: more than the arena has room for. */
MUST_CHECK enum err settings_accounts(struct store *st, struct arena *a, struct account_list *out);
/* Users, tokens, service addresses; account 0 = of all accounts. They are written as all settings are. */
MUST_CHECK enum err settings_users(struct store *st, struct arena *a, int64_t account, struct user_list *out);
MUST_CHECK enum err settings_tokens(struct store *st, struct arena *a, int64_t account,
				    struct token_list *out);
MUST_CHECK enum err settings_addresses(struct store *st, struct arena *a, int64_t account,
				       struct service_address_list *out);

/* By num. ERR_ABSENT. */
MUST_CHECK enum err settings_account_get(struct store *st, struct arena *a, int64_t num, struct account *out);
/* Its id alone, for people; "-" when it is gone or cannot be read. */
struct str settings_account_id(struct store *st, struct arena *a, int64_t num);
/* ERR_ABSENT. The id is 32 lower-case hexadecimal digits. */
MUST_CHECK enum err settings_account_find(struct store *st, struct arena *a, struct str id,
					  struct account *out);
MUST_CHECK enum err settings_token_find(struct store *st, struct arena *a, struct str digest,
					struct token *out);
/* Without regard to case. ERR_ABSENT. */
MUST_CHECK enum err settings_address_find(struct store *st, struct arena *a, struct str address,
					  struct service_address *out);
/* The rows of one address, without regard to case: one in each account it may act in. */
MUST_CHECK enum err settings_users_find(struct store *st, struct arena *a, struct str email,
					struct user_list *out);

/* ---- for mail processing ---- */

/* Grows with every change of the account's settings; 0 before the first. */
MUST_CHECK enum err settings_policy_rev(struct store *st, int64_t account, int64_t *rev_out);
/*
 * Another number after every change of any settings or account, by any process: what was cached under another is to
 * be read again. Asked before what is cached is read. Costs two loads, no statement.
 */
MUST_CHECK enum err settings_rev_all(struct store *st, int64_t *rev_out);
/*
 * The rules of an account as they travel to a scan worker: without what is for people alone. ERR_LIMIT: more than an
 * account may have (LIMIT_POLICY), or than the arena has room for.
 */
MUST_CHECK enum err settings_policy_source(struct store *st, struct arena *a, int64_t account,
					   struct policy_source *out);

/* Whether a domain, in A-labels ("*": all domains), has text add-ons or link actions of its own. */
MUST_CHECK enum err settings_has_edits(struct store *st, int64_t account, struct str domain, bool *out);

/* What the scan of an account's mail looks for; of one that set nothing as by default. */
MUST_CHECK enum err settings_detection(struct store *st, struct arena *a, int64_t account,
				       struct detection_settings *out);

struct settings_domain {
	int64_t account;
	struct str folded; /* A-labels, lower case */
	struct domain domain;
};

/* Looks at one of them, which lasts for the call; anything but OK ends the reading. Not for the network: rows wait. */
typedef enum err settings_domain_fn(void *ctx, const struct settings_domain *d);
/*
 * Protected domains of an account, or of all (account 0), authorized or not, in order of creation. Several accounts may
 * have written down a name; it is theirs where it is authorized.
 */
MUST_CHECK enum err settings_domains(struct store *st, int64_t account, settings_domain_fn *fn, void *ctx);
/* The protected domain of that name, in any form; of several that which is authorized, else any. ERR_ABSENT. */
MUST_CHECK enum err settings_domain_find(struct store *st, struct arena *a, struct str name,
					 struct settings_domain *out);
/*
 * Names of all protected domains that an account wrote down, in A-labels and lower case, in order of name: as its policy has
 * them (policy_domain_names).
 */
MUST_CHECK enum err settings_domain_names(struct store *st, struct arena *a, int64_t account,
					  struct strs *out);

/* ---- looking after domains ---- */

/* What the courier looks at again and again, each in its own time. */
enum settings_looks {
	LOOKS_PROOF,  /* the TXT record that proves ownership */
	LOOKS_HEALTH, /* SPF and DMARC records */
	LOOKS_COUNT,  /* mail of the last days */
};

struct settings_look {
	int64_t account, num;
	struct settings_object object; /* of a struct domain */
	int64_t due_us;                /* of the next look; DOMAIN_LOOK_NEVER */
};

struct settings_look_list {
	struct settings_look *v;
	size_t n;
};

/* Told of a domain whose time has come; false ends the reading. Not for the network: rows wait. */
typedef bool settings_due_fn(void *ctx, int64_t account, int64_t num);
/* Of all accounts, who waits longest first. */
MUST_CHECK enum err settings_looks_due(struct store *st, enum settings_looks what, int64_t now_us,
				       settings_due_fn *fn, void *ctx);
/* Reads those among n domains that are still due. One that cannot be read is put off to the next day. */
MUST_CHECK enum err settings_looks_read(struct store *st, struct arena *a, enum settings_looks what,
					int64_t now_us, const int64_t *nums, size_t n,
					struct settings_look_list *out);
/*
 * Keeps their facts, and when they are due again unless somebody asked for a look after now_us, when this one began.
 * Those that are gone meanwhile are passed over.
 */
MUST_CHECK enum err settings_looks_done(struct store *st, struct arena *a, enum settings_looks what,
					int64_t now_us, const struct settings_look_list *list);
/* The proof of a domain is to be looked for now, and its records are. */
MUST_CHECK enum err settings_look_now(struct store *st, int64_t num, int64_t now_us);
/* Mails of the last 30 days and of the 30 before, whole days of UTC; each once, however many recipients it had there. */
MUST_CHECK enum err settings_mails(struct store *st, int64_t num, int64_t now_us,
				   struct emails_processed *out);

/* What its account has to publish to prove that a domain is its own: a name, and the text of a TXT record there. */
struct settings_challenge {
	struct str name, value;
};
struct settings_challenge settings_challenge(struct store *st, struct arena *a, const struct domain *d);

#endif
