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
	size_t file_text_left;          /* of LIMIT_FILE_TEXT */
	struct file_budget unpack;      /* of LIMIT_UNPACKED, LIMIT_MEMBERS, LIMIT_CODE_STEPS */
	bool passwords_known;           /* the texts were searched for them */
	size_t linked, opened;          /* texts whose links, attachments whose members are known */
	size_t container; /* what is found now lies in this attachment (its index + 1); 0 = in the message */
	uint16_t slots[LINK_SLOTS]; /* index + 1 of a link, by hash of href and text */
};

/* content.c: texts and attachments of one part. */
void content_look_at(struct extraction *x, const struct mime_part *p);
/* Whether a message inside the message holds the part. */
bool content_is_nested(const struct mime_part *p);

/* In what form a part is text. */
enum text_form {
	TEXT_PLAIN, /* whatever has no other form */
	TEXT_HTML,
	TEXT_ENRICHED,
	TEXT_RICHTEXT,
	TEXT_CALENDAR, /* and visiting cards */
	TEXT_LOCATION, /* of a content that is elsewhere (RFC 2046 §5.2.3) */
};
enum text_form content_form(const struct mime_part *p);

/* content_text.c: a part that is shown as text. */
void content_add_text(struct extraction *x, const struct mime_part *p);
/* content_embedded.c: the files that lie in a plain text. Gives what is left of the text. */
struct str content_take_embedded(struct extraction *x, const struct mime_part *p, struct str bytes);
/* A file of its own inside the part p: bytes[from..to) of its decoded body, encoded so. */
struct mime_part *content_embed(struct extraction *x, const struct mime_part *p, struct str bytes,
				size_t from, size_t to, enum mime_encoding encoding);
/* What a data URL in the part p holds (url/data.h). */
void content_add_data_url(struct extraction *x, const struct mime_part *p, struct str href);
/* content_attachment.c: a part that is a file. */
void content_add_attachment(struct extraction *x, const struct mime_part *p);
/* Fills in what an attachment is by its data, and puts it into the list. */
void content_push_attachment(struct extraction *x, struct mime_attachment at);
/* content_member.c: what is inside the next attachment. False: all were opened. */
bool content_open_attachment(struct extraction *x);
/* content_link.c: the links of all texts there are, of the header of a part that is a message, and of one attachment. */
void content_collect_links(struct extraction *x);
void content_collect_header_links(struct extraction *x, const struct mime_part *p);
void content_collect_file_links(struct extraction *x, const struct mime_attachment *file);
/* What QR codes say, as far as it is links; drawn: of letters or cells. */
void content_add_codes(struct extraction *x, const struct mime_text *t, const struct strs *codes, bool drawn);
/* content_code.c: codes in the pictures of the message, and those whose halves are two of them. */
void content_collect_picture_codes(struct extraction *x);
/* The codes that are drawn in a text, of letters or of cells. */
void content_collect_drawn_codes(struct extraction *x, const struct mime_text *t);

#endif
