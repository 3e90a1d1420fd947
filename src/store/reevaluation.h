/*
 * Which delivered mail is to be looked at once more, by how long ago it came (courier/reevaluation.h).
 *
 * Keys are in order of time, so no mail has a row of its own here: each step follows the mail of an account at its distance,
 * and how far it came is kept as that of upkeep's other tasks is. Whoever looks says so afterwards; killed between, he is
 * given the same mail again. What two steps are due for is given to the later one alone, so that a server that was down is
 * not behind for longer than its last day's mail takes.
 */
#ifndef STORE_REEVALUATION_H
#define STORE_REEVALUATION_H

#include "store/store.h"

enum reevaluation_step { REEVALUATION_MINUTES, REEVALUATION_HALF_DAY, REEVALUATION_DAY, REEVALUATION_STEPS };

extern const int64_t reevaluation_us[REEVALUATION_STEPS]; /* how long after a mail came it is looked at */

struct reevaluation_due {
	int64_t account;
	enum reevaluation_step step;
	int64_t *v; /* keys, the oldest first; of what is held by then, none */
	size_t n;
	int64_t upto; /* key; all that is due up to there is among them */
};

/*
 * Up to `most` of the next account behind that one which has any, the latest step first. ERR_ABSENT: there is none. What came
 * more than a day before the day of the last step is never given where no step ever was there.
 */
MUST_CHECK enum err store_reevaluation_due(struct store *st, struct arena *a, int64_t behind_account,
					   int64_t now_us, size_t most, struct reevaluation_due *out);

/* They were looked at. */
MUST_CHECK enum err store_reevaluation_done(struct store *st, const struct reevaluation_due *due);

#endif
