/* HTML made fit for a layout engine: what stays, what goes, what is counted, and how deep it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "html/token.h"
#include "preview/clean.h"

/* The body that is written for a part, between <body…> and </body>, or the sheet. */
static struct str between(struct str s, struct str from, struct str to)
{
	size_t at = str_find(s, from, 0);

	assert_true(at != SIZE_MAX);
	at = str_find_char(s, '>', at) + 1;
	return str_sub(s, at, str_find(s, to, at));
}

static const struct {
	const char *html, *want;
} bodies[] = {
	{ "a<b>c</b>d", "a<b>c</b>d" },
	{ "<p>a<p>b", "<p>a</p><p>b</p>" },
	{ "<ul><li>a<li>b<ol><li>c</ol><li>d</ul>",
	  "<ul><li>a</li><li>b<ol><li>c</li></ol></li><li>d</li></ul>" },
	/* what browsers would open again */
	{ "<b><i>a</b>b</i>c", "<b><i>a</i></b><i>b</i>c" },
	{ "<p><font color=red>a<p>b</font>c",
	  "<p><font color=\"red\">a</font></p><p><font color=\"red\">b</font>c</p>" },
	{ "<table><tr><td><b>a<td>b</table>c", "<table><tr><td><b>a</b></td><td>b</td></tr></table>c" },
	/* what draws nothing */
	{ "a<script>x</script>b", "ab" },
	{ "a<!-- x -->b<!--[if mso]>c<![endif]-->d", "abd" },
	{ "a<iframe src=x>y</iframe>b<object data=x>c</object><embed src=x>", "abc" },
	{ "a<svg><text>x</text></svg>b<template>c</template>d", "abd" },
	{ "<svg><p>out", "<p>out</p>" },
	{ "<link href=x><base href=y><meta x=y>a<title>t</title>", "a" },
	{ "<noscript>a</noscript><o:p>b</o:p><unknown>c</unknown>", "abc" },
	{ "<p onclick=x() data-x=y id=z class=\"c d\">a", "<p id=\"z\" class=\"c d\">a</p>" },
	{ "<a href=\"javascript:x()\" target=_blank>a</a>", "<a href=\"#\">a</a>" },
	/* escapes, and what is no text */
	{ "a < b & c &lt; \x01 d", "a &lt; b & c &lt;  d" },
	{ "<xmp><b>&amp;</xmp>", "<pre>&lt;b&gt;&amp;amp;</pre>" },
	{ "<p class='\"><script>'>a", "<p class=\"&quot;&gt;&lt;script&gt;\">a</p>" },
	/* numbers that can be counted with */
	{ "<td colspan=1000000000 rowspan=0>a", "<td colspan=\"50\" rowspan=\"1\">a</td>" },
	{ "<table width=2000000000 border=0>", "<table width=\"4000\"></table>" },
	{ "<table cellpadding=21><tr><td><table><tr><td>a</table><td>b</table>",
	  "<table><tr><td cellpad=\"20\"><table><tr><td>a</td></tr></table></td><td "
	  "cellpad=\"20\">b</td></tr></table>" },
	{ "<td height=50 width=50%>", "<td width=\"50%\" style=\"height:50px;\"></td>" },
	{ "<font size=+2>a</font><font size=-9>b</font>",
	  "<font size=\"5\">a</font><font size=\"1\">b</font>" },
	/* forms */
	{ "<input type=hidden value=x><input placeholder=Name>", "<span class=\"pv-field\">Name</span>" },
	{ "<input type=password value=secret>",
	  "<span class=\"pv-field\">\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2</span>" },
	{ "<input type=submit value=Go><button>Ok</button>",
	  "<span class=\"pv-button\">Go</span><span class=\"pv-button\">Ok</span>" },
	{ "<select><option>One<option>Two</select>x", "<span class=\"pv-field\">One</span>x" },
	/* images */
	{ "<img src=http://x.test/a width=10 height=20>", "<img src=\"0\" width=\"10\" height=\"20\">" },
	{ "<img src=http://x.test/a width=1 height=1>", "" },
	{ "<img>", "" },
	/* styles */
	{ "<p style=\"color:red;behavior:url(x);position:fixed\">a",
	  "<p style=\"color:red;position:absolute;\">a</p>" },
	{ "<p style=\"width:2000000000px;margin:-12345.6789em\">a",
	  "<p style=\"width:9999px;margin:-9999em;\">a</p>" },
	{ "<p style=\"color:#123456;font:12.3456px x\">a",
	  "<p style=\"color:#123456;font:12.345px x;\">a</p>" },
	{ "<font face='Arial, serif' style=color:red>a",
	  "<font style=\"font-family:Arial, serif;color:red;\">a</font>" },
	{ "<p style=\"margin:.05em 0.0972in 007px\">a", "<p style=\"margin:.05em 0.097in 7px;\">a</p>" },
	/* colours */
	{ "<td bgcolor=44CC44><font color=fff>a",
	  "<td bgcolor=\"#44CC44\"><font color=\"#fff\">a</font></td>" },
	{ "<p style=\"color:ffffff;background:#12345678\">a<p style=\"color:#1234!important\">b",
	  "<p style=\"color:#ffffff;background:#123456;\">a</p><p "
	  "style=\"color:#123!important;\">b</p>" },
	/* breaks end lines, and each line has something in it */
	{ "a<br>b<br></div><div>c", "a<br>b<div>c</div>" },
	{ "<div><br></div><p>a<br><br></p><br>b<hr><br>",
	  "<div>&#8203;</div><p>a<br>&#8203;</p>&#8203;<br>b<hr>&#8203;" },
	{ "<td>a<br><b>b</b><br><img src=x alt=y><br><input>",
	  "<td>a<br><b>b</b><br><img src=\"0\"><br><span class=\"pv-field\">&nbsp;</span></td>" },
	/* blocks in the middle */
	{ "<center><table><tr><td><table></table></table><table align=right></table></center>",
	  "<center><table "
	  "style=\"margin-left:auto;margin-right:auto;\"><tr><td><table></table></td></tr></table>"
	  "<table align=\"right\"></table></center>" },
	{ "<div style='max-width:600px;margin:0 auto'><p style='max-width:700px;margin:0 auto'>a",
	  "<div style=\"max-width:600px;margin:0 auto;\"><p style=\"max-width:700px;margin:0 "
	  "auto;\">a</p></div>" },
	{ "<div style='max-width:320px;min-width:600px;display:table-cell'>a",
	  "<div style=\"max-width:320px;min-width:600px;display:table-cell;max-width:600px;\">a</div>" },
	{ "<center><p style=max-width:9px>a</p></center><p style=max-width:9px>b",
	  "<center><p style=\"max-width:9px;margin-left:auto;margin-right:auto;\">a</p></center>"
	  "<p style=\"max-width:9px;\">b</p>" },
	{ "<div align=center><table><tr><td><p style=max-width:9px>a",
	  "<div align=\"center\"><table style=\"margin-left:auto;margin-right:auto;\"><tr><td><p "
	  "style=\"max-width:9px;\">a</p></td></tr></table></div>" },
	{ "<center><table><tr><td>a<td align=center><p style=max-width:9px>b",
	  "<center><table style=\"margin-left:auto;margin-right:auto;\"><tr><td>a</td><td "
	  "align=\"center\"><p "
	  "style=\"max-width:9px;margin-left:auto;margin-right:auto;\">b</p></td></tr></table></center>" },
	{ "<p style=\"font-size:0;display:flex\">a", "<p style=\"font-size:1px;display:block;\">a</p>" },
	/* less than a pixel in any unit, however it is written, is nothing; more is more */
	{ "<p style=\"font-size:0.0000000097vw\">a", "<p style=\"font-size:1px;\">a</p>" },
	{ "<p style=\"font-size:.01em!important\">a", "<p style=\"font-size:1px !important;\">a</p>" },
	{ "<p style=\"font-size:9e-7rem\">a", "<p style=\"font-size:1px;\">a</p>" },
	{ "<p style=\"font:0/0 a\">a", "<p style=\"font-size:1px;\">a</p>" },
	{ "<p style=\"font-size:.9em\">a", "<p style=\"font-size:.9em;\">a</p>" },
	{ "<p style=\"font-size:0.5in\">a", "<p style=\"font-size:0.5in;\">a</p>" },
	{ "<p style=\"font-size:medium\">a", "<p style=\"font-size:medium;\">a</p>" },
	/* the engine knows no weights in numbers */
	{ "<p style=\"font-weight:600\">a", "<p style=\"font-weight:bold;\">a</p>" },
	{ "<p style=\"font-weight:400 !important\">a", "<p style=\"font-weight:normal !important;\">a</p>" },
	{ "<p style=\"font:700 14px x\">a", "<p style=\"font:bold 14px x;\">a</p>" },
	{ "<p style=\"opacity:0\">a", "<p style=\"visibility:hidden;\">a</p>" },
	{ "<p style=\"background:linear-gradient(90deg,#abc,#fff)\">a",
	  "<p style=\"background-color:#abc;\">a</p>" },
	{ "<p style=\"background:url(http://x.test/a) red\">a", "<p style=\"background:url(0) red;\">a</p>" },
	{ "<p style=\"width:calc(1px + 2px);height:expression(x)\">a", "<p>a</p>" },
	{ "<p style=\"max-height:0;overflow:hidden\">a",
	  "<p style=\"max-height:0;overflow:hidden;display:none;\">a</p>" },
	/* what an attribute says, a sheet may say otherwise */
	{ "<td background=http://x.test/a>", "<td background=\"0\"></td>" },
	{ "<div background=http://x.test/a>", "<div style=\"background-image:url(0);\"></div>" },
	/* what is wide by itself */
	{ "<div style=\"width:100%\">a", "<div style=\"width:100%;width:auto;\">a</div>" },
	{ "<div style=\"width:100%;display:inline-block\">a",
	  "<div style=\"width:100%;display:inline-block;\">a</div>" },
	{ "<img src=http://x.test/a width=150 style=\"width:100%\">",
	  "<img src=\"0\" width=\"150\" style=\"width:100%;width:150px;max-width:100%;\">" },
	/* what is turned, to the end of its paragraph, and each text by itself */
	{ "\u202e"
	  "ba<u>x</u>dc<br>e",
	  "\u202e"
	  "ba<u>\u202ex</u>\u202e"
	  "dc<br>e" },
	{ "<p>&#8238;ba<b>dc</b><p>e", "<p>&#8238;ba<b>\u202e"
				       "dc</b></p><p>e</p>" },
	{ "\u202e"
	  "ba\u202c c<b>d</b>",
	  "\u202e"
	  "ba\u202c c<b>d</b>" },
	{ "<bdo dir=rtl>ba</bdo>c", "<span dir=\"rtl\">\u202e"
				    "ba</span>c" },
	{ "<span style=\"unicode-bidi:bidi-override;direction:rtl\">ba</span>c",
	  "<span style=\"direction:rtl;\">\u202e"
	  "ba</span>c" },
	{ "<p hidden>a", "<p style=\"display:none;\">a</p>" },
	{ "<table><tr><td bgcolor='' width=10>a<td bgcolor=red>b</table>",
	  "<table><tr><td width=\"10\">a</td><td bgcolor=\"red\">b</td></tr></table>" },
	/* a table of one column that is as wide as it may be */
	{ "<table width=100% style='max-width:600px'><tr><td width=50% bgcolor=red>a</table>",
	  "<div class=\"pv-narrow\" width=\"100%\" style=\"max-width:600px;width:100%;\"><div><div "
	  "bgcolor=\"red\" "
	  "width=\"50%\" style=\"background-color:red;width:auto;\">a</div></div></div>" },
};

