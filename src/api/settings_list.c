/*
 * Lists of settings. In order of creation without a filter the store gives one page; else all objects of the account
 * are read, filtered, ordered and cut in memory, of which SETTINGS_MAX and LIMIT_SETTINGS bound the cost. The order is
 * total (ties by id), so pages never overlap.
 */
#include <stdlib.h>

#include "api/internal.h"
#include "api/problem.h"
#include "api/queries.h"
#include "api/settings.h"
#include "base/domain.h"
#include "base/limits.h"

/* One filter as the query gave it. */
struct wanted {
	const struct resource_filter *filter;
	const struct field *field;
	struct strs texts; /* STR: any of these; FILTER_DOMAIN: folded */
	int value;         /* ENUM, ENUMS, BOOL */
};

struct listing {
	struct arena *arena;
	const struct resource *r;
	struct {
		struct wanted *v;
		size_t n;
	} wanted;
	struct str search;
	size_t order; /* index of a field */
	bool descending;
};

/* A text as it is compared, without regard to case. */
static struct str compared(const struct listing *l, const struct resource_filter *filter, struct str text)
{
	return filter->kind == FILTER_DOMAIN ? domain_fold(l->arena, text) : text;
}

static void read_filter(struct request *rq, struct listing *l, const struct resource_filter *filter,
			struct faults *f)
{
	struct wanted w = { .filter = filter, .field = &l->r->fields->v[filter->field], .value = -1 };
	bool flag = false;

	if (!query_get(rq, filter->query).n)
		return;
	if (w.field->kind == FIELD_STR) {
		for (size_t i = 0; i < rq->query.n && (w.texts.n == 0 || filter->repeats); i++)
			if (str_eq(rq->query.v[i].name, str_of(filter->query)))
				ARENA_PUSH(rq->arena, &w.texts, compared(l, filter, rq->query.v[i].value));
	} else if (w.field->kind == FIELD_BOOL) {
		query_bool(rq, filter->query, &flag, f);
		w.value = flag;
	} else {
		query_enum(rq, filter->query, w.field->ref, &w.value, f);
	}
	ARENA_PUSH(rq->arena, &l->wanted, w);
}

static const char *order_choices(struct request *rq, const struct resource *r)
{
	struct str all = STR("must be one of");

	for (size_t i = 0; i < r->n_orders; i++)
		all = arena_printf(rq->arena, "%.*s %s,", STR_ARG(all), r->fields->v[r->orders[i]].name);
	return arena_printf(rq->arena, "%.*s created_at", STR_ARG(all)).p;
}

static void read_order(struct request *rq, const struct list_query *q, struct listing *l, struct faults *f)
{
	struct str order = q->order;

	l->order = l->r->created_at;
	l->descending = !order.n;
	if (order.n && !str_eq(order, STR("created_at"))) {
		size_t i = 0;
		while (i < l->r->n_orders && !str_eq(order, str_of(l->r->fields->v[l->r->orders[i]].name)))
			i++;
		if (i == l->r->n_orders)
			query_fault(rq, f, "order", order_choices(rq, l->r));
		else
			l->order = l->r->orders[i];
	}
	if (HAS(q, list_query, direction))
		l->descending = q->direction == DIRECTION_DESC;
}

static const void *member(const struct field *f, const void *obj)
{
	return (const char *)obj + f->offset;
}

static bool passes(const struct listing *l, const struct wanted *w, const void *obj)
{
	const void *m = member(w->field, obj);
	const struct ints *list = m;

	if (w->field->kind != FIELD_BOOL && !field_has(obj, (size_t)(w->field - l->r->fields->v)))
		return false;
	switch (w->filter->kind) {
	case FILTER_FIRST:
		return list->n && list->v[0] == w->value;
	case FILTER_MEMBER:
		for (size_t i = 0; i < list->n; i++)
			if (list->v[i] == w->value)
				return true;
		return false;
	case FILTER_DOMAIN:
	case FILTER_EQUAL:
		break;
	}
	if (w->field->kind == FIELD_BOOL)
		return *(const bool *)m == (w->value == 1);
	if (w->field->kind == FIELD_ENUM)
		return *(const int *)m == w->value;
	struct str text = compared(l, w->filter, *(const struct str *)m);
	for (size_t i = 0; i < w->texts.n; i++)
		if (str_eq_nocase(w->texts.v[i], text))
			return true;
	return false;
}

