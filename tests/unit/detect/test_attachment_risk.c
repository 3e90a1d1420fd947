/* attachment_risk: files that run, hide what they are, or ask for passwords. */
#include "bench.h"

#include "file/make_archive.h"
#include "file/make_ole.h"
#include "file/make_zip.h"

#define RISK "attachment_risk."
#define BYTES(lit) .file_bytes = STR_INIT(lit)
#define EXE BYTES("MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8\0\0\0\0\0\0\0@\0\0\0")
#define PDF BYTES("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
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
	{ "dot behind the ending", { .file = "setup.exe.", EXE }, RISK "program", 1 },
	{ "spaces and dots behind it", { .file = "setup.exe%20.%20", BYTES("x") }, RISK "program", 1 },
	{ "invisible letter behind it", { .file = "setup.exe%E2%80%8B", BYTES("x") }, RISK "program", 1 },
	{ "invisible letter before it",
	  { .file = "invoice.pdf%E2%80%8F.exe", BYTES("x") },
	  RISK "double_ending",
	  1 },
	{ "page in UTF-16",
	  { .file = "login.html",
	    BYTES("\xff\xfe<\0i\0n\0p\0u\0t\0 \0t\0y\0p\0e\0=\0p\0a\0s\0s\0w\0o\0r\0d\0>\0") },
	  RISK "page_asks_password",
	  0.9 },
	{ "picture that is an archive",
	  { .file = "photo.jpg", BYTES("Rar!\x1a\7\0") },
	  RISK "wrong_type",
	  0.5 },
	{ "PDF that is a page", { .file = "scan.pdf", PAGE("x") }, RISK "wrong_type", 0.5 },
	{ "disk without its name", { .file = "order", BYTES("conectix") }, RISK "disk_image", 1 },
	{ "PDF that starts a program",
	  { .file = "a.pdf", BYTES("%PDF-1.4\n1 0 obj<</S/Launch/F(cmd.exe)>>endobj") },
	  RISK "pdf_starts_program",
	  0.8 },
	{ "PDF with a script that runs",
	  { .file = "a.pdf", BYTES("%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(x)>>>>endobj") },
	  RISK "pdf_script_starts",
	  0.6 },
	{ "PDF with a script",
	  { .file = "a.pdf", BYTES("%PDF-1.4\n1 0 obj<</JS(x)>>endobj") },
	  RISK "pdf_script",
	  0.4 },
	{ "PDF that is a form",
	  { .file = "a.pdf", BYTES("%PDF-1.4\n1 0 obj<</S/SubmitForm/F(http://x.test/)>>endobj") },
	  RISK "pdf_form",
	  0.4 },
	{ "PDF with files",
	  { .file = "a.pdf", BYTES("%PDF-1.4\n1 0 obj<</Type/EmbeddedFile>>stream\nx\nendstream") },
	  RISK "pdf_files",
	  0.3 },
	{ "locked PDF",
	  { .file = "a.pdf", BYTES("%PDF-1.4\ntrailer<</Encrypt<</Filter/X>>>>") },
	  RISK "encrypted_pdf",
	  0.2 },
	{ "equation in RTF",
	  { .file = "a.rtf",
	    BYTES("{\\rtf1{\\objdata "
		  "01050000020000000b0000004571756174696f6e2e33000000000000000000010000003f}}") },
	  RISK "equation",
	  0.8 },
	{ "remote template in RTF",
	  { .file = "a.doc", BYTES("{\\rtf1{\\*\\template http://far.test/x}}") },
	  RISK "remote_template",
	  0.8 },
	{ "field that starts a program",
	  { .file = "a.rtf", BYTES("{\\rtf1{\\*\\fldinst DDEAUTO c:\\\\cmd.exe x}}") },
	  RISK "starts_program",
	  0.8 },
	{ "notebook with a file",
	  { .file = "a.one",
	    BYTES("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"
		  "\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac"
		  "\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0<script") },
	  RISK "embedded_object",
	  0.5 },
	{ "archive of an unknown kind",
	  { .file = "a.ace", BYTES("\x31\x31\x31\x31\x31\0\x90**ACE**") },
	  RISK "unreadable",
	  0.4 },
	{ "page that carries a program",
	  { .file = "doc.html",
	    PAGE(
		"<a "
		"href=\"data:x/y;base64,TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\">x</a>") },
	  RISK "program_in_archive",
	  1 },
	/* near misses */
	{ "document", { .file = "invoice.pdf", PDF }, NULL, 0 },
	{ "document named after a program", { .file = "setup.exe.pdf", PDF }, NULL, 0 },
	{ "an Arabic name with its marks",
	  { .file = "%E2%80%AB%D8%AA%D9%82%D8%B1%D9%8A%D8%B1%E2%80%AC.pdf", PDF },
	  NULL,
	  0 },
	{ "two endings, both harmless", { .file = "report.2026.pdf", PDF }, NULL, 0 },
	{ "PDF that opens at a page",
	  { .file = "a.pdf",
	    BYTES("%PDF-1.4\n1 0 obj<</OpenAction[2 0 R/Fit]/A<</S/URI/URI(http://x.test/)>>>>") },
	  NULL,
	  0 },
	{ "PDF that speaks of scripts",
	  { .file = "a.pdf", BYTES("%PDF-1.4\n1 0 obj<</T(/JavaScript /Launch)>>") },
	  NULL,
	  0 },
	{ "RTF with a link",
	  { .file = "a.doc", BYTES("{\\rtf1{\\field{\\*\\fldinst HYPERLINK \"http://x.test/\"}}}") },
	  NULL,
	  0 },
	{ "table of text under the name of a workbook",
	  { .file = "a.xls", BYTES("a\tb\r\n1\t2\r\n") },
	  NULL,
	  0 },
	{ "PNG named JPEG", { .file = "a.jpg", BYTES("\x89PNG\r\n\x1a\n") }, NULL, 0 },
	{ "notebook with a picture",
	  { .file = "a.one",
	    BYTES("\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d"
		  "\xe7\x16\xe3\xbd\x65\x26\x11\x45\xa4\xc4\x8d\x4d\x0b\x7a\x9e\xac"
		  "\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x89PNG\r\n\x1a\n") },
	  NULL,
	  0 },
	{ "picture", { .file = "a.png", BYTES("\x89PNG\r\n\x1a\n") }, NULL, 0 },
	{ "text", { .file = "notes.txt", BYTES("MZ is a file magic") }, NULL, 0 },
	{ "patch", { .file = "0001-fix.patch", BYTES("diff --git a/x b/x\n") }, NULL, 0 },
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

