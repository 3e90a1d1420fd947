/* The standard security handler with a user password. Digests and AES are OpenSSL's; RC4, which it has no more, ours. */
#include "file/pdf_crypt.h"

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/attr.h"

#define MD5_BYTES 16
#define ROUNDS_MAX 1000 /* of the hash of revision 6, which stops by chance after 64 and a few */

/* What pads passwords to 32 bytes; alone it is the empty one (algorithm 2, step a). */
static const struct str padding = STR_INIT("\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\0\x4e\x56\xff\xfa\1\x08\x2e"
					   "\x2e\0\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe"
					   "\x64\x53\x69\x7a");

static size_t digest(const EVP_MD *md, const struct str *parts, size_t n, unsigned char out[EVP_MAX_MD_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned length = 0;
	bool fine = ctx && EVP_DigestInit_ex(ctx, md, NULL);

	for (size_t i = 0; i < n && fine; i++)
		fine = EVP_DigestUpdate(ctx, parts[i].p ? parts[i].p : "", parts[i].n);
	fine = fine && EVP_DigestFinal_ex(ctx, out, &length);
	EVP_MD_CTX_free(ctx);
	return fine ? length : 0;
}

static void rc4(struct str key, const char *in, char *out, size_t n)
{
	unsigned char s[256];
	unsigned i, j = 0;

	for (i = 0; i < 256; i++)
		s[i] = (unsigned char)i;
	for (i = 0; i < 256 && key.n > 0; i++) {
		j = (j + s[i] + (unsigned char)key.p[i % key.n]) & 255;
		unsigned char t = s[i];
		s[i] = s[j];
		s[j] = t;
	}
	i = j = 0;
	for (size_t k = 0; k < n; k++) {
		i = (i + 1) & 255;
		j = (j + s[i]) & 255;
		unsigned char t = s[i];
		s[i] = s[j];
		s[j] = t;
		out[k] = (char)((unsigned char)in[k] ^ s[(s[i] + s[j]) & 255]);
	}
}

/* AES in CBC mode over whole blocks, no padding; false: it did not work. */
static bool aes(bool encrypt, struct str key, const unsigned char iv[16], const char *in, char *out, size_t n)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int done = 0;
	bool fine = ctx && n % 16 == 0 && n <= INT32_MAX &&
		    EVP_CipherInit_ex(ctx, key.n == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc(), NULL,
				      (const unsigned char *)key.p, iv, encrypt) &&
		    EVP_CIPHER_CTX_set_padding(ctx, 0) &&
		    EVP_CipherUpdate(ctx, (unsigned char *)out, &done, (const unsigned char *)in, (int)n);

	EVP_CIPHER_CTX_free(ctx);
	return fine;
}

/* ---- revisions 2 to 4: MD5 and RC4 ---- */

/* Algorithm 2: the key of a password. */
static void make_key(const struct pdf_crypt_facts *f, struct pdf_crypt *c, struct str password)
{
	char permissions[4];
	unsigned char md[EVP_MAX_MD_SIZE] = { 0 };

	for (int i = 0; i < 4; i++)
		permissions[i] = (char)(f->permissions >> 8 * i);
	password = str_sub(password, 0, padding.n);
	const struct str parts[] = { password,
				     str_sub(padding, 0, padding.n - password.n),
				     str_sub(f->owner, 0, 32),
				     str_from(permissions, 4),
				     f->id,
				     f->revision >= 4 && f->plain_metadata ? STR("\xff\xff\xff\xff")
									   : STR_NONE };
	digest(EVP_md5(), parts, ARRAY_LEN(parts), md);
	for (int i = 0; i < 50 && f->revision >= 3; i++) {
		struct str again = str_from(md, c->key_bytes);
		digest(EVP_md5(), &again, 1, md);
	}
	memcpy(c->key, md, c->key_bytes);
}

/* Algorithms 4 to 6: whether that key makes what the document has as U. */
static bool key_opens(const struct pdf_crypt_facts *f, const struct pdf_crypt *c)
{
	const struct str parts[] = { padding, f->id };
	unsigned char md[EVP_MAX_MD_SIZE] = { 0 };
	char text[32];

	if (f->revision == 2) {
		rc4(str_from(c->key, c->key_bytes), padding.p, text, 32);
		return str_eq(str_from(text, 32), str_sub(f->user, 0, 32));
	}
	digest(EVP_md5(), parts, 2, md);
	memcpy(text, md, MD5_BYTES);
	for (int i = 0; i < 20; i++) {
		char key[32];
		for (size_t k = 0; k < c->key_bytes; k++)
			key[k] = (char)(c->key[k] ^ i);
		rc4(str_from(key, c->key_bytes), text, text, MD5_BYTES);
	}
	return str_eq(str_from(text, MD5_BYTES), str_sub(f->user, 0, MD5_BYTES));
}

/* ---- revisions 5 and 6: SHA-2 and AES ---- */

#define PASSWORD_MAX 64 /* bytes; those tried are no longer */

