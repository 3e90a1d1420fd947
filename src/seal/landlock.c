/* Landlock by the bare system calls. */
#include "seal/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As of ABI 7; an older kernel is given the front part it knows. */
struct ruleset {
	uint64_t handled_fs;
	uint64_t handled_net; /* ABI 4 */
	uint64_t scoped;      /* ABI 6 */
};

#define NET_BIND_CONNECT 3 /* TCP */
#define SCOPE_ABSTRACT_AND_SIGNALS 3

#define FS_EXECUTE (UINT64_C(1) << 0)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_WRITE_FILE (UINT64_C(1) << 1)
#define FS_TRUNCATE (UINT64_C(1) << 14)
#define FS_IOCTL_DEV (UINT64_C(1) << 15)
/* What a rule on a file, rather than a folder, may hold. */
#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return abi < 0 ? 0 : (int)abi;
}

static uint64_t fs_rights(int abi)
{
	static const int bits[] = { 0, 13, 14, 15, 15, 16 }; /* by ABI; later ones added none up to 7 */

	return (UINT64_C(1) << bits[abi < 5 ? abi : 5]) - 1;
}

static size_t ruleset_size(int abi)
{
	return abi >= 6 ? sizeof(struct ruleset) : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

static enum err add_rule(int ruleset, uint64_t handled, const struct landlock_rule *rule)
{
	struct landlock_path_beneath_attr attr = { .allowed_access =
						       FS_READ_FILE | FS_READ_DIR | FS_EXECUTE };
	struct stat st;
	int fd = open(rule->path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT || errno == EACCES ? OK
							  : ERR_DENIED; /* what is not there needs no right */
	if (rule->may_write)
		attr.allowed_access = handled;
	if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
		attr.allowed_access &= FS_OF_FILES;
	attr.allowed_access &= handled;
	attr.parent_fd = fd;
	long failed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attr, 0);
	close(fd);
	return failed ? ERR_DENIED : OK;
}

enum err landlock_enter(int abi, const struct landlock_rule *rules, size_t n, bool sealed)
{
	struct ruleset set = { .handled_fs = fs_rights(abi) };
	enum err e = OK;

	if (sealed) {
		set.handled_net = NET_BIND_CONNECT;
		set.scoped = SCOPE_ABSTRACT_AND_SIGNALS;
	}
	int fd = (int)syscall(SYS_landlock_create_ruleset, &set, ruleset_size(abi), 0);
	if (fd < 0)
		return ERR_DENIED;
	for (size_t i = 0; i < n && e == OK; i++)
		e = add_rule(fd, set.handled_fs, &rules[i]);
	if (e == OK && syscall(SYS_landlock_restrict_self, fd, 0) != 0)
		e = ERR_DENIED;
	close(fd);
	return e;
}
