/*
 * The schema as numbered files, schema/<database>/0001.sql and so on, embedded in the program. Migration n
 * takes a database from version n - 1 to n in one transaction; a file is never changed once it was released.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include <stddef.h>

#include "store/sql.h"

struct migrations {
	const char *const *texts; /* texts[i] makes version i + 1 */
	size_t n;
};

extern const struct migrations messages_schema, search_schema, history_schema;

/* Brings the database to version m->n. ERR_CONFLICT: it is newer than this program. */
MUST_CHECK enum err migrate_run(struct sql_db *db, const struct migrations *m, struct errbuf *eb);
/* Checks without changing: ERR_CONFLICT when the version is another than m->n. */
MUST_CHECK enum err migrate_check(struct sql_db *db, const struct migrations *m, struct errbuf *eb);

#endif
