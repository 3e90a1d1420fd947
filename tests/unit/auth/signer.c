/* Signs mail for tests. */
#include "signer.h"

#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "auth/dkim_tag.h"
#include "base/base64.h"
#include "base/buf.h"
#include "mime/header.h"

EVP_PKEY *signer_key(unsigned rsa_bits)
{
	EVP_PKEY *key = rsa_bits ? EVP_RSA_gen(rsa_bits) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

	ASSERT(key);
	return key;
}

struct str signer_record(struct arena *a, EVP_PKEY *key, const char *more)
{
	unsigned char *der = NULL, raw[32];
	size_t n = sizeof(raw);
	struct str text;

	if (EVP_PKEY_get_id(key) == EVP_PKEY_ED25519) {
		ASSERT(EVP_PKEY_get_raw_public_key(key, raw, &n) == 1);
		text = base64_encode(a, str_from(raw, n));
		return arena_printf(a, "v=DKIM1; k=ed25519; %sp=%.*s", more, STR_ARG(text));
	}
	int len = i2d_PUBKEY(key, &der);
	ASSERT(len > 0);
	text = base64_encode(a, str_from(der, (size_t)len));
	OPENSSL_free(der);
	return arena_printf(a, "v=DKIM1; k=rsa; %sp=%.*s", more, STR_ARG(text));
}

static void add(void *ctx, struct str bytes)
{
	buf_add(ctx, bytes);
}

static void digest(struct buf *text, size_t most, unsigned char out[SHA256_DIGEST_LENGTH])
{
	SHA256((const unsigned char *)text->p, text->n < most ? text->n : most, out);
	buf_clear(text);
}

static void add_fields(struct dkim_sink *sink, const struct signing *how, struct str message,
		       const struct headers *h)
{
	bool used[256] = { false };
	struct str name;

	ASSERT(h->n <= 256);
	for (size_t at = 0; dkim_list_next(str_of(how->fields), &at, &name);)
		for (size_t i = h->n; i-- > 0;)
			if (!used[i] && str_eq_nocase(h->v[i].name, name)) {
				used[i] = true;
				dkim_canon_field(
				    sink, how->header,
				    str_sub(message, h->v[i].start, h->v[i].start + h->v[i].length), STR_NONE,
				    true);
				break;
			}
}

static struct str sign_digest(struct arena *a, EVP_PKEY *key, const unsigned char *hash)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char out[1024];
	size_t n = sizeof(out);

	if (EVP_PKEY_get_id(key) == EVP_PKEY_ED25519)
		ASSERT(EVP_DigestSignInit(md, NULL, NULL, NULL, key) == 1 &&
		       EVP_DigestSign(md, out, &n, hash, SHA256_DIGEST_LENGTH) == 1);
	else
		ASSERT(EVP_PKEY_sign_init(ctx) == 1 &&
		       EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		       EVP_PKEY_sign(ctx, out, &n, hash, SHA256_DIGEST_LENGTH) == 1);
	EVP_MD_CTX_free(md);
	EVP_PKEY_CTX_free(ctx);
	return base64_encode(a, str_from(out, n));
}

/* The field with its signature, folded, behind "b=". */
static struct str with_signature(struct arena *a, EVP_PKEY *key, struct str field, struct buf *signed_text)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];

	digest(signed_text, SIZE_MAX, hash);
	struct str b = sign_digest(a, key, hash);
	return ARENA_JOIN(a, field, str_sub(b, 0, 60), STR("\r\n\t "), str_sub(b, 60, b.n), STR("\r\n"));
}

/* A signature over fields and body, of DKIM or of a hop of ARC; begin: "DKIM-Signature: v=1; ". */
static struct str sign_message(struct arena *a, struct str message, const struct signing *how,
			       struct str begin)
{
	static const char *const canon[] = { [DKIM_SIMPLE] = "simple", [DKIM_RELAXED] = "relaxed" };
	struct headers h = headers_parse(a, message, 0, message.n, NULL);
	unsigned char hash[SHA256_DIGEST_LENGTH];
	struct dkim_sink sink = { .write = add };
	struct str field;
	struct buf text;

	buf_init(&text, 16u << 20);
	sink.ctx = &text;
	dkim_canon_body(&sink, how->body, str_sub(message, h.body, message.n));
	dkim_sink_flush(&sink);
	digest(&text, how->length, hash);
	field = arena_printf(a,
			     "%.*sa=%s; c=%s/%s; d=signer.test;\r\n\ts=sel; %s\r\n"
			     "\th=%s;\r\n\tbh=%.*s;\r\n\tb=",
			     STR_ARG(begin), how->algorithm, canon[how->header], canon[how->body], how->more,
			     how->fields, STR_ARG(base64_encode(a, str_from(hash, sizeof(hash)))));
	add_fields(&sink, how, message, &h);
	dkim_canon_field(&sink, how->header, field, STR_NONE, false);
	dkim_sink_flush(&sink);
	field = with_signature(a, how->key, field, &text);
	buf_free(&text);
	return ARENA_JOIN(a, field, message);
}

struct str signer_sign(struct arena *a, struct str message, const struct signing *how)
{
	return sign_message(a, message, how, STR("DKIM-Signature: v=1; "));
}

/* The ARC fields of one name and instance, whole. */
static struct str find_field(struct arena *a, struct str mail, const char *name, unsigned instance)
{
	struct headers h = headers_parse(a, mail, 0, mail.n, NULL);
	struct str tag = arena_printf(a, "i=%u;", instance);

	for (size_t i = 0; i < h.n; i++)
		if (str_eq_nocase(h.v[i].name, str_of(name)) && str_find(h.v[i].value, tag, 0) != SIZE_MAX)
			return str_sub(mail, h.v[i].start, h.v[i].start + h.v[i].length);
	return STR_NONE;
}

struct str signer_seal_with(struct arena *a, struct str message, const struct signing *how, unsigned instance,
			    const char *cv, struct str results)
{
	struct dkim_sink sink = { .write = add };
	struct buf text;
	struct str mail, seal;

	mail = arena_printf(a, "ARC-Authentication-Results: i=%u; %.*s\r\n%.*s", instance, STR_ARG(results),
			    STR_ARG(message));
	mail = sign_message(a, mail, how, arena_printf(a, "ARC-Message-Signature: i=%u; ", instance));
	seal = arena_printf(a, "ARC-Seal: i=%u; a=%s; cv=%s; d=signer.test; s=sel; b=", instance,
			    how->algorithm, cv);
	buf_init(&text, 16u << 20);
	sink.ctx = &text;
	for (unsigned i = 1; i <= instance; i++) {
		static const char *const names[] = { "ARC-Authentication-Results", "ARC-Message-Signature",
						     "ARC-Seal" };
		for (size_t j = 0; j < (i < instance ? 3u : 2u); j++) {
			struct str field = find_field(a, mail, names[j], i);
			if (field.n > 0)
				dkim_canon_field(&sink, DKIM_RELAXED, field, STR_NONE, true);
		}
	}
	dkim_canon_field(&sink, DKIM_RELAXED, seal, STR_NONE, false);
	dkim_sink_flush(&sink);
	seal = with_signature(a, how->key, seal, &text);
	buf_free(&text);
	return ARENA_JOIN(a, seal, mail);
}

struct str signer_seal(struct arena *a, struct str message, const struct signing *how, unsigned instance,
		       const char *cv)
{
	return signer_seal_with(a, message, how, instance, cv,
				arena_printf(a, "hop%u.test; spf=pass", instance));
}
