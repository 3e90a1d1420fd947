/* Putting the picture together, and writing it as a PNG. */
#include "draw/picture.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "base/arena.h"
#include "draw/band.h"
#include "draw/page.h"
#include "draw/text.h"

#define TEXT_BYTES 40000 /* of a text mail, or of what is left of another */
#define TEXT_EDGE 14
#define BODY_LEAST 40
#define PNG_LEVEL 3 /* and no filter: for pages of flat colours that is as small as any, and half the work */

static const struct text_style text_style = { .family = "Liberation Sans", .size = 15 };
static const struct text_style quiet_style = {
	.family = "Liberation Sans", .size = 15, .r = .45, .g = .45, .b = .45
};

struct picture {
	struct arena *a;
	PangoContext *fonts;
	const struct preview_mail *mail;
	struct pictures *pictures;
	struct str notes;
	struct preview_facts facts;
	cairo_surface_t *surface;
	cairo_t *cr;
};

/* Makes the surface with both bands, for a body of this size; only that is drawn to from then on. */
static cairo_t *open_canvas(void *ctx, int width, int height)
{
	struct picture *p = ctx;

	if (height < BODY_LEAST)
		height = BODY_LEAST;
	struct band *head = band_head(p->fonts, p->mail, p->notes, width);
	struct band *foot = band_foot(p->fonts, p->a, p->mail, p->pictures, width);
	int top = band_height(head), whole = top + height + band_height(foot);

	p->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, whole);
	p->cr = cairo_create(p->surface);
	bool fine = cairo_status(p->cr) == CAIRO_STATUS_SUCCESS;
	if (fine) {
		cairo_set_source_rgb(p->cr, 1, 1, 1);
		cairo_paint(p->cr);
		band_draw(head, p->cr, 0);
		band_draw(foot, p->cr, top + height);
		cairo_rectangle(p->cr, 0, top, width, height);
		cairo_clip(p->cr);
		cairo_translate(p->cr, 0, top);
		p->facts.width = (uint32_t)width;
		p->facts.height = (uint32_t)whole;
		p->facts.top = (uint32_t)top;
		p->facts.bottom = (uint32_t)(top + height);
	}
	band_free(head);
	band_free(foot);
	return fine ? p->cr : NULL;
}

static void add_note(struct picture *p, struct str text)
{
	p->notes = ARENA_JOIN(p->a, p->notes, text, STR("\n"));
}

/* ---- bodies ---- */

static bool draw_page(struct picture *p, bool flat)
{
	struct clean c;
	bool cut = false;

	clean_begin(&c, p->a, flat);
	for (size_t i = 0; i < p->mail->bodies_n; i++) {
		if (p->mail->bodies[i].html)
			clean_add_html(&c, p->mail->bodies[i].source);
		else
			clean_add_plain(&c, p->mail->bodies[i].source);
	}
	struct str html = clean_document(&c);
	p->facts.remote = (uint32_t)c.remote;
	p->facts.unseen = (uint32_t)c.unseen;
	p->facts.cut = c.cut;
	if (c.remote > 0)
		add_note(p, arena_printf(p->a, "%zu external image%s not loaded.", c.remote,
					 c.remote == 1 ? "" : "s"));
	if (c.cut & (CLEAN_CUT_ELEMENTS | CLEAN_CUT_TEXT | CLEAN_CUT_DEPTH))
		add_note(p, STR("The mail is too large or too deep to be drawn whole: some of its layout or "
				"text is missing."));
	p->pictures = pictures_new(p->a, p->mail, &c);
	const struct page page = {
		.html = html.p,
		.sheet = page_sheet,
		.fonts = p->fonts,
		.width = PREVIEW_WIDTH,
		.width_most = PREVIEW_WIDTH_MOST,
		.height_most = PREVIEW_HEIGHT_MOST,
		.hooks = { p->pictures, pictures_size, pictures_pixels, pictures_absent, open_canvas },
	};
	bool drawn = html.n > 0 && page_draw(&page, p, &cut);
	p->facts.failed = (uint32_t)pictures_failed(p->pictures);
	p->facts.shortened = cut;
	pictures_free(p->pictures);
	clean_end(&c);
	return drawn;
}

static bool draw_text(struct picture *p)
{
	struct str text = preview_mail_text(p->a, p->mail, TEXT_BYTES + 1);
	bool none = text.n == 0;

	p->facts.shortened = text.n > TEXT_BYTES;
	if (none)
		text = p->mail->encrypted ? STR("(The text of this mail is encrypted.)")
					  : STR("(This mail has no text.)");
	PangoLayout *l = text_layout(p->fonts, str_sub(text, 0, TEXT_BYTES),
				     none ? &quiet_style : &text_style, PREVIEW_WIDTH - 2 * TEXT_EDGE);
	int height = text_height(l) + 2 * TEXT_EDGE;
	if (height > PREVIEW_HEIGHT_MOST) {
		height = PREVIEW_HEIGHT_MOST;
		p->facts.shortened = true;
	}
	cairo_t *cr = open_canvas(p, PREVIEW_WIDTH, height);
	if (cr)
		text_show(cr, l, none ? &quiet_style : &text_style, TEXT_EDGE, TEXT_EDGE);
	g_object_unref(l);
	return cr != NULL;
}

