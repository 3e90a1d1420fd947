/* Snapshots of protected domains, sorted by name, and of what goes with them; and the one that is newest. */
#include "intake/directory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/domain.h"
#include "store/settings.h"

#define NAME_MAX_BYTES 1024 /* of a domain that is looked up, in U-labels; a longer one is nobody's */
#define RETRY_MS 1000       /* after a reading that failed: until then what was read before has to do */

/* A sending domain restriction; names are folded. */
struct restriction {
	int64_t account;
	struct str domain;
	struct strs exclude;
};

struct directory_snapshot {
	struct arena *arena;
	int64_t rev;
	int users; /* guarded by directory.lock */
	struct directory_domain *domains;
	size_t domains_n;
	struct {
		struct restriction *v;
		size_t n;
	} restrictions; /* by account and domain */
	struct service_address_list services;
	struct str first;
};

struct directory {
	struct store *store;
	size_t bytes;
	const struct log *log;
	atomic_ullong begun;          /* readings so far */
	pthread_mutex_t lock;         /* guards all below, and the counts of all snapshots */
	pthread_cond_t read;          /* a reading has ended */
	bool reading;                 /* one at a time, for each may take as much as the newest has */
	unsigned long long ended;     /* the last reading that ended */
	int64_t failed_rev, retry_ms; /* of one that failed; retry_ms 0 = it did not */
	struct directory_snapshot *newest;
};

/* ---- reading ---- */

static unsigned bits_of(struct ints list)
{
	unsigned bits = 0;

	_Static_assert(MODE_SIMULATION < 32 && DISP_BEC < 32, "one bit for each value");
	for (size_t i = 0; i < list.n; i++)
		bits |= 1u << list.v[i];
	return bits;
}

/* Adds one domain; ERR_LIMIT when it might not fit. */
static enum err add_domain(void *ctx, const struct settings_domain *row)
{
	struct directory_snapshot *s = ctx;
	struct arena *a = s->arena;
	const struct domain *d = &row->domain;
	const struct strs *blocks = &d->ip_restrictions;
	struct directory_domain out = {
		.account = row->account,
		.modes = bits_of(d->allowed_delivery_modes),
		.holds = bits_of(d->drop_dispositions),
		.lookback_hops = d->lookback_hops > 1 ? (int)d->lookback_hops : 1,
		.authorized = d->authorization && d->authorization->authorized,
		.restricted = blocks->n > 0,
		.tls_inbound = d->require_tls_inbound,
		.tls_outbound = d->require_tls_outbound,
	};

	/* The list doubles when it is full. */
	if (!arena_has_room(a, row->folded.n + d->transport.n + blocks->n * sizeof(struct ip_block) +
				   2 * (s->domains_n + 1) * sizeof(out) + 256))
		return ERR_LIMIT;
	out.name = arena_str(a, row->folded);
	out.transport = arena_str(a, d->transport);
	if (blocks->n)
		out.restrictions = ARENA_ARRAY(a, blocks->n, struct ip_block);
	for (size_t i = 0; i < blocks->n; i++)
		if (!ip_block_parse(blocks->v[i], &out.restrictions[out.restrictions_n]))
			out.restrictions_n++;
	if (s->first.n == 0 && out.authorized && out.transport.n &&
	    directory_domain_allows(&out, MODE_DIRECT))
		s->first = out.name;
	s->domains = arena_grow(a, s->domains, s->domains_n, sizeof(out));
	s->domains[s->domains_n++] = out;
	return OK;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct directory_domain *)a)->name,
		       ((const struct directory_domain *)b)->name);
}

/* Of one name the authorized one first: written down by somebody else it must not hide its owner's. */
static int by_owner(const void *a, const void *b)
{
	const struct directory_domain *x = a, *y = b;
	int c = by_name(a, b);

	if (c == 0)
		c = y->authorized - x->authorized;
	return c ? c : (x->account > y->account) - (x->account < y->account);
}

/* Sorts, and keeps the first of each name. */
static void keep_owners(struct directory_snapshot *s)
{
	size_t n = 0;

	if (s->domains_n)
		qsort(s->domains, s->domains_n, sizeof(*s->domains), by_owner);
	for (size_t i = 0; i < s->domains_n; i++)
		if (n == 0 || by_name(&s->domains[n - 1], &s->domains[i]) != 0)
			s->domains[n++] = s->domains[i];
	s->domains_n = n;
}

