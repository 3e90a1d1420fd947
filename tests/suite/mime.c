/*
 * Mails of published suites. Where another reader's result lies beside NAME.eml (NAME.json for LF, NAME.crlf.json for
 * CRLF line ends), both must agree on what both know: the tree, types, texts, names of files, addresses, date, subject,
 * attachments. Every mail must read the same with either line end, and every part lie where it says.
 *
 * The parts of a mail that is broken, or can be read in several ways, need only be found, when it is told that it is.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "json/read.h"
#include "mime/address.h"
#include "mime/content.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "suite.h"

#define SHOWN 60 /* bytes of a text told in a difference */
#define MAIL_BYTES ((size_t)1 << 30)

/* Where the expected result of a mail contradicts a standard, which counts here. */
static const struct {
	struct str mail; /* part of its path */
	const char *sentence;
} contradictions[] = {
	{ STR_INIT("malformed/000.eml"),
	  "RFC 2046 5.1.1: body-part := MIME-part-headers [CRLF *OCTET]; four delimiters begin four parts" },
	{ STR_INIT("thirdparty/005.eml"),
	  "RFC 2046 5.1.1: The boundary delimiter MUST occur at the beginning of a line" },
	{ STR_INIT("thirdparty/015.eml"), "RFC 2046 5.1.2: required to recognize outer level boundary "
					  "markers at ANY level of inner nesting" },
};

struct comparison {
	struct arena *a;
	const struct mime_tree *tree;
	const struct mime_content *content;
	struct buf differences;
};

static void differs(struct comparison *c, const char *what, struct str want, struct str got)
{
	size_t same = 0;

	while (same < want.n && same < got.n && want.p[same] == got.p[same])
		same++;
	size_t from = same > SHOWN / 4 ? same - SHOWN / 4 : 0;
	buf_printf(&c->differences, " %s at %zu: want \"%.*s\" got \"%.*s\";", what, same,
		   STR_ARG(str_sub(want, from, from + SHOWN)), STR_ARG(str_sub(got, from, from + SHOWN)));
}

/* The next code point that counts: zero bytes are left out here. */
static uint32_t next_code_point(struct str s, size_t *at)
{
	uint32_t cp = 0;

	while (cp == 0 && *at < s.n)
		cp = utf8_next(s, at);
	return cp;
}

/*
 * Where the other reader has given up on bytes (U+FFFD) we may say what they are, in as many characters as it takes, or
 * take them out.
 */
static bool same_text(struct str want, struct str got)
{
	size_t i = 0, k = 0;

	if (str_eq(want, got))
		return true;
	for (;;) {
		size_t i_next = i, k_next = k;
		uint32_t x = next_code_point(want, &i_next), y = next_code_point(got, &k_next);
		if (x == UTF8_REPLACEMENT) {
			for (i = i_next; next_code_point(want, &i_next) == UTF8_REPLACEMENT; i = i_next)
				;
			for (; y >= 0x80; y = next_code_point(got, &k_next))
				k = k_next;
			continue;
		}
		if (x != y)
			return x == 0 && y == UTF8_REPLACEMENT; /* half a character at the end */
		if (x == 0)
			return true;
		i = i_next;
		k = k_next;
	}
}

static void compare(struct comparison *c, const char *what, struct str want, struct str got)
{
	if (!same_text(want, got))
		differs(c, what, want, got);
}

static struct str text_of(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_STR ? v->s : STR_NONE;
}

static int64_t number_of(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_INT ? v->i : 0;
}

static const struct json *item(const struct json *array, size_t index)
{
	const struct json *at = array && array->kind == JSON_ARRAY ? array->first : NULL;

	while (at && index-- > 0)
		at = at->next;
	return at;
}

/* ---- what is expected of a part ---- */

/* The value of a part's field, of the kind asked for: the last one, which the other reader goes by. */
static const struct json *field(const struct json *part, struct str name, struct str kind)
{
	const struct json *headers = json_get(part, STR("headers")), *found = NULL;

	for (const struct json *h = headers ? headers->first : NULL; h; h = h->next)
		if (str_eq(text_of(h, STR("name")), name))
			found = json_get(h, STR("value"));
	return json_get(found, kind);
}

static struct str field_text(const struct json *part, struct str name)
{
	const struct json *v = field(part, name, STR("Text"));

	return v && v->kind == JSON_STR ? v->s : STR_NONE;
}

static struct str attribute(const struct json *content_type, struct str name)
{
	const struct json *list = json_get(content_type, STR("attributes"));

