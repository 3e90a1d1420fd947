/*
 * PDF encryption (ISO 32000-2 §7.6) as far as it hides nothing from a reader: documents that open without a password
 * because the user's is empty are undone here, the others are locked.
 */
#ifndef FILE_PDF_CRYPT_H
#define FILE_PDF_CRYPT_H

#include "base/str.h"

struct arena;

enum pdf_cipher { PDF_PLAIN, PDF_RC4, PDF_AES };

struct pdf_crypt {
	bool present;   /* the document says it is encrypted */
	bool locked;    /* and does not open by the password, or by a method not known here */
	bool by_object; /* each object has a key of its own */
	enum pdf_cipher strings, streams;
	unsigned char key[32];
	size_t key_bytes;
};

/* What the encryption dictionary and the trailer say; strings as bytes. */
struct pdf_crypt_facts {
	struct str filter, method;            /* names: Standard; of a crypt filter: V2, AESV2, AESV3 */
	struct str streams, strings;          /* names of crypt filters; "Identity" = none */
	struct str owner, user, user_key, id; /* O, U, UE, the first of ID */
	uint64_t version, revision, bits;
	uint32_t permissions;
	bool plain_metadata;
};

/* password: the user's; "" = none, which opens most. */
struct pdf_crypt pdf_crypt_open(const struct pdf_crypt_facts *f, struct str password);

/* A string's or stream's bytes as they were; in the arena. */
struct str pdf_crypt_undo(struct arena *a, const struct pdf_crypt *c, enum pdf_cipher cipher, uint64_t number,
			  uint64_t generation, struct str bytes);

#endif
