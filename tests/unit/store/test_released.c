/* What a release lets through again: the same bytes, to the same recipient, in the same account, for a day. */
#include "fixture.h"

#include "base/clock.h"
#include "store/released.h"

static bool deliver(struct arena *a, struct record *r, void *ctx)
{
	const char *address = ctx;

	(void)a;
	for (size_t i = 0; i < r->outcomes.n; i++)
		if (!address || str_eq(r->outcomes.v[i].address, str_of(address)))
			r->outcomes.v[i].status = DELIVERY_DELIVERED;
	return true;
}

static bool hold(struct arena *a, struct record *r, void *ctx)
{
	(void)a;
	r->outcomes.v[0].status = *(int *)ctx;
	return true;
}

static bool is_released(struct fixture *f, int64_t account, struct str sha256, const char *address)
{
	bool released = true;

	assert_int_equal(store_released(f->st, f->a, account, sha256, str_of(address), &released), OK);
	return released;
}

static struct record *add(struct fixture *f, const char *raw)
{
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "x");
	struct outcome second = r->outcomes.v[0];

	SET(&second, outcome, address, STR("c@example.test"));
	ARENA_PUSH(f->a, &r->outcomes, second);
	for (size_t i = 0; i < r->outcomes.n; i++)
		r->outcomes.v[i].status = DELIVERY_QUARANTINED;
	SET(r, record, raw_sha256, hash_sha256_hex(f->a, str_of(raw)));
	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r;
}

static void what_is_let_through(void **state)
{
	struct fixture *f = *state;
	struct record *r = add(f, "the mail");
	struct str sha256 = r->raw_sha256, other = hash_sha256_hex(f->a, STR("another mail"));

	assert_false(is_released(f, 1, sha256, "b@example.test"));
	assert_int_equal(store_record_change(f->st, f->a, r->key, deliver, "b@example.test", NULL), OK);
	assert_true(is_released(f, 1, sha256, "b@example.test"));
	assert_false(is_released(f, 1, sha256, "c@example.test"));
	assert_false(is_released(f, 1, sha256, "B@example.test"));
	assert_false(is_released(f, 2, sha256, "b@example.test"));
	assert_false(is_released(f, 1, other, "b@example.test"));
	assert_false(is_released(f, 1, STR_NONE, "b@example.test"));
	assert_int_equal(store_record_change(f->st, f->a, r->key, deliver, NULL, NULL), OK);
	assert_true(is_released(f, 1, sha256, "c@example.test"));
}

/* Mail that comes again is judged again and passed on: no person had a part in that. */
static void what_is_no_release(void **state)
{
	struct fixture *f = *state;
	struct record *r = add(f, "the mail");
	int statuses[] = { DELIVERY_QUEUED, DELIVERY_DEFERRED, DELIVERY_DELIVERED };

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		assert_int_equal(store_record_change(f->st, f->a, r->key, hold, &statuses[i], NULL), OK);
	assert_false(is_released(f, 1, r->raw_sha256, "b@example.test"));
}

static void it_is_forgotten(void **state)
{
	struct fixture *f = *state;
	struct record *r = add(f, "the mail");
	bool more = false;

	assert_int_equal(store_record_change(f->st, f->a, r->key, deliver, NULL, NULL), OK);
	assert_int_equal(released_forget(f->st, clock_now_us() + RELEASED_US - 1000000, &more), OK);
	assert_true(is_released(f, 1, r->raw_sha256, "b@example.test"));
	assert_int_equal(released_forget(f->st, clock_now_us() + RELEASED_US + 1000000, &more), OK);
	assert_false(is_released(f, 1, r->raw_sha256, "b@example.test"));
	assert_int_equal(fixture_count(f->st->messages, "SELECT count(*) FROM released"), 0);
}

/* A day is counted from the release, however often the mail comes, and whether it was forgotten yet or not. */
static void a_day_is_a_day(void **state)
{
	struct fixture *f = *state;
	struct record *r = add(f, "the mail");
	struct sql *c;

	assert_int_equal(store_record_change(f->st, f->a, r->key, deliver, NULL, NULL), OK);
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "UPDATE released SET at = at - $1");
	sql_bind_int(s, 1, RELEASED_US);
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
	assert_false(is_released(f, 1, r->raw_sha256, "b@example.test"));
	assert_int_equal(store_record_change(f->st, f->a, r->key, deliver, NULL, NULL), OK);
	assert_false(is_released(f, 1, r->raw_sha256, "b@example.test"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_let_through),
		TEST(what_is_no_release),
		TEST(it_is_forgotten),
		TEST(a_day_is_a_day),
	};

	return cmocka_run_group_tests_name("store/released", tests, NULL, NULL);
}
