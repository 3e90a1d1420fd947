/* Sums of money, and mailboxes by their names. */
#include "bench.h"

#include "detect/mailbox.h"
#include "detect/money.h"

static void test_large(void **state)
{
	static const char *const sums[] = {
		"$5,000,000",        "valued at $10.6M",
		"24.5m usd",         "\xe2\x82\xac 75.000",
		"2.000.000 euro",    "USD 1 500 000",
		"1 million dollars", "344 Millionen US-Dollar",
		"2 mio. EUR",        "5 milyon dolar",
		"US$250000",         "100\xe4\xb8\x87\xe7\xbe\x8e\xe5\x85\x83",
	};
	static const char *const others[] = {
		"",         "$20",        "9,999 euro",   "in 2024, 30 users", "5 million users of it",
		"12345678", "port 65535", "$1,2,3 and 4", "10.6 m of cable",   "1999.99 EUR",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sums); i++)
		if (money_large(str_of(sums[i])).n == 0)
			fail_msg("%s is not found", sums[i]);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (money_large(str_of(others[i])).n > 0)
			fail_msg("%s is found", others[i]);
}

static void test_mailboxes(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	assert_true(mailbox_is_alike(STR("ann.smith@x.test"), STR("annsmith77+home@y.test")));
	assert_true(mailbox_is_alike(STR("1234@x.test"), STR("5678@y.test")));
	assert_true(mailbox_is_alike(STR("ann.work@x.test"), STR("ann-lists@y.test")));
	assert_true(mailbox_is_alike(STR(""), STR("ann@y.test")));
	assert_false(mailbox_is_alike(STR("kelly0@x.test"), STR("jessica9@x.test")));
	assert_false(mailbox_is_alike(STR("mr.abram@x.test"), STR("davidkek@x.test")));
	assert_true(mailbox_has_name(a, STR("moor.grace@x.test"), STR("Grace M.")));
	assert_false(mailbox_has_name(a, STR("kelly@x.test"), STR("Grace Moor")));
	assert_false(mailbox_has_name(a, STR("kelly@x.test"), STR("")));
	assert_true(mailbox_name_is_readable(a, STR("Grace Moor")));
	assert_false(mailbox_name_is_readable(a, STR("\xe7\x8e\x8b")));
	assert_false(mailbox_name_is_readable(a, STR("J D")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_large), cmocka_unit_test(test_mailboxes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
