/* There and back, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/ipc.h"
#include "broker/wire.h"

static struct arena *arena;

static void test_job(void **state)
{
	struct str to[] = { STR("a@example.net"), STR("\xc3\xbc@example.net") };
	struct scan_job in = {
		.mail_from = STR("x@example.org"),
		.has_envelope = true,
		.recipients = { to, 2 },
		.client_ip = { 6, { 0x20, 1, 0xd, 0xb8, [15] = 1 } },
		.helo = STR("line\nfeed"),
		.tls = true,
		.delivery_mode = MODE_JOURNAL,
		.account = 7,
		.lookback_hops = 3,
		.wrapped = true,
		.received_us = 1704448800000001,
		.authserv_id = STR("mx"),
		.header_prefix = STR("X-Postern-"),
	};
	struct policy_source source = { .account = 7, .rev = 9 }, *policy;
	struct scan_job out;
	struct errbuf eb;
	struct buf b;

	(void)state;
	buf_init(&b, 65536);
	SET(&source, policy_source, account, 7);
	SET(&source, policy_source, rev, 9);
	wire_job_write(&b, &in);
	wire_job_add_policy(&b);
	wire_policy_write(&b, &source);
	assert_int_equal(wire_job_read(arena, buf_str(&b), &out, &policy, &eb), OK);
	assert_true(str_eq(out.mail_from, in.mail_from));
	assert_true(str_eq(out.recipients.v[1], to[1]));
	assert_true(str_eq(out.helo, in.helo));
	assert_true(ip_eq(&out.client_ip, &in.client_ip));
	assert_int_equal(out.delivery_mode, MODE_JOURNAL);
	assert_true(out.wrapped);
	assert_int_equal(out.received_us, in.received_us);
	assert_non_null(policy);
	assert_int_equal(policy->rev, 9);
	buf_clear(&b);
	wire_job_write(&b, &in);
	assert_int_equal(wire_job_read(arena, buf_str(&b), &out, &policy, &eb), OK);
	assert_null(policy);
	buf_free(&b);
}

static void test_answers(void **state)
{
	struct dns_record records[] = { { STR("v=spf1"), 0 }, { STR("mail.example.org"), 10 } };
	struct ask asks[] = { { ASK_DNS, RR_TXT, STR("example.org") }, { ASK_HISTORY, 0, STR("from:a") } };
	struct ask odd[] = { { ASK_LISTED, RR_TXT, STR("a.bl.example") },
			     { ASK_VIRUS, 0, STR("another") },
			     { ASK_AGE, RR_A, STR("a.example") },
			     { ASK_KINDS, RR_A, STR("a.bl.example") } };
	struct answer in[] = { { .status = ANSWER_OK, .records = { records, 2 } },
			       { .status = ANSWER_OK, .history = { 1, 2, 3.5, 0.5 } } };
	struct answer out[2];
	struct ask *read;
	struct buf b;
	size_t n;

	(void)state;
	buf_init(&b, 65536);
	wire_asks_write(&b, asks, 2);
	assert_int_equal(wire_asks_read(arena, buf_str(&b), &read, &n), OK);
	assert_int_equal(n, 2);
	assert_true(str_eq(read[1].name, STR("from:a")));
	for (size_t cut = 0; cut < b.n; cut++)
		assert_int_not_equal(wire_asks_read(arena, str_sub(buf_str(&b), 0, cut), &read, &n), OK);
	/* Of a list only an address is asked, and of what is no kind nothing. */
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		buf_clear(&b);
		wire_asks_write(&b, &odd[i], 1);
		assert_int_equal(wire_asks_read(arena, buf_str(&b), &read, &n), ERR_SYNTAX);
	}
	buf_clear(&b);
	wire_answers_write(&b, asks, in, 2);
	assert_int_equal(wire_answers_read(arena, buf_str(&b), asks, 2, out), OK);
	assert_int_equal(out[0].records.v[1].preference, 10);
	assert_true(out[1].history.seen == 3.5);
	buf_free(&b);
	/* What does not fit is a temperror, never a broken record. */
	buf_init(&b, 2 * (1 + sizeof(struct history)) + 4);
	wire_answers_write(&b, asks, in, 2);
	assert_true(buf_ok(&b));
	assert_int_equal(wire_answers_read(arena, buf_str(&b), asks, 2, out), OK);
	assert_int_equal(out[0].status, ANSWER_TEMPERROR);
	assert_int_equal(out[1].status, ANSWER_OK);
	buf_free(&b);
}

