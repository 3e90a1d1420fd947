/*
 * How functions fail: eight codes, and a text beside them for people.
 *
 * The codes become SMTP replies in smtp/reply.c and HTTP answers in api/problem.c, in one switch each.
 * A check that worked is OK whatever it found: an SPF "fail" is OK with a result.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

#include "base/attr.h"

enum err {
	OK = 0,
	ERR_SYNTAX,   /* input breaks its grammar */
	ERR_LIMIT,    /* input is larger, deeper or longer than allowed */
	ERR_DENIED,   /* not allowed to this peer, principal or process */
	ERR_ABSENT,   /* the thing asked for does not exist */
	ERR_CONFLICT, /* an equal thing exists, or the state does not allow it */
	ERR_LATER,    /* temporary: disk full, peer gone, deadline over */
	ERR_BUG,      /* our own mistake */
};

/* Name of a code for logs, such as "limit". */
const char *err_name(enum err e);

/* One sentence saying what went wrong. Always terminated; cut when longer. */
struct errbuf {
	char text[512];
};

/* Sets the text and gives the code back: return err_set(eb, ERR_SYNTAX, "..."). eb may be NULL. */
enum err err_set(struct errbuf *eb, enum err e, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Ends the process after an invariant of ours is broken; never for input. */
NORETURN void bug(const char *file, int line, const char *what);

#define ASSERT(x) ((x) ? (void)0 : bug(__FILE__, __LINE__, #x))

#endif
