/* Secrets that are kept encrypted: they open where they belong, with this store's own secret, unchanged. */
#include "fixture.h"

#include "model/integration.h"
#include "store/safe.h"

static const char id[] = "6e2f04e2-30a0-4b31-8bd2-9d2b6e0d4a15",
		  other[] = "0b9c3b0c-9f0c-4d43-8a6b-1f2b1a9d7e10";

static void what_is_locked_opens(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = { "", "x", "everybody's", "line\nline\xc3\xa9\x01" };
	struct str out;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str one = safe_lock(f->st, f->a, str_of(id), str_of(texts[i]));
		struct str two = safe_lock(f->st, f->a, str_of(id), str_of(texts[i]));
		assert_false(str_eq(one, two));
		assert_true(!texts[i][0] || str_find(one, str_of(texts[i]), 0) == SIZE_MAX || i == 1);
		assert_int_equal(safe_open(f->st, f->a, str_of(id), one, &out), OK);
		assert_true(str_eq(out, str_of(texts[i])));
	}
}

/* Of another object, changed in any bit, cut, or no such text at all. */
static void what_is_not_does_not(void **state)
{
	struct fixture *f = *state;
	struct str locked = safe_lock(f->st, f->a, str_of(id), STR("secret")), out;

	assert_int_equal(safe_open(f->st, f->a, str_of(other), locked, &out), ERR_DENIED);
	for (size_t i = 0; i < locked.n; i++) {
		char *changed = arena_strndup(f->a, locked.p, locked.n);
		changed[i] = changed[i] == 'A' ? 'Q' : 'A'; /* bits that base64 does not throw away */
		if (locked.p[i] != '=' && i + 1 < locked.n && locked.p[i + 1] != '=')
			assert_int_equal(
			    safe_open(f->st, f->a, str_of(id), str_from(changed, locked.n), &out),
			    ERR_DENIED);
	}
	for (size_t n = 0; n + 2 < locked.n; n++) /* without its padding it is the same */
		assert_int_equal(safe_open(f->st, f->a, str_of(id), str_sub(locked, 0, n), &out), ERR_DENIED);
	assert_int_equal(safe_open(f->st, f->a, str_of(id), STR("plain text"), &out), ERR_DENIED);
}

static struct mailbox_login login(const char *address, struct str password)
{
	struct mailbox_login m = { 0 };

	SET(&m, mailbox_login, address, str_of(address));
	if (password.n)
		SET(&m, mailbox_login, password, password);
	return m;
}

/* Objects and those in their lists; what is locked already is not locked again, wherever in the list it stands. */
static void objects(void **state)
{
	struct fixture *f = *state;
	struct integration old = { 0 }, now, read;
	struct mailbox_login first[] = { login("a@x.test", STR("pa")), login("b@x.test", STR("pb")) };

	SET(&old, integration, secret, STR("master"));
	SET(&old, integration, mailboxes, ((struct mailbox_login_list){ first, 2 }));
	safe_lock_fields(f->st, f->a, &integration_fields, str_of(id), NULL, &old);
	assert_true(str_eq(first[0].password, STR("pa"))); /* a request's own list is left alone */
	assert_false(str_eq(old.mailboxes.v[0].password, STR("pa")));

	struct mailbox_login second[] = { login("c@x.test", STR("pc")), old.mailboxes.v[1],
					  login("d@x.test", STR("")) };
	now = old;
	SET(&now, integration, mailboxes, ((struct mailbox_login_list){ second, 3 }));
	safe_lock_fields(f->st, f->a, &integration_fields, str_of(id), &old, &now);
	assert_true(str_eq(now.secret, old.secret));
	assert_true(str_eq(now.mailboxes.v[1].password, old.mailboxes.v[1].password));
	read = now;
	assert_int_equal(safe_open_fields(f->st, f->a, &integration_fields, str_of(id), &read), OK);
	assert_true(str_eq(read.secret, STR("master")));
	assert_true(str_eq(read.mailboxes.v[0].password, STR("pc")));
	assert_true(str_eq(read.mailboxes.v[1].password, STR("pb")));
	assert_false(HAS(&read.mailboxes.v[2], mailbox_login, password));
	assert_int_equal(safe_open_fields(f->st, f->a, &integration_fields, str_of(other), &now), ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_locked_opens, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(what_is_not_does_not, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(objects, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests_name("store/safe", tests, NULL, NULL);
}
