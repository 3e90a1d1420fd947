/* What a mail server is to change in a mail that it passes on: pure, so that it can be tested without one. */
#ifndef MILTER_EDITS_H
#define MILTER_EDITS_H

#include "base/arena.h"
#include "base/buf.h"
#include "edit/edit.h"
#include "store/record.h"

/*
 * A header field as a milter is shown it, put back as it came: its line ends are LF there. spaced: the value has what
 * stood behind the colon; else one blank stood there.
 */
void edits_field(struct buf *out, struct str name, struct str value, bool spaced);

/* The nth field of its name, ignoring case, from 1. */
struct edit_place {
	const char *name;
	int nth;
};
struct edit_places {
	struct edit_place *v;
	size_t n;
};
/* Where the fields stand that are to be left out, the last one first, so that none moves another. */
struct edit_places edits_removed(struct arena *a, struct str mail, const struct byte_range_list *strip);

struct edit_field {
	const char *name, *value; /* lines divided by LF */
	int nth;                  /* which one gets this value; 0 = it is a new one */
};
struct edit_fields {
	struct edit_field *v;
	size_t n;
};
/*
 * The fields that are changed, with what they say then, and new ones. spaced: as above. Places are those before anything is
 * taken out.
 */
struct edit_fields edits_changed(struct arena *a, struct str mail, const struct edit_list *edits,
				 bool spaced);
/* Whether something behind the header is changed; then *out is all of that. */
bool edits_body(struct arena *a, struct str mail, const struct edit_list *edits, struct str *out);
/* The fields of a text, the last one first: each is put on top. */
struct edit_fields edits_added(struct arena *a, struct str text, bool spaced);

#endif
