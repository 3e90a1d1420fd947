/* A chain of blocks, each at least as large as the request that made it. */
#include "base/arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 16384 /* most mails fit their headers and tree in a few of these */
#define BLOCK_BYTES_MAX \
	(1u << 20)     /* what takes more gets larger ones, which the allocator gives back at once */
#define SHORT_TEXT 256 /* most formatted texts; longer ones are formatted twice */
#define ALIGN alignof(max_align_t)

struct block {
	struct block *older;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *newest;
	size_t used, max;
	arena_limit_fn *on_limit;
	void *ctx;
	jmp_buf *escape; /* out of the innermost arena_try */
};

NORETURN static void out_of_room(struct arena *a)
{
	if (a->escape)
		longjmp(*a->escape, 1);
	if (a->on_limit)
		a->on_limit(a->ctx);
	bug(__FILE__, __LINE__, "arena limit reached");
}

struct arena *arena_new(size_t max_bytes, arena_limit_fn *on_limit, void *ctx)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (!a)
		bug(__FILE__, __LINE__, "out of memory");
	a->max = max_bytes;
	a->on_limit = on_limit;
	a->ctx = ctx;
	return a;
}

/* Frees the blocks newer than `upto`. */
static void drop_blocks(struct arena *a, const struct block *upto)
{
	while (a->newest != upto) {
		struct block *older = a->newest->older;
		free(a->newest);
		a->newest = older;
	}
}

void arena_free(struct arena **a)
{
	if (!*a)
		return;
	drop_blocks(*a, NULL);
	free(*a);
	*a = NULL;
}

void arena_reset(struct arena *a)
{
	struct block *first = a->newest;

	while (first && first->older)
		first = first->older;
	drop_blocks(a, first);
	if (first)
		first->used = 0;
	a->used = 0;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}

static bool fits(const struct arena *a, size_t size, bool trying)
{
	size_t max = trying ? a->max - a->max / 8 : a->max;

	return a->used <= max && size <= max - a->used && size <= SIZE_MAX / 2;
}

bool arena_has_room(const struct arena *a, size_t n)
{
	return fits(a, n, true);
}

struct arena_mark arena_mark(const struct arena *a)
{
	return (struct arena_mark){ a->newest, a->newest ? a->newest->used : 0, a->used };
}

void arena_rewind(struct arena *a, struct arena_mark to)
{
	drop_blocks(a, to.block);
	if (a->newest)
		a->newest->used = to.block_used;
	a->used = to.used;
}

enum err arena_try(struct arena *a, arena_work_fn *work, void *ctx)
{
	const struct arena_mark start = arena_mark(a);
	jmp_buf *const outer = a->escape;
	jmp_buf here;

	if (setjmp(here) == 0) {
		a->escape = &here;
		enum err e = work(a, ctx);
		a->escape = outer;
		return e;
	}
	a->escape = outer;
	arena_rewind(a, start);
	return ERR_LIMIT;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->newest;

	if (!fits(a, size, a->escape))
		out_of_room(a);
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (!b || b->size - b->used < size) {
		size_t room = a->used / 2 < BLOCK_BYTES       ? BLOCK_BYTES
			      : a->used / 2 < BLOCK_BYTES_MAX ? a->used / 2
							      : BLOCK_BYTES_MAX;
		room = (size > room ? size : room) / ALIGN * ALIGN;
		b = malloc(sizeof(*b) + room);
		if (!b)
			out_of_room(a);
		b->size = room;
		b->used = 0;
		b->older = a->newest;
		a->newest = b;
	}
	void *p = b->bytes + b->used;
	b->used += size;
	a->used = size > a->max - a->used ? a->max : a->used + size;
	return p;
}

void *arena_zalloc(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_room(a);
	return arena_zalloc(a, bytes);
}

char *arena_strndup(struct arena *a, const char *p, size_t n)
{
	char *z = arena_alloc(a, n + 1);

	if (n)
		memcpy(z, p, n);
	z[n] = 0;
	return z;
}

struct str arena_str(struct arena *a, struct str s)
{
	return (struct str){ arena_strndup(a, s.p, s.n), s.n };
}

struct str arena_lower(struct arena *a, struct str s)
{
	char *z = arena_strndup(a, s.p, s.n);

	for (size_t i = 0; i < s.n; i++)
		z[i] = ascii_lower(z[i]);
	return (struct str){ z, s.n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	char text[SHORT_TEXT], *z;
	va_list ap, again;

	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	if ((size_t)n < sizeof(text)) {
		z = arena_strndup(a, text, (size_t)n);
	} else {
		z = arena_alloc(a, (size_t)n + 1);
		vsnprintf(z, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	return (struct str){ z, (size_t)n };
}

struct str arena_join(struct arena *a, const struct str *parts, size_t n)
{
	size_t bytes = 1, at = 0;

	for (size_t i = 0; i < n; i++)
		if (!size_add(bytes, parts[i].n, &bytes))
			out_of_room(a);
	char *z = arena_alloc(a, bytes);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].n)
			memcpy(z + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	z[at] = 0;
	return (struct str){ z, at };
}

struct str arena_without(struct arena *a, struct str s, char c)
{
	size_t at = str_find_char(s, c, 0), n = at;

	if (at == SIZE_MAX)
		return s;
	char *p = arena_alloc(a, s.n + 1);
	memcpy(p, s.p, at);
	for (; at < s.n; at++)
		if (s.p[at] != c)
			p[n++] = s.p[at];
	p[n] = 0;
	return (struct str){ p, n };
}

struct strs arena_split(struct arena *a, struct str text, char by)
{
	struct strs parts = { 0 };

	for (size_t at = 0, end; at < text.n; at = end + 1) {
		end = str_find_char(text, by, at);
		if (end == SIZE_MAX)
			end = text.n;
		struct str part = str_trim(str_sub(text, at, end));
		if (part.n)
			ARENA_PUSH(a, &parts, part);
	}
	return parts;
}

void *arena_list(struct arena *a, size_t n, size_t size)
{
	size_t room = 1;

	while (room < n && room <= SIZE_MAX / 2)
		room *= 2;
	return arena_array(a, room < n ? n : room, size);
}

void *arena_grow(struct arena *a, void *v, size_t count, size_t size)
{
	/* Room is always a power of two, so it is full exactly when count is 0 or a power of two. */
	if (count & (count - 1))
		return v;
	if (count == 1 || count == 0) {
		void *first = arena_array(a, count ? 2 : 1, size);
		return count ? memcpy(first, v, size) : first;
	}
	void *twice = arena_array(a, count * 2, size);
	return memcpy(twice, v, count * size);
}
