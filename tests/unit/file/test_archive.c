/* Archives through libarchive: what they hold is given, and bombs cost what the budget says. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/contents.h"
#include "file/make_archive.h"
#include "file/make_zip.h"

#define FLAT "\xc3\xa4.txt"

static const struct make_entry two[] = {
	{ "folder/" FLAT, STR_INIT("text of the first") },
	{ "b.exe", STR_INIT("MZ\0\0 of the second") },
};

static const struct {
	const char *name;
	int format, filter;
	enum magic_type type;
} kinds[] = {
	{ "tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, MAGIC_TAR },
	{ "pax", ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FILTER_NONE, MAGIC_TAR },
	{ "tar.gz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP, MAGIC_GZIP },
	{ "tar.bz2", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2, MAGIC_BZIP2 },
	{ "tar.xz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ, MAGIC_XZ },
	{ "tar.lz", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_LZIP, MAGIC_LZIP },
	{ "tar.lz4", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_LZ4, MAGIC_LZ4 },
	{ "tar.zst", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD, MAGIC_ZSTD },
	{ "tar.Z", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_COMPRESS, MAGIC_COMPRESS },
	{ "cpio", ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, ARCHIVE_FILTER_NONE, MAGIC_CPIO },
	{ "odc", ARCHIVE_FORMAT_CPIO_POSIX, ARCHIVE_FILTER_NONE, MAGIC_CPIO },
	{ "7z", ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE, MAGIC_7Z },
	{ "iso", ARCHIVE_FORMAT_ISO9660, ARCHIVE_FILTER_NONE, MAGIC_ISO },
	{ "zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, MAGIC_ZIP },
};

static struct file_contents *look(struct arena *a, struct str bytes, struct file_budget *budget)
{
	*budget = (struct file_budget){ .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };
	return file_contents_read(a, bytes, budget);
}

static const struct file_member *find(const struct file_contents *c, const char *name)
{
	for (size_t i = 0; i < c->members.n; i++)
		if (str_eq(c->members.v[i].name, str_of(name)))
			return &c->members.v[i];
	return NULL;
}

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct file_budget budget;
		struct str bytes =
		    make_archive(a, kinds[i].format, kinds[i].filter, two, ARRAY_LEN(two), 4 << 20);
		struct file_contents *c = look(a, bytes, &budget);
		if (c->type != kinds[i].type || c->traits || c->members.n != 2)
			fail_msg("%s: type %d, traits %x, %zu members", kinds[i].name, (int)c->type,
				 c->traits, c->members.n);
		for (size_t k = 0; k < ARRAY_LEN(two); k++) {
			const struct file_member *m = find(c, two[k].name);
			if (!m || !str_eq(m->data, two[k].data) || m->size != two[k].data.n)
				fail_msg("%s: %s", kinds[i].name, two[k].name);
		}
		/* Cut in the middle: damaged, and said so; flipped anywhere: whatever, but an end. */
		c = look(a, arena_str(a, str_sub(bytes, 0, bytes.n / 2 + 3)), &budget);
		if (!file_has(c, TRAIT_UNREADABLE) && kinds[i].type != MAGIC_ISO) /* half of it is padding */
			fail_msg("%s: nothing was said of its being cut", kinds[i].name);
		for (size_t at = 0; at < bytes.n; at += bytes.n / 97 + 1) {
			char *flipped = arena_strndup(a, bytes.p, bytes.n);
			flipped[at] = (char)~flipped[at];
			look(a, str_from(flipped, bytes.n), &budget);
		}
		arena_free(&a);
	}
}

/* One file behind a filter. */
static void test_single(void **state)
{
	static const struct make_entry one = { "x", STR_INIT("the only text") };
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct file_budget budget;
	struct str bytes = make_archive(a, ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, &one, 1, 1 << 20);
	struct file_contents *c = look(a, bytes, &budget);

	(void)state;
	assert_int_equal(c->members.n, 1);
	assert_int_equal(c->members.v[0].name.n, 0);
	assert_true(str_eq(c->members.v[0].data, one.data));
	assert_int_equal(c->traits, 0);
	arena_free(&a);
}

