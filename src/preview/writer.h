/*
 * The document that the cleaner writes: elements open in each other, text, lines. All that is opened is closed in order. What an
 * end tag or a new element closes on the way and browsers would open again (bold over the end of a paragraph), is opened again
 * before the next text.
 */
#ifndef PREVIEW_WRITER_H
#define PREVIEW_WRITER_H

#include "base/limits.h"
#include "html/element.h"
#include "html/token.h"
#include "preview/clean.h"

#define WRITER_AGAIN 8 /* elements opened again at one place */

struct writer_frame {
	enum html_tag tag;
	struct str name;
	const char *as;         /* what was written; NULL = nothing */
	struct html_token from; /* of what is opened again */
	bool mute, table, scope, reversed;
	int outer_padding;
	bool outer_middle;
	bool flat, outer_flat; /* of a table: its parts are blocks; so are those of the one around it */
};

struct writer {
	struct clean *c;
	size_t depth, written; /* frames; those of them that wrote something */
	size_t mute, tables, scopes;
	bool flat;     /* parts of tables that come now are blocks */
	size_t word;   /* bytes since the last place to break */
	bool line;     /* something stands on the line that is being written */
	bool broken;   /* a break ended it that is not written yet */
	bool reversed; /* letters stand from right to left now, whatever they are */
	unsigned open[HTML_TAG_COUNT], skipped[HTML_TAG_COUNT];
	struct {
		struct html_token from;
		size_t scopes; /* open when it was closed: it comes again only there */
	} again[WRITER_AGAIN];
	size_t again_n;
	struct writer_frame stack[LIMIT_HTML_DEPTH];
};

/* The name of an element that has a number. */
const char *writer_name(const struct html_token *t);

/* Whether there is room for one more element, and what comes now is seen. */
bool writer_may_add(struct writer *w);
/* Opens an element, written as another or, NULL, not at all; the rest is for clean_attributes. */
void writer_push(struct writer *w, const struct html_token *t, const char *as, bool as_block,
		 const char *class);
/* The innermost that is open. */
struct writer_frame *writer_top(struct writer *w);
/* Closes frames down to the depth. */
void writer_pop(struct writer *w, size_t depth);
/* Opens again what browsers would. */
void writer_reopen(struct writer *w);
/* Closes what ends where the element begins. */
void writer_end_implied(struct writer *w, enum html_tag opens);
/* An end tag. */
void writer_end(struct writer *w, const struct html_token *t);
/* A tag that may not stand in a drawing ended so many of them. */
void writer_leave_foreign(struct writer *w, size_t n);

/* Escaped, without control characters, in words of a length that can be measured. */
void writer_text(struct writer *w, struct str s, bool references);
/* An element comes that has no end and stands on a line: an image, a box. */
void writer_inline(struct writer *w);
void writer_break(struct writer *w);
/* The next thing begins a line. */
void writer_end_line(struct writer *w);

#endif
