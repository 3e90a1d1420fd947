/* What one part says of itself: its Content-* fields (RFC 2045 §3), and its body decoded. */
#include "mime/internal.h"

#include "base/abnf.h"
#include "base/arena.h"
#include "mime/base64_body.h"
#include "mime/qp.h"

ENUM_DEFINE(mime_encoding, MIME_ENCODINGS);
ENUM_DEFINE(mime_disposition, MIME_DISPOSITIONS);

/* Offset in the raw message of a place in the part's source. */
static size_t raw_offset(const struct mime_part *p, size_t at)
{
	return p->derived ? p->raw_start : at;
}

/* The first field of the name; a second one is a defect. */
static struct str only_field(struct mime_part *p, struct str name, struct mime_defects *d)
{
	const struct header *f = headers_first(&p->headers, name);
	const struct header *again = f ? headers_next(&p->headers, f) : NULL;

	if (again)
		defect_add(d, DEFECT_DUP_CONTENT, raw_offset(p, again->start));
	return f ? f->value : STR_NONE;
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_token((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

static void describe_type(struct arena *a, struct mime_part *p, bool in_digest, struct mime_defects *d)
{
	struct str field = only_field(p, STR("Content-Type"), d);

	p->type = in_digest ? STR("message") : STR("text"); /* RFC 2046 §5.1.5 */
	p->subtype = in_digest ? STR("rfc822") : STR("plain");
	if (str_is_empty(str_trim(field)))
		return;
	p->params = params_parse(a, field);
	size_t slash = str_find_char(p->params.main, '/', 0);
	struct str type = str_sub(p->params.main, 0, slash);
	struct str subtype = slash == SIZE_MAX ? STR_NONE : str_sub(p->params.main, slash + 1, SIZE_MAX);
	if (is_token(type) && is_token(subtype)) {
		p->type = type;
		p->subtype = subtype;
		p->type_given = true;
	} else {
		defect_add(d, DEFECT_CONTENT_TYPE, p->raw_start);
	}
	if (p->params.duplicate)
		defect_add(d, DEFECT_DUP_PARAM, p->raw_start);
	p->charset = str_trim(params_get(&p->params, STR("charset")));
	p->boundary =
	    mime_part_is_multipart(p) ? str_trim(params_get_raw(&p->params, STR("boundary"))) : STR_NONE;
}

static const struct {
	struct str name;
	enum mime_encoding encoding;
} encodings[] = {
	{ STR_INIT("7bit"), ENCODING_IDENTITY },     { STR_INIT("8bit"), ENCODING_IDENTITY },
	{ STR_INIT("binary"), ENCODING_IDENTITY },   { STR_INIT("quoted-printable"), ENCODING_QP },
	{ STR_INIT("base64"), ENCODING_BASE64 },     { STR_INIT("x-uuencode"), ENCODING_UUENCODE },
	{ STR_INIT("uuencode"), ENCODING_UUENCODE }, { STR_INIT("x-uue"), ENCODING_UUENCODE },
	{ STR_INIT("7-bit"), ENCODING_IDENTITY },    { STR_INIT("8-bit"), ENCODING_IDENTITY },
};

static void describe_encoding(struct arena *a, struct mime_part *p, struct mime_defects *d)
{
	struct str name = params_parse(a, only_field(p, STR("Content-Transfer-Encoding"), d)).main;

	if (str_is_empty(name))
		return;
	p->encoding = ENCODING_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(encodings); i++)
		if (str_eq(encodings[i].name, name))
			p->encoding = encodings[i].encoding;
	/* RFC 2045 §6.4: a multipart is never encoded, whatever it says; all readers take it as it is. */
	if (p->encoding == ENCODING_UNKNOWN || (p->encoding && mime_part_is_multipart(p)))
		defect_add(d, DEFECT_ENCODING, p->raw_start);
	if (mime_part_is_multipart(p))
		p->encoding = ENCODING_IDENTITY;
}

static void describe_disposition(struct arena *a, struct mime_part *p, struct mime_defects *d)
{
	struct str field = only_field(p, STR("Content-Disposition"), d);
	struct params params = { 0 };

	if (!str_is_empty(str_trim(field))) {
		params = params_parse(a, field);
		p->disposition =
		    str_eq(params.main, STR("inline")) ? DISPOSITION_INLINE : DISPOSITION_ATTACHMENT;
		if (params.duplicate)
			defect_add(d, DEFECT_DUP_PARAM, p->raw_start);
	}
	p->filename = str_trim(params_get(&params, STR("filename")));
	if (str_is_empty(p->filename))
		p->filename = str_trim(params_get(&p->params, STR("name")));
}

void part_describe(struct arena *a, struct mime_part *p, bool in_digest, struct mime_defects *d)
{
	describe_type(a, p, in_digest, d);
	describe_encoding(a, p, d);
	describe_disposition(a, p, d);
	p->content_id = header_unfold(a, only_field(p, STR("Content-ID"), d));
	if (str_starts(p->content_id, STR("<")) && str_ends(p->content_id, STR(">")))
		p->content_id = str_sub(p->content_id, 1, p->content_id.n - 1);
}

bool mime_part_is(const struct mime_part *p, struct str type, struct str subtype)
{
	return str_eq(p->type, type) && str_eq(p->subtype, subtype);
}

struct str mime_part_decode(struct arena *a, const struct mime_part *p, size_t max,
			    struct mime_defects *defects)
{
	struct str body = mime_part_body(p);
	size_t bad = SIZE_MAX;

	switch (p->encoding) {
	case ENCODING_BASE64:
		body = base64_body_decode(a, body, max, &bad);
		if (bad != SIZE_MAX)
			defect_add(defects, DEFECT_BASE64, raw_offset(p, p->body_start + bad));
		return body;
	case ENCODING_QP:
		body = qp_decode(a, body, max, &bad);
		if (bad != SIZE_MAX)
			defect_add(defects, DEFECT_QP, raw_offset(p, p->body_start + bad));
		return body;
	case ENCODING_IDENTITY:
	case ENCODING_UUENCODE:
	case ENCODING_UNKNOWN:
		break;
	}
	return str_sub(body, 0, max);
}
