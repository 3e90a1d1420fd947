/* yara: rules over what is attached and written. */
#include "bench.h"

#include <stdio.h>
#include <unistd.h>

#include "detect/outside.h"

static struct outside outside;
static const struct outside none;

/* As yara_rules_read gives them: a name and a text, each with its NUL. */
static const char files[] =
    "/rules/one.yar\0"
    "rule Critical { meta: description = \"the worst\" severity = \"critical\" strings: $a = "
    "\"worst-of-all\" "
    "condition: $a }\n"
    "rule High { meta: severity = \"HIGH\" strings: $a = \"rather-high\" condition: $a }\n"
    "rule Medium { strings: $a = \"of-medium-size\" condition: $a }\n"
    "rule Low { meta: severity = \"low\" strings: $a = { 01 02 03 ?? 05 } condition: $a }\n"
    "rule Info { meta: severity = \"info\" strings: $a = \"only-told\" condition: $a }\n"
    "rule Odd { meta: severity = \"terrible\" strings: $a = \"odd-word\" condition: $a }\n"
    "private rule Hidden { strings: $a = \"rather-hidden\" condition: $a }\n"
    "rule Named { meta: score = 75 condition: filename matches /invoice/ and extension == \".lnk\" }\0"
    "/rules/two.yar\0"
    "import \"math\"\n"
    "rule Scored { meta: score = 95 strings: $x = \"score-me\" $y = /me+/ condition: any of them }\n"
    "rule Number { meta: severity = 40 score = 95 strings: $a = \"severe-number\" condition: $a }\n"
    "rule Random { meta: severity = \"low\" condition: filesize > 200 and math.entropy(0, filesize) > 7.5 "
    "}\n";

#define ALL .outside = &outside
#define FILE_OF(bytes) .file = "a.bin", .file_bytes = STR_INIT(bytes)
#define TEXT_OF(text) .body = text "\r\n"

