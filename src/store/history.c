/* Counting keys with decay. A key is a 63-bit keyed hash, so the file names nobody. */
#include "store/history.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "store/internal.h"

#define KEY_MAX 320 /* bytes of "kind:value"; the rest is not looked at */
#define SLICE 500   /* keys written in one transaction: about 50 mails */
#define FORGET_SLICE 500
#define FORGET_AFTER_DAYS 30
#define FORGET_BELOW 0.6 /* seen once, 30 days ago, is 0.5 */
#define DAY_US (INT64_C(24) * 3600 * 1000000)

struct count {
	int64_t account, k; /* account 0 = free */
	int64_t first, last;
	double n, bad;
};

struct counts {
	struct count *v;
	size_t n, room; /* room: a power of two */
};

struct history_cache {
	unsigned char key[16];
	pthread_mutex_t mutex; /* guards live, writing, stop */
	pthread_cond_t wake;
	struct counts live, writing; /* being counted; being written */
	bool stop, has_thread;
	pthread_t thread;
	pthread_mutex_t flush_mutex; /* one flush at a time */
};

static double rate(void)
{
	return log(2) / (HISTORY_HALF_LIFE_DAYS * (double)DAY_US);
}

static double faded(double n, int64_t from_us, int64_t to_us)
{
	return to_us > from_us ? n * exp(-(double)(to_us - from_us) * rate()) : n;
}

static int64_t hash_key(const struct history_cache *h, struct str key)
{
	char folded[KEY_MAX];
	size_t n = key.n < KEY_MAX ? key.n : KEY_MAX;

	for (size_t i = 0; i < n; i++)
		folded[i] = ascii_lower(key.p[i]);
	return (int64_t)(hash_sip(h->key, str_from(folded, n)) & INT64_MAX);
}

int64_t history_hash(const struct store *st, struct str key)
{
	return hash_key(st->recent, key);
}

/* ---- the counts in memory ---- */

static struct count *find(const struct counts *c, int64_t account, int64_t k)
{
	if (!c->room)
		return NULL;
	for (size_t i = (size_t)(k ^ account * 0x9e3779b9);; i++) {
		struct count *at = &c->v[i & (c->room - 1)];
		if (!at->account || (at->account == account && at->k == k))
			return at;
	}
}

static void grow(struct counts *c)
{
	struct counts bigger = { .room = c->room ? c->room * 2 : 256, .n = c->n };

	bigger.v = calloc(bigger.room, sizeof(*bigger.v));
	ASSERT(bigger.v);
	for (size_t i = 0; i < c->room; i++)
		if (c->v[i].account)
			*find(&bigger, c->v[i].account, c->v[i].k) = c->v[i];
	free(c->v);
	*c = bigger;
}

/* Into a count whose last mail was at c->last; mails may come out of order. */
static void merge(struct count *c, const struct count *more)
{
	int64_t last = c->last > more->last ? c->last : more->last;

	c->n = faded(c->n, c->last, last) + faded(more->n, more->last, last);
	c->bad = faded(c->bad, c->last, last) + faded(more->bad, more->last, last);
	c->last = last;
	if (more->first < c->first || c->first == 0)
		c->first = more->first;
}

static void count_one(struct counts *c, const struct count *one)
{
	if (2 * (c->n + 1) > c->room)
		grow(c);
	struct count *at = find(c, one->account, one->k);
	if (at->account) {
		merge(at, one);
	} else {
		*at = *one;
		c->n++;
	}
}

/* ---- the file ---- */

static const char upsert[] =
    "INSERT INTO hist(account, k, first, last, n, bad) VALUES($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT(account, k) DO UPDATE SET first = $3, last = $4, n = $5, bad = $6";

static const char lookup[] = "SELECT first, last, n, bad FROM hist WHERE account = $1 AND k = $2";

/* ERR_ABSENT: never seen. */
static enum err read_count(struct sql *c, int64_t account, int64_t k, struct count *out)
{
	struct sql_stmt *s = sql_prepare(c, lookup);

