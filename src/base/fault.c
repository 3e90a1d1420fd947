/* Collecting faults. */
#include "base/fault.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/limits.h"

void fault_add(struct faults *f, struct str pointer, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (f->n >= LIMIT_FAULTS)
		return;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	ASSERT(n >= 0);
	struct fault fault = {
		.pointer = arena_printf(f->arena, "%.*s%.*s", STR_ARG(f->at), STR_ARG(pointer)),
		.message = arena_str(f->arena, str_of(text)),
	};
	ARENA_PUSH(f->arena, f, fault);
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
