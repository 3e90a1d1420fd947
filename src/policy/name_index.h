/*
 * Names of people, and which of them a display name resembles: the same words in any order ("Doe, Jane") or without the spaces
 * that part them ("janedoe", "J a n e D o e"), a slip of the hand within a word, or an initial before the surname. Case, accents,
 * letters that look alike, titles, punctuation and middle initials make no difference, nor what stands behind or before a
 * separator ("Jane Doe | Company").
 */
#ifndef POLICY_NAME_INDEX_H
#define POLICY_NAME_INDEX_H

#include "base/arena.h"

struct name_index;

/* How a name resembles another, the nearest first. */
enum name_likeness { NAME_SAME, NAME_SLIP, NAME_INITIAL };

struct name_match {
	size_t name; /* index of it */
	enum name_likeness how;
};

struct name_matches {
	struct name_match *v;
	size_t n;
};

/* Memory: arena. */
struct name_index *name_index_new(struct arena *a, const struct str *names, size_t n);

/* All that shown resembles, each once, the nearest way it does. A single word must be the same. */
struct name_matches name_index_find(struct arena *a, const struct name_index *x, struct str shown);

#endif
