/*
 * Money that is said to be there for the reader, and a link to somebody who is not the sender: "+1,989$ withdraw in 24 hours",
 * with hardly a word more. What stands behind it asks for a card, a login or a fee.
 *
 * Bills, receipts and people who settle a dinner name sums, too; their links lead to the house that writes, their sums are
 * asked for or were paid, and they say so in a sentence.
 */
#include "detect/detect.h"

#include "base/utf8.h"
#include "detect/call.h"
#include "detect/lure_line.h"
#include "detect/text.h"

#define WORDS_FEW 60
#define WORDS_HARDLY 25
#define LEAST 0.4
#define CLOSE 40 /* bytes between the sum and the link, with nothing but signs there */

static const char *const haste[] = { " 24 hours ", " 48 hours ", " hours to ",   " today ",     " urgent ",
				     " expires ",  " last day ", " 24 stunden ", " 24 heures ", " 24 horas ",
				     " 24 ore ",   " 24 uur ",   " 24 часа ",    " срочно ",    " сегодня " };

/* "+$1,733 -> link": nobody writes that to somebody he knows. */
static bool is_bare(const struct lure_line *l)
{
	const char *end = l->sum.p + l->sum.n;

	if (!l->credited || end > l->link.p || l->link.p - end > CLOSE)
		return false;
	for (const char *c = end; c < l->link.p; c++)
		if ((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z'))
			return false;
	return true;
}

static double weigh(const struct scan *s, const struct lure_line *l, size_t words)
{
	if (l->link.n == 0 || l->sum.n == 0)
		return 0;
	if (is_bare(l))
		return 1;
	if (words > WORDS_FEW || !lure_line_pays(l) || !(l->credited || l->gains))
		return 0;
	return (l->credited ? 0.5 : 0.2) + (l->gains ? 0.25 : 0) +
	       (text_has_any(s->index, haste, ARRAY_LEN(haste)) ? 0.2 : 0) + (l->sign ? 0.15 : 0) +
	       (words <= WORDS_HARDLY ? 0.15 : 0) + (lure_line_is_anybodys(l) ? 0.25 : 0) +
	       (sender_is_borrowed(s) ? 0.1 : 0) + (l->shouted ? 0.1 : 0);
}

struct best {
	struct lure_line line;
	double score;
};

static void note(const struct scan *s, struct str text, size_t words, struct best *best)
{
	struct lure_line l = lure_line_read(s, text);
	double score = weigh(s, &l, words);

	if (score > best->score)
		*best = (struct best){ l, score };
}

/* A short mail is read in one piece with its subject, a long one line by line. */
static void read_text(const struct scan *s, struct str text, size_t words, struct best *best)
{
	struct lure_lines lines = lure_lines_of(text);
	struct str line;

	if (words <= WORDS_FEW)
		note(s,
		     ARENA_JOIN(s->arena, utf8_cut(s->subject, LURE_LINE_MOST / 4), STR(" "),
				utf8_cut(text, LURE_LINE_MOST)),
		     words, best);
	while (lure_lines_next(&lines, &line))
		note(s, line, words, best);
}

static void run(const struct scan *s, struct findings *out)
{
	struct best best = { .score = 0 };
	struct lure_texts texts = { .scan = s };
	struct str text;
	size_t words = text_word_count(s->body_words);

	if (s->calls->conversation || sender_answers(s))
		return;
	while (lure_texts_next(&texts, &text))
		read_text(s, text, words, &best);
	if (best.score < LEAST)
		return;
	double score = best.score > 1 ? 1 : best.score;
	if (sender_is_known(s) && !is_bare(&best.line))
		score *= 0.5;
	if (score < LEAST)
		return;
	struct finding *f =
	    finding_add(out, NULL, DISP_SUSPICIOUS, score, CAT_PRIZE_NOTIFICATION,
			"The message says there is money for its reader, at somebody who is not its "
			"sender.");
	const struct header *subject = scan_field(s, "Subject");
	bool in_subject = subject && str_find(s->subject, best.line.sum, 0) != SIZE_MAX;
	finding_where(f, in_subject ? "Subject" : "body", "text", best.line.sum);
	if (in_subject)
		finding_bytes(f, subject->start, subject->length);
	finding_detail(out, f, "%.*s, and a link to %.*s", STR_ARG(best.line.sum), STR_ARG(best.line.host));
}

const struct detector detect_windfall = {
	.name = "windfall",
	.family = FAMILY_CONTENT,
	.needs = NEED_FROM | NEED_WORDS,
	.run = run,
};
