/* Settings in a real store: ids, uniqueness at the end, revisions, audit, and who may act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "model/allow_policy.h"
#include "store/internal.h"
#include "store/settings.h"

struct fixture {
	char dir[64];
	struct log log;
	struct store *st;
	struct arena *a;
	struct resource_env env;
	struct account account;
};

static const struct settings_who who = { STR_INIT("token:test"), STR_INIT("r1") };

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct errbuf eb;

	assert_non_null(f);
	snprintf(f->dir, sizeof(f->dir), "/tmp/postern-settings-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->log = (struct log){ 2, LOG_ERROR, "test" };
	f->a = arena_new((size_t)64 << 20, NULL, NULL);
	struct store_options o = { .dir = f->dir, .flags = STORE_CREATE, .log = &f->log };
	if (store_open(&o, &f->st, &eb))
		fail_msg("%s", eb.text);
	f->env = (struct resource_env){ .arena = f->a, .now_us = 1700000000000000 };
	SET(&f->account, account, name, STR("one"));
	assert_int_equal(settings_account_add(f->st, f->a, &f->account), OK);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	store_close(&f->st);
	arena_free(&f->a);
	snprintf(command, sizeof(command), "rm -r %s", f->dir);
	int rc = system(command);
	free(f);
	return rc;
}

static struct settings_write *begin(struct fixture *f)
{
	struct settings_write *w;

	assert_int_equal(
	    settings_write_begin(f->st, &f->env, &resource_allow_policies, f->account.num, &who, &w), OK);
	return w;
}

static struct allow_policy policy(const char *pattern)
{
	struct allow_policy p = { 0 };

	SET(&p, allow_policy, pattern, str_of(pattern));
	SET(&p, allow_policy, pattern_type, PATTERN_DOMAIN);
	SET(&p, allow_policy, is_regex, false);
	return p;
}

static struct ident add(struct fixture *f, const char *pattern)
{
	struct settings_write *w = begin(f);
	struct allow_policy p = policy(pattern);

	assert_int_equal(settings_write_add(w, &p, 0), OK);
	assert_int_equal(settings_write_end(&w, OK, NULL), OK);
	return p.id;
}

static void objects_have_two_names(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "a.example"), by_num = { .num = id.num };
	struct ident by_uuid = { 0 };
	struct allow_policy p;

	memcpy(by_uuid.uuid, id.uuid, sizeof(id.uuid));
	assert_true(id.num > 0);
	assert_int_equal(settings_get(f->st, f->a, &resource_allow_policies, f->account.num, &by_num, &p),
			 OK);
	assert_string_equal(p.id.uuid, id.uuid);
	assert_int_equal(settings_get(f->st, f->a, &resource_allow_policies, f->account.num, &by_uuid, &p),
			 OK);
	assert_true(p.id.num == id.num);
	assert_int_equal(
	    settings_get(f->st, f->a, &resource_allow_policies, f->account.num + 1, &by_uuid, &p),
	    ERR_ABSENT);
}

static void keys_may_change_places(void **state)
{
	struct fixture *f = *state;
	struct ident one = add(f, "one.example"), two = add(f, "two.example");
	struct settings_write *w = begin(f);
	struct allow_policy p;

	assert_int_equal(settings_write_get(w, &one, &p), OK);
	p.pattern = STR("two.example");
	assert_int_equal(settings_write_replace(w, &p, 0), OK);
	assert_int_equal(settings_write_get(w, &two, &p), OK);
	p.pattern = STR("one.example");
	assert_int_equal(settings_write_replace(w, &p, 1), OK);
	assert_int_equal(settings_write_end(&w, OK, NULL), OK);
	assert_int_equal(settings_get(f->st, f->a, &resource_allow_policies, f->account.num, &one, &p), OK);
	assert_true(str_eq(p.pattern, STR("two.example")));
}

static void an_equal_object_conflicts_and_nothing_stays(void **state)
{
	struct fixture *f = *state;
	struct settings_list before, after;
	int64_t rev, rev_after;
	size_t tag = 0;

	add(f, "dup.example");
	assert_int_equal(settings_list(f->st, f->a, &resource_allow_policies, f->account.num, &before), OK);
	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev), OK);
	struct settings_write *w = begin(f);
	struct allow_policy fresh = policy("fresh.example"), dup = policy("DUP.example");
	assert_int_equal(settings_write_add(w, &fresh, 3), OK);
	assert_int_equal(settings_write_add(w, &dup, 7), OK);
	assert_int_equal(settings_write_end(&w, OK, &tag), ERR_CONFLICT);
	assert_int_equal(tag, 7);
	assert_int_equal(settings_list(f->st, f->a, &resource_allow_policies, f->account.num, &after), OK);
	assert_int_equal(before.n, after.n);
	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev_after), OK);
	assert_true(rev == rev_after);
}

static void equal_values_change_nothing(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "same.example");
	struct allow_policy p;
	int64_t rev, rev_after;

	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev), OK);
	f->env.now_us += 1000000;
	struct settings_write *w = begin(f);
	assert_int_equal(settings_write_get(w, &id, &p), OK);
	assert_int_equal(settings_write_replace(w, &p, 0), OK);
	assert_int_equal(settings_write_end(&w, OK, NULL), OK);
	assert_true(p.modified_at == p.created_at);
	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev_after), OK);
	assert_true(rev == rev_after);
}

static void numbers_do_not_come_back(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "gone.example"),
		     preset = { .uuid = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", .num = 2401 };
	struct settings_write *w = begin(f);
	struct allow_policy p = policy("preset.example");

	assert_int_equal(settings_write_delete(w, &id), OK);
	assert_int_equal(settings_write_delete(w, &id), ERR_ABSENT);
	resource_set_id(&resource_allow_policies, &p, &preset);
	assert_int_equal(settings_write_add(w, &p, 0), OK);
	assert_int_equal(settings_write_end(&w, OK, NULL), OK);
	assert_true(add(f, "later.example").num > 2401);
}

static void every_write_leaves_its_audit_row(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "audited.example");
	struct sql *c;

	assert_int_equal(sql_read_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "SELECT body FROM audit ORDER BY num DESC LIMIT 1");
	assert_int_equal(sql_step(s), OK);
	struct str body = sql_str_copy(s, 0, f->a);
	sql_read_end(&c);
	assert_true(str_find(body, STR("\"who\":\"token:test\",\"request_id\":\"r1\",\"action\":\"create\""),
			     0) == 1);
	assert_true(str_find(body, str_of(id.uuid), 0) != SIZE_MAX);
	assert_true(str_find(body, STR("\"before\":null"), 0) != SIZE_MAX);
}

static void a_domain_has_one_owner(void **state)
{
	struct fixture *f = *state;
	struct account other = { 0 };
	struct settings_domain found;
	struct settings_write *w;
	struct domain d = { 0 };

	SET(&other, account, name, STR("two"));
	assert_int_equal(settings_account_add(f->st, f->a, &other), OK);
	SET(&d, domain, domain, STR("Owned.Example"));
	assert_int_equal(settings_write_begin(f->st, &f->env, &resource_domains, f->account.num, &who, &w),
			 OK);
	assert_int_equal(settings_write_add(w, &d, 0), OK);
	assert_int_equal(settings_write_end(&w, OK, NULL), OK);
	d = (struct domain){ 0 };
	SET(&d, domain, domain, STR("owned.example"));
	assert_int_equal(settings_write_begin(f->st, &f->env, &resource_domains, other.num, &who, &w), OK);
	assert_int_equal(settings_write_add(w, &d, 0), OK);
	assert_int_equal(settings_write_end(&w, OK, NULL), ERR_CONFLICT);
	assert_int_equal(settings_domain_find(f->st, f->a, STR("OWNED.example"), &found), OK);
	assert_true(found.account == f->account.num);
	assert_int_equal(settings_domain_find(f->st, f->a, STR("none.example"), &found), ERR_ABSENT);
	assert_int_equal(settings_account_delete(f->st, f->a, other.num), OK);
}

static void tokens_and_users_are_found_by_their_digest(void **state)
{
	struct fixture *f = *state;
	struct token t = { 0 }, found;
	struct user u = { 0 };
	struct user_list list;

	SET(&t, token, account, f->account.num);
	SET(&t, token, name, STR("t"));
	SET(&t, token, scope, SCOPE_READ);
	SET(&t, token, digest, settings_digest(f->st, f->a, STR("secret")));
	assert_int_equal(settings_token_add(f->st, f->a, &t), OK);
	assert_int_equal(settings_token_find(f->st, f->a, t.digest, &found), OK);
	assert_true(found.num == t.num && found.scope == SCOPE_READ);
	assert_int_equal(settings_token_delete(f->st, f->a, t.num), OK);
	assert_int_equal(settings_token_find(f->st, f->a, t.digest, &found), ERR_ABSENT);
	SET(&u, user, account, f->account.num);
	SET(&u, user, email, STR("User@Example.com"));
	SET(&u, user, key_digest, settings_digest(f->st, f->a, STR("key")));
	assert_int_equal(settings_user_add(f->st, f->a, &u), OK);
	assert_int_equal(settings_user_add(f->st, f->a, &u), ERR_CONFLICT);
	assert_int_equal(settings_users_find(f->st, f->a, STR("user@example.COM"), &list), OK);
	assert_int_equal(list.n, 1);
}

static void another_process_sees_the_revision_change(void **state)
{
	struct fixture *f = *state;
	struct store_options o = { .dir = f->dir, .log = &f->log };
	struct store *other;
	struct errbuf eb;
	int64_t first, same, later;

	if (store_open(&o, &other, &eb))
		fail_msg("%s", eb.text);
	assert_int_equal(settings_rev_all(other, &first), OK);
	assert_int_equal(settings_rev_all(other, &same), OK);
	assert_true(first == same);
	add(f, "seen.example");
	assert_int_equal(settings_rev_all(other, &later), OK);
	assert_true(first != later);
	store_close(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_have_two_names),
		cmocka_unit_test(keys_may_change_places),
		cmocka_unit_test(an_equal_object_conflicts_and_nothing_stays),
		cmocka_unit_test(equal_values_change_nothing),
		cmocka_unit_test(numbers_do_not_come_back),
		cmocka_unit_test(every_write_leaves_its_audit_row),
		cmocka_unit_test(another_process_sees_the_revision_change),
		cmocka_unit_test(a_domain_has_one_owner),
		cmocka_unit_test(tokens_and_users_are_found_by_their_digest),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
