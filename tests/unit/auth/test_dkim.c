/* Mail signed here in every combination, then changed in ways that must and must not break it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "auth/dkim.h"
#include "base/limits.h"
#include "signer.h"
#include "zone.h"

#define NOW 1700000000

static const char message[] = "From: Jo <jo@signer.test>\r\n"
			      "To: you@example.test\r\n"
			      "Subject:  A  folded\r\n"
			      "\t subject line \r\n"
			      "X-Two: first\r\n"
			      "X-Two: second\r\n"
			      "X-Free: not signed\r\n"
			      "\r\n"
			      "Hello there.\r\n"
			      "\r\n"
			      "Two  spaces and a tail \t\r\n"
			      "Bye.\r\n";
static const char fields[] = "from:from:to:subject:x-two:x-two";

struct keys {
	EVP_PKEY *rsa, *ed25519, *weak;
};

static int set_up(void **state)
{
	static struct keys keys;

	keys = (struct keys){ signer_key(2048), signer_key(0), signer_key(768) };
	*state = &keys;
	return 0;
}

static int tear_down(void **state)
{
	struct keys *keys = *state;

	EVP_PKEY_free(keys->rsa);
	EVP_PKEY_free(keys->ed25519);
	EVP_PKEY_free(keys->weak);
	return 0;
}

static struct dkim_list verify(struct arena *a, struct str mail, struct str record, int64_t now_s)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct zone z = { 0 };
	struct dkim_list list;

	if (record.n > 0)
		zone_add(a, &z, STR("sel._domainkey.signer.test"), RR_TXT, record);
	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, &z), mail, &h);
	dkim_verify(m, now_s, &list);
	dkim_mail_free(&m);
	return list;
}

static struct dkim verify_one(struct arena *a, struct str mail, struct str record)
{
	struct dkim_list list = verify(a, mail, record, NOW);

	assert_int_equal(list.n, 1);
	assert_true(list.v[0].reason.n > 0);
	return list.v[0];
}

/* The mail with the first `old` replaced. */
static struct str changed(struct arena *a, struct str mail, const char *old, const char *new)
{
	size_t at = str_find(mail, str_of(old), 0);

	assert_true(at != SIZE_MAX);
	struct str head = str_sub(mail, 0, at), tail = str_sub(mail, at + strlen(old), mail.n);
	return arena_printf(a, "%.*s%s%.*s", STR_ARG(head), new, STR_ARG(tail));
}

static struct str with_lf(struct arena *a, struct str mail)
{
	char *p = arena_alloc(a, mail.n);
	size_t n = 0;

	for (size_t i = 0; i < mail.n; i++)
		if (mail.p[i] != '\r')
			p[n++] = mail.p[i];
	return (struct str){ p, n };
}

/* Which combinations a change may pass in; it must fail in all others. */
enum { RELAXED_HEADER = 1, RELAXED_BODY = 2, PARTIAL = 4, ALWAYS = 8, NEVER = 0 };

