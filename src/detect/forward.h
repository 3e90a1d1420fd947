/*
 * What a person forwarded by hand: the header that mail programs copy into the text in front of it ("From: … Sent: … To: …
 * Subject: …", in many languages), with at most a few words of the forwarder before. All of it is claimed: whoever writes a
 * mail can write that, too. So it may speak against what is forwarded, and never for anybody.
 *
 * Read as people see it: behind marks of quoting, in bold, in cells of a table, a label and its value on lines of their own,
 * or all on one line.
 */
#ifndef DETECT_FORWARD_H
#define DETECT_FORWARD_H

#include "detect/detect.h"

#define FORWARDS_MOST 4 /* one in the other: who forwards to the help desk had it from a colleague */

struct forward {
	struct identity sender; /* what it calls itself; header: "body"; an address need not be shown */
	struct str subject;     /* "" = none is copied */
	struct strs recipients; /* addresses, at most FORWARD_RECIPIENTS */
	size_t body;            /* where in the text that begins which is forwarded */
};
#define FORWARD_RECIPIENTS 8

struct forwards {
	struct forward v[FORWARDS_MOST]; /* outermost first */
	size_t n;
	size_t text; /* index in content->texts of that in which they stand */
};

/* NULL: the mail forwards nothing. In the arena. */
const struct forwards *forwards_of(const struct scan *s);

/* The text that begins behind a header of s->forwards. */
struct str forward_text(const struct scan *s, const struct forward *f);
/* The innermost of them, which was sent first; NULL: the mail forwards nothing. */
const struct forward *forward_innermost(const struct scan *s);

/*
 * Of one text, as a reader sees it. unmarked: bytes of the forwarder's own words that may stand before a header which no line
 * such as "Forwarded message" announces.
 */
void forwards_read(struct arena *a, struct str text, size_t unmarked, struct forwards *out);

/* ---- words of mail programs (forward_words.c); folded as text.h folds, without the spaces at the ends ---- */

enum forward_label {
	FORWARD_NOTHING,
	FORWARD_FROM,
	FORWARD_DATE,
	FORWARD_TO,
	FORWARD_SUBJECT,
	FORWARD_OTHER, /* Cc, Reply-To, priority, attachments */
	FORWARD_LABELS
};

#define FORWARD_LABEL_MOST 40 /* bytes of the longest label */

enum forward_label forward_label_of(struct str folded);
/* "Forwarded message" in a line. */
bool forward_is_announced(struct str folded);
/* "Fwd", "WG", "ENC" before the colon of a subject. */
bool forward_is_mark(struct str folded);
/* "Re", "AW", "RES". */
bool forward_is_answer_mark(struct str folded);
/* What a subject has before its first colon, folded; "" = none. */
struct str forward_subject_mark(struct arena *a, struct str subject);

#endif
