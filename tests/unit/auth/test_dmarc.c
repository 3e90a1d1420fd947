/* DMARC records, the tree walk, alignment and policy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/dmarc.h"
#include "auth/dmarc_walk.h"
#include "base/limits.h"
#include "zone.h"

#define NO DMARC_POLICY_NONE
#define QU DMARC_POLICY_QUARANTINE
#define RE DMARC_POLICY_REJECT

static const struct {
	const char *name, *record;
	enum err want;
	enum dmarc_policy p, sp, np;
	bool testing;
	enum dmarc_psd psd;
} records[] = {
	{ "least", "v=DMARC1", OK, NO, NO, NO, false, DMARC_PSD_U },
	{ "sp and np follow", "v=DMARC1;p=Reject;", OK, RE, RE, RE, false, DMARC_PSD_U },
	{ "np follows sp", "v=DMARC1; p=reject; sp=quarantine", OK, RE, QU, QU, false, DMARC_PSD_U },
	{ "all", "v = DMARC1 ; p=none; sp=quarantine; np=reject; x=y", OK, NO, QU, RE, false, DMARC_PSD_U },
	{ "any order", "v=DMARC1; np=reject; t=y; p=quarantine", OK, QU, QU, RE, true, DMARC_PSD_U },
	{ "t=n", "v=DMARC1; p=reject; t=n", OK, RE, RE, RE, false, DMARC_PSD_U },
	{ "pct=0", "v=DMARC1; p=reject; pct=0", OK, RE, RE, RE, true, DMARC_PSD_U },
	{ "t stands before pct", "v=DMARC1; p=reject; pct=0; t=n", OK, RE, RE, RE, false, DMARC_PSD_U },
	{ "pct=10 is a tag unknown", "v=DMARC1; p=reject; pct=10", OK, RE, RE, RE, false, DMARC_PSD_U },
	{ "psd=y", "v=DMARC1; psd=y; np=reject", OK, NO, NO, RE, false, DMARC_PSD_Y },
	{ "psd=n", "v=DMARC1; p=none; psd=n", OK, NO, NO, NO, false, DMARC_PSD_N },
	{ "psd unknown", "v=DMARC1; p=none; psd=x", OK, NO, NO, NO, false, DMARC_PSD_U },
	{ "another record", "v=spf1 -all", ERR_ABSENT, 0, 0, 0, false, DMARC_PSD_U },
	{ "version not first", "p=none; v=DMARC1", ERR_ABSENT, 0, 0, 0, false, DMARC_PSD_U },
	{ "version in small letters", "v=dmarc1; p=none", ERR_ABSENT, 0, 0, 0, false, DMARC_PSD_U },
	{ "unknown policy", "v=DMARC1; p=block", ERR_SYNTAX, 0, 0, 0, false, DMARC_PSD_U },
	{ "unknown policy of a suffix", "v=DMARC1; p=block; psd=y", ERR_SYNTAX, 0, 0, 0, false, DMARC_PSD_Y },
	{ "unknown policy but reports", "v=DMARC1; p=block; rua=mailto:a@b.test", OK, NO, NO, NO, false,
	  DMARC_PSD_U },
	{ "bad sp but reports", "v=DMARC1; p=reject; sp=x; rua=junk, mailto:a@b.test", OK, NO, NO, NO, false,
	  DMARC_PSD_U },
	{ "bad np, reports to nowhere", "v=DMARC1; p=reject; np=x; rua=junk", ERR_SYNTAX, 0, 0, 0, false,
	  DMARC_PSD_U },
	{ "tag twice", "v=DMARC1; p=none; p=reject", ERR_SYNTAX, 0, 0, 0, false, DMARC_PSD_U },
	{ "empty", "", ERR_ABSENT, 0, 0, 0, false, DMARC_PSD_U },
};

static void test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct dmarc_record r;
		struct errbuf eb;
		enum err e = dmarc_record_parse(a, str_of(records[i].record), &r, &eb);
		if (e != records[i].want || r.psd != records[i].psd ||
		    (!e && (r.p != records[i].p || r.sp != records[i].sp || r.np != records[i].np ||
			    r.testing != records[i].testing)))
			fail_msg("%s: %s %d %d %d, testing %d, psd %d", records[i].name, err_name(e),
				 (int)r.p, (int)r.sp, (int)r.np, r.testing, (int)r.psd);
		arena_free(&a);
	}
}

struct entry {
	const char *name, *txt; /* txt NULL: no answer */
};

