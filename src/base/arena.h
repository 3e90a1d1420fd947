/*
 * Memory that lives exactly as long as one unit of work: a message, an HTTP request, a configuration.
 *
 * Nothing is freed singly. Allocation never returns NULL: an arena that reaches its ceiling calls its
 * on_limit function, which must not return (a sealed worker says LIMIT and leaves; others end the process).
 * Not thread-safe: one arena belongs to one thread at a time.
 *
 * A process that works for many at once (intake, api, courier) must not end for one of them. There an arena either has
 * a ceiling above what its work can ask for, by named limits, or what grows with the input runs inside arena_try.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

struct arena;

typedef void arena_limit_fn(void *ctx);

/* max_bytes: ceiling over all allocations. on_limit NULL: the process aborts. */
struct arena *arena_new(size_t max_bytes, arena_limit_fn *on_limit, void *ctx);
/* Frees everything and clears the pointer. NULL is fine. */
void arena_free(struct arena **a);
/* Forgets everything but keeps the first block for the next unit of work. */
void arena_reset(struct arena *a);
size_t arena_used(const struct arena *a);
/* Whether n bytes more fit, as arena_try counts. */
bool arena_has_room(const struct arena *a, size_t n);

/* A place to go back to: arena_rewind forgets all that was allocated since. */
struct arena_mark {
	void *block;
	size_t block_used, used;
};
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark to);

/*
 * Work that may ask for more than there is: at the ceiling it ends at once (longjmp), the arena is as it was before, and
 * the answer is ERR_LIMIT. So while it allocates it holds nothing but memory of this arena: no lock, descriptor,
 * statement or heap. The last eighth below the ceiling is not for it, but for what its caller does then.
 */
typedef enum err arena_work_fn(struct arena *a, void *ctx);
MUST_CHECK enum err arena_try(struct arena *a, arena_work_fn *work, void *ctx);

/* size bytes, aligned for any type. arena_alloc leaves them unset, arena_zalloc zeroes them. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zalloc(struct arena *a, size_t size);
/* n * size with the overflow checked, zeroed. */
void *arena_array(struct arena *a, size_t n, size_t size);

char *arena_strndup(struct arena *a, const char *p, size_t n); /* terminated copy */
struct str arena_str(struct arena *a, struct str s);           /* copy, also terminated */
struct str arena_lower(struct arena *a, struct str s);         /* ASCII lower-case copy, also terminated */
/* Without any byte c; the slice itself where there is none. */
struct str arena_without(struct arena *a, struct str s, char c);
/* The parts, trimmed; empty ones are left out. */
struct strs arena_split(struct arena *a, struct str text, char by);
/* %.*s ends at a NUL, which bytes from outside may hold: arena_join puts those together. */
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* The n parts one after the other by their lengths, NUL and all, also terminated. */
struct str arena_join(struct arena *a, const struct str *parts, size_t n);

/* The same with room for pushing on (ARENA_PUSH below): for lists whose length is known at first but may grow. */
void *arena_list(struct arena *a, size_t n, size_t size);

#define ARENA_NEW(a, type) ((type *)arena_zalloc((a), sizeof(type)))
/* ARENA_JOIN(a, local, STR("@"), domain) */
#define ARENA_JOIN(a, ...)                                   \
	arena_join((a), (const struct str[]){ __VA_ARGS__ }, \
		   sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
#define ARENA_ARRAY(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

/*
 * Grows an array of `count` elements of `size` bytes by one: gives the array (moved when its room, a power
 * of two, was full) so that [count] may be written. For struct list { T *v; size_t n; } use ARENA_PUSH. An array of
 * more than two elements must come from here or from arena_list: the room of others is not a power of two.
 */
void *arena_grow(struct arena *a, void *v, size_t count, size_t size);

/* Appends value to a list with members v and n. */
#define ARENA_PUSH(a, list, value)                                              \
	((list)->v = arena_grow((a), (list)->v, (list)->n, sizeof(*(list)->v)), \
	 (void)((list)->v[(list)->n++] = (value)))

#endif
