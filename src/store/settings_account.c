/* Accounts, made by the operator, and finding who may act in them: what is asked of all accounts at once. */
#include "store/settings.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "json/read.h"
#include "store/internal.h"
#include "store/settings_internal.h"

#define ACCOUNT_ID_BYTES 16

struct str settings_digest(struct store *st, struct arena *a, struct str secret)
{
	struct sha256 d = hash_hmac(store_secret(st), secret);

	return hash_hex(a, str_from(d.b, sizeof(d.b)));
}

struct str settings_signing_key(struct store *st, struct arena *a, struct str kept)
{
	return settings_digest(st, a, ARENA_JOIN(a, STR("signing key "), kept));
}

/* ---- reading ---- */

/* What a statement looks for: a text, a number, or nothing. */
struct wanted {
	const char *pattern; /* one table by @ */
	struct str key;
	int64_t num;
};

static enum err select_rows(struct store *st, struct arena *a, const struct fieldtab *fields,
			    const char *table, const struct wanted *w, struct settings_list *out)
{
	struct sql *c;
	struct strs bodies = { 0 };
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = settings_statement(c, w->pattern, table);
	if (w->key.p)
		sql_bind_str(s, 1, w->key);
	else if (w->num)
		sql_bind_int(s, 1, w->num);
	while ((err = sql_step(s)) == OK) {
		/* With the object it becomes, and the list, which doubles when it is full. */
		if (!arena_has_room(a, sql_str(s, 0).n +
					   (bodies.n + 1) * (fields->size + 2 * sizeof(*bodies.v)))) {
			err = ERR_LIMIT;
			break;
		}
		ARENA_PUSH(a, &bodies, sql_str_copy(s, 0, a));
	}
	sql_read_end(&c);
	if (err != ERR_ABSENT)
		return err;
	*out = (struct settings_list){ arena_array(a, bodies.n, fields->size), bodies.n };
	for (size_t i = 0; i < bodies.n; i++) {
		err = json_text_read(a, fields, bodies.v[i], JSON_STORED, (char *)out->v + i * fields->size,
				     NULL);
		if (err)
			return err == ERR_LIMIT ? err : ERR_BUG;
	}
	return OK;
}

static enum err list(struct store *st, struct arena *a, const struct fieldtab *fields, const char *table,
		     int64_t account, struct settings_list *out)
{
	const struct wanted w = { .pattern = account ? "SELECT body FROM @ WHERE account = $1 ORDER BY num"
						     : "SELECT body FROM @ ORDER BY num",
				  .num = account };

	return select_rows(st, a, fields, table, &w, out);
}

static enum err find(struct store *st, struct arena *a, const struct fieldtab *fields, const char *table,
		     struct str key, struct settings_list *out)
{
	const struct wanted w = { .pattern = "SELECT body FROM @ WHERE ukey = $1 ORDER BY num", .key = key };
	enum err err = select_rows(st, a, fields, table, &w, out);

	return !err && out->n == 0 ? ERR_ABSENT : err;
}

/* ---- accounts ---- */

/* Raises both revisions and leaves the audit row of what the operator did. */
static enum err note(struct sql *c, struct arena *a, const char *action, const struct account *before,
		     const struct account *after)
{
	const struct account *account = after ? after : before;
	enum err err = settings_bump(c, account->num, NULL);

	if (!err)
		err = settings_bump(c, SETTINGS_REV_ALL, NULL);
	if (err)
		return err;
	struct settings_audit entry = { .who = settings_operator,
					.action = action,
					.collection = "account",
					.object = account->id,
					.fields = &account_fields,
					.before = before,
					.after = after };
	return settings_audit(c, account->num, clock_now_us(), settings_audit_body(a, &entry));
}

/* Account numbers are small (17 bits of a row key), so they are not drawn from the revision. */
static enum err insert(struct sql *c, struct arena *a, struct account *account)
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
	return err ? err : note(c, a, "create", NULL, account);
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
	return err ? err : settings_end(st, &c, insert(c, a, account));
}

enum err settings_accounts(struct store *st, struct arena *a, struct account_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &account_fields, "account", 0, &l);

	if (!err)
		*out = (struct account_list){ l.v, l.n };
	return err;
}

