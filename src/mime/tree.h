/*
 * The part tree of a message (RFC 2045, 2046): where each part lies, what it says it is, what is wrong.
 *
 * Nothing is decoded here but parameters (content.h does bodies), with two exceptions: a message/rfc822 that is itself
 * base64 or quoted-printable, which RFC 2046 §5.2.1 forbids and senders of malware use, and what S/MIME has signed
 * (smime.h) are decoded and parsed. Never fails; limits and oddities are defects.
 *
 * Where mail programs read a mail in different ways, each reading is in the tree: parts that only some see, or see in
 * another way, are marked with the number of their reading and stand behind those that most see. Equal parts are there
 * once. So nothing can hide from this tree behind a second Content-Type or boundary.
 */
#ifndef MIME_TREE_H
#define MIME_TREE_H

#include "mime/header.h"
#include "mime/param.h"

struct mime_content; /* content.h */

#define MIME_ENCODINGS(X)                                               \
	X(ENCODING_IDENTITY, "identity") /* 7bit, 8bit, binary, none */ \
	X(ENCODING_QP, "quoted-printable")                              \
	X(ENCODING_BASE64, "base64")                                    \
	X(ENCODING_UUENCODE, "x-uuencode")                              \
	X(ENCODING_YENC, "x-yenc")                                      \
	X(ENCODING_UNKNOWN, "unknown")
ENUM_DECLARE(mime_encoding, MIME_ENCODINGS);

#define MIME_DISPOSITIONS(X) \
	X(DISPOSITION_NONE, "") X(DISPOSITION_INLINE, "inline") X(DISPOSITION_ATTACHMENT, "attachment")
ENUM_DECLARE(mime_disposition, MIME_DISPOSITIONS);

struct mime_part {
	struct mime_part *parent, *first_child, *last_child, *next; /* siblings in order */
	size_t index;                                               /* place in mime_tree.v */
	int depth;                                                  /* root 0 */
	int reading;              /* 0: as most programs read it; the readings of one mail count from 1 */
	struct str type, subtype; /* lower case; text/plain where absent or bad (RFC 2045 §5.2) */
	bool type_given;          /* a usable Content-Type stands there */
	struct params params;     /* of Content-Type */
	struct str charset;       /* as written, "" = none */
	struct str boundary;      /* of a multipart */
	enum mime_encoding encoding;
	enum mime_disposition disposition; /* anything unknown counts as attachment (RFC 2183 §2.8) */
	struct str filename; /* of Content-Disposition, else, or where only that has an extension, the name of
				Content-Type; UTF-8; "" = none */
	struct str content_id; /* without <>; "" = none */
	struct headers headers;
	struct str source; /* what the offsets below and in headers count in: the raw message, or the
			      decoded bytes of an encoded message/rfc822 */
	bool derived;      /* source is not the raw message, nor has its offsets */
	size_t raw_start;  /* place in the raw message; of the outer part where derived */
	size_t start;      /* of the part's first byte, in source */
	size_t body_start, body_length; /* raw body in source, without the line end before a boundary */
	size_t preamble_length;         /* multipart: bytes of body before the first boundary line */
	size_t epilogue_start;          /* multipart: offset in source behind the final boundary; 0 = none */
	bool doubtful;                  /* its fields say different things of it */
	bool encrypted;                 /* S/MIME or PGP: what is inside cannot be read */
};

struct mime_tree {
	struct str raw;
	struct mime_part *
	    *v;   /* in document order, a parent before its children; v[0] is the message. Other readings
				 of a part, with a first part of their own where the whole message has one, stand
				 behind what they are readings of */
	size_t n; /* 1..LIMIT_PARTS */
	size_t decoded_left; /* of LIMIT_DECODED */
	struct mime_defects defects;
	struct mime_content *content; /* NULL until content_extract() */
};

/* raw must outlive the tree; everything else is in the arena. */
struct mime_tree *mime_parse(struct arena *a, struct str raw);

/* The part's body as it was sent, still encoded. */
static inline struct str mime_part_body(const struct mime_part *p)
{
	return str_sub(p->source, p->body_start, p->body_start + p->body_length);
}

static inline const struct headers *mime_headers(const struct mime_tree *t)
{
	return &t->v[0]->headers;
}

bool mime_part_is(const struct mime_part *p, struct str type, struct str subtype);
static inline bool mime_part_is_multipart(const struct mime_part *p)
{
	return str_eq(p->type, STR("multipart"));
}

/* Transfer encoding undone, at most max bytes; a slice of the source where there is none. */
struct str mime_part_decode(struct arena *a, const struct mime_part *p, size_t max,
			    struct mime_defects *defects);

#endif
