/* virus: what clamd's words make of a mail. */
#include "bench.h"

#include "detect/outside.h"

static const struct outside asked = { .virus = true }, nobody = { 0 };

#define SAYS(name) .outside = &asked, .virus = name

static const struct row rows[] = {
	{ "a virus", { SAYS("Win.Trojan.Agent-123") }, "virus.malware", 1 },
	{ "the test of all scanners", { SAYS("Eicar-Test-Signature") }, "virus.malware", 1 },
	{ "a document",
	  { SAYS("Doc.Downloader.Emotet-7-0"), .file = "a.doc", .file_bytes = STR_INIT("x") },
	  "virus.malware",
	  1 },
	{ "known phishing", { SAYS("Email.Phishing.VOF1-1") }, "virus.phishing", 0.9 },
	{ "a known page", { SAYS("Html.Phishing.Bank-1") }, "virus.phishing", 0.9 },
	{ "signatures of others", { SAYS("Porcupine.Malware.1.UNOFFICIAL") }, "virus.unofficial", 0.9 },
	{ "spam by others", { SAYS("Sanesecurity.Spam.9.UNOFFICIAL") }, "virus.spam", 0.8 },
	{ "a program some want", { SAYS("PUA.Win.Tool.Netcat-1") }, "virus.unwanted", 0.5 },
	{ "a link that looks wrong",
	  { SAYS("Heuristics.Phishing.Email.SpoofedDomain") },
	  "virus.heuristic",
	  0.6 },
	{ "a lock", { SAYS("Heuristics.Encrypted.Zip") }, "virus.heuristic", 0.3 },
	{ "macros", { SAYS("Heuristics.OLE2.ContainsMacros.VBA") }, "virus.heuristic", 0.3 },
	{ "numbers of cards", { SAYS("Heuristics.Structured.CreditCardNumber") }, "virus.numbers", 0 },
	/* near misses */
	{ "nothing", { SAYS("") }, NULL, 0 },
	{ "silence", { SAYS(NULL) }, NULL, 0 },
	{ "nobody is asked", { .outside = &nobody, .virus = "Win.Trojan.Agent-123" }, NULL, 0 },
	{ "nobody said so", { .virus = "Win.Trojan.Agent-123" }, NULL, 0 },
	{ "it was released", { SAYS("Win.Trojan.Agent-123"), .released = true }, NULL, 0 },
	{ "nobody to ask", { SAYS("Win.Trojan.Agent-123"), .offline = true }, NULL, 0 },
	{ "nothing in a program's file",
	  { SAYS(""), .file = "a.zip", .file_bytes = STR_INIT("PK") },
	  NULL,
	  0 },
	{ "nothing in a stranger's mail", { SAYS(""), .from = "X <x@gmail.com>" }, NULL, 0 },
	{ "nothing, from a file", { SAYS(""), .no_peer = true }, NULL, 0 },
	{ "silence about a link", { SAYS(NULL), .body = "http://203.0.113.1/\r\n" }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "virus");
}

/* Only signatures of malware decide alone. */
static void test_verdicts(void **state)
{
	static const struct {
		const char *says;
		enum disposition want;
	} cases[] = {
		{ "Win.Trojan.Agent-123", DISP_MALICIOUS }, { "X.Y.UNOFFICIAL", DISP_SUSPICIOUS },
		{ "PUA.Win.Tool.Netcat-1", DISP_NONE },     { "Heuristics.Encrypted.Zip", DISP_NONE },
		{ "Heuristics.Structured.SSN", DISP_NONE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct mail m = { SAYS(cases[i].says), .seen = 3 };
		struct bench b;
		bench_scan(&b, &m, NULL);
		if (b.verdict.message->final_disposition != (int)cases[i].want)
			fail_msg("%s: %d", cases[i].says, b.verdict.message->final_disposition);
		bench_close(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdicts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