/* Algorithm 2.B: hashing that is meant to take long. Revision 5 has only the first step. */
static void hash_salt(uint64_t revision, struct str password, struct str salt, unsigned char out[32])
{
	const EVP_MD *mds[] = { EVP_sha256(), EVP_sha384(), EVP_sha512() };
	unsigned char k[EVP_MAX_MD_SIZE] = { 0 };
	const struct str first[] = { password, salt };
	size_t n = digest(mds[0], first, 2, k);
	char many[64 * (PASSWORD_MAX + EVP_MAX_MD_SIZE)], e[sizeof(many)];

	for (unsigned i = 0; revision >= 6 && i < ROUNDS_MAX; i++) {
		unsigned sum = 0;
		size_t all = password.n + n;
		for (size_t r = 0; r < 64; r++) {
			if (password.n)
				memcpy(many + r * all, password.p, password.n);
			memcpy(many + r * all + password.n, k, n);
		}
		if (!aes(true, str_from(k, 16), k + 16, many, e, 64 * all))
			break;
		for (int b = 0; b < 16; b++)
			sum += (unsigned char)e[b];
		unsigned last = (unsigned char)e[64 * all - 1];
		struct str again = str_from(e, 64 * all);
		n = digest(mds[sum % 3], &again, 1, k);
		if (i >= 63 && last <= i - 31)
			break;
	}
	memcpy(out, k, 32);
}

static bool open_by_salt(const struct pdf_crypt_facts *f, struct pdf_crypt *c, struct str password)
{
	static const unsigned char iv[16] = { 0 };
	unsigned char hash[32];

	password = str_sub(password, 0, PASSWORD_MAX);
	hash_salt(f->revision, password, str_sub(f->user, 32, 40), hash);
	if (f->user.n < 48 || f->user_key.n < 32 || !str_eq(str_from(hash, 32), str_sub(f->user, 0, 32)))
		return false;
	hash_salt(f->revision, password, str_sub(f->user, 40, 48), hash);
	c->key_bytes = 32;
	return aes(false, str_from(hash, 32), iv, f->user_key.p, (char *)c->key, 32);
}

/* ---- the whole ---- */

static enum pdf_cipher cipher_of(const struct pdf_crypt_facts *f, struct str filter_name)
{
	if (f->version < 4)
		return PDF_RC4;
	if (str_is_empty(filter_name) || str_eq(filter_name, STR("Identity")))
		return PDF_PLAIN;
	return str_eq(f->method, STR("V2")) ? PDF_RC4 : PDF_AES;
}

struct pdf_crypt pdf_crypt_open(const struct pdf_crypt_facts *f, struct str password)
{
	struct pdf_crypt c = { .present = true, .locked = true };

	if (!str_eq(f->filter, STR("Standard")))
		return c;
	c.strings = cipher_of(f, f->strings);
	c.streams = cipher_of(f, f->streams);
	c.by_object = f->version < 5;
	c.key_bytes = f->version == 4                                     ? 16
		      : f->revision == 2 || f->bits < 40 || f->bits > 128 ? 5
									  : f->bits / 8;
	if (f->version >= 5) {
		c.locked = !open_by_salt(f, &c, password);
	} else if (f->revision >= 2 && f->revision <= 4) {
		make_key(f, &c, password);
		c.locked = !key_opens(f, &c);
	}
	return c;
}

/* Algorithm 1: the key of one object. */
static struct str object_key(const struct pdf_crypt *c, enum pdf_cipher cipher, uint64_t number,
			     uint64_t generation, unsigned char md[EVP_MAX_MD_SIZE])
{
	const char id[] = { (char)number, (char)(number >> 8), (char)(number >> 16), (char)generation,
			    (char)(generation >> 8) };
	const struct str parts[] = { str_from(c->key, c->key_bytes), str_from(id, sizeof(id)),
				     cipher == PDF_AES ? STR("sAlT") : STR_NONE };

	if (!c->by_object)
		return parts[0];
	digest(EVP_md5(), parts, 3, md);
	return str_from(md, c->key_bytes + 5 < 16 ? c->key_bytes + 5 : 16);
}

struct str pdf_crypt_undo(struct arena *a, const struct pdf_crypt *c, enum pdf_cipher cipher, uint64_t number,
			  uint64_t generation, struct str bytes)
{
	unsigned char md[EVP_MAX_MD_SIZE] = { 0 };

	if (!c->present || c->locked || cipher == PDF_PLAIN || bytes.n == 0)
		return bytes;
	struct str key = object_key(c, cipher, number, generation, md);
	char *out = arena_alloc(a, bytes.n);
	if (cipher == PDF_RC4) {
		rc4(key, bytes.p, out, bytes.n);
		return str_from(out, bytes.n);
	}
	/* The first block is the initial vector; the last byte says how many were added (1 to 16). */
	size_t n = bytes.n < 32 ? 0 : (bytes.n - 16) / 16 * 16;
	if (n == 0 || !aes(false, key, (const unsigned char *)bytes.p, bytes.p + 16, out, n))
		return STR_NONE;
	size_t added = (unsigned char)out[n - 1];
	return str_from(out, added >= 1 && added <= 16 ? n - added : n);
}
