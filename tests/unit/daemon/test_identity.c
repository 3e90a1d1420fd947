/* What a directory must be like before root gives it away, and what of it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/identity.h"

#define SOMEBODY "61234:61235"

static const struct {
	const char *name;
	const char *entries[6]; /* a folder ends with a slash */
	const char *given[6];   /* of them */
	enum err want;
} cases[] = {
	{ "missing", { 0 }, { 0 }, OK },
	{ "a new file system", { "lost+found/" }, { 0 }, OK },
	{ "a store",
	  { "messages.db", "messages.db-wal", "secret", "raw/", "raw/ab/", "raw/ab/x.zst" },
	  { "messages.db", "messages.db-wal", "secret", "raw/", "raw/ab/", "raw/ab/x.zst" },
	  OK },
	{ "a store and other things",
	  { "secret", "notes", "etc/", "etc/passwd", "messages.dbx", "tmp-0011223344556677" },
	  { "secret", "tmp-0011223344556677" },
	  OK },
	{ "somebody else's place", { "passwd", "raw/" }, { 0 }, ERR_DENIED },
};

static void make(const char *dir, const char *entry)
{
	char path[128];
	size_t n = strlen(entry);

	snprintf(path, sizeof(path), "%s/%s", dir, entry);
	int failed =
	    entry[n - 1] == '/' ? mkdir(path, 0700) : close(open(path, O_CREAT | O_EXCL | O_WRONLY, 0600));
	assert_int_equal(failed, 0);
}

static uid_t owner(const char *dir, const char *entry)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", dir, entry);
	assert_int_equal(lstat(path, &st), 0);
	return st.st_uid;
}

static void test_given_away(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char base[] = "/tmp/postern-test-XXXXXX", dir[64], command[128];
		struct identity id;
		struct errbuf eb = { "" };
		assert_non_null(mkdtemp(base));
		assert_int_equal(chmod(base, 0755), 0);
		snprintf(dir, sizeof(dir), "%s/data", base);
		if (cases[i].entries[0])
			assert_int_equal(mkdir(dir, 0700), 0);
		for (size_t k = 0; k < ARRAY_LEN(cases[i].entries) && cases[i].entries[k]; k++)
			make(dir, cases[i].entries[k]);
		enum err e = identity_prepare(dir, SOMEBODY, &id, &eb);
		if (e != cases[i].want)
			fail_msg("%s: %s %s", cases[i].name, err_name(e), eb.text);
		if (e != OK)
			assert_non_null(strstr(eb.text, "holds other things than a store"));
		assert_int_equal(owner(dir, ""), e == OK ? 61234 : 0);
		for (size_t k = 0; k < ARRAY_LEN(cases[i].entries) && cases[i].entries[k]; k++) {
			bool given = false;
			for (size_t g = 0; g < ARRAY_LEN(cases[i].given) && cases[i].given[g]; g++)
				given |= strcmp(cases[i].given[g], cases[i].entries[k]) == 0;
			if (owner(dir, cases[i].entries[k]) != (given ? 61234u : 0u))
				fail_msg("%s: %s", cases[i].name, cases[i].entries[k]);
		}
		snprintf(command, sizeof(command), "rm -r '%s'", base);
		assert_int_equal(system(command), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_given_away) };

	return cmocka_run_group_tests_name("daemon/identity", tests, NULL, NULL);
}
