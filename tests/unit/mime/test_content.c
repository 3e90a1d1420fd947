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

/*
 * CMS of our own making (openssl cms): "Content-Type: text/plain" and "hello http://x.org/", signed, the same in
 * indefinite lengths as mail programs stream it, encrypted; and a detached signature.
 */
#define CMS_SIGNED                                                                       \
	"MIH1BgkqhkiG9w0BBwKggecwgeQCAQExDTALBglghkgBZQMEAgEwQAYJKoZIhvcNAQcBoDMEMUNv\n" \
	"bnRlbnQtVHlwZTogdGV4dC9wbGFpbg0KDQpoZWxsbyBodHRwOi8veC5vcmcvDQoxgY0wgYoCAQEw\n" \
	"JDAMMQowCAYDVQQDDAFhAhReUoLxUb30t8oPQ0qRvEArgsrJaTALBglghkgBZQMEAgEwCgYIKoZI\n" \
	"zj0EAwIERjBEAiAT0r87ZVpnvcTu7p3jNm+wyLkrh5nIrGLgd9lVXMAz7wIgUPaRWR80ndf9/zwO\n" \
	"U3KB1OEFy8oWu2GDgRor8JxYsJI=\n"
#define CMS_STREAMED                                                                     \
	"MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcBoIAkgAQxQ29u\n" \
	"dGVudC1UeXBlOiB0ZXh0L3BsYWluDQoNCmhlbGxvIGh0dHA6Ly94Lm9yZy8NCgAAAAAAADGBjzCB\n" \
	"jAIBATAkMAwxCjAIBgNVBAMMAWECFF5SgvFRvfS3yg9DSpG8QCuCyslpMAsGCWCGSAFlAwQCATAK\n" \
	"BggqhkjOPQQDAgRIMEYCIQCv9PzNTwcUfaiM683dwJVRf7nJ/BJtrhtVFETdorxkeQIhAJGRBvop\n" \
	"sRsOpbQgq4hv1fUfjJpZTKgWD16BVCr/drQDAAAAAAAA\n"
#define CMS_ENVELOPED                                                                    \
	"MIIBRQYJKoZIhvcNAQcDoIIBNjCCATICAQAxgb4wgbsCAQAwJDAMMQowCAYDVQQDDAFhAhR2JPuv\n" \
	"LTKYshOAiqvtJBKJHTkrEjANBgkqhkiG9w0BAQEFAASBgGAjuAHsRj8p0Vnof8kf9YBcpXbsppwZ\n" \
	"MLyUwsIJu1NKHfUgO+Z+Ytwg9+NAJHCheXNiWyWJJN/hiAey1WVtaGChafnlooH3DFQAdAn1EvTw\n" \
	"7SbvcOHEtXAJk/bHzJHAd852WSVfWzKmaCqri6ZOnZ1ulm6eZHX+lA4XvvjY5wzXMGwGCSqGSIb3\n" \
	"DQEHATAdBglghkgBZQMEAQIEEMn80VUTgHfN4W7F6uPZhAyAQCL2q8H+bhTLqv5smEKJuou6KgeO\n" \
	"eQldmFVyf2ndBHomhFS2Pk02P/qk6BHz9bsbGy9XNcbAXIYKdyMQx9Jvnr8=\n"
#define CMS_DETACHED                                                                     \
	"MIHBBgkqhkiG9w0BBwKggbMwgbACAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBMYGOMIGL\n" \
	"AgEBMCQwDDEKMAgGA1UEAwwBYQIUXlKC8VG99LfKD0NKkbxAK4LKyWkwCwYJYIZIAWUDBAIBMAoG\n" \
	"CCqGSM49BAMCBEcwRQIhAKiVjx5783jdX2mFNVuqHTAh4JSIrFcQj6lNfycLRmO2AiBzrtxwDLha\n" \
	"53DjcWZ9oYMCxr1uDW+a8ElOw8z+FuLOvg==\n"
#define SMIME                                                                                      \
	HEAD "Content-Type: application/pkcs7-mime; name=smime.p7m%s\nContent-Transfer-Encoding: " \
	     "base64\n\n%s"

