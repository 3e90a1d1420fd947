/*
 * Quoted-printable bodies and the Q form of encoded words (RFC 2045 §6.7, RFC 2047 §4.2), read leniently:
 * an "=" that encodes nothing stays as it is.
 */
#ifndef MIME_QP_H
#define MIME_QP_H

#include "base/str.h"

struct arena;

/* At most max bytes of result. bad_at_out: offset of the first "=" that encodes nothing, or SIZE_MAX. */
struct str qp_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out);

/* "_" is a space; no line ends. */
struct str qp_decode_word(struct arena *a, struct str text);

#endif
