/* A store in a directory of its own, and records to put into it. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json/read.h"
#include "json/write.h"
#include "store/internal.h"
#include "store/search_index.h"
#include "temp_dir.h"

static const struct log quiet = { .fd = -1, .level = LOG_ERROR, .role = "test" };

struct fixture {
	char dir[64], path[96];
	struct store *st;
	struct arena *a;
	uint64_t random; /* state of a small generator: the same records each time */
};

static inline void fixture_open(struct fixture *f)
{
	struct store_options o = { .dir = f->path, .flags = STORE_CREATE, .log = &quiet };
	struct errbuf eb = { "" };
	enum err err = store_open(&o, &f->st, &eb);

	if (err)
		print_error("%s\n", eb.text);
	assert_int_equal(err, OK);
}

static inline int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	temp_dir_make(f->dir);
	snprintf(f->path, sizeof(f->path), "%s/store", f->dir);
	f->a = arena_new(SIZE_MAX, NULL, NULL);
	f->random = 42;
	fixture_open(f);
	*state = f;
	return 0;
}

static inline int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(&f->st);
	arena_free(&f->a);
	temp_dir_remove(f->dir);
	free(f);
	return 0;
}

static inline size_t fixture_random(struct fixture *f, size_t below)
{
	f->random = f->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (size_t)(f->random >> 33) % below;
}

/* Upkeep until there is nothing left to do. */
static inline void fixture_upkeep(struct fixture *f, const struct store_upkeep *u)
{
	static const struct store_upkeep keep_all;
	bool more = true;

	for (int i = 0; i < 1000 && more; i++)
		assert_int_equal(store_upkeep(f->st, u ? u : &keep_all, &more), OK);
	assert_false(more);
}

/* The least a record needs, from a postfix id, a sender, a recipient and a subject. */
static inline struct record *fixture_record(struct arena *a, int64_t account, const char *postfix_id,
					    const char *from, const char *to, const char *subject)
{
	struct record *r = ARENA_NEW(a, struct record);
	struct message *m = ARENA_NEW(a, struct message);
	struct outcome *o = ARENA_NEW(a, struct outcome);

	SET(r, record, account, account);
	SET(r, record, message, m);
	SET(r, record, detections, ARENA_NEW(a, struct detections));
	SET(m, message, postfix_id, arena_str(a, str_of(postfix_id)));
	SET(m, message, envelope_from, arena_str(a, str_of(from)));
	SET(m, message, from, m->envelope_from);
	ARENA_PUSH(a, &m->envelope_to, arena_str(a, str_of(to)));
	SET(m, message, envelope_to, m->envelope_to);
	SET(m, message, subject, arena_str(a, str_of(subject)));
	SET(m, message, final_disposition, DISP_NONE);
	SET(o, outcome, address, m->envelope_to.v[0]);
	SET(o, outcome, status, DELIVERY_DELIVERED);
	r->outcomes = (struct outcome_list){ o, 1 };
	r->has |= FIELD_BIT(record, outcomes);
	return r;
}

/* A page as it was found, kept in the arena. */
struct fixture_page {
	struct record *v;
	size_t n;
	struct str next, previous;
	struct arena *arena;
	size_t most; /* 0 = as many as asked for */
};

static inline enum err fixture_keep(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct fixture_page *page = ctx;
	struct stored_message copy = *m;
	struct record kept;

	copy.arena = page->arena;
	copy.text = arena_str(page->arena, m->text);
	copy.set.id = arena_str(page->arena, m->set.id);
	copy.set.postfix_id = arena_str(page->arena, m->set.postfix_id);
	copy.set.alert_id = arena_str(page->arena, m->set.alert_id);
	enum err err = stored_message_read(&copy, &kept);
	if (err)
		return err;
	ARENA_PUSH(page->arena, page, kept);
	*more_out = page->n != page->most;
	return OK;
}

static inline enum err fixture_search(struct fixture *f, struct arena *a, const struct store_search *q,
				      int64_t until_ms, struct fixture_page *page)
{
	struct store_found found;

	*page = (struct fixture_page){ .arena = a, .most = page->most };
	enum err err = store_search(f->st, a, q, until_ms, fixture_keep, page, &found);
	page->next = found.next;
	page->previous = found.previous;
	if (!err)
		assert_int_equal(page->n, found.n);
	return err;
}

static inline int64_t fixture_count(struct sql_db *db, const char *text)
{
	struct sql *c;

	assert_int_equal(sql_read_begin(db, &c), OK);
	struct sql_stmt *s = sql_prepare(c, text);
	assert_int_equal(sql_step(s), OK);
	int64_t n = sql_int(s, 0);
	sql_read_end(&c);
	return n;
}

#endif
