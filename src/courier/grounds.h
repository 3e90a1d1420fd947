/*
 * What speaks against a mail that was delivered, of what was learnt since: out of what is kept of it, not of its bytes.
 *
 * The account blocks its sender now. A block list has the domain of its sender or of a link now. It is known now when its
 * sender's domain was registered. Mail with its text came from several others, and each was found bad for itself. What people
 * confirmed of its campaign is no ground here, for that is a correction (courier/learn.h).
 *
 * Whom the account trusts has nothing to fear but its own block list; whom it accepts, nothing from spam and the like; and
 * who proved his name and wrote before is not what others write in his words.
 */
#ifndef COURIER_GROUNDS_H
#define COURIER_GROUNDS_H

#include "courier/tools.h"
#include "detect/block_list.h"
#include "detect/detect.h"
#include "store/reevaluation.h"

#define GROUNDS_LINKS 10 /* domains of links that are asked about */
#define GROUNDS_OTHERS 3 /* as many others, each with a mail of the same text */

struct grounds_tools {
	struct store *store;
	const struct block_lists *lists;
	ask_fn *ask; /* lists; NULL: nobody is asked */
	void *ask_ctx;
};

/* What an account knows. */
struct grounds_account {
	int64_t account;
	const struct policy *policy;
	struct strs domains; /* its own, A-labels and lower case */
};

/* What its policies say of the mail's sender now, as far as he is kept: the name that his host gave itself is not. */
struct grounds_policies {
	struct policy_match blocked;
	bool trusted;        /* or may be: nothing else speaks against it */
	struct str accepted; /* in whose name findings of spam and the like do not count; "" = nobody's */
};
void grounds_policies_of(const struct grounds_account *account, struct arena *a, const struct record *r,
			 struct grounds_policies *out);

/* Findings that are not among those of the mail. Memory: arena. ERR_LATER: the store cannot be read now. */
MUST_CHECK enum err grounds_find(const struct grounds_tools *tools, const struct grounds_account *account,
				 const struct grounds_policies *policies, struct arena *a,
				 const struct record *r, enum reevaluation_step step,
				 struct finding_list *out);

#endif
