/* `postern scan`: paths, mbox, exit status, and what stands on standard output. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>
#include <cmocka.h>

#include "base/attr.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/scan_internal.h"

#define MAIL "From: a@b.test\nSubject: hello\n\nHi Bob, see you on Monday.\n"
#define MBOX "From x Fri Nov  6 10:00:00 2026\n" MAIL "\nFrom y Fri Nov  6 10:00:00 2026\n" MAIL

#define LINKS                                                                                            \
	"From: a@b.test\nReceived: from x ([198.51.100.7]) by y; Fri, 6 Nov 2026 10:00:00 +0000\n"       \
	"Content-Type: multipart/alternative; boundary=b\n\n--b\n\nhttps://www.one.test/a.html\n\n--b\n" \
	"Content-Type: text/html\n\n<a href='https://www.one.test/a.html'>Sign in: here</a> "            \
	"<a href='HTTP:\\two.test?x=1.2'>www.three.test</a> "                                            \
	"<a href='mailto:me@four.test'>write<br>to  us</a>\n--b--\n"

/* Two findings that are SUSPICIOUS only together, and one that is alone. */
#define ALONE "From: a@b.test, c@d.test\nSubject: hello\n\nHi Bob, see you on Monday.\n"
#define SUM                                                                 \
	"From: a@b.test\nSubject: hello\nContent-Type: text/html\n\n"       \
	"<a href='http://198.51.100.7/in'>https://www.example.com/</a> <a " \
	"href=\"https://b.test/\">home</a> and see you on Monday, Bob.\n"

static char dir[] = "/tmp/postern-scan-XXXXXX";
static char out_text[65536], err_text[4096];

