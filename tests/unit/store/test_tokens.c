/* Tokens of records that strangers made: what they take is bounded, and what matters is among them. */
#include "fixture.h"

#include "base/limits.h"
#include "store/tokens.h"

#define PEOPLE 1000
/* One character that folds to eighteen. */
#define LIGATURE "\xef\xb7\xba"

static struct str repeat(struct arena *a, const char *text, size_t n)
{
	size_t bytes = strlen(text);
	char *out = arena_alloc(a, n * bytes + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(out + i * bytes, text, bytes);
	return str_from(out, n * bytes);
}

/* Everything that may be long is as long as the tables allow; each address is different. */
static struct record *largest_record(struct arena *a)
{
	struct record *r = fixture_record(a, 1, "p1", "a@example.org", "b@example.test", "");
	struct str many = repeat(a, LIGATURE, 84);
	struct message *m = r->message;

	for (size_t i = 0; i < PEOPLE; i++) {
		ARENA_PUSH(a, &m->to, arena_printf(a, "t%zu%.*s@x%zu.example", i, STR_ARG(many), i));
		ARENA_PUSH(a, &m->cc, arena_printf(a, "c%zu%.*s@y%zu.example", i, STR_ARG(many), i));
		ARENA_PUSH(a, &m->to_name, arena_printf(a, "%.*s %zu", STR_ARG(many), i));
		ARENA_PUSH(a, &m->detection_reasons, arena_printf(a, "%.*s %zu", STR_ARG(many), i));
	}
	SET(m, message, to, m->to);
	SET(m, message, cc, m->cc);
	SET(m, message, to_name, m->to_name);
	SET(m, message, detection_reasons, m->detection_reasons);
	SET(m, message, subject, repeat(a, LIGATURE " ", 2048));
	SET(m, message, from_name, repeat(a, LIGATURE, 1024));
	SET(m, message, alert_id, STR("p1-2024-01-05T10:00:00"));
	SET(m, message, final_disposition, DISP_MALICIOUS);
	return r;
}

static void what_tokens_take_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct arena *a = arena_new(TOKENS_BYTES, NULL, NULL);
	struct tokens t = tokens_of_record(a, largest_record(f->a));

	assert_true(t.fixed.n + t.changing.n <= LIMIT_TOKENS);
	assert_true(t.fixed.n > LIMIT_TOKENS / 4);
	const struct str wanted[] = { STR("f=a@example.org"),
				      STR("t=b@example.test"),
				      STR("d=example.test"),
				      STR("v=MALICIOUS"),
				      STR("v=x"),
				      STR("i=p1-2024-01-05t10:00:00") };
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		struct str token = arena_lower(f->a, wanted[i]);
		if (!tokens_has(t.fixed, token) && !tokens_has(t.changing, token))
			fail_msg("without %s", token.p);
	}
	for (size_t i = 0; i < t.changing.n; i++)
		assert_false(tokens_has(t.fixed, t.changing.v[i]));
	for (size_t i = 1; i < t.fixed.n; i++)
		assert_true(str_cmp(t.fixed.v[i - 1], t.fixed.v[i]) < 0);
	arena_free(&a);
}

static bool add_recipient(struct arena *a, struct record *r, void *ctx)
{
	(void)ctx;
	ARENA_PUSH(a, &r->message->client_recipients, STR("late@example.test"));
	r->message->has |= FIELD_BIT(message, client_recipients);
	return true;
}

/* As intake does it, in the memory of one mail. */
static void the_largest_record_can_be_changed(void **state)
{
	struct fixture *f = *state;
	struct arena *mail = arena_new(64 << 20, NULL, NULL);
	struct record *r = largest_record(mail), after;

	assert_int_equal(store_record_add(f->st, mail, r), OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(store_record_change(f->st, mail, r->key, add_recipient, NULL, &after), OK);
		assert_int_equal(after.message->client_recipients.n, i + 1);
		fixture_upkeep(f, NULL);
	}
	arena_free(&mail);
}

/* A row that is more than there is memory for is that one reader's trouble. */
static void a_record_may_be_more_than_the_arena_holds(void **state)
{
	struct fixture *f = *state;
	struct arena *small = arena_new(100000, NULL, NULL);
	struct record *r = largest_record(f->a), got;
	size_t used;

	assert_int_equal(store_record_add(f->st, f->a, r), OK);
	used = arena_used(small);
	assert_int_equal(store_record_get(f->st, small, 1, STR("p1"), RECORD_WHOLE, &got), ERR_LATER);
	assert_int_equal(store_record_change(f->st, small, r->key, add_recipient, NULL, NULL), ERR_LATER);
	assert_true(arena_used(small) < used + 10000);
	arena_free(&small);
}

static void a_long_address_is_found_by_its_host(void **state)
{
	struct fixture *f = *state;
	struct str local = repeat(f->a, "x", 900);
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "");
	struct tokens t;

	SET(r->message, message, from, ARENA_JOIN(f->a, local, STR("@mail.example.com")));
	t = tokens_of_record(f->a, r);
	assert_true(tokens_has(t.fixed, STR("f=example.com")));
	assert_true(tokens_has(t.fixed, STR("d=mail.example.com")));
}

