/* Asking: one channel for each try. */
#include "preview/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/ipc.h"

#define CONTROL 3 /* the keeper's descriptor of the control socket */

/* Milliseconds of the wall that each step leaves for those behind it. */
static const int64_t leaves_ms[] = {
	[PREVIEW_FULL] = 1000 * LIMIT_PREVIEW_SHARE * (LIMIT_PREVIEW_FLAT_CPU_S + LIMIT_PREVIEW_TEXT_CPU_S),
	[PREVIEW_FLAT] = 1000 * LIMIT_PREVIEW_SHARE * LIMIT_PREVIEW_TEXT_CPU_S,
	[PREVIEW_TEXT] = 0,
};

/* ---- the control socket ---- */

union control {
	struct cmsghdr align;
	char bytes[CMSG_LEN(sizeof(int))];
};

enum err preview_channel_send(int socket, int channel)
{
	union control control = { 0 };
	char byte = 'P';
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &channel, sizeof(int));
	while ((n = sendmsg(socket, &m, MSG_NOSIGNAL | MSG_DONTWAIT)) < 0 && errno == EINTR)
		;
	if (n == 1)
		return OK;
	return errno == EPIPE || errno == ECONNRESET || errno == EBADF ? ERR_ABSENT : ERR_LATER;
}

enum err preview_channel_recv(int socket, int *channel_out)
{
	union control control = { 0 };
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.bytes,
			    .msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	*channel_out = -1;
	while ((n = recvmsg(socket, &m, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR)
		;
	for (struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL; c; c = CMSG_NXTHDR(&m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
		    c->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(channel_out, CMSG_DATA(c), sizeof(int));
	if (n <= 0)
		return ERR_ABSENT;
	return *channel_out >= 0 && !(m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) ? OK : ERR_SYNTAX;
}

/* ---- the keeper ---- */

int preview_program_open(void)
{
	char path[4096];
	const char name[] = "postern-preview";
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - sizeof(name));

	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n <= 0)
		return -1;
	memcpy(path + n, name, sizeof(name));
	return open(path, O_RDONLY | O_CLOEXEC);
}

NORETURN static void become_keeper(int exe, int control)
{
	char *const argv[] = { (char[]){ "postern-preview" }, (char[]){ "keeper" }, NULL };
	char *const environment[] = {
		(char[]){ "TZ=UTC0" },
		(char[]){ "LC_CTYPE=C.UTF-8" },
#ifdef POSTERN_SANITIZED
		(char[]){ "ASAN_OPTIONS=detect_leaks=0" },
#endif
		NULL,
	};
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(1);
	int high = fcntl(control, F_DUPFD_CLOEXEC, 10), high_exe = fcntl(exe, F_DUPFD_CLOEXEC, 10);
	if (high < 0 || high_exe < 0 || dup2(high, CONTROL) < 0 ||
	    close_range(CONTROL + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	fexecve(high_exe, argv, environment);
	_exit(1);
}

enum err preview_keeper_start(int exe, int serves, pid_t *pid_out)
{
	pid_t pid = fork();

	if (pid == 0)
		become_keeper(exe, serves);
	*pid_out = pid > 0 ? pid : 0;
	return pid > 0 ? OK : ERR_LATER;
}

enum err preview_pool_start(int exe, struct preview_pool *out)
{
	int pair[2];

	*out = (struct preview_pool){ .control = -1 };
	if (ipc_pair(pair) != OK)
		return ERR_LATER;
	enum err e = preview_keeper_start(exe, pair[1], &out->pid);
	close(pair[1]);
	if (e == OK)
		out->control = pair[0];
	else
		close(pair[0]);
	return e;
}

void preview_pool_stop(struct preview_pool *p)
{
	if (p->control >= 0)
		close(p->control);
	p->control = -1;
	while (p->pid > 0 && waitpid(p->pid, NULL, 0) < 0 && errno == EINTR)
		;
	p->pid = 0;
}

/* ---- one picture ---- */

static enum err hear(struct ipc *channel, int64_t until_ms, struct preview_facts *facts, struct buf *png)
{
	enum ipc_type type;
	struct buf in;

	buf_init(&in, sizeof(*facts) + PREVIEW_PNG + LIMIT_IPC_RECORD);
	enum err e = ipc_recv(channel, &in, sizeof(*facts) + PREVIEW_PNG, &type, NULL, until_ms);
	if (e == OK && (type != IPC_PICTURE || in.n < sizeof(*facts)))
		e = ERR_SYNTAX;
	if (e == OK) {
		memcpy(facts, in.p, sizeof(*facts));
		struct str bytes = str_sub(buf_str(&in), sizeof(*facts), in.n);
		e = preview_answer_check(facts, bytes);
		buf_clear(png);
		if (e == OK)
			buf_add(png, bytes);
		if (!buf_ok(png))
			e = ERR_LIMIT;
	}
	buf_free(&in);
	return e;
}

/* ERR_ABSENT here means the keeper alone. */
static enum err try_step(const struct preview_pool *p, int mail, enum preview_step step, int64_t until_ms,
			 struct preview_facts *facts, struct buf *png)
{
	struct preview_job job = { .step = (uint32_t)step };
	int pair[2];

	if (ipc_pair(pair) != OK)
		return ERR_LATER;
	enum err e = preview_channel_send(p->control, pair[1]);
	close(pair[1]);
	struct ipc channel = ipc_of(pair[0]);
	if (e == OK) {
		e = ipc_send(&channel, IPC_JOB, str_from(&job, sizeof(job)), mail, until_ms);
		if (e == OK)
			e = hear(&channel, until_ms, facts, png);
		if (e == OK && facts->step != (uint32_t)step)
			e = ERR_SYNTAX;
		e = e == ERR_ABSENT ? ERR_LATER : e;
	}
	ipc_close(&channel);
	return e;
}

enum err preview_draw(const struct preview_pool *p, int mail, enum preview_step first, int64_t until_ms,
		      struct preview_facts *facts_out, struct buf *png)
{
	enum err e = ERR_LATER;

	for (enum preview_step step = first; step <= PREVIEW_TEXT; step++) {
		int64_t now = clock_mono_ms();
		int64_t until = until_ms - leaves_ms[step];

		if (until <= now && step < PREVIEW_TEXT)
			continue;
		e = try_step(p, mail, step, until, facts_out, png);
		if (e == OK || e == ERR_ABSENT)
			return e;
	}
	return ERR_LATER;
}
