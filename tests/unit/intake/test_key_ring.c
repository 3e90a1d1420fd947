/* Keys that are read once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "auth/sign_key.h"
#include "base/arena.h"
#include "intake/key_ring.h"

static const char *id(int i)
{
	static char text[37];

	snprintf(text, sizeof(text), "00000000-0000-4000-8000-%012d", i);
	return text;
}

static void ring(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct key_ring *r = key_ring_new();
	EVP_PKEY *made = sign_key_make(true), *first, *again;
	struct str pem = sign_key_pem(a, made);

	(void)state;
	assert_null(key_ring_take(r, id(0), STR("no key")));
	first = key_ring_take(r, id(0), pem);
	assert_int_equal(EVP_PKEY_eq(first, made), 1);
	again = key_ring_take(r, id(0), STR("not read any more"));
	assert_ptr_equal(first, again);
	EVP_PKEY_free(again);
	for (int i = 1; i <= KEY_RING_KEYS; i++) {
		EVP_PKEY *other = key_ring_take(r, id(i), pem);
		assert_ptr_not_equal(other, first);
		EVP_PKEY_free(other);
	}
	assert_null(key_ring_take(r, id(0), STR("it went for the last one")));
	assert_int_equal(EVP_PKEY_eq(first, made), 1); /* whoever has it keeps it */
	EVP_PKEY_free(first);
	EVP_PKEY_free(made);
	key_ring_free(&r);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(ring) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
