/*
 * Landlock (Linux 5.13 and later), by the bare system calls: the headers of Debian 12 end at ABI 2, so the longer
 * structures are ours, and the kernel is given the size that its ABI knows.
 */
#ifndef SEAL_LANDLOCK_H
#define SEAL_LANDLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct landlock_rule {
	const char *path;
	bool may_write;
};

/* 0 when the kernel has none, or a container does not let it through. */
int landlock_abi(void);

/*
 * Only the files below these paths (those that exist) from now on; NULL, 0 = none at all. Open descriptors stay
 * usable. sealed: also no TCP, no abstract sockets and no signals beyond ourselves, as far as the ABI goes.
 */
MUST_CHECK enum err landlock_enter(int abi, const struct landlock_rule *rules, size_t n, bool sealed);

#endif
