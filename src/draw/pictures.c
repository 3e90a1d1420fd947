/* From the numbers of a page to pixels: found, looked at and decoded when first asked for. */
#include "draw/pictures.h"

#include <pango/pangocairo.h>

#include "base/arena.h"
#include "draw/text.h"
#include "image/image.h"
#include "url/data.h"
#include "url/url.h"

#define LABEL_HEIGHT 22
#define PIXELS_OF_MAIL (16u << 20) /* decoded for one mail, each time counted */
#define PIXELS_KEPT (2u << 20)     /* decoded at one time */

struct picture {
	const struct clean_image *from;
	struct str label; /* what is written where it would be: its text, or where it lies */
	const struct mime_part *part;
	struct str bytes;
	enum image_format format;
	int width, height;
	bool looked;
	bool paid; /* of the pixels of the mail; it may be decoded once more for the next strip */
	cairo_surface_t *pixels;
};

struct pictures {
	struct arena *a;
	const struct preview_mail *mail;
	struct picture *v;
	size_t n, left, kept, failed;
};

static struct str label_of(struct arena *a, const struct clean_image *image)
{
	if (image->ground)
		return STR_NONE;
	if (image->alt.n > 0)
		return preview_visible(a, image->alt, 300);
	if (image->kind != CLEAN_IMAGE_REMOTE)
		return STR("image");
	struct url u = url_split(a, image->src);
	return u.host.n ? ARENA_JOIN(a, STR("image: "), preview_visible(a, u.host, 100)) : STR("image");
}

struct pictures *pictures_new(struct arena *a, const struct preview_mail *mail, const struct clean *clean)
{
	struct pictures *p = ARENA_NEW(a, struct pictures);

	*p = (struct pictures){ .a = a, .mail = mail, .n = clean->images.n, .left = PIXELS_OF_MAIL };
	p->v = ARENA_ARRAY(a, p->n + 1, struct picture);
	for (size_t i = 0; i < p->n; i++) {
		p->v[i].from = &clean->images.v[i];
		p->v[i].label = label_of(a, &clean->images.v[i]);
		if (clean->images.v[i].kind == CLEAN_IMAGE_CID)
			p->v[i].part = preview_mail_related(mail, clean->images.v[i].src);
	}
	return p;
}

static void forget_pixels(struct pictures *p)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].pixels)
			cairo_surface_destroy(p->v[i].pixels);
		p->v[i].pixels = NULL;
	}
	p->kept = 0;
}

void pictures_free(struct pictures *p)
{
	forget_pixels(p);
}

static struct picture *look(struct pictures *p, size_t image)
{
	struct picture *v = image < p->n ? &p->v[image] : NULL;
	struct str type;

	if (!v || v->looked)
		return v;
	v->looked = true;
	/* The same picture once more needs no bytes of its own. */
	for (size_t i = 0; i < image; i++) {
		if (p->v[i].looked && p->v[i].from->kind != CLEAN_IMAGE_REMOTE &&
		    p->v[i].from->kind == v->from->kind && str_eq(p->v[i].from->src, v->from->src)) {
			v->bytes = p->v[i].bytes;
			break;
		}
	}
	if (v->bytes.n == 0 && v->part)
		v->bytes = mime_part_decode(p->a, v->part, SIZE_MAX / 2, &p->mail->tree->defects);
	else if (v->bytes.n == 0 && v->from->kind == CLEAN_IMAGE_DATA)
		url_data_read(p->a, v->from->src, &type, &v->bytes);
	v->format = image_look(v->bytes, IMAGE_PIXELS, &v->width, &v->height);
	p->failed += v->format == IMAGE_NONE && v->from->kind != CLEAN_IMAGE_REMOTE;
	return v;
}

void pictures_size(void *ctx, size_t image, int *width_out, int *height_out)
{
	const struct picture *v = look(ctx, image);

	*width_out = *height_out = 0;
	if (!v)
		return;
	if (v->format != IMAGE_NONE) {
		*width_out = v->width;
		*height_out = v->height;
		return;
	}
	/* A place for the words that stand for it. */
	int width = v->from->ground ? 0 : 12 + 7 * (int)v->label.n;
	*width_out = v->from->width > 0 ? v->from->width : width > 300 ? 300 : width;
	*height_out = v->from->height > 0 ? v->from->height : v->from->ground ? 0 : LABEL_HEIGHT;
}

/* A canvas of Cairo's. */
static uint32_t *begin_surface(void *ctx, int width, int height, size_t *stride_out)
{
	cairo_surface_t **s = ctx;

	*s = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	if (cairo_surface_status(*s) != CAIRO_STATUS_SUCCESS)
		return NULL;
	*stride_out = (size_t)cairo_image_surface_get_stride(*s) / sizeof(uint32_t);
	return (uint32_t *)(void *)cairo_image_surface_get_data(*s);
}

static cairo_surface_t *decode(const struct picture *v, int width, int height)
{
	cairo_surface_t *s = NULL;
	const struct image_canvas canvas = { .begin = begin_surface, .ctx = &s };

	if (image_decode(v->bytes, v->format, width, height, &canvas)) {
		cairo_surface_mark_dirty(s);
		return s;
	}
	cairo_surface_destroy(s);
	return NULL;
}

cairo_surface_t *pictures_pixels(void *ctx, size_t image, int width, int height)
{
	struct pictures *p = ctx;
	struct picture *v = look(p, image);

	if (!v || v->format == IMAGE_NONE)
		return NULL;
	size_t cost = (size_t)v->width * (size_t)v->height;
	if (v->pixels)
		return v->pixels;
	if (!v->paid && cost > p->left)
		return NULL;
	p->left -= v->paid ? 0 : cost;
	v->paid = true;
	if (p->kept + cost > PIXELS_KEPT)
		forget_pixels(p);
	v->pixels = decode(v, width, height);
	if (!v->pixels) {
		v->format = IMAGE_NONE;
		p->failed++;
		return NULL;
	}
	p->kept += cost;
	return v->pixels;
}

void pictures_absent(void *ctx, cairo_t *cr, size_t image, double x, double y, double width, double height)
{
	const struct picture *v = look(ctx, image);
	const double dash[] = { 4, 3 };

	if (!v || v->from->ground || width < 2 || height < 2)
		return;
	cairo_save(cr);
	cairo_rectangle(cr, x, y, width, height);
	cairo_clip(cr);
	cairo_set_source_rgb(cr, 0.945, 0.949, 0.957);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, 0.62, 0.65, 0.7);
	cairo_set_line_width(cr, 1);
	cairo_set_dash(cr, dash, 2, 0);
	cairo_rectangle(cr, x + 0.5, y + 0.5, width - 1, height - 1);
	cairo_stroke(cr);
	if (width > 48 && height > 10)
		text_in_box(cr, v->label, x + 4, y + 2, width - 8, height - 4);
	cairo_restore(cr);
}

size_t pictures_failed(const struct pictures *p)
{
	return p->failed;
}

bool pictures_use(const struct pictures *p, const struct mime_part *part)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->v[i].part == part)
			return true;
	return false;
}
