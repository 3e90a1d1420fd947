/* A directory of its own for each test, gone afterwards. */
#ifndef TESTS_STORE_TEMP_DIR_H
#define TESTS_STORE_TEMP_DIR_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static int temp_dir_remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline void temp_dir_remove(const char *path)
{
	nftw(path, temp_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* out: at least 64 bytes. In memory where there is such a file system: thousands of commits are synced. */
static inline void temp_dir_make(char *out)
{
	const char *const places[] = { "/dev/shm", "/tmp" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(out, 64, "%s/postern-store-XXXXXX", places[i]);
		if (mkdtemp(out))
			return;
	}
	abort();
}

#endif
