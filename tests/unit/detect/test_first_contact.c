/* first_contact: strangers who ask for something. */
#include "bench.h"

#define CARDS                                                                                             \
	.body = "Are you available? I am in a meeting and need you to purchase some gift cards. Send me " \
		"the codes.\r\n"
#define LOGIN   \
	.body = \
	    "Your mailbox is full. Please verify your account within 24 hours or you will lose access.\r\n"
#define SALARY                                                                                        \
	.body = "Hi, I want to change my direct deposit before the next pay, my payroll details are " \
		"new.\r\n"
#define ERRAND                                                                                         \
	.body = "Are you at your desk? I am in a meeting and cannot take calls. I need you to make a " \
		"payment as soon "                                                                     \
		"as possible.\r\n"
#define KONTO \
	.body = "Ihr Konto wurde gesperrt. Bitte bestätigen Sie Ihre Daten innerhalb von 24 Stunden.\r\n"
#define CARTES \
	.body = "Je suis en réunion. Pouvez-vous acheter des cartes cadeaux ? Je vous rembourserai.\r\n"
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"
#define GMAIL .from = "Ann <ann@gmail.com>", .mail_from = "ann@gmail.com"
#define MONEY_WANT "first_contact.money"
#define LOGIN_WANT "first_contact.login"

static const struct row rows[] = {
	{ "gift cards", { CARDS }, MONEY_WANT, 0.3 },
	{ "gift cards, proved", { CARDS, PROVED }, MONEY_WANT, 0.3 },
	{ "gift cards from a free mailbox", { CARDS, GMAIL, PROVED }, MONEY_WANT, 0.3 },
	{ "French gift cards", { CARTES, PROVED }, MONEY_WANT, 0.3 },
	{ "a salary", { SALARY, PROVED }, MONEY_WANT, 0.3 },
	{ "an errand", { ERRAND, PROVED }, MONEY_WANT, 0.3 },
	{ "a login", { LOGIN }, LOGIN_WANT, 0.3 },
	{ "a German login", { KONTO }, LOGIN_WANT, 0.3 },
	{ "a login, for a free mailbox", { LOGIN, GMAIL, PROVED }, LOGIN_WANT, 0.3 },
	{ "a login, from who says it is a list",
	  { LOGIN, .headers = "List-Id: <l.list.test>\r\n" },
	  LOGIN_WANT,
	  0.3 },
	{ "a stranger at a house that wrote once",
	  { CARDS, PROVED, .seen = 1, .only = "domain:" },
	  MONEY_WANT,
	  0.3 },
	{ "a stranger at a known house of free mailboxes",
	  { CARDS, GMAIL, PROVED, .seen = 9, .only = "domain:" },
	  MONEY_WANT,
	  0.3 },
	{ "a stranger at a known house, not proved",
	  { CARDS, .seen = 9, .only = "domain:" },
	  MONEY_WANT,
	  0.3 },
	/* near misses */
	{ "nothing is asked", { 0 }, NULL, 0 },
	{ "who wrote before", { CARDS, PROVED, .seen = 1 }, NULL, 0 },
	{ "whose address was seen", { CARDS, PROVED, .seen = 1, .only = "from:" }, NULL, 0 },
	{ "whom somebody here wrote to", { CARDS, PROVED, .seen = 1, .only = "wrote:" }, NULL, 0 },
	{ "a new colleague of a known house", { CARDS, PROVED, .seen = 3, .only = "domain:" }, NULL, 0 },
	{ "a service that proves its name", { LOGIN, PROVED }, NULL, 0 },
	{ "our own",
	  { CARDS, .from = "Ann <ann@home.test>", .mail_from = "ann@home.test", PROVED },
	  NULL,
	  0 },
	{ "nobody to ask", { CARDS, .offline = true }, NULL, 0 },
	{ "a proved list",
	  { CARDS, .mail_from = "l@list.test", PROVED, .headers = "List-Id: <l.list.test>\r\n" },
	  NULL,
	  0 },
	{ "its own DNS is silent", { LOGIN, .silent = "sender.test" }, NULL, 0 },
	{ "a login in a file", { LOGIN, .no_peer = true }, NULL, 0 },
	{ "nobody", { CARDS, .from = "", .mail_from = "" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "first_contact");
}

/* The same words from a stranger, and from somebody whom the account wrote to first. */
static void test_verdicts(void **state)
{
	const struct mail stranger = { SALARY, PROVED },
			  asked = { SALARY, PROVED, .seen = 1, .only = "wrote:" }, first_letter = { PROVED };

	(void)state;
	assert_int_equal(bench_verdict(&stranger), DISP_SUSPICIOUS);
	assert_int_equal(bench_verdict(&asked), DISP_NONE);
	assert_int_equal(bench_verdict(&first_letter), DISP_NONE);
}

/* Whoever has a free mailbox proves that it is his. */
static void test_wording(void **state)
{
	const struct mail m = { LOGIN, GMAIL, PROVED };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	assert_true(str_find(bench_finding(&b, LOGIN_WANT)->reason, STR("prove"), 0) == SIZE_MAX);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_wording),
					    cmocka_unit_test(test_verdicts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
