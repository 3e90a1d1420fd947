/* Tag lists, "name=value; name=value", of signatures, keys and DMARC records (RFC 6376 §3.2). */
#ifndef AUTH_DKIM_TAG_H
#define AUTH_DKIM_TAG_H

#include "base/arena.h"

#define DKIM_TAGS_MAX 64 /* of one list; RFC 6376 defines 13 */

struct dkim_tag {
	struct str name;
	struct str value; /* white space around it taken off; may hold folding inside */
	struct str whole; /* everything between '=' and ';' */
};

/* Slices point into the text parsed. */
struct dkim_tags {
	struct dkim_tag *v;
	size_t n;
};

/* ERR_SYNTAX: not a tag list, or a name twice. ERR_LIMIT: more than DKIM_TAGS_MAX. */
MUST_CHECK enum err dkim_tags_parse(struct arena *a, struct str text, struct dkim_tags *out);

/* NULL when absent. Names are case-sensitive. */
const struct dkim_tag *dkim_tag_find(const struct dkim_tags *tags, const char *name);
/* The value, or the fallback where the tag is absent. */
struct str dkim_tag_value(const struct dkim_tags *tags, const char *name, struct str fallback);

/* The next element of a colon-separated list, trimmed; false at its end. Start with *at = 0. */
bool dkim_list_next(struct str list, size_t *at, struct str *out);
/* True when the list holds the word, ASCII case ignored. */
bool dkim_list_has(struct str list, struct str word);

#endif
