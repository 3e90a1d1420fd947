/*
 * Whose mailboxes there are behind an integration: those that it names; else all that the provider tells of; else, where it
 * does not tell, the recipients of mail that was seen.
 */
#ifndef COURIER_PEOPLE_H
#define COURIER_PEOPLE_H

#include "courier/mailboxes.h"

#define PEOPLE_MAX 100000 /* of one integration */

struct people_ask {
	struct store *store;
	struct mailboxes *mailboxes;
	int64_t account;
	struct str integration; /* id */
	struct str domain;      /* only those in it; "" = in any domain that names the integration */
	int64_t since_us;       /* mail seen since then */
	deadline_ms until;
};

/*
 * Lower case, each once. *all_out: nobody else is there; else others, who were told before, may be. Errors and the fault as
 * of mailboxes_site and mailbox_people; ERR_LATER: the store cannot be read.
 */
MUST_CHECK enum err people_find(const struct people_ask *ask, struct arena *a, struct strs *out,
				bool *all_out, struct mailbox_fault *fault);

#endif
