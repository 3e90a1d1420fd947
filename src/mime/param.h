/*
 * A header value with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1, RFC 2183), with the
 * continuations and charsets of RFC 2231 and, since everyone writes them, encoded words in values.
 *
 * Read leniently: unquoted values run to the next ";", or to white space before another parameter; a quote that never
 * closes runs to the end. What programs read in more than one way is there in each: a name that comes twice, sections
 * that come twice or leave a gap, text behind a closing quote, a value cut off by a zero byte.
 */
#ifndef MIME_PARAM_H
#define MIME_PARAM_H

#include "base/str.h"
#include "mime/defect.h"

struct arena;

struct param {
	struct str name;  /* lower case, without "*" and section number */
	struct str value; /* UTF-8, without zero bytes */
	struct str raw;   /* as written, quotes taken off: what a boundary is compared by */
};

struct params {
	struct str main; /* what stands before the first ";", lower case, without comments and white space */
	struct param *v; /* readings of one name follow each other, that of most programs first */
	size_t n;
	bool duplicate; /* a name, or a section of one, came twice with different values */
	bool dropped;   /* there were more than LIMIT_PARAMS */
};

struct params params_parse(struct arena *a, struct str value);

/* Value of a parameter as most programs read it; NULL pointer and empty when there is none. */
struct str params_get(const struct params *p, struct str name);
struct str params_get_raw(const struct params *p, struct str name);
/* The first reading of the parameter, or NULL; and the reading behind `at`. */
const struct param *params_first(const struct params *p, struct str name);
const struct param *params_next(const struct params *p, const struct param *at);

#endif
