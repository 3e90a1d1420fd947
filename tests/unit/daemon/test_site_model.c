/* site_model: which model is used, of those that a site has made and took back; and what a server is given of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/belongings.h"
#include "daemon/site_model.h"

static char dir[] = "/tmp/postern-test-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	return 0;
}

static int remove_dir(void **state)
{
	struct buf folder = site_model_path(dir, 0, "");
	(void)state;

	rmdir(folder.p);
	buf_free(&folder);
	return rmdir(dir);
}

/* A model that says who it is. */
static void put(unsigned number, const char *ending, const char *about)
{
	struct classifier c = *classifier_shipped();
	struct buf folder = site_model_path(dir, 0, ""), path = site_model_path(dir, number, ending), bytes;

	buf_init(&bytes, CLASSIFIER_FILE_MAX);
	c.about = str_of(about);
	classifier_write(&bytes, &c);
	mkdir(folder.p, 0700);
	FILE *f = fopen(path.p, "wbe");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
	buf_free(&folder);
	buf_free(&path);
	buf_free(&bytes);
}

static void take_away(unsigned number, const char *ending)
{
	struct buf path = site_model_path(dir, number, ending);

	assert_int_equal(unlink(path.p), 0);
	buf_free(&path);
}

static void expect(unsigned number, const char *about)
{
	struct site_model m;
	struct errbuf eb = { "" };

	if (site_model_load(NULL, dir, &m, &eb) != OK)
		fail_msg("%s", eb.text);
	assert_int_equal(m.number, number);
	assert_true(str_eq(m.classifier.about, about ? str_of(about) : classifier_shipped()->about));
	site_model_free(&m);
}

static void test_newest(void **state)
{
	(void)state;
	expect(0, NULL);
	put(2, "model", "the second");
	expect(2, "the second");
	put(10, "model", "the tenth");
	put(11, "undone", "taken back");
	put(9, "model.new", "half written");
	expect(10, "the tenth");
	take_away(10, "model");
	expect(2, "the second");
	take_away(2, "model");
	expect(0, NULL);
	take_away(11, "undone");
	take_away(9, "model.new");
}

/* A model that cannot be read is said to be, and nothing is used in its place. */
static void test_damaged(void **state)
{
	struct buf path = site_model_path(dir, 1, "model");
	struct site_model m;
	struct errbuf eb = { "" };
	(void)state;

	put(1, "model", "the first");
	assert_int_equal(truncate(path.p, 1000), 0);
	assert_int_equal(site_model_load(NULL, dir, &m, &eb), ERR_SYNTAX);
	assert_non_null(strstr(eb.text, path.p));
	assert_int_equal(site_model_load("/nope", NULL, &m, &eb), ERR_ABSENT);
	take_away(1, "model");
	buf_free(&path);
}

/* The server reads it with its configuration, refuses one that is damaged, and goes back when it is gone. */
static void test_server(void **state)
{
	struct config_override data = { "data", dir };
	const struct supervisor_options options = { .config_path = "/nope",
						    .overrides = &data,
						    .overrides_n = 1 };
	struct buf path = site_model_path(dir, 1, "model");
	struct belongings b = belongings_of(&options);
	struct errbuf eb = { "" };
	(void)state;

	assert_int_equal(belongings_read(&b, &eb), OK);
	assert_int_equal(b.model, -1);
	put(1, "model", "the first");
	assert_int_equal(belongings_read(&b, &eb), OK);
	assert_true(b.model >= 0);
	struct site_model m;
	assert_int_equal(site_model_take(b.model, &m, &eb), OK);
	assert_true(str_eq(m.classifier.about, STR("the first")));
	site_model_free(&m);
	assert_int_equal(truncate(path.p, 1000), 0);
	assert_int_equal(belongings_read(&b, &eb), ERR_SYNTAX);
	assert_non_null(strstr(eb.text, "1.model: the model is"));
	assert_true(b.model >= 0);
	take_away(1, "model");
	assert_int_equal(belongings_read(&b, &eb), OK);
	assert_int_equal(b.model, -1);
	belongings_close(&b);
	buf_free(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_server),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
