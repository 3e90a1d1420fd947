/* The message that a bounce gives back. */
#ifndef SCAN_RETURNED_H
#define SCAN_RETURNED_H

#include "detect/detect.h"

/* Of a delivery report (RFC 3464) with its message or its header; all empty where it is none. */
struct returned returned_find(struct arena *a, const struct mime_tree *mail);

#endif
