/* The header fields we add: what they say, and that nothing from outside can break out of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "intake/headers.h"

struct made {
	struct arena *a;
	struct buf b;
	struct smtp_peer peer;
	struct headers_options o;
	struct message m;
	struct record r;
};

static int make(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct made *x = ARENA_NEW(a, struct made);

	x->a = a;
	buf_init(&x->b, 65536);
	x->peer = (struct smtp_peer){ .helo = STR("mail.example.org"), .esmtp = true };
	assert_int_equal(ip_parse(STR("192.0.2.1"), &x->peer.ip), OK);
	x->o = (struct headers_options){ .hostname = "gw.example.test",
					 .prefix = "X-Postern-",
					 .peer = &x->peer,
					 .judged = true,
					 .now_us = INT64_C(1704448800000000) };
	x->m.postfix_id = STR("4Njp3P0STMz2c02Q");
	x->r.message = &x->m;
	*state = x;
	return 0;
}

static int unmake(void **state)
{
	struct made *x = *state;
	struct arena *a = x->a;

	buf_free(&x->b);
	arena_free(&a);
	return 0;
}

static bool says(struct made *x, const char *text)
{
	buf_clear(&x->b);
	headers_write(&x->b, &x->o, &x->r);
	return str_find(buf_str(&x->b), str_of(text), 0) != SIZE_MAX;
}

static void clean_mail(void **state)
{
	struct made *x = *state;

	assert_true(says(x, "Received: from mail.example.org ([192.0.2.1])\r\n"
			    "\tby gw.example.test (Postern) with ESMTP id 4Njp3P0STMz2c02Q;\r\n"
			    "\tFri, 05 Jan 2024 10:00:00 +0000\r\n"));
	assert_true(says(x, "\r\nX-Postern-Processed: 4Njp3P0STMz2c02Q\r\n"));
	assert_false(says(x, "Disposition"));
	assert_false(says(x, "Authentication-Results"));
}

static void protocols(void **state)
{
	static const struct {
		bool esmtp, tls, smtputf8;
		const char *with;
	} cases[] = {
		{ false, false, false, " with SMTP id" },   { true, false, false, " with ESMTP id" },
		{ true, true, false, " with ESMTPS id" },   { true, false, true, " with UTF8SMTP id" },
		{ true, true, true, " with UTF8SMTPS id" },
	};
	struct made *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		x->peer.esmtp = cases[i].esmtp;
		x->peer.tls = cases[i].tls;
		x->o.smtputf8 = cases[i].smtputf8;
		assert_true(says(x, cases[i].with));
	}
	x->peer.helo = STR("a;b");
	assert_true(says(x, "Received: from a?b ("));
}

static void dispositions(void **state)
{
	static const struct {
		int disposition;
		const char *line;
	} cases[] = {
		{ DISP_BEC, "X-Postern-Disposition: MALICIOUS\r\n" },
		{ DISP_MALICIOUS, "X-Postern-Disposition: MALICIOUS\r\n" },
		{ DISP_SUSPICIOUS, "X-Postern-Disposition: SUSPICIOUS\r\n" },
		{ DISP_SPOOF, "X-Postern-Disposition: SPOOF\r\n" },
		{ DISP_SPAM, "X-Postern-Disposition: UCE\r\n" },
		{ DISP_BULK, "X-Postern-Disposition: BULK\r\n" },
	};
	struct made *x = *state;
	struct str attribute = STR("CUSTOM_BLOCK_LIST");

	x->r.attributes.v = &attribute;
	x->r.attributes.n = 1;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		x->m.final_disposition = cases[i].disposition;
		assert_true(says(x, cases[i].line));
	}
	assert_true(says(x, "X-Postern-Attribute: CUSTOM_BLOCK_LIST\r\n"));
	x->o.judged = false;
	assert_false(says(x, "Disposition"));
	assert_false(says(x, "Attribute"));
}

static void nothing_breaks_out(void **state)
{
	struct made *x = *state;
	struct str evil = STR("BEC\r\nX-Forged: yes");

	x->peer.helo = STR("a\r\nX-Forged: yes (\x01)");
	x->o.only_recipient = STR("b@example.test>\r\nX-Forged: yes");
	x->r.authentication = STR(";\r\n\tspf=pass\r\nX-Forged: yes\r\n\tdkim=pass\n\nX-Forged: no");
	x->r.attributes.v = &evil;
	x->r.attributes.n = 1;
	assert_false(says(x, "\nX-Forged"));
	assert_false(says(x, "\n\n"));
	assert_true(
	    says(x, "Authentication-Results: gw.example.test;\r\n\tspf=passX-Forged: yes\r\n\tdkim=pass"));
}

/* What a lenient reader makes of our fields does not depend on how the mail begins. */
static void the_seam_holds(void **state)
{
	static const struct {
		const char *name, *content, *want;
	} cases[] = {
		{ "a field", "Subject: x\r\n", "4Njp3P0STMz2c02Q\r\n" },
		{ "a field, blanks before the colon", "Subject \t: x\r\n", "4Njp3P0STMz2c02Q\r\n" },
		{ "no header", "\r\nbody", "4Njp3P0STMz2c02Q\r\n" },
		{ "a continuation", " NONE\r\nSubject: x\r\n", "\r\nX-Postern-Stray:" },
		{ "a tab", "\tNONE\r\n", "\r\nX-Postern-Stray:" },
		{ "an mbox", "From a@b.test Fri\r\nSubject: x\r\n", "\r\nX-Postern-Stray: " },
		{ "a sender, blanks before the colon", "From \t: a@b.test\r\n", "4Njp3P0STMz2c02Q\r\n" },
		{ "a quoted mbox", ">From a@b.test Fri\r\n", "\r\nX-Postern-Stray: " },
		{ "a body at once", "Hello all\r\nSubject: x\r\n", "4Njp3P0STMz2c02Q\r\n\r\n" },
		{ "nothing", "", "4Njp3P0STMz2c02Q\r\n\r\n" },
	};
	struct made *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		x->o.content = str_of(cases[i].content);
		(void)says(x, "");
		if (!str_ends(buf_str(&x->b), str_of(cases[i].want)))
			fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(buf_str(&x->b)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(clean_mail, make, unmake),
		cmocka_unit_test_setup_teardown(protocols, make, unmake),
		cmocka_unit_test_setup_teardown(dispositions, make, unmake),
		cmocka_unit_test_setup_teardown(nothing_breaks_out, make, unmake),
		cmocka_unit_test_setup_teardown(the_seam_holds, make, unmake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
