/* Journal reports: what the scan tells of the mail in one, and that other mail is judged as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "scan/scan.h"

#define OUTER                                                                                  \
	"From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.test\r\nSubject: Offer\r\n" \
	"X-MS-Journal-Report:\r\nMIME-Version: 1.0\r\n"
#define MIXED OUTER "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
#define TEXT                                                                              \
	"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSender: s@example.org\r\n" \
	"To: a@x.test, Expanded: g@x.test\r\nCc: b@x.test\r\n\r\n"
#define RFC822 "--b\r\nContent-Type: message/rfc822\r\n\r\n"
#define INNER "From: s@example.org\r\nSubject: inner\r\n\r\ntext\r\n"
#define END "\r\n--b--\r\n"
/* "Subject: b", an empty line and "b". */
#define IN_BASE64 "U3ViamVjdDogYg0KDQpiDQo="
#define BASE64 "Content-Transfer-Encoding: base64\r\n"

static const struct {
	const char *name, *mail;
	const char *want; /* of the mail: encoding:subject; "-" = it is not taken out; NULL: no report */
	const char *from_to;
} cases[] = {
	{ "as Exchange writes it", MIXED TEXT RFC822 INNER END, "identity:inner",
	  "s@example.org a@x.test b@x.test" },
	{ "its mail in base64",
	  MIXED TEXT "--b\r\nContent-Type: message/rfc822\r\n" BASE64 "\r\n" IN_BASE64 END, "base64:b",
	  "s@example.org a@x.test b@x.test" },
	{ "a text in base64",
	  MIXED "--b\r\nContent-Type: text/plain\r\n" BASE64 "\r\nVG86IGFAeC50ZXN0DQo=\r\n" RFC822 INNER END,
	  "identity:inner", "? a@x.test" },
	{ "no text", MIXED RFC822 INNER END, "identity:inner", "?" },
	{ "the mail before the text", MIXED RFC822 INNER "\r\n" TEXT END, "identity:inner",
	  "s@example.org a@x.test b@x.test" },
	{ "a report within the report counts with it",
	  MIXED TEXT RFC822 OUTER "Content-Type: message/rfc822\r\n\r\n" INNER END, "identity:Offer",
	  "s@example.org a@x.test b@x.test" },
	{ "no mail in it", MIXED TEXT END, "-", "s@example.org a@x.test b@x.test" },
	{ "not even parts", OUTER "\r\nSender: s@example.org\r\nTo: a@x.test\r\n", "-",
	  "s@example.org a@x.test" },
	{ "two mails", MIXED TEXT RFC822 INNER "\r\n" RFC822 INNER END, "-",
	  "s@example.org a@x.test b@x.test" },
	{ "no mail by its bytes", MIXED TEXT RFC822 "\x01\x02\x03" END, "-",
	  "s@example.org a@x.test b@x.test" },
	{ "TNEF",
	  MIXED TEXT "--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n" BASE64
		     "\r\neJ8+IgAA" END,
	  "-", "s@example.org a@x.test b@x.test" },
	{ "an unknown encoding",
	  MIXED TEXT "--b\r\nContent-Type: message/rfc822\r\n"
		     "Content-Transfer-Encoding: rot13\r\n\r\n" INNER END,
	  "-", "s@example.org a@x.test b@x.test" },
	{ "a file beside the mail",
	  MIXED TEXT RFC822 INNER "\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF" END, "-",
	  "s@example.org a@x.test b@x.test" },
	{ "another text beside the mail",
	  MIXED TEXT RFC822 INNER
	  "\r\n--b\r\nContent-Type: text/html\r\n\r\n<a href=https://a.example>x</a>" END,
	  "-", "s@example.org a@x.test b@x.test" },
	{ "a text that is written to somebody",
	  MIXED
	  "--b\r\nContent-Type: text/plain\r\n\r\nTo: a@x.test\r\nDear Anna, please call me.\r\n" RFC822 INNER
	      END,
	  "-", "? a@x.test" },
	{ "a text with a link",
	  MIXED
	  "--b\r\nContent-Type: text/plain\r\n\r\nTo: a@x.test\r\nOffer: https://a.example/\r\n" RFC822 INNER
	      END,
	  "-", "? a@x.test" },
	{ "no report",
	  "From: a@x.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" TEXT RFC822 INNER END, NULL,
	  "" },
};

static bool found(const struct verdict *v, const char *name)
{
	for (size_t i = 0; i < v->message->findings.n; i++)
		if (str_eq(v->message->findings.v[i].name, str_of(name)))
			return true;
	return false;
}

static void look(struct arena *a, const char *mail, bool wrapped, struct verdict *v)
{
	struct scan_job job = {
		.raw = str_of(mail), .delivery_mode = MODE_JOURNAL, .lookback_hops = 1, .wrapped = wrapped
	};

	scan_run(a, &job, NULL, asker_new(a, NULL, NULL), v);
}

static void unwrapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct str told = STR(""), from_to = STR("");
		struct verdict v;
		look(a, cases[i].mail, true, &v);
		const struct journaled *j = v.journaled;
		if (!cases[i].want != !j)
			fail_msg("%s: it is taken for what it is not", cases[i].name);
		if (j) {
			const struct attached_mail *m = j->mail;
			told = m ? ARENA_JOIN(a, enum_text(&attached_encoding_names, m->encoding), STR(":"),
					      m->subject)
				 : STR("-");
			from_to = HAS(j, journaled, sender) ? j->sender : STR("?");
			for (size_t k = 0; k < j->recipients.n; k++)
				from_to = ARENA_JOIN(a, from_to, STR(" "), j->recipients.v[k]);
		}
		if (!str_eq(told, str_of(cases[i].want)) || !str_eq(from_to, str_of(cases[i].from_to)))
			fail_msg("%s: %.*s | %.*s", cases[i].name, STR_ARG(told), STR_ARG(from_to));
		/* What cannot be taken out is judged as a mail, and says so. */
		if (found(&v, "journal_report") != str_eq(told, STR("-")))
			fail_msg("%s: the finding", cases[i].name);
		arena_free(&a);
	}
}

static void its_bytes(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str mail = STR(MIXED TEXT RFC822 INNER END);
	struct verdict v;

	(void)state;
	look(a, mail.p, true, &v);
	size_t start = (size_t)v.journaled->mail->start;
	assert_true(str_eq(str_sub(mail, start, start + (size_t)v.journaled->mail->length), STR(INNER)));
	look(a, mail.p, false, &v); /* nobody said that it may be one */
	assert_null(v.journaled);
	assert_false(found(&v, "journal_report"));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(unwrapped), cmocka_unit_test(its_bytes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
