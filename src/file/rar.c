/* Walking the headers of RAR archives. */
#include "file/rar.h"

#include "file/bytes.h"

#define MARK_BYTES 7 /* of versions before 5, which has one more */
#define FIFTH STR("Rar!\x1a\7\1\0")

/* Versions 1.5 to 4: sum, type, flags, length of the header; then of what type and flags say. */
enum { OLD_MAIN = 0x73, OLD_FILE = 0x74 };
enum { OLD_HEADERS_LOCKED = 0x80, OLD_LOCKED = 4, OLD_FOLDER = 0xe0, OLD_LARGE = 0x100, OLD_DATA = 0x8000 };

/* Version 5: sum, then numbers of variable length: length of the header, type, flags … */
enum { NEW_FILE = 2, NEW_LOCK = 4 };
enum { NEW_EXTRA = 1, NEW_DATA = 2 };
enum { FILE_FOLDER = 1, FILE_TIME = 2, FILE_SUM = 4 };
#define EXTRA_LOCK 1

struct rar rar_of(struct str bytes)
{
	bool fifth = str_starts(bytes, FIFTH);
	size_t at = MARK_BYTES + fifth;

	return (struct rar){ .s = bytes, .at = at < bytes.n ? at : bytes.n, .fifth = fifth };
}

/* Behind header and data; at the end of the file when that leads out of it or nowhere. */
static void go_on(struct rar *r, uint64_t header_end, uint64_t data)
{
	bool fine = header_end > r->at && header_end <= r->s.n && data <= r->s.n - header_end;

	r->at = fine ? (size_t)(header_end + data) : r->s.n;
}

static bool next_old(struct rar *r, struct rar_entry *out)
{
	while (r->s.n - r->at >= MARK_BYTES) {
		struct str h = str_sub(r->s, r->at, r->s.n);
		unsigned type = (unsigned char)h.p[2], flags = bytes_le16(h, 3), length = bytes_le16(h, 5);
		bool file = type == OLD_FILE && length >= 32;
		uint64_t data = file || (flags & OLD_DATA) ? bytes_le32(h, 7) : 0;
		size_t name = file && (flags & OLD_LARGE) ? 40 : 32;
		if (file && (flags & OLD_LARGE))
			data |= (uint64_t)bytes_le32(h, 32) << 32;
		go_on(r, (uint64_t)r->at + length, data);
		if (type == OLD_MAIN && (flags & OLD_HEADERS_LOCKED)) {
			r->locked = true;
			return false;
		}
		if (!file || (flags & OLD_FOLDER) == OLD_FOLDER)
			continue;
		out->name = bytes_at(h, name, bytes_le16(h, 26));
		/* A second form of the name, in a code of its own, stands behind a zero byte. */
		out->name = str_sub(out->name, 0, str_find_char(out->name, 0, 0));
		out->size = bytes_le32(h, 11);
		out->encrypted = flags & OLD_LOCKED;
		return true;
	}
	return false;
}

/* Seven bits in each byte, the lowest first; the last has no eighth. */
static uint64_t take_number(struct str s, size_t *at)
{
	uint64_t v = 0;

	for (unsigned shift = 0; *at < s.n && shift < 64; shift += 7) {
		unsigned char c = (unsigned char)s.p[(*at)++];
		v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			break;
	}
	return v;
}

/* Whether one of the extra records behind a file's header is its lock. */
static bool has_lock(struct str extra)
{
	for (size_t at = 0; at < extra.n;) {
		uint64_t length = take_number(extra, &at);
		size_t record = at;
		if (take_number(extra, &record) == EXTRA_LOCK)
			return true;
		if (length == 0 || length > extra.n - at)
			break;
		at += (size_t)length;
	}
	return false;
}

static bool next_fifth(struct rar *r, struct rar_entry *out)
{
	while (r->s.n - r->at >= MARK_BYTES) {
		size_t at = r->at + 4;
		uint64_t length = take_number(r->s, &at);
		struct str h = bytes_at(r->s, at, length);
		uint64_t header_end = (uint64_t)at + h.n;
		size_t i = 0;
		uint64_t type = take_number(h, &i), flags = take_number(h, &i);
		uint64_t extra = flags & NEW_EXTRA ? take_number(h, &i) : 0;
		go_on(r, header_end, flags & NEW_DATA ? take_number(h, &i) : 0);
		if (type == NEW_LOCK) {
			r->locked = true;
			return false;
		}
		uint64_t file = type == NEW_FILE ? take_number(h, &i) : FILE_FOLDER;
		if (file & FILE_FOLDER)
			continue;
		out->size = take_number(h, &i);
		take_number(h, &i); /* attributes */
		i += (file & FILE_TIME ? 4u : 0u) + (file & FILE_SUM ? 4u : 0u);
		take_number(h, &i); /* method */
		take_number(h, &i); /* system */
		uint64_t name = take_number(h, &i);
		out->name = bytes_at(h, i, name);
		out->encrypted = has_lock(bytes_at(h, extra < h.n ? h.n - extra : 0, extra));
		return true;
	}
	return false;
}

bool rar_next(struct rar *r, struct rar_entry *out)
{
	*out = (struct rar_entry){ 0 };
	return r->fifth ? next_fifth(r, out) : next_old(r, out);
}
