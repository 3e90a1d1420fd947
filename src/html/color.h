/*
 * Colours as attributes and style sheets name them (CSS Color 4, as far as it hides text): #rgb and its longer forms,
 * rgb() and rgba(), the names that stand near black and white and the first sixteen. Others are not known.
 */
#ifndef HTML_COLOR_H
#define HTML_COLOR_H

#include "base/str.h"

struct html_color {
	bool known;
	uint8_t r, g, b, alpha; /* alpha 0 = transparent */
};

/* text: one value, lower case or not, without outer white space. */
struct html_color html_color_read(struct str text);

/* The first colour in a value of several words, such as "url(x) #fff no-repeat"; not known when there is none. */
struct html_color html_color_find(struct str value);

/* Whether a person can tell text of one colour from a ground of the other. Both known; the text's alpha counts. */
bool html_color_differs(struct html_color text, struct html_color ground);

#endif
