/* What is inside attachments: paths, depths, ceilings, messages and pages in files, links of documents. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/base64.h"
#include "base/hash.h"
#include "base/limits.h"
#include "file/make_zip.h"
#include "mime/content.h"

#define HEAD "From: a@x\nDate: 1\nContent-Type: multipart/mixed; boundary=b\n\n"

static struct str part(struct arena *a, const char *type, const char *name, struct str bytes)
{
	return ARENA_JOIN(a, STR("--b\nContent-Type: "), str_of(type),
			  STR("\nContent-Transfer-Encoding: base64\n"),
			  STR("Content-Disposition: attachment; filename=\""), str_of(name), STR("\"\n\n"),
			  base64_encode(a, bytes), STR("\n"));
}

static struct mime_content *extract(struct arena *a, struct str parts, struct mime_defects *defects_out)
{
	struct mime_tree *t = mime_parse(a, ARENA_JOIN(a, STR(HEAD), parts, STR("--b--\n")));
	struct mime_content *c = content_extract(a, t);

	if (defects_out)
		*defects_out = t->defects;
	return c;
}

static struct str zip_of(struct arena *a, const char *name, struct str data)
{
	const struct make_member m = { .name = str_of(name), .data = data, .deflate = true };
	const struct make_zip z = { .v = &m, .n = 1 };

	return make_zip(a, &z);
}

static void test_paths(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct str inner = zip_of(a, "b/c.txt", STR("see http://inside.example/ now"));
	struct mime_content *c =
	    extract(a,
		    ARENA_JOIN(a, part(a, "application/zip", "a.zip", zip_of(a, "d/i.zip", inner)),
			       part(a, "image/png", "p.png", STR("\x89PNG\r\n\x1a\n"))),
		    NULL);

	(void)state;
	assert_int_equal(c->attachments.n, 4);
	const struct mime_attachment *v = c->attachments.v;
	assert_true(str_eq(v[0].name, STR("a.zip")) && v[0].container == 0 && v[0].depth == 0);
	assert_true(str_eq(v[1].name, STR("p.png")) && v[1].container == 0);
	assert_true(str_eq(v[2].name, STR("a.zip/d/i.zip")) && v[2].container == 1 && v[2].depth == 1);
	assert_true(str_eq(v[3].name, STR("a.zip/d/i.zip/b/c.txt")) && v[3].container == 3 &&
		    v[3].depth == 2);
	assert_ptr_equal(v[3].part, v[0].part);
	assert_int_equal(v[3].magic, MAGIC_TEXT);
	assert_true(str_eq(v[3].type, STR("text/plain")));
	assert_true(str_eq(v[3].sha256, hash_sha256_hex(a, STR("see http://inside.example/ now"))));
	assert_int_equal(v[3].declared.n, 0);
	assert_int_equal(c->links.n, 1);
	assert_true(str_eq(c->links.v[0].url.host, STR("inside.example")));
	assert_ptr_equal(c->links.v[0].part, v[0].part);
	arena_free(&a);
}

static void test_depth(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct str s = zip_of(a, "evil.exe", STR("MZ\0\0"));

	(void)state;
	for (int i = 0; i < LIMIT_UNPACK_DEPTH + 5; i++)
		s = zip_of(a, "z.zip", s);
	struct mime_content *c = extract(a, part(a, "application/zip", "a.zip", s), NULL);
	assert_int_equal(c->attachments.n, LIMIT_UNPACK_DEPTH + 1);
	assert_true(file_has(c->attachments.v[LIMIT_UNPACK_DEPTH].inside, TRAIT_CUT));
	assert_false(file_has(c->attachments.v[LIMIT_UNPACK_DEPTH - 1].inside, TRAIT_CUT));
	arena_free(&a);
}

/* Pictures do not push a program out of sight, and what gets no place is told of. */
static void test_places(void **state)
{
	struct make_member *members;
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct make_zip z = { .n = 64 };
	struct mime_defects d;
	struct str parts = STR_NONE;

	(void)state;
	z.v = members = ARENA_ARRAY(a, 64, struct make_member);
	for (size_t i = 0; i < 64; i++)
		members[i] = (struct make_member){ .name = arena_printf(a, "%zu.png", i), .data = STR("x") };
	for (int i = 0; i < 3; i++)
		parts = ARENA_JOIN(a, parts, part(a, "application/zip", "pictures.zip", make_zip(a, &z)));
	parts =
	    ARENA_JOIN(a, parts, part(a, "application/zip", "a.zip", zip_of(a, "evil.exe", STR("MZ\0\0"))));
	struct mime_content *c = extract(a, parts, &d);
	assert_true(str_eq(c->attachments.v[c->attachments.n - 1].name, STR("a.zip/evil.exe")));
	assert_int_equal(c->attachments.n, LIMIT_ATTACHMENTS_KEPT / 2 + 1);
	assert_false(defect_has(&d, DEFECT_ATTACHMENTS_CUT)); /* nothing was missed */

	for (size_t i = 0; i < 64; i++)
		members[i].name = arena_printf(a, "%zu.html", i);
	members[63].name = STR("evil.exe");
	parts = STR_NONE;
	for (int i = 0; i < 4; i++)
		parts = ARENA_JOIN(a, parts, part(a, "application/zip", "pages.zip", make_zip(a, &z)));
	c = extract(a, parts, &d);
	assert_int_equal(c->attachments.n, LIMIT_ATTACHMENTS_KEPT);
	assert_true(defect_has(&d, DEFECT_ATTACHMENTS_CUT));
	assert_true(file_has(c->attachments.v[3].inside, TRAIT_LISTS_PROGRAM));
	arena_free(&a);
}

