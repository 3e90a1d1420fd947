/*
 * The delimiter lines of multiparts (RFC 2046 §5.1.1), and which of those that are open a line belongs to.
 *
 * A line is compared with all open multiparts at once, so a message is passed once whatever its nesting. The longest
 * delimiter that fits wins; of equal ones the outermost, since an outer boundary ends all that is inside.
 */
#ifndef MIME_DELIMITER_H
#define MIME_DELIMITER_H

#include "base/limits.h"
#include "mime/tree.h"

/* How strictly lines are compared. */
enum delimiter_how {
	DELIMITER_EXACT, /* the delimiter and white space */
	DELIMITER_LOOSE, /* whatever begins with it: programs that do not look at the line's end */
	DELIMITER_ANY,   /* any "--" line before a Content-* field: the boundary is not known */
};

struct open_multipart {
	struct mime_part *part;
	struct str delimiter; /* "--" and the boundary */
	enum delimiter_how how;
	bool begun, ended; /* the first, the final delimiter was met */
	bool resembled;    /* a line began with the delimiter and went on */
};

struct open_multiparts {
	struct open_multipart v[LIMIT_DEPTH]; /* outermost first */
	size_t n;
};

/* A line that begins with "--". */
struct dash_line {
	size_t start; /* of the line end before it, which belongs to a delimiter */
	size_t line;  /* of "--" */
	size_t after; /* of the next line */
	struct str text;
};

/* The first one that begins in source[at..to), where `at` begins a line. */
bool dash_line_find(struct str source, size_t at, size_t to, struct dash_line *out);

/* The multipart whose delimiter the line is, or NULL. *final: it closes it. next: the source from the next line on. */
struct open_multipart *delimiter_match(struct open_multiparts *open, struct str text, struct str next,
				       bool *final);

#endif
