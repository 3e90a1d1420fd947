/* Lists that do not answer are left alone for a while, and the log is told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker/list_watch.h"

static const struct block_list two[] = { { .zone = STR_INIT("a.example"), .shown = STR_INIT("a.example") },
					 { .zone = STR_INIT("b.example"), .shown = STR_INIT("b.example") } };

static size_t lines_of(int fd, const char *event)
{
	char text[4096];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	size_t lines = 0;

	assert_true(n >= 0);
	text[n] = '\0';
	for (const char *p = text; (p = strstr(p, event)); p++)
		lines++;
	return lines;
}

#define NAME STR("9.2.0.192.a.example")
#define OTHER STR("9.2.0.192.b.example")
#define PROBE STR("1.0.0.127.a.example")

static void test_watch(void **state)
{
	static struct dns_record refuses = { .data = STR_INIT("\x7f\xff\xff\xfe") },
				 lists = { .data = STR_INIT("\x7f\0\0\x02") };
	const struct answer silent = { .status = ANSWER_TEMPERROR }, clean = { .status = ANSWER_NXDOMAIN },
			    refused = { .status = ANSWER_OK, .records = { &refuses, 1 } },
			    listed = { .status = ANSWER_OK, .records = { &lists, 1 } };
	char path[] = "/tmp/postern-watch-XXXXXX";
	int file = mkstemp(path);
	const struct log log = { .fd = file, .level = LOG_WARN, .role = "test" };
	struct block_lists all = { (struct block_list[]){ two[0], two[1] }, 2 };
	struct list_watch *w = list_watch_new(&all, &log);
	int64_t now = 1000;

	(void)state;
	assert_true(file >= 0);
	unlink(path);
	/* What is none of a list's is asked of nobody. */
	assert_false(list_watch_may_ask(w, STR("www.example.org"), now));
	assert_false(list_watch_may_ask(w, STR("a.example"), now));
	for (int i = 0; i < 9; i++)
		list_watch_heard(w, NAME, &silent, now);
	assert_true(list_watch_may_ask(w, NAME, now));
	list_watch_heard(w, NAME, &clean, now); /* an answer begins the count anew */
	for (int i = 0; i < 9; i++)
		list_watch_heard(w, NAME, &silent, now);
	assert_true(list_watch_may_ask(w, NAME, now));
	list_watch_heard(w, NAME, &silent, now);
	assert_false(list_watch_may_ask(w, NAME, now));
	assert_true(list_watch_may_ask(w, OTHER, now)); /* the others go on */
	assert_int_equal(lines_of(file, "event=list_silent"), 1);
	/* Later one question tries it, and its silence is enough, and no news. */
	now += 60000;
	assert_true(list_watch_may_ask(w, NAME, now));
	list_watch_heard(w, NAME, &silent, now);
	assert_false(list_watch_may_ask(w, NAME, now));
	assert_int_equal(lines_of(file, "event=list_silent"), 1);
	now += 60000;
	list_watch_heard(w, NAME, &listed, now);
	assert_true(list_watch_may_ask(w, NAME, now));
	/* Refused. */
	list_watch_heard(w, NAME, &refused, now);
	assert_false(list_watch_may_ask(w, NAME, now + 599000));
	assert_int_equal(lines_of(file, "event=list_refuses"), 1);
	assert_int_equal(lines_of(file, "code=\"127.255.255.254\""), 1);
	/* What others in the same batch were answered changes nothing. */
	list_watch_heard(w, NAME, &clean, now);
	assert_false(list_watch_may_ask(w, NAME, now));
	now += 600000;
	assert_true(list_watch_may_ask(w, NAME, now));
	list_watch_heard(w, NAME, &clean, now);
	list_watch_heard(w, PROBE, &clean, now);
	assert_true(list_watch_may_ask(w, NAME, now));
	list_watch_heard(w, PROBE, &listed, now);
	assert_false(list_watch_may_ask(w, NAME, now));
	assert_int_equal(lines_of(file, "event=list_holds_everything"), 1);
	list_watch_free(&w);
	close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_watch) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
