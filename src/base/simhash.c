/* Reading SimHashes. */
#include "base/simhash.h"

#include "base/abnf.h"

#define VERSION "v1:"

bool simhash_read(struct str text, uint64_t *out)
{
	struct str digits = str_sub(text, sizeof(VERSION) - 1, text.n);

	*out = 0;
	if (!str_starts(text, STR(VERSION)) || digits.n != 16)
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		int v = abnf_hex_value((unsigned char)digits.p[i]);
		if (v < 0)
			return false;
		*out = *out << 4 | (uint64_t)v;
	}
	return true;
}
