/* Databases of addresses: made here, looked into, and damaged. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "detect/places.h"

/* ---- a writer of MMDB 2.0, small and for one tree of 24-bit records ---- */

static void control(struct buf *b, int type, size_t n)
{
	unsigned size = n < 29 ? (unsigned)n : 29;

	assert_true(n < 29 + 256);
	buf_add_char(b, (char)((type > 7 ? 0 : type) << 5 | (int)size));
	if (type > 7)
		buf_add_char(b, (char)(type - 7));
	if (size == 29)
		buf_add_char(b, (char)(n - 29));
}

static void text(struct buf *b, const char *z)
{
	control(b, 2, strlen(z));
	buf_add_c(b, z);
}

static void map(struct buf *b, size_t n)
{
	control(b, 7, n);
}

static void number(struct buf *b, int type, uint32_t v)
{
	control(b, type, type == 5 ? 2 : 4);
	for (int shift = type == 5 ? 8 : 24; shift >= 0; shift -= 8)
		buf_add_char(b, (char)(v >> shift));
}

struct tree {
	uint32_t record[2000][2]; /* 0 = nothing, else index of a node, or the offset of data with bit 31 */
	uint32_t n;
	struct buf data;
};

/* What was added to the data last, from `offset` on, is of that block. */
static void insert(struct tree *t, const char *block_text, size_t offset)
{
	struct ip_block block;
	uint32_t node = 0;

	assert_int_equal(ip_block_parse(str_of(block_text), &block), OK);
	unsigned skip = block.ip.family == 4 ? 96 : 0, bits = block.bits + skip;
	for (unsigned i = 0; i < bits; i++) {
		unsigned at = i - skip;
		bool one = i >= skip && (block.ip.b[at / 8] >> (7 - at % 8) & 1);
		uint32_t *next = &t->record[node][one];
		if (i + 1 == bits) {
			*next = 0x80000000u | (uint32_t)offset;
			return;
		}
		if (*next == 0)
			*next = ++t->n;
		assert_true(t->n < ARRAY_LEN(t->record));
		node = *next;
	}
}

static int finish(struct tree *t)
{
	uint32_t nodes = t->n + 1;
	int fd = memfd_create("mmdb", MFD_CLOEXEC);
	struct buf b;

	buf_init(&b, 1u << 20);
	for (uint32_t i = 0; i < nodes; i++)
		for (int k = 0; k < 2; k++) {
			uint32_t r = t->record[i][k];
			uint32_t v = r == 0 ? nodes : r & 0x80000000u ? nodes + 16 + (r & 0x7fffffffu) : r;
			for (int shift = 16; shift >= 0; shift -= 8)
				buf_add_char(&b, (char)(v >> shift));
		}
	for (int i = 0; i < 16; i++)
		buf_add_char(&b, 0);
	buf_add(&b, buf_str(&t->data));
	buf_add_c(&b, "\xab\xcd\xefMaxMind.com");
	map(&b, 9);
	text(&b, "binary_format_major_version");
	number(&b, 5, 2);
	text(&b, "binary_format_minor_version");
	number(&b, 5, 0);
	text(&b, "build_epoch");
	control(&b, 9, 1);
	buf_add_char(&b, 1);
	text(&b, "database_type");
	text(&b, "Test");
	text(&b, "description");
	map(&b, 0);
	text(&b, "languages");
	control(&b, 11, 0);
	text(&b, "ip_version");
	number(&b, 5, 6);
	text(&b, "node_count");
	number(&b, 6, nodes);
	text(&b, "record_size");
	number(&b, 5, 24);
	assert_true(buf_ok(&b) && write(fd, b.p, b.n) == (ssize_t)b.n);
	buf_free(&b);
	buf_free(&t->data);
	return fd;
}

/* As MaxMind writes them. */
static int asn_file(void)
{
	static struct tree t;

	t = (struct tree){ 0 };
	buf_init(&t.data, 65536);
	map(&t.data, 2);
	text(&t.data, "autonomous_system_number");
	number(&t.data, 6, 64500);
	text(&t.data, "autonomous_system_organization");
	text(&t.data, "Example Net");
	insert(&t, "198.51.100.0/24", 0);
	insert(&t, "2001:db8::/32", 0);
	size_t small = t.data.n;
	map(&t.data, 1);
	text(&t.data, "autonomous_system_number");
	number(&t.data, 5, 7);
	insert(&t, "203.0.113.0/25", small);
	size_t other = t.data.n; /* as IPinfo writes them */
	map(&t.data, 3);
	text(&t.data, "asn");
	text(&t.data, "AS4200000001");
	text(&t.data, "as_name");
	text(&t.data, "Other Net");
	text(&t.data, "country_code");
	text(&t.data, "FR");
	insert(&t, "192.0.2.0/24", other);
	size_t odd = t.data.n;
	map(&t.data, 2);
	text(&t.data, "autonomous_system_number");
	text(&t.data, "64500");
	text(&t.data, "asn");
	text(&t.data, "64500");
	insert(&t, "192.0.3.0/24", odd);
	return finish(&t);
}

