/* What holds for the contents of any file, whatever its bytes. */
#ifndef TESTS_FUZZ_FILE_LOOK_H
#define TESTS_FUZZ_FILE_LOOK_H

#include "base/arena.h"
#include "base/utf8.h"
#include "file/contents.h"

#define LOOK_BYTES (8u << 20)
#define LOOK_MEMBERS 1000
#define LOOK_STEPS (4u << 20)

static inline struct file_contents *look(struct arena *a, struct str bytes)
{
	static struct str said[] = { STR_INIT("a"), STR_INIT("Blau77") };
	struct file_budget budget = { .bytes = LOOK_BYTES,
				      .members = LOOK_MEMBERS,
				      .codes = { .left = LOOK_STEPS },
				      .rounds = 3000,
				      .passwords = { said, 2 } };
	struct file_contents *c = file_contents_read(a, bytes, &budget);

	ASSERT(c->members.n <= LOOK_MEMBERS && budget.members == LOOK_MEMBERS - c->members.n);
	for (size_t i = 0; i < c->members.n; i++) {
		ASSERT(c->members.v[i].size >= c->members.v[i].data.n);
		ASSERT(c->members.v[i].data.n <= LOOK_BYTES + bytes.n);
		ASSERT(utf8_is_valid(c->members.v[i].name));
	}
	for (size_t i = 0; i < c->links.n; i++)
		ASSERT(c->links.v[i].n > 0 && utf8_is_valid(c->links.v[i]));
	for (size_t i = 0; i < c->texts.n; i++)
		ASSERT(utf8_is_valid(c->texts.v[i].text));
	for (size_t i = 0; i < FILE_TRAIT_COUNT; i++)
		ASSERT(utf8_is_valid(c->evidence[i]));
	return c;
}

#endif