static const struct row rows[] = {
	{ "a file", { ALL, FILE_OF("xx worst-of-all xx") }, "yara.match", 1 },
	{ "a text", { ALL, TEXT_OF("this is worst-of-all") }, "yara.match", 1 },
	{ "HTML",
	  { ALL, .type = "text/html", TEXT_OF("<p class='rather-high'>Hello</p>") },
	  "yara.match",
	  0.9 },
	{ "no severity", { ALL, FILE_OF("of-medium-size") }, "yara.match", 0.6 },
	{ "one that is not known", { ALL, FILE_OF("odd-word") }, "yara.match", 0.6 },
	{ "bytes", { ALL, FILE_OF("a\1\2\3\4\5b") }, "yara.match", 0.3 },
	{ "a score", { ALL, FILE_OF("please score-me") }, "yara.match", 1 },
	{ "a number goes before a score", { ALL, FILE_OF("severe-number") }, "yara.match", 0.6 },
	{ "a name", { ALL, .file = "invoice.lnk", .file_bytes = STR_INIT("L") }, "yara.match", 0.9 },
	{ "only told", { ALL, FILE_OF("only-told") }, "yara.match", 0 },
	/* near misses */
	{ "nothing of it", { ALL, FILE_OF("the best of all") }, NULL, 0 },
	{ "one letter off", { ALL, FILE_OF("worst-of-al1") }, NULL, 0 },
	{ "a private rule", { ALL, FILE_OF("rather-hidden") }, NULL, 0 },
	{ "bytes in another order", { ALL, FILE_OF("a\1\2\4\3\5b") }, NULL, 0 },
	{ "another case", { ALL, FILE_OF("WORST-OF-ALL") }, NULL, 0 },
	{ "another name", { ALL, .file = "invoice.txt", .file_bytes = STR_INIT("L") }, NULL, 0 },
	{ "the name of no attachment", { ALL, TEXT_OF("invoice.lnk") }, NULL, 0 },
	{ "no rules", { .outside = &none, FILE_OF("worst-of-all") }, NULL, 0 },
	{ "nobody said so", { FILE_OF("worst-of-all") }, NULL, 0 },
	{ "it was released", { ALL, FILE_OF("worst-of-all"), .released = true }, NULL, 0 },
	{ "across two parts", { ALL, TEXT_OF("worst-of"), FILE_OF("-all") }, NULL, 0 },
	{ "an empty file", { ALL, FILE_OF("") }, NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	bench_table(rows, ARRAY_LEN(rows), "yara");
}

static void test_evidence(void **state)
{
	const struct mail m = { ALL, FILE_OF("one worst-of-all, two worst-of-all"), TEXT_OF("worst-of-all") };
	struct bench b;
	size_t found = 0;

	(void)state;
	bench_scan(&b, &m, NULL);
	const struct finding_list *all = &b.verdict.message->findings;
	for (size_t i = 0; i < all->n; i++)
		found += str_starts(all->v[i].name, STR("yara"));
	assert_int_equal(found, 1); /* one for each rule */
	const struct finding *f = bench_finding(&b, "yara");
	assert_true(str_eq(f->value, STR("Critical")));
	assert_true(str_eq(f->detail, STR("rule Critical: the worst; first match $a at byte 4")));
	assert_true(str_eq(f->attachment, STR("a.bin")));
	assert_int_equal(b.verdict.message->final_disposition, DISP_MALICIOUS);
	bench_close(&b);
}

/* What goes too slowly is told, and is nothing against the mail. */
static void test_slow(void **state)
{
	struct outside slow = outside;
	const struct mail m = { .outside = &slow, FILE_OF("worst-of-all") };
	struct bench b;

	(void)state;
	slow.rules_ms = 0;
	bench_scan(&b, &m, NULL);
	assert_non_null(bench_finding(&b, "yara.unfinished"));
	assert_null(bench_finding(&b, "yara.match"));
	bench_close(&b);
}

static void test_refused(void **state)
{
	static const struct {
		struct str files;
		const char *want;
	} cases[] = {
		{ STR_INIT("/r/a.yar\0rule A { condition: true }\nrule A { condition: true }\n"),
		  "/r/a.yar, line 2: " },
		{ STR_INIT("/r/a.yar\0rule A { condition: nobody }\n"), "/r/a.yar, line 1: " },
		{ STR_INIT("/r/a.yar\0rule A { condition: true }\0/r/b.yar\0\n\nrule {"),
		  "/r/b.yar, line 3: " },
		{ STR_INIT("/r/a.yar\0include \"/etc/passwd\"\n"), "/r/a.yar, line 1: " },
		{ STR_INIT("/r/a.yar\0import \"magic\"\nrule A { condition: magic.type() == \"x\" }\n"),
		  "magic" },
		{ STR_INIT("/r/a.yar\0import \"cuckoo\"\nrule A { condition: cuckoo.network.host(/x/) }\n"),
		  "cuckoo" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct errbuf eb = { "" };
		struct yara_rules *r;
		if (yara_rules_compile(cases[i].files, &r, &eb) != ERR_SYNTAX ||
		    !strstr(eb.text, cases[i].want))
			fail_msg("%zu: %s", i, eb.text);
		assert_null(r);
	}
	/* The same name in two files is two rules. */
	struct yara_rules *r;
	struct errbuf eb;
	assert_int_equal(yara_rules_compile(
			     STR("/a\0rule A { condition: true }\0/b\0rule A { condition: true }"), &r, &eb),
			 OK);
	yara_rules_free(&r);
}

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	fclose(f);
}

static void test_files(void **state)
{
	char dir[] = "/tmp/postern-yara-XXXXXX", path[64];
	struct errbuf eb;
	struct buf b;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/b.yar", dir);
	assert_int_equal(yara_rules_read(path, &b, &eb), ERR_ABSENT);
	buf_free(&b);
	assert_int_equal(yara_rules_read(dir, &b, &eb), ERR_ABSENT); /* without rules */
	buf_free(&b);
	write_file(dir, "b.yar", "B");
	write_file(dir, "a.yara", "A");
	write_file(dir, "c.txt", "C");
	assert_int_equal(yara_rules_read(dir, &b, &eb), OK);
	assert_int_equal(b.n, 2 * (strlen(dir) + 2) + strlen("a.yara") + strlen("b.yar") + 2 * 2);
	assert_true(b.p[strlen(dir) + strlen("/a.yara") + 1] == 'A' && b.p[b.n - 2] == 'B');
	buf_free(&b);
	assert_int_equal(yara_rules_read(path, &b, &eb), OK);
	assert_string_equal(b.p, path);
	buf_free(&b);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a.yara", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/c.txt", dir);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table), cmocka_unit_test(test_evidence),
					    cmocka_unit_test(test_slow), cmocka_unit_test(test_refused),
					    cmocka_unit_test(test_files) };
	struct errbuf eb;

	outside.rules_ms = 60000;
	if (yara_rules_compile(str_from(files, sizeof(files)), &outside.rules, &eb) != OK) {
		fprintf(stderr, "%s\n", eb.text);
		return 1;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	outside_free(&outside);
	return failed;
}
