/* password_in_mail: locked files and their keys in one mail, and all that only looks like it. */
#include "bench.h"

#include "file/make_lock.h"
#include "file/make_zip.h"

enum file { ZIP_LOCKED, ZIP_OPEN, ZIP_GUESSED, OFFICE, OFFICE_TRICK, SEVEN, RAR_LOCKED, PDF_LOCKED, TEXT };

struct lock_row {
	const char *name;
	enum file file;
	struct mail mail;
	const char *want; /* NULL: nothing */
	double least;
};

#define BY "password_in_mail."

static const struct lock_row rows[] = {
	{ "English", ZIP_LOCKED, { .body = "See the file. Password: Blau77\r\n" }, BY "opened", 0.6 },
	{ "German", ZIP_LOCKED, { .body = "Das Passwort lautet Blau77.\r\n" }, BY "opened", 0.6 },
	{ "French", ZIP_LOCKED, { .body = "Le mot de passe est Blau77\r\n" }, BY "opened", 0.6 },
	{ "Spanish", ZIP_LOCKED, { .body = "La clave es: Blau77\r\n" }, BY "opened", 0.6 },
	{ "Portuguese", ZIP_LOCKED, { .body = "A senha do arquivo: Blau77\r\n" }, BY "opened", 0.6 },
	{ "Italian", ZIP_LOCKED, { .body = "La password e' Blau77\r\n" }, BY "opened", 0.6 },
	{ "Dutch", ZIP_LOCKED, { .body = "Het wachtwoord is Blau77\r\n" }, BY "opened", 0.6 },
	{ "Polish", ZIP_LOCKED, { .body = "Haslo: Blau77\r\n" }, BY "opened", 0.6 },
	{ "Russian",
	  ZIP_LOCKED,
	  { .body = "\xd0\x9f\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c: Blau77\r\n" },
	  BY "opened",
	  0.6 },
	{ "Chinese",
	  ZIP_LOCKED,
	  { .body = "\xe5\xaf\x86\xe7\xa0\x81\xef\xbc\x9a"
		    "Blau77\r\n" },
	  BY "opened",
	  0.6 },
	{ "Japanese",
	  ZIP_LOCKED,
	  { .body = "\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89: Blau77\r\n" },
	  BY "opened",
	  0.6 },
	{ "in the subject",
	  ZIP_LOCKED,
	  { .headers = "Subject: Invoice (pass: Blau77)\r\n" },
	  BY "opened",
	  0.6 },
	{ "in the name of the file",
	  ZIP_LOCKED,
	  { .file = "invoice%20password%20Blau77%20.zip" },
	  BY "opened",
	  0.6 },
	{ "on the next line", ZIP_LOCKED, { .body = "Password:\r\n\r\nBlau77\r\n" }, BY "opened", 0.6 },
	{ "an office document", OFFICE, { .body = "The password is Blau77\r\n" }, BY "opened", 0.6 },
	{ "one that opens by itself", OFFICE_TRICK, { .body = "Hello\r\n" }, BY "opens_by_itself", 1 },
	{ "one that everybody guesses", ZIP_GUESSED, { .body = "Hello\r\n" }, BY "guessed", 0.5 },
	{ "7-Zip", SEVEN, { .body = "Password: Blau77\r\n" }, BY "closed", 0.6 },
	{ "RAR", RAR_LOCKED, { .body = "Password: Blau77\r\n" }, BY "closed", 0.6 },
	{ "another password", ZIP_LOCKED, { .body = "Password: Rot77\r\n" }, BY "closed", 0.6 },
	{ "a sender who is known",
	  ZIP_LOCKED,
	  { .body = "Password: Blau77\r\n",
	    .spf = "v=spf1 ip4:" PEER " -all",
	    .dmarc = "v=DMARC1; p=reject",
	    .seen = 50 },
	  BY "opened",
	  0.2 },
	/* near misses */
	{ "a lock without a word", ZIP_LOCKED, { .body = "Hello\r\n" }, NULL, 0 },
	{ "a lock, and its key comes by telephone",
	  ZIP_LOCKED,
	  { .body = "I shall call you about it.\r\n" },
	  NULL,
	  0 },
	{ "a word without a lock", ZIP_OPEN, { .body = "Password: Blau77\r\n" }, NULL, 0 },
	{ "a word and a text", TEXT, { .body = "Password: Blau77\r\n" }, NULL, 0 },
	{ "a word about another password",
	  ZIP_OPEN,
	  { .body = "Never tell your password to anybody.\r\n" },
	  NULL,
	  0 },
	{ "7-Zip without a word", SEVEN, { .body = "Here it is.\r\n" }, NULL, 0 },
	{ "RAR without a word", RAR_LOCKED, { .body = "Here it is.\r\n" }, NULL, 0 },
	{ "a document without a word", OFFICE, { .body = "Here it is.\r\n" }, NULL, 0 },
	{ "a statement of a bank",
	  PDF_LOCKED,
	  { .body = "The password is the last four digits of your number.\r\n" },
	  NULL,
	  0 },
	{ "a post code", ZIP_LOCKED, { .body = "Our zipcode: 12345\r\n" }, NULL, 0 },
	{ "released", ZIP_LOCKED, { .body = "Password: Blau77\r\n", .released = true }, NULL, 0 },
	{ "no file", TEXT, { .body = "Your password: Blau77, and welcome\r\n" }, NULL, 0 },
};

