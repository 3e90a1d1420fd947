/* A reply source behind libmicrohttpd's callbacks. Called in its threads, a block at a time as the client takes it. */
#include "api/stream.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

#define BLOCK_BYTES 32768

struct stream {
	struct buf ready;
	size_t at;
	struct reply_source source;
	char id[REQUEST_ID_MAX];
};

static ssize_t read_some(void *cls, uint64_t pos, char *to, size_t max)
{
	struct stream *s = cls;
	size_t n = s->ready.n - s->at < max ? s->ready.n - s->at : max;

	(void)pos;
	if (n) {
		memcpy(to, s->ready.p + s->at, n);
		s->at += n;
		return (ssize_t)n;
	}
	log_thread_begin("request", str_of(s->id));
	enum err err = s->source.read(s->source.ctx, to, max, &n);
	log_thread_end();
	if (err)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return n ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void end(void *cls)
{
	struct stream *s = cls;

	s->source.close(s->source.ctx);
	buf_free(&s->ready);
	free(s);
}

struct MHD_Response *stream_response(struct buf *ready, const struct reply_source *source, struct str id)
{
	struct stream *s = calloc(1, sizeof(*s));

	ASSERT(s);
	*s = (struct stream){ .ready = *ready, .source = *source };
	snprintf(s->id, sizeof(s->id), "%.*s", STR_ARG(id));
	struct MHD_Response *r =
	    MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_some, s, end);
	if (!r)
		free(s);
	return r;
}
