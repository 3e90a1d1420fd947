/* From domains to the mailboxes of their people. */
#include "courier/watch_list.h"

#include <stdlib.h>

#include "base/hash.h"
#include "courier/people.h"
#include "json/read.h"
#include "model/domain.h"
#include "store/mailbox_watch.h"
#include "store/settings.h"

#define LIST_BYTES ((size_t)256 << 20) /* PEOPLE_MAX addresses, and the domains of all accounts */
#define SITE_BYTES ((size_t)8 << 20)   /* an integration */
#define ASK_MS 60000
#define MINUTE_US INT64_C(60000000)
#define LATER_US (5 * MINUTE_US) /* when the provider does not answer */
#define HOUR_US (60 * MINUTE_US)
#define SEEN_US (30 * 24 * HOUR_US) /* mail that tells of its recipients when a domain is asked about first */

/* What is known of a domain between two rounds. */
struct known {
	struct known *next;
	struct ident id;
	uint64_t state;  /* digest of what was asked, and of whom; 0 = it was not asked about yet */
	int64_t seen_us; /* mail up to then has told of its recipients */
	int64_t due_us;  /* when it is asked about again */
	bool used;       /* in this round */
};

struct watch_list {
	struct store *store;
	struct mailboxes *mailboxes;
	const struct log *log;
	struct known *first;
	int64_t rev;   /* of settings, in the last round */
	bool has_lost; /* mailboxes may be watched of a domain that is none of these any more */
};

struct watch_list *watch_list_new(struct store *st, struct mailboxes *mailboxes, const struct log *log)
{
	struct watch_list *l = calloc(1, sizeof(*l));

	ASSERT(l);
	*l = (struct watch_list){ .store = st, .mailboxes = mailboxes, .log = log, .has_lost = true };
	return l;
}

/* Those of domains that were not seen in this round; all: of any. */
static void forget(struct watch_list *l, bool all)
{
	struct known **at = &l->first;

	while (*at) {
		struct known *k = *at;
		if (k->used && !all) {
			k->used = false;
			at = &k->next;
		} else {
			*at = k->next;
			l->has_lost = true;
			free(k);
		}
	}
}

void watch_list_free(struct watch_list **lp)
{
	struct watch_list *l = *lp;

	*lp = NULL;
	if (!l)
		return;
	forget(l, true);
	free(l);
}

static struct known *known_of(struct watch_list *l, const struct ident *id)
{
	struct known *k = l->first;

	while (k && strcmp(k->id.uuid, id->uuid) != 0)
		k = k->next;
	if (k)
		return k;
	k = calloc(1, sizeof(*k));
	ASSERT(k);
	k->id = *id;
	k->next = l->first;
	l->first = k;
	return k;
}

/* ---- which domains ---- */

struct listed_domain {
	struct watch_domain d; /* its name folded */
	struct ident id;
};

struct round {
	struct arena *arena;
	struct {
		struct listed_domain *v;
		size_t n;
	} domains;    /* in order */
	bool changed; /* settings are not what they were */
	int64_t now_us;
	struct watch_of site; /* of the domain before */
	int64_t modified_us;  /* its integration was */
};

static int by_place(const void *x, const void *y)
{
	const struct watch_domain *a = x, *b = y; /* the first that a listed_domain has */
	int order = a->of.account < b->of.account ? -1 : a->of.account > b->of.account;

	if (!order)
		order = str_cmp(a->of.integration, b->of.integration);
	return order ? order : str_cmp(a->name, b->name);
}

static bool takes_api(const struct domain *d)
{
	for (size_t i = 0; i < d->allowed_delivery_modes.n; i++)
		if (d->allowed_delivery_modes.v[i] == MODE_API)
			return true;
	return false;
}

static enum err consider(void *ctx, const struct settings_domain *d)
{
	struct round *r = ctx;
	const struct domain *s = &d->domain;
	struct listed_domain w = { .d.of.account = d->account, .id = s->id };

	if (!takes_api(s) || !HAS(s, domain, integration_id) || !s->authorization ||
	    !s->authorization->authorized)
		return OK;
	w.d.of.integration = arena_str(r->arena, s->integration_id);
	w.d.of.folder = HAS(s, domain, folder) ? (enum scan_folder)s->folder : FOLDER_INBOX;
	w.d.name = arena_str(r->arena, d->folded);
	ARENA_PUSH(r->arena, &r->domains, w);
	return OK;
}

