/* Which registered names a display name resembles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attr.h"
#include "policy/name_index.h"

static const struct str names[] = {
	STR_INIT("Jane Doe"),
	STR_INIT("Dr. Jos\xc3\xa9 Mar\xc3\xad"
		 "a Garc\xc3\xad"
		 "a"),
	STR_INIT("Bernard Milner"),
	STR_INIT("Payroll"),
	STR_INIT("O'Brien, Kate"),
	STR_INIT("Li Wu"),
	STR_INIT("CEO"),
	STR_INIT("\xe7\x94\xb0\xe4\xb8\xad\xe5\xa4\xaa\xe9\x83\x8e"), /* Tanaka Taro */
	STR_INIT("Peter Nolan"),
};
enum { JANE, JOSE, BERNARD, PAYROLL, KATE, LI, CEO, TANAKA, PETER, NOBODY };

static const struct {
	const char *shown;
	int name; /* NOBODY: none */
	enum name_likeness how;
} cases[] = {
	{ "Jane Doe", JANE, NAME_SAME },
	{ "JANE DOE", JANE, NAME_SAME },
	{ "Doe, Jane", JANE, NAME_SAME },
	{ "doe jane", JANE, NAME_SAME },
	{ "Jane.Doe", JANE, NAME_SAME },
	{ "Jane Doe (CEO)", JANE, NAME_SAME },
	{ "Dr. Jane Doe, PhD", JANE, NAME_SAME },
	{ "Jane M. Doe", JANE, NAME_SAME },
	{ "J\xc3\xa4ne Do\xc3\xab", JANE, NAME_SAME },
	{ "J\xd0\xb0ne D\xd0\xbe\xd0\xb5", JANE, NAME_SAME }, /* Cyrillic */
	{ "Jane D0e", JANE, NAME_SAME },
	{ "Jose Maria Garcia", JOSE, NAME_SAME },
	{ "Garcia, Jos\xc3\xa9 Maria", JOSE, NAME_SAME },
	{ "Bemard Milner", BERNARD, NAME_SAME },
	{ "Kate OBrien", KATE, NAME_SAME },
	{ "Kate O\xe2\x80\x99"
	  "Brien",
	  KATE, NAME_SAME },
	{ "payroll", PAYROLL, NAME_SAME },
	{ "Ceo", CEO, NAME_SAME },
	{ "\xe7\x94\xb0\xe4\xb8\xad\xe5\xa4\xaa\xe9\x83\x8e", TANAKA, NAME_SAME },
	{ "Jane Doe | Northwind Ltd.", JANE, NAME_SAME },
	{ "Northwind Ltd. | Doe, Jane", JANE, NAME_SAME },
	{ "Jane Doe - Northwind", JANE, NAME_SAME },
	{ "Jane Doe \xe2\x80\x93 Northwind", JANE, NAME_SAME }, /* a dash */
	{ "Jane Doe (Northwind)", JANE, NAME_SAME },
	{ "Jane Doe, Northwind Ltd.", JANE, NAME_SAME },
	{ "Jane Doe @ Northwind", JANE, NAME_SAME },
	{ "Bernhard Milner / Northwind", BERNARD, NAME_SLIP },
	{ "J. Doe | Northwind", JANE, NAME_INITIAL },
	{ "janedoe", JANE, NAME_SAME },
	{ "BernardMilner", BERNARD, NAME_SAME },
	{ "bernardmilner | Northwind", BERNARD, NAME_SAME },
	{ "J a n e  D o e", JANE, NAME_SAME },
	{ "B.e.r.n.a.r.d M.i.l.n.e.r", BERNARD, NAME_SAME },
	{ "Ja ne Do e", JANE, NAME_SAME },
	{ "peternolan", PETER, NAME_SAME }, /* "rn" where the words meet */
	{ "P e t e r N o l a n", PETER, NAME_SAME },
	{ "Jnae Doe", JANE, NAME_SLIP },
	{ "Jane Dooe", JANE, NAME_SLIP },
	{ "Doe Jan", JANE, NAME_SLIP },
	{ "Bernhard Millner", BERNARD, NAME_SLIP },
	{ "Milner, Bernhard", BERNARD, NAME_SLIP },
	{ "Bernard Mliner", BERNARD, NAME_SLIP },
	{ "Barnard Milner", BERNARD, NAME_SLIP },
	{ "Peter Nollan", PETER, NAME_SLIP },
	{ "J. Doe", JANE, NAME_INITIAL },
	{ "Doe, J.", JANE, NAME_INITIAL },
	{ "K. O'Brien", KATE, NAME_INITIAL },
	/* near misses */
	{ "", NOBODY, 0 },
	{ " , .", NOBODY, 0 },
	{ "Jane", NOBODY, 0 },
	{ "Doe", NOBODY, 0 },
	{ "Jane Roe Doe", NOBODY, 0 },
	{ "Jane Doe via Files", NOBODY, 0 },
	{ "Jim Doe", NOBODY, 0 },       /* seven letters, two slips */
	{ "Bernd Mueller", NOBODY, 0 }, /* three */
	{ "Payrolls", NOBODY, 0 },      /* one word must be the same */
	{ "Le Wu", NOBODY, 0 },         /* four letters */
	{ "L. Wu", NOBODY, 0 },         /* so short a surname is anybody's */
	{ "D. Jane", NOBODY, 0 },
	{ "B. Doe", NOBODY, 0 },
	{ "Joan Doe", NOBODY, 0 }, /* other names, of the same length */
	{ "Jade Doe", NOBODY, 0 },
	{ "Jane Dow", NOBODY, 0 },
	{ "Kane Doe", NOBODY, 0 },
	{ "Berta Milner", NOBODY, 0 },
	{ "Bernarda Milners", BERNARD, NAME_SLIP },
	{ "Petra Nolan", NOBODY, 0 },
	{ "Peter Dolan", PETER, NAME_SLIP },
	{ "Petey Nolan", NOBODY, 0 }, /* the last letter is another */
	{ "Lia Wu", NOBODY, 0 },
	{ "liwu", NOBODY, 0 },
	{ "Northwind | Payroll", NOBODY, 0 }, /* one word of several */
	{ "Jane | Doe", JANE, NAME_SAME },
	{ "Jane-Doe-Foundation", NOBODY, 0 },
	{ "Northwind Jane Doe Fund", NOBODY, 0 },
};

