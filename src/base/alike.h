/*
 * Texts that read alike: the skeleton of a text (Unicode TR39, with what people misread besides), and how many slips of
 * the hand lie between two. For names of people and of domains.
 */
#ifndef BASE_ALIKE_H
#define BASE_ALIKE_H

#include "base/str.h"

#define ALIKE_MAX 128 /* characters compared; longer texts are no name */

/*
 * Equal for texts that look alike: without case and accents, compatibility forms made plain (NFKC), letters of other
 * scripts that look Latin made Latin, "0" an o, "1" and "|" an l, "rn" for m and "w" for vv. At most ALIKE_MAX
 * characters of s are looked at, and as many come of it, though one may stand for a sentence. In the arena.
 */
struct str alike_skeleton(struct arena *a, struct str s);

/*
 * How many characters must be put in, left out, changed or swapped with their neighbour to make y of x
 * (Damerau-Levenshtein, no part touched twice); most + 1 for all that is more. Both at most ALIKE_MAX characters.
 */
size_t alike_distance(struct str x, struct str y, size_t most);

/* Which characters there are. Texts whose sets alike_may_be_near refuses are farther apart than `most`. */
uint64_t alike_set(struct str s);
bool alike_may_be_near(uint64_t x, uint64_t y, size_t most);

#endif
