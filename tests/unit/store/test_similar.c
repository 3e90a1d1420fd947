/* Near-identical mails find each other: by fingerprint, by few bits, in their account and range, indexed or not. */
#include "fixture.h"

#include "base/simhash.h"
#include "store/key.h"
#include "store/similar.h"

struct mail {
	const char *id; /* of the postfix id */
	int64_t account;
	const char *edf;
	uint64_t simhash; /* 0: none */
};

#define S UINT64_C(0x0123456789abcdef)

static const struct mail mails[] = {
	{ "self", 1, "v1:aa", S },
	{ "same-all", 1, "v1:aa", S },
	{ "same-edf-no-text", 1, "v1:aa", 0 },
	{ "same-edf-far", 1, "v1:aa", ~S },
	{ "near-1", 1, "v1:b1", S ^ 1 },
	{ "near-6-one-band", 1, "v1:b2", S ^ 0x3f },
	{ "near-6-spread", 1, "v1:b3", S ^ UINT64_C(0x0003000300010001) },
	{ "near-6-ends", 1, "v1:b4", S ^ UINT64_C(0x8001800180000001) },
	{ "far-7", 1, "v1:b5", S ^ 0x7f },
	{ "far-half", 1, "v1:b6", S ^ UINT64_C(0x5555555555555555) },
	{ "no-fingerprint", 1, "", 0 },
	{ "stranger", 2, "v1:aa", S },
};

struct found {
	struct arena *arena;
	struct strs ids;
	struct {
		struct store_likeness *v;
		size_t n;
	} likeness;
	int64_t last;
};

static void keep(const struct record *r, const struct store_likeness *likeness, void *ctx)
{
	struct found *f = ctx;

	assert_true(f->ids.n == 0 || r->key < f->last);
	f->last = r->key;
	ARENA_PUSH(f->arena, &f->ids, arena_str(f->arena, r->message->postfix_id));
	ARENA_PUSH(f->arena, &f->likeness, *likeness);
}

static struct record *record_of(struct arena *a, const struct mail *m)
{
	struct record *r = fixture_record(a, m->account, m->id, "a@b.example", "c@d.example", "x");

	if (*m->edf)
		SET(r->message, message, edf_hash, str_of(m->edf));
	if (m->simhash)
		SET(r, record, simhash, arena_printf(a, "v1:%016llx", (unsigned long long)m->simhash));
	return r;
}

static struct found look(struct fixture *f, struct store_similar q, size_t count)
{
	struct found found = { .arena = f->a };
	size_t n = 0;

	assert_int_equal(store_similar(f->st, f->a, &q, 0, keep, &found, &n), OK);
	assert_int_equal(n, count);
	assert_int_equal(found.ids.n, n < q.limit ? n : q.limit);
	return found;
}

static const struct store_likeness *likeness_of(const struct found *f, const char *id)
{
	for (size_t i = 0; i < f->ids.n; i++)
		if (str_eq(f->ids.v[i], str_of(id)))
			return &f->likeness.v[i];
	return NULL;
}

static void check_all(struct fixture *f, int64_t self)
{
	struct store_similar q = { .account = 1,
				   .end_us = STORE_NEWEST,
				   .edf_hash = STR("v1:aa"),
				   .simhash = STR("v1:0123456789abcdef"),
				   .except = self,
				   .limit = 100 };
	static const struct {
		const char *id;
		bool equal;
		int bits;
	} wanted[] = {
		{ "same-all", true, 0 },     { "same-edf-no-text", true, -1 }, { "same-edf-far", true, 64 },
		{ "near-1", false, 1 },      { "near-6-one-band", false, 6 },  { "near-6-spread", false, 6 },
		{ "near-6-ends", false, 6 },
	};
	struct found found = look(f, q, ARRAY_LEN(wanted));

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		const struct store_likeness *l = likeness_of(&found, wanted[i].id);
		if (!l || l->equal != wanted[i].equal || l->bits != wanted[i].bits)
			fail_msg("%s: %s", wanted[i].id, l ? "another likeness" : "not found");
	}
	q.limit = 2;
	found = look(f, q, ARRAY_LEN(wanted));
	assert_true(str_eq(found.ids.v[0], STR("near-6-ends"))); /* the newest */
	q.simhash = STR("v2:0123456789abcdef");
	look(f, q, 3);
	q.edf_hash = STR("");
	look(f, q, 0);
	q = (struct store_similar){
		.account = 2, .end_us = STORE_NEWEST, .edf_hash = STR("v1:aa"), .limit = 1
	};
	look(f, q, 1);
}

