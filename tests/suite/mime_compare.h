/* Comparing what we make of a mail with what another reader does (mime_expect.h), in what both know. */
#ifndef TESTS_SUITE_MIME_COMPARE_H
#define TESTS_SUITE_MIME_COMPARE_H

#include "base/buf.h"
#include "json/read.h"
#include "mime/content.h"

/* Appends each difference to the buffer, as words. */
void mime_compare(struct arena *a, struct mime_tree *tree, const struct json *want, struct buf *differences);

#endif
