/* A list of open mailboxes; those that nobody has used for a while are closed by whoever comes next. */
#include "courier/mailboxes.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/domain.h"
#include "json/read.h"
#include "mailbox/token.h"
#include "store/safe.h"
#include "store/settings.h"

#define SITE_BYTES \
	(8u << 20)    /* an integration as large as a request that makes one, and its secrets twice more */
#define IDLE_MAX 64   /* connections that wait to be used */
#define IDLE_MS 30000 /* servers close theirs after minutes */

/* One that is open. */
struct entry {
	struct entry *next;
	struct mailbox *mailbox;
	struct arena *arena; /* of what follows, which the mailbox points into */
	int64_t account;
	struct str integration_id, address;
	int64_t modified_us; /* of the integration it was opened by */
	bool used;
	int64_t since_ms; /* unused */
};

struct mailboxes {
	struct store *store;
	struct mailbox_tools tools;
	pthread_mutex_t mutex; /* guards the rest */
	struct entry *first;
	size_t idle;
};

struct mailboxes *mailboxes_new(struct store *st, const struct mailbox_tools *tools)
{
	struct mailboxes *all = calloc(1, sizeof(*all));

	ASSERT(all);
	all->store = st;
	all->tools = *tools;
	all->tools.tokens = tokens_new();
	pthread_mutex_init(&all->mutex, NULL);
	return all;
}

static void entry_free(struct entry *e)
{
	struct arena *a = e->arena; /* e lies in it */

	mailbox_close(&e->mailbox);
	arena_free(&a);
}

void mailboxes_free(struct mailboxes **allp)
{
	struct mailboxes *all = *allp;

	*allp = NULL;
	if (!all)
		return;
	while (all->first) {
		struct entry *e = all->first;
		all->first = e->next;
		entry_free(e);
	}
	tokens_free(&all->tools.tokens);
	pthread_mutex_destroy(&all->mutex);
	free(all);
}

/* ---- by which integration ---- */

static enum err get(struct mailboxes *all, struct arena *a, int64_t account, struct str integration_id,
		    struct integration **out, struct mailbox_fault *fault)
{
	struct settings_object found;
	struct ident id;
	enum err e = ident_parse(integration_id, &id)
			 ? ERR_ABSENT
			 : settings_get(all->store, a, &resource_integrations, account, &id, &found);

	if (e == ERR_ABSENT)
		return mailbox_fail(fault, e, TROUBLE_REFUSED, "There is no such integration.");
	if (e)
		return mailbox_fail(fault, ERR_LATER, TROUBLE_UNREACHABLE, "The store cannot be read now.");
	*out = found.obj;
	return OK;
}

enum err mailboxes_integration(struct mailboxes *all, struct arena *a, int64_t account, struct str address,
			       const struct integration **out, struct mailbox_fault *fault)
{
	struct settings_object found;
	struct str domain = domain_fold(a, domain_of_address(address));
	enum err e = settings_find(all->store, a, &resource_domains, account, domain, &found);
	const struct domain *d = e ? NULL : found.obj;
	struct integration *i;

	if (e && e != ERR_ABSENT)
		return mailbox_fail(fault, ERR_LATER, TROUBLE_UNREACHABLE, "The store cannot be read now.");
	if (!d || !HAS(d, domain, integration_id))
		return mailbox_fail(
		    fault, ERR_ABSENT, TROUBLE_NO_MAILBOX,
		    "The recipient's domain has no integration by which its mailboxes are reached.");
	e = get(all, a, account, d->integration_id, &i, fault);
	*out = i;
	return e;
}

enum err mailboxes_site(struct mailboxes *all, struct arena *a, int64_t account, struct str integration_id,
			struct mailbox_site **out, struct mailbox_fault *fault)
{
	struct integration *i;
	enum err e = get(all, a, account, integration_id, &i, fault);

	if (e)
		return e;
	if (!i->enabled)
		return mailbox_fail(fault, ERR_DENIED, TROUBLE_REFUSED, "The integration is switched off.");
	if (safe_open_fields(all->store, a, &integration_fields, str_of(i->id.uuid), i))
		return mailbox_fail(
		    fault, ERR_DENIED, TROUBLE_LOGIN,
		    "The integration's secrets do not open with this server's own: set them again.");
	*out = ARENA_NEW(a, struct mailbox_site);
	**out = (struct mailbox_site){ &all->tools, i, i->secret.p ? i->secret : STR("") };
	return OK;
}

static const struct mailbox_login *login_of(const struct integration *i, struct str address)
{
	for (size_t k = 0; k < i->mailboxes.n; k++)
		if (str_eq_nocase(i->mailboxes.v[k].address, address))
			return &i->mailboxes.v[k];
	return NULL;
}

/* ---- open ones ---- */

