/*
 * The account has not heard from the sender's domain before, or not for long. So begins every campaign, and so begins
 * every acquaintance: a trait, which alone is nothing and makes other evidence weigh more.
 *
 * The account's own memory is asked, in which only proved senders are, so a domain that merely was claimed before is
 * new. Houses of free mailboxes are new to nobody.
 *
 * And, where the operator lets registries be asked (age.h): the domain of the sender, of Reply-To or of a link was registered
 * lately. So are those of young firms; but of fraud most are, for they do not last.
 */
#include "detect/detect.h"

#include "detect/age.h"
#include "detect/linked.h"
#include "detect/lists.h"

/*
 * Little enough that one piece of soft evidence (a text that asks to log in has 0.8) stays what it is. Had all senders of
 * 4,163 harmless mails been new, no verdict would have been another; of 2,756 others 19 (November 2026).
 */
#define NEVER_SEEN 0.15
#define SEEN_LATELY 0.1
#define DAY_US (INT64_C(86400) * 1000000)
#define LATELY_DAYS 7

static void look_at_past(const struct scan *s, struct findings *out)
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

static struct finding *tell_young(const struct scan *s, struct findings *out, const char *signal,
				  struct str domain, int64_t days, const char *reason)
{
	struct finding *f =
	    finding_add(out, signal, DISP_SUSPICIOUS, age_score(days) * (sender_is_known(s) ? 0.5 : 1),
			CAT_DOMAIN_AGE, reason);

	finding_detail(out, f, "%.*s was registered %lld %s before", STR_ARG(domain), (long long)days,
		       days == 1 ? "day" : "days");
	return f;
}

static void look_at_sender(const struct scan *s, struct findings *out)
{
	const struct identity *who[] = { &s->from, &s->reply_to };
	int64_t days;

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		if (!age_days(s, who[i]->owner, &days) || age_score(days) == 0 ||
		    (i > 0 && str_eq(who[i]->owner, s->from.owner)))
			continue;
		struct finding *f =
		    tell_young(s, out, i ? "registered_reply" : "registered_lately", who[i]->owner, days,
			       i ? "Replies go to a domain that was registered lately."
				 : "The sender's domain was registered lately.");
		finding_where(f, who[i]->header.p, "domain", who[i]->domain);
		finding_bytes(f, who[i]->offset, who[i]->length);
	}
}

/* The youngest speaks for all. */
static void look_at_links(const struct scan *s, struct findings *out)
{
	struct linked_list linked = { 0 };
	const struct linked *youngest = NULL;
	int64_t days, least = INT64_MAX;

	linked_find(s, AGE_LINKS_MOST, &linked);
	for (size_t i = 0; i < linked.n; i++) {
		if (!age_days(s, linked.v[i].owner, &days) || days >= least)
			continue;
		least = days;
		youngest = &linked.v[i];
	}
	if (!youngest || age_score(least) == 0)
		return;
	struct finding *f = tell_young(s, out, "registered_link", youngest->owner, least,
				       "A link leads to a domain that was registered lately.");
	/* The owner is the value, for trust in it excuses. */
	finding_where(f, "body", "link", youngest->owner);
	finding_link(f, s, youngest->link);
	SET(f, finding, family, FAMILY_URL);
}

static void run(const struct scan *s, struct findings *out)
{
	look_at_past(s, out);
	look_at_sender(s, out);
	look_at_links(s, out);
}

const struct detector detect_new_domain = {
	.name = "new_domain",
	.family = FAMILY_SENDER,
	.run = run,
};
