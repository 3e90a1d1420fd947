/* Tokens: what is asked for, assertions, and what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "base/base64.h"
#include "http_server.h"
#include "json/read.h"
#include "mailbox/token.h"

static struct arena *arena;
static EVP_PKEY *key;
static struct str pem;

static void make_key(void)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;

	key = EVP_RSA_gen(2048);
	ASSERT(key && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
	long n = BIO_get_mem_data(bio, &p);
	pem = arena_str(arena, str_from(p, (size_t)n));
	BIO_free(bio);
}

static void test_what_is_asked_for(void **state)
{
	static const struct {
		const char *name;
		struct integration i;
		const char *secret, *scope, *url, *want_scope,
		    *subject; /* url NULL: refused, and scope is what lacks */
		bool signs;
	} cases[] = {
		{ "graph",
		  { .provider = MAILBOX_GRAPH, .user = STR_INIT("id"), .tenant_id = STR_INIT("t/x") },
		  "s",
		  "",
		  "https://login.microsoftonline.com/t%2Fx/oauth2/v2.0/token",
		  "https://graph.microsoft.com/.default",
		  "",
		  false },
		{ "another cloud",
		  { .provider = MAILBOX_GRAPH,
		    .user = STR_INIT("id"),
		    .token_url = STR_INIT("https://login.example/token"),
		    .server = STR_INIT("https://graph.example") },
		  "s",
		  "",
		  "https://login.example/token",
		  "https://graph.example/.default",
		  "",
		  false },
		{ "gmail",
		  { .provider = MAILBOX_GMAIL, .user = STR_INIT("robot@p.example") },
		  "-----BEGIN PRIVATE KEY-----",
		  "",
		  "https://oauth2.googleapis.com/token",
		  "https://mail.google.com/",
		  "ann@example.org",
		  true },
		{ "another scope of the caller",
		  { .provider = MAILBOX_GMAIL,
		    .user = STR_INIT("robot@p.example"),
		    .scope = STR_INIT("own") },
		  "k",
		  "directory",
		  "https://oauth2.googleapis.com/token",
		  "directory",
		  "ann@example.org",
		  true },
		{ "imap at microsoft",
		  { .provider = MAILBOX_IMAP, .user = STR_INIT("id"), .tenant_id = STR_INIT("t") },
		  "s",
		  "",
		  "https://login.microsoftonline.com/t/oauth2/v2.0/token",
		  "https://outlook.office365.com/.default",
		  "",
		  false },
		{ "imap at google",
		  { .provider = MAILBOX_IMAP, .user = STR_INIT("robot@p.example") },
		  "-----BEGIN RSA PRIVATE KEY-----",
		  "",
		  "https://oauth2.googleapis.com/token",
		  "https://mail.google.com/",
		  "ann@example.org",
		  true },
		{ "no tenant",
		  { .provider = MAILBOX_GRAPH, .user = STR_INIT("id") },
		  "s",
		  "tenant_id",
		  NULL,
		  NULL,
		  NULL,
		  0 },
		{ "no user",
		  { .provider = MAILBOX_GRAPH, .tenant_id = STR_INIT("t") },
		  "s",
		  "user",
		  NULL,
		  NULL,
		  NULL,
		  0 },
		{ "no secret",
		  { .provider = MAILBOX_GMAIL, .user = STR_INIT("r") },
		  "",
		  "secret",
		  NULL,
		  NULL,
		  NULL,
		  0 },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(cases); k++) {
		const struct mailbox_site site = { .integration = &cases[k].i,
						   .secret = str_of(cases[k].secret) };
		struct mailbox_fault fault = { 0 };
		struct token_ask q;
		enum err e = token_ask_of(&site, arena, STR("ann@example.org"),
					  cases[k].url ? str_of(cases[k].scope) : STR_NONE, &q, &fault);
		if (!cases[k].url ? e != ERR_DENIED || fault.what != TROUBLE_LOGIN ||
					!strstr(fault.text.text, cases[k].scope)
				  : e || !str_eq(q.url, str_of(cases[k].url)) || q.signs != cases[k].signs ||
					!str_eq(q.scope, str_of(cases[k].want_scope)) ||
					!str_eq(q.subject, str_of(cases[k].subject)))
			fail_msg("%s: %s %.*s %.*s", cases[k].name, fault.text.text, STR_ARG(q.url),
				 STR_ARG(q.scope));
	}
}

