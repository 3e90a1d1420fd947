/* campaign_wave: one text by many senders at the same time. */
#include "bench.h"

#include <stdio.h>

#define WANT "campaign_wave"
#define TEXT                                                                                   \
	"Dear friend, our new collection of garden chairs has come from the workshop, and we " \
	"would like to show you the finest of them before the others, with a small present.\r\n"
#define SHORT "Please call me back when you are in the office, thank you very much.\r\n"
/* Of each of the two hours that are looked at. */
#define SENDERS(n) .seen = (n), .only = "wave:", .body = TEXT
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"

static const struct row rows[] = {
	{ "five others", { SENDERS(3) }, WANT, 0.45 },
	{ "many others", { SENDERS(20) }, WANT, 0.9 },
	{ "proved", { SENDERS(3), PROVED }, WANT, 0.45 },
	{ "from free mail",
	  { SENDERS(3), .from = "Ann <ann@gmail.com>", .mail_from = "ann@gmail.com" },
	  WANT,
	  0.45 },
	{ "as a mailing", { SENDERS(3), .headers = "List-Id: <l.sender.test>\r\n" }, WANT, 0.45 },
	{ "with another name in it", { SENDERS(3), .headers = "Subject: For Bob\r\n" }, WANT, 0.45 },
	{ "in HTML",
	  { .seen = 3, .only = "wave:", .type = "text/html", .body = "<p>" TEXT "</p>" },
	  WANT,
	  0.45 },
	{ "as an answer", { SENDERS(3), .headers = "In-Reply-To: <a@b.test>\r\n" }, WANT, 0.45 },
	{ "with a file", { SENDERS(3), .file = "a.txt", .file_bytes = STR_INIT("chairs") }, WANT, 0.45 },
	{ "in a mailbox of a tenant",
	  { SENDERS(3), .from = "Ann <a@x.onmicrosoft.com>", .mail_from = "a@x.onmicrosoft.com" },
	  WANT,
	  0.45 },
	/* near misses */
	{ "four others", { SENDERS(2) }, NULL, 0 },
	{ "the first", { .body = TEXT }, NULL, 0 },
	{ "who wrote before", { .seen = 20, .body = TEXT, PROVED }, NULL, 0 },
	{ "to whom we wrote", { .seen = 20, .body = TEXT, .wrote = true }, NULL, 0 },
	{ "too few words", { .seen = 20, .only = "wave:", .body = SHORT }, NULL, 0 },
	{ "numbers alone",
	  { .seen = 20,
	    .only = "wave:",
	    .body = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22\r\n" },
	  NULL,
	  0 },
	{ "our own", { SENDERS(20), .from = "Ann <ann@home.test>" }, NULL, 0 },
	{ "nobody to ask", { SENDERS(20), .offline = true }, NULL, 0 },
	{ "nobody", { SENDERS(20), .from = "", .mail_from = "" }, NULL, 0 },
	{ "a report",
	  { .seen = 20,
	    .only = "wave:",
	    .mail_from = "",
	    .headers = "Auto-Submitted: auto-replied\r\n",
	    .type = "multipart/report; report-type=delivery-status; boundary=b",
	    .body = "--b\r\n\r\n" TEXT "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: "
		    "dns; a\r\n\r\n--b--\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), WANT);
}

static size_t counted(const struct mail *m, struct str *wave_out)
{
	struct bench b;
	size_t n = 0;

	bench_scan(&b, m, NULL);
	for (size_t i = 0; i < b.verdict.history.n; i++)
		if (str_starts(b.verdict.history.v[i], STR("wave:"))) {
			static char kept[2][300];
			snprintf(kept[n % 2], sizeof(kept[0]), "%.*s", STR_ARG(b.verdict.history.v[i]));
			*wave_out = n == 0 ? str_of(kept[0]) : *wave_out;
			n++;
		}
	bench_close(&b);
	return n;
}

/* A sender counts once, and texts are one that differ in a name, a number or the reader. */
static void test_is_counted(void **state)
{
	struct str a, b, ignored;

	(void)state;
	assert_int_equal(counted(&(struct mail){ .body = "Dear Bob, no 17. " TEXT }, &a), 2);
	static char first[300];
	snprintf(first, sizeof(first), "%.*s", STR_ARG(a));
	assert_int_equal(
	    counted(&(struct mail){ .body = "Dear Bob, no 18. " TEXT, .from = "Carl <carl@other.test>" }, &b),
	    2);
	assert_string_equal(first, b.p);
	assert_int_equal(counted(&(struct mail){ .body = TEXT, .seen = 3, .only = "wave:" }, &ignored), 0);
	assert_int_equal(counted(&(struct mail){ .body = TEXT, .seen = 3 }, &ignored), 0);
	assert_int_equal(counted(&(struct mail){ .body = SHORT }, &ignored), 0);
}

/* Some are one kind of evidence, many nearly enough, and neither decides alone. */
static void test_weighs(void **state)
{
	const struct mail some = { SENDERS(3) }, many = { SENDERS(20) };
	struct bench b;

	(void)state;
	bench_scan(&b, &some, NULL);
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
	bench_scan(&b, &many, NULL);
	assert_true(b.verdict.message->final_disposition <= DISP_SPAM);
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_is_counted),
					    cmocka_unit_test(test_weighs) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
