/* A small pool of idle connections to next hops, and the thread that closes them when nobody comes for them. */
#include "intake/next_hop.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "intake/route.h"

#define IDLE_MAX 64 /* connections kept in all: as many as sessions commonly run at once */
#define ROUTE_BYTES (1u << 20)
#define MX_MS LIMIT_SCAN_DNS_MS /* for MX records: what DNS may take of a scan, too */

struct idle {
	struct relay *relay;
	struct str transport; /* owned */
	bool tls_must;
	int64_t since_ms;
};

struct next_hop_pool {
	struct next_hop_options o;
	pthread_t sweeper;
	bool sweeping;        /* it runs */
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t came;  /* a connection, or the end */
	bool ending;
	struct idle idle[IDLE_MAX];
	size_t idle_n;
};

static void discard(struct idle *i)
{
	relay_close(&i->relay);
	free((void *)(uintptr_t)i->transport.p);
}

/* Takes out what was idle too long; the lock is held. It is to be closed unlocked. */
static size_t take_old(struct next_hop_pool *p, struct idle out[IDLE_MAX])
{
	int64_t now = clock_mono_ms();
	size_t n = 0;

	for (size_t i = p->idle_n; i-- > 0;) {
		if (now - p->idle[i].since_ms < p->o.idle_ms)
			continue;
		out[n++] = p->idle[i];
		p->idle[i] = p->idle[--p->idle_n];
	}
	return n;
}

/* A server of many connections is dear: none is kept for a next mail that does not come. */
static void *sweep(void *ctx)
{
	struct next_hop_pool *p = ctx;
	struct idle old[IDLE_MAX];

	pthread_mutex_lock(&p->lock);
	while (!p->ending) {
		int64_t until = clock_mono_ms() + p->o.idle_ms;
		struct timespec t = { until / 1000, until % 1000 * 1000000 };
		if (p->idle_n == 0)
			pthread_cond_wait(&p->came, &p->lock);
		else
			pthread_cond_timedwait(&p->came, &p->lock, &t);
		size_t n = take_old(p, old);
		pthread_mutex_unlock(&p->lock);
		for (size_t i = 0; i < n; i++)
			discard(&old[i]);
		pthread_mutex_lock(&p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

struct next_hop_pool *next_hop_pool_new(const struct next_hop_options *o)
{
	struct next_hop_pool *p = calloc(1, sizeof(*p));
	pthread_condattr_t monotonic;

	ASSERT(p);
	p->o = *o;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&p->came, &monotonic);
	pthread_condattr_destroy(&monotonic);
	p->sweeping = pthread_create(&p->sweeper, NULL, sweep, p) == 0;
	return p;
}

void next_hop_pool_free(struct next_hop_pool **pp)
{
	struct next_hop_pool *p = *pp;

	*pp = NULL;
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_signal(&p->came);
	pthread_mutex_unlock(&p->lock);
	if (p->sweeping)
		pthread_join(p->sweeper, NULL);
	for (size_t i = 0; i < p->idle_n; i++)
		discard(&p->idle[i]);
	pthread_cond_destroy(&p->came);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The matching connection that was used last, or NULL. */
static struct relay *take_idle(struct next_hop_pool *p, struct str transport, bool tls_must)
{
	struct idle *best = NULL, found = { 0 };
	int64_t now = clock_mono_ms();

	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->idle_n; i++) {
		struct idle *at = &p->idle[i];
		if (at->tls_must == tls_must && now - at->since_ms < p->o.idle_ms &&
		    (!best || at->since_ms > best->since_ms) && str_eq(at->transport, transport))
			best = at;
	}
	if (best) {
		found = *best;
		*best = p->idle[--p->idle_n];
	}
	pthread_mutex_unlock(&p->lock);
	free((void *)(uintptr_t)found.transport.p);
	return found.relay;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static enum err connect_any(struct next_hop_pool *p, struct str transport, bool tls_must, int64_t until_ms,
			    struct relay **out, struct smtp_reply *reply_out)
{
	struct arena *a = arena_new(ROUTE_BYTES, NULL, NULL);
	struct route route;
	enum err e = route_find(a, p->o.dns, transport, earlier(until_ms, clock_mono_ms() + MX_MS), &route);

	switch (e) {
	case OK:
		break;
	case ERR_SYNTAX:
		*reply_out = smtp_reply_make(451, "4.3.5 no next hop is configured for this domain");
		break;
	case ERR_ABSENT:
		*reply_out = smtp_reply_make(556, "5.1.10 the next hop accepts no mail (null MX)");
		break;
	case ERR_LIMIT:
	case ERR_DENIED:
	case ERR_CONFLICT:
	case ERR_LATER:
	case ERR_BUG:
		*reply_out = smtp_reply_make(451, "4.4.3 the next hop could not be looked up");
		break;
	}
	for (size_t i = 0; !e && i < route.n; i++) {
		struct relay_options o = {
			.host = route.v[i].host,
			.port = route.v[i].port,
			.tls = tls_must ? RELAY_TLS_MUST : RELAY_TLS_MAY,
			.tls_context = p->o.tls,
			.hostname = p->o.hostname,
			.connect_until_ms =
			    clock_mono_ms() + clock_left_ms(until_ms) / (int64_t)(route.n - i),
		};
		if (relay_open(&o, out, reply_out) == OK) {
			arena_free(&a);
			return OK;
		}
		e = i + 1 < route.n ? OK : ERR_LATER;
	}
	arena_free(&a);
	return e;
}

enum err next_hop_take(struct next_hop_pool *p, struct str transport, bool tls_must, bool fresh,
		       int64_t until_ms, struct relay **out, bool *kept_out, struct smtp_reply *reply_out)
{
	*out = fresh ? NULL : take_idle(p, transport, tls_must);
	*kept_out = *out != NULL;
	return *out ? OK : connect_any(p, transport, tls_must, until_ms, out, reply_out);
}

void next_hop_give(struct next_hop_pool *p, struct str transport, bool tls_must, struct relay **r)
{
	struct idle i = { *r, STR_NONE, tls_must, clock_mono_ms() };

	*r = NULL;
	if (!i.relay)
		return;
	if (relay_is_broken(i.relay)) {
		relay_close(&i.relay);
		return;
	}
	char *copy = malloc(transport.n + 1);
	ASSERT(copy);
	memcpy(copy, transport.p, transport.n);
	i.transport = str_from(copy, transport.n);
	pthread_mutex_lock(&p->lock);
	bool room = p->idle_n < IDLE_MAX && p->sweeping;
	if (room)
		p->idle[p->idle_n++] = i;
	if (room && p->idle_n == 1)
		pthread_cond_signal(&p->came);
	pthread_mutex_unlock(&p->lock);
	if (!room)
		discard(&i);
}
