/* What one part says of itself: its Content-* fields (RFC 2045 §3), and its body decoded. */
#include "mime/internal.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "mime/base64_body.h"
#include "mime/qp.h"
#include "mime/uuencode.h"
#include "mime/yenc.h"

ENUM_DEFINE(mime_encoding, MIME_ENCODINGS);
ENUM_DEFINE(mime_disposition, MIME_DISPOSITIONS);

/* Offset in the raw message of a place in the part's source. */
static size_t raw_offset(const struct mime_part *p, size_t at)
{
	return p->derived ? p->raw_start : at;
}

size_t part_type_at(const struct mime_part *p)
{
	const struct header *f = headers_first(&p->headers, STR("Content-Type"));

	return f ? raw_offset(p, f->start) : p->raw_start;
}

size_t part_body_at(const struct mime_part *p)
{
	return raw_offset(p, p->body_start);
}

/* The first field of the name; a second one is a defect. */
static const struct header *only_field(struct mime_part *p, struct str name, struct mime_defects *d)
{
	const struct header *f = headers_first(&p->headers, name);
	const struct header *again = f ? headers_next(&p->headers, f) : NULL;

	if (again)
		defect_add(d, DEFECT_DUP_CONTENT, raw_offset(p, again->start));
	p->doubtful |= again != NULL;
	return f;
}

struct part_fields part_fields_first(struct mime_part *p, struct mime_defects *d)
{
	return (struct part_fields){
		.type = only_field(p, STR("Content-Type"), d),
		.encoding = only_field(p, STR("Content-Transfer-Encoding"), d),
		.disposition = only_field(p, STR("Content-Disposition"), d),
		.id = only_field(p, STR("Content-ID"), d),
	};
}

static struct str value_of(const struct header *f)
{
	return f ? str_trim(f->value) : STR_NONE;
}

/* at: offset of the field that has them. */
static void note_params(struct mime_part *p, const struct params *params, size_t at, struct mime_defects *d)
{
	for (size_t i = 0; i < params->n; i++)
		p->doubtful |= params_next(params, &params->v[i]) != NULL;
	if (params->duplicate)
		defect_add(d, DEFECT_DUP_PARAM, at);
	if (params->dropped)
		defect_add(d, DEFECT_PARAMS, at);
}

static struct str leading_token(struct str s)
{
	size_t n = 0;

	while (n < s.n && abnf_is_token((unsigned char)s.p[n]))
		n++;
	return str_sub(s, 0, n);
}

/* "multipart/mixed", and what is left of it in "multipart" or "text/html," */
static void set_type(struct mime_part *p, size_t at, struct mime_defects *d)
{
	struct str all = p->params.main, type = leading_token(all);
	struct str rest = str_sub(all, type.n, all.n);
	struct str subtype = leading_token(str_sub(rest, 1, rest.n));

	if (type.n + 1 + subtype.n != all.n || !str_starts(rest, STR("/")) || str_is_empty(subtype))
		defect_add(d, DEFECT_CONTENT_TYPE, at);
	if (str_eq(type, STR("multipart")) && str_is_empty(subtype))
		subtype = STR("mixed");
	else if (type.n && !str_starts(rest, STR("/")))
		return;
	if (str_is_empty(type) || str_is_empty(subtype))
		return;
	p->type = type;
	p->subtype = subtype;
	p->type_given = true;
}

static void describe_type(struct arena *a, struct mime_part *p, const struct header *f, bool in_digest,
			  struct mime_defects *d)
{
	p->type = in_digest ? STR("message") : STR("text"); /* RFC 2046 §5.1.5 */
	p->subtype = in_digest ? STR("rfc822") : STR("plain");
	p->type_given = false;
	p->params = (struct params){ 0 };
	p->charset = p->boundary = STR_NONE;
	if (str_is_empty(value_of(f)))
		return;
	p->params = params_parse(a, f->value);
	set_type(p, raw_offset(p, f->start), d);
	note_params(p, &p->params, raw_offset(p, f->start), d);
	p->charset = str_trim(params_get(&p->params, STR("charset")));
	if (!mime_part_is_multipart(p))
		return;
	p->boundary = str_trim(params_get_raw(&p->params, STR("boundary")));
	p->doubtful |= !str_eq(p->boundary, str_trim(params_get(&p->params, STR("boundary"))));
}

static const struct {
	struct str name;
	enum mime_encoding encoding;
} encodings[] = {
	{ STR_INIT("7bit"), ENCODING_IDENTITY },     { STR_INIT("8bit"), ENCODING_IDENTITY },
	{ STR_INIT("binary"), ENCODING_IDENTITY },   { STR_INIT("quoted-printable"), ENCODING_QP },
	{ STR_INIT("base64"), ENCODING_BASE64 },     { STR_INIT("x-uuencode"), ENCODING_UUENCODE },
	{ STR_INIT("uuencode"), ENCODING_UUENCODE }, { STR_INIT("x-uue"), ENCODING_UUENCODE },
	{ STR_INIT("uue"), ENCODING_UUENCODE },      { STR_INIT("x-yenc"), ENCODING_YENC },
	{ STR_INIT("7-bit"), ENCODING_IDENTITY },    { STR_INIT("8-bit"), ENCODING_IDENTITY },
};

