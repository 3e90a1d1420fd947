/*
 * Reading text from left to right with an end in sight: every step moves only when it succeeds, and every
 * token has a maximum.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>

#include "base/str.h"

struct cursor {
	const char *at, *end;
};

typedef bool char_class_fn(unsigned char c);

static inline struct cursor cursor_of(struct str s)
{
	return (struct cursor){ s.p, s.p ? s.p + s.n : s.p };
}

static inline bool cursor_done(const struct cursor *c)
{
	return c->at == c->end;
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next byte without moving, or -1 at the end. */
static inline int cursor_peek(const struct cursor *c)
{
	return c->at < c->end ? (unsigned char)*c->at : -1;
}

/* What is left, without moving. */
static inline struct str cursor_rest(const struct cursor *c)
{
	return (struct str){ c->at, cursor_left(c) };
}

/* Moves over exactly this byte or text; false leaves the cursor where it is. */
bool cursor_char(struct cursor *c, char want);
bool cursor_text_nocase(struct cursor *c, struct str want);

/* The longest run of bytes of the class, possibly empty; ERR_LIMIT when longer than max. */
MUST_CHECK enum err cursor_while(struct cursor *c, char_class_fn *class, size_t max, struct str *out);
/* Bytes up to, without, the stop byte, which stays; ERR_ABSENT when it does not come, ERR_LIMIT when late. */
MUST_CHECK enum err cursor_until(struct cursor *c, char stop, size_t max, struct str *out);
/* Decimal digits with an upper bound on the value. */
MUST_CHECK enum err cursor_u64(struct cursor *c, uint64_t max, uint64_t *out);
/* Moves over SP and HTAB. */
void cursor_skip_wsp(struct cursor *c);

#endif
