/* Texts, links and attachments of whole mails; types by content. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "mime/content.h"

#define HEAD "From: a@x\nDate: 1\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

static void test_whole(void **state)
{
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_tree *t = mime_parse(
	    a,
	    STR(MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
		      "--c\nContent-Transfer-Encoding: quoted-printable\n\nPay at www.x.y =E2=82=AC\n"
		      "--c\nContent-Type: text/html; charset=iso-8859-1\n\n"
		      "<p>Pay <a href=http://evil.com>http://bank.com</a> or http://third.com \xe4</p>"
		      "<i hidden>junk</i>\n--c--\n"
		      "--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
		      "TVoAAA==\n--b\nContent-Type: message/rfc822\n\n"
		      "Subject: =?utf-8?Q?in=C3=A4?=\nFrom: b@x\n\nnested http://inner.org/\n--b--\n"));
	struct mime_content *c = content_extract(a, t);

	(void)state;
	assert_ptr_equal(content_extract(a, t), c);
	assert_int_equal(c->texts.n, 3);
	assert_true(c->texts.v[2].nested);
	assert_true(str_eq(c->plain, STR("Pay at www.x.y \xe2\x82\xac\nnested http://inner.org/")));
	assert_true(str_eq(c->html_text, STR("Pay http://bank.com or http://third.com \xc3\xa4")));
	assert_true(str_eq(c->hidden, STR("junk")));
	assert_int_equal(c->links.n, 4);
	assert_true(str_eq(c->links.v[0].href, STR("www.x.y")));
	assert_true(str_eq(c->links.v[0].url.host, STR("www.x.y")));
	assert_true(str_eq(c->links.v[1].url.host, STR("evil.com")));
	assert_true(str_eq(c->links.v[1].text, STR("http://bank.com")));
	assert_true(str_eq(c->links.v[2].url.host, STR("third.com")));
	assert_true(str_eq(c->links.v[3].url.host, STR("inner.org")));
	assert_true(c->links.v[3].nested);

	assert_int_equal(c->attachments.n, 2);
	const struct mime_attachment *exe = &c->attachments.v[0], *eml = &c->attachments.v[1];
	assert_true(str_eq(exe->name, STR("a.pdf")));
	assert_true(str_eq(exe->declared, STR("application/pdf")));
	assert_int_equal(exe->size, 4);
	assert_int_equal(exe->magic, MAGIC_EXE);
	assert_true(str_eq(exe->sha256, hash_sha256_hex(a, str_from("MZ\0\0", 4))));
	assert_true(str_eq(exe->md5, hash_md5_hex(a, str_from("MZ\0\0", 4))));
	assert_true(str_eq(eml->name, STR("in\xc3\xa4.eml")));
	assert_int_equal(t->defects.bits, 0);
	arena_free(&a);
}

static const struct {
	const char *name, *mail, *plain, *html_text;
	size_t attachments;
} cases[] = {
	{ "attached text is no body", HEAD "Content-Disposition: attachment; filename=a.txt\n\nx", "", "",
	  1 },
	{ "inline text with a name is both", HEAD "Content-Type: text/plain; name=a.txt\n\nx", "x", "", 1 },
	{ "attached html", HEAD "Content-Type: text/html\nContent-Disposition: attachment\n\n<p>x", "", "",
	  1 },
	{ "multipart without parts", HEAD "Content-Type: multipart/mixed; boundary=b\n\nhidden here",
	  "hidden here", "", 0 },
	{ "charset of meta", HEAD "Content-Type: text/html\n\n<meta charset=koi8-r>\xf0", "", "\xd0\x9f", 0 },
	{ "charset of http-equiv",
	  HEAD "Content-Type: text/html\n\n<meta http-equiv=x content='text/html; charset=koi8-r'>\xf0", "",
	  "\xd0\x9f", 0 },
	{ "byte order mark", HEAD "Content-Type: text/plain; charset=koi8-r\n\n\xef\xbb\xbf\xc3\xa4",
	  "\xc3\xa4", "", 0 },
	{ "no attachment for an empty body", HEAD "\n", "", "", 0 },
	{ "image", HEAD "Content-Type: image/png\nContent-ID: <x>\n\n\x89PNG\r\n\x1a\n", "", "", 1 },
};

static void test_what_is_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(8 << 20, NULL, NULL);
		struct mime_content *c = content_extract(a, mime_parse(a, str_of(cases[i].mail)));
		if (!str_eq(c->plain, str_of(cases[i].plain)) ||
		    !str_eq(c->html_text, str_of(cases[i].html_text)) ||
		    c->attachments.n != cases[i].attachments)
			fail_msg("%s: got %.*s, %.*s, %zu", cases[i].name, STR_ARG(c->plain),
				 STR_ARG(c->html_text), c->attachments.n);
		arena_free(&a);
	}
}

static void test_base_and_repetition(void **state)
{
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_content *c =
	    content_extract(a, mime_parse(a, STR(HEAD "Content-Type: text/html\n\n"
						      "<base href='http://b.org/x/y'><a href=/p>1</a><a "
						      "href=/p>1</a><a href=/p>2</a><a href=#f>3</a>")));

	(void)state;
	assert_int_equal(c->links.n, 4);
	assert_true(str_eq(c->links.v[1].href, STR("/p")));
	assert_true(str_eq(c->links.v[1].url.host, STR("b.org")));
	assert_true(str_eq(c->links.v[2].text, STR("2")));
	assert_int_equal(c->links.v[3].url.host.n, 0);
	arena_free(&a);
}

static void test_ceilings(void **state)
{
	struct arena *a = arena_new(256 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 64 << 20);
	buf_add_c(&b, HEAD "\n");
	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "http://host%d.example/ ", i);
	struct mime_tree *t = mime_parse(a, buf_str(&b));
	assert_int_equal(content_extract(a, t)->links.n, LIMIT_LINKS);
	assert_true(defect_has(&t->defects, DEFECT_LINKS_CUT));

	buf_clear(&b);
	buf_add_c(&b, MIXED);
	for (int i = 0; i < 500; i++)
		buf_add_c(&b, "--b\nContent-Type: a/b\n\nx\n");
	t = mime_parse(a, buf_str(&b));
	assert_int_equal(content_extract(a, t)->attachments.n, LIMIT_ATTACHMENTS_KEPT);
	assert_true(defect_has(&t->defects, DEFECT_ATTACHMENTS_CUT));

	buf_clear(&b);
	buf_add_c(&b, HEAD "\n");
	for (size_t i = 0; i < LIMIT_TEXT + 100; i += 10)
		buf_add_c(&b, "some text ");
	t = mime_parse(a, buf_str(&b));
	assert_int_equal(content_extract(a, t)->plain.n, LIMIT_TEXT);
	assert_true(defect_has(&t->defects, DEFECT_TEXT_CUT));
	buf_free(&b);
	arena_free(&a);
}

static const struct {
	const char *bytes;
	size_t n;
	enum magic_type want;
} magics[] = {
	{ "%PDF-1.4", 8, MAGIC_PDF },
	{ "\n\n%PDF-1.4", 10, MAGIC_PDF },
	{ "PK\3\4xx", 6, MAGIC_ZIP },
	{ "MZ\x90", 3, MAGIC_EXE },
	{ "\x7f"
	  "ELF",
	  4, MAGIC_ELF },
	{ "GIF89a", 6, MAGIC_GIF },
	{ "Rar!\x1a\7\1", 7, MAGIC_RAR },
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, MAGIC_OLE },
	{ "{\\rtf1", 6, MAGIC_RTF },
	{ "  <!DOCTYPE html>", 17, MAGIC_HTML },
	{ "\xef\xbb\xbf<html>", 9, MAGIC_HTML },
	{ "<?xml ?><svg>", 13, MAGIC_SVG },
	{ "<?xml ?><a>", 11, MAGIC_XML },
	{ "#!/bin/sh\n", 10, MAGIC_SCRIPT },
	{ "just text", 9, MAGIC_TEXT },
	{ "\1\2\3\0", 4, MAGIC_UNKNOWN },
	{ "", 0, MAGIC_EMPTY },
	{ "M", 1, MAGIC_TEXT },
};

static void test_magic(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if (magic_of(str_from(magics[i].bytes, magics[i].n)) != magics[i].want)
			fail_msg("case %zu: got %d", i,
				 (int)magic_of(str_from(magics[i].bytes, magics[i].n)));
}

static void test_encrypted(void **state)
{
	static const struct {
		const char *mail;
		bool want;
	} mails[] = {
		{ HEAD "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nx",
		  true },
		{ HEAD "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx", false },
		{ HEAD "Content-Type: multipart/encrypted; boundary=b\n\n--b\n\nx\n--b--", true },
		{ HEAD "\n-----BEGIN PGP MESSAGE-----\n", true },
		{ HEAD "\nplain", false },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mails); i++) {
		struct arena *a = arena_new(8 << 20, NULL, NULL);
		if (content_extract(a, mime_parse(a, str_of(mails[i].mail)))->encrypted != mails[i].want)
			fail_msg("case %zu", i);
		arena_free(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_what_is_text),
		cmocka_unit_test(test_base_and_repetition),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_magic),
		cmocka_unit_test(test_encrypted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
