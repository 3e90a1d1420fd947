/* Who gets workers when they are few, what a dead DNS server costs, and how a change of policy reaches the next mail. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "house.h"

#include "base/clock.h"
#include "broker/wire.h"

/* ---- fairness and DNS ---- */

/* Asks for a name of its own under the zone that the mail names; none when it is empty. */
static void ask_zone(struct arena *a, const struct scan_job *job, const struct policy *policy,
		     struct asker *q, struct verdict *out)
{
	const struct answer *answer;

	(void)policy;
	if (job->raw.n == 0) {
		house_verdict(a, STR("nothing asked"), out);
		return;
	}
	answer = asker_dns(q, job->raw, RR_TXT);
	house_verdict(a, arena_printf(a, "status %d", (int)answer->status), out);
}

#define CROWD 16

struct sender {
	struct house *h;
	pthread_t thread;
	unsigned number;
	enum err e;
	bool temperror;
	atomic_uint *done;
};

static void *send_one(void *ctx)
{
	struct sender *s = ctx;
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct scan_job job = { .client_ip = { 4, { 192, 0, 2, 1 } } };
	struct str name = arena_printf(a, "n%u.silent.example", s->number);
	struct verdict v;
	struct errbuf eb;

	s->e = house_scan_job(s->h, a, &job, name, &v, &eb);
	s->temperror = s->e == OK && str_eq(v.message->subject, STR("status 3"));
	atomic_fetch_add(s->done, 1);
	arena_free(&a);
	return NULL;
}

static int silent_server(char server[64])
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &n), 0);
	snprintf(server, 64, "127.0.0.1@%u", ntohs(sin.sin_port));
	return fd;
}

static void test_silent_dns_leaves_room(void **state)
{
	static const struct log log = { .fd = 2, .level = LOG_ERROR, .role = "test" };
	struct sender senders[CROWD];
	atomic_uint done = 0;
	struct dns_options d = { .log = &log };
	char server[64], packet[512];
	struct str servers[1];
	struct scan_job job = { .client_ip = { 4, { 198, 51, 100, 1 } } };
	struct broker_options o = { .workers_max = 16, .dns_ms = 400 };
	struct verdict v;
	struct errbuf eb;
	struct house h;
	unsigned slow = 0;

	(void)state;
	int fd = silent_server(server);
	servers[0] = str_of(server);
	d.servers = (struct strs){ servers, 1 };
	assert_int_equal(dns_new(&d, &o.dns, &eb), OK);
	house_start(&h, ask_zone, &o);
	for (unsigned i = 0; i < CROWD; i++) {
		senders[i] = (struct sender){ .h = &h, .number = i, .done = &done };
		assert_int_equal(pthread_create(&senders[i].thread, NULL, send_one, &senders[i]), 0);
	}
	/* The first of them hangs in DNS. */
	struct pollfd p = { .fd = fd, .events = POLLIN };
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_true(recv(fd, packet, sizeof(packet), 0) > 0);
	/* Somebody else is served at once, from a quarter that the crowd cannot have. */
	struct broker_mail mail = { .job = &job, .fd = -1, .sender_domain = STR("example.com") };
	job.delivery_mode = MODE_DIRECT;
	assert_int_equal(ipc_memfd(STR(""), &mail.fd), OK);
	assert_int_equal(broker_scan(h.broker, h.arena, &mail, clock_mono_ms() + 5000, &v, &eb), OK);
	close(mail.fd);
	assert_true(atomic_load(&done) < CROWD);
	assert_true(str_eq(v.message->subject, STR("nothing asked")));
	/* No mail of the crowd is lost: DNS is a temperror for each. */
	for (unsigned i = 0; i < CROWD; i++) {
		pthread_join(senders[i].thread, NULL);
		assert_int_equal(senders[i].e, OK);
		slow += senders[i].temperror;
	}
	assert_int_equal(slow, CROWD);
	house_end(&h);
	dns_free(&o.dns);
	close(fd);
}

