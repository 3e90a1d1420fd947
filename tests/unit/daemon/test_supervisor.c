/*
 * The whole tree of processes on an empty directory: this very program is the server when it is called as one
 * ("serve DIR", "role NAME"). Its services are small ones: intake has one mail scanned before it is ready, and
 * every role says where it was confined.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "house.h"

#include "base/clock.h"
#include "daemon/identity.h"
#include "daemon/role.h"
#include "daemon/supervisor.h"

#define PATIENCE_MS 20000

/* The zygote role scans with this one here. */
void scan_run(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *asker,
	      struct verdict *verdict_out)
{
	(void)job, (void)policy, (void)asker;
	house_verdict(a, STR("fine"), verdict_out);
}

#define WORKERS_CRASH "14" /* scan.workers with which the api here crashes on its way out */

static int serve_nothing(struct role *r)
{
	bool confined = role_confine(r, SANDBOX_SERVICE) && open("/root/.profile", O_RDONLY) < 0 &&
			!getenv("NOTIFY_SOCKET") && strcmp(getenv("TZ"), "UTC0") == 0;

	if (!confined)
		return ROLE_EXIT_REFUSED;
	role_ready(r);
	int64_t patience = role_wait(r);
	log_info(&r->log, "leaving", KV_INT("ms", patience));
	if (r->config->scan_workers == 14 && strcmp(r->name, "api") == 0)
		raise(SIGKILL);
	return 0;
}

int role_api(struct role *r)
{
	return r->http_n == 1 ? serve_nothing(r) : ROLE_EXIT_REFUSED;
}

#define WORKERS_REFUSED "13" /* scan.workers with which the courier here cannot work */

#define WORKERS_WAIT "15" /* scan.workers with which the courier here waits at the gate before it is ready */

/* Until somebody opens the pipe to write, and closes it. */
static void await_gate(const char *data)
{
	char path[128], c;

	snprintf(path, sizeof(path), "%s/../gate", data);
	alarm(PATIENCE_MS / 1000); /* a test that failed opens nothing */
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, &c, 1) > 0)
		;
	close(fd);
	alarm(0);
}

int role_courier(struct role *r)
{
	if (r->config->scan_workers == 13)
		return ROLE_EXIT_REFUSED;
	if (r->config->scan_workers == 15)
		await_gate(r->config->data);
	return r->broker_fd >= 0 ? serve_nothing(r) : ROLE_EXIT_REFUSED;
}

static bool scan_one(struct role *r, struct broker *b)
{
	struct scan_job job = { .delivery_mode = MODE_DIRECT };
	struct broker_mail mail = { .job = &job, .size = 4 };
	struct verdict v;
	struct errbuf eb;

	if (ipc_memfd(STR("mail"), &mail.fd) != OK)
		return false;
	enum err e = broker_scan(b, r->arena, &mail, clock_mono_ms() + PATIENCE_MS, &v, &eb);
	if (e != OK)
		log_error(&r->log, "not_scanned", KV_C("why", eb.text));
	close(mail.fd);
	return e == OK && str_eq(v.message->subject, STR("fine"));
}

int role_intake(struct role *r)
{
	struct broker_options o = { .control_fd = r->broker_fd,
				    .workers_idle = 1,
				    .workers_max = 2,
				    .scan_ms = 10000,
				    .mails_per_worker = 500,
				    .log = &r->log };
	struct broker *b;
	struct errbuf eb;

	if (r->smtp_n != 1 || broker_new(&o, &b, &eb) != OK || !scan_one(r, b))
		return 1;
	int status = serve_nothing(r);
	broker_free(&b);
	return status;
}

struct server {
	char dir[64], config[96], notify[96];
	int notify_fd, log_fd; /* what it tells its manager; its stderr */
	pid_t pid;
	char log[16384]; /* what was read of its stderr */
	size_t log_n;
};

static void write_config(struct server *s, const char *text)
{
	FILE *f = fopen(s->config, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void server_start(struct server *s, const char *smtp)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int out[2];
	char text[256];

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	snprintf(s->notify, sizeof(s->notify), "%s/notify", s->dir);
	snprintf(s->config, sizeof(s->config), "%s/postern.conf", s->dir);
	snprintf(text, sizeof(text), "smtp: { listen = \"%s\"; }; http: { listen = \"127.0.0.1:0\"; };\n",
		 smtp);
	write_config(s, text);
	memcpy(sun.sun_path, s->notify, strlen(s->notify) + 1);
	unlink(s->notify);
	s->notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s->notify_fd, (struct sockaddr *)&sun, sizeof(sun)), 0);
	fflush(NULL);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that failed leaves nobody behind */
		dup2(out[1], STDERR_FILENO);
		setenv("NOTIFY_SOCKET", s->notify, 1);
		setenv("TZ", "America/New_York", 1); /* must not reach a role */
		execl("/proc/self/exe", "postern", "serve", s->dir, s->config, (char *)NULL);
		_exit(1);
	}
	close(out[1]);
	s->log_fd = out[0];
}

