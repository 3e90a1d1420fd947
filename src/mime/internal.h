/* What the files of this room share among themselves. */
#ifndef MIME_INTERNAL_H
#define MIME_INTERNAL_H

#include "mime/tree.h"

/* Defects of line ends and zero bytes, over the whole message (defect_scan.c). */
void defect_scan_bytes(struct str raw, struct mime_defects *d);
/* Missing and repeated fields of the message header. */
void defect_scan_fields(const struct headers *h, struct mime_defects *d);

/* Fills what a part says of itself from its headers (part.c). in_digest: default type is message/rfc822. */
void part_describe(struct arena *a, struct mime_part *p, bool in_digest, struct mime_defects *d);

#endif
