/*
 * The query parameters of the operations as field tables (base/field.h): handlers read them by these, and the document
 * tells of them. Kinds: INT, BOOL, STR, TIME, ENUM (in any case), STRS (given several times). A STR may be of any
 * length where no largest one is given; F_READONLY and the like mean nothing here.
 */
#ifndef API_QUERIES_H
#define API_QUERIES_H

#include "api/request.h"
#include "base/limits.h"
#include "model/bulk_job.h"
#include "model/search_params.h"
#include "model/submission.h"
#include "store/submissions.h"

struct query_table {
	const struct fieldtab *fields;
	void (*defaults)(void *query); /* sets what goes without saying; NULL: nothing does */
};

/* Fills a zeroed struct: its defaults, then what the request gives; a fault at query/<name> for what is wrong. */
void query_read(struct request *rq, const struct query_table *t, void *query, struct faults *f);

#define DIRECTIONS(X)           \
	X(DIRECTION_ASC, "asc") \
	X(DIRECTION_DESC, "desc")
ENUM_DECLARE(direction, DIRECTIONS);

/* What the rows of the audit say. */
#define AUDIT_ACTIONS(X)                 \
	X(AUDIT_ACTION_CREATE, "create") \
	X(AUDIT_ACTION_UPDATE, "update") \
	X(AUDIT_ACTION_DELETE, "delete")
ENUM_DECLARE(audit_action, AUDIT_ACTIONS);

/* Types of submissions; answers spell them otherwise. */
#define SUBMISSION_KINDS(X) X(SUBMISSION_KIND_TEAM, "TEAM") X(SUBMISSION_KIND_USER, "USER")
ENUM_DECLARE(submission_kind, SUBMISSION_KINDS);

/* clang-format off */
#define PAGE_LARGEST 1000000000
#define PAGE_ROWS(X, T) \
	X(T, INT, page,     F_OPTIONAL, 1, PAGE_LARGEST, none, "which page; one past the end is empty") \
	X(T, INT, per_page, F_OPTIONAL, 1, LIMIT_PAGE, none, "objects on a page")

/* Of every settings collection; its filters and what it can be ordered by stand in its resource row. */
#define LIST_QUERY(X, T) \
	PAGE_ROWS(X, T) \
	X(T, STR,  search,    F_OPTIONAL, 0, 0, none, "text anywhere in the texts of the object, in any case") \
	X(T, STR,  order,     F_OPTIONAL, 0, 0, none, "field to sort by; without it the newest come first") \
	X(T, ENUM, direction, F_OPTIONAL, 0, 0, direction, "of the order; ascending when only order is given")
FIELDS_DECLARE(list_query, LIST_QUERY);
extern const struct query_table list_queries;

/* Of what has nothing to filter by. */
#define PAGE_QUERY(X, T) PAGE_ROWS(X, T)
FIELDS_DECLARE(page_query, PAGE_QUERY);
extern const struct query_table page_queries;

/* DELETE on a collection. */
#define SELECTION_QUERY(X, T) \
	X(T, STRS, id,     F_OPTIONAL, 0, 0, none, "an object to delete, by either id") \
	X(T, STRS, domain, F_OPTIONAL, 0, 0, none, "an object to delete, by its name")
FIELDS_DECLARE(selection_query, SELECTION_QUERY);
extern const struct query_table selection_queries;

#define SEARCH_QUERY(X, T) \
	SEARCH_PARAMS(X, T) \
	X(T, STR,  cursor,            F_OPTIONAL, 0, 0, none, "next or previous of an earlier answer, with all else as it was") \
	PAGE_ROWS(X, T)
FIELDS_DECLARE(search_query, SEARCH_QUERY);
extern const struct query_table search_queries;
struct search_params search_params_of(const struct search_query *q);

#define BULK_QUERY(X, T) \
	X(T, ENUM, action_type, F_OPTIONAL, 0, 0, bulk_action, "what is done") \
	X(T, ENUM, status,      F_OPTIONAL, 0, 0, bulk_status, "where it stands") \
	PAGE_ROWS(X, T)
FIELDS_DECLARE(bulk_query, BULK_QUERY);
extern const struct query_table bulk_queries;