/* ---- archives ---- */

#define M(n) .name = STR_INIT(n), .data = STR_INIT("data of " n)
#define Z(members) .v = (members), .n = sizeof(members) / sizeof((members)[0])
#define TYPES                                                                     \
	{                                                                         \
		.name = STR_INIT("[Content_Types].xml"), .data = STR_INIT("<T/>") \
	}

static const struct make_member program[] = { { M("setup.exe") } };
static const struct make_member behind[] = { { M("note.txt") }, { M("b.txt") }, { M("setup.scr") } };
static const struct make_member disk_first[] = { { M("a.iso") }, { M("b.txt") }, { M("invoice.pdf.exe") } };
static const struct make_member script_later[] = { { M("note.txt") }, { M("invoice.js") } };
static const struct make_member double_inside[] = { { M("a/b/photo.jpg.exe "), .deflate = true } };
static const struct make_member locked[] = { { M("note.txt"), .locked = true } };
static const struct make_member locked_program[] = { { M("note.txt") },
						     { M("b.txt") },
						     { M("a.exe"), .locked = true } };
static const struct make_member renamed[] = { { M("note.txt"), .local_name = STR_INIT("note.exe") } };
static const struct make_member jumping[] = { { M("note.txt"), .local_packed = 60 },
					      { M("setup.exe"), .unlisted = true } };
static const struct make_member disguised[] = { { .name = STR_INIT("note.txt"),
						  .data = STR_INIT("MZ\x90\0\3\0\0\0\4\0\0\0") } };
static const struct make_member macros[] = { TYPES,
					     { M("word/document.xml") },
					     { M("word/vbaProject.bin") } };
