/*
 * Writing settings collections. A row is changed only while it is what was read. Uniqueness is that of the whole: keys
 * that change are cleared first, set when all rows are changed, and new rows come last with theirs. What can be made
 * before the transaction is made before it.
 */
#include "store/settings.h"

#include "base/limits.h"
#include "base/random.h"
#include "json/write.h"
#include "store/internal.h"
#include "store/safe.h"
#include "store/settings_internal.h"

#define SECRET_LENGTH 40 /* letters and digits: 238 bits */
#define SECRET_ALPHABET STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

enum kind { ADD, REPLACE, DELETE };

struct step {
	enum kind kind;
	void *obj;
	const void *old;         /* REPLACE, DELETE */
	struct str stored, body; /* the row before and after */
	struct str key;          /* ADD, REPLACE */
	bool rekeyed;            /* REPLACE: it is another one than the row has */
	bool quiet;              /* REPLACE: nothing that others have read of it is different */
	struct str audit;        /* REPLACE, DELETE */
	size_t tag;
};

struct settings_write {
	struct store *st;
	struct resource_env env;
	const struct resource *r;
	int64_t account;
	struct settings_who who;
	struct step *v;
	size_t n;
};

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

/* ---- putting together ---- */

struct settings_write *settings_write_new(struct store *st, const struct resource_env *env,
					  const struct resource *r, int64_t account,
					  const struct settings_who *who)
{
	struct settings_write *w = ARENA_NEW(env->arena, struct settings_write);

	*w = (struct settings_write){ .st = st, .env = *env, .r = r, .account = account, .who = *who };
	return w;
}

static struct str text_of(struct settings_write *w, const void *obj)
{
	return settings_body(w->env.arena, w->r->fields, obj);
}

static struct str audit_of(struct settings_write *w, const struct step *s)
{
	static const char *const actions[] = { [ADD] = "create", [REPLACE] = "update", [DELETE] = "delete" };

	return settings_audit_body(
	    w->env.arena, &(struct settings_audit){ .who = w->who,
						    .action = actions[s->kind],
						    .collection = w->r->table,
						    .object = str_of(resource_id(w->r, s->obj)->uuid),
						    .fields = w->r->fields,
						    .before = s->old,
						    .after = s->kind == DELETE ? NULL : s->obj });
}

/* A new one, or that which the object was given. */
static void make_secret(struct settings_write *w, void *obj)
{
	const struct resource_secret *secret = w->r->secret;
	struct str plain = resource_plain(w->r, obj);

	if (secret->is_signed && !secret->is_signed(obj))
		return;
	if (!plain.n)
		plain = random_text(w->env.arena, SECRET_ALPHABET, SECRET_LENGTH);
	if (secret->is_signed)
		resource_set_secret(w->r, obj, settings_signing_key(w->st, w->env.arena, plain), plain);
	else
		resource_set_secret(w->r, obj, plain, settings_digest(w->st, w->env.arena, plain));
}

/* Its secrets are bound to its id, so it has one from the beginning. */
static void lock_new(struct settings_write *w, void *obj)
{
	struct ident *id = resource_id(w->r, obj);

	if (!id->uuid[0])
		random_uuid(id->uuid);
	safe_lock_fields(w->st, w->env.arena, w->r->fields, str_of(id->uuid), NULL, obj);
}

void settings_write_add(struct settings_write *w, void *obj, size_t tag)
{
	lock_new(w, obj);
	if (w->r->account)
		resource_set_account(w->r, obj, w->account);
	if (w->r->secret)
		make_secret(w, obj);
	struct step s = { .kind = ADD, .obj = obj, .key = w->r->key(&w->env, obj), .tag = tag };
	resource_set_created(w->r, obj, w->env.now_us);
	resource_set_modified(w->r, obj, w->env.now_us);
	ARENA_PUSH(w->env.arena, w, s);
}

static void replace_by(struct settings_write *w, struct settings_object *o, void *obj, size_t tag,
		       int64_t modified_us, bool quiet)
{
	struct step s = {
		.kind = REPLACE, .obj = obj, .old = o->obj, .stored = o->stored, .quiet = quiet, .tag = tag
	};

	safe_lock_fields(w->st, w->env.arena, w->r->fields, str_of(resource_id(w->r, o->obj)->uuid), o->obj,
			 obj);
	resource_set_modified(w->r, obj, *resource_modified(w->r, o->obj));
	if (str_eq(text_of(w, o->obj), text_of(w, obj)))
		return;
	resource_set_modified(w->r, obj, modified_us);
	s.body = text_of(w, obj);
	s.key = w->r->key(&w->env, obj);
	s.rekeyed = o->rekeyed || !str_eq(s.key, w->r->key(&w->env, o->obj));
	s.audit = audit_of(w, &s);
	ARENA_PUSH(w->env.arena, w, s);
	*o = (struct settings_object){ obj, s.body, s.rekeyed };
}

