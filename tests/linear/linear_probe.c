/*
 * Reads what strangers send to make reading take long, for callgrind to count what that costs (tests/linear/linear).
 *
 *	linear_probe                         lists the cases: bytes of the smaller input, name
 *	linear_probe CASE BYTES ...          makes each input and reads it; only that runs inside counted()
 *
 * Each is read in a small size first, so that what libraries load late is not counted.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cases.h"
#include "file/libmagic.h"

#define WARM_PART 16 /* of the bytes */
#define INPUT_MAX (64u << 20)

void counted(const struct linear_case *c, struct arena *a, struct str input);

/* What callgrind counts, by its name, which therefore must stand among the symbols. */
__attribute__((noinline)) void counted(const struct linear_case *c, struct arena *a, struct str input)
{
	c->read(a, input);
}

static void read_case(const struct linear_case *c, size_t bytes, bool warm)
{
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
	struct buf b;

	buf_init(&b, INPUT_MAX);
	(c->make ? c->make : linear_repeat)(c, &b, bytes);
	ASSERT(buf_ok(&b));
	if (warm)
		c->read(a, buf_str(&b));
	else
		counted(c, a, buf_str(&b));
	buf_free(&b);
	arena_free(&a);
}

static const struct linear_case *find(const char *name)
{
	for (size_t i = 0; i < linear_cases_n; i++)
		if (strcmp(linear_cases[i].name, name) == 0)
			return &linear_cases[i];
	fprintf(stderr, "linear_probe: no case is called %s\n", name);
	exit(2);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8"); /* as in a worker: libarchive reads names by it */
	libmagic_load();
	for (size_t i = 0; argc == 1 && i < linear_cases_n; i++)
		printf("%zu %s\n", linear_cases[i].bytes ? linear_cases[i].bytes : LINEAR_BYTES,
		       linear_cases[i].name);
	for (int i = 1; i + 1 < argc; i += 2) {
		const struct linear_case *c = find(argv[i]);
		size_t bytes = strtoul(argv[i + 1], NULL, 10);
		read_case(c, bytes / WARM_PART, true);
		read_case(c, bytes, false);
	}
	return 0;
}
