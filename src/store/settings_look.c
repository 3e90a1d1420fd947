/* Looking after domains: which are due, what was found, and what they have to publish. */
#include "base/domain.h"
#include "store/domain_day.h"
#include "store/internal.h"
#include "store/settings_internal.h"

#define CHALLENGE_LABEL "_postern-challenge"
#define CHALLENGE_DIGITS 32
#define DAY_US INT64_C(86400000000)

/* clang-format off */
#define LOOKS(column) \
	{ "SELECT d.account, d.num FROM domain_fact AS f JOIN domain AS d ON d.num = f.num " \
	  "WHERE f." column " <= $1 ORDER BY f." column, \
	  "SELECT d.account, d.body, f.body FROM domain_fact AS f JOIN domain AS d ON d.num = f.num " \
	  "WHERE f.num = $1 AND f." column " <= $2", \
	  "UPDATE domain_fact SET body = $2, " column " = CASE WHEN " column " > $4 THEN " column " ELSE $3 END " \
	  "WHERE num = $1", \
	  "UPDATE domain_fact SET " column " = $2 WHERE num = $1" }
/* clang-format on */
static const struct {
	const char *due, *read, *done, *put_off;
} texts[] = {
	[LOOKS_PROOF] = LOOKS("proof_due"),
	[LOOKS_HEALTH] = LOOKS("health_due"),
	[LOOKS_COUNT] = LOOKS("count_due"),
};

static enum err read_look(struct arena *a, struct str facts, struct settings_object *o)
{
	o->obj = ARENA_NEW(a, struct domain);
	enum err err = settings_read_body(a, &resource_domains, o->stored, o->obj);

	return err ? err : settings_read_facts(a, &resource_domains, facts, o->obj);
}

/* A domain that cannot be read must not keep all others from being looked at. */
static enum err put_off(struct store *st, enum settings_looks what, int64_t num, int64_t until_us)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	log_error(st->log, "domain_unreadable", KV_INT("num", num),
		  KV_C("left", "it is not looked at today"));
	struct sql_stmt *s = sql_prepare(c, texts[what].put_off);
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, until_us);
	return sql_end(&c, sql_run(s, NULL));
}

/* Rows into domains; those that can be read move to the front. */
static enum err read_looks(struct store *st, struct arena *a, enum settings_looks what, int64_t now_us,
			   const struct strs *facts, struct settings_look_list *list)
{
	size_t n = 0;
	enum err err = OK;

	for (size_t i = 0; i < list->n && !err; i++) {
		list->v[n] = list->v[i];
		if (read_look(a, facts->v[i], &list->v[n].object) == OK)
			n++;
		else
			err = put_off(st, what, list->v[i].num, now_us + DAY_US);
	}
	list->n = n;
	return err;
}

enum err settings_looks_due(struct store *st, enum settings_looks what, int64_t now_us, settings_due_fn *fn,
			    void *ctx)
{
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, texts[what].due);
	sql_bind_int(s, 1, now_us);
	while ((err = sql_step(s)) == OK && fn(ctx, sql_int(s, 0), sql_int(s, 1)))
		;
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

enum err settings_looks_read(struct store *st, struct arena *a, enum settings_looks what, int64_t now_us,
			     const int64_t *nums, size_t n, struct settings_look_list *out)
{
	struct strs facts = { 0 };
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct settings_look_list){ 0 };
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		struct sql_stmt *s = sql_prepare(c, texts[what].read);
		sql_bind_int(s, 1, nums[i]);
		sql_bind_int(s, 2, now_us);
		err = sql_step(s);
		if (err == OK) {
			struct settings_look look = { .account = sql_int(s, 0), .num = nums[i] };
			look.object.stored = sql_str_copy(s, 1, a);
			ARENA_PUSH(a, out, look);
			ARENA_PUSH(a, &facts, sql_str_copy(s, 2, a));
			sql_done(s);
		}
		if (err == ERR_ABSENT)
			err = OK;
	}
	sql_read_end(&c);
	return err ? err : read_looks(st, a, what, now_us, &facts, out);
}

