/* The document as a whole, and the answer that holds it. */
#include "api/internal.h"
#include "api/openapi_internal.h"
#include "base/hash.h"

#define DOCUMENT_MAX ((size_t)4 << 20)
#define WORK_BYTES ((size_t)64 << 20) /* while it is made */

/* ---- JSON in pieces ---- */

static void comma(struct document *d)
{
	char last = d->out->n ? d->out->p[d->out->n - 1] : '{';

	if (last != '{' && last != '[' && last != ':')
		buf_add_char(d->out, ',');
}

void doc_key(struct document *d, const char *key)
{
	comma(d);
	json_str(d->out, str_of(key));
	buf_add_char(d->out, ':');
}

void doc_open(struct document *d, const char *key, char bracket)
{
	if (key)
		doc_key(d, key);
	else
		comma(d);
	buf_add_char(d->out, bracket);
}

void doc_close(struct document *d, char bracket)
{
	buf_add_char(d->out, bracket);
}

void doc_text(struct document *d, const char *key, struct str value)
{
	doc_key(d, key);
	json_str(d->out, value);
}

void doc_int(struct document *d, const char *key, int64_t value)
{
	doc_key(d, key);
	json_int(d->out, value);
}

void doc_true(struct document *d, const char *key)
{
	doc_key(d, key);
	json_bool(d->out, true);
}

void doc_item(struct document *d, struct str text)
{
	comma(d);
	json_str(d->out, text);
}

void doc_ref(struct document *d, const char *key, const char *kind, struct str name)
{
	doc_open(d, key, '{');
	doc_text(d, "$ref", arena_printf(d->arena, "#/components/%s/%.*s", kind, STR_ARG(name)));
	doc_close(d, '}');
}

/* ---- what no table says ---- */

static const char head[] = "{\"openapi\":\"3.1.0\","
			   "\"info\":{\"title\":\"Postern\",\"version\":\"" POSTERN_VERSION "\","
			   "\"description\":\"The REST API of this email security gateway. Parameters and "
			   "keys that are not named here are "
			   "ignored, unless a body says additionalProperties: false.\","
			   "\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}},"
			   "\"servers\":[{\"url\":\"/client/v4\"},{\"url\":\"/\"}],"
			   "\"security\":[{\"api_token\":[]},{\"api_email\":[],\"api_key\":[]}]";

static const char security[] =
    "{\"api_token\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
    "\"api_email\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-Auth-Email\"},"
    "\"api_key\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-Auth-Key\"}}";

/* Ids in both forms, and the answers of problem.c. */
static const char schemas[] =
    "\"id\":{\"description\":\"A uuid or an integer: both are taken, and given is the one that the token, "
    "the account or "
    "the server is set "
    "to.\",\"oneOf\":[{\"type\":\"string\",\"format\":\"uuid\"},{\"type\":\"integer\",\"minimum\":1}]},"
    "\"only_id\":{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{"
    "\"id\":{\"$ref\":\"#/components/schemas/id\"}}},"
    "\"selection\":{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"ids\":{\"type\":\"array\",\"items\":{"
    "\"$ref\":\"#/components/schemas/id\"}}}},{\"type\":\"array\",\"items\":{"
    "\"$ref\":\"#/components/schemas/only_id\"}}]},"
    "\"message_id\":{\"anyOf\":["
    "{\"type\":\"object\",\"required\":[\"postfix_id\"],\"properties\":{\"postfix_id\":{\"type\":\"string\"}}"
    "},"
    "{\"type\":\"object\",\"required\":[\"id\"],\"properties\":{\"id\":{\"type\":\"string\"}}}]},"
    "\"message_ids\":{\"oneOf\":[{\"type\":\"object\",\"required\":[\"ids\"],\"properties\":{\"ids\":{"
    "\"$ref\":\"#/components/schemas/message_id_list\"}}},{"
    "\"$ref\":\"#/components/schemas/message_id_list\"}]},"
    "\"message_id_list\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":1000,\"items\":{\"type\":\"string\"}"
    "},"
    "\"response_info\":{\"type\":\"object\",\"required\":[\"code\",\"message\"],\"properties\":{"
    "\"code\":{\"type\":\"integer\",\"minimum\":1000},\"message\":{\"type\":\"string\"},"
    "\"source\":{\"type\":\"object\",\"required\":[\"pointer\"],\"properties\":{\"pointer\":{\"type\":"
    "\"string\","
    "\"description\":\"a JSON pointer into the body, or query/NAME\"}}},"
    "\"error_chain\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"code\",\"message\"],"
    "\"properties\":{\"code\":{\"type\":\"integer\",\"minimum\":1000},\"message\":{\"type\":\"string\"}}}}}},"
    "\"failure\":{\"type\":\"object\",\"required\":[\"success\",\"errors\",\"messages\",\"result\"],"
    "\"properties\":{"
    "\"success\":{\"type\":\"boolean\",\"const\":false},\"errors\":{\"type\":\"array\",\"minItems\":1,"
    "\"items\":{"
    "\"$ref\":\"#/components/schemas/response_info\"}},\"messages\":{\"type\":\"array\",\"items\":{"
    "\"$ref\":\"#/components/schemas/response_info\"}},\"result\":{\"type\":\"null\"}}}";

