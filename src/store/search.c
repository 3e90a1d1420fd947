/* Pages of a message search: where a page begins, what is on it, and the cursors to the pages beside it. */
#include "store/internal.h"

#include "base/limits.h"
#include "store/key.h"
#include "store/page_cursor.h"
#include "store/scan_rows.h"

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

static enum err newest_key(struct search *s, int64_t *key_out)
{
	struct sql *c;
	enum err err = sql_read_one(s->st->messages, &c);

	if (err)
		return err;
	err = store_newest_key(c, s->q->account, key_out);
	sql_read_end(&c);
	return err;
}

/* The range in keys. */
static enum err set_range(struct search *s)
{
	const struct store_search *q = s->q;

	s->place.low = key_from(q->account, q->start_us);
	if (q->end_us == STORE_NEWEST)
		return newest_key(s, &s->place.high);
	s->place.high = key_upto(q->account, q->end_us);
	return OK;
}

/* Fetches up to `most` keys after passing over `skip`; ERR_ABSENT does not come. */
static enum err collect(struct search *s, struct scan *scan, size_t skip, size_t most, struct keys *keys)
{
	enum err err = OK;
	int64_t key;

	for (size_t i = 0; i < skip && !err; i++)
		err = scan_next(scan, &key);
	while (!err && keys->n < most) {
		err = scan_next(scan, &key);
		if (!err)
			ARENA_PUSH(s->arena, keys, key);
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err open_scan(struct search *s, int64_t low, int64_t high, bool newest_first, size_t skip,
			  struct scan **out)
{
	struct scan_range range = { .account = s->q->account,
				    .low = low,
				    .high = high,
				    .newest_first = newest_first,
				    .deep = skip > 0,
				    .no_index = s->no_index };

	return scan_open(s->st, s->arena, &range, &s->tokens, s->until_ms, out);
}

/* Gives the records of the keys; where the caller has enough, the page ends and there are older ones. */
static enum err give_records(struct search *s, struct scan *scan, struct found *f)
{
	enum err err = OK;

	for (size_t i = 0; i < f->keys.n && !err; i++) {
		struct stored_message m;
		bool more = true;
		err = scan_message(scan, f->keys.v[i], &m);
		if (!err && !s->q->with_action_log)
			m.bits |= FIELD_BIT(message, action_log);
		if (!err)
			err = s->fn(&m, s->ctx, &more);
		if (!err)
			s->out->n++;
		else if (err == ERR_ABSENT)
			err = OK;
		else if (err == ERR_SYNTAX)
			err = store_row_skip(s->st, f->keys.v[i]);
		if (!more && i + 1 < f->keys.n) {
			f->keys.n = i + 1;
			f->older = true;
		}
	}
	return err;
}

/* The page of rows above the cursor, nearest to it. give: it is the one asked for. */
static enum err page_newer(struct search *s, bool give, struct found *f)
{
	struct scan *scan;
	enum err err = open_scan(s, s->place.key + 1, s->place.high, false, 0, &scan);

	if (err)
		return err;
	err = collect(s, scan, 0, s->per_page + 1, &f->keys);
	f->newer = f->keys.n > s->per_page;
	f->older = true;
	if (f->newer)
		f->keys.n = s->per_page;
	for (size_t i = 0, k = f->keys.n; i + 1 < k; i++) {
		int64_t key = f->keys.v[i];
		f->keys.v[i] = f->keys.v[--k];
		f->keys.v[k] = key;
	}
	if (!err && give)
		err = give_records(s, scan, f);
	if (scan_close(&scan) && err)
		s->no_index = true;
	return err;
}

/* The page after `skip` rows from `high` down. */
static enum err page_older(struct search *s, int64_t high, size_t skip, struct found *f)
{
	struct scan *scan;
	enum err err = open_scan(s, s->place.low, high, true, skip, &scan);

	if (err)
		return err;
	err = collect(s, scan, skip, s->per_page + 1, &f->keys);
	f->newer = s->has_cursor || skip > 0;
	f->older = f->keys.n > s->per_page;
	if (f->older)
		f->keys.n = s->per_page;
	if (!err)
		err = give_records(s, scan, f);
	if (scan_close(&scan) && err)
		s->no_index = true;
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
	enum err err;

	*out = (struct store_found){ 0, STR_NONE, STR_NONE };
	s.per_page = q->per_page < 1 ? 1 : q->per_page > LIMIT_PAGE ? LIMIT_PAGE : q->per_page;
	s.tokens = tokens_of_search(a, q);
	s.has_cursor = q->cursor.n > 0;
	err = s.has_cursor ? page_cursor_read(a, st, q, &s.place) : set_range(&s);
	if (err)
		return err;
	err = find_page(&s, &found);
	if (err && s.no_index && out->n == 0)
		err = find_page(&s, &found);
	if (!err)
		write_cursors(&s, &found);
	return err;
}
