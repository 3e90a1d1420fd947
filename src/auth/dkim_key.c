/* Key records and public keys. */
#include "auth/dkim_key.h"

#include <openssl/core_names.h>

#include "auth/dkim_tag.h"
#include "base/base64.h"

#define ED25519_BYTES 32
#define RSA_EXPONENT_BYTES_MAX 8 /* longer exponents make verification as slow as signing */

enum err dkim_key_parse(struct arena *a, struct str txt, struct dkim_key *out, struct errbuf *eb)
{
	struct dkim_tags tags;
	struct str kind;

	*out = (struct dkim_key){ 0 };
	if (dkim_tags_parse(a, txt, &tags))
		return err_set(eb, ERR_SYNTAX, "the key record is no list of tags");
	/* v= is optional, but where it stands it stands first and says DKIM1 (RFC 6376 §3.6.1). */
	if (dkim_tag_find(&tags, "v") &&
	    !(str_eq(tags.v[0].name, STR("v")) && str_eq(tags.v[0].value, STR("DKIM1"))))
		return err_set(eb, ERR_SYNTAX, "the key record has another version");
	const struct dkim_tag *p = dkim_tag_find(&tags, "p");
	if (!p)
		return err_set(eb, ERR_SYNTAX, "the key record holds no key");
	if (p->value.n == 0)
		return err_set(eb, ERR_ABSENT, "the key was revoked");
	kind = dkim_tag_value(&tags, "k", STR("rsa"));
	out->ed25519 = str_eq_nocase(kind, STR("ed25519"));
	if (!out->ed25519 && !str_eq_nocase(kind, STR("rsa")))
		return err_set(eb, ERR_SYNTAX, "the key is of an unknown kind");
	if (!dkim_list_has(dkim_tag_value(&tags, "h", STR("sha256")), STR("sha256")))
		return err_set(eb, ERR_SYNTAX, "the key is not for SHA-256");
	struct str services = dkim_tag_value(&tags, "s", STR("*"));
	if (!dkim_list_has(services, STR("*")) && !dkim_list_has(services, STR("email")))
		return err_set(eb, ERR_SYNTAX, "the key is not for mail");
	struct str flags = dkim_tag_value(&tags, "t", STR(""));
	out->testing = dkim_list_has(flags, STR("y"));
	out->strict = dkim_list_has(flags, STR("s"));
	if (base64_decode(a, p->value, &out->public) || out->public.n == 0)
		return err_set(eb, ERR_SYNTAX, "the key is damaged");
	return OK;
}

/* Takes one DER element of that tag off *s; its content. Lengths of up to two bytes: a key is no longer. */
static bool der_take(struct str *s, unsigned char tag, struct str *content)
{
	const unsigned char *p = (const unsigned char *)s->p;
	size_t head = 2, n;

	if (s->n < 2 || p[0] != tag)
		return false;
	n = p[1];
	if (n >= 0x80) {
		size_t bytes = n & 0x7f;
		if (bytes == 0 || bytes > 2 || s->n < 2 + bytes)
			return false;
		n = bytes == 1 ? p[2] : (size_t)p[2] << 8 | p[3];
		head += bytes;
	}
	if (s->n - head < n)
		return false;
	*content = str_sub(*s, head, head + n);
	*s = str_sub(*s, head + n, s->n);
	return true;
}

/* A positive INTEGER without its leading zeros. */
static bool der_take_number(struct str *s, struct str *number)
{
	if (!der_take(s, 0x02, number) || number->n == 0 || (unsigned char)number->p[0] >= 0x80)
		return false;
	while (number->n > 0 && number->p[0] == 0)
		*number = str_sub(*number, 1, number->n);
	return number->n > 0;
}

/* RSAPublicKey, alone or within a SubjectPublicKeyInfo; both are published (RFC 6376 errata 3017). */
static bool rsa_numbers(struct str der, struct str *n, struct str *e)
{
	static const struct str rsa_oid = STR_INIT("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
	struct str outer, algorithm, oid, bits, inner;

	if (!der_take(&der, 0x30, &outer))
		return false;
	inner = outer;
	if (der_take(&inner, 0x30, &algorithm)) {
		if (!der_take(&algorithm, 0x06, &oid) || !str_eq(oid, rsa_oid) ||
		    !der_take(&inner, 0x03, &bits) || bits.n < 1 || bits.p[0] != 0)
			return false;
		bits = str_sub(bits, 1, bits.n);
		if (!der_take(&bits, 0x30, &outer))
			return false;
	}
	return der_take_number(&outer, n) && der_take_number(&outer, e);
}

/* OpenSSL takes numbers with the least byte first. */
static void reversed(unsigned char *out, struct str number)
{
	for (size_t i = 0; i < number.n; i++)
		out[i] = (unsigned char)number.p[number.n - 1 - i];
}

static enum err open_rsa(struct str der, EVP_PKEY **out, unsigned *bits_out)
{
	unsigned char n_bytes[DKIM_RSA_BITS_MAX / 8], e_bytes[RSA_EXPONENT_BYTES_MAX];
	struct str n, e;

	if (!rsa_numbers(der, &n, &e) || n.n > sizeof(n_bytes) || e.n > sizeof(e_bytes))
		return ERR_SYNTAX;
	unsigned top = (unsigned char)n.p[0];
	*bits_out = (unsigned)n.n * 8 - (unsigned)(__builtin_clz(top) - 24);
	if (!(n.p[n.n - 1] & 1) || !(e.p[e.n - 1] & 1) || (e.n == 1 && e.p[0] == 1))
		return ERR_SYNTAX; /* even numbers, or an exponent of one: anything would verify */
	reversed(n_bytes, n);
	reversed(e_bytes, e);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n_bytes, n.n),
		OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e_bytes, e.n),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	bool done = ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
		    EVP_PKEY_fromdata(ctx, out, EVP_PKEY_PUBLIC_KEY, params) == 1;
	EVP_PKEY_CTX_free(ctx);
	return done ? OK : ERR_SYNTAX;
}

enum err dkim_key_open(const struct dkim_key *key, EVP_PKEY **out, unsigned *bits_out)
{
	*out = NULL;
	*bits_out = 0;
	if (!key->ed25519)
		return open_rsa(key->public, out, bits_out);
	if (key->public.n != ED25519_BYTES)
		return ERR_SYNTAX;
	*out = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)key->public.p,
					   key->public.n);
	*bits_out = 256;
	return *out ? OK : ERR_SYNTAX;
}
