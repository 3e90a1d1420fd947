/*
 * Bounces of mail that nobody here sent: somebody wrote in the name of the reader's house, and what did not arrive comes back
 * here. Known only where the account's own mail is seen (scan/memory.h) and is seen regularly, since else every bounce would
 * be of a mail that was never seen. A bounce of mail that was sent is excused by scan/scan.c.
 */
#include "detect/detect.h"

#define SENDS_LEAST 20.0 /* mails of the house, faded by time: those of a week or two of a small one */
#define SCORE 0.7        /* some systems of the house may send past us */

static void run(const struct scan *s, struct findings *out)
{
	const struct returned *r = &s->returned;

	if (r->id.n == 0 || !sender_is_own_domain(s, r->domain) || s->past.returned.first_us != 0 ||
	    s->past.sends.seen < SENDS_LEAST)
		return;
	struct finding *f = finding_add(out, "backscatter", DISP_SPAM, SCORE, CAT_DOMAIN_SPOOF,
					"The message is a bounce of one in your name that you did not send.");
	finding_where(f, "body", "Message-ID", r->id);
	finding_part(f, r->part);
	finding_detail(out, f, "<%.*s>, from %.*s, was never sent from here", STR_ARG(r->id),
		       STR_ARG(r->domain));
}

const struct detector detect_outbound_ndr = {
	.name = "outbound_ndr",
	.family = FAMILY_HEADER,
	.run = run,
};
