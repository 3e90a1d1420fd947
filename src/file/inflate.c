/* zlib's inflate over a growing buffer. */
#include "file/inflate.h"

#define ZLIB_CONST
#include <zlib.h>

#include "base/arena.h"
#include "base/buf.h"

#define CHUNK 65536

static enum inflate_end run(z_stream *z, struct buf *b)
{
	for (;;) {
		size_t room = b->max - b->n < CHUNK ? b->max - b->n : CHUNK;
		/* One byte more than may be: only then is the data known to be larger. */
		unsigned char over[1];
		char *to = room ? buf_reserve(b, room) : (char *)over;
		if (!to)
			return INFLATE_FULL;
		z->next_out = (unsigned char *)to;
		z->avail_out = room ? (unsigned)room : 1;
		int status = inflate(z, Z_NO_FLUSH);
		size_t got = (room ? room : 1) - z->avail_out;
		if (!room && got)
			return INFLATE_FULL;
		buf_grew(b, got);
		if (status == Z_STREAM_END)
			return INFLATE_WHOLE;
		if (status != Z_OK || (z->avail_in == 0 && z->avail_out > 0))
			return INFLATE_DAMAGED;
	}
}

struct str inflate_all(struct arena *a, struct str packed, enum inflate_form form, size_t max,
		       enum inflate_end *end_out)
{
	z_stream z = { 0 };
	struct buf b;

	*end_out = INFLATE_FULL;
	if (max == 0)
		return STR_NONE; /* no work for nothing: input may be long and give nothing */
	if (inflateInit2(&z, form == INFLATE_RAW ? -MAX_WBITS : MAX_WBITS) != Z_OK)
		return STR_NONE;
	buf_init(&b, max);
	/* zlib counts in 32 bits; a mail is smaller. */
	z.next_in = (const unsigned char *)packed.p;
	z.avail_in = packed.n < UINT32_MAX ? (unsigned)packed.n : UINT32_MAX;
	*end_out = run(&z, &b);
	inflateEnd(&z);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}
