/* Objects that name one of another collection (resource_reference): that it is there, and stays. */
#include "store/internal.h"
#include "store/settings_internal.h"

#define NAMED 4 /* of those that name one are told */

enum err settings_check_named(struct sql *c, const struct resource *r, int64_t account, const void *obj)
{
	struct str uuid = r->refers ? resource_reference(r, obj) : STR("");

	if (!uuid.n)
		return OK;
	struct sql_stmt *s =
	    settings_statement(c, "SELECT 1 FROM @ WHERE account = $1 AND uuid = $2", r->refers->to->table);
	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, uuid);
	enum err err = sql_step(s);
	if (!err)
		sql_done(s);
	return err;
}

enum err settings_check_unnamed(struct sql *c, struct arena *a, const struct resource *r, int64_t account,
				void *obj, struct errbuf *why)
{
	const struct resource *by = r->named_by;
	struct strs labels = { 0 };
	struct str list = STR("");
	enum err err;

	if (!by)
		return OK;
	const char *field = by->fields->v[by->refers->field].name;
	struct sql_stmt *s = settings_statement(
	    c, "SELECT body ->> $3 FROM @ WHERE account = $1 AND body ->> $4 = $2 ORDER BY num LIMIT $5",
	    by->table);
	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, str_of(resource_id(r, obj)->uuid));
	sql_bind_str(s, 3, str_of(by->fields->v[by->refers->label].name));
	sql_bind_str(s, 4, str_of(field));
	sql_bind_int(s, 5, NAMED + 1);
	while ((err = sql_step(s)) == OK)
		ARENA_PUSH(a, &labels, sql_str_copy(s, 0, a));
	if (err != ERR_ABSENT || labels.n == 0)
		return err == ERR_ABSENT ? OK : err;
	for (size_t i = 0; i < labels.n && i < NAMED; i++)
		list = ARENA_JOIN(a, list, i ? STR(", ") : STR(""), labels.v[i]);
	return err_set(why, ERR_LIMIT, "It is the %s of %.*s%s", field, STR_ARG(list),
		       labels.n > NAMED ? " and others" : "");
}
