/* Chains sealed here, then changed in ways that must and must not break them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/arc.h"
#include "base/limits.h"
#include "signer.h"
#include "zone.h"

#define NOW 1700000000

static const char message[] = "From: Jo <jo@a.test>\r\n"
			      "Subject: hello\r\n"
			      "\r\n"
			      "Hello there.\r\n";

static struct signing how(EVP_PKEY *key)
{
	return (struct signing){ EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 ? "ed25519-sha256" : "rsa-sha256",
				 key,
				 DKIM_RELAXED,
				 DKIM_RELAXED,
				 "from:subject",
				 "",
				 SIZE_MAX };
}

static int set_up(void **state)
{
	*state = signer_key(0);
	return 0;
}

static int tear_down(void **state)
{
	EVP_PKEY_free(*state);
	return 0;
}

static struct str chain(struct arena *a, EVP_PKEY *key, unsigned hops)
{
	struct signing with = how(key);
	struct str mail = str_of(message);

	for (unsigned i = 1; i <= hops; i++)
		mail = signer_seal(a, mail, &with, i, i == 1 ? "none" : "pass");
	return mail;
}

static struct arc verify(struct arena *a, struct str mail, struct zone *z)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, z), mail, &h);
	struct arc arc;

	arc_verify(m, NOW, &arc);
	dkim_mail_free(&m);
	assert_true(arc.reason.n > 0);
	return arc;
}

static struct arc verify_with(struct arena *a, struct str mail, EVP_PKEY *key)
{
	struct zone z = { 0 };

	zone_add(a, &z, STR("sel._domainkey.signer.test"), RR_TXT, signer_record(a, key, ""));
	return verify(a, mail, &z);
}

/* The mail with the first `old` behind the first `after` replaced. */
static struct str changed(struct arena *a, struct str mail, const char *after, const char *old,
			  const char *new)
{
	size_t from = str_find(mail, str_of(after), 0), at = str_find(mail, str_of(old), from);

	assert_true(from != SIZE_MAX && at != SIZE_MAX);
	return ARENA_JOIN(a, str_sub(mail, 0, at), str_of(new), str_sub(mail, at + strlen(old), mail.n));
}

/* Three hops; the last one's fields stand first: ARC-Seal, ARC-Message-Signature, ARC-Authentication-Results. */
static const struct {
	const char *name, *after, *old, *new;
	enum arc_result want;
	unsigned oldest_pass;
	const char *reason;
} cases[] = {
	{ "as it is", "", "", "", ARC_PASS, 0, "the chain holds, sealed by signer.test, then signer.test" },
	{ "folded otherwise", "i=3;", " cv=", "\r\n\tcv=", ARC_PASS, 0, "" },
	{ "in capitals", "", "ARC-Seal: i=2", "arc-SEAL: i=2", ARC_PASS, 0, "" },
	{ "a field added", "From:", "Subject", "X-New: 1\r\nSubject", ARC_PASS, 0, "" },
	{ "the body changed", "", "Hello there", "Hallo there", ARC_FAIL, 0,
	  "message signature of hop 3 (signer.test)" },
	{ "a signed field changed", "", "hello", "hallo", ARC_FAIL, 0, "message signature of hop 3" },
	{ "results of a hop changed", "", "hop1.test; spf=pass", "hop1.test; spf=fail", ARC_FAIL, 0,
	  "the seal of hop 3" },
	{ "a message signature changed", "Message-Signature: i=1;", "bh=", "bh= ", ARC_FAIL, 0,
	  "the seal of hop 3" },
	{ "no seal", "", "ARC-Seal: i=2", "X: i=2", ARC_FAIL, 0, "no seal of hop 2" },
	{ "no message signature", "", "ARC-Message-Signature: i=1", "X: i=1", ARC_FAIL, 0,
	  "no message signature of hop 1" },
	{ "no results", "", "ARC-Authentication-Results: i=3", "X: i=3", ARC_FAIL, 0, "no results of hop 3" },
	{ "a gap", "", "ARC-Seal: i=2", "ARC-Seal: i=4", ARC_FAIL, 0, "no seal of hop 2" },
	{ "instance twice", "", "ARC-Seal: i=2", "ARC-Seal: i=1", ARC_FAIL, 0, "two seals of hop 1" },
	{ "results twice", "", "Results: i=2", "Results: i=3", ARC_FAIL, 0, "two results of hop 3" },
	{ "instance 0", "", "ARC-Seal: i=2", "ARC-Seal: i=0", ARC_FAIL, 0, "without an instance" },
	{ "instance 51", "", "ARC-Seal: i=2", "ARC-Seal: i=51", ARC_FAIL, 0, "without an instance" },
	{ "instance of results 51", "", "Results: i=2", "Results: i=51", ARC_FAIL, 0, "without an instance" },
	{ "results without instance", "", "Results: i=2;", "Results: ", ARC_FAIL, 0, "without an instance" },
	{ "comments around the instance", "", "Results: i=2;", "Results: (a) i (b) = 2 (c) ;", ARC_FAIL, 0,
	  "the seal of hop 3" },
	{ "cv=fail at the last", "i=3;", "cv=pass", "cv=fail", ARC_FAIL, 0, "broken already at hop 3" },
	{ "cv=fail before", "ARC-Seal: i=2", "cv=pass", "cv=fail", ARC_FAIL, 0, "says otherwise" },
	{ "cv=none before", "ARC-Seal: i=2", "cv=pass", "cv=none", ARC_FAIL, 0, "says otherwise" },
	{ "cv=pass at the first", "ARC-Seal: i=1", "cv=none", "cv=pass", ARC_FAIL, 0, "says otherwise" },
	{ "cv in capitals", "ARC-Seal: i=2", "cv=pass", "cv=Pass", ARC_FAIL, 0, "says otherwise" },
	{ "h= in a seal", "ARC-Seal: i=1", "cv=", "h=from; cv=", ARC_FAIL, 0,
	  "the seal of hop 1 (signer.test) cannot be read" },
	{ "a seal under a signature", "Message-Signature: i=3;", "h=from", "h=arc-seal:from", ARC_FAIL, 0,
	  "it signs a seal" },
	{ "SHA-1", "ARC-Seal: i=2", "ed25519-sha256", "rsa-sha1", ARC_FAIL, 0, "the seal of hop 3" },
	{ "SHA-1 at the last", "ARC-Seal: i=3", "ed25519-sha256", "rsa-sha1", ARC_FAIL, 0, "SHA-1" },
	{ "another selector", "ARC-Seal: i=3", "s=sel", "s=no", ARC_FAIL, 0, "there is no key" },
};

