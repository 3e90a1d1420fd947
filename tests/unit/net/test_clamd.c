/* clamd's protocol against servers that answer well, badly, late or not at all. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "net/clamd.h"

static void test_addresses(void **state)
{
	static const struct {
		const char *text;
		bool fine;
	} cases[] = {
		{ "/run/clamav/clamd.ctl", true },
		{ "127.0.0.1:3310", true },
		{ "[::1]:3310", true },
		{ "127.0.0.1", false },
		{ "127.0.0.1:0", false },
		{ "*:3310", false },
		{ "localhost:3310", false },
		{ "clamd.ctl", false },
		{ "", false },
		{ "/a/very/long/path/that/no/socket/has/a/very/long/path/a/very/long/path/a/very/long/path/a/"
		  "very/long/path/a/"
		  "very/long/path/a/v",
		  false },
	};
	struct clamd_address a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if ((clamd_address_parse(cases[i].text, &a) == OK) != cases[i].fine)
			fail_msg("%s", cases[i].text);
}

/* One connection: reads so much (SIZE_MAX = until a chunk of length 0), says something, hangs up. */
struct server {
	int fd;
	size_t most;
	struct str says;
	bool waits; /* for the other side to hang up first */
	unsigned char got[300000];
	size_t got_n;
};

static bool has_all(const struct server *s)
{
	return s->got_n >= s->most || (s->got_n > 14 && memcmp(s->got + s->got_n - 4, "\0\0\0\0", 4) == 0);
}

static void *serve(void *ctx)
{
	struct server *s = ctx;
	int fd = accept(s->fd, NULL, NULL);
	ssize_t n = 1;

	while (fd >= 0 && !has_all(s) && n > 0) {
		n = read(fd, s->got + s->got_n, sizeof(s->got) - s->got_n);
		s->got_n += n > 0 ? (size_t)n : 0;
	}
	if (s->says.n && write(fd, s->says.p, s->says.n) < 0)
		s->got_n = 0;
	if (s->waits && read(fd, s->got, 1) > 0)
		s->got_n = 0;
	close(fd);
	return NULL;
}

static void test_answers(void **state)
{
	static const struct {
		const char *name;
		struct str says;
		size_t most;
		bool waits;
		enum err want;
		const char *found;
	} cases[] = {
		{ "clean", STR_INIT("stream: OK\0"), SIZE_MAX, false, OK, "" },
		{ "found", STR_INIT("stream: Win.Test.EICAR_HDB-1 FOUND\0"), SIZE_MAX, false, OK,
		  "Win.Test.EICAR_HDB-1" },
		{ "refused", STR_INIT("INSTREAM size limit exceeded. ERROR\0"), SIZE_MAX, false, ERR_DENIED,
		  "" },
		{ "no end", STR_INIT("stream: OK"), SIZE_MAX, false, ERR_ABSENT, "" },
		{ "nothing", STR_INIT(""), SIZE_MAX, false, ERR_ABSENT, "" },
		{ "hung up at once", STR_INIT(""), 0, false, ERR_ABSENT, "" },
		{ "another language", STR_INIT("220 mail.example.org ESMTP\0"), SIZE_MAX, false, ERR_SYNTAX,
		  "" },
		{ "no name", STR_INIT("stream: FOUND\0"), SIZE_MAX, false, ERR_SYNTAX, "" },
		{ "control characters", STR_INIT("stream: a\nb FOUND\0"), SIZE_MAX, false, ERR_SYNTAX, "" },
		{ "silent", STR_INIT(""), SIZE_MAX, true, ERR_LATER, "" },
	};
	static struct server s;
	static char mail[200000];
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	char dir[] = "/tmp/postern-clamd-XXXXXX", path[64];
	struct clamd_address to;
	int file = memfd_create("mail", MFD_CLOEXEC);

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/s", dir);
	memset(mail, 'm', sizeof(mail));
	assert_int_equal(write(file, mail, sizeof(mail)), sizeof(mail));
	assert_int_equal(clamd_address_parse(path, &to), OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sockaddr_un at = { .sun_family = AF_UNIX };
		struct stream *stream;
		struct errbuf eb = { "" };
		struct str found = STR("");
		pthread_t thread;

		memcpy(at.sun_path, path, strlen(path) + 1);
		s = (struct server){ .most = cases[i].most, .says = cases[i].says, .waits = cases[i].waits };
		s.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(bind(s.fd, (struct sockaddr *)&at, sizeof(at)), 0);
		assert_int_equal(listen(s.fd, 1), 0);
		assert_int_equal(pthread_create(&thread, NULL, serve, &s), 0);
		deadline_ms until = clock_mono_ms() + (cases[i].waits ? 200 : 5000);
		assert_int_equal(clamd_send(&to, file, sizeof(mail), until, &stream, &eb), OK);
		enum err e = clamd_hear(&stream, a, until, &found, &eb);
		if (e != cases[i].want || !str_eq(found, str_of(cases[i].found)))
			fail_msg("%s: %s, %s, \"%.*s\"", cases[i].name, err_name(e), eb.text, STR_ARG(found));
		assert_null(stream);
		pthread_join(thread, NULL);
		/* Command, three and a bit chunks of 64 kB with their lengths, and the end. */
		if (cases[i].want == OK)
			assert_int_equal(s.got_n, 10 + sizeof(mail) + 4 * 4 + 4);
		close(s.fd);
		unlink(path);
	}
	struct stream *none;
	struct errbuf eb;
	assert_int_equal(clamd_send(&to, file, 1, clock_mono_ms() + 100, &none, &eb), ERR_ABSENT);
	assert_null(none);
	rmdir(dir);
	close(file);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_addresses),
					    cmocka_unit_test(test_answers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
