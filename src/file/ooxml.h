/* Zips that are documents: OOXML (Microsoft Office) and ODF (OpenDocument). */
#ifndef FILE_OOXML_H
#define FILE_OOXML_H

#include "file/internal.h"
#include "file/zip.h"

void ooxml_read(struct look *l, const struct zip *z);
void odf_read(struct look *l, const struct zip *z);

/* What relationships load, and what fields do, anywhere in an XML text. */
void ooxml_read_relations(struct look *l, struct str xml);
void ooxml_read_fields(struct look *l, struct str xml);

#endif
