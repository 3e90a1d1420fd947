/* Mail bytes survive the way through memory and disk, and cannot be changed afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "intake/spool.h"

static void fill(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 31 + i / 251);
}

static struct spool_budget plenty = { .dir = "/tmp", .memory_max = 16u << 20 };

static void check_round_trip(size_t size, size_t piece)
{
	char *bytes = malloc(size + 1);
	struct spool s;
	struct sha256 got, want;
	struct str mapped;

	assert_non_null(bytes);
	fill(bytes, size);
	spool_init(&s, &plenty);
	for (size_t at = 0; at < size; at += piece)
		assert_int_equal(
		    spool_append(&s, str_from(bytes + at, at + piece < size ? piece : size - at)), OK);
	assert_int_equal(spool_seal(&s, &got), OK);
	want = hash_sha256(str_from(bytes, size));
	assert_memory_equal(got.b, want.b, sizeof(want.b));
	assert_int_equal(s.on_disk, size > LIMIT_MEMFD);
	assert_int_equal(spool_bytes(&s, &mapped), OK);
	assert_true(str_eq(mapped, str_from(bytes, size)));
	assert_true(write(s.fd, "x", 1) < 0);
	spool_free(&s);
	assert_int_equal(atomic_load(&plenty.memory), 0);
	free(bytes);
}

static void sizes(void **state)
{
	static const size_t cases[][2] = {
		{ 0, 1 },
		{ 1, 1 },
		{ 100000, 777 },
		{ LIMIT_MEMFD, 65536 },
		{ LIMIT_MEMFD + 1, 65536 },
		{ 5 * LIMIT_MEMFD + 3, 100001 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		check_round_trip(cases[i][0], cases[i][1]);
}

static void no_folder(void **state)
{
	struct spool_budget budget = { .dir = "/nonexistent", .memory_max = 16u << 20 };
	struct spool s;
	char *big = calloc(1, LIMIT_MEMFD + 1);

	(void)state;
	spool_init(&s, &budget);
	assert_int_equal(spool_append(&s, str_from(big, LIMIT_MEMFD + 1)), ERR_LATER);
	spool_free(&s);
	assert_int_equal(atomic_load(&budget.memory), 0);
	free(big);
}

/* Many small mails under way: what does not fit into the memory for all goes to the disk. */
static void memory_is_bounded(void **state)
{
	struct spool_budget budget = { .dir = "/tmp", .memory_max = 1000 };
	struct spool s[5];
	char bytes[300] = "";
	size_t on_disk = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(s); i++) {
		spool_init(&s[i], &budget);
		assert_int_equal(spool_append(&s[i], str_from(bytes, sizeof(bytes))), OK);
		on_disk += s[i].on_disk;
	}
	assert_int_equal(on_disk, 2);
	assert_int_equal(atomic_load(&budget.memory), 900);
	assert_int_equal(spool_append(&s[0], str_from(bytes, sizeof(bytes))), OK);
	assert_true(s[0].on_disk);
	assert_int_equal(atomic_load(&budget.memory), 600);
	for (size_t i = 0; i < ARRAY_LEN(s); i++)
		spool_free(&s[i]);
	assert_int_equal(atomic_load(&budget.memory), 0);
}

/* Of a disk that is nearly full large mail gets nothing more, small mail does, and what was refused is given back. */
static void leaves_disk(void **state)
{
	char *bytes = calloc(1, LIMIT_MEMFD);
	struct statvfs v;
	struct spool small, large;

	(void)state;
	assert_non_null(bytes);
	assert_int_equal(statvfs("/tmp", &v), 0);
	uint64_t free_now = (uint64_t)v.f_bavail * v.f_frsize;
	struct spool_budget b = { .dir = "/tmp", .disk_least = free_now + free_now / 2 };
	spool_init(&small, &b);
	spool_init(&large, &b);
	assert_int_equal(spool_append(&small, str_from(bytes, LIMIT_MEMFD)), OK);
	assert_true(small.on_disk);
	assert_int_equal(spool_append(&large, str_from(bytes, LIMIT_MEMFD)), OK);
	assert_int_equal(spool_append(&large, str_from(bytes, 1)), ERR_LATER);
	assert_int_equal(large.fd, -1);
	spool_free(&large);
	b.disk_least = 4 * free_now;
	assert_int_equal(spool_append(&small, str_from("x", 1)), ERR_LATER);
	spool_free(&small);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sizes), cmocka_unit_test(no_folder),
					    cmocka_unit_test(memory_is_bounded),
					    cmocka_unit_test(leaves_disk) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
