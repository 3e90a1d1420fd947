/* The text that a PDF shows: operators, fonts, filters, the tree of pages; and what is no text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/document_text.h"
#include "file/make_zip.h"

#define OBJ(n, body) n " 0 obj\n" body "\nendobj\n"
#define TREE                                                   \
	"%PDF-1.7\n" OBJ("1", "<</Type/Catalog/Pages 2 0 R>>") \
	    OBJ("2", "<</Type/Pages/Count 1/Kids[3 0 R]/Resources 6 0 R>>")
#define USES "<</Font<</F 5 0 R>>/XObject<</X 7 0 R/Y 8 0 R>>>>"
#define BODY(page, data, font, more)                                                                       \
	TREE OBJ("3", "<</Type/Page/Parent 2 0 R " page ">>") OBJ("4", data) OBJ("5", font) OBJ("6", USES) \
	    more
#define STREAM(dict, data) "<<" dict ">>stream\n" data "\nendstream"
#define PLAIN "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
#define FONT(font, content) STR_INIT(BODY("/Contents 4 0 R", STREAM("", content), font, ""))
#define SHOWS(content) FONT(PLAIN, "BT/F 10 Tf " content " ET")
#define WITH(content, more) STR_INIT(BODY("/Contents 4 0 R", STREAM("", "BT/F 10 Tf " content), PLAIN, more))
#define CODED(dict, data) STR_INIT(BODY("/Contents 4 0 R", STREAM(dict, data), PLAIN, ""))
#define WINDOWS "<</Subtype/TrueType/Encoding/WinAnsiEncoding>>"
#define MACINTOSH "<</Subtype/TrueType/Encoding/MacRomanEncoding>>"
#define NAMED(names) "<</Subtype/Type1/Encoding<</Differences[" names "]>>>>"
/* A font of two bytes a code, which its map explains. */
#define MAPPED(map, content)                                                                              \
	STR_INIT(BODY("/Contents 4 0 R", STREAM("", "BT/F 10 Tf " content " ET"),                         \
		      "<</Subtype/Type0/Encoding/Identity-H/ToUnicode 7 0 R/DescendantFonts[8 0 R]>>",    \
		      OBJ("7", STREAM("", "1 begincodespacerange <0000> <ffff> endcodespacerange\n" map)) \
			  OBJ("8", "<</DW 500/W[1[100 200] 10 20 1000]>>")))

