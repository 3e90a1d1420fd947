/* Settings in a real store: ids, uniqueness at the end, revisions, audit, and who may act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "model/allow_policy.h"
#include "model/block_sender.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/settings.h"

struct fixture {
	char dir[64];
	struct log log;
	struct store *st;
	struct arena *a;
	struct resource_env env;
	struct account account;
};

static const struct settings_who who = { STR_INIT("token:test"), STR_INIT("r1"), STR_INIT("w1") };

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct errbuf eb;

	assert_non_null(f);
	snprintf(f->dir, sizeof(f->dir), "/tmp/postern-settings-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->log = (struct log){ 2, LOG_ERROR, "test" };
	f->a = arena_new((size_t)128 << 20, NULL, NULL);
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
	return settings_write_new(f->st, &f->env, &resource_allow_policies, f->account.num, &who);
}

static enum err run(struct settings_write *w)
{
	struct settings_refusal why;

	return settings_write_run(w, &why);
}

/* A new policy in the fixture's arena. */
static struct allow_policy *policy(struct fixture *f, const char *pattern)
{
	struct allow_policy *p = ARENA_NEW(f->a, struct allow_policy);

	SET(p, allow_policy, pattern, arena_str(f->a, str_of(pattern)));
	SET(p, allow_policy, pattern_type, PATTERN_DOMAIN);
	SET(p, allow_policy, is_regex, false);
	return p;
}

static struct ident add(struct fixture *f, const char *pattern)
{
	struct settings_write *w = begin(f);
	struct allow_policy *p = policy(f, pattern);

	settings_write_add(w, p, 0);
	assert_int_equal(run(w), OK);
	return p->id;
}

static struct settings_object get(struct fixture *f, const struct ident *id)
{
	struct settings_object o;

	assert_int_equal(settings_get(f->st, f->a, &resource_allow_policies, f->account.num, id, &o), OK);
	return o;
}

static struct allow_policy *copy(struct fixture *f, const struct settings_object *o)
{
	struct allow_policy *p = ARENA_NEW(f->a, struct allow_policy);

	*p = *(const struct allow_policy *)o->obj;
	return p;
}

static void objects_have_two_names(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "a.example"), by_num = { .num = id.num }, by_uuid = { 0 };
	struct settings_object o;

	memcpy(by_uuid.uuid, id.uuid, sizeof(id.uuid));
	assert_true(id.num > 0);
	o = get(f, &by_num);
	assert_string_equal(((struct allow_policy *)o.obj)->id.uuid, id.uuid);
	o = get(f, &by_uuid);
	assert_true(((struct allow_policy *)o.obj)->id.num == id.num);
	assert_int_equal(
	    settings_get(f->st, f->a, &resource_allow_policies, f->account.num + 1, &by_uuid, &o),
	    ERR_ABSENT);
}

static void keys_may_change_places(void **state)
{
	struct fixture *f = *state;
	struct ident ids[2] = { add(f, "one.example"), add(f, "two.example") };
	static const char *const now[2] = { "two.example", "one.example" };
	struct settings_write *w = begin(f);

	for (size_t i = 0; i < 2; i++) {
		struct settings_object o = get(f, &ids[i]);
		struct allow_policy *p = copy(f, &o);
		p->pattern = str_of(now[i]);
		settings_write_replace(w, &o, p, i);
	}
	assert_int_equal(run(w), OK);
	assert_true(str_eq(((struct allow_policy *)get(f, &ids[0]).obj)->pattern, STR("two.example")));
}

/* A later change of the same object counts, also for its key. */
static void one_object_may_change_twice(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "first.example"), taken = add(f, "taken.example");
	struct settings_object o = get(f, &id), found;
	struct settings_write *w = begin(f);

	(void)taken;
	for (int i = 0; i < 3; i++) {
		struct allow_policy *p = copy(f, &o);
		p->pattern = i ? STR("last.example") : STR("taken.example");
		if (i == 2)
			SET(p, allow_policy, comments, STR("and a remark"));
		settings_write_replace(w, &o, p, 0);
	}
	assert_int_equal(run(w), OK);
	assert_true(str_eq(get(f, &id).stored, o.stored));
	assert_int_equal(settings_find(f->st, f->a, &resource_allow_policies, f->account.num,
				       STR("DOMAIN 0 last.example"), &found),
			 OK);
}