static void test_assertion(void **state)
{
	const struct token_ask q = { .url = STR("https://token.example/"),
				     .client = STR("robot@p.example"),
				     .secret = pem,
				     .signs = true,
				     .scope = STR("one two"),
				     .subject = STR("\"ann\"@example.org") };
	struct str jwt, head, claims, signature;

	(void)state;
	assert_int_equal(token_assertion(arena, &q, 1767225600, &jwt), OK);
	struct strs parts = arena_split(arena, jwt, '.');
	assert_int_equal(parts.n, 3);
	assert_int_equal(base64url_decode(arena, parts.v[0], &head), OK);
	assert_int_equal(base64url_decode(arena, parts.v[1], &claims), OK);
	assert_int_equal(base64url_decode(arena, parts.v[2], &signature), OK);
	assert_true(str_eq(head, STR("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")));
	assert_true(str_eq(claims, STR("{\"iss\":\"robot@p.example\",\"sub\":\"\\\"ann\\\"@example.org\","
				       "\"scope\":\"one two\",\"aud\":\"https://token.example/\","
				       "\"iat\":1767225600,\"exp\":1767229200}")));
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct str text = ARENA_JOIN(arena, parts.v[0], STR("."), parts.v[1]);
	assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
					  (const unsigned char *)text.p, text.n),
			 1);
	EVP_MD_CTX_free(ctx);
}

static void test_keys_that_are_none(void **state)
{
	static const char *const cases[] = {
		"",
		"secret",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		/* Ed25519 */
		"-----BEGIN PRIVATE "
		"KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
		"-----END PRIVATE KEY-----\n",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
	};
	struct str out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(
		    token_assertion(arena, &(const struct token_ask){ .secret = str_of(cases[i]) }, 1, &out),
		    ERR_DENIED);
}

static struct http *client(void)
{
	return http_new(&(const struct http_rules){ .allow_private = true });
}

static void test_refusals(void **state)
{
	static const struct {
		const char *says;
		enum err want;
		enum mailbox_trouble what;
		const char *text;
	} cases[] = {
		{ ANSWER("401 Unauthorized",
			 "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: "
			 "Invalid client secret provided.\\r\\nTrace ID: 1\"}"),
		  ERR_DENIED, TROUBLE_LOGIN,
		  "The token service answered 401 invalid_client: AADSTS7000215: Invalid client secret "
		  "provided." },
		{ ANSWER("400 Bad Request",
			 "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid email or "
			 "User ID\"}"),
		  ERR_DENIED, TROUBLE_NO_MAILBOX, "Invalid email" },
		{ ANSWER("400 Bad Request",
			 "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT "
			 "Signature.\"}"),
		  ERR_DENIED, TROUBLE_LOGIN, "Signature." },
		{ ANSWER("401 Unauthorized", "{\"error\":\"unauthorized_client\"}"), ERR_DENIED,
		  TROUBLE_NO_CONSENT, "401 unauthorized_client" },
		{ ANSWER("400 Bad Request", "<html>"), ERR_DENIED, TROUBLE_REFUSED,
		  "The token service answered 400" },
		{ ANSWER("503 Busy", ""), ERR_LATER, TROUBLE_BUSY, "answered 503" },
		{ ANSWER("500 Broken", "{}"), ERR_LATER, TROUBLE_REFUSED, "answered 500" },
		{ ANSWER("200 OK", "{}"), ERR_LATER, TROUBLE_REFUSED, "holds no token" },
		{ ANSWER("200 OK", "{\"access_token\":\"a\\r\\nb\"}"), ERR_LATER, TROUBLE_REFUSED,
		  "holds no token" },
		{ ANSWER("200 OK", "{\"access_token\":7}"), ERR_LATER, TROUBLE_REFUSED, "holds no token" },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"acc", ERR_LATER, TROUBLE_CUT,
		  "The token service: " },
		{ "", ERR_LATER, TROUBLE_CUT, "The token service: " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct http_server s;
		struct mailbox_fault fault = { 0 };
		struct str token;
		struct http *h = client();
		http_server_start(&s, &cases[i].says, 1);
		const struct token_ask q = { .url = arena_printf(arena, "http://127.0.0.1:%d/t", s.port),
					     .client = STR("id&x"),
					     .secret = STR("s+ cret"),
					     .scope = STR("https://x/.default") };
		enum err e = token_get(NULL, h, arena, &q, clock_mono_ms() + 5000, &token, &fault);
		if (e != cases[i].want || fault.what != cases[i].what ||
		    !strstr(fault.text.text, cases[i].text) || strstr(fault.text.text, "Trace"))
			fail_msg("%s: %s %d %s", cases[i].says, err_name(e), (int)fault.what,
				 fault.text.text);
		http_server_end(&s);
		http_free(&h);
		assert_non_null(strstr(s.got, "grant_type=client_credentials&client_id=id%26x&client_secret="
					      "s%2B%20cret&scope=https%3A%2F%2Fx%2F.default"));
	}
}

