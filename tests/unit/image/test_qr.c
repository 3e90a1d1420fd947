/* QR codes in pictures: small and large, turned, inverted, pale, with things beside them; and pictures that only look so. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attr.h"
#include "base/limits.h"
#include "image/image.h"
#include "image/qr.h"
#include "image/qr_finder.h"
#include "make_qr.h"

#define FAR_URL "https://login.far.test/x?u=1"

static void expect(struct arena *a, const char *name, const struct grey *g, const char *want)
{
	struct qr_work w = { .left = SIZE_MAX };
	struct strs found = qr_read(a, g, &w);

	if (want && found.n == 0)
		fail_msg("%s: nothing was read", name);
	if (!want && found.n)
		fail_msg("%s: %.*s was read", name, STR_ARG(found.v[0]));
	if (want && !str_eq(found.v[0], str_of(want)))
		fail_msg("%s: %.*s was read", name, STR_ARG(found.v[0]));
}

static void test_forms(void **state)
{
	static const struct {
		const char *name;
		struct make_qr_form form;
	} rows[] = {
		{ "plain", { 0 } },
		{ "a pixel a square", { .square = 1 } },
		{ "without a border", { .square = 3, .borderless = true } },
		{ "large", { .square = 20 } },
		{ "inverted", { .inverted = true } },
		{ "inverted and small", { .square = 2, .inverted = true } },
		{ "pale", { .dark = 150, .light = 230 } },
		{ "dark", { .dark = 10, .light = 80 } },
		{ "small on a page", { .square = 4, .left = 400, .top = 500 } },
	};
	struct arena *a = arena_new(256u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct make_picture p = make_qr_picture(a, &make_qr_far, &rows[i].form);
		struct grey g = { p.v, p.width, p.height };
		expect(a, rows[i].name, &g, FAR_URL);
	}
	arena_free(&a);
}

static struct grey turned(const struct grey *from, double degrees)
{
	double sine = sin(degrees * 3.14159265 / 180), cosine = cos(degrees * 3.14159265 / 180);
	size_t side = from->width * 3 / 2;
	struct grey g = grey_new(side, side, 255);

	assert_non_null(g.v);
	for (size_t y = 0; y < side; y++)
		for (size_t x = 0; x < side; x++) {
			double dx = (double)x - (double)side / 2, dy = (double)y - (double)side / 2;
			double fx = dx * cosine + dy * sine + (double)from->width / 2;
			double fy = dy * cosine - dx * sine + (double)from->height / 2;
			if (fx >= 0 && fy >= 0 && fx < (double)from->width && fy < (double)from->height)
				g.v[y * side + x] = from->v[(size_t)fy * from->width + (size_t)fx];
		}
	return g;
}

static void test_turned(void **state)
{
	static const double degrees[] = { 7, 20, 45, 90, 133, 180, 270 };
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct make_picture p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 8 });
	struct grey straight = { p.v, p.width, p.height };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(degrees); i++) {
		struct grey g = turned(&straight, degrees[i]);
		expect(a, arena_printf(a, "turned by %.0f", degrees[i]).p, &g, FAR_URL);
		grey_free(&g);
	}
	arena_free(&a);
}

static void test_two_codes(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct make_picture p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ 0 });
	struct make_picture q = make_qr_picture(a, &make_qr_brief, &(struct make_qr_form){ 0 });
	struct grey g = grey_new(p.width + q.width, p.height, 255);

	(void)state;
	for (size_t y = 0; y < p.height; y++)
		memcpy(g.v + y * g.width, p.v + y * p.width, p.width);
	for (size_t y = 0; y < q.height; y++)
		memcpy(g.v + y * g.width + p.width, q.v + y * q.width, q.width);
	struct qr_work w = { .left = SIZE_MAX };
	assert_int_equal(qr_read(a, &g, &w).n, 2);
	grey_free(&g);
	arena_free(&a);
}

/* A shadow over half of a photograph: no one shade parts dark from light. */
static void test_shadow(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct make_picture p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 10 });
	struct grey g = { p.v, p.width, p.height };

	(void)state;
	for (size_t y = 0; y < p.height; y++)
		for (size_t x = 0; x < p.width; x++)
			p.v[y * p.width + x] =
			    (unsigned char)(40 +
					    p.v[y * p.width + x] * (p.width - x * 3 / 4) / p.width * 3 / 4);
	expect(a, "shadow", &g, FAR_URL);
	arena_free(&a);
}