static void an_equal_object_conflicts_and_nothing_stays(void **state)
{
	struct fixture *f = *state;
	struct settings_list before, after;
	struct settings_refusal why;
	int64_t rev, rev_after;

	add(f, "dup.example");
	assert_int_equal(settings_list(f->st, f->a, &resource_allow_policies, f->account.num, &before), OK);
	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev), OK);
	struct settings_write *w = begin(f);
	settings_write_add(w, policy(f, "fresh.example"), 3);
	settings_write_add(w, policy(f, "DUP.example"), 7);
	assert_int_equal(settings_write_run(w, &why), ERR_CONFLICT);
	assert_int_equal(why.tag, 7);
	assert_false(why.stale);
	assert_int_equal(settings_list(f->st, f->a, &resource_allow_policies, f->account.num, &after), OK);
	assert_int_equal(before.n, after.n);
	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev_after), OK);
	assert_true(rev == rev_after);
}

static void what_others_changed_is_not_written_over(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "shared.example");
	struct settings_object mine = get(f, &id), theirs = get(f, &id);
	struct allow_policy *p = copy(f, &mine), *q = copy(f, &theirs);
	struct settings_write *w = begin(f), *other = begin(f), *late = begin(f);
	struct settings_refusal why;
	struct settings_object before = mine;

	SET(p, allow_policy, comments, STR("mine"));
	settings_write_replace(w, &mine, p, 0);
	settings_write_delete(late, &before);
	SET(q, allow_policy, comments, STR("theirs"));
	settings_write_replace(other, &theirs, q, 0);
	assert_int_equal(run(other), OK);
	assert_int_equal(settings_write_run(w, &why), ERR_CONFLICT);
	assert_true(why.stale);
	assert_int_equal(settings_write_run(late, &why), ERR_CONFLICT);
	assert_true(why.stale);
	assert_true(str_eq(((struct allow_policy *)get(f, &id).obj)->comments, STR("theirs")));
}

static void equal_values_change_nothing(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "same.example");
	struct settings_object o = get(f, &id);
	struct allow_policy *p = copy(f, &o);
	int64_t rev, rev_after;

	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev), OK);
	f->env.now_us += 1000000;
	struct settings_write *w = begin(f);
	settings_write_replace(w, &o, p, 0);
	assert_int_equal(run(w), OK);
	assert_true(p->modified_at == p->created_at);
	assert_int_equal(settings_policy_rev(f->st, f->account.num, &rev_after), OK);
	assert_true(rev == rev_after);
}

static void numbers_do_not_come_back(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "gone.example"),
		     preset = { .uuid = "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", .num = 2401 };
	struct settings_object o = get(f, &id);
	struct settings_write *w = begin(f);
	struct allow_policy *p = policy(f, "preset.example");

	settings_write_delete(w, &o);
	resource_set_id(&resource_allow_policies, p, &preset);
	settings_write_add(w, p, 0);
	assert_int_equal(run(w), OK);
	assert_int_equal(settings_get(f->st, f->a, &resource_allow_policies, f->account.num, &id, &o),
			 ERR_ABSENT);
	assert_true(add(f, "later.example").num > 2401);
}

static struct str last_audit(struct fixture *f)
{
	struct sql *c;

	assert_int_equal(sql_read_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "SELECT body FROM audit ORDER BY num DESC LIMIT 1");
	assert_int_equal(sql_step(s), OK);
	struct str body = sql_str_copy(s, 0, f->a);
	sql_read_end(&c);
	return body;
}

static void every_write_leaves_its_audit_row(void **state)
{
	struct fixture *f = *state;
	struct ident id = add(f, "audited.example");
	struct str body = last_audit(f);

	assert_true(
	    str_find(
		body,
		STR("\"who\":\"token:test\",\"who_id\":\"w1\",\"request_id\":\"r1\",\"action\":\"create\""),
		0) == 1);
	assert_true(str_find(body, str_of(id.uuid), 0) != SIZE_MAX);
	assert_true(str_find(body, STR("\"before\":null,\"after\":{\"id\":"), 0) != SIZE_MAX);
	/* Of a change what differs, and nothing else. */
	struct settings_object o = get(f, &id);
	struct allow_policy *p = copy(f, &o);
	struct settings_write *w = begin(f);
	SET(p, allow_policy, comments, STR("a \"remark\""));
	settings_write_replace(w, &o, p, 0);
	assert_int_equal(run(w), OK);
	body = last_audit(f);
	assert_true(str_ends(body, STR("\"before\":{\"comments\":null},\"after\":{\"comments\":"
				       "\"a \\\"remark\\\"\"}}")));
	w = begin(f);
	settings_write_delete(w, &o);
	assert_int_equal(run(w), OK);
	body = last_audit(f);
	assert_true(str_find(body, STR("\"action\":\"delete\""), 0) != SIZE_MAX);
	assert_true(str_ends(body, STR("\"after\":null}")));
}