static const struct {
	const char *name, *old, *new;
	unsigned passes;
} changes[] = {
	{ "a byte of the body", "Hello", "Hallo", NEVER },
	{ "a line of the body gone", "Hello there.\r\n", "", NEVER },
	{ "a word appended", "Bye.\r\n", "Bye.\r\nPS\r\n", PARTIAL },
	{ "a word at the end", "Bye.", "Bye, bye", NEVER },
	{ "cut short", "Bye.\r\n", "", NEVER },
	{ "empty lines appended", "Bye.\r\n", "Bye.\r\n\r\n\r\n", ALWAYS },
	{ "no final line end", "Bye.\r\n", "Bye.", ALWAYS },
	{ "white lines appended", "Bye.\r\n", "Bye.\r\n \t\r\n", RELAXED_BODY | PARTIAL },
	{ "space within a line", "Two  spaces", "Two \t spaces", RELAXED_BODY },
	{ "space at a line's end", "a tail \t", "a tail", RELAXED_BODY },
	{ "space taken out", "Two  spaces", "Twospaces", NEVER },
	{ "From", "jo@signer", "joe@signer", NEVER },
	{ "display name", "Jo <", "Jim <", NEVER },
	{ "From twice", "To:", "From: x@y.test\r\nTo:", NEVER },
	{ "From gone", "From: Jo <jo@signer.test>\r\n", "", NEVER },
	{ "subject", "folded", "folden", NEVER },
	{ "subject unfolded", "folded\r\n\t subject", "folded subject", RELAXED_HEADER },
	{ "field name in capitals", "Subject:", "SUBJECT:", RELAXED_HEADER },
	{ "space before the value", "To: you", "To:you", RELAXED_HEADER },
	{ "order of equal names", "X-Two: first\r\nX-Two: second", "X-Two: second\r\nX-Two: first", NEVER },
	{ "one of two gone", "X-Two: first\r\n", "", NEVER },
	{ "another field moved between", "X-Two: second\r\n", "X-New: 1\r\nX-Two: second\r\n", ALWAYS },
	{ "a field not signed", "X-Free: not signed", "X-Free: else", ALWAYS },
	{ "list of fields", "h=from:from:", "h=from:", NEVER },
	{ "selector with space", "s=sel;", "s=sel ;", NEVER },
	{ "folding in the signature", "s=sel; ", "s=sel;\r\n ", RELAXED_HEADER },
};

static void try_changes(struct arena *a, const struct signing *how, unsigned kind, struct str record)
{
	struct str mail = signer_sign(a, str_of(message), how);
	struct dkim got = verify_one(a, mail, record);

	if (got.result != DKIM_PASS)
		fail_msg("%s %d/%d %s: %.*s", how->algorithm, how->header, how->body, how->more,
			 STR_ARG(got.reason));
	assert_true(str_eq(got.domain, STR("signer.test")) && str_eq(got.identity, STR("@signer.test")));
	assert_true(got.body_covered == got.body_length && !got.partial_body);
	/* Simple header fields keep the folding, so the same bytes with LF stand for the same message. */
	assert_int_equal(verify_one(a, with_lf(a, mail), record).result, DKIM_PASS);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct str other = changed(a, mail, changes[i].old, changes[i].new);
		bool pass = (changes[i].passes & (kind | ALWAYS)) != 0;
		got = verify_one(a, other, record);
		if ((got.result == DKIM_PASS) != pass || (!pass && got.result != DKIM_FAIL))
			fail_msg("%s, %s %d/%d %s: %.*s", changes[i].name, how->algorithm, how->header,
				 how->body, how->more, STR_ARG(got.reason));
	}
}

static void test_every_combination(void **state)
{
	struct keys *keys = *state;

	for (unsigned i = 0; i < 16; i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct signing how = { .fields = fields, .length = SIZE_MAX, .more = "" };
		unsigned kind = 0;
		how.algorithm = i & 1 ? "ed25519-sha256" : "rsa-sha256";
		how.key = i & 1 ? keys->ed25519 : keys->rsa;
		how.header = i & 2 ? DKIM_RELAXED : DKIM_SIMPLE;
		how.body = i & 4 ? DKIM_RELAXED : DKIM_SIMPLE;
		kind |= i & 2 ? RELAXED_HEADER : 0;
		kind |= i & 4 ? RELAXED_BODY : 0;
		if (i & 8) {
			kind |= PARTIAL;
			/* the whole canonical body; relaxed is three bytes shorter than what is above */
			how.more = i & 4 ? "l=45; " : "l=48; ";
			how.length = i & 4 ? 45 : 48;
		}
		try_changes(a, &how, kind, signer_record(a, how.key, ""));
		arena_free(&a);
	}
}