void settings_write_replace(struct settings_write *w, struct settings_object *o, void *obj, size_t tag)
{
	replace_by(w, o, obj, tag, w->env.now_us, false);
}

void settings_write_state(struct settings_write *w, struct settings_object *o, void *obj, size_t tag)
{
	replace_by(w, o, obj, tag, *resource_modified(w->r, o->obj), w->r->owns(o->obj) == w->r->owns(obj));
}

void settings_write_rotate(struct settings_write *w, struct settings_object *o)
{
	void *obj = memcpy(arena_alloc(w->env.arena, w->r->fields->size), o->obj, w->r->fields->size);

	make_secret(w, obj);
	resource_set_rotated(w->r, obj, w->env.now_us);
	settings_write_replace(w, o, obj, 0);
}

void settings_write_delete(struct settings_write *w, const struct settings_object *o)
{
	struct step s = { .kind = DELETE, .obj = o->obj, .old = o->obj, .stored = o->stored };

	s.audit = audit_of(w, &s);
	ARENA_PUSH(w->env.arena, w, s);
}

/* ---- doing it ---- */

static enum err audit(struct settings_write *w, struct sql *c, struct str body)
{
	return settings_audit(c, w->account, w->env.now_us, body);
}

/* *changed_out 0: the row is another one by now. */
static enum err replace(struct settings_write *w, struct sql *c, const struct step *s, int64_t *changed_out)
{
	struct sql_stmt *q = settings_statement(
	    c,
	    s->rekeyed
		? "UPDATE @ SET ukey = NULL, modified_at = $4, body = $5 "
		  "WHERE num = $1 AND account = $2 AND body = $3"
		: "UPDATE @ SET modified_at = $4, body = $5 WHERE num = $1 AND account = $2 AND body = $3",
	    w->r->table);

	sql_bind_int(q, 1, resource_id(w->r, s->obj)->num);
	sql_bind_int(q, 2, w->account);
	sql_bind_str(q, 3, s->stored);
	sql_bind_int(q, 4, *resource_modified(w->r, s->obj));
	sql_bind_str(q, 5, s->body);
	return sql_run(q, changed_out);
}

/* ERR_CONFLICT, stale: what the object names is gone by now. */
static enum err check_named(struct settings_write *w, struct sql *c, const struct step *s,
			    struct settings_refusal *out)
{
	enum err err = settings_check_named(c, w->r, w->account, s->obj);

	out->stale = err == ERR_ABSENT;
	return out->stale ? ERR_CONFLICT : err;
}

/* The job was added by a trigger, which knows nobody. */
static enum err sign_job(struct settings_write *w, struct sql *c, const struct step *s)
{
	struct sql_stmt *q =
	    sql_prepare(c, "UPDATE job SET who = $3 WHERE ref = $1 AND kind = $2 AND state = 'open'");

	sql_bind_int(q, 1, resource_id(w->r, s->obj)->num);
	sql_bind_str(q, 2, str_of(w->r->job));
	sql_bind_str(q, 3, w->who.name);
	return sql_run(q, NULL);
}

static enum err drop(struct settings_write *w, struct sql *c, const struct step *s, int64_t *changed_out)
{
	struct sql_stmt *q =
	    settings_statement(c, "DELETE FROM @ WHERE num = $1 AND account = $2 AND body = $3", w->r->table);

	sql_bind_int(q, 1, resource_id(w->r, s->obj)->num);
	sql_bind_int(q, 2, w->account);
	sql_bind_str(q, 3, s->stored);
	enum err err = sql_run(q, changed_out);
	return err || !w->r->job ? err : sign_job(w, c, s);
}

static enum err change_rows(struct settings_write *w, struct sql *c, struct settings_refusal *out)
{
	enum err err = OK;