static void audit_rows_go_when_they_are_old(void **state)
{
	struct fixture *f = *state;
	static const struct store_upkeep days = { .retention_audit_us = INT64_C(86400000000) };
	bool more;
	int64_t old = f->env.now_us, now = clock_now_us();

	for (int i = 0; i < 120; i++) {
		char name[32];
		snprintf(name, sizeof(name), "old%d.example", i);
		f->env.now_us = i < 118 ? old : now;
		add(f, name);
	}
	f->env.now_us = old;
	do
		assert_int_equal(store_upkeep(f->st, &days, &more), OK);
	while (more);
	struct sql *c;
	assert_int_equal(sql_read_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "SELECT count(*), min(created_at) FROM audit");
	assert_int_equal(sql_step(s), OK);
	assert_true(sql_int(s, 0) >= 2 && sql_int(s, 1) > now - days.retention_audit_us);
	sql_read_end(&c);
}

/* What a collection may hold: in objects, in bytes, and in compiled expressions of the account. */
static void ceilings_are_told(void **state)
{
	struct fixture *f = *state;
	char *text = arena_alloc(f->a, 4096);
	struct settings_refusal why = { 0 };
	struct settings_list all;
	struct account own = { 0 };
	enum err err = OK;
	size_t n = 0;

	memset(text, 'c', 4096);
	SET(&own, account, name, STR("large"));
	assert_int_equal(settings_account_add(f->st, f->a, &own), OK);
	for (; !err; n++) {
		struct settings_write *w =
		    settings_write_new(f->st, &f->env, &resource_allow_policies, own.num, &who);
		for (int i = 0; i < 500; i++) {
			struct allow_policy *p = policy(f, arena_printf(f->a, "n%zu-%d.example", n, i).p);
			SET(p, allow_policy, comments, str_from(text, 4096));
			settings_write_add(w, p, 0);
		}
		err = settings_write_run(w, &why);
	}
	assert_int_equal(err, ERR_LIMIT);
	assert_string_equal(why.why.text,
			    "The collection is full: its objects together take more than 16 MiB");
	assert_int_equal(settings_list(f->st, f->a, &resource_allow_policies, own.num, &all), OK);
	assert_int_equal(all.n, (n - 1) * 500);
	/* Two such collections are as much as a scan worker is given, whatever is in the third. */
	struct sql *c;
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	struct sql_stmt *s = sql_prepare(c, "INSERT INTO holding(account, collection, objects, bytes, code) "
					    "VALUES($1, 'content_policy', 1, $2, 0)");
	sql_bind_int(s, 1, own.num);
	sql_bind_int(s, 2, (int64_t)LIMIT_SETTINGS);
	assert_int_equal(sql_end(&c, sql_run(s, NULL)), OK);
	size_t blocked = 0;
	for (err = OK; !err; blocked++) {
		struct settings_write *w =
		    settings_write_new(f->st, &f->env, &resource_block_senders, own.num, &who);
		struct block_sender *one = ARENA_NEW(f->a, struct block_sender);
		SET(one, block_sender, pattern, arena_printf(f->a, "b%zu.example", blocked));
		SET(one, block_sender, comments, str_from(text, 4096));
		settings_write_add(w, one, 0);
		err = settings_write_run(w, &why);
	}
	assert_int_equal(err, ERR_LIMIT);
	assert_string_equal(
	    why.why.text,
	    "The lists of this account that mail is compared with together take more than 32 MiB");
	assert_true(blocked > 1);

	/* Another collection has its own room, but code is of the whole account. */
	for (n = 0, err = OK; !err; n++) {
		const struct resource *r = n % 2 ? &resource_allow_policies : &resource_block_senders;
		struct settings_write *w = settings_write_new(f->st, &f->env, r, f->account.num, &who);
		struct allow_policy *a = policy(f, arena_printf(f->a, "code%zu.example", n).p);
		struct block_sender *b = ARENA_NEW(f->a, struct block_sender);
		SET(a, allow_policy, code_bytes, INT64_C(1) << 20);
		SET(b, block_sender, pattern, a->pattern);
		SET(b, block_sender, code_bytes, INT64_C(1) << 20);
		settings_write_add(w, n % 2 ? (void *)a : (void *)b, 0);
		err = settings_write_run(w, &why);
	}
	assert_int_equal(err, ERR_LIMIT);
	assert_int_equal(n, 9);
	assert_string_equal(why.why.text,
			    "The regular expressions of this account together take more than 8 MiB "
			    "when compiled");
	/* What goes gives room. */
	assert_int_equal(settings_list(f->st, f->a, &resource_allow_policies, f->account.num, &all), OK);
	struct allow_policy *last = (struct allow_policy *)all.v + all.n - 1;
	struct settings_object o = get(f, &last->id);
	struct settings_write *w = begin(f);
	struct allow_policy *p = policy(f, "room.example");
	SET(p, allow_policy, code_bytes, INT64_C(1) << 20);
	settings_write_delete(w, &o);
	settings_write_add(w, p, 0);
	assert_int_equal(run(w), OK);
}

