/*
 * Packing. Making a zstd context costs 18 us, several times what packing a row does, so used ones are kept for the
 * next caller. That cache is the one variable of this process that belongs to nobody: contexts hold no content, and
 * to hand them down would put a parameter on everything that reads a row.
 */
#include "store/pack.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "base/arena.h"

#define READ_BYTES 65536
#define WINDOW_LOG_MAX 23     /* 8 MB: levels make windows of half a megabyte */
#define KEPT 8                /* of each kind: more threads are seldom inside at once */
#define KEPT_BYTES (2u << 20) /* one that a large mail made grow is not kept */

static struct {
	pthread_mutex_t lock; /* guards the rest */
	ZSTD_CCtx *packers[KEPT];
	ZSTD_DCtx *unpackers[KEPT];
	size_t packers_n, unpackers_n;
} idle = { .lock = PTHREAD_MUTEX_INITIALIZER };

static ZSTD_CCtx *take_packer(void)
{
	ZSTD_CCtx *c = NULL;

	pthread_mutex_lock(&idle.lock);
	if (idle.packers_n)
		c = idle.packers[--idle.packers_n];
	pthread_mutex_unlock(&idle.lock);
	return c ? c : ZSTD_createCCtx();
}

static void give_packer(ZSTD_CCtx *c)
{
	pthread_mutex_lock(&idle.lock);
	if (idle.packers_n < KEPT && ZSTD_sizeof_CCtx(c) <= KEPT_BYTES) {
		idle.packers[idle.packers_n++] = c;
		c = NULL;
	}
	pthread_mutex_unlock(&idle.lock);
	ZSTD_freeCCtx(c);
}

static ZSTD_DCtx *take_unpacker(void)
{
	ZSTD_DCtx *c = NULL;

	pthread_mutex_lock(&idle.lock);
	if (idle.unpackers_n)
		c = idle.unpackers[--idle.unpackers_n];
	pthread_mutex_unlock(&idle.lock);
	return c ? c : ZSTD_createDCtx();
}

static void give_unpacker(ZSTD_DCtx *c)
{
	pthread_mutex_lock(&idle.lock);
	if (idle.unpackers_n < KEPT && ZSTD_sizeof_DCtx(c) <= KEPT_BYTES) {
		idle.unpackers[idle.unpackers_n++] = c;
		c = NULL;
	}
	pthread_mutex_unlock(&idle.lock);
	ZSTD_freeDCtx(c);
}

void pack_make(struct buf *out, struct str bytes, enum pack_level level)
{
	size_t room = ZSTD_compressBound(bytes.n);
	char *to = buf_reserve(out, room);

	if (!to)
		return;
	ZSTD_CCtx *c = take_packer();
	ASSERT(c);
	size_t n = ZSTD_compressCCtx(c, to, room, bytes.p ? bytes.p : "", bytes.n, level);
	give_packer(c);
	ASSERT(!ZSTD_isError(n));
	buf_grew(out, n);
}

enum err pack_open(struct arena *a, struct str packed, size_t max, struct str *out)
{
	unsigned long long n = ZSTD_getFrameContentSize(packed.p, packed.n);

	if (n == ZSTD_CONTENTSIZE_UNKNOWN || n == ZSTD_CONTENTSIZE_ERROR || n > max)
		return ERR_SYNTAX;
	if (!arena_has_room(a, (size_t)n + 1))
		return ERR_LIMIT;
	char *text = arena_alloc(a, (size_t)n + 1);
	ZSTD_DCtx *c = take_unpacker();
	ASSERT(c);
	size_t got = ZSTD_decompressDCtx(c, text, (size_t)n, packed.p, packed.n);
	give_unpacker(c);
	if (ZSTD_isError(got) || got != n)
		return ERR_SYNTAX;
	*out = str_from(text, (size_t)n);
	return OK;
}

struct pack_reader {
	ZSTD_DStream *stream;
	int fd;
	ZSTD_inBuffer in;
	bool ended; /* the frame is over */
	char bytes[READ_BYTES];
};

struct pack_reader *pack_reader_new(int fd)
{
	struct pack_reader *r = calloc(1, sizeof(*r));

	ASSERT(r);
	r->stream = ZSTD_createDStream();
	ASSERT(r->stream);
	ZSTD_DCtx_setParameter(r->stream, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	r->fd = fd;
	r->in.src = r->bytes;
	return r;
}

void pack_reader_free(struct pack_reader **r)
{
	if (!*r)
		return;
	ZSTD_freeDStream((*r)->stream);
	free(*r);
	*r = NULL;
}

static enum err refill(struct pack_reader *r)
{
	ssize_t n;

	do
		n = read(r->fd, r->bytes, sizeof(r->bytes));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ERR_LATER;
	r->in.size = (size_t)n;
	r->in.pos = 0;
	return n > 0 ? OK : ERR_SYNTAX; /* the end of the file before that of the frame */
}

enum err pack_read(struct pack_reader *r, char *to, size_t n, size_t *got)
{
	ZSTD_outBuffer out = { to, n, 0 };

	while (out.pos == 0 && !r->ended && n > 0) {
		size_t before = r->in.pos, left = ZSTD_decompressStream(r->stream, &out, &r->in);
		if (ZSTD_isError(left))
			return ERR_SYNTAX;
		r->ended = left == 0;
		/* Nothing came and nothing was taken: it wants more. */
		if (out.pos == 0 && !r->ended && r->in.pos == before) {
			enum err err = refill(r);
			if (err)
				return err;
		}
	}
	*got = out.pos;
	return OK;
}