static void test_changes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct str mail = changed(a, chain(a, *state, 3), cases[i].after, cases[i].old, cases[i].new);
		struct arc got = verify_with(a, mail, *state);
		if (got.result != cases[i].want || got.oldest_pass != cases[i].oldest_pass ||
		    str_find(got.reason, str_of(cases[i].reason), 0) == SIZE_MAX)
			fail_msg("%s: %.*s, %u: %.*s", cases[i].name,
				 STR_ARG(enum_text(&arc_result_names, (int)got.result)), got.oldest_pass,
				 STR_ARG(got.reason));
		arena_free(&a);
	}
}

static void test_sets_are_told(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct arc got = verify_with(a, chain(a, *state, 2), *state);

	assert_int_equal(got.sets.n, 2);
	assert_true(str_eq(got.sets.v[0].sealer, STR("signer.test")));
	assert_true(str_eq(got.sets.v[0].selector, STR("sel")));
	assert_true(str_eq(str_trim(got.sets.v[0].results), STR("hop1.test; spf=pass")));
	assert_true(str_eq(str_trim(got.sets.v[1].results), STR("hop2.test; spf=pass")));
	got = verify_with(a, str_of(message), *state);
	assert_int_equal(got.result, ARC_NONE);
	assert_int_equal(got.sets.n, 0);
	arena_free(&a);
}

/* Each hop may change the mail, as lists do, and seal what it made of it. */
static void test_oldest_pass(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct signing with = how(*state);
	struct str mail = chain(a, *state, 2);

	mail = changed(a, mail, "", "Subject: hello", "Subject: [list] hello");
	mail = signer_seal(a, mail, &with, 3, "pass");
	struct arc got = verify_with(a, mail, *state);
	assert_int_equal(got.result, ARC_PASS);
	assert_int_equal(got.oldest_pass, 3);
	mail = signer_seal(a, mail, &with, 4, "pass");
	got = verify_with(a, mail, *state);
	assert_int_equal(got.result, ARC_PASS);
	assert_int_equal(got.oldest_pass, 3);
	arena_free(&a);
}

static void test_no_answer_is_a_failure(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct zone z = { 0 };

	zone_silence(a, &z, STR("sel._domainkey.signer.test"));
	struct arc got = verify(a, chain(a, *state, 1), &z);
	assert_int_equal(got.result, ARC_FAIL);
	assert_true(str_find(got.reason, STR("DNS gave no answer"), 0) != SIZE_MAX);
	arena_free(&a);
}

/* One batch, one question for a key however many fields name it; long chains wait for their turn. */
static void test_questions(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str mail = chain(a, *state, 3);
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, NULL, mail, &h);
	struct ask_list asks = { 0 };
	struct zone z = { 0 };

	arc_asks(m, &asks);
	dkim_mail_free(&m);
	assert_int_equal(asks.n, 1);
	assert_true(str_eq(asks.v[0].name, STR("sel._domainkey.signer.test")));
	zone_add(a, &z, STR("sel._domainkey.signer.test"), RR_TXT, signer_record(a, *state, ""));
	assert_int_equal(verify(a, mail, &z).result, ARC_PASS);
	assert_int_equal(z.calls, 1);
	for (unsigned i = 1; i <= 3; i++)
		for (unsigned j = 0; j < 2; j++)
			mail = changed(a, mail,
				       j ? arena_printf(a, "ARC-Seal: i=%u", i).p
					 : arena_printf(a, "ARC-Message-Signature: i=%u", i).p,
				       "s=sel", arena_printf(a, "s=s%u%u", i, j).p);
	h = headers_parse(a, mail, 0, mail.n, NULL);
	m = dkim_mail_new(a, NULL, mail, &h);
	asks.n = 0;
	arc_asks(m, &asks);
	dkim_mail_free(&m);
	assert_int_equal(asks.n, 6);
	assert_true(str_eq(asks.v[0].name, STR("s30._domainkey.signer.test")));
	arena_free(&a);
}

/* As many hops as are allowed hold. */
static void test_fifty_hops(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct signing with = how(*state);
	struct str mail = str_of(message);

	with.fields = "from";
	for (unsigned i = 1; i <= ARC_INSTANCE_MAX; i++)
		mail = signer_seal(a, mail, &with, i, i == 1 ? "none" : "pass");
	struct arc got = verify_with(a, mail, *state);
	assert_int_equal(got.result, ARC_PASS);
	assert_int_equal(got.sets.n, ARC_INSTANCE_MAX);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes),     cmocka_unit_test(test_sets_are_told),
		cmocka_unit_test(test_oldest_pass), cmocka_unit_test(test_no_answer_is_a_failure),
		cmocka_unit_test(test_questions),   cmocka_unit_test(test_fifty_hops),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
