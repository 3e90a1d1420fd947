/* Dot-stuffing: every case whole and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "smtp/stuff.h"

static size_t stuff(struct str in, size_t piece, char *out, size_t room)
{
	struct smtp_stuffer s = { STUFF_LINE_START };
	size_t n = 0;

	for (size_t at = 0; at < in.n; at += piece) {
		struct str part = str_sub(in, at, at + piece);
		while (part.n > 0) {
			size_t some = piece + SMTP_STUFF_ROOM < room - n ? piece + SMTP_STUFF_ROOM : room - n;
			n += smtp_stuff(&s, &part, out + n, some);
		}
	}
	return n + smtp_stuff_end(&s, out + n);
}

static void cases(void **state)
{
	static const struct {
		const char *name;
		struct str in, want;
	} t[] = {
		{ "empty", STR_INIT(""), STR_INIT(".\r\n") },
		{ "a line", STR_INIT("a\r\n"), STR_INIT("a\r\n.\r\n") },
		{ "a line without end", STR_INIT("a"), STR_INIT("a\r\n.\r\n") },
		{ "a dot first", STR_INIT(".\r\n"), STR_INIT("..\r\n.\r\n") },
		{ "dots", STR_INIT("a\r\n..b\r\n.\r\n"), STR_INIT("a\r\n...b\r\n..\r\n.\r\n") },
		{ "a dot within", STR_INIT("a.b.\r\n"), STR_INIT("a.b.\r\n.\r\n") },
		{ "bare LF passes", STR_INIT("a\nb\r\n"), STR_INIT("a\nb\r\n.\r\n") },
		{ "bare CR passes", STR_INIT("a\rb\r\n"), STR_INIT("a\rb\r\n.\r\n") },
		{ "LF dot CRLF", STR_INIT("a\n.\r\nb\r\n"), STR_INIT("a\r\n..\r\nb\r\n.\r\n") },
		{ "LF dot LF", STR_INIT("a\n.\nb\r\n"), STR_INIT("a\r\n..\nb\r\n.\r\n") },
		{ "CR dot CR", STR_INIT("a\r.\rb\r\n"), STR_INIT("a\r\n..\rb\r\n.\r\n") },
		{ "CR CR LF dot", STR_INIT("a\r\r\n.\r\n"), STR_INIT("a\r\r\n..\r\n.\r\n") },
		{ "CRLF LF dot", STR_INIT("a\r\n\n.b\r\n"), STR_INIT("a\r\n\r\n..b\r\n.\r\n") },
		{ "bare CR last", STR_INIT("a\r"), STR_INIT("a\r\n.\r\n") },
		{ "bare LF last", STR_INIT("a\n"), STR_INIT("a\r\n.\r\n") },
		{ "NULs", STR_INIT("\0a\0.\r\n\0"), STR_INIT("\0a\0.\r\n\0\r\n.\r\n") },
		{ "NUL dot", STR_INIT("\0.\r\n\0\0.\r\n"), STR_INIT("\0..\r\n\0\0..\r\n.\r\n") },
		{ "LF NUL dot", STR_INIT("a\n\0.\r\n"), STR_INIT("a\n\0..\r\n.\r\n") },
		{ "CR NUL LF dot", STR_INIT("a\r\0\n.\r\n"), STR_INIT("a\r\0\r\n..\r\n.\r\n") },
		{ "CR NUL CR NUL dot", STR_INIT("a\r\0\r\0.\r\n"), STR_INIT("a\r\0\r\0..\r\n.\r\n") },
	};
	char out[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(t); i++) {
		print_message("# %s\n", t[i].name);
		for (size_t piece = 1; piece <= t[i].in.n + 1; piece++) {
			size_t n = stuff(t[i].in, piece, out, sizeof(out));
			assert_int_equal(n, t[i].want.n);
			assert_memory_equal(out, t[i].want.p, n);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(cases) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
