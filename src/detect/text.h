/*
 * Text made comparable for lexicons: words in lower case without accents, one space between them, nothing else.
 *
 * Characters of scripts written without spaces (Chinese, Japanese) are words of their own. Invisible characters and marks,
 * with which words are torn apart, are dropped; letters of full width, of mathematics, in circles and the like become
 * plain ones; a word of two scripts becomes one of one script, by letters that look alike.
 */
#ifndef DETECT_TEXT_H
#define DETECT_TEXT_H

#include <stdint.h>

#include "base/str.h"

struct arena;

#define TEXT_FOLD_TAIL 16384 /* bytes of the end */
#define TEXT_FOLD_MAX 65536  /* bytes of text looked at: the message of a fraud stands in its first pages */

/*
 * The folded form of at most TEXT_FOLD_MAX bytes of each part, and of what is longer the end (TEXT_FOLD_TAIL), parts in order.
 * Begins and ends with a space. What U+202E turns stands in the order in which it is seen. What is not seen
 * (characters without a shape, spaces behind a space) is not counted.
 */
struct str text_fold(struct arena *a, const struct str *parts, size_t n);

/* The same of at most so many bytes of each. */
struct str text_fold_beginning(struct arena *a, const struct str *parts, size_t n, size_t most);

/* The same of one text, but with words of two scripts as they are. */
struct str text_fold_as_written(struct arena *a, struct str text);

/* In lower case, and each letter that looks like one of Latin is that; signs stay: for texts that may be an address. */
struct str text_as_latin(struct arena *a, struct str s);

/* Whether a character is a word by itself: scripts written without spaces (kana, ideographs, Thai). */
bool text_stands_alone(uint32_t cp);

/* Folded words as they are written: without the spaces around characters that are words by themselves. */
struct str text_without_gaps(struct arena *a, struct str folded);

/* Whether a word has no other letters than digits. */
bool text_is_number(struct str word);

#define TEXT_RUN_BITS 16

/*
 * A text in which many phrases are looked for: it also has a bit for the hash of each of its runs of four bytes, by which
 * nearly all phrases that are not there are known without looking.
 */
struct text_index {
	struct str text; /* folded; not a copy */
	uint64_t runs[(1u << TEXT_RUN_BITS) / 64];
};
void text_index_make(struct text_index *out, struct str folded);

/* Whether a phrase, or one of them, stands in the text. They are folded; those with spaces at their ends are whole words. */
bool text_has(const struct text_index *x, struct str phrase);
bool text_has_any(const struct text_index *x, const char *const *phrases, size_t n);

/* Whether the text speaks of a QR code that is to be used. */
bool text_asks_to_scan(const struct text_index *x);

/* Whether the text is one of the words. */
bool text_is_any(struct str folded, const char *const *words, size_t n);

/* The first colon of a text at or after from, the wide one of Chinese included; *after_out: behind it. SIZE_MAX = none. */
size_t text_colon(struct str text, size_t from, size_t *after_out);

/* How many words the folded text has. */
size_t text_word_count(struct str folded);

#endif
