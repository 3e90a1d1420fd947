/* Stored objects shown to clients without being read first: half of the time. */
#ifndef JSON_COPY_H
#define JSON_COPY_H

#include "base/err.h"
#include "json/write.h"

/*
 * Appends what json_object_write says for the API of the object that json_text_read reads from `text`, a row written
 * for ourselves. The fields of the bits `overs` come from the object `over` instead (which may be NULL without them).
 *
 * ERR_SYNTAX: nothing was appended; the row is not just as this program writes it (of an older one, or damaged). Read
 * it then, which tells which of the two.
 */
MUST_CHECK enum err json_stored_write(struct buf *b, const struct fieldtab *t, struct str text,
				      const void *over, uint64_t overs, const struct json_write *how);

#endif
