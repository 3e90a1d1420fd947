/* A row of retro_scan, for the files that read it. */
#ifndef STORE_RETRO_ROW_H
#define STORE_RETRO_ROW_H

#include "model/retro_scan.h"
#include "store/sql.h"

struct retro_row {
	int64_t num, account;
	struct retro_scan scan; /* without its counts */
};

#define RETRO_BODY_MAX (8u << 20)            /* RETRO_MAILBOXES addresses of 320 characters, and some more */
#define RETRO_ROW_BYTES (4 * RETRO_BODY_MAX) /* of an arena for one */

/* For every SELECT that retro_row_read is to understand. */
#define RETRO_COLUMNS "num, account, uuid, created_at, body"
/* ERR_LATER: unreadable. */
MUST_CHECK enum err retro_row_read(struct sql_stmt *s, struct arena *a, struct retro_row *out);
/* ERR_ABSENT. */
MUST_CHECK enum err retro_row_get(struct sql *c, struct arena *a, int64_t account, struct str id,
				  struct retro_row *out);
/* How it stands: store_retro_tell, in a transaction. */
MUST_CHECK enum err retro_row_tell(struct sql *c, struct arena *a, int64_t num, enum retro_state state,
				   struct str status, int64_t now_us);

#endif
