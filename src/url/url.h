/*
 * A URL taken apart as browsers do it (WHATWG URL §4.4), far enough to see where it really leads:
 * backslashes, missing or extra slashes, tabs and line ends inside, percent-encoded and numeric hosts,
 * full-width dots, letters and digits in circles.
 *
 * The host is lower-case UTF-8, not A-labels. Nothing is resolved against a base.
 */
#ifndef URL_URL_H
#define URL_URL_H

#include "base/str.h"

struct arena;

struct url {
	/* The whole of it, without white space and control characters at the ends, tabs and line ends inside. */
	struct str text;
	struct str scheme;   /* lower case, without ":"; "" = none: relative */
	struct str userinfo; /* before the host's "@", as written */
	/*
	 * Lower case, percent-decoded, dots made ".", no final one; IPv4 in dotted decimals, IPv6 in brackets;
	 * "" = none. Of mailto: the domain of the first address.
	 */
	struct str host;
	int port;            /* 0 = none or the scheme's own */
	struct str path;     /* as written; for other schemes than http, https, ftp: all behind ":" */
	struct str query;    /* without "?" */
	struct str fragment; /* without "#" */
	bool odd;            /* written to be misread: backslash, userinfo, numeric or encoded host … */
};

#define URL_MAX 8192 /* longer ones are cut (model/detections.h) */

/*
 * WHATWG URL §4.4 steps 1 to 3: without C0 controls and spaces at the ends, tabs and line ends anywhere; then cut to
 * URL_MAX. The slice itself where there is nothing to do.
 */
struct str url_clean(struct arena *a, struct str s);

/* Never fails; slices are in the arena or in s. */
struct url url_split(struct arena *a, struct str s);

/* "%41" made "A"; what encodes nothing stays. The slice itself where there is nothing to do. */
struct str url_percent_decode(struct arena *a, struct str s);

/* Whether the URL leads out over http, https or ftp and has a host. */
bool url_is_web(const struct url *u);

#endif
