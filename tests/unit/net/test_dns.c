/* What becomes of answers, and of servers that are silent or lie. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "net/dns.h"

static const struct log quiet = { .fd = 2, .level = LOG_ERROR, .role = "test" };

static const char local[] = "zone example.test\n"
			    "a.example.test. IN A 192.0.2.1\n"
			    "# a comment\r\n; another\n\n"
			    "  a.example.test. IN AAAA 2001:db8::1\r\n"
			    "txt.example.test. IN TXT \"v=spf1 \" \"-all\"\n"
			    "mx.example.test. IN MX 10 Host.Example.Test.\n"
			    "null.example.test. IN MX 0 .\n"
			    "1.2.0.192.in-addr.arpa. IN PTR a.example.test.";

static struct dns *dns_local(const char *server)
{
	struct str servers[1] = { str_of(server) };
	struct dns_options o = { .servers = { servers, 1 }, .local_data = STR(local), .log = &quiet };
	struct errbuf eb;
	struct dns *d;

	if (dns_new(&o, &d, &eb) != OK)
		fail_msg("%s", eb.text);
	return d;
}

static void test_local_data(void **state)
{
	static const struct {
		const char *name;
		uint16_t rrtype;
		enum answer_status status;
		const char *data;
		uint16_t preference;
	} cases[] = {
		{ "a.example.test", RR_A, ANSWER_OK, "\xc0\x00\x02\x01", 0 },
		{ "a.example.test", RR_TXT, ANSWER_NODATA, NULL, 0 },
		{ "txt.example.test", RR_TXT, ANSWER_OK, "v=spf1 -all", 0 },
		{ "mx.example.test", RR_MX, ANSWER_OK, "host.example.test", 10 },
		{ "null.example.test", RR_MX, ANSWER_OK, "", 0 },
		{ "1.2.0.192.in-addr.arpa", RR_PTR, ANSWER_OK, "a.example.test", 0 },
		{ "none.example.test", RR_A, ANSWER_NXDOMAIN, NULL, 0 },
		{ "two..dots.test", RR_A, ANSWER_NXDOMAIN, NULL, 0 },
		{ "back\\slash.test", RR_A, ANSWER_NXDOMAIN, NULL, 0 },
	};
	struct dns *d = dns_local("127.0.0.1@1");
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct ask asks[ARRAY_LEN(cases)];
	struct answer answers[ARRAY_LEN(cases)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		asks[i] = (struct ask){ ASK_DNS, cases[i].rrtype, str_of(cases[i].name) };
	dns_ask(d, a, asks, ARRAY_LEN(cases), clock_mono_ms() + 5000, answers);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(answers[i].status, cases[i].status);
		assert_int_equal(answers[i].records.n, cases[i].data ? 1 : 0);
		if (!cases[i].data)
			continue;
		size_t n = cases[i].rrtype == RR_A ? 4 : strlen(cases[i].data);
		assert_true(str_eq(answers[i].records.v[0].data, str_from(cases[i].data, n)));
		assert_int_equal(answers[i].records.v[0].preference, cases[i].preference);
	}
	arena_free(&a);
	dns_free(&d);
}

static int udp_socket(char server[64])
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t n = sizeof(sin);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &n), 0);
	snprintf(server, 64, "127.0.0.1@%u", ntohs(sin.sin_port));
	return fd;
}

static void test_silent_server(void **state)
{
	char server[64];
	int fd = udp_socket(server);
	struct dns *d = dns_local(server);
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct ask asks[2] = { { ASK_DNS, RR_TXT, STR("nobody.example.org") },
			       { ASK_DNS, RR_A, STR("a.example.test") } };
	struct answer answers[2];

	(void)state;
	int64_t began = clock_mono_ms();
	dns_ask(d, a, asks, 2, began + 100, answers);
	assert_true(clock_mono_ms() - began < 2000);
	assert_int_equal(answers[0].status, ANSWER_TEMPERROR);
	assert_int_equal(answers[1].status, ANSWER_OK); /* known without asking */
	dns_ask(d, a, asks, 1, began, answers);         /* the deadline is over already */
	assert_int_equal(answers[0].status, ANSWER_TEMPERROR);
	arena_free(&a);
	dns_free(&d);
	close(fd);
}