static void test_squares(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	size_t side = make_qr_side(&make_qr_far), width = side * 2 + 10, height = side * 4 + 6;
	unsigned char *dark = arena_zalloc(a, width * height);

	(void)state;
	/* Twice as high as wide, as letters are, and not in the corner. */
	for (size_t y = 0; y < side * 4; y++)
		for (size_t x = 0; x < side * 2; x++)
			dark[(y + 3) * width + x + 5] = make_qr_at(&make_qr_far, (long)x / 2, (long)y / 4);
	struct qr_work w = { .left = 100u << 20 }, none = { .left = 1000 };
	struct strs found = qr_read_squares(a, dark, width, height, &w);
	assert_int_equal(found.n, 1);
	assert_true(str_eq(found.v[0], STR(FAR_URL)));
	assert_true(w.left < 100u << 20);
	assert_false(w.crowded);
	assert_int_equal(qr_read_squares(a, dark, width, height, &none).n, 0); /* nothing is left for it */
	assert_true(none.crowded);
	assert_int_equal(qr_read_squares(a, dark, width, 20, &w).n, 0);
	memset(dark, 0, width * height);
	assert_int_equal(qr_read_squares(a, dark, width, height, &w).n, 0);
	memset(dark, 1, width * height);
	assert_int_equal(qr_read_squares(a, dark, width, height, &w).n, 0);
	arena_free(&a);
}

static void test_none(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct grey g = grey_new(400, 300, 255);
	uint32_t noise = 1;

	(void)state;
	expect(a, "white", &g, NULL);
	memset(g.v, 0, g.width * g.height);
	expect(a, "black", &g, NULL);
	for (size_t i = 0; i < g.width * g.height; i++) {
		noise = noise * 1664525 + 1013904223;
		g.v[i] = (unsigned char)(noise >> 24);
	}
	expect(a, "noise", &g, NULL);
	for (size_t i = 0; i < g.width * g.height; i++)
		g.v[i] = i / 8 % 2 ? 0 : 255;
	expect(a, "stripes", &g, NULL);
	for (size_t i = 0; i < g.width * g.height; i++)
		g.v[i] = (i % g.width / 16 + i / g.width / 16) % 2 ? 0 : 255;
	expect(a, "squares", &g, NULL);
	grey_free(&g);
	expect(a, "nothing", &g, NULL);
	arena_free(&a);
}

/* A small square in squares somewhere on the page, of no code: the code is read all the same. */
static void test_false_corner(void **state)
{
	static const char *const corner[] = { "#######", "#.....#", "#.###.#", "#.###.#",
					      "#.###.#", "#.....#", "#######" };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct make_picture p =
	    make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 6, .left = 400, .top = 400 });
	struct grey g = { p.v, p.width, p.height }, ink;

	(void)state;
	for (size_t y = 0; y < ARRAY_LEN(corner); y++)
		for (size_t x = 0; x < ARRAY_LEN(corner); x++)
			p.v[(y + 20) * p.width + x + 20] = corner[y][x] == '#' ? 0 : 255;
	struct qr_places places;
	qr_find(&g, true, &places, &ink);
	assert_int_equal(places.corners, 4);
	grey_free(&ink);
	expect(a, "a false corner", &g, FAR_URL);
	arena_free(&a);
}

/* So many corners of no code, two pixels a square, around one. */
static void draw_corners(struct grey *g, size_t n, size_t square)
{
	static const char *const corner[] = { "#######", "#.....#", "#.###.#", "#.###.#",
					      "#.###.#", "#.....#", "#######" };
	size_t side = 9 * square;

	for (size_t top = 0; top + side <= g->height; top += side)
		for (size_t left = 0; n > 0 && left + side <= g->width; left += side, n--)
			for (size_t y = 0; y < 7 * square; y++)
				for (size_t x = 0; x < 7 * square; x++)
					g->v[(top + y) * g->width + left + x] =
					    corner[y / square][x / square] == '#' ? 0 : 255;
}

