/* Files of the published test suites. */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>

struct str suite_path(struct arena *a, const char *name)
{
	const char *root = getenv("POSTERN_SUITES"), *source = getenv("SOURCE_ROOT");

	if (root && *root)
		return arena_printf(a, "%s/%s", root, name);
	return arena_printf(a, "%s/../shared/data/suites/%s", source ? source : ".", name);
}

bool suite_read(struct arena *a, const char *name, struct str *out)
{
	FILE *f = fopen(suite_path(a, name).p, "rb");
	char *p = NULL;
	long size = -1;

	if (!f)
		return false;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
		rewind(f);
		p = arena_alloc(a, (size_t)size + 1);
		if (fread(p, 1, (size_t)size, f) != (size_t)size)
			p = NULL;
	}
	fclose(f);
	*out = (struct str){ p, p ? (size_t)size : 0 };
	return p != NULL;
}

bool suite_is_absent(const char *name)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	FILE *f = fopen(suite_path(a, name).p, "rb");

	if (f)
		fclose(f);
	else
		printf("1..0 # SKIP %s is absent\n", name);
	arena_free(&a);
	return !f;
}
