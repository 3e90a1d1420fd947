/* HTTP towards URLs that people configure: which are asked, and servers that answer badly. */
#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/http.h"

static struct arena *arena;

static void test_escape(void **state)
{
	(void)state;
	assert_true(str_eq(http_escape(arena, STR("aZ9-._~")), STR("aZ9-._~")));
	assert_true(
	    str_eq(http_escape(arena, STR("<a b@c/\xC3\xA9'+%>")), STR("%3Ca%20b%40c%2F%C3%A9%27%2B%25%3E")));
	assert_true(str_eq(http_escape(arena, STR_NONE), STR("")));
}

static void test_what_is_not_asked(void **state)
{
	static const struct {
		const char *url;
		enum err want;
		const char *why;
	} cases[] = {
		{ "http://198.51.100.7/", ERR_DENIED, "does not begin with https://" },
		{ "ftp://198.51.100.7/", ERR_DENIED, "does not begin with https://" },
		{ "https://127.0.0.1/", ERR_DENIED, "private or special address" },
		{ "https://[::1]/", ERR_DENIED, "private or special address" },
		{ "https://[::ffff:10.0.0.1]/", ERR_DENIED, "private or special address" },
		{ "https://2130706433/", ERR_DENIED, "private or special address" },
		{ "https://mail.example/", ERR_LATER, "no DNS" },
		{ "https://a b/", ERR_DENIED, "cannot be read" },
	};
	struct http *h = http_new(&(const struct http_rules){ 0 });

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct http_request q = { .url = str_of(cases[i].url),
						.answer_max = 100,
						.until = clock_mono_ms() + 5000 };
		struct http_answer answer;
		struct errbuf why = { "" };
		enum err e = http_ask(h, arena, &q, &answer, &why);
		if (e != cases[i].want || answer.status || answer.reached || !strstr(why.text, cases[i].why))
			fail_msg("%s: %s, %s", cases[i].url, err_name(e), why.text);
	}
	http_free(&h);
}

/* Takes connections one after the other; on each it reads a request and says its line, NULL: hangs up at once. */
struct server {
	int fd, port;
	const char *const *says;
	size_t n;
	char got[4096];
	pthread_t thread;
};

static void *serve(void *ctx)
{
	struct server *s = ctx;

	for (size_t i = 0; i < s->n; i++) {
		int fd = accept(s->fd, NULL, NULL);
		ssize_t n = read(fd, s->got, sizeof(s->got) - 1);
		s->got[n > 0 ? n : 0] = '\0';
		if (s->says[i] && write(fd, s->says[i], strlen(s->says[i])) < 0)
			s->got[0] = '\0';
		shutdown(fd, SHUT_WR);
		close(fd);
	}
	return NULL;
}

static void server_start(struct server *s, const char *const *says, size_t n)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);

	*s = (struct server){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .says = says, .n = n };
	assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->fd, 8), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &size), 0);
	s->port = ntohs(at.sin_port);
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_end(struct server *s)
{
	pthread_join(s->thread, NULL);
	close(s->fd);
}

#define ANSWER(status, fields, body) "HTTP/1.1 " status "\r\n" fields "Connection: close\r\n\r\n" body

static enum err ask(struct http *h, int port, struct http_request q, struct http_answer *out,
		    struct errbuf *why)
{
	q.url = arena_printf(arena, "http://127.0.0.1:%d/a?b", port);
	q.answer_max = q.answer_max ? q.answer_max : 100;
	q.until = clock_mono_ms() + 5000;
	return http_ask(h, arena, &q, out, why);
}

static void test_answers(void **state)
{
	static const struct {
		const char *says;
		enum err want;
		int status;
		const char *body;
		int64_t after_ms;
		bool reached;
	} cases[] = {
		{ ANSWER("200 OK", "", "yes"), OK, 200, "yes", 0, true },
		{ ANSWER("404 Not Found", "", "no"), OK, 404, "no", 0, true },
		{ ANSWER("302 Found", "Location: http://127.0.0.1:1/\r\n", ""), OK, 302, "", 0, true },
		{ ANSWER("429 Too Many Requests", "Retry-After: 17\r\n", ""), OK, 429, "", 17000, true },
		{ ANSWER("503 Service Unavailable", "Retry-After: 99999999\r\n", ""), OK, 503, "", 86400000,
		  true },
		{ ANSWER("503 Service Unavailable", "Retry-After: -5\r\n", ""), OK, 503, "", 0, true },
		{ ANSWER("503 Service Unavailable", "Retry-After: soon\r\n", ""), OK, 503, "", 0, true },
		{ ANSWER("503 Service Unavailable", "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", ""), OK,
		  503, "", 0, true },
		{ ANSWER("200 OK", "Content-Length: 9\r\n", "cut"), ERR_LATER, 200, "cut", 0, true },
		{ "HTTP/1.1 200", ERR_LATER, 0, "", 0, true },
		{ "220 mail.example.org ESMTP\r\n", ERR_LATER, 0, "", 0, true },
		{ NULL, ERR_LATER, 0, "", 0, true },
	};
	struct http *h = http_new(&(const struct http_rules){ .allow_private = true });

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct server s;
		struct http_answer answer;
		struct errbuf why = { "" };
		server_start(&s, &cases[i].says, 1);
		enum err e = ask(h, s.port, (struct http_request){ 0 }, &answer, &why);
		if (e != cases[i].want || (answer.status != cases[i].status && cases[i].status) ||
		    (e == OK && !str_eq(answer.body, str_of(cases[i].body))) ||
		    answer.retry_after_ms != cases[i].after_ms || answer.reached != cases[i].reached)
			fail_msg("%s: %s, %d, %lld, %s", cases[i].says, err_name(e), answer.status,
				 (long long)answer.retry_after_ms, why.text);
		server_end(&s);
	}
	http_free(&h);
}

