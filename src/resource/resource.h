/*
 * The settings collections: what is special about each, as one row. Lists, create, get, patch,
 * replace, delete, batch, storage, paging and searching are the same for all and know only this.
 *
 * A new collection is: a field list in model/, a table in store/schema/, a file here with its row, and that
 * row named in table.c.
 */
#ifndef RESOURCE_RESOURCE_H
#define RESOURCE_RESOURCE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/field.h"

/* What checks and defaults may depend on. */
struct resource_env {
	struct arena *arena;
	int64_t now_us;
	bool allow_private_ip;        /* policies.allow_private_ip */
	bool allow_private_targets;   /* notifications.allow_private */
	bool allow_private_mailboxes; /* mailboxes.allow_private */
	bool has_click_url;           /* http.click_url is set */
};

enum resource_filter_kind {
	FILTER_EQUAL,  /* STR without regard to case, ENUM in any case, BOOL */
	FILTER_DOMAIN, /* STR: as above, and a domain in whatever spelling */
	FILTER_MEMBER, /* ENUMS: the value is among them */
	FILTER_FIRST,  /* ENUMS: the value is the first of them */
};

struct resource_filter {
	const char *query; /* parameter of the list */
	size_t field;      /* index of the field it looks at */
	enum resource_filter_kind kind;
	bool repeats; /* may be given several times: any of them */
};

enum {
	RESOURCE_CLOSED = 1 << 0, /* unknown keys are refused where one is made; ours do that anyway */
	RESOURCE_CLOSED_CHANGES = 1 << 1, /* and where one is changed; else changes ignore them */
	RESOURCE_CREATE_MANY = 1 << 2,    /* an array of objects may be given to create */
	RESOURCE_BATCH_DELETES = 1 << 3,  /* a batch can do nothing else */
	RESOURCE_SINGLE = 1 << 4, /* of an account there is one, from the beginning: resource_single_key */
};

/*
 * Made by us, shown once. Either it lets somebody in, and is kept as a digest; or it signs what we send, and follows from
 * what is kept and the server's own secret. Indices of fields.
 */
struct resource_secret {
	size_t plain;      /* F_ONCE */
	size_t kept;       /* its digest, or what it follows from */
	size_t rotated_at; /* when it was replaced */
	size_t expires_at; /* until when it lets in; 0 = for ever */
	/* Not NULL: it signs, and only objects for which this is true have one. */
	bool (*is_signed)(const void *obj);
};

struct resource;

/* A field that names an object of another collection of the account by its uuid; that one is not deleted meanwhile. */
struct resource_reference {
	size_t field; /* STR, F_NULL */
	size_t label; /* STR by which people know who names it */
	const struct resource *to;
	/* Sets what follows from the one that is named; NULL: none is. */
	void (*follow)(void *obj, const void *named);
};

struct resource {
	const char *table; /* in the store */
	const char *noun;  /* for people: "an allow policy" */
	const char *facts; /* the table beside it that holds its F_FACT fields; NULL = it has none */
	const struct fieldtab *fields;
	size_t id, created_at, modified_at; /* indices of the shared tail */
	unsigned flags;
	size_t account; /* index of the field that repeats whose the object is; 0 = it has none */
	const struct resource_secret *secret; /* NULL: it has none */
	size_t code;     /* index of the field that tells the bytes of compiled code; 0 = it has none */
	uint64_t spared; /* bits not required in a replacement */
	const struct resource_reference *refers; /* NULL: it names no others */
	const struct resource *named_by;         /* whose objects name those of this one; NULL: none */
	int64_t most;                            /* objects of one account; 0 = SETTINGS_MAX */
	const char
	    *job; /* kind of the job that one that is deleted leaves, in the name of who did; NULL: none */
	const struct resource_filter *filters;
	size_t n_filters;
	const size_t *orders; /* indices of the fields a list may be ordered by, beside created_at */
	size_t n_orders;

