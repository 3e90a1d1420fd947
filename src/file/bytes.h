/*
 * Numbers in binary formats. A number that does not lie whole in the slice reads as 0, so that readers of damaged
 * files go on; offsets may be any 64-bit value.
 */
#ifndef FILE_BYTES_H
#define FILE_BYTES_H

#include "base/str.h"

static inline uint64_t bytes_le(struct str s, uint64_t at, unsigned n)
{
	uint64_t v = 0;

	if (at > s.n || s.n - at < n)
		return 0;
	while (n-- > 0)
		v = v << 8 | (unsigned char)s.p[at + n];
	return v;
}

static inline uint16_t bytes_le16(struct str s, uint64_t at)
{
	return (uint16_t)bytes_le(s, at, 2);
}

static inline uint32_t bytes_le32(struct str s, uint64_t at)
{
	return (uint32_t)bytes_le(s, at, 4);
}

static inline uint64_t bytes_le64(struct str s, uint64_t at)
{
	return bytes_le(s, at, 8);
}

/* The n bytes at `at`, as many of them as there are. */
static inline struct str bytes_at(struct str s, uint64_t at, uint64_t n)
{
	size_t from = at < s.n ? (size_t)at : s.n;

	return str_sub(s, from, n < s.n - from ? from + (size_t)n : s.n);
}

#endif
