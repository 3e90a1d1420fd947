/* Locking: base64 of nonce, cipher text and tag. Opening; and both for whole objects. */
#include "store/safe.h"

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/hash.h"
#include "base/random.h"

#define NONCE 12 /* random: 2^32 of them under one key are safe, an account has a few hundred */
#define TAG 16

static struct sha256 key_of(struct store *st)
{
	return hash_hmac(store_secret(st), STR("safe"));
}

static const unsigned char *bytes(struct str s)
{
	return (const unsigned char *)s.p;
}

struct str safe_lock(struct store *st, struct arena *a, struct str id, struct str text)
{
	struct sha256 key = key_of(st);
	unsigned char *out = arena_alloc(a, NONCE + text.n + TAG);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n = 0;

	random_bytes(out, NONCE);
	ASSERT(c && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key.b, out) == 1);
	ASSERT(EVP_EncryptUpdate(c, NULL, &n, bytes(id), (int)id.n) == 1);
	ASSERT(EVP_EncryptUpdate(c, out + NONCE, &n, bytes(text), (int)text.n) == 1 && (size_t)n == text.n);
	ASSERT(EVP_EncryptFinal_ex(c, out + NONCE + text.n, &n) == 1 && n == 0);
	ASSERT(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, out + NONCE + text.n) == 1);
	EVP_CIPHER_CTX_free(c);
	return base64_encode(a, str_from((const char *)out, NONCE + text.n + TAG));
}

enum err safe_open(struct store *st, struct arena *a, struct str id, struct str locked, struct str *out)
{
	struct sha256 key = key_of(st);
	struct str all;
	int n = 0;

	if (base64_decode(a, locked, &all) || all.n < NONCE + TAG)
		return ERR_DENIED;
	size_t length = all.n - NONCE - TAG;
	unsigned char *text = arena_alloc(a, length + 1), tag[TAG];
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	memcpy(tag, all.p + NONCE + length, TAG);
	ASSERT(c && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key.b, bytes(all)) == 1);
	ASSERT(EVP_DecryptUpdate(c, NULL, &n, bytes(id), (int)id.n) == 1);
	ASSERT(EVP_DecryptUpdate(c, text, &n, bytes(all) + NONCE, (int)length) == 1);
	ASSERT(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1);
	bool genuine = EVP_DecryptFinal_ex(c, text + length, &n) == 1;
	EVP_CIPHER_CTX_free(c);
	text[length] = 0;
	*out = str_from((const char *)text, length);
	return genuine ? OK : ERR_DENIED;
}

/* ---- objects ---- */

static struct str *text_at(void *obj, const struct field *f)
{
	return (struct str *)(void *)((char *)obj + f->offset);
}

/* The objects of a list, as any list of them begins: elements and their number. */
struct objects {
	char *v;
	size_t n;
};

static struct objects *objects_at(void *obj, const struct field *f)
{
	return (struct objects *)(void *)((char *)obj + f->offset);
}

/* Whether the object has this text in this field. */
static bool has_text(const struct fieldtab *t, const void *obj, size_t index, struct str text)
{
	const char *at = (const char *)obj + t->v[index].offset;

	return obj && field_has(obj, index) && str_eq(*(const struct str *)(const void *)at, text);
}

/* Elements wander: what any of those before has is locked. */
static bool is_locked(const struct fieldtab *t, const struct objects *before, size_t index, struct str text)
{
	for (size_t i = 0; before && i < before->n; i++)
		if (has_text(t, before->v + i * t->size, index, text))
			return true;
	return false;
}

static void lock_all(struct store *st, struct arena *a, const struct fieldtab *t, struct str id,
		     const struct objects *before, struct objects *all)
{
	for (size_t f = 0; f < t->n; f++) {
		const struct field *row = &t->v[f];
		for (size_t i = 0; row->kind == FIELD_STR && row->flags & F_WRITEONLY && i < all->n; i++) {
			void *obj = all->v + i * t->size;
			struct str *text = text_at(obj, row);
			if (field_has(obj, f) && !is_locked(t, before, f, *text))
				*text = safe_lock(st, a, id, *text);
		}
	}
}

void safe_lock_fields(struct store *st, struct arena *a, const struct fieldtab *t, struct str id,
		      const void *before, void *obj)
{
	struct objects old = { (char *)(uintptr_t)before, 1 }, one = { obj, 1 };

	lock_all(st, a, t, id, before ? &old : NULL, &one);
	for (size_t f = 0; f < t->n; f++) {
		const struct field *row = &t->v[f];
		const struct fieldtab *below = row->ref;
		if (row->kind != FIELD_OBJS || !field_has(obj, f))
			continue;
		struct objects *list = objects_at(obj, row);
		struct objects copy = { arena_array(a, list->n, below->size), list->n };
		if (list->n)
			memcpy(copy.v, list->v, list->n * below->size);
		*list = copy;
		lock_all(st, a, below, id,
			 before && field_has(before, f) ? objects_at((void *)(uintptr_t)before, row) : NULL,
			 list);
	}
}

static enum err open_all(struct store *st, struct arena *a, const struct fieldtab *t, struct str id,
			 const struct objects *all)
{
	enum err err = OK;

	for (size_t f = 0; f < t->n; f++) {
		const struct field *row = &t->v[f];
		for (size_t i = 0; row->flags & F_WRITEONLY && i < all->n && !err; i++) {
			void *obj = all->v + i * t->size;
			if (field_has(obj, f))
				err = safe_open(st, a, id, *text_at(obj, row), text_at(obj, row));
		}
	}
	return err;
}

enum err safe_open_fields(struct store *st, struct arena *a, const struct fieldtab *t, struct str id,
			  void *obj)
{
	const struct objects one = { obj, 1 };
	enum err err = open_all(st, a, t, id, &one);

	for (size_t f = 0; f < t->n && !err; f++)
		if (t->v[f].kind == FIELD_OBJS && field_has(obj, f))
			err = open_all(st, a, t->v[f].ref, id, objects_at(obj, &t->v[f]));
	return err;
}
