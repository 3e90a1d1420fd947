/* Whether one signature holds (RFC 6376 §6.1.2, §6.1.3). */
#include "auth/dkim_mail.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

static bool verify_rsa(EVP_PKEY *key, struct str signature, const struct sha256 *digest)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
		  EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		  EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
		  EVP_PKEY_verify(ctx, (const unsigned char *)signature.p, signature.n, digest->b,
				  sizeof(digest->b)) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

/* RFC 8463 §3: the message Ed25519 signs is the SHA-256 digest. */
static bool verify_ed25519(EVP_PKEY *key, struct str signature, const struct sha256 *digest)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
		  EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n, digest->b,
				   sizeof(digest->b)) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static void set(struct dkim_check *out, enum dkim_result result, const char *why)
{
	out->result = result;
	out->why = str_of(why);
}

/* The key that may have made it; NULL, and the result set, when it cannot pass whatever the hashes say. */
static const struct dkim_ring_key *usable_key(struct dkim_mail *m, const struct dkim_signature *s,
					      int64_t now_s, struct dkim_check *out)
{
	const struct dkim_ring_key *k;
	struct str why;

	if (s->algorithm == DKIM_RSA_SHA1)
		set(out, DKIM_POLICY, "does not count: it uses SHA-1"); /* RFC 8301 §3.1 */
	else if (s->expires_s < now_s)
		set(out, DKIM_NEUTRAL, "has expired");
	if (out->result != DKIM_NONE)
		return NULL;
	enum err e = dkim_keyring_get(m->arena, m->asker, &m->keys, s->key_name, s->algorithm, &k, &why);
	if (e == ERR_LATER) {
		set(out, DKIM_TEMPERROR, "could not be checked: DNS gave no answer about its key");
		return NULL;
	}
	if (e) {
		out->result = DKIM_PERMERROR;
		out->why = ARENA_JOIN(m->arena, STR("cannot be verified: "), why);
		return NULL;
	}
	out->testing = k->key.testing;
	out->key_bits = k->bits;
	if (k->key.strict && s->identity_below)
		set(out, DKIM_PERMERROR, "cannot be verified: the key is not for its subdomains");
	else if (!k->open)
		set(out, DKIM_PERMERROR, "cannot be verified: the key is damaged");
	else if (!k->key.ed25519 && k->bits < DKIM_RSA_BITS_MIN) /* RFC 8301 §3.2 */
		set(out, DKIM_POLICY, "does not count: its key is too short to trust");
	else
		return k;
	return NULL;
}

static void compare(const struct dkim_ring_key *k, const struct dkim_signature *s,
		    const struct sha256 *digest, struct dkim_check *out)
{
	if ((k->key.ed25519 ? verify_ed25519 : verify_rsa)(k->open, s->signature, digest)) {
		set(out, DKIM_PASS, "holds");
		return;
	}
	ERR_clear_error();
	set(out, DKIM_FAIL, "does not hold: the header is not what was signed, or not by this key");
}

void dkim_mail_check_digest(struct dkim_mail *m, const struct dkim_signature *s, const struct sha256 *digest,
			    int64_t now_s, struct dkim_check *out)
{
	*out = (struct dkim_check){ .result = DKIM_NONE };
	const struct dkim_ring_key *k = usable_key(m, s, now_s, out);
	if (k)
		compare(k, s, digest, out);
}

void dkim_mail_check(struct dkim_mail *m, const struct dkim_signature *s, size_t field, int64_t now_s,
		     struct dkim_check *out)
{
	*out = (struct dkim_check){ .result = DKIM_NONE };
	const struct dkim_ring_key *k = usable_key(m, s, now_s, out);
	if (!k)
		return;
	const struct dkim_body_hash *body = dkim_body_hash(m->arena, &m->bodies, s);
	out->covered = body->covered;
	out->body_length = body->total;
	if (s->has_length && s->length > body->total) {
		set(out, DKIM_FAIL, "does not hold: the body is shorter than what was signed");
		return;
	}
	if (!str_eq(s->body_hash, str_from(body->digest.b, sizeof(body->digest.b)))) {
		set(out, DKIM_FAIL, "does not hold: the body is not what was signed");
		return;
	}
	struct sha256 digest = dkim_mail_header_hash(m, s, field);
	compare(k, s, &digest, out);
	if (out->result == DKIM_PASS && out->covered < out->body_length)
		out->why = STR("holds, but leaves the end of the body unsigned");
}
