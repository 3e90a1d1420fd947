/* DATA decoded in pieces equals DATA decoded whole; what is stuffed comes back as it was, but for the change allowed. */
#include <stdlib.h>

#include "base/buf.h"
#include "smtp/data.h"
#include "smtp/stuff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Decodes in pieces of 1..step bytes; gives how many were taken. */
static size_t decode(struct str in, size_t step, struct buf *out)
{
	struct smtp_decoder d = { DATA_LINE_START };
	size_t at = 0;

	for (size_t turn = 1; at < in.n && d.at != DATA_END; turn++) {
		struct str part = str_sub(in, at, at + 1 + turn * 7 % step), piece;
		while (part.n > 0 && d.at != DATA_END) {
			size_t n = smtp_decode(&d, part, &piece);
			ASSERT(n > 0 || piece.n > 0);
			buf_add(out, piece);
			part = str_sub(part, n, part.n);
			at += n;
		}
	}
	return at;
}

static void stuff(struct str in, size_t step, struct buf *out)
{
	struct smtp_stuffer s = { STUFF_LINE_START };
	char piece[64];

	for (size_t at = 0; at < in.n; at += step) {
		struct str part = str_sub(in, at, at + step);
		while (part.n > 0)
			buf_add(out,
				str_from(piece, smtp_stuff(&s, &part, piece, SMTP_STUFF_ROOM + step % 60)));
	}
	buf_add(out, str_from(piece, smtp_stuff_end(&s, piece)));
}

/* A dot doubled behind a line end and NULs, which no receiver takes off again. */
static bool is_doubled(struct str s, size_t at)
{
	size_t i = at, dots;

	while (i > 0 && s.p[i - 1] == '.')
		i--;
	dots = i;
	while (i > 0 && s.p[i - 1] == 0)
		i--;
	return s.p[at] == '.' && i < dots && (i == 0 || s.p[i - 1] == '\r' || s.p[i - 1] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf whole, pieces, wire, back;

	if (size < 1)
		return 0;
	struct str in = str_from(data + 1, size - 1);
	size_t step = 1 + data[0];
	buf_init(&whole, SIZE_MAX / 2);
	buf_init(&pieces, SIZE_MAX / 2);
	buf_init(&wire, SIZE_MAX / 2);
	buf_init(&back, SIZE_MAX / 2);
	ASSERT(decode(in, in.n + 1, &whole) == decode(in, step, &pieces));
	ASSERT(str_eq(buf_str(&whole), buf_str(&pieces)));
	stuff(in, step, &wire);
	ASSERT(decode(buf_str(&wire), step, &back) == wire.n); /* it ends at its end and not before */
	/* No dot after a bare line end is left, and what differs is CR, LF and dots behind NULs alone. */
	size_t a = 0, b = 0;
	while (a < in.n || b < back.n) {
		if (a < in.n && b < back.n && in.p[a] == back.p[b]) {
			a++;
			b++;
			continue;
		}
		ASSERT(b < back.n &&
		       (back.p[b] == '\r' || back.p[b] == '\n' || is_doubled(buf_str(&back), b)));
		b++;
	}
	buf_free(&whole);
	buf_free(&pieces);
	buf_free(&wire);
	buf_free(&back);
	return 0;
}