	*out = (struct count){ .account = account, .k = k };
	sql_bind_int(s, 1, account);
	sql_bind_int(s, 2, k);
	enum err err = sql_step(s);
	if (err)
		return err;
	out->first = sql_int(s, 0);
	out->last = sql_int(s, 1);
	out->n = sql_double(s, 2);
	out->bad = sql_double(s, 3);
	sql_done(s);
	return OK;
}

static enum err write_count(struct sql *c, const struct count *more)
{
	struct count sum;
	enum err err = read_count(c, more->account, more->k, &sum);

	if (err && err != ERR_ABSENT)
		return err;
	if (err)
		sum = *more;
	else
		merge(&sum, more);
	struct sql_stmt *s = sql_prepare(c, upsert);
	sql_bind_int(s, 1, sum.account);
	sql_bind_int(s, 2, sum.k);
	sql_bind_int(s, 3, sum.first);
	sql_bind_int(s, 4, sum.last);
	sql_bind_double(s, 5, sum.n);
	sql_bind_double(s, 6, sum.bad);
	return sql_run(s, NULL);
}

static int by_key(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	return (x->k > y->k) - (x->k < y->k);
}

static enum err write_slice(struct store *st, const struct count *v, size_t n)
{
	struct sql *c;
	enum err err = sql_write_begin(st->history, &c);

	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++)
		err = write_count(c, &v[i]);
	return sql_end(&c, err);
}

void history_flush(struct store *st)
{
	struct history_cache *h = st->recent;
	struct count *v;
	size_t n = 0;
	enum err err = OK;

	pthread_mutex_lock(&h->flush_mutex);
	pthread_mutex_lock(&h->mutex);
	h->writing = h->live;
	h->live = (struct counts){ NULL, 0, 0 };
	v = calloc(h->writing.n + 1, sizeof(*v));
	ASSERT(v);
	for (size_t i = 0; i < h->writing.room; i++)
		if (h->writing.v[i].account)
			v[n++] = h->writing.v[i];
	pthread_mutex_unlock(&h->mutex);
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0; i < n && !err; i += SLICE)
		err = write_slice(st, v + i, n - i < SLICE ? n - i : SLICE);
	if (err)
		log_warn(st->log, "history_lost", KV_INT("keys", n), KV_C("error", err_name(err)));
	free(v);
	/* Until here a look-up may count these twice: in the file and in memory. */
	pthread_mutex_lock(&h->mutex);
	free(h->writing.v);
	h->writing = (struct counts){ NULL, 0, 0 };
	pthread_mutex_unlock(&h->mutex);
	pthread_mutex_unlock(&h->flush_mutex);
}

static void *flush_each_second(void *ctx)
{
	struct store *st = ctx;
	struct history_cache *h = st->recent;
	struct timespec until;
	bool stop = false;

	while (!stop) {
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		pthread_mutex_lock(&h->mutex);
		while (!h->stop && pthread_cond_timedwait(&h->wake, &h->mutex, &until) != ETIMEDOUT)
			;
		stop = h->stop;
		bool any = h->live.n > 0;
		pthread_mutex_unlock(&h->mutex);
		if (any)
			history_flush(st);
	}
	return NULL;
}

/* ---- the outside ---- */

enum err history_open(struct store *st, struct errbuf *eb)
{
	struct history_cache *h = calloc(1, sizeof(*h));
	struct sha256 key = hash_hmac(store_secret(st), STR("history"));
	pthread_condattr_t monotonic;
	sigset_t all, before;

