/*
 * What takes long is what strangers send for that. Twice as much may take twice the time, not four times; of what
 * memory there is the ceiling of a scan is enough.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mime/address.h"
#include "mime/content.h"
#include "mime/encoded_word.h"
#include "mime/param.h"

#define BYTES (1u << 19) /* of the smaller input */
#define ROUNDS 3         /* the best counts */
#define MOST 3.2 /* times the time for twice the bytes: 2 and what a busy machine adds; a square makes it 4 */
#define NOISE_S 0.3 /* less says nothing */

static void repeat(struct buf *b, const char *what, size_t bytes)
{
	for (size_t until = b->n + bytes; b->n < until;)
		buf_add_c(b, what);
}

static void nested(struct buf *b, int levels)
{
	for (int i = 0; i < levels; i++)
		buf_printf(b, "Content-Type: multipart/mixed; boundary=level%02d\n\n--level%02d\n", i, i);
}

static void nested_empty_lines(struct buf *b, size_t n)
{
	nested(b, LIMIT_DEPTH - 1);
	repeat(b, "\n", n);
}

static void nested_dashes(struct buf *b, size_t n)
{
	nested(b, LIMIT_DEPTH - 1);
	repeat(b, "--level\n", n);
}

static void two_boundaries_each(struct buf *b, size_t n)
{
	for (int i = 0; i < LIMIT_DEPTH - 1; i++)
		buf_printf(b, "Content-Type: multipart/mixed; boundary=b%d; boundary=c%d\n\n--b%d\n\n--c%d\n",
			   i, i, i, i);
	repeat(b, "--b0x\n", n);
}

static void header_lines(struct buf *b, size_t n)
{
	repeat(b, "x\n", n / 2);
	repeat(b, "Content-X: y\n", n / 2);
}

static void folded_header(struct buf *b, size_t n)
{
	buf_add_c(b, "To: x");
	repeat(b, "\n \n\v", n);
}

static void zero_bytes(struct buf *b, size_t n)
{
	buf_add_c(b, "Content-Type: multipart/mixed; boundary=b\n\n");
	repeat(b, "-x\n--b \r--b\r", n);
	for (size_t i = 60; i < b->n; i += 7)
		b->p[i] = 0;
}

static void begins(struct buf *b, size_t n)
{
	buf_add_c(b, "\n");
	repeat(b, "begin 644 a\n#35I0\n=ybegin name=x\n", n);
}

static void unclosed_pgp(struct buf *b, size_t n)
{
	buf_add_c(b, "\n");
	repeat(b, "x-----BEGIN PGP MESSAGE-----", n);
}

static void calendar(struct buf *b, size_t n)
{
	buf_add_c(b, "Content-Type: text/calendar\n\n");
	repeat(b, "SUMMARY;X=\";ENCODING=QUOTED-PRINTABLE;CN=a:\n\\=\n", n);
}

static void enriched(struct buf *b, size_t n)
{
	buf_add_c(b, "Content-Type: text/enriched\n\n");
	repeat(b, "<param><bold<<\n", n);
}

static void flowed(struct buf *b, size_t n)
{
	buf_add_c(b, "Content-Type: text/plain; format=flowed; delsp=yes\n\n");
	repeat(b, ">>> \n", n);
}

static void base64_noise(struct buf *b, size_t n)
{
	buf_add_c(b, "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n");
	repeat(b, "TQ==-\n", n);
}

static void quotes(struct buf *b, size_t n)
{
	repeat(b, "\"\\\"", n);
}

static void brackets(struct buf *b, size_t n)
{
	repeat(b, "((<\"a@", n);
}

static void words(struct buf *b, size_t n)
{
	repeat(b, "=?utf-8?B?YQ?= =?x?q?", n);
}

static void sections(struct buf *b, size_t n)
{
	buf_add_c(b, "a/b");
	for (unsigned i = 0; b->n < n; i++)
		buf_printf(b, "; name*%u*=\"\\\"%%41\" (", i % 300);
}

static void commas(struct buf *b, size_t n)
{
	repeat(b, "a b,", n);
}

static void read_mail(struct arena *a, struct str s)
{
	content_extract(a, mime_parse(a, s));
}

static void read_addresses(struct arena *a, struct str s)
{
	(void)address_parse(a, s);
}

static void read_params(struct arena *a, struct str s)
{
	(void)params_parse(a, s);
}

static void read_words(struct arena *a, struct str s)
{
	(void)encoded_word_decode(a, s);
}

static const struct {
	const char *name;
	void (*make)(struct buf *b, size_t n);
	void (*read)(struct arena *a, struct str s);
} cases[] = {
	{ "empty lines in nested multiparts", nested_empty_lines, read_mail },
	{ "dashes in nested multiparts", nested_dashes, read_mail },
	{ "two boundaries on each level", two_boundaries_each, read_mail },
	{ "lines that are no fields", header_lines, read_mail },
	{ "a field folded over and over", folded_header, read_mail },
	{ "zero bytes and bare CR", zero_bytes, read_mail },
	{ "beginnings of files in a text", begins, read_mail },
	{ "armour in the middle of lines", unclosed_pgp, read_mail },
	{ "a calendar of parameters", calendar, read_mail },
	{ "enriched commands", enriched, read_mail },
	{ "flowed quote marks", flowed, read_mail },
	{ "base64 that ends again and again", base64_noise, read_mail },
	{ "quotes in addresses", quotes, read_addresses },
	{ "brackets in addresses", brackets, read_addresses },
	{ "commas in addresses", commas, read_addresses },
	{ "encoded words in addresses", words, read_addresses },
	{ "quotes in parameters", quotes, read_params },
	{ "sections of parameters", sections, read_params },
	{ "encoded words", words, read_words },
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds_for(size_t i, size_t bytes)
{
	struct buf b;
	double best = 1e9;

	buf_init(&b, 4 * (size_t)BYTES);
	cases[i].make(&b, bytes);
	for (int round = 0; round < ROUNDS; round++) {
		struct arena *a = arena_new(LIMIT_SCAN_ARENA, NULL, NULL);
		double begin = cpu_seconds();
		cases[i].read(a, buf_str(&b));
		double took = cpu_seconds() - begin;
		best = took < best ? took : best;
		arena_free(&a);
	}
	buf_free(&b);
	return best;
}

static void test_doubling(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double once = seconds_for(i, BYTES), twice = seconds_for(i, 2 * (size_t)BYTES);
		if (twice < NOISE_S || twice < MOST * once)
			continue;
		print_error("%s: %.4f s, of twice as much %.4f s\n", cases[i].name, once, twice);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubling),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
