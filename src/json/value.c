/* Values of each kind: what is accepted, and what is said about anything else. */
#include "json/value.h"

#include <math.h>

#include "base/clock.h"

#define EXACT_INTEGER 9007199254740992.0 /* 2^53: a double beyond it may not be the number written */

static bool checks_limits(const struct json_reading *c)
{
	return c->how->mode != JSON_STORED;
}

struct str json_pointer(struct json_reading *c, const struct json_place *p)
{
	if (!p)
		return STR_NONE;
	struct str up = json_pointer(c, p->up);
	return p->key ? fault_at_key(c->arena, up, str_of(p->key)) : fault_at_index(c->arena, up, p->index);
}

bool json_wrong(struct json_reading *c, const char *name, const char *what)
{
	const struct json_place at = { .up = c->place, .key = name };

	if (json_tells(c))
		fault_add(c->faults, json_pointer(c, &at), "%s %s", name, what);
	return false;
}

static bool wrong_element(struct json_reading *c, const char *name, size_t index, const char *what)
{
	const struct json_place list = { .up = c->place, .key = name }, at = { .up = &list, .index = index };

	if (json_tells(c))
		fault_add(c->faults, json_pointer(c, &at), "%s %s", name, what);
	return false;
}

static bool wrong_range(struct json_reading *c, const struct field *f, const char *unit)
{
	if (!json_tells(c))
		return false;
	struct str what = f->min == 0
			      ? arena_printf(c->arena, "must have at most %lld %s", (long long)f->max, unit)
			      : arena_printf(c->arena, "must have %lld to %lld %s", (long long)f->min,
					     (long long)f->max, unit);

	return json_wrong(c, f->name, what.p);
}

