/* Comparing JSON: what is expected must be contained in what came. */
#include "run.h"

static bool same_number(const struct json *a, const struct json *b)
{
	double x = a->kind == JSON_INT ? (double)a->i : a->d, y = b->kind == JSON_INT ? (double)b->i : b->d;

	return x == y && (a->kind != JSON_INT || b->kind != JSON_INT || a->i == b->i);
}

static bool is_number(const struct json *n)
{
	return n->kind == JSON_INT || n->kind == JSON_DOUBLE;
}

static bool differs(struct str at, struct str *where)
{
	*where = at.n ? at : STR("/");
	return false;
}

bool json_contains(struct arena *a, const struct json *got, const struct json *want, struct str at,
		   struct str *where)
{
	size_t i = 0;

	if (want->kind == JSON_STR && str_eq(want->s, STR("*")))
		return (got && got->kind != JSON_NULL) || differs(at, where);
	if (want->kind == JSON_STR && str_eq(want->s, STR("-")))
		return !got || differs(at, where);
	if (!got || (got->kind != want->kind && !(is_number(got) && is_number(want))))
		return differs(at, where);
	switch (want->kind) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return got->b == want->b || differs(at, where);
	case JSON_INT:
	case JSON_DOUBLE:
		return same_number(got, want) || differs(at, where);
	case JSON_STR:
		return str_eq(got->s, want->s) || differs(at, where);
	case JSON_ARRAY:
		if (got->n != want->n)
			return differs(arena_printf(a, "%.*s (%u elements)", STR_ARG(at), got->n), where);
		for (const struct json *w = want->first, *g = got->first; w; w = w->next, g = g->next)
			if (!json_contains(a, g, w, fault_at_index(a, at, i++), where))
				return false;
		return true;
	case JSON_OBJECT:
		for (const struct json *w = want->first; w; w = w->next)
			if (!json_contains(a, json_get(got, w->key), w, fault_at_key(a, at, w->key), where))
				return false;
		return true;
	}
	return false;
}

const struct json *json_at(const struct json *node, struct str pointer)
{
	while (node && pointer.n) {
		size_t end = str_find_char(pointer, '/', 1);
		struct str token = str_sub(pointer, 1, end);
		uint64_t index;
		pointer = str_sub(pointer, 1 + token.n, pointer.n);
		if (node->kind == JSON_ARRAY && !str_to_u64(token, UINT32_MAX, &index)) {
			const struct json *e = node->first;
			for (; e && index; index--)
				e = e->next;
			node = e;
		} else {
			node = json_get(node, token);
		}
	}
	return node;
}