/* Zip methods that zlib does not know: through libarchive, or not at all. */
static void test_zip_methods(void **state)
{
	static const char bzip2[] =
	    "BZh91AY&SY\x6f\x4f\x10\xf3\0\0\5\xd1\0\0\x10\x40\0\2\x44\xa0\0\x30\xc0\2\xa8"
	    "\x34\x71\x0d\xad\x87\x0f\x17\x72\x45\x38\x50\x90\x6f\x4f\x10\xf3";
	const struct make_member members[] = {
		{ .name = STR("a.txt"),
		  .data = STR("hello hello hello hello\n"),
		  .method = 12,
		  .packed = str_from(bzip2, sizeof(bzip2) - 1) },
		{ .name = STR("b.txt"), .data = STR("imploded"), .method = 6, .packed = STR("\1\2\3") },
	};
	const struct make_zip zip = { .v = members, .n = 2 };
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct file_budget budget;
	struct file_contents *c = look(a, make_zip(a, &zip), &budget);

	(void)state;
	assert_int_equal(c->members.n, 2);
	assert_true(str_eq(c->members.v[0].data, members[0].data));
	assert_int_equal(c->members.v[1].data.n, 0);
	assert_true(file_has(c, TRAIT_UNREADABLE));
	assert_true(str_eq(c->evidence[TRAIT_UNREADABLE], STR("b.txt")));
	assert_false(file_has(c, TRAIT_AMBIGUOUS));
	arena_free(&a);
}

/* ---- too much ---- */

static struct str zeros(struct arena *a, size_t n)
{
	return str_from(arena_zalloc(a, n), n);
}

static void test_bombs(void **state)
{
	static const int filters[] = { ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ,
				       ARCHIVE_FILTER_ZSTD };
	struct arena *a = arena_new(512 << 20, NULL, NULL);
	struct make_entry big = { "zeros", zeros(a, 64 << 20) };
	struct file_budget budget;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(filters); i++) {
		struct str bytes = make_archive(a, ARCHIVE_FORMAT_RAW, filters[i], &big, 1, 8 << 20);
		struct arena *b = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
		struct file_contents *c = look(b, bytes, &budget);
		assert_true(file_has(c, TRAIT_BOMB));
		assert_int_equal(c->members.n, 1);
		assert_true(c->members.v[0].data.n < c->members.v[0].size); /* nobody takes it for whole */
		assert_true(c->members.v[0].data.n <= LIMIT_UNPACKED);
		arena_free(&b);
	}
	arena_free(&a);
}

/* Many bombs leave something for the file beside them. */
static void test_budget_is_shared(void **state)
{
	struct arena *a = arena_new(512 << 20, NULL, NULL);
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };
	const struct make_member heavy = { .name = STR("zeros"),
					   .data = zeros(a, 64 << 20),
					   .deflate = true };
	const struct make_member light = { .name = STR("a.txt"), .data = STR("hello"), .deflate = true };
	const struct make_zip bomb = { .v = &heavy, .n = 1 }, good = { .v = &light, .n = 1 };
	struct str bomb_bytes = make_zip(a, &bomb), good_bytes = make_zip(a, &good);
	size_t unpacked = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct file_contents *c = file_contents_read(a, bomb_bytes, &budget);
		unpacked += c->members.n > 0 ? c->members.v[0].data.n : 0;
	}
	struct file_contents *c = file_contents_read(a, good_bytes, &budget);
	assert_true(str_eq(c->members.v[0].data, STR("hello")));
	assert_true(unpacked <= LIMIT_UNPACKED);
	arena_free(&a);
}

/* More than are looked at, and than the end record can count: the last one counts all the same. */
static void test_many_members(void **state)
{
	(void)state;
	for (int one_place = 0; one_place < 2; one_place++) {
		struct arena *a = arena_new(512 << 20, NULL, NULL);
		struct file_budget budget;
		struct file_contents *c = look(a, make_zip_of_many(a, 5 * LIMIT_MEMBERS, one_place), &budget);
		assert_true(file_has(c, TRAIT_CUT) && file_has(c, TRAIT_LISTS_PROGRAM));
		assert_true(c->members.n <= LIMIT_MEMBERS);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_kinds),
					    cmocka_unit_test(test_single),
					    cmocka_unit_test(test_zip_methods),
					    cmocka_unit_test(test_bombs),
					    cmocka_unit_test(test_budget_is_shared),
					    cmocka_unit_test(test_many_members) };

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
