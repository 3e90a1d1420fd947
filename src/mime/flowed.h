/*
 * text/plain; format=flowed (RFC 3676): lines that end with a space go on in the next, so that words, and with DelSp
 * URLs, that were broken for the way are whole again.
 */
#ifndef MIME_FLOWED_H
#define MIME_FLOWED_H

#include "base/str.h"

struct arena;

/* The text with its paragraphs in one line each; quote marks stay before each paragraph. */
struct str flowed_join(struct arena *a, struct str text, bool delsp);

#endif
