/*
 * Every library that looks into files, under the filter that kills: archives of all kinds with names that are not ASCII,
 * documents, damaged forms of each, and the first bytes of formats for which libarchive would start another program.
 */
#include <dirent.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "house.h"

#include "base/base64.h"
#include "daemon/warmup.h"
#include "file/make_archive.h"
#include "file/make_zip.h"
#include "scan/scan.h"

#define NAME "\xc3\xa4\xe6\x96\x87/\xd0\xb6.txt"

static const struct make_entry entries[] = { { NAME, STR_INIT("some text") },
					     { "b.bin", STR_INIT("\1\2\3\4 no type that is known") } };

static const struct {
	int format, filter;
} kinds[] = {
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE },
	{ ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FILTER_NONE },
	{ ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_GZIP },
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2 },
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ },
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_LZIP },
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_LZ4 },
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD },
	{ ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_COMPRESS },
	{ ARCHIVE_FORMAT_CPIO_POSIX, ARCHIVE_FILTER_NONE },
	{ ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, ARCHIVE_FILTER_NONE },
	{ ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE },
	{ ARCHIVE_FORMAT_ISO9660, ARCHIVE_FILTER_NONE },
	{ ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE },
};

static void scan_file(struct house *h, const char *what, struct str bytes)
{
	struct str to = STR("a@example.net");
	struct scan_job job = { .mail_from = STR("x@example.org"),
				.has_envelope = true,
				.recipients = { &to, 1 } };
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct verdict v;
	struct errbuf eb;
	struct str mail =
	    ARENA_JOIN(a,
		       STR("From: x@example.org\r\nMIME-Version: 1.0\r\nContent-Type: "
			   "application/octet-stream; name=file\r\n"
			   "Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
		       base64_encode(a, bytes));

	if (house_scan_job(h, a, &job, mail, &v, &eb) != OK)
		fail_msg("%s: %s", what, eb.text);
	arena_free(&a);
}

static struct str damaged(struct arena *a, struct str bytes, size_t at)
{
	char *z = arena_strndup(a, bytes.p, bytes.n);

	z[at] = (char)~z[at];
	return str_from(z, bytes.n);
}

static void test_archives(void **state)
{
	struct house *h = *state;
	struct arena *a = arena_new(64u << 20, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		char what[64];
		struct str bytes =
		    make_archive(a, kinds[i].format, kinds[i].filter, entries, ARRAY_LEN(entries), 1 << 20);
		snprintf(what, sizeof(what), "format %x, filter %d", (unsigned)kinds[i].format,
			 kinds[i].filter);
		scan_file(h, what, bytes);
		scan_file(h, what, str_sub(bytes, 0, bytes.n / 2));
		for (size_t at = 0; at < bytes.n && at < 4096; at += bytes.n / 50 + 1)
			scan_file(h, what, damaged(a, bytes, at));
	}
	arena_free(&a);
}

/* The marks of lrzip, grzip, lzop, rpm and others, for which libarchive has filters that are not named here. */
static void test_outside_programs(void **state)
{
	static const struct str marks[] = {
		STR_INIT("LRZI\0\6"),
		STR_INIT("GRZipII\0\2\4:)"),
		STR_INIT("\x89LZO\0\r\n\x1a\n"),
		STR_INIT("\xed\xab\xee\xdb\3\0"),
		STR_INIT("\x89\x4c\x5a\x4f\x00\x0d\x0a\x1a\x0a"),
		STR_INIT("\x1f\xa0\0\0"),
		STR_INIT("#mtree\n"),
		STR_INIT("WARC/1.0\r\n"),
		STR_INIT("begin 644 a.exe\n"),
	};
	struct house *h = *state;
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		struct str bytes =
		    ARENA_JOIN(a, marks[i], STR("rest of the file, with enough bytes to look at \1\2\3"));
		const struct make_entry inner = { "inner", bytes };
		scan_file(h, "mark", bytes);
		scan_file(h, "mark behind gzip",
			  make_archive(a, ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, &inner, 1, 1 << 16));
	}
	arena_free(&a);
}

/* Sixteen archives in each of sixteen, five deep, each of the last ones large: bounded in time and memory. */
static void test_nested_bomb(void **state)
{
	struct arena *a = arena_new(256u << 20, NULL, NULL);
	struct make_member members[16];
	struct make_zip zip = { .v = members, .n = 1 };
	const size_t n = 16u << 20;

	members[0] = (struct make_member){ .name = STR("0"),
					   .data = str_from(arena_zalloc(a, n), n),
					   .deflate = true };
	struct str bytes = make_zip(a, &zip);
	for (int level = 0; level < 5; level++) {
		zip.n = 16;
		for (size_t i = 0; i < zip.n; i++)
			members[i] = (struct make_member){ .name = arena_printf(a, "%zu.zip", i),
							   .data = bytes,
							   .deflate = true };
		bytes = make_zip(a, &zip);
	}
	scan_file(*state, "nested bomb", bytes);
	arena_free(&a);
}

/* xz data that wants a window of four gigabytes to be unpacked: an error within the worker's memory, not its death. */
static void test_huge_window(void **state)
{
	const struct make_entry entry = { "x", STR("a little text, and the same little text once more") };
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct str bytes = make_archive(a, ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ, &entry, 1, 1 << 16);
	char *z = arena_strndup(a, bytes.p, bytes.n);
	/* Behind the stream's header: size, flags, filter LZMA2 (0x21) with one byte of properties, and a sum. */
	size_t block = 12, length = ((size_t)(unsigned char)z[block] + 1) * 4, at = block + 2;

	while (z[at] != 0x21)
		at++;
	z[at + 2] = 40;
	uint32_t sum = (uint32_t)crc32(0, (const unsigned char *)z + block, (unsigned)length - 4);
	for (size_t i = 0; i < 4; i++)
		z[block + length - 4 + i] = (char)(sum >> 8 * i);
	scan_file(*state, "huge window", str_from(z, bytes.n));
	arena_free(&a);
}

/* Files of a folder: Debian's harmless test files, and the seeds of the fuzz targets of this room. */
static void scan_folder(struct house *h, const char *folder)
{
	DIR *d = opendir(folder);

	if (!d)
		skip();
	for (struct dirent *e; (e = readdir(d));) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		FILE *f =
		    e->d_name[0] == '.' ? NULL : fopen(arena_printf(a, "%s/%s", folder, e->d_name).p, "rb");
		char *z = arena_alloc(a, 4 << 20);
		size_t n = f ? fread(z, 1, 4 << 20, f) : 0;
		if (f)
			fclose(f);
		if (n)
			scan_file(h, e->d_name, str_from(z, n));
		arena_free(&a);
	}
	closedir(d);
}

static void test_clamav_files(void **state)
{
	scan_folder(*state, "/usr/share/clamav-testfiles");
}

static int start(void **state)
{
	static struct house h;
	struct errbuf eb;

	/* As the supervisor starts roles. */
	setenv("TZ", "UTC0", 1);
	setlocale(LC_CTYPE, "C.UTF-8");
	if (warmup(scan_run, &eb) != OK)
		return 1;
	house_start(&h, scan_run, &(struct broker_options){ .scan_ms = 20000 });
	*state = &h;
	return 0;
}

static int end(void **state)
{
	house_end(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_archives),
					    cmocka_unit_test(test_outside_programs),
					    cmocka_unit_test(test_nested_bomb),
					    cmocka_unit_test(test_huge_window),
					    cmocka_unit_test(test_clamav_files) };

	return cmocka_run_group_tests_name("daemon/files", tests, start, end);
}