/* Retry-After as a date: what is left until then. */
static void test_retry_after_date(void **state)
{
	struct http *h = http_new(&(const struct http_rules){ .allow_private = true });
	time_t then = time(NULL) + 120;
	char line[200], date[64];
	const char *says = line;
	struct server s;
	struct tm tm;
	struct http_answer answer;
	struct errbuf why = { "" };

	(void)state;
	gmtime_r(&then, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	snprintf(line, sizeof(line), ANSWER("503 Service Unavailable", "Retry-After: %s\r\n", ""), date);
	server_start(&s, &says, 1);
	assert_int_equal(ask(h, s.port, (struct http_request){ 0 }, &answer, &why), OK);
	assert_in_range(answer.retry_after_ms, 60000, 120000);
	server_end(&s);
	http_free(&h);
}

static void test_requests(void **state)
{
	static const char *const says[] = { ANSWER("200 OK", "", "") };
	static const struct {
		struct http_request q;
		const char *line, *body;
	} cases[] = {
		{ { 0 }, "GET /a?b HTTP/1.1\r\n", "" },
		{ { .body = STR_INIT("{}") }, "POST /a?b HTTP/1.1\r\n", "\r\nContent-Length: 2\r\n" },
		{ { .body = STR_INIT("") }, "POST /a?b HTTP/1.1\r\n", "\r\nContent-Length: 0\r\n" },
		{ { .method = "PATCH", .body = STR_INIT("{}") }, "PATCH /a?b HTTP/1.1\r\n", "{}" },
		{ { .method = "DELETE" }, "DELETE /a?b HTTP/1.1\r\n", "" },
		{ { .once = true }, "GET /a?b HTTP/1.1\r\n", "" },
	};
	struct http *h = http_new(&(const struct http_rules){ .allow_private = true });

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct server s;
		struct http_answer answer;
		struct errbuf why = { "" };
		struct http_request q = cases[i].q;
		server_start(&s, says, 1);
		ARENA_PUSH(arena, &q.headers, STR("X-Ours: 1"));
		assert_int_equal(ask(h, s.port, q, &answer, &why), OK);
		server_end(&s);
		if (strncmp(s.got, cases[i].line, strlen(cases[i].line)) != 0 ||
		    !strstr(s.got, cases[i].body) || !strstr(s.got, "\r\nX-Ours: 1\r\n") ||
		    strstr(s.got, "Expect"))
			fail_msg("%zu: %s", i, s.got);
	}
	http_free(&h);
}

static void test_limits(void **state)
{
	static const char *const says[] = { ANSWER("200 OK", "", "0123456789") };
	static atomic_bool ending = true;
	struct http *h = http_new(&(const struct http_rules){ .allow_private = true });
	struct server s;
	struct http_answer answer;
	struct errbuf why = { "" };

	(void)state;
	server_start(&s, says, 1);
	assert_int_equal(ask(h, s.port, (struct http_request){ .answer_max = 9 }, &answer, &why), ERR_LIMIT);
	assert_int_equal(answer.status, 200);
	server_end(&s);
	http_free(&h);

	/* Nobody listens there any more. */
	h = http_new(&(const struct http_rules){ .allow_private = true });
	assert_int_equal(ask(h, s.port, (struct http_request){ 0 }, &answer, &why), ERR_LATER);
	assert_false(answer.reached);
	const struct http_request late = { .url = STR("http://127.0.0.1:1/"), .until = clock_mono_ms() - 1 };
	assert_int_equal(http_ask(h, arena, &late, &answer, &why), ERR_LATER);
	http_free(&h);

	/* Who ends does not wait for one that says nothing. */
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	h = http_new(&(const struct http_rules){ .allow_private = true, .ending = &ending });
	assert_int_equal(ask(h, ntohs(at.sin_port), (struct http_request){ 0 }, &answer, &why), ERR_LATER);
	assert_non_null(strstr(why.text, "abort"));
	http_free(&h);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape),   cmocka_unit_test(test_what_is_not_asked),
		cmocka_unit_test(test_answers),  cmocka_unit_test(test_retry_after_date),
		cmocka_unit_test(test_requests), cmocka_unit_test(test_limits),
	};
	arena = arena_new(16u << 20, NULL, NULL);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(&arena);
	return failed;
}
