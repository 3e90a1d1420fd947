/* What a link looks like to its reader: the host its text names, and letters borrowed from other scripts. */
#ifndef DETECT_LINK_H
#define DETECT_LINK_H

#include "base/str.h"

struct arena;

/*
 * The host a reader believes to see in a link's visible text: the text is a URL, or a host name alone, such as
 * "www.bank.example" or "bank.example/login", or holds a URL with its scheme or "www.". Folded; empty when the text names none.
 */
struct str link_host_shown(struct arena *a, struct str text);

/*
 * True when a host (A-labels) has a label that reads as Latin and is not: Latin mixed with Cyrillic or Greek,
 * or letters of those that all look like Latin ones. *shown_out: the label in UTF-8.
 */
bool link_host_is_homograph(struct arena *a, struct str host, struct str *shown_out);

/* Four decimal numbers or an address in brackets, as url_split() writes them. */
bool link_host_is_address(struct str host);

#endif
