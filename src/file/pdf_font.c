/* Reading a font's dictionaries. */
#include "file/pdf_font.h"

#include <stdlib.h>

#include "base/utf8.h"

#define WIDTHS_MAX 8192 /* of one font */
#define WIDE 1000       /* what glyphs of large fonts have that say nothing (§9.7.4.3) */

/* ---- letters ---- */

static enum pdf_encoding encoding_named(struct str name)
{
	return str_eq(name, STR("WinAnsiEncoding"))    ? PDF_WIN_ANSI
	       : str_eq(name, STR("MacRomanEncoding")) ? PDF_MAC_ROMAN
						       : PDF_STANDARD;
}

/* [ 32 /space /A 97 /a … ]: a number is the code of the name behind it, which others follow. */
static void read_differences(struct pdf_document *d, struct str value, struct pdf_font *f)
{
	struct pdf_tokens tokens = { d->l->a, value, 0 };
	struct pdf_token t;
	uint64_t code = 0;

	if (!pdf_next(&tokens, &t) || t.kind != PDF_ARRAY)
		return;
	while (pdf_next(&tokens, &t) && (t.kind == PDF_NUMBER || t.kind == PDF_NAME)) {
		if (t.kind == PDF_NUMBER)
			code = t.number;
		else if (code < ARRAY_LEN(f->v))
			f->v[code++] = pdf_letter_named(t.text);
	}
	pdf_document_worked(d, tokens.at);
}

/* A name, or a dictionary that says how it differs from one. */
static void read_letters(struct pdf_document *d, struct str dict, struct pdf_font *f)
{
	struct str value = pdf_value(d, dict, STR("Encoding"));
	struct str name = pdf_name_of(d, value);
	enum pdf_encoding e;

	if (name.n == 0)
		name = pdf_name_of(d, pdf_value(d, value, STR("BaseEncoding")));
	e = encoding_named(name);
	for (size_t i = 0; i < ARRAY_LEN(f->v); i++)
		f->v[i].letter = pdf_encoding_letter(e, (unsigned char)i);
	read_differences(d, pdf_value(d, value, STR("Differences")), f);
}

/* ---- widths ---- */

static void add_width(struct pdf_document *d, struct pdf_font *f, double lo, double hi, double width)
{
	if (f->widths.n == WIDTHS_MAX || lo < 0 || hi < lo || hi > 0xffff)
		return;
	struct pdf_width w = { (uint32_t)lo, (uint32_t)hi, width };
	ARENA_PUSH(d->l->a, &f->widths, w);
}

/* Of a font of one byte (§9.6.2). scale: what its units are of thousandths. */
static void read_widths(struct pdf_document *d, struct str dict, struct pdf_font *f, double scale)
{
	struct pdf_tokens tokens = { d->l->a, pdf_value(d, dict, STR("Widths")), 0 };
	double code = pdf_number_of(d, pdf_value(d, dict, STR("FirstChar")), 0);
	struct str more = pdf_value(d, dict, STR("FontDescriptor"));
	struct pdf_token t;

	f->width = -1;
	if (!pdf_next(&tokens, &t) || t.kind != PDF_ARRAY)
		return;
	f->width = pdf_number_of(d, pdf_value(d, more, STR("MissingWidth")), -1);
	for (; pdf_next(&tokens, &t) && t.kind == PDF_NUMBER; code++)
		add_width(d, f, code, code, pdf_number(&t) * scale);
	pdf_document_worked(d, tokens.at);
}

/* Of a font of two bytes: "c [w …]", or "c1 c2 w" (§9.7.4.3). */
static void read_wide_widths(struct pdf_document *d, struct str dict, struct pdf_font *f)
{
	struct pdf_tokens tokens = { d->l->a, pdf_value(d, dict, STR("W")), 0 };
	struct pdf_token t;
	double v[3] = { 0 };
	size_t n = 0;

	f->width = pdf_number_of(d, pdf_value(d, dict, STR("DW")), WIDE);
	if (!pdf_next(&tokens, &t) || t.kind != PDF_ARRAY)
		return;
	while (pdf_next(&tokens, &t) && (t.kind == PDF_NUMBER || (t.kind == PDF_ARRAY && n == 1))) {
		if (t.kind == PDF_NUMBER)
			v[n++] = pdf_number(&t);
		if (n == 3)
			add_width(d, f, v[0], v[1], v[2]);
		if (t.kind == PDF_ARRAY)
			for (double code = v[0]; pdf_next(&tokens, &t) && t.kind == PDF_NUMBER; code++)
				add_width(d, f, code, code, pdf_number(&t));
		n = n == 3 || t.kind == PDF_ARRAY_END ? 0 : n;
	}
	pdf_document_worked(d, tokens.at);
}

