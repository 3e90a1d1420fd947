/*
 * Audit rows: who changed what, when and how. Of a change only the fields that differ are kept; what was made or deleted
 * is there as a whole.
 */
#include "json/write.h"
#include "store/settings_internal.h"

#define BODY_MAX (1u << 20)

static const struct json_write for_us = { .audience = JSON_FOR_OURSELVES };

struct str settings_body(struct arena *a, const struct fieldtab *t, const void *obj)
{
	struct buf b;

	buf_init(&b, BODY_MAX);
	json_object_write(&b, t, obj, &for_us);
	ASSERT(buf_ok(&b));
	struct str text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* Two objects with the fields that differ between them, each behind its name. */
static void add_differences(struct buf *before, struct buf *after, const struct fieldtab *t, const void *x,
			    const void *y)
{
	buf_add_char(before, '{');
	buf_add_char(after, '{');
	for (size_t i = 0; i < t->n; i++) {
		size_t at[2] = { before->n, after->n };
		const char *comma = at[0] > 1 ? ",\"" : "\"";
		if (t->v[i].kind == FIELD_ALIAS)
			continue;
		buf_printf(before, "%s%s\":", comma, t->v[i].name);
		buf_printf(after, "%s%s\":", comma, t->v[i].name);
		json_field_write(before, t, i, x, &for_us);
		json_field_write(after, t, i, y, &for_us);
		if (str_eq(str_sub(buf_str(before), at[0], before->n),
			   str_sub(buf_str(after), at[1], after->n))) {
			before->n = at[0];
			after->n = at[1];
		}
	}
	buf_add_char(before, '}');
	buf_add_char(after, '}');
}

static void add_object(struct buf *b, const struct fieldtab *t, const void *obj)
{
	if (obj)
		json_object_write(b, t, obj, &for_us);
	else
		buf_add_c(b, "null");
}

struct str settings_audit_body(struct arena *a, const struct settings_audit *e)
{
	struct buf b, before, after;

	buf_init(&b, 4 * BODY_MAX);
	buf_init(&before, BODY_MAX);
	buf_init(&after, BODY_MAX);
	if (e->before && e->after) {
		add_differences(&before, &after, e->fields, e->before, e->after);
	} else {
		add_object(&before, e->fields, e->before);
		add_object(&after, e->fields, e->after);
	}
	buf_add_c(&b, "{\"who\":");
	json_str(&b, e->who.name);
	buf_add_c(&b, ",\"request_id\":");
	json_str(&b, e->who.request_id);
	buf_add_c(&b, ",\"action\":");
	json_str(&b, str_of(e->action));
	buf_add_c(&b, ",\"collection\":");
	json_str(&b, str_of(e->collection));
	buf_add_c(&b, ",\"object\":");
	json_str(&b, e->object);
	buf_add_c(&b, ",\"before\":");
	buf_add(&b, buf_str(&before));
	buf_add_c(&b, ",\"after\":");
	buf_add(&b, buf_str(&after));
	buf_add_char(&b, '}');
	ASSERT(buf_ok(&b) && buf_ok(&before) && buf_ok(&after));
	struct str text = arena_str(a, buf_str(&b));
	buf_free(&b);
	buf_free(&before);
	buf_free(&after);
	return text;
}

enum err settings_audit(struct sql *c, int64_t account, int64_t at_us, struct str body)
{
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO audit(account, created_at, modified_at, body) VALUES($1, $2, $2, $3)");

	sql_bind_int(s, 1, account);
	sql_bind_int(s, 2, at_us);
	sql_bind_str(s, 3, body);
	return sql_run(s, NULL);
}
