/* Text as a person reads it: white space collapsed, invisible characters left out, breaks where something follows. */
#ifndef HTML_SINK_H
#define HTML_SINK_H

#include "base/buf.h"

#define HTML_TURNS 4 /* in each other; deeper ones are read as they are written */

/* Initialise b with its ceiling; free it. Breaks wait in space and line until something visible follows. */
struct html_sink {
	struct buf b;
	bool space, line;
	struct {
		size_t from;
		bool element; /* of one; else of U+202E, which ends with its line */
	} turns[HTML_TURNS];
	size_t turns_n;
	long turned; /* bytes that are shown in other order than they are written */
	struct {
		size_t from, n;
	} longest; /* run of them */
};

/*
 * From here on the letters are shown from right to left, whatever their script (an override, UAX #9 §3.3.2), until
 * html_sink_turn_back(), each line by itself; text of scripts that are written so stays. False: too many in each other.
 */
bool html_sink_turn(struct html_sink *k);
/* Gives where what was turned begins. */
size_t html_sink_turn_back(struct html_sink *k);

/* references: they are decoded. keep_lines: line ends are breaks. */
void html_sink_put(struct html_sink *k, struct str text, bool references, bool keep_lines);

#endif