/* Nobody is starved for ever: without a worker in time the answer is "later". */
static void test_no_worker_in_time(void **state)
{
	struct broker_options o = {
		.control_fd = -1, .workers_idle = 1, .workers_max = 1, .scan_ms = 1000, .mails_per_worker = 1
	};
	struct scan_job job = { .delivery_mode = MODE_DIRECT };
	struct broker_mail mail = { .job = &job };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct broker *b;
	struct verdict v;
	struct errbuf eb;

	(void)state;
	assert_int_equal(broker_new(&o, &b, &eb), OK); /* and no zygote ever comes */
	assert_int_equal(broker_scan(b, a, &mail, clock_mono_ms() + 20, &v, &eb), ERR_LATER);
	broker_free(&b);
	arena_free(&a);
}

/* ---- policy ---- */

static void say_rev(struct arena *a, const struct scan_job *job, const struct policy *policy, struct asker *q,
		    struct verdict *out)
{
	(void)job, (void)q;
	house_verdict(a, policy ? arena_printf(a, "rev %d", (int)policy_rev(policy)) : STR("no policy"), out);
}

struct rules {
	int64_t rev;
	unsigned read; /* how often the rules themselves were */
};

static enum err rules_rev(void *ctx, int64_t account, int64_t *rev_out)
{
	struct rules *r = ctx;

	assert_int_equal(account, 5);
	*rev_out = r->rev;
	return OK;
}

static struct str no_name(void *ctx, struct arena *a, int64_t account)
{
	(void)ctx;
	(void)a;
	(void)account;
	return STR("-");
}

static enum err rules_read(void *ctx, struct arena *a, int64_t account, struct policy_source *out)
{
	struct rules *r = ctx;

	(void)a;
	*out = (struct policy_source){ 0 };
	SET(out, policy_source, account, account);
	SET(out, policy_source, rev, r->rev);
	r->read++;
	return OK;
}

static void expect_rev(struct house *h, const char *want)
{
	struct scan_job job = { .account = 5 };
	struct verdict v;
	struct errbuf eb;

	arena_reset(h->arena);
	if (house_scan_job(h, h->arena, &job, STR("x"), &v, &eb) != OK)
		fail_msg("%s", eb.text);
	if (!str_eq(v.message->subject, str_of(want)))
		fail_msg("%.*s instead of %s", STR_ARG(v.message->subject), want);
}

static void test_policy(void **state)
{
	struct rules rules = { .rev = 1 };
	struct broker_options o = {
		.policy = rules_read, .policy_rev = rules_rev, .account_id = no_name, .ctx = &rules
	};
	struct scan_job job = { 0 };
	struct verdict v;
	struct errbuf eb;
	enum ipc_type type;
	struct house h;
	struct buf in, lines;
	int fd, status;

	(void)state;
	ipc_buf_init(&in);
	buf_init(&lines, 65536 * 2);
	house_start(&h, say_rev, &o);
	/* Without an account there is no policy; the account's first mail carries it along, and every change at once. */
	assert_int_equal(house_scan_job(&h, h.arena, &job, STR("x"), &v, &eb), OK);
	assert_true(str_eq(v.message->subject, STR("no policy")));
	expect_rev(&h, "rev 1");
	rules.rev = 2;
	expect_rev(&h, "rev 2");
	expect_rev(&h, "rev 2");
	assert_int_equal(rules.read, 2);
	/* The broker asks for zygotes that know it, at most one a second: play the supervisor until rev 2 comes. */
	pid_t old = h.zygote;
	for (bool newest = false; !newest;) {
		assert_int_equal(ipc_recv(&h.control, &in, 1024, &type, &fd, clock_mono_ms() + 5000), OK);
		assert_int_equal(type, IPC_RENEW);
		assert_int_equal(ipc_slurp(fd, &lines), OK);
		close(fd);
		newest = str_find(buf_str(&lines), STR("\"rev\":2"), 0) != SIZE_MAX;
		if (!newest) {
			pid_t middle = h.zygote;
			h.zygote = house_new_zygote(&h, buf_str(&lines));
			if (middle != old)
				assert_int_equal(waitpid(middle, &status, 0), middle);
			expect_rev(&h, "rev 2");
		}
	}
	pid_t before = h.zygote;
	h.zygote = house_new_zygote(&h, buf_str(&lines));
	/* The old generation is let go as soon as the new one is there. */
	assert_int_equal(waitpid(before, &status, 0), before);
	assert_int_equal(status, 0);
	if (before != old)
		assert_int_equal(waitpid(old, &status, 0), old);
	rules.read = 0;
	expect_rev(&h, "rev 2");
	assert_int_equal(rules.read, 0);
	house_end(&h);
	buf_free(&in);
	buf_free(&lines);
}