static const struct make_member template[] = {
	TYPES,
	{ .name = STR_INIT("word/_rels/settings.xml.rels"),
	  .data = STR_INIT("<Relationship Type='x/attachedTemplate' Target='http://far.test/t' "
			   "TargetMode='External'/>") }
};
static const struct make_member text[] = { { M("note.txt") }, { M("b/c.png"), .deflate = true } };
static const struct make_member letter[] = { TYPES, { M("word/document.xml"), .deflate = true } };
static const struct make_member page[] = { { .name = STR_INIT("login.html"),
					     .data = STR_INIT("<form><input type=password></form>") } };

static const struct {
	const char *name, *file;
	struct make_zip zip;
	const char *want;
	double least;
} archives[] = {
	{ "program", "a.zip", { Z(program) }, RISK "program_in_archive", 1 },
	{ "program behind other files", "a.zip", { Z(behind) }, RISK "program_in_archive", 0.9 },
	{ "program behind a disk image", "a.zip", { Z(disk_first) }, RISK "double_ending", 1 },
	{ "script that is not the first", "a.zip", { Z(script_later) }, RISK "script_in_archive", 0.5 },
	{ "two endings and a space", "a.zip", { Z(double_inside) }, RISK "double_ending", 1 },
	{ "locked", "a.zip", { Z(locked) }, RISK "encrypted_archive", 0.6 },
	{ "locked program", "a.zip", { Z(locked_program) }, RISK "program_in_archive", 1 },
	{ "another name in the local header", "a.zip", { Z(renamed) }, RISK "ambiguous_archive", 1 },
	{ "and that is a program's", "a.zip", { Z(renamed) }, RISK "program_in_archive", 0.9 },
	{ "local size that jumps over the next", "a.zip", { Z(jumping) }, RISK "program_in_archive", 0.9 },
	{ "bytes before",
	  "a.zip",
	  { Z(text), .before = STR_INIT("PK\3\4 not"), .shifted = true },
	  RISK "ambiguous_archive",
	  1 },
	{ "archive behind a picture",
	  "a.jpg",
	  { Z(program), .before = STR_INIT("\xff\xd8\xff\xe0"), .shifted = true },
	  RISK "program_in_archive",
	  1 },
	{ "program named text", "a.zip", { Z(disguised) }, RISK "disguised", 1 },
	{ "no directory", "a.zip", { Z(text), .no_directory = true }, RISK "unreadable", 0.4 },
	{ "macros", "a.docx", { Z(macros) }, RISK "macros", 0.7 },
	{ "remote template", "a.docx", { Z(template) }, RISK "remote_template", 0.8 },
	{ "page that asks for a password", "a.zip", { Z(page) }, RISK "page_asks_password", 0.9 },
	/* near misses */
	{ "texts and pictures", "a.zip", { Z(text) }, NULL, 0 },
	{ "texts, with a comment", "a.zip", { Z(text), .comment = STR_INIT("holiday") }, NULL, 0 },
	{ "letter", "a.docx", { Z(letter) }, NULL, 0 },
};

static void test_archives(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(archives); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct row row = {
			archives[i].name, { .file = archives[i].file }, archives[i].want, archives[i].least
		};
		row.mail.file_bytes = make_zip(a, &archives[i].zip);
		bench_table(&row, 1, "attachment_risk");
		arena_free(&a);
	}
}

#define SCRIPT(code) PAGE("<p>Loading</p><script>" code "</script>")
#define SVG(inner) BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\">" inner "</svg>")

