/* Releases, by digest of account, bytes and recipient: nothing else of a mail speaks for it. */
#include "store/released.h"

#include <stdio.h>

#include "base/clock.h"

#define SLICE 200 /* deleted at a time */

/* raw: 32 bytes. Empty: not of that form. */
static struct str digest_of(struct arena *a, int64_t account, struct str raw_hex, struct str address)
{
	struct str raw;
	char prefix[40];

	if (raw_hex.n != SHA256_BYTES * 2 || hash_unhex(a, raw_hex, &raw))
		return STR_NONE;
	snprintf(prefix, sizeof(prefix), "released %lld ", (long long)account);
	struct sha256 digest = hash_sha256(ARENA_JOIN(a, str_of(prefix), raw, address));
	return arena_str(a, str_from(digest.b, sizeof(digest.b)));
}

struct strs released_held(struct arena *a, const struct outcome_list *outcomes)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < outcomes->n; i++)
		if (outcomes->v[i].status == DELIVERY_QUARANTINED)
			ARENA_PUSH(a, &out, outcomes->v[i].address);
	return out;
}

struct strs released_now(struct arena *a, const struct strs *held, const struct record *r)
{
	struct strs out = { 0 };

	for (size_t i = 0; i < r->outcomes.n; i++) {
		const struct outcome *o = &r->outcomes.v[i];
		if (o->status != DELIVERY_DELIVERED || !strs_has(held, o->address))
			continue;
		struct str digest = digest_of(a, r->account, r->raw_sha256, o->address);
		if (digest.n)
			ARENA_PUSH(a, &out, digest);
	}
	return out;
}

enum err released_note(struct sql *c, const struct strs *digests)
{
	enum err err = OK;

	for (size_t i = 0; i < digests->n && !err; i++) {
		struct sql_stmt *s = sql_prepare(c, "INSERT INTO released(digest, at) VALUES($1, $2) "
						    "ON CONFLICT(digest) DO UPDATE SET at = excluded.at");
		sql_bind_blob(s, 1, digests->v[i]);
		sql_bind_int(s, 2, clock_now_us());
		err = sql_run(s, NULL);
	}
	return err;
}

enum err store_release_begins(struct store *st, struct arena *a, const struct record *r,
			      const struct strs *to)
{
	struct strs digests = { 0 };
	struct sql *c;

	for (size_t i = 0; i < to->n; i++) {
		struct str digest = digest_of(a, r->account, r->raw_sha256, to->v[i]);
		if (digest.n)
			ARENA_PUSH(a, &digests, digest);
	}
	enum err err = sql_write_begin(st->messages, &c);
	if (err)
		return err;
	return sql_end(&c, released_note(c, &digests));
}

enum err store_released(struct store *st, struct arena *a, int64_t account, struct str raw_sha256,
			struct str address, bool *out)
{
	struct str digest = digest_of(a, account, raw_sha256, address);
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = false;
	if (err)
		return err;
	struct sql_stmt *s = sql_prepare(c, "SELECT 1 FROM released WHERE digest = $1 AND at >= $2");
	sql_bind_blob(s, 1, digest);
	sql_bind_int(s, 2, clock_now_us() - RELEASED_US);
	err = sql_step(s);
	*out = !err;
	sql_read_end(&c);
	return err == ERR_ABSENT ? OK : err;
}

enum err released_forget(struct store *st, int64_t now_us, bool *more_out)
{
	return sql_forget(st->messages,
			  "DELETE FROM released WHERE digest IN "
			  "(SELECT digest FROM released WHERE at < $1 LIMIT $2)",
			  now_us - RELEASED_US, SLICE, more_out);
}
