/* Tokens of rewritten links: only what we signed is read, whatever is changed in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/arena.h"
#include "edit/click.h"

static const struct str secret = STR_INIT("0123456789abcdef0123456789abcdef");

static struct str token_of(struct arena *a, struct str url)
{
	struct sha256 key = click_key(secret, STR("4Njp3P0STMz2c02Q"));
	struct click c = { 131071, STR("4Njp3P0STMz2c02Q"), 12, url };

	return click_token(a, str_from(key.b, sizeof(key.b)), &c);
}

static void comes_back(void **state)
{
	static const struct str urls[] = { STR_INIT("https://example.com/"),
					   STR_INIT("https://example.com/a b?c=d e#f"), STR_INIT("x"),
					   STR_INIT("https://b\xc3\xbc"
						    "cher.example/\xff") };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct click c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct str token = token_of(a, urls[i]);
		assert_int_equal(click_read(a, secret, token, &c), OK);
		assert_true(str_eq(c.url, urls[i]) && str_eq(c.id, STR("4Njp3P0STMz2c02Q")));
		assert_int_equal(c.account, 131071);
		assert_int_equal(c.index, 12);
		for (size_t k = 0; k < token.n; k++)
			assert_non_null(strchr(
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.", token.p[k]));
	}
	arena_free(&a);
}

static void nothing_else_does(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str token = token_of(a, STR("https://example.com/"));
	struct click c;

	(void)state;
	for (size_t i = 0; i < token.n; i++) {
		char *changed = arena_strndup(a, token.p, token.n);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		/* The last character has two bits that say nothing: a second way to write it must not be one either. */
		if (click_read(a, secret, str_from(changed, token.n), &c) == OK)
			fail_msg("a token changed at %zu of %zu is taken", i, token.n);
		assert_int_not_equal(click_read(a, secret, str_sub(token, 0, i), &c), OK);
	}
	assert_int_not_equal(click_read(a, STR("another"), token, &c), OK);
	assert_int_not_equal(click_read(a, secret, ARENA_JOIN(a, token, STR("=")), &c), OK);
	assert_int_not_equal(click_read(a, secret, ARENA_JOIN(a, token, STR(" ")), &c), OK);
	assert_int_not_equal(click_read(a, secret, STR(""), &c), OK);
	assert_int_not_equal(click_read(a, secret, STR("."), &c), OK);
	arena_free(&a);
}

/* A worker that was taken over has the key of one mail. */
static void a_key_is_for_one_mail(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct sha256 key = click_key(secret, STR("4Njp3P0STMz2c02Q"));
	struct click forged = { 1, STR("4Njp3P0STMz2c02R"), 1, STR("https://evil.example/") }, c;

	(void)state;
	struct str token = click_token(a, str_from(key.b, sizeof(key.b)), &forged);
	assert_int_not_equal(click_read(a, secret, token, &c), OK);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(comes_back), cmocka_unit_test(nothing_else_does),
					    cmocka_unit_test(a_key_is_for_one_mail) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
