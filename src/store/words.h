/*
 * Dividing text for the search. Text is first folded (case, width, compatibility forms and invisible
 * characters: NFKC_Casefold of Unicode), so that "Ｉnvo\u00adice" is found as invoice.
 *
 * A word is a run of letters, digits and marks; an ideograph, a kana or a pictograph is a word of its own. A segment is a
 * longer piece that words are joined in by . @ : - _ +, such as an address, a host, a file name or a date.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "base/arena.h"
#include "base/str.h"

/* In the arena, or s itself. Bytes that are not UTF-8 divide words. */
struct str words_fold(struct arena *a, struct str s);

/*
 * The next one of folded text at or after *at, which moves behind it; false at the end. Slices of the text.
 */
bool words_next(struct str folded, size_t *at, struct str *word);
bool words_next_segment(struct str folded, size_t *at, struct str *segment);

/* True for a word of one character that is one by itself, such as an ideograph: it never goes on. */
bool words_is_alone(struct str word);

/* True for a segment that is looked for as a whole: it holds . @ or : or is a date such as 2024-01-05. */
bool words_is_whole(struct str segment);
/* Or is the beginning of such a date, from "2024-" on, alone or with a time behind it. */
bool words_begins_date(struct str segment);

#endif
