/*
 * Making a model from labelled texts: logistic regression by AdaGrad. The same texts in the same order give the same model
 * bit for bit, on any machine: no function of the C library that rounds as it likes is asked.
 *
 * Each mail is scored, too, by a model that was made without it and without its thread (what shares its subject or its
 * beginning). From those scores come the bands and the figures.
 */
#ifndef CLASSIFIER_TRAIN_H
#define CLASSIFIER_TRAIN_H

#include "base/enumtab.h"
#include "classifier/classifier.h"
#include "scan/scan.h"

#define LESSON_LABELS(X)       \
	X(LESSON_HAM, "ham")   \
	X(LESSON_BULK, "bulk") \
	X(LESSON_SPAM, "spam") \
	X(LESSON_PHISH, "phish")
ENUM_DECLARE(lesson_label, LESSON_LABELS);
enum { LESSON_LABELS_COUNT = 4 };

static inline bool lesson_is_good(enum lesson_label label)
{
	return label <= LESSON_BULK;
}

#define LESSONS_MAX 40000 /* mails: what they take of memory is below two gigabytes */
#define LESSONS_LEAST 20  /* wanted ones, and unwanted ones */
#define LESSON_WRITTEN 0  /* the source of mails that nobody received */
#define LESSON_SOURCES 64 /* different sources */

struct lessons;

struct lessons *lessons_new(void);
void lessons_free(struct lessons **l);
/*
 * source: below LESSON_SOURCES; where texts come from, whose wanted mails each must stay below the bands by themselves,
 * but for LESSON_WRITTEN. ERR_LIMIT: there are LESSONS_MAX.
 */
MUST_CHECK enum err lessons_add(struct lessons *l, enum lesson_label label, size_t source,
				const struct scan_text *text);
size_t lessons_count(const struct lessons *l, enum lesson_label label);

/* How many of the mails with a label reach each band. */
struct lesson_figures {
	size_t of[LESSON_LABELS_COUNT];
	size_t reached[LESSON_LABELS_COUNT][CLASSIFIER_BANDS];
};

struct trained {
	struct buf file;              /* classifier_write's; the caller frees it */
	struct lesson_figures before; /* of base, which may have seen some of them; zero without */
	struct lesson_figures after;  /* each mail by a model that had not seen it */
};

/*
 * base: what is learnt goes on from it, and its bands are not lowered; NULL = from nothing. about: text for the model.
 * ERR_ABSENT: there are too few wanted or unwanted texts, or, from nothing, too few wanted ones that were received.
 */
MUST_CHECK enum err train(struct lessons *l, const struct classifier *base, struct str about,
			  struct trained *out, struct errbuf *eb);
/* What a model says of the texts of one source; LESSON_SOURCES = of all. */
struct lesson_figures lessons_ask(const struct lessons *l, const struct classifier *m, size_t source);

#endif
