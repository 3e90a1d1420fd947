/*
 * What a library loads late it must load here: OpenSSL reads its configuration and fetches algorithms at the first
 * verification, glibc asks for the memory size at the first large sort, the C library looks up its zone once.
 */
#include "daemon/warmup.h"

#include <libpsl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <time.h>
#include <unicode/ucnv.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>

#include "base/hash.h"
#include "base/limits.h"
#include "file/libmagic.h"
#include "image/qr.h"

/* Charsets that mail comes in; an unknown one is an error without an attempt to open anything. */
static const char *const charsets[] = {
	"us-ascii",     "utf-8",        "utf-16",       "iso-8859-1",   "iso-8859-2",   "iso-8859-5",
	"iso-8859-7",   "iso-8859-15",  "windows-1250", "windows-1251", "windows-1252", "windows-1253",
	"windows-1254", "windows-1256", "koi8-r",       "koi8-u",       "gb2312",       "gbk",
	"gb18030",      "big5",         "shift_jis",    "euc-jp",       "iso-2022-jp",  "euc-kr",
	"iso-2022-kr",  "utf-7",        "ibm850",       "macintosh",    "tis-620",      "no-such-charset",
};

static const struct str mails[] = {
	STR_INIT(
	    "From: \"A. Person\" <a@example.org>\r\nTo: b@example.net\r\nSubject: "
	    "=?utf-8?B?R3LDvMOfZQ==?=\r\n"
	    "Date: Fri, 05 Jan 2024 10:00:00 +0100\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
	    "quoted-printable\r\n\r\n"
	    "Gr=FC=DFe, see https://www.example.org/path?x=1\r\n"),
	STR_INIT(
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; "
	    "h=from:to:subject;\r\n"
	    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
	    "DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d=example.org; s=s2; h=from;\r\n"
	    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
	    "Received: from mail.example.org ([192.0.2.1]) by mx.example.net; Fri, 05 Jan 2024 10:00:00 "
	    "+0000\r\n"
	    "From: Bank <service@xn--bcher-kva.example>\r\nReply-To: other@example.com\r\nTo: "
	    "b@example.net\r\n"
	    "Subject: Your account\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
	    "--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
	    "<html><body><p>Dear customer<a "
	    "href=\"http://192.0.2.7/login\">https://bank.example</a></body></html>\r\n"
	    "--x\r\nContent-Type: application/octet-stream; name=\"a.exe\"\r\nContent-Transfer-Encoding: "
	    "base64\r\n"
	    "Content-Disposition: attachment; filename=\"a.exe\"\r\n\r\nTVqQAAMAAAAEAAAA\r\n--x--\r\n"),
	STR_INIT("From: a@example.org\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
		 "Content-Transfer-Encoding: base64\r\n\r\n"
		 "MIH1BgkqhkiG9w0BBwKggecwgeQCAQExDTALBglghkgBZQMEAgEwQAYJKoZIhvcNAQcBoDMEMUNv\r\n"
		 "bnRlbnQtVHlwZTogdGV4dC9wbGFpbg0KDQpoZWxsbyBodHRwOi8veC5vcmcvDQoxgY0wgYoCAQEw\r\n"
		 "JDAMMQowCAYDVQQDDAFhAhReUoLxUb30t8oPQ0qRvEArgsrJaTALBglghkgBZQMEAgEwCgYIKoZI\r\n"
		 "zj0EAwIERjBEAiAT0r87ZVpnvcTu7p3jNm+wyLkrh5nIrGLgd9lVXMAz7wIgUPaRWR80ndf9/zwO\r\n"
		 "U3KB1OEFy8oWu2GDgRor8JxYsJI=\r\n"),
	STR_INIT("no header at all\r\n\r\n\0\xff\xfe body"),
};

/* DNS of one domain: an SPF record, a mail host, a policy, keys of both kinds. */
static void answer_from_table(void *ctx, struct arena *a, const struct ask *asks, size_t n,
			      struct answer *answers_out)
{
	static const struct {
		struct str name;
		uint16_t rrtype;
		struct str data;
	} zone[] = {
		{ STR_INIT("example.org"), RR_TXT,
		  STR_INIT("v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.org -all") },
		{ STR_INIT("_spf.example.org"), RR_TXT, STR_INIT("v=spf1 exists:%{i}.example.org ?all") },
		{ STR_INIT("example.org"), RR_MX, STR_INIT("mail.example.org") },
		{ STR_INIT("mail.example.org"), RR_A, STR_INIT("\xc0\x00\x02\x01") },
		{ STR_INIT("_dmarc.example.org"), RR_TXT, STR_INIT("v=DMARC1; p=reject") },
		{ STR_INIT("s1._domainkey.example.org"), RR_TXT,
		  STR_INIT(
		      "v=DKIM1; k=rsa; "
		      "p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
		      "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/"
		      "NMqJ0fzfVjH4OuKhi"
		      "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB") },
		{ STR_INIT("s2._domainkey.example.org"), RR_TXT,
		  STR_INIT("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=") },
	};

	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		answers_out[i] = (struct answer){ .status = ANSWER_NXDOMAIN };
		for (size_t j = 0; j < ARRAY_LEN(zone); j++) {
			if (asks[i].rrtype != zone[j].rrtype || !str_eq(asks[i].name, zone[j].name))
				continue;
			struct dns_record r = { .data = zone[j].data, .preference = 10 };
			ARENA_PUSH(a, &answers_out[i].records, r);
			answers_out[i].status = ANSWER_OK;
		}
	}
}

