/*
 * Putting the picture together. It is drawn strip by strip, each packed as soon as it is drawn: whole, the pixels of a long
 * mail would take more memory than all else.
 */
#include "draw/picture.h"

#include "base/arena.h"
#include "draw/band.h"
#include "draw/page.h"
#include "draw/rows.h"
#include "draw/text.h"

#define TEXT_BYTES 40000 /* of a text mail, or of what is left of another */
#define TEXT_EDGE 14
#define BODY_LEAST 40
#define STRIP 1536 /* rows; for each strip the engine goes through the whole page */
#define CUT_LINE 24

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
	struct band *head, *foot;
	cairo_surface_t *surface; /* a strip */
	cairo_t *cr;              /* on it, while it is drawn */
	uint32_t y, n;            /* its first row, and how many it has */
	struct rows *rows;
	struct buf *png;
	bool done;
};

static void begin_again(struct picture *p)
{
	rows_free(p->rows);
	p->y = p->n = 0;
	p->rows = rows_new(p->png, p->facts.width, p->facts.height);
}

/* Lays out both bands around a body of this size. */
static bool open_canvas(void *ctx, int width, int height, bool cut)
{
	struct picture *p = ctx;

	if (height < BODY_LEAST)
		height = BODY_LEAST;
	p->head = band_head(p->fonts, p->mail, p->notes, width);
	p->foot = band_foot(p->fonts, p->a, p->mail, p->pictures, width);
	int top = band_height(p->head), whole = top + height + band_height(p->foot);
	p->facts.shortened = cut;
	p->facts.width = (uint32_t)width;
	p->facts.height = (uint32_t)whole;
	p->facts.top = (uint32_t)top;
	p->facts.bottom = (uint32_t)(top + height);
	p->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, whole < STRIP ? whole : STRIP);
	begin_again(p);
	return cairo_surface_status(p->surface) == CAIRO_STATUS_SUCCESS;
}

/* A line over the end of what is shown of a longer mail. */
static void draw_cut(struct picture *p, cairo_t *cr)
{
	const struct text_style style = {
		.family = "Liberation Sans", .size = 13, .bold = true, .r = 1, .g = 1, .b = 1
	};
	double bottom = p->facts.bottom, width = p->facts.width;

	cairo_set_source_rgb(cr, .25, .33, .45);
	cairo_rectangle(cr, 0, bottom - CUT_LINE, width, CUT_LINE);
	cairo_fill(cr);
	PangoLayout *l = text_layout(p->fonts, STR("Cut here: the mail goes on."), &style, width);
	text_show(cr, l, &style, TEXT_EDGE, bottom - CUT_LINE + 4);
	g_object_unref(l);
}

static void end_strip(struct picture *p)
{
	cairo_restore(p->cr);
	if (p->facts.shortened && p->y < p->facts.bottom && p->y + p->n + CUT_LINE > p->facts.bottom)
		draw_cut(p, p->cr);
	cairo_destroy(p->cr);
	p->cr = NULL;
	cairo_surface_flush(p->surface);
	bool last = p->y + p->n == p->facts.height;
	bool fits = rows_add(p->rows, p->surface, p->n) && (!last || rows_end(p->rows));
	p->y += p->n;
	p->done = fits && last;
	if (fits || p->facts.height <= 2 * p->facts.top)
		return;
	/* Once more, and half of it. */
	p->facts.height /= 2;
	p->facts.shortened = 1;
	if (p->facts.bottom > p->facts.height)
		p->facts.bottom = p->facts.height;
	begin_again(p);
}

static cairo_t *begin_strip(struct picture *p)
{
	uint32_t left = p->facts.height - p->y;
	double y = p->y, top = p->facts.top, bottom = p->facts.bottom;

	p->n = left < STRIP ? left : STRIP;
	p->cr = cairo_create(p->surface);
	cairo_translate(p->cr, 0, -y);
	cairo_set_source_rgb(p->cr, 1, 1, 1);
	cairo_paint(p->cr);
	band_draw(p->head, p->cr, 0);
	band_draw(p->foot, p->cr, bottom);
	cairo_save(p->cr);
	cairo_rectangle(p->cr, 0, top, p->facts.width, bottom - top);
	cairo_clip(p->cr);
	cairo_translate(p->cr, 0, top);
	return p->cr;
}

