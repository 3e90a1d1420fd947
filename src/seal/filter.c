/*
 * Two seccomp programs. The worker's names what is allowed and kills at the rest: reading, writing and waiting on
 * descriptors it holds, memory that is never executable, and its own end. fstat is here, newfstatat is not: its
 * path cannot be looked at. libseccomp's own check kills foreign architectures (int 0x80, x32).
 */
#include "seal/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/attr.h"

#define PID_PLACE 0x50735477u /* stands in the program until the worker knows its pid */
#define PROGRAM_MAX 1024      /* instructions; ours have under 200 */

static const int worker_allows[] = {
	SCMP_SYS(read),          SCMP_SYS(write),  SCMP_SYS(recvmsg),        SCMP_SYS(sendmsg),
	SCMP_SYS(close),         SCMP_SYS(lseek),  SCMP_SYS(fstat),          SCMP_SYS(munmap),
	SCMP_SYS(mremap),        SCMP_SYS(brk),    SCMP_SYS(madvise),        SCMP_SYS(futex),
	SCMP_SYS(getpid),        SCMP_SYS(gettid), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(clock_gettime), /* where the vDSO has no clock source */
	SCMP_SYS(exit_group),
#ifdef POSTERN_SANITIZED
	SCMP_SYS(sigaltstack), /* before every call that does not return */
#endif
};

static const int preview_allows[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(recvmsg),
	SCMP_SYS(sendmsg),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64),
	SCMP_SYS(statfs),
	SCMP_SYS(fstatfs),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(getrandom),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(setitimer),
	SCMP_SYS(fadvise64),
	SCMP_SYS(readahead),
	SCMP_SYS(sysinfo),
	SCMP_SYS(getrusage),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
#ifdef POSTERN_SANITIZED
	SCMP_SYS(sched_getaffinity), /* asked in each new thread */
#endif
};

/* What libraries try and can do without, each with the answer that they take for "not here". */
static const struct {
	int call, answer;
} preview_refuses[] = {
	{ SCMP_SYS(clone3),
	  ENOSYS }, /* its flags are in memory, where a filter cannot look; clone comes next */
	{ SCMP_SYS(ioctl), ENOTTY },
	{ SCMP_SYS(statx), ENOSYS },
	{ SCMP_SYS(unlink), EPERM },
	{ SCMP_SYS(mkdir), EPERM },
	{ SCMP_SYS(link), EPERM },
	{ SCMP_SYS(utimensat), EPERM },
	{ SCMP_SYS(prlimit64), EPERM },
	{ SCMP_SYS(sched_getattr), EPERM },
	{ SCMP_SYS(sched_setattr), EPERM },
	{ SCMP_SYS(sched_getaffinity), EPERM },
	{ SCMP_SYS(sched_setaffinity), EPERM },
	{ SCMP_SYS(getrlimit), EPERM },
	{ SCMP_SYS(rt_sigaction), EPERM },
};

static const int service_refuses[] = {
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(move_mount),
	SCMP_SYS(open_tree),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount),
	SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(personality),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(name_to_handle_at),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
	SCMP_SYS(iopl),
	SCMP_SYS(ioperm),
	SCMP_SYS(modify_ldt),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(kcmp),
	SCMP_SYS(syslog),
};

/* What clone must not make new: the same that unshare would. A new user namespace is the door to all others. */
static const unsigned namespaces[] = { CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
				       CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET };

/* The finished program out of libseccomp, by way of a memory file. */
static enum err take_program(scmp_filter_ctx ctx, struct sock_fprog *out)
{
	enum err e = ERR_DENIED;
	int fd = memfd_create("filter", MFD_CLOEXEC);

	*out = (struct sock_fprog){ 0 };
	if (fd < 0 || seccomp_export_bpf(ctx, fd) != 0)
		goto done;
	off_t size = lseek(fd, 0, SEEK_END);
	if (size <= 0 || (size_t)size > PROGRAM_MAX * sizeof(struct sock_filter) ||
	    (size_t)size % sizeof(struct sock_filter) != 0)
		goto done;
	struct sock_filter *program = malloc((size_t)size);
	if (!program || pread(fd, program, (size_t)size, 0) != size) {
		free(program);
		goto done;
	}
	out->filter = program;
	out->len = (unsigned short)((size_t)size / sizeof(struct sock_filter));
	e = OK;
done:
	if (fd >= 0)
		close(fd);
	seccomp_release(ctx);
	return e;
}

enum err filter_worker(struct sock_fprog *out, size_t *pid_at_out)
{
#ifdef POSTERN_SANITIZED
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
#else
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
#endif
	int failed = 0;
	size_t places = 0;

	if (!ctx)
		return ERR_DENIED;
	for (size_t i = 0; i < ARRAY_LEN(worker_allows); i++)
		failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, worker_allows[i], 0);
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |=
	    seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, PID_PLACE, 0));
	if (failed) {
		seccomp_release(ctx);
		return ERR_DENIED;
	}
	if (take_program(ctx, out) != OK)
		return ERR_DENIED;
	for (size_t i = 0; i < out->len; i++) {
		if (BPF_CLASS(out->filter[i].code) == BPF_JMP && out->filter[i].k == PID_PLACE) {
			*pid_at_out = i;
			places++;
		}
	}
	ASSERT(places == 1 && *pid_at_out > 0);
	return OK;
}

enum err filter_preview(struct sock_fprog *out)
{
	const unsigned thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	/* The bit of O_TMPFILE that O_DIRECTORY is not. */
	const unsigned writes = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
#ifdef POSTERN_SANITIZED
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
#else
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
#endif
	int failed = 0;

	if (!ctx)
		return ERR_DENIED;
	for (size_t i = 0; i < ARRAY_LEN(preview_allows); i++)
		failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, preview_allows[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(preview_refuses); i++)
#ifdef POSTERN_SANITIZED
		if (preview_refuses[i].answer !=
		    EPERM) /* as everything is there, which may not be said twice */
#endif
			failed |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO((uint32_t)preview_refuses[i].answer),
						   preview_refuses[i].call, 0);
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
				   SCMP_A2(SCMP_CMP_MASKED_EQ, writes, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				   SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
	failed |=
	    seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_GETFD, 0));
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, SCMP_A1(SCMP_CMP_EQ, F_SETFD, 0));
	if (failed) {
		seccomp_release(ctx);
		return ERR_DENIED;
	}
	return take_program(ctx, out);
}

enum err filter_service(struct sock_fprog *out)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	int failed = 0;

	if (!ctx)
		return ERR_DENIED;
	for (size_t i = 0; i < ARRAY_LEN(service_refuses); i++)
		failed |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), service_refuses[i], 0);
	for (size_t i = 0; i < ARRAY_LEN(namespaces); i++)
		failed |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
					   SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
	/* Its flags are in memory, where a filter cannot look; the C library then takes clone. */
	failed |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (failed) {
		seccomp_release(ctx);
		return ERR_DENIED;
	}
	return take_program(ctx, out);
}

void filter_free(struct sock_fprog *f)
{
	free(f->filter);
	*f = (struct sock_fprog){ 0 };
}

void filter_set_pid(struct sock_fprog *f, size_t pid_at, pid_t pid)
{
	ASSERT(pid_at < f->len);
	f->filter[pid_at].k = (uint32_t)pid;
}

enum err filter_load(const struct sock_fprog *f)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, f) == 0 ? OK : ERR_DENIED;
}

bool filter_is_possible(void)
{
	/* A NULL program is EFAULT where filters exist, ENOSYS or EINVAL where they do not. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) < 0 && errno == EFAULT;
}
