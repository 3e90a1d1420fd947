/*
 * postern-preview: keeps helpers warm and hands mails to them. It is started by `postern`, with a control socket; by itself it
 * only says whether its walls stand (`postern-preview self-test`).
 *
 * The keeper reads nothing from outside. It loads what fonts there are, once; helpers are forked from it, seal themselves,
 * lay out a word in the common fonts, and wait. Each draws one mail and ends. A helper that hangs is killed.
 */
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "broker/ipc.h"
#include "draw/helper.h"
#include "preview/pool.h"

#define CONTROL 3
#define HELPERS_MOST 16
#define WARM 2                              /* waiting for work */
#define HELPER_MS (LIMIT_PREVIEW_MS + 1000) /* of work; who asked has given up before */
#define DEATHS_MOST 5   /* in a row, before any work: something is wrong that starting again does not mend */
#define EXIT_REFUSED 78 /* EX_CONFIG: starting this program again is of no use */

struct helper {
	pid_t pid; /* 0 = free */
	int fd;    /* to it; -1 once it has work */
	int channel; /* its end of the one to who asked, of a helper with work: it tells when they have given up */
	bool given_up;
	int64_t until_ms;
};

struct keeper {
	struct log log;
	struct sandbox *sandbox;
	struct helper helpers[HELPERS_MOST];
	size_t busy_most;
	int waiting[LIMIT_PREVIEW_QUEUE]; /* channels */
	size_t waiting_n;
	unsigned deaths;
	int signals;
};

static size_t count(const struct keeper *k, bool busy)
{
	size_t n = 0;

	for (size_t i = 0; i < HELPERS_MOST; i++)
		n += k->helpers[i].pid && (k->helpers[i].fd < 0) == busy;
	return n;
}

static void fork_helper(struct keeper *k)
{
	struct helper *h = NULL;
	int pair[2];

	for (size_t i = 0; i < HELPERS_MOST && !h; i++)
		if (!k->helpers[i].pid)
			h = &k->helpers[i];
	if (!h || ipc_pair(pair) != OK)
		return;
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		if (dup2(pair[1], CONTROL) != CONTROL || close_range(CONTROL + 1, ~0U, 0) != 0)
			_exit(1);
		helper_run(CONTROL, k->sandbox, parent, &k->log);
	}
	close(pair[1]);
	if (pid < 0) {
		log_error(&k->log, "preview_helper_not_started", KV_C("why", strerror(errno)));
		close(pair[0]);
		return;
	}
	*h = (struct helper){ .pid = pid, .fd = pair[0], .channel = -1 };
}

/* Gives what waits to helpers that are free, and makes new ones. */
static void serve(struct keeper *k)
{
	while (k->waiting_n > 0 && count(k, true) < k->busy_most) {
		struct helper *h = NULL;
		for (size_t i = 0; i < HELPERS_MOST && !h; i++)
			if (k->helpers[i].pid && k->helpers[i].fd >= 0)
				h = &k->helpers[i];
		if (!h) {
			fork_helper(k);
			if (count(k, false) == 0)
				return;
			continue;
		}
		bool given = preview_channel_send(h->fd, k->waiting[0]) == OK;
		close(h->fd);
		h->fd = -1;
		h->until_ms = clock_mono_ms() + HELPER_MS;
		if (!given) { /* it is dying; the next one gets it */
			kill(h->pid, SIGKILL);
			continue;
		}
		h->channel = k->waiting[0];
		memmove(&k->waiting[0], &k->waiting[1], --k->waiting_n * sizeof(k->waiting[0]));
	}
	for (size_t n = count(k, false); n < WARM; n++)
		fork_helper(k);
}

static void reap(struct keeper *k)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(k->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < HELPERS_MOST; i++) {
			struct helper *h = &k->helpers[i];
			if (h->pid != pid)
				continue;
			bool idle = h->fd >= 0;
			k->deaths = idle ? k->deaths + 1 : 0;
			if (WIFSIGNALED(status) && !h->given_up)
				log_warn(&k->log, "preview_helper_died", KV_INT("signal", WTERMSIG(status)),
					 KV_C("when", idle ? "idle" : "drawing"));
			if (idle)
				close(h->fd);
			if (h->channel >= 0)
				close(h->channel); /* only now does who asked see that it is gone */
			h->pid = 0;
		}
	}
}