static int by_restricted(const void *a, const void *b)
{
	const struct restriction *x = a, *y = b;
	int c = (x->account > y->account) - (x->account < y->account);

	return c ? c : str_cmp(x->domain, y->domain);
}

/* Adds one restriction; ERR_LIMIT when it might not fit. */
static enum err add_restriction(void *ctx, int64_t account, const struct sending_restriction *row)
{
	struct directory_snapshot *s = ctx;
	struct restriction out = { .account = account };
	size_t names = row->exclude.n + 1;

	/* A name takes a kilobyte in U-labels at most, and lists double when they are full. */
	if (!arena_has_room(s->arena, names * (NAME_MAX_BYTES + 2 * sizeof(struct str)) +
					  2 * (s->restrictions.n + 1) * sizeof(out)))
		return ERR_LIMIT;
	out.domain = domain_fold(s->arena, row->domain);
	for (size_t i = 0; i < row->exclude.n; i++)
		ARENA_PUSH(s->arena, &out.exclude, domain_fold(s->arena, str_trim(row->exclude.v[i])));
	ARENA_PUSH(s->arena, &s->restrictions, out);
	return OK;
}

static enum err load(struct store *st, int64_t account, size_t bytes, struct directory_snapshot **out)
{
	struct arena *a = arena_new(bytes, NULL, NULL);
	struct directory_snapshot *s = ARENA_NEW(a, struct directory_snapshot);
	enum err e;

	*s = (struct directory_snapshot){ .arena = a, .users = 1 };
	e = settings_addresses(st, a, account, &s->services);
	if (!e)
		e = settings_domains(st, account, add_domain, s);
	if (!e)
		e = settings_restrictions(st, account, add_restriction, s);
	keep_owners(s);
	if (s->restrictions.n)
		qsort(s->restrictions.v, s->restrictions.n, sizeof(*s->restrictions.v), by_restricted);
	*out = s;
	if (e)
		directory_end(out);
	return e;
}

enum err directory_of_account(struct store *st, int64_t account, struct directory_snapshot **out)
{
	return load(st, account, DIRECTORY_BYTES, out);
}

void directory_end(struct directory_snapshot **s)
{
	struct arena *a = *s ? (*s)->arena : NULL;

	arena_free(&a); /* *s itself lies in it */
	*s = NULL;
}

/* ---- the newest ---- */

struct directory *directory_new(struct store *st, size_t bytes, const struct log *log)
{
	struct directory *d = calloc(1, sizeof(*d));

	ASSERT(d);
	d->store = st;
	d->bytes = bytes;
	d->log = log;
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->read, NULL);
	return d;
}

/* Call with the lock held. */
static void drop(struct directory_snapshot *s)
{
	if (s && --s->users == 0)
		directory_end(&s);
}

void directory_free(struct directory **d)
{
	if (!*d)
		return;
	drop((*d)->newest);
	pthread_cond_destroy(&(*d)->read);
	pthread_mutex_destroy(&(*d)->lock);
	free(*d);
	*d = NULL;
}

/*
 * Whether the newest will do for who saw this revision: it has it, or is of a reading that began later, or trying again
 * now is of no use.
 */
static bool is_fresh(const struct directory *d, int64_t rev, unsigned long long begun)
{
	return (d->newest && d->newest->rev == rev) || d->ended > begun ||
	       (d->retry_ms && d->failed_rev == rev && clock_left_ms(d->retry_ms) > 0);
}

/* Reads it anew; the lock is held, but not meanwhile. */
static enum err renew(struct directory *d)
{
	struct directory_snapshot *fresh = NULL;
	int64_t rev = 0;

	d->reading = true;
	unsigned long long mine = atomic_fetch_add(&d->begun, 1) + 1;
	pthread_mutex_unlock(&d->lock);
	enum err e =
	    settings_rev_all(d->store, &rev); /* first: what changes meanwhile is newer than it says */
	if (!e)
		e = load(d->store, 0, d->bytes, &fresh);
	if (e)
		log_error(d->log, "settings_not_read", KV_C("why", err_name(e)),
			  KV_C("left", "domains and addresses as they were"));
	pthread_mutex_lock(&d->lock);
	d->reading = false;
	d->ended = mine;
	d->failed_rev = rev;
	d->retry_ms = e ? clock_mono_ms() + RETRY_MS : 0;
	if (fresh) {
		fresh->rev = rev;
		drop(d->newest);
		d->newest = fresh;
	}
	pthread_cond_broadcast(&d->read);
	return e;
}

