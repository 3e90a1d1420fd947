/* Decoding base64, lenient. */
#include "mime/base64_body.h"

#include "base/arena.h"

/* Values of RFC 4648 §4's alphabet, then white space, "=", and anything else ("-" and "_" are not §4's). */
enum { SPACE = 64, PAD = 65, OTHER = 66 };

static void fill_values(unsigned char values[256])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	memset(values, OTHER, 256);
	for (unsigned char i = 0; i < 64; i++)
		values[(unsigned char)alphabet[i]] = i;
	values[' '] = values['\t'] = values['\r'] = values['\n'] = SPACE;
	values['='] = PAD;
}

struct quad {
	uint32_t bits;
	unsigned have; /* characters taken, 0..3 */
	bool padded;   /* padding was seen; data behind it is a defect */
};

/* The bytes of an unfinished group: 2 characters make one, 3 make two. */
static size_t flush(struct quad *q, char *to)
{
	size_t n = 0;

	if (q->have >= 2)
		to[n++] = (char)(q->bits >> (q->have == 2 ? 4 : 10));
	if (q->have == 3)
		to[n++] = (char)(q->bits >> 2);
	q->have = 0;
	q->bits = 0;
	return n;
}

struct str base64_body_decode(struct arena *a, struct str text, size_t max, size_t *bad_at_out)
{
	unsigned char values[256];
	size_t bad = SIZE_MAX, n = 0, room = text.n / 4 * 3 + 3;
	struct quad q = { 0 };

	fill_values(values);
	room = room < max ? room : max;
	char *z = arena_alloc(a, room + 4);
	for (size_t i = 0; i < text.n && n < room; i++) {
		unsigned char v = values[(unsigned char)text.p[i]];
		if (v < 64) {
			if (q.padded && bad == SIZE_MAX)
				bad = i;
			q.bits = q.bits << 6 | v;
			if (++q.have == 4) {
				z[n++] = (char)(q.bits >> 16);
				z[n++] = (char)(q.bits >> 8);
				z[n++] = (char)q.bits;
				q.have = 0;
				q.bits = 0;
			}
		} else if (v == PAD) {
			n += flush(&q, z + n);
			q.padded = true;
		} else if (v == OTHER && bad == SIZE_MAX) {
			bad = i;
		}
	}
	if (n < room) {
		if (q.have == 1 && bad == SIZE_MAX)
			bad = text.n;
		n += flush(&q, z + n);
	}
	n = n < room ? n : room;
	z[n] = 0;
	if (bad_at_out)
		*bad_at_out = bad;
	return (struct str){ z, n };
}
