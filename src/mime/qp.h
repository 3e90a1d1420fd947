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

/*
 * Where in `text` the bytes of what qp_decode makes of it stand: places[i], for the n offsets wanted[i], ascending; an offset behind
 * the last byte is the end.
 */
void qp_places(struct str text, const size_t *wanted, size_t n, size_t *places);

/*
 * Bytes as quoted-printable, in lines of at most 76 characters that end with eol; line ends in them, CRLF or LF, become eol as well.
 */
struct str qp_encode(struct arena *a, struct str bytes, struct str eol);

/* "_" is a space; no line ends. */
struct str qp_decode_word(struct arena *a, struct str text);

#endif
