/*
 * What another reader made of a mail, as JSON: a message is an object with "parts", the first of which is the message
 * itself. A part has "headers" (each a name and a value by kind: Text, Address, DateTime, ContentType) and a "body" by
 * kind: Text, Html, Binary, InlineBinary (bytes as numbers), Multipart (indexes of parts) or Message (another message).
 */
#ifndef TESTS_SUITE_MIME_EXPECT_H
#define TESTS_SUITE_MIME_EXPECT_H

#include "json/read.h"

/* A member that is a string, or a number; empty or 0 where there is none. */
struct str expect_text(const struct json *node, struct str key);
int64_t expect_number(const struct json *node, struct str key);
/* One of an array, or NULL. */
const struct json *expect_item(const struct json *array, size_t index);

/* The value of a part's field of the kind asked for, or NULL: the last one, which the other reader goes by. */
const struct json *expect_field(const struct json *part, struct str name, struct str kind);
struct str expect_field_text(const struct json *part, struct str name);

/* "type/subtype" of a part, its file name, its body: a text or bytes. */
struct str expect_type(struct arena *a, const struct json *part, bool in_digest);
struct str expect_name(const struct json *part);
struct str expect_body(struct arena *a, const struct json *part);
bool expect_is_text(const struct json *part);

#endif
