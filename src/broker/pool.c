/* Slots under one lock. There are 64 at most, so every question is a walk over them. */
#include "broker/pool.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"

#define IDLE_MS 10000     /* how long workers beyond those wanted are kept after a burst */
#define DEATH_WAIT_MS 200 /* the zygote tells of a death within a millisecond (measured 0.1) */

void pool_init(struct pool *p, unsigned idle_wanted, unsigned max)
{
	pthread_condattr_t attr;

	*p = (struct pool){ .idle_wanted = idle_wanted, .max = max > LIMIT_WORKERS ? LIMIT_WORKERS : max };
	if (p->max == 0)
		p->max = 1;
	if (p->idle_wanted > p->max)
		p->idle_wanted = p->max;
	p->share = p->max / 4 ? p->max / 4 : 1;
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->changed, &attr);
	pthread_condattr_destroy(&attr);
	p->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	random_bytes(p->sip_key, sizeof(p->sip_key));
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		p->slots[i].ipc.fd = -1;
}

void pool_end(struct pool *p)
{
	for (size_t i = 0; i < LIMIT_WORKERS; i++)
		ipc_close(&p->slots[i].ipc);
	for (size_t i = 0; i < ZYGOTES_MAX; i++) {
		if (p->zygotes[i].used)
			ipc_close(&p->zygotes[i].control);
		free(p->zygotes[i].revs);
	}
	if (p->wake_fd >= 0)
		close(p->wake_fd);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
}

void pool_wake(struct pool *p)
{
	uint64_t one = 1;

	if (write(p->wake_fd, &one, sizeof(one)) < 0)
		return; /* it is awake already */
}

/* Releases the lock while waiting; false when the time is over. */
static bool wait_changed(struct pool *p, int64_t until_ms)
{
	struct timespec t = { .tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000 };

	return pthread_cond_timedwait(&p->changed, &p->lock, &t) == 0;
}

/* How many more should be idle, or soon be. */
static unsigned lacking(const struct pool *p)
{
	unsigned have = 0, wanted = p->hungry + p->idle_wanted;

	for (size_t i = 0; i < p->max; i++)
		have += p->slots[i].state == SLOT_IDLE || p->slots[i].state == SLOT_FORKING;
	return have < wanted ? wanted - have : 0;
}

static bool is_within_share(const struct pool *p, const struct ip *client, uint64_t sender)
{
	unsigned by_client = 0, by_sender = 0;

	for (size_t i = 0; i < p->max; i++) {
		const struct slot *s = &p->slots[i];
		if (s->state != SLOT_BUSY)
			continue;
		by_client += client->family && ip_eq(&s->client, client);
		by_sender += sender && s->sender == sender;
	}
	return by_client < p->share && by_sender < p->share;
}

static void doom(struct slot *s)
{
	ipc_close(&s->ipc);
	s->state = s->zygote ? SLOT_DOOMED : SLOT_FREE;
}

/* The idle worker used last, whose memory is still in the cache. */
static struct slot *find_idle(struct pool *p, bool fresh)
{
	struct slot *best = NULL;

	for (size_t i = 0; i < p->max; i++) {
		struct slot *s = &p->slots[i];
		if (s->state == SLOT_IDLE && s->zygote == p->current && (!fresh || s->mails == 0) &&
		    (!best || s->idle_since_ms > best->idle_since_ms))
			best = s;
	}
	return best;
}

/* Somebody needs an unused worker and every place is taken: an idle used one makes room. */
static void make_room(struct pool *p)
{
	struct slot *idle = NULL;

	for (size_t i = 0; i < p->max; i++) {
		struct slot *s = &p->slots[i];
		if (s->state == SLOT_FREE || s->state == SLOT_FORKING || s->state == SLOT_DOOMED ||
		    s->state == SLOT_DYING)
			return;
		if (s->state == SLOT_IDLE)
			idle = s;
	}
	if (idle)
		doom(idle);
}

