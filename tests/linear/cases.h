/* Inputs that some reader might take long for, and the reader. */
#ifndef TESTS_LINEAR_CASES_H
#define TESTS_LINEAR_CASES_H

#include "base/arena.h"
#include "base/buf.h"

#define LINEAR_BYTES (32u << 10)

struct linear_case {
	const char *name;
	void (*read)(struct arena *a, struct str s);
	struct str before, piece, after; /* the input: piece over and over; "~" in it is its number */
	/* Makes about so many bytes, or what unpacks to them, where pieces will not do. */
	void (*make)(const struct linear_case *c, struct buf *b, size_t bytes);
	/* Of the smaller input; 0 = LINEAR_BYTES. More where pieces are long, less where a ceiling would cut them. */
	size_t bytes;
};

/* before, piece and piece and piece up to so many bytes, after. */
void linear_repeat(const struct linear_case *c, struct buf *b, size_t bytes);

extern const struct linear_case linear_cases[];
extern const size_t linear_cases_n;

#endif
