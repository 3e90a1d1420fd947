/*
 * A header value with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1, RFC 2183), with the
 * continuations and charsets of RFC 2231 and, since everyone writes them, encoded words in values.
 *
 * Read leniently: unquoted values run to the next ";", a quote that never closes runs to the end.
 */
#ifndef MIME_PARAM_H
#define MIME_PARAM_H

#include "base/str.h"
#include "mime/defect.h"

struct arena;

struct param {
	struct str name;  /* lower case, without "*" and section number */
	struct str value; /* UTF-8 */
	struct str raw;   /* as written, quotes taken off: what a boundary is compared by */
};

struct params {
	struct str main; /* what stands before the first ";", lower case, without comments and white space */
	struct param *v;
	size_t n;       /* at most LIMIT_PARAMS */
	bool duplicate; /* a name came twice with different values: the first is kept */
};

struct params params_parse(struct arena *a, struct str value);

/* Value of a parameter; NULL pointer and empty when there is none. */
struct str params_get(const struct params *p, struct str name);
struct str params_get_raw(const struct params *p, struct str name);

#endif
