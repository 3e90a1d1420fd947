/*
 * What each role may still do, as one table (sandbox.c), entered before the first byte from outside is read:
 * resource limits, another user, no new privileges, not dumpable, Landlock, seccomp.
 *
 * For a scan worker seccomp is the wall and Landlock the second one: without seccomp nothing starts, without
 * Landlock it is logged once and the role goes on. A service role (intake, api, courier) keeps network and store,
 * so its seccomp is a list of what is refused. Built with a sanitizer the worker's filter answers EPERM instead
 * of killing, allows sigaltstack, and there is no ceiling on memory: else a report could never be written.
 */
#ifndef SEAL_SANDBOX_H
#define SEAL_SANDBOX_H

#include <linux/filter.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/log.h"

enum sandbox_role {
	SANDBOX_SUPERVISOR,
	SANDBOX_SERVICE,
	SANDBOX_ZYGOTE,
	SANDBOX_WORKER,
	SANDBOX_KEEPER,
	SANDBOX_PREVIEW,
	SANDBOX_ROLES
};

/* Who draws previews where root starts it; no entry in /etc/passwd is needed (daemon/identity.h has the others). */
#define SANDBOX_PREVIEW_ID 60812

/* Who a role becomes when it is root; uid 0 = stays who it is. */
struct sandbox_user {
	uid_t uid;
	gid_t gid;
};

/* Prepared once, entered often: a zygote prepares what each of its workers enters. */
struct sandbox {
	enum sandbox_role role;
	struct sandbox_user user;
	const char *dir;          /* the only place a service role may write to */
	int landlock_abi;         /* 0 = absent */
	struct sock_fprog filter; /* empty for the supervisor */
	size_t pid_at;            /* instruction that compares tgkill's target; 0 = none */
	size_t inherited; /* bytes of address space a worker is born with: its own ceiling comes on top */
};

/*
 * Looks at what the kernel can do and builds the filter. Logs once when Landlock is absent.
 * ERR_DENIED: no seccomp; errbuf says so in one sentence for people.
 */
MUST_CHECK enum err sandbox_prepare(enum sandbox_role role, struct sandbox_user user, const char *dir,
				    const struct log *log, struct sandbox *out, struct errbuf *eb);
void sandbox_end(struct sandbox *s);

/*
 * Gives the rights up, for good. parent is who must still be there (0 = nobody): the process dies with it.
 * ERR_DENIED: something could not be given up; the caller must not go on. errbuf may be NULL.
 */
MUST_CHECK enum err sandbox_enter(struct sandbox *s, pid_t parent, struct errbuf *eb);

/* Test hook of the table: what enters when one of the walls is missing. */
enum sandbox_skip { SANDBOX_SKIP_LANDLOCK = 1, SANDBOX_SKIP_SECCOMP = 2 };
MUST_CHECK enum err sandbox_enter_without(struct sandbox *s, pid_t parent, unsigned skip, struct errbuf *eb);

#endif
