/* Shapes of answers that are no objects of the model. */
#ifndef API_ANSWERS_H
#define API_ANSWERS_H

#include "base/field.h"

/* clang-format off */
#define PAGE_INFO(X, T) \
	X(T, INT, count,       F_REQUIRED, 0, INT64_MAX, none, "objects in this answer") \
	X(T, INT, page,        F_REQUIRED, 1, INT64_MAX, none, "the page asked for") \
	X(T, INT, per_page,    F_REQUIRED, 1, INT64_MAX, none, "the size asked for") \
	X(T, INT, total_count, F_REQUIRED, 0, INT64_MAX, none, "all objects of the collection, before any filter")
FIELDS_DECLARE(page_info, PAGE_INFO);

/* Of lists that the vendor declares with cursors and pages by number. */
#define PAGE_CURSOR_INFO(X, T) \
	PAGE_INFO(X, T) \
	X(T, STR, next,        F_NULL, 0, 0, none, "always null") \
	X(T, STR, previous,    F_NULL, 0, 0, none, "always null")
FIELDS_DECLARE(page_cursor_info, PAGE_CURSOR_INFO);

#define CURSOR_INFO(X, T) \
	X(T, INT, count,       F_REQUIRED, 0, INT64_MAX, none, "messages in this answer") \
	X(T, INT, page,        F_REQUIRED, 0, 0, none, "always 0") \
	X(T, INT, per_page,    F_REQUIRED, 1, INT64_MAX, none, "the size asked for") \
	X(T, INT, total_count, F_REQUIRED, 0, 0, none, "always 0") \
	X(T, STR, next,        F_NULL, 0, 0, none, "cursor of the next page; null on the last") \
	X(T, STR, previous,    F_NULL, 0, 0, none, "cursor of the page before; null on the first")
FIELDS_DECLARE(cursor_info, CURSOR_INFO);

#define HEALTH(X, T) \
	X(T, STR, status, F_REQUIRED, 0, 0, none, "ok; whatever else is an error")
FIELDS_DECLARE(health, HEALTH);

#define SOURCE_VIEW(X, T) \
	X(T, STR, raw, F_REQUIRED, 0, 0, none, "the message as received; bytes that are not UTF-8 are U+FFFD")
FIELDS_DECLARE(source_view, SOURCE_VIEW);

#define PREVIEW_VIEW(X, T) \
	X(T, STR, screenshot, F_REQUIRED, 0, 0, none, "a PNG in base64")
FIELDS_DECLARE(preview_view, PREVIEW_VIEW);
/* One whose fields are those of something else. */
#define ANY_OBJECT(X, T)

/* A row of the audit. Its text is written when it is made (store/settings_audit.c). */
#define AUDIT_ROW(X, T) \
	X(T, INT,  id,         F_READONLY, 1, INT64_MAX, none, "grows") \
	X(T, TIME, created_at, F_READONLY, 0, 0, none, "when") \
	X(T, STR,  who,        F_READONLY, 0, 0, none, "token:NAME, user:ADDRESS or operator, who ran a command on the server") \
	X(T, STR,  who_id,     F_READONLY | F_NULL | F_UUID, 0, 0, none, "of the token or user") \
	X(T, STR,  request_id, F_READONLY | F_NULL, 0, 0, none, "X-Request-Id of the answer") \
	X(T, STR,  action,     F_READONLY, 0, 0, none, "create, update or delete") \
	X(T, STR,  collection, F_READONLY, 0, 0, none, "such as allow_policy or token") \
	X(T, STR,  object,     F_READONLY, 0, 0, none, "uuid of what was changed; of an account or a submission its id") \
	X(T, OBJ,  before,     F_READONLY | F_NULL, 0, 0, any_object, "the object, or of a change what differs; null: there was none") \
	X(T, OBJ,  after,      F_READONLY | F_NULL, 0, 0, any_object, "the same as it became; null: it was deleted")
FIELDS_DECLARE(any_object, ANY_OBJECT);
FIELDS_DECLARE(audit_row, AUDIT_ROW);
/* clang-format on */

#endif
