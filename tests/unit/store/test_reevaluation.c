/* Which mail is looked at once more and when: each step once, in slices, also after a kill and after days without us. */
#include "fixture.h"

#include "store/key.h"
#include "store/reevaluation.h"

#define MINUTE_US (INT64_C(60) * 1000000)
#define HOUR_US (60 * MINUTE_US)
#define SLICE 3

static int64_t add(struct fixture *f, int64_t account, const char *id)
{
	struct record *r = fixture_record(f->a, account, id, "a@b.example", "user@example.test", "News");

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	return r->key;
}

static struct reevaluation_due due(struct fixture *f, int64_t behind, int64_t now_us)
{
	struct reevaluation_due d = { 0 };

	assert_int_equal(store_reevaluation_due(f->st, f->a, behind, now_us, SLICE, &d), OK);
	return d;
}

static void nothing_is_due(struct fixture *f, int64_t now_us)
{
	struct reevaluation_due d;

	assert_int_equal(store_reevaluation_due(f->st, f->a, 0, now_us, SLICE, &d), ERR_ABSENT);
}

static void each_step_comes_once(void **state)
{
	struct fixture *f = *state;
	int64_t key = add(f, 1, "one"), came = key_us(key);

	for (int step = 0; step < REEVALUATION_STEPS; step++) {
		int64_t at = came + reevaluation_us[step];
		nothing_is_due(f, at);
		/* Until it is said that it was done, it is to be done: whoever was killed between finds it again. */
		for (int i = 0; i < 2; i++) {
			struct reevaluation_due d = due(f, 0, at + 1000);
			assert_int_equal(d.account, 1);
			assert_int_equal(d.step, step);
			assert_int_equal(d.n, 1);
			assert_int_equal(d.v[0], key);
			if (i == 0) {
				store_close(&f->st);
				fixture_open(f);
			} else {
				assert_int_equal(store_reevaluation_done(f->st, &d), OK);
			}
		}
		nothing_is_due(f, at + 1000);
	}
	nothing_is_due(f, came + 40 * HOUR_US);
}

/* What came while we looked is neither skipped nor given twice. */
static void slices_follow_each_other(void **state)
{
	struct fixture *f = *state;
	int64_t keys[8], last = 0;
	size_t seen = 0;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		char id[16];
		snprintf(id, sizeof(id), "m%zu", i);
		keys[i] = add(f, 1, id);
	}
	int64_t now = key_us(keys[ARRAY_LEN(keys) - 1]) + 6 * MINUTE_US;
	while (seen < ARRAY_LEN(keys)) {
		struct reevaluation_due d = due(f, 0, now);
		assert_true(d.n > 0 && d.n <= SLICE);
		for (size_t i = 0; i < d.n; i++, seen++) {
			assert_int_equal(d.v[i], keys[seen]);
			assert_true(d.v[i] > last);
			last = d.v[i];
		}
		assert_int_equal(store_reevaluation_done(f->st, &d), OK);
	}
	nothing_is_due(f, now);
	/* One who was slower says that he came less far. */
	struct reevaluation_due slower = { .account = 1, .step = REEVALUATION_MINUTES, .upto = keys[0] };
	assert_int_equal(store_reevaluation_done(f->st, &slower), OK);
	nothing_is_due(f, now);
}

static void accounts_take_turns(void **state)
{
	struct fixture *f = *state;

	for (int64_t account = 1; account <= 3; account++)
		add(f, account, account == 1 ? "x1" : account == 2 ? "x2" : "x3");
	int64_t now = clock_now_us() + 6 * MINUTE_US;
	assert_int_equal(due(f, 0, now).account, 1);
	assert_int_equal(due(f, 1, now).account, 2);
	assert_int_equal(due(f, 2, now).account, 3);
	struct reevaluation_due d;
	assert_int_equal(store_reevaluation_due(f->st, f->a, 3, now, SLICE, &d), ERR_ABSENT);
}

/* Days without us: the last step alone looks at what is older than a day. */
static void a_server_that_was_down_catches_up_once(void **state)
{
	struct fixture *f = *state;
	int64_t key = add(f, 1, "first"), came = key_us(key), later = came + 26 * HOUR_US;
	struct reevaluation_due d = due(f, 0, later);

	assert_int_equal(d.step, REEVALUATION_DAY);
	assert_int_equal(store_reevaluation_done(f->st, &d), OK);
	nothing_is_due(f, later);
	int64_t next = add(f, 1, "second"); /* the step was somewhere by then, so nothing is too old */
	d = due(f, 0, key_us(next) + 30 * 24 * HOUR_US);
	assert_int_equal(d.step, REEVALUATION_DAY);
	assert_int_equal(d.v[0], next);
}

/* A store that never did this begins with the mail of two days. */
static void old_mail_is_left_alone(void **state)
{
	struct fixture *f = *state;
	int64_t came = key_us(add(f, 1, "old"));

	assert_int_equal(due(f, 0, came + 47 * HOUR_US).step, REEVALUATION_DAY);
	nothing_is_due(f, came + 49 * HOUR_US);
}

static void held_and_submitted_mail_is_passed(void **state)
{
	struct fixture *f = *state;
	struct record *held = fixture_record(f->a, 1, "held", "a@b.example", "c@example.test", "x");

	SET(held->message, message, is_quarantined, true);
	held->outcomes.v[0].status = DELIVERY_QUARANTINED;
	assert_int_equal(store_record_add(f->st, f->a, held), OK);
	struct record *submitted = fixture_record(f->a, 2, "submitted", "a@b.example", "c@example.test", "x");
	SET(submitted->message, message, delivery_mode, MODE_RETRO_SCAN + 1);
	assert_int_equal(store_record_add(f->st, f->a, submitted), OK);
	int64_t now = clock_now_us() + 6 * MINUTE_US;
	struct reevaluation_due d = due(f, 0, now);
	assert_int_equal(d.n, 0);
	assert_int_equal(d.upto, held->key);
	assert_int_equal(store_reevaluation_done(f->st, &d), OK);
	nothing_is_due(f, now);
}

/* A clock that was ahead for a while and is right again. */
static void a_clock_that_goes_back_gives_nothing_twice(void **state)
{
	struct fixture *f = *state;
	int64_t came = key_us(add(f, 1, "one"));
	struct reevaluation_due d = due(f, 0, came + 6 * MINUTE_US);

	assert_int_equal(store_reevaluation_done(f->st, &d), OK);
	nothing_is_due(f, came - HOUR_US);
	nothing_is_due(f, came + 7 * MINUTE_US);
	assert_int_equal(due(f, 0, came + 13 * HOUR_US).step, REEVALUATION_HALF_DAY);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_step_comes_once),
		TEST(slices_follow_each_other),
		TEST(accounts_take_turns),
		TEST(a_server_that_was_down_catches_up_once),
		TEST(old_mail_is_left_alone),
		TEST(held_and_submitted_mail_is_passed),
		TEST(a_clock_that_goes_back_gives_nothing_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
