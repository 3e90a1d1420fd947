/* Mail bytes survive the way through memory and disk, and cannot be changed afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
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

static void check_round_trip(size_t size, size_t piece)
{
	char *bytes = malloc(size + 1);
	struct spool s;
	struct sha256 got, want;
	struct str mapped;

	assert_non_null(bytes);
	fill(bytes, size);
	spool_init(&s, "/tmp");
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
	struct spool s;
	char *big = calloc(1, LIMIT_MEMFD + 1);

	(void)state;
	spool_init(&s, "/nonexistent");
	assert_int_equal(spool_append(&s, str_from(big, LIMIT_MEMFD + 1)), ERR_LATER);
	spool_free(&s);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(sizes), cmocka_unit_test(no_folder) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
