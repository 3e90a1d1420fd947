/*
 * What the classifier looks at: words, pairs of words and pieces of words of a mail's text, each by a hash of 19 bits.
 *
 * How a mail is built is no feature: the mail that may be learnt from is old, and whatever is HTML or full of links would
 * look bad. The text comes in the form that detect/text.h makes, so letters that look alike, invisible characters and styled ones are
 * undone before. A feature counts once, however often it is met. Only the first FEATURES_TEXT_MAX bytes are read: what
 * a stranger wants stands at the beginning, and whoever adds a novel behind it changes nothing.
 *
 * Changing what a feature is means another FEATURES_VERSION: models of the earlier one are refused.
 */
#ifndef CLASSIFIER_FEATURES_H
#define CLASSIFIER_FEATURES_H

#include <stdint.h>

#include "base/str.h"

struct arena;

#define FEATURES_VERSION 2
#define FEATURES_BITS 19
#define FEATURES_COUNT (1u << FEATURES_BITS)
#define FEATURES_TEXT_MAX 6144

struct feature {
	uint32_t id;           /* below FEATURES_COUNT */
	uint32_t from, length; /* the bytes of the text it was met in first */
};

struct features {
	struct feature *v;
	size_t n;
};

/* words: as text_fold() makes it. */
struct features features_of(struct arena *a, struct str words);

#endif
