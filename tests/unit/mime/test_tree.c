/* The part tree: shapes, ranges, what parts say of themselves, defects, ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mime/tree.h"

#define HEAD "From: a@x\nDate: 1\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

/* shape: per part, a ">" for each level, type, and the raw body of leaves in brackets. */
static const struct {
	const char *name, *raw, *shape, *defects;
} cases[] = {
	{ "plain", HEAD "\nhi", "text/plain[hi]", "" },
	{ "html", HEAD "Content-Type: TEXT/HTML; charset=utf-8\n\n<p>", "text/html[<p>]", "" },
	{ "two parts", MIXED "pre\n--b\n\none\n--b\nContent-Type: a/b\n\ntwo\n--b--\npost",
	  "multipart/mixed >text/plain[one] >a/b[two]", "" },
	{ "crlf",
	  "From: a\r\nDate: 1\r\nContent-Type: multipart/mixed; "
	  "boundary=b\r\n\r\n--b\r\n\r\none\r\n\r\n--b--\r\n",
	  "multipart/mixed >text/plain[one\r\n]", "" },
	{ "no final boundary", MIXED "--b\n\none\n", "multipart/mixed >text/plain[one\n]",
	  "no_final_boundary" },
	{ "boundary never used", MIXED "just text\n", "multipart/mixed[just text\n]", "boundary_unused" },
	{ "no boundary", HEAD "Content-Type: multipart/mixed\n\ntext", "multipart/mixed[text]",
	  "no_boundary" },
	{ "space behind boundary", MIXED "--b \t\n\none\n--b--  \n", "multipart/mixed >text/plain[one]", "" },
	{ "longer line is no boundary", MIXED "--b\n\n--bb\n--b-\nx --b\n--b--",
	  "multipart/mixed >text/plain[--bb\n--b-\nx --b]", "" },
	{ "empty part", MIXED "--b\n--b\n\nx\n--b--", "multipart/mixed >text/plain[] >text/plain[x]", "" },
	{ "quoted boundary",
	  HEAD "Content-Type: multipart/mixed; boundary=\"a b;=?\"\n\n--a b;=?\n\nx\n--a b;=?--",
	  "multipart/mixed >text/plain[x]", "" },
	{ "boundary like an encoded word",
	  HEAD "Content-Type: multipart/mixed; "
	       "boundary=\"=?utf-8?Q?b?=\"\n\n--=?utf-8?Q?b?=\n\nx\n--=?utf-8?Q?b?=--",
	  "multipart/mixed >text/plain[x]", "" },
	{ "nested",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\n1\n--c\nContent-Type: "
		"text/html\n\n2\n--c--\n--b\n\n3\n--b--",
	  "multipart/mixed >multipart/alternative >>text/plain[1] >>text/html[2] >text/plain[3]", "" },
	{ "inner unterminated",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\n1\n--b\n\n3\n--b--",
	  "multipart/mixed >multipart/alternative >>text/plain[1] >text/plain[3]", "no_final_boundary" },
	{ "same boundary inside", MIXED "--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b--",
	  "multipart/mixed >multipart/mixed[] >text/plain[1]", "boundary_unused" },
	{ "message",
	  MIXED "--b\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: text/html\n\nx\n--b--",
	  "multipart/mixed >message/rfc822 >>text/html[x]", "" },
	{ "digest", HEAD "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: in\n\nx\n--b--",
	  "multipart/digest >message/rfc822 >>text/plain[x]", "" },
	{ "message in base64",
	  HEAD "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogaW4KCng=\n",
	  "message/rfc822 >text/plain[x]", "" },
	{ "bad type", HEAD "Content-Type: text\n\nx", "text/plain[x]", "bad_content_type" },
	{ "type with comment", HEAD "Content-Type: text (a) / (b) html\n\nx", "text/html[x]", "" },
	{ "unknown encoding", HEAD "Content-Transfer-Encoding: rot13\n\nx", "text/plain[x]",
	  "bad_transfer_encoding" },
	{ "encoded multipart",
	  HEAD
	  "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\nx\n--b--",
	  "multipart/mixed >text/plain[x]", "bad_transfer_encoding" },
	{ "two content types", HEAD "Content-Type: text/html\nContent-Type: text/plain\n\nx", "text/html[x]",
	  "duplicate_content_field" },
	{ "two froms", HEAD "From: b\n\nx", "text/plain[x]", "duplicate_from" },
	{ "two boundaries", HEAD "Content-Type: multipart/mixed; boundary=b; boundary=c\n\n--b\n\nx\n--b--",
	  "multipart/mixed >text/plain[x]", "duplicate_parameter" },
	{ "nothing", "", "text/plain[]", "missing_from missing_date" },
	{ "mixed line ends", HEAD "\na\r\nb\n", "text/plain[a\r\nb\n]", "bare_lf" },
	{ "bare cr", HEAD "\na\rb\n", "text/plain[a\rb\n]", "bare_cr" },
	{ "smuggling lf", "From: a\r\nDate: 1\r\n\r\na\n.\r\nMAIL\r\n", "text/plain[a\n.\r\nMAIL\r\n]",
	  "bare_lf smuggling" },
	{ "smuggling lf behind", "From: a\r\nDate: 1\r\n\r\na\r\n.\nMAIL\r\n", "text/plain[a\r\n.\nMAIL\r\n]",
	  "bare_lf smuggling" },
	{ "smuggling cr", HEAD "\na\r.\rb\n", "text/plain[a\r.\rb\n]", "bare_cr smuggling" },
	{ "dot line in an lf file", HEAD "\na\n.\nb\n", "text/plain[a\n.\nb\n]", "" },
};

