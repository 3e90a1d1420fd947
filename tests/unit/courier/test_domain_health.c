/* What is said of a domain's own SPF and DMARC records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "courier/domain_health.h"

#define RECORDS 14

/* Records of one world: "name", "text"; a text of NULL: nobody answers. What is not there does not exist. */
struct world {
	struct {
		const char *name, *text;
	} records[RECORDS];
};

static void ask(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *answers_out)
{
	const struct world *w = ctx;

	for (size_t i = 0; i < n; i++) {
		struct answer *answer = &answers_out[i];
		*answer = (struct answer){ .status = ANSWER_NXDOMAIN };
		for (size_t k = 0; k < RECORDS && w->records[k].name; k++) {
			struct dns_record record = { 0 };
			if (asks[i].rrtype != RR_TXT || !str_eq(asks[i].name, str_of(w->records[k].name)))
				continue;
			answer->status = w->records[k].text ? ANSWER_OK : ANSWER_TEMPERROR;
			if (!w->records[k].text)
				continue;
			record.data = str_of(w->records[k].text);
			ARENA_PUSH(a, &answer->records, record);
		}
	}
}

#define GOOD_DMARC                                    \
	{                                             \
		"_dmarc.a.test", "v=DMARC1; p=reject" \
	}
#define GOOD_SPF                                         \
	{                                                \
		"a.test", "v=spf1 ip4:192.0.2.0/24 -all" \
	}
#define KEPT -1 /* nothing is set: what was known stays */

static const struct {
	const char *name, *domain;
	struct world world;
	int spf, dmarc;
} cases[] = {
	{ "nothing", "a.test", { { { 0 } } }, SPF_STATUS_NONE, DMARC_STATUS_NONE },
	{ "both", "A.test", { { GOOD_SPF, GOOD_DMARC } }, SPF_STATUS_GOOD, DMARC_STATUS_GOOD },
	{ "softfail", "a.test", { { { "a.test", "v=spf1 mx ~all" } } }, SPF_STATUS_GOOD, DMARC_STATUS_NONE },
	{ "neutral",
	  "a.test",
	  { { { "a.test", "v=spf1 ip4:192.0.2.1 ?all" } } },
	  SPF_STATUS_NEUTRAL,
	  DMARC_STATUS_NONE },
	{ "without an end",
	  "a.test",
	  { { { "a.test", "v=spf1 ip4:192.0.2.1" } } },
	  SPF_STATUS_NEUTRAL,
	  DMARC_STATUS_NONE },
	{ "open", "a.test", { { { "a.test", "v=spf1 mx +all" } } }, SPF_STATUS_OPEN, DMARC_STATUS_NONE },
	{ "open by its blocks",
	  "a.test",
	  { { { "a.test", "v=spf1 ip4:0.0.0.0/0 -all" } } },
	  SPF_STATUS_OPEN,
	  DMARC_STATUS_NONE },
	{ "open by what it includes",
	  "a.test",
	  { { { "a.test", "v=spf1 include:b.test -all" }, { "b.test", "v=spf1 all" } } },
	  SPF_STATUS_OPEN,
	  DMARC_STATUS_NONE },
	{ "redirected",
	  "a.test",
	  { { { "a.test", "v=spf1 redirect=b.test" }, { "b.test", "v=spf1 -all" } } },
	  SPF_STATUS_GOOD,
	  DMARC_STATUS_NONE },
	{ "misspelt",
	  "a.test",
	  { { { "a.test", "v=spf1 ipv4:192.0.2.1 -all" } } },
	  SPF_STATUS_INVALID,
	  DMARC_STATUS_NONE },
	{ "two records", "a.test", { { GOOD_SPF, GOOD_SPF } }, SPF_STATUS_INVALID, DMARC_STATUS_NONE },
	{ "includes nothing",
	  "a.test",
	  { { { "a.test", "v=spf1 include:b.test -all" } } },
	  SPF_STATUS_INVALID,
	  DMARC_STATUS_NONE },
	{ "eleven look-ups",
	  "a.test",
	  { { { "a.test", "v=spf1 include:1.test include:1.test include:1.test include:1.test include:1.test "
			  "include:1.test "
			  "include:1.test include:1.test include:1.test include:1.test include:1.test -all" },
	      { "1.test", "v=spf1 ip4:192.0.2.1 ?all" } } },
	  SPF_STATUS_INVALID,
	  DMARC_STATUS_NONE },
	{ "SPF is silent", "a.test", { { { "a.test", NULL }, GOOD_DMARC } }, KEPT, DMARC_STATUS_GOOD },
	{ "an include is silent",
	  "a.test",
	  { { { "a.test", "v=spf1 include:b.test -all" }, { "b.test", NULL }, GOOD_DMARC } },
	  KEPT,
	  DMARC_STATUS_GOOD },
	{ "DMARC is silent", "a.test", { { GOOD_SPF, { "_dmarc.a.test", NULL } } }, SPF_STATUS_GOOD, KEPT },
	{ "no policy",
	  "a.test",
	  { { { "_dmarc.a.test", "v=DMARC1; p=perhaps" } } },
	  SPF_STATUS_NONE,
	  DMARC_STATUS_INVALID },
	{ "two policies", "a.test", { { GOOD_DMARC, GOOD_DMARC } }, SPF_STATUS_NONE, DMARC_STATUS_INVALID },
	{ "another record beside it",
	  "a.test",
	  { { GOOD_DMARC, { "_dmarc.a.test", "google-site-verification=1" } } },
	  SPF_STATUS_NONE,
	  DMARC_STATUS_GOOD },
	{ "that of the organization", "mail.a.test", { { GOOD_DMARC } }, SPF_STATUS_NONE, DMARC_STATUS_GOOD },
	{ "the organization is silent",
	  "mail.a.test",
	  { { { "_dmarc.a.test", NULL } } },
	  SPF_STATUS_NONE,
	  KEPT },
	{ "a single label", "localhost", { { { 0 } } }, SPF_STATUS_NONE, DMARC_STATUS_NONE },
};

static void records_are_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct domain d = { 0 };
		struct world w = cases[i].world;
		SET(&d, domain, domain, str_of(cases[i].domain));
		bool all = domain_health_look(a, asker_new(a, ask, &w), &d);
		int spf = HAS(&d, domain, spf_status) ? d.spf_status : KEPT;
		int dmarc = HAS(&d, domain, dmarc_status) ? d.dmarc_status : KEPT;
		if (spf != cases[i].spf || dmarc != cases[i].dmarc || all != (spf != KEPT && dmarc != KEPT))
			fail_msg("%s: SPF %d, DMARC %d", cases[i].name, spf, dmarc);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(records_are_judged) };

	return cmocka_run_group_tests_name("courier/domain_health", tests, NULL, NULL);
}