static const struct {
	const char *name;
	struct str pdf;
	const char *want;
} cases[] = {
	/* operators */
	{ "string", SHOWS("(Hello)Tj"), "Hello\n" },
	{ "hexadecimal", SHOWS("<48 65 6c6C 6f>Tj"), "Hello\n" },
	{ "escapes", SHOWS("(a\\(b\\)\\101\\\nc)Tj"), "a(b)Ac\n" },
	{ "gap in an array", SHOWS("[(Pay)-300(me)]TJ"), "Pay me\n" },
	{ "kerning", SHOWS("[(P)80(ay)-20(me)]TJ"), "Payme\n" },
	{ "next line by Td", SHOWS("(one)Tj 0 -12 Td(two)Tj"), "one\ntwo\n" },
	{ "next line by TD and T*", SHOWS("(one)Tj 0 -12 TD(two)Tj T*(three)Tj"), "one\ntwo\nthree\n" },
	{ "next line by quotes", SHOWS("12 TL(one)Tj(two)' 1 2(three)\""), "one\ntwo\nthree\n" },
	{ "another place in the line by Tm", SHOWS("1 0 0 1 0 0 Tm(left)Tj 1 0 0 1 90 0 Tm(right)Tj"),
	  "left right\n" },
	{ "letters set one by one", SHOWS("1 0 0 1 0 0 Tm(n)Tj 1 0 0 1 5.56 0 Tm(o)Tj"), "no\n" },
	{ "words set one by one", SHOWS("1 0 0 1 0 0 Tm(no)Tj 1 0 0 1 14.2 0 Tm(no)Tj"), "no no\n" },
	{ "a space that is there, and a gap", SHOWS("(a )Tj 90 0 Td(b)Tj"), "a b\n" },
	{ "words spread by Tw", SHOWS("20 Tw(a b)Tj 28.34 0 Td(c)Tj"), "a bc\n" },
	{ "turned", SHOWS("0 1 -1 0 0 0 Tm[(up)-400(hill)]TJ"), "up hill\n" },
	{ "on a page upside down",
	  FONT(PLAIN, "1 0 0 -1 0 800 cm BT/F 10 Tf 1 0 0 -1 9 9 Tm(one)Tj 0 -12 Td(two)Tj ET"),
	  "one\ntwo\n" },
	{ "state pushed and popped", FONT(PLAIN, "BT/F 10 Tf q/G 1 Tf(no font)Tj Q(font)Tj ET"), "font\n" },
	{ "picture in the stream", SHOWS("(a)Tj BI/W 1/H 1 ID (x)Tj EIB EI (b)Tj"), "ab\n" },
	{ "form",
	  WITH("(a)Tj/X Do", OBJ("7", STREAM("/Subtype/Form/Matrix[1 0 0 1 0 -50]", "BT/F 10 Tf(b)Tj ET"))),
	  "a\nb\n" },
	{ "form that paints itself",
	  WITH("/X Do", OBJ("7", STREAM("/Subtype/Form", "BT/F 10 Tf(b)Tj ET/X Do"))), "bbbbbb\n" },
	{ "picture of that name", WITH("/X Do", OBJ("7", STREAM("/Subtype/Image", "BT/F 10 Tf(b)Tj ET"))),
	  "" },
	{ "what nobody sees beside what is shown",
	  SHOWS("3 Tr(honest words)Tj 0 Tr 0 -20 Td(Verify your account now.)Tj/F 0.5 Tf(honest)Tj"),
	  "Verify your account now.\n" },
	{ "what stands beside the page",
	  STR_INIT(BODY("/MediaBox[612 792 0 0]/Contents 4 0 R",
			STREAM("", "BT/F 9 Tf -900 9 Td(honest words)Tj 910 0 Td(Verify your account now.)Tj "
				   "0 900 Td(honest)Tj ET"),
			PLAIN, "")),
	  "Verify your account now.\n" },
	{ "letters behind a scanned page", SHOWS("(1)Tj 3 Tr 0 -20 Td(Verify)Tj 0 -20 Td(your account)Tj"),
	  "Verify\nyour account\n" },
	{ "spaces and empty lines", SHOWS("( )Tj 0 -9 Td( )Tj 0 -9 Td(a )Tj 0 -9 Td(b)Tj"), "a\nb\n" },
	{ "no numbers where some should be", SHOWS("(a)Tj (x)(y) Td Tm cm(b)Tj"), "ab\n" },
	{ "one array shown twice", SHOWS("[(a)]TJ TJ"), "a\n" },
	/* fonts */
	{ "standard letters", FONT(PLAIN, "BT/F 1 Tf(it's \\256 \\341)Tj"), "it\xe2\x80\x99s fi \xc3\x86\n" },
	{ "letters of Windows", FONT(WINDOWS, "BT/F 1 Tf(\\344 \\200)Tj"), "\xc3\xa4 \xe2\x82\xac\n" },
	{ "letters of Macintosh", FONT(MACINTOSH, "BT/F 1 Tf(\\212)Tj"), "\xc3\xa4\n" },
	{ "named letters",
	  FONT(NAMED("1/P/a/y/space/m/e 20/eacute/fi/uni20AC/u1F4B6/g17"),
	       "BT/F 1 Tf<010203040506 1415161718>Tj"),
	  "Pay mee\xcc\x81"
	  "fi\xe2\x82\xac\xf0\x9f\x92\xb6\n" },
	{ "mapped letters", MAPPED("2 beginbfchar <0001> <0050> <0002> <00610079> endbfchar", "<00010002>Tj"),
	  "Pay\n" },
	{ "mapped ranges",
	  MAPPED("2 beginbfrange <0001> <0003> <0041> <0010> <0011> [<0078> <D83DDCB6>] endbfrange",
		 "<0001000300100011>Tj"),
	  "ACx\xf0\x9f\x92\xb6\n" },
	{ "widths of such a font",
	  MAPPED("1 beginbfrange <0001> <0020> <0041> endbfrange",
		 "<0001>Tj 1 0 Td<0002>Tj 4 0 Td<000b>Tj 10 0 Td<000c>Tj"),
	  "AB KL\n" },
	{ "map without an end", MAPPED("1 beginbfrange <0001> <0003>", "<0001>Tj"), "" },
	{ "codes that nothing explains", MAPPED("", "<00010002>Tj"), "" },
	{ "widths",
	  FONT("<</Subtype/Type1/FirstChar 97/Widths[1000 100]>>",
	       "BT/F 10 Tf(a)Tj 10 0 Td(b)Tj 5 0 Td(a)Tj"),
	  "ab a\n" },
	/* pages */
	{ "several streams as one",
	  STR_INIT(BODY("/Contents[4 0 R 7 0 R]", STREAM("", "BT/F 10 Tf(a)"), PLAIN,
			OBJ("7", STREAM("", "Tj ET")))),
	  "a\n" },
	{ "several pages",
	  STR_INIT("%PDF-1.7\n" OBJ("1", "<</Type/Catalog/Pages 2 0 R>>")
		       OBJ("2", "<</Kids[8 0 R 3 0 R]/Resources<</Font<</F 5 0 R>>>>>>") OBJ(
			   "3", "<</Type/Page/Contents 4 0 R>>") OBJ("4", STREAM("", "BT/F 9 Tf(two)Tj ET"))
			   OBJ("5", PLAIN) OBJ("8", "<</Type/Page/Contents 9 0 R>>")
			       OBJ("9", STREAM("", "BT/F 9 Tf(one)Tj ET"))),
	  "one\ntwo\n" },
	{ "page that no tree has",
	  STR_INIT("%PDF-1.7\n" OBJ("3", "<</Type/Page/Contents 4 0 R/Resources" USES ">>")
		       OBJ("4", STREAM("", "BT/F 9 Tf(a)Tj ET")) OBJ("5", PLAIN)),
	  "a\n" },
	{ "tree that is a ring",
	  STR_INIT("%PDF-1.7\n" OBJ("1", "<</Type/Catalog/Pages 2 0 R>>") OBJ("2", "<</Kids[2 0 R 2 0 R]>>")),
	  "" },
	{ "page changed later",
	  STR_INIT(BODY("/Contents 4 0 R", STREAM("", "BT/F 9 Tf(old)Tj ET"), PLAIN,
			OBJ("4", STREAM("", "BT/F 9 Tf(new)Tj ET")))),
	  "new\n" },
	{ "no page", STR_INIT("%PDF-1.7\n" OBJ("1", "<</Length 1>>")), "" },
	{ "locked",
	  STR_INIT(BODY("/Contents 4 0 R", STREAM("", "BT/F 9 Tf(a)Tj ET"), PLAIN,
			"trailer<</Encrypt<</Filter/Other/V 1>>>>")),
	  "" },
	/* filters */
	{ "ASCIIHex", CODED("/Filter/AHx", "42542f46203920546628612954 6a>"), "a\n" },
	{ "RunLength", CODED("/Filter/RunLengthDecode", "\013BT/F 9 Tf(aa\376b\002)Tj\200x"), "aabbb\n" },
	{ "a length below nothing", CODED("/Length -119", "BT/F 9 Tf(a)Tj ET"), "a\n" },
	{ "a filter that is not known", CODED("/Filter/JBIG9", "BT/F 9 Tf(a)Tj ET"), "" },
};