	for (size_t i = 0; i < w->n && !err; i++) {
		const struct step *s = &w->v[i];
		int64_t changed = 0;
		if (s->kind == ADD)
			continue;
		err = s->kind == REPLACE ? replace(w, c, s, &changed) : drop(w, c, s, &changed);
		out->stale = !err && changed == 0;
		if (out->stale)
			err = ERR_CONFLICT;
		if (!err)
			err = s->kind == REPLACE ? check_named(w, c, s, out)
						 : settings_check_unnamed(c, w->env.arena, w->r, w->account,
									  s->obj, &out->why);
		if (!err)
			err = audit(w, c, s->audit);
	}
	return err;
}

/* Whether another account's object owns the key. */
static enum err find_owner(struct settings_write *w, struct sql *c, struct str key)
{
	struct strs bodies = { 0 };
	struct sql_stmt *q =
	    settings_statement(c, "SELECT body FROM @ WHERE ukey = $1 AND account <> $2", w->r->table);
	void *other = arena_zalloc(w->env.arena, w->r->fields->size);
	enum err err;

	sql_bind_str(q, 1, key);
	sql_bind_int(q, 2, w->account);
	while ((err = sql_step(q)) == OK)
		ARENA_PUSH(w->env.arena, &bodies, sql_str_copy(q, 0, w->env.arena));
	if (err != ERR_ABSENT)
		return err;
	err = OK;
	for (size_t i = 0; i < bodies.n && !err; i++) {
		err = settings_read_body(w->env.arena, w->r, bodies.v[i], other);
		if (!err && w->r->owns(other))
			err = ERR_CONFLICT;
	}
	return err;
}

/* Whether the account may have what has this key now. */
static enum err check_owner(struct settings_write *w, struct sql *c, const struct step *s)
{
	return w->r->owns && w->r->owns(s->obj) ? find_owner(w, c, s->key) : OK;
}

/* Of the row as this step left it: what a later step made of it has its own key. */
static enum err set_key(struct settings_write *w, struct sql *c, const struct step *s)
{
	struct sql_stmt *q =
	    settings_statement(c, "UPDATE @ SET ukey = $2 WHERE num = $1 AND body = $3", w->r->table);

	sql_bind_int(q, 1, resource_id(w->r, s->obj)->num);
	sql_bind_str(q, 2, s->key);
	sql_bind_str(q, 3, s->body);
	return sql_run(q, NULL);
}

static enum err set_keys(struct settings_write *w, struct sql *c, struct settings_refusal *out)
{
	enum err err = OK;

	for (size_t i = 0; i < w->n && !err; i++) {
		const struct step *s = &w->v[i];
		if (s->kind != REPLACE)
			continue;
		out->tag = s->tag;
		if (s->rekeyed)
			err = set_key(w, c, s);
		if (!err)
			err = check_owner(w, c, s);
	}
	return err;
}

static enum err add(struct settings_write *w, struct sql *c, struct step *s)
{
	struct ident id = *resource_id(w->r, s->obj);

	enum err err = settings_number(c, &id.num);
	if (err)
		return err;
	resource_set_id(w->r, s->obj, &id);
	s->body = text_of(w, s->obj);
	struct sql_stmt *q =
	    settings_statement(c,
			       "INSERT INTO @(num, account, uuid, ukey, created_at, modified_at, body) "
			       "VALUES($1, $2, $3, $4, $5, $5, $6)",
			       w->r->table);
	sql_bind_int(q, 1, id.num);
	sql_bind_int(q, 2, w->account);
	sql_bind_str(q, 3, str_of(id.uuid));
	sql_bind_str(q, 4, s->key);
	sql_bind_int(q, 5, w->env.now_us);
	sql_bind_str(q, 6, s->body);
	err = sql_run(q, NULL);
	return err ? err : audit(w, c, audit_of(w, s));
}

static enum err add_rows(struct settings_write *w, struct sql *c, struct settings_refusal *out)
{
	enum err err = OK;

	for (size_t i = 0; i < w->n && !err; i++) {
		if (w->v[i].kind != ADD)
			continue;
		out->tag = w->v[i].tag;
		err = check_named(w, c, &w->v[i], out);
		if (!err)
			err = add(w, c, &w->v[i]);
		if (!err)
			err = check_owner(w, c, &w->v[i]);
	}
	return err;
}

/* ---- ceilings ---- */

struct holding {
	int64_t objects, bytes, code;
};

/* What the steps add to what the collection holds. */
static struct holding difference(struct settings_write *w)
{
	struct holding h = { 0 };

