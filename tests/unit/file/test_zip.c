/* Names and encryption bits in zip archives, whole and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "file/zip.h"

static void test_members(void **state)
{
	static const struct str archive =
	    STR_INIT("PK\3\4\x14\0\1\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\2\0\0\0\1\0\0\0ahi"
		     "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\2\0\0\0\1\0\0\0b");
	struct zip_member m;
	size_t at = 0;

	(void)state;
	assert_true(zip_next(archive, &at, &m));
	assert_true(str_eq(m.name, STR("a")));
	assert_true(m.encrypted);
	assert_true(zip_next(archive, &at, &m)); /* a size beyond the end does no harm */
	assert_true(str_eq(m.name, STR("b")));
	assert_false(m.encrypted);
	assert_false(zip_next(archive, &at, &m));
	for (size_t n = 0; n < archive.n; n++) { /* cut anywhere */
		at = 0;
		for (size_t k = 0; k < 10 && zip_next(str_sub(archive, 0, n), &at, &m); k++)
			assert_true(m.name.n <= n);
	}
}

/* Local headers: signature, version, flags, method, time, date, crc, sizes, name length, extra length. */
#define LOCAL(flags, size)                                          \
	"PK\3\4\x14\0" flags "\0\0\0\0\0\0\0\0\0\0\0" size "\0\0\0" \
	"\0\0\0\0"                                                  \
	"\1\0\0\0"                                                  \
	"n"

static void test_encryption(void **state)
{
	static const char plain[] = LOCAL("\0", "\2") "xx" LOCAL("\0", "\0");
	static const char second[] = LOCAL("\0", "\2") "xx" LOCAL("\1", "\0");
	static const char described[] = LOCAL("\x08", "\0") "data" LOCAL("\1", "\0");

	(void)state;
	assert_false(zip_is_encrypted(str_from(plain, sizeof(plain) - 1)));
	assert_true(zip_is_encrypted(str_from(second, sizeof(second) - 1)));
	assert_true(zip_is_encrypted(str_from(described, sizeof(described) - 1)));
	assert_false(zip_is_encrypted(STR("PK\3\4")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_members),
					    cmocka_unit_test(test_encryption) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