static size_t count(struct strs tokens, const char *front)
{
	size_t n = 0;

	for (size_t i = 0; i < tokens.n; i++)
		n += str_starts(tokens.v[i], str_of(front));
	return n;
}

/* Of a host of many labels the whole and what is nearest to its owner. */
static void a_deep_host_has_few_parents(void **state)
{
	static const struct {
		const char *host;
		const char *with[6], *without;
	} cases[] = {
		{ "example.com", { "example.com" }, "com" },
		{ "a.example.co.uk", { "a.example.co.uk", "example.co.uk" }, "co.uk" },
		{ "h.g.f.e.d.c.b.a.example.com",
		  { "h.g.f.e.d.c.b.a.example.com", "c.b.a.example.com", "b.a.example.com", "a.example.com",
		    "example.com" },
		  "d.c.b.a.example.com" },
		{ "192.0.2.1", { "192.0.2.1" }, "0.2.1" },
		{ "localhost", { "localhost" }, "" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record *r = fixture_record(f->a, 1, "p1", "a@other.example", "b@other.example", "");
		size_t n = 0;
		ARENA_PUSH(f->a, &r->link_hosts, str_of(cases[i].host));
		struct tokens t = tokens_of_record(f->a, r);
		for (; n < ARRAY_LEN(cases[i].with) && cases[i].with[n]; n++)
			if (!tokens_has(t.fixed, arena_printf(f->a, "d=%s", cases[i].with[n])))
				fail_msg("%s: without %s", cases[i].host, cases[i].with[n]);
		assert_int_equal(count(t.fixed, "d="), n + 1);
		assert_false(tokens_has(t.fixed, arena_printf(f->a, "d=%s", cases[i].without)));
	}
}

/* A thousand hosts made for one mail neither fill the index nor push out what else is said of it. */
static void links_have_room_of_their_own(void **state)
{
	struct fixture *f = *state;
	struct record *r = fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "the quick fox");
	struct attachment file = { 0 };

	for (int i = 0; i < 1000; i++) {
		ARENA_PUSH(f->a, &r->link_hosts, arena_printf(f->a, "a.b.c.d.e.f.h%d.q%d.com", i, i));
		ARENA_PUSH(f->a, &r->message->to, arena_printf(f->a, "x%d@a.b.c.d.e.f.t%d.com", i, i));
	}
	SET(&file, attachment, name, STR("Invoice.pdf"));
	ARENA_PUSH(f->a, &r->detections->attachments, file);
	struct tokens t = tokens_of_record(f->a, r);
	static const char *const wanted[] = { "s=quick",       "s=fox",       "t=b@example.test",
					      "f=example.org", "d=h0.q0.com", "invoice.pdf",
					      "quick",         "example.test" };
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!tokens_has(t.fixed, str_of(wanted[i])))
			fail_msg("without %s", wanted[i]);
	assert_true(count(t.fixed, "d=") < 1000);
	assert_true(t.fixed.n - count(t.fixed, "p=") < 3000);
	assert_true(count(t.fixed, "p=") <= 1500);
}

/* Every plain token of three characters and more by how it begins; nothing else. */
static void prefixes_are_of_plain_tokens(void **state)
{
	struct fixture *f = *state;
	struct record *r =
	    fixture_record(f->a, 1, "p1", "a@example.org", "b@example.test", "gr\303\274\303\237e to X");
	static const char *const wanted[] = { "p=exa", "p=exam",       "p=examp",       "p=exampl",
					      "p=a@e", "p=gr\303\274", "p=gr\303\274ss" };
	static const char *const others[] = { "p=f=", "p=f=a", "p=ex", "p=to", "p=x", "p=gr", "p=example" };
	struct tokens t;

	SET(r->message, message, final_disposition, DISP_MALICIOUS);
	ARENA_PUSH(f->a, &r->message->detection_reasons, STR("malign example"));
	t = tokens_of_record(f->a, r);
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!tokens_has(t.fixed, str_of(wanted[i])))
			fail_msg("without %s", wanted[i]);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (tokens_has(t.fixed, str_of(others[i])))
			fail_msg("with %s", others[i]);
	assert_true(tokens_has(t.changing, STR("p=malici")));
	assert_true(tokens_has(t.changing, STR("p=malign")));
	assert_false(tokens_has(t.changing, STR("p=exa")));
	assert_int_equal(count(t.changing, "p=v"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_tokens_take_is_bounded),
		TEST(the_largest_record_can_be_changed),
		TEST(a_record_may_be_more_than_the_arena_holds),
		TEST(a_long_address_is_found_by_its_host),
		TEST(a_deep_host_has_few_parents),
		TEST(links_have_room_of_their_own),
		TEST(prefixes_are_of_plain_tokens),
	};

	return cmocka_run_group_tests_name("store/tokens", tests, NULL, NULL);
}
