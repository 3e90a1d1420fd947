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
	/* Told once, after layout: the size of the page; cut: it would be longer. false: there is nothing to draw on. */
	bool (*canvas)(void *canvas, int width, int height, bool cut);
	/* Then asked for what to draw on, until there is no more: a strip of it, from the top down, clipped. */
	cairo_t *(*strip)(void *canvas, int *top_out, int *height_out);
};

struct page {
	const char *html;  /* terminated; as clean_document writes it */
	const char *sheet; /* of the reader, terminated */
	PangoContext *fonts;
	int width, width_most, height_most;
	struct page_hooks hooks;
};

/* canvas: what the last two hooks are given. false: the engine failed. */
bool page_draw(const struct page *page, void *canvas);

/* The style sheet that a document begins with (sheet.c). */
extern const char page_sheet[];

#ifdef __cplusplus
}
#endif

#endif