static void await_word(struct server *s, const char *word)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	struct pollfd p = { .fd = s->notify_fd, .events = POLLIN };
	char text[256];

	for (;;) {
		if (poll(&p, 1, clock_left_ms(until)) <= 0)
			fail_msg("no %s", word);
		ssize_t n = recv(s->notify_fd, text, sizeof(text) - 1, 0);
		text[n > 0 ? n : 0] = 0;
		if (strcmp(text, word) == 0)
			return;
	}
}

static const char *read_log(struct server *s)
{
	ssize_t n;

	while (s->log_n + 1 < sizeof(s->log) &&
	       (n = read(s->log_fd, s->log + s->log_n, sizeof(s->log) - 1 - s->log_n)) > 0)
		s->log_n += (size_t)n;
	s->log[s->log_n] = 0;
	return s->log;
}

static void await_log(struct server *s, const char *text)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	struct pollfd p = { .fd = s->log_fd, .events = POLLIN };

	while (!strstr(read_log(s), text))
		if (poll(&p, 1, clock_left_ms(until)) <= 0)
			fail_msg("the log has no %s:\n%s", text, s->log);
}

static int await_end(struct server *s)
{
	int status;

	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	close(s->notify_fd);
	read_log(s);
	close(s->log_fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

static void make_dir(struct server *s)
{
	*s = (struct server){ .notify_fd = -1, .log_fd = -1 };
	snprintf(s->dir, sizeof(s->dir), "/tmp/postern-test-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	chmod(s->dir, 0755); /* roles of another user pass through it */
}

static void remove_dir(struct server *s)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", s->dir);
	assert_int_equal(system(command), 0);
}

/* The pid of a role by its title, a child of the supervisor; 0 when there is none. */
static pid_t role_pid(struct server *s, const char *title, pid_t other_than)
{
	char path[64], line[256];
	int pid;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)s->pid, (int)s->pid);
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	pid_t found = 0;
	while (!found && fscanf(f, "%d", &pid) == 1) {
		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		FILE *comm = fopen(path, "re");
		if (comm && fgets(line, sizeof(line), comm) && strncmp(line, title, strlen(title)) == 0 &&
		    pid != other_than)
			found = pid;
		if (comm)
			fclose(comm);
	}
	fclose(f);
	return found;
}

static pid_t await_role(struct server *s, const char *title, pid_t other_than)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	pid_t pid;

	while ((pid = role_pid(s, title, other_than)) == 0 && clock_left_ms(until) > 0)
		poll(NULL, 0, 5);
	assert_true(pid > 0);
	return pid;
}

static void test_serve(void **state)
{
	static const char *const titles[] = { "postern-zygote", "postern-intake", "postern-api",
					      "postern-courier" };
	struct server s;

	(void)state;
	make_dir(&s);
	server_start(&s, "127.0.0.1:0");
	await_word(&s, "READY=1");
	for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
		pid_t old = await_role(&s, titles[i], 0);
		kill(old, SIGKILL);
		await_role(&s, titles[i], old);
	}
	kill(s.pid, SIGTERM);
	await_word(&s, "STOPPING=1");
	assert_int_equal(await_end(&s), 0);
	assert_null(strstr(s.log, "not_scanned"));
	assert_non_null(strstr(s.log, "event=listening service=\"smtp\" address=\"127.0.0.1:"));
	assert_non_null(strstr(s.log, "event=role_died of=\"zygote\" signal=9"));
	assert_non_null(strstr(s.log, "event=stopped status=0\n"));
	remove_dir(&s);
}

/* The one process of a role, once predecessors and successors are gone. */
static pid_t await_single(struct server *s, const char *title)
{
	int64_t until = clock_mono_ms() + PATIENCE_MS;
	pid_t pid;

	while (((pid = role_pid(s, title, 0)) == 0 || role_pid(s, title, pid) != 0) &&
	       clock_left_ms(until) > 0)
		poll(NULL, 0, 5);
	assert_true(pid > 0 && role_pid(s, title, pid) == 0);
	return pid;
}

