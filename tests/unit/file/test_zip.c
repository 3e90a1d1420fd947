/* Both records of zip archives: honest archives agree, and no member of the others is missed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "file/make_zip.h"
#include "file/zip.h"

#define M(n) .name = STR_INIT(n), .data = STR_INIT("data of " n)
#define Z(members) .v = (members), .n = sizeof(members) / sizeof((members)[0])

static const struct make_member two[] = { { M("a.txt") }, { M("b/c.txt"), .deflate = true } };
static const struct make_member streamed[] = { { M("a.txt"), .deflate = true, .descriptor = true },
					       { M("b.txt"), .descriptor = true },
					       { .name = STR_INIT("folder/") } };
static const struct make_member renamed[] = { { M("invoice.txt"), .local_name = STR_INIT("invoice.exe") } };
static const struct make_member jumping[] = { { M("a.txt"), .local_packed = 4000 }, { M("evil.exe") } };
static const struct make_member shorter[] = { { M("a.txt"), .local_packed = 2 }, { M("b.txt") } };
static const struct make_member unlisted[] = { { M("a.txt") },
					       { M("evil.exe"), .unlisted = true },
					       { M("b.txt") } };
static const struct make_member last_unlisted[] = { { M("a.txt") }, { M("evil.exe"), .unlisted = true } };
static const struct make_member shared[] = { { M("a.txt") }, { M("b.txt"), .offset_of = 1 } };
static const struct make_member twice[] = { { M("a.txt") }, { M("a.txt") } };
static const struct make_member swollen[] = { { M("a.txt"), .directory_size = 9 } };
static const struct make_member zeroed[] = { { .name = STR_INIT("a.txt\0.exe"), .data = STR_INIT("x") } };

static const struct {
	const char *name;
	struct make_zip zip;
	const char *disagreement; /* how it begins; NULL = none */
	struct str names;         /* of all entries, hidden ones with "?" */
} cases[] = {
	{ "honest", { Z(two) }, NULL, STR_INIT("a.txt b/c.txt ") },
	{ "sizes behind the data", { Z(streamed) }, NULL, STR_INIT("a.txt b.txt ") },
	{ "comment", { Z(two), .comment = STR_INIT("made by hand") }, NULL, STR_INIT("a.txt b/c.txt ") },
	{ "line end behind", { Z(two), .behind = STR_INIT("\r\n") }, NULL, STR_INIT("a.txt b/c.txt ") },
	{ "empty", { .v = two }, NULL, STR_INIT("") },
	{ "signed for Android",
	  { Z(two), .between = STR_INIT("blockAPK Sig Block 42") },
	  NULL,
	  STR_INIT("a.txt b/c.txt ") },
	{ "split mark", { Z(two), .before = STR_INIT("PK\7\10") }, NULL, STR_INIT("a.txt b/c.txt ") },
	{ "another local name", { Z(renamed) }, "names differ", STR_INIT("invoice.txt ?invoice.exe ") },
	{ "local size jumps over the next", { Z(jumping) }, "sizes differ", STR_INIT("a.txt evil.exe ") },
	{ "local size too small", { Z(shorter) }, "sizes differ", STR_INIT("a.txt b.txt ") },
	{ "member not in the directory",
	  { Z(unlisted) },
	  "a member that",
	  STR_INIT("a.txt b.txt ?evil.exe ") },
	{ "last member not in the directory",
	  { Z(last_unlisted) },
	  "a member that",
	  STR_INIT("a.txt ?evil.exe ") },
	{ "two members in one place", { Z(shared) }, "names differ", STR_INIT("a.txt b.txt ?b.txt ") },
	{ "one name twice", { Z(twice) }, "one name twice", STR_INIT("a.txt a.txt ") },
	{ "size of the directory differs", { Z(swollen) }, "sizes differ", STR_INIT("a.txt ") },
	{ "zero byte in a name", { Z(zeroed) }, "zero byte", STR_INIT("a.txt\0.exe ") },
	{ "bytes before", { Z(two), .before = STR_INIT("MZ") }, "bytes between", STR_INIT("a.txt b/c.txt ") },
	{ "bytes before, not counted",
	  { Z(two), .before = STR_INIT("MZ"), .shifted = true },
	  NULL,
	  STR_INIT("a.txt b/c.txt ") },
	{ "bytes behind",
	  { Z(two), .behind = STR_INIT("more") },
	  "bytes behind",
	  STR_INIT("a.txt b/c.txt ") },
	{ "bytes between",
	  { Z(two), .between = STR_INIT("more") },
	  "bytes between",
	  STR_INIT("a.txt b/c.txt ") },
	{ "wrong count", { Z(two), .more_records = 1 }, "the directory", STR_INIT("a.txt b/c.txt ") },
	{ "no directory", { Z(two), .no_directory = true }, NULL, STR_INIT("?a.txt ?b/c.txt ") },
};

