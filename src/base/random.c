/* Random bytes. */
#include "base/random.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/arena.h"

void random_bytes(void *out, size_t n)
{
	char *p = out;

	while (n > 0) {
		ssize_t got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		ASSERT(got > 0);
		p += got;
		n -= (size_t)got;
	}
}

uint64_t random_below(uint64_t below)
{
	uint64_t v, most = UINT64_MAX - UINT64_MAX % below;

	do
		random_bytes(&v, sizeof(v));
	while (v >= most);
	return v % below;
}

struct str random_text(struct arena *a, struct str alphabet, size_t n)
{
	char *z = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i++)
		z[i] = alphabet.p[random_below(alphabet.n)];
	z[n] = 0;
	return (struct str){ z, n };
}

void random_uuid(char out[37])
{
	unsigned char b[16];

	random_bytes(b, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
		 b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}
