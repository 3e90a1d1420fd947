/* Reading what another reader made of a mail. */
#include "mime_expect.h"

struct str expect_text(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_STR ? v->s : STR_NONE;
}

int64_t expect_number(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_INT ? v->i : 0;
}

const struct json *expect_item(const struct json *array, size_t index)
{
	const struct json *at = array && array->kind == JSON_ARRAY ? array->first : NULL;

	while (at && index-- > 0)
		at = at->next;
	return at;
}

/* The value of a part's field, of the kind asked for: the last one, which the other reader goes by. */
const struct json *expect_field(const struct json *part, struct str name, struct str kind)
{
	const struct json *headers = json_get(part, STR("headers")), *found = NULL;

	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next)
		if (str_eq(expect_text(h, STR("name")), name))
			found = json_get(h, STR("value"));
	return json_get(found, kind);
}

struct str expect_field_text(const struct json *part, struct str name)
{
	const struct json *v = expect_field(part, name, STR("Text"));

	return v && v->kind == JSON_STR ? v->s : STR_NONE;
}

static struct str attribute(const struct json *content_type, struct str name)
{
	const struct json *list = json_get(content_type, STR("attributes"));

	for (const struct json *at = list && list->kind == JSON_ARRAY ? list->first : NULL; at; at = at->next)
		if (str_eq_nocase(expect_text(at, STR("name")), name))
			return expect_text(at, STR("value"));
	return STR_NONE;
}

struct str expect_type(struct arena *a, const struct json *part, bool in_digest)
{
	const struct json *t = expect_field(part, STR("content_type"), STR("ContentType"));
	struct str subtype = expect_text(t, STR("c_subtype"));

	if (str_is_empty(subtype))
		return in_digest ? STR("message/rfc822") : STR("text/plain");
	return arena_printf(a, "%.*s/%.*s", STR_ARG(arena_lower(a, expect_text(t, STR("c_type")))),
			    STR_ARG(arena_lower(a, subtype)));
}

struct str expect_name(const struct json *part)
{
	struct str name =
	    attribute(expect_field(part, STR("content_disposition"), STR("ContentType")), STR("filename"));

	return name.n ? name
		      : attribute(expect_field(part, STR("content_type"), STR("ContentType")), STR("name"));
}

/* The body of a leaf: a text, or an array of bytes. */
struct str expect_body(struct arena *a, const struct json *part)
{
	const struct json *body = json_get(part, STR("body"));
	const struct json *value = body && body->kind == JSON_OBJECT ? body->first : NULL;

	if (!value || value->kind != JSON_ARRAY)
		return value && value->kind == JSON_STR ? value->s : STR_NONE;
	char *z = arena_alloc(a, value->n + 1);
	size_t n = 0;
	for (const struct json *byte = value->first; byte; byte = byte->next)
		z[n++] = (char)byte->i;
	return str_from(z, n);
}

bool expect_is_text(const struct json *part)
{
	const struct json *body = json_get(part, STR("body"));

	return json_get(body, STR("Text")) || json_get(body, STR("Html"));
}
