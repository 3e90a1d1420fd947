/*
 * Bytes from outside: a pointer and a length, never assumed terminated, NUL is content.
 *
 * A struct str owns nothing; a comment where it is stored says what it points into.
 * Comparison and case folding are ASCII and independent of the locale.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

struct arena;

struct str {
	const char *p;
	size_t n;
};

/* A list of slices; v is in an arena. */
struct strs {
	struct str *v;
	size_t n;
};

/* A slice of a string literal; also usable in static tables through STR_INIT. */
#define STR_INIT(lit)                  \
	{                              \
		(lit), sizeof(lit) - 1 \
	}
#define STR(lit) ((struct str)STR_INIT(lit))
#define STR_NONE ((struct str){ NULL, 0 })

/* For printf's "%.*s". Lengths beyond INT_MAX are cut. */
#define STR_ARG(s) (int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n), ((s).p ? (s).p : "")

static inline struct str str_of(const char *z)
{
	return (struct str){ z, z ? strlen(z) : 0 };
}

static inline struct str str_from(const void *p, size_t n)
{
	return (struct str){ p, n };
}

/* No byte beyond 0x7f. */
bool str_is_ascii(struct str s);

static inline bool str_is_empty(struct str s)
{
	return s.n == 0;
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_nocase(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_starts_nocase(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_ends_nocase(struct str s, struct str suffix);
/* memcmp order, the shorter first among equals. */
int str_cmp(struct str a, struct str b);
int str_cmp_nocase(struct str a, struct str b);

/* Index of the first match at or after from, or SIZE_MAX. */
size_t str_find_char(struct str s, char c, size_t from);
size_t str_rfind_char(struct str s, char c);
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_nocase(struct str s, struct str needle, size_t from);

/* Whether the list holds exactly this. */
bool strs_has(const struct strs *list, struct str s);

/* The bytes [from, to), both cut to the length. */
static inline struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from > to)
		from = to;
	return (struct str){ s.p ? s.p + from : NULL, to - from };
}

/* Without SP, HTAB, CR and LF at both ends. */
struct str str_trim(struct str s);

/* Decimal digits only, the whole slice, 1..20 of them. */
MUST_CHECK enum err str_to_u64(struct str s, uint64_t max, uint64_t *out);
/* Optional '-', then as above. */
MUST_CHECK enum err str_to_i64(struct str s, int64_t *out);

/* A terminated copy for libc; ERR_SYNTAX when s holds a NUL. */
MUST_CHECK enum err str_to_c(struct arena *a, struct str s, const char **out);

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* SP, and HTAB to CR. */
static inline bool ascii_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char ascii_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

/* a + b into *sum; false on overflow. */
static inline bool size_add(size_t a, size_t b, size_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

#endif