static void test_bodies(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct clean c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		clean_begin(&c, a, false);
		clean_add_html(&c, str_of(bodies[i].html));
		struct str got = between(clean_document(&c), STR("<body"), STR("</body>"));
		/* Attributes come in the order of the mail, so one want is enough. */
		if (!str_eq(got, str_of(bodies[i].want)) && i + 1 < ARRAY_LEN(bodies))
			fail_msg("%s\n gives %.*s\n want  %s", bodies[i].html, STR_ARG(got), bodies[i].want);
		if (i + 1 == ARRAY_LEN(bodies)) {
			assert_true(str_find(got, STR("<table"), 0) == SIZE_MAX);
			assert_true(str_find(got, STR("pv-narrow"), 0) != SIZE_MAX);
			assert_true(str_find(got, STR("width:auto"), 0) != SIZE_MAX);
		}
		clean_end(&c);
	}
	arena_free(&a);
}

static const struct {
	const char *css, *want;
} sheets[] = {
	{ "p{color:red}", "p{color:red;}\n" },
	{ "a:link{color:red} a:hover{color:blue}", "a{color:red;}\na:hover{color:blue;}\n" },
	{ "@import \"x\"; @charset \"y\"; p{color:red}", "p{color:red;}\n" },
	{ "@font-face{font-family:x;src:url(y)} p{color:red}", "p{color:red;}\n" },
	{ "<!-- p{color:red} --> b{color:blue}", "p{color:red;}\nb{color:blue;}\n" },
	{ "p/* x */{/* } */color:red}", "p{color:red;}\n" },
	{ "@media (max-width:600px){p{color:red} b{x:y}}", "@media (max-width:600px) {\np{color:red;}\n}\n" },
	{ "@media (prefers-color-scheme:dark){p{color:red}} b{color:red}", "b{color:red;}\n" },
	{ "@media print{p{color:red}}", "" },
	{ "a b c d e f g h{color:red} a b c d e f g h i{color:red}", "a b c d e f g h{color:red;}\n" },
	{ "p</style><script>{color:red}", "" },
	{ "p,b<,i{color:red}", "p,i{color:red;}\n" },
	{ "p{color:red", "p{color:red;}\n" },
	{ "p{content:\"}\";color:red}", "p{color:red;}\n" },
	{ "div.c{max-width:25%!important}", "div.c{width:25%!important;}\n" },
};

