/* Content policies, trusted domains and the impersonation registry: what each says of a fact. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "policy/policy.h"

static int subject_only[] = { TARGET_SUBJECT }, body_only[] = { TARGET_BODY },
	   both[] = { TARGET_BODY, TARGET_SUBJECT };

static void test_content(void **state)
{
	static struct content_policy list[] = {
		{ .name = STR_INIT("Gifts"),
		  .pattern = STR_INIT("gift\\s?cards?"),
		  .targets = { both, 2 },
		  .enabled = true },
		{ .name = STR_INIT("Urgent"),
		  .pattern = STR_INIT("^urgent"),
		  .targets = { subject_only, 1 },
		  .enabled = true },
		{ .name = STR_INIT("Wire"),
		  .pattern = STR_INIT("wire transfer"),
		  .targets = { body_only, 1 },
		  .enabled = true },
		{ .name = STR_INIT("Off"),
		  .pattern = STR_INIT("lottery"),
		  .targets = { both, 2 },
		  .enabled = false },
		{ .name = STR_INIT("Broken"),
		  .pattern = STR_INIT("(?=x)"),
		  .targets = { both, 2 },
		  .enabled = true },
	};
	static const struct {
		const char *subject, *plain, *html, *want, *seen;
		int target;
	} mails[] = {
		{ "Hello", "nothing", "here", NULL, NULL, 0 },
		{ "URGENT: read", "", "", "Urgent", "urgent", TARGET_SUBJECT },
		{ "not urgent", "urgent", "urgent", NULL, NULL, 0 },
		{ "Hello", "a Wire\r\nTransfer to", "", "Wire", "a wire transfer", TARGET_BODY },
		{ "Hello", "", "x wire   transfer", "Wire", "x wire transfer", TARGET_BODY },
		{ "wire transfer", "", "", NULL, NULL, 0 },
		{ "Gift Card", "gift card", "", "Gifts", "gift card", TARGET_SUBJECT },
		{ "lottery", "lottery", "", NULL, NULL, 0 },
	};
	struct policy_source source = { .content = { list, ARRAY_LEN(list) } };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct policy *p = policy_compile(a, &source);
	struct policy_content c;

	(void)state;
	assert_int_equal(policy_skipped(p), 1);
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct str texts[] = { str_of(mails[i].plain), str_of(mails[i].html) };
		struct strs bodies = { texts, 2 },
			    subjects = { (struct str[]){ str_of(mails[i].subject) }, 1 };
		policy_content_find(a, p, &subjects, &bodies, &c);
		if (!str_eq(c.name, str_of(mails[i].want)) || c.unfinished > 0)
			fail_msg("case %zu: %.*s", i, STR_ARG(c.name));
		if (!mails[i].want)
			continue;
		assert_int_equal(c.target, mails[i].target);
		assert_true(c.pattern.n > 0);
		if (!str_eq(c.seen, str_of(mails[i].seen)))
			fail_msg("case %zu: seen \"%.*s\"", i, STR_ARG(c.seen));
	}
	policy_free(&p);
	policy_content_find(a, NULL, &(struct strs){ 0 },
			    &(struct strs){ (struct str[]){ STR("gift card") }, 1 }, &c);
	assert_int_equal(c.name.n, 0);
	arena_free(&a);
}

static void test_trusted(void **state)
{
	static struct trusted_domain list[] = {
		{ .pattern = STR_INIT("Young.example"), .is_recent = true },
		{ .pattern = STR_INIT("alike.example"), .is_similarity = true },
		{ .pattern = STR_INIT("both.example"), .is_recent = true, .is_similarity = true },
		{ .pattern = STR_INIT("(.*\\.)?partner-[a-z]+\\.example"),
		  .is_regex = true,
		  .is_similarity = true },
		{ .pattern = STR_INIT("b\xc3\xbc"
				      "cher\\.test"),
		  .is_regex = true,
		  .is_recent = true },
		{ .pattern = STR_INIT("b\xc3\xbc"
				      "cher.example"),
		  .is_recent = true },
	};
	static const struct {
		const char *domain;
		int recent, similarity; /* index of the pattern, -1 = none */
	} domains[] = {
		{ "young.example", 0, -1 },
		{ "sub.young.example", -1, -1 },
		{ "ALIKE.example", -1, 1 },
		{ "both.example.", 2, 2 },
		{ "mail.partner-west.example", -1, 3 },
		{ "partner-west.example.evil.test", -1, -1 },
		{ "xn--bcher-kva.example", 5, -1 },
		{ "B\xc3\x9c"
		  "CHER.test",
		  4, -1 },
		{ "", -1, -1 },
	};
	struct policy_source source = { .trusted = { list, ARRAY_LEN(list) } };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct policy *p = policy_compile(a, &source);
	struct policy_decision d;
	struct policy_trusted t;

	(void)state;
	assert_int_equal(policy_skipped(p), 0);
	for (size_t i = 0; i < ARRAY_LEN(domains); i++) {
		policy_trusted_find(policy_trusting_new(a, p), str_of(domains[i].domain), &t);
		int r = domains[i].recent, s = domains[i].similarity;
		if (!str_eq(t.recent, r < 0 ? STR_NONE : list[r].pattern) ||
		    !str_eq(t.similarity, s < 0 ? STR_NONE : list[s].pattern))
			fail_msg("%s: %.*s, %.*s", domains[i].domain, STR_ARG(t.recent),
				 STR_ARG(t.similarity));
	}
	/* It is no allow list. */
	policy_decide(
	    a, p, &(struct policy_facts){ .header_from = STR("x@both.example"), .header_proved = true }, &d);
	assert_int_equal(d.trusted.pattern.n + d.acceptable.pattern.n + d.blocked.pattern.n, 0);
	policy_free(&p);
	policy_trusted_find(policy_trusting_new(a, NULL), STR("both.example"), &t);
	assert_int_equal(t.recent.n, 0);
	arena_free(&a);
}

