/* What an older program left behind is read, found and changed after the schema was brought up to date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "resource/domain_proof.h"
#include "store/internal.h"
#include "store/migrate.h"
#include "store/settings.h"

/* clang-format off */
/* Users, tokens and addresses as schema 3 had them, and two audit rows that hold digests. */
static const char before_4[] =
	"INSERT INTO account VALUES(1, 1, NULL, '0123456789abcdef0123456789abcdef', 5, 5, "
	"  '{\"num\":1,\"id\":\"0123456789abcdef0123456789abcdef\",\"name\":\"one\",\"created_at\":\"2026-01-01T00:00:00Z\"}');"
	"INSERT INTO user VALUES(7, 1, NULL, 'user@example.com', 5, 5, "
	"  '{\"num\":7,\"account\":1,\"email\":\"User@example.com\",\"key_digest\":\"aa\",\"created_at\":\"2026-01-01T00:00:00Z\"}');"
	"INSERT INTO token VALUES(8, 1, NULL, 'bb', 5, 5, "
	"  '{\"num\":8,\"account\":1,\"name\":\"t\",\"scope\":\"write\",\"digest\":\"bb\",\"created_at\":\"2026-01-01T00:00:00Z\"}');"
	"INSERT INTO service_address VALUES(9, 1, NULL, 'x@copies.example', 5, 5, "
	"  '{\"num\":9,\"account\":1,\"address\":\"x@copies.example\",\"mode\":\"BCC\",\"created_at\":\"2026-01-01T00:00:00Z\"}');"
	"INSERT INTO audit(account, created_at, modified_at, body) VALUES(1, 5, 5, "
	"  '{\"who\":\"operator\",\"before\":null,\"after\":{\"num\":7,\"email\":\"User@example.com\",\"key_digest\":\"aa\"}}');"
	"INSERT INTO audit(account, created_at, modified_at, body) VALUES(1, 6, 6, "
	"  '{\"who\":\"operator\",\"before\":{\"num\":8,\"digest\":\"bb\",\"name\":\"t\"},\"after\":null}');";
/* One domain that the operator authorized and one that waits, as schema 4 had them. */
static const char before_5[] =
	"INSERT INTO account VALUES(1, 1, NULL, '0123456789abcdef0123456789abcdef', 5, 5, "
	"  '{\"num\":1,\"id\":\"0123456789abcdef0123456789abcdef\",\"name\":\"one\",\"created_at\":\"2026-01-01T00:00:00Z\"}');"
	"INSERT INTO domain VALUES(7, 1, '00000000-0000-4000-8000-000000000007', 'a.example', 5, 5, "
	"  '{\"id\":[\"00000000-0000-4000-8000-000000000007\",7],\"domain\":\"a.example\",\"status\":\"ACTIVE\","
	"  \"authorization\":{\"authorized\":true,\"timestamp\":\"2026-01-01T00:00:00Z\"}}');"
	"INSERT INTO domain VALUES(8, 1, '00000000-0000-4000-8000-000000000008', 'b.example', 5, 5, "
	"  '{\"id\":[\"00000000-0000-4000-8000-000000000008\",8],\"domain\":\"b.example\",\"status\":\"PENDING\","
	"  \"authorization\":{\"authorized\":false,\"timestamp\":\"2026-01-01T00:00:00Z\"}}');";
/* clang-format on */

/* A store in a directory of its own. */
struct place {
	char dir[32];
	struct log log;
	struct arena *a;
	struct store *st;
};

static void make_version(const char *dir, size_t version, const char *rows, const struct log *log)
{
	const struct migrations m = { messages_schema.texts, version };
	char path[128];
	struct sql_db *db;
	struct sql *c;
	struct errbuf eb = { "" };

	snprintf(path, sizeof(path), "%s/messages.db", dir);
	assert_int_equal(unlink(path), 0);
	struct sql_options o = { .path = path, .create = true, .gate_fd = -1, .readers = 1, .log = log };
	assert_int_equal(sql_open(&o, &db, &eb), OK);
	assert_int_equal(migrate_run(db, &m, &eb), OK);
	assert_int_equal(sql_write_begin(db, &c), OK);
	assert_int_equal(sql_end(&c, sql_script(c, rows)), OK);
	sql_close(&db);
}