	for (const struct json *at = list && list->kind == JSON_ARRAY ? list->first : NULL; at; at = at->next)
		if (str_eq_nocase(text_of(at, STR("name")), name))
			return text_of(at, STR("value"));
	return STR_NONE;
}

static struct str expected_type(struct arena *a, const struct json *part, bool in_digest)
{
	const struct json *t = field(part, STR("content_type"), STR("ContentType"));
	struct str subtype = text_of(t, STR("c_subtype"));

	if (str_is_empty(subtype))
		return in_digest ? STR("message/rfc822") : STR("text/plain");
	return arena_printf(a, "%.*s/%.*s", STR_ARG(arena_lower(a, text_of(t, STR("c_type")))),
			    STR_ARG(arena_lower(a, subtype)));
}

static struct str expected_name(const struct json *part)
{
	struct str name =
	    attribute(field(part, STR("content_disposition"), STR("ContentType")), STR("filename"));

	return name.n ? name : attribute(field(part, STR("content_type"), STR("ContentType")), STR("name"));
}

/* The body of a leaf: a text, or an array of bytes. */
static struct str expected_body(struct arena *a, const struct json *part)
{
	const struct json *body = json_get(part, STR("body"));
	const struct json *value = body && body->kind == JSON_OBJECT ? body->first : NULL;

	if (!value || value->kind != JSON_ARRAY)
		return value && value->kind == JSON_STR ? value->s : STR_NONE;
	char *z = arena_alloc(a, value->n + 1);
	size_t n = 0;
	for (const struct json *byte = value->first; byte; byte = byte->next)
		z[n++] = (char)byte->i;
	return str_from(z, n);
}

static bool is_text_body(const struct json *part)
{
	const struct json *body = json_get(part, STR("body"));

	return json_get(body, STR("Text")) || json_get(body, STR("Html"));
}

/* ---- what is found in a part ---- */

static struct str found_type(struct arena *a, const struct mime_part *p)
{
	return arena_printf(a, "%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->subtype));
}

/* The encodings that both know. */
static bool is_decoded_by_both(const struct mime_part *p)
{
	return p->encoding == ENCODING_QP || p->encoding == ENCODING_BASE64;
}

static struct str found_body(struct arena *a, const struct mime_part *p, bool as_text)
{
	struct str bytes =
	    is_decoded_by_both(p) ? mime_part_decode(a, p, LIMIT_DECODED, NULL) : mime_part_body(p);

	return as_text ? mime_part_text(a, p, bytes, NULL) : bytes;
}

static bool same_body(struct arena *a, const struct json *part, const struct mime_part *p)
{
	struct str want = expected_body(a, part), got = found_body(a, p, is_text_body(part));

	return is_text_body(part) ? same_text(want, got) : str_eq(want, got);
}

/* A name that only we have found is no difference; of a quoted pair (RFC 822 §3.3) we keep the backslash. */
static bool same_name(struct arena *a, struct str want, struct str got)
{
	char *z = arena_alloc(a, got.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < got.n; i++)
		if (got.p[i] != '\\')
			z[n++] = got.p[i];
	return want.n == 0 || same_text(want, got) || same_text(want, str_from(z, n));
}

static bool same_leaf(struct arena *a, const struct json *part, const struct mime_part *p, bool in_digest)
{
	return str_eq(expected_type(a, part, in_digest), found_type(a, p)) &&
	       same_name(a, expected_name(part), p->filename) && same_body(a, part, p);
}

/* ---- the tree ---- */

static void compare_part(struct comparison *c, const struct json *message, size_t index,
			 const struct mime_part *p, bool in_digest);

static const struct mime_part *next_shown(const struct mime_part *p)
{
	while (p && p->reading)
		p = p->next;
	return p;
}

static void compare_children(struct comparison *c, const struct json *message, const struct json *indexes,
			     const struct mime_part *p)
{
	const struct mime_part *child = next_shown(p->first_child);
	bool digest = mime_part_is(p, STR("multipart"), STR("digest"));

	for (const struct json *at = indexes->first; at; at = at->next) {
		if (!child) {
			differs(c, "parts", arena_printf(c->a, "%u", indexes->n), STR("fewer"));
			return;
		}
		compare_part(c, message, (size_t)at->i, child, digest);
		child = next_shown(child->next);
	}
	if (child)
		differs(c, "parts", arena_printf(c->a, "%u", indexes->n), STR("more"));
}

static void compare_part(struct comparison *c, const struct json *message, size_t index,
			 const struct mime_part *p, bool in_digest)
{
	const struct json *part = item(json_get(message, STR("parts")), index);
	const struct json *body = json_get(part, STR("body"));
	const struct json *children = json_get(body, STR("Multipart")),
			  *inner = json_get(body, STR("Message"));

	compare(c, "type", expected_type(c->a, part, in_digest), found_type(c->a, p));
	if (!same_name(c->a, expected_name(part), p->filename))
		differs(c, "name", expected_name(part), p->filename);
	if (children) {
		compare_children(c, message, children, p);
	} else if (inner) {
		if (p->first_child)
			compare_part(c, inner, 0, p->first_child, false);
		else
			differs(c, "message", STR("one inside"), STR("none"));
	} else if (mime_part_is_multipart(p) && p->first_child) {
		differs(c, "leaf", expected_body(c->a, part), STR("has parts"));
	} else if (!same_body(c->a, part, p)) {
		differs(c, "body", expected_body(c->a, part), found_body(c->a, p, is_text_body(part)));
	}
}

/* Every leaf expected is a part of some reading. */
static bool leaves_are_found(struct comparison *c, const struct json *message, size_t index, bool in_digest)
{
	const struct json *part = item(json_get(message, STR("parts")), index);
	const struct json *body = json_get(part, STR("body"));
	const struct json *children = json_get(body, STR("Multipart")),
			  *inner = json_get(body, STR("Message"));
	bool digest = str_eq(expected_type(c->a, part, in_digest), STR("multipart/digest"));
	bool found = true;

	if (inner)
		return leaves_are_found(c, inner, 0, false);
	for (const struct json *at = children ? children->first : NULL; at && found; at = at->next)
		found = leaves_are_found(c, message, (size_t)at->i, digest);
	if (children)
		return found;
	for (size_t i = 0; i < c->tree->n; i++)
		if (same_leaf(c->a, part, c->tree->v[i], in_digest))
			return true;
	return false;
}

/* ---- the header ---- */

static void compare_addresses(struct comparison *c, const struct json *part, struct str name,
			      struct str header)
{
	const struct json *value = field(part, name, STR("Address"));
	const struct json *list = json_get(value, STR("List")), *groups = json_get(value, STR("Group"));
	const struct header *last = headers_last(mime_headers(c->tree), header);
	struct addresses got = address_parse(c->a, last ? last->value : STR_NONE);
	size_t i = 0;