/* Of an account that has all it may have, and what its mail is told when the store has more. */
struct crowd {
	size_t rules;
	unsigned read;
	enum err e;
};

static enum err crowd_rev(void *ctx, int64_t account, int64_t *rev_out)
{
	(void)ctx, (void)account;
	*rev_out = 7;
	return OK;
}

static enum err crowd_read(void *ctx, struct arena *a, int64_t account, struct policy_source *out)
{
	struct crowd *c = ctx;

	*out = (struct policy_source){ 0 };
	SET(out, policy_source, account, account);
	SET(out, policy_source, rev, 7);
	for (size_t i = 0; i < c->rules; i++) {
		struct allow_policy allow = { 0 };
		struct block_sender block = { 0 };
		SET(&allow, allow_policy, pattern, arena_printf(a, "%0250zu.allowed.example", i));
		SET(&allow, allow_policy, pattern_type, PATTERN_DOMAIN);
		ARENA_PUSH(a, &out->allow, allow);
		SET(&block, block_sender, pattern, arena_printf(a, "%0250zu.blocked.example", i));
		SET(&block, block_sender, pattern_type, PATTERN_DOMAIN);
		ARENA_PUSH(a, &out->block, block);
	}
	SET(out, policy_source, allow, out->allow);
	SET(out, policy_source, block, out->block);
	c->read++;
	return c->e;
}

static void test_large_policy(void **state)
{
	struct crowd crowd = { .rules = 10000 };
	struct broker_options o = {
		.policy = crowd_read, .policy_rev = crowd_rev, .account_id = no_name, .ctx = &crowd
	};
	struct scan_job job = { .account = 5 };
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, say_rev, &o);
	if (house_scan_job(&h, h.arena, &job, STR("x"), &v, &eb) != OK)
		fail_msg("%s", eb.text);
	assert_true(str_eq(v.message->subject, STR("rev 7")));
	house_end(&h);
}

static void test_policy_beyond_its_limit(void **state)
{
	static const struct log quiet = { .fd = -1, .level = LOG_ERROR, .role = "test" };
	struct crowd crowd = { .e = ERR_LIMIT };
	struct broker_options o = { .policy = crowd_read,
				    .policy_rev = crowd_rev,
				    .account_id = no_name,
				    .ctx = &crowd,
				    .log = &quiet };
	struct scan_job job = { .account = 5 };
	struct verdict v;
	struct errbuf eb;
	struct house h;

	(void)state;
	house_start(&h, say_rev, &o);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(house_scan_job(&h, h.arena, &job, STR("x"), &v, &eb), ERR_LATER);
		assert_non_null(strstr(eb.text, "policy"));
	}
	/* It is not read for each mail again. */
	assert_int_equal(crowd.read, 1);
	house_end(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_large_policy),
		cmocka_unit_test(test_policy_beyond_its_limit),
		cmocka_unit_test(test_no_worker_in_time),
		/* Last: its threads leave address space behind that a forked zygote would count against its workers. */
		cmocka_unit_test(test_silent_dns_leaves_room),
	};

	return cmocka_run_group_tests_name("daemon/broker", tests, NULL, NULL);
}
