#include "make.h"

#include "base/hash.h"
#include "base/limits.h"
#include "file/make_archive.h"
#include "file/make_ole.h"
#include "file/make_zip.h"

#define ARENA_BYTES (512u << 20)
#define MEMBER_BYTES 64 /* about what a small member takes in its archive, name and all */

void linear_repeat(const struct linear_case *c, struct buf *b, size_t bytes)
{
	buf_add(b, c->before);
	for (unsigned i = 1; b->n < bytes; i++)
		for (size_t at = 0; at < c->piece.n; at++)
			if (c->piece.p[at] == '~')
				buf_printf(b, "%u", i);
			else
				buf_add_char(b, c->piece.p[at]);
	buf_add(b, c->after);
}

static void pieces(struct buf *b, struct str piece, size_t bytes)
{
	while (b->n < bytes)
		buf_add(b, piece);
}

/* ---- mail ---- */

void make_nested(const struct linear_case *c, struct buf *b, size_t bytes)
{
	for (int i = 0; i < LIMIT_DEPTH - 1; i++)
		buf_printf(b, "Content-Type: multipart/mixed; boundary=level%02d\n\n--level%02d\n", i, i);
	pieces(b, c->piece, b->n + bytes);
}

void make_two_boundaries(const struct linear_case *c, struct buf *b, size_t bytes)
{
	for (int i = 0; i < LIMIT_DEPTH - 1; i++)
		buf_printf(b, "Content-Type: multipart/mixed; boundary=b%d; boundary=c%d\n\n--b%d\n\n--c%d\n",
			   i, i, i, i);
	pieces(b, c->piece, b->n + bytes);
}

void make_zeros(const struct linear_case *c, struct buf *b, size_t bytes)
{
	buf_add(b, c->before);
	pieces(b, c->piece, bytes);
	for (size_t i = c->before.n; i < b->n; i += 7)
		b->p[i] = 0;
}

void make_inner_links(const struct linear_case *c, struct buf *b, size_t bytes)
{
	buf_add(b, c->before);
	pieces(b, c->piece, bytes / 2);
	buf_add_c(b, "\n\n");
	for (unsigned i = 0; b->n < bytes; i++)
		buf_printf(b, "http://h%u.test/ ", i);
}

void make_subject_and_parts(const struct linear_case *c, struct buf *b, size_t bytes)
{
	buf_add(b, c->before);
	pieces(b, c->piece, bytes / 2);
	buf_add_c(b, "\nContent-Type: multipart/mixed; boundary=b\n\n");
	pieces(b, STR("--b\n\nplease a b c d e f g h\n"), bytes);
}

void make_stray_lines(const struct linear_case *c, struct buf *b, size_t bytes)
{
	pieces(b, c->before, bytes / 2);
	pieces(b, c->piece, bytes);
}

void make_rules(const struct linear_case *c, struct buf *b, size_t bytes)
{
	unsigned rules = 0;

	(void)c;
	buf_add_c(b, "<style>");
	while (b->n < bytes / 2)
		buf_printf(b, ".c%u{display:none}", ++rules);
	buf_add_c(b, "</style>");
	for (unsigned i = 1; i <= rules; i++)
		buf_printf(b, "<p class=c%u>x", i);
}

/* Whether the table of html/sheet.c has its first slots for the class. */
static bool is_crowded(struct str name)
{
	static const unsigned char key[16] = "sheet";

	return ((hash_sip(key, name) + '.') & 8191) < 64;
}

void make_colliding_rules(const struct linear_case *c, struct buf *b, size_t bytes)
{
	char name[16] = "";

	(void)c;
	buf_add_c(b, "<style>");
	for (unsigned i = 0; b->n < bytes / 2; i++) {
		snprintf(name, sizeof(name), "c%06x", i);
		if (is_crowded(str_of(name)))
			buf_printf(b, ".%s{display:none}", name);
	}
	buf_add_c(b, "</style>");
	while (b->n < bytes)
		buf_printf(b, "<p class='%s %s %s %s'>x", name, name, name, name);
}

/* ---- archives ---- */

static struct str zeros(struct arena *a, size_t n)
{
	return str_from(arena_zalloc(a, n), n);
}

