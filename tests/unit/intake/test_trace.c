/* How many servers have had a mail in hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "intake/trace.h"

static void hops(void **state)
{
	static const struct {
		const char *mail;
		size_t want;
	} cases[] = {
		{ "", 0 },
		{ "Received: from a", 1 },
		{ "Received: from a\r\n\tby b\r\nRECEIVED \t: x\r\nSubject: x\r\n\r\nReceived: no\r\n", 2 },
		{ "Received: a\nreceived: b\n\nReceived: no\n", 2 },
		{ "\r\nReceived: no\r\n", 0 },
		{ "X-Received: no\r\nReceived-SPF: no\r\nReceived\r\n Received: no\r\n", 0 },
		{ "Subject: x\r\n\tReceived: folded\r\nReceived:\r\n", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (trace_hops(str_of(cases[i].mail)) != cases[i].want)
			fail_msg("%s: %zu", cases[i].mail, trace_hops(str_of(cases[i].mail)));
}

/* Twice the mail, twice the time; a header without end is no exception. */
static int64_t time_of(size_t lines)
{
	struct buf b;

	buf_init(&b, 64u << 20);
	for (size_t i = 0; i < lines; i++)
		buf_add_c(&b, i % 2 ? "Received: x\n" : "Receive\r\n");
	int64_t began = clock_mono_ms();
	assert_int_equal(trace_hops(buf_str(&b)), lines / 2);
	int64_t took = clock_mono_ms() - began;
	buf_free(&b);
	return took;
}

static void linear(void **state)
{
	(void)state;
	assert_true(time_of(2000000) <= 8 * time_of(500000) + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hops), cmocka_unit_test(linear) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
