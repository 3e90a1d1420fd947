/*
 * Reading and writing settings collections. All tables have one shape (schema/messages), so statements are made
 * from the table's name. A key is cleared while its object changes and set at the end of the transaction: only
 * then it must be unique.
 */
#include "store/settings.h"

#include "base/limits.h"
#include "base/random.h"
#include "json/read.h"
#include "json/write.h"
#include "store/internal.h"
#include "store/settings_internal.h"

#define BODY_MAX (1u << 20)

struct pending_key {
	int64_t num;
	struct str key;
	size_t tag;
};

struct settings_write {
	struct store *st;
	struct sql *c;
	struct resource_env env;
	const struct resource *r;
	int64_t account;
	struct settings_who who;
	bool wrote, added;
	struct pending_key *v; /* keys to be set at the end */
	size_t n;
};

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

enum err settings_bump(struct sql *c, int64_t account, int64_t *rev_out)
{
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO policy_rev(account, rev) VALUES($1, 1) ON CONFLICT(account) "
			   "DO UPDATE SET rev = policy_rev.rev + 1 RETURNING rev");

	sql_bind_int(s, 1, account);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	if (rev_out)
		*rev_out = sql_int(s, 0);
	sql_done(s);
	return OK;
}

static enum err read_body(struct arena *a, const struct resource *r, struct str body, void *obj)
{
	memset(obj, 0, r->fields->size);
	/* A row we cannot read is our mistake or damage, never the caller's. */
	return json_text_read(a, r->fields, body, JSON_STORED, obj, NULL) == OK ? OK : ERR_BUG;
}

static enum err find_body(struct sql *c, struct arena *a, const char *table, int64_t account,
			  const struct ident *id, struct str *out)
{
	struct sql_stmt *s;

	if (id->uuid[0]) {
		s = settings_statement(c, "SELECT body FROM @ WHERE account = $1 AND uuid = $2", table);
		sql_bind_str(s, 2, str_of(id->uuid));
	} else {
		s = settings_statement(c, "SELECT body FROM @ WHERE num = $2 AND account = $1", table);
		sql_bind_int(s, 2, id->num);
	}
	sql_bind_int(s, 1, account);
	enum err err = sql_step(s);
	if (err)
		return err;
	*out = sql_str_copy(s, 0, a);
	sql_done(s);
	return OK;
}

enum err settings_get(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		      const struct ident *id, void *obj)
{
	struct str body;
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	err = find_body(c, a, r->table, account, id, &body);
	sql_read_end(&c);
	return err ? err : read_body(a, r, body, obj);
}

/* The bodies of a table first, so that the snapshot is short. */
static enum err list_bodies(struct store *st, struct arena *a, const char *table, int64_t account,
			    struct strs *out)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    account ? settings_statement(c, "SELECT body FROM @ WHERE account = $1 ORDER BY num", table)
		    : settings_statement(c, "SELECT body FROM @ ORDER BY num", table);
	if (account)
		sql_bind_int(s, 1, account);
	*out = (struct strs){ 0 };
	while ((err = sql_step(s)) == OK)
		ARENA_PUSH(a, out, sql_str_copy(s, 0, a));
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

enum err settings_list(struct store *st, struct arena *a, const struct resource *r, int64_t account,
		       struct settings_list *out)
{
	struct strs bodies;
	enum err err = list_bodies(st, a, r->table, account, &bodies);

	if (err)
		return err;
	*out = (struct settings_list){ arena_array(a, bodies.n, r->fields->size), bodies.n };
	for (size_t i = 0; i < bodies.n && !err; i++)
		err = read_body(a, r, bodies.v[i], (char *)out->v + i * r->fields->size);
	return err;
}

/* ---- writing ---- */

enum err settings_write_begin(struct store *st, const struct resource_env *env, const struct resource *r,
			      int64_t account, const struct settings_who *who, struct settings_write **out)
{
	struct settings_write *w = ARENA_NEW(env->arena, struct settings_write);

	*w = (struct settings_write){ .st = st, .env = *env, .r = r, .account = account, .who = *who };
	enum err err = sql_write_begin(st->messages, &w->c);
	*out = err ? NULL : w;
	return err;
}

enum err settings_write_get(struct settings_write *w, const struct ident *id, void *obj)
{
	struct str body;
	enum err err = find_body(w->c, w->env.arena, w->r->table, w->account, id, &body);