static const struct {
	const char *name, *smime_type, *cms, *plain;
	bool encrypted;
	size_t attachments;
	uint64_t defects;
} smime[] = {
	{ "signed", "; smime-type=signed-data", CMS_SIGNED, "hello http://x.org/\r\n", false, 0, 0 },
	{ "signed, streamed", "", CMS_STREAMED, "hello http://x.org/\r\n", false, 0, 0 },
	{ "signed, said to be encrypted", "; smime-type=enveloped-data", CMS_SIGNED,
	  "hello http://x.org/\r\n", false, 0, 0 },
	{ "encrypted", "; smime-type=enveloped-data", CMS_ENVELOPED, "", true, 1, 0 },
	{ "encrypted, said to be signed", "; smime-type=signed-data", CMS_ENVELOPED, "", true, 1, 0 },
	{ "detached", "", CMS_DETACHED, "", false, 1, 0 },
	{ "no CMS", "; smime-type=signed-data", "AAAA", "", false, 1, (uint64_t)1 << DEFECT_SMIME },
	{ "nothing", "; smime-type=enveloped-data", "", "", true, 1, (uint64_t)1 << DEFECT_SMIME },
};

static void test_smime(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(smime); i++) {
		struct arena *a = arena_new(8 << 20, NULL, NULL);
		struct str mail = arena_printf(a, SMIME, smime[i].smime_type, smime[i].cms);
		struct mime_tree *t = mime_parse(a, mail);
		const struct mime_content *c = content_extract(a, t);
		if (!str_eq(c->plain, str_of(smime[i].plain)) || c->encrypted != smime[i].encrypted ||
		    c->attachments.n != smime[i].attachments || t->defects.bits != smime[i].defects ||
		    (c->attachments.n && c->attachments.v[0].encrypted != smime[i].encrypted))
			fail_msg("%s: got %.*s, %zu attachments, defects %llx", smime[i].name,
				 STR_ARG(c->plain), c->attachments.n, (unsigned long long)t->defects.bits);
		arena_free(&a);
	}
}

