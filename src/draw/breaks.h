/* Where lines may end in scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean. */
#ifndef DRAW_BREAKS_H
#define DRAW_BREAKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A copy of the text, terminated, with U+200B wherever a line may end in such words, by ICU's rules and dictionaries: those that
 * Pango asks for lie in files, and a sealed process opens none but fonts. free. NULL: there are no such words.
 */
char *breaks_mark(const char *text, size_t n);

#ifdef __cplusplus
}
#endif

#endif