/* A code among many: those that look most like one are tried, as far as the work goes, and the rest is told. */
static void test_many_corners(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);

	(void)state;
	for (size_t n = 16; n <= 256; n *= 2) {
		struct make_picture p = make_qr_picture(
		    a, &make_qr_far, &(struct make_qr_form){ .square = 6, .left = 300, .top = 300 });
		struct grey g = { p.v, p.width, p.height };
		draw_corners(&g, n, 2);
		struct qr_work w = { .left = LIMIT_CODE_STEPS };
		struct strs found = qr_read(a, &g, &w);
		assert_true(found.n == 1 || w.crowded);
		assert_true(n > 32 || found.n == 1);
	}
	arena_free(&a);
}

/* Corners alone, of which the library would try all threes: no more than the work there is. */
static void test_texture(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);

	(void)state;
	for (size_t n = 31; n <= 64; n += 33) {
		struct grey g = grey_new(600, 600, 255);
		draw_corners(&g, n, 4);
		struct qr_work w = { .left = LIMIT_CODE_STEPS };
		assert_int_equal(qr_read(a, &g, &w).n, 0);
		assert_true(w.crowded);
		grey_free(&g);
	}
	arena_free(&a);
}

/* The corners alone are what is looked for first: without three the library is not asked. */
static void test_corners(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct make_picture p =
	    make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .left = 100, .top = 60 });
	struct grey g = { p.v, p.width, p.height };

	(void)state;
	struct grey ink;
	struct qr_places places;
	qr_find(&g, true, &places, &ink);
	grey_free(&ink);
	assert_int_equal(places.corners, 3);
	assert_int_equal(places.n, 1);
	struct qr_place found = places.v[0];
	assert_true(found.module > 3 && found.module < 5);
	assert_true(found.left >= 100 && found.right <= p.width - 100 && found.top >= 60);
	/* One corner painted over. */
	for (size_t y = 0; y < p.height / 2; y++)
		memset(p.v + y * p.width, 255, p.width / 2);
	qr_find(&g, true, &places, &ink);
	assert_int_equal(places.corners, 2);
	assert_int_equal(places.n, 0);
	grey_free(&ink);
	arena_free(&a);
}

static void test_pictures(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct make_picture p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 30 });
	struct str png = make_png(a, &p), jpeg = make_jpeg(a, &p, 40);
	struct grey g = grey_of_picture(png, QR_PIXELS);

	(void)state;
	expect(a, "PNG", &g, FAR_URL);
	grey_free(&g);
	g = grey_of_picture(jpeg, QR_PIXELS);
	expect(a, "JPEG", &g, FAR_URL);
	grey_free(&g);
	g = grey_of_picture(png, 100 * 100); /* made smaller */
	assert_true(g.width <= 100 && g.width > 20);
	expect(a, "small", &g, FAR_URL);
	grey_free(&g);
	for (size_t n = 0; n < png.n; n += png.n / 16 + 1) {
		g = grey_of_picture(str_sub(png, 0, n), QR_PIXELS); /* cut short: whatever came */
		grey_free(&g);
	}
	for (unsigned bits = 1; bits <= 32; bits = bits == 24 ? 32 : bits == 8 ? 24 : bits * 8) {
		struct str bmp = make_bmp(a, &p, bits, bits == 8 || bits == 32);
		g = grey_of_picture(bmp, QR_PIXELS);
		expect(a, "BMP", &g, FAR_URL);
		grey_free(&g);
		for (size_t n = 0; n < bmp.n; n += n < 64 ? 1 : bmp.n / 16) {
			g = grey_of_picture(arena_str(a, str_sub(bmp, 0, n)), QR_PIXELS);
			grey_free(&g);
		}
	}
	p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 70 });
	assert_true(p.width * p.height > IMAGE_PIXELS);
	const struct str large[] = { make_png(a, &p), make_jpeg(a, &p, 40) };
	for (size_t i = 0; i < ARRAY_LEN(large); i++) { /* made smaller while it is read */
		struct qr_work w = { .left = LIMIT_CODE_STEPS };
		assert_true(qr_take_picture(&w, grey_steps(large[i], QR_PIXELS)));
		g = grey_of_picture(large[i], QR_PIXELS);
		assert_int_equal(qr_read(a, &g, &w).n, 1);
		grey_free(&g);
	}
	assert_null(grey_of_picture(STR("GIF89a\1\0\1\0\0\0\0;"), QR_PIXELS).v);
	arena_free(&a);
}

