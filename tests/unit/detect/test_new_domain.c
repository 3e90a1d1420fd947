/* new_domain: senders the account does not know yet. */
#include "bench.h"

#include "detect/outside.h"

#define RECEIVED INT64_C(1793000000000000) /* as the bench scans */
#define DAY (INT64_C(86400) * 1000000)

static const struct outside asked = { .ages = true }, nobody = { 0 };

#define AGES(list) .outside = &asked, .seen = 1, .ages = list
#define LEADS_TO(host) .body = "See https://" host "/a for the list.\r\n"

static const struct row rows[] = {
	{ "never seen", { 0 }, "new_domain.never_seen", 0.15 },
	{ "its address is known, its domain is not",
	  { .seen = 5, .never = "domain:" },
	  "new_domain.never_seen",
	  0.15 },
	{ "seen two days ago", { .seen = 1, .first_us = RECEIVED - 2 * DAY }, "new_domain.seen_lately", 0.1 },
	{ "registered today", { AGES("sender.test 0") }, "new_domain.registered_lately", 0.6 },
	{ "yesterday, one below it",
	  { AGES("sender.test 1"), .from = "Ann <ann@mail.sender.test>" },
	  "new_domain.registered_lately",
	  0.6 },
	{ "last week", { AGES("sender.test 7") }, "new_domain.registered_lately", 0.45 },
	{ "last month", { AGES("sender.test 30") }, "new_domain.registered_lately", 0.3 },
	{ "this quarter", { AGES("sender.test 80") }, "new_domain.registered_lately", 0.15 },
	{ "where replies go",
	  { AGES("other.test 2"), .headers = "Reply-To: x@other.test\r\n" },
	  "new_domain.registered_reply",
	  0.6 },
	{ "a link",
	  { AGES("www-bad.test 2"), LEADS_TO("login.www-bad.test") },
	  "new_domain.registered_link",
	  0.6 },
	{ "the youngest of two",
	  { AGES("old.test 60 young.test 2"), .body = "https://old.test/ https://young.test/\r\n" },
	  "new_domain.registered_link",
	  0.6 },
	/* near misses */
	{ "registered long ago", { AGES("sender.test 400 x.test 4000"), LEADS_TO("x.test") }, NULL, 0 },
	{ "a day too old", { AGES("sender.test 90") }, NULL, 0 },
	{ "registered after the mail came", { AGES("sender.test -3") }, NULL, 0 },
	{ "its age is not known", { AGES("x.test 1") }, NULL, 0 },
	{ "nobody is asked", { .outside = &nobody, .seen = 1, .ages = "sender.test 1" }, NULL, 0 },
	{ "nobody said so", { .seen = 1, .ages = "sender.test 1" }, NULL, 0 },
	{ "our own link", { AGES("home.test 1"), LEADS_TO("www.home.test") }, NULL, 0 },
	{ "a link to an address", { AGES("203.0.113.9 1"), LEADS_TO("203.0.113.9") }, NULL, 0 },
	{ "replies to a free mailbox",
	  { AGES("gmail.com 1"), .headers = "Reply-To: x@gmail.com\r\n" },
	  NULL,
	  0 },
	{ "a link to a shortener", { AGES("bit.ly 1"), LEADS_TO("bit.ly") }, NULL, 0 },
	{ "it was released", { AGES("sender.test 1"), .released = true }, NULL, 0 },
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
	const struct mail
	    first = { 0 },
	    odd = { .type = "text/html",
		    .headers = "Reply-To: x@gmail.com\r\n",
		    .body = "<p>Good morning, here is what we spoke about on Tuesday, and thank you for the "
			    "tea:</p><a href=\"http://203.0.113.9/\">the list</a> "
			    "<a href=\"https://sender.test/\">our house</a>" },
	    known = { .type = odd.type, .headers = odd.headers, .body = odd.body, .seen = 1 };
	const struct mail *const mails[] = { &first, &known, &odd };
	const enum disposition want[] = { DISP_NONE, DISP_NONE, DISP_SUSPICIOUS };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		assert_int_equal(bench_verdict(mails[i]), want[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table),
					    cmocka_unit_test(test_weighs_little) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
