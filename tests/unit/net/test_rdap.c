/* RDAP: who is asked, what answers say, and servers that answer badly. */
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/rdap.h"

static struct arena *arena;
static atomic_bool ending;

static void test_bootstrap(void **state)
{
	static const char text[] =
	    "{\"version\":\"1.0\",\"services\":[[[\"com\",\"NET\"],[\"http://old.example/\",\"https://"
	    "rdap.example/v1\"]],"
	    "[[\"uk\"],[\"https://uk.example/\"]],[[\"co.uk\"],[\"https://co-uk.example/\"]],"
	    "[[\"bad\"],[\"ftp://x.example/\"]],[[\"bad2\"],[]],\"bad3\",[[\"xn--p1ai\"],[\"http://"
	    "rf.example\"]]]}";
	static const struct {
		const char *domain, *url; /* NULL: nobody */
	} cases[] = {
		{ "example.com", "https://rdap.example/v1/" },
		{ "example.net", "https://rdap.example/v1/" },
		{ "example.org", NULL },
		{ "com", NULL },
		{ "notcom", NULL },
		{ "example.co.uk", "https://co-uk.example/" },
		{ "example.uk", "https://uk.example/" },
		{ "example.bad", NULL },
		{ "example.bad2", NULL },
		{ "example.xn--p1ai", "http://rf.example/" },
	};
	static const char *const bad[] = {
		"", "{", "[]", "{}", "{\"services\":{}}", "{\"services\":[]}", "{\"services\":[[[\"a\"],[]]]}"
	};
	struct rdap_bootstrap b;
	struct errbuf eb;

	(void)state;
	if (rdap_bootstrap_read(arena, STR(text), &b, &eb) != OK)
		fail_msg("%s", eb.text);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rdap_service *s = rdap_service_of(&b, str_of(cases[i].domain));
		if (s ? !cases[i].url || !str_eq(s->url, str_of(cases[i].url)) : cases[i].url != NULL)
			fail_msg("%s: %.*s", cases[i].domain, STR_ARG(s ? s->url : STR_NONE));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (rdap_bootstrap_read(arena, str_of(bad[i]), &b, &eb) == OK)
			fail_msg("taken: %s", bad[i]);
}

#define EVENTS(list) "{\"objectClassName\":\"domain\",\"events\":[" list "]}"
#define EVENT(what, when) "{\"eventAction\":\"" what "\",\"eventDate\":\"" when "\"}"

static void test_registration(void **state)
{
	static const struct {
		const char *text;
		enum err want;
	} cases[] = {
		{ EVENTS(EVENT("registration", "2020-01-02T03:04:05Z")), OK },
		{ EVENTS(EVENT("expiration", "2030-01-01T00:00:00Z") "," EVENT("registration",
									       "2020-01-02T05:04:05+02:00")),
		  OK },
		{ EVENTS(EVENT("registration", "2020-01-02T03:04:05.000Z")), OK },
		{ EVENTS(EVENT("reregistration", "2020-01-02T03:04:05Z")), ERR_ABSENT },
		{ EVENTS(EVENT("registration", "yesterday")), ERR_ABSENT },
		{ EVENTS("{\"eventAction\":\"registration\"},7,null"), ERR_ABSENT },
		{ "{\"events\":{}}", ERR_ABSENT },
		{ "{}", ERR_ABSENT },
		{ "[]", ERR_SYNTAX },
		{ "<html>", ERR_SYNTAX },
		{ "", ERR_SYNTAX },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t us = 0;
		enum err e = rdap_read_registration(arena, str_of(cases[i].text), &us);
		if (e != cases[i].want || (e == OK && us != INT64_C(1577934245000000)))
			fail_msg("%s: %s, %lld", cases[i].text, err_name(e), (long long)us);
	}
}

struct server {
	int fd;
	const char *says; /* NULL: nothing until the other side hangs up */
	char got[4096];
};

static void *serve(void *ctx)
{
	struct server *s = ctx;
	int fd = accept(s->fd, NULL, NULL);
	ssize_t n = read(fd, s->got, sizeof(s->got) - 1);

	s->got[n > 0 ? n : 0] = '\0';
	if (!s->says && read(fd, s->got, 1) > 0)
		s->got[0] = '\0';
	if (s->says && write(fd, s->says, strlen(s->says)) < 0)
		s->got[0] = '\0';
	close(fd);
	return NULL;
}

#define HEAD(status) "HTTP/1.1 " status "\r\nConnection: close\r\n\r\n"

static void test_ask(void **state)
{
	static const struct {
		const char *name, *says;
		enum err want;
	} cases[] = {
		{ "registered", HEAD("200 OK") EVENTS(EVENT("registration", "2020-01-02T03:04:05Z")), OK },
		{ "no date", HEAD("200 OK") "{}", ERR_ABSENT },
		{ "no such domain", HEAD("404 Not Found") "{}", ERR_ABSENT },
		{ "enough", HEAD("429 Too Many Requests"), ERR_LIMIT },
		{ "broken", HEAD("500 Internal Server Error"), ERR_LATER },
		{ "elsewhere",
		  "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n",
		  ERR_LATER },
		{ "a page", HEAD("200 OK") "<html>", ERR_LATER },
		{ "no HTTP", "220 mail.example.org ESMTP\r\n", ERR_LATER },
		{ "silent", NULL, ERR_LATER },
	};
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);
	static struct server s;

	(void)state;
	s.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(s.fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s.fd, 5), 0);
	assert_int_equal(getsockname(s.fd, (struct sockaddr *)&at, &size), 0);
	const struct rdap_service service = { .url = arena_printf(arena, "http://127.0.0.1:%u/rdap/",
								  ntohs(at.sin_port)) };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct rdap_question q = { .service = &service,
						 .domain = STR("example.com"),
						 .ending = &ending,
						 .until = clock_mono_ms() + (cases[i].says ? 10000 : 300) };
		struct errbuf eb = { "" };
		pthread_t thread;
		int64_t us = 0;
		s.says = cases[i].says;
		assert_int_equal(pthread_create(&thread, NULL, serve, &s), 0);
		enum err e = rdap_ask(&q, arena, &us, &eb);
		if (e != cases[i].want || (e == OK && us != INT64_C(1577934245000000)))
			fail_msg("%s: %s, %s", cases[i].name, err_name(e), eb.text);
		pthread_join(thread, NULL);
		if (cases[i].says)
			assert_non_null(strstr(s.got, "GET /rdap/domain/example.com HTTP/1.1\r\n"));
	}
	close(s.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_bootstrap),
					    cmocka_unit_test(test_registration), cmocka_unit_test(test_ask) };
	arena = arena_new(16u << 20, NULL, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
