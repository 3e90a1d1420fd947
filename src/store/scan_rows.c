/*
 * Three sources in one order. Rows above the mark are not indexed ("tail"); rows below it come from the
 * index, except those changed since ("changed"), which are matched here. The snapshot of messages.db is taken
 * before that of search.db: the indexer commits there first, so no row can be missing from both.
 */
#include "store/scan_rows.h"

#include "store/internal.h"
#include "store/key.h"
#include "store/row.h"
#include "store/search_index.h"

#define SCRATCH_MAX (256u << 20) /* one record while it is matched or shown, and its tokens */

struct keys {
	int64_t *v;
	size_t n;
};

struct scan {
	struct store *st;
	struct scan_range range;
	const struct token_query *query;
	int64_t until_ms, mark;
	struct arena *scratch;
	struct sql *messages, *search;
	struct search_use *use;
	struct sql_stmt *rows; /* keys from the index or a plain table; NULL at its end */
	bool rows_whole;       /* they have ROW_TEXT_COLUMNS */
	struct sql_stmt *tail; /* rows above the mark; NULL before its start and at its end */
	bool tail_over;
	struct keys changed; /* in the order of the scan */
	size_t changed_at;
	int64_t rows_key, changed_key; /* next of each; -1 = not fetched */
	int64_t rows_at;               /* where `rows` stands */
};

static enum err over(const struct scan *s)
{
	return s->until_ms && clock_mono_ms() >= s->until_ms ? ERR_LATER : OK;
}

static enum err matches(struct scan *s, const struct record *r, bool *yes_out)
{
	struct tokens t = tokens_of_record(s->scratch, r);

	*yes_out = tokens_match(&t, s->query);
	return over(s);
}

/* ---- opening ---- */

static enum err load_changed(struct scan *s, struct arena *a)
{
	struct sql_stmt *q =
	    sql_prepare(s->messages, s->range.newest_first
					 ? "SELECT id FROM retag WHERE id BETWEEN $1 AND $2 ORDER BY id DESC"
					 : "SELECT id FROM retag WHERE id BETWEEN $1 AND $2 ORDER BY id");
	enum err err;

	sql_bind_int(q, 1, s->range.low);
	sql_bind_int(q, 2, s->range.high);
	while (!(err = sql_step(q)))
		ARENA_PUSH(a, &s->changed, sql_int(q, 0));
	return err == ERR_ABSENT ? OK : err;
}

static enum err open_index(struct scan *s)
{
	s->use = s->range.no_index ? NULL : search_index_use(s->st->search, false);
	if (!s->use)
		return OK;
	enum err err = sql_read_begin(search_use_db(s->use), &s->search);
	if (err)
		return err;
	sql_deadline(s->search, s->until_ms);
	return search_mark(s->search, s->range.account, &s->mark);
}

/* Newest first and oldest first, beside each other. */
static const char *const plain_rows[] = {
	"SELECT id FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id",
	"SELECT id FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id DESC",
};
static const char *const plain_whole_rows[] = {
	"SELECT " ROW_TEXT_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id",
	"SELECT " ROW_TEXT_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id DESC",
};
static const char *const detection_rows[] = {
	"SELECT id FROM msg WHERE id BETWEEN $1 AND $2 AND disp <> 0 ORDER BY id",
	"SELECT id FROM msg WHERE id BETWEEN $1 AND $2 AND disp <> 0 ORDER BY id DESC",
};
static const char *const detection_whole_rows[] = {
	"SELECT " ROW_TEXT_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 AND disp <> 0 ORDER BY id",
	"SELECT " ROW_TEXT_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 AND disp <> 0 ORDER BY id DESC",
};
static const char *const indexed_rows[] = {
	"SELECT id FROM indexed WHERE id BETWEEN $1 AND $2 ORDER BY id",
	"SELECT id FROM indexed WHERE id BETWEEN $1 AND $2 ORDER BY id DESC",
};
static const char *const token_rows[] = {
	"SELECT rowid FROM fts WHERE fts MATCH $3 AND rowid BETWEEN $1 AND $2 ORDER BY rowid",
	"SELECT rowid FROM fts WHERE fts MATCH $3 AND rowid BETWEEN $1 AND $2 ORDER BY rowid DESC",
};