/* Characters, not bytes; the text is valid UTF-8. */
static size_t count_chars(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static bool read_int(struct json_reading *c, const struct field *f, const struct json *node, int64_t *out)
{
	int64_t v;

	if (node->kind == JSON_INT)
		v = node->i;
	else if (node->kind == JSON_DOUBLE && node->d == floor(node->d) && fabs(node->d) <= EXACT_INTEGER)
		v = (int64_t)node->d;
	else
		return json_wrong(c, f->name, "must be an integer");
	if (checks_limits(c) && (v < f->min || v > f->max)) {
		struct str what =
		    arena_printf(c->arena, "must be %lld to %lld", (long long)f->min, (long long)f->max);
		return json_wrong(c, f->name, what.p);
	}
	*out = v;
	return true;
}

static bool read_double(struct json_reading *c, const struct field *f, const struct json *node, double *out)
{
	double v = node->kind == JSON_INT ? (double)node->i : node->d, least = (double)f->min / 100,
	       most = (double)f->max / 100;

	if (node->kind != JSON_INT && node->kind != JSON_DOUBLE)
		return json_wrong(c, f->name, "must be a number");
	if (checks_limits(c) && f->max > 0 && (v < least || v > most))
		return json_wrong(c, f->name, arena_printf(c->arena, "must be %g to %g", least, most).p);
	*out = v;
	return true;
}

static bool read_str(struct json_reading *c, const struct field *f, const struct json *node, struct str *out)
{
	struct ident id;

	if (node->kind != JSON_STR)
		return json_wrong(c, f->name, "must be a string");
	if (checks_limits(c)) {
		size_t n = count_chars(node->s);
		if (n < (size_t)f->min || n > (size_t)f->max)
			return wrong_range(c, f, "characters");
	}
	if (f->flags & F_UUID && json_is_request(c) && (ident_parse(node->s, &id) || !id.uuid[0]))
		return json_wrong(c, f->name, "must be a uuid");
	*out = node->s;
	return true;
}

static bool read_time(struct json_reading *c, const struct field *f, const struct json *node, int64_t *out)
{
	if (node->kind != JSON_STR || clock_parse_rfc3339(node->s, out))
		return json_wrong(c, f->name,
				  "must be an RFC 3339 date and time, such as 2026-01-31T12:00:00Z");
	return true;
}

/* "must be one of A, B, C" */
static const char *choices(struct json_reading *c, const struct enumtab *names, int n)
{
	struct str all = STR("must be one of");

	if (!json_tells(c))
		return "";
	for (int i = 0; i < n; i++)
		all = arena_printf(c->arena, "%.*s%s %.*s", STR_ARG(all), i ? "," : "",
				   STR_ARG(names->texts[i]));
	return all.p;
}

static bool read_enum(struct json_reading *c, const struct field *f, const struct json *node, int *out)
{
	const struct enumtab *names = f->ref;
	int v = node->kind == JSON_STR ? enum_value(names, node->s) : -1;
	int n = f->max && json_is_request(c) ? (int)f->max : names->n;

	if (v < 0 || v >= n)
		return json_wrong(c, f->name, choices(c, names, n));
	*out = v;
	return true;
}

static bool check_list(struct json_reading *c, const struct field *f, const struct json *node)
{
	if (node->kind != JSON_ARRAY)
		return json_wrong(c, f->name, "must be an array");
	if (checks_limits(c) && ((int64_t)node->n < f->min || (int64_t)node->n > f->max))
		return wrong_range(c, f, "elements");
	return true;
}

static bool read_strs(struct json_reading *c, const struct field *f, const struct json *node,
		      struct strs *out)
{
	size_t i = 0;
	bool fine = true;

	if (!check_list(c, f, node))
		return false;
	struct strs list = { arena_list(c->arena, node->n, sizeof(struct str)), node->n };
	for (const struct json *e = node->first; e; e = e->next, i++) {
		if (e->kind != JSON_STR)
			fine = wrong_element(c, f->name, i, "must hold strings");
		else if (json_is_request(c) && count_chars(e->s) > LIMIT_JSON_ELEMENT)
			fine = wrong_element(c, f->name, i, "holds a string that is too long");
		else
			list.v[i] = e->s;
	}
	if (fine)
		*out = list;
	return fine;
}

static bool read_enums(struct json_reading *c, const struct field *f, const struct json *node,
		       struct ints *out)
{
	uint64_t seen = 0;
	const struct enumtab *names = f->ref;
	size_t i = 0;
	bool fine = true;

	if (!check_list(c, f, node))
		return false;
	struct ints list = { arena_list(c->arena, node->n, sizeof(int)), node->n };
	for (const struct json *e = node->first; e; e = e->next, i++) {
		int v = e->kind == JSON_STR ? enum_value(names, e->s) : -1;
		if (v < 0) {
			fine = wrong_element(c, f->name, i, choices(c, names, names->n));
			continue;
		}
		ASSERT(v < 64);
		if (checks_limits(c) && seen >> v & 1)
			fine = wrong_element(c, f->name, i, "must not repeat a value");
		seen |= UINT64_C(1) << v;
		list.v[i] = v;
	}
	if (fine)
		*out = list;
	return fine;
}

/* As json_ident writes it for ourselves: ["uuid",num]. */
static bool read_ident(struct json_reading *c, const struct field *f, const struct json *node,
		       struct ident *out)
{
	const struct json *uuid = node->kind == JSON_ARRAY && node->n == 2 ? node->first : NULL;

	if (!uuid || uuid->kind != JSON_STR || uuid->s.n >= sizeof(out->uuid) || uuid->next->kind != JSON_INT)
		return json_wrong(c, f->name, "must be a pair of ids");
	*out = (struct ident){ .num = uuid->next->i };
	if (uuid->s.n)
		memcpy(out->uuid, uuid->s.p, uuid->s.n);
	return true;
}

/* One object inside the one being read. */
static bool read_below(struct json_reading *c, const struct fieldtab *t, const struct json *node,
		       const struct json_place *at, void *obj)
{
	struct json_read how = *c->how;
	struct json_reading inner = { c->arena, &how, c->faults, at };

	how.spared = 0;
	if (how.mode == JSON_PATCH)
		how.mode = JSON_CREATE; /* an object inside is replaced whole */
	return json_members_read(&inner, t, node, obj, NULL);
}

static bool read_obj(struct json_reading *c, const struct field *f, const struct json *node, void **out)
{
	const struct fieldtab *t = f->ref;
	const struct json_place at = { .up = c->place, .key = f->name };
	void *obj = arena_zalloc(c->arena, t->size);

	if (!read_below(c, t, node, &at, obj))
		return false;
	*out = obj;
	return true;
}

/* Any list made by FIELDS_DECLARE starts with these two members. */
struct any_list {
	char *v;
	size_t n;
};

static bool read_objs(struct json_reading *c, const struct field *f, const struct json *node,
		      struct any_list *out)
{
	const struct fieldtab *t = f->ref;
	size_t i = 0;
	bool fine = true;

	if (!check_list(c, f, node))
		return false;
	struct any_list list = { arena_list(c->arena, node->n, t->size), node->n };
	const struct json_place whole = { .up = c->place, .key = f->name };
	for (const struct json *e = node->first; e; e = e->next, i++) {
		const struct json_place at = { .up = &whole, .index = i };
		if (!read_below(c, t, e, &at, list.v + i * t->size))
			fine = false;
	}
	if (fine)
		*out = list;
	return fine;
}

bool json_value_read(struct json_reading *c, const struct field *f, const struct json *node, void *member)
{
	switch (f->kind) {
	case FIELD_INT:
		return read_int(c, f, node, member);
	case FIELD_BOOL:
		if (node->kind != JSON_BOOL)
			return json_wrong(c, f->name, "must be true or false");
		*(bool *)member = node->b;
		return true;
	case FIELD_DOUBLE:
		return read_double(c, f, node, member);
	case FIELD_STR:
		return read_str(c, f, node, member);
	case FIELD_TIME:
		return read_time(c, f, node, member);
	case FIELD_ENUM:
		return read_enum(c, f, node, member);
	case FIELD_STRS:
		return read_strs(c, f, node, member);
	case FIELD_ENUMS:
		return read_enums(c, f, node, member);
	case FIELD_ID:
		return read_ident(c, f, node, member);
	case FIELD_OBJ:
		return read_obj(c, f, node, member);
	case FIELD_OBJS:
		return read_objs(c, f, node, member);
	case FIELD_ALIAS:
		break;
	}
	ASSERT(false); /* an alias names a field that is one itself */
	return false;
}