/* Milliseconds until the next helper is to be killed; -1 = none. */
static int kill_late(struct keeper *k)
{
	int64_t now = clock_mono_ms(), next = INT64_MAX;

	for (size_t i = 0; i < HELPERS_MOST; i++) {
		const struct helper *h = &k->helpers[i];
		if (!h->pid || h->fd >= 0)
			continue;
		if (h->until_ms <= now)
			kill(h->pid, SIGKILL);
		else if (h->until_ms < next)
			next = h->until_ms;
	}
	return next == INT64_MAX ? -1 : clock_left_ms(next);
}

/* False when nobody is there any more to ask. */
static bool from_control(struct keeper *k)
{
	int channel;
	enum err e = preview_channel_recv(CONTROL, &channel);

	if (e == ERR_ABSENT)
		return false;
	if (e == OK && k->waiting_n < LIMIT_PREVIEW_QUEUE)
		k->waiting[k->waiting_n++] = channel;
	else if (channel >= 0)
		close(channel); /* who asked sees the end of it */
	return true;
}

static int keep(struct keeper *k)
{
	int status = 0;

	for (;;) {
		serve(k);
		if (k->deaths >= DEATHS_MOST) {
			log_error(&k->log, "preview_refused",
				  KV_C("why", "helpers die before they have work"));
			status = EXIT_REFUSED;
			break;
		}
		struct pollfd p[2 + HELPERS_MOST] = { { .fd = CONTROL, .events = POLLIN },
						      { .fd = k->signals, .events = POLLIN } };
		for (size_t i = 0; i < HELPERS_MOST; i++)
			p[2 + i].fd =
			    k->helpers[i].pid && !k->helpers[i].given_up ? k->helpers[i].channel : -1;
		int n = poll(p, ARRAY_LEN(p), kill_late(k));
		if (n < 0 && errno != EINTR)
			break;
		for (size_t i = 0; n > 0 && i < HELPERS_MOST; i++) {
			if (!(p[2 + i].revents & POLLHUP))
				continue;
			kill(k->helpers[i].pid, SIGKILL); /* nobody waits for what it does */
			k->helpers[i].given_up = true;
		}
		if (n > 0 && p[1].revents)
			reap(k);
		if (n > 0 && p[0].revents && !from_control(k))
			break;
	}
	for (size_t i = 0; i < HELPERS_MOST; i++)
		if (k->helpers[i].pid)
			kill(k->helpers[i].pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	return status;
}

int main(int argc, char **argv)
{
	struct keeper k = { .log = { .fd = STDERR_FILENO, .level = LOG_WARN, .role = "preview" } };
	struct sandbox own, helpers;
	struct sandbox_user user = { SANDBOX_PREVIEW_ID, SANDBOX_PREVIEW_ID };
	struct errbuf eb = { "" };
	bool test = argc == 2 && strcmp(argv[1], "self-test") == 0;
	int kind;
	socklen_t n = sizeof(kind);
	sigset_t chld;

	if (!test && (argc != 2 || strcmp(argv[1], "keeper") != 0 ||
		      getsockopt(CONTROL, SOL_SOCKET, SO_TYPE, &kind, &n) != 0)) {
		fprintf(stderr,
			"usage: postern-preview self-test\n"
			"It draws pictures for postern, which starts it: see `postern preview --help`.\n");
		return 2;
	}
	const struct log once = { .fd = STDERR_FILENO, .level = LOG_ERROR, .role = k.log.role };

	if (sandbox_prepare(SANDBOX_KEEPER, user, NULL, &k.log, &own, &eb) != OK ||
	    sandbox_prepare(SANDBOX_PREVIEW, user, NULL, &once, &helpers, &eb) != OK ||
	    sandbox_enter(&own, 0, &eb) != OK) {
		log_error(&k.log, "preview_refused", KV_C("why", eb.text));
		return EXIT_REFUSED;
	}
	if (test) {
		int status = helper_self_test(&helpers, &k.log);
		sandbox_end(&own);
		sandbox_end(&helpers);
		return status;
	}
	prctl(PR_SET_NAME, "postern-preview");
	signal(SIGINT, SIG_IGN); /* who started us says when it is over, by closing the socket */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (!FcInit()) {
		log_error(&k.log, "preview_refused", KV_C("why", "fontconfig cannot be set up"));
		return EXIT_REFUSED;
	}
	k.sandbox = &helpers;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	k.busy_most = cores < 1 ? 1 : cores > HELPERS_MOST - WARM ? HELPERS_MOST - WARM : (size_t)cores;
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, NULL);
	k.signals = signalfd(-1, &chld, SFD_CLOEXEC | SFD_NONBLOCK);
	return k.signals < 0 ? 1 : keep(&k);
}