static bool touch(struct arena *a, struct record *r, void *ctx)
{
	(void)ctx;
	SET(r->message, message, is_quarantined, true);
	record_trace(a, r, false, "looked at");
	return true;
}

static void near_ones_are_found(void **state)
{
	struct fixture *f = *state;
	int64_t keys[ARRAY_LEN(mails)];

	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct record *r = record_of(f->a, &mails[i]);
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
		keys[i] = r->key;
	}
	check_all(f, keys[0]); /* not indexed yet */
	fixture_upkeep(f, NULL);
	check_all(f, keys[0]);
	for (size_t i = 0; i < ARRAY_LEN(mails); i += 2)
		assert_int_equal(store_record_change(f->st, f->a, keys[i], touch, NULL, NULL), OK);
	check_all(f, keys[0]); /* some changed since */
	fixture_upkeep(f, NULL);
	check_all(f, keys[0]);
}

static void a_range_is_kept(void **state)
{
	struct fixture *f = *state;
	struct mail m = { "p", 1, "v1:aa", S };
	int64_t times[3], between;
	int others = 0;

	for (int i = 0; i < 3; i++) {
		/* Each in a millisecond of its own: others come between. */
		do {
			struct mail other = { arena_printf(f->a, "o%d", others++).p, 1, "v1:ee", ~S };
			struct record *r = record_of(f->a, &other);
			assert_int_equal(store_record_add(f->st, f->a, r), OK);
			between = key_us(r->key);
		} while (i > 0 && between <= times[i - 1]);
		m.id = arena_printf(f->a, "p%d", i).p;
		struct record *r = record_of(f->a, &m);
		assert_int_equal(store_record_add(f->st, f->a, r), OK);
		times[i] = key_us(r->key);
	}
	struct store_similar q = { .account = 1, .edf_hash = STR("v1:aa"), .limit = 9 };
	const struct {
		int64_t start, end;
		size_t n;
	} ranges[] = {
		{ 0, STORE_NEWEST, 3 },    { times[0], times[2], 3 },         { times[0] + 1, times[2], 2 },
		{ times[1], times[1], 1 }, { times[2] + 1, STORE_NEWEST, 0 }, { times[1], times[2] - 1, 1 },
	};
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
			q.start_us = ranges[i].start;
			q.end_us = ranges[i].end;
			look(f, q, ranges[i].n);
		}
		fixture_upkeep(f, NULL);
	}
}

/* Every mail within six bits of another has a band in common but for one bit. */
static void no_near_one_is_missed(void **state)
{
	struct fixture *f = *state;
	struct store_similar q = { .account = 1, .end_us = STORE_NEWEST, .limit = 1000 };
	enum { NEAR = 300, FAR = 300 };
	size_t n = 0;

	for (int i = 0; i < NEAR + FAR; i++) {
		uint64_t bits = S;
		size_t turned = 0, wanted = i < NEAR ? 1 + (size_t)i % SIMHASH_NEAR_BITS : 7 + (size_t)i % 40;
		while (turned < wanted) {
			uint64_t bit = UINT64_C(1) << fixture_random(f, 64);
			turned += ((bits ^ S) & bit) == 0;
			bits = (bits & ~bit) | (~S & bit);
		}
		struct mail m = { arena_printf(f->a, "m%d", i).p, 1, "", bits };
		assert_int_equal(store_record_add(f->st, f->a, record_of(f->a, &m)), OK);
		n += wanted <= SIMHASH_NEAR_BITS;
	}
	q.simhash = STR("v1:0123456789abcdef");
	assert_int_equal(n, NEAR);
	look(f, q, NEAR);
	fixture_upkeep(f, NULL);
	look(f, q, NEAR);
	/* A deadline that is over. */
	struct found found = { .arena = f->a };
	assert_int_equal(store_similar(f->st, f->a, &q, 1, keep, &found, &n), ERR_LATER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(near_ones_are_found),
		TEST(a_range_is_kept),
		TEST(no_near_one_is_missed),
	};

	return cmocka_run_group_tests_name("store/similar", tests, NULL, NULL);
}
