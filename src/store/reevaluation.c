/* Following the mail at three distances. */
#include "store/reevaluation.h"

#include "store/internal.h"
#include "store/key.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define HOUR_US (60 * MINUTE_US)

const int64_t reevaluation_us[REEVALUATION_STEPS] = {
	[REEVALUATION_MINUTES] = 5 * MINUTE_US,
	[REEVALUATION_HALF_DAY] = 12 * HOUR_US,
	[REEVALUATION_DAY] = 24 * HOUR_US,
};

#define FIRST_US (48 * HOUR_US) /* the last step begins so far back */

/* In the table of upkeep. */
static const char *const tasks[REEVALUATION_STEPS] = {
	[REEVALUATION_MINUTES] = "reevaluate 5 minutes",
	[REEVALUATION_HALF_DAY] = "reevaluate 12 hours",
	[REEVALUATION_DAY] = "reevaluate 24 hours",
};

/* The key that a step is to go on behind; what the next step has reached is that one's. */
static enum err place_of(struct sql *c, int64_t account, int step, int64_t now_us, int64_t *out)
{
	bool last = step + 1 == REEVALUATION_STEPS;
	int64_t least_us = now_us - (last ? FIRST_US : reevaluation_us[step + 1]);
	struct sql_stmt *s = sql_prepare(c, "SELECT upto FROM upkeep WHERE task = $1 AND account = $2");

	*out = key_at(account, least_us) - 1;
	sql_bind_str(s, 1, str_of(tasks[step]));
	sql_bind_int(s, 2, account);
	enum err err = sql_step(s);
	if (!err) {
		int64_t place = sql_int(s, 0);
		if (last || place > *out)
			*out = place;
		sql_done(s);
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err keys_due(struct sql *c, struct arena *a, int64_t account, int64_t now_us, size_t most,
			 struct reevaluation_due *out)
{
	int64_t from, below = key_at(account, now_us - reevaluation_us[out->step]);
	enum err err = place_of(c, account, (int)out->step, now_us, &from);
	size_t seen = 0;

	out->n = 0;
	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT id, held FROM msg WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3");
	sql_bind_int(s, 1, from);
	sql_bind_int(s, 2, below);
	sql_bind_int(s, 3, (int64_t)most);
	while (!(err = sql_step(s))) {
		out->upto = sql_int(s, 0);
		seen++;
		if (!sql_int(s, 1))
			ARENA_PUSH(a, out, out->upto);
	}
	if (err == ERR_ABSENT)
		return seen ? OK : ERR_ABSENT;
	return err;
}

static enum err due_of(struct sql *c, struct arena *a, int64_t account, int64_t now_us, size_t most,
		       struct reevaluation_due *out)
{
	enum err err = ERR_ABSENT;

	*out = (struct reevaluation_due){ .account = account };
	for (int step = REEVALUATION_STEPS; step-- > 0 && err == ERR_ABSENT;) {
		out->step = (enum reevaluation_step)step;
		err = keys_due(c, a, account, now_us, most, out);
	}
	return err;
}

enum err store_reevaluation_due(struct store *st, struct arena *a, int64_t behind_account, int64_t now_us,
				size_t most, struct reevaluation_due *out)
{
	struct store_shelf_list shelves;
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (err)
		return err;
	err = store_shelves(c, a, &shelves);
	enum err found = ERR_ABSENT;
	for (size_t i = 0; i < shelves.n && !err && found == ERR_ABSENT; i++)
		if (shelves.v[i] > behind_account && !(shelves.v[i] & STORE_SUBMITTED))
			found = due_of(c, a, shelves.v[i], now_us, most, out);
	sql_read_end(&c);
	return err ? err : found;
}

enum err store_reevaluation_done(struct store *st, const struct reevaluation_due *due)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	/* Two couriers are there while one takes over from the other; none goes back behind the other. */
	struct sql_stmt *s =
	    sql_prepare(c, "INSERT INTO upkeep(task, account, upto) VALUES($1, $2, $3) "
			   "ON CONFLICT(task, account) DO UPDATE SET upto = max(upto, excluded.upto)");
	sql_bind_str(s, 1, str_of(tasks[due->step]));
	sql_bind_int(s, 2, due->account);
	sql_bind_int(s, 3, due->upto);
	return sql_end(&c, sql_run(s, NULL));
}
