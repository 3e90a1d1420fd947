/* The tables of these shapes. */
#include "api/answers.h"

FIELDS_DEFINE(page_info, PAGE_INFO);
FIELDS_DEFINE(page_cursor_info, PAGE_CURSOR_INFO);
FIELDS_DEFINE(cursor_info, CURSOR_INFO);
FIELDS_DEFINE(health, HEALTH);
FIELDS_DEFINE(source_view, SOURCE_VIEW);
FIELDS_DEFINE(preview_view, PREVIEW_VIEW);
FIELDS_DEFINE(audit_row, AUDIT_ROW);
const struct fieldtab any_object_fields = { "any_object", sizeof(struct any_object), NULL, 0 };