#define BULK_MESSAGES_QUERY(X, T) \
	X(T, ENUM, status, F_OPTIONAL, 0, 0, bulk_message_status, "where they stand") \
	PAGE_ROWS(X, T)
FIELDS_DECLARE(bulk_messages_query, BULK_MESSAGES_QUERY);
extern const struct query_table bulk_messages_queries;

#define SUBMISSIONS_QUERY(X, T) \
	X(T, TIME, start,                 F_OPTIONAL, 0, 0, none, "begin of the range; 30 days ago when absent") \
	X(T, TIME, end,                   F_OPTIONAL, 0, 0, none, "end of the range; now when absent") \
	X(T, ENUM, type,                  F_OPTIONAL, 0, 0, submission_kind, "by those who look after mail, or by users") \
	X(T, STR,  submission_id,         F_OPTIONAL, 0, 0, none, "this one") \
	X(T, STR,  query,                 F_OPTIONAL, 0, 0, none, "text anywhere in its texts, in any case") \
	X(T, ENUM, original_disposition,  F_OPTIONAL, 0, 0, submission_disposition, "what the mail was judged as") \
	X(T, ENUM, requested_disposition, F_OPTIONAL, 0, 0, submission_disposition, "what it is said to be") \
	X(T, ENUM, outcome_disposition,   F_OPTIONAL, 0, 0, submission_disposition, "what it turned out to be") \
	X(T, STR,  status,                F_OPTIONAL, 0, 0, none, "as customer_status; other words find nothing") \
	X(T, ENUM, customer_status,       F_OPTIONAL, 0, 0, customer_status, "whether a person has looked at it") \
	X(T, BOOL, escalated_from_user,   F_OPTIONAL, 0, 0, none, "whether it escalates a user's submission") \
	X(T, BOOL, invalid,               F_OPTIONAL, 0, 0, none, "those that were not taken instead") \
	X(T, ENUM, order,                 F_OPTIONAL, 0, 0, submission_order, "field to sort by; without it the newest come first") \
	X(T, ENUM, direction,             F_OPTIONAL, 0, 0, direction, "of the order; ascending when only order is given") \
	PAGE_ROWS(X, T)
FIELDS_DECLARE(submissions_query, SUBMISSIONS_QUERY);
extern const struct query_table submissions_queries;

#define REPORTS_QUERY(X, T) \
	X(T, TIME, start,     F_OPTIONAL, 0, 0, none, "begin of the range") \
	X(T, TIME, end,       F_OPTIONAL, 0, 0, none, "end of the range") \
	X(T, STR,  from_date, F_OPTIONAL, 0, 0, none, "older form of start, a date; start is what counts") \
	X(T, STR,  to_date,   F_OPTIONAL, 0, 0, none, "older form of end, the last day; end is what counts") \
	PAGE_ROWS(X, T)
FIELDS_DECLARE(reports_query, REPORTS_QUERY);
extern const struct query_table reports_queries;

#define AUDIT_QUERY(X, T) \
	X(T, STR,  who,        F_OPTIONAL, 0, 0, none, "token:NAME, user:ADDRESS or operator") \
	X(T, ENUM, action,     F_OPTIONAL, 0, 0, audit_action, "what was done") \
	X(T, STR,  collection, F_OPTIONAL, 0, 0, none, "such as allow_policies or tokens, or account; what rows call them is taken, too") \
	X(T, STR,  object,     F_OPTIONAL, 0, 0, none, "the uuid of what was changed, or the id of a submission") \
	X(T, TIME, start,      F_OPTIONAL, 0, 0, none, "begin of the range") \
	X(T, TIME, end,        F_OPTIONAL, 0, 0, none, "end of the range") \
	X(T, INT,  before_id,  F_OPTIONAL, 1, INT64_MAX, none, "only what is older than this row, so that new rows move nothing") \
	PAGE_ROWS(X, T)
FIELDS_DECLARE(audit_query, AUDIT_QUERY);
extern const struct query_table audit_queries;

#define MESSAGE_QUERY(X, T) \
	X(T, BOOL, submission, F_OPTIONAL, 0, 0, none, "look among submitted samples instead")
FIELDS_DECLARE(message_query, MESSAGE_QUERY);
extern const struct query_table message_queries;
/* clang-format on */

#endif
