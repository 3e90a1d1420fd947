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
/* clang-format on */

#endif
