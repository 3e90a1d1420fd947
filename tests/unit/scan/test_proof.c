/* What proves the sender in From: signatures and envelopes, whole, partial, strict and on trial. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "../auth/signer.h"
#include "../auth/zone.h"
#include "base/attr.h"
#include "base/domain.h"
#include "mime/tree.h"
#include "scan/proof.h"

#define PEER "192.0.2.10"
#define SPF "v=spf1 ip4:192.0.2.10 -all"
#define FIELDS "from:from:subject"

struct claim {
	const char *name;
	const char *from;      /* domain of the address in From */
	const char *mail_from; /* "" = null sender */
	const char *helo;
	const char *sign;  /* further tags of a signature by signer.test; NULL = not signed */
	const char *key;   /* further tags of its key record */
	size_t length;     /* bytes of the body signed */
	const char *dmarc; /* record of the From domain's owner */
	enum auth_result want_dmarc;
	bool envelope, header;
};

#define NONE "v=DMARC1; p=none"
#define STRICT "v=DMARC1; p=none; adkim=s; aspf=s"
#define ALL SIZE_MAX

static const struct claim claims[] = {
	{ "signed", "signer.test", "x@else.test", "h.test", "", "", ALL, NONE, AUTH_PASS, true, true },
	{ "signed, no DMARC", "signer.test", "x@else.test", "h.test", "", "", ALL, NULL, AUTH_NONE, true,
	  true },
	{ "signed below", "a.signer.test", "x@else.test", "h.test", "", "", ALL, NONE, AUTH_PASS, true,
	  true },
	{ "signed below, strict", "a.signer.test", "x@else.test", "h.test", "", "", ALL, STRICT, AUTH_FAIL,
	  true, false },
	{ "signed by another", "else.test", "x@signer.test", "h.test", "", "", ALL, NULL, AUTH_NONE, true,
	  false },
	{ "the end unsigned", "signer.test", "x@else.test", "h.test", "l=4; ", "", 4, NONE, AUTH_PASS, true,
	  false },
	{ "on trial", "signer.test", "x@else.test", "h.test", "", "t=y; ", ALL, NONE, AUTH_PASS, true,
	  false },
	{ "envelope", "else.test", "x@else.test", "h.test", NULL, "", ALL, NULL, AUTH_NONE, true, true },
	{ "envelope below", "else.test", "x@a.else.test", "h.test", NULL, "", ALL, NONE, AUTH_PASS, true,
	  true },
	{ "envelope below, strict", "else.test", "x@a.else.test", "h.test", NULL, "", ALL, STRICT, AUTH_FAIL,
	  true, false },
	{ "HELO of another", "else.test", "", "h.test", NULL, "", ALL, NULL, AUTH_NONE, false, false },
	{ "nothing", "else.test", "x@no.test", "h.test", NULL, "", ALL, NONE, AUTH_FAIL, false, false },
};

static void prove(struct arena *a, const struct claim *c, EVP_PKEY *key, struct proof *out)
{
	static const char *const senders[] = { "signer.test", "else.test", "a.else.test", "h.test" };
	struct signing how = {
		"ed25519-sha256", key, DKIM_RELAXED, DKIM_RELAXED, FIELDS, c->sign, c->length
	};
	struct str mail = arena_printf(a, "From: Jo <jo@%s>\r\nSubject: hi\r\n\r\nOne\r\nTwo\r\n", c->from);
	struct zone zone = { 0 };
	struct scan_job job = { .mail_from = str_of(c->mail_from),
				.has_envelope = true,
				.helo = str_of(c->helo),
				.delivery_mode = MODE_DIRECT,
				.lookback_hops = 1,
				.received_us = INT64_C(1793000000000000) };

	struct str from = str_of(c->from);

	job.raw = c->sign ? signer_sign(a, mail, &how) : mail;
	assert_int_equal(ip_parse(STR(PEER), &job.client_ip), OK);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++)
		zone_add(a, &zone, str_of(senders[i]), RR_TXT, STR(SPF));
	zone_add(a, &zone, STR("sel._domainkey.signer.test"), RR_TXT, signer_record(a, key, c->key));
	const char *owner = strncmp(c->from, "a.", 2) ? c->from : c->from + 2;
	if (c->dmarc)
		zone_add(a, &zone, arena_printf(a, "_dmarc.%s", owner), RR_TXT, str_of(c->dmarc));
	struct prover p = { .arena = a,
			    .asker = asker_new(a, zone_ask, &zone),
			    .job = &job,
			    .headers = mime_headers(mime_parse(a, job.raw)),
			    .from_domains = { &from, 1 },
			    .one_from = true };
	proof_begin(&p);
	proof_run(&p, out);
}

