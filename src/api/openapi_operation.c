/* One route as an operation: parameters, body, answers. */
#include <string.h>

#include "api/answers.h"
#include "api/internal.h"
#include "api/move.h"
#include "api/openapi_internal.h"
#include "api/problem.h"
#include "api/settings.h"
#include "model/bulk_job.h"

/* On which routes a problem is met; those that are not named: where credentials are needed. */
enum { MET_SECURED, MET_ANYWHERE, MET_WITH_BODY, MET_NOWHERE };

static const unsigned char met[] = {
	[PROBLEM_BAD_HEADERS] = MET_ANYWHERE, [PROBLEM_TOO_LARGE] = MET_ANYWHERE,
	[PROBLEM_RATE] = MET_ANYWHERE,        [PROBLEM_INTERNAL] = MET_ANYWHERE,
	[PROBLEM_UNAVAILABLE] = MET_ANYWHERE, [PROBLEM_MEDIA_TYPE] = MET_WITH_BODY,
	[PROBLEM_METHOD] = MET_NOWHERE, /* of a method that is no operation */
};

/* Headers of answers, with the statuses that have them; 0 = all. */
static const struct {
	const char *name, *meaning, *type;
	unsigned status;
} headers[] = {
	{ "X-Request-Id", "names this request in the log", "string", 0 },
	{ "Ratelimit", "requests left, and seconds until there are as many as ever", "string", 0 },
	{ "Ratelimit-Policy", "requests in a window of so many seconds", "string", 0 },
	{ "x-should-retry", "false: trying again does not help", "string", 409 },
	{ "Retry-After", "seconds", "integer", 429 },
	{ "Retry-After", "seconds", "integer", 503 },
	{ "x-should-retry", "false: trying again does not help", "string", 503 },
};

static bool is_met(const struct route *r, enum problem p)
{
	unsigned char where = p < ARRAY_LEN(met) ? met[p] : MET_SECURED;

	return where == MET_ANYWHERE || (where == MET_SECURED && !(r->flags & ROUTE_OPEN)) ||
	       (where == MET_WITH_BODY && r->flags & (ROUTE_BODY | ROUTE_MAYBE));
}

/* ---- names ---- */

static struct str noun_of(const struct route *r, const struct operation *op)
{
	return op->many ? route_collection(r) : str_of(r->resource->fields->name);
}

/* "url_ignore_patterns" for people. */
static struct str in_words(struct arena *a, struct str name)
{
	char *to = arena_strndup(a, name.p, name.n);

	for (size_t i = 0; i < name.n; i++)
		to[i] = to[i] == '_' ? ' ' : to[i];
	if (str_starts(name, STR("url_")))
		memcpy(to, "URL", 3);
	return (struct str){ to, name.n };
}

static void put_names(struct document *d, const struct route *r, const struct operation *op)
{
	struct str id = str_of(op->id), summary = str_of(op->summary);
	struct str tag = str_sub(str_of(r->path), 0, str_find_char(str_of(r->path), '/', 0));

	if (!op->fields && r->resource) {
		struct str noun = noun_of(r, op);
		id = arena_printf(d->arena, "%s_%.*s", op->id, STR_ARG(noun));
		summary =
		    arena_printf(d->arena, "%s %.*s", op->summary,
				 STR_ARG(op->many ? in_words(d->arena, noun) : str_of(r->resource->noun)));
	}
	doc_text(d, "operationId", id);
	doc_text(d, "summary", summary);
	doc_open(d, "tags", '[');
	doc_item(d, r->flags & ROUTE_OPEN ? STR("server") : tag);
	doc_close(d, ']');
	if (r->flags & ROUTE_OPEN) {
		doc_open(d, "security", '[');
		doc_close(d, ']');
	} else {
		doc_text(d, "description",
			 arena_printf(d->arena, "Needs scope %.*s.",
				      STR_ARG(enum_text(&scope_names, (int)route_scope(r)))));
	}
}

/* ---- parameters ---- */

static void begin_parameter(struct document *d, const char *name, const char *meaning)
{
	doc_open(d, NULL, '{');
	doc_text(d, "name", str_of(name));
	doc_text(d, "in", STR("query"));
	doc_text(d, "description", str_of(meaning));
	doc_open(d, "schema", '{');
}

