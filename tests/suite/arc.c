/*
 * ARC suites, every *.yml: messages whose chain must pass, fail or be none; and of signing cases what was to come out,
 * which must hold in front of the message it was made for, and which our own signer must make: the signature over the
 * message bit for bit; the seal, which is over how its signer folded that signature, so that it holds.
 */
#include <openssl/pem.h>

#include "../unit/auth/zone.h"
#include "auth/dkim_tag.h"
#include "auth/sign.h"
#include "suite.h"
#include "yaml.h"

#define NOW 1700000000

/* Cases that say otherwise than the RFC, what it says, and where. */
static const struct {
	const char *name;
	enum arc_result want;
} otherwise[] = {
	/* No result named: cv=fail at the last hop is "fail" (RFC 8617 §5.2, step 2). */
	{ "cv_fail_i1_as_cv_fail", ARC_FAIL },
	{ "cv_fail_i2_as2_fail", ARC_FAIL },
	/* No result named: no cv= may be "fail" (RFC 8617 §5.2, step 3). */
	{ "cv_fail_i2_as1_fail", ARC_FAIL },
	/* Signed relaxed without saying so: c= is "simple/simple" where it is absent (RFC 6376 §3.5). */
	{ "ams_fields_c_na", ARC_FAIL },
};

static void fill_zone(struct arena *a, const struct yaml *scenario, struct zone *z)
{
	const struct yaml *records = yaml_get(scenario, "txt-records");

	for (const struct yaml *r = records ? records->first : NULL; r; r = r->next)
		zone_add(a, z, r->key, RR_TXT, r->s);
}

static struct arc verify(struct arena *a, struct str mail, struct zone *z)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, z), mail, &h);
	struct arc arc;

	arc_verify(m, NOW, &arc);
	dkim_mail_free(&m);
	return arc;
}

static void check(struct suite *s, struct arena *a, struct str name, struct str mail, struct zone *z,
		  enum arc_result want)
{
	struct arc arc = verify(a, mail, z);

	suite_case(s, arc.result == want && arc.reason.n > 0, name, "%.*s: %.*s",
		   STR_ARG(enum_text(&arc_result_names, (int)arc.result)), STR_ARG(arc.reason));
}

/* A case whose result is not one of the three fails by its name. */
static int wanted(const struct yaml *test)
{
	for (size_t i = 0; i < ARRAY_LEN(otherwise); i++)
		if (str_eq(test->key, str_of(otherwise[i].name)))
			return (int)otherwise[i].want;
	return enum_value_nocase(&arc_result_names, str_trim(yaml_text(test, "cv")));
}

/*
 * "Name: value" with its lines folded. A line of tags that does not end one was broken for reading, in the middle of
 * base64: its signer wrote it in one piece.
 */
static struct str field(struct arena *a, const char *name, struct str value, bool tags)
{
	struct str out = ARENA_JOIN(a, str_of(name), STR(":"));
	bool whole = true;

	value = str_trim(value);
	for (size_t at = 0; at < value.n;) {
		size_t end = str_find_char(value, '\n', at);
		struct str line = str_sub(value, at, end == SIZE_MAX ? value.n : end);
		at += line.n + 1;
		out = ARENA_JOIN(a, out, whole ? STR("\r\n ") : STR(""), str_trim(line));
		whole = !tags || str_ends(str_trim(line), STR(";"));
	}
	return ARENA_JOIN(a, out, STR("\r\n"));
}

/* What a chain is once the set of a case is in front: a seal may say that it was broken before. */
static enum arc_result closed_by(const struct yaml *test)
{
	return str_find(yaml_text(test, "AS"), STR("cv=fail"), 0) != SIZE_MAX ? ARC_FAIL : ARC_PASS;
}

/* The message with the set that its signer was to add in front. */
static struct str sealed(struct arena *a, const struct yaml *test)
{
	return ARENA_JOIN(a, field(a, "ARC-Seal", yaml_text(test, "AS"), true),
			  field(a, "ARC-Message-Signature", yaml_text(test, "AMS"), true),
			  field(a, "ARC-Authentication-Results", yaml_text(test, "AAR"), false),
			  yaml_text(test, "message"));
}

/* ---- our own set ---- */

/* Who signs in a scenario, and a message with what was found of its chain. */
struct signer {
	struct suite *s;
	struct arena *a;
	const struct yaml *scenario;
	EVP_PKEY *key;
	struct zone *zone;
};

static EVP_PKEY *key_of(const struct yaml *scenario)
{
	struct str pem = yaml_text(scenario, "privatekey");
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);

	BIO_free(in);
	return key;
}

static struct str field_at(struct str mail, const struct headers *h, size_t i)
{
	return str_sub(mail, h->v[i].start, h->v[i].start + h->v[i].length);
}

