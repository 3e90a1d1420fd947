/* A row of retro_scan, for the files that read it. */
#ifndef STORE_RETRO_ROW_H
#define STORE_RETRO_ROW_H

#include "model/retro_scan.h"
#include "store/sql.h"

struct retro_row {
	int64_t num, account;
	struct retro_scan scan; /* without its counts */
};

/* For every SELECT that retro_row_read is to understand. */
#define RETRO_COLUMNS "num, account, uuid, created_at, body"
/* ERR_LATER: unreadable. */
MUST_CHECK enum err retro_row_read(struct sql_stmt *s, struct arena *a, struct retro_row *out);
/* ERR_ABSENT. */
MUST_CHECK enum err retro_row_get(struct sql *c, struct arena *a, int64_t account, struct str id,
				  struct retro_row *out);

#endif
