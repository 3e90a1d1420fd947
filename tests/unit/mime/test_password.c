/* Passwords in the words of a mail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "mime/password.h"

static void test_said(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: none */
	} rows[] = {
		{ "Password: 1234", "1234" },
		{ "The password is Summer2026!", "Summer2026" },
		{ "The password is Summer2026!", "Summer2026!" },
		{ "password for the archive is \"blue sky\"", "blue" },
		{ "password for the archive is \"blue sky\"", "blue sky" },
		{ "PASSWORD - abc.def", "abc.def" },
		{ "pass: x7K", "x7K" },
		{ "Use passcode 778899 to open it.", "778899" },
		{ "Your access code is: QRT-11", "QRT-11" },
		{ "pwd=hello123", "hello123" },
		{ "Password:\r\n\r\n  file77\r\n", "file77" },
		{ "1234 is the password", "1234" },
		{ "Das Passwort lautet Geheim7.", "Geheim7" },
		{ "Kennwort f\xc3\xbcr die Datei: \xe2\x80\x9e"
		  "abc99\xe2\x80\x9c",
		  "abc99" },
		{ "Le mot de passe est soleil5", "soleil5" },
		{ "mdp : 4455", "4455" },
		{ "La contrase\xc3\xb1"
		  "a es sol12",
		  "sol12" },
		{ "clave: 9911", "9911" },
		{ "A senha \xc3\xa9 fado33", "fado33" },
		{ "La password \xc3\xa8 roma44", "roma44" },
		{ "Het wachtwoord is tulp55", "tulp55" },
		{ "Has\xc5\x82o: zima66", "zima66" },
		{ "\xd0\x9f\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c: zima77", "zima77" },
		{ "\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c \xd0\xb4\xd0\xbb\xd1\x8f 5511", "5511" },
		{ "\xe5\xaf\x86\xe7\xa0\x81\xef\xbc\x9a"
		  "8866",
		  "8866" },
		{ "\xe5\xaf\x86\xe7\xa0\x81\xe6\x98\xaf"
		  "abc88\xe8\xb0\xa2\xe8\xb0\xa2",
		  "abc88" },
		{ "\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89\xe3\x81\xaf"
		  "xy12\xe3\x81\xa7\xe3\x81\x99",
		  "xy12" },
		{ "\xeb\xb9\x84\xeb\xb0\x80\xeb\xb2\x88\xed\x98\xb8: 3344", "3344" },
		{ "Password:12345", "12345" },
		{ "password >>> go2 <<<", "go2" },
		{ "Hello, see you on Monday.", NULL },
		{ "The zipcode: 12345", NULL },
		{ "", NULL },
	};
	struct arena *a = arena_new(8u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str text = str_of(rows[i].text);
		struct passwords p = passwords_in(a, &text, 1);
		if (!rows[i].want && p.said.n)
			fail_msg("%s: %.*s", rows[i].text, STR_ARG(p.said.v[0]));
		if (rows[i].want && !strs_has(&p.said, str_of(rows[i].want)))
			fail_msg("%s: %s is not among %zu", rows[i].text, rows[i].want, p.said.n);
		assert_int_equal(rows[i].want != NULL, p.sentence.n > 0);
	}
	arena_free(&a);
}

/* The likeliest first: office documents allow four tries. */
static void test_order(void **state)
{
	static const struct {
		const char *text, *first;
	} rows[] = {
		{ "Please find the file. The password is: Abc12 thanks a lot", "Abc12" },
		{ "Das Kennwort f\xc3\xbcr die Datei lautet Geheim bitte sofort lesen", "Geheim" },
		{ "Invoice 2026-11-03 attached, password 7781", "7781" },
	};
	struct arena *a = arena_new(8u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str text = str_of(rows[i].text);
		struct passwords p = passwords_in(a, &text, 1);
		if (!str_eq(p.said.v[0], str_of(rows[i].first)))
			fail_msg("%s: %.*s comes first", rows[i].text, STR_ARG(p.said.v[0]));
	}
	arena_free(&a);
}

static void test_bounds(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str piece = STR("password: abc1 def2 ghi3 "), many = STR_NONE;

	(void)state;
	for (int i = 0; i < 12; i++)
		many = ARENA_JOIN(a, many, many, piece);
	struct passwords p = passwords_in(a, &many, 1);
	assert_true(p.said.n > 2 && p.said.n <= PASSWORDS_MAX);
	char *line = arena_alloc(a, 500);
	memset(line, 'x', 500);
	struct str text = ARENA_JOIN(a, STR("password: "), str_from(line, 500));
	assert_int_equal(passwords_in(a, &text, 1).said.n, 0); /* nobody types that */
	text = STR("password:");
	assert_int_equal(passwords_in(a, &text, 1).said.n, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
