/*
 * The arguments of MAIL and RCPT: Reverse-path, Forward-path and parameters (RFC 5321 §4.1.2, RFC 6531 §3.3).
 *
 * Strict, but for what RFC 5321 itself tolerates: source routes are read and dropped (§4.1.1.3, Appendix C).
 */
#ifndef SMTP_PATH_H
#define SMTP_PATH_H

#include "base/cursor.h"

/*
 * With < and >, without the source route (RFC 5321 §4.5.3.1.3). A local part may fill it: the 64 bytes of §4.5.3.1.1 are
 * what everybody must take at least, and lists that write a recipient into their sender's address need more.
 */
#define SMTP_PATH_MAX 256
#define SMTP_DOMAIN_MAX 255 /* §4.5.3.1.2 */

struct smtp_path {
	struct str address; /* between < and >; "" = the null sender; points into what was parsed */
	bool utf8;          /* holds characters beyond ASCII, well-formed */
};

enum smtp_path_kind { SMTP_PATH_SENDER, SMTP_PATH_RECIPIENT }; /* "<>" here, "<Postmaster>" there */

/* Reads "<…>" and moves behind it. ERR_SYNTAX, or ERR_LIMIT when it, or its domain, is too long. */
MUST_CHECK enum err smtp_path_parse(struct cursor *c, enum smtp_path_kind kind, struct smtp_path *out);

struct smtp_param {
	struct str key, value;
	bool has_value;
};

/* The next " KEY[=value]". ERR_ABSENT: nothing is left. ERR_SYNTAX: something else is. */
MUST_CHECK enum err smtp_param_next(struct cursor *c, struct smtp_param *out);

#endif
