/* Accounts, users, tokens and service addresses: rows of the same shape as settings, made by the operator. */
#include "store/settings.h"

#include "base/random.h"
#include "json/read.h"
#include "store/internal.h"
#include "store/settings_internal.h"

#define ACCOUNT_ID_BYTES 16

/* What is special about each of the four tables. */
struct entity {
	const char *table;
	const struct fieldtab *fields;
	size_t num, account, created_at; /* indices */
};

static const struct entity accounts = { "account", &account_fields, account_F_num, account_F_num,
					account_F_created_at };
static const struct entity users = { "user", &user_fields, user_F_num, user_F_account, user_F_created_at };
static const struct entity tokens = { "token", &token_fields, token_F_num, token_F_account,
				      token_F_created_at };
static const struct entity addresses = { "service_address", &service_address_fields, service_address_F_num,
					 service_address_F_account, service_address_F_created_at };

static int64_t *int_at(const struct entity *e, void *obj, size_t index)
{
	return (int64_t *)(void *)((char *)obj + e->fields->v[index].offset);
}

static void set_int(const struct entity *e, void *obj, size_t index, int64_t v)
{
	*int_at(e, obj, index) = v;
	*(uint64_t *)obj |= UINT64_C(1) << index;
}

/* Raises both revisions and leaves the audit row of what the operator did. */
static enum err note(struct sql *c, struct arena *a, const struct entity *e, const char *action, int64_t num,
		     int64_t account, const void *before, const void *after)
{
	enum err err = settings_bump(c, account, NULL);

	if (!err)
		err = settings_bump(c, SETTINGS_REV_ALL, NULL);
	if (err)
		return err;
	struct settings_audit entry = { .who = { STR("operator"), STR_NONE },
					.action = action,
					.collection = e->table,
					.object = arena_printf(a, "%lld", (long long)num),
					.fields = e->fields,
					.before = before,
					.after = after };
	return settings_audit(c, account, clock_now_us(), settings_audit_body(a, &entry));
}

static enum err insert(struct sql *c, struct arena *a, const struct entity *e, struct str key, void *obj)
{
	int64_t num = 0;
	enum err err = settings_number(c, &num);

	if (err)
		return err;
	set_int(e, obj, e->num, num);
	set_int(e, obj, e->created_at, clock_now_us());
	struct str body = settings_body(a, e->fields, obj);
	struct sql_stmt *s =
	    settings_statement(c,
			       "INSERT INTO @(num, account, ukey, created_at, modified_at, body) "
			       "VALUES($1, $2, $3, $4, $4, $5)",
			       e->table);
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, *int_at(e, obj, e->account));
	sql_bind_str(s, 3, key);
	sql_bind_int(s, 4, *int_at(e, obj, e->created_at));
	sql_bind_str(s, 5, body);
	err = sql_run(s, NULL);
	return err ? err : note(c, a, e, "create", num, *int_at(e, obj, e->account), NULL, obj);
}

static enum err add(struct store *st, struct arena *a, const struct entity *e, struct str key, void *obj)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	return err ? err : settings_end(st, &c, insert(c, a, e, key, obj));
}

/* The rows a statement with one parameter, key or num, or none gives. */
static enum err select_rows(struct store *st, struct arena *a, const struct entity *e, const char *pattern,
			    struct str key, int64_t num, struct settings_list *out)
{
	struct sql *c;
	struct strs bodies = { 0 };
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = settings_statement(c, pattern, e->table);
	if (key.p)
		sql_bind_str(s, 1, key);
	else if (num)
		sql_bind_int(s, 1, num);
	while ((err = sql_step(s)) == OK) {
		/* With the object it becomes, and the list, which doubles when it is full. */
		if (!arena_has_room(a, sql_str(s, 0).n +
					   (bodies.n + 1) * (e->fields->size + 2 * sizeof(*bodies.v)))) {
			err = ERR_LIMIT;
			break;
		}
		ARENA_PUSH(a, &bodies, sql_str_copy(s, 0, a));
	}
	sql_read_end(&c);
	if (err != ERR_ABSENT)
		return err;
	*out = (struct settings_list){ arena_array(a, bodies.n, e->fields->size), bodies.n };
	for (size_t i = 0; i < bodies.n; i++) {
		err = json_text_read(a, e->fields, bodies.v[i], JSON_STORED,
				     (char *)out->v + i * e->fields->size, NULL);
		if (err)
			return err == ERR_LIMIT ? err : ERR_BUG;
	}
	return OK;
}

