/* Zygote, workers and broker together: what goes well, and every way a worker can end. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "house.h"

#include "base/clock.h"
#include "broker/wire.h"

#ifdef POSTERN_SANITIZED
#define KILL_MODE 0
#else
#define KILL_MODE 1
#endif

/* ---- what workers do, by the text of the mail ---- */

static void say_pid(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)job, (void)q;
	house_verdict(a, arena_printf(a, "%d", (int)getpid()), out);
}

static void say_descriptors(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	struct str s = STR("");
	struct stat st;

	(void)job, (void)q;
	for (int fd = 0; fd < 200; fd++)
		if (syscall(SYS_fstat, fd, &st) == 0)
			s = arena_printf(a, "%.*s%d ", STR_ARG(s), fd);
	house_verdict(a, s, out);
}

static void say_job(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)q;
	house_verdict(a,
		      arena_printf(a, "%.*s %.*s %zu %.*s", STR_ARG(job->mail_from),
				   STR_ARG(job->recipients.v[1]), job->raw.n, STR_ARG(job->header_prefix)),
		      out);
}

static void segfault(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)a, (void)job, (void)q, (void)out;
	raise(SIGSEGV);
}

static void abort_at_once(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)a, (void)job, (void)q, (void)out;
	abort();
}

static void leave(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)a, (void)job, (void)q, (void)out;
	_exit(0);
}

static void eat_memory(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)job, (void)q, (void)out;
	for (;;)
		memset(arena_alloc(a, 1u << 20), 1, 1u << 20);
}

static void spin(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)a, (void)job, (void)q, (void)out;
	for (volatile int i = 0;; i++)
		;
}

static void sleep_long(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	char byte;

	(void)a, (void)job, (void)q, (void)out;
	while (read(3, &byte, 1) < 0)
		; /* nobody writes until the broker has lost patience */
}

/* Works a little, and is kept from it for most of the time: by who answers here, by other processes elsewhere. */
static void work_in_between(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)job;
	for (unsigned i = 0; i < 5; i++) {
		int64_t until = clock_mono_ms() + 40;
		while (clock_left_ms(until))
			;
		(void)asker_history(q, arena_printf(a, "from:%u", i));
	}
	house_verdict(a, STR("late"), out);
}

static void keep_waiting(void *ctx, int64_t account, const struct str *keys, size_t n, int64_t when_us,
			 struct history *out)
{
	(void)ctx, (void)account, (void)keys, (void)n, (void)when_us, (void)out;
	poll(NULL, 0, 300);
}

static void hang_up_and_spin(struct arena *a, const struct scan_job *job, struct asker *q,
			     struct verdict *out)
{
	close(3);
	spin(a, job, q, out);
}

static void lie(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	struct byte_range *r = ARENA_NEW(a, struct byte_range);

	(void)q;
	house_verdict(a, STR("lie"), out);
	SET(r, byte_range, start, 0);
	SET(r, byte_range, length, (int64_t)job->raw.n); /* take the whole message away */
	out->strip = (struct byte_range_list){ r, 1 };
	out->has |= FIELD_BIT(verdict, strip);
}

static void babble(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	(void)a, (void)job, (void)q, (void)out;
	if (write(3, "not a record", 12) < 0)
		_exit(3);
	for (;;)
		sleep_long(a, job, q, out);
}

static void ask_too_much(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	char record[16 + 2] = { 0 };
	uint32_t header[4] = { 0x50537452u, 1 | IPC_ASK << 8, 2, 1 }; /* an ASK of no questions */

	(void)a, (void)job, (void)q, (void)out;
	memcpy(record, header, sizeof(header));
	if (write(3, record, sizeof(record)) < 0)
		_exit(3);
	sleep_long(a, job, q, out);
}

/* A verdict small enough to come, whose values would take a hundred times its size. */
static void verdict_bomb(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out)
{
	struct ipc broker = { .fd = 3, .sent = 1 }; /* READY was the first */
	struct buf text;

	buf_init(&text, LIMIT_VERDICT);
	buf_add_c(&text, "{\"x\":[0");
	while (text.n < LIMIT_VERDICT - 2)
		buf_add_c(&text, ",0");
	buf_add_c(&text, "]}");
	if (ipc_send(&broker, IPC_VERDICT, buf_str(&text), -1, IPC_FOREVER))
		_exit(3);
	sleep_long(a, job, q, out);
}

