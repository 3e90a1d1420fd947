/* Rows of domain_day. */
#include "store/domain_day.h"

#include "base/domain.h"

static bool has(const struct strs *names, struct str name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->v[i], name))
			return true;
	return false;
}

static struct strs names_of(struct arena *a, const struct outcome_list *outcomes)
{
	struct strs names = { 0 };

	for (size_t i = 0; i < outcomes->n; i++) {
		struct str name = domain_fold(a, domain_of_address(outcomes->v[i].address));
		if (name.n && !has(&names, name))
			ARENA_PUSH(a, &names, name);
	}
	return names;
}

struct strs domain_day_names(struct arena *a, const struct outcome_list *before,
			     const struct outcome_list *now)
{
	struct strs old = names_of(a, before), all = names_of(a, now), added = { 0 };

	for (size_t i = 0; i < all.n; i++)
		if (!has(&old, all.v[i]))
			ARENA_PUSH(a, &added, all.v[i]);
	return added;
}

enum err domain_day_add(struct sql *c, int64_t account, int64_t us, const struct strs *names)
{
	enum err err = OK;

	for (size_t i = 0; i < names->n && !err; i++) {
		struct sql_stmt *s =
		    sql_prepare(c, "INSERT INTO domain_day(num, day, mails) "
				   "SELECT num, $3, 1 FROM domain WHERE ukey = $1 AND account = $2 "
				   "ON CONFLICT(num, day) DO UPDATE SET mails = domain_day.mails + 1");
		sql_bind_str(s, 1, names->v[i]);
		sql_bind_int(s, 2, account);
		sql_bind_int(s, 3, domain_day_of(us));
		err = sql_run(s, NULL);
	}
	return err;
}

enum err domain_day_forget(struct sql *c, int64_t num, int64_t now_us)
{
	struct sql_stmt *s = sql_prepare(c, "DELETE FROM domain_day WHERE num = $1 AND day <= $2");

	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, domain_day_of(now_us) - 2 * DOMAIN_DAYS);
	return sql_run(s, NULL);
}