/* Successors take over when everything is fine; else everything stays as it was, and it is said why. */
static void test_reload(void **state)
{
	static const struct {
		const char *text, *why;
	} refused[] = {
		{ "nonsense = 1;\n", ":1: unknown setting nonsense" },
		{ "\ndns: { local_data = \"/proc/self/cmdline\"; };\n",
		  ":2: dns.local_data: /proc/self/cmdline, line 1: not a resource record" },
		{ "smtp: { certificate = \"/proc/self/cmdline\";\n key = \"/proc/self/cmdline\"; };\n",
		  ":1: smtp.certificate: the certificate cannot be used" },
		{ "user = \"nobody at all\";\n", ":1: user: \\\"nobody at all\\\" does not exist" },
	};
	struct server s;

	(void)state;
	make_dir(&s);
	server_start(&s, "127.0.0.1:0");
	await_word(&s, "READY=1");
	pid_t api = await_role(&s, "postern-api", 0), courier = await_role(&s, "postern-courier", 0);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		write_config(&s, refused[i].text);
		kill(s.pid, SIGHUP);
		await_word(&s, "READY=1");
		await_log(&s, refused[i].why);
	}
	assert_null(strstr(read_log(&s), "event=reload config"));
	assert_int_equal(role_pid(&s, "postern-api", 0), api);
	/* One of the successors dies: nobody could know, and the old one goes on. */
	write_config(&s, "scan: { workers = " WORKERS_REFUSED "; };\nsmtp: { listen = \"127.0.0.1:1\"; };\n");
	kill(s.pid, SIGHUP);
	await_word(&s, "READY=1");
	assert_non_null(strstr(
	    read_log(&s), "event=role_died of=\"courier\" signal=0 status=78 left=\"the old one goes on\""));
	await_role(&s, "postern-api", api);
	await_log(&s, "event=needs_restart setting=\"smtp.listen\" left=\"127.0.0.1:0\"");
	assert_int_equal(role_pid(&s, "postern-courier", 0), courier);
	/* One that crashes when it was told to leave is told of, too. */
	write_config(&s, "scan: { workers = " WORKERS_CRASH "; };\nsmtp: { drain_s = 7; };\n");
	api = await_single(&s, "postern-api");
	kill(s.pid, SIGHUP);
	await_role(&s, "postern-api", api);
	await_single(&s, "postern-api");
	kill(s.pid, SIGHUP);
	await_log(&s, "event=role_died of=\"api\" signal=9 status=0 left=\"it was leaving\"");
	/* Mail under way gets the time of its answer where a successor serves, else as long as the setting says. */
	await_log(&s, "role=intake event=leaving ms=300000");
	await_log(&s, "role=courier event=leaving ms=25000");
	kill(s.pid, SIGTERM);
	assert_int_equal(await_end(&s), 0);
	assert_non_null(strstr(s.log, "role=intake event=leaving ms=7000"));
	remove_dir(&s);
}