static void test_sheets(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct clean c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sheets); i++) {
		struct buf out;
		buf_init(&out, 1 << 16);
		clean_begin(&c, a, false);
		clean_sheet(&c, str_of(sheets[i].css), &out);
		if (!str_eq(buf_str(&out), str_of(sheets[i].want)))
			fail_msg("%s\n gives %.*s\n want  %s", sheets[i].css, STR_ARG(buf_str(&out)),
				 sheets[i].want);
		clean_end(&c);
		buf_free(&out);
	}
	arena_free(&a);
}

static struct str repeat(struct arena *a, const char *text, size_t n, const char *behind)
{
	struct buf b;

	buf_init(&b, 16u << 20);
	for (size_t i = 0; i < n; i++)
		buf_add_c(&b, text);
	buf_add_c(&b, behind);
	struct str s = arena_str(a, buf_str(&b));
	buf_free(&b);
	return s;
}

/* Elements and tables in each other, of what is written. */
static void measure(struct str document, size_t *depth_out, size_t *tables_out, size_t *elements_out)
{
	struct html h = html_of(document);
	struct html_token t;
	size_t depth = 0, tables = 0;

	*depth_out = *tables_out = *elements_out = 0;
	while (html_next(&h, &t)) {
		bool void_element = t.tag == HTML_IMG || t.tag == HTML_BR || t.tag == HTML_HR;
		if (t.kind == HTML_START) {
			++*elements_out;
			depth += !void_element;
			tables += t.tag == HTML_TABLE;
		} else if (t.kind == HTML_END) {
			assert_true(depth > 0);
			depth--;
			tables -= t.tag == HTML_TABLE;
		}
		if (depth > *depth_out)
			*depth_out = depth;
		if (tables > *tables_out)
			*tables_out = tables;
	}
	assert_int_equal(depth, 0);
}