/* A GIF of that screen with the code as its picture; codes of eight bits, forgotten before they would have nine. */
static struct str make_gif(struct arena *a, const struct make_picture *p, unsigned screen_w,
			   unsigned screen_h)
{
	unsigned char head[] = { 'G', 'I',  'F', '8', '9', 'a',  0,    0,    0, 0, 0x80,
				 0,   0,    0,   0,   0,   0xff, 0xff, 0xff, /* black, white */
				 '!', 0xfe, 3,   'a', ',', 'b',  0,          /* a comment */
				 ',', 0,    0,   0,   0,   0,    0,    0,    0, 0, 7 };
	const struct {
		size_t at;
		unsigned v;
	} sizes[] = { { 6, screen_w },
		      { 8, screen_h },
		      { sizeof(head) - 6, (unsigned)p->width },
		      { sizeof(head) - 4, (unsigned)p->height } };
	struct buf b;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		head[sizes[i].at] = (unsigned char)sizes[i].v;
		head[sizes[i].at + 1] = (unsigned char)(sizes[i].v >> 8);
	}
	buf_init(&b, SIZE_MAX);
	buf_add(&b, str_from(head, sizeof(head)));
	for (size_t i = 0; i < p->width * p->height; i++) {
		if (i % 100 == 0) { /* a block of them, which begins with "forget" */
			size_t n = p->width * p->height - i;
			buf_add_char(&b, (char)(1 + (n < 100 ? n : 100)));
			buf_add_char(&b, (char)0x80);
		}
		buf_add_char(&b, p->v[i] > 127);
	}
	buf_add(&b, STR("\1\x81\0;"));
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* Programs show a picture that is larger than the screen of its file as large as it is. */
static void test_screen(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct make_picture p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 4 });
	const unsigned screens[][2] = {
		{ (unsigned)p.width, (unsigned)p.height }, { 1, 1 }, { 0, 0 }, { 400, 10 }
	};
	int width, height;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		struct str gif = make_gif(a, &p, screens[i][0], screens[i][1]);
		assert_int_equal(image_look(gif, IMAGE_PIXELS, &width, &height), IMAGE_GIF);
		assert_int_equal(width, p.width);
		assert_int_equal(height, p.height);
		struct grey g = grey_of_picture(gif, QR_PIXELS);
		expect(a, "GIF", &g, FAR_URL);
		grey_free(&g);
		for (size_t n = 0; n < gif.n; n += n < 60 ? 1 : gif.n / 16) {
			g = grey_of_picture(arena_str(a, str_sub(gif, 0, n)), QR_PIXELS); /* cut short */
			grey_free(&g);
		}
	}
	arena_free(&a);
}

static void test_samples(void **state)
{
	struct grey g = grey_of_samples(STR("\xa0\x40"), 3, 2, 1, 1);

	(void)state;
	assert_int_equal(g.width, 3);
	assert_int_equal(g.height, 2);
	assert_memory_equal(g.v, "\xff\0\xff\0\xff\0", 6);
	grey_free(&g);
	g = grey_of_samples(STR("\0\xff\xff\xff\0\0"), 2, 5, 8, 3); /* as many rows as there are */
	assert_int_equal(g.height, 1);
	assert_int_equal(g.v[0], 170);
	assert_int_equal(g.v[1], 85);
	assert_true(grey_spread(&g));
	assert_int_equal(g.v[0], 255);
	assert_int_equal(g.v[1], 0);
	grey_free(&g);
	assert_null(grey_of_samples(STR("x"), 3, 3, 8, 3).v);
	assert_null(grey_of_samples(STR("x"), 1, 1, 16, 1).v);
	assert_null(grey_of_samples(STR("x"), SIZE_MAX, 1, 8, 4).v);
}

static void test_warm(void **state)
{
	(void)state;
	assert_true(qr_warm());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),        cmocka_unit_test(test_turned),
		cmocka_unit_test(test_two_codes),    cmocka_unit_test(test_shadow),
		cmocka_unit_test(test_squares),      cmocka_unit_test(test_none),
		cmocka_unit_test(test_corners),      cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_screen),       cmocka_unit_test(test_samples),
		cmocka_unit_test(test_warm),         cmocka_unit_test(test_false_corner),
		cmocka_unit_test(test_many_corners), cmocka_unit_test(test_texture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
