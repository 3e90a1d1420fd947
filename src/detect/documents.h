/*
 * What attached documents say, where the mail itself is hardly more than an envelope for them: then their text is judged
 * as a body's would be. The text is that of PDF, Word, OpenDocument, RTF, plain text and web pages.
 *
 * Documents of people who are known, and of those that talk with the reader, are theirs: nothing is read of them.
 */
#ifndef DETECT_DOCUMENTS_H
#define DETECT_DOCUMENTS_H

#include "base/limits.h"
#include "detect/lexicon.h"
#include "mime/content.h"

struct scan;
struct finding;
struct findings;

struct document {
	const struct mime_attachment *file;
	struct str text;
	struct str words; /* folded, as those of the mail (text.h) */
	size_t n_words;
	struct str with_mail;                     /* the words of the mail, and these behind them */
	struct intent_score scores[INTENT_COUNT]; /* of both */
};

struct documents {
	struct document v[LIMIT_DOCUMENTS];
	size_t n;
};

/* In the arena. Reads at once; n is 0 where the mail says something itself, or has no document with words. */
const struct documents *documents_of(const struct scan *s);

/* Whether it is about trouble with an account, a charge, money or a parcel, and asks to do something about it. */
bool document_is_lure(const struct document *d);

/* The finding is about what a document says: names it before its detail. */
void finding_in_document(struct findings *out, struct finding *f, const struct scan *s,
			 const struct document *d, struct str words);

#endif
