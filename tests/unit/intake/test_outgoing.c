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
	struct arena *a = arena_new(16u << 20, NULL, NULL);
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

/* What is signed is what a receiver has: bare CRs that are completed on the way are completed before. */
static void line_ends_are_completed(void **state)
{
	static const struct {
		const char *pieces[3], *want; /* NULL: it cannot be said */
	} cases[] = {
		{ { "a\r\nb\r\n" }, "a\r\nb\r\n" },   { { "a\r.b" }, "a\r\n.b" },
		{ { "\r.\r.\r" }, "\r\n.\r\n.\r\n" }, { { "a\r", ".b", "\r" }, "a\r\n.b\r\n" },
		{ { "a\r", "\n.b" }, "a\r\n.b" },     { { "a\n.b\rc" }, "a\n.b\rc" },
	};
	struct made *x = *state;
	struct outgoing out = { 0 };
	static const char zero[] = "a\0.b";
	char *many = arena_alloc(x->a, 200000);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		out = (struct outgoing){ .changed = i % 2 };
		for (size_t k = 0; k < 3 && cases[i].pieces[k]; k++)
			ARENA_PUSH(x->a, &out.pieces, str_of(cases[i].pieces[k]));
		assert_true(outgoing_complete(x->a, &out));
		assert_int_equal(out.changed, i % 2);
		struct str all = arena_join(x->a, out.pieces.v, out.pieces.n);
		if (!str_eq(all, str_of(cases[i].want)))
			fail_msg("%zu: %.*s", i, STR_ARG(all));
	}
	for (size_t i = 0; i < 200000; i++)
		many[i] = i % 2 ? '.' : '\r';
	const struct str not_these[] = { str_from(zero, sizeof(zero) - 1), str_from(many, 200000) };
	for (size_t i = 0; i < ARRAY_LEN(not_these); i++) {
		out = (struct outgoing){ 0 };
		ARENA_PUSH(x->a, &out.pieces, not_these[i]);
		assert_false(outgoing_complete(x->a, &out));
		assert_true(out.pieces.n == 1 && str_eq(out.pieces.v[0], not_these[i]));
	}
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

/* Pieces parted by |, wherever that is. */
static struct outgoing pieces_of(struct arena *a, const char *text)
{
	struct str all = str_of(text);
	struct outgoing out = { 0 };

	for (size_t at = 0, end; at < all.n; at = end + 1) {
		end = str_find_char(all, '|', at);
		if (end == SIZE_MAX)
			end = all.n;
		ARENA_PUSH(a, &out.pieces, str_sub(all, at, end));
	}
	return out;
}

static void parts(void **state)
{
	static const struct {
		const char *name, *mail;
		const char *fields, *body; /* fields with their lengths; NULL = it is not taken apart */
	} cases[] = {
		{ "plain", "A: 1\r\nB: 2\r\n\r\nbody", "A6 B6 ", "body" },
		{ "bare line feeds", "A: 1\nB: 2\n\nbody\n", "A5 B5 ", "body\n" },
		{ "folded", "A: 1\r\n 2\r\n\t3\r\nB:\r\n\r\n", "A14 B4 ", "" },
		{ "blanks before the colon", "A \t: 1\r\n\r\n", "A8 ", "" },
		{ "pieces in the middle of all", "A: |1\r|\n 2\r\n|B: 2\r\n\r|\nbo|dy", "A10 B6 ", "bo dy" },
		{ "an empty line at the start of a piece", "A: 1\r\n|\r\n|x", "A6 ", "x" },
		{ "no fields", "\r\nbody", "", "body" },
		{ "no end", "A: 1\r\nB: 2\r\n", NULL, NULL },
		{ "nothing", "", NULL, NULL },
		{ "a stray line", "A: 1\r\nstray\r\n\r\nbody", NULL, NULL },
		{ "a line of an mbox", "From a Mon Jan 1\r\nA: 1\r\n\r\n", NULL, NULL },
		{ "goes on with nothing", " 1\r\nA: 1\r\n\r\n", NULL, NULL },
		{ "no name", ": 1\r\n\r\n", NULL, NULL },
		{ "blanks only go on", "A: 1\r\n  \r\n\r\nx", "A10 ", "x" },
	};
	struct made *x = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct outgoing out = pieces_of(x->a, cases[i].mail);
		struct str fields = STR(""), body = STR("");
		struct outgoing_parts p;
		bool apart = outgoing_split(x->a, &out, &p);
		if (apart != (cases[i].fields != NULL))
			fail_msg("%s: %d", cases[i].name, apart);
		for (size_t j = 0; apart && j < p.mail.fields.n; j++)
			fields = ARENA_JOIN(x->a, fields, p.mail.fields.v[j].name,
					    arena_printf(x->a, "%zu ", p.mail.fields.v[j].whole.n));
		for (size_t j = 0; apart && j < p.body.n; j++)
			body = ARENA_JOIN(x->a, body, str_of(j ? " " : ""), p.body.v[j]);
		if (apart &&
		    (!str_eq(fields, str_of(cases[i].fields)) || !str_eq(body, str_of(cases[i].body))))
			fail_msg("%s: %.*s| %.*s", cases[i].name, STR_ARG(fields), STR_ARG(body));
	}
}

/* The header ends where it ends, however far behind; up to a ceiling. */
static void long_header(void **state)
{
	struct made *x = *state;
	size_t n = 3u << 20;
	char *text = arena_alloc(x->a, n);
	struct outgoing_parts p;

	memset(text, 'x', n);
	memcpy(text, "A: ", 3);
	memcpy(text + 200000, "\r\n\r\n", 4);
	struct outgoing out = { 0 };
	ARENA_PUSH(x->a, &out.pieces, str_from(text, n));
	assert_true(outgoing_split(x->a, &out, &p));
	assert_int_equal(p.mail.fields.v[0].whole.n, 200002);
	assert_int_equal(p.body.v[0].n, n - 200004);
	memset(text + 200000, 'x', 4);
	assert_false(outgoing_split(x->a, &out, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(line_ends_are_completed, make,
									    unmake),
					    cmocka_unit_test_setup_teardown(pieces, make, unmake),
					    cmocka_unit_test_setup_teardown(changes, make, unmake),
					    cmocka_unit_test_setup_teardown(seam, make, unmake),
					    cmocka_unit_test_setup_teardown(too_much, make, unmake),
					    cmocka_unit_test_setup_teardown(parts, make, unmake),
					    cmocka_unit_test_setup_teardown(long_header, make, unmake) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
