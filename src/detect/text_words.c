/*
 * Whether the words of the text are rather those of unwanted mail: what a classifier (classifier/classifier.h) learnt from
 * labelled mail says of it.
 *
 * What is weighed is the sender's name, the subject and what a reader sees: where there is HTML with words, what it shows, since programs show
 * that rather than the plain text beside it. Hidden text counts for nothing, neither for the sender nor against him.
 *
 * Of a mail that is forwarded by hand the text behind the copied header is looked at by itself, too.
 *
 * What text_scam says of the same words is in part the same evidence: it runs before, and what it found leaves less to this.
 *
 * The score follows the share of wanted mail that looks as bad: it is full only where hardly any does. Even then it
 * makes nothing more than spam; where it looks like fraud rather than advertising, the larger part of it speaks for that, and
 * needs other evidence.
 */
#include "detect/detect.h"

#include "base/buf.h"
#include "classifier/classifier.h"
#include "detect/call.h"
#include "detect/documents.h"
#include "detect/forward.h"
#include "detect/respell.h"
#include "detect/text.h"

#define TEXT_LOOKED_AT 16384 /* bytes before they are folded; more than the features need */
#define WORDS_LEAST 8 /* less says nothing, and HTML with less is a picture with its alternative beside it */

/*
 * By bands: what a text weighs that begins one. Between them it grows evenly. Chosen on the half of the SpamAssassin corpus that
 * was not learnt from, list mail and newsletters, November 2026.
 */
static const double weights[CLASSIFIER_BANDS] = {
	[BAND_HINT] = 0.3, [BAND_NOTICE] = 0.6, [BAND_DOUBT] = 0.85, [BAND_SURE] = 0.92, [BAND_ALONE] = 1.0,
};
#define WORDS_FULL \
	34 /* a few words are like those of any mail by chance: they weigh as many thirty-fourths */
#define PHISH_SHARE 0.8 /* of that weight, what looks like fraud has as fraud, and the rest as unwanted */
#define PHISH_LEAST 0.5 /* score of CLASSIFIER_PHISH: below it is as good as open */
#define OTHER_SHARE 0.5
#define KNOWN_SHARE 0.5
#define DOCUMENT_SHARE 0.6 /* of what is attached: the model learnt from mails, not from papers */
#define DOCUMENT_LEAST 40  /* words */
#define WEIGHT_LEAST 0.25  /* less is not worth saying: every text has words that unwanted mail has, too */

/* Whatever the mail has; folded already, where that is one short text. */
static struct str all_words(const struct scan *s)
{
	const struct mime_content *c = s->content;
	const struct str both[] = { c->plain, c->html_text };
	bool alone = (c->plain.n == 0 || c->html_text.n == 0) && c->elsewhere.n == 0;

	if (alone && c->plain.n + c->html_text.n <= TEXT_LOOKED_AT)
		return s->body_words;
	return respell(s->arena, text_fold_beginning(s->arena, both, ARRAY_LEN(both), TEXT_LOOKED_AT));
}

/* The words of what most readers see; of too few, whatever the mail has is taken. */
static struct str words_shown(const struct scan *s, struct str shown)
{
	struct str body;

	if (shown.n == 0 || (shown.p == s->content->html_text.p && s->content->plain.n == 0))
		return all_words(s);
	body = text_fold_beginning(s->arena, &shown, 1, TEXT_LOOKED_AT);
	return text_word_count(body) < WORDS_LEAST ? all_words(s) : respell(s->arena, body);
}

/* name: the sender's. shown: what most readers see. */
static struct scan_text text_of(const struct scan *s, struct str name, struct str title, struct str shown)
{
	struct scan_text out = { .subject = title };
	const struct str head[] = { name, title };
	struct str subject = respell(s->arena, text_fold(s->arena, head, ARRAY_LEN(head)));
	struct str body = words_shown(s, shown);

	out.words = ARENA_JOIN(s->arena, str_sub(subject, 0, subject.n - 1), body);
	out.body = str_sub(out.words, subject.n - 1, out.words.n);
	return out;
}

struct scan_text text_to_weigh(const struct scan *s)
{
	return text_of(s, s->from.name, s->subject, s->content->html_text);
}

static double weight_of(const struct classifier *c, double score)
{
	double from, to;
	size_t band = CLASSIFIER_BANDS;

	while (band > 0 && score <= (double)c->bands[band - 1])
		band--;
	if (band == 0)
		return 0;
	if (band == CLASSIFIER_BANDS)
		return weights[BAND_ALONE];
	from = (double)c->bands[band - 1];
	to = (double)c->bands[band];
	return weights[band - 1] + (weights[band] - weights[band - 1]) * (score - from) / (to - from);
}

static double share_of(const struct scan *s)
{
	if (sender_is_known(s))
		return KNOWN_SHARE;
	return sender_list_share(s);
}