/* What pages and pictures in SVG do, however it is written. */
static const struct row pages[] = {
	{ "taken apart",
	  { .file = "a.html", SCRIPT("var b=new Blob([x]);u=URL['crea'+'teObje' + \"ctURL\"](b)") },
	  RISK "page_builds_file",
	  0.8 },
	{ "escaped",
	  { .file = "a.html", SCRIPT("URL['\\x63reate\\u004fbjectURL'](b)") },
	  RISK "page_builds_file",
	  0.8 },
	{ "old browsers",
	  { .file = "a.html", SCRIPT("navigator.msSaveBlob(b,'a')") },
	  RISK "page_builds_file",
	  0.8 },
	{ "bytes into a blob",
	  { .file = "a.html", SCRIPT("new Blob([new Uint8Array(n)])") },
	  RISK "page_builds_file",
	  0.8 },
	{ "a download in a link",
	  { .file = "a.html",
	    SCRIPT("a.download='i.zip';a.href='data:application/zip;base64,UEsDB';a.click()") },
	  RISK "page_builds_file",
	  0.8 },
	{ "eval", { .file = "a.html", SCRIPT("eval(x)") }, RISK "page_hides_script", 0.7 },
	{ "write by index",
	  { .file = "a.html", SCRIPT("document['wri'+'te'](x)") },
	  RISK "page_hides_script",
	  0.7 },
	{ "characters",
	  { .file = "a.html", SCRIPT("String.fromCharCode(60,104)") },
	  RISK "page_hides_script",
	  0.7 },
	{ "leads away",
	  { .file = "a.html", SCRIPT("window.location.href='https://far.test/'") },
	  RISK "page_moves_on",
	  0.6 },
	{ "leads away without a script",
	  { .file = "a.html", PAGE("<meta http-equiv=refresh content=\"0;url=https://far.test/\">") },
	  RISK "page_moves_on",
	  0.6 },
	{ "made for its reader",
	  { .file = "a.html", SCRIPT("var who='bob@home.test'") },
	  RISK "page_knows_reader",
	  0.6 },
	{ "made for its reader, in base64",
	  { .file = "a.html", SCRIPT("var who='Ym9iQGhvbWUudGVzdA=='") },
	  RISK "page_knows_reader",
	  0.6 },
	{ "picture with a script", { .file = "a.svg", SVG("<script>x()</script>") }, RISK "svg_script", 0.8 },
	{ "picture with a handler",
	  { .file = "a.svg", SVG("<rect onload=\"x()\"/>") },
	  RISK "svg_script",
	  0.8 },
	{ "picture that leads away",
	  { .file = "a.svg", SVG("<script>window.location='https://far.test/'</script>") },
	  RISK "svg_moves_on",
	  0.8 },
	{ "picture that builds a file",
	  { .file = "a.svg", SVG("<script>URL.createObjectURL(b)</script>") },
	  RISK "svg_builds_file",
	  0.8 },
	{ "picture that holds a page",
	  { .file = "a.svg", SVG("<foreignObject><body>x</body></foreignObject>") },
	  RISK "svg_page",
	  0.5 },
	{ "picture without its name", { .file = "a", SVG("<script>x()</script>") }, RISK "svg_script", 0.8 },
	/* near misses: nothing, or no more than that there is a page */
	{ "picture", { .file = "a.svg", SVG("<rect width=\"9\" height=\"9\"/>") }, NULL, 0 },
	{ "picture with words",
	  { .file = "a.svg", SVG("<text>eval( atob( createObjectURL</text>") },
	  NULL,
	  0 },
	{ "picture with a link",
	  { .file = "a.svg", SVG("<a href=\"https://sender.test/\"><rect/></a>") },
	  NULL,
	  0 },
	{ "picture with a style",
	  { .file = "a.svg", SVG("<style>.a{fill:red}</style><path class=\"a\"/>") },
	  NULL,
	  0 },
	{ "picture with a title", { .file = "a.svg", SVG("<title>script</title>") }, NULL, 0 },
	{ "picture of a gradient", { .file = "a.svg", SVG("<defs><linearGradient/></defs>") }, NULL, 0 },
};

/* Pages of which no more is said than that they are there. */
static const struct row plain_pages[] = {
	{ "words alone",
	  { .file = "a.html", PAGE("<p>eval( atob( createObjectURL location.href =</p>") },
	  NULL,
	  0 },
	{ "a script", { .file = "a.html", SCRIPT("var total = 1 + 2") }, NULL, 0 },
	{ "strings joined", { .file = "a.html", SCRIPT("var a = 'one' + 'two'") }, NULL, 0 },
	{ "a blob of another kind", { .file = "a.html", SCRIPT("var blob = shape(blobs)") }, NULL, 0 },
	{ "reads where it is", { .file = "a.html", SCRIPT("if (location.hash) go()") }, NULL, 0 },
	{ "begins anew at times",
	  { .file = "a.html", PAGE("<meta http-equiv=refresh content=60>") },
	  NULL,
	  0 },
	{ "names its reader", { .file = "a.html", PAGE("<p>Dear bob@home.test</p>") }, NULL, 0 },
	{ "a form", { .file = "a.html", PAGE("<form><input name=q></form>") }, NULL, 0 },
	{ "a report", { .file = "a.html", PAGE("<table><tr><td>1</td></tr></table>") }, NULL, 0 },
	{ "links", { .file = "a.html", PAGE("<a href=https://far.test/ download>x</a>") }, NULL, 0 },
};

