/*
 * JSON out (RFC 8259): values appended to a struct buf, and whole objects by their field tables. Never fails
 * by itself; a buffer over its ceiling shows in buf_ok(). No white space, no trailing comma handling for
 * callers: who writes an array or object by hand puts its own commas.
 */
#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include "base/buf.h"
#include "base/field.h"

/* Quoted and escaped; a byte that is not UTF-8 becomes U+FFFD. */
void json_str(struct buf *b, struct str s);
/* The same without the quotes, for text that comes in pieces; a piece ends where a character does. */
void json_str_inside(struct buf *b, struct str s);
void json_int(struct buf *b, int64_t v);
/* The shortest of 4 decimals, 15 and 17 digits that reads back as the same number; not finite = null. */
void json_double(struct buf *b, double v);
void json_bool(struct buf *b, bool v);
/* RFC 3339 in UTC with microseconds, quoted. */
void json_time(struct buf *b, int64_t us);

enum json_audience {
	JSON_FOR_API,       /* what clients see: no internal field, older names repeated */
	JSON_FOR_OURSELVES, /* store rows and other processes: internal fields too, older names left out */
};

struct json_write {
	enum json_audience audience;
	bool integer_ids; /* for the API: ids as numbers instead of uuids */
};

/* An ID alone, in the form asked for; for ourselves both: ["uuid",num]. */
void json_ident(struct buf *b, const struct ident *id, const struct json_write *how);

/*
 * The object of a table, in its order. For the API every field is present (F_ONCE: when it is set; F_WRITEONLY: never);
 * for ourselves those go without saying that are not required and whose `has` bit is clear. Where such a field is written it is null where the
 * field may be null, else its zero value ("", 0, false, [], and for an object without F_NULL its own zero
 * object; a time is then 1970).
 */
void json_object_write(struct buf *b, const struct fieldtab *t, const void *obj,
		       const struct json_write *how);
/* One field's value alone. */
void json_field_write(struct buf *b, const struct fieldtab *t, size_t index, const void *obj,
		      const struct json_write *how);

#endif
