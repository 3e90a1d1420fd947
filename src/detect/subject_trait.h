/*
 * Traits of subjects, and of names of senders, that people do not write: labels of advertising, words and letters that are
 * kept from filters, codes by which copies differ, rows of blanks.
 */
#ifndef DETECT_SUBJECT_TRAIT_H
#define DETECT_SUBJECT_TRAIT_H

#include <stdbool.h>

#include "base/str.h"

struct header;
struct scan;

/* What was seen of a mail's field. */
struct seen {
	const struct header *field;
	struct str value;
	struct str detail; /* what is said of it; "" = the value itself */
	bool named;        /* it is the sender's name, whatever else the trait is looked for in */
};

/* false: the mail has it not; then *out says nothing. */
bool subject_ad_label(const struct scan *s, struct seen *out);
bool subject_ad_named(const struct scan *s, struct seen *out);
bool subject_joined_words(const struct scan *s, struct seen *out);
bool subject_letters_apart(const struct scan *s, struct seen *out);
bool subject_letters_split(const struct scan *s, struct seen *out);
bool subject_code(const struct scan *s, struct seen *out);
bool subject_tail(const struct scan *s, struct seen *out);
bool subject_blanks(const struct scan *s, struct seen *out);
bool subject_capitals(const struct scan *s, struct seen *out);

#endif