static const struct act {
	const char *mail;
	void (*run)(struct arena *a, const struct scan_job *job, struct asker *q, struct verdict *out);
	const char *why; /* how the broker tells of it; NULL = a good verdict */
	int scan_ms;
} acts[] = {
	{ "pid", say_pid, NULL, 0 },
	{ "descriptors", say_descriptors, NULL, 0 },
	{ "job", say_job, NULL, 0 },
	{ "segfault", segfault, "died of signal 11", 0 },
	{ "abort", abort_at_once, "died of signal 6", 0 },
	{ "leave", leave, "left with status 0", 0 },
	{ "eat memory", eat_memory, "ran out of memory", 0 },
	{ "spin", spin, "took longer", 50 },
	{ "sleep", sleep_long, "took longer", 50 },
	{ "in between", work_in_between, NULL, 0 },
	{ "hang up", hang_up_and_spin, "hung up", 0 },
	{ "lie", lie, "strip range 0", 0 },
	{ "babble", babble, "broke the protocol", 0 },
	{ "ask too much", ask_too_much, "broke the protocol", 0 },
	{ "bomb", verdict_bomb, "values", 0 },
};

static void act(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *asker,
		struct verdict *out)
{
	(void)policy;
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (str_starts(job->raw, str_of(acts[i].mail))) {
			acts[i].run(a, job, asker, out);
			return;
		}
	}
	house_verdict(a, STR("fine"), out);
}

/* ---- tests ---- */

static void test_good_mail(void **state)
{
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, act, &(struct broker_options){ 0 });
	assert_int_equal(house_scan(&h, "", &v, &eb), OK);
	assert_true(str_eq(v.message->subject, STR("fine")));
	assert_int_equal(house_scan(&h, "job", &v, &eb), OK);
	assert_true(str_eq(v.message->subject, STR("x@example.org b@example.net 3 X-Postern-")));
	assert_int_equal(house_scan(&h, "descriptors", &v, &eb), OK);
	assert_true(str_eq(v.message->subject, STR("0 1 2 3 ")));
	house_end(&h);
}

static void test_failures(void **state)
{
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (!acts[i].why ||
		    (!KILL_MODE && i >= 3 && i <= 6)) /* the sanitizer has its own words for these */
			continue;
		house_start(&h, act, &(struct broker_options){ .scan_ms = acts[i].scan_ms });
		assert_int_equal(house_scan(&h, acts[i].mail, &v, &eb), ERR_LIMIT);
		if (!strstr(eb.text, acts[i].why))
			fail_msg("%s: %s", acts[i].mail, eb.text);
		/* The mail beside it is unaffected. */
		assert_int_equal(house_scan(&h, "fine", &v, &eb), OK);
		assert_int_equal(house_zombies(h.zygote), 0);
		house_end(&h);
	}
}

/* Time that others took of a scan does not count against its mail. */
static void test_a_busy_machine(void **state)
{
	struct scan_job job = { .account = 1 };
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, act, &(struct broker_options){ .scan_ms = 1000, .history = keep_waiting });
	if (house_scan_job(&h, h.arena, &job, STR("in between"), &v, &eb) != OK)
		fail_msg("%s", eb.text);
	assert_true(str_eq(v.message->subject, STR("late")));
	house_end(&h);
}

/* Whatever a worker says, a mail's own memory holds what was believed and no more. */
static void test_a_lie_costs_the_mail_nothing(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct scan_job job = { .mail_from = STR("x@example.org") };
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, act, &(struct broker_options){ 0 });
	assert_int_equal(house_scan_job(&h, a, &job, STR("bomb"), &v, &eb), ERR_LIMIT);
	assert_int_equal(arena_used(a), 0);
	assert_int_equal(house_scan_job(&h, a, &job, STR("fine"), &v, &eb), OK);
	assert_true(str_eq(v.message->subject, STR("fine")));
	arena_free(&a);
	house_end(&h);
}

static void test_worker_is_replaced(void **state)
{
	char pids[5][16];
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, act, &(struct broker_options){ .mails_per_worker = 3, .workers_max = 1 });
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		assert_int_equal(house_scan(&h, "pid", &v, &eb), OK);
		snprintf(pids[i], sizeof(pids[i]), "%.*s", STR_ARG(v.message->subject));
	}
	assert_string_equal(pids[0], pids[2]);
	assert_string_not_equal(pids[2], pids[3]);
	assert_string_equal(pids[3], pids[4]);
	house_end(&h);
}

/* The zygote's control socket, spoken by hand. */
struct crowd {
	struct ipc control;
	struct buf in;
	int fds[LIMIT_WORKERS];
	pid_t zygote;
};

