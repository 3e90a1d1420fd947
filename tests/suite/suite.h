/*
 * One published suite, run case by case: prints a TAP line for each, with its name. Suites lie outside the source tree,
 * below POSTERN_SUITES; an absent one is skipped by name. Any folder of the same layout will do, with more or fewer
 * files: nothing here knows how many cases there are, but a suite without one has failed.
 */
#ifndef TESTS_SUITE_SUITE_H
#define TESTS_SUITE_SUITE_H

#include "base/arena.h"

struct suite {
	struct arena *arena; /* of the whole run */
	struct str folder;   /* POSTERN_SUITES/NAME, terminated */
	size_t ran, failed;
};

/* What main returns. run: calls suite_case for every case of POSTERN_SUITES/name. */
int suite_main(const char *name, void (*run)(struct suite *s));

/* Paths below the suite's folder that end so, sorted, all levels. ending "": all files. */
struct strs suite_files(struct suite *s, const char *ending);
/* The whole file, a path as suite_files gives it. False where there is none: a companion that a case may lack. */
bool suite_read(struct suite *s, struct arena *a, struct str path, struct str *out);

/* One case. why: said when it failed. */
void suite_case(struct suite *s, bool ok, struct str name, const char *why, ...) PRINTF_LIKE(4, 5);

/* A case that speaks against the standard, named with the sentence it speaks against. Counted as skipped. */
void suite_skip(struct suite *s, struct str name, const char *why);

#endif
