/* UTF-8 (RFC 3629): checking, stepping, and making any bytes into it. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define UTF8_REPLACEMENT 0xfffd

/* The code point at *at, which moves behind it; UTF8_REPLACEMENT and one byte for anything ill-formed. at < s.n. */
uint32_t utf8_next(struct str s, size_t *at);
bool utf8_is_valid(struct str s);
/* How many code points, each ill-formed byte being one. */
size_t utf8_length(struct str s);
/* What must not reach a terminal: C0, DEL, C1, and what turns the direction of writing. */
bool utf8_is_control(uint32_t cp);
/* What is drawn as nothing: it parts words for machines, not for people (Unicode: Default_Ignorable_Code_Point). */
bool utf8_is_invisible(uint32_t cp);
/* Writes one code point (surrogates and beyond U+10FFFF become U+FFFD); gives 1..4. */
size_t utf8_encode(uint32_t cp, char out[4]);
/* The last character first, in place. s: valid. */
void utf8_reverse(char *s, size_t n);
/* Whether a text has letters of a script that is written from right to left. */
bool utf8_has_rtl(struct str s);
void utf8_add(struct buf *b, uint32_t cp);
/* s itself when valid, else a copy with each ill-formed byte as U+FFFD. */
struct str utf8_clean(struct arena *a, struct str s);
/* How many bytes at the end (0..3) may be the beginning of a character whose rest is to come. */
size_t utf8_unfinished(struct str s);
/* The longest prefix of at most max bytes that does not cut a character. */
struct str utf8_cut(struct str s, size_t max);

#endif
