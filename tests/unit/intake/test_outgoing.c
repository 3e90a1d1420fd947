/* The mail that goes out: our fields, then what came without what is left out, in pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"
#include "intake/outgoing.h"

#define MAIL "X-A: 1\r\nX-B: 2\r\nX-C: 3\r\n\r\nbody\r\n"

struct made {
	struct arena *a;
	struct smtp_peer peer;
	struct headers_options o;
	struct message m;
	struct record r;
};

static int make(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct made *x = ARENA_NEW(a, struct made);

	x->a = a;
	x->peer = (struct smtp_peer){ .helo = STR("mail.example.org"), .esmtp = true };
	x->o = (struct headers_options){ .hostname = "gw.example.test",
					 .prefix = "X-Postern-",
					 .peer = &x->peer,
					 .now_us = INT64_C(1704448800000000) };
	x->m.postfix_id = STR("4Njp3P0STMz2c02Q");
	x->r.message = &x->m;
	*state = x;
	return 0;
}

static int unmake(void **state)
{
	struct arena *a = ((struct made *)*state)->a;

	arena_free(&a);
	return 0;
}

struct cut {
	int64_t start, length;
};

static void pieces(void **state)
{
	static const struct {
		const char *name, *mail;
		struct cut cuts[3];
		const char *rest; /* behind our fields, pieces parted by | */
	} cases[] = {
		{ "nothing is left out", MAIL, { { 0 } }, MAIL },
		{ "the first field", MAIL, { { 0, 8 } }, "X-B: 2\r\nX-C: 3\r\n\r\nbody\r\n" },
		{ "one in the middle", MAIL, { { 8, 8 } }, "X-A: 1\r\n|X-C: 3\r\n\r\nbody\r\n" },
		{ "two in a row", MAIL, { { 0, 8 }, { 8, 8 } }, "X-C: 3\r\n\r\nbody\r\n" },
		{ "first and last", MAIL, { { 0, 8 }, { 16, 8 } }, "X-B: 2\r\n|\r\nbody\r\n" },
		{ "all there is", "X-A: 1\r\n", { { 0, 8 } }, "" },
		{ "an empty mail", "", { { 0 } }, "" },
	};
	struct made *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outgoing out;
		struct str rest = STR("");
		x->r.strip.n = 0;
		for (size_t j = 0; cases[i].cuts[j].length; j++) {
			struct byte_range cut = { .start = cases[i].cuts[j].start,
						  .length = cases[i].cuts[j].length };
			ARENA_PUSH(x->a, &x->r.strip, cut);
		}
		assert_int_equal(outgoing_make(x->a, &x->o, &x->r, str_of(cases[i].mail), &out), OK);
		assert_true(str_starts(out.pieces.v[0], STR("Received: from mail.example.org")));
		for (size_t j = 1; j < out.pieces.n; j++)
			rest = ARENA_JOIN(x->a, rest, str_of(j > 1 ? "|" : ""), out.pieces.v[j]);
		if (!str_eq(rest, str_of(cases[i].rest)))
			fail_msg("%s: %.*s", cases[i].name, STR_ARG(rest));
	}
}

/* What is changed stands between what is left out, for those who are told what the mail is, and for nobody else. */
static void changes(void **state)
{
	static struct byte_range cuts[] = { { .start = 8, .length = 8 } };
	static struct edit edits[] = { { .start = 0, .length = 0, .text = STR_INIT("X-N: 0\r\n") },
				       { .start = 16, .length = 6, .text = STR_INIT("X-D: 4") },
				       { .start = 32, .length = 0, .text = STR_INIT("end\r\n") } };
	struct made *x = *state;

	x->r.strip = (struct byte_range_list){ cuts, ARRAY_LEN(cuts) };
	x->r.edits = (struct edit_list){ edits, ARRAY_LEN(edits) };
	for (int judged = 0; judged < 2; judged++) {
		struct outgoing out;
		struct str rest = STR("");
		x->o.judged = judged;
		assert_int_equal(outgoing_make(x->a, &x->o, &x->r, STR(MAIL), &out), OK);
		for (size_t j = 1; j < out.pieces.n; j++)
			rest = ARENA_JOIN(x->a, rest, out.pieces.v[j]);
		assert_true(str_eq(rest, judged ? STR("X-N: 0\r\nX-A: 1\r\nX-D: 4\r\n\r\nbody\r\nend\r\n")
						: STR("X-A: 1\r\nX-C: 3\r\n\r\nbody\r\n")));
	}
}

/* Our fields end where what follows them would be taken for a part of them: seen behind what is left out. */
static void seam(void **state)
{
	struct made *x = *state;
	struct byte_range cut = { .start = 0, .length = 8 };
	struct outgoing out;

	ARENA_PUSH(x->a, &x->r.strip, cut);
	assert_int_equal(outgoing_make(x->a, &x->o, &x->r, STR("X-A: 1\r\nno field"), &out), OK);
	assert_true(str_ends(out.pieces.v[0], STR("\r\n\r\n")));
	assert_int_equal(outgoing_make(x->a, &x->o, &x->r, STR("X-A: 1\r\nX-B: 2\r\n"), &out), OK);
	assert_false(str_ends(out.pieces.v[0], STR("\r\n\r\n")));
}

static void too_much(void **state)
{
	struct made *x = *state;
	char *text = arena_zalloc(x->a, HEADERS_MAX);
	struct outgoing out;

	memset(text, 'x', HEADERS_MAX);
	SET(&x->r, record, authentication, str_from(text, HEADERS_MAX));
	assert_int_equal(outgoing_make(x->a, &x->o, &x->r, STR(MAIL), &out), ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pieces, make, unmake),
						    cmocka_unit_test_setup_teardown(changes, make, unmake),
						    cmocka_unit_test_setup_teardown(seam, make, unmake),
						    cmocka_unit_test_setup_teardown(too_much, make, unmake) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
