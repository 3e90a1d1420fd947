/* What looks at DNS make of a domain, told as stories: what was found, when, and what it is then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "resource/domain_proof.h"

#define MINUTE INT64_C(60000000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define START (INT64_C(20000) * DAY)

struct step {
	int64_t after; /* since the step before */
	enum proof_found found;
	bool authorized;
	int status;
	int64_t next;     /* 0 = never */
	const char *says; /* part of the message */
};

#define STEPS 8

static const struct story {
	const char *name;
	struct step steps[STEPS];
} stories[] = {
	{ "published at last",
	  { { 0, PROOF_ABSENT, false, DOMAIN_PENDING, 5 * MINUTE, "waits for its TXT record" },
	    { 6 * DAY, PROOF_SILENCE, false, DOMAIN_PENDING, 5 * MINUTE, "waits for its TXT record" },
	    { 5 * MINUTE, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" },
	    { DAY, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" } } },
	{ "a wrong value, then none, then the right one",
	  { { 0, PROOF_OTHER, false, DOMAIN_FAILED, 5 * MINUTE, "hold other values" },
	    { 5 * MINUTE, PROOF_SILENCE, false, DOMAIN_FAILED, 5 * MINUTE, "hold other values" },
	    { 5 * MINUTE, PROOF_ABSENT, false, DOMAIN_PENDING, 5 * MINUTE, "waits for its TXT record" },
	    { 5 * MINUTE, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" } } },
	{ "somebody else's",
	  { { 0, PROOF_TAKEN, false, DOMAIN_FAILED, 5 * MINUTE, "in another account" },
	    { DAY, PROOF_TAKEN, false, DOMAIN_FAILED, 5 * MINUTE, "in another account" } } },
	{ "given up, and looked at again when asked",
	  { { 0, PROOF_ABSENT, false, DOMAIN_PENDING, 5 * MINUTE, "waits" },
	    { 7 * DAY - 1, PROOF_ABSENT, false, DOMAIN_PENDING, 5 * MINUTE, "waits" },
	    { 1, PROOF_ABSENT, false, DOMAIN_TIMEOUT, 0, "not proved within seven days" },
	    { 30 * DAY, PROOF_ABSENT, false, DOMAIN_TIMEOUT, 0, "not proved within seven days" },
	    { 1, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" } } },
	{ "silence proves nothing, however long",
	  { { 0, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" },
	    { 400 * DAY, PROOF_SILENCE, true, DOMAIN_ACTIVE, HOUR, "was seen" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { 400 * DAY, PROOF_SILENCE, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" } } },
	{ "lost, and proved again",
	  { { 0, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { HOUR, PROOF_OTHER, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { 3 * DAY - HOUR - 1, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { 1, PROOF_ABSENT, false, DOMAIN_PENDING, 5 * MINUTE, "has been gone for three days" },
	    { 5 * MINUTE, PROOF_ABSENT, false, DOMAIN_PENDING, 5 * MINUTE, "has been gone for three days" },
	    { 7 * DAY, PROOF_ABSENT, false, DOMAIN_TIMEOUT, 0, "not proved" },
	    { 1, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" } } },
	{ "back within its days of grace, which begin anew the next time",
	  { { 0, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { 2 * DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { HOUR, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" } } },
	{ "a clock that jumps",
	  { { 0, PROOF_SEEN, true, DOMAIN_ACTIVE, DAY, "was seen" },
	    { DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" },
	    { 4000 * DAY, PROOF_ABSENT, true, DOMAIN_ACTIVE, HOUR, "is gone since" } } },
};

static void tell(const struct story *story)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct resource_env env = { .arena = a, .now_us = START };
	struct domain d = { 0 };

	domain_proof_begin(&env, &d);
	for (size_t i = 0; i < STEPS && story->steps[i].says; i++) {
		const struct step *s = &story->steps[i];
		struct authorization *before = d.authorization;
		bool was = before->authorized;
		int status = d.status;
		int64_t timestamp = before->timestamp;
		env.now_us += s->after;
		int64_t next = domain_proof_look(&env, &d, s->found);
		struct str message = d.authorization->status_message;
		if (d.authorization->authorized != s->authorized || d.status != s->status ||
		    next != (s->next ? env.now_us + s->next : DOMAIN_LOOK_NEVER) ||
		    str_find_nocase(message, str_of(s->says), 0) == SIZE_MAX)
			fail_msg("%s, step %zu: %d %.*s, next after %lld, \"%.*s\"", story->name, i,
				 d.authorization->authorized,
				 STR_ARG(enum_text(&domain_status_names, d.status)),
				 (long long)(next - env.now_us), STR_ARG(message));
		assert_true(message.n <= 400);
		assert_int_equal(d.checked_at, env.now_us);
		assert_int_equal(before->authorized, was); /* others may have the old object */
		bool same = was == s->authorized && status == s->status;
		assert_int_equal(d.authorization->timestamp, same ? timestamp : env.now_us);
		assert_true(domain_needs_proof(&d));
	}
	arena_free(&a);
}

static void stories_end_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stories); i++)
		tell(&stories[i]);
}

static void the_word_of_the_operator_is_not_looked_at(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct resource_env env = { .arena = a, .now_us = START };
	struct domain d = { 0 };

	(void)state;
	domain_proof_begin(&env, &d);
	domain_proof_vouch(&env, &d);
	for (int found = PROOF_SILENCE; found <= PROOF_TAKEN; found++)
		assert_int_equal(domain_proof_look(&env, &d, (enum proof_found)found), DOMAIN_LOOK_NEVER);
	assert_true(domain_is_authorized(&d));
	assert_false(domain_needs_proof(&d));
	assert_false(HAS(&d, domain, checked_at));
	/* It also stands where a record had been seen before. */
	domain_proof_begin(&env, &d);
	(void)domain_proof_look(&env, &d, PROOF_SEEN);
	assert_true(domain_needs_proof(&d));
	domain_proof_vouch(&env, &d);
	assert_false(domain_needs_proof(&d));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_end_as_they_should),
		cmocka_unit_test(the_word_of_the_operator_is_not_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