static void end_parameter(struct document *d)
{
	doc_close(d, '}');
	doc_close(d, '}');
}

static void put_order(struct document *d, const struct resource *r)
{
	doc_text(d, "type", STR("string"));
	doc_open(d, "enum", '[');
	for (size_t i = 0; i < r->n_orders; i++)
		doc_item(d, str_of(r->fields->v[r->orders[i]].name));
	doc_item(d, STR("created_at"));
	doc_close(d, ']');
}

static void put_filter(struct document *d, const struct resource *r, const struct resource_filter *filter)
{
	const struct field *f = &r->fields->v[filter->field];

	begin_parameter(d, filter->query, f->meaning);
	if (filter->repeats) {
		doc_text(d, "type", STR("array"));
		doc_open(d, "items", '{');
	}
	if (f->kind == FIELD_ENUM || f->kind == FIELD_ENUMS)
		schema_enum(d, f->ref, ((const struct enumtab *)f->ref)->n, false);
	else
		doc_text(d, "type", f->kind == FIELD_BOOL ? STR("boolean") : STR("string"));
	if (f->flags & F_UUID)
		doc_text(d, "format", STR("uuid"));
	if (filter->repeats)
		doc_close(d, '}');
	end_parameter(d);
}

static void put_parameters(struct document *d, const struct route *r, const struct operation *op)
{
	bool lists = op->query == &list_queries;

	if (!op->query)
		return;
	doc_open(d, "parameters", '[');
	for (size_t i = 0; i < op->query->fields->n; i++) {
		const struct field *f = &op->query->fields->v[i];
		begin_parameter(d, f->name, f->meaning);
		if (lists && i == list_query_F_order)
			put_order(d, r->resource);
		else
			schema_of_query(d, f, op->query);
		end_parameter(d);
	}
	for (size_t i = 0; lists && i < r->resource->n_filters; i++)
		put_filter(d, r->resource, &r->resource->filters[i]);
	doc_close(d, ']');
}

/* ---- bodies and results ---- */

static const struct fieldtab *fields_of(const struct route *r, const struct operation *op)
{
	return op->fields ? op->fields : r->resource ? r->resource->fields : NULL;
}

static struct schema schema_of(const struct route *r, const struct operation *op, enum schema_view view,
			       bool entry)
{
	return (struct schema){ fields_of(r, op), r->resource, view, entry, (r->flags & ROUTE_OURS) != 0 };
}

/* most: 0 = any number. */
static void put_only_ids(struct document *d, const char *key, size_t most)
{
	doc_open(d, key, '{');
	doc_text(d, "type", STR("array"));
	if (most)
		doc_int(d, "maxItems", (int64_t)most);
	doc_ref(d, "items", "schemas", STR("only_id"));
	doc_close(d, '}');
}

/* What stands in each array of a batch, asked and answered. */
static void put_batch(struct document *d, const struct route *r, const struct operation *op, bool answer)
{
	const enum schema_view views[] = { VIEW_ANSWER, VIEW_CHANGE, VIEW_REPLACE, VIEW_CREATE };
	size_t n = r->resource->flags & RESOURCE_BATCH_DELETES ? 1 : ARRAY_LEN(views);
	size_t most = answer ? 0 : SETTINGS_AT_ONCE; /* in one array */

	doc_text(d, "type", STR("object"));
	doc_open(d, "required", '[');
	for (size_t i = 0; i < n; i++)
		doc_item(d, str_of(settings_batch_names[i]));
	doc_close(d, ']');
	doc_open(d, "properties", '{');
	for (size_t i = 0; i < n; i++) {
		struct schema s =
		    schema_of(r, op, answer ? VIEW_ANSWER : views[i], !answer && views[i] != VIEW_CREATE);
		if (i == 0) /* deletes */
			put_only_ids(d, settings_batch_names[i], most);
		else
			schema_array_ref(d, settings_batch_names[i], &s, most);
	}
	doc_close(d, '}');
}

/* One object, or an array of them. */
static void put_either(struct document *d, const struct schema *s)
{
	doc_open(d, "oneOf", '[');
	schema_ref(d, NULL, s);
	schema_array_ref(d, NULL, s, SETTINGS_AT_ONCE);
	doc_close(d, ']');
}

static bool creates_many(const struct route *r, const struct operation *op)
{
	return op->body == BODY_CREATE && r->resource && r->resource->flags & RESOURCE_CREATE_MANY;
}

