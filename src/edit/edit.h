/*
 * What is changed in a mail that goes on: a prefix in its subject, a text at its beginning, its links (model/text_add_on.h,
 * model/link_action.h). Nothing is changed here: the result is a list of pieces of the raw mail and of what is to stand in their
 * place, in order and without overlap, for whoever passes the mail on.
 *
 * Charset and transfer encoding of a part stay; where they cannot hold what is put in, or a line would become too long, the part
 * is written anew. What is signed or encrypted is left whole, for a signature that no longer fits says the wrong thing; what is
 * only said to be is not (signed.c).
 * What is attached is not changed, nor what lies in an attached mail. Twice is once: what is there already is not put in again.
 */
#ifndef EDIT_EDIT_H
#define EDIT_EDIT_H

#include "mime/tree.h"
#include "model/verdict.h"
#include "policy/policy.h"

/* What applies to one mail. */
struct edit_job {
	const struct mime_tree *mail;
	const struct policy *policy;     /* for the URLs that are left as they are; NULL = none */
	const struct text_add_on *texts; /* NULL = none */
	unsigned labels;                 /* a bit for each enum add_on_label that it has */
	int final;                       /* that of its disposition; -1 = none speaks of it */
	struct strs reasons, threats;    /* %REASONS, %THREATS */
	int links;                       /* enum link_action_kind */
	/* Of rewritten links (click.h). */
	struct str click_url; /* "" = there is no page to lead to, and links are left */
	struct str click_key;
	int64_t account;
	struct str id; /* of the mail */
};

struct edits {
	struct edit_list list; /* at most LIMIT_EDITS, and LIMIT_EDIT_BYTES of text: ASCII, or UTF-8 */
	struct strs notes;     /* what was done and what was not, for the trace; no secrets */
};

/* Never fails: what cannot be changed is left, and said. Memory: arena. */
void edit_mail(struct arena *a, const struct edit_job *job, struct edits *out);

/* The mail as it goes on. edits: in order, without overlap, inside raw. */
struct str edit_apply(struct arena *a, struct str raw, const struct edit_list *edits);

#endif
