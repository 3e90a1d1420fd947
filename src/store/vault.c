/* The vault follows the records. */
#include "store/vault.h"

#include "base/hash.h"

#define NOTE_BYTES (1u << 20) /* a digest for each recipient, and again as bytes */

struct strs vault_of(struct arena *a, const struct record *r)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		if (HAS(o, outcome, mailbox) && HAS(o->mailbox, mailbox_copy, raw) &&
		    !strs_has(&out, o->mailbox->raw))
			ARENA_PUSH(a, &out, o->mailbox->raw);
	}
	return out;
}

/* What goes for age or for room went past it. */
static enum err let_go(struct sql *c, int64_t key)
{
	struct sql_stmt *s = sql_prepare(c, "INSERT OR IGNORE INTO let_go(id) VALUES($1)");

	sql_bind_int(s, 1, key);
	return sql_run(s, NULL);
}

/* Runs a statement about a digest and a message for each of one list that the other does not have. */
static enum err each_new(struct sql *c, struct arena *a, const char *text, int64_t key,
			 const struct strs *list, const struct strs *other)
{
	struct str raw;
	enum err err = OK;

	for (size_t i = 0; i < list->n && !err; i++) {
		if (strs_has(other, list->v[i]) || hash_unhex(a, list->v[i], &raw))
			continue;
		struct sql_stmt *s = sql_prepare(c, text);
		sql_bind_blob(s, 1, raw);
		sql_bind_int(s, 2, key);
		err = sql_run(s, NULL);
	}
	return err;
}

enum err vault_note(struct sql *c, int64_t key, const struct strs *before, const struct strs *now)
{
	struct arena *a;

	if (before->n == 0 && now->n == 0)
		return OK;
	a = arena_new(NOTE_BYTES, NULL, NULL);
	enum err err =
	    each_new(c, a, "INSERT OR IGNORE INTO vault(raw, id) VALUES($1, $2)", key, now, before);
	if (!err)
		err = each_new(c, a, "DELETE FROM vault WHERE raw = $1 AND id = $2", key, before, now);
	if (!err && before->n)
		err = let_go(c, key);
	arena_free(&a);
	return err;
}
