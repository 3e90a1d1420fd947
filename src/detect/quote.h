/*
 * What the author of an answer, a forward or a bounce wrote himself, and what he quotes. People quote lures to say what they are,
 * and mail servers give back whatever did not arrive: what only the quotation says weighs less there.
 *
 * Anybody can write ">" or "Forwarded message" in front of a lure. So it holds for those alone whose quoting is to be believed:
 * people of the house, correspondents, who answers what the account sent, and a bounce of it. Where nothing is known of the
 * past and nothing can be proved, an answer or a bounce is believed by its form.
 */
#ifndef DETECT_QUOTE_H
#define DETECT_QUOTE_H

#include "detect/detect.h"

/* Where in a text, as a reader sees it, its author's words end; SIZE_MAX: it quotes nothing. Lines behind ">" are no end. */
size_t quote_begins(struct arena *a, struct str text);

/*
 * Takes weight off what detect_run found, where it would not have been found without what is quoted. What a file is, what the
 * header is, and who goes on with somebody's conversation, is not touched.
 */
void quote_weigh(const struct scan *s, struct findings *out);

#endif