/* Each bit of the signature, the body hash and the key matters; 64 of each are tried. */
static void test_flipped_bits(void **state)
{
	struct keys *keys = *state;
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct signing how = { "ed25519-sha256", keys->ed25519, DKIM_RELAXED, DKIM_RELAXED, fields, "",
			       SIZE_MAX };
	struct str mail = signer_sign(a, str_of(message), &how), record = signer_record(a, how.key, "");

	for (size_t i = 0; i < 40; i++) {
		struct str other = arena_str(a, mail);
		size_t at = str_find(other, str_of(i & 1 ? "bh=" : "\tb="), 0) + 3 + i;
		((char *)(uintptr_t)other.p)[at] = other.p[at] == 'A' ? 'B' : 'A';
		assert_int_not_equal(verify_one(a, other, record).result, DKIM_PASS);
	}
	for (size_t i = 0; i < 32; i++) {
		struct str other = arena_str(a, record);
		size_t at = str_find(other, STR("p="), 0) + 2 + i;
		((char *)(uintptr_t)other.p)[at] = other.p[at] == 'A' ? 'B' : 'A';
		assert_int_not_equal(verify_one(a, mail, other).result, DKIM_PASS);
	}
	arena_free(&a);
}

static const struct {
	const char *name, *old, *new, *key_tags;
	enum dkim_result want;
	const char *reason;
} fields_and_keys[] = {
	{ "as it is", "v=1", "v=1", "", DKIM_PASS, "holds" },
	{ "testing", "v=1", "v=1", "t=y; ", DKIM_PASS, "holds" },
	{ "version 2", "v=1", "v=2", "", DKIM_PERMERROR, "version" },
	{ "no version", "v=1; ", "", "", DKIM_PERMERROR, "version" },
	{ "SHA-1", "a=rsa-sha256", "a=rsa-sha1", "", DKIM_POLICY, "SHA-1" },
	{ "unknown algorithm", "a=rsa-sha256", "a=rsa-md5", "", DKIM_PERMERROR, "algorithm" },
	{ "algorithm of the other key", "a=rsa-sha256", "a=ed25519-sha256", "", DKIM_PERMERROR,
	  "another kind" },
	{ "unknown form", "c=relaxed/relaxed", "c=nofws", "", DKIM_PERMERROR, "canonicalisation" },
	{ "expired", "s=sel;", "s=sel; x=1699999999;", "", DKIM_NEUTRAL, "expired" },
	{ "expires before it begins", "s=sel;", "s=sel; t=5; x=5;", "", DKIM_PERMERROR, "expires before" },
	{ "no From signed", "h=from:from:", "h=", "", DKIM_PERMERROR, "From" },
	{ "no domain", "d=signer.test", "d=", "", DKIM_PERMERROR, "domain" },
	{ "domain with a slash", "d=signer.test", "d=sig/ner.test", "", DKIM_PERMERROR, "domain" },
	{ "no key there", "s=sel", "s=other", "", DKIM_PERMERROR, "no key" },
	{ "identity elsewhere", "s=sel;", "s=sel; i=jo@evilsigner.test;", "", DKIM_PERMERROR, "outside" },
	{ "identity without at", "s=sel;", "s=sel; i=signer.test;", "", DKIM_PERMERROR, "no @" },
	{ "identity below, strict key", "s=sel;", "s=sel; i=jo@x.signer.test;", "t=s; ", DKIM_PERMERROR,
	  "subdomains" },
	{ "tag twice", "s=sel;", "s=sel; s=sel;", "", DKIM_PERMERROR, "list of tags" },
	{ "other query", "s=sel;", "s=sel; q=http;", "", DKIM_PERMERROR, "DNS" },
	{ "length no number", "s=sel;", "s=sel; l=-1;", "", DKIM_PERMERROR, "length" },
	{ "length beyond the body", "s=sel;", "s=sel; l=4711;", "", DKIM_FAIL, "shorter" },
	{ "key for another hash", "v=1", "v=1", "h=sha1; ", DKIM_PERMERROR, "SHA-256" },
	{ "key for both hashes", "v=1", "v=1", "h=sha1:sha256; ", DKIM_PASS, "" },
	{ "key for another service", "v=1", "v=1", "s=tlsrpt; ", DKIM_PERMERROR, "mail" },
	{ "key for mail", "v=1", "v=1", "s=x:email; ", DKIM_PASS, "" },
};