static void start_rows(struct scan *s, struct sql *c, const char *const texts[2], int64_t high,
		       struct str expression)
{
	s->rows = sql_prepare(c, texts[s->range.newest_first]);
	sql_bind_int(s->rows, 1, s->range.low);
	sql_bind_int(s->rows, 2, high);
	if (expression.p)
		sql_bind_str(s->rows, 3, expression);
}

/* The table has what is asked for, and what the index knows is nothing to it. */
static void start_plain(struct scan *s)
{
	const char *const *all = s->range.shown ? plain_whole_rows : plain_rows;
	const char *const *detections = s->range.shown ? detection_whole_rows : detection_rows;

	s->tail_over = true;
	s->rows_whole = s->range.shown;
	start_rows(s, s->messages, s->query->n ? detections : all, s->range.high, STR_NONE);
}

static enum err start_indexed(struct scan *s, struct arena *a)
{
	const struct token_query *q = s->query;
	int64_t high = s->range.high < s->mark ? s->range.high : s->mark;
	struct str expression = STR_NONE;

	if (!s->search)
		return OK;
	if (q->n) {
		expression = tokens_expression(a, q);
		if (!expression.p)
			return ERR_LIMIT;
	}
	start_rows(s, s->search, q->n ? token_rows : indexed_rows, high, expression);
	return OK;
}

/* Also takes the snapshots: of messages.db first. */
static enum err choose_rows(struct scan *s, struct arena *a)
{
	const struct token_query *q = s->query;
	enum err err = OK;

	if (s->range.high == SCAN_NEWEST)
		err = store_newest_key(s->messages, s->range.account, &s->range.high);
	if (err)
		return err;
	for (size_t i = 0; i < q->n; i++) {
		if (q->v[i].n == 0) {
			s->tail_over = true; /* nothing has it */
			return OK;
		}
	}
	if (q->only_detections || (q->n == 0 && !s->range.deep)) {
		start_plain(s);
		return OK;
	}
	err = load_changed(s, a);
	if (!err)
		err = open_index(s);
	if (err)
		return err;
	if (q->n == 0)
		s->changed.n = 0; /* a change alters nothing here */
	if (q->n == 0 && !s->search)
		start_plain(s);
	else
		err = start_indexed(s, a);
	return err;
}

enum err scan_open(struct store *st, struct arena *a, struct scan_range *range, const struct token_query *q,
		   int64_t until_ms, struct scan **out)
{
	struct scan *s = ARENA_NEW(a, struct scan);
	enum err err;

	*s = (struct scan){ .st = st,
			    .range = *range,
			    .query = q,
			    .until_ms = until_ms,
			    .rows_key = -1,
			    .changed_key = -1,
			    .rows_at = -1 };
	s->scratch = arena_new(SCRATCH_MAX, NULL, NULL);
	err = sql_read_begin(st->messages, &s->messages);
	if (!err) {
		sql_deadline(s->messages, until_ms);
		err = choose_rows(s, a);
	}
	if (err) {
		scan_close(&s);
		return err;
	}
	range->high = s->range.high;
	*out = s;
	return OK;
}

bool scan_close(struct scan **scan)
{
	struct scan *s = *scan;

	if (!s)
		return false;
	sql_read_end(&s->search);
	sql_read_end(&s->messages);
	arena_free(&s->scratch);
	*scan = NULL;
	return search_use_end(s->st->search, &s->use);
}

/* ---- stepping ---- */