	for (size_t i = 0; i < w->n; i++) {
		const struct step *s = &w->v[i];
		h.objects += s->kind == ADD ? 1 : s->kind == DELETE ? -1 : 0;
		h.bytes += (int64_t)s->body.n - (int64_t)s->stored.n;
		h.code += s->kind == DELETE ? 0 : resource_code(w->r, s->obj);
		h.code -= s->old ? resource_code(w->r, s->old) : 0;
	}
	return h;
}

/* Whether a scan worker is given the collection: what has expressions is, and what people taught. */
static bool travels(struct str collection)
{
	if (str_eq(collection, str_of(resource_corrections.table)))
		return true;
	for (size_t i = 0; i < resource_count; i++)
		if (str_eq(collection, str_of(resource_table[i]->table)))
			return resource_table[i]->code != 0;
	return false;
}

/* Of all collections of the account that travel to scan workers. */
static enum err account_policies(struct sql *c, int64_t account, struct holding *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT collection, bytes, code FROM holding WHERE account = $1");
	enum err err;

	*out = (struct holding){ 0 };
	sql_bind_int(s, 1, account);
	while ((err = sql_step(s)) == OK) {
		out->bytes += travels(sql_str(s, 0)) ? sql_int(s, 1) : 0;
		out->code += sql_int(s, 2);
	}
	return err == ERR_ABSENT ? OK : err;
}

/* Only what grows is refused, so that whoever is over a ceiling that came later can get below it. */
static enum err hold(struct settings_write *w, struct sql *c, struct settings_refusal *out)
{
	struct holding more = difference(w), all, policies;
	struct sql_stmt *s = sql_prepare(
	    c, "INSERT INTO holding(account, collection, objects, bytes, code) VALUES($1, $2, $3, $4, $5) "
	       "ON CONFLICT(account, collection) DO UPDATE SET objects = holding.objects + excluded.objects, "
	       "bytes = holding.bytes + excluded.bytes, code = holding.code + excluded.code "
	       "RETURNING objects, bytes");

	sql_bind_int(s, 1, w->account);
	sql_bind_str(s, 2, str_of(w->r->table));
	sql_bind_int(s, 3, more.objects);
	sql_bind_int(s, 4, more.bytes);
	sql_bind_int(s, 5, more.code);
	enum err err = sql_step(s);
	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	all = (struct holding){ sql_int(s, 0), sql_int(s, 1), 0 };
	sql_done(s);
	err = account_policies(c, w->account, &policies);
	if (err)
		return err;
	int64_t most = w->r->most ? w->r->most : SETTINGS_MAX;
	if (more.objects > 0 && all.objects > most)
		return err_set(&out->why, ERR_LIMIT, "The collection is full: it holds at most %lld objects",
			       (long long)most);
	if (more.bytes > 0 && all.bytes > (int64_t)LIMIT_SETTINGS)
		return err_set(&out->why, ERR_LIMIT,
			       "The collection is full: its objects together take more than %u MiB",
			       LIMIT_SETTINGS >> 20);
	if (more.bytes > 0 && travels(str_of(w->r->table)) && policies.bytes > (int64_t)LIMIT_POLICY)
		return err_set(
		    &out->why, ERR_LIMIT,
		    "The lists of this account that mail is compared with together take more than %u MiB",
		    LIMIT_POLICY >> 20);
	if (more.code > 0 && policies.code > (int64_t)LIMIT_POLICY_CODE)
		return err_set(&out->why, ERR_LIMIT,
			       "The regular expressions of this account together take more than %u MiB when "
			       "compiled",
			       LIMIT_POLICY_CODE >> 20);
	return OK;
}

static bool is_quiet(const struct settings_write *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (!w->v[i].quiet)
			return false;
	return true;
}

enum err settings_write_run(struct settings_write *w, struct settings_refusal *out)
{
	struct sql *c;

	*out = (struct settings_refusal){ .stale = false };
	if (w->n == 0)
		return OK;
	enum err err = sql_write_begin(w->st->messages, &c);
	if (err)
		return err;
	err = change_rows(w, c, out);
	if (!err)
		err = set_keys(w, c, out);
	if (!err)
		err = add_rows(w, c, out);
	if (!err)
		err = hold(w, c, out);
	if (is_quiet(w))
		return sql_end(&c, err);
	if (!err)
		err = settings_bump(c, w->account, NULL);
	if (!err)
		err = settings_bump(c, SETTINGS_REV_ALL, NULL);
	return settings_end(w->st, &c, err);
}
