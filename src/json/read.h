/*
 * JSON in (RFC 8259), strict and bounded: the one reader for request bodies, stored rows and what comes from
 * other processes of ours. A library for bodies beside it (jansson) would be a second decoder that knows the
 * same tables, and at 18 us per 2 kB too slow for rows and verdicts; so everything is read here.
 *
 * Refused: anything after the value, an object with one key twice, bytes that are not UTF-8, lone surrogates,
 * numbers beyond a double or longer than LIMIT_JSON_NUMBER, nesting deeper than LIMIT_JSON_DEPTH, more values
 * than LIMIT_JSON_NODES. "\u0000" is content.
 */
#ifndef JSON_READ_H
#define JSON_READ_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/field.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_DOUBLE, JSON_STR, JSON_ARRAY, JSON_OBJECT };

struct json {
	enum json_kind kind;
	uint32_t n;        /* ARRAY, OBJECT: how many inside */
	struct str key;    /* inside an object */
	struct json *next; /* the next value of the same array or object */
	union {
		bool b;
		int64_t i;          /* INT: without fraction and exponent, and fits */
		double d;           /* DOUBLE: any other number */
		struct str s;       /* decoded */
		struct json *first; /* ARRAY, OBJECT: the first value inside */
	};
};

/*
 * Reads a whole text. Strings without escapes point into the text, the rest into the arena: keep both.
 * ERR_SYNTAX, ERR_LIMIT (the arena's ceiling, too: arena_try): errbuf (may be NULL) says what and at which byte.
 */
MUST_CHECK enum err json_parse(struct arena *a, struct str text, struct json **out, struct errbuf *eb);

/* As above for text this program wrote itself: a repeated key is not looked for. */
MUST_CHECK enum err json_parse_stored(struct arena *a, struct str text, struct json **out, struct errbuf *eb);

/* The value of a key, or NULL. node may be of any kind. */
const struct json *json_get(const struct json *node, struct str key);
/* Its string; STR_NONE where it is none. */
struct str json_get_str(const struct json *node, struct str key);
/* The first value of its array; NULL where it is none, or empty. */
const struct json *json_get_list(const struct json *node, struct str key);

enum json_mode {
	JSON_CREATE,  /* request: required fields must be there, read-only ones are ignored */
	JSON_PATCH,   /* request: only fields given change; obj holds the object as it is */
	JSON_REPLACE, /* request: as CREATE; obj holds the fields that stay (read-only, fixed) */
	JSON_PEER, /* from another process of ours: internal and read-only fields too, every limit checked */
	JSON_STORED, /* from the store: as PEER, but lengths and what must be there are not checked again */
};

struct json_read {
	enum json_mode mode;
	bool closed;     /* unknown keys are faults */
	uint64_t spared; /* bits of fields that need not be given though they are F_REQUIRED */
};

/*
 * Fills obj, which the caller has zeroed or set to defaults, from an object by its table. Collects every
 * fault with its pointer; ERR_SYNTAX when it added one, and obj is then partly filled. given_out (may be
 * NULL): the fields the request set, older names (ALIAS) counted as their target.
 *
 * Rules: an ALIAS sets its target when that is not given itself, and satisfies its
 * requirement; a null alias is absent. null clears a field with F_NULL; with F_KEEP_NULL it counts as absent
 * in requests; else it is a fault. F_FIXED: in PATCH and REPLACE accepted only when it repeats the stored
 * value without regard to case. obj's strings point where json_parse's do.
 */
MUST_CHECK enum err json_object_read(struct arena *a, const struct fieldtab *t, const struct json *node,
				     const struct json_read *how, void *obj, uint64_t *given_out,
				     struct faults *faults);

/*
 * Both steps for text of our own (PEER or STORED). errbuf (may be NULL): the first fault. ERR_LIMIT as for json_parse;
 * obj is then partly filled with what is gone.
 */
MUST_CHECK enum err json_text_read(struct arena *a, const struct fieldtab *t, struct str text,
				   enum json_mode mode, void *obj, struct errbuf *eb);

/* The same for text of a process that may lie: more than nodes_max values are ERR_LIMIT before they take memory. */
MUST_CHECK enum err json_peer_read(struct arena *a, const struct fieldtab *t, struct str text,
				   size_t nodes_max, void *obj, struct errbuf *eb);

/*
 * An id in either form: digits as number or string, or a uuid in any case. The member not given stays empty.
 */
MUST_CHECK enum err json_ident_read(const struct json *node, struct ident *out);
/* The same from a path segment or query value. */
MUST_CHECK enum err ident_parse(struct str s, struct ident *out);

#endif
