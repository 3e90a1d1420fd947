/* Authentication-Results as others write it, as we write it, and that the one reads the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/authres.h"

/* authserv-id | method result reason comment type.name=value … ; one line a method */
static struct str shown(struct arena *a, const struct authres *r)
{
	struct str s = arena_printf(a, "<%.*s>", STR_ARG(r->authserv_id));

	for (size_t i = 0; i < r->methods.n; i++) {
		const struct authres_method *m = &r->methods.v[i];
		s = arena_printf(a, "%.*s %.*s=%.*s", STR_ARG(s), STR_ARG(m->method), STR_ARG(m->result));
		if (m->comment.n > 0)
			s = arena_printf(a, "%.*s (%.*s)", STR_ARG(s), STR_ARG(m->comment));
		if (m->reason.n > 0)
			s = arena_printf(a, "%.*s '%.*s'", STR_ARG(s), STR_ARG(m->reason));
		for (size_t j = 0; j < m->properties.n; j++)
			s = arena_printf(a, "%.*s [%.*s.%.*s=%.*s]", STR_ARG(s),
					 STR_ARG(m->properties.v[j].type), STR_ARG(m->properties.v[j].name),
					 STR_ARG(m->properties.v[j].value));
	}
	return s;
}

static const struct {
	const char *name, *value, *want; /* want NULL: ERR_SYNTAX */
} cases[] = {
	{ "none", " example.org 1; none", "<example.org>" },
	{ "id alone", " example.org", "<example.org>" },
	{ "one result", " example.com;\r\n spf=pass smtp.mailfrom=example.net",
	  "<example.com> spf=pass [smtp.mailfrom=example.net]" },
	{ "several", " a.test; auth=pass (cram-md5) smtp.auth=jo@b.test; spf=fail smtp.mailfrom=b.test",
	  "<a.test> auth=pass (cram-md5) [smtp.auth=jo@b.test] spf=fail [smtp.mailfrom=b.test]" },
	{ "comments everywhere",
	  " foo.example.net (foobar) 1 (baz);\r\n dkim (Because (I) like it) / 1 (One yay) = (wait for it) "
	  "fail\r\n"
	  " policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it)"
	  " 1362471462",
	  "<foo.example.net> dkim=fail [policy.expired=1362471462]" },
	{ "reason", " a.test; dkim=fail reason=\"bad; \\\"signature\\\"\" header.d=b.test",
	  "<a.test> dkim=fail 'bad; \"signature\"' [header.d=b.test]" },
	{ "quoted local-part", " a.test; spf=pass smtp.mailfrom=\"jo doe\"@b.test",
	  "<a.test> spf=pass [smtp.mailfrom=jo doe@b.test]" },
	{ "signature start", " a.test; dkim=pass header.b=Ab+/c=", "<a.test> dkim=pass [header.b=Ab+/c=]" },
	{ "large provider",
	  " mx.google.com;\r\n       dkim=pass header.i=@b.test header.s=s1 header.b=\"abc/\";\r\n       "
	  "dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=b.test",
	  "<mx.google.com> dkim=pass [header.i=@b.test] [header.s=s1] [header.b=abc/] "
	  "dmarc=pass (p=REJECT sp=NONE dis=NONE) [header.from=b.test]" },
	{ "no authserv-id",
	  " spf=pass (sender IP is 192.0.2.1)\r\n smtp.mailfrom=b.test; dmarc=bestguesspass action=none "
	  "header.from=b.test;compauth=pass reason=109",
	  "<> spf=pass (sender IP is 192.0.2.1) [smtp.mailfrom=b.test] dmarc=bestguesspass [.action=none] "
	  "[header.from=b.test] compauth=pass '109'" },
	{ "case", " A.Test; SPF=Pass SMTP.MailFrom=B.test", "<a.test> spf=pass [smtp.mailfrom=B.test]" },
	{ "rubbish between", " a.test; ;= ; x ; spf=pass; =;", "<a.test> spf=pass" },
	{ "results in a comment do not count", " a.test; none (; spf=pass)", "<a.test>" },
	{ "results in quotes do not count", " a.test; x=y reason=\"; spf=pass\"",
	  "<a.test> x=y '; spf=pass'" },
	{ "open comment", " a.test (; spf=pass", "<a.test>" },
	{ "a version of the field", " a.test 2; spf=pass", NULL },
	{ "a version of a method", " a.test 1; spf/2=pass; dkim/1=pass; dmarc / 3 = pass",
	  "<a.test> dkim=pass" },
	{ "chain and address",
	  " a.test; arc=pass (i=2 spf=pass) smtp.remote-ip=\"2001:db8::1\" header.oldest-pass=0 "
	  "policy.x-score=7",
	  "<a.test> arc=pass (i=2 spf=pass) [smtp.remote-ip=2001:db8::1] [header.oldest-pass=0] "
	  "[policy.x-score=7]" },
	{ "address without quotes", " a.test; iprev=pass policy.iprev=2001:db8::1 (host.test)",
	  "<a.test> iprev=pass (host.test) [policy.iprev=2001:db8::1]" },
	{ "quote never closed", " a.test; x=y reason=\"open; spf=pass", "<a.test> x=y 'open; spf=pass'" },
	{ "nothing", "  ", NULL },
};

