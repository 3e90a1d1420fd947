/*
 * Reading settings collections. All tables have one shape (schema/messages), so statements are made from the table's
 * name.
 */
#include "store/settings.h"

#include "json/read.h"
#include "json/write.h"
#include "store/internal.h"
#include "store/settings_internal.h"

#define FACTS_MAX (64u << 10)

struct sql_stmt *settings_statement(struct sql *c, const char *pattern, const char *table)
{
	char text[400];
	struct str p = str_of(pattern), t = str_of(table);
	size_t at = str_find_char(p, '@', 0);

	ASSERT(at != SIZE_MAX && p.n + t.n < sizeof(text));
	memcpy(text, p.p, at);
	memcpy(text + at, t.p, t.n);
	memcpy(text + at + t.n, p.p + at + 1, p.n - at); /* its end, too */
	return sql_prepare(c, text);
}

/* ---- facts ---- */

const void *settings_without_facts(struct arena *a, const struct fieldtab *t, const void *obj)
{
	uint64_t facts = 0, has = obj ? *(const uint64_t *)obj : 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].flags & F_FACT)
			facts |= UINT64_C(1) << i;
	if (!(has & facts))
		return obj;
	void *copy = memcpy(arena_zalloc(a, t->size), obj, t->size);
	*(uint64_t *)copy = has & ~facts;
	return copy;
}

struct str settings_facts(struct arena *a, const struct fieldtab *t, const void *obj)
{
	static const struct json_write for_us = { .audience = JSON_FOR_OURSELVES };
	struct buf b;

	buf_init(&b, FACTS_MAX);
	buf_add_char(&b, '{');
	for (size_t i = 0; i < t->n; i++) {
		if (!(t->v[i].flags & F_FACT) || !field_has(obj, i))
			continue;
		buf_printf(&b, "%s\"%s\":", b.n > 1 ? "," : "", t->v[i].name);
		json_field_write(&b, t, i, obj, &for_us);
	}
	buf_add_char(&b, '}');
	ASSERT(buf_ok(&b));
	struct str text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

enum err settings_read_facts(struct arena *a, const struct resource *r, struct str facts, void *obj)
{
	return json_text_read(a, r->fields, facts, JSON_STORED, obj, NULL) == OK ? OK : ERR_BUG;
}

enum err settings_read_body(struct arena *a, const struct resource *r, struct str body, void *obj)
{
	memset(obj, 0, r->fields->size);
	/* A row we cannot read is our mistake or damage, never the caller's. */
	return json_text_read(a, r->fields, body, JSON_STORED, obj, NULL) == OK ? OK : ERR_BUG;
}

/* ---- reading ---- */

#define TEXT_MAX 400

static size_t add_text(char text[TEXT_MAX], size_t at, const char *more)
{
	size_t n = strlen(more);

	ASSERT(at + n < TEXT_MAX);
	memcpy(text + at, more, n + 1);
	return at + n;
}

/* Bodies, and beside each what its facts are: the two columns of every row that is read. */
static struct sql_stmt *select_rows(struct sql *c, const struct resource *r, const char *which)
{
	char text[TEXT_MAX];
	size_t at = add_text(text, 0, "SELECT body, ");

	if (r->facts) {
		at = add_text(text, at, "(SELECT body FROM ");
		at = add_text(text, at, r->facts);
		at = add_text(text, at, " WHERE num = t.num)");
	} else {
		at = add_text(text, at, "NULL");
	}
	at = add_text(text, at, " FROM ");
	at = add_text(text, at, r->table);
	at = add_text(text, at, " AS t ");
	add_text(text, at, which);
	return sql_prepare(c, text);
}

static enum err read_row(struct arena *a, const struct resource *r, struct str body, struct str facts,
			 void *obj)
{
	enum err err = settings_read_body(a, r, body, obj);

	return err || !facts.n ? err : settings_read_facts(a, r, facts, obj);
}

/* The one row a statement gives; gives the connection back. */
static enum err read_one(struct sql *c, struct sql_stmt *s, struct arena *a, const struct resource *r,
			 struct settings_object *out)
{
	struct str facts = STR_NONE;
	enum err err = sql_step(s);

	if (!err) {
		out->stored = sql_str_copy(s, 0, a);
		facts = sql_str_copy(s, 1, a);
	}
	sql_read_end(&c);
	if (err)
		return err;
	*out = (struct settings_object){ arena_zalloc(a, r->fields->size), out->stored, false };
	return read_row(a, r, out->stored, facts, out->obj);
}

enum err settings_get(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		      const struct ident *id, struct settings_object *out)
{
	struct sql_stmt *s;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	if (id->uuid[0]) {
		s = select_rows(c, r, "WHERE account = $1 AND uuid = $2");
		sql_bind_str(s, 2, str_of(id->uuid));
	} else {
		s = select_rows(c, r, "WHERE num = $2 AND account = $1");
		sql_bind_int(s, 2, id->num);
	}
	sql_bind_int(s, 1, account);
	return read_one(c, s, a, r, out);
}

enum err settings_find(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		       struct str key, struct settings_object *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = select_rows(c, r, "WHERE ukey = $2 AND account = $1");
	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, key);
	return read_one(c, s, a, r, out);
}

/* The two columns of all rows, one behind the other: copied first, so that the snapshot is short. */
static enum err copy_rows(struct sql_stmt *s, struct arena *a, struct strs *columns)
{
	enum err err;

	while ((err = sql_step(s)) == OK) {
		ARENA_PUSH(a, columns, sql_str_copy(s, 0, a));
		ARENA_PUSH(a, columns, sql_str_copy(s, 1, a));
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err read_rows(struct arena *a, const struct resource *r, const struct strs *columns,
			  struct settings_list *out)
{
	enum err err = OK;

	*out = (struct settings_list){ arena_array(a, columns->n / 2, r->fields->size), columns->n / 2 };
	for (size_t i = 0; i < out->n && !err; i++)
		err = read_row(a, r, columns->v[2 * i], columns->v[2 * i + 1],
			       (char *)out->v + i * r->fields->size);
	return err;
}

enum err settings_list(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		       struct settings_list *out)
{
	struct strs columns = { 0 };
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = select_rows(c, r, "WHERE account = $1 ORDER BY num");
	sql_bind_int(s, 1, account);
	err = copy_rows(s, a, &columns);
	sql_read_end(&c);
	return err ? err : read_rows(a, r, &columns, out);
}

static enum err count(struct sql *c, const struct resource *r, int64_t account, size_t *total_out)
{
	struct sql_stmt *s = settings_statement(c, "SELECT count(*) FROM @ WHERE account = $1", r->table);

	sql_bind_int(s, 1, account);
	return sql_count(s, total_out);
}

enum err settings_page(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		       const struct settings_window *w, struct settings_list *out, size_t *total_out)
{
	struct strs columns = { 0 };
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = count(c, r, account, total_out);
	if (!err && w->skip < *total_out) {
		struct sql_stmt *s = select_rows(
		    c, r,
		    w->newest_first
			? "WHERE account = $1 ORDER BY created_at DESC, num DESC LIMIT $2 OFFSET $3"
			: "WHERE account = $1 ORDER BY created_at, num LIMIT $2 OFFSET $3");
		sql_bind_int(s, 1, account);
		sql_bind_int(s, 2, (int64_t)w->n);
		sql_bind_int(s, 3, (int64_t)w->skip);
		err = copy_rows(s, a, &columns);
	}
	sql_read_end(&c);
	return err ? err : read_rows(a, r, &columns, out);
}
