/*
 * One text by many senders within the hour and the one before: who sends a campaign through captured mailboxes, or through
 * domains bought by the dozen, looks like a stranger who writes for the first time, each time. Told by the least hashes of its
 * runs of words (scan/fingerprint.h), which stand when names and numbers change, and by how many houses they came from
 * (scan/memory.h counts each once).
 *
 * Shops on one platform confirm orders in the same words, so some are little; reports of machines, and who wrote before, do
 * not count.
 */
#include "detect/detect.h"

#define SOME 5.0 /* other senders: one kind of evidence */
#define SOME_WEIGH 0.45
#define MANY 15.0 /* nearly enough alone */
#define MANY_WEIGH 0.9

static void run(const struct scan *s, struct findings *out)
{
	double others = s->past.wave - (s->past.in_wave ? 1 : 0);

	if (others + 0.5 < SOME || s->own_domain || !sender_is_new(s) || sender_is_report(s))
		return;
	struct finding *f = finding_add(
	    out, NULL, DISP_SPAM, others + 0.5 < MANY ? SOME_WEIGH : MANY_WEIGH, CAT_CAMPAIGN_MATCH,
	    "Senders who have nothing to do with each other send this same text within two hours.");
	finding_where(f, "body", "text", s->text_mark.hex);
	finding_detail(out, f, "%.0f other senders since the hour before", others);
}

const struct detector detect_campaign_wave = {
	.name = "campaign_wave",
	.family = FAMILY_BULK,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};