static struct str read_pdf(struct arena *a, struct str pdf, size_t max)
{
	struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED, .rounds = LIMIT_UNLOCK_ROUNDS };

	return document_text(a, pdf, MAGIC_PDF, &budget, max);
}

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct str text = read_pdf(a, cases[i].pdf, LIMIT_DOCUMENT_TEXT);
		if (!str_eq(text, str_of(cases[i].want)))
			fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(text));
		arena_free(&a);
	}
}

#define PAGE "BT/F 9 Tf(What you see.)Tj ET"
#define BEFORE TREE OBJ("3", "<</Type/Page/Contents 4 0 R>>") OBJ("5", PLAIN) OBJ("6", USES)

static struct str packed_stream(struct arena *a, struct str dict, struct str data)
{
	return ARENA_JOIN(a, STR(BEFORE "4 0 obj\n<<"), dict, STR(">>stream\n"), data,
			  STR("\nendstream\nendobj\n"));
}

/* Codes of LZW that grow, a table that is full and cleared: made here as encoders make them. */
static struct str lzw_packed(struct arena *a, struct str s, bool late)
{
	struct {
		unsigned before, last;
	} table[4096] = { 0 };
	unsigned n = 258, width = 9, bits = 0, code = 256;
	uint64_t held = 256;
	struct buf b;

