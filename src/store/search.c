/* Pages of a message search: where a page begins, what is on it, and the cursors to the pages beside it. */
#include "store/internal.h"

#include "base/limits.h"
#include "store/key.h"
#include "store/page_cursor.h"
#include "store/scan_rows.h"

#define RANGE_DEFAULT_US (INT64_C(30) * 86400 * 1000000)

struct keys {
	int64_t *v;
	size_t n;
};

/* One page as it is found: keys newest first, and whether there is more on either side. */
struct found {
	struct keys keys;
	bool newer, older;
};

struct search {
	struct store *st;
	struct arena *arena;
	const struct store_search *q;
	struct token_query tokens;
	int64_t until_ms;
	bool no_index;
	size_t per_page;
	struct page_cursor place; /* low and high always; key only with has_cursor */
	bool has_cursor;
	store_found_fn *fn;
	void *ctx;
	struct store_found *out;
};

/* The range in keys. */
static void set_range(struct search *s)
{
	const struct store_search *q = s->q;

	s->place.low = key_from(q->account, q->start_us);
	s->place.high = q->end_us == STORE_NEWEST ? SCAN_NEWEST : key_upto(q->account, q->end_us);
}

static enum err open_scan(struct search *s, struct scan_range *range, struct scan **out)
{
	range->account = s->q->account;
	range->no_index = s->no_index;
	return scan_open(s->st, s->arena, range, &s->tokens, s->until_ms, out);
}

static void close_scan(struct search *s, struct scan **scan, enum err err)
{
	if (scan_close(scan) && err)
		s->no_index = true;
}

/* Gives the record of a key; a row that is gone or unreadable is left out. */
static enum err give_record(struct search *s, struct scan *scan, int64_t key, bool *more_out)
{
	struct stored_message m;
	enum err err = scan_message(scan, key, &m);

	*more_out = true;
	if (!err && !s->q->with_action_log)
		m.bits |= FIELD_BIT(message, action_log);
	if (!err)
		err = s->fn(&m, s->ctx, more_out);
	if (!err)
		s->out->n++;
	else if (err == ERR_ABSENT)
		err = OK;
	else if (err == ERR_SYNTAX)
		err = store_row_skip(s->st, key);
	return err;
}

static void turn(struct keys *keys)
{
	for (size_t i = 0, k = keys->n; i + 1 < k; i++) {
		int64_t key = keys->v[i];
		keys->v[i] = keys->v[--k];
		keys->v[k] = key;
	}
}

/* The page of rows above the cursor, nearest to it. give: it is the one asked for. */
static enum err page_newer(struct search *s, bool give, struct found *f)
{
	struct scan_range range = { .low = s->place.key + 1, .high = s->place.high };
	struct scan *scan;
	enum err err = open_scan(s, &range, &scan);
	int64_t key;

	if (err)
		return err;
	while (!err && f->keys.n <= s->per_page) {
		err = scan_next(scan, &key);
		if (!err)
			ARENA_PUSH(s->arena, &f->keys, key);
	}
	err = err == ERR_ABSENT ? OK : err;
	f->newer = f->keys.n > s->per_page;
	f->older = true;
	if (f->newer)
		f->keys.n = s->per_page;
	turn(&f->keys);
	bool more = true;
	for (size_t i = 0; give && more && i < f->keys.n && !err; i++) {
		err = give_record(s, scan, f->keys.v[i], &more);
		if (!more)
			f->keys.n = i + 1;
	}
	close_scan(s, &scan, err);
	return err;
}

/* Adds to the page what comes after `skip` rows from `high` down, each given as it is found. */
static enum err add_older(struct search *s, int64_t high, size_t skip, struct found *f)
{
	struct scan_range range = {
		.low = s->place.low, .high = high, .newest_first = true, .shown = skip == 0, .deep = skip > 0
	};
	struct scan *scan;
	enum err err = open_scan(s, &range, &scan);
	int64_t key;
	bool more = true;

	if (err)
		return err;
	if (high == SCAN_NEWEST)
		s->place.high = range.high;
	for (size_t i = 0; i < skip && !err; i++)
		err = scan_next(scan, &key);
	while (!err && more && f->keys.n < s->per_page) {
		err = scan_next(scan, &key);
		if (!err)
			err = give_record(s, scan, key, &more);
		if (!err)
			ARENA_PUSH(s->arena, &f->keys, key);
	}
	if (!err)
		err = scan_next(scan, &key);
	f->older = !err;
	err = err == ERR_ABSENT ? OK : err;
	close_scan(s, &scan, err);
	return err;
}

/* The page after `skip` rows from `high` down. */
static enum err page_older(struct search *s, int64_t high, size_t skip, struct found *f)
{
	enum err err = add_older(s, high, skip, f);

