/* Compiled policies by account. */
#include "daemon/snapshot.h"

#include <stdlib.h>

#include "base/arena.h"
#include "broker/wire.h"

#define ROOM_OF_BYTE \
	16 /* of memory that a byte of a line may take: its values, objects, rules and their table */

struct entry {
	int64_t account;
	struct policy *policy;
};

struct snapshot {
	struct arena *arena;
	struct entry *v;
	size_t n;
};

static void add(struct snapshot *s, struct str line, const struct log *log)
{
	struct policy_source source;
	struct errbuf eb;

	if (wire_policy_read(s->arena, line, &source, &eb) != OK) {
		log_error(log, "policy_unreadable", KV_C("why", eb.text));
		return;
	}
	struct entry e = { source.account, policy_compile(s->arena, &source) };
	if (policy_skipped(e.policy))
		log_warn(log, "policy_patterns_skipped", KV_STR("account", source.account_id),
			 KV_INT("patterns", policy_skipped(e.policy)));
	ARENA_PUSH(s->arena, s, e);
}

struct snapshot *snapshot_new(struct str lines, size_t max_bytes, const struct log *log)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	ASSERT(s);
	s->arena = arena_new(max_bytes, NULL, NULL);
	for (size_t at = 0, end; at < lines.n; at = end + 1) {
		end = str_find_char(lines, '\n', at);
		if (end == SIZE_MAX)
			end = lines.n;
		if (arena_has_room(s->arena, (end - at) * ROOM_OF_BYTE))
			/* The policy may point into its source. */
			add(s, arena_str(s->arena, str_sub(lines, at, end)), log);
		else
			log_warn(log, "policy_left_out", KV_INT("bytes", end - at));
	}
	return s;
}

void snapshot_free(struct snapshot **s)
{
	if (!*s)
		return;
	for (size_t i = 0; i < (*s)->n; i++)
		policy_free(&(*s)->v[i].policy);
	arena_free(&(*s)->arena);
	free(*s);
	*s = NULL;
}

const struct policy *snapshot_find(const struct snapshot *s, int64_t account)
{
	for (size_t i = 0; s && i < s->n; i++)
		if (s->v[i].account == account)
			return s->v[i].policy;
	return NULL;
}

void snapshot_revs(const struct snapshot *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++) {
		struct wire_rev r = { s->v[i].account, policy_rev(s->v[i].policy) };
		buf_add(out, str_from(&r, sizeof(r)));
	}
}
