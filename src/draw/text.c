/* Layouts by Pango. */
#include "draw/text.h"

#include <stdlib.h>

#include "draw/breaks.h"

static void set_options(PangoContext *context)
{
	cairo_font_options_t *o = cairo_font_options_create();

	/* The same pixels everywhere: no hints, no subpixels, whatever the machine is set to. */
	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, o);
	pango_cairo_context_set_resolution(context, 96);
	cairo_font_options_destroy(o);
}

PangoContext *text_context_new(void)
{
	PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());

	set_options(context);
	pango_context_set_language(context, pango_language_from_string("en"));
	return context;
}

PangoLayout *text_layout(PangoContext *fonts, struct str text, const struct text_style *style, double width)
{
	PangoLayout *l = pango_layout_new(fonts);
	PangoFontDescription *d = pango_font_description_new();

	pango_font_description_set_family(d, style->family);
	pango_font_description_set_absolute_size(d, style->size * PANGO_SCALE);
	if (style->bold)
		pango_font_description_set_weight(d, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(l, d);
	pango_font_description_free(d);
	pango_layout_set_width(l, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	if (style->lines > 0) {
		pango_layout_set_height(l, -style->lines);
		pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	}
	char *marked = breaks_mark(text.p, text.n);
	pango_layout_set_text(l, marked ? marked : text.n ? text.p : "", marked ? -1 : (int)text.n);
	free(marked);
	return l;
}

int text_height(PangoLayout *l)
{
	int height;

	pango_layout_get_pixel_size(l, NULL, &height);
	return height;
}

void text_show(cairo_t *cr, PangoLayout *l, const struct text_style *style, double x, double y)
{
	cairo_set_source_rgb(cr, style->r, style->g, style->b);
	cairo_move_to(cr, x, y);
	pango_cairo_show_layout(cr, l);
}

void text_in_box(cairo_t *cr, struct str text, double x, double y, double width, double height)
{
	const struct text_style style = {
		.family = "Liberation Sans", .size = 12, .r = 0.36, .g = 0.39, .b = 0.44
	};
	PangoContext *fonts = text_context_new();
	PangoLayout *l = text_layout(fonts, text, &style, width);

	pango_layout_set_height(l, (int)(height * PANGO_SCALE));
	pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
	text_show(cr, l, &style, x, y);
	g_object_unref(l);
	g_object_unref(fonts);
}