static void draw(struct buf *b, const struct mime_tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct mime_part *p = t->v[i];
		struct str body = mime_part_body(p);
		if (i > 0)
			buf_add_char(b, ' ');
		for (int k = 0; k < p->depth; k++)
			buf_add_char(b, '>');
		buf_printf(b, "%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->subtype));
		if (!p->first_child)
			buf_printf(b, "[%.*s]", STR_ARG(body));
	}
}

static void test_shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(4 << 20, NULL, NULL);
		struct mime_tree *t = mime_parse(a, str_of(cases[i].raw));
		struct buf shape, defects;
		buf_init(&shape, 1 << 16);
		buf_init(&defects, 1 << 16);
		draw(&shape, t);
		for (int k = 0; k < MIME_DEFECT_COUNT; k++)
			if (defect_has(&t->defects, (enum mime_defect)k)) {
				struct str name = enum_text(&mime_defect_names, k);
				buf_printf(&defects, defects.n ? " %.*s" : "%.*s", STR_ARG(name));
			}
		if (!str_eq(buf_str(&shape), str_of(cases[i].shape)) ||
		    !str_eq(buf_str(&defects), str_of(cases[i].defects)))
			fail_msg("%s: got %.*s with %.*s", cases[i].name, STR_ARG(buf_str(&shape)),
				 STR_ARG(buf_str(&defects)));
		buf_free(&shape);
		buf_free(&defects);
		arena_free(&a);
	}
}

static void test_description(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct mime_tree *t = mime_parse(
	    a, STR(MIXED "--b\nContent-Type: application/pdf; name*=utf-8''r%C3%A4.pdf\n"
			 "Content-Transfer-Encoding: Base64 (x)\nContent-Disposition: attachment;\n"
			 " filename*0=\"one \"; filename*1=two.pdf\nContent-ID: <c@x>\n\nAAAA\n"
			 "--b\nContent-Type: image/png; name=\"=?utf-8?Q?b=C3=A4?=\"\nContent-Disposition: "
			 "inline\n\nx\n--b--\nafter"));
	const struct mime_part *root = t->v[0], *pdf = t->v[1], *png = t->v[2];

	(void)state;
	assert_int_equal(t->n, 3);
	assert_true(str_eq(pdf->filename, STR("one two.pdf")));
	assert_true(str_eq(params_get(&pdf->params, STR("name")), STR("r\xc3\xa4.pdf")));
	assert_int_equal(pdf->encoding, ENCODING_BASE64);
	assert_int_equal(pdf->disposition, DISPOSITION_ATTACHMENT);
	assert_true(str_eq(pdf->content_id, STR("c@x")));
	assert_true(str_eq(mime_part_decode(a, pdf, 100, NULL), str_from("\0\0\0", 3)));
	assert_true(str_eq(png->filename, STR("b\xc3\xa4")));
	assert_int_equal(png->disposition, DISPOSITION_INLINE);
	assert_ptr_equal(pdf->parent, root);
	assert_ptr_equal(pdf->next, png);
	assert_ptr_equal(root->first_child, pdf);
	assert_true(str_eq(str_sub(root->source, root->epilogue_start, SIZE_MAX), STR("after")));
	arena_free(&a);
}

static void test_ceilings(void **state)
{
	struct arena *a = arena_new(64 << 20, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 16 << 20);
	buf_add_c(&b, MIXED);
	for (int i = 0; i < 10000; i++)
		buf_add_c(&b, "--b\n\nx\n");
	struct mime_tree *t = mime_parse(a, buf_str(&b));
	assert_int_equal(t->n, LIMIT_PARTS);
	assert_true(defect_has(&t->defects, DEFECT_PARTS));

	buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	t = mime_parse(a, buf_str(&b));
	assert_true(t->n <= LIMIT_DEPTH);
	assert_true(defect_has(&t->defects, DEFECT_DEPTH));

	buf_clear(&b);
	for (int i = 0; i < 1000; i++)
		buf_add_c(&b, "Content-Type: message/rfc822\n\n");
	t = mime_parse(a, buf_str(&b));
	assert_int_equal(t->n, LIMIT_DEPTH);
	assert_true(defect_has(&t->defects, DEFECT_DEPTH));
	buf_free(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_ceilings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
