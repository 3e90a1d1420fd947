/*
 * DMARC vectors, every *.json: a list of {"name", "input": {"headerFrom", "dkimDomains", "spfDomains"}, "dns",
 * "expect": {"result", "policy"}}. DNS has no names but those listed. The policy is the one published: ours is one step less
 * where t=y or pct=0 asks for it (RFC 9989 §4.7).
 */
#include "../unit/auth/zone.h"
#include "auth/dmarc.h"
#include "json/read.h"
#include "suite.h"

static struct str text_of(const struct json *node)
{
	return node && node->kind == JSON_STR ? node->s : STR("");
}

/* {"name": {"TXT": [["part", "part"]]}} or {"name": {"TXT": {"error": "ETIMEOUT"}}} */
static void fill_zone(struct arena *a, const struct json *dns, struct zone *z)
{
	for (const struct json *name = dns ? dns->first : NULL; name; name = name->next) {
		const struct json *txt = json_get(name, STR("TXT"));
		bool list = txt && txt->kind == JSON_ARRAY;
		if (str_eq(text_of(json_get(txt, STR("error"))), STR("ETIMEOUT")))
			zone_silence(a, z, name->key);
		for (const struct json *record = list ? txt->first : NULL; record; record = record->next) {
			struct str all = text_of(record);
			bool parts = record->kind == JSON_ARRAY;
			for (const struct json *p = parts ? record->first : NULL; p; p = p->next)
				all = ARENA_JOIN(a, all, text_of(p));
			zone_add(a, z, name->key, RR_TXT, all);
		}
	}
}

/* An identifier is a string or {"domain": …}. */
static struct str domain_of(const struct json *node)
{
	return node->kind == JSON_OBJECT ? text_of(json_get(node, STR("domain"))) : text_of(node);
}

static void add_from(struct arena *a, const struct json *from, struct strs *out)
{
	size_t at = str_rfind_char(text_of(from), '@');
	struct str domain = at == SIZE_MAX ? text_of(from) : str_sub(from->s, at + 1, from->s.n);

	if (from && from->kind == JSON_ARRAY)
		for (const struct json *one = from->first; one; one = one->next)
			add_from(a, one, out);
	else if (!strs_has(out, domain))
		ARENA_PUSH(a, out, domain);
}

static void check(struct suite *s, struct arena *a, const struct json *vector)
{
	const struct json *input = json_get(vector, STR("input")), *expect = json_get(vector, STR("expect"));
	const struct json *signers = json_get(input, STR("dkimDomains")),
			  *senders = json_get(input, STR("spfDomains"));
	struct str want = text_of(json_get(expect, STR("result")));
	struct str policy = text_of(json_get(expect, STR("policy")));
	struct spf spf = { .result = SPF_NONE };
	struct dkim_list dkim = { 0 };
	struct strs from = { 0 };
	struct zone z = { 0 };
	struct dmarc got;

	fill_zone(a, json_get(vector, STR("dns")), &z);
	for (const struct json *one = signers ? signers->first : NULL; one; one = one->next) {
		struct dkim d = { .result = DKIM_PASS, .domain = domain_of(one) };
		ARENA_PUSH(a, &dkim, d);
	}
	if (senders && senders->first)
		spf = (struct spf){ .result = SPF_PASS, .domain = domain_of(senders->first) };
	add_from(a, json_get(input, STR("headerFrom")), &from);
	dmarc_check(a, asker_new(a, zone_ask, &z), &from, &spf, &dkim, &got);
	if (want.n == 0) /* "false": several From addresses are not looked at there */
		want = STR("none");
	enum dmarc_policy published = got.policy;
	if (got.record_domain.n > 0 && got.record.testing)
		published = str_eq(got.record_domain, got.domain) ? got.record.p : got.record.sp;
	suite_case(s,
		   str_eq(enum_text(&dmarc_result_names, (int)got.result), want) &&
		       (policy.n == 0 || str_eq(enum_text(&dmarc_policy_names, (int)published), policy)),
		   text_of(json_get(vector, STR("name"))), "%.*s, %.*s: %.*s",
		   STR_ARG(enum_text(&dmarc_result_names, (int)got.result)),
		   STR_ARG(enum_text(&dmarc_policy_names, (int)got.policy)), STR_ARG(got.reason));
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".json");

	for (size_t i = 0; i < files.n; i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		struct errbuf eb;
		struct json *all;
		struct str text;
		if (suite_read(s, a, files.v[i], &text) && !json_parse(a, text, &all, &eb) &&
		    all->kind == JSON_ARRAY)
			for (const struct json *vector = all->first; vector; vector = vector->next)
				check(s, a, vector);
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("dmarc", run);
}
