/*
 * Fingerprints by which near-identical mails find each other (scan/fingerprint.h), as the index keeps them.
 *
 * SimHashes that differ in at most SIMHASH_NEAR_BITS bits agree in one of four bands of 16 bits, but for one bit at most:
 * so each band is a token, and whoever looks asks for the four of his own and those with one bit turned.
 */
#ifndef STORE_SIMILAR_H
#define STORE_SIMILAR_H

#include "store/store.h"

#define SIMILAR_BANDS 4

struct similar_print {
	bool has_edf, has_simhash;
	int64_t edf; /* of the text, which is a hash already */
	uint64_t simhash;
};

/* What is of another version counts as none. */
struct similar_print similar_print_of(struct str edf_hash, struct str simhash);
/* Whether the mails are near-identical, and how much alike they are. */
bool similar_compare(const struct similar_print *x, const struct similar_print *y,
		     struct store_likeness *out);
/* The value of a band's token. */
struct str similar_band(struct arena *a, unsigned band, uint64_t simhash);

#endif
