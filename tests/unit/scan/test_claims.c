/* What is believed of another host's Authentication-Results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "scan/claims.h"

#define FIELD "Authentication-Results: "
#define ID "mx.example.test"

/* want: SPF and its domain, DKIM and the domains that pass, DMARC and its policy; "*": the envelope is proved. */
static const struct {
	const char *name, *header, *want;
} cases[] = {
	{ "all of them",
	  FIELD ID
	  "; spf=pass smtp.mailfrom=a@Env.test;\r\n dkim=pass header.d=sig.test;\r\n dmarc=pass (p=REJECT "
	  "sp=NONE dis=NONE) header.from=from.test\r\n",
	  "pass env.test* pass sig.test pass reject" },
	{ "another policy before the one that counts",
	  FIELD ID "; dmarc=fail (sp=NONE p=REJECT dis=NONE) header.from=from.test\r\n",
	  "none none fail reject" },
	{ "no policy", FIELD ID "; dmarc=fail (np=reject) header.from=from.test\r\n", "none none fail" },
	{ "a policy in the words of Exchange",
	  FIELD ID "; dmarc=fail action=oreject header.from=from.test\r\n", "none none fail reject" },
	{ "the same, set apart", FIELD ID "; dmarc=fail action=quarantine header.from=from.test\r\n",
	  "none none fail quarantine" },
	{ "the same, nothing done", FIELD ID "; dmarc=fail action=none header.from=from.test\r\n",
	  "none none fail" },
	{ "a policy as a property",
	  FIELD ID "; dmarc=fail policy.published-domain-policy=Reject header.from=from.test\r\n",
	  "none none fail reject" },
	{ "of another host", FIELD "mx.other.test; spf=pass smtp.mailfrom=env.test\r\n", "-" },
	{ "of no host", FIELD "spf=pass smtp.mailfrom=env.test\r\n", "-" },
	{ "the topmost alone",
	  FIELD ID "; spf=fail smtp.mailfrom=env.test\r\n" FIELD ID
		   "; spf=pass smtp.mailfrom=env.test; dkim=pass "
		   "header.d=sig.test\r\n",
	  "fail env.test none none" },
	{ "the first SPF and DMARC, the best DKIM",
	  FIELD ID "; spf=softfail smtp.mailfrom=env.test; spf=pass smtp.mailfrom=env.test; dkim=fail "
		   "header.d=one.test; dkim=pass header.i=@two.test; dkim=neutral header.d=three.test\r\n",
	  "fail env.test pass two.test none" },
	{ "a pass for another domain than we read in From",
	  FIELD ID "; dmarc=pass header.from=other.test\r\n", "none none none" },
	{ "a fail for one", FIELD ID "; dmarc=fail header.from=other.test\r\n", "none none fail" },
	{ "the name of the host", FIELD ID "; spf=pass smtp.helo=h.test\r\n", "pass none none" },
	{ "nothing found", FIELD ID "; none\r\n", "none none none" },
};

static struct str told(struct arena *a, const struct proof *p)
{
	struct str out = enum_text(&auth_result_names, (int)p->spf);
	const struct str parts[] = { p->spf_domain, p->envelope_proved ? STR("*") : STR("") };

	out = ARENA_JOIN(a, out, parts[0].n ? STR(" ") : STR(""), parts[0], parts[1], STR(" "),
			 enum_text(&auth_result_names, (int)p->dkim));
	for (size_t i = 0; i < p->dkim_domains.n; i++)
		out = ARENA_JOIN(a, out, STR(" "), p->dkim_domains.v[i]);
	out = ARENA_JOIN(a, out, STR(" "), enum_text(&auth_result_names, (int)p->dmarc));
	return p->dmarc_policy.n ? ARENA_JOIN(a, out, STR(" "), p->dmarc_policy) : out;
}

static void test_claims(void **state)
{
	struct str id = STR(ID);
	const struct strs ids = { &id, 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1u << 20, NULL, NULL);
		struct str raw = str_of(cases[i].header), got = STR("-");
		struct headers h = headers_parse(a, raw, 0, raw.n, NULL);
		struct proof p = { 0 };
		if (claims_believe(a, &h, &ids, STR("from.test"), &p))
			got = told(a, &p);
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(got));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_claims) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