static void zip_of(struct buf *b, struct make_member m)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	const struct make_zip zip = { .v = &m, .n = 1 };

	buf_add(b, make_zip(a, &zip));
	arena_free(&a);
}

void make_zip_bomb(const struct linear_case *c, struct buf *b, size_t bytes)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);

	(void)c;
	zip_of(b, (struct make_member){ .name = STR("zeros"), .data = zeros(a, bytes), .deflate = true });
	arena_free(&a);
}

static void bomb(struct buf *b, size_t bytes, int filter)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct make_entry big = { "zeros", zeros(a, bytes) };

	buf_add(b, make_archive(a, ARCHIVE_FORMAT_RAW, filter, &big, 1, bytes + (1u << 20)));
	arena_free(&a);
}

void make_gzip_bomb(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	bomb(b, bytes, ARCHIVE_FILTER_GZIP);
}

void make_bzip2_bomb(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	bomb(b, bytes, ARCHIVE_FILTER_BZIP2);
}

void make_xz_bomb(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	bomb(b, bytes, ARCHIVE_FILTER_XZ);
}

void make_zstd_bomb(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	bomb(b, bytes, ARCHIVE_FILTER_ZSTD);
}

static void members(struct buf *b, size_t bytes, bool one_place)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);

	buf_add(b, make_zip_of_many(a, bytes / (2 * MEMBER_BYTES), one_place));
	arena_free(&a);
}

void make_zip_members(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	members(b, bytes, false);
}

void make_zip_one_place(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	members(b, bytes, true);
}

/* Members of a few bytes; entry_bytes: what each takes. */
static void archive_of_many(struct buf *b, size_t bytes, int format, size_t entry_bytes)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	size_t n = bytes / entry_bytes;
	struct make_entry *v = ARENA_ARRAY(a, n + 1, struct make_entry);

	for (size_t i = 0; i < n; i++)
		v[i] = (struct make_entry){ arena_printf(a, "%zu.txt", i).p, STR("x") };
	buf_add(b, make_archive(a, format, ARCHIVE_FILTER_NONE, v, n, 4 * bytes + (1u << 20)));
	arena_free(&a);
}

void make_tar(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	archive_of_many(b, bytes, ARCHIVE_FORMAT_TAR_USTAR, 1024);
}

void make_cpio(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	archive_of_many(b, bytes, ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, 124);
}

/* Each says that it has one more name. */
void make_cpio_links(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	for (unsigned i = 1; b->n < bytes; i++)
		buf_printf(b, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08xa%c", i, 0100644u,
			   0u, 0u, 2u, 0u, 0u, 0u, 0u, 0u, 0u, 2u, 0u, 0);
}

void make_7z(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	archive_of_many(b, bytes, ARCHIVE_FORMAT_7ZIP, MEMBER_BYTES);
}

void make_iso(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	archive_of_many(b, bytes, ARCHIVE_FORMAT_ISO9660, 2048);
}

/* ---- documents ---- */

static void document(const struct linear_case *c, struct buf *b, size_t bytes, struct str name)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct buf xml;

	buf_init(&xml, SIZE_MAX);
	linear_repeat(c, &xml, bytes);
	const struct make_member v[] = {
		{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>") },
		{ .name = name, .data = buf_str(&xml) },
	};
	const struct make_zip zip = { .v = v, .n = 2 };
	buf_add(b, make_zip(a, &zip));
	buf_free(&xml);
	arena_free(&a);
}

void make_docx(const struct linear_case *c, struct buf *b, size_t bytes)
{
	document(c, b, bytes, STR("word/document.xml"));
}

void make_xlsx(const struct linear_case *c, struct buf *b, size_t bytes)
{
	document(c, b, bytes, STR("xl/worksheets/sheet1.xml"));
}

void make_docx_links(const struct linear_case *c, struct buf *b, size_t bytes)
{
	document(c, b, bytes, STR("word/_rels/document.xml.rels"));
}

void make_pdf_over(const struct linear_case *c, struct buf *b, size_t bytes)
{
	buf_add(b, c->before);
	while (b->n < bytes) {
		buf_printf(b, "1 0 obj<<%.*s/Length ", STR_ARG(c->piece));
		buf_printf(b, "%07zu>>stream\n", bytes > b->n + 16 ? bytes - b->n - 16 : 0);
	}
	b->n = bytes;
	buf_add_c(b, "\nendstream\n");
}

