/*
 * What courier calls in a loop. One process at a time does the work: the others find the lock taken and go
 * on.
 */
#include <unistd.h>

#include "store/bulk.h"
#include "store/file.h"
#include "store/indexer.h"
#include "store/internal.h"
#include "store/jobs.h"
#include "store/notices.h"
#include "store/raw.h"
#include "store/released.h"
#include "store/reports.h"
#include "store/retention.h"
#include "store/retro.h"
#include "store/search_index.h"

#define CHECKPOINT_MS 1000
#define MINUTE_MS 60000
#define JOBS_US (INT64_C(30) * 86400 * 1000000) /* how long it can be seen how a job ended */
#define LOG_PAGES 16384 /* 64 MB: from there on the log is emptied when that is quick */

static enum err checkpoint(struct store *st, struct sql_db *search, int64_t now_ms)
{
	struct sql_db *const all[] = { st->messages, search, st->history };
	enum err err = OK;

	if (now_ms < st->upkeep.checkpoint_ms)
		return OK;
	st->upkeep.checkpoint_ms = now_ms + CHECKPOINT_MS;
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		enum err one = sql_checkpoint(all[i], LOG_PAGES);
		err = err ? err : one;
	}
	return err;
}

static enum err each_minute(struct store *st, struct retention *r, int64_t now_ms)
{
	struct upkeep_state *u = &st->upkeep;

	if (now_ms < u->minute_ms)
		return OK;
	u->minute_ms = now_ms + MINUTE_MS;
	if (r->u->raw_budget_bytes > 0)
		u->raw_bytes = raw_total(st);
	enum err err = retention_orphans(r, u->shard++);
	if (!err)
		err = store_jobs_forget(st, r->now_us - JOBS_US, &r->more);
	if (!err)
		err = released_forget(st, r->now_us, &r->more);
	if (!err && r->u->retention_metadata_us > 0)
		err = store_reports_forget(st, r->now_us - r->u->retention_metadata_us, &r->more);
	if (!err)
		err = store_retros_forget(
		    st, r->u->retention_metadata_us > 0 ? r->now_us - r->u->retention_metadata_us : 0,
		    &r->more);
	if (!err && r->u->retention_metadata_us > 0)
		err = store_bulk_forget(st, r->now_us - r->u->retention_metadata_us, &r->more);
	return err ? err : history_forget(st, &u->forget);
}

static enum err run(struct store *st, struct sql_db *search, const struct store_upkeep *u, bool *more_out)
{
	struct arena *a = arena_new(16 << 20, NULL, NULL);
	struct store_shelf_list shelves;
	int64_t now_ms = clock_mono_ms();
	struct sql *c;
	enum err err = sql_read_begin(st->messages, &c);

	if (!err) {
		err = store_shelves(c, a, &shelves);
		sql_read_end(&c);
	}
	if (!err)
		err = indexer_add(st, search, &shelves, more_out);
	if (!err)
		err = indexer_retag(st, search, more_out);
	/* Retention asks the index who keeps a file: not before it is complete. */
	if (!err && !*more_out) {
		struct retention r = {
			.st = st,
			.search = search,
			.shelves = &shelves,
			.u = u,
			.now_us = u->now_us ? u->now_us : clock_now_us(),
		};
		err = retention_resends(&r);
		if (!err)
			err = retention_audit(&r);
		if (!err)
			err = store_notices_forget(st, &r.more);
		if (!err)
			err = store_bulk_sweep(st, &r.more);
		if (!err)
			err = retention_rows(&r);
		if (!err)
			err = retention_held(&r);
		if (!err)
			err = retention_raw(&r);
		if (!err)
			err = each_minute(st, &r, now_ms);
		if (!err)
			err = retention_budget(&r, &st->upkeep.raw_bytes);
		*more_out = r.more;
	}
	/* Also when the disk is full: moving the log into the files may be what gives room. */
	enum err last = checkpoint(st, search, now_ms);
	arena_free(&a);
	return err ? err : last;
}

enum err store_upkeep(struct store *st, const struct store_upkeep *u, bool *more_out)
{
	int lock = file_lock(st->dir_fd, GATE_UPKEEP, true, false);
	enum err err = ERR_LATER;

	*more_out = false;
	if (lock < 0)
		return OK;
	struct search_use *use = search_index_use(st->search, true);
	if (use)
		err = run(st, search_use_db(use), u, more_out);
	if (search_use_end(st->search, &use))
		*more_out = true; /* damaged, and removed: begin again with a new one */
	close(lock);
	return err;
}
