/* Error codes, their names, and the end of a process that found a bug in itself. */
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *err_name(enum err e)
{
	switch (e) {
	case OK:
		return "ok";
	case ERR_SYNTAX:
		return "syntax";
	case ERR_LIMIT:
		return "limit";
	case ERR_DENIED:
		return "denied";
	case ERR_ABSENT:
		return "absent";
	case ERR_CONFLICT:
		return "conflict";
	case ERR_LATER:
		return "later";
	case ERR_BUG:
		return "bug";
	}
	return "unknown";
}

enum err err_set(struct errbuf *eb, enum err e, const char *fmt, ...)
{
	if (eb) {
		va_list ap;
		va_start(ap, fmt);
		vsnprintf(eb->text, sizeof(eb->text), fmt, ap);
		va_end(ap);
	}
	return e;
}

void bug(const char *file, int line, const char *what)
{
	char text[512];
	int n = snprintf(text, sizeof(text), "bug: %s:%d: %s\n", file, line, what);

	/* One write: another thread may hold stdio's lock, and a sealed worker has only write(). */
	if (n > 0 && write(2, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1) < 0)
		_exit(134);
	abort();
}
