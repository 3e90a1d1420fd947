/* The part tree: shapes, ranges, what parts say of themselves, defects, ceilings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mime/content.h"

#define HEAD "From: a@x\nDate: 1\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\n\n"

/* shape: per part, "~" for another reading, a ">" for each level, type, and the raw body of leaves in brackets, "@" for NUL. */
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
	{ "two charsets of a file", HEAD "Content-Type: application/pdf; charset=binary; charset=utf-8\n\nx",
	  "application/pdf[x]", "duplicate_parameter" },
	{ "boundary never used", MIXED "just text\n", "multipart/mixed[just text\n]", "boundary_unused" },
	{ "no boundary", HEAD "Content-Type: multipart/mixed\n\ntext", "multipart/mixed[text]",
	  "no_boundary" },
	{ "space behind boundary", MIXED "--b \t\n\none\n--b--  \n", "multipart/mixed >text/plain[one]", "" },
	{ "longer line is no boundary", MIXED "--b\n\n--bb\n--b-\nx --b\n--b--",
	  "multipart/mixed >text/plain[--bb\n--b-\nx --b] ~multipart/mixed ~>text/plain[] ~>text/plain[] "
	  "~>text/plain[x --b]",
	  "ambiguous" },
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
	  "multipart/mixed >multipart/alternative >>text/plain[1] >text/plain[3] ~>multipart/alternative "
	  "~>>text/plain[1\n--b\n\n3\n--b--]",
	  "no_final_boundary ambiguous" },
	{ "inner unterminated, and nothing behind it",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\n1\n--b--\n\n",
	  "multipart/mixed >multipart/alternative >>text/plain[1]", "no_final_boundary" },
	{ "inner unterminated, and a text behind all",
	  MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\n1\n--b--\n\n--x--\n",
	  "multipart/mixed >multipart/alternative >>text/plain[1] ~>multipart/alternative "
	  "~>>text/plain[1\n--b--\n\n--x--\n]",
	  "no_final_boundary ambiguous" },
	{ "same boundary inside", MIXED "--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b--",
	  "multipart/mixed >multipart/mixed[] >text/plain[1]", "boundary_unused" },
	{ "message",
	  MIXED "--b\nContent-Type: message/rfc822\n\nSubject: in\nContent-Type: text/html\n\nx\n--b--",
	  "multipart/mixed >message/rfc822 >>text/html[x]", "" },
	{ "empty message", MIXED "--b\nContent-Type: message/rfc822\n\n\n--b--",
	  "multipart/mixed >message/rfc822 >>text/plain[]", "" },
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