	return err ? err : read_body(w->env.arena, w->r, body, obj);
}

enum err settings_write_find(struct settings_write *w, struct str key, struct ident *out)
{
	struct sql_stmt *s =
	    settings_statement(w->c, "SELECT num, uuid FROM @ WHERE ukey = $1 AND account = $2", w->r->table);

	sql_bind_str(s, 1, key);
	sql_bind_int(s, 2, w->account);
	enum err err = sql_step(s);
	if (err)
		return err;
	struct str uuid = sql_str(s, 1);
	*out = (struct ident){ .num = sql_int(s, 0) };
	if (uuid.n && uuid.n < sizeof(out->uuid))
		memcpy(out->uuid, uuid.p, uuid.n);
	sql_done(s);
	return OK;
}

/* The object as a row keeps it; in the arena. */
static struct str text_of(struct settings_write *w, const void *obj)
{
	struct json_write how = { .audience = JSON_FOR_OURSELVES };
	struct buf b;

	buf_init(&b, BODY_MAX);
	json_object_write(&b, w->r->fields, obj, &how);
	ASSERT(buf_ok(&b));
	struct str text = arena_str(w->env.arena, buf_str(&b));
	buf_free(&b);
	return text;
}

enum err settings_audit(struct sql *c, struct arena *a, int64_t account, const struct settings_audit *entry)
{
	struct buf b;

	buf_init(&b, 4 * BODY_MAX);
	buf_add_c(&b, "{\"who\":");
	json_str(&b, entry->who.name);
	buf_add_c(&b, ",\"request_id\":");
	json_str(&b, entry->who.request_id);
	buf_add_c(&b, ",\"action\":");
	json_str(&b, str_of(entry->action));
	buf_add_c(&b, ",\"collection\":");
	json_str(&b, str_of(entry->collection));
	buf_add_c(&b, ",\"object\":");
	json_str(&b, entry->object);
	buf_add_c(&b, ",\"before\":");
	buf_add(&b, entry->before.n ? entry->before : STR("null"));
	buf_add_c(&b, ",\"after\":");
	buf_add(&b, entry->after.n ? entry->after : STR("null"));
	buf_add_char(&b, '}');
	ASSERT(buf_ok(&b));
	struct str body = arena_str(a, buf_str(&b));
	buf_free(&b);
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO audit(account, created_at, modified_at, body) VALUES($1, $2, $2, $3)");
	sql_bind_int(s, 1, account);
	sql_bind_int(s, 2, entry->at_us);
	sql_bind_str(s, 3, body);
	return sql_run(s, NULL);
}

static enum err audit(struct settings_write *w, const char *action, const struct ident *id, struct str before,
		      struct str after)
{
	w->wrote = true;
	return settings_audit(w->c, w->env.arena, w->account,
			      &(struct settings_audit){ w->who, action, w->r->table, str_of(id->uuid), before,
							after, w->env.now_us });
}

static void await_key(struct settings_write *w, int64_t num, struct str key, size_t tag)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->v[i].num == num) {
			w->v[i] = (struct pending_key){ num, key, tag };
			return;
		}
	}
	ARENA_PUSH(w->env.arena, w, ((struct pending_key){ num, key, tag }));
}

enum err settings_number(struct sql *c, int64_t *num)
{
	if (!*num)
		return settings_bump(c, SETTINGS_REV_ALL, num);
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO policy_rev(account, rev) VALUES($1, $2) ON CONFLICT(account) "
			   "DO UPDATE SET rev = $2 WHERE policy_rev.rev < $2");
	sql_bind_int(s, 1, SETTINGS_REV_ALL);
	sql_bind_int(s, 2, *num);
	return sql_run(s, NULL);
}

static enum err make_ids(struct settings_write *w, struct ident *id)
{
	if (!id->uuid[0])
		random_uuid(id->uuid);
	return settings_number(w->c, &id->num);
}

enum err settings_write_add(struct settings_write *w, void *obj, size_t tag)
{
	struct ident id = *resource_id(w->r, obj);
	enum err err = make_ids(w, &id);

