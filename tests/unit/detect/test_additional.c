/* Additional detections: nothing where they are off, and what the account said where they are on. */
#include "bench.h"

#define RECEIVED INT64_C(1793000000000000) /* as the bench scans */
#define DAY (INT64_C(86400) * 1000000)
#define PAYROLL \
	"Hi Bob, I changed banks and would like to update my direct deposit before the next pay date.\r\n"
#define BLANK .type = "text/html", .body = "<div> &nbsp;\xe2\x80\x8b</div>\r\n"

static const struct {
	const char *name;
	struct mail mail;
	struct detection_settings settings;
	const char *want; /* name of the finding; NULL = none */
	enum disposition verdict;
} cases[] = {
	{ "blank", { BLANK }, { .blank_email = ADDED_MALICIOUS }, "blank_email", DISP_MALICIOUS },
	{ "blank, suspicious",
	  { .body = " \r\n" },
	  { .blank_email = ADDED_SUSPICIOUS },
	  "blank_email",
	  DISP_SUSPICIOUS },
	{ "blank, off", { BLANK }, { .html_attachment = ADDED_MALICIOUS }, NULL, DISP_NONE },
	{ "one sign", { .body = "?\r\n" }, { .blank_email = ADDED_MALICIOUS }, NULL, DISP_NONE },
	{ "a picture alone",
	  { .type = "text/html", .body = "<img src=\"cid:1\">" },
	  { .blank_email = ADDED_MALICIOUS },
	  NULL,
	  DISP_NONE },
	{ "a file alone",
	  { .body = "", .file = "minutes.txt", .file_type = "text/plain", .file_bytes = STR_INIT("Monday") },
	  { .blank_email = ADDED_MALICIOUS },
	  NULL,
	  DISP_NONE },
	{ "payroll from a free mailbox",
	  { .from = "Ann <ann@gmail.com>", .body = PAYROLL },
	  { .ach_change_free_mail = ADDED_MALICIOUS },
	  "ach_change_free_mail",
	  DISP_MALICIOUS },
	{ "payroll from a house",
	  { .body = PAYROLL, .seen = 1 },
	  { .ach_change_free_mail = ADDED_MALICIOUS },
	  NULL,
	  DISP_NONE },
	{ "a free mailbox about something else",
	  { .from = "Ann <ann@gmail.com>" },
	  { .ach_change_free_mail = ADDED_MALICIOUS },
	  NULL,
	  DISP_NONE },
	{ "a page",
	  { .file = "Invoice.HTM", .file_bytes = STR_INIT("<p>Hello</p>") },
	  { .html_attachment = ADDED_MALICIOUS },
	  "html_attachment",
	  DISP_MALICIOUS },
	{ "a page, suspicious",
	  { .file = "a.html", .file_bytes = STR_INIT("<p>Hello</p>") },
	  { .html_attachment = ADDED_SUSPICIOUS },
	  "html_attachment",
	  DISP_SUSPICIOUS },
	{ "a page, off",
	  { .file = "a.html", .file_bytes = STR_INIT("<p>Hello</p>") },
	  { 0 },
	  NULL,
	  DISP_NONE },
	{ "no page",
	  { .file = "html.txt", .file_type = "text/plain", .file_bytes = STR_INIT("Hello") },
	  { .html_attachment = ADDED_MALICIOUS },
	  NULL,
	  DISP_NONE },
	{ "HTML in the body",
	  { .type = "text/html" },
	  { .html_attachment = ADDED_MALICIOUS },
	  NULL,
	  DISP_NONE },
	{ "an age that is not known", { 0 }, { .malicious_domain_age = 7 }, NULL, DISP_NONE },
	{ "never seen, which counts",
	  { 0 },
	  { .malicious_domain_age = 7, .first_seen_is_age = true },
	  "young_domain",
	  DISP_MALICIOUS },
	{ "ten days old",
	  { .seen = 1, .first_us = RECEIVED - 10 * DAY },
	  { .malicious_domain_age = 7, .suspicious_domain_age = 30, .first_seen_is_age = true },
	  "young_domain",
	  DISP_SUSPICIOUS },
	{ "thirty days old",
	  { .seen = 1, .first_us = RECEIVED - 30 * DAY },
	  { .malicious_domain_age = 7, .suspicious_domain_age = 30, .first_seen_is_age = true },
	  NULL,
	  DISP_NONE },
	{ "old enough not to be malicious",
	  { .seen = 1, .first_us = RECEIVED - 7 * DAY },
	  { .malicious_domain_age = 7, .first_seen_is_age = true },
	  NULL,
	  DISP_NONE },
	{ "free mailboxes have no age",
	  { .from = "Ann <ann@gmail.com>" },
	  { .malicious_domain_age = 7, .first_seen_is_age = true },
	  NULL,
	  DISP_NONE },
	{ "nobody to ask",
	  { .offline = true },
	  { .malicious_domain_age = 7, .first_seen_is_age = true },
	  NULL,
	  DISP_NONE },
	{ "no threshold is above what the account decided",
	  { .body = "" },
	  { .has = FIELD_BIT(detection_settings, suspicious_threshold),
	    .suspicious_threshold = 10,
	    .blank_email = ADDED_SUSPICIOUS },
	  "blank_email",
	  DISP_SUSPICIOUS },
};