/* files: "name (bytes)" each. */
static const struct {
	const char *name, *mail, *texts, *files;
} embedded[] = {
	{ "uuencode in a text", HEAD "\nbefore\nbegin 644 a.exe\n#35I0\n`\nend\nafter\n", "before\nafter\n|",
	  "a.exe (MZP)" },
	{ "two in a text",
	  HEAD "\nbegin 644 a\n#35I0\nend\nand\n=ybegin line=1 size=2 name=b\nw\x84\n=yend\n", "and\n|",
	  "a (MZP)b (MZ)" },
	{ "in a text that is encoded",
	  HEAD "Content-Transfer-Encoding: quoted-printable\n\nbegin 644 a.=\nexe\n#35I0\nend\n", "|",
	  "a.exe (MZP)" },
	{ "as transfer encoding",
	  HEAD "Content-Type: a/b; name=x\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 "
	       "a.exe\n#35I0\n`\nend\n",
	  "", "x (MZP)" },
	{ "yEnc as transfer encoding",
	  HEAD
	  "Content-Type: a/b; name=x\nContent-Transfer-Encoding: x-yenc\n\n=ybegin name=y\nw\x84\n=yend\n",
	  "", "x (MZ)" },
	{ "calendar",
	  HEAD "Content-Type: text/calendar\n\nSUMMARY:see "
	       "http://a.b/\nATTACH;ENCODING=BASE64;X-FILENAME=x.exe:TVpQ\n",
	  "see http://a.b/\n|", "x.exe (MZP)" },
	{ "attached calendar",
	  HEAD "Content-Type: text/calendar\nContent-Disposition: attachment\n\nSUMMARY:s\n", "s\n|",
	  " (SUMMARY:s\n)" },
	{ "calendar by its name", HEAD "Content-Type: a/b; name=i.ICS\n\nSUMMARY:s\n", "s\n|",
	  "i.ICS (SUMMARY:s\n)" },
	{ "calendar with html", HEAD "Content-Type: text/calendar\n\nX-ALT-DESC;FMTTYPE=text/html:<b>x</b>\n",
	  "|<b>x</b>|", "" },
	{ "flowed", HEAD "Content-Type: text/plain; format=flowed; delsp=yes\n\nhttp://a.b/ \nc\n",
	  "http://a.b/c\n|", "" },
	{ "enriched", HEAD "Content-Type: text/enriched\n\n<bold>a</bold><<\n", "a< |", "" },
	{ "richtext", HEAD "Content-Type: text/richtext\n\n<bold>a</bold><lt>\n", "a< |", "" },
	{ "html by another name", HEAD "Content-Type: text/x-amp-html\n\n<b>x</b>", "<b>x</b>|", "" },
	{ "external body",
	  HEAD "Content-Type: message/external-body; access-type=URL; url=\"http://x.y/\"\n\nContent-Type: "
	       "a/b\n\n",
	  "http://x.y/|", " ()" },
	{ "external body by ftp",
	  HEAD "Content-Type: message/external-body; access-type=anon-ftp; site=f.t; directory=d; "
	       "name=n.exe\n\n\n",
	  "ftp://f.t/d/n.exe||", "" },
	{ "two readings of one text", HEAD "Content-Type: text/plain; charset=utf-8; charset=us-ascii\n\nx",
	  "x|", "" },
	{ "two readings of one file",
	  HEAD "Content-Type: a/b; name=x.exe\nContent-Disposition: attachment; filename=x.txt\n\ny", "",
	  "x.txt (y)x.exe (y)" },
	{ "readings that differ", HEAD "Content-Type: text/plain\nContent-Type: text/html\n\n<b>x</b>",
	  "<b>x</b>|<b>x</b>|", "" },
	{ "readings of another text",
	  HEAD "Content-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: base64\n\naHR0cDovL3gub3JnLw==",
	  "aHR0cDovL3gub3JnLw==|http://x.org/|", "" },
	{ "the same file in a reading of bytes",
	  MIXED "--b\n\n1\r--b\r\r2\n--b\nContent-Type: a/b; name=x\n\ny\n--b--", "1\r--b\r\r2|1|2|",
	  "x (y)" },
};

static void test_embedded(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(embedded); i++) {
		struct arena *a = arena_new(8 << 20, NULL, NULL);
		const struct mime_content *c = content_extract(a, mime_parse(a, str_of(embedded[i].mail)));
		struct str texts = STR(""), files = STR("");
		for (size_t k = 0; k < c->texts.n; k++)
			texts = ARENA_JOIN(a, texts, c->texts.v[k].source, STR("|"));
		for (size_t k = 0; k < c->attachments.n; k++)
			files = ARENA_JOIN(a, files, c->attachments.v[k].name, STR(" ("),
					   c->attachments.v[k].data, STR(")"));
		if (!str_eq(texts, str_of(embedded[i].texts)) || !str_eq(files, str_of(embedded[i].files))) {
			print_error("%s: got %.*s and %.*s\n", embedded[i].name, STR_ARG(texts),
				    STR_ARG(files));
			wrong++;
		}
		arena_free(&a);
	}
	assert_int_equal(wrong, 0);
}

