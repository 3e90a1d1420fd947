/*
 * Encoded words in header fields (RFC 2047), read as mail programs read them: white space inside, missing
 * padding, words longer than 75 characters and words glued to other text are accepted.
 *
 * Adjacent words of one charset are joined before conversion, since many senders cut characters in two, and base64 in
 * the middle of a group.
 */
#ifndef MIME_ENCODED_WORD_H
#define MIME_ENCODED_WORD_H

#include "base/str.h"

struct arena;

/*
 * A header value as text: unfolded, words decoded, always UTF-8 (bytes outside words: UTF-8, else
 * windows-1252). NUL and line ends that were encoded become spaces, so the result is one line.
 */
struct str encoded_word_decode(struct arena *a, struct str value);

/* The same where bytes that are no UTF-8 are probably of this charset: it is taken where it has all of them. */
struct str encoded_word_decode_in(struct arena *a, struct str value, struct str charset);

#endif