	buf_init(&b, 1 << 20);
	bits = 9;
	for (size_t i = 0; i <= s.n; i++) {
		unsigned c = i < s.n ? (unsigned char)s.p[i] : 257, k = 258;
		if (code == 256) {
			code = c;
			continue;
		}
		while (k < n && !(table[k].before == code && table[k].last == c))
			k++;
		if (i < s.n && k < n) {
			code = k;
			continue;
		}
		held = held << width | code;
		bits += width;
		table[n].before = code;
		table[n++].last = c;
		width = n - late < 512 ? 9 : n - late < 1024 ? 10 : n - late < 2048 ? 11 : 12;
		if (n == 4094) {
			held = held << width | 256;
			bits += width;
			n = 258;
			width = 9;
		}
		for (; bits >= 8; bits -= 8)
			buf_add_char(&b, (char)(held >> (bits - 8)));
		code = c;
	}
	held = held << width | 257;
	bits += width;
	for (; bits >= 8; bits -= 8)
		buf_add_char(&b, (char)(held >> (bits - 8)));
	buf_add_char(&b, (char)(held << (8 - bits)));
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static void test_lzw(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	static const size_t sizes[] = { 10, 900, 9000, 60000 };
	struct str text = STR("");
	(void)state;

	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
			char *z = arena_alloc(a, sizes[i] + 64);
			size_t n = 0;
			for (uint32_t x = 1; n < sizes[i]; x = x * 1103515245 + 12345)
				z[n++] = " \n\t012 "[x >> 20 & 6];
			memcpy(z + n, PAGE, sizeof(PAGE) - 1);
			struct str packed = lzw_packed(a, str_from(z, n + sizeof(PAGE) - 1), late);
			text = read_pdf(
			    a,
			    packed_stream(a,
					  late ? STR("/Filter/LZWDecode/DecodeParms<</EarlyChange 0>>")
					       : STR("/Filter/LZWDecode"),
					  packed),
			    LIMIT_DOCUMENT_TEXT);
			if (!str_eq(text, STR("What you see.\n")))
				fail_msg("%zu bytes, late %d: %.*s", sizes[i], late, STR_ARG(text));
		}
	arena_free(&a);
}

static struct str zlib_packed(struct arena *a, struct str s)
{
	uLongf n = compressBound((uLong)s.n);
	char *to = arena_alloc(a, n);

	ASSERT(compress((Bytef *)to, &n, (const Bytef *)s.p, (uLong)s.n) == Z_OK);
	return str_from(to, n);
}