/* A file in a text is as long as files are, not as texts are. */
static void test_long_embedded(void **state)
{
	struct arena *a = arena_new(256 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 64 << 20);
	buf_add_c(&b, HEAD "\nbegin 644 a\n");
	for (size_t i = 0; i < LIMIT_TEXT; i += 30)
		buf_add_c(&b, "#35I0\n#35I0\n#35I0\n#35I0\n#35I0\n");
	buf_add_c(&b, "end\nafter\n");
	struct mime_tree *t = mime_parse(a, buf_str(&b));
	const struct mime_content *c = content_extract(a, t);
	assert_int_equal(t->defects.bits, 0);
	assert_true(str_eq(c->plain, STR("after\n")));
	assert_int_equal(c->attachments.n, 1);
	assert_int_equal(c->attachments.v[0].size, (LIMIT_TEXT + 29) / 30 * 15);
	buf_free(&b);
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
	{ "utf-16 by its mark", HEAD "Content-Type: text/plain; charset=koi8-r\n\n\xfe\xff\x04\x1f",
	  "\xd0\x9f", "", 0 },
	{ "charset of meta for an unknown one",
	  HEAD "Content-Type: text/html; charset=nonsense\n\n<meta charset=koi8-r>\xf0", "", "\xd0\x9f", 0 },
	{ "the field goes before meta",
	  HEAD "Content-Type: text/html; charset=utf-8\n\n<meta charset=koi8-r>\xd0\x9f", "", "\xd0\x9f", 0 },
	{ "meta says utf-16", HEAD "Content-Type: text/html\n\n<meta charset=utf-16>x", "", "x", 0 },
	{ "utf-7", HEAD "Content-Type: text/plain; charset=utf-7\n\n+BB8-", "\xd0\x9f", "", 0 },
	{ "said to be utf-8", HEAD "Content-Type: text/plain; charset=utf-8\n\nGr\xfc\xdf",
	  "Gr\xc3\xbc\xc3\x9f", "", 0 },
	{ "no attachment for an empty body", HEAD "\n", "", "", 0 },
	{ "image", HEAD "Content-Type: image/png\nContent-ID: <x>\n\n\x89PNG\r\n\x1a\n", "", "", 1 },
};