	if (err)
		return err;
	resource_set_id(w->r, obj, &id);
	resource_set_created(w->r, obj, w->env.now_us);
	resource_set_modified(w->r, obj, w->env.now_us);
	struct str body = text_of(w, obj);
	struct sql_stmt *s =
	    settings_statement(w->c,
			       "INSERT INTO @(num, account, uuid, created_at, modified_at, body) "
			       "VALUES($1, $2, $3, $4, $4, $5)",
			       w->r->table);
	sql_bind_int(s, 1, id.num);
	sql_bind_int(s, 2, w->account);
	sql_bind_str(s, 3, str_of(id.uuid));
	sql_bind_int(s, 4, w->env.now_us);
	sql_bind_str(s, 5, body);
	err = sql_run(s, NULL);
	if (err)
		return err;
	w->added = true;
	await_key(w, id.num, w->r->key(&w->env, obj), tag);
	return audit(w, "create", &id, STR_NONE, body);
}

enum err settings_write_replace(struct settings_write *w, void *obj, size_t tag)
{
	const struct ident *id = resource_id(w->r, obj);
	void *old = arena_zalloc(w->env.arena, w->r->fields->size);
	enum err err = settings_write_get(w, id, old);

	if (err)
		return err;
	struct str before = text_of(w, old);
	resource_set_modified(w->r, obj, *resource_modified(w->r, old));
	if (str_eq(before, text_of(w, obj)))
		return OK;
	resource_set_modified(w->r, obj, w->env.now_us);
	struct str body = text_of(w, obj), key = w->r->key(&w->env, obj);
	struct sql_stmt *s = settings_statement(
	    w->c, "UPDATE @ SET ukey = NULL, modified_at = $3, body = $4 WHERE num = $1 AND account = $2",
	    w->r->table);
	sql_bind_int(s, 1, id->num);
	sql_bind_int(s, 2, w->account);
	sql_bind_int(s, 3, w->env.now_us);
	sql_bind_str(s, 4, body);
	err = sql_run(s, NULL);
	if (err)
		return err;
	await_key(w, id->num, key, tag);
	return audit(w, "update", id, before, body);
}

enum err settings_write_delete(struct settings_write *w, struct ident *id)
{
	void *old = arena_zalloc(w->env.arena, w->r->fields->size);
	enum err err = settings_write_get(w, id, old);

	if (err)
		return err;
	*id = *resource_id(w->r, old);
	struct sql_stmt *s =
	    settings_statement(w->c, "DELETE FROM @ WHERE num = $1 AND account = $2", w->r->table);
	sql_bind_int(s, 1, id->num);
	sql_bind_int(s, 2, w->account);
	err = sql_run(s, NULL);
	return err ? err : audit(w, "delete", id, text_of(w, old), STR_NONE);
}

static enum err set_key(struct settings_write *w, const struct pending_key *key)
{
	struct sql_stmt *s;
	enum err err;

	if (w->r->flags & RESOURCE_ONE_OWNER) {
		s = settings_statement(w->c, "SELECT 1 FROM @ WHERE ukey = $1 AND num <> $2 LIMIT 1",
				       w->r->table);
		sql_bind_str(s, 1, key->key);
		sql_bind_int(s, 2, key->num);
		err = sql_step(s);
		sql_done(s);
		if (err != ERR_ABSENT)
			return err ? err : ERR_CONFLICT;
	}
	s = settings_statement(w->c, "UPDATE @ SET ukey = $2 WHERE num = $1", w->r->table);
	sql_bind_int(s, 1, key->num);
	sql_bind_str(s, 2, key->key);
	return sql_run(s, NULL);
}

static enum err check_count(struct settings_write *w)
{
	struct sql_stmt *s =
	    settings_statement(w->c, "SELECT count(*) FROM @ WHERE account = $1", w->r->table);

	sql_bind_int(s, 1, w->account);
	enum err err = sql_step(s);
	if (err)
		return err;
	int64_t n = sql_int(s, 0);
	sql_done(s);
	return n > SETTINGS_MAX ? ERR_LIMIT : OK;
}

enum err settings_write_end(struct settings_write **wp, enum err err, size_t *tag_out)
{
	struct settings_write *w = *wp;

	*wp = NULL;
	for (size_t i = 0; i < w->n && !err; i++) {
		err = set_key(w, &w->v[i]);
		if (err == ERR_CONFLICT && tag_out)
			*tag_out = w->v[i].tag;
	}
	if (!err && w->added)
		err = check_count(w);
	if (!err && w->wrote)
		err = settings_bump(w->c, w->account, NULL);
	if (!err && w->wrote)
		err = settings_bump(w->c, SETTINGS_REV_ALL, NULL);
	return settings_end(w->st, &w->c, err);
}
