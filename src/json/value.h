/* One value into one member, by the kind of its field; the inside of json_object_read. */
#ifndef JSON_VALUE_H
#define JSON_VALUE_H

#include "base/limits.h"
#include "json/read.h"

/* Where the object being read lies in the text; put together only when there is a fault to tell. */
struct json_place {
	const struct json_place *up;
	const char *key; /* NULL: an index */
	size_t index;
};

/* What is the same for all fields of one object. */
struct json_reading {
	struct arena *arena;
	const struct json_read *how;
	struct faults *faults;
	const struct json_place *place;
};

static inline bool json_is_request(const struct json_reading *r)
{
	return r->how->mode == JSON_CREATE || r->how->mode == JSON_PATCH || r->how->mode == JSON_REPLACE;
}

/* Whether another fault would be kept. */
static inline bool json_tells(const struct json_reading *r)
{
	return r->faults->n < LIMIT_FAULTS;
}

struct str json_pointer(struct json_reading *r, const struct json_place *p);
/* A fault at a key of the object being read: "pattern must be a string". Gives false. */
bool json_wrong(struct json_reading *r, const char *name, const char *what);

/* False: a fault was added, and *member is as before. */
bool json_value_read(struct json_reading *r, const struct field *f, const struct json *node, void *member);
/* In object.c, for objects inside objects. */
bool json_members_read(struct json_reading *r, const struct fieldtab *t, const struct json *node, void *obj,
		       uint64_t *given);

#endif
