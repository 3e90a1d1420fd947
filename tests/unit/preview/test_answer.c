/* A picture from a process that is not trusted: what is taken for one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "preview/answer.h"

static void put_be32(struct buf *b, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_add_char(b, (char)(n >> shift));
}

static void put_chunk(struct buf *b, const char *type, struct str data, bool wrong)
{
	put_be32(b, (uint32_t)data.n);
	size_t from = b->n;
	buf_add_c(b, type);
	buf_add(b, data);
	put_be32(b, (uint32_t)crc32(0, (const Bytef *)b->p + from, (uInt)(b->n - from)) + wrong);
}

static struct preview_facts facts(void)
{
	return (struct preview_facts){ .width = 800, .height = 300, .top = 100, .bottom = 200 };
}

enum fault {
	FAULT_NONE,
	FAULT_SIGNATURE,
	FAULT_SIZE,
	FAULT_KIND,
	FAULT_SUM,
	FAULT_CHUNK,
	FAULT_NO_PIXELS,
	FAULT_BEHIND,
	FAULT_NO_END,
	FAULT_COUNT
};

static void make(struct buf *b, enum fault fault)
{
	struct buf header;

	buf_init(&header, 64);
	put_be32(&header, 800 + (fault == FAULT_SIZE));
	put_be32(&header, 300);
	buf_add(&header, fault == FAULT_KIND ? STR("\x08\x03\0\0\0") : STR("\x08\x02\0\0\0"));
	buf_init(b, 1 << 20);
	buf_add_c(b, fault == FAULT_SIGNATURE ? "\x89PNX\r\n\x1a\n" : "\x89PNG\r\n\x1a\n");
	put_chunk(b, "IHDR", buf_str(&header), false);
	if (fault == FAULT_CHUNK)
		put_chunk(b, "tEXt", STR("x"), false);
	if (fault != FAULT_NO_PIXELS)
		put_chunk(b, "IDAT", STR("pixels"), fault == FAULT_SUM);
	if (fault != FAULT_NO_END)
		put_chunk(b, "IEND", STR(""), false);
	if (fault == FAULT_BEHIND)
		buf_add_char(b, 'x');
	buf_free(&header);
}

static void test_pictures(void **state)
{
	(void)state;
	for (int fault = FAULT_NONE; fault < FAULT_COUNT; fault++) {
		struct preview_facts f = facts();
		struct buf b;
		make(&b, (enum fault)fault);
		if ((preview_answer_check(&f, buf_str(&b)) == OK) != (fault == FAULT_NONE))
			fail_msg("fault %d", fault);
		/* and every beginning of it */
		for (size_t n = 0; fault == FAULT_NONE && n < b.n; n++)
			assert_int_not_equal(preview_answer_check(&f, str_sub(buf_str(&b), 0, n)), OK);
		buf_free(&b);
	}
}

static void test_facts(void **state)
{
	struct buf b;

	(void)state;
	make(&b, FAULT_NONE);
	const struct preview_facts wrong[] = {
		{ .width = 799, .height = 300, .bottom = 1 },
		{ .width = 1201, .height = 300, .bottom = 1 },
		{ .width = 800, .height = 0 },
		{ .width = 800, .height = 100000, .bottom = 1 },
		{ .width = 800, .height = 300, .top = 2, .bottom = 1 },
		{ .width = 800, .height = 300, .bottom = 301 },
		{ .width = 800, .height = 300, .bottom = 1, .step = 3 },
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_not_equal(preview_answer_check(&wrong[i], buf_str(&b)), OK);
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pictures), cmocka_unit_test(test_facts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
