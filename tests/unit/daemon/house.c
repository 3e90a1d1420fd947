/* Zygote, broker and supervisor for tests. */
#include "house.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "daemon/zygote.h"

NORETURN static void be_zygote(scan_fn *scan, struct str policies, const struct log *log, int client)
{
	struct sandbox_user user = { geteuid() == 0 ? 60811 : 0, 60811 };
	struct sandbox sandbox;
	struct errbuf eb;

	if (sandbox_prepare(SANDBOX_WORKER, user, "/", log, &sandbox, &eb) != OK) {
		fprintf(stderr, "%s\n", eb.text);
		_exit(78);
	}
	struct snapshot *snapshot = snapshot_new(policies, SNAPSHOT_BYTES, log);
	struct zygote_options o = {
		.supervisor = ipc_of(-1),
		.clients = &client,
		.clients_n = 1,
		.worker = { .scan = scan, .policies = snapshot },
		.worker_sandbox = &sandbox,
		.statm_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC),
		.log = log,
	};
	_exit(zygote_run(&o));
}

pid_t house_zygote(scan_fn *scan, struct str policies, const struct log *log, int *fd_out)
{
	static const int deadly[] = { SIGSEGV, SIGFPE, SIGILL, SIGBUS, SIGSYS, SIGABRT };
	int pair[2];

	assert_int_equal(ipc_pair(pair), OK);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(pair[0]);
		/* Of the test's descriptors none but this: an end held twice would never be seen to end. */
		int fd = dup2(pair[1], 100);
		/* cmocka's handlers would make system calls of their own. */
		for (size_t i = 0; i < ARRAY_LEN(deadly); i++)
			signal(deadly[i], SIG_DFL);
		close_range(3, 99, 0);
		close_range(101, ~0U, 0);
		be_zygote(scan, policies, log, fd);
	}
	close(pair[1]);
	*fd_out = pair[0];
	return pid;
}

pid_t house_new_zygote(struct house *h, struct str policies)
{
	int fd;
	pid_t pid = house_zygote(h->scan, policies, &h->log, &fd);

	assert_int_equal(ipc_send(&h->control, IPC_ZYGOTE, STR_NONE, fd, clock_mono_ms() + 1000), OK);
	close(fd);
	return pid;
}

void house_start(struct house *h, scan_fn *scan, const struct broker_options *options)
{
	struct broker_options o = *options;
	struct errbuf eb;
	int pair[2];

	*h = (struct house){ .scan = scan, .log = { .fd = 2, .level = LOG_ERROR, .role = "test" } };
	h->arena = arena_new(64u << 20, NULL, NULL);
	assert_int_equal(ipc_pair(pair), OK);
	h->control = ipc_of(pair[0]);
	o.control_fd = pair[1];
	o.workers_idle = o.workers_idle ? o.workers_idle : 1;
	o.workers_max = o.workers_max ? o.workers_max : 4;
	o.scan_ms = o.scan_ms ? o.scan_ms : 10000;
	o.dns_ms = o.dns_ms ? o.dns_ms : 1000;
	o.mails_per_worker = o.mails_per_worker ? o.mails_per_worker : 500;
	o.log = o.log ? o.log : &h->log;
	h->zygote = house_new_zygote(h, STR_NONE);
	assert_int_equal(broker_new(&o, &h->broker, &eb), OK);
}

void house_end(struct house *h)
{
	int status;

	broker_free(&h->broker);
	ipc_close(&h->control);
	arena_free(&h->arena);
	assert_int_equal(waitpid(h->zygote, &status, 0), h->zygote);
	assert_int_equal(status, 0);
}

enum err house_scan_job(struct house *h, struct arena *a, struct scan_job *job, struct str text,
			struct verdict *out, struct errbuf *eb)
{
	struct broker_mail mail = { .job = job, .size = text.n, .sender_domain = STR("example.org") };

	job->delivery_mode = MODE_DIRECT;
	job->lookback_hops = 1;
	job->header_prefix = STR("X-Postern-");
	job->authserv_id = STR("mx.example.net");
	mail.done_by_ms = clock_mono_ms() + 20000;
	assert_int_equal(ipc_memfd(text, &mail.fd), OK);
	enum err e = broker_scan(h->broker, a, &mail, clock_mono_ms() + 20000, out, eb);
	close(mail.fd);
	return e;
}

enum err house_scan(struct house *h, const char *text, struct verdict *out, struct errbuf *eb)
{
	struct str to[] = { STR("a@example.net"), STR("b@example.net") };
	struct scan_job job = { .mail_from = STR("x@example.org"),
				.has_envelope = true,
				.recipients = { to, ARRAY_LEN(to) } };

	arena_reset(h->arena);
	return house_scan_job(h, h->arena, &job, str_of(text), out, eb);
}

static size_t count_zombies(pid_t parent)
{
	DIR *d = opendir("/proc");
	size_t n = 0;

	for (struct dirent *e; d && (e = readdir(d));) {
		char path[300], state;
		int ppid;
		snprintf(path, sizeof(path), "/proc/%s/stat", e->d_name);
		FILE *f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "r") : NULL;
		if (!f)
			continue;
		if (fscanf(f, "%*d (%*[^)]) %c %d", &state, &ppid) == 2)
			n += state == 'Z' && ppid == parent;
		fclose(f);
	}
	if (d)
		closedir(d);
	return n;
}

size_t house_zombies(pid_t parent)
{
	int64_t until = clock_mono_ms() + 1000;
	size_t n;

	while ((n = count_zombies(parent)) > 0 && clock_left_ms(until) > 0)
		sched_yield();
	return n;
}

void house_verdict(struct arena *a, struct str subject, struct verdict *out)
{
	struct message *m = ARENA_NEW(a, struct message);

	SET(m, message, subject, subject);
	SET(m, message, final_disposition, DISP_NONE);
	SET(out, verdict, message, m);
	SET(out, verdict, detections, ARENA_NEW(a, struct detections));
	SET(out->detections, detections, sender_info, ARENA_NEW(a, struct sender_info));
	SET(out->detections, detections, validation, ARENA_NEW(a, struct validation));
}
