/* Digests over OpenSSL's EVP, and SipHash. */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include "base/abnf.h"
#include "base/arena.h"

struct sha256 hash_sha256(struct str s)
{
	struct sha256 out;

	SHA256((const unsigned char *)(s.p ? s.p : ""), s.n, out.b);
	return out;
}

struct sha256 hash_hmac(struct str key, struct str s)
{
	struct sha256 out;
	unsigned n = sizeof(out.b);

	ASSERT(HMAC(EVP_sha256(), key.p, (int)key.n, (const unsigned char *)s.p, s.n, out.b, &n));
	return out;
}

struct str hash_hex(struct arena *a, struct str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *z = arena_alloc(a, bytes.n * 2 + 1);

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		z[2 * i] = digits[c >> 4];
		z[2 * i + 1] = digits[c & 15];
	}
	z[bytes.n * 2] = 0;
	return (struct str){ z, bytes.n * 2 };
}

static struct str digest_hex(struct arena *a, const EVP_MD *md, struct str s)
{
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	ASSERT(EVP_Digest(s.p ? s.p : "", s.n, out, &n, md, NULL));
	return hash_hex(a, str_from(out, n));
}

struct str hash_md5_hex(struct arena *a, struct str s)
{
	return digest_hex(a, EVP_md5(), s);
}

struct str hash_sha1_hex(struct arena *a, struct str s)
{
	return digest_hex(a, EVP_sha1(), s);
}

struct str hash_sha256_hex(struct arena *a, struct str s)
{
	struct sha256 h = hash_sha256(s);

	return hash_hex(a, str_from(h.b, sizeof(h.b)));
}

enum err hash_unhex(struct arena *a, struct str hex, struct str *out)
{
	char *p = arena_alloc(a, hex.n / 2 + 1);

	if (hex.n % 2)
		return ERR_SYNTAX;
	for (size_t i = 0; i < hex.n / 2; i++) {
		int hi = abnf_hex_value((unsigned char)hex.p[2 * i]);
		int lo = abnf_hex_value((unsigned char)hex.p[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return ERR_SYNTAX;
		p[i] = (char)(hi << 4 | lo);
	}
	*out = (struct str){ p, hex.n / 2 };
	return OK;
}

struct hash_sum *hash_sum_new(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	ASSERT(ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL));
	return (struct hash_sum *)ctx;
}

void hash_sum_add(struct hash_sum *h, struct str s)
{
	ASSERT(EVP_DigestUpdate((EVP_MD_CTX *)h, s.p ? s.p : "", s.n));
}

struct hash_sum *hash_sum_copy(const struct hash_sum *h)
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	ASSERT(copy && EVP_MD_CTX_copy_ex(copy, (const EVP_MD_CTX *)h));
	return (struct hash_sum *)copy;
}

struct sha256 hash_sum_end(struct hash_sum **h)
{
	struct sha256 out;

	ASSERT(EVP_DigestFinal_ex((EVP_MD_CTX *)*h, out.b, NULL));
	EVP_MD_CTX_free((EVP_MD_CTX *)*h);
	*h = NULL;
	return out;
}

static uint64_t load64(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, 8); /* little-endian hosts only, as the rest of the store's keys */
	return v;
}

#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = ROTL(v[1], 13) ^ v[0];
	v[0] = ROTL(v[0], 32);
	v[2] += v[3];
	v[3] = ROTL(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = ROTL(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = ROTL(v[1], 17) ^ v[2];
	v[2] = ROTL(v[2], 32);
}

uint64_t hash_sip(const unsigned char key[16], struct str s)
{
	uint64_t k0 = load64(key), k1 = load64(key + 8), m;
	uint64_t v[4] = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261,
			  k1 ^ 0x7465646279746573 };
	size_t whole = s.n / 8 * 8;

	for (size_t i = 0; i < whole; i += 8) {
		m = load64((const unsigned char *)s.p + i);
		v[3] ^= m;
		sip_round(v);
		sip_round(v);
		v[0] ^= m;
	}
	m = (uint64_t)s.n << 56;
	for (size_t i = whole; i < s.n; i++)
		m |= (uint64_t)(unsigned char)s.p[i] << (8 * (i - whole));
	v[3] ^= m;
	sip_round(v);
	sip_round(v);
	v[0] ^= m;
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

bool hash_same(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}
