/* qr_link: codes that lead away from the sender, wherever they are; and those that are anybody's. */
#include "bench.h"

#include "base/limits.h"
#include "file/make_zip.h"
#include "image/make_qr.h"
#include "model/category.h"

/* What a code is put into. */
enum carrier {
	PNG,
	JPEG,
	BMP_OF_BITS,
	BMP,
	INVERTED,
	ZIP,
	DOCX,
	PDF_JPEG,
	PDF_JPEG_PACKED,
	PDF_SAMPLES,
	DATA_URL,
	LETTERS,
	HASHES,
	HALVES,
	HALVES_INVERTED,
	PRE,
	REFERENCES,
	CELLS,
	CELLS_OF_SHEET,
	CELLS_IN_RUNS,
	CELLS_IN_A_TABLE
};

struct code_row {
	const char *name;
	const struct make_qr *code;
	enum carrier carrier;
	struct mail mail;
	double least; /* 0 = nothing must be found */
};

#define SCAN "Please scan the code with your phone to keep your mailbox.\r\n"
#define LIST .headers = "List-Unsubscribe: <https://www.sender.test/u>\r\n"

static const struct code_row rows[] = {
	{ "picture", &make_qr_far, PNG, { .body = SCAN }, 0.6 },
	{ "photograph", &make_qr_far, JPEG, { .body = SCAN }, 0.6 },
	{ "bitmap", &make_qr_far, BMP, { .body = SCAN }, 0.6 },
	{ "bitmap of a bit a pixel", &make_qr_far, BMP_OF_BITS, { .body = SCAN }, 0.6 },
	{ "inverted", &make_qr_far, INVERTED, { .body = SCAN }, 0.6 },
	{ "without words", &make_qr_far, PNG, { .body = "\r\n" }, 0.45 },
	{ "in capitals, as codes are smaller", &make_qr_loud, PNG, { .body = SCAN }, 0.6 },
	{ "short address", &make_qr_brief, PNG, { .body = SCAN }, 0.7 },
	{ "in an archive", &make_qr_far, ZIP, { .body = SCAN }, 0.6 },
	{ "in a letter", &make_qr_far, DOCX, { .body = SCAN }, 0.7 },
	{ "JPEG in a PDF", &make_qr_far, PDF_JPEG, { .body = SCAN }, 0.7 },
	{ "JPEG in a PDF, packed once more", &make_qr_far, PDF_JPEG_PACKED, { .body = SCAN }, 0.7 },
	{ "samples in a PDF", &make_qr_far, PDF_SAMPLES, { .body = SCAN }, 0.7 },
	{ "in the page itself", &make_qr_far, DATA_URL, { 0 }, 0.6 },
	{ "letters", &make_qr_far, LETTERS, { 0 }, 0.7 },
	{ "ASCII", &make_qr_far, HASHES, { 0 }, 0.7 },
	{ "half letters", &make_qr_far, HALVES, { 0 }, 0.7 },
	{ "half letters, light on dark", &make_qr_far, HALVES_INVERTED, { 0 }, 0.7 },
	{ "half letters in HTML", &make_qr_far, PRE, { 0 }, 0.7 },
	{ "letters as references", &make_qr_far, REFERENCES, { 0 }, 0.7 },
	{ "cells", &make_qr_far, CELLS, { 0 }, 0.7 },
	{ "cells with classes", &make_qr_far, CELLS_OF_SHEET, { 0 }, 0.7 },
	{ "cells that span", &make_qr_far, CELLS_IN_RUNS, { 0 }, 0.7 },
	{ "cells in a cell", &make_qr_far, CELLS_IN_A_TABLE, { 0 }, 0.7 },
	{ "German",
	  &make_qr_far,
	  PNG,
	  { .body = "Bitte scannen Sie den Code, Ihr Passwort endet.\r\n" },
	  0.6 },
	{ "Chinese", &make_qr_far, PNG, { .body = "\xe8\xaf\xb7\xe6\x89\xab\xe7\xa0\x81\r\n" }, 0.6 },
	{ "Japanese", &make_qr_far, PNG, { .body = "コードを読み取ってください。\r\n" }, 0.6 },
	{ "from a stranger", &make_qr_far, PNG, { .body = SCAN, .spf = "v=spf1 ip4:" PEER " -all" }, 0.6 },
	{ "by a list of somebody", &make_qr_far, PNG, { .body = SCAN, LIST }, 0.3 },
	/* near misses */
	{ "own house", &make_qr_house, PNG, { .body = SCAN }, 0 },
	{ "own house, as a bitmap", &make_qr_house, BMP, { .body = SCAN }, 0 },
	{ "own house, in a PDF", &make_qr_house, PDF_SAMPLES, { .body = SCAN }, 0 },
	{ "own house, of cells", &make_qr_house, CELLS, { 0 }, 0 },
	{ "a wireless network", &make_qr_net, PNG, { .body = SCAN }, 0 },
	{ "a wireless network of letters", &make_qr_net, HALVES, { 0 }, 0 },
	{ "a messenger", &make_qr_talk, PNG, { .body = SCAN }, 0 },
	{ "the reader's own house",
	  &make_qr_house,
	  PNG,
	  { .from = "X <x@far.test>", .protect = { (struct str[]){ STR_INIT("sender.test") }, 1 } },
	  0 },
	{ "its writer's house", &make_qr_far, PNG, { .from = "Far <x@far.test>", .body = SCAN }, 0 },
	{ "released", &make_qr_far, PNG, { .body = SCAN, .released = true }, 0 },
	{ "an old acquaintance, proved",
	  &make_qr_far,
	  PNG,
	  { .body = "The menu of our canteen as you asked, and best wishes to all of you.\r\n",
	    .spf = "v=spf1 ip4:" PEER " -all",
	    .dmarc = "v=DMARC1; p=reject",
	    .seen = 50,
	    LIST },
	  0 },
};

