/* What the files of the document share: JSON in pieces, and which schemas it refers to. */
#ifndef API_OPENAPI_INTERNAL_H
#define API_OPENAPI_INTERNAL_H

#include "api/openapi.h"
#include "api/operation.h"

#define SCHEMAS_MAX 256

/* One table has up to five schemas. */
enum schema_view {
	VIEW_ANSWER,  /* every field, always there */
	VIEW_MADE,    /* and the secrets that are shown once; the same where there are none */
	VIEW_CREATE,  /* what a request may set, and what it must */
	VIEW_CHANGE,  /* nothing must */
	VIEW_REPLACE, /* without what stays, and what goes without saying */
};

struct schema {
	const struct fieldtab *fields;
	const struct resource *resource; /* of a request; NULL: none */
	enum schema_view view;
	bool entry; /* of a batch: with its id */
	bool ours;  /* of an operation of our own: unknown keys are refused */
};

struct document {
	struct buf *out;
	struct arena *arena;
	struct schema schemas[SCHEMAS_MAX]; /* referred to so far, once each */
	size_t n_schemas;
};

/* ---- JSON in pieces; commas come by themselves ---- */
void doc_open(struct document *d, const char *key,
	      char bracket); /* key NULL: inside an array, or the whole */
void doc_close(struct document *d, char bracket);
void doc_key(struct document *d, const char *key);
void doc_text(struct document *d, const char *key, struct str value);
void doc_int(struct document *d, const char *key, int64_t value);
void doc_true(struct document *d, const char *key);
/* A value of an array. */
void doc_item(struct document *d, struct str text);
/* "key": {"$ref": "#/components/KIND/NAME"}; key NULL: inside an array. */
void doc_ref(struct document *d, const char *key, const char *kind, struct str name);

/* ---- schemas (openapi_schema.c) ---- */
/* "key": a reference to the schema, which will be among the components. */
void schema_ref(struct document *d, const char *key, const struct schema *s);
/* "key": an array of them. */
void schema_array_ref(struct document *d, const char *key, const struct schema *s, size_t most);
/* Inside an object: type, limits, values and meaning of one query parameter. */
void schema_of_query(struct document *d, const struct field *f, const struct query_table *t);
/* Inside an object: the first n values. */
void schema_enum(struct document *d, const struct enumtab *names, int n, bool nullable);
/* All that was referred to, and what these refer to. */
void schema_components(struct document *d);

/* ---- operations (openapi_operation.c) ---- */
struct route;
void operation_write(struct document *d, const struct route *r, const struct operation *op);
/* The answers and their headers that operations refer to. */
void operation_components(struct document *d);

#endif
