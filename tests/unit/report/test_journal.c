/* The text of journal reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "report/journal.h"

static const struct {
	const char *name, *text;
	const char *sender; /* NULL = none is told */
	const char *recipients;
} cases[] = {
	{ "one of each",
	  "Sender: anna@example.org\r\nSubject: Offer\r\nMessage-Id: <1@example.org>\r\n"
	  "Recipient: a@example.com\r\nTo: b@example.com\r\nCc: c@example.com\r\nBcc: d@example.com\r\n",
	  "anna@example.org", "a@example.com b@example.com c@example.com d@example.com" },
	{ "bare line feeds, no end", "Sender: a@b.test\nTo: c@d.test", "a@b.test", "c@d.test" },
	{ "groups and forwarded addresses are nobody's mailbox",
	  "To: a@x.test, Expanded: sales@x.test\r\nBcc: b@x.test, Forwarded: old@x.test\r\n", NULL,
	  "a@x.test b@x.test" },
	{ "each once, whatever its case", "To: a@x.test\nCc: A@X.TEST\nTo: a@x.test\n", NULL, "a@x.test" },
	{ "names in any case", "SENDER: a@x.test\nrecipient: b@x.test\n", "a@x.test", "b@x.test" },
	{ "in angle brackets", "Sender: <a@x.test>\nTo: Ben <b@x.test>, Expanded: <c@x.test>\n", "a@x.test",
	  "b@x.test" },
	{ "the null sender", "Sender: <>\nTo: b@x.test\n", "", "b@x.test" },
	{ "the null sender, bare", "Sender:\nTo: b@x.test\n", "", "b@x.test" },
	{ "the first sender counts", "Sender: a@x.test\nSender: b@x.test\n", "a@x.test", "" },
	{ "a subject is no recipient", "Subject: To: a@x.test\n", NULL, "" },
	{ "what is no address", "Sender: anna\nTo: a b@x.test\nTo: @x.test\nTo: a@\nTo: a@x.test\x01\n", NULL,
	  "" },
	{ "in other letters", "To: j\xc3\xbcrgen@x.test\n", NULL, "j\xc3\xbcrgen@x.test" },
	{ "no report", "Dear all,\nplease find attached\n", NULL, "" },
	{ "empty", "", NULL, "" },
};

static void read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct journal_text t;
		struct str all = STR("");
		journal_read(a, str_of(cases[i].text), &t);
		for (size_t j = 0; j < t.recipients.n; j++)
			all = ARENA_JOIN(a, all, str_of(j ? " " : ""), t.recipients.v[j]);
		if (t.has_sender != (cases[i].sender != NULL) || !str_eq(t.sender, str_of(cases[i].sender)) ||
		    !str_eq(all, str_of(cases[i].recipients)) || t.more)
			fail_msg("%s: %.*s | %.*s", cases[i].name, STR_ARG(t.sender), STR_ARG(all));
		arena_free(&a);
	}
}

/* Whether there is more in it than a report has. */
static void other(void **state)
{
	static const struct {
		const char *text;
		bool other;
	} texts[] = {
		{ "", false },
		{ "\r\n  \r\nSender: a@x.test\r\nOn-Behalf-Of: b@x.test\r\nSentUtc: 1/2/2026 3:04:05 AM\r\n",
		  false },
		{ "Subject: see https://a.example: now\r\n", false },
		{ "To: a@x.test\nHello\n", true },
		{ "To: a@x.test\nAs I said: call me\n", true },
		{ "To: a@x.test\n: x\n", true },
		{ "Link: https://a.example/\n", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct journal_text t;
		journal_read(a, str_of(texts[i].text), &t);
		if (t.other != texts[i].other)
			fail_msg("%s", texts[i].text);
		arena_free(&a);
	}
}

static void bounded(void **state)
{
	struct arena *a = arena_new(8u << 20, NULL, NULL);
	struct journal_text t;
	struct buf b;

	(void)state;
	buf_init(&b, 1u << 20);
	for (int i = 0; i < LIMIT_SMTP_RECIPIENTS; i++)
		buf_printf(&b, "To: u%d@x.test\r\n", i);
	journal_read(a, buf_str(&b), &t);
	assert_int_equal(t.recipients.n, LIMIT_SMTP_RECIPIENTS);
	assert_false(t.more);
	assert_false(t.other);
	buf_add_c(&b, "To: one-more@x.test\r\nSender: s@x.test\r\nhello\r\n");
	journal_read(a, buf_str(&b), &t);
	assert_int_equal(t.recipients.n, LIMIT_SMTP_RECIPIENTS);
	assert_true(t.more && t.other);
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(read), cmocka_unit_test(other),
					    cmocka_unit_test(bounded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