static bool is_changed(const struct scan *s, int64_t key)
{
	size_t low = 0, high = s->changed.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (s->changed.v[mid] == key)
			return true;
		if ((s->changed.v[mid] < key) != s->range.newest_first)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static enum err next_row(struct scan *s)
{
	enum err err = OK;

	s->rows_key = s->rows_at = -1;
	while (s->rows) {
		err = sql_step(s->rows);
		if (err) {
			s->rows = NULL;
			break;
		}
		int64_t key = s->rows_at = sql_int(s->rows, 0);
		if (!is_changed(s, key)) {
			s->rows_key = key;
			break;
		}
	}
	return err == ERR_ABSENT ? OK : err;
}

static enum err next_changed(struct scan *s)
{
	struct record r;
	enum err err = OK;

	s->changed_key = -1;
	while (s->changed_at < s->changed.n && s->changed_key < 0 && !err) {
		int64_t key = s->changed.v[s->changed_at++];
		bool yes = false;
		if (key > s->mark)
			continue; /* the tail has it */
		arena_reset(s->scratch);
		err = store_row_get(s->messages, s->scratch, key, RECORD_WHOLE, &r);
		if (!err)
			err = matches(s, &r, &yes);
		else if (err == ERR_ABSENT)
			err = OK;
		else if (err == ERR_SYNTAX)
			err = store_row_skip(s->st, key);
		if (yes)
			s->changed_key = key;
	}
	return err;
}

static void start_tail(struct scan *s)
{
	int64_t low = s->range.low > s->mark ? s->range.low : s->mark + 1;

	s->tail = sql_prepare(
	    s->messages, s->range.newest_first
			     ? "SELECT " ROW_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id DESC"
			     : "SELECT " ROW_COLUMNS " FROM msg WHERE id BETWEEN $1 AND $2 ORDER BY id");
	sql_bind_int(s->tail, 1, low);
	sql_bind_int(s->tail, 2, s->range.high);
}

/* ERR_ABSENT: the tail is over. */
static enum err next_tail(struct scan *s, int64_t *key_out)
{
	struct record r;
	enum err err = ERR_ABSENT;

	if (s->tail_over)
		return err;
	if (!s->tail)
		start_tail(s);
	while (!(err = sql_step(s->tail))) {
		bool yes = true;
		*key_out = sql_int(s->tail, 0);
		if (s->query->n) {
			arena_reset(s->scratch);
			err = row_read(s->tail, s->scratch, RECORD_WHOLE, &r);
			yes = false;
			err = err ? store_row_skip(s->st, *key_out) : matches(s, &r, &yes);
		}
		if (yes || err)
			return err;
	}
	s->tail_over = true;
	return err;
}

/* The nearer of what the index and the changed rows have next. */
static enum err next_indexed(struct scan *s, int64_t *key_out)
{
	enum err err = OK;

	if (s->rows_key < 0)
		err = next_row(s);
	if (!err && s->changed_key < 0)
		err = next_changed(s);
	if (err)
		return err;
	if (s->rows_key < 0 && s->changed_key < 0)
		return ERR_ABSENT;
	bool row_first = s->changed_key < 0 ||
			 (s->rows_key >= 0 && (s->rows_key > s->changed_key) == s->range.newest_first);
	*key_out = row_first ? s->rows_key : s->changed_key;
	if (row_first)
		s->rows_key = -1;
	else
		s->changed_key = -1;
	return OK;
}

enum err scan_next(struct scan *s, int64_t *key_out)
{
	enum err err = over(s);

	if (err)
		return err;
	if (s->range.newest_first) {
		err = next_tail(s, key_out);
		return err == ERR_ABSENT ? next_indexed(s, key_out) : err;
	}
	err = next_indexed(s, key_out);
	return err == ERR_ABSENT ? next_tail(s, key_out) : err;
}

static enum err read_print(struct sql *search, int64_t key, struct similar_print *out)
{
	struct sql_stmt *s = sql_prepare(search, "SELECT edf, simhash FROM indexed WHERE id = $1");

	sql_bind_int(s, 1, key);
	enum err err = sql_step(s);
	if (err)
		return err;
	*out = (struct similar_print){ .has_edf = !sql_is_null(s, 0),
				       .has_simhash = !sql_is_null(s, 1),
				       .edf = sql_int(s, 0),
				       .simhash = (uint64_t)sql_int(s, 1) };
	sql_done(s);
	return OK;
}

enum err scan_print(struct scan *s, int64_t key, struct similar_print *out)
{
	struct record r;

	if (s->search && key <= s->mark && !is_changed(s, key)) {
		enum err err = read_print(s->search, key, out);
		if (err != ERR_ABSENT)
			return err;
	}
	arena_reset(s->scratch);
	enum err err = store_row_get(s->messages, s->scratch, key, RECORD_WHOLE, &r);
	if (!err)
		*out = similar_print_of(r.message->edf_hash, r.simhash);
	return err;
}

enum err scan_message(struct scan *s, int64_t key, struct stored_message *out)
{
	arena_reset(s->scratch);
	if (s->rows_whole && s->rows_at == key)
		return row_read_text(s->rows, s->scratch, out);
	struct sql_stmt *q = sql_prepare(s->messages, "SELECT " ROW_TEXT_COLUMNS " FROM msg WHERE id = $1");
	sql_bind_int(q, 1, key);
	enum err err = sql_step(q);
	if (!err) {
		err = row_read_text(q, s->scratch, out);
		sql_done(q);
	}
	return err;
}
