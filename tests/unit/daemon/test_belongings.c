/* What is said of a configuration whose files or users cannot be used, and that nothing changes then. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/belongings.h"

static char dir[] = "/tmp/postern-test-XXXXXX", file[64];

static int make_dir(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/f", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(dir);
}

static void put(const char *text)
{
	FILE *f = fopen(file, "we");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static const struct supervisor_options options = { .config_path = file, .config_must_exist = true };

static void test_faults(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "smtp: {\n certificate = \"/nope.pem\"; key = \"/dev/null\"; };",
		  ":2: smtp.certificate: /nope.pem: No such file or directory" },
		{ "smtp: { certificate = \"/dev/null\";\n key = \"/nope.pem\"; };",
		  ":2: smtp.key: /nope.pem: No such file or directory" },
		{ "smtp: { certificate = \"/dev/null\"; key = \"/dev/null\"; };",
		  ":1: smtp.certificate: /dev/null: is empty" },
		{ "smtp: { certificate = \"/proc/version\"; key = \"/proc/version\"; };",
		  ":1: smtp.certificate: the certificate cannot be used: " },
		{ "smtp: { certificate = \"/\"; key = \"/\"; };", ":1: smtp.certificate: /: Is a directory" },
		{ "http: { certificate = \"/dev/null\"; key = \"/nope.pem\"; };",
		  ":1: http.key: /nope.pem: No such file or directory" },
		{ "http: { certificate = \"/proc/version\"; key = \"/proc/version\"; };",
		  ":1: http.certificate: the certificate cannot be used: " },
		{ "dns: { local_data = \"/nope\"; };",
		  ":1: dns.local_data: /nope: No such file or directory" },
		{ "dns: { local_data = \"/proc/version\"; };",
		  ":1: dns.local_data: /proc/version, line 1: not a resource record: " },
		{ "\n\nuser = \"no such user\";", ":3: user: \"no such user\" does not exist, or is root" },
		{ "user = \"0:5\";", ":1: user: \"0:5\" is not UID or UID:GID, or is root" },
	};
	struct belongings b = belongings_of(&options);
	char want[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct errbuf eb = { "" };

		put(rows[i].text);
		assert_int_not_equal(belongings_read(&b, &eb), OK);
		snprintf(want, sizeof(want), "%s%s", file, rows[i].want);
		eb.text[strlen(want) < sizeof(eb.text) ? strlen(want) : 0] = 0;
		assert_string_equal(eb.text, want);
		assert_null(b.config);
		assert_int_equal(b.config_text, -1);
	}
}

static void test_again(void **state)
{
	struct belongings b = belongings_of(&options);
	struct errbuf eb;
	char want[200];

	(void)state;
	put("data = \"/one\"; scan: { workers = 7; };");
	assert_int_equal(belongings_read(&b, &eb), OK);
	put("data = \"/one\"; scan: { workers = 8; };");
	assert_int_equal(belongings_read(&b, &eb), OK);
	assert_int_equal(b.started->scan_workers, 7);
	assert_int_equal(b.config->scan_workers, 8);
	/* A store that moved under the roles would be two stores. */
	put("data = \"/two\"; scan: { workers = 9; };");
	assert_int_equal(belongings_read(&b, &eb), ERR_CONFLICT);
	snprintf(want, sizeof(want), "%s:1: data: /one is being served: another directory takes a restart",
		 file);
	assert_string_equal(eb.text, want);
	assert_int_equal(b.config->scan_workers, 8);
	belongings_close(&b);
	assert_null(b.config);
	assert_null(b.started);
}

/* As a file system leaves a file behind that was not written before the power went. */
static void test_zeros(void **state)
{
	static const char text[] = "smtp: { };\n\0http: { threads = 9; };";
	struct belongings b = belongings_of(&options);
	struct errbuf eb;
	char want[200];
	FILE *f = fopen(file, "we");

	(void)state;
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, sizeof(text), f), sizeof(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(belongings_read(&b, &eb), ERR_SYNTAX);
	snprintf(want, sizeof(want), "%s:2: a NUL byte: the file is damaged", file);
	assert_string_equal(eb.text, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_zeros),
	};

	return cmocka_run_group_tests_name("daemon/belongings", tests, make_dir, remove_dir);
}
