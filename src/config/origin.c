/* Where a setting was read: the first words of every complaint about it. */
#include "config/internal.h"

#include <stdio.h>

enum err config_fault(const struct config *c, const char *key, enum err e, struct errbuf *eb, const char *fmt,
		      ...)
{
	const struct config_owner *o = (const struct config_owner *)(const void *)c;
	const struct setting *s = setting_find(str_of(key));
	struct errbuf what;
	va_list ap;

	ASSERT(s);
	va_start(ap, fmt);
	vsnprintf(what.text, sizeof(what.text), fmt, ap);
	va_end(ap);
	int line = o->lines[s - settings];
	if (line == ORIGIN_OPTION)
		return err_set(eb, e, "command line: %s: %s", key, what.text);
	if (line == 0)
		return err_set(eb, e, "%s: %s: %s", o->path, key, what.text);
	return err_set(eb, e, "%s:%d: %s: %s", o->path, line, key, what.text);
}
