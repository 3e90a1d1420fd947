/* A short list of domains that are asked about, and the threads that ask. */
#include "broker/ages.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/domain.h"
#include "net/rdap.h"
#include "store/store.h"

#define THREADS 2
#define WANTED_MAX 64 /* asked about or about to be; more are forgotten, the next mail asks again */
#define QUESTION_MS 10000
#define SILENT_PAUSE_MS 60000
#define ENOUGH_PAUSE_MS 600000
#define UNKNOWN_AGAIN_US (INT64_C(7) * 86400 * 1000000)
#define MEMORY ((size_t)8 << 20)
#define SCRATCH ((size_t)16 << 20) /* an answer and its values */

enum place { PLACE_FREE, PLACE_WAITS, PLACE_ASKED };

struct wanted {
	enum place place;
	char domain[DOMAIN_MAX + 1];
};

struct ages {
	struct ages_options o;
	struct arena *arena;
	struct rdap_bootstrap bootstrap;
	pthread_t threads[THREADS];
	size_t threads_n;
	atomic_bool ending;
	pthread_mutex_t lock; /* guards the rest */
	pthread_cond_t changed;
	struct wanted wanted[WANTED_MAX];
	int64_t *paused_until_ms; /* by service */
	int64_t minute;           /* that is being counted */
	int64_t asked;            /* in it */
	bool told;                /* that there were too many */
};

/* ---- asking servers ---- */

static struct wanted *next_wanted(struct ages *g)
{
	for (size_t i = 0; i < WANTED_MAX; i++)
		if (g->wanted[i].place == PLACE_WAITS)
			return &g->wanted[i];
	return NULL;
}

/* So many a minute. Called with the lock held. */
static bool may_ask(struct ages *g)
{
	int64_t minute = clock_mono_ms() / 60000;

	if (minute != g->minute) {
		g->minute = minute;
		g->asked = 0;
		g->told = false;
	}
	if (g->asked < g->o.config->ages_per_minute) {
		g->asked++;
		return true;
	}
	if (!g->told)
		log_warn(g->o.log, "ages_limited", KV_INT("per_minute", g->o.config->ages_per_minute),
			 KV_C("left", "other domains have no age for now"));
	g->told = true;
	return false;
}

static void pause_service(struct ages *g, const struct rdap_service *s, enum err e, const struct errbuf *why)
{
	pthread_mutex_lock(&g->lock);
	g->paused_until_ms[s - g->bootstrap.v] =
	    clock_mono_ms() + (e == ERR_LIMIT ? ENOUGH_PAUSE_MS : SILENT_PAUSE_MS);
	pthread_mutex_unlock(&g->lock);
	log_warn(g->o.log, "rdap_failed", KV_STR("server", s->url), KV_C("why", why->text),
		 KV_C("left", "it is not asked for a while"));
}

static void ask_one(struct ages *g, struct arena *a, const char *domain)
{
	const struct rdap_question q = {
		.service = rdap_service_of(&g->bootstrap, str_of(domain)),
		.domain = str_of(domain),
		.dns = g->o.dns,
		.until = clock_mono_ms() + QUESTION_MS,
		.ending = &g->ending,
	};
	struct errbuf why = { "" };
	int64_t created = 0;
	enum err e = rdap_ask(&q, a, &created, &why);

	if (atomic_load(&g->ending))
		return;
	if (e == OK || e == ERR_ABSENT)
		e = store_age_put(g->o.store, q.domain, e == OK ? created : 0, clock_now_us());
	else
		pause_service(g, q.service, e, &why);
	if (e == ERR_BUG)
		log_warn(g->o.log, "age_not_kept", KV_C("why", err_name(e)));
}

static void *ask_on(void *ctx)
{
	struct ages *g = ctx;
	struct arena *a = arena_new(SCRATCH, NULL, NULL);

	pthread_mutex_lock(&g->lock);
	while (!atomic_load(&g->ending)) {
		struct wanted *w = next_wanted(g);
		if (!w) {
			pthread_cond_wait(&g->changed, &g->lock);
			continue;
		}
		w->place = PLACE_ASKED;
		pthread_mutex_unlock(&g->lock);
		ask_one(g, a, w->domain); /* nobody else writes to a place that is taken */
		arena_reset(a);
		pthread_mutex_lock(&g->lock);
		w->place = PLACE_FREE;
		pthread_cond_broadcast(&g->changed);
	}
	pthread_mutex_unlock(&g->lock);
	arena_free(&a);
	return NULL;
}

/* ---- asking us ---- */

