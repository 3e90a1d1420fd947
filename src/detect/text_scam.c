/*
 * What the text wants: a weighted lexicon (lexicon.c) of the usual frauds and of unasked-for advertising.
 *
 * Soft evidence: it never makes a mail malicious alone (scan/assemble.c). Long texts meet phrases by chance, so
 * their scores shrink; a sender who is known and proved gets half, one never seen before a little more.
 */
#include "detect/detect.h"

#include "base/buf.h"
#include "detect/lexicon.h"
#include "detect/text.h"

#define WORDS_FULL 600 /* texts up to this count fully */
#define WORDS_LEAST 0.3

struct rule {
	enum disposition disposition;
	enum category category;
	int cues;     /* different cues that must meet */
	double least; /* raw score from which it counts */
	double most;  /* what the text alone may weigh, at most 1 */
	const char *reason;
};

static const struct rule rules[INTENT_COUNT] = {
	[INTENT_ADVANCE_FEE] = { DISP_SPAM, CAT_PRIZE_NOTIFICATION, 2, 0.45, 1.0,
				 "The text promises money from a stranger and asks for help or personal "
				 "details." },
	[INTENT_EXTORTION] = { DISP_SUSPICIOUS, CAT_EXTORTION, 2, 0.5, 1.0,
			       "The text threatens to publish something unless money is paid." },
	[INTENT_GIFT_CARD] = { DISP_SUSPICIOUS, CAT_GIFT_CARD, 2, 0.5, 1.0,
			       "The text asks the reader to buy gift cards or to send their codes." },
	[INTENT_CREDENTIALS] = { DISP_SUSPICIOUS, CAT_CREDENTIAL_HARVESTER, 2, 0.4, 0.8,
				 "The text claims trouble with an account and asks to log in or confirm "
				 "details." },
	[INTENT_PAYMENT] = { DISP_SUSPICIOUS, CAT_PAYROLL_CHANGE, 2, 0.4, 0.7,
			     "The text asks for bank details to be changed or for money to be transferred." },
	[INTENT_OFFER] = { DISP_SPAM, CAT_CONTENT_SPAM, 3, 0.6, 1.0,
			   "The text advertises in the words of unasked-for mail." },
};

/* The more different cues meet, the less it is chance. */
static const double by_cues[CUE_COUNT + 1] = { 0, 0, 1.3, 1.7, 2.0 };

static double weigh(const struct scan *s, double raw, size_t words)
{
	double factor = words > WORDS_FULL ? (double)WORDS_FULL / (double)words : 1;

	if (factor < WORDS_LEAST)
		factor = WORDS_LEAST;
	if (sender_is_known(s))
		factor *= 0.5;
	else if (s->past.known && s->past.from.seen <= 0)
		factor *= 1.15;
	return raw * factor;
}

static struct str phrases(struct arena *a, const struct intent_score *score)
{
	struct buf b;

	buf_init(&b, 1000);
	for (size_t i = 0; i < score->n_seen; i++)
		buf_printf(&b, "%s\"%s\"", i ? ", " : "", score->seen[i]->text);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Where a phrase stands: in the text, or else in the subject. */
static void point_at(const struct scan *s, struct finding *f, struct str phrase)
{
	struct str word = arena_printf(s->arena, " %.*s ", STR_ARG(phrase));
	const struct header *subject = headers_first(mime_headers(s->mail), STR("Subject"));

	if (str_find(s->body_words, word, 0) != SIZE_MAX || !subject) {
		finding_where(f, "body", "text", phrase);
	} else {
		finding_where(f, "Subject", "text", phrase);
		finding_bytes(f, subject->start, subject->length);
	}
}

static void run(const struct scan *s, struct findings *out)
{
	struct intent_score scores[INTENT_COUNT];
	size_t words = text_word_count(s->words);

	lexicon_score(s->arena, s->words, scores);
	for (int i = 0; i < INTENT_COUNT; i++) {
		const struct rule *r = &rules[i];
		const struct intent_score *score = &scores[i];
		if (score->cues < r->cues || score->score < r->least)
			continue;
		double weight = weigh(s, score->score * by_cues[score->cues], words);
		struct finding *f = finding_add(out, enum_text(&intent_names, i).p, r->disposition,
						weight > r->most ? r->most : weight, r->category, r->reason);
		point_at(s, f, str_of(score->seen[0]->text));
		finding_detail(out, f, "phrases such as %.*s", STR_ARG(phrases(s->arena, score)));
	}
}

const struct detector detect_text_scam = {
	.name = "text_scam",
	.summary = "The wording of frauds and advertising, in several languages",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};
