/*
 * The page that rewritten links lead to (edit/click.h): where the link leads, what is known of its mail now, and whether to go on.
 * No credentials: the token says that we made it, and there is none for anything but what stood in a mail. Nothing is opened from
 * here but by the reader's own click on a plain link, so the page is no way to send anybody anywhere unseen.
 */
#ifndef API_CLICK_H
#define API_CLICK_H

#include "api/request.h"
#include "edit/click.h"
#include "store/record.h"

/* GET v1/{token} */
void click_reply(struct request *rq);
/* POST v1/{token}/report: a user's submission that the mail is malicious; each mail once. */
void click_report_reply(struct request *rq);

/* ---- click_page.c ---- */

struct click_view {
	const struct click *click; /* NULL: the token is none of ours */
	const struct record *mail; /* NULL: it is not known any more */
	bool blocked;              /* the account blocks whom the link leads to */
	bool reported;             /* the reader has just done so */
	struct str action;         /* where the report goes */
};

/* Whether the reader may go on from this page. */
bool click_is_open(struct arena *a, const struct click_view *v);
/* Writes the answer. */
void click_page(struct request *rq, unsigned status, const struct click_view *v);

#endif