/* False: nothing may be added. */
static bool make_set(const struct signer *x, const struct yaml *test, struct str *out)
{
	struct arena *a = x->a;
	struct str mail = yaml_text(test, "message"), name,
		   results = field(a, "", yaml_text(test, "AAR"), false);
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct sign_key key = { str_trim(yaml_text(x->scenario, "domain")),
				str_trim(yaml_text(x->scenario, "sel")), x->key };
	struct sign_mail signed_mail = { .body = sign_body(str_sub(mail, h.body, mail.n)) };
	struct strs names = { 0 };
	struct arc arc = verify(a, mail, x->zone);
	uint64_t now_s = 0;

	if (arc.closed)
		return false;
	for (size_t i = 0; i < h.n; i++) {
		struct sign_field f = { h.v[i].name, field_at(mail, &h, i) };
		ARENA_PUSH(a, &signed_mail.fields, f);
	}
	for (size_t at = 0; dkim_list_next(str_trim(yaml_text(test, "sig-headers")), &at, &name);)
		ARENA_PUSH(a, &names, name);
	struct sign_set set = {
		.instance = arc.instances + 1,
		.chain = arc.result,
		.results = str_trim(str_sub(results, str_find_char(results, ';', 0) + 1, results.n)),
	};
	for (size_t i = 0; i < arc.fields.n; i++)
		ARENA_PUSH(a, &set.before, field_at(mail, &h, arc.fields.v[i]));
	return str_to_u64(str_trim(yaml_text(test, "t")), INT64_MAX, &now_s) == OK &&
	       sign_arc(a, &signed_mail, &names, &key, &set, (int64_t)now_s, out) == OK;
}

/* All tags of a field, without any white space. */
static struct str squeeze(struct arena *a, struct str s)
{
	return arena_without(a, arena_without(a, arena_without(a, arena_without(a, s, ' '), '\t'), '\r'),
			     '\n');
}

/* The tags of a seal but for its signature. */
static struct str but_b(struct arena *a, struct str seal)
{
	size_t at = str_find(seal, STR(";b="), 0), end = str_find_char(seal, ';', at + 1);

	return ARENA_JOIN(a, str_sub(seal, 0, at), str_sub(seal, end, seal.n));
}

static void check_set(const struct signer *x, const struct yaml *test)
{
	static const char *const names[] = { "AS", "AMS", "AAR" };
	struct str made = STR_NONE, said = STR("");
	bool wanted = str_trim(yaml_text(test, "AS")).n > 0, any = make_set(x, test, &made);
	bool good = any == wanted;
	struct headers h = headers_parse(x->a, made, 0, made.n, NULL);

	for (size_t i = 0; good && any && i < ARRAY_LEN(names); i++) {
		struct str want = squeeze(x->a, yaml_text(test, names[i]));
		said = squeeze(x->a, i < h.n ? h.v[i].value : STR_NONE);
		good = i == 0 ? str_eq(but_b(x->a, want), but_b(x->a, said)) : str_eq(want, said);
	}
	if (good && any) {
		struct arc arc = verify(x->a, ARENA_JOIN(x->a, made, yaml_text(test, "message")), x->zone);
		said = arc.reason;
		good = arc.result == closed_by(test);
	}
	suite_case(x->s, good, ARENA_JOIN(x->a, STR("made: "), test->key), "%.*s", STR_ARG(said));
}

static void run_signer(struct suite *s, struct arena *a, const struct yaml *scenario,
		       const struct yaml *tests, struct zone *z)
{
	struct signer x = { s, a, scenario, key_of(scenario), z };

	for (const struct yaml *t = x.key && tests ? tests->first : NULL; t; t = t->next)
		if (yaml_get(t, "AS"))
			check_set(&x, t);
	EVP_PKEY_free(x.key);
}

static void run_scenario(struct suite *s, struct arena *a, const struct yaml *scenario)
{
	const struct yaml *tests = yaml_get(scenario, "tests");
	struct zone z = { 0 };

	fill_zone(a, scenario, &z);
	for (const struct yaml *t = tests ? tests->first : NULL; t; t = t->next) {
		struct str seal = str_trim(yaml_text(t, "AS"));
		if (!yaml_get(t, "AS")) {
			check(s, a, t->key, yaml_text(t, "message"), &z, (enum arc_result)wanted(t));
		} else if (seal.n > 0) { /* else nothing was to be added */
			check(s, a, t->key, sealed(a, t), &z, closed_by(t));
		}
	}
	run_signer(s, a, scenario, tests, &z);
}

static void run(struct suite *s)
{
	struct strs files = suite_files(s, ".yml");

	for (size_t i = 0; i < files.n; i++) {
		struct arena *a = arena_new(256u << 20, NULL, NULL);
		struct str text;
		if (suite_read(s, a, files.v[i], &text))
			for (const struct yaml *y = yaml_parse(a, text); y; y = y->next)
				run_scenario(s, a, y);
		arena_free(&a);
	}
}

int main(void)
{
	return suite_main("arc", run);
}
