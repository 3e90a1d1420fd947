/* Forking on request. A poll loop over the supervisor, the brokers and a signalfd for deaths. */
#include "daemon/zygote.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "broker/ipc.h"
#include "broker/wire.h"
#include "daemon/handover.h"

#define CLIENTS_MAX 32 /* as many as the supervisor has children: those of earlier reloads take their time */
#define CHILDREN_MAX (CLIENTS_MAX * LIMIT_WORKERS)
#define SEND_MS 1000

struct child {
	pid_t pid; /* 0 = free */
	uint32_t number;
	size_t client;
};

struct zygote_state {
	const struct zygote_options *o;
	struct ipc supervisor;
	struct ipc clients[CLIENTS_MAX]; /* fd -1 = free */
	struct child children[CHILDREN_MAX];
	int deaths;   /* signalfd */
	bool retired; /* a newer generation has taken over: leave with the last client */
	struct buf in;
};

static void drop_client(struct zygote_state *z, size_t client)
{
	ipc_close(&z->clients[client]);
	/* A worker that spins would never notice that its broker is gone. */
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (z->children[i].pid && z->children[i].client == client)
			kill(z->children[i].pid, SIGKILL);
}

static void tell(struct zygote_state *z, size_t client, enum ipc_type type, struct wire_worker w, int fd)
{
	if (z->clients[client].fd >= 0 &&
	    ipc_send(&z->clients[client], type, str_from(&w, sizeof(w)), fd, clock_mono_ms() + SEND_MS) != OK)
		drop_client(z, client);
}

static void add_client(struct zygote_state *z, int fd)
{
	struct buf revs;

	for (size_t i = 0; i < CLIENTS_MAX; i++) {
		bool held = z->clients[i].fd >= 0;
		/* A place is free when the children of its former client are reaped, too. */
		for (size_t c = 0; c < CHILDREN_MAX && !held; c++)
			held = z->children[c].pid && z->children[c].client == i;
		if (held)
			continue;
		z->clients[i] = ipc_of(fd);
		buf_init(&revs, LIMIT_VERDICT);
		if (z->o->worker.policies)
			snapshot_revs(z->o->worker.policies, &revs);
		if (ipc_send(&z->clients[i], IPC_READY, buf_ok(&revs) ? buf_str(&revs) : STR_NONE, -1,
			     clock_mono_ms() + SEND_MS) != OK)
			drop_client(z, i);
		buf_free(&revs);
		return;
	}
	log_error(z->o->log, "too_many_brokers", KV_INT("max", CLIENTS_MAX));
	close(fd);
}

/* Everything but standard streams and the socket, which becomes descriptor 3. */
static bool keep_only(int fd)
{
	if (fd == 3)
		return close_range(4, ~0U, 0) == 0;
	return dup2(fd, 3) == 3 && close_range(4, ~0U, 0) == 0;
}

NORETURN static void be_worker(const struct zygote_options *o, int fd, pid_t parent, const sigset_t *signals)
{
	struct errbuf eb;

	if (!keep_only(fd))
		_exit(1);
	sigprocmask(SIG_SETMASK, signals, NULL);
	prctl(PR_SET_NAME, "postern-scan");
	if (sandbox_enter(o->worker_sandbox, parent, &eb) != OK) {
		log_error(o->log, "worker_not_sealed", KV_C("why", eb.text));
		_exit(1);
	}
	worker_run(3, &o->worker);
}

/* Gives 0, or the errno of what failed. */
static int fork_worker(struct zygote_state *z, size_t client, uint32_t number)
{
	struct child *c = NULL;
	sigset_t none;
	int pair[2];

	for (size_t i = 0; i < CHILDREN_MAX && !c; i++)
		if (!z->children[i].pid)
			c = &z->children[i];
	if (!c)
		return EAGAIN;
	if (ipc_pair(pair) != OK)
		return errno;
	pid_t parent = getpid();
	sigemptyset(&none);
	pid_t pid = fork();
	if (pid == 0)
		be_worker(z->o, pair[1], parent, &none);
	int failed = pid < 0 ? errno : 0;
	close(pair[1]);
	if (!failed) {
		*c = (struct child){ pid, number, client };
		tell(z, client, IPC_WORKER, (struct wire_worker){ number, pid }, pair[0]);
	}
	close(pair[0]);
	return failed;
}

