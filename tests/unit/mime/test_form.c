/* Text forms as the text they show: flowed lines, enriched text, calendars and cards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "mime/calendar.h"
#include "mime/enriched.h"
#include "mime/flowed.h"

static const struct {
	const char *text, *want;
	bool delsp;
} flowed[] = {
	{ "one \ntwo\nthree\n", "one two\nthree\n", false },
	{ "http://a.b/c \nd/e\n", "http://a.b/cd/e\n", true },
	{ "> quoted \n> on\n>> deeper \nnot\n", "> quoted on\n>> deeper \nnot\n", false },
	{ ">  stuffed\n From here\n", ">  stuffed\nFrom here\n", false },
	{ "-- \nname \ntown", "-- \nname town", false },
	{ "above \n-- \nname", "above \n-- \nname", false },
	{ "crlf \r\nline\r\n", "crlf line\r\n", false },
	{ "\n \n\nend", "\n\n\nend", false },
	{ ">>>", ">>> ", false },
	{ "", "", false },
};

static void test_flowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(flowed); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str got = flowed_join(a, str_of(flowed[i].text), flowed[i].delsp);
		if (!str_eq(got, str_of(flowed[i].want)))
			fail_msg("%s: got %.*s", flowed[i].text, STR_ARG(got));
		arena_free(&a);
	}
}

static const struct {
	const char *text, *want;
	bool richtext;
} enriched[] = {
	{ "<bold>Now</bold> is\nthe\n\ntime", "Now is the\ntime", false },
	{ "a << b <<c>", "a < b <c>", false },
	{ "<color><param>red</param>seen</color>", "seen", false },
	{ "<nofill>a\nb</nofill>\nc", "a\nb c", false },
	{ "a < b", "a < b", false },
	{ "<bold", "<bold", false },
	{ "</param>x</param>", "x", false },
	{ "a\r\n\r\n\r\nb", "a\n\nb", false },
	{ "<bold>a</bold><nl>b<lt>c\nd", "a\nb<c d", true },
	{ "<comment>not shown</comment>shown", "shown", true },
	{ "", "", true },
};

static void test_enriched(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(enriched); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str in = str_of(enriched[i].text);
		struct str got = enriched[i].richtext ? richtext_to_text(a, in) : enriched_to_text(a, in);
		if (!str_eq(got, str_of(enriched[i].want)))
			fail_msg("%s: got %.*s", enriched[i].text, STR_ARG(got));
		arena_free(&a);
	}
}

/* files: "name type base64" each. */
static const struct {
	const char *name, *text, *want, *html, *files;
} calendars[] = {
	{ "event",
	  "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Pay\\, now\r\nDESCRIPTION:See "
	  "http://a\r\n "
	  ".b/c\\nand pay\r\nLOCATION;LANGUAGE=en:Here\r\nORGANIZER;CN=\"The: Boss\":mailto:boss@x.y\r\n"
	  "ATTENDEE;CN=Me;RSVP=TRUE:mailto:me@x.y\r\nURL:https://u.v/\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
	  "Pay, now\nSee http://a.b/c\nand pay\nHere\nThe: "
	  "Boss\nmailto:boss@x.y\nMe\nmailto:me@x.y\nhttps://u.v/\n",
	  "", "" },
	{ "html description", "X-ALT-DESC;FMTTYPE=text/html:<a href=\"http://x/\">p\\, q</a>\nSUMMARY:s",
	  "s\n", "<a href=\"http://x/\">p, q</a>", "" },
	{ "alarm inside", "BEGIN:VALARM\nDESCRIPTION:Wake\nEND:VALARM", "Wake\n", "", "" },
	{ "attached address", "ATTACH;FMTTYPE=application/pdf:https://x.y/a.pdf\n", "https://x.y/a.pdf\n", "",
	  "" },
	{ "attached file",
	  "ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=a/b;X-FILENAME=\"a.exe\":TVqQ\n AAMA\n", "", "",
	  "a.exe a/b TVqQAAMA|" },
	{ "data uri", "PHOTO:data:image/png;base64,iVBO\n", "", "", " image/png iVBO|" },
	{ "same text elsewhere", "DESCRIPTION;ALTREP=\"http://e.f/\":short\n", "http://e.f/\nshort\n", "",
	  "" },
	{ "card", "BEGIN:VCARD\nFN:Joe\nitem1.URL;type=pref:http\\://j.oe\nEMAIL:j@x\nNOTE:a\n  b\nUID:x\n",
	  "Joe\nhttp://j.oe\nj@x\na b\n", "", "" },
	{ "quoted-printable", "N;CHARSET=iso-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCl=\n=6Cer\nTEL:1\n",
	  "M\xc3\xbcller\n1\n", "", "" },
	{ "lower case, no value, no colon", "summary:x\nDESCRIPTION:\nSUMMARY\n:\n;\n", "x\n", "", "" },
	{ "nothing", "", "", "", "" },
};

static void test_calendars(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(calendars); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct calendar c = calendar_read(a, str_of(calendars[i].text));
		struct str files = STR("");
		for (size_t k = 0; k < c.files.n; k++)
			files = ARENA_JOIN(a, files, c.files.v[k].name, STR(" "), c.files.v[k].type, STR(" "),
					   c.files.v[k].base64, STR("|"));
		if (!str_eq(c.text, str_of(calendars[i].want)) ||
		    !str_eq(files, str_of(calendars[i].files)) ||
		    !str_eq(c.html.n ? c.html.v[0] : STR(""), str_of(calendars[i].html)))
			fail_msg("%s: got %.*s with %.*s", calendars[i].name, STR_ARG(c.text),
				 STR_ARG(files));
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flowed),
		cmocka_unit_test(test_enriched),
		cmocka_unit_test(test_calendars),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
