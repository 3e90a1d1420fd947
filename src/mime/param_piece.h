/*
 * The pieces of a value with parameters as they stand there, one after another: names with their RFC 2231 sections and
 * charset marks, values with quotes taken off. Putting them together is param.c's business.
 */
#ifndef MIME_PARAM_PIECE_H
#define MIME_PARAM_PIECE_H

#include "base/str.h"

struct arena;

#define PARAM_READINGS 8   /* of one name */
#define PARAM_SECTIONS 256 /* numbered 0 to 255; RFC 2231 §3 sets no ceiling, long names have a dozen */

struct piece {
	struct str name;  /* lower case, without "*" and section */
	struct str value; /* quotes taken off */
	struct str
	    other; /* what else some read: with the text behind the closing quote, or up to ";" inside a quote
			     that never closes; "" = nothing else */
	int section;   /* -1 = none */
	bool extended; /* name ended with "*": percent-encoded, the first section with charset'language' */
};

struct pieces {
	struct piece *v;
	size_t n;     /* at most LIMIT_PARAMS, and LIMIT_PARAMS_KNOWN of known meaning */
	bool dropped; /* there were more */
};

/* value: unfolded. *main_out: what stands before the first parameter, lower case, without comments and white space. */
struct pieces pieces_read(struct arena *a, struct str value, struct str *main_out);

#endif