/* ---- paths ---- */

static bool is_same_place(const struct route *a, const struct route *b)
{
	const unsigned base = ROUTE_OPEN | ROUTE_OURS;

	return strcmp(a->path, b->path) == 0 && (a->flags & base) == (b->flags & base);
}

static struct str path_of(struct document *d, const struct route *r)
{
	const char *base = r->flags & ROUTE_OPEN   ? ""
			   : r->flags & ROUTE_OURS ? "/accounts/{account_id}/postern"
						   : "/accounts/{account_id}/email-security";

	return arena_printf(d->arena, "%s/%s", base, r->path);
}

static void put_path_parameter(struct document *d, const struct route *r, struct str name)
{
	doc_open(d, NULL, '{');
	doc_text(d, "name", name);
	doc_text(d, "in", STR("path"));
	doc_true(d, "required");
	if (r->resource) {
		doc_ref(d, "schema", "schemas", STR("id"));
	} else {
		doc_open(d, "schema", '{');
		doc_text(d, "type", STR("string"));
		doc_close(d, '}');
	}
	doc_close(d, '}');
}

static void put_path_parameters(struct document *d, const struct route *r)
{
	struct str path = str_of(r->path);

	if (r->flags & ROUTE_OPEN)
		return;
	doc_open(d, "parameters", '[');
	doc_ref(d, NULL, "parameters", STR("account_id"));
	for (size_t at = 0; (at = str_find_char(path, '{', at)) != SIZE_MAX; at++)
		put_path_parameter(d, r, str_sub(path, at + 1, str_find_char(path, '}', at)));
	doc_close(d, ']');
}

/* All routes of one path. */
static void put_place(struct document *d, const struct route *first)
{
	bool begun = false;

	for (const struct route *r = first; r < route_table + route_count; r++) {
		const struct operation *op = operation_of(r);
		if (!op || !is_same_place(first, r))
			continue;
		if (!begun) {
			doc_open(d, path_of(d, r).p, '{');
			put_path_parameters(d, r);
		}
		begun = true;
		operation_write(d, r, op);
	}
	if (begun)
		doc_close(d, '}');
}

static void put_paths(struct document *d)
{
	doc_open(d, "paths", '{');
	for (size_t i = 0; i < route_count; i++) {
		size_t first = 0;
		while (!is_same_place(&route_table[first], &route_table[i]))
			first++;
		if (first == i)
			put_place(d, &route_table[i]);
	}
	doc_close(d, '}');
}

static void put_components(struct document *d)
{
	doc_open(d, "components", '{');
	doc_open(d, "parameters", '{');
	buf_add_c(d->out,
		  "\"account_id\":{\"name\":\"account_id\",\"in\":\"path\",\"required\":true,\"schema\":{"
		  "\"type\":\"string\",\"pattern\":\"^[0-9a-f]{32}$\",\"minLength\":32,\"maxLength\":32}}");
	doc_close(d, '}');
	operation_components(d);
	doc_open(d, "schemas", '{');
	buf_add_c(d->out, schemas);
	schema_components(d);
	doc_close(d, '}');
	doc_key(d, "securitySchemes");
	buf_add_c(d->out, security);
	doc_close(d, '}');
}

/* ---- the whole ---- */

void openapi_make(struct openapi *o, struct arena *a)
{
	struct document d = { .out = &o->text, .arena = arena_new(WORK_BYTES, NULL, NULL) };

	buf_init(&o->text, DOCUMENT_MAX);
	buf_add_c(&o->text, head);
	put_paths(&d);
	put_components(&d);
	doc_close(&d, '}');
	ASSERT(buf_ok(&o->text));
	o->etag = arena_printf(a, "\"%.16s\"", hash_sha256_hex(d.arena, buf_str(&o->text)).p);
	arena_free(&d.arena);
}

void openapi_free(struct openapi *o)
{
	buf_free(&o->text);
}

void openapi_reply(struct request *rq)
{
	const struct openapi *o = &rq->api->openapi;

	rq->etag = o->etag;
	rq->status = str_eq(rq->headers.if_none_match, o->etag) ? 304 : 200;
	if (rq->status == 200)
		buf_add(&rq->out, buf_str(&o->text));
}
