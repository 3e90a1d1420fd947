/* text_noise: numbers and codes for a text, and a last word that was drawn by lot. */
#include "bench.h"

#define CODES "text_noise.codes"
#define TAIL "text_noise.tail"
#define HTML .type = "text/html"
#define NUMBERS                                                                                             \
	"8 4 86 752 7833 8 666458 6 273657 753 375 3 808426608606 66246 4 5 7 281 0 23 16262 6 4 6 322 21 " \
	"03657 7 3 87 4 7 0 3 387783\r\n"
#define WORDS "BACO 9udpvt2lb2 qh2fu KSFM SJGW5R V9OFU F4G99A7DAV qe2wmn5s u774u 9ROA8JN9 7bzcqd1jt "
#define EVIL "https://x.evil.org/a\r\n"

static const struct row rows[] = {
	{ "numbers around a link", { .body = "Open " EVIL NUMBERS }, CODES, 0.6 },
	{ "numbers on a page",
	  { HTML, .body = "<a href=\"https://x.evil.org/a\">Open</a><p>" NUMBERS "</p>" },
	  CODES,
	  0.6 },
	{ "numbers with a novel between them",
	  { .body = "Accept " EVIL NUMBERS "as I came to the house of my uncle late at night\r\n" },
	  CODES,
	  0.6 },
	{ "codes",
	  { HTML, .body = "<a href=\"https://x.evil.org/a\">Offers</a><p>" WORDS WORDS WORDS "</p>" },
	  CODES,
	  0.6 },
	{ "codes to a short address", { .body = "https://bit.ly/3abc\r\n" NUMBERS }, CODES, 0.6 },
	{ "codes to a shared document",
	  { .body = "https://docs.google.com/drawings/d/1x/preview\r\n" NUMBERS },
	  CODES,
	  0.6 },
	{ "numbers, and a page for the rest",
	  { .body = NUMBERS,
	    .file = "open.html",
	    .file_type = "text/html",
	    .file_bytes = STR_INIT("<p>x</p>") },
	  CODES,
	  0.6 },
	{ "numbers from a free mailbox",
	  { .from = "Ann <ann@gmail.com>", .body = EVIL NUMBERS },
	  CODES,
	  0.6 },
	{ "numbers of somebody known weigh half", { .body = EVIL NUMBERS, .seen = 20 }, CODES, 0.3 },
	{ "a word drawn by lot",
	  { .body = "Fire your boss, write to us.\r\n\r\nndmcshjjkvbsvrgdvmldytkk\r\n" },
	  TAIL,
	  0.5 },
	{ "on a page", { HTML, .body = "<p>Lose weight now.</p><p>xkqzvbnmtrwplkjh</p>" }, TAIL, 0.5 },
	{ "behind blank lines", { .body = "Buy this.\r\n\r\n\r\n   qwrtpsdfghjklzx   \r\n\r\n" }, TAIL, 0.5 },
	/* near misses */
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "numbers that lead nowhere", { .body = NUMBERS }, NULL, 0 },
	{ "numbers that lead home", { .body = "https://reports.sender.test/today\r\n" NUMBERS }, NULL, 0 },
	{ "sums and versions",
	  { .body = EVIL
	    "1.2.3 4,500.00 7:30 12/10 3.5% -4 +7 10.0.0.1 1.2.3 4,500.00 7:30 12/10 3.5% -4 +7 10.0.0.1 "
	    "1.2.3 4,500.00 7:30 12/10 3.5% -4 +7 10.0.0.1 1.2.3 4,500.00 7:30\r\n" },
	  NULL,
	  0 },
	{ "a list of appointments",
	  { .body =
		EVIL "On 3 May we meet at 10 in room 204, on 17 May at 11 in room 310, and on 2 June at 9 we "
		     "drive to the plant; please bring your badge and the form of last year.\r\n" },
	  NULL,
	  0 },
	{ "a few codes", { .body = EVIL "Your codes: 4711 0815 1234 5678\r\n" }, NULL, 0 },
	{ "a commit at the end", { .body = "Fixed in\r\n9ae0f4b5c1d2e3f4a5b6c7d8\r\n" }, NULL, 0 },
	{ "a long German word",
	  { .body = "Es heisst\r\nrechtsschutzversicherungsgesellschaften\r\n" },
	  NULL,
	  0 },
	{ "a long Welsh word", { .body = "We live near\r\nllanfairpwllgwyngyll\r\n" }, NULL, 0 },
	{ "a name at the end", { .body = "Regards\r\nChristopher\r\n" }, NULL, 0 },
	{ "an address at the end", { .body = "See\r\nhttps://sender.test/xkqzvbnmtrwplkjh\r\n" }, NULL, 0 },
	{ "a key in the middle",
	  { .body = "The key is\r\nxkqzvbnmtrwplkjh\r\nand nothing else.\r\n" },
	  NULL,
	  0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "text_noise");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
