/* Dates of RFC 5322, and the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attr.h"
#include "base/clock.h"
#include "mime/date.h"

static const struct {
	const char *value, *want; /* want NULL: no date */
} cases[] = {
	{ "Fri, 05 Jan 2024 10:00:00 +0000", "2024-01-05T10:00:00" },
	{ "Fri, 5 Jan 2024 10:00:00 +0100", "2024-01-05T09:00:00" },
	{ "5 Jan 2024 10:00 -0530", "2024-01-05T15:30:00" },
	{ "Fri, 05 Jan 2024 10:00:00 +0000 (UTC)", "2024-01-05T10:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 (CET)", "2024-01-05T10:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 EST", "2024-01-05T15:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 PDT", "2024-01-05T17:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 GMT", "2024-01-05T10:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 GMT+0200", "2024-01-05T08:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 +02:00", "2024-01-05T08:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00 A", "2024-01-05T10:00:00" },
	{ "Fri, 05 Jan 2024 10:00:00", "2024-01-05T10:00:00" },
	{ "Fri Jan  5 10:00:00 2024", "2024-01-05T10:00:00" },
	{ "Fri Jan  5 10:00:00 MST 2024", "2024-01-05T17:00:00" },
	{ "2024/01/05 Fri 10:00:00 CDT", "2024-01-05T15:00:00" },
	{ "Fri, 05 Jan 24 10:00:00 +0000", "2024-01-05T10:00:00" },
	{ "Fri, 05 Jan 94 10:00:00 +0000", "1994-01-05T10:00:00" },
	{ "Fri, 05 Jan 124 10:00:00 +0000", "2024-01-05T10:00:00" },
	{ "05-Jan-2024 10:00:00 +0000", "2024-01-05T10:00:00" },
	{ "2024-01-05 10:00:00 +0100", "2024-01-05T09:00:00" },
	{ "2024-01-05T10:00:00Z", "2024-01-05T10:00:00" },
	{ "2024-01-05T10:00:00.123456-05:00", "2024-01-05T15:00:00" },
	{ "January 5, 2024 10:00:00 PM +0000", "2024-01-05T22:00:00" },
	{ "January 5, 2024 12:30:00 AM", "2024-01-05T00:30:00" },
	{ "Fri,\r\n 05 Jan 2024\r\n 10:00:00 +0000", "2024-01-05T10:00:00" },
	{ "Fri (comment (nested)), 05 Jan 2024 10:00:00 +0000", "2024-01-05T10:00:00" },
	{ "Thu, 29 Feb 2024 23:59:60 +0000", "2024-02-29T23:59:59" },
	{ "1 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00" },
	{ "31 Dec 1969 23:59:59 +0000", "1969-12-31T23:59:59" },
	{ "Fri, 05 Jan 2024 10:00:00 +9999", "2024-01-05T10:00:00" },
	{ "Thu, 22 Aug 0102 12:07:35 +0800", "2002-08-22T04:07:35" },
	{ "Fri, 02 Aug 2002 23:37:59 0530", "2002-08-02T18:07:59" },
	{ "Thu, 30 Feb 2024 10:00:00 +0000", NULL },
	{ "29 Feb 2023 10:00:00 +0000", NULL },
	{ "Fri, 05 Jan 2024 25:00:00 +0000", NULL },
	{ "Fri, 05 Jan", NULL },
	{ "10:00:00", NULL },
	{ "yesterday", NULL },
	{ "99999999999999999999", NULL },
	{ "(((((", NULL },
	{ "", NULL },
};

static void test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char out[CLOCK_TEXT_MAX];
		int64_t us = 0;
		enum err e = date_parse(str_of(cases[i].value), &us);
		struct str got = e ? STR("none") : clock_zoneless(us, out);
		if (!str_eq(got, cases[i].want ? str_of(cases[i].want) : STR("none")))
			fail_msg("%s: got %.*s", cases[i].value, STR_ARG(got));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