static enum err list(struct store *st, struct arena *a, const struct entity *e, int64_t account,
		     struct settings_list *out)
{
	return select_rows(st, a, e,
			   account ? "SELECT body FROM @ WHERE account = $1 ORDER BY num"
				   : "SELECT body FROM @ ORDER BY num",
			   STR_NONE, account, out);
}

static enum err find(struct store *st, struct arena *a, const struct entity *e, struct str key,
		     struct settings_list *out)
{
	enum err err = select_rows(st, a, e, "SELECT body FROM @ WHERE ukey = $1 ORDER BY num", key, 0, out);

	return !err && out->n == 0 ? ERR_ABSENT : err;
}

/* One row: what it was, and it is gone. */
static enum err drop(struct sql *c, struct arena *a, const struct entity *e, int64_t num)
{
	struct sql_stmt *s =
	    settings_statement(c, "DELETE FROM @ WHERE num = $1 RETURNING account, body", e->table);

	sql_bind_int(s, 1, num);
	enum err err = sql_step(s);
	if (err)
		return err;
	int64_t account = sql_int(s, 0);
	struct str body = sql_str_copy(s, 1, a);
	void *old = arena_zalloc(a, e->fields->size);
	sql_done(s);
	if (json_text_read(a, e->fields, body, JSON_STORED, old, NULL) != OK)
		return ERR_BUG;
	return note(c, a, e, "delete", num, account, old, NULL);
}

static enum err drop_one(struct store *st, struct arena *a, const struct entity *e, int64_t num)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	return err ? err : settings_end(st, &c, drop(c, a, e, num));
}

struct str settings_digest(struct store *st, struct arena *a, struct str secret)
{
	struct sha256 d = hash_hmac(store_secret(st), secret);

	return hash_hex(a, str_from(d.b, sizeof(d.b)));
}

/* ---- accounts ---- */

/* Account numbers are small (17 bits of a row key), so they are not drawn from the revision. */
static enum err insert_account(struct sql *c, struct arena *a, struct account *account)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT COALESCE(max(account), 0) FROM policy_rev");
	enum err err = sql_step(s);

	if (err)
		return err == ERR_ABSENT ? ERR_BUG : err;
	SET(account, account, num, sql_int(s, 0) + 1);
	sql_done(s);
	if (account->num > account_fields.v[account_F_num].max)
		return ERR_LIMIT;
	struct str body = settings_body(a, &account_fields, account);
	s = sql_prepare(c, "INSERT INTO account(num, account, ukey, created_at, modified_at, body) "
			   "VALUES($1, $1, $2, $3, $3, $4)");
	sql_bind_int(s, 1, account->num);
	sql_bind_str(s, 2, account->id);
	sql_bind_int(s, 3, account->created_at);
	sql_bind_str(s, 4, body);
	err = sql_run(s, NULL);
	return err ? err : note(c, a, &accounts, "create", account->num, account->num, NULL, account);
}

enum err settings_account_add(struct store *st, struct arena *a, struct account *account)
{
	unsigned char bytes[ACCOUNT_ID_BYTES];
	struct sql *c;

	if (!account->id.n) {
		random_bytes(bytes, sizeof(bytes));
		SET(account, account, id, hash_hex(a, str_from(bytes, sizeof(bytes))));
	}
	SET(account, account, created_at, clock_now_us());
	enum err err = sql_write_begin(st->messages, &c);
	return err ? err : settings_end(st, &c, insert_account(c, a, account));
}

