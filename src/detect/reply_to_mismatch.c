/*
 * Answers would go to somebody else: Reply-To is on another domain than From. Common and harmless for lists
 * (those that are proved to be one), ticket systems and newsletters; telling where the answer leads to a free mailbox that From does not use.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/lists.h"

static void run(const struct scan *s, struct findings *out)
{
	const struct identity *from = &s->from, *to = &s->reply_to;
	bool free_box = list_is_free_mail(to->owner) && !list_is_free_mail(from->owner);
	bool changed = list_is_free_mail(to->owner) && list_is_free_mail(from->owner);

	if (to->domain.n == 0 || domain_same_owner(s->arena, from->domain, to->domain))
		return;
	if (sender_is_proved_list(s))
		return;
	if (!free_box && !changed && !s->own_domain)
		return;
	double score = s->own_domain && free_box ? 0.8 : free_box ? 0.35 : changed ? 0.3 : 0.2;
	if (sender_is_known(s))
		score *= 0.5;
	struct finding *f =
	    finding_add(out, NULL, DISP_SUSPICIOUS, score, s->own_domain ? CAT_BEC : CAT_ENVELOPE_MISMATCH,
			"An answer would go to another domain than the one in From.");
	finding_where(f, "Reply-To", "domain", to->domain);
	finding_bytes(f, to->offset, to->length);
	finding_detail(out, f, "From %.*s, answers to %.*s", STR_ARG(from->address), STR_ARG(to->address));
}

const struct detector detect_reply_to_mismatch = {
	.name = "reply_to_mismatch",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM,
	.run = run,
};