static void warm_scan(scan_fn *scan)
{
	struct str to[] = { STR("b@example.net") };
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct scan_job job = {
			.raw = mails[i],
			.mail_from = STR("a@example.org"),
			.has_envelope = true,
			.recipients = { to, 1 },
			.client_ip = { .family = 4, .b = { 192, 0, 2, 1 } },
			.helo = STR("mail.example.org"),
			.delivery_mode = MODE_DIRECT,
			.lookback_hops = 1,
			.received_us = 1704448800000000,
			.authserv_id = STR("mx.example.net"),
			.protected_domains = { (struct str[]){ STR("example.net") }, 1 },
			.header_prefix = STR("X-Postern-"),
		};
		struct verdict v = { 0 };
		scan(a, &job, NULL, asker_new(a, answer_from_table, NULL), &v);
		arena_reset(a);
	}
	arena_free(&a);
}

/* Sign and verify once: fetches the algorithms, and everything they lead to. */
static bool warm_key(EVP_PKEY *key, const EVP_MD *digest)
{
	static const unsigned char text[] = "warm";
	unsigned char signature[512];
	size_t n = sizeof(signature);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool fine = key && ctx && EVP_DigestSignInit(ctx, NULL, digest, NULL, key) == 1 &&
		    EVP_DigestSign(ctx, signature, &n, text, sizeof(text)) == 1;

	EVP_MD_CTX_free(ctx);
	ctx = EVP_MD_CTX_new();
	fine = fine && ctx && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, signature, n, text, sizeof(text)) == 1;
	if (fine) { /* and a failure, whose error texts are loaded late, too */
		char line[256];
		signature[3] ^= 1;
		EVP_MD_CTX_free(ctx);
		ctx = EVP_MD_CTX_new();
		fine = ctx && EVP_DigestVerifyInit(ctx, NULL, digest, NULL, key) == 1 &&
		       EVP_DigestVerify(ctx, signature, n, text, sizeof(text)) != 1;
		ERR_error_string_n(ERR_get_error(), line, sizeof(line));
		ERR_clear_error();
	}
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return fine;
}

static bool warm_crypto(struct arena *a)
{
	struct str digests[] = { hash_md5_hex(a, STR("x")), hash_sha1_hex(a, STR("x")),
				 hash_sha256_hex(a, STR("x")) };

	for (size_t i = 0; i < ARRAY_LEN(digests); i++)
		if (digests[i].n == 0)
			return false;
	return warm_key(EVP_RSA_gen(1024), EVP_sha256()) &&
	       warm_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), NULL);
}

static bool warm_icu(void)
{
	UErrorCode err = U_ZERO_ERROR;
	UChar out[64];

	for (size_t i = 0; i < ARRAY_LEN(charsets); i++) {
		UErrorCode one = U_ZERO_ERROR;
		UConverter *c = ucnv_open(charsets[i], &one);
		if (U_SUCCESS(one))
			ucnv_toUChars(c, out, ARRAY_LEN(out), "a\xe4\xf6", 3, &one);
		ucnv_close(c);
	}
	USpoofChecker *spoof = uspoof_open(&err);
	if (U_SUCCESS(err))
		uspoof_getSkeleton(spoof, 0, u"p\x0430ypal", 6, out, ARRAY_LEN(out), &err);
	uspoof_close(spoof);
	unorm2_getNFKCCasefoldInstance(&err);
	UIDNA *idna = uidna_openUTS46(UIDNA_DEFAULT, &err);
	if (U_SUCCESS(err)) {
		UIDNAInfo info = UIDNA_INFO_INITIALIZER;
		uidna_nameToUnicode(idna, u"xn--bcher-kva.example", 21, out, ARRAY_LEN(out), &info, &err);
		uidna_close(idna);
	}
	return U_SUCCESS(err);
}

static bool warm_types(struct arena *a)
{
	if (!libmagic_load())
		return false;
	libmagic_type(a, STR("fLaC\0\0\0\x22\x10\0\x10\0"));
	return true;
}

static int compare_ints(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool warm_libc(void)
{
	int numbers[5000];
	struct tm tm;
	time_t t = 0;

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		numbers[i] = (int)(i * 7919 % 5003);
	qsort(numbers, ARRAY_LEN(numbers), sizeof(numbers[0]), compare_ints);
	/* Without a name for it each mktime, such as libarchive's, looks whether /etc/localtime has changed. */
	if (setenv("TZ", "UTC0", 1) != 0)
		return false;
	tzset();
	return gmtime_r(&t, &tm) && localtime_r(&t, &tm) && mktime(&tm) == 0 && numbers[0] == 0;
}

enum err warmup(scan_fn *scan, struct errbuf *eb)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	const char *failed = NULL;

	if (!warm_libc())
		failed = "the C library";
	else if (!warm_crypto(a))
		failed = "OpenSSL";
	else if (!warm_icu())
		failed = "ICU";
	else if (!warm_types(a))
		failed = "libmagic's database";
	else if (!qr_warm())
		failed = "the charsets of QR codes (gconv modules)";
	else if (!psl_registrable_domain(psl_builtin(), "www.example.co.uk"))
		failed = "the public suffix list";
	arena_free(&a);
	if (failed)
		return err_set(eb, ERR_DENIED, "warming up failed: %s", failed);
	warm_scan(scan);
	return OK;
}