static const struct {
	const char *text;
	size_t n;
	unsigned cut;
} large[] = {
	{ "<div>", 20000, CLEAN_CUT_DEPTH },
	{ "<span>", 20000, CLEAN_CUT_DEPTH },
	{ "<unknown><div>", 20000, CLEAN_CUT_DEPTH },
	{ "<table><tr><td>", 5000, CLEAN_CUT_TABLES | CLEAN_CUT_DEPTH },
	{ "<table><tr><td>a<td>", 9, CLEAN_CUT_TABLES },
	{ "<p>x</p>", 10000, CLEAN_CUT_ELEMENTS },
	{ "<br>", 10000, CLEAN_CUT_ELEMENTS },
	{ "<b><p>", 5000, CLEAN_CUT_ELEMENTS },
	{ "<i id=x>x<p>", 5000, 0 },
	{ "word ", 100000, CLEAN_CUT_TEXT },
	{ "<p style=float:left>x", 1000, CLEAN_CUT_FLOATS },
	{ "<img src=x>", 1000, CLEAN_CUT_IMAGES },
	{ "<style>p{color:red;width:100px}</style>", 10000, CLEAN_CUT_CSS },
};

static void test_large(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct clean c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(large); i++) {
		size_t depth, tables, elements;
		clean_begin(&c, a, false);
		clean_add_html(&c, repeat(a, large[i].text, large[i].n, "<p>THE END"));
		struct str got = clean_document(&c);
		measure(got, &depth, &tables, &elements);
		assert_true(depth <= CLEAN_DEPTH + 2);
		assert_true(tables <= CLEAN_TABLES);
		assert_true(elements <= CLEAN_ELEMENTS + 4);
		if ((c.cut & large[i].cut) != large[i].cut)
			fail_msg("%s: cut %u", large[i].text, c.cut);
		/* Tags go, text stays. */
		if (!(c.cut & CLEAN_CUT_TEXT))
			assert_true(str_find(got, STR("THE END"), 0) != SIZE_MAX);
		clean_end(&c);
		arena_reset(a);
	}
	arena_free(&a);
}

