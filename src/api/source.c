/* Sources on their way: read, made into UTF-8 and JSON, and sent, sixteen kilobytes at a time. */
#include "api/source.h"

#include <stdlib.h>

#include "api/answers.h"
#include "api/internal.h"
#include "api/problem.h"
#include "base/utf8.h"

#define PIECE_BYTES 16384
/*
 * A source of so much is answered as a whole, of known length: some clients (node-fetch 2 with the Node.js of Debian 12)
 * take the end of an answer in chunks for a broken one.
 */
#define WHOLE_BYTES (256u << 10)
#define TEXT_MAX (6 * PIECE_BYTES + 16) /* "\u0001" */

struct source {
	struct api *api;
	size_t slot;
	struct raw_reader *raw;
	struct buf text; /* made and not sent yet, from `at` on */
	size_t at;
	bool ended;
	size_t kept; /* bytes of a character whose rest is to come */
	char piece[PIECE_BYTES];
};

static void close_source(void *ctx)
{
	struct source *s = ctx;

	raw_reader_close(&s->raw);
	buf_free(&s->text);
	slots_give(&s->api->sources, s->slot);
	free(s);
}

static enum err make_text(struct source *s)
{
	size_t n;
	enum err err = raw_reader_read(s->raw, s->piece + s->kept, sizeof(s->piece) - s->kept, &n);

	if (err)
		return err;
	struct str bytes = str_from(s->piece, s->kept + n);
	s->ended = n == 0;
	s->kept = s->ended ? 0 : utf8_unfinished(bytes);
	bytes.n -= s->kept;
	s->at = 0;
	buf_clear(&s->text);
	json_str_inside(&s->text, bytes);
	if (s->ended)
		buf_add(&s->text, STR("\"}}"));
	ASSERT(buf_ok(&s->text));
	memmove(s->piece, s->piece + bytes.n, s->kept);
	return OK;
}

static enum err read_source(void *ctx, char *to, size_t n, size_t *got)
{
	struct source *s = ctx;
	enum err err = OK;

	while (!err && s->at == s->text.n && !s->ended)
		err = make_text(s);
	*got = s->text.n - s->at < n ? s->text.n - s->at : n;
	if (*got)
		memcpy(to, s->text.p + s->at, *got);
	s->at += *got;
	return err;
}

void source_reply(struct request *rq, struct str sha256_hex)
{
	struct source *s = calloc(1, sizeof(*s));

	ASSERT(s);
	s->api = rq->api;
	if (!slots_take(&rq->api->sources, rq->principal.key, SOURCES_OWN, &s->slot)) {
		free(s);
		problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE,
			      STR("Too many sources are on their way, try again later"));
		return;
	}
	buf_init(&s->text, TEXT_MAX);
	enum err err = store_raw_open(rq->api->o.store, sha256_hex, &s->raw);
	if (err) {
		close_source(s);
		if (err == ERR_ABSENT)
			problem_reply(rq, PROBLEM_NOT_FOUND, STR_NONE,
				      STR("Not found: the source is no longer kept"));
		else
			problem_err(rq, err);
		return;
	}
	reply_begin(rq, 200);
	buf_printf(&rq->out, "{\"%s\":\"", source_view_fields.v[source_view_F_raw].name);
	while (!err && !s->ended && rq->out.n < WHOLE_BYTES) {
		err = make_text(s);
		if (!err)
			buf_add(&rq->out, buf_str(&s->text));
		s->at = s->text.n;
	}
	if (err || s->ended) {
		close_source(s);
		if (err)
			problem_err(rq, err);
		return;
	}
	rq->source = (struct reply_source){ read_source, close_source, s };
}
