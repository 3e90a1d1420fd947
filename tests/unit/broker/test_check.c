/* Verdicts that lie, one lie each. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "broker/check.h"

#define MAIL                                           \
	"X-Postern-Disposition: NONE\r\n"              \
	"Received: by a;\r\n\tb\r\n"                   \
	"Authentication-Results: mx;\r\n spf=pass\r\n" \
	"From: \"Ann (x)\"\r\n <ann@Example.org>\r\n"  \
	"Subject: x\r\n"                               \
	"\r\n"                                         \
	"X-Postern-Body: 1\r\n"

static int64_t at(const char *what)
{
	return strstr(MAIL, what) - MAIL;
}

struct fixture {
	struct verdict v;
	struct message m;
	struct detections d;
	struct byte_range strip[2];
	struct edit edits[2];
	struct exemption exempt[2];
	struct finding finding;
	struct submitted submitted;
	struct attached_mail attached;
	struct str text;
};

static void strip(struct fixture *f, size_t n, int64_t start, int64_t length)
{
	f->strip[n - 1] = (struct byte_range){ .start = start, .length = length };
	f->v.strip = (struct byte_range_list){ f->strip, n };
}

static void edit(struct fixture *f, size_t n, int64_t start, int64_t length, struct str text)
{
	f->edits[n - 1] = (struct edit){ .start = start, .length = length, .text = text };
	f->v.edits = (struct edit_list){ f->edits, n };
}

static void none(struct fixture *f)
{
	(void)f;
}

static void strip_first(struct fixture *f)
{
	strip(f, 1, 0, 29);
}

static void strip_folded(struct fixture *f)
{
	strip(f, 1, at("Authentication"), (int64_t)strlen("Authentication-Results: mx;\r\n spf=pass\r\n"));
}

static void edit_in_order(struct fixture *f)
{
	strip_first(f);
	edit(f, 1, 29, 0, STR("Subject: y\r\n"));
	edit(f, 2, at("x\r\n\r\n"), (int64_t)strlen(MAIL) - at("x\r\n\r\n"), STR(""));
}

static void edit_at_the_end(struct fixture *f)
{
	edit(f, 1, (int64_t)strlen(MAIL), 0, STR("x"));
}

static void edit_of_from(struct fixture *f)
{
	edit_in_order(f);
	SET(&f->v, verdict, proved_domain, STR("example.org"));
}

static void edit_of_one_above(struct fixture *f)
{
	edit_in_order(f);
	SET(&f->v, verdict, proved_domain, STR("Example"));
}

static void edit_of_another(struct fixture *f)
{
	edit_in_order(f);
	SET(&f->v, verdict, proved_domain, STR("ample.org"));
}

static void edit_of_a_part(struct fixture *f)
{
	edit_in_order(f);
	SET(&f->v, verdict, proved_domain, STR("example.or"));
}

static void proved_and_not_changed(struct fixture *f)
{
	SET(&f->v, verdict, proved_domain, STR("nobody.example"));
}

static void edit_beyond(struct fixture *f)
{
	edit(f, 1, (int64_t)strlen(MAIL), 1, STR(""));
}

static void edit_before(struct fixture *f)
{
	edit(f, 1, -1, 1, STR(""));
}

static void edit_huge(struct fixture *f)
{
	edit(f, 1, 1, INT64_MAX, STR(""));
}

static void edit_backwards(struct fixture *f)
{
	edit(f, 1, 9, 0, STR("x"));
	edit(f, 2, 8, 0, STR("x"));
}

static void edit_overlapping(struct fixture *f)
{
	edit(f, 1, 8, 4, STR("x"));
	edit(f, 2, 11, 1, STR("x"));
}

static void edit_what_is_left_out(struct fixture *f)
{
	strip_first(f);
	edit(f, 1, 28, 0, STR("x"));
}

static void edit_around_what_is_left_out(struct fixture *f)
{
	strip_folded(f);
	edit(f, 1, at("Authentication") - 1, 20, STR("x"));
}

static void edit_too_long(struct fixture *f)
{
	static char text[LIMIT_EDIT_BYTES / 2 + 1];

	edit(f, 1, 0, 0, str_from(text, sizeof(text)));
	edit(f, 2, 0, 0, str_from(text, sizeof(text)));
}

static void strip_part_of_folded(struct fixture *f)
{
	strip(f, 1, at("Authentication"), (int64_t)strlen("Authentication-Results: mx;\r\n"));
}

static void strip_other(struct fixture *f)
{
	strip(f, 1, at("Subject"), (int64_t)strlen("Subject: x\r\n"));
}

static void strip_two_as_one(struct fixture *f)
{
	strip(f, 1, 0, at("Authentication"));
}

static void strip_mid_line(struct fixture *f)
{
	strip(f, 1, 2, 27);
}

static void strip_body(struct fixture *f)
{
	strip(f, 1, at("X-Postern-Body"), (int64_t)strlen("X-Postern-Body: 1\r\n"));
}

static void strip_beyond(struct fixture *f)
{
	strip(f, 1, 0, INT64_MAX);
}

static void strip_twice(struct fixture *f)
{
	strip(f, 1, 0, 29);
	strip(f, 2, 0, 29);
}

static void exempt(struct fixture *f, size_t n, int64_t who)
{
	f->exempt[n - 1].recipient = who;
	f->v.exempt = (struct exemption_list){ f->exempt, n };
}

static void exempt_second(struct fixture *f)
{
	exempt(f, 1, 1);
}

static void exempt_nobody(struct fixture *f)
{
	exempt(f, 1, 2);
}

static void exempt_twice(struct fixture *f)
{
	exempt(f, 1, 1);
	exempt(f, 2, 1);
}

static void attribute_breaks_line(struct fixture *f)
{
	f->text = STR("BEC\r\nBcc: x@example.org");
	f->v.attributes = (struct strs){ &f->text, 1 };
}

static void authentication_folds(struct fixture *f)
{
	f->v.authentication = STR(";\r\n\tspf=pass smtp.mailfrom=a@example.org;\r\n\tdkim=none");
}

static void authentication_breaks_out(struct fixture *f)
{
	f->v.authentication = STR("; spf=pass\r\nBcc: x");
}

static void authentication_prolongs_our_name(struct fixture *f)
{
	f->v.authentication = STR(".example.net; spf=pass");
}

static void authentication_ends_in_cr(struct fixture *f)
{
	f->v.authentication = STR("; spf=pass\r\n");
}

static void digest_is_text(struct fixture *f)
{
	f->v.content_sha256 = STR("../../etc/passwd");
}

static void history_without_kind(struct fixture *f)
{
	f->text = STR("no kind");
	f->v.history = (struct strs){ &f->text, 1 };
}

static void score_nan(struct fixture *f)
{
	SET(&f->finding, finding, score, NAN);
	f->m.findings = (struct finding_list){ &f->finding, 1 };
}

static void evidence_outside(struct fixture *f)
{
	SET(&f->finding, finding, offset, 10);
	SET(&f->finding, finding, length, (int64_t)sizeof(MAIL));
	f->d.findings = (struct finding_list){ &f->finding, 1 };
}

static void attached(struct fixture *f, int64_t start, int64_t length)
{
	f->attached = (struct attached_mail){ .start = start, .length = length };
	f->submitted.mails = (struct attached_mail_list){ &f->attached, 1 };
	SET(&f->v, verdict, submitted, &f->submitted);
}

static void attached_to_the_end(struct fixture *f)
{
	attached(f, 2, (int64_t)sizeof(MAIL) - 3);
}

static void attached_beyond(struct fixture *f)
{
	attached(f, 2, (int64_t)sizeof(MAIL) - 2);
}

static void attached_behind(struct fixture *f)
{
	attached(f, (int64_t)sizeof(MAIL), 0);
}

static struct journaled *journaled(struct fixture *f, int64_t start, int64_t length)
{
	static struct attached_mail m;
	static struct journaled j;

	m = (struct attached_mail){ .start = start, .length = length, .encoding = ATTACHED_AS_IT_IS };
	j = (struct journaled){ .mail = &m };
	SET(&f->v, verdict, journaled, &j);
	return &j;
}

static void journaled_to_the_end(struct fixture *f)
{
	journaled(f, 2, (int64_t)sizeof(MAIL) - 3);
}

static void journaled_beyond(struct fixture *f)
{
	journaled(f, 2, (int64_t)sizeof(MAIL) - 2);
}

static void journaled_unreadable(struct fixture *f)
{
	journaled(f, 0, 1)->mail->encoding = ATTACHED_UNREADABLE;
}

static void journaled_sender_of_two_lines(struct fixture *f)
{
	journaled(f, 0, 1)->sender = STR("a@x.test\r\nb@x.test");
}

static void journaled_recipient_of_two_lines(struct fixture *f)
{
	f->text = STR("a@x.test\nb@x.test");
	journaled(f, 0, 1)->recipients = (struct strs){ &f->text, 1 };
}

static void no_message(struct fixture *f)
{
	f->v.has = 0;
}

static void no_disposition(struct fixture *f)
{
	f->m.has = 0;
}

static const struct {
	const char *name;
	void (*lie)(struct fixture *f);
	enum err want;
} cases[] = {
	{ "honest", none, OK },
	{ "strip first", strip_first, OK },
	{ "strip folded", strip_folded, OK },
	{ "strip part of folded", strip_part_of_folded, ERR_DENIED },
	{ "strip other field", strip_other, ERR_DENIED },
	{ "strip two as one", strip_two_as_one, ERR_DENIED },
	{ "strip mid line", strip_mid_line, ERR_DENIED },
	{ "strip body", strip_body, ERR_DENIED },
	{ "strip beyond", strip_beyond, ERR_DENIED },
	{ "edits in order", edit_in_order, OK },
	{ "edit at the end", edit_at_the_end, OK },
	{ "edits, of who is proved", edit_of_from, OK },
	{ "edits, of who is not in From", edit_of_another, ERR_DENIED },
	{ "edits, of the domain above", edit_of_one_above, ERR_DENIED },
	{ "edits, of a part of who is", edit_of_a_part, ERR_DENIED },
	{ "no edits, whoever is proved", proved_and_not_changed, OK },
	{ "edit beyond the end", edit_beyond, ERR_DENIED },
	{ "edit before the beginning", edit_before, ERR_DENIED },
	{ "edit of all there could be", edit_huge, ERR_DENIED },
	{ "edits backwards", edit_backwards, ERR_DENIED },
	{ "edits that overlap", edit_overlapping, ERR_DENIED },
	{ "edit of what is left out", edit_what_is_left_out, ERR_DENIED },
	{ "edit around what is left out", edit_around_what_is_left_out, ERR_DENIED },
	{ "edits too long", edit_too_long, ERR_DENIED },
	{ "strip twice", strip_twice, ERR_DENIED },
	{ "exempt second", exempt_second, OK },
	{ "exempt nobody", exempt_nobody, ERR_DENIED },
	{ "exempt twice", exempt_twice, ERR_DENIED },
	{ "attribute breaks line", attribute_breaks_line, ERR_DENIED },
	{ "authentication folds", authentication_folds, OK },
	{ "authentication breaks out", authentication_breaks_out, ERR_DENIED },
	{ "authentication prolongs our name", authentication_prolongs_our_name, ERR_DENIED },
	{ "authentication ends in CR LF", authentication_ends_in_cr, ERR_DENIED },
	{ "digest is text", digest_is_text, ERR_DENIED },
	{ "history without kind", history_without_kind, ERR_DENIED },
	{ "score not a number", score_nan, ERR_DENIED },
	{ "evidence outside", evidence_outside, ERR_DENIED },
	{ "attached to the end", attached_to_the_end, OK },
	{ "attached beyond", attached_beyond, ERR_DENIED },
	{ "attached behind", attached_behind, ERR_DENIED },
	{ "journaled to the end", journaled_to_the_end, OK },
	{ "journaled beyond", journaled_beyond, ERR_DENIED },
	{ "journaled and unreadable", journaled_unreadable, ERR_DENIED },
	{ "journaled sender of two lines", journaled_sender_of_two_lines, ERR_DENIED },
	{ "journaled recipient of two lines", journaled_recipient_of_two_lines, ERR_DENIED },
	{ "no message", no_message, ERR_DENIED },
	{ "no disposition", no_disposition, ERR_DENIED },
};

static void test_check_verdict(void **state)
{
	struct str to[] = { STR("a@example.net"), STR("b@example.net") };
	struct scan_job job = { .recipients = { to, 2 },
				.wrapped = true,
				.edits_for = STR("example.net"),
				.header_prefix = STR("X-Postern-") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f = { 0 };
		struct errbuf eb = { 0 };
		SET(&f.v, verdict, message, &f.m);
		SET(&f.v, verdict, detections, &f.d);
		SET(&f.m, message, final_disposition, DISP_NONE);
		cases[i].lie(&f);
		enum err e = check_verdict(&f.v, &job, STR(MAIL), &eb);
		if (e != cases[i].want)
			fail_msg("%s: %s (%s)", cases[i].name, err_name(e), eb.text);
	}
}

/* The fields of a chain must be what a seal is made over, in that order, and nothing else of the mail. */
static void test_seals(void **state)
{
	static const char mail[] = "ARC-Seal: i=1\r\nARC-Message-Signature: i=1;\r\n b\r\n"
				   "ARC-Authentication-Results: i=1\r\nSubject: x\r\n\r\nARC-Seal: i=1\r\n";
	static const struct {
		const char *name, *fields[3]; /* as they begin there */
		int64_t more;                 /* bytes of the last one beyond its end */
		int64_t sets;
		bool hold;
		enum err want;
	} chains[] = {
		{ "whole", { "ARC-Auth", "ARC-Mess", "ARC-Seal" }, 0, 1, true, OK },
		{ "in another order", { "ARC-Seal", "ARC-Mess", "ARC-Auth" }, 0, 1, true, ERR_DENIED },
		{ "another field", { "ARC-Auth", "ARC-Mess", "Subject" }, 0, 1, true, ERR_DENIED },
		{ "more than a field", { "ARC-Auth", "ARC-Mess", "ARC-Seal" }, 1, 1, true, ERR_DENIED },
		{ "part of one", { "ARC-Auth", "ARC-Mess", "ARC-Seal" }, -1, 1, true, ERR_DENIED },
		{ "beyond the end", { "ARC-Auth", "ARC-Mess", "ARC-Seal" }, 1 << 20, 1, true, ERR_DENIED },
		{ "of two sets", { "ARC-Auth", "ARC-Mess", "ARC-Seal" }, 0, 2, true, ERR_DENIED },
		{ "of a chain that is broken",
		  { "ARC-Auth", "ARC-Mess", "ARC-Seal" },
		  0,
		  1,
		  false,
		  ERR_DENIED },
	};
	struct scan_job job = { .header_prefix = STR("X-Postern-") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(chains); i++) {
		struct byte_range ranges[3] = { 0 };
		struct seals seals = { .sets = chains[i].sets,
				       .hold = chains[i].hold,
				       .fields = { ranges, 3 } };
		struct fixture f = { 0 };
		struct errbuf eb = { "" };
		for (size_t k = 0; k < 3; k++) {
			const char *begin = strstr(mail, chains[i].fields[k]),
				   *end = strstr(begin, "\r\n") + 2;
			if (*end == ' ')
				end = strstr(end, "\r\n") + 2;
			ranges[k] = (struct byte_range){ .start = begin - mail, .length = end - begin };
		}
		ranges[2].length += chains[i].more;
		SET(&f.v, verdict, message, &f.m);
		SET(&f.v, verdict, detections, &f.d);
		SET(&f.m, message, final_disposition, DISP_NONE);
		SET(&f.v, verdict, seals, &seals);
		enum err e = check_verdict(&f.v, &job, str_of(mail), &eb);
		if (e != chains[i].want)
			fail_msg("%s: %s (%s)", chains[i].name, err_name(e), eb.text);
	}
}

