/*
 * A program that tells what Postern finds, for comparing it with what others find: one JSON object a line in, one a line
 * out, in order. Each probe has an answer; the rest is here.
 */
#ifndef DIFFERENTIAL_PROBE_H
#define DIFFERENTIAL_PROBE_H

#include "base/arena.h"
#include "json/read.h"
#include "json/write.h"

/* Writes the members of the answer, without the braces. */
void probe_answer(struct arena *a, const struct json *request, struct buf *b);

/* A member of the question, "" where it is no text. */
struct str probe_text(const struct json *node, const char *key);
/* Writes a member of a text behind those before it. */
void probe_member(struct buf *b, const char *name, struct str value);
/* All bytes of a file, none where it cannot be read. */
struct str probe_file(struct arena *a, struct str path);

#endif
