/*
 * The picture of one message, drawn when it is asked for, and written down as an action: of one with a detection by its
 * path, of any by what the body names, as long as its source is kept or lies in a recipient's mailbox.
 */
#include "api/investigate.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api/answers.h"
#include "api/fetched.h"
#include "api/internal.h"
#include "api/problem.h"
#include "api/source.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/utf8.h"

#define PIECE_BYTES 65536
#define WHO_BYTES 320 /* of who asked (model/message.h) */

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

/* For store_record_change. */
static bool add_action(struct arena *a, struct record *r, void *ctx)
{
	const struct request *rq = ctx;
	struct action_properties *properties = ARENA_NEW(a, struct action_properties);
	struct action_log entry = { 0 };

	SET(properties, action_properties, requested_by, utf8_cut(str_of(rq->principal.name), WHO_BYTES));
	SET(&entry, action_log, operation, LOGOP_PREVIEW);
	SET(&entry, action_log, started_at, rq->now_us);
	SET(&entry, action_log, completed_at, clock_now_us());
	SET(&entry, action_log, status, STR("OK"));
	SET(&entry, action_log, success, true);
	SET(&entry, action_log, properties, properties);
	record_act(a, r, &entry);
	return true;
}

/* ERR_ABSENT, which is not answered: its source is no longer kept. */
static enum err picture(struct request *rq, const struct record *r)
{
	struct str base64;
	size_t slot;

	if (!rq->api->o.pictures || !slots_take(&rq->api->sources, rq->principal.key, SOURCES_OWN, &slot)) {
		problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE,
			      rq->api->o.pictures ? STR("Too many sources are on their way, try again later")
						  : STR("This server draws no pictures"));
		return OK;
	}
	enum err e = draw(rq, r->raw_sha256, &base64);
	slots_give(&rq->api->sources, slot);
	if (!e)
		e = store_record_change(rq->api->o.store, rq->arena, r->key, add_action, rq, NULL);
	if (e == ERR_ABSENT)
		return e;
	if (e)
		problem_err(rq, e);
	else
		reply_object(rq, 200, &preview_view_fields,
			     &(struct preview_view){ .has = FIELD_BIT(preview_view, screenshot),
						     .screenshot = base64 });
	return OK;
}

static void absent_reply(struct request *rq, struct str more)
{
	problem_reply(rq, PROBLEM_NOT_FOUND, STR_NONE,
		      ARENA_JOIN(rq->arena, STR("Not found: the source is no longer kept"), more));
}

void investigate_preview_reply(struct request *rq)
{
	struct record r;

	if (investigate_find_detected(rq, &r) && picture(rq, &r))
		absent_reply(rq, STR(""));
}

/* ---- of any message ---- */

struct chosen {
	struct request *rq;
	struct faults faults, absent;
	struct record record;
	bool found;
};

static enum err choose(struct chosen *c, const char *name, const struct json *id)
{
	struct arena *a = c->rq->arena;
	struct str at = arena_printf(a, "/%s", name);
	int64_t before = c->record.key;

	if (id->kind != JSON_STR) {
		fault_add(&c->faults, at, "%s must be the id of a message", name);
		return OK;
	}
	enum err e = investigate_find(c->rq, id->s, RECORD_WHOLE, &c->record);
	if (e == ERR_ABSENT)
		fault_add(&c->absent, at, "Not found");
	else if (!e && c->found && c->record.key != before)
		fault_add(&c->faults, at, "%s is that of another message", name);
	c->found = c->found || !e;
	return e == ERR_ABSENT ? OK : e;
}

/* {"id"}, or {"postfix_id"} as clients up to 7.1 send it; each takes any id of a message. */
static enum err choose_by_body(struct chosen *c, const struct json *body)
{
	static const char *const names[] = { "id", "postfix_id" };
	enum err e = OK;
	bool given = false;

	for (size_t i = 0; i < ARRAY_LEN(names) && !e; i++) {
		const struct json *id = json_get(body, str_of(names[i]));
		if (!id)
			continue;
		given = true;
		e = choose(c, names[i], id);
	}
	if (!given)
		fault_add(&c->faults, STR("/id"), "id is required");
	return e;
}

/* What is not kept is looked for in the mailboxes of its recipients, and drawn when it is there. */
static void picture_or_fetch(struct request *rq, const struct record *r)
{
	if (picture(rq, r) == OK)
		return;
	enum err e = fetched_begin(rq, r);
	if (e == ERR_ABSENT)
		absent_reply(rq, STR(""));
	else if (e)
		problem_err(rq, e);
}

static void fetched_reply(struct request *rq)
{
	struct record r;
	struct str why;
	enum err e = fetched_end(rq, &r, &why);

	if (e == ERR_LATER)
		problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE, why);
	else if (e || picture(rq, &r))
		absent_reply(rq, e ? ARENA_JOIN(rq->arena, STR(". "), why) : STR(""));
}

void investigate_preview_any_reply(struct request *rq)
{
	struct chosen c = { .rq = rq, .faults = { .arena = rq->arena }, .absent = { .arena = rq->arena } };
	struct json *body;

	if (fetched_was_asked(rq)) {
		fetched_reply(rq);
		return;
	}
	if (!request_json(rq, &body))
		return;
	enum err e = choose_by_body(&c, body);
	if (e)
		problem_err(rq, e);
	else if (c.faults.n || c.absent.n)
		problem_faults(rq, &c.faults, &c.absent);
	else
		picture_or_fetch(rq, &c.record);
}