/* Page and font packed into an object stream, as programs of today write them. */
static void test_object_stream(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	static const char first[] = "<</Type/Catalog/Pages 2 0 R>> ", second[] = "<</Kids[3 0 R]>> ",
			  third[] = "<</Type/Page/Contents 4 0 R/Resources" USES ">> ", fourth[] = PLAIN;
	struct str head =
	    arena_printf(a, "1 0 2 %zu 3 %zu 5 %zu ", sizeof(first) - 1, sizeof(first) + sizeof(second) - 2,
			 sizeof(first) + sizeof(second) + sizeof(third) - 3);
	struct str all = ARENA_JOIN(a, head, str_of(first), str_of(second), str_of(third), str_of(fourth));
	(void)state;

	struct str pdf = ARENA_JOIN(
	    a, STR("%PDF-1.7\n"),
	    arena_printf(a, "9 0 obj\n<</Type/ObjStm/N 4/First %zu/Filter/FlateDecode>>stream\n", head.n),
	    zlib_packed(a, all), STR("\nendstream\nendobj\n4 0 obj\n<</Filter/FlateDecode>>stream\n"),
	    zlib_packed(a, STR(PAGE)), STR("\nendstream\nendobj\n"));
	struct str text = read_pdf(a, pdf, LIMIT_DOCUMENT_TEXT);
	if (!str_eq(text, STR("What you see.\n")))
		fail_msg("%.*s", STR_ARG(text));
	arena_free(&a);
}

/* However much there is, so much is read, and no character is cut. */
static void test_ceilings(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;
	(void)state;

	buf_init(&b, 8 << 20);
	buf_add_c(&b, "BT/F 9 Tf ");
	for (int i = 0; i < 50000; i++)
		buf_add_c(&b, "(\341)Tj ");
	struct str pdf = packed_stream(a, STR("/Filter/FlateDecode"), zlib_packed(a, buf_str(&b)));
	assert_int_equal(read_pdf(a, pdf, 1000).n, 1000);
	assert_int_equal(read_pdf(a, pdf, 1001).n, 1000);
	buf_free(&b);

	/* 6^6 paintings of one form are more than there are operators. */
	struct str forms =
	    STR(BODY("/Contents 4 0 R", STREAM("", "/X Do"), PLAIN,
		     OBJ("7", STREAM("/Subtype/Form", "/X Do/X Do/X Do/X Do/X Do/X Do/X Do/X Do/X Do"))));
	assert_int_equal(read_pdf(a, forms, 1000).n, 0);
	arena_free(&a);
}

/* One font after the other reads the same widths, in documents that say nothing: a mail may have a hundred. */
static void test_work(void **state)
{
	struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED };
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;
	(void)state;

	buf_init(&b, 1 << 20);
	buf_add_c(&b, "%PDF-1.4\n1 0 obj<</Type/Page/Resources<</Font<<");
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "/F%d 3 0 R", i);
	buf_add_c(&b, ">>>>/Contents 2 0 R>>endobj 2 0 obj<<>>stream\nBT ");
	for (int i = 0; i < 60; i++)
		buf_printf(&b, "/F%d 9 Tf ", i);
	buf_add_c(&b, "\nendstream endobj 3 0 obj<</Subtype/Type1/Widths[");
	for (int i = 0; i < 10000; i++)
		buf_add_c(&b, "1 ");
	buf_add_c(&b, "]>>endobj\n");
	for (int i = 0; i < 10; i++)
		(void)document_text(a, buf_str(&b), MAGIC_PDF, &budget, LIMIT_DOCUMENT_TEXT);
	assert_int_equal(budget.bytes, 0);
	buf_free(&b);
	arena_free(&a);
}

/* What is not packed costs to be read, too: what stands behind millions of bytes is not. */
static void test_unpacked(void **state)
{
	struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED };
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;
	(void)state;

	buf_init(&b, 8 << 20);
	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "%01000d ", 0);
	struct str late = ARENA_JOIN(a, STR("BT/F 9 Tf(first)Tj "), buf_str(&b), STR("(last)Tj"));
	struct str text = document_text(a, packed_stream(a, STR(""), late), MAGIC_PDF, &budget, 1000);
	assert_true(str_eq(text, STR("first\n")));
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),         cmocka_unit_test(test_lzw),
		cmocka_unit_test(test_object_stream), cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_work),          cmocka_unit_test(test_unpacked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
