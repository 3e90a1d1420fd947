/* Field tables as JSON Schema (draft 2020-12, which OpenAPI 3.1 takes as it is). */
#include "api/openapi_internal.h"
#include "base/limits.h"

static const char *const suffixes[] = { "", "_made", "_create", "_change", "_replace" };

static bool is_request(const struct schema *s)
{
	return s->view != VIEW_ANSWER && s->view != VIEW_MADE;
}

static struct str name_of(struct document *d, const struct schema *s)
{
	return arena_printf(d->arena, "%s%s%s", s->fields->name, suffixes[s->view], s->entry ? "_entry" : "");
}

static void remember(struct document *d, const struct schema *s)
{
	for (size_t i = 0; i < d->n_schemas; i++)
		if (d->schemas[i].fields == s->fields && d->schemas[i].view == s->view &&
		    d->schemas[i].entry == s->entry)
			return;
	ASSERT(d->n_schemas < SCHEMAS_MAX);
	d->schemas[d->n_schemas++] = *s;
}

/* VIEW_MADE is another view only where the table has secrets. */
static struct schema told_apart(const struct schema *s)
{
	struct schema same = *s;
	bool secrets = false;

	for (size_t i = 0; i < s->fields->n; i++)
		secrets = secrets || s->fields->v[i].flags & F_ONCE;
	if (s->view == VIEW_MADE && !secrets)
		same.view = VIEW_ANSWER;
	return same;
}

void schema_ref(struct document *d, const char *key, const struct schema *asked)
{
	const struct schema told = told_apart(asked), *s = &told;

	remember(d, s);
	doc_ref(d, key, "schemas", name_of(d, s));
}

void schema_array_ref(struct document *d, const char *key, const struct schema *s, size_t most)
{
	doc_open(d, key, '{');
	doc_text(d, "type", STR("array"));
	if (most)
		doc_int(d, "maxItems", (int64_t)most);
	schema_ref(d, "items", s);
	doc_close(d, '}');
}

static void put_type(struct document *d, const char *type, bool nullable)
{
	if (!nullable) {
		doc_text(d, "type", str_of(type));
		return;
	}
	doc_open(d, "type", '[');
	doc_item(d, str_of(type));
	doc_item(d, STR("null"));
	doc_close(d, ']');
}

void schema_enum(struct document *d, const struct enumtab *names, int n, bool nullable)
{
	put_type(d, "string", nullable);
	doc_open(d, "enum", '[');
	for (int i = 0; i < n; i++)
		doc_item(d, names->texts[i]);
	if (nullable)
		buf_add(d->out, STR(",null"));
	doc_close(d, ']');
}

static void put_enum(struct document *d, const struct field *f, bool nullable, bool request)
{
	const struct enumtab *names = f->ref;

	schema_enum(d, names, request && f->max ? (int)f->max : names->n, nullable);
}

/* 0 says nothing about a least size, nor INT64_MAX about a largest. */
static void put_bounds(struct document *d, const struct field *f, const char *least, const char *most)
{
	if (f->min || f->kind == FIELD_INT)
		doc_int(d, least, f->min);
	if (f->max && f->max < INT64_MAX)
		doc_int(d, most, f->max);
}

/* In hundredths; 0, 0 says nothing. */
static void put_double_bounds(struct document *d, const struct field *f)
{
	if (f->max == 0)
		return;
	doc_key(d, "minimum");
	json_double(d->out, (double)f->min / 100);
	doc_key(d, "maximum");
	json_double(d->out, (double)f->max / 100);
}

static void put_array(struct document *d, const struct field *f, bool nullable)
{
	put_type(d, "array", nullable);
	put_bounds(d, f, "minItems", "maxItems");
	if (f->kind == FIELD_ENUMS)
		doc_true(d, "uniqueItems");
}

