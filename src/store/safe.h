/*
 * A safe for secrets of others that must be known again, such as the password of a mail server: AES-256-GCM (NIST SP
 * 800-38D) under a key that follows from the store's own secret, so that the database alone does not tell them. Each is
 * bound to the id of the object it belongs to: put into another row it does not open.
 */
#ifndef STORE_SAFE_H
#define STORE_SAFE_H

#include "base/field.h"
#include "store/store.h"

/* Printable, a third longer and some 40 bytes; the same text gives another one each time. */
struct str safe_lock(struct store *st, struct arena *a, struct str id, struct str text);
/* ERR_DENIED: it is not what was locked for this id with this store's secret. */
MUST_CHECK enum err safe_open(struct store *st, struct arena *a, struct str id, struct str locked,
			      struct str *out);

/*
 * All F_WRITEONLY texts of an object and of the objects in its lists, which are copied. before: the object that this one
 * takes the place of; what is the same in it is locked already. NULL: nothing is.
 */
void safe_lock_fields(struct store *st, struct arena *a, const struct fieldtab *t, struct str id,
		      const void *before, void *obj);
/* The other way round, for an object that was read. */
MUST_CHECK enum err safe_open_fields(struct store *st, struct arena *a, const struct fieldtab *t,
				     struct str id, void *obj);

#endif
