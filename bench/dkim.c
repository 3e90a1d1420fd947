/*
 * What verifying one signed mail costs: CPU from its bytes to the result, header and key record included. And what sealing
 * one costs: from its pieces and the PEM of the key to the set of ARC.
 *
 *	bench_dkim FOLDER
 *
 * Signs mails with keys made for the run, RSA of 2048 bits and Ed25519, and leaves the RSA ones in FOLDER for
 * opendkim.c: N.eml, and their key as "name record" in N.key. The best of ROUNDS rounds counts: neighbours only make it
 * slower.
 */
#include <stdio.h>
#include <time.h>

#include "../tests/unit/auth/signer.h"
#include "../tests/unit/auth/zone.h"
#include "auth/dkim.h"
#include "auth/sign_key.h"
#include "intake/outgoing.h"

#define ROUNDS 7
#define MAILS 3000 /* a round */
#define NOW 1800000000
#define NAME "sel._domainkey.signer.test"

static const char head[] = "From: Alice <alice@signer.test>\r\n"
			   "To: bob@dst.test\r\n"
			   "Subject: a mail of common size\r\n"
			   "Date: Fri, 20 Nov 2026 09:00:00 +0000\r\n"
			   "Message-ID: <1@signer.test>\r\n"
			   "MIME-Version: 1.0\r\n"
			   "Content-Type: text/plain; charset=utf-8\r\n"
			   "\r\n";

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct str compose(struct arena *a, size_t body)
{
	static const char line[] =
	    "The quick brown fox jumps over the lazy dog, as it did on other days.\r\n";
	struct str mail = STR(head);

	while (mail.n < sizeof(head) - 1 + body)
		mail = ARENA_JOIN(a, mail, STR(line));
	return mail;
}

/* Microseconds a mail; below 0 when a signature did not hold. */
static double measure(struct arena *a, struct str mail, struct zone *z)
{
	double begin = cpu_us();

	for (int i = 0; i < MAILS; i++) {
		struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
		struct dkim_mail *m = dkim_mail_new(a, asker_new(a, zone_ask, z), mail, &h);
		struct dkim_list list;
		dkim_verify(m, NOW, &list);
		dkim_mail_free(&m);
		if (list.n != 1 || list.v[0].result != DKIM_PASS)
			return -1;
		arena_reset(a);
	}
	return (cpu_us() - begin) / MAILS;
}

static bool leave(const char *folder, size_t body, const char *ending, struct str text)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%zu.%s", folder, body, ending);
	if (!(f = fopen(path, "wb")))
		return false;
	bool good = fwrite(text.p, 1, text.n, f) == text.n;
	return fclose(f) == 0 && good;
}

static bool run(const char *folder, size_t body, unsigned rsa_bits)
{
	struct arena *keep = arena_new(1u << 30, NULL, NULL), *a = arena_new(1u << 30, NULL, NULL);
	EVP_PKEY *key = signer_key(rsa_bits);
	struct signing how = { .algorithm = rsa_bits ? "rsa-sha256" : "ed25519-sha256",
			       .key = key,
			       .header = DKIM_RELAXED,
			       .body = DKIM_RELAXED,
			       .fields = "from:to:subject:date:message-id:mime-version:content-type",
			       .more = "",
			       .length = SIZE_MAX };
	struct str mail = signer_sign(keep, compose(keep, body), &how), record = signer_record(keep, key, "");
	struct zone z = { 0 };
	double best = 1e9, one;

	zone_add(keep, &z, STR(NAME), RR_TXT, record);
	for (int i = 0; i < ROUNDS && best > 0; i++)
		best = (one = measure(a, mail, &z)) < best ? one : best;
	printf("dkim  postern      %-14s body %6zu bytes  %7.1f us CPU per mail\n", how.algorithm, body,
	       best);
	bool good = best > 0;
	if (rsa_bits)
		good = good && leave(folder, body, "eml", mail) &&
		       leave(folder, body, "key", ARENA_JOIN(keep, STR(NAME " "), record, STR("\n")));
	EVP_PKEY_free(key);
	arena_free(&a);
	arena_free(&keep);
	return good;
}

/* Microseconds a mail; below 0 when it could not be sealed. */
static double measure_seal(struct arena *a, struct str mail, struct str pem)
{
	static struct str fields[] = { STR_INIT("From"),        STR_INIT("To"),
				       STR_INIT("Subject"),     STR_INIT("Date"),
				       STR_INIT("Message-ID"),  STR_INIT("MIME-Version"),
				       STR_INIT("Content-Type") };
	const struct strs names = { fields, ARRAY_LEN(fields) };
	const struct sign_set set = { .instance = 1, .chain = ARC_NONE, .results = STR("gw.test; spf=pass") };
	struct outgoing out = { .pieces = { &mail, 1 } };
	double begin = cpu_us();

	for (int i = 0; i < MAILS / 3; i++) {
		struct sign_key key = { STR("signer.test"), STR("sel"), sign_key_read(pem) };
		struct outgoing_parts parts;
		struct str made;
		if (!key.key || !outgoing_split(a, &out, &parts))
			return -1;
		parts.mail.body = sign_body(parts.body.v[0]);
		if (sign_arc(a, &parts.mail, &names, &key, &set, NOW, &made))
			return -1;
		EVP_PKEY_free(key.key);
		arena_reset(a);
	}
	return (cpu_us() - begin) / (MAILS / 3);
}

/* The key alone, which is read for each mail. */
static double measure_key(struct str pem)
{
	double begin = cpu_us();

	for (int i = 0; i < MAILS / 3; i++)
		EVP_PKEY_free(sign_key_read(pem));
	return (cpu_us() - begin) / (MAILS / 3);
}

static bool run_seal(size_t body, bool ed25519)
{
	struct arena *keep = arena_new(1u << 30, NULL, NULL), *a = arena_new(1u << 30, NULL, NULL);
	EVP_PKEY *key = sign_key_make(ed25519);
	struct str pem = sign_key_pem(keep, key), mail = compose(keep, body);
	double best = 1e9, read = 1e9, one;

	EVP_PKEY_free(key);
	for (int i = 0; i < ROUNDS && best > 0; i++) {
		best = (one = measure_seal(a, mail, pem)) < best ? one : best;
		read = (one = measure_key(pem)) < read ? one : read;
	}
	printf(
	    "seal  postern      %-14s body %6zu bytes  %7.1f us CPU per mail, of it reading the key %.1f\n",
	    ed25519 ? "ed25519-sha256" : "rsa-sha256", body, best, read);
	arena_free(&a);
	arena_free(&keep);
	return best > 0;
}

int main(int argc, char **argv)
{
	static const size_t bodies[] = { 3300, 100000 };

	if (argc != 2) {
		fputs("usage: bench_dkim FOLDER\n", stderr);
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		if (!run(argv[1], bodies[i], 2048) || !run(argv[1], bodies[i], 0) ||
		    !run_seal(bodies[i], false) || !run_seal(bodies[i], true))
			return 1;
	return 0;
}
