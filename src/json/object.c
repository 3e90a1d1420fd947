/*
 * Nodes into structs by their field table, collecting every fault. What a kind accepts is in value.c; what a mode
 * asks for is decided here (read_field, check_missing).
 */
#include "json/internal.h"
#include "json/value.h"

/* F_FIXED: the stored value may be repeated, not changed. Only texts and enumerations are fixed. */
static void check_fixed(struct json_reading *c, const struct field *f, const struct json *node,
			const void *member)
{
	ASSERT(f->kind == FIELD_STR || f->kind == FIELD_ENUM);
	struct str stored =
	    f->kind == FIELD_STR ? *(const struct str *)member : enum_text(f->ref, *(const int *)member);
	if (node->kind != JSON_STR || !str_eq_nocase(str_trim(node->s), stored))
		json_wrong(c, f->name, "cannot be changed");
}

/*
 * One key with its row; `name` differs from f->name when an older one was used. Gives whether it counts as
 * given.
 */
static bool read_field(struct json_reading *c, const struct field *f, bool alias, const struct json *node,
		       void *obj, uint64_t bit)
{
	uint64_t *has = obj;
	enum json_mode mode = c->how->mode;

	if (json_is_request(c) && (f->flags & F_FIXED) && mode != JSON_CREATE) {
		if (node->kind != JSON_NULL || *has & bit)
			check_fixed(c, f, node, (const char *)obj + f->offset);
		return true;
	}
	if (node->kind == JSON_NULL) {
		if (alias || (json_is_request(c) && (f->flags & F_KEEP_NULL)))
			return false;
		if (!(f->flags & F_NULL))
			return !json_wrong(c, f->name, "must not be null");
		*has &= ~bit;
		return true;
	}
	if (json_value_read(c, f, node, (char *)obj + f->offset))
		*has |= bit;
	return true;
}

static void check_missing(struct json_reading *c, const struct fieldtab *t, uint64_t given)
{
	enum json_mode mode = c->how->mode;

	if (mode == JSON_PATCH || mode == JSON_STORED)
		return;
	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = &t->v[i];
		if (!(f->flags & F_REQUIRED) || ((given | c->how->spared) >> i & 1))
			continue;
		if (mode != JSON_PEER && (f->flags & (F_READONLY | F_INTERNAL)))
			continue;
		if (mode == JSON_REPLACE && (f->flags & F_FIXED))
			continue;
		json_wrong(c, f->name, "is required");
	}
}

static bool is_named(const struct field *f, struct str key)
{
	return f->name_n == key.n && memcmp(f->name, key.p, key.n) == 0;
}

/* The row of a key: our own writers keep the order of the table, so the next row is tried first. */
static const struct field *find_row(const struct fieldtab *t, struct str key, size_t *next)
{
	const struct field *f = *next < t->n ? &t->v[*next] : NULL;

	while (f && f < t->v + t->n && !is_named(f, key))
		f++;
	if (!f || f == t->v + t->n)
		f = field_find(t, key);
	if (f)
		*next = (size_t)(f - t->v) + 1;
	return f;
}

/* Older names, after all fields: each sets its target when that was not given itself. */
static uint64_t read_aliases(struct json_reading *c, const struct fieldtab *t, const struct json *node,
			     void *obj, uint64_t given)
{
	for (const struct json *e = node->first; e; e = e->next) {
		const struct field *alias = field_find(t, e->key);
		if (!alias || alias->kind != FIELD_ALIAS || (alias->flags & F_READONLY))
			continue;
		const struct field *f = field_source(t, alias);
		uint64_t bit = UINT64_C(1) << (f - t->v);
		if ((given & bit) || (f->flags & (F_READONLY | F_INTERNAL)))
			continue;
		struct field named = *f; /* faults name the key that was sent */
		named.name = alias->name;
		named.name_n = alias->name_n;
		if (read_field(c, &named, true, e, obj, bit))
			given |= bit;
	}
	return given;
}

bool json_members_read(struct json_reading *c, const struct fieldtab *t, const struct json *node, void *obj,
		       uint64_t *given)
{
	size_t faults = c->faults->n, next = 0;
	uint64_t set = 0;
	bool aliases = false;

	if (node->kind != JSON_OBJECT) {
		if (json_tells(c))
			fault_add(c->faults, json_pointer(c, c->place), "must be an object");
		return false;
	}
	for (const struct json *e = node->first; e; e = e->next) {
		const struct field *f = find_row(t, e->key, &next);
		if (!f || (json_is_request(c) && (f->flags & F_INTERNAL))) {
			if (c->how->closed && json_tells(c))
				fault_add(c->faults,
					  fault_at_key(c->arena, json_pointer(c, c->place), e->key),
					  "unknown key");
			continue;
		}
		if (f->kind == FIELD_ALIAS) {
			aliases = true;
			continue;
		}
		if (json_is_request(c) && (f->flags & F_READONLY))
			continue;
		uint64_t bit = UINT64_C(1) << (f - t->v);
		if (read_field(c, f, false, e, obj, bit))
			set |= bit;
	}
	if (aliases && json_is_request(c))
		set = read_aliases(c, t, node, obj, set);
	check_missing(c, t, set);
	if (given)
		*given = set;
	return c->faults->n == faults;
}

enum err json_object_read(struct arena *a, const struct fieldtab *t, const struct json *node,
			  const struct json_read *how, void *obj, uint64_t *given_out, struct faults *faults)
{
	struct json_reading c = { a, how, faults, NULL };
	size_t before = faults->n;

	/* Once the list of faults is full nothing is added, so a full list is never "no fault". */
	bool fine = json_members_read(&c, t, node, obj, given_out);
	return fine && before < LIMIT_FAULTS ? OK : ERR_SYNTAX;
}

/* Both steps for text of our own. */
struct text_read {
	const struct fieldtab *fields;
	struct str text;
	enum json_mode mode;
	size_t nodes_max;
	void *obj;
	struct errbuf *eb;
};

static enum err read_text(struct arena *a, void *ctx)
{
	const struct text_read *r = ctx;
	struct json_read how = { .mode = r->mode };
	struct faults faults = { .arena = a };
	struct json *node;
	enum err e = json_parse_upto(a, r->text, r->mode == JSON_STORED, r->nodes_max, &node, r->eb);

	if (e)
		return e;
	err_set(r->eb, ERR_LIMIT, "%s: %s", r->fields->name, JSON_NO_MEMORY);
	if (json_object_read(a, r->fields, node, &how, r->obj, NULL, &faults) == OK)
		return OK;
	return err_set(r->eb, ERR_SYNTAX, "%s%.*s: %.*s", r->fields->name, STR_ARG(faults.v[0].pointer),
		       STR_ARG(faults.v[0].message));
}

enum err json_text_read(struct arena *a, const struct fieldtab *t, struct str text, enum json_mode mode,
			void *obj, struct errbuf *eb)
{
	struct text_read r = { t, text, mode, LIMIT_JSON_NODES, obj, eb };

	return arena_try(a, read_text, &r);
}

enum err json_peer_read(struct arena *a, const struct fieldtab *t, struct str text, size_t nodes_max,
			void *obj, struct errbuf *eb)
{
	struct text_read r = { t, text, JSON_PEER, nodes_max, obj, eb };

	return arena_try(a, read_text, &r);
}
