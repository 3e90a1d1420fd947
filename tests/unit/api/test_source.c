/* Sources as answers: what comes in pieces of any size is what would have come at once, and how many come at a time. */
#include "../store/fixture.h"

#include "api/internal.h"
#include "api/source.h"

struct asked {
	struct fixture *f;
	struct api api;
};

static int setup(void **state)
{
	struct asked *x = calloc(1, sizeof(*x));
	void *f;

	fixture_setup(&f);
	x->f = f;
	x->api.o.store = x->f->st;
	pthread_mutex_init(&x->api.sources.mutex, NULL);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct asked *x = *state;
	void *f = x->f;

	pthread_mutex_destroy(&x->api.sources.mutex);
	fixture_teardown(&f);
	free(x);
	return 0;
}

static struct request ask(struct asked *x, uint64_t principal, struct str raw)
{
	struct request rq = { .api = &x->api, .arena = x->f->a, .principal.key = principal };

	buf_init(&rq.out, REQUEST_ANSWER_MAX);
	source_reply(&rq, hash_sha256_hex(x->f->a, raw));
	return rq;
}

static void forget(struct request *rq)
{
	if (rq->source.close)
		rq->source.close(rq->source.ctx);
	buf_free(&rq->out);
}

static void pieces_are_the_whole(void **state)
{
	static const char *const parts[] = { "plain text, ", "\xc3\xa9",     "\xf0\x9f\x98\x80", "\xe2\x82",
					     "\xff\xc3",     "\x01\"\\\r\n", "\xed\xa0\x80",     "\xf0\x9f" };
	/* The first is answered as a whole, the others are too large for that. */
	static const struct {
		int parts;
		size_t piece;
	} sizes[] = { { 2000, 0 }, { 200000, 1000000 }, { 200000, 32768 }, { 200000, 333 }, { 200000, 7 } };
	struct asked *x = *state;
	struct fixture *f = x->f;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct buf raw, want, got;
		buf_init(&raw, 2 << 20);
		buf_init(&want, 8 << 20);
		buf_init(&got, 8 << 20);
		for (int k = 0; k < sizes[i].parts; k++)
			buf_add_c(&raw, parts[fixture_random(f, ARRAY_LEN(parts))]);
		buf_add_c(&raw, parts[i]); /* the last one may be cut */
		assert_int_equal(store_raw_put(f->st, buf_str(&raw), hash_sha256_hex(f->a, buf_str(&raw))),
				 OK);
		struct request rq = ask(x, 1, buf_str(&raw));
		assert_int_equal(rq.status, 200);
		buf_add(&got, buf_str(&rq.out));
		assert_int_equal(rq.source.read != NULL, sizes[i].piece != 0);
		for (size_t n = rq.source.read != NULL; n > 0;) {
			char *to = buf_reserve(&got, sizes[i].piece);
			assert_non_null(to);
			assert_int_equal(rq.source.read(rq.source.ctx, to, sizes[i].piece, &n), OK);
			assert_true(n <= sizes[i].piece);
			buf_grew(&got, n);
		}
		buf_add_c(&want, "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":{\"raw\":");
		json_str(&want, buf_str(&raw));
		buf_add_c(&want, "}}");
		assert_true(str_eq(buf_str(&got), buf_str(&want)));
		forget(&rq);
		buf_free(&raw);
		buf_free(&want);
		buf_free(&got);
	}
}

static void so_many_at_a_time(void **state)
{
	struct asked *x = *state;
	static char large[400000]; /* so that it is not answered as a whole */
	struct str raw = str_from(memset(large, 'x', sizeof(large)), sizeof(large));
	struct request on_their_way[SLOTS_MAX];

	assert_int_equal(store_raw_put(x->f->st, raw, hash_sha256_hex(x->f->a, raw)), OK);
	for (size_t i = 0; i < SLOTS_MAX; i++) {
		on_their_way[i] = ask(x, 1 + i / SOURCES_OWN, raw);
		assert_int_equal(on_their_way[i].status, 200);
		if (i % SOURCES_OWN == SOURCES_OWN - 1) { /* its own are all on their way */
			struct request more = ask(x, 1 + i / SOURCES_OWN, raw);
			assert_int_equal(more.status, 503);
			forget(&more);
		}
	}
	struct request other = ask(x, 99, raw);
	assert_int_equal(other.status, 503);
	forget(&other);
	forget(&on_their_way[3]);
	other = ask(x, 99, raw);
	assert_int_equal(other.status, 200);
	forget(&other);
	for (size_t i = 0; i < SLOTS_MAX; i++)
		if (i != 3)
			forget(&on_their_way[i]);
}

static void what_is_gone_is_404(void **state)
{
	struct asked *x = *state;

	for (size_t i = 0; i < 2 * SLOTS_MAX; i++) { /* and keeps no place */
		struct request rq = ask(x, 1, STR("nobody put this"));
		assert_int_equal(rq.status, 404);
		forget(&rq);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pieces_are_the_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(so_many_at_a_time, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_gone_is_404, setup, teardown),
	};

	return cmocka_run_group_tests_name("api/source", tests, NULL, NULL);
}
