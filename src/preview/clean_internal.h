/* What the files of the cleaner share. */
#ifndef PREVIEW_CLEAN_INTERNAL_H
#define PREVIEW_CLEAN_INTERNAL_H

#include "html/token.h"
#include "preview/clean.h"

#define ATTR_BYTES 4096 /* of one attribute looked at; an image's address may be longer */

/* Text for inside a document or an attribute: escaped, without control characters. */
void clean_escaped(struct buf *b, struct str s);

/*
 * The attributes of a tag that are drawn. as_block: written as another element, to which the old attributes for colour and
 * alignment mean nothing. class: ours, beside those of the tag; NULL = none.
 */
void clean_attributes(struct clean *c, const struct html_token *t, struct buf *out, bool as_block,
		      const char *class);

/* A length in pixels; -1: a share, or no number. */
int clean_pixels(struct str value);

#endif
