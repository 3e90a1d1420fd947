/*
 * Answers would go to somebody else. Reply-To is on another domain than From: common and harmless for lists (those that are
 * proved to be one), ticket systems and newsletters; telling where the answer leads to a free mailbox that From does not
 * use. Or both are free mailboxes, and not of one person by their names: frauds send from one that soon is closed, and
 * read in another; most telling where the sender's name fits the other and not his own.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/lists.h"
#include "detect/mailbox.h"

#define OTHER_MAILBOX 0.45
#define OTHER_MAILBOX_NAMED 0.6

static void tell(const struct scan *s, struct findings *out, struct finding *f)
{
	finding_where(f, "Reply-To", "domain", s->reply_to.domain);
	finding_bytes(f, s->reply_to.offset, s->reply_to.length);
	finding_detail(out, f, "From %.*s, answers to %.*s", STR_ARG(s->from.address),
		       STR_ARG(s->reply_to.address));
}

/* By their names one person may have both. */
static bool is_same_person(const struct scan *s, bool *named)
{
	struct str from = s->from.address, to = s->reply_to.address, name = s->from.name;
	bool fits_from = mailbox_has_name(s->arena, from, name),
	     fits_to = mailbox_has_name(s->arena, to, name);

	*named = fits_to && !fits_from;
	return mailbox_is_alike(from, to) || (fits_from && fits_to);
}

/* Both are free mailboxes, perhaps of one provider. */
static void other_mailbox(const struct scan *s, struct findings *out, bool named)
{
	double score = named ? OTHER_MAILBOX_NAMED : OTHER_MAILBOX;
	const char *reason =
	    named ? "An answer would go to another free mailbox, which the sender's name fits; "
		    "his own it does not."
		  : "The sender writes from one free mailbox and wants answers in another.";

	if (sender_is_known(s))
		score *= 0.5;
	tell(s, out, finding_add(out, "other_mailbox", DISP_SPAM, score, CAT_ENVELOPE_MISMATCH, reason));
}

static void run(const struct scan *s, struct findings *out)
{
	const struct identity *from = &s->from, *to = &s->reply_to;
	bool free_box = list_is_free_mail(to->owner) && !list_is_free_mail(from->owner);
	bool changed = list_is_free_mail(to->owner) && list_is_free_mail(from->owner), named;

	if (to->domain.n == 0 || sender_is_proved_list(s))
		return;
	if (changed && !s->own_domain && !is_same_person(s, &named)) {
		other_mailbox(s, out, named);
		return;
	}
	if (domain_same_owner(s->arena, from->domain, to->domain))
		return;
	if (!free_box && !changed && !s->own_domain)
		return;
	double score = s->own_domain && free_box ? 0.8 : free_box ? 0.35 : changed ? 0.3 : 0.2;
	if (sender_is_known(s))
		score *= 0.5;
	tell(s, out,
	     finding_add(out, NULL, DISP_SUSPICIOUS, score, s->own_domain ? CAT_BEC : CAT_ENVELOPE_MISMATCH,
			 "An answer would go to another domain than the one in From."));
}

const struct detector detect_reply_to_mismatch = {
	.name = "reply_to_mismatch",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
