/* clamd's answers, and its silences. */
#include "broker/virus.h"

#include <pthread.h>
#include <stdlib.h>

#define FAILURES_MOST 3 /* in a row, until it is left alone */
#define PAUSE_MS 10000
#define TOLD_MS 60000 /* at most one line of a kind in that time */

struct virus_asker {
	struct clamd_address address;
	const struct config *config;
	const struct log *log;
	pthread_mutex_t lock; /* guards the rest */
	unsigned failures;    /* in a row */
	int64_t until_ms;     /* not asked before */
	int64_t told_ms;      /* when a failure was last told; 0 = never */
};

struct virus_asker *virus_asker_new(const struct config *c, const struct log *log)
{
	struct clamd_address address;

	if (!c->clamd_socket || !*c->clamd_socket || clamd_address_parse(c->clamd_socket, &address) != OK)
		return NULL;
	struct virus_asker *v = calloc(1, sizeof(*v));
	ASSERT(v);
	*v = (struct virus_asker){ .address = address, .config = c, .log = log };
	pthread_mutex_init(&v->lock, NULL);
	return v;
}

void virus_asker_free(struct virus_asker **v)
{
	if (!*v)
		return;
	pthread_mutex_destroy(&(*v)->lock);
	free(*v);
	*v = NULL;
}

static bool may_ask(struct virus_asker *v, int64_t now_ms)
{
	pthread_mutex_lock(&v->lock);
	bool may = v->until_ms <= now_ms;
	pthread_mutex_unlock(&v->lock);
	return may;
}

static void note_success(struct virus_asker *v)
{
	pthread_mutex_lock(&v->lock);
	bool tell = v->told_ms != 0;
	v->failures = 0;
	v->told_ms = 0;
	pthread_mutex_unlock(&v->lock);
	if (tell)
		log_info(v->log, "clamd_answers", KV_C("again", v->config->clamd_socket));
}

/* What it refuses is this mail's: only silence keeps others waiting. */
static void note_failure(struct virus_asker *v, enum err e, const struct errbuf *why)
{
	int64_t now_ms = clock_mono_ms();

	pthread_mutex_lock(&v->lock);
	if (e != ERR_DENIED && ++v->failures >= FAILURES_MOST)
		v->until_ms = now_ms + PAUSE_MS;
	bool tell = v->told_ms == 0 || now_ms - v->told_ms >= TOLD_MS;
	if (tell)
		v->told_ms = now_ms;
	pthread_mutex_unlock(&v->lock);
	if (tell)
		log_warn(v->log, "clamd_failed", KV_C("clamd", v->config->clamd_socket),
			 KV_C("why", why->text), KV_C("left", "mail is judged without it"));
}

void virus_send(struct virus_asker *v, int fd, size_t size, int64_t until_ms, struct virus_scan *out)
{
	int64_t now_ms = clock_mono_ms();
	struct errbuf why = { "" };

	*out = (struct virus_scan){ .until_ms = until_ms };
	if (!v || !may_ask(v, now_ms))
		return;
	if (size > (uint64_t)v->config->clamd_size_mb << 20) {
		log_info(v->log, "clamd_not_asked", KV_INT("bytes", size), KV_C("why", "clamd.size_mb"));
		return;
	}
	out->until_ms = clock_earlier(until_ms, now_ms + v->config->clamd_timeout_s * 1000);
	enum err e = clamd_send(&v->address, fd, size, out->until_ms, &out->stream, &why);
	if (e != OK)
		note_failure(v, e, &why);
}

void virus_hear(struct virus_asker *v, struct virus_scan *scan, struct arena *a, struct answer *out)
{
	struct errbuf why = { "" };
	struct dns_record record = { 0 };

	if (!scan->stream)
		return;
	enum err e = clamd_hear(&scan->stream, a, scan->until_ms, &record.data, &why);
	if (e != OK) {
		note_failure(v, e, &why);
		return;
	}
	note_success(v);
	out->status = ANSWER_NODATA;
	if (record.data.n == 0)
		return;
	out->status = ANSWER_OK;
	ARENA_PUSH(a, &out->records, record);
}
