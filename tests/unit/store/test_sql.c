/* The seam over the database engine: statements, transactions, faults; migrations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/migrate.h"
#include "store/sql.h"
#include "temp_dir.h"

static const struct log quiet = { .fd = -1, .level = LOG_ERROR, .role = "test" };

struct fixture {
	char dir[64], path[128];
	struct sql_db *db;
};

static struct sql_options options(const struct fixture *f)
{
	return (struct sql_options){ .path = f->path,
				     .sync = SQL_RELAXED,
				     .create = true,
				     .gate_fd = -1,
				     .readers = 4,
				     .log = &quiet };
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sql *c;

	temp_dir_make(f->dir);
	snprintf(f->path, sizeof(f->path), "%s/t.db", f->dir);
	struct sql_options o = options(f);
	assert_int_equal(sql_open(&o, &f->db, NULL), OK);
	assert_int_equal(sql_write_begin(f->db, &c), OK);
	assert_int_equal(sql_script(c, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE, c BLOB)"), OK);
	assert_int_equal(sql_commit(&c), OK);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	sql_close(&f->db);
	temp_dir_remove(f->dir);
	free(f);
	return 0;
}

static int64_t count(struct sql_db *db, const char *text)
{
	struct sql *c;

	assert_int_equal(sql_read_begin(db, &c), OK);
	struct sql_stmt *s = sql_prepare(c, text);
	assert_int_equal(sql_step(s), OK);
	int64_t n = sql_int(s, 0);
	sql_read_end(&c);
	return n;
}

static enum err add(struct sql *c, int64_t a, const char *b)
{
	/* $2 first: parameters go by their number, not by their place. */
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO t(b, a, c) VALUES($2, $1, $3)");

	sql_bind_int(s, 1, a);
	sql_bind_str(s, 2, str_of(b));
	sql_bind_blob(s, 3, STR_NONE);
	return sql_run(s, NULL);
}

static void values_come_back(void **state)
{
	struct fixture *f = *state;
	struct sql *c;
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct str bytes = str_from("x\0y", 3);

	assert_int_equal(sql_write_begin(f->db, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO t(a, b, c) VALUES($1, $2, $3)");
	sql_bind_int(s, 1, INT64_MAX);
	sql_bind_str(s, 2, STR("text"));
	sql_bind_blob(s, 3, bytes);
	int64_t changed = 0;
	assert_int_equal(sql_run(s, &changed), OK);
	assert_int_equal(changed, 1);
	assert_int_equal(sql_commit(&c), OK);

	assert_int_equal(sql_read_begin(f->db, &c), OK);
	s = sql_prepare(c, "SELECT a, b, c, NULL FROM t");
	assert_int_equal(sql_step(s), OK);
	assert_true(sql_int(s, 0) == INT64_MAX);
	assert_true(str_eq(sql_str_copy(s, 1, a), STR("text")));
	assert_true(str_eq(sql_blob(s, 2), bytes));
	assert_true(sql_is_null(s, 3) && !sql_str(s, 3).p);
	assert_int_equal(sql_step(s), ERR_ABSENT);
	assert_ptr_equal(sql_prepare(c, "SELECT a, b, c, NULL FROM t"), s);
	sql_read_end(&c);
	arena_free(&a);
}

static void errors_have_codes(void **state)
{
	struct fixture *f = *state;
	struct sql *c;

	assert_int_equal(sql_write_begin(f->db, &c), OK);
	assert_int_equal(add(c, 1, "one"), OK);
	assert_int_equal(add(c, 2, "one"), ERR_CONFLICT);
	assert_int_equal(sql_run(sql_prepare(c, "SELEC"), NULL), ERR_BUG);
	assert_int_equal(sql_end(&c, ERR_CONFLICT), ERR_CONFLICT);
	assert_int_equal(count(f->db, "SELECT count(*) FROM t"), 0);
}

static void full_disk_leaves_nothing_half(void **state)
{
	struct fixture *f = *state;
	struct sql *c;
	enum err err = OK;
	char text[3000];

	assert_int_equal(sql_max_pages(f->db, 20), OK);
	assert_int_equal(sql_write_begin(f->db, &c), OK);
	for (int i = 0; i < 100 && !err; i++) {
		memset(text, 'a', sizeof(text));
		snprintf(text, sizeof(text), "%d", i);
		text[strlen(text)] = 'x';
		text[sizeof(text) - 1] = 0;
		err = add(c, i, text);
	}
	assert_int_equal(err, ERR_LATER);
	assert_int_equal(sql_end(&c, err), ERR_LATER);
	assert_int_equal(count(f->db, "SELECT count(*) FROM t"), 0);
	assert_int_equal(sql_max_pages(f->db, 100000), OK);
	assert_int_equal(sql_write_begin(f->db, &c), OK);
	assert_int_equal(add(c, 1, "room again"), OK);
	assert_int_equal(sql_commit(&c), OK);
}

static void deadline_ends_a_statement(void **state)
{
	struct fixture *f = *state;
	struct sql *c;

	assert_int_equal(sql_read_begin(f->db, &c), OK);
	sql_deadline(c, clock_mono_ms() - 1);
	struct sql_stmt *s = sql_prepare(c, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
					    "SELECT count(*) FROM n");
	assert_int_equal(sql_step(s), ERR_LATER);
	sql_read_end(&c);
	assert_int_equal(count(f->db, "SELECT 7"), 7);
}

static void snapshot_holds_until_the_end(void **state)
{
	struct fixture *f = *state;
	struct sql *r, *w;
	struct sql_stmt *s;

	assert_int_equal(sql_read_begin(f->db, &r), OK);
	s = sql_prepare(r, "SELECT count(*) FROM t");
	assert_int_equal(sql_step(s), OK);
	sql_done(s);
	assert_int_equal(sql_write_begin(f->db, &w), OK);
	assert_int_equal(add(w, 1, "one"), OK);
	assert_int_equal(sql_commit(&w), OK);
	s = sql_prepare(r, "SELECT count(*) FROM t");
	assert_int_equal(sql_step(s), OK);
	assert_int_equal(sql_int(s, 0), 0);
	sql_read_end(&r);
	assert_int_equal(count(f->db, "SELECT count(*) FROM t"), 1);
}

static void *reader(void *ctx)
{
	struct sql_db *db = ctx;

	for (int i = 0; i < 50; i++) {
		struct sql *c;
		if (sql_read_begin(db, &c) != OK)
			return ctx;
		struct sql_stmt *s = sql_prepare(c, "SELECT count(*) FROM t");
		if (sql_step(s) != OK)
			return ctx;
		sql_read_end(&c);
	}
	return NULL;
}

static void more_threads_than_readers(void **state)
{
	struct fixture *f = *state;
	pthread_t t[12];
	void *failed;

	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, reader, f->db), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		pthread_join(t[i], &failed);
		assert_null(failed);
	}
}