/* The most that text_scam said of the words: that they advertise is told already, that they defraud says less of that. */
static double said_already(const struct findings *found)
{
	double most = 0;

	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = &found->v[i];
		double said = f->score * (f->detection == DISP_SPAM ? 1 : OTHER_SHARE);
		if (finding_is_by(f, &detect_text_scam) && !HAS(f, finding, suppressed_by) && said > most)
			most = said;
	}
	return most;
}

static struct str quoted(struct arena *a, const struct str *words, size_t n)
{
	struct buf b;

	buf_init(&b, 1000);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s\"%.*s\"", i ? ", " : "", STR_ARG(words[i]));
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* What words weigh; the finding shows those that weighed most. */
struct weighing {
	struct str words;
	struct features features;
	const struct document *document; /* NULL = of the mail */
	double weight;
};

static struct weighing weigh(const struct scan *s, struct str words, const struct document *d)
{
	const struct classifier *c = s->job->classifier;
	struct weighing w = { .words = words, .document = d };
	size_t n = text_word_count(words);

	if (n < WORDS_LEAST)
		return w;
	w.features = features_of(s->arena, words);
	w.weight = weight_of(c, classifier_score(c, &w.features, CLASSIFIER_UNWANTED)) * share_of(s);
	w.weight *= n < WORDS_FULL ? (double)n / WORDS_FULL : 1;
	if (d)
		w.weight *= DOCUMENT_SHARE;
	return w;
}

/*
 * What is forwarded is looked at by itself as well: words of a copied header are those of wanted mail. Not so what offers to
 * leave: a letter to readers that is sent on has lost the field that names its list, and reads as advertising does.
 */
static struct weighing heaviest(const struct scan *s)
{
	const struct forward *f = forward_innermost(s);
	struct weighing whole = weigh(s, text_to_weigh(s).words, NULL), inner;

	if (!f || s->calls->leave)
		return whole;
	inner = weigh(s, text_of(s, f->sender.name, f->subject, forward_text(s, f)).words, NULL);
	return inner.weight > whole.weight ? inner : whole;
}

static void tell(const struct scan *s, struct findings *out, struct finding *f, const struct weighing *w,
		 enum classifier_output output)
{
	struct str words[CLASSIFIER_WORDS];
	size_t n = classifier_words(s->arena, s->job->classifier, &w->features, w->words, output, words);
	struct str first = n > 0 ? words[0] : s->subject;

	if (n > 0)
		finding_detail(out, f, "words such as %.*s", STR_ARG(quoted(s->arena, words, n)));
	else
		finding_detail(out, f, "many small words together");
	if (w->document) {
		finding_in_document(out, f, s, w->document, first);
	} else {
		finding_where(f, "body", "text", first);
		finding_words(f, s, first);
	}
}

/* False: they weigh too little, or it is none of them that does. */
static bool say(const struct scan *s, struct findings *out, const struct weighing *w)
{
	double weight = w->weight * (1 - said_already(out));
	struct str words[CLASSIFIER_WORDS];

	if (weight < WEIGHT_LEAST ||
	    classifier_words(s->arena, s->job->classifier, &w->features, w->words, CLASSIFIER_UNWANTED,
			     words) == 0) /* then none speaks against it */
		return false;
	bool fraud = classifier_score(s->job->classifier, &w->features, CLASSIFIER_PHISH) > PHISH_LEAST;
	if (fraud)
		tell(s, out,
		     finding_add(out, "fraud", DISP_SUSPICIOUS, weight * PHISH_SHARE * s->calls->lure_share,
				 CAT_NONE, "The words are rather those of fraud than of advertising."),
		     w, CLASSIFIER_PHISH);
	tell(s, out,
	     finding_add(out, "unwanted", DISP_SPAM, fraud ? weight * (1 - PHISH_SHARE) : weight,
			 CAT_CONTENT_SPAM,
			 "The words are rather those of unwanted mail than of wanted mail."),
	     w, CLASSIFIER_UNWANTED);
	return true;
}

/* The mail's own words; where they say nothing, those of a document, of who has no domain of his own. */
static void run(const struct scan *s, struct findings *out)
{
	if (!s->job->classifier)
		return;
	struct weighing w = heaviest(s);
	bool said = say(s, out, &w);
	for (size_t i = 0; i < s->documents->n && !said && sender_is_borrowed(s); i++) {
		const struct document *d = &s->documents->v[i];
		if (d->n_words < DOCUMENT_LEAST)
			continue;
		w = weigh(s, d->words, d);
		said = say(s, out, &w);
	}
}

const struct detector detect_text_words = {
	.name = "text_words",
	.family = FAMILY_CONTENT,
	.needs = NEED_WORDS,
	.run = run,
};
