/* The snapshot of all policies: what there is no room for is left out, and nothing ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "broker/wire.h"
#include "daemon/snapshot.h"

enum { ACCOUNTS = 40, RULES = 200 };

static const struct log silent = { .fd = -1, .level = LOG_ERROR, .role = "test" };

/* A line for each account with so many rules. */
static struct str lines_of(struct arena *a)
{
	struct block_sender *rules = ARENA_ARRAY(a, RULES, struct block_sender);
	struct buf b;

	buf_init(&b, 64u << 20);
	for (size_t i = 0; i < RULES; i++) {
		SET(&rules[i], block_sender, pattern, arena_printf(a, "sender%zu@example.com", i));
		SET(&rules[i], block_sender, pattern_type, PATTERN_EMAIL);
		SET(&rules[i], block_sender, is_regex, false);
	}
	for (int64_t account = 1; account <= ACCOUNTS; account++) {
		struct policy_source source = { 0 };
		SET(&source, policy_source, account, account);
		SET(&source, policy_source, rev, 7);
		source.has |= FIELD_BIT(policy_source, allow);
		SET(&source, policy_source, block, ((struct block_sender_list){ rules, RULES }));
		wire_policy_write(&b, &source);
		buf_add_char(&b, '\n');
	}
	struct str lines = arena_str(a, buf_str(&b));
	buf_free(&b);
	return lines;
}

static size_t count(const struct snapshot *s)
{
	size_t n = 0;

	for (int64_t account = 1; account <= ACCOUNTS; account++)
		n += snapshot_find(s, account) != NULL;
	return n;
}

static void test_room(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str lines = lines_of(a);

	(void)state;
	struct snapshot *all = snapshot_new(lines, SNAPSHOT_BYTES, &silent);
	struct snapshot *some = snapshot_new(lines, 2u << 20, &silent);
	assert_int_equal(count(all), ACCOUNTS);
	assert_in_range(count(some), 1, ACCOUNTS - 1);
	snapshot_free(&some);
	snapshot_free(&all);
	arena_free(&a);
}

/* What is let in has room, whatever it becomes: names whose letters stand for sentences, and lists of short addresses. */
static void test_registry(void **state)
{
	enum { ENTRIES = 1000 };
	static const struct {
		const char *name, *email; /* repeated */
		size_t names, emails;
	} registries[] = {
		{ "\xef\xb7\xba", "a@b", 64, 1 },
		{ "\xef\xb7\xba", "a@b", 7, 1 },
		{ "\xef\xb7\xba ", "a@b", 64, 1 },
		{ "x", "a@b,", 1, 256 },
		{ "x", "a@b", 1, 1 },
	};

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(registries); k++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct policy_source source = { .has = FIELD_BIT(policy_source, allow) |
						       FIELD_BIT(policy_source, block) };
		struct impersonation_list list = { 0 };
		struct str name = STR(""), email = STR("");
		struct buf b;
		for (size_t i = 0; i < registries[k].names; i++)
			name = ARENA_JOIN(a, name, str_of(registries[k].name));
		for (size_t i = 0; i < registries[k].emails; i++)
			email = ARENA_JOIN(a, email, str_of(registries[k].email));
		for (unsigned i = 0; i < ENTRIES; i++) {
			struct impersonation e = { 0 };
			SET(&e, impersonation, name, arena_printf(a, "%u %.*s", i, STR_ARG(name)));
			SET(&e, impersonation, email, email);
			SET(&e, impersonation, is_email_regex, false);
			ARENA_PUSH(a, &list, e);
		}
		SET(&source, policy_source, account, 1);
		SET(&source, policy_source, rev, 7);
		SET(&source, policy_source, impersonation, list);
		buf_init(&b, 16u << 20);
		wire_policy_write(&b, &source);
		/* One that takes more than it was let in for ends the test. */
		size_t least = b.n;
		struct snapshot *s = NULL;
		do {
			snapshot_free(&s);
			s = snapshot_new(buf_str(&b), least, &silent);
			least += b.n / 4;
		} while (!snapshot_find(s, 1));
		snapshot_free(&s);
		buf_free(&b);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_room), cmocka_unit_test(test_registry) };

	return cmocka_run_group_tests_name("daemon/snapshot", tests, NULL, NULL);
}
