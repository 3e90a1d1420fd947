/* What reports say, and that hostile mail says nothing in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "courier/phish_text.h"

#define SIGNS "\\`*_[](){}#|~!$"

static int setup(void **state)
{
	*state = arena_new(64u << 20, NULL, NULL);
	return 0;
}

static int teardown(void **state)
{
	struct arena *a = *state;

	arena_free(&a);
	return 0;
}

static void a_strangers_text_is_text(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{ "Minutes of Tuesday.", "Minutes of Tuesday." },
		{ "http://evil.example/a.b", "http[:]//evil[dot]example/a[dot]b" },
		{ "see www.evil.example", "see www[dot]evil[dot]example" },
		{ "ann@example.test", "ann[at]example[dot]test" },
		{ "URGENT: verify:", "URGENT: verify:" },
		{ "a:\xe2\x80\x8b//b", "a[:]//b" },
		{ "a:\xe2\x80\xae//b", "a[:]//b" },
		{ "mailto:a@b", "mailto[:]a[at]b" },
		{ "leads to www.evil[dot]example", "leads to www[dot]evil[dot]example" },
		{ "[dot](http://x", "[dot]\\(http[:]//x" },
		{ "[pay](now)", "\\[pay\\]\\(now\\)" },
		{ "![x](y) <img src=x>", "\\!\\[x\\]\\(y\\) &lt;img src=x&gt;" },
		{ "&#60;b", "&amp;\\#60;b" },
		{ "a\r\n\r\n# Heading", "a \\# Heading" },
		{ "`code` *bold* _it_ ~~s~~ |", "\\`code\\` \\*bold\\* \\_it\\_ \\~\\~s\\~\\~ \\|" },
		{ "back\\[slash", "back\\\\\\[slash" },
		{ "evil\xe2\x80\x8b.\xe2\x80\x8b"
		  "example",
		  "evil[dot]example" },
		{ "evil\xe3\x80\x82"
		  "example",
		  "evil[dot]example" },
		{ "http\uff1a\uff0f\uff0fevil\u2024example\ufe52org\uff0ex",
		  "http[:]//evil[dot]example[dot]org[dot]x" },
		{ "ann\uff20example, bob\ufe6bexample, tel\ufe55"
		  "1",
		  "ann[at]example, bob[at]example, tel[:]1" },
		{ "a\u061c\u034f\u180e\u115f\u1160\u3164\ufe00\ufe0f\U000e0000\U000e007f\u200e\u200f.b",
		  "a[dot]b" },
		{ "a.\u034f"
		  "b, a:\u3164//b",
		  "a[dot]b, a[:]//b" },
		{ "The end\u3002 Yes\uff1a no\u2028more", "The end\u3002 Yes: no more" },
		{ "abc\xe2\x80\xae"
		  "def",
		  "abcdef" },
		{ "\xff\x01", "\xef\xbf\xbd " },
		{ "", "" },
	};
	struct arena *a = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str got = phish_text_plain(a, str_of(cases[i].in), 300);
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("\"%s\" became \"%.*s\"", cases[i].in, STR_ARG(got));
	}
	assert_true(str_eq(phish_text_plain(a, STR("long enough"), 4), STR("long…")));
}

/* How long the sign of ours is that the text begins with. */
static size_t mark_at(struct str s)
{
	static const struct str marks[] = { STR_INIT("[dot]"), STR_INIT("[at]"), STR_INIT("[:]") };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (str_starts(s, marks[i]))
			return marks[i].n;
	return 0;
}

