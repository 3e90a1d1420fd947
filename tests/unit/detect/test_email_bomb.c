/* email_bomb: floods of newsletters and sign-ups. */
#include "bench.h"

#define FLOOD .seen = 30, .only = "signup:" /* in each of two hours */
#define WANT "email_bomb"
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"

static const struct row rows[] = {
	{ "a newsletter", { FLOOD, .headers = "List-Unsubscribe: <mailto:u@sender.test>\r\n" }, WANT, 1 },
	{ "a list", { FLOOD, .headers = "List-Id: <l.sender.test>\r\n" }, WANT, 1 },
	{ "a mailing", { FLOOD, .headers = "Feedback-ID: 1:2:3\r\n" }, WANT, 1 },
	{ "proved", { FLOOD, PROVED, .headers = "List-Id: <l.sender.test>\r\n" }, WANT, 1 },
	{ "an address to be confirmed", { FLOOD, .body = "Please confirm your subscription.\r\n" }, WANT, 1 },
	{ "a welcome", { FLOOD, .headers = "Subject: Welcome to Rosy Garden\r\n" }, WANT, 1 },
	{ "thanks", { FLOOD, .body = "Thank you for signing up!\r\n" }, WANT, 1 },
	{ "German", { FLOOD, .body = "Bitte bestätigen Sie Ihre E-Mail-Adresse.\r\n" }, WANT, 1 },
	{ "French", { FLOOD, .body = "Merci de votre inscription.\r\n" }, WANT, 1 },
	{ "Spanish", { FLOOD, .body = "Gracias por suscribirte.\r\n" }, WANT, 1 },
	{ "Dutch", { FLOOD, .body = "Bevestig je inschrijving.\r\n" }, WANT, 1 },
	{ "Russian", { FLOOD, .body = "Подтвердите подписку.\r\n" }, WANT, 1 },
	/* near misses */
	{ "a letter within a flood", { FLOOD }, NULL, 0 },
	{ "an alert within a flood",
	  { FLOOD, .body = "A transfer of 900 EUR was made from your card.\r\n" },
	  NULL,
	  0 },
	{ "a dozen sign-ups",
	  { .seen = 12, .only = "signup:", .body = "Please confirm your subscription.\r\n" },
	  NULL,
	  0 },
	{ "the first", { .body = "Please confirm your subscription.\r\n" }, NULL, 0 },
	{ "a newsletter that came before",
	  { .seen = 30, .wrote = true, PROVED, .headers = "List-Id: <l.sender.test>\r\n" },
	  NULL,
	  0 },
	{ "our own",
	  { FLOOD, .from = "Ann <ann@home.test>", .headers = "List-Id: <l.home.test>\r\n" },
	  NULL,
	  0 },
	{ "nobody to ask", { FLOOD, .offline = true, .headers = "List-Id: <l.sender.test>\r\n" }, NULL, 0 },
	{ "nobody",
	  { FLOOD, .from = "", .mail_from = "", .headers = "List-Id: <l.sender.test>\r\n" },
	  NULL,
	  0 },
	{ "an address that was confirmed", { FLOOD, .body = "I can confirm your address.\r\n" }, NULL, 0 },
	{ "a subscription that is none", { FLOOD, .body = "Our subscription model changes.\r\n" }, NULL, 0 },
	{ "you are welcome", { FLOOD, .body = "You are welcome.\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "email_bomb");
}

/* Counted for every reader of the mail, by the hour; a letter is not. */
static void test_is_counted(void **state)
{
	const struct mail welcome = { .body = "Please confirm your subscription.\r\n" }, letter = { 0 };
	struct bench b;

	(void)state;
	bench_scan(&b, &welcome, NULL);
	assert_true(strs_has(&b.verdict.history, STR("signup:bob@home.test|498055")));
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
	bench_scan(&b, &letter, NULL);
	assert_int_equal(b.verdict.history.n, 1);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_is_counted) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
