/* What the files of this room share: one mail that is being changed, its links, the changes of one text. */
#ifndef EDIT_INTERNAL_H
#define EDIT_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "edit/edit.h"

/* One piece of a text, and what stands there instead. */
struct change {
	size_t start, end;
	struct str text;
};
struct changes {
	struct change *v;
	size_t n;
};

/* Bytes of a text. */
struct span {
	size_t start, end;
};

/* The links of one mail. */
struct link_editor {
	struct arena *arena;
	const struct edit_job *job;
	struct policy_ignoring *ignoring;
	struct str charset; /* of the text in hand */
	uint64_t index;     /* of the last one that was rewritten */
	size_t changed, ignored, ours, armoured,
	    longer; /* links; those that are too long to be rewritten are defanged */
};

struct editor {
	struct arena *arena;
	const struct edit_job *job;
	struct edits *out;
	struct link_editor links;
	struct str eol;    /* of the mail */
	struct str lead;   /* in front of its subject; "" = nothing */
	struct str plain;  /* at the beginning of its text, with line feeds; "" = nothing */
	struct str html;   /* likewise of HTML, in ASCII */
	size_t bytes_left; /* of LIMIT_EDIT_BYTES */
	size_t texts;      /* parts that got a text */
};

/* ---- edit.c ---- */

/* Whether all the room there is may be used, or some is to be left for making files of parts. */
enum room { ROOM_TO_CHANGE, ROOM_TO_ATTACH };
/* Adds some edits together, or none of them where there is no room; then false, and `what` is noted as left. */
bool editor_add(struct editor *e, const struct edit *v, size_t n, enum room room, const char *what);
void editor_note(struct editor *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * Whether everybody sees the header of a part end in one place. Where that of the mail ends nowhere in particular, programs look
 * for more of it in what follows, and would find what is put in there.
 */
bool has_plain_end(const struct mime_part *p);

/* ---- signed.c ---- */

/* Whether there is nothing in it that is not signed or encrypted. */
bool signed_whole(struct arena *a, const struct mime_tree *mail);
/* Sets covered[i], all false, for the parts of the mail that lie under a signature. */
void signed_mark(struct arena *a, const struct mime_tree *mail, bool *covered);
/* The next piece of a text, from `at` on, that PGP has signed or encrypted, with its armour lines. False: there is none. */
bool signed_armour(struct str text, size_t at, struct span *out);

/* ---- template.c ---- */

/* A template with what its variables stand for: in ASCII, with all but the template itself escaped, where html. */
struct str template_fill(struct arena *a, const struct edit_job *job, struct str template, bool html);
/* As HTML that shows it, in ASCII. */
struct str html_show(struct arena *a, struct str text);

/* ---- subject.c ---- */

void edit_subject(struct editor *e);

/* ---- link.c ---- */

/*
 * Whether a link is to be changed: one that leads out over the web, is not ours already and is not to be left. *url_out: where it
 * leads, whole. href: references decoded. base: what relative ones are relative to, "" = nothing.
 */
bool link_leads_out(struct link_editor *e, struct str href, struct str base, struct str *url_out);
/* The link that takes its place; of ASCII that may stand anywhere. "" = it must be defanged: it is too long. */
struct str link_rewrite(struct link_editor *e, struct str url);
/* An address, or what is seen of it, in UTF-8. */
struct str link_text(const struct link_editor *e, struct str s);

/* ---- html.c, plain.c: the changes of one text, in order. lead: to be put in at its beginning; "" = nothing. ---- */

void edit_html(struct link_editor *e, struct str document, struct str lead, struct changes *out);
void edit_plain(struct link_editor *e, struct str text, struct str lead, struct changes *out);
/* The text with its changes. */
struct str changes_apply(struct arena *a, struct str text, const struct changes *c);

/* ---- part.c ---- */

/*
 * Changes what a part shows. leads: it gets the text for the beginning. What cannot be changed is left; in mail that is found to
 * be bad it is attached instead of shown, so that nobody keeps his links and our words away by how he writes a text.
 */
void edit_part(struct editor *e, const struct mime_part *p, bool leads);

#endif