static enum err list_domains(struct watch_list *l, struct round *r)
{
	int64_t rev = 0;
	enum err e = settings_rev_all(l->store, &rev);

	if (!e)
		e = settings_domains(l->store, 0, consider, r);
	if (e)
		return e;
	r->changed = rev != l->rev;
	l->rev = rev;
	if (r->domains.n)
		qsort(r->domains.v, r->domains.n, sizeof(*r->domains.v), by_place);
	return OK;
}

/* When its integration was last changed; 0: there is none. Domains of one integration stand together. */
static int64_t modified_us(struct watch_list *l, struct round *r, const struct watch_of *of)
{
	struct settings_object found;
	struct ident id;

	if (of->account == r->site.account && str_eq(of->integration, r->site.integration))
		return r->modified_us;
	struct arena *a = arena_new(SITE_BYTES, NULL, NULL);
	bool there = !ident_parse(of->integration, &id) &&
		     !settings_get(l->store, a, &resource_integrations, of->account, &id, &found);
	r->site = *of;
	r->modified_us = there ? ((const struct integration *)found.obj)->modified_at : 0;
	arena_free(&a);
	return r->modified_us;
}

static uint64_t state_of(struct watch_list *l, struct round *r, const struct watch_of *of)
{
	static const unsigned char key[16] = "who is watched?";
	struct str text = arena_printf(r->arena, "%lld %d %.*s", (long long)modified_us(l, r, of),
				       (int)of->folder, STR_ARG(of->integration));

	return hash_sip(key, text) | 1;
}

/* ---- whose mailboxes ---- */

/* What cannot be asked now is watched as before: nobody's mail is passed over because a provider is away. */
static enum err ask(struct watch_list *l, const struct watch_domain *d, struct known *k, int64_t now_us)
{
	struct arena *a = arena_new(LIST_BYTES, NULL, NULL);
	struct mailbox_fault fault = { 0 };
	struct people_ask q = { .store = l->store,
				.mailboxes = l->mailboxes,
				.account = d->of.account,
				.integration = d->of.integration,
				.domain = d->name,
				.since_us = k->seen_us,
				.until = clock_mono_ms() + ASK_MS };
	struct strs people;
	bool all = true;
	enum err e = people_find(&q, a, &people, &all, &fault);

	if (e) {
		log_warn(l->log, "mailboxes_not_listed", KV_STR("domain", d->name),
			 KV_C("why", fault.text.text));
		k->due_us = now_us + LATER_US;
		arena_free(&a);
		return OK;
	}
	e = store_watch_want(l->store, &d->of, d->name, &people, all, now_us);
	arena_free(&a);
	if (e)
		return e;
	k->due_us = now_us + (all ? HOUR_US : MINUTE_US);
	k->seen_us = now_us - HOUR_US;
	return OK;
}

static enum err look_at(struct watch_list *l, struct round *r, const struct listed_domain *w)
{
	struct known *k = known_of(l, &w->id);
	uint64_t state = k->state;

	k->used = true;
	if (r->changed || !state)
		state = state_of(l, r, &w->d.of);
	if (state != k->state) {
		k->state = state;
		k->due_us = 0;
		k->seen_us = r->now_us - SEEN_US;
		l->has_lost = true; /* those of the integration it had */
	}
	return r->now_us < k->due_us ? OK : ask(l, &w->d, k, r->now_us);
}

/* Those of domains that are watched no more, or by another integration; and what another process left so. */
static enum err drop_lost(struct watch_list *l, const struct round *r)
{
	const struct strs nobody = { NULL, 0 };
	struct watch_domain_list there;
	enum err e = store_watch_domains(l->store, r->arena, &there);

	for (size_t i = 0; i < there.n && !e; i++) {
		const struct watch_domain *d = &there.v[i];
		if (!r->domains.n || !bsearch(d, r->domains.v, r->domains.n, sizeof(*r->domains.v), by_place))
			e = store_watch_want(l->store, &d->of, d->name, &nobody, true, r->now_us);
	}
	l->has_lost = e != OK;
	return e;
}

enum err watch_list_refresh(struct watch_list *l, int64_t now_us)
{
	struct round r = { .arena = arena_new(LIST_BYTES, NULL, NULL), .now_us = now_us };
	enum err e = list_domains(l, &r);

	for (size_t i = 0; i < r.domains.n && !e; i++)
		e = look_at(l, &r, &r.domains.v[i]);
	forget(l, false);
	if (!e && l->has_lost)
		e = drop_lost(l, &r);
	arena_free(&r.arena);
	return e;
}
