/*
 * The two ways Office locks a document: "standard" of 2007, SHA-1 and AES in ECB mode, and "agile" since, which names its digest
 * and its rounds in XML. Digests and AES are OpenSSL's.
 */
#include "file/ooxml_lock.h"

#include <openssl/evp.h>

#include "base/base64.h"
#include "base/utf8.h"
#include "file/bytes.h"
#include "file/xml.h"
#include "html/entity.h"

#define BLOCK 16
#define STANDARD_ROUNDS 50000 /* MS-OFFCRYPTO §2.3.4.7 */
#define SEGMENT 4096          /* bytes with an initial vector of their own (§2.3.4.15) */
#define SALT_MAX 64
#define VERIFIER_MAX 128 /* a salt, or a digest, with padding; each try decrypts it */
#define ROUNDS_MAX 1000000

/* What the lock says of itself. */
struct lock {
	bool agile;
	const EVP_MD *md;
	size_t key_bytes;
	uint64_t rounds;
	struct str salt;                    /* of the password */
	struct str verifier, verifier_hash; /* encrypted */
	size_t hash_bytes;
	/* agile */
	struct str key; /* encrypted */
	struct str package_salt;
	const EVP_MD *package_md;
	size_t package_key_bytes;
};

static size_t digest(const EVP_MD *md, EVP_MD_CTX *ctx, struct str x, struct str y,
		     unsigned char out[EVP_MAX_MD_SIZE])
{
	unsigned n = 0;

	if (!EVP_DigestInit_ex(ctx, md, NULL) || !EVP_DigestUpdate(ctx, x.p ? x.p : "", x.n) ||
	    !EVP_DigestUpdate(ctx, y.p ? y.p : "", y.n) || !EVP_DigestFinal_ex(ctx, out, &n))
		return 0;
	return n;
}

/* AES without padding over the whole blocks of `in`; iv NULL = ECB. "" = it did not work. */
static struct str decrypt(struct arena *a, struct str key, const unsigned char *iv, struct str in)
{
	const EVP_CIPHER *cipher = key.n == 32   ? (iv ? EVP_aes_256_cbc() : EVP_aes_256_ecb())
				   : key.n == 24 ? (iv ? EVP_aes_192_cbc() : EVP_aes_192_ecb())
						 : (iv ? EVP_aes_128_cbc() : EVP_aes_128_ecb());
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t n = in.n / BLOCK * BLOCK;
	char *out = arena_alloc(a, n + BLOCK);
	int done = 0;
	bool fine = ctx && n > 0 && n <= INT32_MAX && (key.n == 16 || key.n == 24 || key.n == 32) &&
		    EVP_DecryptInit_ex(ctx, cipher, NULL, (const unsigned char *)key.p, iv) &&
		    EVP_CIPHER_CTX_set_padding(ctx, 0) &&
		    EVP_DecryptUpdate(ctx, (unsigned char *)out, &done, (const unsigned char *)in.p, (int)n);

	EVP_CIPHER_CTX_free(ctx);
	return fine ? str_from(out, (size_t)done) : STR_NONE;
}

/* As Windows writes it: UTF-16, little end first. */
static struct str utf16(struct arena *a, struct str password)
{
	char *z = arena_alloc(a, password.n * 2 + 4);
	size_t n = 0;

	for (size_t at = 0; at < password.n;) {
		uint32_t cp = utf8_next(password, &at);
		uint32_t units[] = { cp > 0xffff ? 0xd800 + ((cp - 0x10000) >> 10) : cp,
				     0xdc00 + ((cp - 0x10000) & 0x3ff) };
		for (size_t i = 0; i < (cp > 0xffff ? 2u : 1u); i++) {
			z[n++] = (char)units[i];
			z[n++] = (char)(units[i] >> 8);
		}
	}
	return str_from(z, n);
}

/* ---- the key of a password ---- */

/* H0 = H(salt + password); Hn = H(n + Hn-1). Gives its length, 0 = it did not work. */
static size_t spin(struct arena *a, const struct lock *k, EVP_MD_CTX *ctx, struct str password,
		   unsigned char h[EVP_MAX_MD_SIZE])
{
	size_t n = digest(k->md, ctx, k->salt, utf16(a, password), h);

	for (uint64_t i = 0; n && i < k->rounds; i++) {
		char number[4] = { (char)i, (char)(i >> 8), (char)(i >> 16), (char)(i >> 24) };
		n = digest(k->md, ctx, str_from(number, 4), str_from(h, n), h);
	}
	return n;
}

