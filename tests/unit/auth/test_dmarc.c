/* DMARC records, alignment and policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/dmarc.h"
#include "zone.h"

static const struct {
	const char *name, *record;
	enum err want;
	enum dmarc_policy p, sp, np;
} records[] = {
	{ "least", "v=DMARC1; p=none", OK, DMARC_POLICY_NONE, DMARC_POLICY_NONE, DMARC_POLICY_NONE },
	{ "sp and np follow", "v=DMARC1;p=Reject;", OK, DMARC_POLICY_REJECT, DMARC_POLICY_REJECT,
	  DMARC_POLICY_REJECT },
	{ "np follows sp", "v=DMARC1; p=reject; sp=quarantine", OK, DMARC_POLICY_REJECT,
	  DMARC_POLICY_QUARANTINE, DMARC_POLICY_QUARANTINE },
	{ "all", "v = DMARC1 ; p=none; sp=quarantine; np=reject; x=y", OK, DMARC_POLICY_NONE,
	  DMARC_POLICY_QUARANTINE, DMARC_POLICY_REJECT },
	{ "another record", "v=spf1 -all", ERR_ABSENT, 0, 0, 0 },
	{ "version not first", "p=none; v=DMARC1", ERR_ABSENT, 0, 0, 0 },
	{ "version in small letters", "v=dmarc1; p=none", ERR_ABSENT, 0, 0, 0 },
	{ "no policy", "v=DMARC1; pct=100", ERR_SYNTAX, 0, 0, 0 },
	{ "unknown policy", "v=DMARC1; p=block", ERR_SYNTAX, 0, 0, 0 },
	{ "no policy but reports", "v=DMARC1; rua=mailto:a@b.test", OK, DMARC_POLICY_NONE, DMARC_POLICY_NONE,
	  DMARC_POLICY_NONE },
	{ "bad sp but reports", "v=DMARC1; p=reject; sp=x; rua=mailto:a@b.test", OK, DMARC_POLICY_NONE,
	  DMARC_POLICY_NONE, DMARC_POLICY_NONE },
	{ "tag twice", "v=DMARC1; p=none; p=reject", ERR_SYNTAX, 0, 0, 0 },
	{ "empty", "", ERR_ABSENT, 0, 0, 0 },
};

static void test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct dmarc_record r;
		struct errbuf eb;
		enum err e = dmarc_record_parse(a, str_of(records[i].record), &r, &eb);
		if (e != records[i].want ||
		    (!e && (r.p != records[i].p || r.sp != records[i].sp || r.np != records[i].np)))
			fail_msg("%s: %s %d %d %d", records[i].name, err_name(e), (int)r.p, (int)r.sp,
				 (int)r.np);
		arena_free(&a);
	}
}

static const struct {
	const char *name, *from;
	enum spf_result spf;
	const char *spf_domain;
	enum dkim_result dkim;
	const char *dkim_domain;
	enum dmarc_result want;
	enum dmarc_policy policy;
} cases[] = {
	{ "no record", "jo.test", SPF_PASS, "jo.test", DKIM_PASS, "jo.test", DMARC_NONE, 0 },
	{ "no domain", "", SPF_PASS, "jo.test", DKIM_PASS, "jo.test", DMARC_NONE, 0 },
	{ "spf", "example.com", SPF_PASS, "bounce.example.com", DKIM_FAIL, "example.com", DMARC_PASS, 2 },
	{ "spf softfail", "example.com", SPF_SOFTFAIL, "example.com", DKIM_NONE, "", DMARC_FAIL, 2 },
	{ "dkim in capitals", "EXAMPLE.com", SPF_NONE, "", DKIM_PASS, "Mail.Example.COM", DMARC_PASS, 2 },
	{ "weak dkim", "example.com", SPF_NONE, "", DKIM_POLICY, "example.com", DMARC_FAIL, 2 },
	{ "another owner", "example.com", SPF_PASS, "example.net", DKIM_PASS, "notexample.com", DMARC_FAIL,
	  2 },
	{ "same public suffix only", "strict.co.uk", SPF_PASS, "other.co.uk", DKIM_PASS, "co.uk", DMARC_FAIL,
	  1 },
	{ "strict", "strict.co.uk", SPF_PASS, "a.strict.co.uk", DKIM_PASS, "a.strict.co.uk", DMARC_FAIL, 1 },
	{ "strict and same", "strict.co.uk", SPF_NONE, "", DKIM_PASS, "strict.co.uk", DMARC_PASS, 1 },
	{ "subdomain policy", "a.b.example.com", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, 1 },
	{ "key not to be had", "example.com", SPF_FAIL, "example.com", DKIM_TEMPERROR, "example.com",
	  DMARC_TEMPERROR, 2 },
	{ "key of another not to be had", "example.com", SPF_FAIL, "example.com", DKIM_TEMPERROR, "x.test",
	  DMARC_FAIL, 2 },
	{ "two records", "two.test", SPF_PASS, "two.test", DKIM_NONE, "", DMARC_NONE, 0 },
	{ "broken record", "broken.test", SPF_PASS, "broken.test", DKIM_NONE, "", DMARC_PERMERROR, 0 },
	{ "no answer", "silent.test", SPF_PASS, "silent.test", DKIM_NONE, "", DMARC_TEMPERROR, 0 },
	{ "a public suffix", "co.uk", SPF_PASS, "co.uk", DKIM_NONE, "", DMARC_NONE, 0 },
	{ "U-labels",
	  "b\xc3\xbc"
	  "cher.test",
	  SPF_NONE, "", DKIM_PASS, "xn--bcher-kva.test", DMARC_PASS, 2 },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct spf spf = { .result = cases[i].spf, .domain = str_of(cases[i].spf_domain) };
		struct dkim one = { .result = cases[i].dkim, .domain = str_of(cases[i].dkim_domain) };
		struct dkim_list dkim = { &one, cases[i].dkim == DKIM_NONE ? 0 : 1 };
		struct zone z = { 0 };
		struct dmarc got;

		zone_add(a, &z, STR("_dmarc.example.com"), RR_TXT, STR("v=DMARC1; p=reject; sp=quarantine"));
		zone_add(a, &z, STR("_dmarc.example.com"), RR_TXT, STR("something else"));
		zone_add(a, &z, STR("_dmarc.strict.co.uk"), RR_TXT,
			 STR("v=DMARC1; p=quarantine; adkim=s; aspf=s"));
		zone_add(a, &z, STR("_dmarc.two.test"), RR_TXT, STR("v=DMARC1; p=none"));
		zone_add(a, &z, STR("_dmarc.two.test"), RR_TXT, STR("v=DMARC1; p=reject"));
		zone_add(a, &z, STR("_dmarc.broken.test"), RR_TXT, STR("v=DMARC1; p=x"));
		zone_add(a, &z, STR("_dmarc.xn--bcher-kva.test"), RR_TXT, STR("v=DMARC1; p=reject"));
		zone_silence(a, &z, STR("_dmarc.silent.test"));
		dmarc_check(a, asker_new(a, zone_ask, &z), str_of(cases[i].from), &spf, &dkim, &got);
		if (got.result != cases[i].want || got.policy != cases[i].policy || got.reason.n == 0 ||
		    z.calls > 1)
			fail_msg("%s: %.*s %d, %.*s (%zu)", cases[i].name,
				 STR_ARG(enum_text(&dmarc_result_names, (int)got.result)), (int)got.policy,
				 STR_ARG(got.reason), z.calls);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
