/* The tables of query parameters, what goes without saying, and reading by them. */
#include "api/queries.h"

#include "base/utf8.h"
#include "model/enums.h"

#define PER_PAGE_DEFAULT 20

ENUM_DEFINE(direction, DIRECTIONS);
ENUM_DEFINE(audit_action, AUDIT_ACTIONS);
ENUM_DEFINE(submission_kind, SUBMISSION_KINDS);
_Static_assert((int)SUBMISSION_KIND_TEAM == SUBMISSION_TEAM && (int)SUBMISSION_KIND_USER == SUBMISSION_USER,
	       "they mean the types");

FIELDS_DEFINE(list_query, LIST_QUERY);
FIELDS_DEFINE(page_query, PAGE_QUERY);
FIELDS_DEFINE(selection_query, SELECTION_QUERY);
FIELDS_DEFINE(search_query, SEARCH_QUERY);
FIELDS_DEFINE(bulk_query, BULK_QUERY);
FIELDS_DEFINE(bulk_messages_query, BULK_MESSAGES_QUERY);
FIELDS_DEFINE(submissions_query, SUBMISSIONS_QUERY);
FIELDS_DEFINE(reports_query, REPORTS_QUERY);
FIELDS_DEFINE(audit_query, AUDIT_QUERY);
FIELDS_DEFINE(message_query, MESSAGE_QUERY);

#define SET_PAGE(q, type) (SET(q, type, page, 1), SET(q, type, per_page, PER_PAGE_DEFAULT))

static void list_defaults(void *query)
{
	struct list_query *q = query;

	SET_PAGE(q, list_query);
}

static void page_defaults(void *query)
{
	struct page_query *q = query;

	SET_PAGE(q, page_query);
}

static void search_defaults(void *query)
{
	struct search_query *q = query;

	SET(q, search_query, detections_only, true);
	SET(q, search_query, action_log, false);
	SET(q, search_query, submissions, false);
	SET_PAGE(q, search_query);
}

/* The query begins with the members of the parameters. */
_Static_assert(offsetof(struct search_query, submissions) == offsetof(struct search_params, submissions) &&
		   (int)search_query_F_submissions == (int)search_params_F_submissions,
	       "the last of them");

struct search_params search_params_of(const struct search_query *q)
{
	struct search_params p = { 0 };

	memcpy(&p, q, offsetof(struct search_params, submissions) + sizeof(p.submissions));
	p.has &= (UINT64_C(1) << search_params_F_COUNT) - 1;
	return p;
}

static void bulk_defaults(void *query)
{
	struct bulk_query *q = query;

	SET_PAGE(q, bulk_query);
}

static void bulk_messages_defaults(void *query)
{
	struct bulk_messages_query *q = query;

	SET_PAGE(q, bulk_messages_query);
}

static void submissions_defaults(void *query)
{
	struct submissions_query *q = query;

	SET(q, submissions_query, invalid, false);
	SET_PAGE(q, submissions_query);
}

/* Older clients know no pages and would lose the rest. */
static void reports_defaults(void *query)
{
	struct reports_query *q = query;

	SET(q, reports_query, page, 1);
	SET(q, reports_query, per_page, LIMIT_PAGE);
}

static void audit_defaults(void *query)
{
	struct audit_query *q = query;

	SET_PAGE(q, audit_query);
}

static void message_defaults(void *query)
{
	SET((struct message_query *)query, message_query, submission, false);
}

const struct query_table list_queries = { &list_query_fields, list_defaults };
const struct query_table page_queries = { &page_query_fields, page_defaults };
const struct query_table selection_queries = { &selection_query_fields, NULL };
const struct query_table search_queries = { &search_query_fields, search_defaults };
const struct query_table bulk_queries = { &bulk_query_fields, bulk_defaults };
const struct query_table bulk_messages_queries = { &bulk_messages_query_fields, bulk_messages_defaults };
const struct query_table submissions_queries = { &submissions_query_fields, submissions_defaults };
const struct query_table reports_queries = { &reports_query_fields, reports_defaults };
const struct query_table audit_queries = { &audit_query_fields, audit_defaults };
const struct query_table message_queries = { &message_query_fields, message_defaults };

static void read_all(struct request *rq, const char *name, struct strs *out)
{
	for (size_t i = 0; i < rq->query.n; i++)
		if (str_eq(rq->query.v[i].name, str_of(name)))
			ARENA_PUSH(rq->arena, out, rq->query.v[i].value);
}

static struct str read_text(struct request *rq, const struct field *f, struct faults *faults)
{
	struct str text = query_get(rq, f->name);

	if (f->max && utf8_length(text) > (size_t)f->max) {
		struct str what =
		    arena_printf(rq->arena, "must have at most %lld characters", (long long)f->max);
		query_fault(rq, faults, f->name, what.p);
	}
	return text;
}

static void read_one(struct request *rq, const struct field *f, void *member, struct faults *faults)
{
	if (f->kind == FIELD_INT)
		query_int(rq, f->name, f->min, f->max, member, faults);
	else if (f->kind == FIELD_BOOL)
		query_bool(rq, f->name, member, faults);
	else if (f->kind == FIELD_TIME)
		query_time(rq, f->name, member, faults);
	else if (f->kind == FIELD_ENUM)
		query_enum(rq, f->name, f->ref, member, faults);
	else if (f->kind == FIELD_STRS)
		read_all(rq, f->name, member);
	else
		*(struct str *)member = read_text(rq, f, faults);
}

void query_read(struct request *rq, const struct query_table *t, void *query, struct faults *f)
{
	if (t->defaults)
		t->defaults(query);
	for (size_t i = 0; i < t->fields->n; i++) {
		const struct field *row = &t->fields->v[i];
		if (!query_get(rq, row->name).n)
			continue;
		*(uint64_t *)query |= UINT64_C(1) << i;
		read_one(rq, row, (char *)query + row->offset, f);
	}
}