/* has: every setting but the thresholds, unless the row says more. */
static struct policy *compile(struct arena *a, struct detection_settings *settings, const char *trusted)
{
	struct trusted_domain t = { .pattern = str_of(trusted), .is_recent = true };
	struct policy_source source = { .detection = settings, .trusted = { &t, trusted != NULL } };

	for (size_t i = 0; i < detection_settings_F_malicious_threshold; i++)
		settings->has |= UINT64_C(1) << i;
	return policy_compile(a, &source);
}

static void test_cases(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct detection_settings settings = cases[i].settings;
		struct policy *p = compile(a, &settings, NULL);
		struct row row = { cases[i].name, cases[i].mail, NULL, 0 };
		struct bench b;
		if (cases[i].want)
			row.want = arena_printf(a, "additional_detection.%s", cases[i].want).p;
		bench_scan(&b, &cases[i].mail, p);
		bench_row(&b, &row, "additional_detection");
		if (b.verdict.message->final_disposition != (int)cases[i].verdict)
			fail_msg(
			    "%s: %.*s", cases[i].name,
			    STR_ARG(enum_text(&disposition_names, b.verdict.message->final_disposition)));
		bench_close(&b);
		policy_free(&p);
	}
	arena_free(&a);
}

/* A trusted domain is let off its age, here as everywhere. */
static void test_trusted(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct detection_settings settings = { .malicious_domain_age = 7, .first_seen_is_age = true };
	struct policy *p = compile(a, &settings, "sender.test");
	const struct mail m = { 0 };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, p);
	assert_true(str_eq(bench_finding(&b, "additional_detection.young_domain")->suppressed_by,
			   STR("sender.test")));
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
	policy_free(&p);
	arena_free(&a);
}

/* What a switched-off detector finds is told, and does not count. */
static void test_switched_off(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	int off[] = { DETECTOR_attachment_risk };
	struct detection_settings settings = { .disabled_detectors = { off, 1 } };
	struct policy *p = compile(a, &settings, NULL);
	const struct mail m = { .file = "invoice.pdf.exe", .file_bytes = STR_INIT("MZ\x90\0\3\0\0\0") };
	struct bench on, without;

	(void)state;
	bench_scan(&on, &m, NULL);
	bench_scan(&without, &m, p);
	assert_int_equal(on.verdict.message->final_disposition, DISP_MALICIOUS);
	assert_int_equal(without.verdict.message->final_disposition, DISP_NONE);
	assert_false(HAS(bench_finding(&on, "attachment_risk"), finding, suppressed_by));
	assert_true(
	    str_eq(bench_finding(&without, "attachment_risk")->suppressed_by, STR(DISABLED_DETECTOR)));
	assert_int_equal(without.verdict.message->detection_reasons.n, 0);
	bench_close(&on);
	bench_close(&without);
	policy_free(&p);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases), cmocka_unit_test(test_trusted),
					    cmocka_unit_test(test_switched_off) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