static void unlink_entry(struct mailboxes *all, struct entry *e)
{
	struct entry **at = &all->first;

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	all->idle -= !e->used;
}

/* Takes one out that has waited too long, or the oldest where there are too many. NULL: none. */
static struct entry *take_old(struct mailboxes *all)
{
	int64_t now = clock_mono_ms();
	struct entry *oldest = NULL;

	pthread_mutex_lock(&all->mutex);
	for (struct entry *e = all->first; e; e = e->next)
		if (!e->used && (!oldest || e->since_ms < oldest->since_ms))
			oldest = e;
	if (oldest && (all->idle > IDLE_MAX || oldest->since_ms + IDLE_MS < now))
		unlink_entry(all, oldest);
	else
		oldest = NULL;
	pthread_mutex_unlock(&all->mutex);
	return oldest;
}

static void close_old(struct mailboxes *all)
{
	struct entry *e;

	while ((e = take_old(all)))
		entry_free(e);
}

/* One that waits, opened by the integration as it is now. */
static struct mailbox *take(struct mailboxes *all, int64_t account, const struct integration *i,
			    struct str address)
{
	struct mailbox *m = NULL;

	pthread_mutex_lock(&all->mutex);
	for (struct entry *e = all->first; e && !m; e = e->next) {
		if (e->used || e->account != account || e->modified_us != i->modified_at ||
		    !str_eq(e->integration_id, str_of(i->id.uuid)) || !str_eq_nocase(e->address, address))
			continue;
		e->used = true;
		all->idle--;
		m = e->mailbox;
	}
	pthread_mutex_unlock(&all->mutex);
	return m;
}

/* What was opened points into the arena, which becomes the entry's. */
static void enter(struct mailboxes *all, struct arena *a, int64_t account, const struct integration *i,
		  struct str address, struct mailbox *m)
{
	struct entry *e = ARENA_NEW(a, struct entry);

	*e = (struct entry){ .mailbox = m,
			     .arena = a,
			     .account = account,
			     .integration_id = str_of(i->id.uuid),
			     .address = address,
			     .modified_us = i->modified_at,
			     .used = true };
	pthread_mutex_lock(&all->mutex);
	e->next = all->first;
	all->first = e;
	pthread_mutex_unlock(&all->mutex);
}

static enum err open_one(struct mailboxes *all, int64_t account, struct str integration_id,
			 struct str address, bool anew, deadline_ms until, struct mailbox **out,
			 struct mailbox_fault *fault)
{
	struct arena *own = arena_new(SITE_BYTES, NULL, NULL);
	struct mailbox_site *site;
	enum err e = mailboxes_site(all, own, account, integration_id, &site, fault);

	*out = NULL;
	close_old(all);
	if (!e && !anew)
		*out = take(all, account, site->integration, address);
	while (*out && mailbox_is_broken(*out)) { /* servers close what waits too long for them */
		mailboxes_give(all, out);
		*out = take(all, account, site->integration, address);
	}
	if (e || *out) {
		arena_free(&own);
		return e;
	}
	struct str kept = arena_str(own, address);
	e = mailbox_open(site, kept, login_of(site->integration, kept), until, out, fault);
	if (e)
		arena_free(&own);
	else
		enter(all, own, account, site->integration, kept, *out);
	return e;
}

enum err mailboxes_open_by(struct mailboxes *all, int64_t account, struct str integration_id,
			   struct str address, deadline_ms until, struct mailbox **out,
			   struct mailbox_fault *fault)
{
	return open_one(all, account, integration_id, address, false, until, out, fault);
}

enum err mailboxes_open_anew(struct mailboxes *all, int64_t account, struct str integration_id,
			     struct str address, deadline_ms until, struct mailbox **out,
			     struct mailbox_fault *fault)
{
	return open_one(all, account, integration_id, address, true, until, out, fault);
}

enum err mailboxes_open(struct mailboxes *all, struct arena *a, int64_t account, struct str address,
			deadline_ms until, struct mailbox **out, struct mailbox_fault *fault)
{
	const struct integration *i;
	enum err e = mailboxes_integration(all, a, account, address, &i, fault);

	*out = NULL;
	return e ? e : mailboxes_open_by(all, account, str_of(i->id.uuid), address, until, out, fault);
}

void mailboxes_give(struct mailboxes *all, struct mailbox **mp)
{
	struct mailbox *m = *mp;

	*mp = NULL;
	if (!m)
		return;
	bool broken = mailbox_is_broken(m);
	pthread_mutex_lock(&all->mutex);
	struct entry *e = all->first;
	while (e->mailbox != m)
		e = e->next;
	if (broken) {
		unlink_entry(all, e);
	} else {
		e->used = false;
		e->since_ms = clock_mono_ms();
		all->idle++;
	}
	pthread_mutex_unlock(&all->mutex);
	if (broken)
		entry_free(e);
	close_old(all);
}
