/*
 * Walking the bytes of a message into parts (walk.c), and what all the passes over one message share (tree.c): the
 * first, one for each part that had to be decoded, one for each other reading.
 */
#ifndef MIME_WALK_H
#define MIME_WALK_H

#include "mime/delimiter.h"
#include "mime/internal.h"

/* A part to be walked once more, in another way than the first time. */
struct again {
	struct mime_part *part;
	enum delimiter_how how; /* of its own delimiter */
};

/* All of one message. */
struct parser {
	struct arena *a;
	struct mime_tree *tree;
	struct {
		struct again *v;
		size_t n;
	} again;
	size_t again_done;  /* of them */
	size_t reread_left; /* of LIMIT_REREAD */
	int readings;       /* numbers given */
};

/* Remembers to walk the part once more, as long as there is room for other readings. */
void parser_walk_again(struct parser *ps, struct mime_part *p, enum delimiter_how how);
/* The body decoded, as far as the budget of the whole message goes. */
struct str parser_decode(struct parser *ps, const struct mime_part *p, struct mime_defects *defects);

/* Bytes that hold one part, header and body. */
struct walk_source {
	struct str bytes;
	size_t from;      /* where it begins */
	bool derived;     /* not the raw message, nor with its offsets: then */
	size_t raw_start; /* is where all of it counts as being */
};

/* Walks them to their end: a part of its own inside `parent`, or the message where that is NULL. NULL: too many. */
struct mime_part *walk_source(struct parser *ps, const struct walk_source *source, struct mime_part *parent,
			      int reading);
/* Walks once more what lies inside p, which is the last part of the tree and described; p is taken out if nothing new
 * comes of it. */
void walk_reading(struct parser *ps, struct mime_part *p, enum delimiter_how how);

#endif
