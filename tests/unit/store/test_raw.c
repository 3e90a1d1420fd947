/* Raw mail files. */
#include "fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/raw.h"

static void path_of(const struct fixture *f, struct str hex, char out[200])
{
	snprintf(out, 200, "%s/raw/%.2s/%.*s.zst", f->path, hex.p, STR_ARG(hex));
}

static struct str read_pieces(struct fixture *f, struct str hex, size_t piece)
{
	struct raw_reader *r;
	struct buf b;

	assert_int_equal(store_raw_open(f->st, hex, &r), OK);
	buf_init(&b, 16 << 20);
	for (size_t n = 1; n > 0;) {
		char *to = buf_reserve(&b, piece);
		assert_non_null(to);
		assert_int_equal(raw_reader_read(r, to, piece, &n), OK);
		buf_grew(&b, n);
	}
	raw_reader_close(&r);
	struct str all = arena_str(f->a, buf_str(&b));
	buf_free(&b);
	return all;
}

static void bytes_come_back(void **state)
{
	struct fixture *f = *state;
	char *big = arena_alloc(f->a, 3 << 20);
	struct str cases[] = { STR(""), STR("x"), str_from("a\0b\r\n", 5), { NULL, 0 } };
	struct stat st;
	char path[200];

	for (size_t i = 0; i < 3 << 20; i++)
		big[i] = (char)fixture_random(f, 256);
	cases[3] = str_from(big, 3 << 20);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str hex = hash_sha256_hex(f->a, cases[i]), got;
		assert_int_equal(store_raw_get(f->st, f->a, hex, &got), ERR_ABSENT);
		assert_int_equal(store_raw_put(f->st, cases[i], hex), OK);
		assert_int_equal(store_raw_put(f->st, cases[i], hex), OK);
		assert_int_equal(store_raw_get(f->st, f->a, hex, &got), OK);
		assert_true(str_eq(got, cases[i]));
		assert_true(str_eq(read_pieces(f, hex, 1 + cases[i].n / 3), cases[i]));
		path_of(f, hex, path);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
}

static void names_are_checked(void **state)
{
	struct fixture *f = *state;
	const struct str bad[] = { STR(""), STR("../../../../etc/passwd"),
				   STR("ABCDEF0123456789012345678901234567890123456789012345678901234567"),
				   STR("../../0123456789012345678901234567890123456789012345678901234567") };
	struct str got;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(store_raw_put(f->st, STR("x"), bad[i]), ERR_SYNTAX);
		assert_int_equal(store_raw_get(f->st, f->a, bad[i], &got), ERR_ABSENT);
	}
}

static void damage_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct str text = STR("a mail that is long enough to have a middle"),
		   hex = hash_sha256_hex(f->a, text), got;
	char path[200], byte;
	struct stat st;

	assert_int_equal(store_raw_put(f->st, text, hex), OK);
	path_of(f, hex, path);
	assert_int_equal(stat(path, &st), 0);
	int fd = open(path, O_RDWR);
	for (off_t at = 0; at < st.st_size; at++) {
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		char changed = (char)(byte ^ 0x10);
		assert_int_equal(pwrite(fd, &changed, 1, at), 1);
		/* Some bits of a frame's header mean nothing; what comes back is right or does not. */
		enum err err = store_raw_get(f->st, f->a, hex, &got);
		assert_true(err == ERR_ABSENT || (err == OK && str_eq(got, text)));
		struct raw_reader *r;
		assert_int_equal(store_raw_open(f->st, hex, &r), err);
		raw_reader_close(&r);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	assert_int_equal(ftruncate(fd, st.st_size - 1), 0);
	close(fd);
	struct raw_reader *r;
	assert_int_equal(store_raw_get(f->st, f->a, hex, &got), ERR_ABSENT);
	assert_int_equal(store_raw_open(f->st, hex, &r), ERR_ABSENT);
}

static void young_files_stay(void **state)
{
	struct fixture *f = *state;
	struct str text = STR("mail"), hex = hash_sha256_hex(f->a, text), digest;
	const struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	char path[200];

	assert_int_equal(hash_unhex(f->a, hex, &digest), OK);
	assert_int_equal(store_raw_put(f->st, text, hex), OK);
	path_of(f, hex, path);
	assert_int_equal(raw_remove(f->st, digest), RAW_YOUNG);
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	assert_int_equal(store_raw_put(f->st, text, hex), OK); /* young again */
	assert_int_equal(raw_remove(f->st, digest), RAW_YOUNG);
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	assert_true(raw_size(f->st, digest) > 0);
	assert_int_equal(raw_remove(f->st, digest), RAW_REMOVED);
	assert_int_equal(raw_remove(f->st, digest), RAW_ABSENT);
	assert_int_equal(raw_size(f->st, digest), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(bytes_come_back),
		TEST(names_are_checked),
		TEST(damage_is_noticed),
		TEST(young_files_stay),
	};

	return cmocka_run_group_tests_name("store/raw", tests, NULL, NULL);
}
