/*
 * Phrases by which frauds and unasked-for advertising betray themselves, in several languages, and how much
 * each weighs. One phrase proves nothing: an intent counts only when phrases of different cues meet, such as
 * a sum of money, a dead relative and a request for bank details.
 */
#ifndef DETECT_LEXICON_H
#define DETECT_LEXICON_H

#include "base/enumtab.h"
#include "base/str.h"

struct arena;

#define INTENTS(X)                           \
	X(INTENT_ADVANCE_FEE, "advance_fee") \
	X(INTENT_EXTORTION, "extortion")     \
	X(INTENT_GIFT_CARD, "gift_card")     \
	X(INTENT_CREDENTIALS, "credentials") \
	X(INTENT_PAYMENT, "payment_change")  \
	X(INTENT_OFFER, "offer")
ENUM_DECLARE(intent, INTENTS);
enum { INTENT_COUNT = 6 };

/* What a phrase is to its intent. Names are the same for all; what they stand for is said in lexicon.c. */
enum cue { CUE_BAIT, CUE_STORY, CUE_ASK, CUE_PRESSURE, CUE_COUNT };

struct phrase {
	enum intent intent;
	enum cue cue;
	int weight;       /* hundredths */
	const char *text; /* folded as text.h folds; ideographs with a space between them */
};

extern const struct phrase lexicon[];
extern const size_t lexicon_size;

#define LEXICON_SHOWN 6

struct intent_score {
	double score;                             /* 0..1 */
	int cues;                                 /* different cues seen */
	const struct phrase *seen[LEXICON_SHOWN]; /* the first, for the explanation */
	size_t n_seen;
};

/* Looks for every phrase in text folded by text_fold(). A phrase counts once. */
void lexicon_score(struct arena *a, struct str folded, struct intent_score out[INTENT_COUNT]);

#endif
