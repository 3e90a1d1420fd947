/* Text of others in HTML of ours: nothing in it marks anything up, ends an attribute or is written in another way than ASCII. */
#ifndef HTML_ESCAPE_H
#define HTML_ESCAPE_H

#include "base/buf.h"

/* One character; a control character is a space. */
void html_escape_char(struct buf *b, uint32_t c);
/* All of it; what is no UTF-8 shows as U+FFFD. */
void html_escape(struct buf *b, struct str text);

#endif
