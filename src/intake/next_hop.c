/* A small pool of idle connections to next hops, and the thread that closes them when nobody comes for them. */
#include "intake/next_hop.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/limits.h"
#include "intake/hop_state.h"
#include "intake/route.h"

#define IDLE_MAX 64             /* connections kept in all: as many as sessions commonly run at once */
#define ROUTE_BYTES (16u << 20) /* MX records, and addresses of ten hosts: 21 answers of 64 records of 4 kB */
#define DNS_MS LIMIT_SCAN_DNS_MS /* to find the way: what DNS may take of a scan, too */
#define CONNECT_MS 30000 /* to all hosts, up to their EHLO: who is so slow now is not sooner at the mail */
/* A failure that took so long is not bought again by the next mail, for five times that long and at most AWAY_MS. */
#define COSTLY_MS 1000
#define AWAY_TIMES 5
#define AWAY_MS 30000

struct idle {
	struct relay *relay;
	struct str transport; /* owned */
	bool tls_must;
	int64_t since_ms;
};

struct next_hop_pool {
	struct next_hop_options o;
	struct hop_states *states;
	struct log_quota unreachable; /* lines about it */
	pthread_t sweeper;
	bool sweeping;        /* it runs */
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t came;  /* a connection, or the end */
	bool ending;
	struct idle idle[IDLE_MAX];
	size_t idle_n;
	unsigned taken; /* and not given back */
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
	p->states = hop_states_new(o->threads);
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
	hop_states_free(&p->states);
	free(p);
}

enum err next_hop_enter(struct next_hop_pool *p, struct str transport)
{
	return hop_states_enter(p->states, transport);
}

void next_hop_leave(struct next_hop_pool *p, struct str transport, bool reached)
{
	hop_states_leave(p->states, transport, reached);
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

/* What keeps us from even trying; code 0 = nothing. */
static struct smtp_reply no_route(enum err e)
{
	switch (e) {
	case OK:
		return (struct smtp_reply){ 0 };
	case ERR_SYNTAX:
		return smtp_reply_make(451, "4.3.5 no next hop is configured for this domain");
	case ERR_DENIED:
		return smtp_reply_make(556, "5.1.10 the next hop accepts no mail (null MX)");
	case ERR_ABSENT:
		return smtp_reply_make(451, "4.4.4 the next hop has no address");
	case ERR_LIMIT:
	case ERR_CONFLICT:
	case ERR_LATER:
	case ERR_BUG:
		break;
	}
	return smtp_reply_make(451, "4.4.3 the next hop could not be looked up");
}

static enum err connect_any(struct next_hop_pool *p, struct str transport, bool tls_must, int64_t until_ms,
			    struct relay **out, struct smtp_reply *reply_out, struct errbuf *detail)
{
	struct arena *a = arena_new(ROUTE_BYTES, NULL, NULL);
	struct route route;
	enum err e =
	    route_find(a, p->o.dns, transport, clock_earlier(until_ms, clock_mono_ms() + DNS_MS), &route);

	*reply_out = no_route(e);
	err_set(detail, e, "%s", reply_out->text);
	for (size_t i = 0; !e && i < route.n; i++) {
		struct relay_options o = {
			.host = route.v[i].host,
			.port = route.v[i].port,
			.addresses = route.v[i].addresses.v,
			.addresses_n = route.v[i].addresses.n,
			.tls = tls_must ? RELAY_TLS_MUST : RELAY_TLS_MAY,
			.tls_context = p->o.tls,
			.hostname = p->o.hostname,
			.connect_until_ms =
			    clock_mono_ms() + clock_left_ms(until_ms) / (int64_t)(route.n - i),
		};
		if (relay_open(&o, out, reply_out, detail) == OK)
			break;
		e = i + 1 < route.n ? OK : ERR_LATER;
	}
	arena_free(&a);
	return e;
}

static void tell_unreachable(struct next_hop_pool *p, struct str transport, const char *why)
{
	unsigned left_out;

	if (log_quota_take(&p->unreachable, clock_mono_ms(), &left_out))
		log_warn(p->o.log, "next_hop_unreachable", KV_STR("transport", transport), KV_C("why", why),
			 KV_INT("left_out", left_out));
}

static void count(struct next_hop_pool *p, int by)
{
	pthread_mutex_lock(&p->lock);
	p->taken += (unsigned)by;
	pthread_mutex_unlock(&p->lock);
}

enum err next_hop_take(struct next_hop_pool *p, struct str transport, bool tls_must, bool fresh,
		       int64_t until_ms, struct relay **out, bool *kept_out, struct smtp_reply *reply_out)
{
	int64_t began = clock_mono_ms();
	struct errbuf detail = { "" };
	enum err e = OK;

	*out = fresh ? NULL : take_idle(p, transport, tls_must);
	*kept_out = *out != NULL;
	if (!*out)
		e = connect_any(p, transport, tls_must, clock_earlier(until_ms, began + CONNECT_MS), out,
				reply_out, &detail);
	if (!e) {
		count(p, 1);
		return OK;
	}
	tell_unreachable(p, transport, detail.text);
	int64_t now = clock_mono_ms(), cost = now - began;
	if (cost >= COSTLY_MS)
		hop_states_away(p->states, transport, began,
				clock_earlier(now + AWAY_TIMES * cost, now + AWAY_MS));
	return e;
}

void next_hop_drop(struct next_hop_pool *p, struct relay **r)
{
	if (!*r)
		return;
	relay_close(r);
	count(p, -1);
}

void next_hop_give(struct next_hop_pool *p, struct str transport, bool tls_must, struct relay **r)
{
	struct idle i = { *r, STR_NONE, tls_must, clock_mono_ms() };

	if (!i.relay || relay_is_broken(i.relay)) {
		next_hop_drop(p, r);
		return;
	}
	*r = NULL;
	char *copy = malloc(transport.n + 1);
	ASSERT(copy);
	memcpy(copy, transport.p, transport.n);
	i.transport = str_from(copy, transport.n);
	pthread_mutex_lock(&p->lock);
	p->taken--;
	bool room = p->idle_n < IDLE_MAX && p->sweeping;
	if (room)
		p->idle[p->idle_n++] = i;
	if (room && p->idle_n == 1)
		pthread_cond_signal(&p->came);
	pthread_mutex_unlock(&p->lock);
	if (!room)
		discard(&i);
}

bool next_hop_is_crowded(struct next_hop_pool *p)
{
	pthread_mutex_lock(&p->lock);
	bool crowded = p->taken > p->o.threads;
	pthread_mutex_unlock(&p->lock);
	return crowded;
}