/* Who is not given the mail changed has no worker's word put into it. */
static void edits_not_asked_for(void **state)
{
	const struct scan_job jobs[] = {
		{ .header_prefix = STR("X-Postern-") },
		{ .header_prefix = STR("X-Postern-"), .edits_for = STR("example.net"), .released = true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
		struct fixture f = { 0 };
		struct errbuf eb;
		SET(&f.v, verdict, message, &f.m);
		SET(&f.v, verdict, detections, &f.d);
		SET(&f.m, message, final_disposition, DISP_NONE);
		edit_in_order(&f);
		assert_int_equal(check_verdict(&f.v, &jobs[i], STR(MAIL), &eb), ERR_DENIED);
	}
}

static void test_journal_not_asked_for(void **state)
{
	struct scan_job job = { .header_prefix = STR("X-Postern-") };
	struct fixture f = { 0 };
	struct errbuf eb;

	(void)state;
	SET(&f.v, verdict, message, &f.m);
	SET(&f.v, verdict, detections, &f.d);
	SET(&f.m, message, final_disposition, DISP_NONE);
	journaled_to_the_end(&f);
	assert_int_equal(check_verdict(&f.v, &job, STR(MAIL), &eb), ERR_DENIED);
}

/* As many fields as are looked at may be left out. */
static void test_many_strips(void **state)
{
	struct scan_job job = { .header_prefix = STR("X-Postern-") };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct byte_range *v = ARENA_ARRAY(a, LIMIT_HEADER_FIELDS, struct byte_range);
	struct str field = STR("X-Postern-Disposition: NONE\r\n");
	struct fixture f = { 0 };
	struct errbuf eb;
	struct buf mail;

	(void)state;
	buf_init(&mail, 1u << 20);
	for (size_t i = 0; i < LIMIT_HEADER_FIELDS; i++) {
		v[i] = (struct byte_range){ .start = (int64_t)mail.n, .length = (int64_t)field.n };
		buf_add(&mail, field);
	}
	buf_add_c(&mail, "Subject: x\r\n\r\nbody\r\n");
	SET(&f.v, verdict, message, &f.m);
	SET(&f.v, verdict, detections, &f.d);
	SET(&f.m, message, final_disposition, DISP_NONE);
	f.v.strip = (struct byte_range_list){ v, LIMIT_HEADER_FIELDS };
	assert_int_equal(check_verdict(&f.v, &job, buf_str(&mail), &eb), OK);
	v[LIMIT_HEADER_FIELDS - 1].length++;
	assert_int_equal(check_verdict(&f.v, &job, buf_str(&mail), &eb), ERR_DENIED);
	buf_free(&mail);
	arena_free(&a);
}

static void test_disown(void **state)
{
	struct fixture f = { 0 };

	(void)state;
	SET(&f.v, verdict, message, &f.m);
	SET(&f.v, verdict, detections, &f.d);
	SET(&f.m, message, id, STR("chosen by the worker"));
	SET(&f.m, message, is_quarantined, true);
	SET(&f.m, message, envelope_from, STR("another@example.org"));
	SET(&f.m, message, envelope_to, ((struct strs){ &f.text, 1 }));
	SET(&f.m, message, client_recipients, ((struct strs){ &f.text, 1 }));
	SET(&f.m, message, delivery_mode, MODE_JOURNAL);
	SET(&f.m, message, is_phish_submission, true);
	SET(&f.m, message, subject, STR("kept"));
	SET(&f.d, detections, action, STR("DELIVERED"));
	check_disown(&f.v);
	assert_int_equal(f.m.id.n, 0);
	assert_false(HAS(&f.m, message, id));
	assert_false(f.m.is_quarantined || f.m.is_phish_submission);
	assert_int_equal(f.m.envelope_from.n + f.m.envelope_to.n + f.m.client_recipients.n, 0);
	assert_int_equal(f.m.delivery_mode, MODE_DIRECT);
	assert_int_equal(f.m.has & ~(FIELD_BIT(message, subject) | FIELD_BIT(message, final_disposition)), 0);
	assert_true(str_eq(f.m.subject, STR("kept")));
	assert_int_equal(f.d.action.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_verdict),         cmocka_unit_test(test_seals),
		cmocka_unit_test(test_journal_not_asked_for), cmocka_unit_test(edits_not_asked_for),
		cmocka_unit_test(test_many_strips),           cmocka_unit_test(test_disown),
	};

	return cmocka_run_group_tests_name("broker/check", tests, NULL, NULL);
}
