/* Unpredictable bytes from the kernel, for ids, tokens and salts. Not available to sealed workers. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

void random_bytes(void *out, size_t n);
/* Uniform in [0, below); below > 0. */
uint64_t random_below(uint64_t below);
/* n characters of the alphabet, in the arena. 62 letters and digits: 5.95 bits each. */
struct str random_text(struct arena *a, struct str alphabet, size_t n);
/* Version 4 (RFC 9562 §5.4), lower case, terminated. */
void random_uuid(char out[37]);

#endif
