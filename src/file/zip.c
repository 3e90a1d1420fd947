/* Walking the members of a zip archive. */
#include "file/zip.h"

#include <stdint.h>

#define LOCAL_HEADER 30 /* bytes before the name */

static uint32_t le(struct str s, size_t at, size_t bytes)
{
	uint32_t v = 0;

	for (size_t i = bytes; i-- > 0;)
		v = v << 8 | (unsigned char)s.p[at + i];
	return v;
}

bool zip_next(struct str bytes, size_t *at, struct zip_member *out)
{
	static const struct str magic = STR_INIT("PK\3\4");
	size_t here = str_find(bytes, magic, *at);

	if (here == SIZE_MAX || bytes.n - here < LOCAL_HEADER)
		return false;
	size_t name = le(bytes, here + 26, 2), extra = le(bytes, here + 28, 2),
	       data = le(bytes, here + 18, 4);
	if (bytes.n - here - LOCAL_HEADER < name)
		return false;
	out->encrypted = le(bytes, here + 6, 2) & 1;
	out->name = str_sub(bytes, here + LOCAL_HEADER, here + LOCAL_HEADER + name);
	/* With bit 3 the size stands behind the data and here is 0: the next header is searched for instead. */
	size_t next = here + LOCAL_HEADER + name + extra;
	*at = next < bytes.n && data <= bytes.n - next ? next + data : here + LOCAL_HEADER;
	return true;
}

bool zip_is_encrypted(struct str bytes)
{
	struct zip_member m;
	size_t at = 0;

	for (size_t n = 0; n < ZIP_MEMBERS_MAX && zip_next(bytes, &at, &m); n++)
		if (m.encrypted)
			return true;
	return false;
}
