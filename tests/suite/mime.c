/*
 * Mails of published suites. Where another reader's result lies beside NAME.eml (NAME.json for LF, NAME.crlf.json for
 * CRLF line ends), both must agree on what both know: the tree, types, texts, names of files, addresses, date, subject,
 * attachments. Every mail must read the same with either line end, and every part lie where it says.
 */
#include "base/hash.h"
#include "base/utf8.h"
#include "mime/content.h"
#include "mime_compare.h"
#include "suite.h"

#define MAIL_BYTES ((size_t)1 << 30)

/* Where the expected result of a mail contradicts a standard, which counts here. */
static const struct {
	struct str sha256; /* of the mail with LF line ends, the beginning */
	const char *sentence;
} contradictions[] = {
	/* stalwart-mail-parser/malformed/000.eml: no parts expected */
	{ STR_INIT("1d23879d96d2c02e"), "RFC 2046 5.1.1: body-part := MIME-part-headers [CRLF *OCTET]" },
	/* thirdparty/005.eml: a boundary expected in the middle of a line */
	{ STR_INIT("18309580beccc308"),
	  "RFC 2046 5.1.1: The boundary delimiter MUST occur at the beginning of a line" },
	/* thirdparty/015.eml: a header expected to go on behind an outer boundary */
	{ STR_INIT("217ee0aa6517f1c3"), "RFC 2046 5.1.2: required to recognize outer level boundary markers "
					"at ANY level of inner nesting" },
};

static const char *contradiction(struct arena *a, struct str lf)
{
	for (size_t i = 0; i < ARRAY_LEN(contradictions); i++)
		if (str_starts(hash_sha256_hex(a, lf), contradictions[i].sha256))
			return contradictions[i].sentence;
	return NULL;
}

static struct str with_crlf(struct arena *a, struct str lf)
{
	char *z = arena_array(a, lf.n + 1, 2);
	size_t n = 0;

	for (size_t i = 0; i < lf.n; i++) {
		if (lf.p[i] == '\n' && (i == 0 || lf.p[i - 1] != '\r'))
			z[n++] = '\r';
		z[n++] = lf.p[i];
	}
	return str_from(z, n);
}

/* One mail in one form beside what is expected of it. */
static void check_expected(struct suite *s, struct str path, struct str raw, struct str json,
			   const char *sentence)
{
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct buf differences;
	struct json *want;
	struct errbuf eb;

	buf_init(&differences, 1u << 16);
	if (json_parse_stored(a, json, &want, &eb))
		buf_add_c(&differences, eb.text);
	else
		mime_compare(a, mime_parse(a, raw), want, &differences);
	if (sentence)
		suite_case(s, differences.n > 0, path, "now as expected, against %s", sentence);
	else
		suite_case(s, differences.n == 0, path, "%.*s", STR_ARG(buf_str(&differences)));
	buf_free(&differences);
	arena_free(&a);
}

static bool is_inside(const struct mime_part *p, size_t size)
{
	return p->body_start <= p->source.n && p->body_length <= p->source.n - p->body_start &&
	       p->raw_start <= size && p->headers.end <= p->headers.body &&
	       p->epilogue_start <= p->source.n && p->preamble_length <= p->body_length;
}

/* Without CR, the form that expectations for LF were made from. */
static struct str with_lf(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r')
			z[n++] = s.p[i];
	return str_from(z, n);
}

/* Every part lies where it says, every text is UTF-8. */
static void check_ranges(struct suite *s, struct str path, struct str raw)
{
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct mime_tree *t = mime_parse(a, raw);
	const struct mime_content *c = content_extract(a, t);
	bool fine = true;

	for (size_t i = 0; i < t->n; i++)
		fine &= is_inside(t->v[i], raw.n);
	for (size_t i = 0; i < c->texts.n; i++)
		fine &= utf8_is_valid(c->texts.v[i].source);
	suite_case(s, fine, path, "a part lies elsewhere, or a text is no UTF-8");
	arena_free(&a);
}

/* The same mail with LF and with CRLF: the same parts, names and texts. */
static void check_forms(struct suite *s, struct str path, struct str lf, struct str crlf)
{
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct mime_tree *x = mime_parse(a, lf), *y = mime_parse(a, crlf);
	const struct mime_content *cx = content_extract(a, x), *cy = content_extract(a, y);
	bool same = x->n == y->n && cx->texts.n == cy->texts.n && cx->attachments.n == cy->attachments.n &&
		    x->defects.bits == y->defects.bits;

	for (size_t i = 0; same && i < x->n; i++)
		same = mime_part_is(x->v[i], y->v[i]->type, y->v[i]->subtype) &&
		       x->v[i]->depth == y->v[i]->depth && x->v[i]->reading == y->v[i]->reading &&
		       str_eq(x->v[i]->filename, y->v[i]->filename);
	for (size_t i = 0; same && i < cx->texts.n; i++)
		same = str_eq(with_lf(a, cx->texts.v[i].source), with_lf(a, cy->texts.v[i].source));
	suite_case(s, same, path,
		   "%zu and %zu parts, %zu and %zu texts, %zu and %zu attachments, defects %llx and %llx",
		   x->n, y->n, cx->texts.n, cy->texts.n, cx->attachments.n, cy->attachments.n,
		   (unsigned long long)x->defects.bits, (unsigned long long)y->defects.bits);
	arena_free(&a);
}

static void check_mail(struct suite *s, struct str path)
{
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct str name = str_sub(path, 0, str_rfind_char(path, '.')), raw, json;

	if (suite_read(s, a, path, &raw)) {
		struct str lf = with_lf(a, raw), crlf = with_crlf(a, raw);
		const char *sentence = contradiction(a, lf);
		if (suite_read(s, a, ARENA_JOIN(a, name, STR(".json")), &json))
			check_expected(s, path, lf, json, sentence);
		if (suite_read(s, a, ARENA_JOIN(a, name, STR(".crlf.json")), &json))
			check_expected(s, ARENA_JOIN(a, path, STR(" (crlf)")), crlf, json, sentence);
		check_ranges(s, ARENA_JOIN(a, path, STR(" (ranges)")), raw);
		if (str_find_char(raw, 0, 0) == SIZE_MAX) /* others are no lines throughout */
			check_forms(s, ARENA_JOIN(a, path, STR(" (both line ends)")), lf, with_crlf(a, lf));
	}
	arena_free(&a);
}

static void run(struct suite *s)
{
	static const char *const endings[] = { ".eml", ".mbox" };

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		struct strs files = suite_files(s, endings[i]);
		for (size_t k = 0; k < files.n; k++)
			check_mail(s, files.v[k]);
	}
}

int main(void)
{
	return suite_main("mime", run);
}