/* Every byte in every neighbourhood: no sign of Markdown is left bare, and nothing that a link is made of. */
static void no_neighbourhood_is_dangerous(void **state)
{
	struct arena *a = *state;

	for (int i = 1; i < 256; i++) {
		for (int j = 1; j < 256; j++) {
			char text[] = { 'a', (char)i, (char)j, 'b' };
			struct str s = phish_text_plain(a, str_from(text, sizeof(text)), 300);
			for (size_t k = 0; k < s.n; k++) {
				bool sign = strchr(SIGNS, s.p[k]) && s.p[k];
				size_t own = mark_at(str_sub(s, k, s.n));
				if (s.p[k] == '\\' && k + 1 < s.n)
					k++;
				else if (own)
					k += own - 1;
				else
					assert_false(sign);
				assert_false(s.p[k] == '<' || s.p[k] == '>' || s.p[k] == '\n' ||
					     s.p[k] == '@');
			}
			assert_int_equal(str_find(s, STR("a.b"), 0), SIZE_MAX);
			assert_int_equal(str_find(s, STR("://"), 0), SIZE_MAX);
		}
		arena_reset(a);
	}
}

static struct record *record_of(struct arena *a, int disposition, const char *subject)
{
	struct record *r = ARENA_NEW(a, struct record);
	struct message *m = ARENA_NEW(a, struct message);

	SET(r, record, message, m);
	SET(r, record, detections, ARENA_NEW(a, struct detections));
	SET(m, message, postfix_id, STR("4Njp3P0STMz2c02Q"));
	SET(m, message, from, STR("desk@evil.example"));
	SET(m, message, subject, str_of(subject));
	SET(m, message, final_disposition, disposition);
	return r;
}

static struct phish_report written(struct arena *a, const struct phish_facts *f)
{
	struct phish_report r = { 0 };

	phish_text(a, f, &r);
	return r;
}

#define BIT(cause) (1u << (cause))

static void priority_and_title_follow_what_happened(void **state)
{
	static const struct {
		unsigned causes;
		int disposition;
		size_t mails, delivered, held;
		enum report_priority want;
		const char *title;
	} cases[] = {
		{ BIT(REPORT_CAMPAIGN), DISP_MALICIOUS, 9, 8, 1, PRIORITY_CRITICAL,
		  "Campaign of malicious mail from evil[dot]example: 9 mails, 8 delivered" },
		{ BIT(REPORT_CAMPAIGN), DISP_MALICIOUS, 9, 0, 9, PRIORITY_MEDIUM,
		  "Campaign of malicious mail from evil[dot]example: 9 mails, 0 delivered" },
		{ BIT(REPORT_BEC) | BIT(REPORT_CAMPAIGN), DISP_BEC, 9, 0, 9, PRIORITY_MEDIUM,
		  "Business e-mail compromise from evil[dot]example: 9 mails, 0 delivered" },
		{ BIT(REPORT_BEC), DISP_BEC, 1, 1, 0, PRIORITY_CRITICAL,
		  "Business e-mail compromise from evil[dot]example: 1 mail, 1 delivered" },
		{ BIT(REPORT_AFTER_DELIVERY) | BIT(REPORT_SUBMISSION), DISP_MALICIOUS, 1, 1, 0, PRIORITY_HIGH,
		  "Mail found to be bad after its delivery from evil[dot]example: 1 mail, 1 delivered" },
		{ BIT(REPORT_SUBMISSION), DISP_SPOOF, 1, 1, 0, PRIORITY_MEDIUM,
		  "Submitted mail confirmed to be bad from evil[dot]example: 1 mail, 1 delivered" },
		{ BIT(REPORT_SUBMISSION), DISP_MALICIOUS, 1, 0, 1, PRIORITY_LOW,
		  "Submitted mail confirmed to be bad from evil[dot]example: 1 mail, 0 delivered" },
		{ BIT(REPORT_BEC) | BIT(REPORT_SUBMISSION), DISP_NONE, 0, 1, 0, PRIORITY_LOW,
		  "Business e-mail compromise from evil[dot]example: found to be good since" },
	};
	struct arena *a = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct phish_facts f = { .mail = record_of(a, cases[i].disposition, "Prize"),
					 .causes = cases[i].causes,
					 .disposition = cases[i].disposition,
					 .mails = cases[i].mails,
					 .delivered = cases[i].delivered,
					 .held = cases[i].held };
		struct phish_report r = written(a, &f);
		assert_int_equal(r.priority, cases[i].want);
		assert_true(str_eq(r.title, str_of(cases[i].title)));
	}
}