/* The steps are those of the mail, however many domains it shows. */
static void test_trusted_steps(void **state)
{
	enum { N = 500 };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct policy_source source = { 0 };
	struct policy_trusted t;

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		struct str pattern = arena_printf(a, "[%c-%c]+\\.?\\w{%u,}.\\w%c?\\d", 'a' + (int)(i % 13),
						  'n' + (int)(i % 7), i % 5, 'a' + (int)(i % 26));
		struct trusted_domain slow = { .pattern = pattern, .is_regex = true };
		ARENA_PUSH(a, &source.trusted, slow);
	}
	struct policy *p = policy_compile(a, &source);
	struct policy_trusting *asker = policy_trusting_new(a, p);
	policy_trusted_find(asker, STR("first.example"), &t);
	assert_int_equal(t.unfinished, 0);
	for (int i = 0; i < 40; i++)
		policy_trusted_find(
		    asker, arena_printf(a, "%c%c%ddomain.example", 'a' + i % 26, 'a' + i * 7 % 26, i * 31),
		    &t);
	assert_int_equal(t.unfinished, N);
	policy_free(&p);
	arena_free(&a);
}

static void test_impersonation(void **state)
{
	static struct impersonation list[] = {
		{ .name = STR_INIT("Ann Boss"),
		  .email = STR_INIT("ann@corp.example, Ann.Boss@Corp.Example ,ann@home.test") },
		{ .name = STR_INIT("Bob Money"),
		  .email = STR_INIT("bob(\\.money)?@corp\\.example"),
		  .is_email_regex = true },
		{ .name = STR_INIT("Anna Boss"), .email = STR_INIT("ann@corp.example") },
		{ .name = STR_INIT("Help Desk"),
		  .email = STR_INIT(".*@(helpdesk|corp)\\.example"),
		  .is_email_regex = true },
		{ .name = STR_INIT("Empty"), .email = STR_INIT(" , ,") },
	};
	static const struct {
		const char *address, *want; /* a digit for each entry */
	} addresses[] = {
		{ "ann@corp.example", "023" },
		{ "ANN.BOSS@corp.example", "03" },
		{ "ann@home.test", "0" },
		{ "bob.money@Corp.example", "13" },
		{ "bob.monex@corp.example", "3" },
		{ "ann@corp.example.evil.test", "" },
		{ "\"ann\"@corp.example", "023" },
		{ "desk@helpdesk.example", "3" },
		{ "", "" },
	};
	struct policy_source source = { .impersonation = { list, ARRAY_LEN(list) } };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct policy *p = policy_compile(a, &source);
	struct policy_impersonation_owners o;

	(void)state;
	assert_int_equal(policy_skipped(p), 0);
	assert_int_equal(policy_impersonation_list(p)->n, ARRAY_LEN(list));
	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		char got[8] = { 0 };
		policy_impersonation_owners(a, p, str_of(addresses[i].address), &o);
		assert_in_range(o.n, 0, 7);
		for (size_t k = 0; k < o.n; k++)
			got[k] = (char)('0' + o.v[k]);
		assert_string_equal(got, addresses[i].want);
	}
	policy_free(&p);
	assert_int_equal(policy_impersonation_list(NULL)->n, 0);
	policy_impersonation_owners(a, NULL, STR("ann@corp.example"), &o);
	assert_int_equal(o.n, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_trusted),
		cmocka_unit_test(test_trusted_steps),
		cmocka_unit_test(test_impersonation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