enum err settings_accounts(struct store *st, struct arena *a, struct account_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &accounts, 0, &l);

	if (!err)
		*out = (struct account_list){ l.v, l.n };
	return err;
}

enum err settings_account_get(struct store *st, struct arena *a, int64_t num, struct account *out)
{
	struct settings_list l;
	enum err err = select_rows(st, a, &accounts, "SELECT body FROM @ WHERE num = $1", STR_NONE, num, &l);

	if (err || l.n == 0)
		return err ? err : ERR_ABSENT;
	*out = *(struct account *)l.v;
	return OK;
}

enum err settings_account_find(struct store *st, struct arena *a, struct str id, struct account *out)
{
	struct settings_list l;
	enum err err = find(st, a, &accounts, id, &l);

	if (!err)
		*out = *(struct account *)l.v;
	return err;
}

static enum err drop_account(struct sql *c, struct arena *a, int64_t num)
{
	const char *const owned[] = { users.table, tokens.table, addresses.table, "holding" };
	enum err err = drop(c, a, &accounts, num);

	for (size_t i = 0; i < ARRAY_LEN(owned) + resource_count && !err; i++) {
		const char *table =
		    i < ARRAY_LEN(owned) ? owned[i] : resource_table[i - ARRAY_LEN(owned)]->table;
		struct sql_stmt *s = settings_statement(c, "DELETE FROM @ WHERE account = $1", table);
		sql_bind_int(s, 1, num);
		err = sql_run(s, NULL);
	}
	return err;
}

enum err settings_account_delete(struct store *st, struct arena *a, int64_t num)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	return err ? err : settings_end(st, &c, drop_account(c, a, num));
}

/* ---- users, tokens, service addresses ---- */

enum err settings_user_add(struct store *st, struct arena *a, struct user *user)
{
	return add(st, a, &users, arena_lower(a, user->email), user);
}

enum err settings_users(struct store *st, struct arena *a, int64_t account, struct user_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &users, account, &l);

	if (!err)
		*out = (struct user_list){ l.v, l.n };
	return err;
}

enum err settings_users_find(struct store *st, struct arena *a, struct str email, struct user_list *out)
{
	struct settings_list l;
	enum err err = find(st, a, &users, arena_lower(a, email), &l);

	if (!err)
		*out = (struct user_list){ l.v, l.n };
	return err;
}

enum err settings_user_delete(struct store *st, struct arena *a, int64_t num)
{
	return drop_one(st, a, &users, num);
}

enum err settings_token_add(struct store *st, struct arena *a, struct token *token)
{
	return add(st, a, &tokens, token->digest, token);
}

enum err settings_tokens(struct store *st, struct arena *a, int64_t account, struct token_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &tokens, account, &l);

	if (!err)
		*out = (struct token_list){ l.v, l.n };
	return err;
}

enum err settings_token_find(struct store *st, struct arena *a, struct str digest, struct token *out)
{
	struct settings_list l;
	enum err err = find(st, a, &tokens, digest, &l);

	if (!err)
		*out = *(struct token *)l.v;
	return err;
}

enum err settings_token_delete(struct store *st, struct arena *a, int64_t num)
{
	return drop_one(st, a, &tokens, num);
}

enum err settings_address_add(struct store *st, struct arena *a, struct service_address *address)
{
	return add(st, a, &addresses, arena_lower(a, address->address), address);
}

enum err settings_addresses(struct store *st, struct arena *a, int64_t account,
			    struct service_address_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &addresses, account, &l);

	if (!err)
		*out = (struct service_address_list){ l.v, l.n };
	return err;
}

enum err settings_address_find(struct store *st, struct arena *a, struct str address,
			       struct service_address *out)
{
	struct settings_list l;
	enum err err = find(st, a, &addresses, arena_lower(a, address), &l);

	if (!err)
		*out = *(struct service_address *)l.v;
	return err;
}

enum err settings_address_delete(struct store *st, struct arena *a, int64_t num)
{
	return drop_one(st, a, &addresses, num);
}