static void test_kept(void **state)
{
	static const char *const says[] = {
		ANSWER("200 OK", "{\"access_token\":\"one\",\"expires_in\":3599}"),
		ANSWER("200 OK", "{\"access_token\":\"two\",\"expires_in\":3599}"),
		ANSWER("200 OK", "{\"access_token\":\"three\",\"expires_in\":60}"),
		ANSWER("200 OK", "{\"access_token\":\"four\"}"),
		/* A thousand times that, in milliseconds, begins anew above zero. */
		ANSWER("200 OK", "{\"access_token\":\"five\",\"expires_in\":-10000000000000000}"),
		ANSWER("200 OK", "{\"access_token\":\"six\"}"),
	};
	struct tokens *kept = tokens_new();
	struct mailbox_fault fault = { 0 };
	struct http_server s;
	struct http *h = client();
	struct str token;

	(void)state;
	http_server_start(&s, says, ARRAY_LEN(says));
	const struct token_ask ann = { .url = arena_printf(arena, "http://127.0.0.1:%d/t", s.port),
				       .client = STR("robot"),
				       .secret = pem,
				       .signs = true,
				       .scope = STR("mail"),
				       .subject = STR("ann") };
	struct token_ask bob = ann;
	bob.subject = STR("bob");
	const struct {
		const struct token_ask *q;
		const char *want;
	} steps[] = { { &ann, "one" },
		      { &ann, "one" },
		      { &bob, "two" },
		      { &ann, "one" },
		      /* dropped */ { &ann, "three" },
		      { &ann, "four" },
		      { &ann, "five" },
		      { &ann, "six" } };
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (i == 4) {
			token_drop(kept, &ann, STR("another"));
			assert_int_equal(token_get(kept, h, arena, &ann, 0, &token, &fault), OK);
			token_drop(kept, &ann, STR("one"));
		}
		assert_int_equal(
		    token_get(kept, h, arena, steps[i].q, clock_mono_ms() + 5000, &token, &fault), OK);
		assert_true(str_eq(token, str_of(steps[i].want)));
	}
	http_server_end(&s);
	assert_non_null(
	    strstr(s.got, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey"));
	http_free(&h);
	tokens_free(&kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_asked_for),
		cmocka_unit_test(test_assertion),
		cmocka_unit_test(test_keys_that_are_none),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_kept),
	};
	arena = arena_new(16u << 20, NULL, NULL);
	make_key();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	EVP_PKEY_free(key);
	arena_free(&arena);
	return failed;
}
