/* Header fields of a request: which of them two readers could take differently. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/request_headers.h"
#include "base/arena.h"

#define NO_LENGTH UINT64_MAX

static const struct {
	const char *name, *fields; /* NAME=VALUE a line, as the library gives them */
	bool clear, swallowed;
	uint64_t length;
} cases[] = {
	{ "nothing", "", true, true, NO_LENGTH },
	{ "of no interest", "X-Other=1\nX-Other=2", true, true, NO_LENGTH },
	{ "a length", "content-length= 17\t", true, true, 17 },
	{ "two equal lengths", "Content-Length=1\nContent-Length=1", false, false, 1 },
	{ "a signed length", "Content-Length=+1", false, true, NO_LENGTH },
	{ "a list of lengths", "Content-Length=1, 1", false, true, NO_LENGTH },
	{ "a length of 2^64", "Content-Length=18446744073709551616", false, true, NO_LENGTH },
	{ "a length nobody waits for", "Content-Length=67108865", true, false, 67108865 },
	{ "an empty length", "Content-Length=", false, true, NO_LENGTH },
	{ "chunked", "Transfer-Encoding=Chunked", true, false, NO_LENGTH },
	{ "chunked twice", "Transfer-Encoding=chunked\nTransfer-Encoding=chunked", false, false, NO_LENGTH },
	{ "chunked in a list", "Transfer-Encoding=gzip, chunked", false, false, NO_LENGTH },
	{ "chunked with a length", "Transfer-Encoding=chunked\nContent-Length=1", false, false, 1 },
	{ "two who ask", "Authorization=Bearer a\nAuthorization=Bearer b", false, true, NO_LENGTH },
	{ "two equal who ask", "X-Auth-Key=a\nx-auth-key=a", false, true, NO_LENGTH },
	{ "two addresses", "X-Auth-Email=a\nX-Auth-Email=", false, true, NO_LENGTH },
	{ "two kinds of body", "Content-Type=a/b\nContent-Type=c/d", false, true, NO_LENGTH },
	{ "a blank before the colon", "Transfer-Encoding =chunked", false, true, NO_LENGTH },
	{ "a folded framing field", "Transfer-Encodingchunked=", false, true, NO_LENGTH },
	{ "no name", "=x", false, true, NO_LENGTH },
	{ "a bare CR", "X-Other=a\rContent-Length: 5", false, true, NO_LENGTH },
	{ "a bare CR at the end", "X-Other=a\r", false, true, NO_LENGTH },
	{ "DEL", "X-Other=\x7f", false, true, NO_LENGTH },
	{ "a tab and UTF-8", "X-Other=a\tb \xc3\xa9", true, true, NO_LENGTH },
	{ "two hosts", "Host=a\nHost=a", false, true, NO_LENGTH },
	{ "asks whether to send", "Expect=100-continue\nContent-Length=5", true, false, 5 },
};

static void read_fields(struct arena *a, const char *fields, struct request_headers *h)
{
	struct str left = str_of(fields);

	*h = (struct request_headers){ 0 };
	while (left.n) {
		size_t at = str_find_char(left, '=', 0), end = str_find_char(left, '\n', at);
		request_headers_add(h, a, str_sub(left, 0, at), str_sub(left, at + 1, end));
		left = end == SIZE_MAX ? STR_NONE : str_sub(left, end + 1, left.n);
	}
}

static void test_framing(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct request_headers h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		read_fields(a, cases[i].fields, &h);
		if (request_headers_is_clear(&h) != cases[i].clear ||
		    request_headers_is_swallowed(&h) != cases[i].swallowed ||
		    (h.has_length ? h.length : NO_LENGTH) != cases[i].length)
			fail_msg("%s: %s, %s, length %lld", cases[i].name,
				 request_headers_is_clear(&h) ? "clear" : "unclear",
				 request_headers_is_swallowed(&h) ? "swallowed" : "cut",
				 h.has_length ? (long long)h.length : -1LL);
	}
	arena_free(&a);
}

static void test_values(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct request_headers h;

	(void)state;
	read_fields(a,
		    "AUTHORIZATION= Bearer x \nx-auth-email=a@b.test\nX-Auth-Key=k\nContent-Type=a/b\n"
		    "X-Forwarded-For=192.0.2.1\nx-forwarded-for=192.0.2.2, 192.0.2.3",
		    &h);
	assert_true(str_eq(h.authorization, STR("Bearer x")));
	assert_true(str_eq(h.auth_email, STR("a@b.test")));
	assert_true(str_eq(h.auth_key, STR("k")));
	assert_true(str_eq(h.content_type, STR("a/b")));
	assert_int_equal(h.forwarded.n, 2);
	assert_true(str_eq(h.forwarded.v[1], STR("192.0.2.2, 192.0.2.3")));
	arena_free(&a);
}

static void chunks_are_of_http_1_1(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct request_headers h;

	(void)state;
	read_fields(a, "Transfer-Encoding=chunked", &h);
	assert_true(request_headers_is_clear(&h));
	h.http_1_0 = true;
	assert_false(request_headers_is_clear(&h));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_framing), cmocka_unit_test(test_values),
					    cmocka_unit_test(chunks_are_of_http_1_1) };

	return cmocka_run_group_tests_name("api/request_headers", tests, NULL, NULL);
}
