/* Snapshots of protected domains, sorted by name. */
#include "intake/directory.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/domain.h"
#include "store/settings.h"

#define SNAPSHOT_BYTES (256u << 20) /* 100,000 domains at 1 kB each, with room */

struct directory_snapshot {
	struct arena *arena;
	int64_t rev;
	int users; /* guarded by directory.lock */
	struct directory_domain *domains;
	size_t domains_n;
	struct service_address_list services;
};

struct directory {
	struct store *store;
	pthread_mutex_t lock; /* guards newest and the counts of all snapshots */
	struct directory_snapshot *newest;
};

struct directory *directory_new(struct store *st)
{
	struct directory *d = calloc(1, sizeof(*d));

	ASSERT(d);
	d->store = st;
	pthread_mutex_init(&d->lock, NULL);
	return d;
}

/* Call with the lock held. */
static void drop(struct directory_snapshot *s)
{
	if (s && --s->users == 0) {
		struct arena *a = s->arena;
		arena_free(&a); /* s itself lies in it */
	}
}

void directory_free(struct directory **d)
{
	if (!*d)
		return;
	drop((*d)->newest);
	pthread_mutex_destroy(&(*d)->lock);
	free(*d);
	*d = NULL;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(((const struct directory_domain *)a)->name,
		       ((const struct directory_domain *)b)->name);
}

static void fill_domain(struct arena *a, struct directory_domain *d, const struct settings_domain *row)
{
	const struct strs *blocks = &row->domain.ip_restrictions;

	d->account = row->account;
	d->settings = &row->domain;
	d->name = row->folded;
	d->restrictions = ARENA_ARRAY(a, blocks->n + 1, struct ip_block);
	for (size_t i = 0; i < blocks->n; i++)
		if (!ip_block_parse(blocks->v[i], &d->restrictions[d->restrictions_n]))
			d->restrictions_n++;
}

static enum err load(struct store *st, int64_t rev, struct directory_snapshot **out)
{
	struct arena *a = arena_new(SNAPSHOT_BYTES, NULL, NULL);
	struct directory_snapshot *s = ARENA_NEW(a, struct directory_snapshot);
	struct settings_domain *rows;
	size_t rows_n;
	enum err e = settings_domain_owners(st, a, &rows, &rows_n);

	s->arena = a;
	s->rev = rev;
	s->users = 1;
	if (!e)
		e = settings_addresses(st, a, 0, &s->services);
	if (e) {
		arena_free(&a);
		return e;
	}
	s->domains = ARENA_ARRAY(a, rows_n + 1, struct directory_domain);
	s->domains_n = rows_n;
	for (size_t i = 0; i < rows_n; i++)
		fill_domain(a, &s->domains[i], &rows[i]);
	qsort(s->domains, s->domains_n, sizeof(*s->domains), by_name);
	*out = s;
	return OK;
}

enum err directory_get(struct directory *d, struct directory_snapshot **out)
{
	struct directory_snapshot *fresh = NULL;
	int64_t rev = 0;
	enum err e = settings_rev_all(d->store, &rev);

	pthread_mutex_lock(&d->lock);
	bool stale = !e && (!d->newest || d->newest->rev != rev);
	pthread_mutex_unlock(&d->lock);
	if (stale)
		e = load(d->store, rev, &fresh);
	pthread_mutex_lock(&d->lock);
	if (fresh) {
		drop(d->newest);
		d->newest = fresh;
	}
	/* An unreadable store must not stop mail for domains that are known. */
	*out = d->newest;
	if (d->newest) {
		d->newest->users++;
		e = OK;
	}
	pthread_mutex_unlock(&d->lock);
	return *out ? OK : e ? e : ERR_LATER;
}

void directory_put(struct directory *d, struct directory_snapshot **s)
{
	pthread_mutex_lock(&d->lock);
	drop(*s);
	pthread_mutex_unlock(&d->lock);
	*s = NULL;
}

const struct directory_domain *directory_domain(const struct directory_snapshot *s, struct str domain)
{
	struct arena *scratch = arena_new(65536, NULL, NULL);
	struct directory_domain key = { .name = domain.n <= 1024 ? domain_fold(scratch, domain) : STR_NONE };
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

static bool has_value(struct ints list, int value)
{
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i] == value)
			return true;
	return false;
}

bool directory_domain_allows(const struct directory_domain *d, int delivery_mode)
{
	return has_value(d->settings->allowed_delivery_modes, delivery_mode);
}

bool directory_domain_accepts(const struct directory_domain *d, const struct ip *peer)
{
	for (size_t i = 0; i < d->restrictions_n; i++)
		if (ip_block_has(&d->restrictions[i], peer))
			return true;
	/* A restriction nobody could parse must not open the door. */
	return d->settings->ip_restrictions.n == 0;
}

bool directory_domain_holds(const struct directory_domain *d, int disposition)
{
	return has_value(d->settings->drop_dispositions, disposition) ||
	       (disposition == DISP_BEC && has_value(d->settings->drop_dispositions, DISP_MALICIOUS));
}