/* Agile: H(H + block key), cut, or made longer with 0x36 (§2.3.4.11). */
static struct str agile_key(struct arena *a, const struct lock *k, EVP_MD_CTX *ctx, struct str h,
			    struct str block)
{
	unsigned char *out = arena_alloc(a, EVP_MAX_MD_SIZE);
	size_t n = digest(k->md, ctx, h, block, out);

	memset(out + n, 0x36, EVP_MAX_MD_SIZE - n);
	return str_from(out, k->key_bytes);
}

/* Standard: the first half of what HMAC would do, with a digest for the message (§2.3.4.7). */
static struct str standard_key(struct arena *a, const struct lock *k, EVP_MD_CTX *ctx, struct str h)
{
	unsigned char last[EVP_MAX_MD_SIZE], *out = arena_alloc(a, 2 * EVP_MAX_MD_SIZE);
	size_t n = digest(k->md, ctx, h, STR("\0\0\0\0"), last), made = 0;
	static const unsigned char pads[] = { 0x36, 0x5c };

	for (size_t p = 0; p < ARRAY_LEN(pads); p++) {
		char block[64];
		memset(block, pads[p], sizeof(block));
		for (size_t i = 0; i < n && i < sizeof(block); i++)
			block[i] = (char)((unsigned char)block[i] ^ last[i]);
		made += digest(k->md, ctx, str_from(block, sizeof(block)), STR_NONE, out + made);
	}
	return str_from(out, made < k->key_bytes ? made : k->key_bytes);
}

static const struct str block_input = STR_INIT("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79"),
			block_value = STR_INIT("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e"),
			block_key = STR_INIT("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6");

/* The key of the package, if this is the password; else "". */
static struct str open_with(struct arena *a, const struct lock *k, EVP_MD_CTX *ctx, struct str password)
{
	unsigned char h[EVP_MAX_MD_SIZE], sum[EVP_MAX_MD_SIZE], iv[SALT_MAX] = { 0 };
	struct str hash = str_from(h, spin(a, k, ctx, password, h));
	struct str input, value, key = STR_NONE;

	if (hash.n == 0)
		return STR_NONE;
	if (k->agile) {
		memcpy(iv, k->salt.p, k->salt.n);
		input = decrypt(a, agile_key(a, k, ctx, hash, block_input), iv, k->verifier);
		value = decrypt(a, agile_key(a, k, ctx, hash, block_value), iv, k->verifier_hash);
	} else {
		key = standard_key(a, k, ctx, hash);
		input = decrypt(a, key, NULL, k->verifier);
		value = decrypt(a, key, NULL, k->verifier_hash);
	}
	size_t n = digest(k->md, ctx, input, STR_NONE, sum);
	n = n < k->hash_bytes ? n : k->hash_bytes;
	if (n == 0 || value.n < n || !str_eq(str_from(sum, n), str_sub(value, 0, n)))
		return STR_NONE;
	if (k->agile)
		key = str_sub(decrypt(a, agile_key(a, k, ctx, hash, block_key), iv, k->key), 0,
			      k->package_key_bytes);
	return key;
}

/* ---- the package ---- */

static struct str open_package(struct look *l, const struct lock *k, EVP_MD_CTX *ctx, struct str key,
			       struct str package)
{
	uint64_t size = bytes_le64(package, 0);
	struct str data = str_sub(package, 8, package.n);
	char *out;
	size_t n = 0;

	if (data.n > l->room)
		return STR_NONE;
	look_took(l, data.n);
	if (!k->agile)
		return bytes_at(decrypt(l->a, key, NULL, data), 0, size);
	out = arena_alloc(l->a, data.n + 1);
	for (size_t at = 0, i = 0; at < data.n; at += SEGMENT, i++) {
		char number[4] = { (char)i, (char)(i >> 8), (char)(i >> 16), (char)(i >> 24) };
		unsigned char iv[EVP_MAX_MD_SIZE] = { 0 };
		struct arena_mark mark = arena_mark(l->a);
		if (!digest(k->package_md, ctx, k->package_salt, str_from(number, 4), iv))
			return STR_NONE;
		struct str part = decrypt(l->a, key, iv, str_sub(data, at, at + SEGMENT));
		if (part.n)
			memcpy(out + n, part.p, part.n);
		n += part.n;
		arena_rewind(l->a, mark);
	}
	return bytes_at(str_from(out, n), 0, size);
}

/* ---- what the lock says ---- */