static void put_body_schema(struct document *d, const struct route *r, const struct operation *op)
{
	const enum schema_view view = op->body == BODY_CREATE   ? VIEW_CREATE
				      : op->body == BODY_CHANGE ? VIEW_CHANGE
								: VIEW_REPLACE;
	const struct schema s =
	    op->body == BODY_BULK    ? (struct schema){ &bulk_create_fields, NULL, VIEW_CREATE, false, false }
	    : op->body == BODY_MOVE  ? (struct schema){ &move_body_fields, NULL, VIEW_CREATE, false, false }
	    : op->body == BODY_MOVES ? (struct schema){ &moves_body_fields, NULL, VIEW_CREATE, false, false }
				     : schema_of(r, op, view, false);

	if (op->body == BODY_BATCH || op->body == BODY_SELECTION || op->body == BODY_MESSAGE ||
	    op->body == BODY_MESSAGES || creates_many(r, op)) {
		doc_open(d, "schema", '{');
		if (op->body == BODY_BATCH)
			put_batch(d, r, op, false);
		else if (op->body == BODY_SELECTION)
			doc_text(d, "$ref", STR("#/components/schemas/selection"));
		else if (op->body == BODY_MESSAGE)
			doc_text(d, "$ref", STR("#/components/schemas/message_id"));
		else if (op->body == BODY_MESSAGES)
			doc_text(d, "$ref", STR("#/components/schemas/message_ids"));
		else
			put_either(d, &s);
		doc_close(d, '}');
	} else {
		schema_ref(d, "schema", &s);
	}
}

static void put_body(struct document *d, const struct route *r, const struct operation *op)
{
	if (op->body == BODY_NONE)
		return;
	doc_open(d, "requestBody", '{');
	if (r->flags & ROUTE_BODY)
		doc_true(d, "required");
	doc_open(d, "content", '{');
	doc_open(d, "application/json", '{');
	put_body_schema(d, r, op);
	doc_close(d, '}');
	doc_close(d, '}');
	doc_close(d, '}');
}

static void put_result(struct document *d, const struct route *r, const struct operation *op)
{
	const struct schema s = schema_of(r, op, op->result == RESULT_MADE ? VIEW_MADE : VIEW_ANSWER, false);

	if (op->result == RESULT_ID) {
		doc_ref(d, "result", "schemas", STR("only_id"));
	} else if (op->result == RESULT_IDS) {
		put_only_ids(d, "result", 0);
	} else if (op->result == RESULT_NOTHING) {
		doc_open(d, "result", '{');
		doc_text(d, "type", STR("object"));
		doc_int(d, "maxProperties", 0);
		doc_close(d, '}');
	} else if (op->result == RESULT_BATCH || creates_many(r, op)) {
		doc_open(d, "result", '{');
		if (op->result == RESULT_BATCH)
			put_batch(d, r, op, true);
		else
			put_either(d, &s);
		doc_close(d, '}');
	} else if (op->result == RESULT_OBJECT || op->result == RESULT_MADE) {
		schema_ref(d, "result", &s);
	} else {
		schema_array_ref(d, "result", &s, 0);
	}
}

static void put_envelope(struct document *d, const struct route *r, const struct operation *op)
{
	static const struct str members[] = { STR_INIT("success"), STR_INIT("errors"), STR_INIT("messages"),
					      STR_INIT("result") };
	static const struct fieldtab *const infos[RESULT_DOCUMENT + 1] = {
		[RESULT_PAGE] = &page_info_fields,
		[RESULT_CURSOR] = &cursor_info_fields,
		[RESULT_PAGE_CURSOR] = &page_cursor_info_fields,
	};
	const struct fieldtab *info = infos[op->result];

	doc_text(d, "type", STR("object"));
	doc_open(d, "required", '[');
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		doc_item(d, members[i]);
	if (info)
		doc_item(d, STR("result_info"));
	doc_close(d, ']');
	doc_open(d, "properties", '{');
	buf_add(d->out, STR("\"success\":{\"type\":\"boolean\",\"const\":true},"
			    "\"errors\":{\"type\":\"array\",\"maxItems\":0,\"items\":{"
			    "\"$ref\":\"#/components/schemas/response_info\"}},"
			    "\"messages\":{\"type\":\"array\",\"items\":{"
			    "\"$ref\":\"#/components/schemas/response_info\"}}"));
	put_result(d, r, op);
	if (info)
		schema_ref(d, "result_info", &(struct schema){ info, NULL, VIEW_ANSWER, false, false });
	doc_close(d, '}');
}