/* The next word, which must be of a reload; the time it names. */
static int64_t reloading_at(struct server *s)
{
	struct pollfd p = { .fd = s->notify_fd, .events = POLLIN };
	char text[256];
	long long at;

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
	ssize_t n = recv(s->notify_fd, text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = 0;
	assert_int_equal(sscanf(text, "RELOADING=1\nMONOTONIC_USEC=%lld", &at), 1);
	return at;
}

/* A reload is over when the last successor is ready: so long the manager hears nothing. */
static void test_reload_waits(void **state)
{
	struct server s;
	char gate[80], text[64];

	(void)state;
	make_dir(&s);
	snprintf(gate, sizeof(gate), "%s/gate", s.dir);
	assert_int_equal(mkfifo(gate, 0644), 0);
	server_start(&s, "127.0.0.1:0");
	await_word(&s, "READY=1");
	write_config(&s, "scan: { workers = " WORKERS_WAIT "; };\n");
	int64_t before_us = clock_mono_us();
	kill(s.pid, SIGHUP);
	assert_true(reloading_at(&s) >= before_us);
	await_log(&s, "role=intake event=leaving");
	await_log(&s, "role=api event=leaving");
	assert_int_equal(recv(s.notify_fd, text, sizeof(text), MSG_DONTWAIT), -1);
	close(open(gate, O_WRONLY | O_CLOEXEC));
	await_word(&s, "READY=1");
	await_log(&s, "role=courier event=leaving");
	kill(s.pid, SIGTERM);
	assert_int_equal(await_end(&s), 0);
	remove_dir(&s);
}

/* Two listeners are one too many for the intake here, which therefore never gets ready. */
static void test_never_ready(void **state)
{
	struct server s;

	(void)state;
	make_dir(&s);
	server_start(&s, "127.0.0.1:0 127.0.0.1:0");
	assert_int_equal(await_end(&s), 1);
	assert_non_null(strstr(s.log, "event=role_died of=\"intake\" signal=0 status=1"));
	assert_non_null(strstr(s.log, "event=given_up of=\"intake\" deaths=5 why=\"it was never ready"));
	remove_dir(&s);
}

static void test_port_taken(void **state)
{
	struct bound_list taken;
	struct errbuf eb;
	struct server s;

	(void)state;
	assert_int_equal(bind_all("127.0.0.1:0", &taken, &eb), OK);
	make_dir(&s);
	server_start(&s, taken.v[0].where);
	assert_int_equal(await_end(&s), 1);
	assert_non_null(strstr(s.log, "/postern.conf:1: smtp.listen: 127.0.0.1:"));
	assert_non_null(strstr(s.log, " cannot be bound: Address already in use"));
	assert_non_null(strstr(s.log, taken.v[0].where));
	bind_close(&taken);
	remove_dir(&s);
}

/* The socket of the milter: one that was left behind is replaced, one in use and what is no socket are not. */
static void test_milter_socket(void **state)
{
	struct bound_list first, second;
	char where[160], path[128];
	struct errbuf eb;
	struct server s;

	(void)state;
	make_dir(&s);
	snprintf(path, sizeof(path), "%s/milter", s.dir);
	snprintf(where, sizeof(where), "unix:%s", path);
	assert_int_equal(bind_milter("", &first, &eb), OK);
	assert_int_equal(first.n, 0);
	assert_int_equal(bind_milter(where, &first, &eb), OK);
	assert_string_equal(first.v[0].where, path);
	assert_int_equal(bind_milter(where, &second, &eb), ERR_CONFLICT);
	close(first.v[0].fd); /* as a killed process leaves it */
	assert_int_equal(bind_milter(where, &second, &eb), OK);
	bind_close(&second);
	assert_int_equal(access(path, F_OK), -1);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(bind_milter(where, &second, &eb), ERR_CONFLICT);
	assert_int_equal(bind_milter("inet:0@127.0.0.1", &second, &eb), OK);
	assert_int_equal(second.n, 1);
	bind_close(&second);
	remove_dir(&s);
}

static void test_dir_unusable(void **state)
{
	struct server s;
	char data[128];

	(void)state;
	make_dir(&s);
	snprintf(data, sizeof(data), "%s/data", s.dir);
	FILE *f = fopen(data, "we"); /* a file where the directory should be */
	fclose(f);
	server_start(&s, "127.0.0.1:0");
	assert_int_equal(await_end(&s), 1);
	assert_non_null(strstr(s.log, "command line: data: "));
	assert_non_null(strstr(s.log, "is not a directory"));
	remove_dir(&s);
}

static void test_dir_out_of_reach(void **state)
{
	struct server s;
	char want[200];

	(void)state;
	if (geteuid() != 0)
		skip(); /* everybody stays who they are */
	make_dir(&s);
	chmod(s.dir, 0700);
	server_start(&s, "127.0.0.1:0");
	assert_int_equal(await_end(&s), 1);
	snprintf(want, sizeof(want), "%s/data cannot be reached: user %d may not enter %s\n", s.dir,
		 IDENTITY_SERVICE, s.dir);
	assert_non_null(strstr(s.log, want));
	snprintf(want, sizeof(want), "%s/data", s.dir);
	assert_int_equal(access(want, F_OK), -1); /* nothing is left of the attempt */
	remove_dir(&s);
}

static int serve(const char *dir, const char *config)
{
	char data[128];

	snprintf(data, sizeof(data), "%s/data", dir);
	struct config_override o = { "data", data };
	return supervisor_run(&(struct supervisor_options){
	    .config_path = config, .config_must_exist = true, .overrides = &o, .overrides_n = 1 });
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serve),        cmocka_unit_test(test_reload),
		cmocka_unit_test(test_reload_waits), cmocka_unit_test(test_never_ready),
		cmocka_unit_test(test_port_taken),   cmocka_unit_test(test_milter_socket),
		cmocka_unit_test(test_dir_unusable), cmocka_unit_test(test_dir_out_of_reach),
	};

	if (argc == 4 && strcmp(argv[1], "serve") == 0)
		return serve(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "role") == 0)
		return role_main(argv[2]);
	return cmocka_run_group_tests_name("daemon/supervisor", tests, NULL, NULL);
}
