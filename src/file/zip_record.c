/* Reading the records of a zip archive. */
#include "file/zip_record.h"

#include "base/attr.h"
#include "file/bytes.h"

#define LOCAL_BYTES 30
#define CENTRAL_BYTES 46
#define END_BYTES 22
#define COMMENT_MAX 65535
#define ZIP64_END_BYTES 56
#define ZIP64_LOCATOR_BYTES 20

static const struct str local_magic = STR_INIT("PK\3\4"), central_magic = STR_INIT("PK\1\2"),
			end_magic = STR_INIT("PK\5\6"), end64_magic = STR_INIT("PK\6\6"),
			locator_magic = STR_INIT("PK\6\7");

struct str zip_record_extra(struct str extra, uint16_t id)
{
	for (size_t at = 0; extra.n - at >= 4;) {
		size_t n = bytes_le16(extra, at + 2);
		if (n > extra.n - at - 4)
			break;
		if (bytes_le16(extra, at) == id)
			return str_sub(extra, at + 4, at + 4 + n);
		at += 4 + n;
	}
	return STR_NONE;
}

/* Numbers of 64 bits stand in an extra field, those only whose own place says so (APPNOTE 4.5.3). */
static void widen(struct zip_record *rec)
{
	struct str wide = zip_record_extra(rec->extra, 1);
	uint64_t *fields[] = { &rec->size, &rec->packed, &rec->offset };

	for (size_t i = 0, at = 0; i < ARRAY_LEN(fields); i++)
		if (*fields[i] == UINT32_MAX && wide.n - at >= 8) {
			*fields[i] = bytes_le64(wide, at);
			at += 8;
		}
}

bool zip_record_local(struct str s, size_t at, struct zip_record *out)
{
	if (at > s.n || s.n - at < LOCAL_BYTES || !str_starts(str_sub(s, at, s.n), local_magic))
		return false;
	size_t name = bytes_le16(s, at + 26), extra = bytes_le16(s, at + 28);
	if (s.n - at - LOCAL_BYTES < name + extra)
		return false;
	*out = (struct zip_record){ .flags = bytes_le16(s, at + 6),
				    .method = bytes_le16(s, at + 8),
				    .time = bytes_le16(s, at + 10),
				    .crc = bytes_le32(s, at + 14),
				    .packed = bytes_le32(s, at + 18),
				    .size = bytes_le32(s, at + 22),
				    .name = bytes_at(s, at + LOCAL_BYTES, name),
				    .extra = bytes_at(s, at + LOCAL_BYTES + name, extra),
				    .end = at + LOCAL_BYTES + name + extra };
	widen(out);
	return true;
}

bool zip_record_central(struct str s, size_t at, struct zip_record *out)
{
	if (at > s.n || s.n - at < CENTRAL_BYTES || !str_starts(str_sub(s, at, s.n), central_magic))
		return false;
	size_t name = bytes_le16(s, at + 28), extra = bytes_le16(s, at + 30),
	       comment = bytes_le16(s, at + 32);
	if (s.n - at - CENTRAL_BYTES < name + extra + comment)
		return false;
	*out = (struct zip_record){ .flags = bytes_le16(s, at + 8),
				    .method = bytes_le16(s, at + 10),
				    .time = bytes_le16(s, at + 12),
				    .crc = bytes_le32(s, at + 16),
				    .packed = bytes_le32(s, at + 20),
				    .size = bytes_le32(s, at + 24),
				    .offset = bytes_le32(s, at + 42),
				    .name = bytes_at(s, at + CENTRAL_BYTES, name),
				    .extra = bytes_at(s, at + CENTRAL_BYTES + name, extra),
				    .end = at + CENTRAL_BYTES + name + extra + comment };
	widen(out);
	return true;
}

/* The end record at `at`, where it leads to a directory. */
static bool read_end(struct str s, size_t at, struct zip_directory *out)
{
	uint64_t size = bytes_le32(s, at + 12), offset = bytes_le32(s, at + 16);
	size_t comment = bytes_le16(s, at + 20), end = at;

	*out = (struct zip_directory){ .count = bytes_le16(s, at + 10) };
	if (s.n - at < END_BYTES || s.n - at - END_BYTES < comment)
		return false;
	if (at >= ZIP64_LOCATOR_BYTES + ZIP64_END_BYTES &&
	    str_starts(str_sub(s, at - ZIP64_LOCATOR_BYTES, at), locator_magic)) {
		end = at - ZIP64_LOCATOR_BYTES - ZIP64_END_BYTES;
		if (!str_starts(str_sub(s, end, at), end64_magic))
			return false;
		out->count = bytes_le64(s, end + 32);
		size = bytes_le64(s, end + 40);
		offset = bytes_le64(s, end + 48);
		out->wide = true;
	}
	out->end = end;
	out->behind = at + END_BYTES + comment;
	if (size <= end && (size == 0 || str_starts(str_sub(s, end - size, end), central_magic)))
		out->start = end - (size_t)size;
	else if (offset < end && str_starts(str_sub(s, (size_t)offset, end), central_magic))
		out->start = (size_t)offset; /* the size is wrong; zip.c says so */
	else
		return false;
	out->before = offset <= out->start ? out->start - (size_t)offset : 0;
	return true;
}

bool zip_directory_find(struct str s, struct zip_directory *out)
{
	for (size_t i = 0; i + END_BYTES <= s.n && i <= COMMENT_MAX; i++) {
		size_t at = s.n - END_BYTES - i;
		if (s.p[at] == 'P' && str_starts(str_sub(s, at, s.n), end_magic) && read_end(s, at, out))
			return true;
	}
	return false;
}

size_t zip_record_search(struct str s, size_t from, size_t to, struct zip_record *out)
{
	struct str region = str_sub(s, 0, to);

	for (size_t at = from; (at = str_find(region, local_magic, at)) != SIZE_MAX; at += local_magic.n)
		if (zip_record_local(s, at, out) && out->name.n > 0)
			return at;
	return SIZE_MAX;
}

size_t zip_record_descriptor(struct str s, size_t at, uint32_t crc)
{
	static const struct {
		size_t crc_at, n;
	} forms[] = { { 4, 16 }, { 4, 24 }, { 0, 12 }, { 0, 20 } };
	bool marked = str_starts(bytes_at(s, at, 4), STR("PK\7\10"));

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		if ((forms[i].crc_at == 4) != marked || s.n - at < forms[i].n ||
		    bytes_le32(s, at + forms[i].crc_at) != crc)
			continue;
		/* The long form is one whose next header does not begin where the short one ends. */
		struct str next = bytes_at(s, at + forms[i].n, 2);
		if (str_eq(next, STR("PK")))
			return forms[i].n;
	}
	return 0;
}

void zip_record_write_local(struct buf *b, const struct zip_record *rec)
{
	const struct {
		uint64_t value;
		unsigned bytes;
	} fields[] = { { 0x04034b50, 4 }, { 20, 2 }, { rec->flags, 2 },   { rec->method, 2 },
		       { rec->time, 2 },  { 0, 2 },  { rec->crc, 4 },     { rec->packed, 4 },
		       { rec->size, 4 },  { 1, 2 },  { rec->extra.n, 2 }, { 'm', 1 } };

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		for (unsigned k = 0; k < fields[i].bytes; k++)
			buf_add_char(b, (char)(fields[i].value >> 8 * k));
	buf_add(b, rec->extra);
}
