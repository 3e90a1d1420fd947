/* Finding "12 0 obj". */
#include "file/pdf_object.h"

#include <stdlib.h>

#include "base/abnf.h"

#define OBJECTS_MAX 500000 /* catalogues of a thousand pages have a tenth */

void pdf_objects_add(struct look *l, struct pdf_objects *list, struct pdf_object o)
{
	if (list->n < OBJECTS_MAX)
		ARENA_PUSH(l->a, list, o);
	else
		look_found(l, TRAIT_CUT, STR("objects"));
}

/* The number that ends at *at, which moves before it; false: there is none. */
static bool number_before(struct str s, size_t *at, uint64_t *out)
{
	size_t end = *at;

	while (*at > 0 && end - *at < 10 && abnf_is_digit((unsigned char)s.p[*at - 1]))
		(*at)--;
	return str_to_u64(str_sub(s, *at, end), UINT32_MAX, out) == OK;
}

static bool space_before(struct str s, size_t *at)
{
	size_t end = *at;

	while (*at > 0 && (s.p[*at - 1] == ' ' || (s.p[*at - 1] >= '\t' && s.p[*at - 1] <= '\r')))
		(*at)--;
	return *at < end;
}

void pdf_objects_find(struct look *l, struct pdf_objects *out)
{
	struct str s = l->bytes;
	struct pdf_object o = { 0 }, next = { 0 };
	size_t body = 0;

	for (size_t at = 0; (at = str_find(s, STR("obj"), at)) != SIZE_MAX; at += 3) {
		size_t start = at;
		space_before(s, &start);
		if (!number_before(s, &start, &next.generation) || !space_before(s, &start) ||
		    !number_before(s, &start, &next.number))
			continue;
		o.body = str_sub(s, body, start);
		pdf_objects_add(l, out, o);
		o = next;
		body = at + 3;
	}
	o.body = str_sub(s, body, s.n);
	pdf_objects_add(l, out, o);
}

static int by_number(const void *a, const void *b)
{
	const struct pdf_object *x = a, *y = b;

	if (x->number != y->number)
		return (x->number > y->number) - (x->number < y->number);
	return (x->body.p > y->body.p) - (x->body.p < y->body.p);
}

void pdf_objects_sort(struct pdf_objects *list)
{
	qsort(list->v, list->n, sizeof(list->v[0]), by_number);
}

const struct pdf_object *pdf_objects_get(const struct pdf_objects *list, uint64_t number)
{
	size_t low = 0, high = list->n; /* the first of a higher number lies in [low, high] */

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (list->v[middle].number > number)
			high = middle;
		else
			low = middle + 1;
	}
	return low > 0 && list->v[low - 1].number == number ? &list->v[low - 1] : NULL;
}
