/* Office documents with a lock (MS-OFFCRYPTO §2.3.4.10), agile, AES-128 and SHA-512, with as few rounds as a test has time for. */
#ifndef TESTS_FILE_MAKE_LOCK_H
#define TESTS_FILE_MAKE_LOCK_H

#include <openssl/evp.h>

#include "base/base64.h"
#include "file/make_ole.h"

#define MAKE_LOCK_SALT "0123456789abcdef"

static inline struct str make_sha512(struct arena *a, struct str x, struct str y)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char *out = arena_alloc(a, 64);

	ASSERT(EVP_DigestInit_ex(ctx, EVP_sha512(), NULL) && EVP_DigestUpdate(ctx, x.p, x.n) &&
	       EVP_DigestUpdate(ctx, y.p, y.n) && EVP_DigestFinal_ex(ctx, out, NULL));
	EVP_MD_CTX_free(ctx);
	return str_from(out, 64);
}

/* AES-128 in CBC mode; filled up with zeros to whole blocks. */
static inline struct str make_aes(struct arena *a, struct str key, struct str iv, struct str in)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t n = (in.n + 15) / 16 * 16;
	unsigned char *whole = arena_zalloc(a, n + 1), *out = arena_alloc(a, n + 1);
	int done = 0;

	memcpy(whole, in.p, in.n);
	ASSERT(EVP_EncryptInit_ex(ctx, EVP_aes_128_cbc(), NULL, (const unsigned char *)key.p,
				  (const unsigned char *)iv.p) &&
	       EVP_CIPHER_CTX_set_padding(ctx, 0) && EVP_EncryptUpdate(ctx, out, &done, whole, (int)n));
	EVP_CIPHER_CTX_free(ctx);
	return str_from(out, n);
}

/* password: ASCII. */
static inline struct str make_agile(struct arena *a, struct str document, const char *password,
				    unsigned rounds)
{
	static const struct str blocks[] = { STR_INIT("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79"),
					     STR_INIT("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e"),
					     STR_INIT("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6") };
	const struct str salt = STR(MAKE_LOCK_SALT), input = STR("any sixteen byte"),
			 secret = STR("the secret's key");
	struct str keys[3], plain[] = { input, make_sha512(a, input, STR("")), secret }, sealed[3];
	struct buf wide, package, info;

	buf_init(&wide, 1000);
	make_utf16(&wide, str_of(password));
	struct str h = make_sha512(a, salt, buf_str(&wide));
	for (unsigned i = 0; i < rounds; i++) {
		char number[4] = { (char)i, (char)(i >> 8), 0, 0 };
		h = make_sha512(a, str_from(number, 4), h);
	}
	for (size_t i = 0; i < 3; i++) {
		keys[i] = str_sub(make_sha512(a, h, blocks[i]), 0, 16);
		sealed[i] = base64_encode(a, make_aes(a, keys[i], salt, plain[i]));
	}
	buf_init(&package, 1u << 24);
	make_le(&package, document.n, 8);
	for (size_t at = 0, i = 0; at < document.n; at += 4096, i++) {
		char number[4] = { (char)i, 0, 0, 0 };
		struct str iv = str_sub(make_sha512(a, salt, str_from(number, 4)), 0, 16);
		buf_add(&package, make_aes(a, secret, iv, str_sub(document, at, at + 4096)));
	}
	struct str salt64 = base64_encode(a, salt);
#define MAKE_CIPHER                                                                                   \
	"keyBits=\"128\" hashSize=\"64\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" " \
	"hashAlgorithm=\"SHA512\""
	buf_init(&info, 1u << 16);
	make_le(&info, 4 | 4 << 16, 4);
	make_le(&info, 0x40, 4);
	buf_add(&info, arena_printf(a,
				    "<encryption><keyData saltSize=\"16\" blockSize=\"16\" " MAKE_CIPHER
				    " saltValue=\"%.*s\"/><keyEncryptors><keyEncryptor><p:encryptedKey "
				    "spinCount=\"%u\" " MAKE_CIPHER
				    " saltValue=\"%.*s\" encryptedVerifierHashInput=\"%.*s\" "
				    "encryptedVerifierHashValue=\"%.*s\" encryptedKeyValue=\"%.*s\"/>"
				    "</keyEncryptor></keyEncryptors></encryption>",
				    STR_ARG(salt64), rounds, STR_ARG(salt64), STR_ARG(sealed[0]),
				    STR_ARG(sealed[1]), STR_ARG(sealed[2])));
	const struct make_stream streams[] = { { STR("EncryptionInfo"), buf_str(&info) },
					       { STR("EncryptedPackage"), buf_str(&package) } };
	struct str out = make_ole(a, streams, 2, STR(""));
	buf_free(&wide);
	buf_free(&package);
	buf_free(&info);
	return out;
}

#endif