static struct str packed(struct arena *a, struct str s)
{
	unsigned long n = s.n + 1000;
	char *z = arena_alloc(a, n);

	assert_int_equal(compress((unsigned char *)z, &n, (const unsigned char *)s.p, s.n), Z_OK);
	return str_from(z, n);
}

static struct str pdf_of(struct arena *a, const struct make_picture *p, enum carrier carrier)
{
	struct str data = carrier == PDF_SAMPLES ? str_from(p->v, p->width * p->height) : make_jpeg(a, p, 60);
	const char *filter = carrier == PDF_JPEG          ? "/DCTDecode"
			     : carrier == PDF_JPEG_PACKED ? "[/FlateDecode/DCTDecode]"
							  : "/FlateDecode";

	if (carrier != PDF_JPEG)
		data = packed(a, data);
	struct str head =
	    arena_printf(a,
			 "%%PDF-1.4\n1 0 obj<</Subtype/Image/Width %zu/Height %zu/ColorSpace/DeviceGray"
			 "/BitsPerComponent 8/Filter %s/Length %zu>>stream\n",
			 p->width, p->height, filter, data.n);
	return ARENA_JOIN(a, head, data, STR("\nendstream\nendobj\n%%EOF\n"));
}

static struct str zip_of(struct arena *a, struct str png, bool docx)
{
	const struct make_member members[] = {
		{ .name = docx ? STR("word/media/image1.png") : STR("image1.png"), .data = png },
		{ .name = docx ? STR("[Content_Types].xml") : STR("read.txt"), .data = STR("<Types/>") },
	};

	return make_zip(a, &(struct make_zip){ .v = members, .n = ARRAY_LEN(members) });
}

static struct mail mail_of(struct arena *a, const struct code_row *row)
{
	static const char *const page = "<p>" SCAN "</p>";
	struct mail m = row->mail;
	struct make_picture p = make_qr_picture(
	    a, row->code, &(struct make_qr_form){ .square = 5, .inverted = row->carrier == INVERTED });
	struct str png = make_png(a, &p);
	bool text = row->carrier >= LETTERS && row->carrier <= HALVES_INVERTED;