void make_pdf_one_link(const struct linear_case *c, struct buf *b, size_t bytes)
{
	buf_add(b, c->before);
	buf_add_c(b, "1 0 obj(");
	pieces(b, STR("a"), bytes / 2);
	buf_add_c(b, ")endobj ");
	pieces(b, c->piece, bytes);
}

void make_xls(const struct linear_case *c, struct buf *b, size_t bytes)
{
	struct arena *a = arena_new(ARENA_BYTES, NULL, NULL);
	struct buf records;

	buf_init(&records, SIZE_MAX);
	linear_repeat(c, &records, bytes);
	const struct make_stream stream = { STR("Workbook"), buf_str(&records) };
	buf_add(b, make_ole(a, &stream, 1, STR("0123456789abcdef")));
	buf_free(&records);
	arena_free(&a);
}

/* ---- compound files ---- */

enum chain { FORWARD, BACKWARD, CIRCLE };

/* A file of entries that all begin at the same chain of sectors. Its directory and its table lie behind that. */
static void ole(struct buf *b, size_t sectors, size_t entries, struct str name, unsigned kind,
		enum chain chain)
{
	struct buf data, fat, directory;
	size_t per_table = MAKE_SECTOR / 4;

	buf_init(&data, SIZE_MAX);
	buf_init(&fat, SIZE_MAX);
	buf_init(&directory, SIZE_MAX);
	for (size_t i = 0; i < sectors; i++) {
		size_t next =
		    chain == BACKWARD ? (i > 0 ? i - 1 : 0xfffffffe) : (i + 1 < sectors ? i + 1 : 0xfffffffe);
		make_le(&fat, chain == CIRCLE && i + 1 == sectors ? 0 : next, 4);
		pieces(&data, STR("stream data, "), (i + 1) * MAKE_SECTOR);
		data.n = (i + 1) * MAKE_SECTOR;
	}
	make_entry_record(&directory, STR("Root Entry"), 5, 0xffffffff, 1, STR("0123456789abcdef"),
			  0xfffffffe, 0);
	for (size_t i = 0; i < entries; i++)
		make_entry_record(&directory, name, kind, i + 1 < entries ? (uint32_t)(i + 2) : 0xffffffff,
				  0xffffffff, STR_NONE, chain == BACKWARD ? (uint32_t)sectors - 1 : 0,
				  sectors * MAKE_SECTOR);
	uint32_t directory_start = make_chain(&data, &fat, buf_str(&directory), MAKE_SECTOR);
	size_t tables = 1;
	while (tables * per_table < fat.n / 4 + tables)
		tables++;
	uint32_t fat_start = (uint32_t)(data.n / MAKE_SECTOR);
	for (size_t i = 0; i < tables; i++)
		make_le(&fat, 0xfffffffd, 4);
	make_pad(&fat, MAKE_SECTOR);
	buf_add(b, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
	make_pad(b, 24);
	const uint32_t header[] = {
		0x0003003e,  0x0009fffe, 6, 0,          0, (uint32_t)tables, directory_start, 0,
		MAKE_CUTOFF, 0xfffffffe, 0, 0xfffffffe, 0
	};
	for (size_t i = 0; i < ARRAY_LEN(header); i++)
		make_le(b, header[i], 4);
	for (uint32_t i = 0; i < 109; i++)
		make_le(b, i < tables ? fat_start + i : 0xffffffff, 4);
	buf_add(b, buf_str(&data));
	buf_add(b, buf_str(&fat));
	buf_free(&data);
	buf_free(&fat);
	buf_free(&directory);
}

void make_ole_chain(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	ole(b, bytes / MAKE_SECTOR, 1, STR("Package"), 2, BACKWARD);
}

void make_ole_one_chain(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	ole(b, bytes / 2 / MAKE_SECTOR, bytes / 2 / 128, STR("Package"), 2, BACKWARD);
}

void make_ole_circle(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	ole(b, bytes / 2 / MAKE_SECTOR, bytes / 2 / 128, STR("Package"), 2, CIRCLE);
}

void make_ole_macros(const struct linear_case *c, struct buf *b, size_t bytes)
{
	(void)c;
	ole(b, 1, bytes / 128, STR("VBA"), 1, BACKWARD);
}