static void put_texts(struct document *d, const struct field *f, bool nullable, bool request)
{
	put_array(d, f, nullable);
	doc_open(d, "items", '{');
	if (f->kind == FIELD_ENUMS)
		schema_enum(d, f->ref, ((const struct enumtab *)f->ref)->n, false);
	else
		put_type(d, "string", false);
	if (f->kind == FIELD_STRS && request)
		doc_int(d, "maxLength", LIMIT_JSON_ELEMENT);
	doc_close(d, '}');
}

static void put_time(struct document *d, bool zoneless, bool nullable)
{
	put_type(d, "string", nullable);
	if (zoneless)
		doc_text(d, "pattern", STR("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$"));
	else
		doc_text(d, "format", STR("date-time"));
}

/* Objects inside a request are made whole, whatever is done with the one around them. */
static void put_object(struct document *d, const struct field *f, bool nullable, bool request)
{
	const struct schema below = { f->ref, NULL, request ? VIEW_CREATE : VIEW_ANSWER, false, false };

	if (f->kind == FIELD_OBJS) {
		put_array(d, f, nullable);
		schema_ref(d, "items", &below);
	} else if (nullable) {
		doc_open(d, "anyOf", '[');
		schema_ref(d, NULL, &below);
		doc_open(d, NULL, '{');
		put_type(d, "null", false);
		doc_close(d, '}');
		doc_close(d, ']');
	} else {
		remember(d, &below);
		doc_text(d, "$ref",
			 arena_printf(d->arena, "#/components/schemas/%.*s", STR_ARG(name_of(d, &below))));
	}
}

/* Type and limits, by the kind of the field. */
static void put_kind(struct document *d, const struct field *f, bool zoneless, bool nullable, bool request)
{
	switch (f->kind) {
	case FIELD_INT:
		put_type(d, "integer", nullable);
		put_bounds(d, f, "minimum", "maximum");
		break;
	case FIELD_BOOL:
		put_type(d, "boolean", nullable);
		break;
	case FIELD_DOUBLE:
		put_type(d, "number", nullable);
		doc_text(d, "format", STR("double"));
		put_double_bounds(d, f);
		break;
	case FIELD_STR:
		put_type(d, "string", nullable);
		put_bounds(d, f, "minLength", "maxLength");
		if (f->flags & F_UUID)
			doc_text(d, "format", STR("uuid"));
		break;
	case FIELD_TIME:
		put_time(d, zoneless, nullable);
		break;
	case FIELD_ENUM:
		put_enum(d, f, nullable, request);
		break;
	case FIELD_STRS:
	case FIELD_ENUMS:
		put_texts(d, f, nullable, request);
		break;
	case FIELD_ID:
		doc_text(d, "$ref", STR("#/components/schemas/id"));
		break;
	case FIELD_OBJ:
	case FIELD_OBJS:
		put_object(d, f, nullable, request);
		break;
	case FIELD_ALIAS:
		ASSERT(false); /* an alias names a field that is one itself */
	}
}

static const struct field *target_of(const struct fieldtab *t, const struct field *f)
{
	const struct field *target = field_source(t, f);

	ASSERT(target);
	return target;
}

static bool is_shown(const struct schema *s, const struct field *f)
{
	unsigned hides =
	    F_INTERNAL | (is_request(s) ? F_READONLY : F_WRITEONLY) | (s->view == VIEW_ANSWER ? F_ONCE : 0u);

	return !((f->flags | target_of(s->fields, f)->flags) & hides);
}

static bool is_required(const struct schema *s, const struct field *f)
{
	size_t i = (size_t)(f - s->fields->v);

	if (!is_request(s))
		return !(f->flags & F_ONCE && f->flags & F_NULL); /* not every one has a secret */
	if (s->view == VIEW_CHANGE || !(f->flags & F_REQUIRED))
		return false;
	return s->view == VIEW_CREATE || (!(f->flags & F_FIXED) && !(s->resource->spared >> i & 1));
}

static bool is_nullable(const struct schema *s, const struct field *f, const struct field *target)
{
	if (is_request(s) && (f != target || target->flags & F_KEEP_NULL))
		return true;
	return (f->flags | target->flags) & F_NULL;
}

