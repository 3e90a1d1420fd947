/* Compound files: streams, and what they mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "base/limits.h"
#include "file/contents.h"
#include "file/make_ole.h"
#include "file/ole.h"
#include "file/vba.h"

/* The entry of this name in a storage, or NULL. */
static const struct ole_entry *find_entry(const struct ole *o, size_t parent, struct str name)
{
	for (size_t i = 0; i < o->entries.n; i++)
		if (o->entries.v[i].parent == parent && i != parent &&
		    str_eq_nocase(o->entries.v[i].name, name))
			return &o->entries.v[i];
	return NULL;
}

static void test_streams(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	char *large = arena_alloc(a, 100000);
	const struct make_stream v[] = { { STR("small"), STR("a few bytes") },
					 { STR("store"), STR_NONE },
					 { STR("store/\1inner"), STR("bytes inside") },
					 { STR("store/deep"), STR_NONE },
					 { STR("store/deep/large"), str_from(large, 100000) },
					 { STR("empty"), STR("") } };
	struct ole o;

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		large[i] = (char)(i * 7);
	struct str file = make_ole(a, v, ARRAY_LEN(v), STR_NONE);
	assert_true(ole_open(a, file, 1000, SIZE_MAX, &o));
	const struct ole_entry *store = find_entry(&o, 0, STR("STORE"));
	assert_int_equal(store->kind, OLE_STORAGE);
	assert_true(str_eq(ole_stream(&o, find_entry(&o, 0, STR("small")), 1000), STR("a few bytes")));
	size_t at = (size_t)(store - o.entries.v);
	assert_true(str_eq(ole_stream(&o, find_entry(&o, at, STR("\1inner")), 1000), STR("bytes inside")));
	const struct ole_entry *deep = find_entry(&o, at, STR("deep"));
	const struct ole_entry *e = find_entry(&o, (size_t)(deep - o.entries.v), STR("large"));
	assert_true(str_eq(ole_stream(&o, e, SIZE_MAX), v[4].data));
	assert_int_equal(ole_stream(&o, e, 12345).n, 12345);
	assert_int_equal(ole_stream(&o, find_entry(&o, 0, STR("empty")), 1000).n, 0);
	assert_null(find_entry(&o, 0, STR("large")));
	/* Cut and flipped anywhere. */
	for (size_t i = 0; i < file.n; i += i < 2048 ? 1 : 511) {
		struct arena *b = arena_new(64 << 20, NULL, NULL);
		char *flipped = arena_strndup(b, file.p, file.n);
		struct str forms[] = { arena_str(b, str_sub(file, 0, i)), str_from(flipped, file.n) };
		flipped[i] = (char)~flipped[i];
		for (size_t k = 0; k < ARRAY_LEN(forms); k++)
			for (size_t n = 0;
			     ole_open(b, forms[k], 1000, 1 << 20, &o) && n < o.entries.n && n < 50; n++)
				ole_stream(&o, &o.entries.v[n], 200000);
		arena_free(&b);
	}
	arena_free(&a);
}

/* A chain that runs in a circle, and one out of the file. */
static void test_circles(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	char *large = arena_zalloc(a, 8192);
	const struct make_stream v[] = { { STR("large"), str_from(large, 8192) } };
	struct str file = make_ole(a, v, 1, STR_NONE);
	char *bytes = arena_strndup(a, file.p, file.n);
	struct ole o;

	(void)state;
	/* The table is the last sector; the stream's second sector leads back to its first. */
	size_t table = file.n - MAKE_SECTOR;
	memset(bytes + table + 4, 0, 4);
	assert_true(ole_open(a, str_from(bytes, file.n), 1000, SIZE_MAX, &o));
	assert_true(ole_stream(&o, find_entry(&o, 0, STR("large")), SIZE_MAX).n <= 8192);
	memset(bytes + table + 4, 0x70, 4);
	assert_true(ole_open(a, str_from(bytes, file.n), 1000, SIZE_MAX, &o));
	assert_int_equal(ole_stream(&o, find_entry(&o, 0, STR("large")), SIZE_MAX).n, 1024);
	arena_free(&a);
}

