/* What names promise and hide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attr.h"
#include "file/magic.h"
#include "file/name.h"

static const struct {
	const char *name;
	enum name_kind kind;
	bool is_double;
} cases[] = {
	{ "setup.exe", NAME_PROGRAM, false },
	{ "SETUP.EXE", NAME_PROGRAM, false },
	{ "setup.exe.", NAME_PROGRAM, false },
	{ "setup.exe . . ", NAME_PROGRAM, false },
	{ "setup.exe\xc2\xa0", NAME_PROGRAM, false },                  /* a space that does not break */
	{ "setup.exe\xe3\x80\x80.", NAME_PROGRAM, false },             /* an ideographic one */
	{ "setup.exe\xe2\x80\x8b", NAME_PROGRAM, false },              /* zero width: space, */
	{ "setup.exe\xe2\x80\x8f.\xe2\x80\x8e", NAME_PROGRAM, false }, /* marks of direction, */
	{ "setup.e\xe2\x80\x8dx\xe2\x80\x8c"
	  "e",
	  NAME_PROGRAM, false }, /* joiners */
	{ "invoice.pdf.exe", NAME_PROGRAM, true },
	{ "invoice.pdf.exe\xe2\x80\x8b", NAME_PROGRAM, true },
	{ "invoice.pdf \xe2\x80\x83  .exe", NAME_PROGRAM, true },
	{ "invoice.pdf\xe2\x80\x8b.exe", NAME_PROGRAM, true },
	{ "a.zip/photos/invoice.pdf.js", NAME_SCRIPT, true },
	{ "scan.pdf.html", NAME_PAGE, true },
	{ "a.tar.gz.exe", NAME_PROGRAM, true },
	{ "a.zip.html", NAME_PAGE, false },
	{ "a.exe/readme", NAME_OTHER, false },
	{ "a.exe\\readme.txt", NAME_TEXT, false },
	{ "a.exe\\readme", NAME_OTHER, false },
	{ "a.h\\ta", NAME_PROGRAM, false }, /* a quoted pair */
	{ "a.txt.j\\s", NAME_SCRIPT, true },
	{ "a.searchconnector-ms", NAME_PROGRAM, false },
	{ "a.ppam", NAME_MACRO, false },
	{ "a.pyw", NAME_SCRIPT, false },
	{ "invoice.exe.pdf", NAME_PDF, false },
	{ "report.2026.pdf", NAME_PDF, false },
	{ "executive", NAME_OTHER, false },
	{ ".exe", NAME_PROGRAM, false },
	{ "...", NAME_OTHER, false },
	{ "", NAME_OTHER, false },
	{ "a.settingcontent-ms", NAME_PROGRAM, false },
	{ "a.muchtoolongforanyending", NAME_OTHER, false },
	{ "\xff\xfe.exe\xff", NAME_OTHER, false },
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str name = str_of(cases[i].name);
		if (name_kind(name) != cases[i].kind || name_is_double(name) != cases[i].is_double)
			fail_msg("%s: kind %d, double %d", cases[i].name, (int)name_kind(name),
				 name_is_double(name));
	}
	assert_true(name_is_turned(STR("invoice\xe2\x80\xae"
				       "fdp.exe")));
	assert_false(name_is_turned(STR("\xe2\x80\xab\xd8\xaa\xd9\x82\xe2\x80\xac.pdf")));
	assert_true(str_eq(name_leaf(STR("a/b\\c.txt")), STR("c.txt")));
}

static const struct {
	struct str bytes;
	enum magic_type type;
	enum name_kind kind;
} types[] = {
	{ STR_INIT("\xff\xfe<\0h\0t\0m\0l\0>\0"), MAGIC_HTML, NAME_PAGE },
	{ STR_INIT("\xfe\xff\0<\0s\0v\0g"), MAGIC_SVG, NAME_PAGE },
	{ STR_INIT("\xff\xfeW\0i\0n\0d\0o\0w\0s\0 \0R\0e\0g\0i\0s\0t\0r\0y\0 \0E\0d\0i\0t\0o\0r\0 "
		   "\0V\0e\0r\0s\0i\0o\0n\0 \0"),
	  MAGIC_SCRIPT, NAME_SCRIPT },
	{ STR_INIT("\xff\xfeh\0\xe4\0l\0\n\0"), MAGIC_TEXT, NAME_TEXT },
	{ STR_INIT("From: a@x\r\nSubject: b\r\n\r\nc"), MAGIC_MAIL, NAME_MAIL },
	{ STR_INIT("From a@x Thu\nReceived: by x;\n\tThu\nDate: Thu\n\nc"), MAGIC_MAIL, NAME_MAIL },
	{ STR_INIT("From: the beginning of a letter\nto its end"), MAGIC_TEXT, NAME_TEXT },
	{ STR_INIT("Subject: only one"), MAGIC_TEXT, NAME_TEXT },
	{ STR_INIT("PK\7\10PK\3\4"), MAGIC_ZIP, NAME_ARCHIVE },
	{ STR_INIT("\x60\xea\x2b\0\x22\3"), MAGIC_ARJ, NAME_ARCHIVE },
	{ STR_INIT("\x60\xea\xff\xff"), MAGIC_UNKNOWN, NAME_OTHER },
	{ STR_INIT("12-lh5-"), MAGIC_LHA, NAME_ARCHIVE },
	{ STR_INIT("\xc7\x71"), MAGIC_UNKNOWN, NAME_OTHER },
	{ STR_INIT("[InternetShortcut]\r\nURL=x"), MAGIC_SCRIPT, NAME_SCRIPT },
};

static void test_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (magic_of(types[i].bytes) != types[i].type || magic_kind(types[i].type) != types[i].kind)
			fail_msg("%zu: %d", i, (int)magic_of(types[i].bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_names), cmocka_unit_test(test_types) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
