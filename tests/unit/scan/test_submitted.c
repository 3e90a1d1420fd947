/* What is attached to a mail that submits something, and what a DMARC report is about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "scan/scan.h"

#define OUTER "From: user@example.net\r\nSubject: outer\r\nMIME-Version: 1.0\r\n"
#define MIXED                                                                          \
	OUTER "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: " \
	      "text/plain\r\n\r\nsee\r\n"
#define END "\r\n--b--\r\n"
#define INNER "From: a@example.org\r\nSubject: =?UTF-8?Q?T=C3=A4ter?=\r\n\r\ntext\r\n"
/* "Subject: b", an empty line and "b". */
#define IN_BASE64 "U3ViamVjdDogYg0KDQpiDQo="

static const struct {
	const char *name;
	const char *mail;
	const char *want; /* encoding:subject, a space between two */
	bool other_form;
} cases[] = {
	{ "nothing", MIXED END, "", false },
	{ "message/rfc822", MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\n" INNER END,
	  "identity:T\xc3\xa4ter", false },
	{ "message/global", MIXED "--b\r\nContent-Type: message/global\r\n\r\n" INNER END,
	  "identity:T\xc3\xa4ter", false },
	{ "the whole body", OUTER "Content-Type: message/rfc822\r\n\r\n" INNER, "identity:T\xc3\xa4ter",
	  false },
	{ "message/rfc822 in base64",
	  MIXED
	  "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" IN_BASE64 END,
	  "base64:b", false },
	{ "by its name",
	  MIXED "--b\r\nContent-Type: application/octet-stream; name=\"A.EML\"\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n" IN_BASE64 END,
	  "base64:b", false },
	{ "in quoted-printable",
	  MIXED "--b\r\nContent-Type: text/plain; name=a.eml\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nSubject: a=62c\r\n\r\nx" END,
	  "quoted-printable:abc", false },
	{ "no subject", MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a@example.org\r\n\r\nx" END,
	  "identity:", false },
	{ "two",
	  MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\n" INNER
		"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: b\r\n\r\n" END,
	  "identity:T\xc3\xa4ter identity:b", false },
	{ "one inside another counts with it",
	  MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: b\r\nContent-Type: "
		"message/rfc822\r\n\r\n" INNER END,
	  "identity:b", false },
	{ "no mail",
	  MIXED "--b\r\nContent-Type: application/octet-stream; name=a.eml\r\n\r\nthis is not a mail" END,
	  "unreadable:", false },
	{ "an unknown encoding",
	  MIXED "--b\r\nContent-Type: text/plain; name=a.eml\r\nContent-Transfer-Encoding: "
		"rot13\r\n\r\nFhowrpg: n" END,
	  "unreadable:", false },
	{ "Outlook's own form",
	  MIXED "--b\r\nContent-Type: application/vnd.ms-outlook\r\nContent-Disposition: attachment; "
		"filename=mail\r\n\r\nx" END,
	  "", true },
	{ "by a name of another form",
	  MIXED "--b\r\nContent-Type: application/octet-stream; name=a.Msg\r\n\r\nx" END, "", true },
};

static const struct submitted *look(struct arena *a, struct str mail, int mode)
{
	struct scan_job job = { .raw = mail, .delivery_mode = mode, .lookback_hops = 1 };
	struct verdict v;

	scan_run(a, &job, NULL, asker_new(a, NULL, NULL), &v);
	return v.submitted;
}

static void attached(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct str mail = str_of(cases[i].mail), got = STR("");
		const struct submitted *s = look(a, mail, MODE_REVIEW_SUBMISSION);
		for (size_t k = 0; k < s->mails.n; k++) {
			const struct attached_mail *m = &s->mails.v[k];
			got = ARENA_JOIN(a, got, k ? STR(" ") : STR(""),
					 enum_text(&attached_encoding_names, m->encoding), STR(":"),
					 m->subject);
		}
		if (!str_eq(got, str_of(cases[i].want)) || s->other_form != cases[i].other_form ||
		    s->more_mails)
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(got));
		arena_free(&a);
	}
}

static void its_bytes(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str mail = STR(MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\n" INNER END);
	const struct submitted *s = look(a, mail, MODE_THREAT_INTEL);

	(void)state;
	assert_int_equal(s->mails.n, 1);
	size_t start = (size_t)s->mails.v[0].start;
	assert_true(str_eq(str_sub(mail, start, start + (size_t)s->mails.v[0].length), STR(INNER)));
	assert_false(s->from_proved);
	assert_null(look(a, mail, MODE_DIRECT));
	assert_null(look(a, mail, MODE_BCC));
	arena_free(&a);
}

static void bounded(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str mail = STR(MIXED), one = STR("--b\r\nContent-Type: message/rfc822\r\n\r\n" INNER "\r\n");

	(void)state;
	for (int i = 0; i < LIMIT_ATTACHED_MAILS; i++)
		mail = ARENA_JOIN(a, mail, one);
	const struct submitted *s = look(a, ARENA_JOIN(a, mail, STR(END)), MODE_REVIEW_SUBMISSION);
	assert_true(s->mails.n == LIMIT_ATTACHED_MAILS && !s->more_mails);
	s = look(a, ARENA_JOIN(a, mail, one, STR(END)), MODE_REVIEW_SUBMISSION);
	assert_true(s->mails.n == LIMIT_ATTACHED_MAILS && s->more_mails);
	arena_free(&a);
}

#define FEEDBACK                                                                        \
	OUTER "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: " \
	      "message/feedback-report\r\n\r\n"                                         \
	      "Feedback-Type: auth-failure\r\nAuth-Failure: dmarc\r\n"

static const struct {
	const char *mail, *want;
} reports[] = {
	{ OUTER "Content-Type: "
		"text/xml\r\n\r\n<feedback><report_metadata><report_id>1</report_id></report_metadata>"
		"<policy_published><domain>B\xc3\xbc"
		"cher.Example</domain></policy_published></feedback>",
	  "xn--bcher-kva.example" },
	{ FEEDBACK "Reported-Domain: A.example.org\r\nReported-Domain: b.example.org\r\n" END,
	  "a.example.org b.example.org" },
	{ FEEDBACK "DKIM-Domain: d.example.org\r\n" END, "d.example.org" },
	{ FEEDBACK END, "" },
	{ MIXED END, "" },
};

static void reported_domains(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		const struct submitted *s = look(a, str_of(reports[i].mail), MODE_DMARC_UNVERIFIED);
		struct str got = STR("");
		for (size_t k = 0; k < s->domains.n; k++)
			got = ARENA_JOIN(a, got, k ? STR(" ") : STR(""), s->domains.v[k]);
		if (!str_eq(got, str_of(reports[i].want)))
			fail_msg("%zu: %.*s", i, STR_ARG(got));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attached),
		cmocka_unit_test(its_bytes),
		cmocka_unit_test(bounded),
		cmocka_unit_test(reported_domains),
	};

	return cmocka_run_group_tests_name("scan/submitted", tests, NULL, NULL);
}
