/* Checking a picture that comes from a process nobody trusts. */
#include "preview/answer.h"

#include <zlib.h>

ENUM_DEFINE(preview_step, PREVIEW_STEPS);

static uint32_t be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

/* The chunk at *at: type and data; *at moves behind it. */
static bool next_chunk(struct str png, size_t *at, struct str *type, struct str *data)
{
	size_t left = png.n - *at;

	if (left < 12 || be32(png.p + *at) > left - 12)
		return false;
	size_t n = be32(png.p + *at);
	*type = str_from(png.p + *at + 4, 4);
	*data = str_from(png.p + *at + 8, n);
	uint32_t sum = (uint32_t)crc32(0, (const Bytef *)type->p, (uInt)(n + 4));
	bool right = be32(data->p + n) == sum;
	*at += n + 12;
	return right;
}

enum err preview_answer_check(const struct preview_facts *f, struct str png)
{
	static const struct str signature = STR_INIT("\x89PNG\r\n\x1a\n");
	struct str type, data;
	size_t at = signature.n;
	bool pixels = false;

	if (f->width < PREVIEW_WIDTH || f->width > PREVIEW_WIDTH_MOST || f->height == 0 ||
	    f->height > PREVIEW_HEIGHT_MOST + PREVIEW_BANDS_MOST || f->step > PREVIEW_TEXT ||
	    f->top > f->bottom || f->bottom > f->height)
		return ERR_SYNTAX;
	if (png.n > PREVIEW_PNG || !str_starts(png, signature))
		return ERR_SYNTAX;
	if (!next_chunk(png, &at, &type, &data) || !str_eq(type, STR("IHDR")) || data.n != 13 ||
	    be32(data.p) != f->width || be32(data.p + 4) != f->height ||
	    !str_eq(str_sub(data, 8, 13),
		    STR("\x08\x02\0\0\0"))) /* eight bits, red green blue, not interlaced */
		return ERR_SYNTAX;
	while (next_chunk(png, &at, &type, &data)) {
		if (str_eq(type, STR("IDAT")))
			pixels = true;
		else
			return str_eq(type, STR("IEND")) && data.n == 0 && pixels && at == png.n ? OK
												 : ERR_SYNTAX;
	}
	return ERR_SYNTAX;
}
