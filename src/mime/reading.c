/*
 * Other ways to read one part by its header: programs take the first of two fields or the last, one value of a
 * parameter or the other, end the header at a line that is no field or read on, go by the name of the Content-Type or
 * by that of the Content-Disposition, and show undecoded what does not decode.
 */
#include "mime/internal.h"
#include "mime/content_internal.h"

#include "base/abnf.h"
#include "base/arena.h"

#define FIELDS_MAX 4    /* different fields of one name tried: the first three and the last */
#define READINGS_MAX 32 /* readings of one part */

struct fields {
	const struct header *v[FIELDS_MAX];
	size_t n; /* at least 1: there may be no field */
};

struct search {
	struct arena *a;
	const struct mime_part *first; /* as most programs read it */
	bool in_digest;
	struct part_list found;
};

struct str part_extension(struct str name)
{
	while (name.n && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
		name.n--;
	size_t dot = str_rfind_char(name, '.');
	return dot == SIZE_MAX ? STR_NONE : str_sub(name, dot, name.n);
}

bool part_same_name(const struct mime_part *p, const struct mime_part *q)
{
	return str_eq_nocase(part_extension(p->filename), part_extension(q->filename));
}

/* A text in its place, for which the disposition counts. */
static bool is_shown(const struct mime_part *p)
{
	return str_eq(p->type, STR("text")) && p->disposition != DISPOSITION_ATTACHMENT;
}

/* Whether anybody reads the part by its charset; there is "application/pdf; charset=binary; charset=UTF-8". */
static bool has_charset(const struct mime_part *p)
{
	return str_eq(p->type, STR("text")) || str_ends(p->subtype, STR("xml")) ||
	       content_form(p) != TEXT_PLAIN;
}

static bool same_charset(const struct mime_part *p, const struct mime_part *q)
{
	return !has_charset(p) || str_eq_nocase(p->charset, q->charset);
}

bool part_same(const struct mime_part *p, const struct mime_part *q)
{
	if (p->source.p != q->source.p || p->body_start != q->body_start || p->body_length != q->body_length)
		return false;
	if (mime_part_is_multipart(p) && mime_part_is_multipart(q))
		return str_eq(p->boundary, q->boundary) && p->encoding == q->encoding &&
		       mime_part_is(p, p->type, STR("digest")) == mime_part_is(q, q->type, STR("digest"));
	return mime_part_is(p, q->type, q->subtype) && p->encoding == q->encoding &&
	       is_shown(p) == is_shown(q) && same_charset(p, q) && part_same_name(p, q);
}

static void add(struct search *s, struct mime_part *p)
{
	if (s->found.n == READINGS_MAX || part_same(s->first, p))
		return;
	for (size_t i = 0; i < s->found.n; i++)
		if (part_same(&s->found.v[i], p))
			return;
	ARENA_PUSH(s->a, &s->found, *p);
}

/* The different fields of one name. */
static struct fields fields_of(const struct headers *h, struct str name)
{
	struct fields out = { { headers_first(h, name) }, 1 };

