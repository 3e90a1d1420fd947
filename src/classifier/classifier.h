/*
 * A model: weights of features, and what a sum of them means. Read-only, shared by all that scan.
 *
 * A text's score is the sum of the weights of its features, divided by the root of their number so that long texts
 * weigh no more than short ones. From a score on, only so many of a thousand wanted mails are met: those are the bands,
 * found on mail that was not learnt from.
 *
 * The file, integers and floats little-endian:
 *
 *	8   "PMODEL01"
 *	4   FEATURES_VERSION
 *	4   bytes of the text about it
 *	4   for each output: its bias (float)
 *	4   for each output: what one unit of a weight is worth (float)
 *	4   for each band: the score it begins at (float), ascending
 *	n   the text about it, UTF-8: when and of what it was made
 *	    for each feature, for each output: a weight (signed byte)
 *	32  SHA-256 of all before
 */
#ifndef CLASSIFIER_CLASSIFIER_H
#define CLASSIFIER_CLASSIFIER_H

#include "base/buf.h"
#include "classifier/features.h"

enum classifier_output {
	CLASSIFIER_UNWANTED, /* above 0: rather unwanted than wanted */
	CLASSIFIER_PHISH,    /* of what is unwanted, above 0: rather a fraud than advertising */
	CLASSIFIER_OUTPUTS
};

/* By the share of wanted mail from there on. */
enum classifier_band {
	BAND_HINT,   /* 5 % */
	BAND_NOTICE, /* 2 % */
	BAND_DOUBT,  /* 0.5 % */
	BAND_SURE,   /* 0.1 % */
	BAND_ALONE,  /* far above all wanted mail */
	CLASSIFIER_BANDS
};

/* Of one feature. */
struct classifier_weights {
	int8_t of[CLASSIFIER_OUTPUTS];
};

struct classifier {
	float bias[CLASSIFIER_OUTPUTS], unit[CLASSIFIER_OUTPUTS];
	float bands[CLASSIFIER_BANDS];
	struct str about;
	const struct classifier_weights *weights; /* FEATURES_COUNT of them */
};

#define CLASSIFIER_ABOUT_MAX 1000
#define CLASSIFIER_FILE_MAX (8u << 20)

/* out points into bytes. ERR_SYNTAX: not a model, or damaged; ERR_CONFLICT: of another version. */
MUST_CHECK enum err classifier_read(struct str bytes, struct classifier *out, struct errbuf *eb);
void classifier_write(struct buf *out, const struct classifier *m);

/* The one this program was built with. */
const struct classifier *classifier_shipped(void);

double classifier_score(const struct classifier *m, const struct features *f, enum classifier_output output);

/* Of the words that tell a person something (telling.h) those that weighed most for an output, heaviest first, each once. */
#define CLASSIFIER_WORDS 6
size_t classifier_words(struct arena *a, const struct classifier *m, const struct features *f,
			struct str words, enum classifier_output output, struct str out[CLASSIFIER_WORDS]);

#endif
