/*
 * What is to be seen of a mail: the fields of its band, its bodies in order as mail programs choose them, the pictures that
 * belong to them, its attachments by name, and where its links lead.
 *
 * Of alternatives the last HTML is shown, else the last text. What only some programs read as a part of the mail is not
 * shown: the findings of the scan tell of it.
 */
#ifndef PREVIEW_MAIL_H
#define PREVIEW_MAIL_H

#include "mime/tree.h"

#define PREVIEW_BODIES 20
#define PREVIEW_FIELDS 5
#define PREVIEW_HOSTS 10 /* shown; more are counted */

/* A line of the band: nothing in it is invisible or turns the direction of writing, and an address is always whole enough
 * to show its domain. */
struct preview_field {
	const char *label;
	struct str text;
};

struct preview_body {
	const struct mime_part *part;
	bool html;
	struct str source; /* UTF-8 */
};

struct preview_attachment {
	const struct mime_part *part;
	struct str name; /* fit to be shown */
	size_t size;     /* decoded, about */
};

/* A host that links lead to. */
struct preview_host {
	struct str host;  /* in A-labels where it has others; behind "mail to " where a letter would go */
	struct str shown; /* another host that the text of a link to it shows; "" = none does */
	size_t links;
};

struct preview_mail {
	struct mime_tree *tree;
	struct preview_field fields[PREVIEW_FIELDS];
	size_t fields_n;
	struct preview_body bodies[PREVIEW_BODIES];
	size_t bodies_n;
	bool html; /* one of them is */
	bool encrypted;
	struct {
		struct preview_attachment *v;
		size_t n;
	} attachments;
	struct {
		struct preview_host *v;
		size_t n;
	} hosts; /* those that deceive first, then as they stand in the mail */
	size_t links, mismatched;
};

/* Never fails. raw must outlive it; all else is in the arena. */
struct preview_mail *preview_mail_read(struct arena *a, struct str raw);

/* The part that a Content-ID names; NULL = none. */
const struct mime_part *preview_mail_related(const struct preview_mail *m, struct str content_id);

/* All bodies as plain text, at most max bytes, with a line between. */
struct str preview_mail_text(struct arena *a, const struct preview_mail *m, size_t max);

/* One line in which every control character, and what turns the direction of writing or is invisible, is spelled out. */
struct str preview_visible(struct arena *a, struct str s, size_t max);

#endif