/* What programs read in more than one way: every reading is there, and nothing twice. */
static const struct {
	const char *name, *raw, *shape, *defects;
} readings[] = {
	{ "two content types", HEAD "Content-Type: text/html\nContent-Type: text/plain\n\nx",
	  "text/html[x] ~text/plain[x]", "duplicate_content_field ambiguous" },
	{ "two equal content types", HEAD "Content-Type: text/html\nContent-Type: text/html\n\nx",
	  "text/html[x]", "duplicate_content_field" },
	{ "two types of one kind",
	  HEAD "Content-Type: multipart/mixed; boundary=b\nContent-Type: multipart/related; "
	       "boundary=b\n\n--b\n\nx\n--b--",
	  "multipart/mixed >text/plain[x]", "duplicate_content_field" },
	{ "two multiparts",
	  HEAD "Content-Type: multipart/mixed; boundary=b\nContent-Type: multipart/mixed; "
	       "boundary=c\n\n--b\n\n1\n--c\n\n2\n--b--\n--c--",
	  "multipart/mixed >text/plain[1\n--c\n\n2] ~multipart/mixed ~>text/plain[2\n--b--]",
	  "duplicate_content_field ambiguous" },
	{ "two encodings", HEAD "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n\nPGI+",
	  "text/plain[PGI+] ~text/plain[PGI+]", "duplicate_content_field ambiguous" },
	{ "types and encodings",
	  HEAD "Content-Type: text/html\nContent-Transfer-Encoding: 7bit\nContent-Type: "
	       "text/plain\nContent-Transfer-Encoding: base64\n\nPGI+",
	  "text/html[PGI+] ~text/html[PGI+] ~text/plain[PGI+] ~text/plain[PGI+]",
	  "duplicate_content_field ambiguous" },
	{ "two boundaries",
	  HEAD "Content-Type: multipart/mixed; boundary=b; boundary=c\n\n--b\n\n1\n--c\n\n2\n--b--\n--c--",
	  "multipart/mixed >text/plain[1\n--c\n\n2] ~multipart/mixed ~>text/plain[2\n--b--]",
	  "duplicate_parameter ambiguous" },
	{ "second boundary never used",
	  MIXED "--b\nContent-Type: multipart/mixed; boundary=c; boundary=d\n\n--c\n\n1\n--c--\n--b--",
	  "multipart/mixed >multipart/mixed >>text/plain[1]", "duplicate_parameter" },
	{ "boundary in an encoded word",
	  HEAD "Content-Type: multipart/mixed; boundary=\"=?utf-8?Q?b?=\"\n\n--b\n\nx\n--b--",
	  "multipart/mixed[--b\n\nx\n--b--] ~multipart/mixed ~>text/plain[x]", "boundary_unused ambiguous" },
	{ "two charsets", HEAD "Content-Type: text/plain; charset=utf-8; charset=utf-7\n\nx",
	  "text/plain[x] ~text/plain[x]", "duplicate_parameter ambiguous" },
	{ "names of two extensions",
	  HEAD "Content-Type: a/b; name=x.exe\nContent-Disposition: attachment; filename=x.txt\n\nx",
	  "a/b[x] ~a/b[x]", "ambiguous" },
	{ "names of one extension",
	  HEAD "Content-Type: a/b; name=x.txt\nContent-Disposition: attachment; filename=y.txt\n\nx",
	  "a/b[x]", "" },
	{ "one name without extension",
	  HEAD "Content-Type: a/b; name=x.asc\nContent-Disposition: attachment; filename=x\n\nx", "a/b[x]",
	  "" },
	{ "two dispositions", HEAD "Content-Disposition: attachment\nContent-Disposition: inline\n\nx",
	  "text/plain[x] ~text/plain[x]", "duplicate_content_field ambiguous" },
	{ "stray line in the header", HEAD "stray line\nContent-Type: text/html\n\nx",
	  "text/html[x] ~text/plain[stray line\nContent-Type: text/html\n\nx]", "header_syntax ambiguous" },
	{ "blank fold in the header", HEAD "X: y\n \nContent-Type: text/html\n\nx",
	  "text/html[x] ~text/plain[Content-Type: text/html\n\nx]", "header_blank_fold ambiguous" },
	{ "empty line before the header", "\n" HEAD "Content-Type: text/html\n\nx",
	  "text/plain[From: a@x\nDate: 1\nContent-Type: text/html\n\nx] ~text/html[x]",
	  "duplicate_from duplicate_date missing_from missing_date ambiguous" },
	{ "empty line before a text", "\nno header\n", "text/plain[no header\n]",
	  "missing_from missing_date" },
	{ "junk behind a delimiter", MIXED "--b\n\n1\n--bjunk\nContent-Type: text/html\n\n2\n--b--",
	  "multipart/mixed >text/plain[1\n--bjunk\nContent-Type: text/html\n\n2] ~multipart/mixed "
	  "~>text/plain[1] ~>text/html[2]",
	  "ambiguous" },
	{ "delimiters with junk only", MIXED "--bx\n\n1\n--by\n\n2\n--bz",
	  "multipart/mixed[--bx\n\n1\n--by\n\n2\n--bz] ~multipart/mixed ~>text/plain[1] ~>text/plain[2]",
	  "boundary_unused ambiguous" },
	{ "an inner boundary is no junk",
	  HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; "
	       "boundary=bb\n\n--bb\n\n1\n--bb--\n--b--",
	  "multipart/mixed >multipart/mixed >>text/plain[1]", "" },
	{ "parts behind the final boundary",
	  MIXED "--b\n\n1\n--b--\n--b\nContent-Type: text/html\n\n2\n--b--",
	  "multipart/mixed >text/plain[1] ~>text/html[2]", "ambiguous" },
	{ "no boundary given",
	  HEAD "Content-Type: multipart/mixed\n\n--x\nContent-Type: text/html\n\n1\n--x\nContent-Type: "
	       "a/b\n\n2\n--x--\n",
	  "multipart/mixed[--x\nContent-Type: text/html\n\n1\n--x\nContent-Type: a/b\n\n2\n--x--\n] "
	  "~multipart/mixed ~>text/html[1] ~>a/b[2]",
	  "no_boundary ambiguous" },
	{ "a wrong boundary given", MIXED "--x\nContent-Type: text/html\n\n1\n--x--\n",
	  "multipart/mixed[--x\nContent-Type: text/html\n\n1\n--x--\n] ~multipart/mixed ~>text/html[1]",
	  "boundary_unused ambiguous" },
	{ "dashes in the text of a multipart", MIXED "--x\n\n-- \nno part\n",
	  "multipart/mixed[--x\n\n-- \nno part\n]", "boundary_unused" },
	{ "inner multipart goes on",
	  MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\n1\n--b\n\n2\n--c\n\n3\n--b--",
	  "multipart/mixed >multipart/mixed >>text/plain[1] >text/plain[2\n--c\n\n3] ~>multipart/mixed "
	  "~>>text/plain[1\n--b\n\n2] ~>>text/plain[3\n--b--]",
	  "no_final_boundary ambiguous" },
	{ "cr as line end in the header", "From: a\nX: y\rSubject: s\nDate: 1\rContent-Type: text/html\n\nx",
	  "text/plain[x] ~text/html[x]", "bare_cr duplicate_subject duplicate_date ambiguous" },
	{ "cr as line end at a delimiter", MIXED "--b\n\n1\r--b\r\r2\n--b--",
	  "multipart/mixed >text/plain[1\r--b\r\r2] ~multipart/mixed ~>text/plain[1] ~>text/plain[2]",
	  "bare_cr ambiguous" },
	{ "cr in a text is none", MIXED "--b\n\n1\r2\n--b--", "multipart/mixed >text/plain[1\r2]",
	  "bare_cr" },
	{ "data behind padding", HEAD "Content-Transfer-Encoding: base64\n\nPGI+PA==\nPGI+\n",
	  "text/plain[PGI+PA==\nPGI+\n] ~text/plain[PGI+PA==\n]", "ambiguous" },
	{ "lines behind padding", HEAD "Content-Transfer-Encoding: base64\n\nPGI+PA==\n_____\n",
	  "text/plain[PGI+PA==\n_____\n]", "" },
	{ "no base64 at all", HEAD "Content-Transfer-Encoding: base64\n\n<b>see here</b>\n",
	  "text/plain[<b>see here</b>\n] ~text/plain[<b>see here</b>\n]", "ambiguous" },
	{ "a name inside an unknown encoding", HEAD "Content-Transfer-Encoding: x-base64\n\nPGI+\n",
	  "text/plain[PGI+\n] ~text/plain[PGI+\n]", "bad_transfer_encoding ambiguous" },
	{ "an encoded multipart",
	  HEAD "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: "
	       "base64\n\nLS1iCgp4Ci0tYi0tCg==\n",
	  "multipart/mixed[LS1iCgp4Ci0tYi0tCg==\n] ~multipart/mixed ~>text/plain[x]",
	  "bad_transfer_encoding boundary_unused ambiguous" },
	{ "leading type only", HEAD "Content-Type: multipart; boundary=b\n\n--b\n\n1\n--b--",
	  "multipart/mixed >text/plain[1]", "bad_content_type" },
	{ "comma behind the type", HEAD "Content-Type: text/html,\n\nx", "text/html[x]", "bad_content_type" },
	{ "delimiter inside a header", MIXED "--b\nContent-Type: text/html\n--b\n\n2\n--b--",
	  "multipart/mixed >text/html[] >text/plain[2]", "" },
	{ "first fragment",
	  HEAD "Content-Type: message/partial; number=1; total=2; id=x\n\nSubject: in\nContent-Type: "
	       "text/html\n\nx",
	  "message/partial >text/html[x]", "message_partial" },
	{ "second fragment", HEAD "Content-Type: message/partial; number=2; total=2; id=x\n\nx",
	  "message/partial[x]", "message_partial" },
	{ "external body",
	  HEAD
	  "Content-Type: message/external-body; access-type=URL; url=\"http://x/\"\n\nContent-Type: a/b\n\n",
	  "message/external-body >a/b[]", "external_body" },
};

