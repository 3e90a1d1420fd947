/* What the files of store/settings share: statements by table name, revisions, audit rows. */
#ifndef STORE_SETTINGS_INTERNAL_H
#define STORE_SETTINGS_INTERNAL_H

#include "store/settings.h"
#include "store/sql.h"

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

struct settings_audit {
	struct settings_who who;
	const char *action, *collection; /* "create", "allow_policy" */
	struct str object;               /* its id */
	struct str before, after;        /* JSON texts; "" = null */
	int64_t at_us;
};

MUST_CHECK enum err settings_audit(struct sql *c, struct arena *a, int64_t account,
				   const struct settings_audit *entry);

#endif
