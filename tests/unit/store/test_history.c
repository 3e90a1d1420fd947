/* Counting keys: memory and file together, decay, forgetting. */
#include "fixture.h"

#include <pthread.h>
#include <unistd.h>

#define DAY INT64_C(86400000000)

static const struct str key = STR_INIT("domain:example.org");

static struct history get(struct fixture *f, int64_t account, struct str k)
{
	struct history h;

	assert_int_equal(store_history_get(f->st, account, &k, 1, clock_now_us(), &h), OK);
	return h;
}

static bool near(double a, double b)
{
	return a > b - 0.01 && a < b + 0.01;
}

static void unseen_is_zero(void **state)
{
	struct history h = get(*state, 1, key);

	assert_true(h.first_us == 0 && h.last_us == 0 && h.seen == 0 && h.bad == 0);
}

static void counts_add_up_and_fade(void **state)
{
	struct fixture *f = *state;
	int64_t now = clock_now_us();

	store_history_add(f->st, 1, &key, 1, true, now - 60 * DAY);
	struct history h = get(f, 1, key);
	assert_true(near(h.seen, 0.25) && near(h.bad, 0.25));
	store_history_add(f->st, 1, &key, 1, false, now - 30 * DAY);
	store_history_add(f->st, 1, &key, 1, false, now);
	h = get(f, 1, key);
	assert_true(near(h.seen, 1.75) && near(h.bad, 0.25));
	assert_true(h.first_us == now - 60 * DAY && h.last_us == now);
	/* Late news does not turn the clock back. */
	store_history_add(f->st, 1, &key, 1, false, now - 90 * DAY);
	h = get(f, 1, key);
	assert_true(near(h.seen, 1.875));
	assert_true(h.first_us == now - 90 * DAY && h.last_us == now);
}

/* As it was then, as far as counts can tell: nothing of what began later, and faded no further. */
static void the_past_is_of_a_time(void **state)
{
	struct fixture *f = *state;
	int64_t now = clock_now_us();
	struct history h;

	store_history_add(f->st, 1, &key, 1, false, now - 30 * DAY);
	assert_int_equal(store_history_get(f->st, 1, &key, 1, now - 31 * DAY, &h), OK);
	assert_true(h.first_us == 0 && h.seen == 0);
	assert_int_equal(store_history_get(f->st, 1, &key, 1, now - 30 * DAY, &h), OK);
	assert_true(near(h.seen, 1));
	assert_int_equal(store_history_get(f->st, 1, &key, 1, now, &h), OK);
	assert_true(near(h.seen, 0.5));
}

static void accounts_and_keys_are_apart(void **state)
{
	struct fixture *f = *state;

	store_history_add(f->st, 1, &key, 1, false, clock_now_us());
	assert_true(get(f, 2, key).seen == 0);
	assert_true(get(f, 1, STR("domain:example.net")).seen == 0);
	assert_true(near(get(f, 1, STR("DOMAIN:Example.Org")).seen, 1));
}

#define THREADS 4
#define KEYS 300

static void *add_keys(void *ctx)
{
	struct store *st = ctx;
	struct arena *a = arena_new(SIZE_MAX, NULL, NULL);

	for (int i = 0; i < KEYS; i++) {
		struct str k = arena_printf(a, "k:%d", i);
		store_history_add(st, 1, &k, 1, i % 2, clock_now_us());
	}
	arena_free(&a);
	return NULL;
}

static void a_writer_counts_in_memory_first(void **state)
{
	struct fixture *f = *state;
	struct store_options o = { .dir = f->path, .flags = STORE_CREATE | STORE_WRITER, .log = &quiet };
	pthread_t threads[THREADS];

	store_close(&f->st);
	assert_int_equal(store_open(&o, &f->st, NULL), OK);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_keys, f->st), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	/* Whether the thread has written yet or not. */
	assert_true(get(f, 1, STR("k:7")).seen >= THREADS - 0.01);
	history_flush(f->st);
	for (int i = 0; i < KEYS; i++) {
		struct history h = get(f, 1, arena_printf(f->a, "k:%d", i));
		assert_true(near(h.seen, THREADS) && near(h.bad, i % 2 ? THREADS : 0));
	}
	store_history_add(f->st, 1, &key, 1, false, clock_now_us());
	store_close(&f->st); /* writes what is left */
	fixture_open(f);
	assert_true(near(get(f, 1, key).seen, 1));
}

