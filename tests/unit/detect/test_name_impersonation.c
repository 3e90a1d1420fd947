/* name_impersonation: names of the registry with other addresses. */
#include "bench.h"

#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"

static struct impersonation registry[] = {
	{ .name = STR_INIT("Jane Doe"), .email = STR_INIT("jane@home.test, jane.doe@mail.example.org") },
	{ .name = STR_INIT("Robert Fielding"),
	  .email = STR_INIT("robert@home\\.test|.*@fielding\\.example"),
	  .is_email_regex = true },
	{ .name = STR_INIT("Jane Dow"), .email = STR_INIT("dow@partner.example") },
	{ .name = STR_INIT("Payroll"), .email = STR_INIT("payroll@home.test") },
};

static const struct row rows[] = {
	{ "the name itself", { .from = "Jane Doe <jane@evil.test>" }, "name_impersonation.same", 1 },
	{ "family name first", { .from = "\"Doe, Jane\" <jane@evil.test>" }, "name_impersonation.same", 1 },
	{ "an encoded name, in other letters",
	  { .from = "=?utf-8?q?J=D0=B0ne_D=C3=B6e?= <jane@evil.test>" },
	  "name_impersonation.same",
	  1 },
	{ "with a title", { .from = "\"Jane Doe (CEO)\" <jane@evil.test>" }, "name_impersonation.same", 1 },
	{ "a slip", { .from = "Robert Feilding <r@evil.test>" }, "name_impersonation.slip", 1 },
	{ "an initial", { .from = "\"R. Fielding\" <r@evil.test>" }, "name_impersonation.initial", 1 },
	{ "one word", { .from = "Payroll <pay@evil.test>" }, "name_impersonation.same", 1 },
	{ "in Reply-To",
	  { .headers = "Reply-To: Jane Doe <x@evil.test>\r\n" },
	  "name_impersonation.same",
	  1 },
	{ "in Sender", { .headers = "Sender: Jane Doe <x@evil.test>\r\n" }, "name_impersonation.same", 1 },
	{ "nearly the address",
	  { .from = "Jane Doe <jane@home.test.evil.test>" },
	  "name_impersonation.same",
	  1 },
	{ "no match of the expression",
	  { .from = "Robert Fielding <robert@fielding.example.evil.test>" },
	  "name_impersonation.same",
	  1 },
	{ "the very address, not proved",
	  { .from = "Jane Doe <jane@home.test>", .mail_from = "x@evil.test" },
	  "name_impersonation.same",
	  1 },
	{ "nobody to ask",
	  { .from = "Jane Doe <jane@evil.test>", .offline = true },
	  "name_impersonation.same",
	  1 },
	/* near misses */
	{ "ordinary mail", { 0 }, NULL, 0 },
	{ "her address",
	  { .from = "Jane Doe <jane@home.test>", .mail_from = "jane@home.test", PROVED },
	  NULL,
	  0 },
	{ "her other address", { .from = "Jane Doe <Jane.Doe@mail.example.org>" }, NULL, 0 },
	{ "by the expression", { .from = "Robert Fielding <bob@fielding.example>" }, NULL, 0 },
	{ "a namesake of the registry", { .from = "Jane Dow <dow@partner.example>" }, NULL, 0 },
	{ "an alias in the house",
	  { .from = "Jane Doe <jd2@home.test>", .mail_from = "jd2@home.test", PROVED },
	  NULL,
	  0 },
	{ "in the house, nobody to ask", { .from = "Jane Doe <jd2@home.test>", .offline = true }, NULL, 0 },
	{ "answers to the house", { .headers = "Reply-To: Jane Doe <office@home.test>\r\n" }, NULL, 0 },
	{ "another name", { .from = "Jim Doe <jim@evil.test>" }, NULL, 0 },
	{ "on her behalf", { .from = "\"Jane Doe via Files\" <no-reply@files.example>" }, NULL, 0 },
	{ "her name and more",
	  { .from = "\"Jane Doe Memorial Hospital\" <info@hospital.example>" },
	  NULL,
	  0 },
	{ "no name", { .from = "jane.doe@evil.test" }, NULL, 0 },
	{ "half a name", { .from = "Jane <jane@evil.test>" }, NULL, 0 },
};

static struct policy *policy_of(struct arena *a)
{
	static struct policy_source source = { .impersonation = { registry, ARRAY_LEN(registry) } };

	return policy_compile(a, &source);
}

static void test_table(void **state)
{
	struct arena *a = arena_new(8u << 20, NULL, NULL);
	struct policy *p = policy_of(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bench b;
		bench_scan(&b, &rows[i].mail, p);
		bench_row(&b, &rows[i], "name_impersonation");
		bench_close(&b);
	}
	policy_free(&p);
	arena_free(&a);
}

static bool has_attribute(const struct verdict *v, struct str name)
{
	return strs_has(&v->attributes, name);
}

/* Alone a spoof with the attribute BEC; with risky content malice; of somebody who has long written so, nothing. */
static void test_verdicts(void **state)
{
	static const struct {
		struct mail mail;
		enum disposition want;
		bool bec;
	} cases[] = {
		{ { .from = "Jane Doe <jane@evil.test>" }, DISP_SPOOF, true },
		{ { .from = "Jane Doe <jane@evil.test>",
		    .headers = "Reply-To: jane.doe.77@gmail.com\r\n",
		    .body =
			"Are you available? I need you to purchase some gift cards for a client. Scratch the "
			"back and send me the codes, I will reimburse you tonight." },
		  DISP_BEC,
		  true },
		{ { .from = "Jane Doe <jane@sender.test>", PROVED, .seen = 50 }, DISP_NONE, false },
		{ { .from = "Jane Doe <jane@home.test>", .mail_from = "jane@home.test", PROVED },
		  DISP_NONE,
		  false },
	};
	struct arena *a = arena_new(8u << 20, NULL, NULL);
	struct policy *p = policy_of(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bench b;
		bench_scan(&b, &cases[i].mail, p);
		assert_int_equal(b.verdict.message->final_disposition, cases[i].want);
		assert_int_equal(has_attribute(&b.verdict, STR("BEC")), cases[i].bec);
		bench_close(&b);
	}
	policy_free(&p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_verdicts) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