static void test_fields_and_keys(void **state)
{
	struct keys *keys = *state;

	for (size_t i = 0; i < ARRAY_LEN(fields_and_keys); i++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct signing how = { "rsa-sha256", keys->rsa, DKIM_RELAXED, DKIM_RELAXED,
				       fields,       "",        SIZE_MAX };
		struct str mail = signer_sign(a, str_of(message), &how);
		mail = changed(a, mail, fields_and_keys[i].old, fields_and_keys[i].new);
		struct dkim got = verify_one(a, mail, signer_record(a, how.key, fields_and_keys[i].key_tags));
		if (got.result != fields_and_keys[i].want ||
		    str_find(got.reason, str_of(fields_and_keys[i].reason), 0) == SIZE_MAX)
			fail_msg("%s: %.*s", fields_and_keys[i].name, STR_ARG(got.reason));
		arena_free(&a);
	}
}

static void test_key_records(void **state)
{
	static const struct {
		const char *record;
		enum dkim_result want;
		const char *reason;
	} rows[] = {
		{ "v=DKIM1; p=", DKIM_PERMERROR, "revoked" },
		{ "v=DKIM1; k=rsa", DKIM_PERMERROR, "no key" },
		{ "v=DKIM2; p=AAAA", DKIM_PERMERROR, "version" },
		{ "p=AAAA; v=DKIM1", DKIM_PERMERROR, "version" },
		{ "v=DKIM1; p=AAAA", DKIM_PERMERROR, "damaged" },
		{ "v=DKIM1; p=MAYCAQMCAQM=", DKIM_POLICY, "too short" }, /* n = 3, e = 3 */
		{ "v=DKIM1; p=!", DKIM_PERMERROR, "damaged" },
		{ "v=DKIM1; k=dsa; p=AAAA", DKIM_PERMERROR, "kind" },
		{ "v=DKIM1; k=ed25519; p=AAAA", DKIM_PERMERROR, "kind" },
		{ "nonsense", DKIM_PERMERROR, "tags" },
	};
	struct keys *keys = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct signing how = { "rsa-sha256", keys->rsa, DKIM_RELAXED, DKIM_RELAXED,
				       fields,       "",        SIZE_MAX };
		struct dkim got =
		    verify_one(a, signer_sign(a, str_of(message), &how), str_of(rows[i].record));
		if (got.result != rows[i].want || str_find(got.reason, str_of(rows[i].reason), 0) == SIZE_MAX)
			fail_msg("%s: %.*s", rows[i].record, STR_ARG(got.reason));
		arena_free(&a);
	}
}

static void test_weak_key_never_passes(void **state)
{
	struct keys *keys = *state;
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct signing how = { "rsa-sha256", keys->weak, DKIM_RELAXED, DKIM_RELAXED, fields, "", SIZE_MAX };
	struct dkim got = verify_one(a, signer_sign(a, str_of(message), &how), signer_record(a, how.key, ""));

	assert_int_equal(got.result, DKIM_POLICY);
	assert_int_equal(got.key_bits, 768);
	arena_free(&a);
}

static void test_partial_body_is_told(void **state)
{
	struct keys *keys = *state;
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct signing how = { "rsa-sha256", keys->rsa, DKIM_RELAXED, DKIM_SIMPLE, fields, "l=14; ", 14 };
	struct dkim got = verify_one(a, signer_sign(a, str_of(message), &how), signer_record(a, how.key, ""));

	assert_int_equal(got.result, DKIM_PASS);
	assert_true(got.partial_body && got.body_covered == 14 && got.body_length == 48);
	arena_free(&a);
}