/* Lines in the log so far. */
static size_t lines_of(int fd)
{
	char text[4096];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	size_t lines = 0;

	assert_true(n >= 0);
	text[n] = '\0';
	for (const char *p = text; (p = strstr(p, " event=dns_silent unanswered=")); p++)
		lines++;
	return lines;
}

/* Each question has a deadline of its own: who is silent keeps nobody waiting whose answer is there, nor past his own. */
static void test_each(void **state)
{
	char server[64];
	int fd = udp_socket(server);
	struct dns *d = dns_local(server);
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct ask asks[3] = { { ASK_DNS, RR_A, STR("a.example.test") },
			       { ASK_LISTED, RR_A, STR("silent.example.org") },
			       { ASK_LISTED, RR_A, STR("a.example.test") } };
	struct answer answers[3];
	int64_t now = clock_mono_ms(), until[3] = { now + 60000, now + 50, 0 };

	(void)state;
	dns_ask_each(d, a, asks, 3, until, answers);
	assert_int_equal(answers[0].status, ANSWER_OK);
	assert_int_equal(answers[1].status, ANSWER_TEMPERROR);
	assert_int_equal(answers[2].status, ANSWER_TEMPERROR); /* not asked at all */
	dns_free(&d);
	arena_free(&a);
	close(fd);
}

/* Silence of all resolvers is logged, once, and the silence of a few names is not; an answer begins the count anew. */
static void test_silence(void **state)
{
	char server[64], path[] = "/tmp/postern-dns-XXXXXX", names[30][32];
	int fd = udp_socket(server), file = mkstemp(path);
	const struct log log = { .fd = file, .level = LOG_WARN, .role = "test" };
	struct str servers[1] = { str_of(server) };
	struct dns_options o = { .servers = { servers, 1 }, .local_data = STR(local), .log = &log };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct ask asks[30], known = { ASK_DNS, RR_A, STR("a.example.test") };
	struct answer answers[30];
	static const struct {
		bool known;
		size_t lines;
	} turns[] = { { false, 0 }, { true, 0 }, { false, 0 }, { false, 1 },
		      { false, 1 }, { true, 1 }, { false, 1 } };
	struct errbuf eb;
	struct dns *d;

	(void)state;
	assert_true(file >= 0);
	unlink(path);
	assert_int_equal(dns_new(&o, &d, &eb), OK);
	for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
		snprintf(names[i], sizeof(names[i]), "n%zu.example.org", i);
		asks[i] = (struct ask){ ASK_DNS, RR_TXT, str_of(names[i]) };
	}
	for (size_t i = 0; i < ARRAY_LEN(turns); i++) {
		if (turns[i].known)
			dns_ask(d, a, &known, 1, clock_mono_ms() + 5000, answers);
		else
			dns_ask(d, a, asks, ARRAY_LEN(asks), clock_mono_ms() + 20, answers);
		assert_int_equal(lines_of(file), turns[i].lines);
	}
	dns_free(&d);
	arena_free(&a);
	close(file);
	close(fd);
}

/* Answers every question with something else, by its first letter. */
struct liar {
	int fd, stop[2];
};

