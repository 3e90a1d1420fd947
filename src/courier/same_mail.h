/*
 * Whether what lies in a mailbox is the mail of a record. Its Message-ID alone says nothing: whoever writes one need not be
 * honest, and could have another mail moved by it.
 */
#ifndef COURIER_SAME_MAIL_H
#define COURIER_SAME_MAIL_H

#include "config/config.h"
#include "store/record.h"

/* The better comes later. */
enum same_mail {
	SAME_NOT,
	SAME_FIELDS, /* sender, date and subject: as much as a provider leaves of a mail that it writes anew */
	SAME_TWIN,   /* its content, under the id of another mail that we passed on: it was sent twice */
	SAME_CONTENT, /* all bytes but those of the hosts on its way */
	SAME_MARK,    /* it bears the id that we wrote into it when we passed it on */
};

enum same_mail same_mail(struct arena *a, const struct config *config, const struct record *r,
			 struct str bytes);

/*
 * The id that we wrote into what we passed on; "" = there is none. It is no secret to who was sent such a mail, so it
 * tells where to look, and has_own_fields whether that is it.
 */
struct str same_mail_mark(struct arena *a, const struct config *config, struct str bytes);
/* Message-ID and sender, which we never change. */
bool same_mail_has_own_fields(struct arena *a, const struct record *r, struct str bytes);

#endif
