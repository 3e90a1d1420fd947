/* Compound files put together for tests: streams in storages, small ones in the mini stream, as MS-CFB has it. */
#ifndef TESTS_FILE_MAKE_OLE_H
#define TESTS_FILE_MAKE_OLE_H

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

/* "Macros/VBA/dir"; data NULL: a storage. A storage stands before what is in it. */
struct make_stream {
	struct str path, data;
};

enum { MAKE_SECTOR = 512, MAKE_MINI = 64, MAKE_CUTOFF = 4096 };

static inline void make_le(struct buf *b, uint64_t v, unsigned bytes)
{
	while (bytes--) {
		buf_add_char(b, (char)v);
		v >>= 8;
	}
}

static inline void make_utf16(struct buf *b, struct str ascii)
{
	for (size_t i = 0; i < ascii.n; i++)
		make_le(b, (unsigned char)ascii.p[i], 2);
}

static inline void make_pad(struct buf *b, size_t to)
{
	while (b->n % to)
		buf_add_char(b, 0);
}

/* Appends a stream to a chain of sectors; gives its first one. */
static inline uint32_t make_chain(struct buf *data, struct buf *fat, struct str s, size_t sector)
{
	uint32_t first = (uint32_t)(data->n / sector), n = (uint32_t)((s.n + sector - 1) / sector);

	for (uint32_t i = 0; i < n; i++)
		make_le(fat, i + 1 < n ? first + i + 1 : 0xfffffffe, 4);
	buf_add(data, s);
	make_pad(data, sector);
	return n ? first : 0xfffffffe;
}

static inline void make_entry_record(struct buf *b, struct str name, unsigned kind, uint32_t right,
				     uint32_t child, struct str clsid, uint32_t start, size_t size)
{
	size_t begin = b->n;

	make_utf16(b, name);
	make_pad(b, 2);
	while (b->n < begin + 64)
		buf_add_char(b, 0);
	make_le(b, (name.n + 1) * 2, 2);
	make_le(b, kind | 1u << 8, 2);
	make_le(b, 0xffffffff, 4);
	make_le(b, right, 4);
	make_le(b, child, 4);
	buf_add(b, clsid);
	while (b->n < begin + 116)
		buf_add_char(b, 0);
	make_le(b, start, 4);
	make_le(b, size, 8);
}

/* The storage of a path, by index into v + 1; 0 = the root. */
static inline size_t make_parent(const struct make_stream *v, size_t i)
{
	size_t slash = str_rfind_char(v[i].path, '/');

	for (size_t k = 0; slash != SIZE_MAX && k < i; k++)
		if (str_eq(v[k].path, str_sub(v[i].path, 0, slash)))
			return k + 1;
	return 0;
}

static inline struct str make_ole(struct arena *a, const struct make_stream *v, size_t n, struct str clsid)
{
	struct buf data, fat, mini, mini_fat, directory, out;
	uint32_t starts[64];

	ASSERT(n <= 64);
	buf_init(&data, SIZE_MAX);
	buf_init(&fat, SIZE_MAX);
	buf_init(&mini, SIZE_MAX);
	buf_init(&mini_fat, SIZE_MAX);
	buf_init(&directory, SIZE_MAX);
	buf_init(&out, SIZE_MAX);
	for (size_t i = 0; i < n; i++)
		starts[i] = v[i].data.n < MAKE_CUTOFF ? make_chain(&mini, &mini_fat, v[i].data, MAKE_MINI)
						      : make_chain(&data, &fat, v[i].data, MAKE_SECTOR);
	uint32_t mini_start = make_chain(&data, &fat, buf_str(&mini), MAKE_SECTOR);
	uint32_t mini_fat_start = make_chain(&data, &fat, buf_str(&mini_fat), MAKE_SECTOR);
	for (size_t i = 0; i <= n; i++) { /* children of one storage are a list along their right sides */
		uint32_t right = 0xffffffff, child = 0xffffffff;
		for (size_t k = n; k > 0; k--) {
			if (make_parent(v, k - 1) == i)
				child = (uint32_t)k;
			if (i > 0 && k > i && make_parent(v, k - 1) == make_parent(v, i - 1))
				right = (uint32_t)k;
		}
		if (i == 0) {
			make_entry_record(&directory, STR("Root Entry"), 5, right, child, clsid, mini_start,
					  mini.n);
			continue;
		}
		struct str path = v[i - 1].path;
		size_t slash = str_rfind_char(path, '/');
		struct str name = slash == SIZE_MAX ? path : str_sub(path, slash + 1, path.n);
		make_entry_record(&directory, name, v[i - 1].data.p ? 2 : 1, right, child, STR_NONE,
				  starts[i - 1], v[i - 1].data.n);
	}
	uint32_t directory_start = make_chain(&data, &fat, buf_str(&directory), MAKE_SECTOR);
	uint32_t fat_start = (uint32_t)(data.n / MAKE_SECTOR), fat_sectors = 1;
	while (fat_sectors * MAKE_SECTOR < fat.n + (size_t)fat_sectors * 4)
		fat_sectors++;
	for (uint32_t i = 0; i < fat_sectors; i++)
		make_le(&fat, 0xfffffffd, 4);
	while (fat.n % MAKE_SECTOR)
		make_le(&fat, 0xffffffff, 4);

	buf_add(&out, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"));
	make_pad(&out, 24);
	const uint32_t header[] = { 0x0003003e,  0x0009fffe,      6, 0,           0,
				    fat_sectors, directory_start, 0, MAKE_CUTOFF, mini_fat_start,
				    1,           0xfffffffe,      0 };
	for (size_t i = 0; i < sizeof(header) / sizeof(header[0]); i++)
		make_le(&out, header[i], 4);
	for (uint32_t i = 0; i < 109; i++)
		make_le(&out, i < fat_sectors ? fat_start + i : 0xffffffff, 4);
	buf_add(&out, buf_str(&data));
	buf_add(&out, buf_str(&fat));
	struct str file = arena_str(a, buf_str(&out));
	struct buf *all[] = { &data, &fat, &mini, &mini_fat, &directory, &out };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		buf_free(all[i]);
	return file;
}

/* Compresses a VBA source (MS-OVBA §2.4.1) with literal bytes alone. */
static inline struct str make_vba(struct arena *a, struct str source)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	buf_add(&b, STR("rubbish before the source\1"));
	for (size_t from = 0; from < source.n; from += 3640) { /* of which a chunk makes 4095 bytes */
		struct str part = str_sub(source, from, from + 3640);
		size_t groups = (part.n + 7) / 8;
		make_le(&b, 0xb000 | (part.n + groups - 1), 2);
		for (size_t i = 0; i < part.n; i++) {
			if (i % 8 == 0)
				buf_add_char(&b, 0);
			buf_add_char(&b, part.p[i]);
		}
	}
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

#endif