static bool says(const struct phish_report *r, const char *text)
{
	return str_find(r->content, str_of(text), 0) != SIZE_MAX;
}

static void content_says_what_was_done_and_what_is_to_be_done(void **state)
{
	struct arena *a = *state;
	struct phish_facts f = { .mail =
				     record_of(a, DISP_MALICIOUS, "x\n## What was done\n<script>http://a.b"),
				 .causes = BIT(REPORT_CAMPAIGN),
				 .disposition = DISP_MALICIOUS,
				 .mails = 6,
				 .held = 6 };
	struct phish_report r = written(a, &f);

	assert_true(says(&r, "held in quarantine; nobody has read it"));
	assert_true(says(&r, "- Subject: x \\#\\# What was done &lt;script&gt;http[:]//a[dot]b\n"));
	assert_true(says(&r, "- Mails: 6\n"));
	assert_false(says(&r, "Take the mail out of the mailboxes"));
	f.delivered = 2;
	f.more = true;
	r = written(a, &f);
	assert_true(says(&r, "Some copies are held in quarantine, others are in mailboxes"));
	assert_true(says(&r, "1. Take the mail out of the mailboxes"));
	assert_true(says(&r, "- Mails: at least 6\n"));
	f.mails = 0;
	r = written(a, &f);
	assert_true(
	    says(&r, "1. Undo what was done because of this report.\n1. Release what is held of it.\n\n"));
	f.held = 0;
	r = written(a, &f);
	assert_true(says(&r, "1. Undo what was done because of this report.\n\n"));
	f.mails = 6;
	f.delivered = 0;
	f.submitted_only = true;
	r = written(a, &f);
	assert_true(says(&r, "not found among the mail that this server has seen"));
	assert_true(says(&r, "Nothing could be done about it here"));
	assert_false(says(&r, "No copy was delivered"));
}

static void who_got_it_is_told_from_for_whom_it_is_held(void **state)
{
	struct arena *a = *state;
	struct record *mail = record_of(a, DISP_MALICIOUS, "Prize");
	struct phish_release release = { STR("token:chief"), INT64_C(1790000000000000) };
	struct phish_facts f = { .mail = mail,
				 .causes = BIT(REPORT_AFTER_RELEASE) | BIT(REPORT_CAMPAIGN),
				 .disposition = DISP_MALICIOUS,
				 .mails = 7,
				 .wave = 6,
				 .wave_us = INT64_C(1790000000000000),
				 .delivered = 1,
				 .held = 6 };

	ARENA_PUSH(a, &f.releases, release);
	ARENA_PUSH(a, &f.to[PHISH_DELIVERED].v, STR("ann@example.test"));
	ARENA_PUSH(a, &f.to[PHISH_HELD].v, STR("bob@example.test"));
	ARENA_PUSH(a, &mail->message->detection_reasons, STR("Reclassified from NONE to MALICIOUS"));
	SET(mail->message, message, smtp_helo_server_ip, STR("127.0.0.1"));
	SET(mail->message, message, message_id, STR("<a.b@evil.example>"));
	struct phish_report r = written(a, &f);
	assert_true(says(&r, "A mail of it was held on arrival, and released by token[:]chief at 2026-09-21 "
			     "14:13:20 UTC.\n"));
	assert_false(says(&r, "delivered before it was found"));
	assert_true(says(&r, "held and released, and found to be bad after that"));
	assert_true(says(&r, ": 6 of 7 came within an hour, from 2026-09-21 14:13:20 UTC.\n"));
	assert_true(says(&r, "- Delivered to: `ann@example.test`\n- Held for: `bob@example.test`\n"));
	assert_true(says(&r, "mailboxes of those it was delivered to"));
	assert_true(says(&r, "- Judged anew: Reclassified from NONE to MALICIOUS\n\n## What to do next"));
	assert_false(says(&r, "- Why: Reclassified"));
	assert_true(says(&r, "- Message-ID: `a.b@evil.example`\n"));
	assert_false(says(&r, "Sending host"));
}

