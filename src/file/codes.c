/* QR codes in pictures: which pictures are worth a look. Reading them is image/qr.h's. */
#include "base/limits.h"
#include "file/internal.h"
#include "image/image.h"
#include "image/qr.h"

#define SIDE_MIN 21     /* pixels: the smallest code has as many squares */
#define LONG 8          /* times longer than wide: lines and banners */
#define STEPS_SAMPLE 10 /* a pixel */

static void take(struct look *l, struct grey *g)
{
	struct strs found = qr_read(l->a, g, &l->budget->codes);

	for (size_t i = 0; i < found.n; i++)
		if (l->out->codes.n < LIMIT_LINKS)
			ARENA_PUSH(l->a, &l->out->codes, found.v[i]);
	grey_free(g);
}

static bool may_be_code(size_t width, size_t height)
{
	return width >= SIDE_MIN && height >= SIDE_MIN && width / LONG <= height && height / LONG <= width;
}

bool look_may_see(struct look *l, size_t width, size_t height)
{
	if (!may_be_code(width, height) || width > IMAGE_PIXELS || height > IMAGE_PIXELS / width)
		return false;
	return qr_take_picture(&l->budget->codes, width * height * STEPS_SAMPLE);
}

void look_for_codes(struct look *l, struct str picture)
{
	int width, height;

	if (image_look(picture, SIZE_MAX, &width, &height) == IMAGE_NONE ||
	    !may_be_code((size_t)width, (size_t)height))
		return;
	size_t steps = grey_steps(picture, QR_PIXELS);
	if (!qr_take_picture(&l->budget->codes, steps ? steps : SIZE_MAX))
		return;
	struct grey g = grey_of_picture(picture, QR_PIXELS);
	take(l, &g);
}

void look_for_codes_in_samples(struct look *l, struct str data, size_t width, size_t height, unsigned bits)
{
	/* How many components a pixel has is what the bytes have room for: the colour space may stand anywhere. */
	size_t components = data.n / height * 8 / (width * bits);

	if (components == 0)
		return;
	components = components > 4 ? 4 : components;
	struct grey g = grey_of_samples(data, width, height, bits, (unsigned)components);
	/* Of a palette they are numbers of colours, which may be any. */
	if (g.v && grey_spread(&g)) {
		grey_shrink(&g, QR_PIXELS);
		take(l, &g);
	}
	grey_free(&g);
}

/* Whether one is as long as the other and both make about a square: codes are one. */
static bool are_halves(int same, int same_too, int other, int other_too)
{
	int sum = other + other_too;

	return same == same_too && sum > same * 3 / 4 && sum < same * 4 / 3 && other < same * 3 / 4 &&
	       other_too < same * 3 / 4;
}

void look_for_halves(struct look *l, struct str first, struct str second)
{
	int w1, h1, w2, h2;

	if (image_look(first, IMAGE_PIXELS, &w1, &h1) == IMAGE_NONE ||
	    image_look(second, IMAGE_PIXELS, &w2, &h2) == IMAGE_NONE)
		return;
	bool below = are_halves(w1, w2, h1, h2);
	if ((!below && !are_halves(h1, h2, w1, w2)) ||
	    (size_t)(w1 + w2) * (size_t)(h1 + h2) / 2 > QR_PIXELS ||
	    !may_be_code((size_t)(below ? w1 : w1 + w2), (size_t)(below ? h1 + h2 : h1)) ||
	    !qr_take_picture(&l->budget->codes, grey_steps(first, QR_PIXELS) + grey_steps(second, QR_PIXELS)))
		return;
	struct grey one = grey_of_picture(first, QR_PIXELS), two = grey_of_picture(second, QR_PIXELS);
	if (one.v && two.v && (below ? one.width == two.width : one.height == two.height))
		l->out->codes = qr_read_halves(l->a, &one, &two, below, &l->budget->codes);
	grey_free(&one);
	grey_free(&two);
}