static const EVP_MD *md_of(struct str name)
{
	static const struct {
		struct str name;
		const EVP_MD *(*md)(void);
	} mds[] = {
		{ STR_INIT("SHA512"), EVP_sha512 }, { STR_INIT("SHA384"), EVP_sha384 },
		{ STR_INIT("SHA256"), EVP_sha256 }, { STR_INIT("SHA1"), EVP_sha1 },
		{ STR_INIT("SHA-1"), EVP_sha1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(mds); i++)
		if (str_eq_nocase(name, mds[i].name))
			return mds[i].md();
	return NULL;
}

static uint64_t number_of(struct arena *a, const struct html_token *t, struct str name)
{
	int64_t v;

	return str_to_i64(xml_attr(a, t, name), &v) == OK && v > 0 ? (uint64_t)v : 0;
}

static struct str bytes_of(struct arena *a, const struct html_token *t, struct str name)
{
	struct str out;

	return base64_decode(a, xml_attr(a, t, name), &out) == OK ? out : STR_NONE;
}

static bool read_agile(struct arena *a, struct str xml, struct lock *k)
{
	struct html h = html_of(xml_text(a, xml));
	struct html_token t;
	bool aes = true;

	k->agile = true;
	while (xml_next(&h, &t)) {
		if (t.kind != HTML_START)
			continue;
		bool data = xml_is(&t, STR("keyData")), key = xml_is(&t, STR("encryptedKey"));
		if (data || key)
			aes &= str_eq_nocase(xml_attr(a, &t, STR("cipherAlgorithm")), STR("AES")) &&
			       str_eq_nocase(xml_attr(a, &t, STR("cipherChaining")), STR("ChainingModeCBC"));
		if (data) {
			k->package_salt = bytes_of(a, &t, STR("saltValue"));
			k->package_md = md_of(xml_attr(a, &t, STR("hashAlgorithm")));
			k->package_key_bytes = (size_t)number_of(a, &t, STR("keyBits")) / 8;
		} else if (key) {
			k->md = md_of(xml_attr(a, &t, STR("hashAlgorithm")));
			k->key_bytes = (size_t)number_of(a, &t, STR("keyBits")) / 8;
			k->hash_bytes = (size_t)number_of(a, &t, STR("hashSize"));
			k->rounds = number_of(a, &t, STR("spinCount"));
			k->salt = bytes_of(a, &t, STR("saltValue"));
			k->verifier = bytes_of(a, &t, STR("encryptedVerifierHashInput"));
			k->verifier_hash = bytes_of(a, &t, STR("encryptedVerifierHashValue"));
			k->key = bytes_of(a, &t, STR("encryptedKeyValue"));
		}
	}
	return aes && k->package_md && k->package_salt.n && k->package_key_bytes <= 32;
}

static bool read_standard(struct str info, struct lock *k)
{
	uint64_t header = bytes_le32(info, 8), at = 12 + header;
	uint64_t salt = bytes_le32(info, at);

	k->md = EVP_sha1();
	k->key_bytes = bytes_le32(info, 12 + 16) / 8;
	k->rounds = STANDARD_ROUNDS;
	k->salt = bytes_at(info, at + 4, salt);
	k->verifier = bytes_at(info, at + 4 + salt, BLOCK);
	k->hash_bytes = bytes_le32(info, at + 4 + salt + BLOCK);
	k->verifier_hash = bytes_at(info, at + 8 + salt + BLOCK, 2 * BLOCK);
	/* AlgID 0x660e to 0x6610: AES; 0x6801 is RC4, which is older than these documents. */
	uint32_t algorithm = bytes_le32(info, 12 + 8);
	return algorithm >= 0x660e && algorithm <= 0x6610;
}

struct str ooxml_unlock(struct look *l, struct str info, struct str package)
{
	unsigned major = bytes_le16(info, 0), minor = bytes_le16(info, 2);
	struct lock k = { 0 };
	bool known = major == 4 && minor == 4   ? read_agile(l->a, str_sub(info, 8, info.n), &k)
		     : major <= 4 && minor == 2 ? read_standard(info, &k)
						: false;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct str password, key = STR_NONE, out = STR_NONE;

	known = known && ctx && k.md && k.salt.n >= BLOCK && k.salt.n <= SALT_MAX && k.key_bytes >= 16 &&
		k.key_bytes <= 32 && k.rounds <= ROUNDS_MAX && k.verifier.n <= VERIFIER_MAX &&
		k.verifier_hash.n <= VERIFIER_MAX;
	for (size_t i = 0;
	     known && key.n == 0 && look_next_password(l, &i, (size_t)k.rounds + 1, &password);) {
		key = open_with(l->a, &k, ctx, password);
		if (key.n) {
			look_opened(l, password);
			out = open_package(l, &k, ctx, key, package);
		}
	}
	EVP_MD_CTX_free(ctx);
	return out;
}
