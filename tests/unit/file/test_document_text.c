/* The text of office documents: what is letters, what is a line, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/document_text.h"
#include "file/make_zip.h"

#define WORD(body) "<?xml version='1.0'?><w:document xmlns:w='x'><w:body>" body "</w:body></w:document>"
#define OPEN(body)                                                                                 \
	"<office:document-content><office:automatic-styles><x>style</x></office:automatic-styles>" \
	"<office:body><office:text>" body "</office:text></office:body></office:document-content>"

static const struct {
	const char *name;
	enum magic_type type;
	const char *body, *want;
} cases[] = {
	{ "paragraphs", MAGIC_DOCX,
	  WORD("<w:p><w:r><w:t>Your </w:t></w:r><w:r><w:t xml:space='preserve'>order &amp; "
	       "bill</w:t></w:r></w:p>"
	       "<w:p><w:r><w:t>Call us</w:t></w:r></w:p>"),
	  "Your order & bill\nCall us\n" },
	{ "breaks and cells", MAGIC_DOCX,
	  WORD("<w:tbl><w:tr><w:tc><w:p><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:p></w:tc></"
	       "w:tr></w:tbl>"),
	  "a\nb\tc\n\t" },
	{ "fields and deleted text", MAGIC_DOCX,
	  WORD("<w:p><w:instrText>HYPERLINK x</w:instrText><w:delText>gone</w:delText><w:t>here</w:t></w:p>"),
	  "here\n" },
	{ "in a text box", MAGIC_DOCX,
	  WORD("<w:p><w:r><w:txbxContent><w:p><w:t>boxed</w:t></w:p></w:txbxContent></w:r></w:p>"),
	  "boxed\n\n" },
	{ "nothing", MAGIC_DOCX, WORD(""), "" },
	{ "damaged", MAGIC_DOCX, "<w:body><w:p><w:t>half", "half" },
	{ "OpenDocument", MAGIC_ODT,
	  OPEN("<text:h>Bill</text:h><text:p>Pay<text:s/>now<text:line-break/>or "
	       "<text:span>later</text:span></text:p>"),
	  "Bill\nPay now\nor later\n" },
	{ "a note in the margin", MAGIC_ODT,
	  OPEN("<text:p>a<office:annotation><text:p>note</text:p></office:annotation>b</text:p>"), "ab\n" },
};

static struct str text_of(struct arena *a, struct str bytes, enum magic_type type, size_t max)
{
	struct file_budget budget = { .bytes = LIMIT_DOCUMENT_UNPACKED };

	return document_text(a, bytes, type, &budget, max);
}

static struct str package(struct arena *a, enum magic_type type, struct str body)
{
	const struct make_member word[] = {
		{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>") },
		{ .name = STR("word/document.xml"), .data = body, .deflate = true }
	};
	const struct make_member open[] = {
		{ .name = STR("mimetype"), .data = STR("application/vnd.oasis.opendocument.text") },
		{ .name = STR("META-INF/manifest.xml"), .data = STR("<manifest/>") },
		{ .name = STR("content.xml"), .data = body, .deflate = true }
	};

	return make_zip(
	    a, &(struct make_zip){ .v = type == MAGIC_DOCX ? word : open, .n = type == MAGIC_DOCX ? 2 : 3 });
}

static void test_packages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct str bytes = package(a, cases[i].type, str_of(cases[i].body));
		struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };
		assert_int_equal(file_contents_read(a, bytes, &budget)->type, cases[i].type);
		struct str text = text_of(a, bytes, cases[i].type, LIMIT_DOCUMENT_TEXT);
		if (!str_eq(text, str_of(cases[i].want)))
			fail_msg("%s: \"%.*s\"", cases[i].name, STR_ARG(text));
		arena_free(&a);
	}
}

static void test_rtf(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	(void)state;

	struct str text =
	    text_of(a,
		    STR("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\info{\\title x}}Your \\b bill\\b0\\par "
			"{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt click}}}"),
		    MAGIC_RTF, LIMIT_DOCUMENT_TEXT);
	assert_true(str_eq(text, STR("Your bill\r\nclick")));
	arena_free(&a);
}

static void test_ceiling(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;
	(void)state;

	buf_init(&b, 8 << 20);
	for (int i = 0; i < 30000; i++)
		buf_add_c(&b, "<w:t>\xc3\xa4</w:t>");
	struct str bytes = package(a, MAGIC_DOCX, ARENA_JOIN(a, STR("<w:body>"), buf_str(&b)));
	assert_int_equal(text_of(a, bytes, MAGIC_DOCX, 1001).n, 1000);
	assert_int_equal(text_of(a, bytes, MAGIC_XLSX, 1000).n, 0);
	assert_false(document_is_read(MAGIC_XLSX));
	assert_true(document_is_read(MAGIC_DOCX));
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_packages), cmocka_unit_test(test_rtf),
					    cmocka_unit_test(test_ceiling) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