enum err directory_get(struct directory *d, struct directory_snapshot **out)
{
	unsigned long long begun = atomic_load(&d->begun);
	int64_t rev = 0;
	enum err e = settings_rev_all(d->store, &rev);

	pthread_mutex_lock(&d->lock);
	while (!e && !is_fresh(d, rev, begun)) {
		if (d->reading)
			pthread_cond_wait(&d->read, &d->lock);
		else
			e = renew(d);
	}
	/* An unreadable store must not stop mail for domains that are known. */
	*out = d->newest;
	if (d->newest)
		d->newest->users++;
	pthread_mutex_unlock(&d->lock);
	return *out ? OK : ERR_LATER;
}

void directory_put(struct directory *d, struct directory_snapshot **s)
{
	pthread_mutex_lock(&d->lock);
	drop(*s);
	pthread_mutex_unlock(&d->lock);
	*s = NULL;
}

/* ---- looking up ---- */

const struct directory_domain *directory_domain(const struct directory_snapshot *s, struct str domain)
{
	if (domain.n == 0 || domain.n > NAME_MAX_BYTES || s->domains_n == 0)
		return NULL;
	struct arena *scratch = arena_new(65536, NULL, NULL);
	struct directory_domain key = { .name = domain_fold(scratch, domain) };
	const struct directory_domain *found =
	    bsearch(&key, s->domains, s->domains_n, sizeof(*s->domains), by_name);

	arena_free(&scratch);
	return found;
}

const struct service_address *directory_service(const struct directory_snapshot *s, struct str address)
{
	for (size_t i = 0; i < s->services.n; i++)
		if (str_eq_nocase(s->services.v[i].address, address))
			return &s->services.v[i];
	return NULL;
}

struct strs directory_names(const struct directory_snapshot *s, struct arena *a, int64_t account)
{
	struct strs names = { 0 };

	for (size_t i = 0; i < s->domains_n; i++)
		if (s->domains[i].account == account)
			ARENA_PUSH(a, &names, s->domains[i].name);
	return names;
}

struct str directory_first(const struct directory_snapshot *s)
{
	return s->first;
}

static bool is_let_off(const struct restriction *r, struct str domain)
{
	for (size_t i = 0; i < r->exclude.n; i++)
		if (domain_is_within(domain, r->exclude.v[i]))
			return true;
	return false;
}

bool directory_wants_tls(const struct directory_snapshot *s, int64_t account, struct str sender_domain)
{
	bool wants = false;

	if (sender_domain.n == 0 || sender_domain.n > NAME_MAX_BYTES || s->restrictions.n == 0)
		return false;
	struct arena *scratch = arena_new(65536, NULL, NULL);
	struct str domain = domain_fold(scratch, sender_domain);
	for (size_t at = 0; at < domain.n && !wants;) {
		struct restriction key = { account, str_sub(domain, at, domain.n), { 0 } };
		const struct restriction *r = bsearch(&key, s->restrictions.v, s->restrictions.n,
						      sizeof(*s->restrictions.v), by_restricted);
		size_t dot = str_find_char(domain, '.', at);
		wants = r && !is_let_off(r, domain);
		at = dot == SIZE_MAX ? domain.n : dot + 1;
	}
	arena_free(&scratch);
	return wants;
}

bool directory_domain_allows(const struct directory_domain *d, int delivery_mode)
{
	return d->modes >> delivery_mode & 1;
}

bool directory_domain_accepts(const struct directory_domain *d, const struct ip *peer)
{
	for (size_t i = 0; i < d->restrictions_n; i++)
		if (ip_block_has(&d->restrictions[i], peer))
			return true;
	/* A restriction nobody could parse must not open the door. */
	return !d->restricted;
}

bool directory_domain_holds(const struct directory_domain *d, int disposition)
{
	return (d->holds >> disposition & 1) || (disposition == DISP_BEC && (d->holds >> DISP_MALICIOUS & 1));
}
