/* free_mail_boss: heads of firms who write from free mailboxes. */
#include "bench.h"

#define GMAIL(name)                                                              \
	.from = name " <office77@gmail.com>", .mail_from = "office77@gmail.com", \
	.spf = "v=spf1 ip4:192.0.2.10 -all"
#define FIRM(name) .from = name " <a@firm.com>", .mail_from = "a@firm.com"
#define CARDS                                                                                         \
	"Are you available? I am in a meeting and need you to purchase some gift cards. Send me the " \
	"codes.\r\n"
#define ERRAND                                                                                            \
	"Are you at your desk? I am in a meeting and cannot take calls. I need you to make a payment as " \
	"soon as possible.\r\n"
#define ASKS "free_mail_boss.asks"
#define WANT "free_mail_boss"

static struct str kontor = STR_INIT("kontor.example");

static const struct row rows[] = {
	{ "a title", { GMAIL("Ann Smith CEO") }, WANT, 0.3 },
	{ "a long title", { GMAIL("\"Ann Smith, Chief Executive Officer\"") }, WANT, 0.3 },
	{ "a German one", { GMAIL("=?utf-8?q?Jan_Haas_-_Gesch=C3=A4ftsf=C3=BChrer?=") }, WANT, 0.3 },
	{ "a French one", { GMAIL("=?utf-8?q?Directeur_G=C3=A9n=C3=A9ral?=") }, WANT, 0.3 },
	{ "a Japanese one", { GMAIL("=?utf-8?b?5Luj6KGo5Y+W57eg5b25?=") }, WANT, 0.3 },
	{ "the reader's firm", { GMAIL("Kontor Holding"), .protect = { &kontor, 1 } }, WANT, 0.3 },
	{ "a title and cards", { GMAIL("Ann Smith CEO"), .body = CARDS }, ASKS, 0.6 },
	{ "a title and an errand", { GMAIL("Managing Director"), .body = ERRAND }, ASKS, 0.6 },
	{ "a signature and cards",
	  { GMAIL("Ann Smith"), .body = CARDS "\r\nRegards,\r\nAnn Smith\r\nChief Executive Officer\r\n" },
	  ASKS,
	  0.6 },
	{ "a mailbox and cards",
	  { .from = "Ann <ceo.office@yahoo.com>", .mail_from = "ceo.office@yahoo.com", .body = CARDS },
	  ASKS,
	  0.6 },
	{ "the reader's firm and an errand",
	  { GMAIL("Kontor Management"), .protect = { &kontor, 1 }, .body = ERRAND },
	  ASKS,
	  0.6 },
	{ "a tenant's name of a cloud",
	  { .from = "CFO <a@x7.onmicrosoft.com>", .mail_from = "a@x7.onmicrosoft.com", .body = CARDS },
	  ASKS,
	  0.6 },
	/* near misses */
	{ "a person", { GMAIL("Ann Smith") }, NULL, 0 },
	{ "a person who asks", { GMAIL("Ann Smith"), .body = CARDS }, NULL, 0 },
	{ "a firm", { FIRM("Ann Smith CEO") }, NULL, 0 },
	{ "a firm that asks", { FIRM("Ann Smith CEO"), .body = ERRAND }, NULL, 0 },
	{ "who works for one", { GMAIL("Assistant to the CEO") }, NULL, 0 },
	{ "a magazine", { GMAIL("CEO Magazine") }, NULL, 0 },
	{ "a word that holds a title", { GMAIL("Oceo Celli") }, NULL, 0 },
	{ "a signature alone",
	  { GMAIL("Ann Smith"), .body = "See you on Monday.\r\nAnn Smith\r\nCEO\r\n" },
	  NULL,
	  0 },
	{ "a title in the text",
	  { GMAIL("Ann Smith"), .body = "Our CEO, who is a friend of cards and games and whom you met in "
					"autumn at the fair, sends his regards.\r\n" },
	  NULL,
	  0 },
	{ "somebody who is known", { GMAIL("Ann Smith CEO"), .seen = 5 }, NULL, 0 },
	{ "our own house", { .from = "Boss CEO <boss@home.test>", .mail_from = "boss@home.test" }, NULL, 0 },
	{ "a proved list",
	  { .from = "Ann Smith CEO <ann@gmail.com>",
	    .mail_from = "l@list.test",
	    .spf = "v=spf1 ip4:192.0.2.10 -all",
	    .headers = "List-Id: <l.list.test>\r\n" },
	  NULL,
	  0 },
	{ "a firm whose name is too short",
	  { GMAIL("Abc"), .protect = { &(struct str)STR_INIT("abc.example"), 1 } },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "free_mail_boss");
}

/* It points at what says so, and says what that is. */
static void test_evidence(void **state)
{
	static const struct {
		struct mail mail;
		const char *portion, *value, *says;
	} cases[] = {
		{ { GMAIL("Ann Smith CEO") }, "display name", "Ann Smith CEO", "as the head of a firm" },
		{ { .from = "Ann <ceo.office@yahoo.com>",
		    .mail_from = "ceo.office@yahoo.com",
		    .body = CARDS },
		  "address",
		  "ceo.office@yahoo.com",
		  "as the head of a firm" },
		{ { GMAIL("Kontor Holding"), .protect = { &kontor, 1 } },
		  "display name",
		  "Kontor Holding",
		  "in the name of your firm" },
		{ { GMAIL("Ann Smith"), .body = CARDS "\r\nRegards,\r\nAnn Smith\r\nCEO\r\n" },
		  "signature",
		  "ceo",
		  "as the head of a firm" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, NULL);
		const struct finding *f = bench_finding(&b, WANT);
		assert_non_null(f);
		if (!str_eq(f->portion, str_of(cases[i].portion)) ||
		    !str_eq(f->value, str_of(cases[i].value)) ||
		    str_find(f->reason, str_of(cases[i].says), 0) == SIZE_MAX)
			fail_msg("%s: %.*s %.*s, %.*s", cases[i].value, STR_ARG(f->portion),
				 STR_ARG(f->value), STR_ARG(f->reason));
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_evidence) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