/* Opens what an older program has left. */
static void open_older(struct place *p, size_t version, const char *rows)
{
	struct store_options o = { .dir = p->dir, .flags = STORE_CREATE, .log = &p->log };
	struct errbuf eb;

	*p = (struct place){ .dir = "/tmp/postern-upgrade-XXXXXX", .log = { 2, LOG_ERROR, "test" } };
	p->a = arena_new(1u << 20, NULL, NULL);
	assert_non_null(mkdtemp(p->dir));
	assert_int_equal(store_open(&o, &p->st, &eb), OK);
	store_close(&p->st);
	make_version(p->dir, version, rows, &p->log);
	if (store_open(&o, &p->st, &eb))
		fail_msg("%s", eb.text);
}

static void close_older(struct place *p)
{
	char command[64];

	store_close(&p->st);
	arena_free(&p->a);
	snprintf(command, sizeof(command), "rm -r %s", p->dir);
	assert_int_equal(system(command), 0);
}

static bool tells_of_digests(void *ctx, int64_t num, int64_t at_us, struct str body)
{
	size_t *rows = ctx;

	(void)num;
	(void)at_us;
	*rows += 1;
	if (str_find(body, STR("digest"), 0) != SIZE_MAX || str_find(body, STR("\"num\""), 0) != SIZE_MAX)
		fail_msg("%.*s", STR_ARG(body));
	return true;
}

static void who_may_act_stays_so(void **state)
{
	struct place p;
	struct token token;
	struct user_list users;
	struct service_address_list addresses;
	struct settings_object row;
	size_t total, rows = 0;

	(void)state;
	open_older(&p, 3, before_4);
	struct arena *a = p.a;
	struct store *st = p.st;

	assert_int_equal(settings_token_find(st, a, STR("bb"), &token), OK);
	assert_true(token.id.num == 8 && token.account == 1 && token.scope == SCOPE_WRITE);
	assert_int_equal(settings_users_find(st, a, STR("USER@example.com"), &users), OK);
	assert_true(users.n == 1 && str_eq(users.v[0].digest, STR("aa")));
	assert_int_equal(settings_addresses(st, a, 1, &addresses), OK);
	assert_true(addresses.n == 1 && str_eq(addresses.v[0].domain, STR("copies.example")));
	assert_true(addresses.v[0].purpose == PURPOSE_COPIES && addresses.v[0].mode == MODE_BCC);
	/* By both of their ids, and they can be changed. */
	struct ident id = token.id;
	assert_int_equal(strlen(id.uuid), 36);
	id.num = 0;
	assert_int_equal(settings_get(st, a, &resource_tokens, 1, &id, &row), OK);
	struct resource_env env = { .arena = a, .now_us = 10 };
	struct settings_write *w = settings_write_new(st, &env, &resource_tokens, 1, &settings_operator);
	struct settings_refusal why;
	settings_write_delete(w, &row);
	assert_int_equal(settings_write_run(w, &why), OK);
	assert_int_equal(settings_token_find(st, a, STR("bb"), &token), ERR_ABSENT);
	/* Nothing secret is left where people read. */
	struct settings_audit_query q = {
		.account = 1, .before_num = INT64_MAX, .end_us = INT64_MAX, .n = 10, .until_ms = INT64_MAX
	};
	assert_int_equal(settings_audit_page(st, &q, tells_of_digests, &rows, &total), OK);
	assert_true(rows == 3 && total == 3);

	close_older(&p);
}

struct due {
	int64_t nums[10];
	size_t n;
};

static bool take_due(void *ctx, int64_t account, int64_t num)
{
	struct due *due = ctx;

	(void)account;
	due->nums[due->n++] = num;
	return due->n < ARRAY_LEN(due->nums);
}

static void domains_are_looked_after(void **state)
{
	struct settings_look_list looks;
	struct place p;

	(void)state;
	open_older(&p, 4, before_5);
	for (int what = LOOKS_PROOF; what <= LOOKS_COUNT; what++) {
		struct due due = { .n = 0 };
		assert_int_equal(settings_looks_due(p.st, (enum settings_looks)what, 1, take_due, &due), OK);
		assert_int_equal(
		    settings_looks_read(p.st, p.a, (enum settings_looks)what, 1, due.nums, due.n, &looks),
		    OK);
		assert_int_equal(looks.n, 2);
		assert_false(domain_needs_proof(looks.v[0].object.obj));
		assert_true(domain_needs_proof(looks.v[1].object.obj));
	}
	close_older(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_act_stays_so),
		cmocka_unit_test(domains_are_looked_after),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