static void files_are_private(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	char wal[160];

	snprintf(wal, sizeof(wal), "%s-wal", f->path);
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(wal, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* ---- migrations ---- */

static const char *const steps[] = { "CREATE TABLE one(a); INSERT INTO one VALUES(1);",
				     "ALTER TABLE one ADD COLUMN b; UPDATE one SET b = a + 1;",
				     "CREATE TABLE three(c);" };

static void migrations_start_anywhere(void **state)
{
	struct fixture *f = *state;

	for (size_t from = 0; from <= ARRAY_LEN(steps); from++) {
		struct fixture g = *f;
		snprintf(g.path, sizeof(g.path), "%s/m%zu.db", f->dir, from);
		struct sql_options o = options(&g);
		struct migrations before = { steps, from }, after = { steps, ARRAY_LEN(steps) };
		struct errbuf eb;
		assert_int_equal(sql_open(&o, &g.db, NULL), OK);
		assert_int_equal(migrate_run(g.db, &before, &eb), OK);
		assert_int_equal(migrate_check(g.db, &after, &eb), from == after.n ? OK : ERR_CONFLICT);
		assert_int_equal(migrate_run(g.db, &after, &eb), OK);
		assert_int_equal(migrate_run(g.db, &after, &eb), OK);
		assert_int_equal(migrate_check(g.db, &after, &eb), OK);
		assert_int_equal(count(g.db, "SELECT b FROM one"), 2);
		assert_int_equal(count(g.db, "SELECT count(*) FROM three"), 0);
		sql_close(&g.db);
	}
}

static void newer_file_is_refused(void **state)
{
	struct fixture *f = *state;
	struct migrations new = { steps, 3 }, old = { steps, 2 };
	struct errbuf eb;

	assert_int_equal(migrate_run(f->db, &new, &eb), OK);
	assert_int_equal(migrate_run(f->db, &old, &eb), ERR_CONFLICT);
	assert_non_null(strstr(eb.text, "version 3"));
	assert_int_equal(migrate_check(f->db, &old, &eb), ERR_CONFLICT);
}

static void broken_migration_leaves_the_version_before(void **state)
{
	struct fixture *f = *state;
	const char *const broken[] = { steps[0], "CREATE TABLE two(a); CREATE TABLE two(a);" };
	struct migrations m = { broken, 2 }, good = { steps, 3 };
	struct errbuf eb;

	assert_int_not_equal(migrate_run(f->db, &m, &eb), OK);
	assert_int_equal(count(f->db, "SELECT version FROM schema_version"), 1);
	assert_int_equal(migrate_run(f->db, &good, &eb), OK);
}

static void embedded_schemas_apply(void **state)
{
	struct fixture *f = *state;
	const struct migrations *all[] = { &messages_schema, &search_schema, &history_schema };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct fixture g = *f;
		struct errbuf eb;
		snprintf(g.path, sizeof(g.path), "%s/e%zu.db", f->dir, i);
		struct sql_options o = options(&g);
		assert_int_equal(sql_open(&o, &g.db, NULL), OK);
		for (size_t n = 1; n <= all[i]->n; n++) {
			struct migrations upto = { all[i]->texts, n };
			assert_int_equal(migrate_run(g.db, &upto, &eb), OK);
		}
		assert_int_equal(migrate_check(g.db, all[i], &eb), OK);
		sql_close(&g.db);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(errors_have_codes, setup, teardown),
		cmocka_unit_test_setup_teardown(full_disk_leaves_nothing_half, setup, teardown),
		cmocka_unit_test_setup_teardown(deadline_ends_a_statement, setup, teardown),
		cmocka_unit_test_setup_teardown(snapshot_holds_until_the_end, setup, teardown),
		cmocka_unit_test_setup_teardown(more_threads_than_readers, setup, teardown),
		cmocka_unit_test_setup_teardown(files_are_private, setup, teardown),
		cmocka_unit_test_setup_teardown(migrations_start_anywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(newer_file_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(broken_migration_leaves_the_version_before, setup, teardown),
		cmocka_unit_test_setup_teardown(embedded_schemas_apply, setup, teardown),
	};

	return cmocka_run_group_tests_name("store/sql", tests, NULL, NULL);
}
