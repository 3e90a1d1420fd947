/* What the files of bulk jobs share. */
#ifndef STORE_BULK_INTERNAL_H
#define STORE_BULK_INTERNAL_H

#include "store/bulk.h"
#include "store/sql.h"

/* One of an account, by its id; *num_out is its number. ERR_ABSENT. ERR_SYNTAX: unreadable. */
MUST_CHECK enum err bulk_row_get(struct sql *c, struct arena *a, int64_t account, struct str job_id,
				 struct bulk_job *out, int64_t *num_out);

/* What its row keeps as JSON: action_params, search_params, comment. ERR_SYNTAX. */
MUST_CHECK enum err bulk_body_read(struct arena *a, struct str body, struct bulk_job *out);

#endif
