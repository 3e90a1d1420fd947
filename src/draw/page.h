/*
 * A cleaned document laid out and drawn: the one function behind which C++ (litehtml) lies. No state is kept, no exception
 * leaves it, nothing is fetched or opened but fonts.
 */
#ifndef DRAW_PAGE_H
#define DRAW_PAGE_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct page_hooks {
	void *ctx;
	/* The size of an image in pixels; 0, 0: it takes no place unless the document says so. */
	void (*image_size)(void *ctx, size_t image, int *width_out, int *height_out);
	/* Its pixels, for an area of this size; stays the owner's until the next call. NULL: there are none. */
	cairo_surface_t *(*image_pixels)(void *ctx, size_t image, int width, int height);
	/* Draws what stands where an image would be. */
	void (*image_absent)(void *ctx, cairo_t *cr, size_t image, double x, double y, double width,
			     double height);
	/* Asked once, after layout: where to draw. The clip that is set there is never left. NULL: nowhere. */
	cairo_t *(*canvas)(void *canvas, int width, int height);
};

struct page {
	const char *html;  /* terminated; as clean_document writes it */
	const char *sheet; /* of the reader, terminated */
	PangoContext *fonts;
	int width, width_most, height_most;
	struct page_hooks hooks;
};

/* canvas: what the hook of that name is given. false: the engine failed. *cut_out: the page is longer than it may be. */
bool page_draw(const struct page *page, void *canvas, bool *cut_out);

/* The style sheet that a document begins with (sheet.c). */
extern const char page_sheet[];

#ifdef __cplusplus
}
#endif

#endif