static int by_code(const void *a, const void *b)
{
	const struct pdf_width *x = a, *y = b;

	return (x->lo > y->lo) - (x->lo < y->lo);
}

static double width_of(const struct pdf_font *f, uint32_t code, uint32_t letter)
{
	size_t low = 0, high = f->widths.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (f->widths.v[middle].lo > code)
			high = middle;
		else
			low = middle + 1;
	}
	if (low > 0 && f->widths.v[low - 1].hi >= code)
		return f->widths.v[low - 1].width;
	return f->width >= 0 ? f->width : pdf_letter_width(letter);
}

/* ---- the whole ---- */

/* The one font that a font of many glyphs is made of (§9.7.6). */
static struct str descendant_of(struct pdf_document *d, struct str dict)
{
	struct str list = pdf_value(d, dict, STR("DescendantFonts"));
	struct pdf_tokens tokens = { d->l->a, list, 0 };
	struct pdf_token t;

	return pdf_next(&tokens, &t) && t.kind == PDF_ARRAY ? pdf_follow(d, str_sub(list, tokens.at, list.n))
							    : STR_NONE;
}

/* [ 0.001 0 0 0.001 0 0 ] of drawn fonts: their unit in thousandths; others have that (§9.6.5). */
static double unit_of(struct pdf_document *d, struct str dict)
{
	struct str matrix = pdf_value(d, dict, STR("FontMatrix"));
	struct pdf_tokens tokens = { d->l->a, matrix, 0 };
	struct pdf_token t;

	if (pdf_next(&tokens, &t) && t.kind == PDF_ARRAY && pdf_next(&tokens, &t) && pdf_number(&t) > 0)
		return pdf_number(&t) * 1000;
	return 1;
}

const struct pdf_font *pdf_font_read(struct pdf_document *d, struct str dict)
{
	struct pdf_font *f = ARENA_NEW(d->l->a, struct pdf_font);
	const struct pdf_object *map = pdf_object_of(d, pdf_dict_get(d, dict, STR("ToUnicode")));
	bool wide = str_eq(pdf_name_of(d, pdf_value(d, dict, STR("Subtype"))), STR("Type0"));
	struct str cmap = map ? pdf_document_stream(d, map) : STR_NONE;

	if (cmap.n)
		f->cmap = pdf_cmap_read(d->l->a, cmap);
	if (wide) {
		struct str name = pdf_name_of(d, pdf_value(d, dict, STR("Encoding")));
		f->unicode =
		    str_find(name, STR("UCS2"), 0) != SIZE_MAX || str_find(name, STR("UTF16"), 0) != SIZE_MAX;
		f->code_bytes = name.n == 0 && f->cmap.code_bytes == 1 ? 1 : 2;
		read_wide_widths(d, descendant_of(d, dict), f);
	} else {
		f->code_bytes = 1;
		read_letters(d, dict, f);
		read_widths(d, dict, f, unit_of(d, dict));
	}
	if (f->widths.n > 1)
		qsort(f->widths.v, f->widths.n, sizeof(f->widths.v[0]), by_code);
	return f;
}

#define LIGATURES 0xfb00

/* A letter as text. Controls are none; what symbol fonts call U+F041 is "A"; letters that are joined come apart. */
static void add_letter(struct buf *out, uint32_t cp)
{
	static const char *const joined[] = { "ff", "fi", "fl", "ffi", "ffl" };

	if (cp >= LIGATURES && cp < LIGATURES + ARRAY_LEN(joined)) {
		buf_add_c(out, joined[cp - LIGATURES]);
		return;
	}
	if (cp >= 0xf020 && cp <= 0xf0ff)
		cp -= 0xf000;
	if (cp == 0xa0)
		cp = ' ';
	if (cp >= ' ' && cp != UTF8_REPLACEMENT && !utf8_is_control(cp))
		utf8_add(out, cp);
}

void pdf_font_next(const struct pdf_font *f, struct str bytes, size_t *at, struct buf *out, double *width_out,
		   bool *space_out)
{
	const struct pdf_range *r;
	uint32_t code = 0, letter = 0;

	for (size_t i = 0; i < f->code_bytes && *at < bytes.n; i++)
		code = code << 8 | (unsigned char)bytes.p[(*at)++];
	r = pdf_cmap_find(&f->cmap, code);
	if (r && r->text.n) {
		buf_add(out, utf8_is_valid(r->text) ? r->text : STR_NONE);
	} else if (r) {
		add_letter(out, letter = r->first + (code - r->lo));
	} else if (f->unicode) {
		add_letter(out, letter = code);
	} else if (f->code_bytes == 1) {
		const struct pdf_letter *l = &f->v[code & 0xff];
		add_letter(out, letter = l->letter);
		if (l->accent)
			add_letter(out, l->accent);
	}
	*width_out = width_of(f, code, letter);
	*space_out = f->code_bytes == 1 && code == ' ';
}