static void test_vba(void **state)
{
	static const struct {
		const char *name;
		struct str source, automatic, system;
	} cases[] = {
		{ "nothing", STR_INIT("Sub Sum()\r\nx = a + b\r\n"), STR_INIT(""), STR_INIT("") },
		{ "starts", STR_INIT("Private Sub Workbook_Open()\r\nEnd Sub"), STR_INIT("Workbook_Open"),
		  STR_INIT("") },
		{ "any case", STR_INIT("sub AUTOOPEN\r\ncreateobject(\"WScript.Shell\")"),
		  STR_INIT("AUTOOPEN"), STR_INIT("WScript.Shell") },
		{ "event of a picture", STR_INIT("Sub Ink1_Painted(ByVal x)"), STR_INIT("Ink1_Painted"),
		  STR_INIT("") },
		{ "in a string", STR_INIT("s = \"cmd.exe /c x\""), STR_INIT(""), STR_INIT("cmd.exe") },
		{ "method", STR_INIT("o.ShellExecute a"), STR_INIT(""), STR_INIT("ShellExecute") },
		{ "part of a word", STR_INIT("NutShell MyAutoOpen Shelly"), STR_INIT(""), STR_INIT("") },
	};
	struct arena *a = arena_new(64 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct vba_words w = { 0 };
		struct str source = ARENA_JOIN(a, STR("Attribute VB_Name = \"M\"\r\n"), cases[i].source);
		struct str got = vba_source(a, make_vba(a, source), 1 << 20);
		vba_read_words(got, &w);
		if (!str_eq(got, source) || !str_eq(w.automatic, cases[i].automatic) ||
		    !str_eq(w.system, cases[i].system))
			fail_msg("%s: %.*s, %.*s", cases[i].name, STR_ARG(w.automatic), STR_ARG(w.system));
	}
	/* A copy of what came before in the chunk (§2.4.1.3.19): "ute " once more. */
	static const char copied[] = "\1\x0e\xb0\0Attribut\2e\0\x30 x";
	assert_true(str_starts(vba_source(a, str_from(copied, sizeof(copied) - 1), 1000), STR("Attribute")));
	arena_free(&a);
}

/* ---- what streams mean ---- */

static struct str package(struct arena *a, const char *name, struct str data, bool native)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	make_le(&b, 2, 2);
	buf_add_c(&b, name);
	buf_add(&b, STR("\0C:\\a\\path.exe\0\0\0\3\0"));
	make_le(&b, 5, 4);
	buf_add(&b, STR("temp\0"));
	make_le(&b, data.n, 4);
	buf_add(&b, data);
	struct str out = arena_str(a, buf_str(&b));
	if (native) {
		buf_clear(&b);
		make_le(&b, out.n, 4);
		buf_add(&b, out);
		out = arena_str(a, buf_str(&b));
	}
	buf_free(&b);
	return out;
}

static struct str moniker(struct arena *a, const char *url)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_add(&b, STR("\1\0\0\2\xe0\xc9\xea\x79\xf9\xba\xce\x11\x8c\x82\0\xaa\0\x4b\xa9\x0b"));
	make_le(&b, strlen(url) * 2 + 2, 4);
	make_utf16(&b, str_of(url));
	make_le(&b, 0, 2);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static struct file_contents *look(struct arena *a, const struct make_stream *v, size_t n, struct str clsid)
{
	struct file_budget budget = { .bytes = LIMIT_UNPACKED, .members = LIMIT_MEMBERS };

	return file_contents_read(a, make_ole(a, v, n, clsid), &budget);
}

#define BIT(t) (UINT32_C(1) << (t))

