/* Published DMARC evaluation vectors: identifiers and DNS answers in, result and policy out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/dmarc.h"
#include "json/read.h"
#include "suite.h"
#include "zone.h"

#define SUITE "dmarc/mailauth-dmarc-vectors.json"

static struct str text_of(const struct json *node)
{
	return node && node->kind == JSON_STR ? node->s : STR("");
}

/* {"name": {"TXT": [["part", "part"]]}} or {"name": {"TXT": {"error": "ETIMEOUT"}}} */
static void fill_zone(struct arena *a, const struct json *dns, struct zone *z)
{
	for (const struct json *name = dns->first; name; name = name->next) {
		const struct json *txt = json_get(name, STR("TXT"));
		bool list = txt && txt->kind == JSON_ARRAY;
		if (str_eq(text_of(json_get(txt, STR("error"))), STR("ETIMEOUT")))
			zone_silence(a, z, name->key);
		for (const struct json *record = list ? txt->first : NULL; record; record = record->next) {
			struct str all = STR("");
			for (const struct json *part = record->first; part; part = part->next)
				all = arena_printf(a, "%.*s%.*s", STR_ARG(all), STR_ARG(part->s));
			zone_add(a, z, name->key, RR_TXT, all);
		}
	}
}

/* An identifier is a string or {"domain": …}. */
static struct str domain_of(const struct json *node)
{
	return node->kind == JSON_OBJECT ? text_of(json_get(node, STR("domain"))) : text_of(node);
}

/* The one From address's domain; several give none. */
static struct str from_domain(const struct json *from)
{
	if (from->kind == JSON_ARRAY)
		return from->n == 1 ? from_domain(from->first) : STR("");
	size_t at = str_rfind_char(from->s, '@');
	return at == SIZE_MAX ? from->s : str_sub(from->s, at + 1, from->s.n);
}

static bool vector_passes(struct arena *a, const struct json *vector)
{
	const struct json *input = json_get(vector, STR("input")), *expect = json_get(vector, STR("expect"));
	const struct json *signers = json_get(input, STR("dkimDomains")),
			  *senders = json_get(input, STR("spfDomains"));
	struct str want = text_of(json_get(expect, STR("result")));
	struct str policy = text_of(json_get(expect, STR("policy")));
	struct spf spf = { .result = SPF_NONE };
	struct dkim_list dkim = { 0 };
	struct zone z = { 0 };
	struct dmarc got;

	fill_zone(a, json_get(vector, STR("dns")), &z);
	for (const struct json *s = signers ? signers->first : NULL; s; s = s->next) {
		struct dkim one = { .result = DKIM_PASS, .domain = domain_of(s) };
		ARENA_PUSH(a, &dkim, one);
	}
	if (senders && senders->first)
		spf = (struct spf){ .result = SPF_PASS, .domain = domain_of(senders->first) };
	dmarc_check(a, asker_new(a, zone_ask, &z), from_domain(json_get(input, STR("headerFrom"))), &spf,
		    &dkim, &got);
	if (want.n == 0) /* "false": several From addresses */
		want = STR("none");
	if (str_eq(enum_text(&dmarc_result_names, (int)got.result), want) &&
	    (policy.n == 0 || str_eq(enum_text(&dmarc_policy_names, (int)got.policy), policy)))
		return true;
	print_error("%.*s: %.*s (%.*s)\n", STR_ARG(text_of(json_get(vector, STR("name")))),
		    STR_ARG(enum_text(&dmarc_result_names, (int)got.result)), STR_ARG(got.reason));
	return false;
}

static void test_vectors(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	unsigned failed = 0, ran = 0;
	struct json *all;
	struct errbuf eb;
	struct str text;

	(void)state;
	assert_true(suite_read(a, SUITE, &text));
	if (json_parse(a, text, &all, &eb))
		fail_msg("%s", eb.text);
	for (const struct json *vector = all->first; vector; vector = vector->next, ran++)
		failed += !vector_passes(a, vector);
	assert_int_equal(ran, 35);
	assert_int_equal(failed, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_vectors) };

	if (suite_is_absent(SUITE))
		return 0;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
