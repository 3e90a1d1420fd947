/* Zip archives put together for tests: honest ones, and ones whose two records disagree. */
#ifndef TESTS_FILE_MAKE_ZIP_H
#define TESTS_FILE_MAKE_ZIP_H

#define ZLIB_CONST
#include <stdlib.h>
#include <zlib.h>

#include "base/arena.h"
#include "base/buf.h"

/* One member. What is not given is as honest archivers write it. */
struct make_member {
	struct str name, data;
	bool deflate, locked, descriptor; /* descriptor: sizes stand behind the data */
	const char *password;             /* really locked, by the old cipher */
	int method;                       /* another one, of which `packed` is what came out */
	struct str packed;
	struct str local_name;   /* another name in the local header */
	uint64_t local_packed;   /* another packed size there */
	uint64_t directory_size; /* another unpacked size in the directory */
	bool unlisted;           /* the directory does not name it */
	size_t offset_of;        /* index + 1 of the member whose place it claims */
};

struct make_zip {
	const struct make_member *v;
	size_t n;
	struct str before, between, behind, comment; /* bytes around */
	bool no_directory, shifted;                  /* shifted: offsets do not count what is before */
	unsigned more_records;                       /* added to the count in the end record */
};

static inline void make_number(struct buf *b, uint64_t v, unsigned bytes)
{
	while (bytes--) {
		buf_add_char(b, (char)v);
		v >>= 8;
	}
}

static inline struct str make_deflated(struct arena *a, struct str s)
{
	z_stream z = { 0 };
	size_t room = s.n + s.n / 100 + 64;
	char *to = arena_alloc(a, room);

	ASSERT(deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (const unsigned char *)s.p;
	z.avail_in = (unsigned)s.n;
	z.next_out = (unsigned char *)to;
	z.avail_out = (unsigned)room;
	ASSERT(deflate(&z, Z_FINISH) == Z_STREAM_END);
	struct str out = str_from(to, z.total_out);
	deflateEnd(&z);
	return out;
}

/* APPNOTE 6.1: three keys that each byte turns on; twelve bytes first, the last of which is the sum's highest. */
static inline void make_turn(uint32_t keys[3], unsigned char c)
{
	const z_crc_t *table = get_crc_table();

	keys[0] = (uint32_t)table[(keys[0] ^ c) & 0xff] ^ keys[0] >> 8;
	keys[1] = (keys[1] + (keys[0] & 0xff)) * 134775813 + 1;
	keys[2] = (uint32_t)table[(keys[2] ^ keys[1] >> 24) & 0xff] ^ keys[2] >> 8;
}

static inline struct str make_locked(struct arena *a, struct str packed, uint32_t crc, const char *password)
{
	uint32_t keys[3] = { 0x12345678, 0x23456789, 0x34567890 };
	char head[12] = "elevenbytes", *z = arena_alloc(a, packed.n + sizeof(head));
	size_t n = 0;

	head[11] = (char)(crc >> 24);
	for (; *password; password++)
		make_turn(keys, (unsigned char)*password);
	for (size_t i = 0; i < sizeof(head) + packed.n; i++) {
		unsigned char c = (unsigned char)(i < sizeof(head) ? head[i] : packed.p[i - sizeof(head)]);
		unsigned t = (keys[2] & 0xffff) | 2;
		z[n++] = (char)(c ^ (unsigned char)(t * (t ^ 1) >> 8));
		make_turn(keys, c);
	}
	return str_from(z, n);
}

static inline void make_record(struct buf *b, const struct make_member *m, bool central, struct str packed,
			       size_t offset)
{
	bool later = m->descriptor && !central;
	uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)m->data.p, (unsigned)m->data.n);
	struct str name = !central && m->local_name.n ? m->local_name : m->name;
	uint64_t size = central && m->directory_size ? m->directory_size : m->data.n;
	uint64_t length = !central && m->local_packed ? m->local_packed : packed.n;

	make_number(b, central ? 0x02014b50 : 0x04034b50, 4);
	make_number(b, central ? 20 | 20 << 16 : 20, central ? 4 : 2);
	make_number(b, (m->locked || m->password ? 1 : 0) | (m->descriptor ? 8 : 0), 2);
	make_number(b, m->method ? (uint64_t)m->method : m->deflate ? 8 : 0, 2);
	make_number(b, 0, 4);
	make_number(b, later ? 0 : crc, 4);
	make_number(b, later ? 0 : length, 4);
	make_number(b, later ? 0 : size, 4);
	make_number(b, name.n, 2);
	make_number(b, 0, 2);
	if (central) {
		make_number(b, 0, 8);
		make_number(b, 0, 2); /* comment, disk, attributes */
		make_number(b, offset, 4);
	}
	buf_add(b, name);
}

