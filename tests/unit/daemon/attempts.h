/* What a scan worker that has been taken over might try, one mail each. */
#ifndef TESTS_ATTEMPTS_H
#define TESTS_ATTEMPTS_H

#include "daemon/worker.h"

struct attempt {
	const char *name;
	long number; /* of the system call; -1: `run` makes it */
	long arguments[6];
	void (*run)(void);
};

extern const struct attempt attempts[];
extern const size_t attempts_n;

/* Does what the mail names, and if it lives, says in the subject what came of it: "allowed", or the errno. */
scan_fn attempts_scan;

#endif