static void test_table(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct name_index *x = name_index_new(a, names, ARRAY_LEN(names));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct name_matches m = name_index_find(a, x, str_of(cases[i].shown));
		if (m.n != (cases[i].name != NOBODY))
			fail_msg("%s: like %zu names", cases[i].shown, m.n);
		if (m.n > 0 && (m.v[0].name != (size_t)cases[i].name || m.v[0].how != cases[i].how))
			fail_msg("%s: like %.*s, in way %d", cases[i].shown, STR_ARG(names[m.v[0].name]),
				 (int)m.v[0].how);
	}
	arena_free(&a);
}

/* Several entries may have one name; each is told, whatever order they came in. */
static void test_namesakes(void **state)
{
	static const struct str twice[] = { STR_INIT("Ann Lee"), STR_INIT("Bob Ray"), STR_INIT("Lee, Ann"),
					    STR_INIT("Anna Lee") };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct name_index *x = name_index_new(a, twice, ARRAY_LEN(twice));
	struct name_matches m = name_index_find(a, x, STR("ann lee"));

	(void)state;
	assert_int_equal(m.n, 3);
	assert_true(m.v[0].name == 0 && m.v[1].name == 2 && m.v[2].name == 3);
	assert_true(m.v[1].how == NAME_SAME && m.v[2].how == NAME_SLIP);
	x = name_index_new(a, NULL, 0);
	assert_int_equal(name_index_find(a, x, STR("ann lee")).n, 0);
	arena_free(&a);
}

/* Whatever bytes it is asked for, and has. */
static void test_any_bytes(void **state)
{
	struct arena *a = arena_new(16u << 20, NULL, NULL);
	struct str odd[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		char *p = arena_alloc(a, 300);
		for (size_t j = 0; j < 300; j++)
			p[j] = (char)(i * 31 + j * (i % 7) + (j % 11 == 0 ? ' ' : 0));
		odd[i] = str_from(p, 300 - i);
	}
	struct name_index *x = name_index_new(a, odd, ARRAY_LEN(odd));
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		name_index_find(a, x, odd[i]);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_namesakes),
					    cmocka_unit_test(test_any_bytes) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
