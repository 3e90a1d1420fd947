/*
 * Raw mail that is all there is left of a copy that was taken out of a mailbox (mailbox_copy.raw): the table that says so to
 * retention follows the records. Private to store/.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include "store/sql.h"
#include "store/store.h"

/* Digests, hexadecimal. */
struct strs vault_of(struct arena *a, const struct record *r);
/* What is another than before is noted. */
MUST_CHECK enum err vault_note(struct sql *c, int64_t key, const struct strs *before, const struct strs *now);

#endif