static struct wanted *find_wanted(struct ages *g, struct str domain, enum place place)
{
	for (size_t i = 0; i < WANTED_MAX; i++) {
		struct wanted *w = &g->wanted[i];
		if (place == PLACE_FREE ? w->place == PLACE_FREE
					: w->place != PLACE_FREE && str_eq(str_of(w->domain), domain))
			return w;
	}
	return NULL;
}

/* Called with the lock held. */
static void want(struct ages *g, struct str domain)
{
	const struct rdap_service *s = rdap_service_of(&g->bootstrap, domain);
	struct wanted *w = find_wanted(g, domain, PLACE_WAITS) ? NULL : find_wanted(g, domain, PLACE_FREE);

	if (!s || !w || domain.n > DOMAIN_MAX || !domain_is_ldh(domain) ||
	    g->paused_until_ms[s - g->bootstrap.v] > clock_mono_ms() || !may_ask(g))
		return;
	memcpy(w->domain, domain.p, domain.n);
	w->domain[domain.n] = '\0';
	w->place = PLACE_WAITS;
	pthread_cond_broadcast(&g->changed);
}

/* False: it is not known, and might be. */
static bool recall(struct ages *g, struct str domain, struct answer *out)
{
	int64_t created, asked;

	if (store_age_get(g->o.store, domain, &created, &asked) != OK ||
	    (created == 0 && clock_now_us() - asked > UNKNOWN_AGAIN_US))
		return false;
	out->status = created ? ANSWER_OK : ANSWER_NXDOMAIN;
	out->history.first_us = created;
	return true;
}

static bool any_is_wanted(struct ages *g, const struct ask *asks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (find_wanted(g, asks[i].name, PLACE_WAITS))
			return true;
	return false;
}

void ages_ask(struct ages *g, const struct ask *asks, size_t n, int64_t until_ms, struct answer *answers_out)
{
	int64_t until = clock_earlier(until_ms, clock_mono_ms() + g->o.config->ages_timeout_s * 1000);
	struct timespec t = { .tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000 };
	bool open = false;

	for (size_t i = 0; i < n; i++)
		if (!recall(g, asks[i].name, &answers_out[i]))
			open = true;
	if (!open || g->threads_n == 0)
		return;
	pthread_mutex_lock(&g->lock);
	for (size_t i = 0; i < n; i++)
		if (answers_out[i].status == ANSWER_TEMPERROR)
			want(g, asks[i].name);
	while (any_is_wanted(g, asks, n) && pthread_cond_timedwait(&g->changed, &g->lock, &t) == 0)
		;
	pthread_mutex_unlock(&g->lock);
	for (size_t i = 0; i < n; i++)
		if (answers_out[i].status == ANSWER_TEMPERROR)
			(void)recall(g, asks[i].name, &answers_out[i]);
}

/* ---- beginning and end ---- */

static enum err start(struct ages *g, struct errbuf *eb)
{
	sigset_t all, before;

	if (g->o.bootstrap.n == 0)
		return OK;
	enum err e = rdap_bootstrap_read(g->arena, g->o.bootstrap, &g->bootstrap, eb);
	if (e != OK)
		return e;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		return err_set(eb, ERR_LATER, "libcurl cannot be started");
	g->paused_until_ms = ARENA_ARRAY(g->arena, g->bootstrap.n, int64_t);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	while (g->threads_n < THREADS && pthread_create(&g->threads[g->threads_n], NULL, ask_on, g) == 0)
		g->threads_n++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return g->threads_n > 0 ? OK : err_set(eb, ERR_LATER, "no thread for the ages of domains");
}

enum err ages_new(const struct ages_options *o, struct ages **out, struct errbuf *eb)
{
	struct ages *g = calloc(1, sizeof(*g));
	pthread_condattr_t monotonic;

	ASSERT(g);
	*g = (struct ages){ .o = *o, .arena = arena_new(MEMORY, NULL, NULL) };
	pthread_mutex_init(&g->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&g->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	enum err e = start(g, eb);
	if (e != OK)
		ages_free(&g);
	*out = g;
	return e;
}

void ages_free(struct ages **g)
{
	if (!*g)
		return;
	pthread_mutex_lock(&(*g)->lock);
	atomic_store(&(*g)->ending, true);
	pthread_cond_broadcast(&(*g)->changed);
	pthread_mutex_unlock(&(*g)->lock);
	for (size_t i = 0; i < (*g)->threads_n; i++)
		pthread_join((*g)->threads[i], NULL);
	pthread_cond_destroy(&(*g)->changed);
	pthread_mutex_destroy(&(*g)->lock);
	arena_free(&(*g)->arena);
	free(*g);
	*g = NULL;
}