static void only_what_can_be_blocked_is_to_be(void **state)
{
	static const struct {
		const char *host, *href, *text;
		bool named, blocked, shared;
	} cases[] = {
		{ "evil.example", "http://evil.example/x", "", true, true, false },
		{ "evil.example", "https://EVIL.example", "click", true, true, false },
		{ "www.evil.example", "www.evil.example", "", true, true, false },
		{ "read.me", "read.me", "", false, false, false },
		{ "evil.example", "evil.example/pay", "", true, true, false },
		{ "bit.ly", "https://bit.ly/x", "", true, false, true },
	};
	struct arena *a = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record *mail = record_of(a, DISP_MALICIOUS, "Prize");
		struct phish_facts f = {
			.mail = mail, .causes = BIT(REPORT_BEC), .disposition = DISP_MALICIOUS, .mails = 1
		};
		struct attachment file = { 0 };
		struct link link = { 0 };
		SET(&link, link, href, str_of(cases[i].href));
		SET(&link, link, text, str_of(cases[i].text));
		SET(&file, attachment, name, STR("bill"));
		ARENA_PUSH(a, &mail->link_hosts, str_of(cases[i].host));
		ARENA_PUSH(a, &mail->detections->links, link);
		ARENA_PUSH(a, &mail->detections->attachments, file);
		ARENA_PUSH(a, &mail->detections->attachments, file);
		struct phish_report r = written(a, &f);
		assert_int_equal(says(&r, "- Host of a link: "), cases[i].named);
		assert_int_equal(says(&r, "Block the hosts listed under Indicators"), cases[i].blocked);
		assert_int_equal(says(&r, "shared with others: do not block whole"), cases[i].shared);
		assert_false(says(&r, "- Attachment: bill\n- Attachment"));
	}
}

static void what_many_share_is_not_to_be_blocked(void **state)
{
	static const struct {
		const char *host;
		bool named, shared;
	} hosts[] = {
		{ "docs.google.com", true, true },
		{ "www.google.com", true, true },
		{ "login.microsoftonline.com", true, true },
		{ "awstrack.me", true, true },
		{ "u1234.ct.sendgrid.net", true, true },
		{ "thief.blogspot.com", true, false },
		{ "www.blogspot.com", true, true },
		{ "thief.ngrok.io", true, false },
		{ "sites.google.com", true, true },
		{ "storage.googleapis.com", true, true },
		{ "203.0.113.7", true, false },
		{ "www.own.test", false, false },
	};
	static const struct {
		const char *from, *want;
	} senders[] = {
		{ "desk@evil.example", "- Sender's domain: evil[dot]example\n" },
		{ "thief@gmail.com", "- Sender's address: thief[at]gmail[dot]com\n" },
		{ "service@paypal.com", NULL },
		{ "bounce@eu-west-1.amazonses.com", NULL },
		{ "boss@own.test", NULL },
	};
	struct arena *a = *state;
	struct str own[] = { STR("own.test") };

	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		struct record *mail = record_of(a, DISP_MALICIOUS, "Prize");
		struct phish_facts f = {
			.mail = mail, .disposition = DISP_MALICIOUS, .mails = 1, .own = { own, 1 }
		};
		ARENA_PUSH(a, &mail->link_hosts, str_of(hosts[i].host));
		struct phish_report r = written(a, &f);
		if (says(&r, "- Host of a link: ") != hosts[i].named ||
		    says(&r, "Block the hosts listed") != (hosts[i].named && !hosts[i].shared) ||
		    says(&r, "shared with others: do not block whole") != hosts[i].shared)
			fail_msg("%s", hosts[i].host);
	}
	for (size_t i = 0; i < ARRAY_LEN(senders); i++) {
		struct record *mail = record_of(a, DISP_MALICIOUS, "Prize");
		struct phish_facts f = {
			.mail = mail, .disposition = DISP_MALICIOUS, .mails = 1, .own = { own, 1 }
		};
		SET(mail->message, message, from, str_of(senders[i].from));
		struct phish_report r = written(a, &f);
		if (senders[i].want ? !says(&r, senders[i].want) : says(&r, "- Sender's"))
			fail_msg("%s", senders[i].from);
	}
}

