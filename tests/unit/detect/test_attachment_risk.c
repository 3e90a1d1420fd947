/* attachment_risk: files that run, hide what they are, or ask for passwords. */
#include "bench.h"

#define RISK "attachment_risk."
#define BYTES(lit) .file_bytes = STR_INIT(lit)
#define EXE BYTES("MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0")
#define PDF BYTES("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
/* Local headers of zip members: flags, sizes, name, data. */
#define MEMBER(flags, len, name, datalen, data) \
	"PK\3\4\x14\0" flags "\0\0\0\0\0\0\0\0\0\0" datalen "\0\0\0" datalen "\0\0\0" len "\0\0\0" name data
#define ZIP_DOC MEMBER("\0\0", "\x8", "note.txt", "\2", "hi")
#define PAGE(inner) BYTES("<html><body>" inner "</body></html>")

static const struct row rows[] = {
	{ "program", { .file = "setup.exe", EXE }, RISK "program", 1 },
	{ "program without its name", { .file = "setup", EXE }, RISK "program", 1 },
	{ "screen saver", { .file = "party.scr", BYTES("whatever") }, RISK "program", 1 },
	{ "shortcut", { .file = "open.lnk", BYTES("L\0\0\0\1\x14\2\0") }, RISK "program", 1 },
	{ "HTML application", { .file = "form.hta", BYTES("<html>") }, RISK "program", 1 },
	{ "double ending", { .file = "invoice.pdf.exe", EXE }, RISK "double_ending", 1 },
	{ "double ending of a script", { .file = "photo.jpg.js", BYTES("var x") }, RISK "double_ending", 1 },
	{ "double ending with gap",
	  { .file = "invoice.pdf%20%20%20%20%20.exe", EXE },
	  RISK "double_ending",
	  1 },
	{ "double ending of a page", { .file = "scan.pdf.html", PAGE("x") }, RISK "double_ending", 0.6 },
	{ "name turned round", { .file = "invoice%E2%80%AEfdp.exe", EXE }, RISK "turned_name", 1 },
	{ "program as document", { .file = "invoice.pdf", EXE }, RISK "disguised", 1 },
	{ "program as archive", { .file = "invoice.zip", EXE }, RISK "disguised", 1 },
	{ "script", { .file = "run.bat", BYTES("@echo off") }, RISK "script", 0.6 },
	{ "disk image", { .file = "order.iso", BYTES("x") }, RISK "disk_image", 1 },
	{ "macro document", { .file = "order.docm", BYTES("x") }, RISK "macro_document", 0.6 },
	{ "page with a password field",
	  { .file = "login.html", PAGE("<form><input type=password></form>") },
	  RISK "page_asks_password",
	  0.9 },
	{ "page that builds a file",
	  { .file = "doc.htm", PAGE("<script>new Blob([atob('x')]);URL.createObjectURL(b)</script>") },
	  RISK "page_builds_file",
	  0.8 },
	{ "page with a packed script",
	  { .file = "doc.shtml", PAGE("<script>document.write(unescape('%3c'))</script>") },
	  RISK "page_hides_script",
	  0.7 },
	{ "page that says it is text",
	  { .file = "doc.txt", PAGE("<form><input type=password></form>") },
	  RISK "page_asks_password",
	  0.9 },
	{ "program in an archive",
	  { .file = "a.zip", BYTES(MEMBER("\0\0", "\x9", "setup.exe", "\2", "hi")) },
	  RISK "program_in_archive",
	  0.9 },
	{ "program behind another file",
	  { .file = "a.zip", BYTES(ZIP_DOC MEMBER("\0\0", "\x9", "setup.scr", "\2", "hi")) },
	  RISK "program_in_archive",
	  0.9 },
	{ "locked archive",
	  { .file = "a.zip", BYTES(MEMBER("\1\0", "\x8", "note.txt", "\2", "hi")) },
	  RISK "encrypted_archive",
	  0.6 },
	{ "macros by content",
	  { .file = "a.docx", BYTES(MEMBER("\0\0", "\x13", "word/vbaProject.bin", "\2", "hi")) },
	  RISK "macros",
	  0.7 },
	/* near misses */
	{ "document", { .file = "invoice.pdf", PDF }, NULL, 0 },
	{ "document named after a program", { .file = "setup.exe.pdf", PDF }, NULL, 0 },
	{ "an Arabic name with its marks",
	  { .file = "%E2%80%AB%D8%AA%D9%82%D8%B1%D9%8A%D8%B1%E2%80%AC.pdf", PDF },
	  NULL,
	  0 },
	{ "two endings, both harmless", { .file = "report.2026.pdf", PDF }, NULL, 0 },
	{ "archive of a document", { .file = "a.zip", BYTES(ZIP_DOC) }, NULL, 0 },
	{ "office document",
	  { .file = "a.docx", BYTES(MEMBER("\0\0", "\x11", "word/document.xml", "\2", "hi")) },
	  NULL,
	  0 },
	{ "picture", { .file = "a.png", BYTES("\x89PNG\r\n\x1a\n") }, NULL, 0 },
	{ "text", { .file = "notes.txt", BYTES("MZ is a file magic") }, NULL, 0 },
	{ "patch", { .file = "0001-fix.patch", BYTES("diff --git a/x b/x\n") }, NULL, 0 },
	{ "compressed tar", { .file = "src.tar.gz", BYTES("\x1f\x8b\x08") }, NULL, 0 },
	{ "calendar", { .file = "meeting.ics", BYTES("BEGIN:VCALENDAR\r\n") }, NULL, 0 },
	{ "key", { .file = "key.asc", BYTES("-----BEGIN PGP PUBLIC KEY BLOCK-----\n") }, NULL, 0 },
	{ "a name with a program's letters", { .file = "executive", BYTES("hello") }, NULL, 0 },
	{ "no attachment", { 0 }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "attachment_risk");
}

/* A plain page is worth a word and no more. */
static void test_plain_page(void **state)
{
	const struct mail m = { .file = "slides.html", PAGE("<h1>Hello</h1>") };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "attachment_risk");
	assert_non_null(f);
	assert_true(f->score < 0.2);
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
}

/* The verdict, the attachment's own detection, and the attribute for downstream. */
static void test_verdict(void **state)
{
	const struct mail m = { .file = "invoice.pdf.exe", EXE };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	assert_int_equal(b.verdict.message->final_disposition, DISP_MALICIOUS);
	assert_int_equal(b.verdict.detections->attachments.n, 1);
	assert_int_equal(b.verdict.detections->attachments.v[0].detection, DISP_MALICIOUS);
	assert_int_equal(b.verdict.attributes.n, 1);
	assert_true(str_eq(b.verdict.attributes.v[0], STR("EXECUTABLE")));
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_plain_page),
					    cmocka_unit_test(test_verdict) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