	/* Sets what a new or replaced object has where the request says nothing. NULL: zero values. */
	void (*defaults)(const struct resource_env *env, void *obj);
	/* What the server decides about a new object, such as its state. NULL: nothing. */
	void (*begin)(const struct resource_env *env, void *obj);
	/* Takes over from the object before a change what a request does not give because it was never shown it. NULL: nothing. */
	void (*keep)(const struct resource_env *env, const void *before, void *obj);
	/*
	 * Trims, and checks the whole object, whose fields were looked at before: what is said of those that have a
	 * fault already is not said again (fault_add_further).
	 */
	void (*check)(const struct resource_env *env, void *obj, struct faults *faults);
	/* What must not exist twice in an account; in env's arena. */
	struct str (*key)(const struct resource_env *env, const void *obj);
	/* The fields that make it, for people: "name and email". */
	const char *key_fields;
	/* Whether the key is this object's in the whole store: of all accounts only one may own it. NULL: never. */
	bool (*owns)(const void *obj);
	/* Why this object may be neither changed nor deleted; NULL, the answer or the function: it may. */
	const char *(*frozen)(const void *obj);
};

#define RESOURCE_TAIL(type)                                                             \
	.fields = &type##_fields, .id = type##_F_id, .created_at = type##_F_created_at, \
	.modified_at = type##_F_modified_at

extern const struct resource resource_allow_policies, resource_block_senders, resource_content_policies,
    resource_domains, resource_impersonations, resource_sending_restrictions, resource_trusted_domains,
    resource_url_ignores;

/* The settings of the contract. */
extern const struct resource *const resource_table[];
extern const size_t resource_count;

/*
 * Our own: who may act in an account, where its copies go, who is told of events, what it was taught, what it looks for, how
 * its mailboxes are reached and where bad mail is moved to in them, what becomes of mail that goes on,
 * and what it is signed with.
 */
extern const struct resource resource_tokens, resource_users, resource_service_addresses,
    resource_notifications, resource_corrections, resource_detection_settings, resource_integrations,
    resource_auto_moves, resource_text_add_ons, resource_link_actions, resource_signing_keys;

/* The members every settings object has. */
struct ident *resource_id(const struct resource *r, void *obj);
int64_t *resource_created(const struct resource *r, void *obj);
int64_t *resource_modified(const struct resource *r, void *obj);
/* Bytes of compiled code. */
int64_t resource_code(const struct resource *r, const void *obj);
/* The secret, where obj still holds it; "" = it does not. Only of collections that have one. */
struct str resource_plain(const struct resource *r, const void *obj);
/* The uuid of the object that it names; "" = none. Only of collections that refer to another. */
struct str resource_reference(const struct resource *r, const void *obj);
/* Until when it lets in; INT64_MAX: for ever. */
int64_t resource_until(const struct resource *r, const void *obj);
/* Sets one of them with its `has` bit. */
void resource_set_id(const struct resource *r, void *obj, const struct ident *id);
void resource_set_created(const struct resource *r, void *obj, int64_t us);
void resource_set_modified(const struct resource *r, void *obj, int64_t us);
void resource_set_account(const struct resource *r, void *obj, int64_t num);
void resource_set_secret(const struct resource *r, void *obj, struct str plain, struct str kept);
void resource_set_rotated(const struct resource *r, void *obj, int64_t us);

/*
 * Empties what a replacement sets anew (all but read-only, write-only, fixed and internal fields) and applies the
 * defaults.
 */
void resource_reset(const struct resource *r, const struct resource_env *env, void *obj);

/*
 * Fault at the field of that name unless its pattern may be stored; the bytes it takes compiled
 * (policy_pattern_check).
 */
int64_t resource_check_pattern(const struct resource_env *env, struct faults *faults, const char *field,
			       struct str pattern, int type, bool is_regex);
/* Whether it is a domain name; *folded_out: in A-labels, lower case, in env's arena. */
bool resource_domain_name(const struct resource_env *env, struct str name, struct str *folded_out);
/* The key of a RESOURCE_SINGLE, of which there is one. */
struct str resource_single_key(const struct resource_env *env, const void *obj);
/* "EMAIL 0 someone@example.org": the key of pattern lists. */
struct str resource_pattern_key(const struct resource_env *env, struct str pattern, int type, bool is_regex);

#endif
