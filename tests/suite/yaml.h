/*
 * Reads the part of YAML that the published suites are written in: documents, block mappings and sequences, block
 * scalars, flow sequences, plain and quoted scalars over several lines, comments. Text that is not YAML is read
 * somehow.
 */
#ifndef TESTS_AUTH_YAML_H
#define TESTS_AUTH_YAML_H

#include "base/arena.h"

struct yaml {
	enum { YAML_SCALAR, YAML_MAP, YAML_LIST } kind;
	struct str key;            /* within a mapping */
	struct str s;              /* of a scalar */
	struct yaml *first, *next; /* children; the next sibling, or the next document */
	struct yaml *last;
};

/* The first document, its siblings the others; NULL when there is none. In the arena. */
struct yaml *yaml_parse(struct arena *a, struct str text);

/* The value under a key of a mapping, or NULL. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);
/* The scalar under a key, or "". */
struct str yaml_text(const struct yaml *map, const char *key);

#endif