/* Whatever lengths signatures name and in whatever order they come, each has the hash of its own part of the body. */
static void test_lengths_in_one_pass(void **state)
{
	static const uint64_t lengths[] = { 48, 0, UINT64_MAX, 14, 4711, 1, 14, 47 };
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str body = str_of(strstr(message, "Hello"));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct dkim_bodies bodies = { .body = body };
		for (size_t j = 0; j < ARRAY_LEN(lengths); j++) {
			struct dkim_signature s = { .body_canon = j & 1 ? DKIM_RELAXED : DKIM_SIMPLE,
						    .has_length = lengths[j] != UINT64_MAX,
						    .length = lengths[j] };
			if (j <= i) /* the others are asked for without having been announced */
				dkim_body_want(a, &bodies, &s);
		}
		for (size_t j = 0; j < ARRAY_LEN(lengths); j++) {
			struct dkim_signature s = { .body_canon = j & 1 ? DKIM_RELAXED : DKIM_SIMPLE,
						    .has_length = lengths[j] != UINT64_MAX,
						    .length = lengths[j] };
			const struct dkim_body_hash *got = dkim_body_hash(a, &bodies, &s);
			struct str whole =
			    j & 1 ? STR("Hello there.\r\n\r\nTwo spaces and a tail\r\nBye.\r\n") : body;
			struct str part = str_sub(whole, 0, lengths[j] < whole.n ? lengths[j] : whole.n);
			struct sha256 want = hash_sha256(part);
			if (memcmp(want.b, got->digest.b, sizeof(want.b)) != 0 || got->covered != part.n ||
			    got->total != whole.n)
				fail_msg("length %llu after %zu: %llu of %llu",
					 (unsigned long long)lengths[j], i, (unsigned long long)got->covered,
					 (unsigned long long)got->total);
		}
	}
	arena_free(&a);
}

/* A domain in transition: a key of each kind under one name, and one that is none. */
static void test_key_of_the_right_kind(void **state)
{
	struct keys *keys = *state;
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str name = STR("sel._domainkey.signer.test");
	struct zone z = { 0 };

	zone_add(a, &z, name, RR_TXT, STR("nonsense"));
	zone_add(a, &z, name, RR_TXT, signer_record(a, keys->rsa, ""));
	zone_add(a, &z, name, RR_TXT, signer_record(a, keys->ed25519, ""));
	for (int i = 0; i < 2; i++) {
		struct signing how = { i ? "ed25519-sha256" : "rsa-sha256",
				       i ? keys->ed25519 : keys->rsa,
				       DKIM_RELAXED,
				       DKIM_RELAXED,
				       fields,
				       "",
				       SIZE_MAX };
		struct str mail = signer_sign(a, str_of(message), &how);
		struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
		struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, &z), mail, &h);
		struct dkim_list list;
		dkim_verify(m, NOW, &list);
		dkim_mail_free(&m);
		assert_int_equal(list.v[0].result, DKIM_PASS);
	}
	arena_free(&a);
}

/* Names of h= that are not there stand for nothing, wherever they would sort among those that are. */
static void test_fields_not_there(void **state)
{
	static const char *const lists[] = {
		"from:frog:fron:subject:from:to:to:a:zz:subject:x-two",
		"zz:x-two:x-twofold:x-two:x-tw:from:x-two",
	};
	static const char *const added[] = { "Fron: 1\r\n", "X-Two: 3\r\n" };
	struct keys *keys = *state;
	struct arena *a = arena_new(16u << 20, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct signing how = { "ed25519-sha256", keys->ed25519, DKIM_RELAXED,
				       DKIM_RELAXED,     lists[i],      "",
				       SIZE_MAX };
		struct str mail = signer_sign(a, str_of(message), &how),
			   record = signer_record(a, how.key, "");
		assert_int_equal(verify_one(a, mail, record).result, DKIM_PASS);
		mail = changed(a, mail, "To:", ARENA_JOIN(a, str_of(added[i]), STR("To:")).p);
		assert_int_equal(verify_one(a, mail, record).result, DKIM_FAIL);
	}
	arena_free(&a);
}

