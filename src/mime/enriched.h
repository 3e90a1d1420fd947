/* text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341 §7.1.3) as the plain text they show. */
#ifndef MIME_ENRICHED_H
#define MIME_ENRICHED_H

#include "base/str.h"

struct arena;

struct str enriched_to_text(struct arena *a, struct str text);
struct str richtext_to_text(struct arena *a, struct str text);

#endif