	if (row->carrier < DATA_URL)
		m.file = "scan.bin";
	else if (!text)
		m.type = "text/html";
	switch (row->carrier) {
	case PNG:
	case INVERTED:
		m.file_bytes = png;
		break;
	case JPEG:
		m.file_bytes = make_jpeg(a, &p, 50);
		break;
	case BMP:
	case BMP_OF_BITS:
		m.file_bytes = make_bmp(a, &p, row->carrier == BMP ? 24 : 1, false);
		break;
	case ZIP:
	case DOCX:
		m.file_bytes = zip_of(a, png, row->carrier == DOCX);
		break;
	case PDF_JPEG:
	case PDF_JPEG_PACKED:
	case PDF_SAMPLES:
		m.file_bytes = pdf_of(a, &p, row->carrier);
		break;
	case DATA_URL:
		m.body = ARENA_JOIN(a, str_of(page), STR("<img src=\"data:image/png;base64,"),
				    base64_encode(a, png), STR("\">"))
			     .p;
		break;
	case LETTERS:
		m.body = make_qr_letters(a, row->code, "\xe2\x96\x88\xe2\x96\x88", "  ", "\r\n").p;
		break;
	case HASHES:
		m.body = make_qr_letters(a, row->code, "##", "  ", "\r\n").p;
		break;
	case HALVES:
	case HALVES_INVERTED:
		m.body = make_qr_halves(a, row->code, row->carrier == HALVES_INVERTED, "\r\n").p;
		break;
	case PRE:
		m.body = ARENA_JOIN(a, str_of(page), STR("<pre>"), make_qr_halves(a, row->code, false, "\n"),
				    STR("</pre>"))
			     .p;
		break;
	case REFERENCES:
		m.body = ARENA_JOIN(a, str_of(page), STR("<div>"),
				    make_qr_letters(a, row->code, "&#9608;&#x2588;", "&nbsp;&nbsp;", "<br>"),
				    STR("</div>"))
			     .p;
		break;
	case CELLS:
		m.body =
		    make_qr_table(a, row->code, "bgcolor=#000000 width=4 height=4", "bgcolor=white", false).p;
		break;
	case CELLS_OF_SHEET:
		m.body = ARENA_JOIN(a, STR("<style>.d{background-color:#101020}</style>"),
				    make_qr_table(a, row->code, "class=d", "class=l", false))
			     .p;
		break;
	case CELLS_IN_RUNS:
		m.body = make_qr_table(a, row->code, "style=\"background:black\"", "", true).p;
		break;
	case CELLS_IN_A_TABLE:
		m.body = ARENA_JOIN(a, STR("<table><tr><td>x</td><td>"),
				    make_qr_table(a, row->code, "bgcolor=black", "", false),
				    STR("</td></tr></table>"))
			     .p;
		break;
	}
	return m;
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct mail m = mail_of(a, &rows[i]);
		struct row row = { rows[i].name, m, rows[i].least > 0 ? "qr_link" : NULL, rows[i].least };
		struct bench b;
		bench_scan(&b, &m, NULL);
		bench_row(&b, &row, "qr_link");
		bench_close(&b);
		arena_free(&a);
	}
}

/* What the code leads to is a link of the mail: the others judge it, and the analyst sees where it was. */
static void test_is_a_link(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct code_row row = { "", &make_qr_brief, PNG, { .body = SCAN }, 0 };
	struct mail m = mail_of(a, &row);
	struct bench b;

	(void)state;
	m.file = "scan.png";
	bench_scan(&b, &m, NULL);
	assert_non_null(bench_finding(&b, "link_host.shortener"));
	const struct finding *f = bench_finding(&b, "qr_link");
	assert_non_null(f);
	assert_true(str_eq(f->attachment, STR("scan.png")));
	assert_true(str_eq(f->value, STR("https://bit.ly/3abcdef")));
	assert_int_equal(f->category, CAT_QR_CODE);
	assert_int_equal(b.verdict.detections->links.n, 1);
	assert_true(str_eq(b.verdict.detections->links.v[0].text, STR("QR code in scan.png")));
	bench_close(&b);
	arena_free(&a);
}

/* Two pictures that a page shows beside or below each other. */
static void test_halves(void **state)
{
	(void)state;
	for (int form = 0; form < 4; form++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		bool below = form & 1, turned = form & 2;
		struct make_picture p =
		    make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 5 });
		struct make_picture one = p, two = p;
		size_t cut = (below ? p.height : p.width) * 2 / 5;
		if (below) {
			one.height = cut;
			two.height = p.height - cut;
			two.v = p.v + cut * p.width;
		} else {
			one.width = cut;
			two.width = p.width - cut;
			one.v = arena_alloc(a, one.width * p.height);
			two.v = arena_alloc(a, two.width * p.height);
			for (size_t y = 0; y < p.height; y++) {
				memcpy(one.v + y * one.width, p.v + y * p.width, one.width);
				memcpy(two.v + y * two.width, p.v + y * p.width + cut, two.width);
			}
		}
		struct str first = base64_encode(a, make_png(a, turned ? &two : &one));
		struct str second = base64_encode(a, make_png(a, turned ? &one : &two));
		struct mail m = { .type = "multipart/related; boundary=x" };