static void fill(struct arena *a, struct zone *z, const struct entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (entries[i].txt)
			zone_add(a, z, str_of(entries[i].name), RR_TXT, str_of(entries[i].txt));
		else
			zone_silence(a, z, str_of(entries[i].name));
}

/* The examples of RFC 9989, §4.10.2 and appendix B.4, and what they leave open. */
static const struct {
	const char *domain, *org;
	size_t asked;
	struct entry zone[4];
} walks[] = {
	{ "a.mail.example.com",
	  "example.com",
	  4,
	  { { "_dmarc.mail.example.com", "v=DMARC1" }, { "_dmarc.example.com", "v=DMARC1" } } },
	{ "a.mail.example.com", "mail.example.com", 4, { { "_dmarc.mail.example.com", "v=DMARC1; psd=n" } } },
	{ "a.mail.example.com",
	  "mail.example.com",
	  4,
	  { { "_dmarc.mail.example.com", "v=DMARC1; psd=n" }, { "_dmarc.example.com", "v=DMARC1" } } },
	{ "a.mail.example.com", "example.com", 4, { { "_dmarc.com", "v=DMARC1; psd=y" } } },
	{ "a.mail.example.com", "com", 4, { { "_dmarc.com", "v=DMARC1" } } },
	{ "a.mail.example.com", "a.mail.example.com", 4, { { "_dmarc.example.net", "v=DMARC1" } } },
	{ "signing.example.com",
	  "example.com",
	  3,
	  { { "_dmarc.signing.example.com", "v=DMARC1" }, { "_dmarc.example.com", "v=DMARC1" } } },
	{ "a.b.c.d.e.f.g.h.i.j.k.example.com", "example.com", 8, { { "_dmarc.example.com", "v=DMARC1" } } },
	{ "a.b.c.d.e.f.g.h.i.j.k.example.com",
	  "a.b.c.d.e.f.g.h.i.j.k.example.com",
	  8,
	  { { "_dmarc.f.g.h.i.j.k.example.com", "v=DMARC1" } } }, /* skipped over */
	{ "a.b.c.d.e.f.example.com", "example.com", 8, { { "_dmarc.example.com", "v=DMARC1" } } },
	{ "a.b.c.d.e.f.g.h.i.j.k.example.com",
	  "f.g.h.i.j.k.example.com",
	  8,
	  { { "_dmarc.g.h.i.j.k.example.com", "v=DMARC1; psd=y" } } },
	{ "giant.bank.example",
	  "giant.bank.example",
	  3,
	  { { "_dmarc.giant.bank.example", "v=DMARC1" }, { "_dmarc.bank.example", "v=DMARC1; psd=y" } } },
	{ "mail.giant.bank.example",
	  "giant.bank.example",
	  4,
	  { { "_dmarc.giant.bank.example", "v=DMARC1" }, { "_dmarc.bank.example", "v=DMARC1; psd=y" } } },
	{ "mail.mega.bank.example",
	  "mega.bank.example",
	  4,
	  { { "_dmarc.giant.bank.example", "v=DMARC1" }, { "_dmarc.bank.example", "v=DMARC1; psd=y" } } },
	{ "bank.example", "bank.example", 2, { { "_dmarc.bank.example", "v=DMARC1; psd=y" } } },
	{ "two.example.com",
	  "example.com",
	  3,
	  { { "_dmarc.example.com", "v=DMARC1" },
	    { "_dmarc.two.example.com", "v=DMARC1; psd=n" },
	    { "_dmarc.two.example.com", "v=DMARC1; psd=n" } } }, /* several are none */
	{ "a.example.com", "", 3, { { "_dmarc.a.example.com", "v=DMARC1" }, { "_dmarc.com", NULL } } },
	{ "a.example.com",
	  "a.example.com",
	  3,
	  { { "_dmarc.a.example.com", "v=DMARC1; psd=n" }, { "_dmarc.com", NULL } } },
	{ "example", "example", 1, { { "_dmarc.example", "v=DMARC1" } } },
};

