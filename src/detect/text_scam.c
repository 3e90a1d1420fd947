/*
 * What the text wants: a weighted lexicon (lexicon.c) of the usual frauds and of unasked-for advertising.
 *
 * Soft evidence: it never makes a mail malicious alone (scan/assemble.c). Long texts meet phrases by chance, so
 * their scores shrink, and text that HTML hides counts half; a sender who is known and proved gets half, one never
 * seen before a little more.
 */
#include "detect/detect.h"

#include "base/buf.h"
#include "detect/lexicon.h"
#include "detect/text.h"

#define WORDS_FULL 600 /* texts up to this count fully */
#define WORDS_LEAST 0.3
/*
 * Of what is met only with the help of text that HTML hides. Newsletters hide their first line for the list of mails,
 * and what we take for hidden another reader may show, so it counts; but nobody need have read it.
 */
#define HIDDEN_SHARE 0.5

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

static double weigh(const struct scan *s, double raw)
{
	size_t words = text_word_count(s->words);
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

/* Where a phrase stands: in the text, in the subject, or else where only a program sees it. */
static void point_at(const struct scan *s, struct finding *f, struct str phrase)
{
	struct str word = ARENA_JOIN(s->arena, STR(" "), phrase, STR(" "));
	const struct header *subject = headers_first(mime_headers(s->mail), STR("Subject"));

	if (str_find(s->words, word, 0) == SIZE_MAX) {
		finding_where(f, "body", "hidden text", phrase);
	} else if (str_find(s->body_words, word, 0) != SIZE_MAX || !subject) {
		finding_where(f, "body", "text", phrase);
	} else {
		finding_where(f, "Subject", "text", phrase);
		finding_bytes(f, subject->start, subject->length);
	}
}

static bool is_met(const struct rule *r, const struct intent_score *score)
{
	return score->cues >= r->cues && score->score >= r->least;
}

/* share: of its weight, for what is hidden. */
static void tell(const struct scan *s, struct findings *out, int intent, const struct intent_score *score,
		 double share)
{
	const struct rule *r = &rules[intent];
	double weight = weigh(s, score->score * by_cues[score->cues]);
	struct finding *f =
	    finding_add(out, enum_text(&intent_names, intent).p, r->disposition,
			share * (weight > r->most ? r->most : weight), r->category, r->reason);

	point_at(s, f, str_of(score->seen[0]->text));
	finding_detail(out, f, "phrases such as %.*s%s", STR_ARG(phrases(s->arena, score)),
		       share < 1 ? "; not all of them in text that is shown" : "");
}

static void run(const struct scan *s, struct findings *out)
{
	struct intent_score visible[INTENT_COUNT], all[INTENT_COUNT];
	bool hides = text_word_count(s->hidden_words) > 0;

	lexicon_score(s->arena, s->words, visible);
	if (hides)
		lexicon_score(s->arena, ARENA_JOIN(s->arena, s->words, s->hidden_words), all);
	for (int i = 0; i < INTENT_COUNT; i++) {
		if (is_met(&rules[i], &visible[i]))
			tell(s, out, i, &visible[i], 1);
		else if (hides && is_met(&rules[i], &all[i]))
			tell(s, out, i, &all[i], HIDDEN_SHARE);
	}
}

const struct detector detect_text_scam = {
	.name = "text_scam",
	.summary = "The wording of frauds and advertising, in several languages",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};