static void test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct authres r;
		enum err e = authres_parse(a, str_of(cases[i].value), &r);
		struct str got = shown(a, &r);
		if (e != (cases[i].want ? OK : ERR_SYNTAX) || (!e && !str_eq(got, str_of(cases[i].want))))
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(got));
		arena_free(&a);
	}
}

static void test_write_and_read_back(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct spf spf = { .result = SPF_SOFTFAIL, .domain = STR("b.test"), .reason = STR("because \"so\"") };
	struct dkim signatures[] = {
		{ .result = DKIM_PASS,
		  .domain = STR("b.test"),
		  .identity = STR("jo@b.test"),
		  .selector = STR("s1"),
		  .algorithm = STR("rsa-sha256"),
		  .signature = STR("abcdefghi") },
		{ .result = DKIM_PERMERROR, .reason = STR("no key") },
	};
	struct dkim_list dkim = { signatures, 2 };
	struct dmarc dmarc = { .result = DMARC_PASS,
			       .domain = STR("b.test"),
			       .record_domain = STR("b.test"),
			       .policy = DMARC_POLICY_REJECT };
	struct arc arc = { .result = ARC_PASS, .oldest_pass = 2, .reason = STR("not shown") };
	struct authres_facts facts = { .mail_from = STR("jo; dkim=pass@b.test\r\nX: y"),
				       .spf = &spf,
				       .dkim = &dkim,
				       .arc = &arc,
				       .remote_ip = { 4, { 192, 0, 2, 1 } },
				       .dmarc = &dmarc };
	struct authres r;

	(void)state;
	struct str text = authres_write(a, &facts);
	assert_true(str_find(text, STR("\r\nX:"), 0) == SIZE_MAX);
	assert_int_equal(authres_parse(a, arena_printf(a, " us.test%.*s", STR_ARG(text)), &r), OK);
	assert_string_equal(
	    shown(a, &r).p,
	    "<us.test> spf=softfail 'because \"so\"' [smtp.mailfrom=jo; dkim=pass@b.test??X: y] "
	    "dkim=pass [header.d=b.test] [header.i=jo@b.test] [header.s=s1] [header.a=rsa-sha256] "
	    "[header.b=YWJjZGVm] dkim=permerror 'no key' "
	    "arc=pass [smtp.remote-ip=192.0.2.1] [header.oldest-pass=2] "
	    "dmarc=pass [header.from=b.test] [policy.dmarc=reject]");
	assert_true(str_eq(authres_property(&r.methods.v[1], STR("header"), STR("s")), STR("s1")));
	assert_true(str_eq(authres_property(&r.methods.v[1], STR("header"), STR("x")), STR("")));
	arena_free(&a);
}