static void test_walks(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct zone z = { 0 };
		struct dmarc_walk w;
		for (size_t j = 0; j < ARRAY_LEN(walks[i].zone) && walks[i].zone[j].name; j++)
			fill(a, &z, &walks[i].zone[j], 1);
		dmarc_walk(a, asker_new(a, zone_ask, &z), str_of(walks[i].domain), &w);
		if (!str_eq(w.org, str_of(walks[i].org)) || z.asked != walks[i].asked || z.calls != 1)
			fail_msg("%zu, %s: %.*s, %zu questions in %zu batches", i, walks[i].domain,
				 STR_ARG(w.org), z.asked, z.calls);
		arena_free(&a);
	}
}

static const struct entry zone[] = {
	{ "_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine; np=reject" },
	{ "_dmarc.example.com", "something else" },
	{ "b.example.com", "it exists" },
	{ "_dmarc.own.example.com", "v=DMARC1; p=none" },
	{ "_dmarc.strict.co.uk", "v=DMARC1; p=quarantine; adkim=s; aspf=s" },
	{ "_dmarc.two.test", "v=DMARC1; p=none" },
	{ "_dmarc.two.test", "v=DMARC1; p=reject" },
	{ "_dmarc.broken.test", "v=DMARC1; p=x" },
	{ "_dmarc.xn--bcher-kva.test", "v=DMARC1; p=reject" },
	{ "_dmarc.silent.test", NULL },
	{ "_dmarc.trial.test", "v=DMARC1; p=reject; t=y" },
	{ "_dmarc.old-trial.test", "v=DMARC1; p=quarantine; pct=0" },
	{ "_dmarc.half.test", "v=DMARC1; p=quarantine; pct=50" },
	{ "_dmarc.bank", "v=DMARC1; p=reject; np=reject; sp=none; psd=y" },
	{ "known.bank", "it exists" },
	{ "_dmarc.team.psdn.test", "v=DMARC1; p=reject; psd=n" },
	{ "_dmarc.psdn.test", "v=DMARC1; p=reject" },
	{ "_dmarc.half-silent.mute", "v=DMARC1; p=reject" },
	{ "_dmarc.mute", NULL },
};

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
	{ "no name", "a..example.com", SPF_NONE, "", DKIM_NONE, "", DMARC_NONE, 0 },
	{ "spf", "example.com", SPF_PASS, "bounce.example.com", DKIM_FAIL, "example.com", DMARC_PASS, RE },
	{ "spf softfail", "example.com", SPF_SOFTFAIL, "example.com", DKIM_NONE, "", DMARC_FAIL, RE },
	{ "dkim in capitals", "EXAMPLE.com", SPF_NONE, "", DKIM_PASS, "Mail.Example.COM", DMARC_PASS, RE },
	{ "weak dkim", "example.com", SPF_NONE, "", DKIM_POLICY, "example.com", DMARC_FAIL, RE },
	{ "another owner", "example.com", SPF_PASS, "example.net", DKIM_PASS, "notexample.com", DMARC_FAIL,
	  RE },
	{ "same public suffix only", "strict.co.uk", SPF_PASS, "other.co.uk", DKIM_PASS, "co.uk", DMARC_FAIL,
	  QU },
	{ "strict", "strict.co.uk", SPF_PASS, "a.strict.co.uk", DKIM_PASS, "a.strict.co.uk", DMARC_FAIL, QU },
	{ "strict and same", "strict.co.uk", SPF_NONE, "", DKIM_PASS, "strict.co.uk", DMARC_PASS, QU },
	{ "a subdomain that exists", "b.example.com", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, QU },
	{ "a subdomain that does not", "a.b.example.com", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, RE },
	{ "a subdomain with a record", "own.example.com", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, NO },
	{ "sister of one with a record", "own.example.com", SPF_PASS, "b.example.com", DKIM_NONE, "",
	  DMARC_PASS, NO },
	{ "key not to be had", "example.com", SPF_FAIL, "example.com", DKIM_TEMPERROR, "example.com",
	  DMARC_TEMPERROR, RE },
	{ "key of another not to be had", "example.com", SPF_FAIL, "example.com", DKIM_TEMPERROR, "x.test",
	  DMARC_FAIL, RE },
	{ "two records", "two.test", SPF_PASS, "two.test", DKIM_NONE, "", DMARC_NONE, 0 },
	{ "broken record", "broken.test", SPF_PASS, "broken.test", DKIM_NONE, "", DMARC_PERMERROR, 0 },
	{ "no answer", "silent.test", SPF_PASS, "silent.test", DKIM_NONE, "", DMARC_TEMPERROR, 0 },
	{ "a public suffix", "co.uk", SPF_PASS, "co.uk", DKIM_NONE, "", DMARC_NONE, 0 },
	{ "on trial", "trial.test", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, QU },
	{ "on trial, the old way", "old-trial.test", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, NO },
	{ "half of it", "half.test", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, QU },
	{ "policy of the suffix", "known.bank", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL, NO },
	{ "policy of the suffix for no such name", "nowhere.bank", SPF_NONE, "", DKIM_NONE, "", DMARC_FAIL,
	  RE },
	{ "neighbours below a suffix", "known.bank", SPF_PASS, "other.bank", DKIM_PASS, "bank", DMARC_FAIL,
	  NO },
	{ "below the same owner and suffix", "known.bank", SPF_PASS, "a.known.bank", DKIM_NONE, "",
	  DMARC_PASS, NO },
	{ "a team of its own", "team.psdn.test", SPF_PASS, "psdn.test", DKIM_PASS, "x.psdn.test", DMARC_FAIL,
	  RE },
	{ "signed by a team of its own", "psdn.test", SPF_NONE, "", DKIM_PASS, "team.psdn.test", DMARC_FAIL,
	  RE },
	{ "the same, whatever is above", "half-silent.mute", SPF_PASS, "half-silent.mute", DKIM_NONE, "",
	  DMARC_PASS, RE },
	{ "perhaps the same owner", "half-silent.mute", SPF_PASS, "x.mute", DKIM_NONE, "", DMARC_TEMPERROR,
	  RE },
	{ "never the same owner", "half-silent.mute", SPF_PASS, "x.test", DKIM_NONE, "", DMARC_FAIL, RE },
	{ "U-labels",
	  "b\xc3\xbc"
	  "cher.test",
	  SPF_NONE, "", DKIM_PASS, "xn--bcher-kva.test", DMARC_PASS, RE },
};

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct spf spf = { .result = cases[i].spf, .domain = str_of(cases[i].spf_domain) };
		struct dkim one = { .result = cases[i].dkim, .domain = str_of(cases[i].dkim_domain) };
		struct dkim_list dkim = { &one, cases[i].dkim == DKIM_NONE ? 0 : 1 };
		struct str domain = str_of(cases[i].from);
		struct strs from = { &domain, domain.n > 0 };
		struct zone z = { 0 };
		struct dmarc got;

		fill(a, &z, zone, ARRAY_LEN(zone));
		dmarc_check(a, asker_new(a, zone_ask, &z), &from, &spf, &dkim, &got);
		if (got.result != cases[i].want || got.policy != cases[i].policy || got.reason.n == 0)
			fail_msg("%s: %.*s %d, %.*s", cases[i].name,
				 STR_ARG(enum_text(&dmarc_result_names, (int)got.result)), (int)got.policy,
				 STR_ARG(got.reason));
		arena_free(&a);
	}
}