static void a_relay_is_shown_with_the_name_it_gives_itself(void **state)
{
	struct arena *a = *state;
	struct record *mail = record_of(a, DISP_MALICIOUS, "Prize");
	struct phish_facts f = { .mail = mail, .disposition = DISP_MALICIOUS, .mails = 1 };
	struct trace_line line = { 0 };

	SET(mail->message, message, smtp_helo_server_ip, STR("8.8.4.4"));
	SET(&line, trace_line, message, STR("received from mail.relay.example (8.8.4.4) by ESMTP, 7 bytes"));
	ARENA_PUSH(a, &mail->trace, line);
	struct phish_report r = written(a, &f);
	assert_true(says(&r, "- Sending host: 8[dot]8[dot]4[dot]4, which calls itself "
			     "mail[dot]relay[dot]example\n"));
	mail->trace.v[0].message = STR("received from mail.relay.example (8.8.8.8) by ESMTP, 7 bytes");
	r = written(a, &f);
	assert_true(says(&r, "- Sending host: 8[dot]8[dot]4[dot]4\n"));
}

/* As much as a mail can bring: the report stays in its bounds, and names no more than it lists. */
static void much_is_counted(void **state)
{
	struct arena *a = *state;
	struct record *mail = record_of(a, DISP_MALICIOUS, "Prize");
	struct phish_facts f = {
		.mail = mail, .causes = BIT(REPORT_CAMPAIGN), .disposition = DISP_MALICIOUS, .mails = 1
	};

	for (int i = 0; i < 150; i++) {
		struct attachment file = { 0 };
		struct link link = { 0 };
		ARENA_PUSH(a, &f.to[PHISH_NEITHER].v, arena_printf(a, "user%d@example.test", i));
		ARENA_PUSH(a, &f.recipients.v, arena_printf(a, "user%d@example.test", i));
		SET(&file, attachment, name, arena_printf(a, "%0500d", i));
		SET(&link, link, href, arena_printf(a, "http://h%d.example/%0500d", i, i));
		ARENA_PUSH(a, &mail->detections->attachments, file);
		ARENA_PUSH(a, &mail->detections->links, link);
		ARENA_PUSH(a, &mail->message->threat_categories, STR("Malware"));
	}
	f.to[PHISH_NEITHER].more = true;
	struct phish_report r = written(a, &f);
	assert_true(says(&r, "- Meant for: at least 130 more\n"));
	assert_false(says(&r, "- Delivered to: ") || says(&r, "- Held for: "));
	assert_true(says(&r, "- Link: 130 more\n"));
	assert_true(says(&r, "## Indicators"));
	assert_true(r.content.n < 65536);
	assert_int_equal(r.fields->to.n, 100);
	assert_true(r.tags.n < 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_strangers_text_is_text),
		cmocka_unit_test(no_neighbourhood_is_dangerous),
		cmocka_unit_test(priority_and_title_follow_what_happened),
		cmocka_unit_test(content_says_what_was_done_and_what_is_to_be_done),
		cmocka_unit_test(who_got_it_is_told_from_for_whom_it_is_held),
		cmocka_unit_test(only_what_can_be_blocked_is_to_be),
		cmocka_unit_test(what_many_share_is_not_to_be_blocked),
		cmocka_unit_test(a_relay_is_shown_with_the_name_it_gives_itself),
		cmocka_unit_test(much_is_counted),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
