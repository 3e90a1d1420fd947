/*
 * A page that hides far more text than it shows: words of honest mail, to make a filter believe it was honest. What is
 * harmless about hidden text: the first line of a newsletter for the list of mails, and one text in two forms, for large
 * screens and small.
 *
 * What counts as hidden is html/text.h's to say. Of 8,300 harmless mails of the corpora one goes over both bounds, an
 * advertisement; of 4,700 others 160 do.
 */
#include "detect/detect.h"

#include "base/utf8.h"
#include "detect/text.h"

#define HIDDEN_WORDS 100 /* fewer are a first line and its padding */
#define HIDDEN_TIMES 2   /* as many as are seen: more than a second form of them */

static void run(const struct scan *s, struct findings *out)
{
	size_t hidden = text_word_count(s->hidden_words);
	size_t seen = text_word_count(text_fold(s->arena, &s->content->html_text, 1));

	if (hidden < HIDDEN_WORDS || hidden < seen * HIDDEN_TIMES)
		return;
	struct finding *f = finding_add(out, NULL, DISP_SUSPICIOUS, sender_is_known(s) ? 0.3 : 0.6,
					CAT_CONTENT_SPAM, "The message hides far more text than it shows.");
	finding_where(f, "body", "hidden text", str_trim(utf8_cut(s->content->hidden, 200)));
	finding_detail(out, f, "%zu words hidden, %zu to be seen", hidden, seen);
}

const struct detector detect_hidden_text = {
	.name = "hidden_text",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};
