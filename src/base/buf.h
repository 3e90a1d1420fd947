/*
 * Bytes being put together: grows on the heap up to a ceiling named first.
 *
 * Going over the ceiling, or out of memory, sets `over` and drops what does not fit; appends after that do
 * nothing. So a writer may append freely and look once, at the end, with buf_ok().
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

struct buf {
	char *p; /* owned; NULL while empty */
	size_t n, room, max;
	bool over;
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_free(struct buf *b);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);

static inline bool buf_ok(const struct buf *b)
{
	return !b->over;
}

/* What was written so far; points into the buffer until the next append. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

void buf_add_c(struct buf *b, const char *z);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* buf_reserve where there may be too little room. */
char *buf_make_room(struct buf *b, size_t n);

/* Room for n more bytes at the end, or NULL when over; buf_grew says how many were written there. */
static inline char *buf_reserve(struct buf *b, size_t n)
{
	bool there = n < b->room - b->n && n <= b->max - b->n && !b->over;

	return there ? b->p + b->n : buf_make_room(b, n);
}

static inline void buf_grew(struct buf *b, size_t n)
{
	ASSERT(n <= b->room - b->n);
	b->n += n;
}

static inline void buf_add(struct buf *b, struct str s)
{
	char *to = s.n ? buf_reserve(b, s.n) : NULL;

	if (!to)
		return;
	memcpy(to, s.p, s.n);
	b->n += s.n;
}

static inline void buf_add_char(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

#endif
