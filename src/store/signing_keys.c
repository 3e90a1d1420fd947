/* One look into the index of keys, "domain selector" each. */
#include "store/signing_keys.h"

#include "store/internal.h"
#include "store/safe.h"
#include "store/settings_internal.h"

#define ALGORITHMS 2

static enum err read_all(struct sql *c, struct arena *a, int64_t account, struct str domain,
			 struct signing_key newest[ALGORITHMS])
{
	struct sql_stmt *s = sql_prepare(c, "SELECT body FROM signing_key WHERE ukey >= $2 AND ukey < $3 "
					    "AND account = $1 ORDER BY num");
	enum err err;

	sql_bind_int(s, 1, account);
	sql_bind_str(s, 2, ARENA_JOIN(a, domain, STR(" ")));
	sql_bind_str(s, 3, ARENA_JOIN(a, domain, STR("!")));
	while ((err = sql_step(s)) == OK) {
		struct signing_key k = { 0 };
		if (settings_read_body(a, &resource_signing_keys, sql_str_copy(s, 0, a), &k))
			return ERR_BUG;
		if (k.enabled)
			newest[k.algorithm == SIGNING_ED25519] = k;
	}
	return err == ERR_ABSENT ? OK : err;
}

enum err signing_keys_of(struct store *st, struct arena *a, int64_t account, struct str domain,
			 struct signing_key_list *out)
{
	struct signing_key newest[ALGORITHMS] = { 0 };
	struct sql *c;
	enum err err = sql_read_one(st->messages, &c);

	*out = (struct signing_key_list){ 0 };
	if (err)
		return err;
	err = read_all(c, a, account, domain, newest);
	sql_read_end(&c);
	for (size_t i = 0; i < ALGORITHMS && !err; i++) {
		if (!HAS(&newest[i], signing_key, private_key))
			continue;
		err = safe_open_fields(st, a, &signing_key_fields, str_of(newest[i].id.uuid), &newest[i]);
		ARENA_PUSH(a, out, newest[i]);
	}
	return err;
}
