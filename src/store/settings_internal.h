/* What the files of store/settings share: statements by table name, revisions, audit rows. */
#ifndef STORE_SETTINGS_INTERNAL_H
#define STORE_SETTINGS_INTERNAL_H

#include "store/settings.h"
#include "store/sql.h"

#define SETTINGS_ROW_BYTES \
	((size_t)64 << 20) /* to read one: 48 bytes for every two of its text, and its strings */
#define SETTINGS_REV_ALL 0 /* the row of policy_rev that counts every change; accounts start at 1 */

/* A statement whose text names one table of ours by @. */
struct sql_stmt *settings_statement(struct sql *c, const char *pattern, const char *table);

/* Raises a revision by one; *rev_out may be NULL. */
MUST_CHECK enum err settings_bump(struct sql *c, int64_t account, int64_t *rev_out);

/* As sql_end for a transaction that wrote settings, telling all processes. */
MUST_CHECK enum err settings_end(struct store *st, struct sql **c, enum err err);

/*
 * Gives an object its number, unless it has one. Numbers are drawn from the global revision, which only grows: the
 * number of a deleted object never comes back.
 */
MUST_CHECK enum err settings_number(struct sql *c, int64_t *num);

/* The object as a row keeps it: without its facts. */
struct str settings_body(struct arena *a, const struct fieldtab *t, const void *obj);
/* The other way round. ERR_BUG: unreadable. */
MUST_CHECK enum err settings_read_body(struct arena *a, const struct resource *r, struct str body, void *obj);
/* The object without its facts, which no row and no audit tells; obj itself where it has none. obj may be NULL. */
const void *settings_without_facts(struct arena *a, const struct fieldtab *t, const void *obj);
/* The facts that are known of an object, as the row beside it keeps them; and into an object that was read. */
struct str settings_facts(struct arena *a, const struct fieldtab *t, const void *obj);
MUST_CHECK enum err settings_read_facts(struct arena *a, const struct resource *r, struct str facts,
					void *obj);

/* ERR_ABSENT: what the object names is not there. */
MUST_CHECK enum err settings_check_named(struct sql *c, const struct resource *r, int64_t account,
					 const void *obj);
/* ERR_LIMIT, and why: objects of another collection name this one. */
MUST_CHECK enum err settings_check_unnamed(struct sql *c, struct arena *a, const struct resource *r,
					   int64_t account, void *obj, struct errbuf *why);

struct settings_audit {
	struct settings_who who;
	const char *action, *collection; /* "create", "allow_policy" */
	struct str object;               /* its id */
	const struct fieldtab *fields;   /* of the next two; NULL = there was none, there is none any more */
	const void *before, *after;
};

struct str settings_audit_body(struct arena *a, const struct settings_audit *entry);
MUST_CHECK enum err settings_audit(struct sql *c, int64_t account, int64_t at_us, struct str body);

#endif
