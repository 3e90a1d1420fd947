/*
 * What an IMAP server says (RFC 9051 §7 and §9, RFC 3501 §9): one response, taken apart. No connection is needed.
 *
 * A response is lines and literals in turn. It is kept as one text in which a literal has only its mark, "{5}" and a line
 * feed; what the literals hold stands beside it, because it may be a whole mail.
 */
#ifndef MAILBOX_IMAP_REPLY_H
#define MAILBOX_IMAP_REPLY_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/enumtab.h"

/*
 * Whether a line is followed by a literal that belongs to the response, of so many bytes. first: it is the response's
 * first line. What is said to people (OK, NO, …) has no literals, however it ends.
 */
bool imap_line_has_literal(struct str line, bool first, uint64_t *bytes_out);

enum imap_kind { IMAP_ATOM, IMAP_QUOTED, IMAP_LITERAL, IMAP_NIL, IMAP_LIST };

struct imap_value {
	enum imap_kind kind;
	struct str s;     /* ATOM, QUOTED, LITERAL */
	uint64_t missing; /* bytes of a LITERAL there was no room for: s is empty */
	struct imap_value *v;
	size_t n; /* LIST */
};

#define IMAP_STATUSES(X)   \
	X(IMAP_NONE, "")   \
	X(IMAP_OK, "OK")   \
	X(IMAP_NO, "NO")   \
	X(IMAP_BAD, "BAD") \
	X(IMAP_BYE, "BYE") \
	X(IMAP_PREAUTH, "PREAUTH")
ENUM_DECLARE(imap_status, IMAP_STATUSES);

struct imap_reply {
	enum { IMAP_UNTAGGED, IMAP_TAGGED, IMAP_CONTINUE } kind;
	struct str tag;
	/* "OK [CODE its arguments] text", with a tag and without; else IMAP_NONE */
	enum imap_status status;
	struct str code, code_rest, text; /* "" where there is none; text is of "+", too */
	/* "* 3 NAME rest", or without number */
	bool numbered;
	uint32_t number;
	struct str name, rest;
	struct imap_value *v; /* rest, taken apart; not that of SEARCH, which is numbers: imap_numbers */
	size_t n;
};

/*
 * text: all lines, a line feed between them; literals: what stood between the lines, p NULL: no room. The reply points into both, and into
 * the arena. ERR_SYNTAX; ERR_LIMIT: more values, or deeper, than limits.h allows.
 */
MUST_CHECK enum err imap_reply_parse(struct arena *a, struct str text, const struct strs *literals,
				     struct imap_reply *out);

/*
 * A value of a FETCH, which is a list of names and values in turn; NULL: not there. A name whose bracket is open stands for all
 * that begin so, for servers write what is in brackets each in their own way.
 */
const struct imap_value *imap_fetched(const struct imap_reply *r, struct str name);
/* A value that is a number; false: it is none. */
bool imap_number(const struct imap_value *v, uint32_t *out);

/* Message numbers. */
struct imap_set {
	uint32_t *v;
	size_t n;
};
/*
 * Adds what a set names, "3 7:9,12": numbers and ranges, divided by commas or spaces, in the order they are told, a
 * range's from the lower one. ERR_LIMIT: more than most together.
 */
MUST_CHECK enum err imap_numbers(struct arena *a, struct str text, size_t most, struct imap_set *set);

/* "17-Jul-1996 02:44:25 -0700" (RFC 9051 §9, date-time). */
MUST_CHECK enum err imap_date_read(struct str text, int64_t *us_out);
/* The same in UTC; whole seconds. A time before the year 1 or after 9999 becomes the nearest in it. */
struct str imap_date_time(int64_t us, char out[40]);
/* "17-Jul-1996", as searches have it. */
struct str imap_date(int64_t us, char out[40]);

#endif
