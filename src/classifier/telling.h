/*
 * Which words of a text tell a person something. What a word weighs is the model's to say; "have", "para" and "doctype" may
 * weigh much, and shown as a reason they explain nothing.
 */
#ifndef CLASSIFIER_TELLING_H
#define CLASSIFIER_TELLING_H

#include "base/str.h"

struct arena;

/*
 * The next piece of folded text (detect/text.h), from *at on, which moves behind it: a word; of scripts without spaces, whose
 * characters are words of their own there, a run of ideographs or of katakana. false: there is no more.
 */
bool telling_next(struct str folded, size_t *at, struct str *out);

/* Whether to show the piece: no word that every text has, nothing without a letter, nothing of chance. */
bool telling_is(struct str piece);

/* As it is written: without the spaces that folding puts between characters. */
struct str telling_written(struct arena *a, struct str piece);

#endif