static void test_ipc(void **state)
{
	static char big[200000];
	enum ipc_type type;
	int fds[2], fd;
	struct buf in;

	(void)state;
	assert_int_equal(ipc_pair(fds), OK);
	struct ipc a = ipc_of(fds[0]), b = ipc_of(fds[1]);
	int64_t soon = clock_mono_ms() + 2000;
	ipc_buf_init(&in);
	memset(big, 'x', sizeof(big));
	assert_int_equal(ipc_send(&a, IPC_VERDICT, str_from(big, sizeof(big)), fds[1], soon), OK);
	assert_int_equal(ipc_recv(&b, &in, sizeof(big), &type, &fd, soon), OK);
	assert_int_equal(type, IPC_VERDICT);
	assert_true(fd >= 0 && in.n == sizeof(big) && memcmp(in.p, big, in.n) == 0);
	close(fd);
	/* Larger than wanted; nothing there in time; a descriptor nobody asked for; a peer that is gone. */
	assert_int_equal(ipc_send(&a, IPC_ASK, str_from(big, 100), -1, soon), OK);
	assert_int_equal(ipc_recv(&b, &in, 99, &type, &fd, soon), ERR_LIMIT);
	assert_int_equal(ipc_recv(&b, &in, 99, &type, &fd, clock_mono_ms()), ERR_LATER);
	assert_int_equal(ipc_send(&a, IPC_ASK, STR("x"), fds[0], soon), OK);
	assert_int_equal(ipc_recv(&b, &in, 99, &type, NULL, soon), ERR_SYNTAX);
	ipc_close(&a);
	assert_int_equal(ipc_recv(&b, &in, 99, &type, &fd, soon), ERR_ABSENT);
	ipc_close(&b);
	buf_free(&in);
}

static void test_ipc_garbage(void **state)
{
	static const struct {
		const char *name;
		uint32_t words[5];
		size_t n;
	} cases[] = {
		{ "short", { 0x50537452 }, 4 },
		{ "other magic", { 1, 0x0201, 0, 0 }, 16 },
		{ "other version", { 0x50537452, 0x0202, 0, 0 }, 16 },
		{ "other sequence", { 0x50537452, 0x0201, 0, 7 }, 16 },
		{ "bytes left over", { 0x50537452, 0x0201, 0, 0, 9 }, 20 },
		{ "bytes missing", { 0x50537452, 0x0201, 4, 0 }, 16 },
		{ "an empty part", { 0x50537452, 0x10201, 0, 0 }, 16 },
	};
	enum ipc_type type;
	struct buf in;
	int fds[2];

	(void)state;
	ipc_buf_init(&in);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(ipc_pair(fds), OK);
		struct ipc b = ipc_of(fds[1]);
		assert_int_equal(send(fds[0], cases[i].words, cases[i].n, 0), cases[i].n);
		enum err e = ipc_recv(&b, &in, 100, &type, NULL, clock_mono_ms() + 1000);
		if (e != ERR_SYNTAX)
			fail_msg("%s: %s", cases[i].name, err_name(e));
		close(fds[0]);
		close(fds[1]);
	}
	buf_free(&in);
}

/* A list of n objects without members. */
#define FULL(obj, owner, name, type) \
	SET(obj, owner, name, ((struct type##_list){ ARENA_ARRAY(arena, n, struct type), n }))

/* What a worker may say at most is read; many small values for no purpose are not, and take no memory first. */
static void test_verdict_limits(void **state)
{
	struct verdict in = { 0 }, out;
	struct errbuf eb;
	struct buf b;
	size_t n = 1000;

	(void)state;
	SET(&in, verdict, message, ARENA_NEW(arena, struct message));
	SET(&in, verdict, detections, ARENA_NEW(arena, struct detections));
	SET(in.detections, detections, sender_info, ARENA_NEW(arena, struct sender_info));
	SET(in.detections, detections, validation, ARENA_NEW(arena, struct validation));
	FULL(in.message, message, findings, finding);
	FULL(in.detections, detections, findings, finding);
	FULL(in.detections, detections, attachments, attachment);
	FULL(in.detections, detections, links, link);
	FULL(&in, verdict, exempt, exemption);
	n = LIMIT_HEADER_FIELDS;
	FULL(in.detections, detections, headers, mail_header);
	FULL(&in, verdict, strip, byte_range);
	for (size_t i = 0; i < n; i++)
		SET(&in.strip.v[i], byte_range, length, 1);
	buf_init(&b, LIMIT_VERDICT);
	wire_verdict_write(&b, &in);
	assert_true(buf_ok(&b));
	if (wire_verdict_read(arena, buf_str(&b), &out, &eb))
		fail_msg("%s", eb.text);
	assert_int_equal(out.strip.n, LIMIT_HEADER_FIELDS);

	buf_clear(&b);
	buf_add_c(&b, "{\"x\":[0");
	while (b.n < LIMIT_VERDICT - 2)
		buf_add_c(&b, ",0");
	buf_add_c(&b, "]}");
	struct arena *scratch = arena_new(32u << 20, NULL, NULL);
	for (int i = 0; i < 20; i++)
		assert_int_equal(wire_verdict_read(scratch, buf_str(&b), &out, &eb), ERR_LIMIT);
	arena_free(&scratch);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_job),         cmocka_unit_test(test_verdict_limits),
		cmocka_unit_test(test_answers),     cmocka_unit_test(test_ipc),
		cmocka_unit_test(test_ipc_garbage),
	};

	arena = arena_new(1u << 24, NULL, NULL);
	int failed = cmocka_run_group_tests_name("broker/wire", tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