/* ---- answers ---- */

static void put_headers(struct document *d, unsigned status)
{
	doc_open(d, "headers", '{');
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		if (headers[i].status && headers[i].status != status)
			continue;
		doc_ref(d, headers[i].name, "headers", str_of(headers[i].name));
	}
	doc_close(d, '}');
}

static void put_success(struct document *d, const struct route *r, const struct operation *op)
{
	doc_open(d, arena_printf(d->arena, "%u", op->status).p, '{');
	doc_text(d, "description", op->status == 201 ? STR("Made.") : STR("Done."));
	put_headers(d, op->status);
	doc_open(d, "content", '{');
	doc_open(d, "application/json", '{');
	doc_open(d, "schema", '{');
	if (op->result == RESULT_DOCUMENT)
		doc_text(d, "type", STR("object"));
	else
		put_envelope(d, r, op);
	doc_close(d, '}');
	doc_close(d, '}');
	doc_close(d, '}');
	doc_close(d, '}');
}

/* Statuses of problems in their order, each once: the next one above `after`, or 0. */
static unsigned next_status(unsigned after, const struct route *r)
{
	unsigned least = 0;

	for (size_t i = 0; i < problem_count; i++) {
		unsigned status = problem_rows[i].status;
		if (status > after && (!least || status < least) && (!r || is_met(r, (enum problem)i)))
			least = status;
	}
	return least;
}

static void put_nothing(struct document *d, const struct operation *op)
{
	if (!op->nothing)
		return;
	doc_open(d, "204", '{');
	doc_text(d, "description", str_of(op->nothing));
	put_headers(d, 204);
	doc_close(d, '}');
}

static void put_answers(struct document *d, const struct route *r, const struct operation *op)
{
	doc_open(d, "responses", '{');
	put_success(d, r, op);
	put_nothing(d, op);
	for (unsigned status = 0; (status = next_status(status, r)) != 0;) {
		struct str name = arena_printf(d->arena, "%u", status);
		doc_ref(d, name.p, "responses", name);
	}
	doc_close(d, '}');
}

void operation_write(struct document *d, const struct route *r, const struct operation *op)
{
	static const char *const methods[] = { "get", "post", "put", "patch", "delete" };

	doc_open(d, methods[r->method], '{');
	put_names(d, r, op);
	put_parameters(d, r, op);
	put_body(d, r, op);
	put_answers(d, r, op);
	doc_close(d, '}');
}

/* "14000 Invalid JSON", each of the status. */
static struct str codes_of(struct document *d, unsigned status)
{
	struct str text = STR("");

	for (size_t i = 0; i < problem_count; i++) {
		const struct problem_row *row = &problem_rows[i];
		if (row->status == status)
			text = arena_printf(d->arena, "%.*s%s%u %.*s", STR_ARG(text), text.n ? ". " : "",
					    row->code, STR_ARG(row->message));
	}
	return text;
}

void operation_components(struct document *d)
{
	doc_open(d, "responses", '{');
	for (unsigned status = 0; (status = next_status(status, NULL)) != 0;) {
		doc_open(d, arena_printf(d->arena, "%u", status).p, '{');
		doc_text(d, "description", codes_of(d, status));
		put_headers(d, status);
		doc_open(d, "content", '{');
		doc_open(d, "application/json", '{');
		doc_ref(d, "schema", "schemas", STR("failure"));
		doc_close(d, '}');
		doc_close(d, '}');
		doc_close(d, '}');
	}
	doc_close(d, '}');
	doc_open(d, "headers", '{');
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		size_t first = 0;
		while (strcmp(headers[first].name, headers[i].name) != 0)
			first++;
		if (first < i)
			continue;
		doc_open(d, headers[i].name, '{');
		doc_text(d, "description", str_of(headers[i].meaning));
		doc_open(d, "schema", '{');
		doc_text(d, "type", str_of(headers[i].type));
		doc_close(d, '}');
		doc_close(d, '}');
	}
	doc_close(d, '}');
}