static void pages_are_cut_in_order_of_creation(void **state)
{
	struct fixture *f = *state;
	struct account own = { 0 };
	static const struct {
		struct settings_window window;
		int first, n; /* numbers of what is on the page */
	} cases[] = {
		{ { true, 0, 2 }, 6, 2 },  { { true, 5, 4 }, 1, 2 }, { { false, 0, 3 }, 0, 3 },
		{ { false, 6, 9 }, 6, 1 }, { { true, 7, 1 }, 0, 0 }, { { true, SIZE_MAX / 4, 1 }, 0, 0 },
		{ { true, 2, 3 }, 4, 3 },
	};

	SET(&own, account, name, STR("pages"));
	assert_int_equal(settings_account_add(f->st, f->a, &own), OK);
	struct resource_env env = f->env;
	for (int i = 0; i < 7; i++) {
		/* Two at a time are of one moment; the last is older than its number. */
		env.now_us = f->env.now_us + i / 2;
		struct settings_write *w =
		    settings_write_new(f->st, &env, &resource_allow_policies, own.num, &who);
		settings_write_add(w, policy(f, arena_printf(f->a, "p%d.example", i).p), 0);
		assert_int_equal(run(w), OK);
	}
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct settings_list page;
		size_t total;
		assert_int_equal(settings_page(f->st, f->a, &resource_allow_policies, own.num,
					       &cases[i].window, &page, &total),
				 OK);
		assert_int_equal(total, 7);
		assert_int_equal(page.n, cases[i].n);
		for (int k = 0; k < cases[i].n; k++) {
			int number = cases[i].first + (cases[i].window.newest_first ? -k : k);
			const struct allow_policy *p = (struct allow_policy *)page.v + k;
			assert_true(str_eq(p->pattern, arena_printf(f->a, "p%d.example", number)));
		}
	}
}

static enum err add_domain(struct fixture *f, int64_t account, const char *name, bool authorized,
			   struct settings_refusal *why)
{
	struct settings_write *w = settings_write_new(f->st, &f->env, &resource_domains, account, &who);
	struct domain *d = ARENA_NEW(f->a, struct domain);

	resource_domains.begin(&f->env, d);
	SET(d, domain, domain, str_of(name));
	SET(d->authorization, authorization, authorized, authorized);
	settings_write_add(w, d, 5);
	return settings_write_run(w, why);
}

/* Anybody may write a name down, but nobody keeps it from the one who proves that it is theirs. */
static void a_domain_has_one_owner(void **state)
{
	struct fixture *f = *state;
	struct account squatter = { 0 }, late = { 0 };
	struct settings_domain found;
	struct settings_refusal why;
	struct settings_object o;

	SET(&squatter, account, name, STR("two"));
	SET(&late, account, name, STR("three"));
	assert_int_equal(settings_account_add(f->st, f->a, &squatter), OK);
	assert_int_equal(settings_account_add(f->st, f->a, &late), OK);
	assert_int_equal(add_domain(f, squatter.num, "Owned.Example", false, &why), OK);
	assert_int_equal(add_domain(f, squatter.num, "owned.example", false, &why), ERR_CONFLICT);
	assert_int_equal(settings_domain_find(f->st, f->a, STR("OWNED.example"), &found), OK);
	assert_true(found.account == squatter.num);
	assert_int_equal(add_domain(f, f->account.num, "owned.example", true, &why), OK);
	assert_int_equal(add_domain(f, late.num, "owned.example", true, &why), ERR_CONFLICT);
	assert_int_equal(why.tag, 5);
	assert_int_equal(add_domain(f, late.num, "owned.example", false, &why), OK);
	assert_int_equal(settings_domain_find(f->st, f->a, STR("owned.example"), &found), OK);
	assert_true(found.account == f->account.num);
	assert_int_equal(
	    settings_find(f->st, f->a, &resource_domains, squatter.num, STR("owned.example"), &o), OK);
	assert_int_equal(settings_domain_find(f->st, f->a, STR("none.example"), &found), ERR_ABSENT);
	assert_int_equal(settings_account_delete(f->st, f->a, squatter.num), OK);
	assert_int_equal(settings_account_delete(f->st, f->a, late.num), OK);
}