	ASSERT(h);
	memcpy(h->key, key.b, sizeof(h->key));
	pthread_mutex_init(&h->mutex, NULL);
	pthread_mutex_init(&h->flush_mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&h->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	st->recent = h;
	if (!(st->flags & STORE_WRITER))
		return OK;
	/* Signals are for the threads of the role. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	h->has_thread = pthread_create(&h->thread, NULL, flush_each_second, st) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return h->has_thread ? OK : err_set(eb, ERR_LATER, "no thread for the history");
}

void history_close(struct store *st)
{
	struct history_cache *h = st->recent;

	if (!h)
		return;
	pthread_mutex_lock(&h->mutex);
	h->stop = true;
	pthread_cond_signal(&h->wake);
	pthread_mutex_unlock(&h->mutex);
	if (h->has_thread)
		pthread_join(h->thread, NULL);
	pthread_cond_destroy(&h->wake);
	pthread_mutex_destroy(&h->flush_mutex);
	pthread_mutex_destroy(&h->mutex);
	free(h->live.v);
	free(h);
	st->recent = NULL;
}

void store_history_add(struct store *st, int64_t account, const struct str *keys, size_t n, bool bad,
		       int64_t now_us)
{
	struct history_cache *h = st->recent;

	ASSERT(account > 0);
	pthread_mutex_lock(&h->mutex);
	for (size_t i = 0; i < n; i++) {
		struct count one = { account, hash_key(h, keys[i]), now_us, now_us, 1, bad ? 1 : 0 };
		count_one(&h->live, &one);
	}
	pthread_mutex_unlock(&h->mutex);
	if (!h->has_thread)
		history_flush(st);
}

static void add_cached(const struct counts *cached, struct count *c)
{
	const struct count *at = find(cached, c->account, c->k);

	if (at && at->account)
		merge(c, at);
}

enum err store_history_get(struct store *st, int64_t account, const struct str *keys, size_t n,
			   int64_t when_us, struct history *out)
{
	struct history_cache *h = st->recent;
	struct sql *c;
	enum err err = sql_read_begin(st->history, &c);

	for (size_t i = 0; i < n; i++)
		out[i] = (struct history){ 0 };
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		struct count sum;
		err = read_count(c, account, hash_key(h, keys[i]), &sum);
		if (err == ERR_ABSENT)
			err = OK;
		if (err)
			break;
		pthread_mutex_lock(&h->mutex);
		add_cached(&h->writing, &sum);
		add_cached(&h->live, &sum);
		pthread_mutex_unlock(&h->mutex);
		if (sum.first <= when_us)
			out[i] = (struct history){ sum.first, sum.last, faded(sum.n, sum.last, when_us),
						   faded(sum.bad, sum.last, when_us) };
	}
	sql_read_end(&c);
	return err;
}

/* ---- forgetting ---- */

enum err history_forget(struct store *st, struct history_place *at)
{
	int64_t now = clock_now_us(), seen = 0;
	struct count gone[FORGET_SLICE];
	size_t n = 0;
	struct sql *c;
	enum err err = sql_read_begin(st->history, &c);

	if (err)
		return err;
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT account, k, last, n FROM hist WHERE (account, k) > ($1, $2) "
			   "ORDER BY account, k LIMIT 500");
	sql_bind_int(s, 1, at->account);
	sql_bind_int(s, 2, at->k);
	while (!(err = sql_step(s))) {
		seen++;
		*at = (struct history_place){ sql_int(s, 0), sql_int(s, 1) };
		int64_t last = sql_int(s, 2);
		if (now - last > FORGET_AFTER_DAYS * DAY_US &&
		    faded(sql_double(s, 3), last, now) < FORGET_BELOW)
			gone[n++] = (struct count){ .account = at->account, .k = at->k, .last = last };
	}
	sql_read_end(&c);
	if (seen < FORGET_SLICE)
		*at = (struct history_place){ 0, 0 };
	if (err != ERR_ABSENT || n == 0)
		return err == ERR_ABSENT ? OK : err;
	err = sql_write_begin(st->history, &c);
	if (err)
		return err;
	for (size_t i = 0; i < n && !err; i++) {
		s = sql_prepare(c, "DELETE FROM hist WHERE account = $1 AND k = $2 AND last = $3");
		sql_bind_int(s, 1, gone[i].account);
		sql_bind_int(s, 2, gone[i].k);
		sql_bind_int(s, 3, gone[i].last);
		err = sql_run(s, NULL);
	}
	return sql_end(&c, err);
}
