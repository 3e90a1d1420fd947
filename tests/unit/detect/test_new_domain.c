/* new_domain: senders the account does not know yet. */
#include "bench.h"

#define RECEIVED INT64_C(1793000000000000) /* as the bench scans */
#define DAY (INT64_C(86400) * 1000000)

static const struct row rows[] = {
	{ "never seen", { 0 }, "new_domain.never_seen", 0.15 },
	{ "its address is known, its domain is not",
	  { .seen = 5, .never = "domain:" },
	  "new_domain.never_seen",
	  0.15 },
	{ "seen two days ago", { .seen = 1, .first_us = RECEIVED - 2 * DAY }, "new_domain.seen_lately", 0.1 },
	/* near misses */
	{ "seen long ago", { .seen = 1 }, NULL, 0 },
	{ "seen a week ago", { .seen = 1, .first_us = RECEIVED - 7 * DAY }, NULL, 0 },
	{ "a house of free mailboxes", { .from = "Ann <ann@gmail.com>" }, NULL, 0 },
	{ "our own", { .from = "Ann <ann@home.test>" }, NULL, 0 },
	{ "nobody to ask", { .offline = true }, NULL, 0 },
	{ "nobody", { .from = "", .mail_from = "" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "new_domain");
}

/* An ordinary first letter is nothing; what is nearly suspicious by two other traits is. */
static void test_weighs_little(void **state)
{
	const struct mail first = { 0 },
			  odd = { .type = "text/html",
				  .headers = "Reply-To: x@gmail.com\r\n",
				  .body = "<a href=\"http://203.0.113.9/\">the list</a> "
					  "<a href=\"https://sender.test/\">our house</a>" },
			  known = { .type = odd.type, .headers = odd.headers, .body = odd.body, .seen = 1 };
	const struct mail *const mails[] = { &first, &known, &odd };
	const enum disposition want[] = { DISP_NONE, DISP_NONE, DISP_SUSPICIOUS };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct bench b;
		bench_scan(&b, mails[i], NULL);
		assert_int_equal(b.verdict.message->final_disposition, want[i]);
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table),
					    cmocka_unit_test(test_weighs_little) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