/* The counters all processes share are on the disk from the beginning: a disk that fills up takes nobody with it. */
static void the_shared_counters_have_their_room(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_int_equal(fstatat(f->st->dir_fd, "rev", &st, 0), 0);
	assert_true(st.st_blocks > 0);
}

static struct settings_write *begin_on(struct fixture *f, const struct resource *r)
{
	return settings_write_new(f->st, &f->env, r, f->account.num, &who);
}

static enum err add_one(struct fixture *f, const struct resource *r, void *obj)
{
	struct settings_write *w = begin_on(f, r);

	settings_write_add(w, obj, 0);
	return run(w);
}

static void tokens_are_found_by_their_digest_until_they_are_deleted(void **state)
{
	struct fixture *f = *state;
	struct token t = { 0 }, found;
	struct settings_object row;

	SET(&t, token, name, STR("t"));
	SET(&t, token, scope, SCOPE_READ);
	assert_int_equal(add_one(f, &resource_tokens, &t), OK);
	assert_int_equal(t.token.n, 40);
	struct str digest = settings_digest(f->st, f->a, t.token);
	assert_int_equal(settings_token_find(f->st, f->a, digest, &found), OK);
	assert_true(found.id.num == t.id.num && found.scope == SCOPE_READ && found.account == f->account.num);
	assert_false(HAS(&found, token, token));
	assert_int_equal(settings_get(f->st, f->a, &resource_tokens, f->account.num, &t.id, &row), OK);
	struct settings_write *w = begin_on(f, &resource_tokens);
	settings_write_delete(w, &row);
	assert_int_equal(run(w), OK);
	assert_int_equal(settings_token_find(f->st, f->a, digest, &found), ERR_ABSENT);
}

static void a_rotated_token_is_another_one(void **state)
{
	struct fixture *f = *state;
	struct token t = { 0 }, found;
	struct settings_object row;

	SET(&t, token, name, STR("t"));
	SET(&t, token, scope, SCOPE_READ);
	assert_int_equal(add_one(f, &resource_tokens, &t), OK);
	assert_int_equal(settings_get(f->st, f->a, &resource_tokens, f->account.num, &t.id, &row), OK);
	struct settings_write *w = begin_on(f, &resource_tokens);
	settings_write_rotate(w, &row);
	assert_int_equal(run(w), OK);
	const struct token *next = row.obj;
	assert_int_equal(settings_token_find(f->st, f->a, settings_digest(f->st, f->a, t.token), &found),
			 ERR_ABSENT);
	assert_int_equal(settings_token_find(f->st, f->a, settings_digest(f->st, f->a, next->token), &found),
			 OK);
	assert_true(found.id.num == t.id.num && HAS(&found, token, rotated_at));
}

