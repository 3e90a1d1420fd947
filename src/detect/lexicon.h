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
	X(INTENT_LOAN, "loan")               \
	X(INTENT_EXTORTION, "extortion")     \
	X(INTENT_GIFT_CARD, "gift_card")     \
	X(INTENT_ERRAND, "errand")           \
	X(INTENT_CREDENTIALS, "credentials") \
	X(INTENT_WALLET, "wallet")           \
	X(INTENT_PARCEL, "parcel")           \
	X(INTENT_REFUND, "refund")           \
	X(INTENT_CALLBACK, "callback")       \
	X(INTENT_PAYMENT, "payment_change")  \
	X(INTENT_PAYROLL, "payroll")         \
	X(INTENT_ORDER, "order")             \
	X(INTENT_PRIZE, "prize")             \
	X(INTENT_ROMANCE, "romance")         \
	X(INTENT_GAMBLING, "gambling")       \
	X(INTENT_JOB, "job")                 \
	X(INTENT_OFFER, "offer")             \
	X(INTENT_OUTREACH, "outreach")       \
	X(INTENT_OPENER, "opener")
ENUM_DECLARE(intent, INTENTS);
enum { INTENT_COUNT = 20 };

/* What a phrase is to its intent. Names are the same for all; what they stand for is said at the phrases. */
enum cue { CUE_BAIT, CUE_STORY, CUE_ASK, CUE_PRESSURE, CUE_COUNT };

/* Phrases of one intent, cue and weight, as the tables have them. */
struct phrase_row {
	enum intent intent;
	enum cue cue;
	int weight;          /* hundredths, of a phrase of three words or more */
	const char *phrases; /* separated by "|", each in one row of an intent only */
};

extern const struct phrase_row lexicon_fraud[], lexicon_advance_fee[], lexicon_offer[], lexicon_opener[];
extern const size_t lexicon_fraud_size, lexicon_advance_fee_size, lexicon_offer_size, lexicon_opener_size;

struct phrase {
	enum intent intent;
	enum cue cue;
	int weight;      /* hundredths: shorter ones are met by chance, and weigh less */
	struct str text; /* folded as text.h folds */
};

/* All phrases; made at the first call. */
const struct phrase *lexicon_phrases(size_t *n);

/* Whether a phrase has that word. */
bool lexicon_has_word(struct str word);

#define LEXICON_SHOWN 6

struct intent_score {
	double score; /* 0..1 */
	int cues;     /* different cues seen */
	bool bait;    /* that of what it is about is among them */
	/* For the explanation: the heaviest of each cue in turn, what it is about first; none that is part of another. */
	const struct phrase *seen[LEXICON_SHOWN];
	size_t n_seen;
};

/* Looks for every phrase in text folded by text_fold(). A phrase counts once. */
void lexicon_score(struct arena *a, struct str folded, struct intent_score out[INTENT_COUNT]);

#endif
