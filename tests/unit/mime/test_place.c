/* Where in the raw message that stands which was read: encodings, charsets, equal pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "mime/place.h"

#define QP "Content-Transfer-Encoding: quoted-printable\n"
#define BASE64 "Content-Transfer-Encoding: base64\n"

static const struct {
	const char *name, *mail, *piece;
	size_t nth;       /* of the pieces in the source */
	const char *want; /* "" = it is not to be found */
} rows[] = {
	{ "as it is", "From: a@x\n\nsee http://a.test/x now", "http://a.test/x", 0, "http://a.test/x" },
	{ "the second", "From: a@x\n\n<a> <b> <a> end", "<a>", 1, "<a> end" },
	{ "quoted-printable", "From: a@x\n" QP "\nK=C3=A4se <a href=3D\"x=\n/y\"> z", "<a href=\"x/y\">", 0,
	  "<a href=3D\"x=\n/y\">" },
	{ "an escape at the end", "From: a@x\n" QP "\nab =3D=3D cd", "b =", 0, "b =3D" },
	{ "a break of a CR", "From: a@x\n" QP "\nab=\rcd ef", "cd", 0, "cd" },
	{ "what encodes nothing", "From: a@x\n" QP "\nab =zz cd", "cd", 0, "cd" },
	{ "base64", "From: a@x\n" BASE64 "\nYWJjZGVm\nZ2hpamts\n", "fgh", 0, "Vm\nZ2h" },
	{ "base64, the first byte", "From: a@x\n" BASE64 "\nYWJjZGVm\n", "a", 0, "YW" },
	{ "base64 in two", "From: a@x\n" BASE64 "\nYWI=\nZGVm\n", "de", 0, "" },
	{ "another charset before it",
	  "From: a@x\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe4\xf6 www.a.test", "www.a.test", 0,
	  "www.a.test" },
	{ "of another charset", "From: a@x\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe4\xf6 a",
	  "\xc3\xa4", 0, "" },
	{ "joined of two lines",
	  "From: a@x\nContent-Type: text/plain; format=flowed; delsp=yes\n\nhttp://a.test/ \nxyz b",
	  "http://a.test/xyz", 0, "" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(8 << 20, NULL, NULL);
		struct str raw = str_of(rows[i].mail), piece = str_of(rows[i].piece),
			   want = str_of(rows[i].want);
		struct mime_content *c = content_extract(a, mime_parse(a, raw));
		struct place place;
		assert_true(c->texts.n > 0);
		const struct mime_text *t = &c->texts.v[0]; /* others are what some programs read */
		size_t at = str_find(t->source, piece, 0);
		for (size_t n = 0; n < rows[i].nth; n++)
			at = str_find(t->source, piece, at + 1);
		assert_int_not_equal(at, SIZE_MAX);
		bool found = mime_place(a, t, at, piece.n, &place);
		if (found != (want.n > 0))
			fail_msg("%s: %s", rows[i].name, found ? "found" : "not found");
		struct str got = found ? str_sub(raw, place.start, place.start + want.n) : STR_NONE;
		if (!str_eq(got, want) || (found && place.length != (rows[i].nth ? piece.n : want.n)))
			fail_msg("%s: %zu of \"%.*s\"", rows[i].name, place.length, STR_ARG(got));
		arena_free(&a);
	}
}

/* Of bytes that the message has not, nothing is said. */
static void test_derived(void **state)
{
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_content *c =
	    content_extract(a, mime_parse(a, STR("From: a@x\nContent-Type: message/rfc822\n" BASE64
						 "\nU3ViamVjdDogeAoKaGVsbG8gd29ybGQK\n")));
	struct place place;
	(void)state;

	assert_int_equal(c->texts.n, 1);
	assert_true(c->texts.v[0].part->derived);
	assert_false(mime_place(a, &c->texts.v[0], 0, 5, &place));
	assert_false(mime_place(a, &c->texts.v[0], 999, 5, &place));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_derived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