static void a_user_is_once_in_an_account(void **state)
{
	struct fixture *f = *state;
	struct user u = { 0 }, again;
	struct user_list list;

	SET(&u, user, email, STR("User@Example.com"));
	again = u;
	assert_int_equal(add_one(f, &resource_users, &u), OK);
	assert_int_equal(add_one(f, &resource_users, &again), ERR_CONFLICT);
	assert_int_equal(settings_users_find(f->st, f->a, STR("user@example.COM"), &list), OK);
	assert_int_equal(list.n, 1);
	assert_true(str_eq(list.v[0].digest, settings_digest(f->st, f->a, u.key)));
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

static void a_commit_is_seen_without_a_statement(void **state)
{
	struct fixture *f = *state;
	const struct store_options o = { .dir = f->dir, .log = &f->log };
	struct store *other;
	struct errbuf eb = { "" };
	struct job job = { .account = 1, .kind = JOB_RELEASE, .ref = 1 };
	int64_t seen = -1;
	struct sql *c;

	if (store_open(&o, &other, &eb))
		fail_msg("%s", eb.text);
	assert_false(store_is_unchanged(other, &seen));
	assert_true(store_is_unchanged(other, &seen));
	assert_int_equal(store_jobs_add(f->st, &job, 1), OK);
	assert_false(store_is_unchanged(other, &seen));
	assert_true(store_is_unchanged(other, &seen));
	assert_int_equal(sql_write_begin(f->st->messages, &c), OK);
	sql_rollback(&c);
	assert_true(store_is_unchanged(other, &seen));
	store_close(&other);
}

static struct str repeat(struct arena *a, const char *text, size_t n)
{
	size_t each = strlen(text);
	char *p = arena_alloc(a, n * each + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * each, text, each);
	p[n * each] = '\0';
	return (struct str){ p, n * each };
}

/* So many rules, each with so long a comment. */
static void fill(struct fixture *f, size_t n, size_t comment)
{
	struct str comments = repeat(f->a, "\xf0\x9f\x98\x80", comment);
	struct settings_write *w = begin(f);

	for (size_t i = 0; i < n; i++) {
		struct allow_policy *p = policy(f, arena_printf(f->a, "d%zu.example", i).p);
		SET(p, allow_policy, comments, comments);
		settings_write_add(w, p, 0);
	}
	assert_int_equal(run(w), OK);
}

/* What people write beside a rule does not travel, and what does is read in bounded memory. */
static void a_policy_travels_light(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new(8u << 20, NULL, NULL);
	struct policy_source source;
	struct settings_refusal why;

	fill(f, 1500, 1000); /* 6 MB of comments */
	assert_int_equal(add_domain(f, f->account.num, "second.example", true, &why), OK);
	assert_int_equal(add_domain(f, f->account.num, "first.example", true, &why), OK);
	assert_int_equal(settings_policy_source(f->st, a, f->account.num, &source), OK);
	assert_int_equal(source.allow.n, 1500);
	assert_int_equal(source.block.n, 0);
	assert_true(source.rev > 0);
	size_t first = 0;
	while (first < source.domains.n && !str_eq(source.domains.v[first], STR("first.example")))
		first++;
	assert_true(first + 1 < source.domains.n);
	for (size_t i = 1; i < source.domains.n; i++) /* as intake names them */
		assert_true(str_cmp(source.domains.v[i - 1], source.domains.v[i]) < 0);
	const struct allow_policy *last = &source.allow.v[1499];
	assert_true(str_eq(last->pattern, STR("d1499.example")));
	assert_int_equal(last->pattern_type, PATTERN_DOMAIN);
	assert_false(HAS(last, allow_policy, comments) || HAS(last, allow_policy, created_at) ||
		     HAS(last, allow_policy, id));
	assert_true(arena_used(a) < 1u << 20);
	/* Where there is no room the answer is that, and the process lives. */
	for (size_t bytes = 16u << 10; bytes <= 256u << 10; bytes *= 2) {
		struct arena *small = arena_new(bytes, NULL, NULL);
		assert_int_equal(settings_policy_source(f->st, small, f->account.num, &source), ERR_LIMIT);
		arena_free(&small);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shared_counters_have_their_room),
		cmocka_unit_test(objects_have_two_names),
		cmocka_unit_test(one_object_may_change_twice),
		cmocka_unit_test(what_others_changed_is_not_written_over),
		cmocka_unit_test(audit_rows_go_when_they_are_old),
		cmocka_unit_test(pages_are_cut_in_order_of_creation),
		cmocka_unit_test(keys_may_change_places),
		cmocka_unit_test(an_equal_object_conflicts_and_nothing_stays),
		cmocka_unit_test(equal_values_change_nothing),
		cmocka_unit_test(numbers_do_not_come_back),
		cmocka_unit_test(every_write_leaves_its_audit_row),
		cmocka_unit_test(another_process_sees_the_revision_change),
		cmocka_unit_test(a_commit_is_seen_without_a_statement),
		cmocka_unit_test(a_domain_has_one_owner),
		cmocka_unit_test(a_rotated_token_is_another_one),
		cmocka_unit_test(a_user_is_once_in_an_account),
		cmocka_unit_test(tokens_are_found_by_their_digest_until_they_are_deleted),
		cmocka_unit_test(ceilings_are_told),
		cmocka_unit_test_setup_teardown(a_policy_travels_light, setup, teardown),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