/* What a look of this kind finds out, and nothing else: others may be under way. */
static void take_facts(enum settings_looks what, const struct domain *from, struct domain *to)
{
	static const uint64_t fields[] = {
		[LOOKS_PROOF] = FIELD_BIT(domain, checked_at) | FIELD_BIT(domain, missing_since) |
				FIELD_BIT(domain, misses),
		[LOOKS_HEALTH] = FIELD_BIT(domain, spf_status) | FIELD_BIT(domain, dmarc_status),
		[LOOKS_COUNT] = FIELD_BIT(domain, emails_processed),
	};
	struct domain found = *from;

	found.has = (to->has & ~fields[what]) | (from->has & fields[what]);
	if (what != LOOKS_PROOF) {
		found.checked_at = to->checked_at;
		found.missing_since = to->missing_since;
		found.misses = to->misses;
	}
	if (what != LOOKS_HEALTH) {
		found.spf_status = to->spf_status;
		found.dmarc_status = to->dmarc_status;
	}
	if (what != LOOKS_COUNT)
		found.emails_processed = to->emails_processed;
	*to = found;
}

static enum err read_facts(struct sql *c, struct arena *a, int64_t num, struct domain *out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT body FROM domain_fact WHERE num = $1");

	sql_bind_int(s, 1, num);
	enum err err = sql_step(s);
	if (err)
		return err;
	struct str facts = sql_str_copy(s, 0, a);
	sql_done(s);
	return settings_read_facts(a, &resource_domains, facts, out);
}

static enum err keep(struct sql *c, struct arena *a, enum settings_looks what,
		     const struct settings_look *look, int64_t now_us)
{
	struct domain d = { 0 };
	enum err err = read_facts(c, a, look->num, &d);

	if (err)
		return err == ERR_ABSENT ? OK : err; /* gone meanwhile */
	take_facts(what, look->object.obj, &d);
	struct sql_stmt *s = sql_prepare(c, texts[what].done);
	sql_bind_int(s, 1, look->num);
	sql_bind_str(s, 2, settings_facts(a, &domain_fields, &d));
	sql_bind_int(s, 3, look->due_us);
	sql_bind_int(s, 4, now_us);
	err = sql_run(s, NULL);
	return err || what != LOOKS_COUNT ? err : domain_day_forget(c, look->num, now_us);
}

enum err settings_looks_done(struct store *st, struct arena *a, enum settings_looks what, int64_t now_us,
			     const struct settings_look_list *list)
{
	struct sql *c;

	if (list->n == 0)
		return OK;
	enum err err = sql_write_begin(st->messages, &c);
	if (err)
		return err;
	for (size_t i = 0; i < list->n && !err; i++)
		err = keep(c, a, what, &list->v[i], now_us);
	return sql_end(&c, err);
}

enum err settings_look_now(struct store *st, int64_t num, int64_t now_us)
{
	struct sql *c;
	enum err err = sql_write_begin(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(
	    c, "UPDATE domain_fact SET proof_due = $2, health_due = $2, count_due = $2 WHERE num = $1");
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, now_us);
	return sql_end(&c, sql_run(s, NULL));
}

enum err settings_mails(struct store *st, int64_t num, int64_t now_us, struct emails_processed *out)
{
	struct sql *c;
	int64_t sums[2] = { 0 }, today = domain_day_of(now_us);
	enum err err = sql_read_one(st->messages, &c);

	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT day > $3, SUM(mails) FROM domain_day "
					    "WHERE num = $1 AND day > $2 AND day <= $4 GROUP BY day > $3");
	sql_bind_int(s, 1, num);
	sql_bind_int(s, 2, today - 2 * DOMAIN_DAYS);
	sql_bind_int(s, 3, today - DOMAIN_DAYS);
	sql_bind_int(s, 4, today);
	while ((err = sql_step(s)) == OK)
		sums[sql_int(s, 0) == 1] = sql_int(s, 1);
	sql_read_end(&c);
	SET(out, emails_processed, timestamp, now_us);
	SET(out, emails_processed, total_emails_processed, sums[1]);
	SET(out, emails_processed, total_emails_processed_previous, sums[0]);
	return err == ERR_ABSENT ? OK : err;
}

struct settings_challenge settings_challenge(struct store *st, struct arena *a, const struct domain *d)
{
	struct str digest = settings_digest(st, a, arena_printf(a, "domain challenge %s", d->id.uuid));

	return (struct settings_challenge){
		.name = ARENA_JOIN(a, STR(CHALLENGE_LABEL "."), domain_fold(a, d->domain)),
		.value = ARENA_JOIN(a, STR("postern-challenge="), str_sub(digest, 0, CHALLENGE_DIGITS)),
	};
}