/* Packs the strip that was drawn; gives the next one that has something of the body. NULL: there is none. */
static cairo_t *next_strip(void *ctx, int *top_out, int *height_out)
{
	struct picture *p = ctx;

	for (;;) {
		if (p->cr)
			end_strip(p);
		if (!p->rows || p->y >= p->facts.height)
			return NULL;
		cairo_t *cr = begin_strip(p);
		double x1, y1, x2, y2;
		cairo_clip_extents(cr, &x1, &y1, &x2, &y2);
		*top_out = (int)y1;
		*height_out = (int)(y2 - y1);
		if (*height_out > 0)
			return cr;
	}
}

static void add_note(struct picture *p, struct str text)
{
	p->notes = ARENA_JOIN(p->a, p->notes, text, STR("\n"));
}

/* ---- bodies ---- */

static bool draw_page(struct picture *p, bool flat)
{
	struct clean c;

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
		.hooks = { p->pictures, pictures_size, pictures_pixels, pictures_absent, open_canvas,
			   next_strip },
	};
	bool drawn = html.n > 0 && page_draw(&page, p);
	p->facts.failed = (uint32_t)pictures_failed(p->pictures);
	pictures_free(p->pictures);
	clean_end(&c);
	return drawn;
}

static bool draw_text(struct picture *p)
{
	struct str text = preview_mail_text(p->a, p->mail, TEXT_BYTES + 1);
	bool none = text.n == 0, cut = text.n > TEXT_BYTES;
	cairo_t *cr;
	int top, rows;

	if (none)
		text = p->mail->encrypted ? STR("(The text of this mail is encrypted.)")
					  : STR("(This mail has no text.)");
	PangoLayout *l = text_layout(p->fonts, str_sub(text, 0, TEXT_BYTES),
				     none ? &quiet_style : &text_style, PREVIEW_WIDTH - 2 * TEXT_EDGE);
	int height = text_height(l) + 2 * TEXT_EDGE;
	if (height > PREVIEW_HEIGHT_MOST) {
		height = PREVIEW_HEIGHT_MOST;
		cut = true;
	}
	bool open = open_canvas(p, PREVIEW_WIDTH, height, cut);
	while (open && (cr = next_strip(p, &top, &rows)))
		text_show(cr, l, none ? &quiet_style : &text_style, TEXT_EDGE, TEXT_EDGE);
	g_object_unref(l);
	return open;
}

enum err picture_draw(struct arena *a, PangoContext *fonts, struct str raw, enum preview_step step,
		      struct preview_facts *facts_out, struct buf *png)
{
	struct picture p = { .a = a, .fonts = fonts, .png = png };
	bool drawn;

	p.mail = preview_mail_read(a, raw);
	if (p.mail->html && step == PREVIEW_FLAT)
		add_note(&p, STR("Drawn without its layout, which could not be worked out in time."));
	else if (p.mail->html && step == PREVIEW_TEXT)
		add_note(&p, STR("Text only: its layout could not be worked out."));
	drawn = step == PREVIEW_TEXT || !p.mail->html ? draw_text(&p) : draw_page(&p, step == PREVIEW_FLAT);
	if (p.cr)
		cairo_destroy(p.cr);
	if (p.surface)
		cairo_surface_destroy(p.surface);
	if (p.head)
		band_free(p.head);
	if (p.foot)
		band_free(p.foot);
	rows_free(p.rows);
	p.facts.step = (uint32_t)step;
	p.facts.links = (uint32_t)p.mail->links;
	p.facts.mismatched = (uint32_t)p.mail->mismatched;
	p.facts.attachments = (uint32_t)p.mail->attachments.n;
	*facts_out = p.facts;
	return !drawn ? ERR_SYNTAX : p.done ? OK : ERR_LIMIT;
}
