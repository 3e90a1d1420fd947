/* attachment_risk by names: for each kind ten names that must give it, and ten that look alike and must not. */
#include "bench.h"

#include "base/str.h"

#define EACH 10

static const struct {
	const char *kind;
	const char *seen, *near; /* separated by spaces; as they stand in a field */
} kinds[] = {
	{ "attachment_risk.program",
	  "setup.exe party.scr tool.com patch.msi drivers.cpl open.lnk form.hta helper.pif update.msix "
	  "PROGRAM.EXE",
	  "setup.exe.txt executive.pdf com.txt exe.png notes-scr.txt msi.docx link.txt hta-report.pdf "
	  "scrub.jpg program.c" },
	{ "attachment_risk.double_ending",
	  "invoice.pdf.exe photo.jpg.js order.docx.scr scan.png.com list.xlsx.vbs bill.pdf.lnk song.mp3.exe "
	  "mail.txt.bat cv.doc.exe offer.pdf%20%20%20.exe",
	  "report.2026.pdf archive.tar.gz a.b.c.txt minutes.final.docx photo.v2.jpg data.csv.gz key.pub.asc "
	  "v1.2.pdf table.2.xlsx notes.old.txt" },
	{ "attachment_risk.script",
	  "run.bat start.cmd job.sh open.url go.ps1 page.js office.rdp tool.jar query.iqy settings.reg",
	  "script.txt js.pdf batman.jpg powershell.docx cmd-list.txt registry.pdf vbs.png readme.md "
	  "javascript.pdf wsf.txt" },
	{ "attachment_risk.disk_image",
	  "order.iso disk.img backup.vhd box.vhdx mac.dmg box.wim ORDER.ISO Invoice.img po.Iso doc.VHD",
	  "iso-9001.pdf image.png disk.txt vhd.docx isolation.pdf img.jpg dmg-report.pdf udf.txt cd.pdf "
	  "isobar.gif" },
	{ "attachment_risk.macro_document",
	  "order.docm table.xlsm show.pptm form.dotm add.xlam chart.xltm deck.potm play.ppsm book.xlsb "
	  "ORDER.DOCM",
	  "docm.txt macro.pdf xlsm-guide.pdf order.txt table.csv show.pdf template.txt macros.png book.pdf "
	  "deck.jpg" },
};

static void look(const char *kind, struct str name, bool wanted)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);
	struct bench b;

	bench_scan(
	    &b, &(struct mail){ .file = arena_str(a, name).p, .file_bytes = STR_INIT("Dear Bob, hello\r\n") },
	    NULL);
	if ((bench_finding(&b, kind) != NULL) != wanted)
		fail_msg("%s: %.*s", kind, STR_ARG(name));
	bench_close(&b);
	arena_free(&a);
}

static void test_kinds(void **state)
{
	struct arena *a = arena_new(1u << 20, NULL, NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct strs seen = arena_split(a, str_of(kinds[i].seen), ' '),
			    near = arena_split(a, str_of(kinds[i].near), ' ');
		assert_true(seen.n >= EACH && near.n >= EACH);
		for (size_t k = 0; k < seen.n; k++)
			look(kinds[i].kind, seen.v[k], true);
		for (size_t k = 0; k < near.n; k++)
			look(kinds[i].kind, near.v[k], false);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_kinds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