enum mime_encoding encoding_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(encodings); i++)
		if (str_eq(encodings[i].name, name))
			return encodings[i].encoding;
	return ENCODING_UNKNOWN;
}

enum mime_encoding encoding_inside(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(encodings); i++)
		if (encodings[i].encoding != ENCODING_IDENTITY &&
		    str_find(name, encodings[i].name, 0) != SIZE_MAX)
			return encodings[i].encoding;
	return ENCODING_UNKNOWN;
}

static void describe_encoding(struct arena *a, struct mime_part *p, const struct header *f,
			      struct mime_defects *d)
{
	struct str name = f ? params_parse(a, f->value).main : STR_NONE;

	p->encoding = str_is_empty(name) ? ENCODING_IDENTITY : encoding_of(name);
	/* RFC 2045 §6.4: a multipart is never encoded, whatever it says; nearly all readers take it as it is. */
	if (f && (p->encoding == ENCODING_UNKNOWN || (p->encoding && mime_part_is_multipart(p))))
		defect_add(d, DEFECT_ENCODING, raw_offset(p, f->start));
	if (mime_part_is_multipart(p))
		p->encoding = ENCODING_IDENTITY;
}

static void describe_disposition(struct arena *a, struct mime_part *p, const struct header *f,
				 struct mime_defects *d)
{
	struct params params = { 0 };

	p->disposition = DISPOSITION_NONE;
	if (value_of(f).n) {
		params = params_parse(a, f->value);
		if (params.main.n)
			p->disposition =
			    str_eq(params.main, STR("inline")) ? DISPOSITION_INLINE : DISPOSITION_ATTACHMENT;
		note_params(p, &params, raw_offset(p, f->start), d);
	}
	struct str name = str_trim(params_get(&p->params, STR("name")));
	p->filename = str_trim(params_get(&params, STR("filename")));
	p->doubtful |= p->filename.n && name.n && !str_eq(p->filename, name);
	/* "signature" beside "signature.asc" is what some programs write; the one that says more counts. */
	if (str_is_empty(p->filename) || (part_extension(name).n && !part_extension(p->filename).n))
		p->filename = name;
}

/*
 * What says by its type that it cannot be read: PGP/MIME (RFC 3156 §4), whose second part holds the text. S/MIME has to be
 * looked into.
 */
static bool is_pgp(const struct mime_part *p)
{
	return mime_part_is(p, STR("multipart"), STR("encrypted")) ||
	       mime_part_is(p, STR("application"), STR("pgp-encrypted")) ||
	       (p->parent && mime_part_is(p->parent, STR("multipart"), STR("encrypted")));
}

void part_describe(struct arena *a, struct mime_part *p, const struct part_fields *f, bool in_digest,
		   struct mime_defects *d)
{
	describe_type(a, p, f->type, in_digest, d);
	describe_encoding(a, p, f->encoding, d);
	describe_disposition(a, p, f->disposition, d);
	p->content_id = f->id ? header_unfold(a, f->id->value) : STR_NONE;
	if (str_starts(p->content_id, STR("<")) && str_ends(p->content_id, STR(">")))
		p->content_id = str_sub(p->content_id, 1, p->content_id.n - 1);
	p->encrypted = is_pgp(p);
}

bool part_is_message(const struct mime_part *p)
{
	static const struct str subtypes[] = { STR_INIT("rfc822"), STR_INIT("global"), STR_INIT("news"),
					       STR_INIT("external-body") };

	if (!str_eq(p->type, STR("message")))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(subtypes); i++)
		if (str_eq(p->subtype, subtypes[i]))
			return true;
	return str_eq(p->subtype, STR("partial")) && str_eq(params_get(&p->params, STR("number")), STR("1"));
}

bool part_is_encoded(const struct mime_part *p)
{
	return p->encoding != ENCODING_IDENTITY && p->encoding != ENCODING_UNKNOWN;
}

bool mime_part_is(const struct mime_part *p, struct str type, struct str subtype)
{
	return str_eq(p->type, type) && str_eq(p->subtype, subtype);
}

struct str mime_part_decode(struct arena *a, const struct mime_part *p, size_t max,
			    struct mime_defects *defects)
{
	struct str body = mime_part_body(p);
	enum mime_defect which = DEFECT_UUENCODE;
	size_t bad = SIZE_MAX;

	switch (p->encoding) {
	case ENCODING_BASE64:
		body = base64_body_decode(a, body, max, &bad);
		which = DEFECT_BASE64;
		break;
	case ENCODING_QP:
		body = qp_decode(a, body, max, &bad);
		which = DEFECT_QP;
		break;
	case ENCODING_UUENCODE:
		body = uuencode_decode(a, body, max, &bad);
		break;
	case ENCODING_YENC:
		body = yenc_decode(a, body, max, &bad);
		break;
	case ENCODING_IDENTITY:
	case ENCODING_UNKNOWN:
		return str_sub(body, 0, max);
	}
	if (bad != SIZE_MAX)
		defect_add(defects, which, raw_offset(p, p->body_start + bad));
	return body;
}
