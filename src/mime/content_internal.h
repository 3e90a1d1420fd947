/* The extraction of one mail's content under way, and the files that take part in it. */
#ifndef MIME_CONTENT_INTERNAL_H
#define MIME_CONTENT_INTERNAL_H

#include "base/limits.h"
#include "mime/content.h"

#define LINK_SLOTS 4096 /* a power of two, four times LIMIT_LINKS */
_Static_assert(LINK_SLOTS >= 4 * LIMIT_LINKS, "the table of links must stay sparse");

struct extraction {
	struct arena *a;
	struct mime_tree *tree;
	struct mime_content *out;
	size_t text_left, decoded_left; /* of LIMIT_TEXT and LIMIT_DECODED */
	uint16_t slots[LINK_SLOTS];     /* index + 1 of a link, by hash of href and text */
};

/* Whether a message inside the message holds the part. */
bool content_is_nested(const struct mime_part *p);
/* S/MIME or PGP, by its type. */
bool content_is_encrypted(const struct mime_part *p);

/* content_text.c: a part that is shown as text. */
void content_add_text(struct extraction *x, const struct mime_part *p);
/* content_attachment.c: a part that is a file. */
void content_add_attachment(struct extraction *x, const struct mime_part *p);
/* content_link.c: the links of all texts there are. */
void content_collect_links(struct extraction *x);

#endif