/* A message inside is named by its Subject, and by nothing where it has none. */
static void test_names_of_messages(void **state)
{
	static const struct {
		const char *subject, *name;
	} messages[] = { { "Subject: a\n", "a.eml" }, { "Subject: \n", "" }, { "X-A: b\n", "" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		struct arena *a = arena_new(8 << 20, NULL, NULL);
		struct str mail = ARENA_JOIN(a,
					     STR(HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
						      "Content-Type: message/rfc822\n\n"),
					     str_of(messages[i].subject), STR("\nx\n--b--\n"));
		struct mime_content *c = content_extract(a, mime_parse(a, mail));
		assert_int_equal(c->attachments.n, 1);
		assert_true(str_eq(c->attachments.v[0].name, str_of(messages[i].name)));
		arena_free(&a);
	}
}

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

/* Pages inside links are texts, with links of their own; other things are files. */
static void test_data_urls(void **state)
{
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_tree *t =
	    mime_parse(a, STR(HEAD "Content-Type: text/html\n\n"
				   "<a href='data:text/html,<a%20href=http://evil.test/>Sign in</a>'>open</a>"
				   "<iframe src='data:application/pdf;base64,JVBERi0xLjQ='></iframe><a "
				   "href='data:,'>nothing</a>"));
	struct mime_content *c = content_extract(a, t);

	(void)state;
	assert_int_equal(c->texts.n, 2);
	assert_true(str_eq(c->html_text, STR("opennothing\nSign in")));
	assert_int_equal(c->attachments.n, 1);
	assert_int_equal(c->attachments.v[0].magic, MAGIC_PDF);
	assert_true(str_eq(c->attachments.v[0].declared, STR("application/pdf")));
	assert_int_equal(c->links.n, 4);
	assert_true(str_eq(c->links.v[3].url.host, STR("evil.test")));
	arena_free(&a);
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
	/* It holds for links before it, however its address is spelled. */
	c = content_extract(a, mime_parse(a, STR(HEAD "Content-Type: text/html\n\n"
						      "<a href=p?a:b>1</a><base href='https:\\b.org\'>")));
	assert_int_equal(c->links.n, 2);
	assert_true(str_eq(c->links.v[0].url.host, STR("b.org")));
	arena_free(&a);
}

/* Of PGP/MIME both parts are locked: what holds the text is the second. */
static void test_pgp_parts(void **state)
{
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_content *c = content_extract(
	    a, mime_parse(a, STR(HEAD "Content-Type: multipart/encrypted; boundary=b\n\n--b\nContent-Type: "
				      "application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: "
				      "application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n--b--\n")));

	(void)state;
	assert_int_equal(c->attachments.n, 2);
	assert_true(c->attachments.v[0].encrypted && c->attachments.v[1].encrypted);
	arena_free(&a);
}

/* The links of a message inside are those of its parts; its bytes as they were sent are no text. */
static void test_links_of_inner_message(void **state)
{
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_content *c = content_extract(
	    a,
	    mime_parse(a, STR(MIXED "--b\nContent-Type: message/rfc822\n\nSubject: s\nFrom: b@x\n"
				    "Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n"
				    "<a href=3D'http://in.test/=3Fa'>go</a>\n--b--\n")));

	(void)state;
	assert_int_equal(c->attachments.n, 1);
	assert_int_equal(c->links.n, 1);
	assert_true(str_eq(c->links.v[0].href, STR("http://in.test/?a")));
	arena_free(&a);
}

/* Bases and links as browsers take them apart. */
static void test_base_forms(void **state)
{
	static const struct {
		const char *html, *host; /* of the second link */
	} rows[] = {
		{ "<base href='https:\\\\b.org\\x'><a href=login>", "b.org" },
		{ "<base href='http:/b.org:8080'><a href='?next=a:b'>", "b.org" },
		{ "<base href='//b.org'><a href='login.php?next=a:b'>", "b.org" },
		{ "<base href=http://b.org/><a href='\\\\c.org/x'>", "c.org" },
		{ "<base href=http://b.org/><a href='/\\c.org/x'>", "c.org" },
		{ "<base href=http://b.org/><a href='mailto:a@c.org'>", "c.org" },
		{ "<base href=http://b.org/><a href='\n#f'>", "" },
		{ "<base href='/here/'><a href=login>", "" },
	};
	struct arena *a = arena_new(8 << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str mail =
		    ARENA_JOIN(a, STR(HEAD "Content-Type: text/html\n\n"), str_of(rows[i].html));
		struct mime_content *c = content_extract(a, mime_parse(a, mail));
		assert_int_equal(c->links.n, 2);
		if (!str_eq(c->links.v[1].url.host, str_of(rows[i].host)))
			fail_msg("%s: %.*s", rows[i].html, STR_ARG(c->links.v[1].url.host));
	}
	arena_free(&a);
}

/* What fields lead to stands behind what texts do; of a message inside as well. */
static void test_header_links(void **state)
{
	static const char mail[] =
	    "Subject: =?utf-8?Q?Look_at_http=3A//subject.test/a?=\nList-Unsubscribe: <mailto:u@list.test>,\n"
	    " <https://list.test/u?a=b>\nX-Other: http://other.test/\nContent-Type: multipart/mixed; "
	    "boundary=b\n\n--b\nSubject: http://part.test/\n\nhttp://text.test/\n--b\nContent-Type: "
	    "message/rfc822\n\nSubject: hxxp://inner[.]test/\n\nno\n--b--\n";
	static const char *const hosts[] = { "text.test", "subject.test", "list.test", "list.test",
					     "inner.test" };
	struct arena *a = arena_new(8 << 20, NULL, NULL);
	struct mime_tree *t = mime_parse(a, str_of(mail));
	struct mime_content *c = content_extract(a, t);

	(void)state;
	assert_int_equal(c->links.n, ARRAY_LEN(hosts));
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		const struct mime_link *l = &c->links.v[i];
		assert_true(str_eq(l->url.host, str_of(hosts[i])));
		assert_int_equal(l->field != NULL, i > 0);
		assert_int_equal(l->nested, i == 4);
	}
	assert_int_equal(c->links.v[1].field->start, 0);
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
		{ HEAD "\nsee -----BEGIN PGP MESSAGE----- for one\n", false },
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
		cmocka_unit_test(test_smime),
		cmocka_unit_test(test_embedded),
		cmocka_unit_test(test_long_embedded),
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_what_is_text),
		cmocka_unit_test(test_base_and_repetition),
		cmocka_unit_test(test_base_forms),
		cmocka_unit_test(test_header_links),
		cmocka_unit_test(test_pgp_parts),
		cmocka_unit_test(test_links_of_inner_message),
		cmocka_unit_test(test_data_urls),
		cmocka_unit_test(test_ceilings),
		cmocka_unit_test(test_magic),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_names_of_messages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