enum err pool_take(struct pool *p, const struct pool_claim *claim, bool fresh, int64_t until_ms,
		   struct slot **out)
{
	uint64_t sender = claim->sender_domain.n ? hash_sip(p->sip_key, claim->sender_domain) | 1 : 0;
	struct ip client = ip_subscriber(&claim->client);
	struct slot *s = NULL;
	bool in_time = true;

	pthread_mutex_lock(&p->lock);
	while (!s && in_time && (p->current || !p->orphaned)) {
		if (!is_within_share(p, &client, sender)) {
			in_time = wait_changed(p, until_ms);
			continue;
		}
		s = find_idle(p, fresh);
		if (s)
			break;
		if (fresh)
			make_room(p);
		p->hungry++;
		pool_wake(p);
		in_time = wait_changed(p, until_ms);
		p->hungry--;
	}
	if (s) {
		s->state = SLOT_BUSY;
		s->dead = false;
		s->client = client;
		s->sender = sender;
		if (lacking(p) > 0)
			pool_wake(p);
	}
	pthread_mutex_unlock(&p->lock);
	*out = s;
	return s ? OK : ERR_LATER;
}

void pool_give_back(struct pool *p, struct slot *s, unsigned mails_per_worker)
{
	pthread_mutex_lock(&p->lock);
	s->mails++;
	s->idle_since_ms = clock_mono_ms();
	if (s->dead) {
		ipc_close(&s->ipc);
		s->state = SLOT_FREE;
	} else if (s->mails >= mails_per_worker || !s->zygote || s->zygote != p->current) {
		doom(s);
	} else {
		s->state = SLOT_IDLE;
	}
	if (s->state != SLOT_IDLE)
		pool_wake(p);
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void pool_end_worker(struct pool *p, struct slot *s)
{
	pthread_mutex_lock(&p->lock);
	doom(s);
	if (s->dead)
		s->state = SLOT_FREE;
	pool_wake(p);
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

enum pool_death pool_ask_death(struct pool *p, struct slot *s, int *status_out)
{
	int64_t until_ms = clock_mono_ms() + DEATH_WAIT_MS;
	enum pool_death death;

	pthread_mutex_lock(&p->lock);
	while (!s->dead && s->zygote && wait_changed(p, until_ms))
		;
	*status_out = s->status;
	death = s->dead ? POOL_DIED : s->zygote ? POOL_ALIVE : POOL_ZYGOTE_GONE;
	pthread_mutex_unlock(&p->lock);
	return death;
}

int64_t pool_policy_rev(struct pool *p, const struct slot *s, int64_t account)
{
	int64_t rev = -1;

	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; s->zygote && i < s->zygote->revs_n; i++)
		if (s->zygote->revs[i].account == account)
			rev = s->zygote->revs[i].rev;
	pthread_mutex_unlock(&p->lock);
	return rev;
}

void pool_want_renewal(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->renew_wanted = true;
	pthread_mutex_unlock(&p->lock);
	pool_wake(p);
}

/* ---- what the keeper does ---- */

size_t pool_plan_forks(struct pool *p, uint32_t *numbers_out)
{
	size_t n = 0;

	pthread_mutex_lock(&p->lock);
	size_t wanted = p->current ? lacking(p) : 0;
	for (size_t i = 0; i < p->max && n < wanted; i++) {
		struct slot *s = &p->slots[i];
		if (s->state != SLOT_FREE)
			continue;
		*s = (struct slot){ .state = SLOT_FORKING, .zygote = p->current, .number = ++p->last_number };
		s->ipc.fd = -1;
		numbers_out[n++] = s->number;
	}
	pthread_mutex_unlock(&p->lock);
	return n;
}

bool pool_next_doomed(struct pool *p, struct zygote **zygote_out, uint32_t *number_out)
{
	bool found = false;

	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->max && !found; i++) {
		struct slot *s = &p->slots[i];
		if (s->state != SLOT_DOOMED)
			continue;
		s->state = SLOT_DYING;
		*zygote_out = s->zygote;
		*number_out = s->number;
		found = true;
	}
	pthread_mutex_unlock(&p->lock);
	return found;
}

