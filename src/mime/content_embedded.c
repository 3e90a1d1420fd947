/*
 * Files in the text of a mail: uuencoded, yEnc, and in data URLs. Each becomes an attachment, or a text where it is a page;
 * plain text keeps the rest.
 */
#include "mime/content_internal.h"

#include "base/arena.h"
#include "base/buf.h"
#include "mime/uuencode.h"
#include "mime/yenc.h"
#include "url/data.h"

#define EMBEDDED_MAX \
	1000 /* blocks in one text; only the first LIMIT_ATTACHMENTS_KEPT files are looked at anyway */

struct mime_part *content_embed(struct extraction *x, const struct mime_part *p, struct str bytes,
				size_t from, size_t to, enum mime_encoding encoding)
{
	struct mime_part *file = ARENA_NEW(x->a, struct mime_part);
	bool in_place = bytes.n && bytes.p >= p->source.p && bytes.p + bytes.n <= p->source.p + p->source.n;
	size_t base = in_place ? (size_t)(bytes.p - p->source.p) : 0;

	file->parent = (struct mime_part *)(uintptr_t)p;
	file->index = p->index;
	file->depth = p->depth + 1;
	file->reading = p->reading;
	file->type = STR("application");
	file->subtype = STR("octet-stream");
	file->encoding = encoding;
	file->disposition = DISPOSITION_ATTACHMENT;
	file->source = in_place ? p->source : bytes;
	file->derived = p->derived || !in_place;
	file->start = file->body_start = base + from;
	file->body_length = to - from;
	file->raw_start = file->derived ? p->raw_start : file->start;
	return file;
}

/* The next block of either kind. */
static bool find_block(struct str text, size_t at, struct uuencode_block *uu, struct yenc_block *y,
		       bool *is_yenc)
{
	bool have_uu = uu->start != SIZE_MAX, have_y = y->start != SIZE_MAX;

	if (have_uu && uu->start < at)
		have_uu = uuencode_find(text, at, uu);
	if (have_y && y->start < at)
		have_y = yenc_find(text, at, y);
	uu->start = have_uu ? uu->start : SIZE_MAX;
	y->start = have_y ? y->start : SIZE_MAX;
	*is_yenc = y->start < uu->start;
	return have_uu || have_y;
}

struct str content_take_embedded(struct extraction *x, const struct mime_part *p, struct str bytes)
{
	struct uuencode_block uu = { 0 };
	struct yenc_block y = { 0 };
	struct buf rest;
	size_t at = 0;
	bool is_yenc;

	if (!uuencode_find(bytes, 0, &uu))
		uu.start = SIZE_MAX;
	if (!yenc_find(bytes, 0, &y))
		y.start = SIZE_MAX;
	if (uu.start == SIZE_MAX && y.start == SIZE_MAX)
		return bytes;
	buf_init(&rest, bytes.n);
	for (unsigned i = 0; i < EMBEDDED_MAX && find_block(bytes, at, &uu, &y, &is_yenc); i++) {
		size_t from = is_yenc ? y.start : uu.start, to = is_yenc ? y.end : uu.end;
		struct mime_part *file =
		    content_embed(x, p, bytes, from, to, is_yenc ? ENCODING_YENC : ENCODING_UUENCODE);
		file->filename = arena_str(x->a, is_yenc ? y.name : uu.name);
		content_add_attachment(x, file);
		buf_add(&rest, str_sub(bytes, at, from));
		at = to;
	}
	buf_add(&rest, str_sub(bytes, at, bytes.n));
	struct str out = arena_str(x->a, buf_str(&rest));
	buf_free(&rest);
	return out;
}

void content_add_data_url(struct extraction *x, const struct mime_part *p, struct str href)
{
	struct str type, bytes;

	if (!url_data_read(x->a, href, &type, &bytes) || bytes.n == 0)
		return;
	size_t slash = str_find_char(type, '/', 0);
	struct mime_part *file = content_embed(x, p, bytes, 0, bytes.n, ENCODING_IDENTITY);
	file->type = str_sub(type, 0, slash);
	file->subtype = slash == SIZE_MAX ? STR_NONE : str_sub(type, slash + 1, type.n);
	file->type_given = slash != SIZE_MAX;
	if (content_form(file) == TEXT_HTML)
		content_add_text(x, file);
	else
		content_add_attachment(x, file);
}