static void test_identities(void **state)
{
	EVP_PKEY *key = signer_key(0);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(claims); i++) {
		const struct claim *c = &claims[i];
		struct arena *a = arena_new(4u << 20, NULL, NULL);
		struct proof got;
		prove(a, c, key, &got);
		if (got.dmarc != c->want_dmarc || got.envelope_proved != c->envelope ||
		    got.header_proved != c->header)
			fail_msg("%s: DMARC %d, envelope %d, From %d (%.*s)", c->name, (int)got.dmarc,
				 got.envelope_proved, got.header_proved, STR_ARG(got.comment));
		arena_free(&a);
	}
	EVP_PKEY_free(key);
}

/* A zone in which one owner's name servers take all the time there is: what is asked after them is not answered. */
struct slow_zone {
	struct zone zone;
	struct str slow;
	bool over;
};

static void slow_ask(void *ctx, struct arena *a, const struct ask *asks, size_t n, struct answer *out)
{
	struct slow_zone *z = ctx;
	bool over = z->over;

	zone_ask(&z->zone, a, asks, n, out);
	for (size_t i = 0; i < n; i++) {
		bool slow = domain_is_within(asks[i].name, z->slow);
		z->over |= slow;
		if (over || slow)
			out[i] = (struct answer){ .status = ANSWER_TEMPERROR };
	}
}

