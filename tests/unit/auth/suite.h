/* Files of the published test suites, which lie outside the source tree and may be absent. */
#ifndef TESTS_AUTH_SUITE_H
#define TESTS_AUTH_SUITE_H

#include "base/arena.h"

/* Path below POSTERN_SUITES, or below shared/data/suites beside the source root. */
struct str suite_path(struct arena *a, const char *name);
/* The whole file; false when it is absent. */
bool suite_read(struct arena *a, const char *name, struct str *out);
/*
 * True when the file is absent, and then says so as a skipped test program. For main: cmocka's own skip() is
 * a failure in the eyes of a TAP reader.
 */
bool suite_is_absent(const char *name);

#endif