#define PICTURE \
	"--x\r\nContent-Type: image/png\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
		m.body = arena_printf(a,
				      "--x\r\nContent-Type: text/html\r\n\r\n<p>Please scan</p>\r\n" PICTURE
				      "%.*s\r\n" PICTURE "%.*s\r\n--x--\r\n",
				      STR_ARG(first), STR_ARG(second))
			     .p;
		struct row row = { "halves", m, "qr_link", 0.5 };
		struct bench b;
		bench_scan(&b, &m, NULL);
		bench_row(&b, &row, "qr_link");
		bench_close(&b);
		arena_free(&a);
	}
}

/* A mail of so many pictures, the code last, and what is found of it. */
static void look_behind(size_t n, const struct make_picture *decoy, const char *want, const char *not_wanted)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct make_picture p = make_qr_picture(a, &make_qr_far, &(struct make_qr_form){ .square = 5 });
	struct str last = base64_encode(a, make_png(a, &p)), other = base64_encode(a, make_png(a, decoy));
	struct mail m = { .type = "multipart/mixed; boundary=x" };
	struct buf body;
	struct bench b;

	buf_init(&body, 64u << 20);
	buf_printf(&body, "--x\r\n\r\n" SCAN);
	for (size_t i = 0; i <= n; i++) {
		const struct str *of = i < n ? &other : &last;
		buf_printf(&body, PICTURE "%.*s\r\n", STR_ARG(*of));
	}
	buf_printf(&body, "--x--\r\n");
	buf_add_char(&body, '\0');
	m.body = body.p;
	bench_scan(&b, &m, NULL);
	assert_non_null(bench_finding(&b, want));
	assert_null(not_wanted ? bench_finding(&b, not_wanted) : NULL);
	bench_close(&b);
	buf_free(&body);
	arena_free(&a);
}

/* Pictures are looked at as long as there is work left for them, not as many as a number says. */
static void test_decoys(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct make_picture small = { .v = arena_zalloc(a, 200 * 200), .width = 200, .height = 200 };
	struct make_picture wide = { .v = arena_zalloc(a, 2000 * 1000), .width = 2000, .height = 1000 };
	struct make_picture large = { .v = arena_zalloc(a, 1100 * 1100), .width = 1100, .height = 1100 };

	(void)state;
	look_behind(30, &small, "qr_link", "mail_defect.pictures_cut");
	look_behind(10, &wide, "qr_link", NULL); /* that is no code by its form, and comes behind */
	look_behind(10, &large, "mail_defect.pictures_cut", NULL);
	arena_free(&a);
}

/* So do drawings, which share it. */
static void test_drawings(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct str other = make_qr_table(a, &make_qr_house, "bgcolor=black", "", false),
		   last = make_qr_table(a, &make_qr_far, "bgcolor=black", "", false);

	(void)state;
	for (size_t n = 24; n <= 96; n *= 4) {
		struct mail m = { .type = "multipart/mixed; boundary=x" };
		struct buf body;
		struct bench b;
		buf_init(&body, 16u << 20);
		for (size_t i = 0; i <= n; i++)
			buf_printf(&body, "--x\r\nContent-Type: text/html\r\n\r\n%.*s\r\n",
				   STR_ARG(i < n ? other : last));
		buf_printf(&body, "--x--\r\n");
		buf_add_char(&body, '\0');
		m.body = body.p;
		bench_scan(&b, &m, NULL);
		assert_non_null(bench_finding(&b, n == 24 ? "qr_link" : "mail_defect.codes_cut"));
		bench_close(&b);
		buf_free(&body);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),     cmocka_unit_test(test_is_a_link),
		cmocka_unit_test(test_halves),   cmocka_unit_test(test_decoys),
		cmocka_unit_test(test_drawings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
