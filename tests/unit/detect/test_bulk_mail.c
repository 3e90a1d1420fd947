/* bulk_mail: newsletters and advertising, not discussion lists. */
#include "bench.h"

#define WANT "bulk_mail"
#define TEXT                                                                                             \
	"This is the news of the week from all of us here at the shop, with nine new things to see and " \
	"try.\r\n"
#define LEAVE TEXT "If you no longer wish to hear from us, you can unsubscribe at any time.\r\n"
#define UNSUB "List-Unsubscribe: <https://sender.test/u>\r\n"
#define ONE_CLICK UNSUB "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
#define POST "List-Post: <mailto:list@sender.test>\r\nList-Id: <list.sender.test>\r\n"

static const struct row rows[] = {
	{ "list header", { .headers = UNSUB, .body = TEXT }, WANT, 0.5 },
	{ "one click", { .headers = ONE_CLICK, .body = TEXT }, WANT, 0.7 },
	{ "list header and a way out", { .headers = UNSUB, .body = LEAVE }, WANT, 0.8 },
	{ "one click and a way out", { .headers = ONE_CLICK, .body = LEAVE }, WANT, 1 },
	{ "robot", { .from = "Shop <newsletter@sender.test>", .headers = UNSUB, .body = LEAVE }, WANT, 1 },
	{ "precedence and a way out", { .headers = "Precedence: bulk\r\n", .body = LEAVE }, WANT, 0.7 },
	{ "precedence junk",
	  { .headers = "Precedence: junk\r\nX-Campaign: 7\r\n", .body = TEXT },
	  WANT,
	  0.8 },
	{ "mailing service", { .headers = UNSUB "Feedback-ID: 1:2:3\r\n", .body = TEXT }, WANT, 0.8 },
	{ "campaign", { .headers = UNSUB "X-CampaignID: 9\r\n", .body = TEXT }, WANT, 0.9 },
	{ "German way out",
	  { .headers = "Precedence: bulk\r\n", .body = TEXT "Newsletter abbestellen\r\n" },
	  WANT,
	  0.7 },
	{ "French way out",
	  { .headers = UNSUB, .body = TEXT "Pour se d\xc3\xa9sabonner, r\xc3\xa9pondez.\r\n" },
	  WANT,
	  0.8 },
	{ "announcements only", { .headers = UNSUB "List-Post: NO\r\n", .body = TEXT }, WANT, 0.5 },
	{ "robot of a list",
	  { .from = "X <noreply@sender.test>", .headers = UNSUB POST, .body = TEXT },
	  WANT,
	  0.5 },
	{ "view in browser, from a service",
	  { .headers = "X-MSFBL: x\r\n", .body = TEXT "View in browser\r\n" },
	  WANT,
	  0.7 },
	{ "service known by its program",
	  { .headers = "X-Mailer: MailChimp Mailer - 7\r\n", .body = LEAVE },
	  WANT,
	  0.7 },
	{ "bounces taken apart by reader",
	  { .mail_from = "bounce+f59b5c-user=example.com@sender.test", .body = LEAVE },
	  WANT,
	  0.6 },
	{ "bounces numbered",
	  { .mail_from = "bounce-17422_HTML-772834416@sender.test", .body = LEAVE },
	  WANT,
	  0.6 },
	{ "link to leave and a beacon",
	  { .type = "text/html",
	    .body =
		TEXT "<a href=\"https://sender.test/u\">Unsubscribe</a><img src=\"https://sender.test/o\" "
		     "width=\"1\" height=\"1\">" },
	  WANT,
	  0.7 },
	{ "Portuguese way out",
	  { .headers = "Precedence: bulk\r\n", .body = TEXT "Para n\xc3\xa3o receber, descadastre-se.\r\n" },
	  WANT,
	  0.7 },
	{ "Japanese way out",
	  { .headers = "Precedence: bulk\r\n",
	    .body = TEXT "\xe9\x85\x8d\xe4\xbf\xa1\xe5\x81\x9c\xe6\xad\xa2\xe3\x81\xaf\xe3\x81\x93\xe3\x81"
			 "\xa1\xe3\x82\x89\r\n" },
	  WANT,
	  0.7 },
	/* near misses */
	{ "person at a bounce address without number",
	  { .mail_from = "bounce@sender.test", .body = LEAVE },
	  NULL,
	  0 },
	{ "link to leave alone",
	  { .type = "text/html", .body = TEXT "<a href=\"https://sender.test/u\">Unsubscribe</a>" },
	  WANT,
	  0.5 },
	{ "beacon alone",
	  { .type = "text/html",
	    .body = TEXT "<img src=\"https://sender.test/o\" width=\"1\" height=\"1\">" },
	  NULL,
	  0 },
	{ "program of a person",
	  { .headers = "X-Mailer: iPhone Mail (22G100)\r\n", .body = LEAVE },
	  NULL,
	  0 },
	{ "letter", { .body = TEXT }, NULL, 0 },
	{ "word of unsubscribing alone", { .body = LEAVE }, NULL, 0 },
	{ "robot alone", { .from = "X <noreply@sender.test>", .body = TEXT }, NULL, 0 },
	{ "precedence alone", { .headers = "Precedence: list\r\n", .body = TEXT }, NULL, 0 },
	{ "discussion list", { .headers = UNSUB POST "Precedence: list\r\n", .body = LEAVE }, NULL, 0 },
	{ "answer on a list without List-Post",
	  { .headers = UNSUB "In-Reply-To: <0@x>\r\n", .body = LEAVE },
	  NULL,
	  0 },
	{ "thread by References", { .headers = UNSUB "References: <0@x>\r\n", .body = LEAVE }, NULL, 0 },
	{ "group service",
	  { .headers = UNSUB "Mailing-List: list g@x.test; contact o@x.test\r\n", .body = LEAVE },
	  NULL,
	  0 },
	{ "list to join by mail",
	  { .headers = UNSUB "List-Subscribe: <mailto:j@x.test>\r\n", .body = LEAVE },
	  NULL,
	  0 },
	{ "bounce",
	  { .from = "Mail <MAILER-DAEMON@x.test>", .headers = "Precedence: bulk\r\n", .body = LEAVE },
	  NULL,
	  0 },
	{ "absence note",
	  { .headers = "Precedence: bulk\r\nAuto-Submitted: auto-replied\r\n", .body = LEAVE },
	  NULL,
	  0 },
	{ "precedence first-class", { .headers = "Precedence: first-class\r\n", .body = TEXT }, NULL, 0 },
	{ "List-Id alone", { .headers = "List-Id: <x.test>\r\n", .body = TEXT }, NULL, 0 },
	{ "next to no text", { .headers = ONE_CLICK, .body = "Hi\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "bulk_mail");
}

static void test_verdict(void **state)
{
	const struct mail bulk = { .headers = ONE_CLICK, .body = LEAVE },
			  weak = { .headers = UNSUB, .body = TEXT };
	struct bench a, b;

	(void)state;
	bench_scan(&a, &bulk, NULL);
	bench_scan(&b, &weak, NULL);
	assert_int_equal(a.verdict.message->final_disposition, DISP_BULK);
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&a);
	bench_close(&b);
}

/*
 * The evidence is the clearest trait where it stands, be it a field or the text; no field named "body" is one. All are
 * named.
 */
static void test_evidence(void **state)
{
	static const struct {
		struct mail mail;
		const char *field, *value, *detail;
	} cases[] = {
		{ { .headers = ONE_CLICK, .body = TEXT },
		  "List-Unsubscribe",
		  "<https://sender.test/u>",
		  "has List-Unsubscribe" },
		{ { .headers = "X-SG-EID: 1\r\nbody: x\r\n", .body = LEAVE },
		  "body",
		  "unsubscribe",
		  "has X-SG-EID, \"unsubscribe\" in the text" },
		{ { .headers = UNSUB "X-Mailer: The Newsletter Engine 2\r\n", .body = TEXT },
		  "List-Unsubscribe",
		  "<https://sender.test/u>",
		  "has List-Unsubscribe, X-Mailer with \"newsletter\"" },
		{ { .from = "X <noreply@sender.test>", .headers = UNSUB, .body = TEXT },
		  "List-Unsubscribe",
		  "<https://sender.test/u>",
		  "has List-Unsubscribe, a From that is no person" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, WANT);
		assert_non_null(f);
		assert_true(str_eq(f->field, str_of(cases[i].field)));
		assert_true(str_eq(f->value, str_of(cases[i].value)));
		assert_true(str_eq(f->detail, str_of(cases[i].detail)));
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdict),
					    cmocka_unit_test(test_evidence) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