static inline struct str make_zip(struct arena *a, const struct make_zip *z)
{
	size_t offsets[64], directory, n = 0;
	struct buf b, central;

	ASSERT(z->n <= 64);
	buf_init(&b, SIZE_MAX);
	buf_init(&central, SIZE_MAX);
	buf_add(&b, z->before);
	for (size_t i = 0; i < z->n; i++) {
		const struct make_member *m = &z->v[i];
		struct str packed = m->deflate ? make_deflated(a, m->data) : m->method ? m->packed : m->data;
		if (m->password)
			packed = make_locked(
			    a, packed,
			    (uint32_t)crc32(0, (const unsigned char *)m->data.p, (unsigned)m->data.n),
			    m->password);
		offsets[i] = b.n;
		make_record(&b, m, false, packed, 0);
		buf_add(&b, packed);
		if (m->descriptor) {
			make_number(&b, 0x08074b50, 4);
			make_number(&b, crc32(0, (const unsigned char *)m->data.p, (unsigned)m->data.n), 4);
			make_number(&b, packed.n, 4);
			make_number(&b, m->data.n, 4);
		}
		if (m->unlisted)
			continue;
		size_t at = offsets[m->offset_of ? m->offset_of - 1 : i];
		make_record(&central, m, true, packed, z->shifted ? at - z->before.n : at);
		n++;
	}
	buf_add(&b, z->between);
	directory = b.n;
	if (!z->no_directory) {
		buf_add(&b, buf_str(&central));
		make_number(&b, 0x06054b50, 4);
		make_number(&b, 0, 4);
		make_number(&b, n + z->more_records, 2);
		make_number(&b, n + z->more_records, 2);
		make_number(&b, central.n, 4);
		make_number(&b, z->shifted ? directory - z->before.n : directory, 4);
		make_number(&b, z->comment.n, 2);
		buf_add(&b, z->comment);
		buf_add(&b, z->behind);
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	buf_free(&central);
	return out;
}

/* n small members, each at its place or all at that of the first, and behind them a program. */
static inline struct str make_zip_of_many(struct arena *a, size_t n, bool one_place)
{
	struct buf b, central;

	buf_init(&b, SIZE_MAX);
	buf_init(&central, SIZE_MAX);
	for (size_t i = 0; i <= n; i++) {
		struct make_member m = { .name = i < n ? arena_printf(a, "%zu.txt", i) : STR("evil.exe"),
					 .data = STR("x") };
		make_record(&central, &m, true, m.data, one_place && i < n ? 0 : b.n);
		make_record(&b, &m, false, m.data, 0);
		buf_add(&b, m.data);
	}
	size_t directory = b.n;
	buf_add(&b, buf_str(&central));
	make_number(&b, 0x06054b50, 4);
	make_number(&b, 0, 4);
	make_number(&b, (n + 1) & 0xffff, 2);
	make_number(&b, (n + 1) & 0xffff, 2);
	make_number(&b, central.n, 4);
	make_number(&b, directory, 4);
	make_number(&b, 0, 2);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	buf_free(&central);
	return out;
}

#endif