static void test_macros(void **state)
{
	static const struct {
		const char *name, *source;
		uint32_t traits;
	} cases[] = {
		{ "sums", "Attribute VB_Name = \"M\"\r\nSub Sum()", BIT(TRAIT_MACROS) },
		{ "runs", "Attribute VB_Name = \"M\"\r\nSub Document_Open()",
		  BIT(TRAIT_MACROS) | BIT(TRAIT_MACRO_AUTO) },
		{ "runs programs", "Attribute VB_Name = \"M\"\r\nSub AutoOpen()\r\nShell \"x\"",
		  BIT(TRAIT_MACROS) | BIT(TRAIT_MACRO_AUTO) | BIT(TRAIT_MACRO_SYSTEM) },
		{ "source taken away", "", BIT(TRAIT_MACROS) | BIT(TRAIT_MACRO_HIDDEN) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(64 << 20, NULL, NULL);
		struct str source = str_of(cases[i].source);
		const struct make_stream v[] = {
			{ STR("WordDocument"), STR("\xec\xa5\xc1\0") },
			{ STR("Macros"), STR_NONE },
			{ STR("Macros/VBA"), STR_NONE },
			{ STR("Macros/VBA/dir"), STR("\1\0\0 of another form") },
			{ STR("Macros/VBA/_VBA_PROJECT"), STR("\xcc\x61") },
			{ STR("Macros/VBA/Module1"),
			  source.n ? make_vba(a, source) : STR("compiled code alone") },
		};
		struct file_contents *c = look(a, v, ARRAY_LEN(v), STR_NONE);
		if (c->traits != cases[i].traits || c->type != MAGIC_DOC)
			fail_msg("%s: traits %x, type %d", cases[i].name, c->traits, (int)c->type);
		arena_free(&a);
	}
}

static void test_objects(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const struct make_stream v[] = {
		{ STR("ObjectPool"), STR_NONE },
		{ STR("ObjectPool/_1"), STR_NONE },
		{ STR("ObjectPool/_1/\1Ole10Native"), package(a, "invoice.exe", STR("MZ program"), true) },
		{ STR("ObjectPool/_2"), STR_NONE },
		{ STR("ObjectPool/_2/\1Ole"), moniker(a, "http://far.example/x.hta") },
		{ STR("ObjectPool/_3"), STR_NONE },
		{ STR("ObjectPool/_3/Equation Native"), STR("\x1c") },
	};
	struct file_contents *c = look(a, v, ARRAY_LEN(v), STR_NONE);

	(void)state;
	assert_int_equal(c->traits, BIT(TRAIT_OBJECT) | BIT(TRAIT_REMOTE) | BIT(TRAIT_EQUATION));
	assert_int_equal(c->members.n, 1);
	assert_true(str_eq(c->members.v[0].name, STR("invoice.exe")));
	assert_true(str_eq(c->members.v[0].data, STR("MZ program")));
	assert_true(str_eq(c->evidence[TRAIT_REMOTE], STR("http://far.example/x.hta")));
	assert_int_equal(c->links.n, 1);
	arena_free(&a);
}

static void test_kinds(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const struct str msi = STR("\x84\x10\x0c\0\0\0\0\0\xc0\0\0\0\0\0\0\x46");
	const struct {
		const char *name;
		struct make_stream stream;
		struct str clsid;
		enum magic_type type;
		uint32_t traits;
	} cases[] = {
		{ "nothing known", { STR("x"), STR("y") }, STR_NONE, MAGIC_OLE, 0 },
		{ "installer", { STR("x"), STR("y") }, msi, MAGIC_MSI, 0 },
		{ "locked document",
		  { STR("EncryptedPackage"), STR("y") },
		  STR_NONE,
		  MAGIC_OLE,
		  BIT(TRAIT_ENCRYPTED) },
		{ "locked letter",
		  { STR("WordDocument"), STR("\xec\xa5\xc1\0\0\0\0\0\0\0\0\1") },
		  STR_NONE,
		  MAGIC_DOC,
		  BIT(TRAIT_ENCRYPTED) },
		{ "letter that starts a program",
		  { STR("WordDocument"),
		    STR("\xec\xa5\xc1\0\0\0\0\0\0\0\0\0\x13 DDEAUTO c:\\cmd.exe \"/k x\"\x14z\x15") },
		  STR_NONE,
		  MAGIC_DOC,
		  BIT(TRAIT_DDE) },
		{ "locked workbook",
		  { STR("Workbook"), STR("\x09\x08\2\0\0\0\x2f\0\2\0\0\0") },
		  STR_NONE,
		  MAGIC_XLS,
		  BIT(TRAIT_ENCRYPTED) },
		{ "workbook",
		  { STR("Workbook"), STR("\x85\0\x09\0\0\0\0\0\0\0\1\0A") },
		  STR_NONE,
		  MAGIC_XLS,
		  0 },
		{ "macro sheet",
		  { STR("Workbook"), STR("\x85\0\x09\0\0\0\0\0\2\1\1\0M") },
		  STR_NONE,
		  MAGIC_XLS,
		  BIT(TRAIT_MACRO_SHEET) },
		{ "macro sheet that runs",
		  { STR("Workbook"), STR("\x18\0\x10\0\x20\0\0\1\0\0\0\0\0\0\0\0\0\0\0\1"
					 "\x85\0\x09\0\0\0\0\0\2\1\1\0M") },
		  STR_NONE,
		  MAGIC_XLS,
		  BIT(TRAIT_MACRO_SHEET) | BIT(TRAIT_MACRO_AUTO) },
		{ "slides",
		  { STR("PowerPoint Document"), STR("\x0f\0\xe8\3\0\0\0\0") },
		  STR_NONE,
		  MAGIC_PPT,
		  0 },
		{ "locked slides",
		  { STR("EncryptedSummary"), STR("y") },
		  STR_NONE,
		  MAGIC_OLE,
		  BIT(TRAIT_ENCRYPTED) },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct file_contents *c = look(a, &cases[i].stream, 1, cases[i].clsid);
		if (c->type != cases[i].type || c->traits != cases[i].traits)
			fail_msg("%s: type %d, traits %x", cases[i].name, (int)c->type, c->traits);
	}
	arena_free(&a);
}

static void test_links(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct str hyperlink = moniker(a, "http://sheet.example/"), strings;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	make_le(&b, 0x1b8, 2);
	make_le(&b, hyperlink.n, 2);
	buf_add(&b, hyperlink);
	struct make_stream sheet = { STR("Workbook"), arena_str(a, buf_str(&b)) };
	buf_clear(&b);
	make_le(&b, 0, 2);
	make_le(&b, 0xfba, 2);
	make_le(&b, 2 * strlen("http://slide.example/"), 4);
	make_utf16(&b, STR("http://slide.example/"));
	struct make_stream slide = { STR("PowerPoint Document"), arena_str(a, buf_str(&b)) };
	buf_clear(&b);
	buf_add(&b, STR("\xec\xa5\xc1\0\0\0\0\0\0\0\0\0"));
	make_utf16(&b, STR("text \x13 HYPERLINK \"http://letter.example/\" \x14 here \x15"));
	struct make_stream letter = { STR("WordDocument"), arena_str(a, buf_str(&b)) };
	buf_free(&b);
	strings = look(a, &sheet, 1, STR_NONE)->links.v[0];
	assert_true(str_eq(strings, STR("http://sheet.example/")));
	strings = look(a, &slide, 1, STR_NONE)->links.v[0];
	assert_true(str_eq(strings, STR("http://slide.example/")));
	strings = look(a, &letter, 1, STR_NONE)->links.v[0];
	assert_true(str_eq(strings, STR("http://letter.example/")));
	arena_free(&a);
}

static struct str wide(struct arena *a, const char *z)
{
	struct buf b;

	buf_init(&b, 1 << 16);
	make_utf16(&b, str_of(z));
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

static void test_message(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	const struct make_stream v[] = {
		{ STR("__properties_version1.0"), STR("\0\0\0\0") },
		{ STR("__substg1.0_1000001F"), wide(a, "the body") },
		{ STR("__substg1.0_10130102"), STR("<p>the page</p>") },
		{ STR("__attach_version1.0_#00000000"), STR_NONE },
		{ STR("__attach_version1.0_#00000000/__substg1.0_3704001E"), STR("INVOIC~1.EXE") },
		{ STR("__attach_version1.0_#00000000/__substg1.0_3707001F"), wide(a, "invoice.exe") },
		{ STR("__attach_version1.0_#00000000/__substg1.0_37010102"), STR("MZ") },
	};
	struct file_contents *c = look(a, v, ARRAY_LEN(v), STR_NONE);

	(void)state;
	assert_int_equal(c->type, MAGIC_MSG);
	assert_int_equal(c->texts.n, 2);
	assert_true(str_eq(c->texts.v[0].text, STR("the body")) && !c->texts.v[0].html);
	assert_true(str_eq(c->texts.v[1].text, STR("<p>the page</p>")) && c->texts.v[1].html);
	assert_int_equal(c->members.n, 1);
	assert_true(str_eq(c->members.v[0].name, STR("invoice.exe")));
	assert_true(str_eq(c->members.v[0].data, STR("MZ")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams), cmocka_unit_test(test_circles), cmocka_unit_test(test_vba),
		cmocka_unit_test(test_macros),  cmocka_unit_test(test_objects), cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_links),   cmocka_unit_test(test_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
