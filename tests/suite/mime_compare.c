/*
 * The parts of a mail that is broken, or can be read in several ways, need only be found somewhere, when it is told that
 * it is; of others the tree must be the same.
 */
#include "mime_compare.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime_expect.h"

#define SHOWN 60 /* bytes of a text told in a difference */

struct comparison {
	struct arena *a;
	const struct mime_tree *tree;
	const struct mime_content *content;
	struct buf *differences;
};

static void differs(struct comparison *c, const char *what, struct str want, struct str got)
{
	size_t same = 0;

	while (same < want.n && same < got.n && want.p[same] == got.p[same])
		same++;
	size_t from = same > SHOWN / 4 ? same - SHOWN / 4 : 0;
	buf_printf(c->differences, " %s at %zu: want \"%.*s\" got \"%.*s\";", what, same,
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

/* ---- one part ---- */

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
	struct str want = expect_body(a, part), got = found_body(a, p, expect_is_text(part));

	return expect_is_text(part) ? same_text(want, got) : str_eq(want, got);
}

/*
 * A name that only we have found is no difference, nor its extension from another field; of a quoted pair (RFC 822
 * §3.3) we keep the backslash.
 */
static bool same_name(struct arena *a, struct str want, struct str got)
{
	char *z = arena_alloc(a, got.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < got.n; i++)
		if (got.p[i] != '\\')
			z[n++] = got.p[i];
	if (str_find_char(want, '.', 0) == SIZE_MAX && want.n < n && z[want.n] == '.')
		n = want.n;
	return want.n == 0 || same_text(want, got) || same_text(want, str_from(z, n));
}

static bool same_leaf(struct arena *a, const struct json *part, const struct mime_part *p, bool in_digest)
{
	return str_eq(expect_type(a, part, in_digest), found_type(a, p)) &&
	       same_name(a, expect_name(part), p->filename) && same_body(a, part, p);
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
	const struct json *part = expect_item(json_get(message, STR("parts")), index);
	const struct json *body = json_get(part, STR("body"));
	const struct json *children = json_get(body, STR("Multipart")),
			  *inner = json_get(body, STR("Message"));

	compare(c, "type", expect_type(c->a, part, in_digest), found_type(c->a, p));
	if (!same_name(c->a, expect_name(part), p->filename))
		differs(c, "name", expect_name(part), p->filename);
	if (children) {
		compare_children(c, message, children, p);
	} else if (inner) {
		if (p->first_child)
			compare_part(c, inner, 0, p->first_child, false);
		else
			differs(c, "message", STR("one inside"), STR("none"));
	} else if (mime_part_is_multipart(p) && p->first_child) {
		differs(c, "leaf", expect_body(c->a, part), STR("has parts"));
	} else if (!same_body(c->a, part, p)) {
		differs(c, "body", expect_body(c->a, part), found_body(c->a, p, expect_is_text(part)));
	}
}

/* Every leaf expected is a part of some reading. */
static bool leaves_are_found(struct comparison *c, const struct json *message, size_t index, bool in_digest)
{
	const struct json *part = expect_item(json_get(message, STR("parts")), index);
	const struct json *body = json_get(part, STR("body"));
	const struct json *children = json_get(body, STR("Multipart")),
			  *inner = json_get(body, STR("Message"));
	bool digest = str_eq(expect_type(c->a, part, in_digest), STR("multipart/digest"));
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
	const struct json *value = expect_field(part, name, STR("Address"));
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
				differs(c, "addresses", expect_text(at, STR("address")), STR("none"));
				return;
			}
			struct str want = expect_text(at, STR("address")),
				   display = expect_text(at, STR("name"));
			if (want.n)
				compare(c, "address", want, got.v[i].addr);
			if (want.n || got.v[i].name.n)
				compare(c, "name", display, got.v[i].name);
			else
				compare(c, "name alone", display, got.v[i].addr);
			if (g)
				compare(c, "group", expect_text(g, STR("name")), got.v[i].group);
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
	const struct json *want = expect_field(part, STR("date"), STR("DateTime"));
	const struct header *last = headers_last(mime_headers(c->tree), STR("Date"));
	char want_text[CLOCK_TEXT_MAX], got_text[CLOCK_TEXT_MAX];
	int64_t got = 0;

	if (!want)
		return;
	const struct json *west = json_get(want, STR("tz_before_gmt"));
	int64_t zone = expect_number(want, STR("tz_hour")) * 60 + expect_number(want, STR("tz_minute"));
	int64_t days =
	    clock_days((int)expect_number(want, STR("year")), (int)expect_number(want, STR("month")),
		       (int)expect_number(want, STR("day")));
	int64_t minutes =
	    (days * 24 + expect_number(want, STR("hour"))) * 60 + expect_number(want, STR("minute"));
	int64_t us =
	    ((minutes + (west && west->b ? zone : -zone)) * 60 + expect_number(want, STR("second"))) *
	    1000000;
	if (!last || date_parse(last->value, &got))
		differs(c, "date", clock_rfc3339(us, want_text), STR("none"));
	else
		compare(c, "date", clock_rfc3339(us, want_text), clock_rfc3339(got, got_text));
}

static void compare_text(struct comparison *c, const struct json *part, struct str name, struct str header)
{
	const struct json *want = expect_field(part, name, STR("Text"));
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
		struct str bytes = expect_body(c->a, p);
		if (json_get(body, STR("Message")))
			compare_attachments(c, json_get(body, STR("Message")));
		struct str encoding = expect_field_text(p, STR("content_transfer_encoding"));
		bool known =
		    !str_starts_nocase(encoding, STR("x-")) && !str_starts_nocase(encoding, STR("uu"));
		if ((json_get(body, STR("Binary")) || json_get(body, STR("InlineBinary"))) && known &&
		    !is_attached(c, bytes))
			differs(c, "attachment", bytes, STR("none"));
	}
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

void mime_compare(struct arena *a, struct mime_tree *tree, const struct json *want, struct buf *differences)
{
	struct comparison c = { a, tree, content_extract(a, tree), differences };

	compare_part(&c, want, 0, tree->v[0], false);
	if (differences->n && is_broken(tree) && leaves_are_found(&c, want, 0, false))
		buf_clear(differences);
	compare_header(&c, expect_item(json_get(want, STR("parts")), 0));
	compare_attachments(&c, want);
}
