/*
 * What every process can see without a statement, in the shared file DIR/rev: how often messages.db was written to, and
 * the revision of all settings, which are two counters. Whoever writes settings counts `begun` before its commit and lets
 * `ended` catch up after it; while they differ a change may or may not be visible yet, and the database is asked. So a writer
 * that dies between the two costs others a statement for each look, until the next change, and never a stale answer.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "store/internal.h"
#include "store/settings_internal.h"

/* Without the file everything works, by statements. */
void settings_rev_open(struct store *st)
{
	int fd = openat(st->dir_fd, "rev", O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	/* A hole in the file would be filled at the first write, and on a full disk end the process by SIGBUS. */
	if (posix_fallocate(fd, 0, sizeof(*st->rev)) == 0) {
		void *p = mmap(NULL, sizeof(*st->rev), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		st->rev = p == MAP_FAILED ? NULL : p;
	}
	close(fd);
}

void settings_rev_close(struct store *st)
{
	if (st->rev)
		munmap(st->rev, sizeof(*st->rev));
	st->rev = NULL;
}

enum err settings_end(struct store *st, struct sql **c, enum err err)
{
	int64_t mine = st->rev ? atomic_fetch_add(&st->rev->begun, 1) + 1 : 0;

	err = sql_end(c, err);
	if (st->rev) {
		/* Everything begun before is committed or undone by now: writers take turns. */
		int64_t ended = atomic_load(&st->rev->ended);
		while (ended < mine && !atomic_compare_exchange_weak(&st->rev->ended, &ended, mine))
			;
	}
	return err;
}

bool store_is_unchanged(const struct store *st, int64_t *seen)
{
	int64_t now = st->rev ? atomic_load(&st->rev->commits) : *seen + 1;
	bool same = now == *seen;

	*seen = now;
	return same;
}

enum err settings_rev_all(struct store *st, int64_t *rev_out)
{
	if (st->rev) {
		int64_t ended = atomic_load(&st->rev->ended);
		if (atomic_load(&st->rev->begun) == ended) {
			*rev_out = ended;
			return OK;
		}
	}
	enum err err = settings_policy_rev(st, SETTINGS_REV_ALL, rev_out);
	*rev_out = ~*rev_out; /* never equal to a counter */
	return err;
}
