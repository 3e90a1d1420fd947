/* The shipped list of acceptable senders: what stands in it, and that it counts where it is switched on and proved. */
#include "bench.h"

#include "detect/host_kind.h"
#include "detect/lists.h"
#include "detect/managed_senders.h"

#define NEWS                                                                                          \
	.headers = "List-Unsubscribe: <https://www.nike.com/leave>\r\n"                               \
		   "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nX-Campaign: 7\r\n",          \
	.body = "This is the news of the week from all of us here at the shop, with nine new things " \
		"to see and try.\r\nIf you no longer wish to hear from us, you can unsubscribe.\r\n"
#define SPAM_BODY                                                                                      \
	"Viagra and Cialis from our online pharmacy! No prescription. Order now. To be removed click " \
	"here.\r\n"
#define EXE .file = "invoice.pdf.exe", .file_bytes = STR_INIT("MZ\x90\0\3\0\0\0")
#define PROVED .spf = "v=spf1 ip4:192.0.2.10 -all"
#define NIKE .from = "Nike <news@email.nike.com>", .mail_from = "bounce@email.nike.com"

static const struct {
	const char *name;
	struct mail mail;
	bool off;
	enum disposition want;
	bool accepted;
} cases[] = {
	{ "a newsletter", { NIKE, PROVED, NEWS }, false, DISP_NONE, true },
	{ "a newsletter, off", { NIKE, PROVED, NEWS }, true, DISP_BULK, false },
	{ "advertising", { NIKE, PROVED, .body = SPAM_BODY }, false, DISP_NONE, true },
	{ "nothing against it", { NIKE, PROVED }, false, DISP_NONE, true },
	{ "malice stays", { NIKE, PROVED, EXE }, false, DISP_MALICIOUS, true },
	{ "not proved", { NIKE, NEWS }, false, DISP_BULK, false },
	{ "proved in another name",
	  { .from = "Nike <news@email.nike.com>", .mail_from = "x@sender.test", PROVED, .body = SPAM_BODY },
	  false,
	  DISP_SPAM,
	  false },
	{ "a file, of which nothing is known",
	  { NIKE, .no_peer = true, .offline = true, NEWS },
	  false,
	  DISP_BULK,
	  false },
	{ "a name like it",
	  { .from = "Nike <news@nike.com.sender.test>", PROVED, .body = SPAM_BODY },
	  false,
	  DISP_SPAM,
	  false },
	{ "somebody else", { PROVED, .body = SPAM_BODY }, false, DISP_SPAM, false },
};

static void test_cases(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct detection_settings settings = { .managed_acceptable_senders = !cases[i].off };
		struct policy_source source = { .detection = &settings };
		struct bench b;
		settings.has |= FIELD_BIT(detection_settings, managed_acceptable_senders);
		struct policy *p = policy_compile(a, &source);
		bench_scan(&b, &cases[i].mail, p);
		const struct message *m = b.verdict.message;
		if (m->final_disposition != (int)cases[i].want)
			fail_msg("%s: %.*s", cases[i].name,
				 STR_ARG(enum_text(&disposition_names, m->final_disposition)));
		bool accepted = HAS(m->properties, properties, allowlisted_pattern_type) &&
				m->properties->allowlisted_pattern_type == ALLOWLIST_MANAGED;
		assert_int_equal(accepted, cases[i].accepted);
		if (accepted)
			assert_true(str_eq(m->properties->allowlisted_pattern, STR("nike.com")));
		for (size_t k = 0; k < m->findings.n; k++) {
			const struct finding *f = &m->findings.v[k];
			bool mild = f->detection >= DISP_BULK && f->detection <= DISP_SPOOF;
			if (HAS(f, finding, suppressed_by))
				assert_true(str_eq(f->suppressed_by, STR(MANAGED_SENDER "nike.com")));
			assert_int_equal(HAS(f, finding, suppressed_by), accepted && mild);
		}
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

/* What the account itself said of a sender goes before the list. */
static void test_own_policy(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct detection_settings settings = { .has =
						   FIELD_BIT(detection_settings, managed_acceptable_senders),
					       .managed_acceptable_senders = true };
	struct allow_policy allow = { .pattern = STR("email.nike.com"),
				      .pattern_type = PATTERN_DOMAIN,
				      .is_acceptable_sender = true };
	struct block_sender block = { .pattern = STR("email.nike.com"), .pattern_type = PATTERN_DOMAIN };
	struct policy_source allows = { .detection = &settings, .allow = { &allow, 1 } },
			     blocks = { .detection = &settings, .block = { &block, 1 } };
	const struct mail m = { NIKE, PROVED, NEWS };
	struct policy *p = policy_compile(a, &allows), *q = policy_compile(a, &blocks);
	struct bench b;

	(void)state;
	bench_scan(&b, &m, p);
	assert_true(str_eq(b.verdict.message->properties->allowlisted_pattern, STR("email.nike.com")));
	bench_close(&b);
	bench_scan(&b, &m, q);
	assert_int_equal(b.verdict.message->final_disposition, DISP_MALICIOUS);
	bench_close(&b);
	policy_free(&p);
	policy_free(&q);
	arena_free(&a);
}

/* Nobody can have a mailbox, a page or a mailing under any of them. */
static void test_list(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	size_t n;
	const char *const *all = managed_senders(&n);

	(void)state;
	assert_true(n > 100);
	for (size_t i = 0; i < n; i++) {
		struct str name = str_of(all[i]);
		if (!str_eq(domain_registrable(a, name), name) || list_is_free_mail(name) ||
		    host_kind(name) != HOST_OTHER)
			fail_msg("%s must not be there", all[i]);
		if (i > 0)
			assert_true(strcmp(all[i - 1], all[i]) < 0);
		assert_true(managed_sender_is(name));
	}
	assert_false(managed_sender_is(STR("")));
	assert_false(managed_sender_is(STR("aaaa")));
	assert_false(managed_sender_is(STR("zzzz")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_own_policy),
					    cmocka_unit_test(test_list) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