	for (const struct header *f = out.v[0]; f && (f = headers_next(h, f));) {
		bool known = false;
		for (size_t i = 0; i < out.n; i++)
			known |= str_eq(str_trim(out.v[i]->value), str_trim(f->value));
		if (!known)
			out.v[out.n < FIELDS_MAX ? out.n++ : FIELDS_MAX - 1] = f;
	}
	return out;
}

/* The boundary by every value it has, as written and decoded. */
static void add_boundaries(struct search *s, struct mime_part p)
{
	for (const struct param *at = params_first(&p.params, STR("boundary")); at;
	     at = params_next(&p.params, at)) {
		p.boundary = str_trim(at->raw);
		add(s, &p);
		p.boundary = str_trim(at->value);
		add(s, &p);
	}
}

static void add_charsets(struct search *s, struct mime_part p)
{
	for (const struct param *at = params_first(&p.params, STR("charset")); at;
	     at = params_next(&p.params, at)) {
		p.charset = str_trim(at->value);
		add(s, &p);
	}
}

static void add_names(struct search *s, struct mime_part p, const struct params *params, struct str name)
{
	for (const struct param *at = params_first(params, name); at; at = params_next(params, at)) {
		p.filename = str_trim(at->value);
		if (part_extension(p.filename).n)
			add(s, &p);
	}
}

/* The header as it is, with each of the fields that are there more than once. */
static void add_descriptions(struct search *s, struct mime_part p)
{
	struct fields types = fields_of(&p.headers, STR("Content-Type"));
	struct fields encodings = fields_of(&p.headers, STR("Content-Transfer-Encoding"));
	struct fields dispositions = fields_of(&p.headers, STR("Content-Disposition"));
	struct part_fields use = { .id = headers_first(&p.headers, STR("Content-ID")) };

	for (size_t t = 0; t < types.n; t++)
		for (size_t e = 0; e < encodings.n; e++) {
			use.type = types.v[t];
			use.encoding = encodings.v[e];
			use.disposition = dispositions.v[0];
			part_describe(s->a, &p, &use, s->in_digest, NULL);
			add(s, &p);
			if (mime_part_is_multipart(&p))
				add_boundaries(s, p);
			else
				add_charsets(s, p);
		}
	use.type = types.v[0];
	use.encoding = encodings.v[0];
	for (size_t i = 0; i < dispositions.n && dispositions.v[i]; i++) {
		use.disposition = dispositions.v[i];
		part_describe(s->a, &p, &use, s->in_digest, NULL);
		add(s, &p);
		struct params params = params_parse(s->a, use.disposition->value);
		add_names(s, p, &params, STR("filename"));
	}
	add_names(s, p, &p.params, STR("name"));
}

/* Some end the header at the first line that is no field, or that is white space only. */
static void add_strict_header(struct search *s, struct mime_part p)
{
	size_t end = p.body_start + p.body_length, to = p.headers.strict_end, body = p.headers.strict_body;

	if (to == SIZE_MAX)
		return;
	p.headers = headers_parse(s->a, p.source, p.start, to, NULL);
	p.headers.body = p.body_start = body;
	p.body_length = end - body;
	struct part_fields use = part_fields_first(&p, NULL);
	part_describe(s->a, &p, &use, s->in_digest, NULL);
	add(s, &p);
	add_descriptions(s, p);
}

/* Whether the first line that is not empty is base64; a body that goes wrong later was begun by all. */
static bool begins_as_base64(struct str body)
{
	body = str_trim(body);
	for (size_t i = 0; i < body.n && body.p[i] != '\n'; i++) {
		unsigned char c = (unsigned char)body.p[i];
		if (!abnf_is_alnum(c) && c != '+' && c != '/' && c != '=' && c != '\r')
			return false;
	}
	return true;
}

/*
 * Base64 with data behind its padding ends there for some; what is no base64 at all they show as it is. Of a transfer
 * encoding they do not know they may take the name inside it.
 */
static void add_encodings(struct search *s, struct mime_part p)
{
	struct str body = mime_part_body(&p);

	if (p.encoding == ENCODING_UNKNOWN) {
		const struct header *f = headers_first(&p.headers, STR("Content-Transfer-Encoding"));
		p.encoding = encoding_inside(params_parse(s->a, f->value).main);
		if (p.encoding != ENCODING_UNKNOWN)
			add(s, &p);
		return;
	}
	if (p.encoding != ENCODING_BASE64)
		return;
	size_t pad = str_find_char(body, '=', 0), behind = pad;
	while (behind < body.n && (body.p[behind] == '=' || (unsigned char)body.p[behind] <= ' '))
		behind++;
	if (pad != SIZE_MAX && behind < body.n && abnf_is_alnum((unsigned char)body.p[behind])) {
		struct mime_part cut = p;
		cut.body_length = behind;
		add(s, &cut);
	}
	if (!begins_as_base64(body)) {
		p.encoding = ENCODING_IDENTITY;
		add(s, &p);
	}
}

/* A multipart whose parts nobody finds may be encoded as a whole, as it says. */
static void add_encoded_multipart(struct search *s, struct mime_part p)
{
	const struct header *f = headers_first(&p.headers, STR("Content-Transfer-Encoding"));

	if (!mime_part_is_multipart(&p) || p.first_child || !f)
		return;
	p.encoding = encoding_of(params_parse(s->a, f->value).main);
	if (p.encoding != ENCODING_IDENTITY && p.encoding != ENCODING_UNKNOWN)
		add(s, &p);
}

struct part_list part_readings(struct arena *a, const struct mime_part *p, bool in_digest)
{
	struct search s = { .a = a, .first = p, .in_digest = in_digest };

	if (p->doubtful)
		add_descriptions(&s, *p);
	add_strict_header(&s, *p);
	add_encodings(&s, *p);
	add_encoded_multipart(&s, *p);
	return s.found;
}
