/* Several processes on one store, and processes that die. */
#include "fixture.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 2
#define ADDS 150
#define KILLS 5
#define THREADS 4
#define FRESH_STORES 30
#define ROLES 6

static struct store *open_or_die(const char *path)
{
	struct store_options o = { .dir = path, .flags = STORE_CREATE | STORE_WRITER, .log = &quiet };
	struct store *st;
	struct errbuf eb;

	if (store_open(&o, &st, &eb) != OK) {
		fprintf(stderr, "%s\n", eb.text);
		_exit(2);
	}
	return st;
}

/* In a child: adds, and never returns. */
static void add_and_leave(const char *path, int number)
{
	struct store *st = open_or_die(path);
	struct arena *a = arena_new(SIZE_MAX, NULL, NULL);

	for (int i = 0; i < ADDS; i++) {
		struct str id = arena_printf(a, "p%dx%d", number, i);
		struct record *r = fixture_record(a, 1, id.p, "a@example.org", "b@example.test", "x");
		if (store_record_add(st, a, r) != OK)
			_exit(3);
	}
	store_close(&st);
	_exit(0);
}

static void two_processes_write(void **state)
{
	struct fixture *f = *state;
	pid_t child[PROCESSES];
	struct record got;
	bool more;
	int status;

	store_close(&f->st);
	for (int i = 0; i < PROCESSES; i++) {
		child[i] = fork();
		assert_true(child[i] >= 0);
		if (child[i] == 0)
			add_and_leave(f->path, i);
	}
	/* A third one indexes meanwhile, as courier does. */
	fixture_open(f);
	for (int i = 0; i < 20; i++)
		assert_int_equal(store_upkeep(f->st, &(struct store_upkeep){ 0 }, &more), OK);
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(child[i], &status, 0), child[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	fixture_upkeep(f, NULL);
	for (int i = 0; i < PROCESSES; i++)
		for (int k = 0; k < ADDS; k++)
			assert_int_equal(store_record_get(f->st, f->a, 1, arena_printf(f->a, "p%dx%d", i, k),
							  RECORD_WHOLE, &got),
					 OK);
	struct search_use *use = search_index_use(f->st->search, false);
	assert_int_equal(fixture_count(search_use_db(use), "SELECT count(*) FROM indexed"), PROCESSES * ADDS);
	search_use_end(f->st->search, &use);
}

/* As the roles of a server do at its first start. */
static void many_open_a_fresh_store(void **state)
{
	struct fixture *f = *state;
	char path[128];

	for (int round = 0; round < FRESH_STORES; round++) {
		int gun[2], status;
		pid_t child[ROLES];
		snprintf(path, sizeof(path), "%s/fresh%d", f->dir, round);
		assert_int_equal(pipe(gun), 0);
		for (int i = 0; i < ROLES; i++) {
			char byte;
			child[i] = fork();
			assert_true(child[i] >= 0);
			if (child[i] > 0)
				continue;
			close(gun[1]);
			if (read(gun[0], &byte, 1) != 0)
				_exit(4);
			struct store *st = open_or_die(path);
			store_close(&st);
			st = open_or_die(path); /* while others close theirs */
			store_close(&st);
			_exit(0);
		}
		close(gun[0]);
		close(gun[1]);
		for (int i = 0; i < ROLES; i++) {
			assert_int_equal(waitpid(child[i], &status, 0), child[i]);
			if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
				fail_msg("round %d: %d", round, status);
		}
	}
}

struct adder {
	struct store *st;
	int to, round, number;
};

/* Says each postfix id to the parent once the add was acknowledged. */
static void *add_for_ever(void *ctx)
{
	struct adder *t = ctx;
	struct arena *a = arena_new(SIZE_MAX, NULL, NULL);

	for (int i = 0;; i++) {
		char id[32] = "";
		arena_reset(a);
		snprintf(id, sizeof(id), "r%dt%dx%d", t->round, t->number, i);
		struct record *r = fixture_record(a, 1, id, "a@example.org", "b@example.test", "x");
		if (store_record_add(t->st, a, r) != OK || write(t->to, id, sizeof(id)) != sizeof(id))
			_exit(3);
	}
	return NULL;
}

static void run_until_killed(const char *path, int to, int round)
{
	struct adder adders[THREADS];
	pthread_t threads[THREADS];
	struct store *st = open_or_die(path);
	bool more;

	for (int i = 0; i < THREADS; i++) {
		adders[i] = (struct adder){ st, to, round, i };
		if (pthread_create(&threads[i], NULL, add_for_ever, &adders[i]) != 0)
			_exit(4);
	}
	for (;;)
		if (store_upkeep(st, &(struct store_upkeep){ 0 }, &more) != OK)
			_exit(5);
}

static void what_was_acknowledged_survives_kill(void **state)
{
	struct fixture *f = *state;
	struct strs told = { NULL, 0 };
	struct record got;
	char id[32];

	for (int round = 0; round < KILLS; round++) {
		int fds[2], status;
		store_close(&f->st);
		assert_int_equal(pipe(fds), 0);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			close(fds[0]);
			run_until_killed(f->path, fds[1], round);
		}
		close(fds[1]);
		for (int i = 0; i < 40 + 17 * round && read(fds[0], id, sizeof(id)) == sizeof(id); i++)
			ARENA_PUSH(f->a, &told, arena_str(f->a, str_of(id)));
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		while (read(fds[0], id, sizeof(id)) == sizeof(id))
			ARENA_PUSH(f->a, &told, arena_str(f->a, str_of(id)));
		close(fds[0]);
		fixture_open(f);
		for (size_t i = 0; i < told.n; i++)
			assert_int_equal(store_record_get(f->st, f->a, 1, told.v[i], RECORD_WHOLE, &got), OK);
	}
	assert_true(told.n > 100);
	/* The index, too, is whole again. */
	fixture_upkeep(f, NULL);
	struct search_use *use = search_index_use(f->st->search, false);
	int64_t rows = fixture_count(f->st->messages, "SELECT count(*) FROM msg");
	assert_int_equal(fixture_count(search_use_db(use), "SELECT count(*) FROM indexed"), rows);
	assert_int_equal(fixture_count(search_use_db(use),
				       "SELECT count(*) FROM fts WHERE fts MATCH '\"f=a@example.org\"'"),
			 rows);
	search_use_end(f->st->search, &use);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_open_a_fresh_store),
		TEST(two_processes_write),
		TEST(what_was_acknowledged_survives_kill),
	};

	return cmocka_run_group_tests_name("store/processes", tests, NULL, NULL);
}