enum err settings_account_get(struct store *st, struct arena *a, int64_t num, struct account *out)
{
	const struct wanted w = { .pattern = "SELECT body FROM @ WHERE num = $1", .num = num };
	struct settings_list l = { 0 };
	enum err err = num ? select_rows(st, a, &account_fields, "account", &w, &l) : OK;

	if (err || l.n == 0)
		return err ? err : ERR_ABSENT;
	*out = *(struct account *)l.v;
	return OK;
}

struct str settings_account_id(struct store *st, struct arena *a, int64_t num)
{
	struct str id = STR("-");
	struct sql *c;

	if (sql_read_one(st->messages, &c))
		return id;
	struct sql_stmt *s = sql_prepare(c, "SELECT ukey FROM account WHERE num = $1");
	sql_bind_int(s, 1, num);
	if (sql_step(s) == OK)
		id = sql_str_copy(s, 0, a);
	sql_read_end(&c);
	return id;
}

enum err settings_account_find(struct store *st, struct arena *a, struct str id, struct account *out)
{
	struct settings_list l;
	enum err err = find(st, a, &account_fields, "account", id, &l);

	if (!err)
		*out = *(struct account *)l.v;
	return err;
}

static enum err drop_row(struct sql *c, struct arena *a, int64_t num)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM account WHERE num = $1 RETURNING body");

	sql_bind_int(s, 1, num);
	enum err err = sql_step(s);
	if (err)
		return err;
	struct str body = sql_str_copy(s, 0, a);
	struct account old = { 0 };
	sql_done(s);
	if (json_text_read(a, &account_fields, body, JSON_STORED, &old, NULL) != OK)
		return ERR_BUG;
	return note(c, a, "delete", &old, NULL);
}

static enum err drop(struct sql *c, struct arena *a, int64_t num)
{
	const char *const owned[] = {
		resource_users.table,         resource_tokens.table,       resource_service_addresses.table,
		resource_notifications.table, resource_corrections.table,  resource_detection_settings.table,
		resource_integrations.table,  resource_auto_moves.table,   resource_text_add_ons.table,
		resource_link_actions.table,  resource_signing_keys.table, "holding"
	};
	enum err err = drop_row(c, a, num);

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

	return err ? err : settings_end(st, &c, drop(c, a, num));
}

/* ---- who may act in them, and where copies go ---- */

enum err settings_users(struct store *st, struct arena *a, int64_t account, struct user_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &user_fields, resource_users.table, account, &l);

	if (!err)
		*out = (struct user_list){ l.v, l.n };
	return err;
}

enum err settings_users_find(struct store *st, struct arena *a, struct str email, struct user_list *out)
{
	struct settings_list l;
	enum err err = find(st, a, &user_fields, resource_users.table, arena_lower(a, email), &l);

	if (!err)
		*out = (struct user_list){ l.v, l.n };
	return err;
}

enum err settings_tokens(struct store *st, struct arena *a, int64_t account, struct token_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &token_fields, resource_tokens.table, account, &l);

	if (!err)
		*out = (struct token_list){ l.v, l.n };
	return err;
}

enum err settings_token_find(struct store *st, struct arena *a, struct str digest, struct token *out)
{
	struct settings_list l;
	enum err err = find(st, a, &token_fields, resource_tokens.table, digest, &l);

	if (!err)
		*out = *(struct token *)l.v;
	return err;
}

enum err settings_addresses(struct store *st, struct arena *a, int64_t account,
			    struct service_address_list *out)
{
	struct settings_list l;
	enum err err = list(st, a, &service_address_fields, resource_service_addresses.table, account, &l);

	if (!err)
		*out = (struct service_address_list){ l.v, l.n };
	return err;
}

enum err settings_address_find(struct store *st, struct arena *a, struct str address,
			       struct service_address *out)
{
	struct settings_list l;
	enum err err = find(st, a, &service_address_fields, resource_service_addresses.table,
			    arena_lower(a, address), &l);

	if (!err)
		*out = *(struct service_address *)l.v;
	return err;
}