static void draw(struct buf *b, const struct mime_tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct mime_part *p = t->v[i];
		struct str body = mime_part_body(p);
		if (i > 0)
			buf_add_char(b, ' ');
		if (p->reading)
			buf_add_char(b, '~');
		for (int k = 0; k < p->depth; k++)
			buf_add_char(b, '>');
		buf_printf(b, "%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->subtype));
		for (size_t k = 0; !p->first_child && k < body.n + 2; k++) {
			char c = k == 0 ? '[' : k > body.n ? ']' : body.p[k - 1];
			buf_add_char(b, (char)(c ? c : '@'));
		}
	}
}

/* Whether the mail has that shape and those defects; says what it has where not. */
static bool check(const char *name, struct str raw, const char *shape_wanted, const char *defects_wanted)
{
	struct arena *a = arena_new(4 << 20, NULL, NULL);
	struct mime_tree *t = mime_parse(a, raw);
	struct buf shape, defects;
	bool fine;

	buf_init(&shape, 1 << 16);
	buf_init(&defects, 1 << 16);
	draw(&shape, t);
	for (int k = 0; k < MIME_DEFECT_COUNT; k++)
		if (defect_has(&t->defects, (enum mime_defect)k)) {
			buf_add_c(&defects, defects.n ? " " : "");
			buf_add(&defects, enum_text(&mime_defect_names, k));
		}
	fine = str_eq(buf_str(&shape), str_of(shape_wanted)) &&
	       str_eq(buf_str(&defects), str_of(defects_wanted));
	if (!fine)
		print_error("%s: got %.*s with %.*s\n", name, STR_ARG(buf_str(&shape)),
			    STR_ARG(buf_str(&defects)));
	buf_free(&shape);
	buf_free(&defects);
	arena_free(&a);
	return fine;
}

