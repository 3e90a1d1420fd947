/*
 * Reading settings collections. All tables have one shape (schema/messages), so statements are made from the table's
 * name.
 */
#include "store/settings.h"

#include "json/read.h"
#include "store/internal.h"
#include "store/settings_internal.h"

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

enum err settings_read_body(struct arena *a, const struct resource *r, struct str body, void *obj)
{
	memset(obj, 0, r->fields->size);
	/* A row we cannot read is our mistake or damage, never the caller's. */
	return json_text_read(a, r->fields, body, JSON_STORED, obj, NULL) == OK ? OK : ERR_BUG;
}

/* The one row a statement gives, whose first column is the body; gives the connection back. */
static enum err read_one(struct sql *c, struct sql_stmt *s, struct arena *a, const struct resource *r,
			 struct settings_object *out)
{
	enum err err = sql_step(s);

	if (!err)
		out->stored = sql_str_copy(s, 0, a);
	sql_read_end(&c);
	if (err)
		return err;
	*out = (struct settings_object){ arena_zalloc(a, r->fields->size), out->stored, false };
	return settings_read_body(a, r, out->stored, out->obj);
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
		s = settings_statement(c, "SELECT body FROM @ WHERE account = $1 AND uuid = $2", r->table);
		sql_bind_str(s, 2, str_of(id->uuid));
	} else {
		s = settings_statement(c, "SELECT body FROM @ WHERE num = $2 AND account = $1", r->table);
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
	struct sql_stmt *s =
	    settings_statement(c, "SELECT body FROM @ WHERE ukey = $2 AND account = $1", r->table);
	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, key);
	return read_one(c, s, a, r, out);
}

static enum err read_bodies(struct arena *a, const struct resource *r, const struct strs *bodies,
			    struct settings_list *out)
{
	enum err err = OK;

	*out = (struct settings_list){ arena_array(a, bodies->n, r->fields->size), bodies->n };
	for (size_t i = 0; i < bodies->n && !err; i++)
		err = settings_read_body(a, r, bodies->v[i], (char *)out->v + i * r->fields->size);
	return err;
}

enum err settings_list(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		       struct settings_list *out)
{
	struct strs bodies = { 0 };
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    settings_statement(c, "SELECT body FROM @ WHERE account = $1 ORDER BY num", r->table);
	sql_bind_int(s, 1, account);
	/* The bodies first, so that the snapshot is short. */
	while ((err = sql_step(s)) == OK)
		ARENA_PUSH(a, &bodies, sql_str_copy(s, 0, a));
	sql_read_end(&c);
	return err == ERR_ABSENT ? read_bodies(a, r, &bodies, out) : err;
}

static enum err count(struct sql *c, const struct resource *r, int64_t account, size_t *total_out)
{
	struct sql_stmt *s = settings_statement(c, "SELECT count(*) FROM @ WHERE account = $1", r->table);

	sql_bind_int(s, 1, account);
	enum err err = sql_step(s);
	if (err)
		return err;
	*total_out = (size_t)sql_int(s, 0);
	sql_done(s);
	return OK;
}

enum err settings_page(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		       const struct settings_window *w, struct settings_list *out, size_t *total_out)
{
	struct strs bodies = { 0 };
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = count(c, r, account, total_out);
	if (!err && w->skip < *total_out) {
		struct sql_stmt *s = settings_statement(
		    c,
		    w->newest_first ? "SELECT body FROM @ WHERE account = $1 "
				      "ORDER BY created_at DESC, num DESC LIMIT $2 OFFSET $3"
				    : "SELECT body FROM @ WHERE account = $1 "
				      "ORDER BY created_at, num LIMIT $2 OFFSET $3",
		    r->table);
		sql_bind_int(s, 1, account);
		sql_bind_int(s, 2, (int64_t)w->n);
		sql_bind_int(s, 3, (int64_t)w->skip);
		while ((err = sql_step(s)) == OK)
			ARENA_PUSH(a, &bodies, sql_str_copy(s, 0, a));
		err = err == ERR_ABSENT ? OK : err;
	}
	sql_read_end(&c);
	return err ? err : read_bodies(a, r, &bodies, out);
}
