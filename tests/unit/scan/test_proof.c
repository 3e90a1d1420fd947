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
	const char *sign; /* further tags of a signature by signer.test; NULL = not signed */
	const char *key;  /* further tags of its key record */
	size_t length;    /* bytes of the body signed */
	const char *dmarc;
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

	job.raw = c->sign ? signer_sign(a, mail, &how) : mail;
	assert_int_equal(ip_parse(STR(PEER), &job.client_ip), OK);
	for (size_t i = 0; i < ARRAY_LEN(senders); i++)
		zone_add(a, &zone, str_of(senders[i]), RR_TXT, STR(SPF));
	zone_add(a, &zone, STR("sel._domainkey.signer.test"), RR_TXT, signer_record(a, key, c->key));
	if (c->dmarc)
		zone_add(a, &zone, arena_printf(a, "_dmarc.%s", c->from), RR_TXT, str_of(c->dmarc));
	struct prover p = { .arena = a,
			    .asker = asker_new(a, zone_ask, &zone),
			    .job = &job,
			    .headers = mime_headers(mime_parse(a, job.raw)),
			    .from_domain = str_of(c->from) };
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

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_identities) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
