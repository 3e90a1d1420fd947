/*
 * The account has not heard from the sender's domain before, or not for long. So begins every campaign, and so begins
 * every acquaintance: a trait, which alone is nothing and makes other evidence weigh more.
 *
 * The account's own memory is asked, in which only proved senders are, so a domain that merely was claimed before is
 * new. When it was registered is not known here. Houses of free mailboxes are new to nobody.
 */
#include "detect/detect.h"

#include "detect/lists.h"

/*
 * Little enough that one piece of soft evidence (a text that asks to log in has 0.8) stays what it is. Had all senders of
 * 4,163 harmless mails been new, no verdict would have been another; of 2,756 others 19 (November 2026).
 */
#define NEVER_SEEN 0.15
#define SEEN_LATELY 0.1
#define DAY_US (INT64_C(86400) * 1000000)
#define LATELY_DAYS 7

static void run(const struct scan *s, struct findings *out)
{
	const struct history *h = &s->past.domain;
	int64_t days = h->first_us ? (s->job->received_us - h->first_us) / DAY_US : 0;

	if (!s->past.domain_known || s->own_domain || s->from.owner.n == 0 ||
	    list_is_free_mail(s->from.owner) || days >= LATELY_DAYS)
		return;
	struct finding *f =
	    h->first_us ? finding_add(out, "seen_lately", DISP_SUSPICIOUS, SEEN_LATELY, CAT_DOMAIN_AGE,
				      "The sender's domain has written to you for a few days only.")
			: finding_add(out, "never_seen", DISP_SUSPICIOUS, NEVER_SEEN, CAT_DOMAIN_AGE,
				      "No mail has proved before that it came from the sender's domain.");
	finding_where(f, s->from.header.p, "domain", s->from.domain);
	finding_bytes(f, s->from.offset, s->from.length);
	if (h->first_us)
		finding_detail(out, f, "%.*s wrote first %lld days ago", STR_ARG(s->from.owner),
			       (long long)days);
	else
		finding_detail(out, f, "%.*s is new here", STR_ARG(s->from.owner));
}

const struct detector detect_new_domain = {
	.name = "new_domain",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