static void what_was_hardly_seen_is_forgotten(void **state)
{
	struct fixture *f = *state;
	int64_t now = clock_now_us();
	struct history_place at = { 0, 0 };

	for (int i = 0; i < 1200; i++) {
		struct str k = arena_printf(f->a, "k:%d", i);
		store_history_add(f->st, 1, &k, 1, false, now - (i % 2 ? 31 : 29) * DAY);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(history_forget(f->st, &at), OK);
	assert_int_equal(fixture_count(f->st->history, "SELECT count(*) FROM hist"), 600);
	assert_true(at.account == 0 && at.k == 0);
}

static void put_noise(struct fixture *f, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	for (int i = 0; i < 10000; i++)
		fputs("noise", file);
	assert_int_equal(fclose(file), 0);
}

static void a_damaged_history_is_put_aside(void **state)
{
	struct fixture *f = *state;
	char path[256];

	store_history_add(f->st, 1, &key, 1, false, clock_now_us());
	store_close(&f->st);
	put_noise(f, "history.db");
	fixture_open(f);
	assert_true(get(f, 1, key).seen == 0);
	store_history_add(f->st, 1, &key, 1, false, clock_now_us());
	assert_true(near(get(f, 1, key).seen, 1));
	snprintf(path, sizeof(path), "%s/history.db.damaged", f->path);
	assert_int_equal(access(path, R_OK), 0);
}

static void a_lost_secret_is_not_made_anew(void **state)
{
	struct fixture *f = *state;
	struct store_options o = { .dir = f->path, .flags = STORE_CREATE, .log = &quiet };
	char path[256];
	struct errbuf eb;

	store_close(&f->st);
	snprintf(path, sizeof(path), "%s/secret", f->path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(store_open(&o, &f->st, &eb), ERR_ABSENT);
	assert_non_null(strstr(eb.text, "secret is missing"));
	assert_int_equal(access(path, F_OK), -1);
}

/* Kept as it was asked last, unknown or not, and no other name's. */
static void ages_are_kept(void **state)
{
	struct fixture *f = *state;
	int64_t created = -1, asked = -1;

	assert_int_equal(store_age_get(f->st, STR("a.example"), &created, &asked), ERR_ABSENT);
	assert_int_equal(store_age_put(f->st, STR("a.example"), 0, 5), OK);
	assert_int_equal(store_age_get(f->st, STR("a.example"), &created, &asked), OK);
	assert_true(created == 0 && asked == 5);
	assert_int_equal(store_age_put(f->st, STR("a.example"), 7, 8), OK);
	assert_int_equal(store_age_put(f->st, STR("b.example"), 9, 10), OK);
	assert_int_equal(store_age_get(f->st, STR("A.example"), &created, &asked), OK);
	assert_true(created == 7 && asked == 8);
	assert_int_equal(store_age_get(f->st, STR("c.example"), &created, &asked), ERR_ABSENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unseen_is_zero),
		TEST(counts_add_up_and_fade),
		TEST(the_past_is_of_a_time),
		TEST(accounts_and_keys_are_apart),
		TEST(a_writer_counts_in_memory_first),
		TEST(what_was_hardly_seen_is_forgotten),
		TEST(a_damaged_history_is_put_aside),
		TEST(a_lost_secret_is_not_made_anew),
		TEST(ages_are_kept),
	};

	return cmocka_run_group_tests_name("store/history", tests, NULL, NULL);
}
