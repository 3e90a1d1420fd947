/*
 * Audit rows: who changed what, when and how. Of a change only the fields that differ are kept; what was made or deleted
 * is there as a whole.
 */
#include "base/limits.h"
#include "json/write.h"
#include "store/internal.h"
#include "store/settings_internal.h"

#define BODY_MAX (2u * LIMIT_BODY) /* secrets are a third longer when they are locked */

static const struct json_write for_us = { .audience = JSON_FOR_OURSELVES };

static const struct json_write as_told = { .audience = JSON_FOR_API };

const struct settings_who settings_operator = { .name = STR_INIT("operator") };

struct str settings_body(struct arena *a, const struct fieldtab *t, const void *obj)
{
	struct buf b;

	buf_init(&b, BODY_MAX);
	json_object_write(&b, t, settings_without_facts(a, t, obj), &for_us);
	ASSERT(buf_ok(&b));
	struct str text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* What is for ourselves has no place where people read. */
static bool is_told(const struct field *f)
{
	return f->kind != FIELD_ALIAS && !(f->flags & (F_INTERNAL | F_ONCE | F_WRITEONLY));
}

static void add_field(struct buf *b, const struct fieldtab *t, size_t index, const void *obj)
{
	buf_printf(b, "%s\"%s\":", b->n > 1 ? "," : "", t->v[index].name);
	json_field_write(b, t, index, obj, &as_told);
}

/* Two objects with the fields that differ between them, each behind its name. */
static void add_differences(struct buf *before, struct buf *after, const struct fieldtab *t, const void *x,
			    const void *y)
{
	buf_add_char(before, '{');
	buf_add_char(after, '{');
	for (size_t i = 0; i < t->n; i++) {
		size_t at[2] = { before->n, after->n };
		if (!is_told(&t->v[i]))
			continue;
		add_field(before, t, i, x);
		add_field(after, t, i, y);
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
	if (!obj) {
		buf_add_c(b, "null");
		return;
	}
	buf_add_char(b, '{');
	for (size_t i = 0; i < t->n; i++)
		if (is_told(&t->v[i]) && (field_has(obj, i) || t->v[i].flags & F_REQUIRED))
			add_field(b, t, i, obj);
	buf_add_char(b, '}');
}

static void add_text(struct buf *b, struct str s)
{
	if (s.n)
		json_str(b, s);
	else
		buf_add_c(b, "null");
}

struct str settings_audit_body(struct arena *a, const struct settings_audit *e)
{
	const void *x = settings_without_facts(a, e->fields, e->before),
		   *y = settings_without_facts(a, e->fields, e->after);
	struct buf b, before, after;

	buf_init(&b, 4 * BODY_MAX);
	buf_init(&before, BODY_MAX);
	buf_init(&after, BODY_MAX);
	if (e->before && e->after) {
		add_differences(&before, &after, e->fields, x, y);
	} else {
		add_object(&before, e->fields, x);
		add_object(&after, e->fields, y);
	}
	buf_add_c(&b, "{\"who\":");
	json_str(&b, e->who.name);
	buf_add_c(&b, ",\"who_id\":");
	add_text(&b, e->who.id);
	buf_add_c(&b, ",\"request_id\":");
	add_text(&b, e->who.request_id);
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

static enum err count(struct sql *c, int64_t account, size_t *total_out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM audit WHERE account = $1");

	sql_bind_int(s, 1, account);
	return sql_count(s, total_out);
}

static void bind_text(struct sql_stmt *s, int n, struct str text)
{
	if (text.n)
		sql_bind_str(s, n, text);
}

/* Numbers are in the order of the commits, so nothing comes to stand between two rows later on; times need not be. */
static struct sql_stmt *select_page(struct sql *c, const struct settings_audit_query *q)
{
	struct sql_stmt *s = sql_prepare(
	    c, "SELECT num, created_at, body FROM audit WHERE account = $1 AND num < $2 "
	       "AND created_at BETWEEN $3 AND $4 AND ($5 IS NULL OR body ->> '$.who' = $5) "
	       "AND ($6 IS NULL OR body ->> '$.action' = $6) "
	       "AND ($7 IS NULL OR body ->> '$.collection' = $7) "
	       "AND ($8 IS NULL OR body ->> '$.object' = $8) ORDER BY num DESC LIMIT $9 OFFSET $10");

	sql_bind_int(s, 1, q->account);
	sql_bind_int(s, 2, q->before_num);
	sql_bind_int(s, 3, q->start_us);
	sql_bind_int(s, 4, q->end_us);
	bind_text(s, 5, q->who);
	bind_text(s, 6, q->action);
	bind_text(s, 7, q->collection);
	bind_text(s, 8, q->object);
	sql_bind_int(s, 9, (int64_t)q->n);
	sql_bind_int(s, 10, (int64_t)q->skip);
	return s;
}

enum err settings_audit_page(struct store *st, const struct settings_audit_query *q, settings_audit_fn *fn,
			     void *ctx, size_t *total_out)
{
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	sql_deadline(c, q->until_ms);
	err = count(c, q->account, total_out);
	if (!err) {
		struct sql_stmt *s = select_page(c, q);
		bool more = true;
		while (more && (err = sql_step(s)) == OK)
			more = fn(ctx, sql_int(s, 0), sql_int(s, 1), sql_str(s, 2));
		if (!more)
			sql_done(s);
		err = err == ERR_ABSENT ? OK : err;
	}
	sql_read_end(&c);
	return err;
}