static void from_client(struct zygote_state *z, size_t client)
{
	struct wire_worker w;
	enum ipc_type type;

	if (ipc_recv(&z->clients[client], &z->in, LIMIT_IPC_RECORD, &type, NULL, clock_mono_ms() + SEND_MS) !=
		OK ||
	    wire_worker_read(buf_str(&z->in), &w) != OK) {
		drop_client(z, client);
		return;
	}
	if (type == IPC_FORK) {
		w.status = fork_worker(z, client, w.number);
		if (w.status)
			tell(z, client, IPC_WORKER, w, -1);
	} else if (type == IPC_KILL) {
		for (size_t i = 0; i < CHILDREN_MAX; i++)
			if (z->children[i].pid && z->children[i].client == client &&
			    z->children[i].number == w.number)
				kill(z->children[i].pid, SIGKILL);
	}
}

static void reap(struct zygote_state *z)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	if (read(z->deaths, &info, sizeof(info)) < 0)
		return;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < CHILDREN_MAX; i++) {
			struct child *c = &z->children[i];
			if (c->pid != pid)
				continue;
			size_t client = c->client;
			struct wire_worker w = { c->number, status };
			c->pid = 0;
			tell(z, client, IPC_DEATH, w, -1);
		}
	}
}

/* False when the supervisor is gone. */
static bool from_supervisor(struct zygote_state *z)
{
	enum ipc_type type;
	int fd = -1;

	enum err e =
	    ipc_recv(&z->supervisor, &z->in, LIMIT_IPC_RECORD, &type, &fd, clock_mono_ms() + SEND_MS);
	if (e == OK && type == IPC_GIVE && fd >= 0 && str_eq(handover_name(buf_str(&z->in)), STR("client"))) {
		add_client(z, fd);
		return true;
	}
	if (fd >= 0)
		close(fd);
	z->retired = z->retired || (e == OK && type == IPC_STOP);
	return e == OK;
}

static bool is_needed(const struct zygote_state *z)
{
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		if (z->clients[i].fd >= 0)
			return true;
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (z->children[i].pid)
			return true;
	return false;
}

static void loop(struct zygote_state *z)
{
	bool supervised = z->supervisor.fd >= 0;

	while (is_needed(z) || (supervised && !z->retired)) {
		struct pollfd p[2 + CLIENTS_MAX] = {
			{ .fd = z->deaths, .events = POLLIN },
			{ .fd = z->supervisor.fd, .events = POLLIN },
		};
		for (size_t i = 0; i < CLIENTS_MAX; i++)
			p[2 + i] = (struct pollfd){ .fd = z->clients[i].fd, .events = POLLIN };
		if (poll(p, ARRAY_LEN(p), -1) < 0)
			continue;
		if (p[0].revents)
			reap(z);
		for (size_t i = 0; i < CLIENTS_MAX; i++)
			if (p[2 + i].revents && z->clients[i].fd == p[2 + i].fd)
				from_client(z, i);
		if (p[1].revents && !from_supervisor(z))
			return;
	}
}

/* What every worker begins with, in bytes: libraries, lists and all policies, which it shares and cannot give back. */
static size_t address_space(int statm_fd)
{
	char text[128];
	uint64_t pages;
	ssize_t n = pread(statm_fd, text, sizeof(text), 0);
	struct cursor c = cursor_of(str_from(text, n > 0 ? (size_t)n : 0));

	return cursor_u64(&c, SIZE_MAX / 2 / (uint64_t)sysconf(_SC_PAGESIZE), &pages) == OK
		   ? (size_t)pages * (size_t)sysconf(_SC_PAGESIZE)
		   : 0;
}

int zygote_run(const struct zygote_options *o)
{
	struct zygote_state z = { .o = o, .supervisor = o->supervisor };
	sigset_t chld;

	o->worker_sandbox->inherited = address_space(o->statm_fd);
	if (o->worker_sandbox->inherited == 0) {
		log_error(o->log, "zygote_not_started", KV_C("why", "its own size cannot be read"));
		return 1;
	}
	ipc_buf_init(&z.in);
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	z.deaths = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	if (z.deaths < 0)
		return 1;
	for (size_t i = 0; i < CLIENTS_MAX; i++)
		z.clients[i].fd = -1;
	for (size_t i = 0; i < o->clients_n; i++)
		add_client(&z, o->clients[i]);
	loop(&z);
	for (size_t i = 0; i < CHILDREN_MAX; i++)
		if (z.children[i].pid)
			kill(z.children[i].pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	close(z.deaths);
	buf_free(&z.in);
	return 0;
}
