/* What of a mail goes into its picture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "preview/mail.h"

#define LRI "\xe2\x81\xa8" /* U+2068 and U+2069 */
#define PDI "\xe2\x81\xa9"

static const struct {
	const char *header, *label, *want;
} fields[] = {
	{ "From: Ann <ann@a.test>\n", "From", LRI "Ann" PDI " <" LRI "ann@a.test" PDI ">" },
	{ "From: ann@a.test\n", "From", LRI "ann@a.test" PDI },
	{ "X: y\n", "From", "(none)" },
	{ "From: a@a.test\nReply-To: b@b.test\n", "Reply-To", LRI "b@b.test" PDI },
	{ "From: a@a.test\nReply-To: A@A.TEST\n", "Reply-To", NULL },
	{ "From: \"service@bank.test\" <evil@x.test>\n", "From",
	  LRI "service@bank.test" PDI " <" LRI "evil@x.test" PDI ">" },
	{ "Subject: =?utf-8?q?a=E2=80=AEb=00c=E2=80=8Bd?=\n", "Subject", LRI "a[U+202E]b c[U+200B]d" PDI },
	{ "Subject: a\n b\n", "Subject", LRI "a b" PDI },
	{ "To: a@a.test, b@b.test, c@c.test, d@d.test, e@e.test\n", "To",
	  LRI "a@a.test" PDI ", " LRI "b@b.test" PDI ", " LRI "c@c.test" PDI ", and 2 more" },
	{ "From: a@b\xc3\xbc"
	  "cher.test\n",
	  "From",
	  LRI "a@b\xc3\xbc"
	      "cher.test = xn--bcher-kva.test" PDI },
	{ "Date: Fri, 20 Nov 2026 10:00:00 +0000\n", "Date", "Fri, 20 Nov 2026 10:00:00 +0000" },
};

static void test_fields(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct str raw = arena_printf(a, "%s\nx\n", fields[i].header), got = STR_NONE;
		const struct preview_mail *m = preview_mail_read(a, raw);
		for (size_t k = 0; k < m->fields_n; k++)
			if (str_eq(str_of(m->fields[k].label), str_of(fields[i].label)))
				got = m->fields[k].text;
		if (!str_eq(got, str_of(fields[i].want)))
			fail_msg("%s gives %.*s", fields[i].header, STR_ARG(got));
	}
	arena_free(&a);
}

/* However long a name is, the domain behind it is there. */
static void test_long_names(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	char name[3000], local[500];

	(void)state;
	memset(name, 'n', sizeof(name));
	memset(local, 'l', sizeof(local));
	const struct preview_mail *m =
	    preview_mail_read(a, arena_printf(a, "From: %.3000s <%.500s@end.evil.test>\n\nx\n", name, local));
	assert_true(m->fields[0].text.n < 500);
	assert_true(str_find(m->fields[0].text, STR("@end.evil.test"), 0) != SIZE_MAX);
	arena_free(&a);
}

#define MULTI(kind) "Content-Type: multipart/" kind "; boundary=b\n\n"
#define PART(type, text) "--b\nContent-Type: " type "\n\n" text "\n"
static const struct {
	const char *mail, *bodies, *attachments;
} bodies[] = {
	{ "\nhello", "T(hello)", "" },
	{ MULTI("alternative") PART("text/plain", "a") PART("text/html", "b") "--b--\n", "H(b)", "" },
	{ MULTI("alternative") PART("text/html", "b") PART("text/plain", "a") "--b--\n", "H(b)", "" },
	{ MULTI("alternative") PART("text/plain", "a")
	      PART("text/calendar", "BEGIN:VCALENDAR\nSUMMARY:s\n") "--b--\n",
	  "T(s)", "" },
	{ MULTI("mixed") PART("text/plain", "a") PART("text/html", "b") "--b--\n", "T(a)H(b)", "" },
	{ MULTI("mixed") PART("text/plain", "a") PART("application/pdf; name=\"x.pdf\"", "b") "--b--\n",
	  "T(a)", "x.pdf" },
	{ MULTI("mixed") PART("text/plain", "a") PART("text/plain; name=n.txt", "b") "--b--\n", "T(a)",
	  "n.txt" },
	{ MULTI("mixed") PART("text/plain", "a") PART("message/rfc822", "Subject: inner\n\nx") "--b--\n",
	  "T(a)", "inner" },
	{ "Content-Type: application/pdf\n\nx", "", "unnamed application/pdf" },
	{ MULTI("alternative") PART(
	      "text/plain", "a") "--b\nContent-Type: multipart/related; boundary=c\n\n--c\nContent-Type: "
				 "text/html\n\nb\n--c\nContent-Type: image/png\n"
				 "Content-ID: <i>\n\nx\n--c--\n--b--\n",
	  "H(b)", "unnamed image/png" },
	{ MULTI("mixed") "--b\nContent-Type: text/html\nContent-Disposition: attachment; "
			 "filename=\"a\xe2\x80\xae.html\"\n\nb\n--b--\n",
	  "", "a[U+202E].html" },
};

static void test_bodies(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		struct str got = STR(""), names = STR("");
		const struct preview_mail *m = preview_mail_read(a, str_of(bodies[i].mail));
		for (size_t k = 0; k < m->bodies_n; k++)
			got = ARENA_JOIN(a, got, m->bodies[k].html ? STR("H(") : STR("T("),
					 str_trim(m->bodies[k].source), STR(")"));
		for (size_t k = 0; k < m->attachments.n; k++)
			names = ARENA_JOIN(a, names, k ? STR(" ") : STR(""), m->attachments.v[k].name);
		if (!str_eq(got, str_of(bodies[i].bodies)) || !str_eq(names, str_of(bodies[i].attachments)))
			fail_msg("%s gives %.*s and %.*s", bodies[i].mail, STR_ARG(got), STR_ARG(names));
	}
	arena_free(&a);
}

static void test_links(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	const struct preview_mail *m = preview_mail_read(
	    a, STR("Content-Type: text/html\n\n<a href=http://one.test/>a</a><a "
		   "href=http://one.test/x>www.one.test</a>"
		   "<a href=http://evil.test/>https://www.example.com/</a><a href=mailto:a@b.test>c</a>"));

	(void)state;
	assert_int_equal(m->links, 4);
	assert_int_equal(m->mismatched, 1);
	assert_int_equal(m->hosts.n, 3);
	assert_true(str_eq(m->hosts.v[0].host, STR("evil.test"))); /* what deceives comes first */
	assert_true(str_eq(m->hosts.v[0].shown, STR("www.example.com")));
	assert_int_equal(m->hosts.v[1].links, 2);
	assert_true(str_eq(m->hosts.v[2].host, STR("mail to b.test"))); /* a lure may want an answer only */
	arena_free(&a);
}

static void test_sizes(void **state)
{
	static const struct {
		const char *encoding, *body;
		size_t size;
	} parts[] = {
		{ "7bit", "abc", 3 },
		{ "base64", "QUJD", 3 },
		{ "base64", "QUJDRA==", 4 },
		{ "base64", "QUJD\r\nREVG\r\nRw==\r\n", 7 },
	};
	struct arena *a = arena_new(64u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const struct preview_mail *m = preview_mail_read(
		    a, arena_printf(a, "Content-Type: image/png\nContent-Transfer-Encoding: %s\n\n%s",
				    parts[i].encoding, parts[i].body));
		assert_int_equal(m->attachments.n, 1);
		assert_int_equal(m->attachments.v[0].size, parts[i].size);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields), cmocka_unit_test(test_long_names),
		cmocka_unit_test(test_bodies), cmocka_unit_test(test_links),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