static void test_words(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct clean c;
	size_t longest = 0, n = 0;

	(void)state;
	clean_begin(&c, a, false);
	clean_add_html(&c, repeat(a, "\xe4\xb8\xad", 5000, ""));
	struct str got = between(clean_document(&c), STR("<body"), STR("</body>"));
	for (size_t i = 0; i < got.n; i++) {
		n = got.p[i] == ' ' ? 0 : n + 1;
		longest = n > longest ? n : longest;
		if (got.p[i] == ' ' && i + 1 < got.n) /* between characters, not in one */
			assert_int_equal((unsigned char)got.p[i + 1], 0xe4);
	}
	assert_true(longest <= 1003);
	clean_end(&c);
	arena_free(&a);
}

static void test_counts(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct clean c;

	(void)state;
	clean_begin(&c, a, false);
	clean_add_html(
	    &c,
	    STR("<img src=http://x.test/a><img src='cid:a%40b'><img src='data:image/png;base64,AAAA' alt=x>"
		"<img src=//x.test/p width=1 height=1><td background=http://x.test/b>"
		"<p style='background:url(\"http://x.test/c\")'>"));
	clean_document(&c);
	assert_int_equal(c.remote, 4);
	assert_int_equal(c.unseen, 1);
	assert_int_equal(c.images.n, 5);
	assert_int_equal(c.images.v[1].kind, CLEAN_IMAGE_CID);
	assert_true(str_eq(c.images.v[1].src, STR("a@b")));
	assert_int_equal(c.images.v[2].kind, CLEAN_IMAGE_DATA);
	assert_true(str_eq(c.images.v[2].alt, STR("x")));
	assert_true(c.images.v[3].ground);
	clean_end(&c);
	arena_free(&a);
}

static void test_flat(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct clean c;

	(void)state;
	clean_begin(&c, a, true);
	clean_add_html(&c, STR("<style>p{color:red}</style><table><tr><td "
			       "style='float:left;position:absolute;color:red'>a</table>"));
	clean_add_plain(&c, STR("1 < 2\n3"));
	struct str got = clean_document(&c);
	assert_true(str_find(got, STR("p{"), 0) == SIZE_MAX);
	assert_true(str_find(got, STR("<table"), 0) == SIZE_MAX);
	assert_true(str_find(got, STR("float"), 0) == SIZE_MAX);
	assert_true(str_find(got, STR("position"), 0) == SIZE_MAX);
	assert_true(str_find(got, STR("color:red"), 0) != SIZE_MAX);
	assert_true(str_find(got, STR("1 &lt; 2\n3"), 0) != SIZE_MAX);
	clean_end(&c);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies), cmocka_unit_test(test_sheets), cmocka_unit_test(test_large),
		cmocka_unit_test(test_words),  cmocka_unit_test(test_counts), cmocka_unit_test(test_flat),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
