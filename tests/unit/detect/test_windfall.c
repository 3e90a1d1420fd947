/* windfall: money that is said to be there, and sums that honest mail names. */
#include "bench.h"

#define WANT "windfall"
#define DRIVE "https://drive.google.com/file/d/1xkOl2oVd"
#define FREE .from = "Ann <ann.9912@gmail.com>"

static const struct row rows[] = {
	{ "a withdrawal", { FREE, .body = "You have 24 hours to withdraw +21,650$ " DRIVE "\r\n" }, WANT, 1 },
	{ "a balance", { FREE, .body = "Your balance was replenished +19,440$\r\n" DRIVE "\r\n" }, WANT, 1 },
	{ "with a tail of chance",
	  { FREE, .body = "+31,900$! Need to move " DRIVE " one hand on her bag,\r\n" },
	  WANT,
	  0.9 },
	{ "bare, in a long text",
	  { .body = "Hi \xe2\x9c\x85 +$1,733 \xe2\x9e\xa1 https://forms.gle/AbC\r\nThank you for "
		    "subscribing. Lorem ipsum dolor "
		    "sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et "
		    "dolore magna "
		    "aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris nisi ut "
		    "aliquip ex ea commodo "
		    "consequat duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore "
		    "eu fugiat.\r\n" },
	  WANT,
	  1 },
	{ "a day's income", { .body = "EARN FROM 3000 EUR PER DAY >>> https://bit.ly/3abc\r\n" }, WANT, 0.7 },
	{ "coins", { FREE, .body = "You won 14 btc => https://bit.ly/3abc withdraw today\r\n" }, WANT, 0.8 },
	{ "German",
	  { FREE, .body = "Ihr Guthaben: +12.400 \xe2\x82\xac Auszahlung hier https://bit.ly/3abc\r\n" },
	  WANT,
	  0.9 },
	{ "Russian",
	  { FREE, .body = "\xd0\x97\xd0\xb0\xd1\x87\xd0\xb8\xd1\x81\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xbe +95 000 "
			  "\xd1\x80\xd1\x83\xd0\xb1 https://bit.ly/3abc\r\n" },
	  WANT,
	  0.9 },
	{ "Chinese, without a scheme",
	  { FREE, .body = "\xe6\x88\x91\xe8\xb5\xa2\xe4\xba\x86"
			  "30\xe4\xb8\x87\xef\xbc\x8c bit.ly/3abc\r\n" },
	  WANT,
	  0.6 },
	{ "the sum in the subject",
	  { FREE, .headers = "Subject: +$8,210 credited\r\n", .body = "withdraw: " DRIVE "\r\n" },
	  WANT,
	  0.9 },
	{ "French",
	  { .body = "Retrait possible +4 500 \xe2\x82\xac sous 24 heures https://bit.ly/3abc\r\n" },
	  WANT,
	  0.9 },
	{ "what claims to answer",
	  { FREE, .headers = "In-Reply-To: <1@home.test>\r\n",
	    .body = "+21,650$ withdraw in 24 hours " DRIVE "\r\n" },
	  WANT,
	  0.5 },
	/* near misses */
	{ "a bank's own notice",
	  { .body = "Your account was credited: +$1,250. See https://www.sender.test/account\r\n" },
	  NULL,
	  0 },
	{ "a dinner", { .body = "You owe me $42 for the dinner, https://paypal.me/ann\r\n" }, NULL, 0 },
	{ "a price", { .body = "They sell it for $1,299 at https://shop.example.org/bike\r\n" }, NULL, 0 },
	{ "a bill that is asked for",
	  { .body = "Rent is 950 EUR, see https://rent.example.org/may\r\n" },
	  NULL,
	  0 },
	{ "a sum without a link", { FREE, .body = "+21,650$ withdraw in 24 hours\r\n" }, NULL, 0 },
	{ "a link without a sum", { FREE, .body = "Withdraw your balance: " DRIVE "\r\n" }, NULL, 0 },
	{ "an answer to what was sent",
	  { FREE, .headers = "In-Reply-To: <1@home.test>\r\n", .seen = 1, .wrote = true,
	    .body = "+1,250$ was the transfer " DRIVE "\r\n" },
	  NULL,
	  0 },
	{ "a telephone",
	  { FREE, .body = "Call +49 30 1234567 or see https://example.org/rooms\r\n" },
	  NULL,
	  0 },
	{ "numbers in an address", { FREE, .body = "Photos: https://example.org/a/12,000$/b\r\n" }, NULL, 0 },
	{ "a year and a count",
	  { .body = "In 2024 we had 1,500 visitors, see https://example.org/report\r\n" },
	  NULL,
	  0 },
	{ "news about money",
	  { .body =
		"The company said on Monday that its profit was $1,500 million, after a loss in the year "
		"before, and "
		"that it would pay back what it had borrowed from two banks; analysts had thought that it "
		"would be "
		"less, since prices of what it makes had fallen, and so had those of what its rivals make. "
		"The report is at https://news.example.org/1 and was read by many who hold its shares.\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), WANT);
}

/* The sum is shown where it stands. */
static void test_where(void **state)
{
	static const struct {
		struct mail mail;
		const char *field;
	} cases[] = {
		{ { FREE, .headers = "Subject: +$8,210 credited\r\n", .body = "withdraw: " DRIVE "\r\n" },
		  "Subject" },
		{ { FREE, .body = "+$8,210 credited, withdraw: " DRIVE "\r\n" }, "body" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, WANT);
		assert_non_null(f);
		assert_true(str_eq(f->field, str_of(cases[i].field)));
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_where) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