static void test_pages(void **state)
{
	(void)state;
	bench_table(pages, ARRAY_LEN(pages), "attachment_risk");
	for (size_t i = 0; i < ARRAY_LEN(plain_pages); i++) {
		struct bench b;
		bench_scan(&b, &plain_pages[i].mail, NULL);
		const struct finding_list *all = &b.verdict.message->findings;
		for (size_t k = 0; k < all->n; k++)
			if (str_starts(all->v[k].name, STR(RISK)) &&
			    (!str_eq(all->v[k].name, STR(RISK "page")) || all->v[k].score > 0.4))
				fail_msg("%s: %.*s", plain_pages[i].name, STR_ARG(all->v[k].name));
		assert_non_null(bench_finding(&b, RISK "page"));
		bench_close(&b);
	}
}

/* A source tree with scripts among its files, as developers send it. */
static void test_source_tree(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	struct make_entry files[30];
	struct bench b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		files[i] = (struct make_entry){ arena_printf(a, "src/%zu.%s", i, i % 10 ? "c" : "ps1").p,
						STR("int x;\n") };
	const struct mail m = { .seen = 1,
				.file = "src.tar.gz",
				.file_bytes = make_archive(a, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP,
							   files, ARRAY_LEN(files), 1 << 18) };
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, RISK "script_in_archive");
	assert_true(f && f->score <= 0.2);
	assert_int_equal(b.verdict.message->findings.n, 1); /* one speaks for all */
	assert_int_equal(b.verdict.message->final_disposition, DISP_NONE);
	bench_close(&b);
	arena_free(&a);
}

/* Macros by what they do. */
static void test_macros(void **state)
{
	static const struct {
		const char *source, *want;
		enum disposition speaks_for;
	} cases[] = {
		{ "Sub Sum()", RISK "macros", DISP_SUSPICIOUS },
		{ "Sub Workbook_Open()", RISK "macros_start", DISP_SUSPICIOUS },
		{ "Sub Workbook_Open()\r\nShell \"x\"", RISK "macros_run_programs", DISP_MALICIOUS },
		{ NULL, RISK "macros_hidden", DISP_SUSPICIOUS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *a = arena_new(1 << 20, NULL, NULL);
		struct str source = arena_printf(a, "Attribute VB_Name = \"M\"\r\n%s",
						 cases[i].source ? cases[i].source : "");
		const struct make_stream v[] = {
			{ STR("Workbook"), STR("\x09\x08\0\0") },
			{ STR("VBA"), STR_NONE },
			{ STR("VBA/M"), cases[i].source ? make_vba(a, source) : STR("compiled") },
		};
		const struct row row = { cases[i].want,
					 { .file = "a.xls",
					   .file_bytes = make_ole(a, v, ARRAY_LEN(v), STR_NONE) },
					 cases[i].want,
					 0.7 };
		struct bench b;
		bench_table(&row, 1, "attachment_risk");
		bench_scan(&b, &row.mail, NULL);
		assert_int_equal(bench_finding(&b, cases[i].want)->detection, cases[i].speaks_for);
		bench_close(&b);
		arena_free(&a);
	}
}

/* The password is in nobody's hands but the reader's: a sender who is known weighs less. */
static void test_known_sender(void **state)
{
	struct arena *a = arena_new(1 << 20, NULL, NULL);
	const struct make_zip zip = { Z(locked) };
	const struct mail m = { .file = "a.zip",
				.file_bytes = make_zip(a, &zip),
				.spf = "v=spf1 ip4:192.0.2.0/24 -all",
				.dmarc = "v=DMARC1; p=none",
				.seen = 10 };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, RISK "encrypted_archive");
	assert_true(f && f->score < 0.4);
	assert_true(b.verdict.detections->attachments.v[0].encrypted);
	bench_close(&b);
	arena_free(&a);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),        cmocka_unit_test(test_plain_page),
		cmocka_unit_test(test_archives),     cmocka_unit_test(test_pages),
		cmocka_unit_test(test_source_tree),  cmocka_unit_test(test_macros),
		cmocka_unit_test(test_known_sender), cmocka_unit_test(test_verdict)
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
