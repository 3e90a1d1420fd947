/* A queue of messages, and the threads at its other end. */
#include "courier/finders.h"

#include <stdlib.h>

#include "base/limits.h"

#define TASKS_MAX (4 * FINDERS)
#define BYTES_MAX (96 << 20) /* a larger mail goes alone */
#define TASK_BYTES (2 * (size_t)LIMIT_MESSAGE_MOST + FOUND_BYTES)

struct find_task {
	struct find_task *next;
	struct finders *finders;
	struct find_batch *batch;
	struct arena *arena; /* the task lies in it */
	struct found_place at;
	int64_t size; /* it counts for */
	struct str bytes;
};

struct finders {
	struct found_tools tools;
	pthread_mutex_t mutex; /* guards the rest, and all batches */
	pthread_cond_t work, done;
	struct find_task *first, **last; /* given, and not begun */
	size_t tasks;                    /* begun to be read, and not done */
	int64_t bytes;
	bool ending;
	pthread_t v[FINDERS];
	size_t n;
};

/* ---- filing ---- */

/* The country, where that is known; else the host. */
static struct str origin_of(const struct record *r)
{
	const struct sender_info *s = r->detections->sender_info;
	struct str country = s ? str_sub(s->geo, 0, str_find_char(s->geo, '/', 0)) : STR_NONE;

	if (country.n && !str_eq(country, STR("-")))
		return country;
	return HAS(r->message, message, smtp_helo_server_ip) ? r->message->smtp_helo_server_ip : STR("");
}

static struct str domain_of(struct arena *a, struct str address)
{
	size_t at = str_rfind_char(address, '@');

	return at == SIZE_MAX ? STR("") : arena_lower(a, str_sub(address, at + 1, address.n));
}

/* Copied into the batch's arena, under the lock. */
static void note(struct find_batch *b, const struct record *r)
{
	const struct message *m = r->message;
	struct watch_sighting seen = { .key = r->key, .disposition = m->final_disposition };

	for (size_t i = 0; i < m->threat_categories.n; i++)
		ARENA_PUSH(b->arena, &seen.categories, arena_str(b->arena, m->threat_categories.v[i]));
	if (HAS(m, message, from))
		seen.sender_domain = domain_of(b->arena, m->from);
	seen.origin = arena_str(b->arena, origin_of(r));
	ARENA_PUSH(b->arena, &b->seen, seen);
}

static void end_task(struct find_task *t)
{
	struct finders *f = t->finders;
	struct arena *a = t->arena;

	f->tasks--;
	f->bytes -= t->size;
	t->batch->open--;
	pthread_cond_broadcast(&f->done);
	arena_free(&a);
}

static void file(struct finders *f, struct find_task *t)
{
	struct find_batch *b = t->batch;
	struct errbuf why = { "" };
	struct record r;
	enum err e = found_file(&f->tools, t->arena, &t->at, t->bytes, &r, &why);

	pthread_mutex_lock(&f->mutex);
	if (!e) {
		note(b, &r);
	} else if (e == ERR_LATER) {
		b->err = e;
		b->why = why;
	} else {
		b->failed++;
		log_warn(f->tools.log, "found_not_filed", KV_STR("mailbox", t->at.address),
			 KV_STR("place", t->at.place.id), KV_C("why", err_name(e)));
	}
	end_task(t);
	pthread_mutex_unlock(&f->mutex);
}

static struct find_task *take(struct finders *f)
{
	struct find_task *t;

	pthread_mutex_lock(&f->mutex);
	while (!f->first && !f->ending)
		pthread_cond_wait(&f->work, &f->mutex);
	t = f->first;
	if (t)
		f->first = t->next;
	if (!f->first)
		f->last = &f->first;
	pthread_mutex_unlock(&f->mutex);
	return t;
}

static void *run(void *arg)
{
	struct finders *f = arg;
	struct find_task *t;

	while ((t = take(f)))
		file(f, t);
	return NULL;
}

/* ---- from outside ---- */

enum err finders_new(const struct found_tools *tools, struct finders **out, struct errbuf *eb)
{
	struct finders *f = calloc(1, sizeof(*f));

	ASSERT(f);
	f->tools = *tools;
	f->last = &f->first;
	pthread_mutex_init(&f->mutex, NULL);
	pthread_cond_init(&f->work, NULL);
	pthread_cond_init(&f->done, NULL);
	while (f->n < FINDERS && pthread_create(&f->v[f->n], NULL, run, f) == 0)
		f->n++;
	*out = f;
	if (f->n == FINDERS)
		return OK;
	finders_free(out);
	return err_set(eb, ERR_LATER, "no threads to file what is found in mailboxes");
}

void finders_free(struct finders **fp)
{
	struct finders *f = *fp;

	*fp = NULL;
	if (!f)
		return;
	pthread_mutex_lock(&f->mutex);
	f->ending = true;
	pthread_cond_broadcast(&f->work);
	pthread_mutex_unlock(&f->mutex);
	for (size_t i = 0; i < f->n; i++)
		pthread_join(f->v[i], NULL);
	pthread_cond_destroy(&f->done);
	pthread_cond_destroy(&f->work);
	pthread_mutex_destroy(&f->mutex);
	free(f);
}

static bool has_room(const struct finders *f, int64_t size)
{
	return f->tasks == 0 || (f->tasks < TASKS_MAX && f->bytes + size <= BYTES_MAX);
}

struct find_task *find_begin(struct finders *f, struct find_batch *b, const struct found_place *at,
			     int64_t size)
{
	struct arena *a = arena_new(TASK_BYTES, NULL, NULL);
	struct find_task *t = ARENA_NEW(a, struct find_task);

	size = size < 0 ? 0 : size > LIMIT_MESSAGE_MOST ? LIMIT_MESSAGE_MOST : size; /* a provider's word */
	*t = (struct find_task){ .finders = f, .batch = b, .arena = a, .at = *at, .size = size };
	pthread_mutex_lock(&f->mutex);
	while (!has_room(f, size))
		pthread_cond_wait(&f->done, &f->mutex);
	f->tasks++;
	f->bytes += size;
	b->open++;
	pthread_mutex_unlock(&f->mutex);
	return t;
}

struct arena *find_arena(struct find_task *t)
{
	return t->arena;
}

void find_give(struct find_task *t, struct str bytes, const struct mail_marks *marks)
{
	struct finders *f = t->finders;

	t->bytes = bytes;
	t->at.marks = *marks;
	pthread_mutex_lock(&f->mutex);
	f->bytes += (int64_t)bytes.n - t->size;
	t->size = (int64_t)bytes.n;
	*f->last = t;
	f->last = &t->next;
	pthread_cond_signal(&f->work);
	pthread_mutex_unlock(&f->mutex);
}

void find_drop(struct find_task *t)
{
	struct finders *f = t->finders;

	pthread_mutex_lock(&f->mutex);
	end_task(t);
	pthread_mutex_unlock(&f->mutex);
}

void find_wait(struct finders *f, struct find_batch *b)
{
	pthread_mutex_lock(&f->mutex);
	while (b->open)
		pthread_cond_wait(&f->done, &f->mutex);
	pthread_mutex_unlock(&f->mutex);
}
