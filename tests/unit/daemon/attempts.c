/* The list is a table of system calls with arguments that would do no harm if they were let through. */
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "house.h"

static char passwd[] = "/etc/passwd", created[] = "/tmp/postern-escape", exe[] = "/proc/self/exe",
	    mem[] = "/proc/self/mem", shell[] = "/bin/true", root[] = "/", empty[] = "", room[512];
static char *arguments[] = { shell, NULL };
static struct {
	uint64_t flags, mode, resolve;
} how;
static struct rlimit huge = { RLIM_INFINITY, RLIM_INFINITY };
static struct io_uring_params ring;
static struct perf_event_attr perf;
static union bpf_attr bpf;
static cpu_set_t cpus;
static struct iovec iov = { room, sizeof(room) };

#ifdef __x86_64__
/* getpid by the 32-bit gate: refused by architecture, whatever it calls. */
static void int_0x80(void)
{
	long result = 20;

	__asm__ volatile("int $0x80" : "+a"(result)::"memory");
}

static void x32(void)
{
	syscall(0x40000000 | SYS_getpid);
}
#endif

/* A page that was writable becomes executable. */
static void mprotect_exec(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

#define P(x) (long)(x)

/* clang-format off */
const struct attempt attempts[] = {
	{ "open", SYS_open, { P(passwd), O_RDONLY }, NULL },
	{ "openat", SYS_openat, { AT_FDCWD, P(passwd), O_RDONLY }, NULL },
	{ "openat2", SYS_openat2, { AT_FDCWD, P(passwd), P(&how), sizeof(how) }, NULL },
	{ "stat", SYS_newfstatat, { AT_FDCWD, P(passwd), P(room), 0 }, NULL },
	{ "create", SYS_openat, { AT_FDCWD, P(created), O_CREAT | O_WRONLY, 0600 }, NULL },
	{ "own memory", SYS_openat, { AT_FDCWD, P(mem), O_RDWR }, NULL },
	{ "readlink", SYS_readlinkat, { AT_FDCWD, P(exe), P(room), sizeof(room) }, NULL },
	{ "socket inet", SYS_socket, { AF_INET, SOCK_STREAM }, NULL },
	{ "socket udp", SYS_socket, { AF_INET, SOCK_DGRAM }, NULL },
	{ "socket unix", SYS_socket, { AF_UNIX, SOCK_STREAM }, NULL },
	{ "connect", SYS_connect, { 3, P(room), 16 }, NULL },
	{ "sendto", SYS_sendto, { 3, P(room), 1, 0, P(room), 16 }, NULL },
	{ "socketpair", SYS_socketpair, { AF_UNIX, SOCK_STREAM, 0, P(room) }, NULL },
	{ "execve", SYS_execve, { P(shell), P(arguments), P(arguments + 1) }, NULL },
	{ "memfd", SYS_memfd_create, { P(empty), 0 }, NULL },
	{ "fexecve", SYS_execveat, { 3, P(empty), P(arguments), P(arguments + 1), AT_EMPTY_PATH }, NULL },
	{ "fork", SYS_fork, { 0 }, NULL },
	{ "thread", SYS_clone, { CLONE_VM | CLONE_THREAD | CLONE_SIGHAND, 0 }, NULL },
	{ "clone3", SYS_clone3, { P(room), 64 }, NULL },
	{ "unshare", SYS_unshare, { CLONE_NEWUSER }, NULL },
	{ "mount", SYS_mount, { P(empty), P(root), P(empty), MS_REMOUNT, 0 }, NULL },
	{ "chroot", SYS_chroot, { P(root) }, NULL },
	{ "ptrace", SYS_ptrace, { PTRACE_PEEKUSER, 1, 0, 0 }, NULL },
	{ "kill parent", SYS_kill, { 1, 0 }, NULL },
	{ "kill everybody", SYS_kill, { -1, 0 }, NULL },
	{ "tgkill sibling", SYS_tgkill, { 1, 1, 0 }, NULL },
	{ "pidfd_open", SYS_pidfd_open, { 1, 0 }, NULL },
	{ "process_vm_readv", SYS_process_vm_readv, { 1, P(&iov), 1, P(&iov), 1, 0 }, NULL },
	{ "process_vm_writev", SYS_process_vm_writev, { 1, P(&iov), 1, P(&iov), 1, 0 }, NULL },
	{ "io_uring", SYS_io_uring_setup, { 4, P(&ring) }, NULL },
	{ "userfaultfd", SYS_userfaultfd, { 0 }, NULL },
	{ "bpf", SYS_bpf, { BPF_MAP_CREATE, P(&bpf), sizeof(bpf) }, NULL },
	{ "perf", SYS_perf_event_open, { P(&perf), 0, -1, -1, 0 }, NULL },
	{ "keyctl", SYS_keyctl, { 0, -3, 0 }, NULL },
	{ "shmget", SYS_shmget, { IPC_PRIVATE, 4096, 0600 }, NULL },
	{ "TIOCSTI", SYS_ioctl, { 0, TIOCSTI, P(room) }, NULL },
	{ "dumpable", SYS_prctl, { PR_SET_DUMPABLE, 1 }, NULL },
	{ "keepcaps", SYS_prctl, { PR_SET_KEEPCAPS, 1 }, NULL },
	{ "seccomp", SYS_seccomp, { SECCOMP_GET_ACTION_AVAIL, 0, P(room) }, NULL },
	{ "setrlimit", SYS_setrlimit, { RLIMIT_FSIZE, P(&huge) }, NULL },
	{ "prlimit", SYS_prlimit64, { 0, RLIMIT_FSIZE, 0, P(&huge) }, NULL },
	{ "setuid", SYS_setuid, { 0 }, NULL },
	{ "affinity", SYS_sched_setaffinity, { 0, sizeof(cpus), P(&cpus) }, NULL },
	{ "dup", SYS_dup, { 3 }, NULL },
	{ "fcntl", SYS_fcntl, { 3, F_GETFD }, NULL },
	{ "pipe", SYS_pipe2, { P(room), 0 }, NULL },
	{ "sigaction", SYS_rt_sigaction, { SIGUSR1, 0, 0, 8 }, NULL },
	{ "getrandom", SYS_getrandom, { P(room), 8, 0 }, NULL },
	{ "mmap executable", SYS_mmap, { 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 }, NULL },
	{ "mprotect executable", -1, { 0 }, mprotect_exec },
	{ "pkey_mprotect", SYS_pkey_mprotect, { P(room), 0, PROT_READ, -1 }, NULL },
#ifdef __x86_64__
	{ "int 0x80", -1, { 0 }, int_0x80 },
	{ "x32", -1, { 0 }, x32 },
#endif
};
/* clang-format on */
const size_t attempts_n = ARRAY_LEN(attempts);

void attempts_scan(struct arena *a, const struct scan_job *job, const struct policy *policy,
		   struct asker *asker, struct verdict *out)
{
	(void)policy, (void)asker;
	for (size_t i = 0; i < attempts_n; i++) {
		const struct attempt *t = &attempts[i];
		const long *x = t->arguments;
		if (!str_eq(job->raw, str_of(t->name)))
			continue;
		errno = 0;
		if (t->run)
			t->run();
		else if (syscall(t->number, x[0], x[1], x[2], x[3], x[4], x[5]) >= 0)
			errno = 0;
		house_verdict(a, errno ? arena_printf(a, "errno %d", errno) : STR("allowed"), out);
		return;
	}
	house_verdict(a, STR("fine"), out);
}