/* Of a part of the data there is no digest. */
static void test_cut(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct str zeros = str_from(arena_zalloc(a, 40 << 20), 40 << 20);
	struct mime_content *c = extract(a, part(a, "application/zip", "a.zip", zip_of(a, "z", zeros)), NULL);

	(void)state;
	assert_true(file_has(c->attachments.v[0].inside, TRAIT_BOMB));
	assert_true(c->attachments.v[1].data.n < c->attachments.v[1].size);
	assert_int_equal(c->attachments.v[1].sha256.n, 0);
	arena_free(&a);
}

static void test_messages(void **state)
{
	static const char mail[] = "From: b@y\nSubject: in\nContent-Type: multipart/mixed; "
				   "boundary=c\n\n--c\n\ntext http://mail.example/\n"
				   "--c\nContent-Type: application/x; "
				   "name=run.exe\nContent-Transfer-Encoding: base64\n\nTVoAAA==\n--c--\n";
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct mime_content *c =
	    extract(a, part(a, "application/zip", "a.zip", zip_of(a, "m.eml", str_of(mail))), NULL);

	(void)state;
	assert_int_equal(c->attachments.n, 3);
	const struct mime_attachment *exe = &c->attachments.v[2];
	assert_true(str_eq(exe->name, STR("a.zip/m.eml/run.exe")) && exe->container == 2 && exe->depth == 2);
	assert_true(exe->nested && exe->magic == MAGIC_EXE);
	assert_true(str_eq(exe->declared, STR("application/x")));
	assert_true(str_eq(c->plain, STR("text http://mail.example/")));
	assert_true(c->texts.v[0].nested);
	assert_int_equal(c->links.n, 1);
	/* The same as a file of its own; and as a patch or a text, where it is only shown. */
	c = extract(a, part(a, "application/octet-stream", "m.eml", str_of(mail)), NULL);
	assert_int_equal(c->attachments.n, 2);
	c = extract(a,
		    part(a, "application/octet-stream", "m.eml",
			 STR("Content-Type: text/html\n\n<a href=http://b/>")),
		    NULL);
	assert_int_equal(c->texts.n, 1);
	assert_true(c->texts.v[0].html != NULL);
	c = extract(a,
		    part(a, "application/msword", "m.doc",
			 ARENA_JOIN(a, STR("x\nMIME-Version: 1.0\n"), str_of(mail))),
		    NULL);
	assert_int_equal(c->attachments.n, 2);
	c = extract(a, part(a, "text/x-patch", "0001.patch", str_of(mail)), NULL);
	assert_int_equal(c->attachments.n, 1);
	assert_int_equal(c->plain.n, 0);
	assert_int_equal(c->links.n, 1);
	arena_free(&a);
}