static int country_file(void)
{
	static struct tree t;

	t = (struct tree){ 0 };
	buf_init(&t.data, 65536);
	map(&t.data, 3);
	text(&t.data, "country");
	map(&t.data, 1);
	text(&t.data, "iso_code");
	text(&t.data, "US");
	text(&t.data, "subdivisions");
	control(&t.data, 11, 1);
	map(&t.data, 1);
	text(&t.data, "iso_code");
	text(&t.data, "CA");
	text(&t.data, "city");
	map(&t.data, 1);
	text(&t.data, "names");
	map(&t.data, 1);
	text(&t.data, "en");
	text(&t.data, "Los Angeles");
	insert(&t, "198.51.100.0/25", 0);
	size_t land = t.data.n;
	map(&t.data, 1);
	text(&t.data, "country");
	map(&t.data, 1);
	text(&t.data, "iso_code");
	text(&t.data, "DE");
	insert(&t, "2001:db8::/48", land);
	size_t flat = t.data.n;
	map(&t.data, 1);
	text(&t.data, "country");
	text(&t.data, "JP");
	insert(&t, "203.0.113.0/24", flat);
	return finish(&t);
}

static struct places *open_both(int asn, int country)
{
	const int fds[PLACES_FILES] = { asn, country };
	enum places_file bad;
	struct places *p;
	struct errbuf eb;

	if (places_open(fds, &p, &bad, &eb) != OK)
		fail_msg("%d: %s", bad, eb.text);
	return p;
}

static void test_find(void **state)
{
	static const struct {
		const char *ip;
		uint32_t number;
		const char *name, *country, *region, *city;
	} cases[] = {
		{ "198.51.100.7", 64500, "Example Net", "US", "CA", "Los Angeles" },
		{ "::ffff:198.51.100.7", 64500, "Example Net", "US", "CA", "Los Angeles" },
		{ "198.51.100.200", 64500, "Example Net", "", "", "" },
		{ "198.51.101.7", 0, "", "", "", "" },
		{ "2001:db8::1", 64500, "Example Net", "DE", "", "" },
		{ "2001:db8:1::1", 64500, "Example Net", "", "", "" },
		{ "2001:db9::1", 0, "", "", "", "" },
		{ "203.0.113.1", 7, "", "JP", "", "" },
		{ "203.0.113.129", 0, "", "JP", "", "" },
		{ "192.0.2.1", 4200000001u, "Other Net", "", "", "" },
		{ "192.0.3.1", 0, "", "", "", "" }, /* texts where numbers are */
		{ "127.0.0.1", 0, "", "", "", "" },
	};
	int asn = asn_file(), country = country_file();
	struct places *p = open_both(asn, country);

	(void)state;
	close(asn);
	close(country);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct place got;
		struct ip ip;
		assert_int_equal(ip_parse(str_of(cases[i].ip), &ip), OK);
		places_find(p, &ip, &got);
		if (got.as_number != cases[i].number || !str_eq(got.as_name, str_of(cases[i].name)) ||
		    !str_eq(got.country, str_of(cases[i].country)) ||
		    !str_eq(got.region, str_of(cases[i].region)) || !str_eq(got.city, str_of(cases[i].city)))
			fail_msg("%s: AS%u \"%.*s\" %.*s/%.*s/%.*s", cases[i].ip, got.as_number,
				 STR_ARG(got.as_name), STR_ARG(got.country), STR_ARG(got.region),
				 STR_ARG(got.city));
	}
	places_close(&p);
	/* One file for both, one alone, none. */
	asn = asn_file();
	struct ip ip;
	struct place got;
	assert_int_equal(ip_parse(STR("192.0.2.1"), &ip), OK);
	p = open_both(asn, asn);
	places_find(p, &ip, &got);
	assert_true(got.as_number == 4200000001u && str_eq(got.country, STR("FR")));
	places_close(&p);
	p = open_both(-1, asn);
	places_find(p, &ip, &got);
	assert_true(got.as_number == 0 && str_eq(got.country, STR("FR")));
	places_close(&p);
	p = open_both(-1, -1);
	places_find(p, &ip, &got);
	assert_true(got.as_number == 0 && got.country.n == 0);
	places_close(&p);
	places_find(NULL, &ip, &got);
	assert_true(got.as_number == 0 && got.country.n == 0);
	close(asn);
}

/* What is cut off or no database is refused, whichever of the two it is. */
static void test_damaged(void **state)
{
	int fine = asn_file(), cut = asn_file(), empty = memfd_create("empty", MFD_CLOEXEC);
	const int bad[] = { cut, empty };

	(void)state;
	assert_int_equal(ftruncate(cut, 100), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		for (int k = 0; k < PLACES_FILES; k++) {
			int fds[PLACES_FILES] = { fine, fine };
			enum places_file which;
			struct places *p;
			struct errbuf eb = { "" };
			fds[k] = bad[i];
			assert_int_equal(places_open(fds, &p, &which, &eb), ERR_SYNTAX);
			assert_null(p);
			assert_int_equal(which, k);
			assert_true(eb.text[0] != '\0');
		}
	close(fine);
	close(cut);
	close(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_find), cmocka_unit_test(test_damaged) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