static struct str file_of(struct arena *a, enum file file)
{
	const struct make_member members[] = {
		{ .name = STR("letter.txt"),
		  .data = STR("a letter"),
		  .password = file == ZIP_OPEN      ? NULL
			      : file == ZIP_GUESSED ? "infected"
						    : "Blau77" },
	};
	const struct make_member document[] = {
		{ .name = STR("[Content_Types].xml"), .data = STR("<Types/>") },
		{ .name = STR("word/document.xml"), .data = str_from(arena_zalloc(a, 5000), 5000) },
	};

	switch (file) {
	case ZIP_LOCKED:
	case ZIP_OPEN:
	case ZIP_GUESSED:
		return make_zip(a, &(struct make_zip){ .v = members, .n = 1 });
	case OFFICE:
	case OFFICE_TRICK:
		return make_agile(a, make_zip(a, &(struct make_zip){ .v = document, .n = 2 }),
				  file == OFFICE ? "Blau77" : "VelvetSweatshop", 100);
	case SEVEN: /* made by 7-Zip, names and all */
		return STR("\x37\x7a\xbc\xaf\x27\x1c\x00\x04\xaf\x82\x2b\x6f\x80\x00\x00\x00\x00\x00\x00\x00"
			   "\x2e\x00\x00\x00\x00\x00\x00\x00\x1f\xa1\xe0\x83\x66\x49\x42\x20\x97\xe6\x22\x02"
			   "\x53\xe9\x3c\x27\x19\xbe\x44\xe5\x78\xd1\x53\xe8\x25\xaa\xf8\x99\x61\xf7\x21\x7b"
			   "\x3f\x1d\xd6\xb0\x14\xa6\xd4\x79\x10\x0a\xf7\xfa\xd4\xba\x43\xcb\xd7\xa5\xa2\xac"
			   "\xad\x1b\x4f\x1d\xae\xec\x80\xde\x00\xe5\xfc\xc6\x71\x42\x09\xca\x67\x97\x03\xda"
			   "\xd6\x52\xc1\x22\xbe\xe6\x98\x73\x6e\x83\x21\x44\xaa\x14\x48\x45\xb7\x62\x71\x50"
			   "\xd5\x2b\x71\x8a\x7d\xaa\x53\xb0\xce\x11\xd7\xaf\x7b\xf1\x1b\xd3\x09\x42\x19\x3d"
			   "\x93\x79\xae\xe3\x5e\x65\xe5\x24\xe0\xd1\x60\xba\xcd\xd6\x69\x99\xf5\x2b\x0b\x30"
			   "\x17\x06\x10\x01\x09\x70\x00\x07\x0b\x01\x00\x01\x24\x06\xf1\x07\x01\x12\x53\x0f"
			   "\xd7\xcd\xd9\x83\x2b\x1d\x4a\x06\x56\x92\xe6\x9c\x14\xa7\xd2\x51\x0c\x62\x0a\x01"
			   "\xb3\x98\xe3\x89\x00\x00");
	case RAR_LOCKED: /* an archive whose names are locked, too */
		return STR("Rar!\x1a\7\0\xce\x99\x73\x80\0\x0d\0\0\0\0\0\0\0");
	case PDF_LOCKED:
		return STR("%PDF-1.4\ntrailer<</Encrypt<</Filter/X>>>>");
	case TEXT:
		break;
	}
	return STR("a letter");
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *a = arena_new(64u << 20, NULL, NULL);
		struct mail m = rows[i].mail;
		struct row row = { rows[i].name, m, rows[i].want, rows[i].least };
		struct bench b;
		if (!m.file)
			m.file = "file.bin";
		m.file_bytes = file_of(a, rows[i].file);
		bench_scan(&b, &m, NULL);
		bench_row(&b, &row, "password_in_mail");
		bench_close(&b);
		arena_free(&a);
	}
}

/* What is behind the lock is judged like anything else. */
static void test_inside(void **state)
{
	static const struct make_member members[] = { { .name = STR_INIT("letter.pdf.exe"),
							.data = STR_INIT("MZ\x90\0\3\0\0\0"),
							.password = "Blau77" } };
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	struct mail m = { .body = "Password: Blau77\r\n", .file = "letter.zip" };
	struct bench b;

	(void)state;
	m.file_bytes = make_zip(a, &(struct make_zip){ .v = members, .n = 1 });
	bench_scan(&b, &m, NULL);
	assert_non_null(bench_finding(&b, "attachment_risk.double_ending"));
	assert_null(bench_finding(&b, "attachment_risk.encrypted_archive"));
	const struct finding *f = bench_finding(&b, "password_in_mail.opened");
	assert_non_null(f);
	assert_true(str_eq(f->value, STR("Blau77")));
	assert_true(b.verdict.detections->attachments.v[0].encrypted);
	assert_false(b.verdict.detections->attachments.v[1].encrypted);
	bench_close(&b);
	arena_free(&a);
}

/* Of a file that stayed locked nobody knows what is inside. */
static void test_closed(void **state)
{
	struct arena *a = arena_new(64u << 20, NULL, NULL);
	const struct mail m = { .body = "Password: Blau77\r\n",
				.file = "letter.7z",
				.file_bytes = file_of(a, SEVEN) };
	struct bench b;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding *f = bench_finding(&b, "password_in_mail.closed");
	assert_non_null(f);
	assert_true(str_eq(f->field, STR("body")));
	assert_true(str_find(f->value, STR("Password: Blau77"), 0) != SIZE_MAX);
	assert_true(str_find(f->detail, STR("files inside"), 0) == SIZE_MAX);
	bench_close(&b);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
