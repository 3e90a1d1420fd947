/*
 * The OpenAPI document of this server, made from what the server itself goes by: routes and operations, field tables,
 * resource rows and the table of problems. OpenAPI 3.1, because its schemas are JSON Schema as validators know it, and
 * a field that may be null is simply of two types.
 */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include "api/request.h"

/* Made once. */
struct openapi {
	struct buf text;
	struct str etag;
};

/* The etag is in the arena, which outlives it. */
void openapi_make(struct openapi *o, struct arena *a);
void openapi_free(struct openapi *o);

/* GET /openapi.json, without credentials. */
void openapi_reply(struct request *rq);

#endif