static bool is_found(const struct listing *l, const void *obj)
{
	for (size_t i = 0; i < l->wanted.n; i++)
		if (!passes(l, &l->wanted.v[i], obj))
			return false;
	if (!l->search.n)
		return true;
	for (size_t i = 0; i < l->r->fields->n; i++) {
		const struct field *f = &l->r->fields->v[i];
		if (f->flags & F_SEARCH && field_has(obj, i) &&
		    str_find_nocase(*(const struct str *)member(f, obj), l->search, 0) != SIZE_MAX)
			return true;
	}
	return false;
}

static int compare(const void *a, const void *b, void *ctx)
{
	const struct listing *l = ctx;
	const void *x = *(const void *const *)a, *y = *(const void *const *)b;
	const struct field *f = &l->r->fields->v[l->order], *id = &l->r->fields->v[l->r->id];
	int c;

	if (f->kind == FIELD_STR) {
		c = str_cmp_nocase(*(const struct str *)member(f, x), *(const struct str *)member(f, y));
	} else {
		int64_t tx = *(const int64_t *)member(f, x), ty = *(const int64_t *)member(f, y);
		c = (tx > ty) - (tx < ty);
	}
	if (c == 0) {
		int64_t nx = ((const struct ident *)member(id, x))->num,
			ny = ((const struct ident *)member(id, y))->num;
		c = (nx > ny) - (nx < ny);
	}
	return l->descending ? -c : c;
}

struct page {
	size_t number, size; /* from 1 */
	settings_shown_fn *add;
};

static size_t before(const struct page *p)
{
	return (p->number - 1) * p->size;
}

static enum err write_page(struct request *rq, const struct listing *l, const void **shown, size_t n,
			   size_t total, const struct page *page)
{
	enum err err = page->add && n ? page->add(rq, shown, n) : OK;

	if (err)
		return err;
	reply_begin(rq, 200);
	reply_write_array(rq, l->r->fields, shown, n);
	reply_end_page(rq, n, page->number, page->size, total);
	return OK;
}

static const void **pointers_to(struct request *rq, const struct listing *l, const struct settings_list *all,
				size_t *n_out)
{
	const void **found = ARENA_ARRAY(rq->arena, all->n, const void *);

	*n_out = 0;
	for (size_t i = 0; i < all->n; i++) {
		const void *obj = (const char *)all->v + i * l->r->fields->size;
		if (is_found(l, obj))
			found[(*n_out)++] = obj;
	}
	return found;
}

static enum err list_page(struct request *rq, const struct listing *l, const struct page *page)
{
	struct settings_window window = { .newest_first = l->descending,
					  .skip = before(page),
					  .n = page->size };
	struct settings_list some;
	size_t total, n;
	enum err err =
	    settings_page(rq->api->o.store, rq->arena, l->r, rq->account.num, &window, &some, &total);

	if (err)
		return err;
	const void **shown = pointers_to(rq, l, &some, &n);
	return write_page(rq, l, shown, n, total, page);
}

static enum err list_all(struct request *rq, const struct listing *l, const struct page *page)
{
	struct settings_list all;
	size_t n;
	enum err err = settings_list(rq->api->o.store, rq->arena, l->r, rq->account.num, &all);

	if (err)
		return err;
	const void **found = pointers_to(rq, l, &all, &n);
	struct listing order = *l;
	qsort_r(found, n, sizeof(*found), compare, &order);
	size_t from = before(page) < n ? before(page) : n;
	return write_page(rq, l, found + from, n - from < page->size ? n - from : page->size, all.n, page);
}

void settings_list_with(struct request *rq, settings_shown_fn *add)
{
	struct listing l = { .arena = rq->arena, .r = rq->route->resource };
	struct faults f = { .arena = rq->arena }, none = { 0 };
	struct list_query q = { 0 };

	query_read(rq, &list_queries, &q, &f);
	l.search = q.search;
	read_order(rq, &q, &l, &f);
	for (size_t i = 0; i < l.r->n_filters; i++)
		read_filter(rq, &l, &l.r->filters[i], &f);
	if (f.n) {
		problem_faults(rq, &f, &none);
		return;
	}
	struct page page = { (size_t)q.page, (size_t)q.per_page, add };
	bool whole = l.wanted.n || l.search.n || l.order != l.r->created_at;
	enum err err = whole ? list_all(rq, &l, &page) : list_page(rq, &l, &page);
	if (err)
		problem_err(rq, err);
}

void settings_list_reply(struct request *rq)
{
	settings_list_with(rq, NULL);
}
