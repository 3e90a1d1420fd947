/* Setting members by their rows, and header-like fields. XML is by_table_xml.c. */
#include "report/by_table.h"

#include "base/limits.h"
#include "mime/date.h"
#include "mime/header.h"

static bool same_name(const struct field *f, struct str name)
{
	if (f->name_n != name.n)
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i] == '-' ? '_' : ascii_lower(name.p[i]);
		if (c != f->name[i])
			return false;
	}
	return true;
}

const struct field *by_table_find(const struct fieldtab *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct field *f = &t->v[i];
		if (same_name(f, name))
			return field_source(t, f);
	}
	return NULL;
}

static uint64_t bit_of(const struct fieldtab *t, const struct field *f)
{
	return UINT64_C(1) << (f - t->v);
}

void by_table_set(struct arena *a, const struct fieldtab *t, const struct field *f, void *obj,
		  struct str text)
{
	uint64_t *has = obj, bit = bit_of(t, f);
	void *member = (char *)obj + f->offset;
	int64_t number;

	text = str_trim(text);
	if (f->kind == FIELD_STRS) {
		struct strs *list = member;
		if (list->n < LIMIT_REPORT_ROWS)
			ARENA_PUSH(a, list, text);
		*has |= bit;
		return;
	}
	if (*has & bit)
		return;
	if (f->kind == FIELD_STR)
		*(struct str *)member = text;
	else if (f->kind == FIELD_INT && str_to_i64(text, &number) == OK)
		*(int64_t *)member = number;
	else if (f->kind == FIELD_TIME && date_parse(text, &number) == OK)
		*(int64_t *)member = number;
	else
		return;
	*has |= bit;
}

/* Any list of a table's structs. */
struct list {
	char *v;
	size_t n;
};

void *by_table_open(struct arena *a, const struct fieldtab *t, const struct field *f, void *obj)
{
	const struct fieldtab *inner = f->ref;
	void *member = (char *)obj + f->offset;

	*(uint64_t *)obj |= bit_of(t, f);
	if (f->kind == FIELD_OBJ) {
		void **place = member;
		if (!*place)
			*place = arena_zalloc(a, inner->size);
		return *place;
	}
	struct list *list = member;
	if (list->n == LIMIT_REPORT_ROWS)
		return NULL;
	if ((list->n & (list->n - 1)) == 0) { /* a power of two: full */
		char *more = arena_zalloc(a, inner->size * (list->n ? 2 * list->n : 1));
		if (list->n)
			memcpy(more, list->v, inner->size * list->n);
		list->v = more;
	}
	return list->v + inner->size * list->n++;
}

size_t by_table_fields(struct arena *a, const struct fieldtab *t, struct str text, size_t *at, void *obj)
{
	struct headers h = headers_parse(a, text, *at, text.n, NULL);
	size_t set = 0;

	for (size_t i = 0; i < h.n; i++) {
		const struct field *f = by_table_find(t, h.v[i].name);
		if (!f)
			continue;
		by_table_set(a, t, f, obj, header_unfold(a, h.v[i].value));
		set++;
	}
	*at = h.body > *at ? h.body : text.n;
	return set;
}
