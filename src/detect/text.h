/*
 * Text made comparable for lexicons: words in lower case without accents, one space between them, nothing else.
 *
 * Characters of scripts written without spaces (Chinese, Japanese) are words of their own. Zero-width and
 * soft-hyphen characters, with which words are torn apart, are dropped; full-width letters become plain ones.
 */
#ifndef DETECT_TEXT_H
#define DETECT_TEXT_H

#include "base/str.h"

struct arena;

#define TEXT_FOLD_MAX 65536 /* bytes of text looked at: the message of a fraud stands in its first pages */

/* The folded form of at most TEXT_FOLD_MAX bytes of each part, parts in order. Begins and ends with a space. */
struct str text_fold(struct arena *a, const struct str *parts, size_t n);

/* Whether a word has no other letters than digits. */
bool text_is_number(struct str word);

/* How many words the folded text has. */
size_t text_word_count(struct str folded);

#endif