/* A line over the end of what is shown of a longer mail. */
static void draw_cut(struct picture *p)
{
	const struct text_style style = {
		.family = "Liberation Sans", .size = 13, .bold = true, .r = 1, .g = 1, .b = 1
	};
	double bottom = p->facts.bottom - p->facts.top, width = p->facts.width;

	cairo_set_source_rgb(p->cr, .25, .33, .45);
	cairo_rectangle(p->cr, 0, bottom - 24, width, 24);
	cairo_fill(p->cr);
	PangoLayout *l = text_layout(p->fonts, STR("Cut here: the mail goes on."), &style, width);
	text_show(p->cr, l, &style, TEXT_EDGE, bottom - 20);
	g_object_unref(l);
}

/* ---- PNG ---- */

static void write_png(png_structp png, png_bytep from, size_t n)
{
	buf_add(png_get_io_ptr(png), str_from(from, n));
}

static void flush_png(png_structp png)
{
	(void)png;
}

/* Three bytes for each of Cairo's four. */
static void pack_row(const uint32_t *from, unsigned char *to, size_t width)
{
	for (size_t x = 0; x < width; x++, to += 3) {
		to[0] = (unsigned char)(from[x] >> 16);
		to[1] = (unsigned char)(from[x] >> 8);
		to[2] = (unsigned char)from[x];
	}
}

static enum err encode(cairo_surface_t *s, uint32_t width, uint32_t height, struct buf *out)
{
	const unsigned char *data = cairo_image_surface_get_data(s);
	size_t stride = (size_t)cairo_image_surface_get_stride(s);
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	unsigned char *row = malloc((size_t)width * 3);
	enum err e = ERR_LIMIT;

	buf_clear(out);
	if (info && row && setjmp(png_jmpbuf(png)) == 0) {
		png_set_write_fn(png, out, write_png, flush_png);
		png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
			     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
		png_set_compression_level(png, PNG_LEVEL);
		png_set_filter(png, 0, PNG_FILTER_NONE);
		png_write_info(png, info);
		for (uint32_t y = 0; y < height && buf_ok(out); y++) {
			pack_row((const uint32_t *)(const void *)(data + y * stride), row, width);
			png_write_row(png, row);
		}
		if (buf_ok(out)) {
			png_write_end(png, NULL);
			e = buf_ok(out) ? OK : ERR_LIMIT;
		}
	}
	png_destroy_write_struct(&png, &info);
	free(row);
	return e;
}

enum err picture_draw(struct arena *a, PangoContext *fonts, struct str raw, enum preview_step step,
		      struct preview_facts *facts_out, struct buf *png)
{
	struct picture p = { .a = a, .fonts = fonts };
	enum err e = ERR_SYNTAX;
	bool drawn;

	p.mail = preview_mail_read(a, raw);
	if (p.mail->html && step == PREVIEW_FLAT)
		add_note(&p, STR("Drawn without its layout, which could not be worked out in time."));
	else if (p.mail->html && step == PREVIEW_TEXT)
		add_note(&p, STR("Text only: its layout could not be worked out."));
	drawn = step == PREVIEW_TEXT || !p.mail->html ? draw_text(&p) : draw_page(&p, step == PREVIEW_FLAT);
	if (drawn) {
		if (p.facts.shortened)
			draw_cut(&p);
		cairo_surface_flush(p.surface);
		p.facts.step = (uint32_t)step;
		p.facts.links = (uint32_t)p.mail->links;
		p.facts.mismatched = (uint32_t)p.mail->mismatched;
		p.facts.attachments = (uint32_t)p.mail->attachments.n;
		while ((e = encode(p.surface, p.facts.width, p.facts.height, png)) == ERR_LIMIT &&
		       p.facts.height > 2 * p.facts.top) {
			p.facts.height /= 2;
			p.facts.shortened = 1;
			if (p.facts.bottom > p.facts.height)
				p.facts.bottom = p.facts.height;
			draw_cut(&p);
			cairo_surface_flush(p.surface);
			png->over = false;
		}
	}
	if (p.cr)
		cairo_destroy(p.cr);
	if (p.surface)
		cairo_surface_destroy(p.surface);
	*facts_out = p.facts;
	return e;
}
