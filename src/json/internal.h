/* What the files of json/ share: reading with a ceiling, the end of a run of bytes that need no care, names. */
#ifndef JSON_INTERNAL_H
#define JSON_INTERNAL_H

#include <endian.h>

#include "json/read.h"
#include "json/write.h"

#define JSON_NO_MEMORY "more than there is memory for"

/* json_parse, or json_parse_stored, with a ceiling for the values. */
MUST_CHECK enum err json_parse_upto(struct arena *a, struct str text, bool stored, size_t nodes_max,
				    struct json **out, struct errbuf *eb);

#define JSON_ONES UINT64_C(0x0101010101010101)
#define JSON_HIGHS UINT64_C(0x8080808080808080)

/* Eight bytes, the first one lowest. */
static inline uint64_t json_eight(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

/*
 * High bits where a byte is c, and perhaps behind the first of these, for borrows go upwards: the lowest is right. Bytes
 * that are not ASCII may count as well.
 */
static inline uint64_t json_bytes_of(uint64_t w, char c)
{
	return (w ^ JSON_ONES * (unsigned char)c) - JSON_ONES;
}

/* The first index at or after from whose byte is a control, a quote, a backslash or not ASCII; eight at a time. */
static inline size_t json_plain_end(struct str s, size_t from)
{
	for (; from + 8 <= s.n; from += 8) {
		uint64_t w = json_eight(s.p + from);
		uint64_t found =
		    ((w - JSON_ONES * 0x20) | json_bytes_of(w, '"') | json_bytes_of(w, '\\') | w) &
		    JSON_HIGHS;
		if (found)
			return from + (size_t)__builtin_ctzll(found) / 8;
	}
	while (from < s.n && (unsigned char)s.p[from] >= 0x20 && (unsigned char)s.p[from] < 0x80 &&
	       s.p[from] != '"' && s.p[from] != '\\')
		from++;
	return from;
}

/* The name of a field behind a brace or comma; false: the buffer is over its ceiling. */
static inline bool json_name_write(struct buf *b, const struct field *f, char before)
{
	char *to = buf_reserve(b, f->name_n + 4);

	if (!to)
		return false;
	memcpy(to, f->key, f->name_n + 4);
	*to = before;
	buf_grew(b, f->name_n + 4);
	return true;
}

/* What json_field_write says of a field that is not set. */
void json_absent_write(struct buf *b, const struct fieldtab *t, size_t index, const struct json_write *how);

#endif
