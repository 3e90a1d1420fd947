/* What is sent: signatures, syslog messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "courier/way.h"
#include "json/write.h"

static int setup(void **state)
{
	*state = arena_new(1u << 20, NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	struct arena *a = *state;

	arena_free(&a);
	return 0;
}

/* printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac secret */
static void signatures(void **state)
{
	struct str s = webhook_signature(*state, STR("secret"), 1767225600, STR("{\"a\":1}"));

	assert_true(str_eq(s, STR("v1=96a067a1c95eb143fc00b9097bcfcbcd5456adda508c443ff219748e764dbed7")));
	assert_false(str_eq(s, webhook_signature(*state, STR("secret"), 1767225601, STR("{\"a\":1}"))));
	assert_false(str_eq(s, webhook_signature(*state, STR("Secret"), 1767225600, STR("{\"a\":1}"))));
	assert_false(str_eq(s, webhook_signature(*state, STR("secret"), 1767225600, STR("{\"a\":2}"))));
}

static void syslog_messages(void **state)
{
	struct telling t = {
		.event = STR("8c1f"), .kind = EVENT_RELEASE, .at_us = 1767225600000001, .text = STR("{}")
	};

	assert_true(str_eq(syslog_message(*state, "gw.example", &t),
			   STR("<21>1 2026-01-01T00:00:00.000001Z gw.example postern - release - {}")));
}

/* Whatever stands in a mail: no control character leaves the JSON it is in. */
static void hostile_texts_stay_inside(void **state)
{
	struct arena *a = *state;
	struct buf b;
	char all[256];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	buf_init(&b, 1u << 16);
	json_str(&b, str_from(all, sizeof(all)));
	struct telling t = { .kind = EVENT_VERDICT, .text = buf_str(&b) };
	struct str message = syslog_message(a, "gw", &t);
	for (size_t i = 0; i < message.n; i++)
		assert_true((unsigned char)message.p[i] >= ' ');
	buf_free(&b);
}

/* Answers one request on each of the connections in turn, and closes it. */
struct server {
	int fd;
	const char *const *answers;
	size_t n;
};

static void *serve(void *arg)
{
	const struct server *s = arg;
	char request[4096];

	for (size_t i = 0; i < s->n; i++) {
		int fd = accept(s->fd, NULL, NULL);
		assert_true(fd >= 0 && read(fd, request, sizeof(request)) > 0);
		assert_true(write(fd, s->answers[i], strlen(s->answers[i])) > 0);
		shutdown(fd, SHUT_WR);
		while (read(fd, request, sizeof(request)) > 0)
			;
		close(fd);
	}
	return NULL;
}

/* What has said that it took an event is not asked again, even where it says no more. */
static void answers_that_break_off(void **state)
{
	static const char *const answers[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
		"HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\nshort",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense",
		"HTTP/1.1 200",
		"nothing\r\n\r\n",
	};
	static const enum err wanted[] = { OK, ERR_DENIED, OK, ERR_LATER, ERR_LATER };
	const struct way_tools tools = { .allow_private = true };
	const struct telling telling = { .event = STR("8c1f"), .text = STR("{}") };
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct server s = { socket(AF_INET, SOCK_STREAM, 0), answers, ARRAY_LEN(answers) };
	socklen_t size = sizeof(at);
	struct notice_target t = { .secret = STR("s") };
	struct errbuf why = { "" };
	pthread_t thread;
	void *w;

	assert_int_equal(bind(s.fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(s.fd, 1), 0);
	assert_int_equal(getsockname(s.fd, (struct sockaddr *)&at, &size), 0);
	assert_int_equal(pthread_create(&thread, NULL, serve, &s), 0);
	assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
	t.to.url = arena_printf(*state, "http://127.0.0.1:%d/", ntohs(at.sin_port));
	assert_int_equal(way_webhook.open(&tools, *state, &t, &w, &why), OK);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		assert_int_equal(way_webhook.tell(w, *state, &telling, &why), wanted[i]);
	way_webhook.close(w);
	curl_global_cleanup();
	pthread_join(thread, NULL);
	close(s.fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures),
		cmocka_unit_test(syslog_messages),
		cmocka_unit_test(hostile_texts_stay_inside),
		cmocka_unit_test(answers_that_break_off),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