static void test_pages(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct mime_content *c =
	    extract(a,
		    ARENA_JOIN(a,
			       part(a, "text/html; charset=koi8-r", "a.html",
				    STR("<a href=http://page.example/>\xf0</a>")),
			       part(a, "text/html", "b.html",
				    STR("\xff\xfe<\0a\0 \0h\0r\0e\0f\0=\0h\0t\0t\0p\0:\0/\0/\0w\0>\0"))),
		    NULL);

	(void)state;
	assert_int_equal(c->html.n, 0); /* no bodies */
	assert_true(c->attachments.v[0].page && str_eq(c->attachments.v[0].page->text, STR("\xd0\x9f")));
	assert_int_equal(c->links.n, 2);
	assert_true(str_eq(c->links.v[0].url.host, STR("page.example")));
	assert_true(str_eq(c->links.v[1].url.host, STR("w")));
	c = extract(
	    a,
	    ARENA_JOIN(a, part(a, "text/html", "", STR("a page")),
		       part(a, "text/xml", "a.xml",
			    STR("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>")),
		       part(a, "text/xml", "b.xml", STR("<?xml version='1.0'?><a>http://text.example/</a>"))),
	    NULL);
	assert_true(c->attachments.v[0].page && c->attachments.v[1].page && !c->attachments.v[2].page);
	c = extract(a,
		    part(a, "text/html", "a.html",
			 STR("<p>a<script>location = \"https:\\/\\/evil.example/x\"; a.com.org</script>")),
		    NULL);
	assert_int_equal(c->links.n, 1);
	assert_true(str_eq(c->links.v[0].url.host, STR("evil.example")));
	c = extract(a,
		    part(a, "image/svg+xml", "a.svg",
			 STR("<svg><script>location = 'https://evil.example/y'</script></svg>")),
		    NULL);
	assert_int_equal(c->links.n, 1);
	arena_free(&a);
}

/* A page is read to its end, however far that is. */
static void test_long_page(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	size_t n = 3u << 20;
	char *z = arena_alloc(a, n);
	struct mime_defects d;

	(void)state;
	memset(z, ' ', n);
	struct str page = ARENA_JOIN(a, STR("<html>"), str_from(z, n), STR("<input type=password>"));
	struct mime_content *c = extract(a, part(a, "text/html", "a.html", page), &d);
	assert_int_equal(c->attachments.v[0].page->forms.n, 1);
	assert_false(defect_has(&d, DEFECT_TEXT_CUT));
	page = ARENA_JOIN(a, page, page, page, page, page, page);
	extract(a, part(a, "text/html", "a.html", page), &d);
	assert_true(defect_has(&d, DEFECT_TEXT_CUT));
	arena_free(&a);
}

static void test_documents(void **state)
{
	static const char pdf[] = "%PDF-1.4\n1 0 obj<</URI(http://pdf.example/)>>endobj";
	static const char tnef[] =
	    "\x78\x9f\x3e\x22\1\0\1\x0c\x80\2\0\x19\0\0\0go\0to http://tnef.example\0\0";
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct mime_content *c = extract(
	    a,
	    ARENA_JOIN(a, part(a, "application/pdf", "a.pdf", str_of(pdf)),
		       part(a, "application/ms-tnef", "winmail.dat", str_from(tnef, sizeof(tnef) - 1))),
	    NULL);

	(void)state;
	assert_true(str_eq(c->plain, STR("goto http://tnef.example")));
	assert_int_equal(c->links.n, 2);
	assert_true(str_eq(c->links.v[0].url.host, STR("pdf.example")));
	assert_ptr_equal(c->links.v[0].part, c->attachments.v[0].part);
	assert_true(str_eq(c->links.v[1].url.host, STR("tnef.example")));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),     cmocka_unit_test(test_depth),
		cmocka_unit_test(test_places),    cmocka_unit_test(test_cut),
		cmocka_unit_test(test_messages),  cmocka_unit_test(test_pages),
		cmocka_unit_test(test_long_page), cmocka_unit_test(test_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
