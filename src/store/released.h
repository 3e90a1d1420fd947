/* Which bytes a person released to whom within the last day (store_released). */
#ifndef STORE_RELEASED_H
#define STORE_RELEASED_H

#include "store/internal.h"

#define RELEASED_US (INT64_C(24) * 3600 * 1000000) /* how long a release speaks for the same bytes */

/* Addresses of the outcomes that are held. */
struct strs released_held(struct arena *a, const struct outcome_list *outcomes);
/* Digests to note for a record of which those addresses were held: of the ones that are delivered now. */
struct strs released_now(struct arena *a, const struct strs *held, const struct record *r);
MUST_CHECK enum err released_note(struct sql *c, const struct strs *digests);
/* Deletes a slice of what is older than a day; *more_out: call again. */
MUST_CHECK enum err released_forget(struct store *st, int64_t now_us, bool *more_out);

#endif