static struct str names_of(struct arena *a, const struct zip *z)
{
	struct str out = STR_NONE;

	for (size_t i = 0; i < z->entries.n; i++)
		out = ARENA_JOIN(a, out, z->entries.v[i].hidden ? STR("?") : STR_NONE, z->entries.v[i].name,
				 STR(" "));
	return out;
}

static void test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena *a = arena_new(16 << 20, NULL, NULL);
		struct str bytes = make_zip(a, &cases[i].zip);
		struct zip z = zip_survey(a, bytes, 1000);
		struct str names = names_of(a, &z);
		if (cases[i].disagreement ? !str_starts(z.disagreement, str_of(cases[i].disagreement))
					  : z.disagreement.n > 0)
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(z.disagreement));
		if (!str_eq(names, cases[i].names))
			fail_msg("%s: members %.*s", cases[i].name, STR_ARG(names));
		assert_int_equal(z.no_directory, cases[i].zip.no_directory);
		assert_int_equal(z.before, cases[i].zip.shifted ? cases[i].zip.before.n : 0);
		/* Cut or flipped anywhere it still ends, and reads nothing beyond. */
		for (size_t n = 0; n < bytes.n; n += 3) {
			char *flipped = arena_strndup(a, bytes.p, bytes.n);
			zip_survey(a, arena_str(a, str_sub(bytes, 0, n)), 1000);
			flipped[n] = (char)~flipped[n];
			zip_survey(a, str_from(flipped, bytes.n), 1000);
		}
		arena_free(&a);
	}
}

static void test_data(void **state)
{
	static const struct make_member members[] = { { M("stored") },
						      { M("deflated"), .deflate = true },
						      { M("locked"), .locked = true },
						      { M("other"), .method = 9, .packed = STR_INIT("x") } };
	static const struct make_zip whole = { Z(members) };
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct zip z = zip_survey(a, make_zip(a, &whole), 1000);
	enum inflate_end end;

	(void)state;
	assert_true(
	    str_eq(zip_entry_data(a, zip_find(&z, STR("STORED")), 1000, &end), STR("data of stored")));
	assert_int_equal(end, INFLATE_WHOLE);
	assert_true(
	    str_eq(zip_entry_data(a, zip_find(&z, STR("deflated")), 1000, &end), STR("data of deflated")));
	assert_int_equal(end, INFLATE_WHOLE);
	/* Exactly as much as may be is whole, one byte less is not. */
	zip_entry_data(a, zip_find(&z, STR("deflated")), 16, &end);
	assert_int_equal(end, INFLATE_WHOLE);
	assert_true(
	    str_eq(zip_entry_data(a, zip_find(&z, STR("deflated")), 15, &end), STR("data of deflate")));
	assert_int_equal(end, INFLATE_FULL);
	zip_entry_data(a, zip_find(&z, STR("stored")), 3, &end);
	assert_int_equal(end, INFLATE_FULL);
	assert_true(zip_find(&z, STR("locked"))->encrypted);
	assert_int_equal(zip_entry_data(a, zip_find(&z, STR("locked")), 1000, &end).n, 0);
	assert_int_equal(zip_entry_data(a, zip_find(&z, STR("other")), 1000, &end).n, 0);
	assert_int_equal(end, INFLATE_DAMAGED);
	assert_null(zip_find(&z, STR("none")));
	arena_free(&a);
}

/* Beyond the ceiling there are the names. */
static void test_many(void **state)
{
	static const struct make_zip whole = { Z(two) };
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct zip z = zip_survey(a, make_zip(a, &whole), 1);
	struct str name;

	(void)state;
	assert_int_equal(z.entries.n, 1);
	assert_true(zip_next_name(&z.rest, &name));
	assert_true(str_eq(name, STR("b/c.txt")));
	assert_false(zip_next_name(&z.rest, &name));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_records), cmocka_unit_test(test_data),
					    cmocka_unit_test(test_many) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