	if (!value)
		return;
	for (const struct json *g = groups ? groups->first : NULL; g || list; g = g ? g->next : NULL) {
		const struct json *members = list ? list : json_get(g, STR("addresses"));
		for (const struct json *at = members ? members->first : NULL; at; at = at->next, i++) {
			if (i >= got.n) {
				differs(c, "addresses", text_of(at, STR("address")), STR("none"));
				return;
			}
			struct str want = text_of(at, STR("address")), display = text_of(at, STR("name"));
			if (want.n)
				compare(c, "address", want, got.v[i].addr);
			if (want.n || got.v[i].name.n)
				compare(c, "name", display, got.v[i].name);
			else
				compare(c, "name alone", display, got.v[i].addr);
			if (g)
				compare(c, "group", text_of(g, STR("name")), got.v[i].group);
		}
		list = NULL;
		if (!g)
			break;
	}
	if (i != got.n)
		differs(c, "addresses", arena_printf(c->a, "%zu", i), arena_printf(c->a, "%zu", got.n));
}

static void compare_date(struct comparison *c, const struct json *part)
{
	const struct json *want = field(part, STR("date"), STR("DateTime"));
	const struct header *last = headers_last(mime_headers(c->tree), STR("Date"));
	char want_text[CLOCK_TEXT_MAX], got_text[CLOCK_TEXT_MAX];
	int64_t got = 0;

	if (!want)
		return;
	const struct json *west = json_get(want, STR("tz_before_gmt"));
	int64_t zone = number_of(want, STR("tz_hour")) * 60 + number_of(want, STR("tz_minute"));
	int64_t days = clock_days((int)number_of(want, STR("year")), (int)number_of(want, STR("month")),
				  (int)number_of(want, STR("day")));
	int64_t minutes = (days * 24 + number_of(want, STR("hour"))) * 60 + number_of(want, STR("minute"));
	int64_t us =
	    ((minutes + (west && west->b ? zone : -zone)) * 60 + number_of(want, STR("second"))) * 1000000;
	if (!last || date_parse(last->value, &got))
		differs(c, "date", clock_rfc3339(us, want_text), STR("none"));
	else
		compare(c, "date", clock_rfc3339(us, want_text), clock_rfc3339(got, got_text));
}

static void compare_text(struct comparison *c, const struct json *part, struct str name, struct str header)
{
	const struct json *want = field(part, name, STR("Text"));
	const struct header *last = headers_last(mime_headers(c->tree), header);

	if (want)
		compare(c, name.p, want->s,
			last ? str_trim(encoded_word_decode(c->a, last->value)) : STR_NONE);
}

static void compare_header(struct comparison *c, const struct json *part)
{
	compare_addresses(c, part, STR("from"), STR("From"));
	compare_addresses(c, part, STR("to"), STR("To"));
	compare_addresses(c, part, STR("cc"), STR("Cc"));
	compare_addresses(c, part, STR("sender"), STR("Sender"));
	compare_addresses(c, part, STR("reply_to"), STR("Reply-To"));
	compare_date(c, part);
	compare_text(c, part, STR("subject"), STR("Subject"));
}

/* ---- attachments ---- */

static bool is_attached(const struct comparison *c, struct str bytes)
{
	for (size_t i = 0; i < c->content->attachments.n; i++)
		if (str_eq(c->content->attachments.v[i].data, bytes))
			return true;
	return false;
}

/* What is no text must be among the attachments, wherever it stands. */
static void compare_attachments(struct comparison *c, const struct json *message)
{
	const struct json *parts = json_get(message, STR("parts"));

	for (const struct json *p = parts ? parts->first : NULL; p; p = p->next) {
		const struct json *body = json_get(p, STR("body"));
		struct str bytes = expected_body(c->a, p);
		if (json_get(body, STR("Message")))
			compare_attachments(c, json_get(body, STR("Message")));
		struct str encoding = field_text(p, STR("content_transfer_encoding"));
		bool known =
		    !str_starts_nocase(encoding, STR("x-")) && !str_starts_nocase(encoding, STR("uu"));
		if ((json_get(body, STR("Binary")) || json_get(body, STR("InlineBinary"))) && known &&
		    !is_attached(c, bytes))
			differs(c, "attachment", bytes, STR("none"));
	}
}

/* ---- one mail ---- */

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

static const char *contradiction(struct str path)
{
	for (size_t i = 0; i < ARRAY_LEN(contradictions); i++)
		if (str_find(path, contradictions[i].mail, 0) != SIZE_MAX)
			return contradictions[i].sentence;
	return NULL;
}

/* A mail of which it is told that its structure is not sound. */
static bool is_broken(const struct mime_tree *t)
{
	static const enum mime_defect defects[] = { DEFECT_AMBIGUOUS, DEFECT_NO_FINAL_BOUNDARY,
						    DEFECT_NO_BOUNDARY, DEFECT_BOUNDARY_UNUSED };
	bool broken = false;

	for (size_t i = 0; i < ARRAY_LEN(defects); i++)
		broken |= defect_has(&t->defects, defects[i]);
	return broken;
}

/* One mail in one form beside what is expected of it. */
static void check_expected(struct suite *s, struct str path, struct str raw, struct str json)
{
	struct arena *a = arena_new(MAIL_BYTES, NULL, NULL);
	struct comparison c = { .a = a };
	struct json *want;
	struct errbuf eb;

	if (json_parse_stored(a, json, &want, &eb)) {
		suite_case(s, false, path, "%s", eb.text);
		arena_free(&a);
		return;
	}
	buf_init(&c.differences, 1u << 16);
	struct mime_tree *tree = mime_parse(a, raw);
	c.tree = tree;
	c.content = content_extract(a, tree);
	compare_part(&c, want, 0, tree->v[0], false);
	if (c.differences.n && is_broken(tree) && leaves_are_found(&c, want, 0, false))
		buf_clear(&c.differences);
	compare_header(&c, item(json_get(want, STR("parts")), 0));
	compare_attachments(&c, want);
	const char *sentence = contradiction(path);
	if (sentence)
		suite_case(s, c.differences.n > 0, path, "now as expected, against %s", sentence);
	else
		suite_case(s, c.differences.n == 0, path, "%.*s", STR_ARG(buf_str(&c.differences)));
	buf_free(&c.differences);
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
		       str_eq(x->v[i]->filename, y->v[i]->filename) && is_inside(x->v[i], lf.n) &&
		       is_inside(y->v[i], crlf.n);
	for (size_t i = 0; same && i < cx->texts.n; i++)
		same = str_eq(with_lf(a, cx->texts.v[i].source), with_lf(a, cy->texts.v[i].source)) &&
		       utf8_is_valid(cx->texts.v[i].source);
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
		if (suite_read(s, a, ARENA_JOIN(a, name, STR(".json")), &json))
			check_expected(s, path, lf, json);
		if (suite_read(s, a, ARENA_JOIN(a, name, STR(".crlf.json")), &json))
			check_expected(s, ARENA_JOIN(a, path, STR(" (crlf)")), crlf, json);
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