/* What the field has in a new object when the request says nothing. */
static void put_default(struct document *d, const struct schema *s, const struct field *f)
{
	const struct resource_env env = { .arena = d->arena };
	const struct json_write how = { .audience = JSON_FOR_API };
	size_t i = (size_t)(f - s->fields->v);

	if (!s->resource || !s->resource->defaults || !is_request(s) || s->view == VIEW_CHANGE)
		return;
	void *obj = arena_zalloc(d->arena, s->fields->size);
	s->resource->defaults(&env, obj);
	if (!field_has(obj, i))
		return;
	doc_key(d, "default");
	json_field_write(d->out, s->fields, i, obj, &how);
}

static void put_field(struct document *d, const struct schema *s, const struct field *f)
{
	const struct field *target = target_of(s->fields, f);

	doc_open(d, f->name, '{');
	put_kind(d, target, f->flags & F_ZONELESS, is_nullable(s, f, target), is_request(s));
	if (f == target) {
		doc_text(d, "description", str_of(f->meaning));
		put_default(d, s, f);
	} else {
		doc_text(d, "description",
			 arena_printf(d->arena, "%s: the same as %s", f->meaning, target->name));
		doc_true(d, "deprecated");
	}
	if (!is_request(s) && (f->flags | target->flags) & F_READONLY)
		doc_true(d, "readOnly");
	if (is_request(s) && f->flags & F_WRITEONLY)
		doc_true(d, "writeOnly");
	doc_close(d, '}');
}

static bool is_closed(const struct schema *s)
{
	unsigned flag = s->view == VIEW_CREATE ? RESOURCE_CLOSED : RESOURCE_CLOSED_CHANGES;

	return is_request(s) && (s->ours || (s->resource && s->resource->flags & flag));
}

static void put_required(struct document *d, const struct schema *s)
{
	bool any = s->entry;

	for (size_t i = 0; i < s->fields->n; i++)
		any = any || (is_shown(s, &s->fields->v[i]) && is_required(s, &s->fields->v[i]));
	if (!any)
		return;
	doc_open(d, "required", '[');
	if (s->entry)
		doc_item(d, STR("id"));
	for (size_t i = 0; i < s->fields->n; i++)
		if (is_shown(s, &s->fields->v[i]) && is_required(s, &s->fields->v[i]))
			doc_item(d, str_of(s->fields->v[i].name));
	doc_close(d, ']');
}

static void put_schema(struct document *d, const struct schema *s)
{
	doc_open(d, name_of(d, s).p, '{');
	doc_text(d, "type", STR("object"));
	if (s->entry)
		doc_text(d, "description", STR("An empty object is skipped."));
	put_required(d, s);
	if (is_closed(s))
		buf_add(d->out, STR(",\"additionalProperties\":false"));
	if (s->fields->n == 0)
		doc_true(d, "additionalProperties");
	doc_open(d, "properties", '{');
	if (s->entry)
		doc_ref(d, "id", "schemas", STR("id"));
	for (size_t i = 0; i < s->fields->n; i++)
		if (is_shown(s, &s->fields->v[i]))
			put_field(d, s, &s->fields->v[i]);
	doc_close(d, '}');
	doc_close(d, '}');
}

void schema_components(struct document *d)
{
	for (size_t i = 0; i < d->n_schemas; i++) {
		struct schema s = d->schemas[i];
		put_schema(d, &s);
	}
}

void schema_of_query(struct document *d, const struct field *f, const struct query_table *t)
{
	const struct json_write how = { .audience = JSON_FOR_API };
	size_t i = (size_t)(f - t->fields->v);
	void *query = arena_zalloc(d->arena, t->fields->size);

	put_kind(d, f, false, false, false);
	if (t->defaults)
		t->defaults(query);
	if (!field_has(query, i))
		return;
	doc_key(d, "default");
	json_field_write(d->out, t->fields, i, query, &how);
}
