/* Counting what lists do not answer. */
#include "broker/list_watch.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define SILENT_MOST 10 /* questions in a row without an answer */
#define SILENT_PAUSE_MS 60000
#define REFUSED_PAUSE_MS 600000 /* who refuses us or lists everybody will not think better of it soon */

/* Of one list. */
struct state {
	unsigned silent;  /* questions without an answer in a row */
	int64_t until_ms; /* not asked before */
	bool told;        /* that it was given up, since it last answered */
};

struct list_watch {
	const struct block_lists *lists;
	const struct log *log;
	pthread_mutex_t lock; /* guards the states */
	struct state *states; /* by list */
};

struct list_watch *list_watch_new(const struct block_lists *lists, const struct log *log)
{
	struct list_watch *w = calloc(1, sizeof(*w));

	ASSERT(w);
	*w = (struct list_watch){ .lists = lists, .log = log };
	w->states = calloc(lists->n + 1, sizeof(*w->states));
	ASSERT(w->states);
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void list_watch_free(struct list_watch **w)
{
	if (!*w)
		return;
	pthread_mutex_destroy(&(*w)->lock);
	free((*w)->states);
	free(*w);
	*w = NULL;
}

static struct state *state_of(struct list_watch *w, const struct block_list *l)
{
	return &w->states[l - w->lists->v];
}

bool list_watch_may_ask(struct list_watch *w, struct str name, int64_t now_ms)
{
	const struct block_list *l = block_lists_find(w->lists, name);

	if (!l)
		return false;
	pthread_mutex_lock(&w->lock);
	bool may = state_of(w, l)->until_ms <= now_ms;
	pthread_mutex_unlock(&w->lock);
	return may;
}

/* The address that says why we are refused, or that what is never listed is; NULL: neither. */
static const uint8_t *refusal(const struct block_list *l, struct str name, const struct answer *answer)
{
	bool probe = block_list_is_probe(l, name);

	for (size_t i = 0; answer->status == ANSWER_OK && i < answer->records.n; i++) {
		const struct str data = answer->records.v[i].data;
		if (data.n == 4 && (probe || block_answer_refuses((const uint8_t *)data.p)))
			return (const uint8_t *)data.p;
	}
	return NULL;
}

/* True when that is to be told. Called with the lock held. */
static bool pause_it(struct state *s, int64_t until_ms)
{
	bool tell = !s->told;

	s->until_ms = until_ms;
	s->told = true;
	return tell;
}

void list_watch_heard(struct list_watch *w, struct str name, const struct answer *answer, int64_t now_ms)
{
	const struct block_list *l = block_lists_find(w->lists, name);
	const uint8_t *b = l ? refusal(l, name, answer) : NULL;
	bool tell = false;
	char code[16] = "";

	if (!l)
		return;
	pthread_mutex_lock(&w->lock);
	struct state *s = state_of(w, l);
	if (b) {
		snprintf(code, sizeof(code), "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
		tell = pause_it(s, now_ms + REFUSED_PAUSE_MS);
	} else if (answer->status != ANSWER_TEMPERROR) {
		*s = s->until_ms > now_ms ? *s : (struct state){ 0 };
	} else if (++s->silent >= SILENT_MOST) {
		tell = pause_it(s, now_ms + SILENT_PAUSE_MS);
	}
	pthread_mutex_unlock(&w->lock);
	if (tell && b)
		log_warn(w->log, block_list_is_probe(l, name) ? "list_holds_everything" : "list_refuses",
			 KV_STR("list", l->shown), KV_C("code", code),
			 KV_C("left", "it is not asked for a while"));
	else if (tell)
		log_warn(w->log, "list_silent", KV_STR("list", l->shown),
			 KV_C("left", "it is not asked for a while"));
}