	/* What the index told before its damage showed is right. */
	if (err && s->no_index && f->keys.n)
		err = add_older(s, f->keys.v[f->keys.n - 1] - 1, 0, f);
	f->newer = s->has_cursor || skip > 0;
	return err;
}

static enum err find_page(struct search *s, struct found *f)
{
	size_t page = s->q->page ? s->q->page : 1, skip;

	*f = (struct found){ { NULL, 0 }, false, false };
	if (__builtin_mul_overflow(page - 1, s->per_page, &skip))
		skip = SIZE_MAX;
	if (!s->has_cursor)
		return page_older(s, s->place.high, skip, f);
	if (!s->place.newer)
		return page_older(s, s->place.key - 1, skip, f);
	enum err err = page_newer(s, skip == 0, f);
	if (err || skip == 0 || f->keys.n == 0)
		return err;
	/* `page` counts from the page the cursor shows. */
	int64_t top = f->keys.v[0];
	*f = (struct found){ { NULL, 0 }, false, false };
	return page_older(s, top, skip, f);
}

static void write_cursors(struct search *s, const struct found *f)
{
	struct page_cursor c = s->place;
	struct store_found *out = s->out;
	size_t n = f->keys.n;

	if (f->older && (n || s->has_cursor)) {
		c.newer = false;
		c.key = n ? f->keys.v[n - 1] : s->place.key + 1;
		out->next = page_cursor_write(s->arena, s->st, s->q, &c);
	}
	if (f->newer && (n || s->has_cursor)) {
		c.newer = true;
		c.key = n ? f->keys.v[0] : s->place.key - 1;
		out->previous = page_cursor_write(s->arena, s->st, s->q, &c);
	}
}

enum err store_search(struct store *st, struct arena *a, const struct store_search *q, int64_t until_ms,
		      store_found_fn *fn, void *ctx, struct store_found *out)
{
	struct search s = {
		.st = st, .arena = a, .q = q, .until_ms = until_ms, .fn = fn, .ctx = ctx, .out = out
	};
	struct found found;
	enum err err = OK;

	*out = (struct store_found){ 0, STR_NONE, STR_NONE };
	s.per_page = q->per_page < 1 ? 1 : q->per_page > LIMIT_PAGE ? LIMIT_PAGE : q->per_page;
	s.tokens = tokens_of_search(a, q);
	s.has_cursor = q->cursor.n > 0;
	if (s.has_cursor)
		err = page_cursor_read(a, st, q, &s.place);
	else
		set_range(&s);
	if (err)
		return err;
	err = find_page(&s, &found);
	if (err && s.no_index && out->n == 0)
		err = find_page(&s, &found);
	if (!err)
		write_cursors(&s, &found);
	return err;
}

bool store_search_is_plain(struct arena *a, const struct store_search *q)
{
	struct token_query tokens = tokens_of_search(a, q);

	return (tokens.n == 0 || tokens.only_detections) && q->page <= 1;
}

bool store_search_fits(struct arena *a, const struct store_search *q)
{
	struct token_query tokens = tokens_of_search(a, q);

	for (size_t i = 0; i < tokens.n; i++)
		if (tokens.v[i].n == 0)
			return true; /* it finds nothing */
	return tokens.n == 0 || tokens_expression(a, &tokens).p;
}

/* ---- what parameters ask for ---- */

static struct strs terms_of(struct arena *a, struct str rest)
{
	struct strs terms = { NULL, 0 };

	while (rest.n) {
		size_t space = str_find_char(rest, ' ', 0), end = space == SIZE_MAX ? rest.n : space;
		if (end)
			ARENA_PUSH(a, &terms, str_sub(rest, 0, end));
		rest = str_sub(rest, end + 1, rest.n);
	}
	return terms;
}

struct store_search store_search_of(struct arena *a, const struct search_params *p, int64_t account,
				    int64_t now_us)
{
	struct store_search q = {
		.account = p->submissions ? store_submitted(account) : account,
		.start_us = HAS(p, search_params, start) ? p->start : now_us - RANGE_DEFAULT_US,
		.end_us = HAS(p, search_params, end) ? p->end : STORE_NEWEST,
		.terms = terms_of(a, p->query),
		.detections_only = p->detections_only,
		.disposition = HAS(p, search_params, final_disposition) ? p->final_disposition : -1,
		.operation = HAS(p, search_params, message_action) ? p->message_action : -1,
		.delivery_status = HAS(p, search_params, delivery_status) ? p->delivery_status : -1,
		.sender = p->sender,
		.recipient = p->recipient,
		.domain = p->domain,
		.alert_id = p->alert_id,
		.message_id = p->message_id,
		.subject = p->subject,
		.exact_subject = p->exact_subject,
		.smtp_helo_ip = p->smtp_helo_ip,
		.with_action_log = p->action_log,
		.page = 1,
	};

	if (q.disposition == DISP_NONE)
		q.detections_only = false;
	return q;
}
