/*
 * S/MIME parts (RFC 8551): what lies in a CMS envelope (RFC 5652). Of opaque signed data the mail inside is given; that
 * it can be read is all that counts here, no signature is verified. The kind is that of the bytes, whatever the
 * smime-type parameter says.
 */
#ifndef MIME_SMIME_H
#define MIME_SMIME_H

#include "mime/tree.h"

enum smime_kind {
	SMIME_SIGNED,    /* a mail is inside */
	SMIME_ENCRYPTED, /* enveloped, or compressed, which we cannot open */
	SMIME_OTHER,     /* certificates only, a detached signature */
	SMIME_BROKEN,    /* no CMS */
};

/* Whether the part says it is one, by its type or its name. */
bool smime_is(const struct mime_part *p);

/* Whether it says that nobody else can read it (RFC 8551 §3.2.2); most say nothing else. */
bool smime_says_encrypted(const struct mime_part *p);

/* cms: the decoded body. *inside: of SMIME_SIGNED, the MIME entity that was signed, in the arena. */
enum smime_kind smime_open(struct arena *a, struct str cms, struct str *inside);

#endif
