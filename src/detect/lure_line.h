/*
 * What makes a stranger click in a few words: a link and, beside it, a sum of money, an acquaintance, a sign that points.
 * Lines of this kind are put where forms and names are; they are read as they stand, since folding (text.h) drops signs.
 */
#ifndef DETECT_LURE_LINE_H
#define DETECT_LURE_LINE_H

#include "base/str.h"
#include "detect/host_kind.h"

struct scan;

#define LURE_LINE_MOST 600 /* bytes: a lure is a sentence and its address */

struct lure_line {
	struct str link; /* the first that leads to a stranger, as written; "" = none does */
	struct str host; /* folded */
	enum host_kind kind;
	bool cheap;
	size_t at;      /* where the link stands in the text */
	struct str sum; /* of money, as written; "" = none is named */
	bool credited;  /* it stands behind a plus, as in an account's statement */
	bool gains;     /* words of getting money: to withdraw, a balance, a day */
	bool meets;     /* words of an acquaintance that waits */
	bool calls;     /* "click here", "more info" */
	bool sign;      /* a picture or an arrow among the words */
	bool shouted;   /* words in capitals */
};

/* The mail's own texts, one in its forms; what is within other mails is theirs. Begins as { .scan = s }. */
struct lure_texts {
	const struct scan *scan;
	size_t at, read;
};

bool lure_texts_next(struct lure_texts *t, struct str *out);

/* Lines of a text, trimmed, as many as people read; what is to be clicked, or was filled in, stands first. */
struct lure_lines {
	struct str text; /* that is read */
	size_t at, read;
};

struct lure_lines lure_lines_of(struct str text);
bool lure_lines_next(struct lure_lines *l, struct str *out);

/* Of at most LURE_LINE_MOST bytes. */
struct lure_line lure_line_read(const struct scan *s, struct str text);

/* Money that is to be had, said by more than a sum. */
bool lure_line_pays(const struct lure_line *l);

/* It leads to a page that anybody gets. */
bool lure_line_is_anybodys(const struct lure_line *l);

#endif
