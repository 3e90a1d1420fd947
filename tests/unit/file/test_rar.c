/* Names in RAR archives, whatever libarchive makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "file/contents.h"
#include "file/rar.h"

/* Versions before 5: sum, type, flags, length; packed and unpacked size, system, sum, time, version, method, name … */
#define OLD_MARK "Rar!\x1a\7\0"
#define OLD_MAIN(flags) "\0\0\x73" flags "\0\x0d\0\0\0\0\0\0\0"
#define OLD_FILE(flags, length, namelength, name)                                                           \
	"\0\0\x74" flags length "\0\3\0\0\0\5\0\0\0\2\0\0\0\0\0\0\0\0\x1d\x30" namelength "\0\0\0\0\0" name \
	"abc"

/* Version 5: sum, length, type, flags … */
#define NEW_MARK "Rar!\x1a\7\1\0"
#define NEW_MAIN "\0\0\0\0\3\1\0\0"
#define NEW_FILE(length, flags, sizes, fileflags, namelength, name, rest) \
	"\0\0\0\0" length "\2" flags sizes fileflags "\5\0\0\1" namelength name rest

static const struct {
	const char *name;
	struct str bytes;
	const char *names; /* "?" before locked ones */
	bool locked;
} cases[] = {
	{ "old",
	  STR_INIT(OLD_MARK OLD_MAIN("\0") OLD_FILE("\0\x80", "\x25", "\5", "a.txt")
		       OLD_FILE("\0\x80", "\x25", "\5", "b.exe")),
	  "a.txt b.exe ", false },
	{ "old, locked", STR_INIT(OLD_MARK OLD_MAIN("\0") OLD_FILE("\4\x80", "\x25", "\5", "a.exe")),
	  "?a.exe ", false },
	{ "old, two names", STR_INIT(OLD_MARK OLD_MAIN("\0") OLD_FILE("\0\x82", "\x28", "\x08", "a.exe\0xy")),
	  "a.exe ", false },
	{ "old, folder", STR_INIT(OLD_MARK OLD_MAIN("\0") OLD_FILE("\xe0\x80", "\x21", "\1", "d")), "",
	  false },
	{ "old, names locked", STR_INIT(OLD_MARK OLD_MAIN("\x80") "\x12\x34\x56\x78 and so on"), "", true },
	{ "new",
	  STR_INIT(NEW_MARK NEW_MAIN NEW_FILE("\x0e", "\2", "\3", "\0", "\5", "a.txt", "abc")
		       NEW_FILE("\x0e", "\2", "\3", "\0", "\5", "b.exe", "abc")),
	  "a.txt b.exe ", false },
	{ "new, locked",
	  STR_INIT(NEW_MARK NEW_MAIN NEW_FILE("\x12", "\3", "\3\3", "\0", "\5", "a.exe",
					      "\2\1\0"
					      "abc")),
	  "?a.exe ", false },
	{ "new, folder", STR_INIT(NEW_MARK NEW_MAIN NEW_FILE("\x0a", "\2", "\0", "\1", "\1", "d", "")), "",
	  false },
	{ "new, names locked",
	  STR_INIT(NEW_MARK "\0\0\0\0\2\4\0"
			    "locked"),
	  "", true },
	{ "mark alone", STR_INIT(NEW_MARK), "", false },
	{ "length of nothing", STR_INIT(OLD_MARK "\0\0\x74\0\0\0\0\0\0\0\0\0\0"), "", false },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str names = STR("");
		struct rar_entry e;
		struct rar r = rar_of(cases[i].bytes);
		while (rar_next(&r, &e))
			names = ARENA_JOIN(a, names, e.encrypted ? STR("?") : STR_NONE, e.name, STR(" "));
		if (!str_eq(names, str_of(cases[i].names)) || r.locked != cases[i].locked)
			fail_msg("%s: %.*s, %d", cases[i].name, STR_ARG(names), r.locked);
		for (size_t n = 0; n < cases[i].bytes.n; n++) { /* cut anywhere */
			r = rar_of(arena_str(a, str_sub(cases[i].bytes, 0, n)));
			while (rar_next(&r, &e))
				assert_true(e.name.n <= n);
		}
		arena_free(&a);
	}
}

/* Through the whole reader: a locked archive is told, its program by name. */
static void test_contents(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };
	struct file_contents *c = file_contents_read(a, cases[1].bytes, &budget);

	(void)state;
	assert_true(file_has(c, TRAIT_ENCRYPTED));
	assert_int_equal(c->members.n, 1);
	assert_true(c->members.v[0].encrypted && str_eq(c->members.v[0].name, STR("a.exe")));
	c = file_contents_read(a, cases[4].bytes, &budget);
	assert_true(file_has(c, TRAIT_ENCRYPTED));
	c = file_contents_read(a, cases[8].bytes, &budget);
	assert_true(file_has(c, TRAIT_ENCRYPTED));
	c = file_contents_read(a, cases[6].bytes, &budget);
	assert_true(file_has(c, TRAIT_ENCRYPTED));
	assert_true(c->members.v[0].encrypted && str_eq(c->members.v[0].name, STR("a.exe")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names), cmocka_unit_test(test_contents) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