/* From with several domains: the worst counts, and too many are not all looked at. */
static const struct {
	const char *from[8];
	enum dmarc_result want;
	const char *domain;
	enum dmarc_policy policy;
} several[] = {
	{ { "jo.test", "half.test" }, DMARC_FAIL, "half.test", QU },
	{ { "half.test", "example.com", "trial.test" }, DMARC_FAIL, "example.com", RE },
	{ { "half.test", "silent.test" }, DMARC_FAIL, "half.test", QU },
	{ { "jo.test", "silent.test", "broken.test" }, DMARC_TEMPERROR, "silent.test", 0 },
	{ { "pass.example.com", "jo.test" }, DMARC_NONE, "jo.test", 0 },
	{ { "pass.example.com" }, DMARC_PASS, "pass.example.com", RE },
	{ { "a.test", "b.test", "c.test", "d.test", "example.com" }, DMARC_PERMERROR, "a.test", 0 },
};

static void test_several_authors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(several); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct spf spf = { .result = SPF_PASS, .domain = STR("pass.example.com") };
		struct strs from = { 0 };
		struct zone z = { 0 };
		struct dmarc got;
		for (size_t j = 0; several[i].from[j]; j++)
			ARENA_PUSH(a, &from, str_of(several[i].from[j]));
		fill(a, &z, zone, ARRAY_LEN(zone));
		spf.domain = several[i].want == DMARC_FAIL ? STR("") : spf.domain;
		dmarc_check(a, asker_new(a, zone_ask, &z), &from, &spf, NULL, &got);
		if (got.result != several[i].want || !str_eq(got.domain, str_of(several[i].domain)) ||
		    got.policy != several[i].policy)
			fail_msg("%zu: %.*s, %.*s %d", i,
				 STR_ARG(enum_text(&dmarc_result_names, (int)got.result)),
				 STR_ARG(got.domain), (int)got.policy);
		arena_free(&a);
	}
}