static size_t lie(unsigned char *p, size_t n, char kind)
{
	static const unsigned char txt_beyond_end[] = { 0xc0, 12, 0, 16, 0,   1,   0,  0,
							0,    60, 0, 3,  200, 'x', 'y' };
	static const unsigned char short_address[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 3, 1, 2, 3 };
	const unsigned char *record = kind == 't' ? txt_beyond_end : short_address;

	p[2] = 0x85; /* an authoritative answer */
	p[3] = kind == 's' ? 2 : 0;
	p[10] = p[11] = 0; /* no EDNS */
	if (kind == 'g') {
		memset(p + 2, 0xff, n - 2); /* garbage under the right number */
		return n;
	}
	if (kind == 's')
		return n;
	/* Behind the question, without the OPT record that followed it. */
	size_t end = 12;
	while (p[end])
		end += p[end] + 1u;
	end += 5;
	p[7] = 1;
	memcpy(p + end, record, sizeof(short_address));
	return end + sizeof(short_address);
}

static void *liar_run(void *ctx)
{
	struct liar *l = ctx;
	struct pollfd p[2] = { { .fd = l->fd, .events = POLLIN }, { .fd = l->stop[0], .events = POLLIN } };
	unsigned char packet[4096];

	while (poll(p, 2, -1) > 0 && !p[1].revents) {
		struct sockaddr_in from;
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(l->fd, packet, sizeof(packet) - 512, 0, (struct sockaddr *)&from, &len);
		if (n < 17)
			continue;
		size_t size = lie(packet, (size_t)n, (char)(packet[13] | 0x20));
		if (sendto(l->fd, packet, size, 0, (struct sockaddr *)&from, len) < 0)
			break;
	}
	return NULL;
}

static void test_lying_server(void **state)
{
	char server[64];
	struct liar l = { .fd = udp_socket(server) };
	struct dns *d = dns_local(server);
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct ask asks[] = {
		{ ASK_DNS, RR_TXT, STR("txt.example") },
		{ ASK_DNS, RR_A, STR("address.example") },
		{ ASK_DNS, RR_A, STR("servfail.example") },
		{ ASK_DNS, RR_A, STR("garbage.example") },
	};
	struct answer answers[ARRAY_LEN(asks)];
	pthread_t thread;

	(void)state;
	assert_int_equal(pipe(l.stop), 0);
	assert_int_equal(pthread_create(&thread, NULL, liar_run, &l), 0);
	dns_ask(d, a, asks, ARRAY_LEN(asks), clock_mono_ms() + 500, answers);
	for (size_t i = 0; i < ARRAY_LEN(asks); i++) {
		assert_int_not_equal(answers[i].status, ANSWER_OK);
		assert_int_equal(answers[i].records.n, 0);
	}
	close(l.stop[1]);
	pthread_join(thread, NULL);
	arena_free(&a);
	dns_free(&d);
	close(l.stop[0]);
	close(l.fd);
}

static void test_bad_options(void **state)
{
	static const struct {
		struct str data;
		const char *want;
	} bad[] = {
		{ STR_INIT("this is no zone line"), "line 1: not a resource record: this is no zone line" },
		{ STR_INIT("# one\na.test. IN A 192.0.2.1\n a.test. IN A 192.0.2.256\n"),
		  "line 3: not a resource record: a.test. IN A 192.0.2.256" },
		{ STR_INIT("a.test. IN A 192.0.2.1\0"),
		  "line 1: not a resource record: a.test. IN A 192.0.2.1" },
	};
	struct errbuf eb;
	struct dns *d;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct dns_options o = { .local_data = bad[i].data, .log = &quiet };

		assert_int_equal(dns_new(&o, &d, &eb), ERR_SYNTAX);
		assert_null(d);
		assert_string_equal(eb.text, bad[i].want);
		assert_int_equal(dns_check(bad[i].data, false, &eb), ERR_SYNTAX);
		assert_string_equal(eb.text, bad[i].want);
	}
	assert_int_equal(dns_check(STR(local), false, &eb), OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_local_data),   cmocka_unit_test(test_silent_server),
		cmocka_unit_test(test_each),         cmocka_unit_test(test_silence),
		cmocka_unit_test(test_lying_server), cmocka_unit_test(test_bad_options),
	};

	return cmocka_run_group_tests_name("net/dns", tests, NULL, NULL);
}
