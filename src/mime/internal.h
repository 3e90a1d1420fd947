/* What the files of this room share among themselves. */
#ifndef MIME_INTERNAL_H
#define MIME_INTERNAL_H

#include "mime/tree.h"

/* Defects of line ends and zero bytes, over the whole message (defect_scan.c). */
void defect_scan_bytes(struct str raw, struct mime_defects *d);
/* Missing and repeated fields of the message header. */
void defect_scan_fields(const struct headers *h, struct mime_defects *d);
/* Fields that another reading of the message header shows in another way count as repeated. */
void defect_compare_fields(const struct headers *h, const struct headers *other, struct mime_defects *d);

/* The fields a part is described by; any may be NULL. */
struct part_fields {
	const struct header *type, *encoding, *disposition, *id;
};

/* The first field of each name; a second one is a defect. */
struct part_fields part_fields_first(struct mime_part *p, struct mime_defects *d);
/* Fills what a part says of itself by these fields (part.c). in_digest: default type is message/rfc822. */
void part_describe(struct arena *a, struct mime_part *p, const struct part_fields *f, bool in_digest,
		   struct mime_defects *d);
/* Where in the raw message its Content-Type stands, else where it begins; and where its body does. */
size_t part_type_at(const struct mime_part *p);
size_t part_body_at(const struct mime_part *p);
/* The transfer encoding of a name, ENCODING_UNKNOWN where there is none; and a known name inside one that is not. */
enum mime_encoding encoding_of(struct str name);
enum mime_encoding encoding_inside(struct str name);

/* Whether the body is again a header and a body (RFC 2046 §5.2; a first fragment and a phantom body are, too). */
bool part_is_message(const struct mime_part *p);
/* Whether the body has to be decoded before anything is seen in it. */
bool part_is_encoded(const struct mime_part *p);

struct part_list {
	struct mime_part *v; /* copies, linked nowhere */
	size_t n;
};

/*
 * The other ways to read the closed part p by what its header says (reading.c): copies of it with another description,
 * or another end of the header.
 */
struct part_list part_readings(struct arena *a, const struct mime_part *p, bool in_digest);

/* The part lies in the same bytes and says the same of itself: nothing new comes of it. */
bool part_same(const struct mime_part *p, const struct mime_part *q);
/* ".exe": what decides what a program makes of a file. Nothing else in a name decides anything. */
struct str part_extension(struct str name);
/* Their names make the same of both. */
bool part_same_name(const struct mime_part *p, const struct mime_part *q);

/*
 * Other readings of the bytes of a whole message (reading_bytes.c): bare CR as line end, zero bytes left out, empty
 * lines before the header passed over. Gives the n of them that differ in structure; each has as many bytes as raw at
 * most.
 */
#define BYTE_READINGS_MAX 4
struct byte_reading {
	struct str bytes;
	size_t from; /* where the message begins in them */
	bool moved;  /* offsets are not those of raw */
};
size_t bytes_readings(struct arena *a, struct mime_tree *t,
		      struct byte_reading out[static BYTE_READINGS_MAX]);

#endif
