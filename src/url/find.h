/*
 * URLs in plain text, as mail programs and people read them: http, https, ftp, file and mailto with a scheme, "www." and
 * a known domain with a path, or alone under one of the usual ends, without; made harmless by their writer ("hxxp",
 * "http[://]", "example[.]com") and broken over lines inside <>. Punctuation that ends a sentence and brackets around a
 * URL are not part of it.
 */
#ifndef URL_FIND_H
#define URL_FIND_H

#include "base/str.h"

struct arena;

struct url_found {
	struct str text; /* the slice of the text */
	struct str url; /* what it means: with a scheme, made whole again; the slice itself or in the arena */
	bool defanged;  /* somebody had made it harmless */
	bool name_only; /* a domain alone: of many in a row none may be meant as a link */
};

/*
 * The next URL at or after *at, which moves behind it. false: no more. Together linear in the text. A URL longer than
 * URL_MAX is cut.
 */
bool url_find(struct arena *a, struct str text, size_t *at, struct url_found *out);

#endif