/* A NUL is a byte of the name like any other: such a name cannot exist, and is not the one before it. */
static void test_nul_does_not_cut(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str domain = STR("example.com\0.evil.test");
	struct strs from = { &domain, 1 };
	struct spf spf = { .result = SPF_PASS, .domain = STR("example.com") };
	struct zone z = { 0 };
	struct dmarc got;

	(void)state;
	fill(a, &z, zone, ARRAY_LEN(zone));
	dmarc_check(a, asker_new(a, zone_ask, &z), &from, &spf, NULL, &got);
	assert_int_equal(got.result, DMARC_NONE);
	assert_int_equal(z.asked, 0);
	domain = STR("example.com");
	spf.domain = STR("example.com\0.evil.test");
	dmarc_check(a, asker_new(a, zone_ask, &z), &from, &spf, NULL, &got);
	assert_int_equal(got.result, DMARC_FAIL);
	arena_free(&a);
}

/* All that a check of an ordinary mail needs is asked at once. */
static void test_one_batch(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str domain = STR("news.example.com"),
		   others[] = { STR("mail.example.com"), STR("Bounce.Example.com"), STR("mailer.test") };
	struct strs from = { &domain, 1 }, identifiers = { others, 3 };
	struct spf spf = { .result = SPF_PASS, .domain = others[1] };
	struct dkim one = { .result = DKIM_PASS, .domain = others[0] };
	struct dkim_list dkim = { &one, 1 };
	struct ask_list asks = { 0 };
	struct zone z = { 0 };
	struct dmarc got;

	(void)state;
	fill(a, &z, zone, ARRAY_LEN(zone));
	struct asker *q = asker_new(a, zone_ask, &z);
	dmarc_asks(a, &from, &identifiers, &asks);
	asker_prefetch(q, asks.v, asks.n);
	dmarc_check(a, q, &from, &spf, &dkim, &got);
	assert_int_equal(got.result, DMARC_PASS);
	assert_int_equal(z.calls, 1);
	assert_int_equal(z.asked, 6); /* three of the walk, the domain itself, one of each identifier */
	arena_free(&a);
}

/* Strangers choose the domains of signatures: few are asked about before they were verified. */
static void test_early_questions_are_few(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str domain = STR("a.b.c.d.e.f.g.h.i.example.com");
	struct strs from = { &domain, 1 }, identifiers = { 0 };
	struct ask_list asks = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++)
		ARENA_PUSH(a, &identifiers, arena_printf(a, "%d.x.example.com", i));
	dmarc_asks(a, &from, &identifiers, &asks);
	assert_int_equal(asks.n, DMARC_WALK_MAX + 1 + 8);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_several_authors),
		cmocka_unit_test(test_nul_does_not_cut),
		cmocka_unit_test(test_one_batch),
		cmocka_unit_test(test_early_questions_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