/* A quoted-string takes the memory it needs, however many there are and however much follows them. */
static void test_memory_is_linear(void **state)
{
	static const char piece[] = " x=\"a\\b\";";
	size_t used[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena *a = arena_new(1u << 24, NULL, NULL);
		size_t n = (size_t)2000 << i;
		char *text = arena_alloc(a, n * (sizeof(piece) - 1));
		for (size_t j = 0; j < n; j++)
			memcpy(text + j * (sizeof(piece) - 1), piece, sizeof(piece) - 1);
		size_t before = arena_used(a);
		struct authres r;
		assert_int_equal(authres_parse(a, str_from(text, n * (sizeof(piece) - 1)), &r), OK);
		assert_int_equal(r.methods.n, AUTHRES_METHODS_MAX);
		used[i] = arena_used(a) - before;
		arena_free(&a);
	}
	assert_true(used[1] < 3 * used[0]);
}

static void test_write_little(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct authres_facts facts = { 0 };
	struct dkim_list dkim = { 0 };
	struct spf spf = { .result = SPF_PASS, .by_helo = true };

	(void)state;
	assert_string_equal(authres_write(a, &facts).p, "; none");
	facts.dkim = &dkim;
	facts.spf = &spf;
	facts.helo = STR("mx.b.test");
	assert_string_equal(authres_write(a, &facts).p,
			    ";\r\n\tspf=pass smtp.helo=mx.b.test;\r\n\tdkim=none");
	arena_free(&a);
}

/* Whatever strangers send, no line of ours is over 998 bytes. */
static void test_lines_stay_short(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	char quotes[2000];
	struct str long_text = { quotes, sizeof(quotes) };
	struct dkim one = { .result = DKIM_PERMERROR,
			    .domain = long_text,
			    .selector = long_text,
			    .algorithm = long_text,
			    .reason = long_text,
			    .signature = long_text };
	struct dkim_list dkim = { &one, 1 };
	struct authres_facts facts = { .dkim = &dkim };
	size_t from = 0, end;

	(void)state;
	memset(quotes, '"', sizeof(quotes));
	struct str text = authres_write(a, &facts);
	for (; (end = str_find_char(text, '\n', from)) != SIZE_MAX; from = end + 1)
		assert_true(end - from < 998);
	assert_true(text.n - from < 998);
	arena_free(&a);
}

/* A verdict holds AUTHRES_MAX bytes: signatures that do not fit are left out, what decides is there. */
static void test_length_is_bounded(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	char quotes[2000];
	struct str long_text = { quotes, sizeof(quotes) };
	struct dkim many[8];
	struct spf spf = { .result = SPF_FAIL, .domain = long_text, .reason = long_text };
	struct dmarc dmarc = { .result = DMARC_FAIL, .domain = long_text, .reason = long_text };
	struct dkim_list dkim = { many, ARRAY_LEN(many) };
	struct authres_facts facts = { .mail_from = long_text, .spf = &spf, .dkim = &dkim, .dmarc = &dmarc };

	(void)state;
	memset(quotes, '"', sizeof(quotes));
	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = (struct dkim){ .result = DKIM_PERMERROR, .domain = long_text, .reason = long_text };
	many[7] = (struct dkim){ .result = DKIM_PASS, .domain = STR("b.test") };
	struct str text = authres_write(a, &facts);
	assert_true(text.n <= AUTHRES_MAX);
	assert_true(str_find(text, STR("dkim=pass header.d=b.test"), 0) != SIZE_MAX);
	assert_true(str_find(text, STR("dmarc=fail"), 0) != SIZE_MAX);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_write_and_read_back),
		cmocka_unit_test(test_memory_is_linear),
		cmocka_unit_test(test_write_little),
		cmocka_unit_test(test_lines_stay_short),
		cmocka_unit_test(test_length_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
