/* When domains were registered, as far as somebody was asked. */
#include "store/history.h"
#include "store/internal.h"

enum err store_age_get(struct store *st, struct str domain, int64_t *created_out, int64_t *asked_out)
{
	struct sql *c;
	enum err e = sql_read_begin(st->history, &c);

	if (e)
		return e;
	struct sql_stmt *s = sql_prepare(c, "SELECT created, asked FROM age WHERE k = $1");
	sql_bind_int(s, 1, history_hash(st, domain));
	e = sql_step(s);
	if (!e) {
		*created_out = sql_int(s, 0);
		*asked_out = sql_int(s, 1);
		sql_done(s);
	}
	sql_read_end(&c);
	return e;
}

enum err store_age_put(struct store *st, struct str domain, int64_t created_us, int64_t asked_us)
{
	struct sql *c;
	enum err e = sql_write_begin(st->history, &c);

	if (e)
		return e;
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO age(k, created, asked) VALUES($1, $2, $3) "
					    "ON CONFLICT(k) DO UPDATE SET created = $2, asked = $3");
	sql_bind_int(s, 1, history_hash(st, domain));
	sql_bind_int(s, 2, created_us);
	sql_bind_int(s, 3, asked_us);
	e = sql_run(s, NULL);
	return sql_end(&c, e);
}