/* Whoever signs with a name of his own cannot make our silence about From: its SPF is asked before his key. */
static void test_slow_strangers(void **state)
{
	static struct str from = STR_INIT("bank.test");
	static const struct {
		const char *name, *signer, *slow;
		bool excused; /* DNS told nothing of an identity of From's owner */
	} cases[] = {
		{ "a stranger's key", "evil.test", "evil.test", false },
		{ "From's own key", "mail.bank.test", "mail.bank.test", true },
		{ "nothing", "mail.bank.test", "else.test", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(4u << 20, NULL, NULL);
		struct slow_zone z = { .slow = str_of(cases[i].slow) };
		struct str raw =
		    arena_printf(a,
				 "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=x; h=from; bh=AAAA; "
				 "b=AAAA\r\nFrom: a@bank.test\r\n\r\nHello\r\n",
				 cases[i].signer);
		struct scan_job job = { .raw = raw,
					.mail_from = STR("a@bank.test"),
					.has_envelope = true,
					.helo = STR("h.test"),
					.delivery_mode = MODE_DIRECT,
					.lookback_hops = 1,
					.received_us = INT64_C(1793000000000000) };
		struct proof got;
		struct ask_list asks = { 0 };
		assert_int_equal(ip_parse(STR(PEER), &job.client_ip), OK);
		zone_add(a, &z.zone, STR("bank.test"), RR_TXT, STR("v=spf1 include:mailer.test -all"));
		zone_add(a, &z.zone, STR("mailer.test"), RR_TXT, STR("v=spf1 ip4:198.51.100.1 -all"));
		zone_add(a, &z.zone, STR("_dmarc.bank.test"), RR_TXT, STR("v=DMARC1; p=reject"));
		struct prover p = { .arena = a,
				    .asker = asker_new(a, slow_ask, &z),
				    .job = &job,
				    .headers = mime_headers(mime_parse(a, raw)),
				    .from_domains = { &from, 1 },
				    .one_from = true };
		proof_begin(&p);
		proof_asks(&p, &asks);
		asker_prefetch(p.asker, asks.v, asks.n);
		proof_run(&p, &got);
		bool excused = false;
		for (size_t k = 0; k < got.unanswered.n; k++)
			excused |= domain_is_within(got.unanswered.v[k], from);
		assert_true(got.complete);
		if (excused != cases[i].excused)
			fail_msg("%s: %s", cases[i].name, excused ? "excused" : "not excused");
		if (!excused && (got.spf != AUTH_FAIL || got.dmarc != AUTH_FAIL))
			fail_msg("%s: SPF %d, DMARC %d", cases[i].name, (int)got.spf, (int)got.dmarc);
		arena_free(&a);
	}
}

/* A host that passed the mail on, sealed it, and says that the sender was proved. */
struct sealed {
	const char *name, *results, *later; /* later: what a second hop says; NULL = there is none */
	const char *trusted;
	const char *added; /* to the body, after the seals */
	bool changed;      /* between the first and the second */
	bool want;
};

#define FOUND "mx.signer.test; dmarc=pass (p=reject) header.from=else.test"

static const struct sealed seals[] = {
	{ "sealed by a trusted host", FOUND, NULL, "mx.signer.test", "", false, true },
	{ "one of several", FOUND, NULL, "mx.one.test MX.Signer.Test", "", false, true },
	{ "the domain itself", "signer.test; dmarc=pass header.from=else.test", NULL, "signer.test", "",
	  false, true },
	{ "passed on once more", FOUND, "mx.other.test; arc=pass", "mx.signer.test", "", false, true },
	{ "as the second", "mx.other.test; dmarc=pass header.from=else.test", FOUND, "mx.signer.test", "",
	  false, true },
	{ "in the words of Exchange", "mx.signer.test 1; dmarc=pass action=none header.from=else.test", NULL,
	  "mx.signer.test", "", false, true },
	{ "in capitals", "MX.SIGNER.TEST; DMARC=Pass header.from=Else.Test", NULL, "mx.signer.test", "",
	  false, true },
	{ "with all results",
	  "mx.signer.test; spf=fail smtp.mailfrom=a@b.test; dkim=none; dmarc=pass "
	  "header.from=else.test",
	  NULL, "mx.signer.test", "", false, true },
	{ "by its address", "mx.signer.test; dmarc=pass header.from=jo@else.test", NULL, "mx.signer.test", "",
	  false, true },
	{ "of a host below", "a.b.signer.test; dmarc=pass header.from=else.test", NULL, "a.b.signer.test", "",
	  false, true },
	/* near misses */
	{ "nobody is trusted", FOUND, NULL, "", "", false, false },
	{ "another is trusted", FOUND, NULL, "mx.other.test", "", false, false },
	{ "in the name of a trusted host", "mx.other.test; dmarc=pass header.from=else.test", NULL,
	  "mx.other.test", "", false, false },
	{ "a name that ends alike", "mxsigner.test; dmarc=pass header.from=else.test", NULL, "mxsigner.test",
	  "", false, false },
	{ "found to fail", "mx.signer.test; dmarc=fail header.from=else.test", NULL, "mx.signer.test", "",
	  false, false },
	{ "found for another", "mx.signer.test; dmarc=pass header.from=evil.test", NULL, "mx.signer.test", "",
	  false, false },
	{ "found for nobody", "mx.signer.test; dmarc=pass", NULL, "mx.signer.test", "", false, false },
	{ "SPF alone", "mx.signer.test; spf=pass smtp.mailfrom=else.test", NULL, "mx.signer.test", "", false,
	  false },
	{ "the second finding does not count",
	  "mx.signer.test; dmarc=fail header.from=else.test; dmarc=pass header.from=else.test", NULL,
	  "mx.signer.test", "", false, false },
	{ "changed after the seal", FOUND, NULL, "mx.signer.test", "more\r\n", false, false },
	{ "changed by a later host", FOUND, "mx.other.test; arc=pass", "mx.signer.test", "", true, false },
};

static void test_sealed(void **state)
{
	static struct str from = STR_INIT("else.test");
	EVP_PKEY *key = signer_key(0);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(seals); i++) {
		struct arena *a = arena_new(4u << 20, NULL, NULL);
		struct signing how = { "ed25519-sha256", key, DKIM_RELAXED, DKIM_RELAXED, FIELDS, "", ALL };
		struct str mail =
		    signer_seal_with(a, STR("From: Jo <jo@else.test>\r\nSubject: hi\r\n\r\nOne\r\n"), &how, 1,
				     "none", str_of(seals[i].results));
		struct zone zone = { 0 };
		struct proof got;
		if (seals[i].changed)
			mail = ARENA_JOIN(a, mail, STR("footer\r\n"));
		if (seals[i].later)
			mail = signer_seal_with(a, mail, &how, 2, "pass", str_of(seals[i].later));
		struct scan_job job = { .raw = ARENA_JOIN(a, mail, str_of(seals[i].added)),
					.mail_from = STR("x@forward.test"),
					.has_envelope = true,
					.helo = STR("h.test"),
					.delivery_mode = MODE_DIRECT,
					.lookback_hops = 1,
					.trusted_authserv_ids = arena_split(a, str_of(seals[i].trusted), ' '),
					.received_us = INT64_C(1793000000000000) };
		assert_int_equal(ip_parse(STR(PEER), &job.client_ip), OK);
		zone_add(a, &zone, STR("sel._domainkey.signer.test"), RR_TXT, signer_record(a, key, ""));
		zone_add(a, &zone, STR("_dmarc.else.test"), RR_TXT, STR("v=DMARC1; p=reject"));
		struct prover p = { .arena = a,
				    .asker = asker_new(a, zone_ask, &zone),
				    .job = &job,
				    .headers = mime_headers(mime_parse(a, job.raw)),
				    .from_domains = { &from, 1 },
				    .one_from = true };
		proof_begin(&p);
		proof_run(&p, &got);
		assert_int_equal(got.dmarc, AUTH_FAIL);
		/* It excuses, and proves nothing. */
		assert_false(got.header_proved);
		if ((got.vouched_by.n > 0) != seals[i].want)
			fail_msg("%s: vouched for by \"%.*s\" (%.*s)", seals[i].name, STR_ARG(got.vouched_by),
				 STR_ARG(got.comment));
		arena_free(&a);
	}
	EVP_PKEY_free(key);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_identities), cmocka_unit_test(test_sealed),
					    cmocka_unit_test(test_slow_strangers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
