/* Rows of a label and a text each. */
#include "draw/band.h"

#include <stdlib.h>

#include "base/arena.h"
#include "draw/text.h"

#define ROWS 40
#define EDGE 14
#define LABEL 84
#define GAP 5
#define RULE 2

static const struct text_style label_style = {
	.family = "Liberation Sans", .size = 13, .r = .42, .g = .45, .b = .5, .lines = 1
};
static const struct text_style value_style = {
	.family = "Liberation Sans", .size = 14, .r = .07, .g = .09, .b = .13, .lines = 3
};
static const struct text_style strong_style = {
	.family = "Liberation Sans", .size = 15, .bold = true, .r = .07, .g = .09, .b = .13, .lines = 3
};
static const struct text_style note_style = {
	.family = "Liberation Sans", .size = 12, .r = .42, .g = .45, .b = .5, .lines = 2
};
static const struct text_style alarm_style = {
	.family = "Liberation Sans", .size = 13, .bold = true, .r = .72, .g = .1, .b = .1, .lines = 2
};
static const struct text_style list_style = {
	.family = "Liberation Sans", .size = 13, .r = .07, .g = .09, .b = .13, .lines = 6
};

struct band_row {
	PangoLayout *label, *value;
	const struct text_style *style;
	int y;
};

struct band {
	struct band_row rows[ROWS];
	size_t n;
	int width, height;
	bool foot; /* its rule is above */
};

static void add_row(struct band *b, PangoContext *fonts, const char *label, struct str value,
		    const struct text_style *style)
{
	struct band_row *r = &b->rows[b->n];
	int left = label ? LABEL : 0, high, least;

	if (b->n == ROWS)
		return;
	b->n++;
	r->label = label ? text_layout(fonts, str_of(label), &label_style, LABEL) : NULL;
	r->value = text_layout(fonts, value, style, b->width - 2 * EDGE - left);
	/* Words from right to left stand where all others do. */
	pango_layout_set_auto_dir(r->value, FALSE);
	r->style = style;
	r->y = b->height;
	high = text_height(r->value);
	least = r->label ? text_height(r->label) : 0;
	b->height += (high > least ? high : least) + GAP;
}

static struct band *band_new(int width, bool foot)
{
	struct band *b = calloc(1, sizeof(*b));

	ASSERT(b);
	b->width = width;
	b->foot = foot;
	b->height = EDGE - GAP + (foot ? RULE : 0);
	return b;
}

static void add_notes(struct band *b, PangoContext *fonts, struct str notes)
{
	while (notes.n > 0) {
		size_t end = str_find_char(notes, '\n', 0);
		add_row(b, fonts, NULL, str_sub(notes, 0, end), &note_style);
		notes = str_sub(notes, end == SIZE_MAX ? notes.n : end + 1, notes.n);
	}
}

static void finish(struct band *b)
{
	b->height += EDGE - GAP + (b->foot ? 0 : RULE);
	if (b->height > PREVIEW_BANDS_MOST / 2)
		b->height = PREVIEW_BANDS_MOST / 2;
}

struct band *band_head(PangoContext *fonts, const struct preview_mail *m, struct str notes, int width)
{
	struct band *b = band_new(width, false);

	for (size_t i = 0; i < m->fields_n; i++) {
		bool strong = str_eq(str_of(m->fields[i].label), STR("Subject"));
		add_row(b, fonts, m->fields[i].label, m->fields[i].text,
			strong ? &strong_style : &value_style);
	}
	add_notes(b, fonts, notes);
	finish(b);
	return b;
}

static struct str size_text(struct arena *a, size_t n)
{
	if (n < 1000)
		return arena_printf(a, "%zu B", n);
	if (n < 1000000)
		return arena_printf(a, "%zu kB", (n + 500) / 1000);
	return arena_printf(a, "%zu.%zu MB", n / 1000000, n / 100000 % 10);
}

static void add_links(struct band *b, PangoContext *fonts, struct arena *a, const struct preview_mail *m)
{
	struct str text = STR_NONE;
	size_t shown = 0;

	for (size_t i = 0; i < m->hosts.n && i < PREVIEW_HOSTS; i++, shown++) {
		const struct preview_host *h = &m->hosts.v[i];
		if (h->shown.n == 0)
			continue;
		add_row(b, fonts, "Deceptive",
			arena_printf(a, "a link shows %.*s and leads to %.*s",
				     STR_ARG(preview_visible(a, h->shown, 120)),
				     STR_ARG(preview_visible(a, h->host, 120))),
			&alarm_style);
	}
	for (size_t i = 0; i < shown; i++) {
		const struct preview_host *h = &m->hosts.v[i];
		text = arena_printf(a, "%.*s%s%.*s (%zu)", STR_ARG(text), i ? ", " : "",
				    STR_ARG(preview_visible(a, h->host, 120)), h->links);
	}
	if (m->hosts.n > shown)
		text = arena_printf(a, "%.*s, and %zu hosts more", STR_ARG(text), m->hosts.n - shown);
	if (text.n)
		add_row(b, fonts, "Links to", text, &list_style);
}

struct band *band_foot(PangoContext *fonts, struct arena *a, const struct preview_mail *m,
		       const struct pictures *pictures, int width)
{
	struct band *b = band_new(width, true);
	struct str text = STR_NONE;
	size_t n = 0;

	add_links(b, fonts, a, m);
	for (size_t i = 0; i < m->attachments.n; i++) {
		const struct preview_attachment *at = &m->attachments.v[i];
		if (pictures && pictures_use(pictures, at->part))
			continue;
		if (n < 20)
			text = ARENA_JOIN(a, text, n ? STR(", ") : STR_NONE, STR("\xe2\x81\xa8"), at->name,
					  STR("\xe2\x81\xa9 ("), size_text(a, at->size), STR(")"));
		n++;
	}
	if (n > 20)
		text = arena_printf(a, "%.*s, and %zu more", STR_ARG(text), n - 20);
	if (n > 0)
		add_row(b, fonts, "Attached", text, &list_style);
	if (b->n == 0)
		add_row(b, fonts, NULL, STR("No links, no attachments."), &note_style);
	finish(b);
	return b;
}

int band_height(const struct band *b)
{
	return b->height;
}

void band_draw(const struct band *b, cairo_t *cr, double y)
{
	cairo_save(cr);
	cairo_rectangle(cr, 0, y, b->width, b->height);
	cairo_clip(cr);
	cairo_set_source_rgb(cr, .945, .953, .965);
	cairo_paint(cr);
	cairo_set_source_rgb(cr, .25, .33, .45);
	cairo_rectangle(cr, 0, b->foot ? y : y + b->height - RULE, b->width, RULE);
	cairo_fill(cr);
	for (size_t i = 0; i < b->n; i++) {
		const struct band_row *r = &b->rows[i];
		if (r->label)
			text_show(cr, r->label, &label_style, EDGE, y + r->y + 1);
		text_show(cr, r->value, r->style, EDGE + (r->label ? LABEL : 0), y + r->y);
	}
	cairo_restore(cr);
}

void band_free(struct band *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->rows[i].label)
			g_object_unref(b->rows[i].label);
		g_object_unref(b->rows[i].value);
	}
	free(b);
}
