/* Keys in OpenSSL's form and in texts. */
#include "auth/sign_key.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/arena.h"
#include "base/base64.h"

#define ED25519_BYTES 32 /* of a public key; RFC 8032 §5.1.5 */

EVP_PKEY *sign_key_make(bool ed25519)
{
	EVP_PKEY *key = ed25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") : EVP_RSA_gen(SIGN_RSA_BITS);

	ASSERT(key); /* without random bytes nothing here works */
	return key;
}

struct str sign_key_pem(struct arena *a, EVP_PKEY *key)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *p;

	ASSERT(out && PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1);
	long n = BIO_get_mem_data(out, &p);
	struct str pem = arena_str(a, str_from(p, (size_t)n));
	BIO_free(out);
	return pem;
}

/* Nobody is asked for a password. */
static int no_password(char *buf, int size, int writing, void *ctx)
{
	(void)buf;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static bool is_fit(EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	return sign_key_is_ed25519(key) ||
	       (EVP_PKEY_is_a(key, "RSA") == 1 && bits >= SIGN_RSA_BITS_MIN && bits <= SIGN_RSA_BITS_MAX);
}

EVP_PKEY *sign_key_read(struct str pem)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_password, NULL) : NULL;

	BIO_free(in);
	if (key && is_fit(key))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

bool sign_key_is_ed25519(EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "ED25519") == 1;
}

struct str sign_key_record(struct arena *a, EVP_PKEY *key)
{
	unsigned char raw[ED25519_BYTES], *der = NULL;
	size_t n = sizeof(raw);

	if (sign_key_is_ed25519(key)) {
		ASSERT(EVP_PKEY_get_raw_public_key(key, raw, &n) == 1);
		return ARENA_JOIN(a, STR("v=DKIM1; k=ed25519; p="), base64_encode(a, str_from(raw, n)));
	}
	int length = i2d_PUBKEY(key, &der);
	ASSERT(length > 0);
	struct str record =
	    ARENA_JOIN(a, STR("v=DKIM1; k=rsa; p="), base64_encode(a, str_from(der, (size_t)length)));
	OPENSSL_free(der);
	return record;
}
