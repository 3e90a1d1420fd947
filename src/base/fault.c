/* Collecting faults. */
#include "base/fault.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/limits.h"

PRINTF_LIKE(3, 0) static void add(struct faults *f, struct str pointer, const char *fmt, va_list ap)
{
	char text[512];

	if (f->n >= LIMIT_FAULTS)
		return;
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	ASSERT(n >= 0);
	struct fault fault = {
		.pointer = arena_printf(f->arena, "%.*s%.*s", STR_ARG(f->at), STR_ARG(pointer)),
		.message = arena_str(f->arena, str_of(text)),
	};
	ARENA_PUSH(f->arena, f, fault);
}

void fault_add(struct faults *f, struct str pointer, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(f, pointer, fmt, ap);
	va_end(ap);
}

/* x is y or lies under it. */
static bool is_within(struct str x, struct str y)
{
	return str_starts(x, y) && (x.n == y.n || x.p[y.n] == '/');
}

bool fault_is_at(const struct faults *f, struct str pointer)
{
	struct str at = ARENA_JOIN(f->arena, f->at, pointer);

	for (size_t i = 0; i < f->n; i++)
		if (is_within(f->v[i].pointer, at) || is_within(at, f->v[i].pointer))
			return true;
	return false;
}

void fault_add_further(struct faults *f, struct str pointer, const char *fmt, ...)
{
	va_list ap;

	if (fault_is_at(f, pointer))
		return;
	va_start(ap, fmt);
	add(f, pointer, fmt, ap);
	va_end(ap);
}

struct str fault_at_key(struct arena *a, struct str at, struct str key)
{
	char *out = arena_alloc(a, at.n + 2 * key.n + 2);
	size_t n = at.n;

	if (at.n)
		memcpy(out, at.p, at.n);
	out[n++] = '/';
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] == '~' || key.p[i] == '/') {
			out[n++] = '~';
			out[n++] = key.p[i] == '~' ? '0' : '1';
		} else {
			out[n++] = key.p[i];
		}
	}
	return (struct str){ out, n };
}

struct str fault_at_index(struct arena *a, struct str at, size_t index)
{
	return arena_printf(a, "%.*s/%zu", STR_ARG(at), index);
}
