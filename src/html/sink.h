/* Text as a person reads it: white space collapsed, invisible characters left out, breaks where something follows. */
#ifndef HTML_SINK_H
#define HTML_SINK_H

#include "base/buf.h"

/* Initialise b with its ceiling; free it. Breaks wait in space and line until something visible follows. */
struct html_sink {
	struct buf b;
	bool space, line;
};

/* references: they are decoded. keep_lines: line ends are breaks. */
void html_sink_put(struct html_sink *k, struct str text, bool references, bool keep_lines);

#endif