static void crowd_start(struct crowd *c)
{
	static const struct log log = { .fd = 2, .level = LOG_ERROR, .role = "test" };
	struct wire_worker w = { 0 };
	enum ipc_type type;
	int fd;

	c->zygote = house_zygote(act, STR_NONE, &log, &fd);
	c->control = ipc_of(fd);
	ipc_buf_init(&c->in);
	for (uint32_t i = 0; i < LIMIT_WORKERS; i++) {
		w.number = i;
		assert_int_equal(
		    ipc_send(&c->control, IPC_FORK, str_from(&w, sizeof(w)), -1, clock_mono_ms() + 5000), OK);
	}
	for (size_t n = 0; n < LIMIT_WORKERS;) {
		assert_int_equal(ipc_recv(&c->control, &c->in, 1024, &type, &fd, clock_mono_ms() + 5000), OK);
		if (type != IPC_WORKER)
			continue;
		assert_int_equal(wire_worker_read(buf_str(&c->in), &w), OK);
		assert_true(fd >= 0);
		c->fds[w.number] = fd;
		n++;
	}
	for (size_t i = 0; i < LIMIT_WORKERS; i++) {
		struct ipc ipc = ipc_of(c->fds[i]);
		assert_int_equal(ipc_recv(&ipc, &c->in, 0, &type, NULL, clock_mono_ms() + 5000), OK);
		assert_int_equal(type, IPC_READY);
	}
}

static void test_one_of_64_dies(void **state)
{
	struct wire_worker w = { .number = 17 };
	struct pollfd p[LIMIT_WORKERS];
	struct crowd c;
	enum ipc_type type;
	int status, fd;

	(void)state;
	crowd_start(&c);
	assert_int_equal(ipc_send(&c.control, IPC_KILL, str_from(&w, sizeof(w)), -1, clock_mono_ms() + 1000),
			 OK);
	assert_int_equal(ipc_recv(&c.control, &c.in, 1024, &type, &fd, clock_mono_ms() + 5000), OK);
	assert_int_equal(type, IPC_DEATH);
	assert_int_equal(wire_worker_read(buf_str(&c.in), &w), OK);
	assert_int_equal(w.number, 17);
	assert_int_equal(w.status, SIGKILL);
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		p[i] = (struct pollfd){ .fd = c.fds[i], .events = POLLIN };
	assert_int_equal(poll(p, LIMIT_WORKERS, 0), 1);
	assert_true(p[17].revents & POLLHUP);
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		close(c.fds[i]);
	ipc_close(&c.control);
	assert_int_equal(waitpid(c.zygote, &status, 0), c.zygote);
	assert_int_equal(status, 0);
	buf_free(&c.in);
}

/* Broker gone: the zygote goes when its last worker is dead, one that spins included. */
static void test_broker_dies(void **state)
{
	struct scan_job job = { .delivery_mode = MODE_DIRECT };
	struct crowd c;
	struct buf text;
	int status, mail;

	(void)state;
	crowd_start(&c);
	buf_init(&text, 65536);
	wire_job_write(&text, &job);
	assert_int_equal(ipc_memfd(STR("spin"), &mail), OK);
	struct ipc ipc = ipc_of(c.fds[0]);
	assert_int_equal(ipc_send(&ipc, IPC_JOB, buf_str(&text), mail, clock_mono_ms() + 1000), OK);
	close(mail);
	int64_t began = clock_mono_ms();
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		close(c.fds[i]);
	ipc_close(&c.control);
	assert_int_equal(waitpid(c.zygote, &status, 0), c.zygote);
	assert_int_equal(status, 0);
	assert_true(clock_mono_ms() - began < 1000);
	buf_free(&text);
	buf_free(&c.in);
}

/* A zygote that is killed takes its workers along; the next one serves the mail that waited. */
static void test_zygote_dies(void **state)
{
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, act, &(struct broker_options){ 0 });
	assert_int_equal(house_scan(&h, "fine", &v, &eb), OK);
	kill(h.zygote, SIGKILL);
	assert_int_equal(waitpid(h.zygote, NULL, 0), h.zygote);
	h.zygote = house_new_zygote(&h, STR_NONE);
	assert_int_equal(house_scan(&h, "fine", &v, &eb), OK);
	house_end(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_mail),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_a_busy_machine),
		cmocka_unit_test(test_a_lie_costs_the_mail_nothing),
		cmocka_unit_test(test_worker_is_replaced),
		cmocka_unit_test(test_one_of_64_dies),
		cmocka_unit_test(test_broker_dies),
		cmocka_unit_test(test_zygote_dies),
	};

	return cmocka_run_group_tests_name("daemon/worker", tests, NULL, NULL);
}
