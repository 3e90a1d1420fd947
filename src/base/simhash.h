/* SimHashes of texts as they are written down: "v1:" and 16 hexadecimal digits, 64 bits (scan/fingerprint.h). */
#ifndef BASE_SIMHASH_H
#define BASE_SIMHASH_H

#include "base/str.h"

#define SIMHASH_NEAR_BITS 6 /* texts whose SimHashes differ in no more are near */

/* False: it is none, or one of another version. */
bool simhash_read(struct str text, uint64_t *out);

static inline int simhash_distance(uint64_t x, uint64_t y)
{
	return __builtin_popcountll(x ^ y);
}

#endif