static const char *at(const char *name)
{
	static char path[4][256];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", dir, name);
	return path[turn];
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(at(name), "wb");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* The text in n frames. */
static void put_packed(const char *name, const char *text, int n)
{
	char packed[1000];
	FILE *f = fopen(at(name), "wb");

	assert_non_null(f);
	for (int i = 0; i < n; i++) {
		size_t part = strlen(text) / (size_t)n, from = part * (size_t)i;
		size_t size = ZSTD_compress(packed, sizeof(packed), text + from,
					    i + 1 < n ? part : strlen(text) - from, 1);
		assert_false(ZSTD_isError(size));
		assert_int_equal(fwrite(packed, 1, size, f), size);
	}
	fclose(f);
}

static int make_files(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(mkdir(at("d"), 0700), 0);
	put("one.eml", MAIL);
	put("envelope.eml", "From x Fri Nov  6 10:00:00 2026\n" MAIL);
	put("two.mbox", MBOX);
	put("d/b.eml", MAIL);
	put("d/a.eml", MAIL);
	put("empty.eml", "");
	put_packed("packed.zst", MAIL, 1);
	put_packed("two.mbox.zst", MBOX, 3);
	put("damaged.zst", "\x28\xb5\x2f\xfd no");
	assert_int_equal(mkdir(at("links"), 0700), 0);
	put("links/a.eml", MAIL);
	assert_int_equal(symlink("..", at("links/up")), 0);
	assert_int_equal(symlink("a.eml", at("links/again.eml")), 0);
	put("links.eml", LINKS);
	put("sum.eml", SUM);
	put("alone.eml", ALONE);
	put("crlf.mbox",
	    "From x\r\nFrom: a@b.test\r\n\r\nx\r\nFrom here\nFrom there\r\n\r\nFrom y\r\n\r\nz\r\n");
	return 0;
}

static int remove_files(void **state)
{
	static const char *const names[] = { "one.eml",     "envelope.eml", "two.mbox",   "d/b.eml",
					     "d/a.eml",     "empty.eml",    "links.eml",  "sum.eml",
					     "alone.eml",   "crlf.mbox",    "packed.zst", "two.mbox.zst",
					     "damaged.zst", "links/a.eml",  "links/up",   "links/again.eml",
					     "out",         "err" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(at(names[i]));
	rmdir(at("d"));
	rmdir(at("links"));
	rmdir(dir);
	return 0;
}

static int divert(int fd, const char *name)
{
	int saved = dup(fd), file = open(at(name), O_RDWR | O_CREAT | O_TRUNC, 0600);

	assert_true(saved >= 0 && file >= 0);
	dup2(file, fd);
	close(file);
	return saved;
}

static void restore(int fd, int saved)
{
	dup2(saved, fd);
	close(saved);
}

static void get(const char *name, char *text, size_t room)
{
	FILE *f = fopen(at(name), "rb");

	assert_non_null(f);
	text[fread(text, 1, room - 1, f)] = '\0';
	fclose(f);
}

/* Runs the command; what it said is in out_text and err_text, its exit status is given. */
static int run(const char *a, const char *b, const char *c)
{
	char word[3][256] = { "", "", "" }, name[] = "scan";
	char *argv[] = { name, word[0], word[1], word[2], NULL };
	const char *given[] = { a, b, c };
	int argc = 1;

	for (int i = 0; i < 3; i++)
		if (given[i]) {
			snprintf(word[i], sizeof(word[i]), "%s", given[i]);
			argv[argc++] = word[i];
		}
	argv[argc] = NULL;
	fflush(NULL);
	int out = divert(1, "out"), err = divert(2, "err");
	int status = cli_scan(argc, argv);
	fflush(NULL);
	restore(1, out);
	restore(2, err);
	get("out", out_text, sizeof(out_text));
	get("err", err_text, sizeof(err_text));
	return status;
}

static size_t lines(void)
{
	size_t n = 0;

	for (const char *p = out_text; *p; p++)
		n += *p == '\n';
	return n;
}

static void test_json(void **state)
{
	char want[300];

	(void)state;
	assert_int_equal(run("--json", at("one.eml"), NULL), 0);
	snprintf(want, sizeof(want), "{\"path\":\"%s\",\"message\":{", at("one.eml"));
	assert_memory_equal(out_text, want, strlen(want));
	assert_int_equal(lines(), 1);
	assert_non_null(strstr(out_text, "\"final_disposition\":\"NONE\""));
	assert_non_null(strstr(out_text, "\"subject\":\"hello\""));
	assert_non_null(strstr(out_text, ",\"detections\":{"));
	assert_non_null(strstr(out_text, ",\"elapsed_us\":"));
	assert_non_null(strstr(out_text, ",\"cpu_us\":"));
	assert_non_null(strstr(out_text, "\"ts\":\"20")); /* a text in every message, as clients expect */
	assert_null(strstr(out_text, "\"cc\":"));         /* internal fields stay inside */
}

static void test_paths_from(void **state)
{
	char names[600];

	(void)state;
	snprintf(names, sizeof(names), "%s\n\n%s", at("one.eml"),
		 at("two.mbox")); /* no line end at the last */
	put("names", names);
	assert_int_equal(run("--json", "--paths-from", at("names")), 0);
	assert_int_equal(lines(), 3);
	put("names", "/no/such/mail\n");
	assert_int_equal(run("--json", "--paths-from", at("names")), 1);
	assert_non_null(strstr(err_text, "/no/such/mail"));
	assert_int_equal(run("--paths-from", at("no-such-list"), NULL), 1);
	assert_non_null(strstr(err_text, "no-such-list"));
	assert_int_equal(run("--paths-from", NULL, NULL), 2);
}

static void test_paths(void **state)
{
	(void)state;
	assert_int_equal(run("--json", at("two.mbox"), NULL), 0);
	assert_int_equal(lines(), 2);
	assert_non_null(strstr(out_text, "two.mbox#1\""));
	assert_non_null(strstr(out_text, "two.mbox#2\""));
	assert_int_equal(run("--json", at("envelope.eml"), NULL), 0);
	assert_int_equal(lines(), 1);
	assert_non_null(strstr(out_text, "envelope.eml\""));
	assert_int_equal(run("--json", at("d"), NULL), 0);
	assert_int_equal(lines(), 2);
	assert_true(strstr(out_text, "/a.eml") < strstr(out_text, "/b.eml"));
	assert_int_equal(run("--json", at("crlf.mbox"), NULL), 0);
	assert_int_equal(lines(), 2);
	assert_int_equal(run("--json", at("empty.eml"), NULL), 0);
	assert_int_equal(lines(), 1);
	/* What links lead to is judged where it lies, once; a link that was named is followed. */
	assert_int_equal(run("--json", at("links"), NULL), 0);
	assert_int_equal(lines(), 1);
	assert_int_equal(run("--json", at("links/again.eml"), NULL), 0);
	assert_int_equal(lines(), 1);
}

static void test_packed(void **state)
{
	(void)state;
	assert_int_equal(run("--json", at("packed.zst"), NULL), 0);
	assert_int_equal(lines(), 1);
	assert_non_null(strstr(out_text, "\"subject\":\"hello\""));
	assert_int_equal(run("--json", at("two.mbox.zst"), NULL), 0);
	assert_int_equal(lines(), 2);
	assert_int_equal(run("--json", at("damaged.zst"), NULL), 1);
	assert_int_equal(lines(), 0);
	assert_non_null(strstr(err_text, "damaged.zst: zstd cannot unpack it\n"));
}

static void test_readable(void **state)
{
	(void)state;
	assert_int_equal(run(at("one.eml"), NULL, NULL), 0);
	assert_non_null(strstr(out_text, "one.eml: NONE\n"));
	assert_non_null(strstr(out_text, "Nothing was found against it."));
	assert_non_null(strstr(out_text, "<a@b.test>"));
	assert_null(strstr(out_text, "Is this a mail?"));
	assert_null(strstr(out_text, " messages: "));
	assert_int_equal(run(at("d"), at("empty.eml"), NULL), 0);
	assert_non_null(strstr(out_text, "  from     (no address)\n"));
	assert_non_null(strstr(out_text, "Is this a mail?"));
	assert_non_null(strstr(out_text, "\n3 messages: 3 NONE\n"));
	/* Without a sender there is nothing to ask. */
	assert_int_equal(run("--dns", at("empty.eml"), NULL), 0);
	assert_non_null(
	    strstr(out_text, "  checks   SPF not checked (a file has no envelope), DKIM none, DMARC "));
}

/* No link of a mail can be followed from a terminal, and one that two parts name stands there once. */
static void test_links(void **state)
{
	(void)state;
	assert_int_equal(run(at("links.eml"), NULL, NULL), 0);
	const char *first = strstr(
	    out_text, "  link     https[:]//www[dot]one[dot]test/a.html  shown as \"Sign in: here\"\n");
	assert_non_null(first);
	assert_null(strstr(strchr(first, '\n'), "one[dot]test"));
	assert_ptr_equal(strstr(out_text, "  link "), first);
	assert_non_null(strstr(
	    out_text, "  link     HTTP[:]\\two[dot]test?x=1.2  shown as \"www[dot]three[dot]test\"\n"));
	assert_non_null(strstr(out_text, "  link     mailto[:]me@four[dot]test  shown as \"write to us\"\n"));
	assert_non_null(
	    strstr(out_text, "  host     198.51.100.7 handed it over (so its Received fields say)\n"));
}

/* A verdict that no finding speaks for alone is said to be a sum; one that decides alone is not. */
static void test_sum(void **state)
{
	(void)state;
	assert_int_equal(run(at("alone.eml"), NULL, NULL), 0);
	assert_non_null(strstr(out_text, "alone.eml: SUSPICIOUS\n"));
	assert_null(strstr(out_text, "adds up"));
	assert_int_equal(run(at("sum.eml"), NULL, NULL), 0);
	assert_non_null(strstr(out_text, "  What was found adds up to SUSPICIOUS:\n  SUSPICIOUS    0.70  "));
}

/* What took a finding away is told as what it is. */
static void test_not_counted(void **state)
{
	static const struct {
		const char *by, *want;
	} cases[] = {
		{ "ann@sender.test", "a policy of the account says so, ann@sender.test\n" },
		{ "detection_settings.disabled_detectors", "the account switched this detector off\n" },
		{ "managed_acceptable_sender nike.com", "senders of the shipped list, nike.com\n" },
		{ "bounce of 77@home.test", "this is a bounce of what the account sent, 77@home.test\n" },
		{ "correction 1111", "by correction 1111\n" },
		{ "the correction was undone", "the correction was undone\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct finding f = { .name = STR("x"), .reason = STR("It is so.") };
		struct message m = { .findings = { &f, 1 } };
		struct buf b;
		SET(&f, finding, suppressed_by, str_of(cases[i].by));
		buf_init(&b, 65536);
		explain_why(&b, STR("mail"), &m, false);
		if (str_find(buf_str(&b), str_of(cases[i].want), 0) == SIZE_MAX)
			fail_msg("%s: %.*s", cases[i].by, STR_ARG(buf_str(&b)));
		buf_free(&b);
	}
}

static void test_status(void **state)
{
	(void)state;
	assert_int_equal(run(at("absent.eml"), NULL, NULL), 1);
	/* What can be read is judged all the same. */
	assert_int_equal(run("--json", at("absent.eml"), at("one.eml")), 1);
	assert_int_equal(lines(), 1);
	assert_int_equal(run(NULL, NULL, NULL), 2);
	assert_int_equal(run("--bogus", at("one.eml"), NULL), 2);
	assert_memory_equal(err_text, "postern scan: --bogus is not understood\n", 40);
	assert_int_equal(run("--authserv-id", NULL, NULL), 2);
	assert_memory_equal(err_text, "postern scan: --authserv-id needs NAME\n", 39);
	assert_int_equal(run(at("one.eml"), "--data", NULL), 2);
	assert_memory_equal(err_text, "postern scan: --data needs DIR\n", 31);
	assert_int_equal(run("--help", NULL, NULL), 0);
	assert_non_null(strstr(out_text, "usage: postern scan"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),     cmocka_unit_test(test_paths_from),
		cmocka_unit_test(test_paths),    cmocka_unit_test(test_packed),
		cmocka_unit_test(test_readable), cmocka_unit_test(test_links),
		cmocka_unit_test(test_sum),      cmocka_unit_test(test_not_counted),
		cmocka_unit_test(test_status)
	};
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
