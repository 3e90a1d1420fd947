/* From domains to the mailboxes of their people. */
#include "courier/watch_list.h"

#include <stdlib.h>

#include "courier/people.h"
#include "model/domain.h"
#include "store/mailbox_watch.h"
#include "store/settings.h"

#define LIST_BYTES ((size_t)256 << 20) /* PEOPLE_MAX addresses, and the domains of all accounts */
#define ASK_MS 60000
#define MINUTE_US INT64_C(60000000)
#define LATER_US (5 * MINUTE_US) /* when the provider does not answer */
#define HOUR_US (60 * MINUTE_US)
#define SEEN_US (30 * 24 * HOUR_US) /* mail that tells of its recipients when a domain is asked about first */

/* What is known of a domain between two rounds. */
struct known {
	struct known *next;
	struct ident id;
	int64_t seen_us; /* mail up to then has told of its recipients */
	int64_t due_us;  /* when it is asked about again */
	int64_t rev;     /* of settings when it was asked about */
	bool used;       /* in this round */
};

struct watch_list {
	struct store *store;
	struct mailboxes *mailboxes;
	const struct log *log;
	struct known *first;
};

struct watch_list *watch_list_new(struct store *st, struct mailboxes *mailboxes, const struct log *log)
{
	struct watch_list *l = calloc(1, sizeof(*l));

	ASSERT(l);
	*l = (struct watch_list){ .store = st, .mailboxes = mailboxes, .log = log };
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

struct watched_domain {
	struct watch_of of;
	struct str name; /* folded */
	struct ident id;
};

struct round {
	struct arena *arena;
	struct {
		struct watched_domain *v;
		size_t n;
	} domains;
};

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
	struct watched_domain w = { .of = { .account = d->account }, .id = s->id };

	if (!takes_api(s) || !HAS(s, domain, integration_id) || !s->authorization ||
	    !s->authorization->authorized)
		return OK;
	w.of.integration = arena_str(r->arena, s->integration_id);
	w.of.folder = HAS(s, domain, folder) ? (enum scan_folder)s->folder : FOLDER_INBOX;
	w.name = arena_str(r->arena, d->folded);
	ARENA_PUSH(r->arena, &r->domains, w);
	return OK;
}

/* ---- whose mailboxes ---- */

static enum err want(struct watch_list *l, const struct watched_domain *d, const struct strs *people,
		     bool all, int64_t now_us)
{
	enum err e = store_watch_want(l->store, &d->of, people, now_us);

	return e || all ? e : store_watch_keep(l->store, &d->of, d->name, now_us);
}

/* What cannot be asked now is watched as before: nobody's mail is passed over because a provider is away. */
static enum err ask(struct watch_list *l, const struct watched_domain *d, struct known *k, int64_t now_us)
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
		e = store_watch_keep(l->store, &d->of, d->name, now_us);
	} else {
		e = want(l, d, &people, all, now_us);
		k->due_us = now_us + (all ? HOUR_US : MINUTE_US);
		k->seen_us = now_us - HOUR_US;
	}
	arena_free(&a);
	return e;
}

static enum err look_at(struct watch_list *l, const struct watched_domain *d, int64_t rev, int64_t now_us)
{
	struct known *k = known_of(l, &d->id);

	k->used = true;
	if (!k->seen_us)
		k->seen_us = now_us - SEEN_US;
	if (k->rev == rev && now_us < k->due_us)
		return store_watch_keep(l->store, &d->of, d->name, now_us);
	k->rev = rev;
	return ask(l, d, k, now_us);
}

enum err watch_list_refresh(struct watch_list *l, int64_t now_us)
{
	struct round r = { .arena = arena_new(LIST_BYTES, NULL, NULL) };
	int64_t rev = 0;
	enum err e = settings_rev_all(l->store, &rev);

	if (!e)
		e = settings_domains(l->store, 0, consider, &r);
	for (size_t i = 0; i < r.domains.n && !e; i++)
		e = look_at(l, &r.domains.v[i], rev, now_us);
	if (!e)
		e = store_watch_drop(l->store, now_us);
	forget(l, false);
	arena_free(&r.arena);
	return e;
}
