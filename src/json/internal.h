/* What the files of json/ share: reading with a ceiling, the end of a run of bytes that need no care, names. */
#ifndef JSON_INTERNAL_H
#define JSON_INTERNAL_H

#include "json/read.h"
#include "json/write.h"

#define JSON_NO_MEMORY "more than there is memory for"

/* json_parse, or json_parse_stored, with a ceiling for the values. */
MUST_CHECK enum err json_parse_upto(struct arena *a, struct str text, bool stored, size_t nodes_max,
				    struct json **out, struct errbuf *eb);

/*
 * The first index at or after from whose byte is a control, a quote, a backslash or not ASCII; eight at a
 * time.
 */
static inline size_t json_plain_end(struct str s, size_t from)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);

	for (; from + 8 <= s.n; from += 8) {
		uint64_t w;
		memcpy(&w, s.p + from, 8);
		uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
		/*
		 * A byte's high bit is set when it is small, equal or not ASCII; borrows only add false
		 * alarms.
		 */
		if (((w - ones * 0x20) | (quote - ones) | (slash - ones) | w) & highs)
			break;
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
	*to++ = before;
	*to++ = '"';
	memcpy(to, f->name, f->name_n);
	to[f->name_n] = '"';
	to[f->name_n + 1] = ':';
	buf_grew(b, f->name_n + 4);
	return true;
}

/* What json_field_write says of a field that is not set. */
void json_absent_write(struct buf *b, const struct fieldtab *t, size_t index, const struct json_write *how);

#endif
