/* Names in an integration, the provider's list, or the recipients in the store. */
#include "courier/people.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/random.h"
#include "store/settings.h"

#define FIRST_SLOTS 256
#define PER_PAGE 500                     /* messages read at a time */
#define SCRATCH_BYTES ((size_t)64 << 20) /* of a page's rows */

struct looking {
	const struct people_ask *ask;
	struct arena *arena;
	struct strs domains; /* that count */
	struct strs found;
	uint32_t *slots; /* of found, by hash: index + 1 */
	size_t slots_n;  /* a power of two */
	unsigned char key[16];
};

static enum err add_domain(void *ctx, const struct settings_domain *d)
{
	struct looking *l = ctx;

	if (HAS(&d->domain, domain, integration_id) &&
	    str_eq(d->domain.integration_id, l->ask->integration) &&
	    (!l->ask->domain.n || str_eq(d->folded, domain_fold(l->arena, l->ask->domain))))
		ARENA_PUSH(l->arena, &l->domains, arena_str(l->arena, d->folded));
	return OK;
}

static bool is_in(const struct looking *l, struct str address)
{
	return strs_has(&l->domains, domain_fold(l->arena, domain_of_address(address)));
}

/* Where the address is, or the free slot it would take; at most half of them are in use. */
static uint32_t *find_slot(const struct looking *l, struct str address)
{
	for (size_t i = hash_sip(l->key, address);; i++) {
		uint32_t *slot = &l->slots[i & (l->slots_n - 1)];
		if (*slot == 0 || str_eq(l->found.v[*slot - 1], address))
			return slot;
	}
}

static void make_slots(struct looking *l, size_t n)
{
	l->slots_n = n;
	l->slots = ARENA_ARRAY(l->arena, n, uint32_t);
	for (size_t i = 0; i < l->found.n; i++)
		*find_slot(l, l->found.v[i]) = (uint32_t)i + 1;
}

static void add(struct looking *l, struct str address)
{
	const struct arena_mark start = arena_mark(l->arena);
	struct str lower = arena_lower(l->arena, address);
	uint32_t *slot = find_slot(l, lower);

	if (*slot || l->found.n == PEOPLE_MAX || !is_in(l, lower)) {
		arena_rewind(l->arena, start); /* of a million messages most tell of nobody new */
		return;
	}
	ARENA_PUSH(l->arena, &l->found, lower);
	*slot = (uint32_t)l->found.n;
	if (l->found.n * 2 > l->slots_n)
		make_slots(l, l->slots_n * 2);
}

/* ---- recipients of mail that was seen ---- */

static enum err add_recipients(const struct stored_message *m, void *ctx, bool *more_out)
{
	struct looking *l = ctx;
	struct record r;
	enum err e = stored_message_read(m, &r);

	*more_out = true;
	if (e)
		return e;
	for (size_t i = 0; i < r.message->client_recipients.n; i++)
		add(l, r.message->client_recipients.v[i]);
	return OK;
}

static enum err look_for(struct looking *l, struct str domain)
{
	struct store_search q = { .account = l->ask->account,
				  .start_us = l->ask->since_us,
				  .end_us = STORE_NEWEST,
				  .disposition = -1,
				  .operation = -1,
				  .delivery_status = -1,
				  .recipient = domain,
				  .page = 1,
				  .per_page = PER_PAGE };
	struct store_found page;
	enum err e;

	do {
		struct arena *scratch = arena_new(SCRATCH_BYTES, NULL, NULL);
		e = store_search(l->ask->store, scratch, &q, l->ask->until, add_recipients, l, &page);
		q.cursor = e || !page.next.n ? STR("") : arena_str(l->arena, page.next);
		arena_free(&scratch);
	} while (!e && q.cursor.n);
	return e;
}

static enum err look_at_mail(struct looking *l, struct mailbox_fault *fault)
{
	enum err e = OK;

	for (size_t i = 0; i < l->domains.n && !e; i++)
		e = look_for(l, l->domains.v[i]);
	return e ? mailbox_fail(fault, ERR_LATER, TROUBLE_UNREACHABLE, "The store cannot be read now.") : OK;
}

/* ---- all of them ---- */

static enum err find(struct looking *l, bool *all_out, struct mailbox_fault *fault)
{
	const struct people_ask *ask = l->ask;
	struct mailbox_site *site;
	struct strs people;
	enum err e = mailboxes_site(ask->mailboxes, l->arena, ask->account, ask->integration, &site, fault);

	*all_out = true;
	if (e)
		return e;
	for (size_t i = 0; i < site->integration->mailboxes.n; i++)
		add(l, site->integration->mailboxes.v[i].address);
	if (l->found.n)
		return OK;
	e = mailbox_people(site, l->arena, PEOPLE_MAX, ask->until, &people, fault);
	if (e == ERR_DENIED && fault->what == TROUBLE_REFUSED) {
		*all_out = false;
		return look_at_mail(l, fault);
	}
	for (size_t i = 0; i < people.n && !e; i++)
		add(l, people.v[i]);
	return e;
}

enum err people_find(const struct people_ask *ask, struct arena *a, struct strs *out, bool *all_out,
		     struct mailbox_fault *fault)
{
	struct looking l = { .ask = ask, .arena = a };
	enum err e = settings_domains(ask->store, ask->account, add_domain, &l);

	*out = (struct strs){ NULL, 0 };
	if (e)
		return mailbox_fail(fault, ERR_LATER, TROUBLE_UNREACHABLE, "The store cannot be read now.");
	random_bytes(l.key, sizeof(l.key));
	make_slots(&l, FIRST_SLOTS);
	e = find(&l, all_out, fault);
	*out = l.found;
	return e;
}
