/* The document: JSON, the same each time, and with every route in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/internal.h"
#include "api/operation.h"

static const struct json *read_document(struct arena *a, struct openapi *o)
{
	struct json *document;

	openapi_make(o, a);
	assert_int_equal(json_parse(a, buf_str(&o->text), &document, NULL), OK);
	return document;
}

static const char *base_of(const struct route *r)
{
	if (r->flags & ROUTE_OPEN)
		return "";
	return r->flags & ROUTE_OURS ? "/accounts/{account_id}/postern"
				     : "/accounts/{account_id}/email-security";
}

static void every_route_is_in_it(void **state)
{
	static const char *const methods[] = { "get", "post", "put", "patch", "delete" };
	struct arena *a = arena_new((size_t)64 << 20, NULL, NULL);
	struct openapi o;
	const struct json *paths = json_get(read_document(a, &o), STR("paths"));
	(void)state;

	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &route_table[i];
		if (r->flags & ROUTE_PAGE)
			continue;
		if (!operation_of(r))
			fail_msg("%s: its handler has no row in src/api/operations.c", r->path);
		struct str where = arena_printf(a, "%s/%s", base_of(r), r->path);
		const struct json *item = json_get(paths, where);
		if (!item || !json_get(item, str_of(methods[r->method])))
			fail_msg("%s is not in the document", where.p);
	}
	openapi_free(&o);
	arena_free(&a);
}

static void it_is_the_same_each_time(void **state)
{
	struct arena *a = arena_new((size_t)64 << 20, NULL, NULL);
	struct openapi one, two;
	(void)state;

	read_document(a, &one);
	read_document(a, &two);
	assert_true(str_eq(buf_str(&one.text), buf_str(&two.text)));
	assert_true(one.etag.n > 10 && str_eq(one.etag, two.etag));
	openapi_free(&one);
	openapi_free(&two);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_in_it),
		cmocka_unit_test(it_is_the_same_each_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