static void test_shapes(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		wrong += !check(cases[i].name, str_of(cases[i].raw), cases[i].shape, cases[i].defects);
	assert_int_equal(wrong, 0);
}

static void test_readings(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(readings); i++)
		wrong +=
		    !check(readings[i].name, str_of(readings[i].raw), readings[i].shape, readings[i].defects);
	assert_int_equal(wrong, 0);
}

/* A defect stands where the field does that has it, or the body. */
static void test_places(void **state)
{
	static const struct {
		enum mime_defect defect;
		const char *raw, *at;
	} places[] = {
		{ DEFECT_CONTENT_TYPE, HEAD "Content-Type: text\n\nx", "Content-T" },
		{ DEFECT_DUP_PARAM, HEAD "Content-Type: text/plain; a=1; a=2\n\nx", "Content-T" },
		{ DEFECT_DUP_PARAM, HEAD "Content-Disposition: inline; a=1; a=2\n\nx", "Content-D" },
		{ DEFECT_ENCODING, HEAD "Content-Transfer-Encoding: x\n\nx", "Content-T" },
		{ DEFECT_NO_BOUNDARY, HEAD "Content-Type: multipart/mixed\n\nx", "Content-T" },
		{ DEFECT_BOUNDARY_UNUSED, MIXED "x", "Content-T" },
		{ DEFECT_PARTIAL, HEAD "Content-Type: message/partial\n\nx", "Content-T" },
		{ DEFECT_ENCODING,
		  MIXED "--b\n\nx\n--b\nContent-ID: <x>\nContent-Transfer-Encoding: x\n\nx\n--b--",
		  "Content-Tr" },
		{ DEFECT_CHARSET_UNKNOWN, HEAD "Content-Type: text/plain; charset=x\n\n\xe4", "Content-T" },
		{ DEFECT_CHARSET_BYTES, HEAD "Content-Type: text/plain; charset=utf-8\n\n>\xe4", ">" },
		{ DEFECT_CHARSET_BYTES,
		  MIXED "--b\n\nx\n--b\nContent-Disposition: attachment; filename=a.html\n"
			"Content-Type: text/html; charset=utf-8\n\n<p>\xe4\n--b--",
		  "Content-D" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct arena *a = arena_new(4 << 20, NULL, NULL);
		struct str raw = str_of(places[i].raw);
		struct mime_tree *t = mime_parse(a, raw);
		content_extract(a, t);
		if (!defect_has(&t->defects, places[i].defect) ||
		    t->defects.first[places[i].defect] != str_find(raw, str_of(places[i].at), 0))
			fail_msg("%zu: at %zu", i, t->defects.first[places[i].defect]);
		arena_free(&a);
	}
}

static void test_zero_bytes(void **state)
{
	static const char hidden[] = HEAD "Content-\0Type: text/html\n\nx";
	static const char delimiter[] = MIXED "--b\n\n1\n-\0-b\n\n2\n--b--";
	static const char text[] = MIXED "--b\n\n1\0\n--b--";
	static const char subject[] = HEAD "Subject: a\0b\n\nx";

	(void)state;
	assert_true(check("in a name", str_from(hidden, sizeof(hidden) - 1),
			  "text/plain[Content-@Type: text/html\n\nx] ~text/html[x]",
			  "nul no_separator ambiguous"));
	assert_true(check(
	    "in a delimiter", str_from(delimiter, sizeof(delimiter) - 1),
	    "multipart/mixed >text/plain[1\n-@-b\n\n2] ~multipart/mixed ~>text/plain[1] ~>text/plain[2]",
	    "nul ambiguous"));
	assert_true(
	    check("in a text", str_from(text, sizeof(text) - 1), "multipart/mixed >text/plain[1@]", "nul"));
	assert_true(
	    check("in a value", str_from(subject, sizeof(subject) - 1), "text/plain[x]", "nul header_nul"));
}

/* Nothing of a mail is out of reach because too much stands before it, nor is too much walked for that. */
static void test_budgets(void **state)
{
	struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
	struct buf b;

	(void)state;
	buf_init(&b, 16 << 20);
	buf_add_c(&b, MIXED);
	for (int i = 0; i < 300; i++)
		buf_add_c(&b, "--b\nContent-Type: text/html\nContent-Type: text/plain\n\nx\n");
	struct mime_tree *t = mime_parse(a, buf_str(&b));
	assert_true(defect_has(&t->defects, DEFECT_READINGS_CUT));
	assert_int_equal(t->n, 1 + 300 + LIMIT_READINGS);

	/* Each level can be read in two ways, in each of which the next one can: not two to the power of levels. */
	buf_clear(&b);
	for (int i = 0; i < 30; i++)
		buf_printf(
		    &b, "Content-Type: multipart/mixed; boundary=b%02d; boundary=c%02d\n\n--b%02d\n--c%02d\n",
		    i, i, i, i);
	t = mime_parse(a, buf_str(&b));
	assert_true(t->n <= LIMIT_PARTS);
	buf_free(&b);
	arena_free(&a);
}

/* What is over the budget of decoded bytes is told. */
static void test_decoded_cut(void **state)
{
	struct arena *a = arena_new((size_t)1 << 30, NULL, NULL);
	static const char header[] =
	    HEAD "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n";
	size_t head = sizeof(header) - 1, n = head + LIMIT_DECODED / 3 * 4 + 100;
	char *z = arena_alloc(a, n);

	(void)state;
	memcpy(z, header, head);
	memset(z + head, 'A', n - head);
	struct mime_tree *t = mime_parse(a, str_from(z, n));
	assert_true(defect_has(&t->defects, DEFECT_DECODED_CUT));
	assert_int_equal(t->decoded_left, 0);
	arena_free(&a);
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
	for (size_t i = 0; i < t->n; i++)
		assert_true(t->v[i]->depth < LIMIT_DEPTH);
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
		cmocka_unit_test(test_shapes),      cmocka_unit_test(test_readings),
		cmocka_unit_test(test_zero_bytes),  cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_decoded_cut), cmocka_unit_test(test_description),
		cmocka_unit_test(test_ceilings),    cmocka_unit_test(test_places),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
