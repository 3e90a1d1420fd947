/* The picture of one message, drawn when it is asked for, and written down as an action. */
#include "api/investigate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api/answers.h"
#include "api/internal.h"
#include "api/problem.h"
#include "api/source.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/utf8.h"

#define PIECE_BYTES 65536
#define ACTIONS_KEPT 1000 /* of one message (model/message.h); the oldest goes */
#define WHO_BYTES 320     /* of who asked, likewise */

/* The source in a memory file that nobody changes any more. */
static enum err source_to_file(struct request *rq, struct str sha256_hex, int *fd_out)
{
	struct raw_reader *raw = NULL;
	char *piece = arena_alloc(rq->arena, PIECE_BYTES);
	enum err e = store_raw_open(rq->api->o.store, sha256_hex, &raw);
	size_t n = 0;

	*fd_out = -1;
	if (e)
		return e;
	int fd = memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		e = ERR_LATER;
	while (!e && !(e = raw_reader_read(raw, piece, PIECE_BYTES, &n)) && n > 0)
		for (size_t at = 0; at < n && !e;) {
			ssize_t wrote = write(fd, piece + at, n - at);
			if (wrote > 0)
				at += (size_t)wrote;
			else if (errno != EINTR)
				e = ERR_LATER;
		}
	raw_reader_close(&raw);
	if (!e && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		e = ERR_LATER;
	if (e && fd >= 0)
		close(fd);
	else
		*fd_out = fd;
	return e;
}

static enum err draw(struct request *rq, struct str sha256_hex, struct str *base64_out)
{
	struct preview_facts facts;
	struct buf png;
	int fd;
	enum err e = source_to_file(rq, sha256_hex, &fd);

	if (e)
		return e;
	buf_init(&png, PREVIEW_PNG);
	e = preview_draw(rq->api->o.pictures, fd, PREVIEW_FULL, clock_mono_ms() + LIMIT_PREVIEW_MS, &facts,
			 &png);
	if (!e)
		*base64_out = base64_encode(rq->arena, buf_str(&png));
	else
		e = ERR_LATER; /* no helper, or none in time */
	buf_free(&png);
	close(fd);
	return e;
}

static void note_operation(struct arena *a, struct message *m)
{
	size_t n = m->post_delivery_operations.n;
	int *v = ARENA_ARRAY(a, n + 1, int);

	for (size_t i = 0; i < n; i++) {
		v[i] = m->post_delivery_operations.v[i];
		if (v[i] == OP_PREVIEW)
			return;
	}
	v[n] = OP_PREVIEW;
	m->post_delivery_operations.v = v;
	m->post_delivery_operations.n = n + 1;
	m->has |= FIELD_BIT(message, post_delivery_operations);
}

/* For store_record_change. */
static bool add_action(struct arena *a, struct record *r, void *ctx)
{
	const struct request *rq = ctx;
	struct action_properties *properties = ARENA_NEW(a, struct action_properties);
	struct message *m = r->message;
	size_t n = m->action_log.n, from = n >= ACTIONS_KEPT ? n - ACTIONS_KEPT + 1 : 0;
	struct action_log *v = ARENA_ARRAY(a, n - from + 1, struct action_log), *line = &v[n - from];

	for (size_t i = from; i < n; i++)
		v[i - from] = m->action_log.v[i];
	SET(properties, action_properties, requested_by, utf8_cut(str_of(rq->principal.name), WHO_BYTES));
	SET(line, action_log, operation, LOGOP_PREVIEW);
	SET(line, action_log, completed_at, rq->now_us);
	SET(line, action_log, status, STR("OK"));
	SET(line, action_log, success, true);
	SET(line, action_log, properties, properties);
	m->action_log.v = v;
	m->action_log.n = n - from + 1;
	m->has |= FIELD_BIT(message, action_log);
	note_operation(a, m);
	return true;
}

void investigate_preview_reply(struct request *rq)
{
	struct str base64;
	struct record r;
	size_t slot;

	if (!investigate_find_detected(rq, &r))
		return;
	if (!rq->api->o.pictures || !slots_take(&rq->api->sources, rq->principal.key, SOURCES_OWN, &slot)) {
		problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE,
			      rq->api->o.pictures ? STR("Too many sources are on their way, try again later")
						  : STR("This server draws no pictures"));
		return;
	}
	enum err e = draw(rq, r.raw_sha256, &base64);
	slots_give(&rq->api->sources, slot);
	if (!e)
		e = store_record_change(rq->api->o.store, rq->arena, r.key, add_action, rq, NULL);
	if (e == ERR_ABSENT)
		problem_reply(rq, PROBLEM_NOT_FOUND, STR_NONE,
			      STR("Not found: the source is no longer kept"));
	else if (e)
		problem_err(rq, e);
	else
		reply_object(rq, 200, &preview_view_fields,
			     &(struct preview_view){ .has = FIELD_BIT(preview_view, screenshot),
						     .screenshot = base64 });
}