/* l= may have 76 digits; a time too long to hold is for ever (RFC 6376 §3.5). */
static void test_long_numbers(void **state)
{
	static const struct {
		const char *more;
		enum dkim_result want;
		const char *reason;
	} rows[] = {
		{ "t=1; x=99999999999999999999999999; ", DKIM_PASS, "holds" },
		{ "t=99999999999999999999999999; ", DKIM_PASS, "holds" },
		{ "l=9999999999999999999999999999999999999999999999999999999999999999999999999999; ",
		  DKIM_FAIL, "shorter" },
		{ "l=0000000000000000000000000000000000000000000000048; ", DKIM_PASS, "holds" },
		{ "l=; ", DKIM_PERMERROR, "no number" },
		{ "x=1e9; ", DKIM_PERMERROR, "no number" },
	};
	struct keys *keys = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(16u << 20, NULL, NULL);
		struct signing how = { "ed25519-sha256", keys->ed25519, DKIM_RELAXED, DKIM_SIMPLE,
				       fields,           rows[i].more,  SIZE_MAX };
		struct dkim got =
		    verify_one(a, signer_sign(a, str_of(message), &how), signer_record(a, how.key, ""));
		if (got.result != rows[i].want || str_find(got.reason, str_of(rows[i].reason), 0) == SIZE_MAX)
			fail_msg("%s: %.*s", rows[i].more, STR_ARG(got.reason));
		arena_free(&a);
	}
}

static void test_many_signatures(void **state)
{
	struct keys *keys = *state;
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct signing how = { "ed25519-sha256", keys->ed25519, DKIM_SIMPLE, DKIM_RELAXED, fields, "",
			       SIZE_MAX };
	struct str mail = str_of(message), record = signer_record(a, how.key, "");
	struct dkim_list list;
	struct ask_list asks = { 0 };

	for (int i = 0; i < LIMIT_DKIM_SIGNATURES + 2; i++)
		mail = signer_sign(a, mail, &how);
	list = verify(a, mail, record, NOW);
	assert_int_equal(list.n, LIMIT_DKIM_SIGNATURES);
	for (size_t i = 0; i < list.n; i++) {
		assert_int_equal(list.v[i].result, DKIM_PASS);
		assert_int_equal(list.v[i].field, i);
	}
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_mail *m = dkim_mail_new(a, NULL, mail, &h);
	dkim_asks(m, &asks);
	dkim_mail_free(&m);
	assert_int_equal(asks.n, LIMIT_DKIM_SIGNATURES);
	assert_true(str_eq(asks.v[0].name, STR("sel._domainkey.signer.test")));
	arena_free(&a);
}

static void test_no_answer_and_no_signature(void **state)
{
	struct keys *keys = *state;
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct signing how = { "ed25519-sha256", keys->ed25519, DKIM_SIMPLE, DKIM_RELAXED, fields, "",
			       SIZE_MAX };
	struct str mail = signer_sign(a, str_of(message), &how);
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct dkim_list list;

	struct dkim_mail *m = dkim_mail_new(a, asker_new(a, NULL, NULL), mail, &h);
	dkim_verify(m, NOW, &list);
	dkim_mail_free(&m);
	assert_int_equal(list.v[0].result, DKIM_TEMPERROR);
	list = verify(a, str_of(message), STR(""), NOW);
	assert_int_equal(list.n, 0);
	assert_null(dkim_best(&list));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_combination),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_fields_and_keys),
		cmocka_unit_test(test_key_records),
		cmocka_unit_test(test_weak_key_never_passes),
		cmocka_unit_test(test_partial_body_is_told),
		cmocka_unit_test(test_lengths_in_one_pass),
		cmocka_unit_test(test_key_of_the_right_kind),
		cmocka_unit_test(test_fields_not_there),
		cmocka_unit_test(test_long_numbers),
		cmocka_unit_test(test_many_signatures),
		cmocka_unit_test(test_no_answer_and_no_signature),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