void pool_shrink(struct pool *p, int64_t now_ms)
{
	unsigned idle = 0;

	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->max; i++)
		idle += p->slots[i].state == SLOT_IDLE;
	for (size_t i = 0; i < p->max && idle > p->idle_wanted; i++) {
		struct slot *s = &p->slots[i];
		if (s->state != SLOT_IDLE || now_ms - s->idle_since_ms < IDLE_MS)
			continue;
		doom(s);
		idle--;
	}
	pthread_mutex_unlock(&p->lock);
}

static struct slot *find_number(struct pool *p, uint32_t number)
{
	for (size_t i = 0; i < p->max; i++)
		if (p->slots[i].state != SLOT_FREE && p->slots[i].number == number)
			return &p->slots[i];
	return NULL;
}

void pool_worker_came(struct pool *p, struct zygote *z, const struct wire_worker *w, int fd)
{
	pthread_mutex_lock(&p->lock);
	struct slot *s = find_number(p, w->number);
	if (s && s->state == SLOT_FORKING && s->zygote == z && fd >= 0) {
		s->pid = w->status;
		s->ipc = ipc_of(fd);
		s->state = SLOT_IDLE;
		s->idle_since_ms = clock_mono_ms();
		if (z != p->current)
			doom(s);
	} else {
		if (fd >= 0)
			close(fd);
		if (s && s->state == SLOT_FORKING)
			s->state = SLOT_FREE; /* the zygote could not fork */
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

bool pool_worker_died(struct pool *p, uint32_t number, int status)
{
	bool unasked;

	pthread_mutex_lock(&p->lock);
	struct slot *s = find_number(p, number);
	unasked = s && (s->state == SLOT_BUSY || s->state == SLOT_IDLE);
	if (s && s->state == SLOT_BUSY) {
		s->dead = true;
		s->status = status;
	} else if (s) {
		ipc_close(&s->ipc);
		s->state = SLOT_FREE;
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return unasked;
}

bool pool_zygote_came(struct pool *p, int fd)
{
	struct zygote *z = NULL;

	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < ZYGOTES_MAX && !z; i++)
		if (!p->zygotes[i].used)
			z = &p->zygotes[i];
	if (z) {
		*z = (struct zygote){ .used = true, .control = ipc_of(fd) };
		p->current = z;
		for (size_t i = 0; i < p->max; i++)
			if (p->slots[i].state == SLOT_IDLE)
				doom(&p->slots[i]);
	} else {
		close(fd);
	}
	pthread_mutex_unlock(&p->lock);
	return z != NULL;
}

void pool_supervisor_gone(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->orphaned = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void pool_zygote_revs(struct pool *p, struct zygote *z, struct str revs)
{
	size_t n = revs.n / sizeof(struct wire_rev);
	struct wire_rev *v = n ? calloc(n, sizeof(*v)) : NULL;

	pthread_mutex_lock(&p->lock);
	free(z->revs);
	z->revs = v;
	z->revs_n = v ? n : 0;
	if (v)
		memcpy(v, revs.p, n * sizeof(*v));
	pthread_mutex_unlock(&p->lock);
}

void pool_zygote_gone(struct pool *p, struct zygote *z)
{
	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->max; i++) {
		struct slot *s = &p->slots[i];
		if (s->zygote != z || s->state == SLOT_FREE)
			continue;
		s->zygote = NULL;
		if (s->state != SLOT_BUSY) {
			ipc_close(&s->ipc);
			s->state = SLOT_FREE;
		}
	}
	if (p->current == z)
		p->current = NULL;
	ipc_close(&z->control);
	free(z->revs);
	*z = (struct zygote){ .used = false };
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

bool pool_zygote_is_done(struct pool *p, struct zygote *z)
{
	bool done = true;

	pthread_mutex_lock(&p->lock);
	for (size_t i = 0; i < p->max; i++)
		done = done && (p->slots[i].state == SLOT_FREE || p->slots[i].zygote != z);
	done = done && z != p->current;
	pthread_mutex_unlock(&p->lock);
	return done;
}
