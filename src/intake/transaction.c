/*
 * MAIL and RCPT. Each recipient is put to the next hop before it is answered, so an unknown one is refused
 * while the sender still listens. A transaction holds one class of recipients: same account, next hop, outbound
 * TLS, lookback and what is changed in their mail, for they share one scan; others are told to come again (452
 * 4.5.3), which every sending server does.
 */
#include "base/clock.h"
#include "base/domain.h"
#include "base/limits.h"
#include "intake/internal.h"
#include "intake/queue_id.h"
#include "intake/signing.h"
#include "store/settings.h"

/*
 * Envelope, verdict and record of one mail. The largest verdict takes some 20 MB, read, stored, and once more for each
 * of two changes of its row.
 */
#define TRANSACTION_BYTES (128u << 20)
#define RESET_MS 2000
#define RCPT_BYTES (1u << 20) /* what is read on the way: a service address, a name or two */

struct transaction *transaction_new(struct intake *in, const struct smtp_peer *peer,
				    const struct smtp_mail_params *mail, bool beside)
{
	struct arena *a = arena_new(TRANSACTION_BYTES, NULL, NULL);
	struct transaction *t = ARENA_NEW(a, struct transaction);

	t->in = in;
	t->peer = peer;
	t->beside = beside;
	t->arena = a;
	t->lookback_hops = 1;
	t->mail = *mail;
	t->mail.from = arena_str(a, mail->from);
	spool_init(&t->spool, &in->spool);
	return t;
}

struct str transaction_id(struct transaction *t)
{
	if (t->id.n == 0)
		t->id = queue_id_new(t->arena, t->received_us);
	return t->id;
}

int transaction_mode(const struct transaction *t)
{
	if (!t->service)
		return MODE_DIRECT;
	switch ((enum address_purpose)t->service->purpose) {
	case PURPOSE_COPIES:
		return t->service->mode;
	case PURPOSE_USER:
	case PURPOSE_TEAM:
		break;
	case PURPOSE_SIMULATION:
		return MODE_SIMULATION;
	case PURPOSE_THREAT_INTEL:
		return MODE_THREAT_INTEL;
	case PURPOSE_DMARC:
		return MODE_DMARC_UNVERIFIED; /* until it is known what it is about */
	}
	return MODE_REVIEW_SUBMISSION;
}

int64_t transaction_step_ms(const struct transaction *t)
{
	return clock_earlier(clock_mono_ms() + t->in->config->relay_timeout_s * 1000, t->until_ms);
}

struct smtp_reply transaction_pass_on(struct smtp_reply said)
{
	if (said.code == 421)
		said.code = 451;
	return smtp_reply_complete(&said);
}

struct smtp_reply refuse(struct transaction *t, enum refusal why, int code, const char *text)
{
	t->why = why;
	return smtp_reply_make(code, "%s", text);
}

/* Leaves the connection clean for the next mail. Our own answer waits for this, so a slow hop is left. */
static void calm(struct transaction *t)
{
	if (t->relay && t->relay_busy && !relay_is_broken(t->relay)) {
		struct smtp_reply reply = relay_reset(t->relay, clock_mono_ms() + RESET_MS);
		if (!smtp_reply_is_ok(&reply))
			next_hop_drop(t->in->next_hops, &t->relay);
	}
	t->relay_busy = false;
	if (t->relay && relay_is_broken(t->relay))
		next_hop_drop(t->in->next_hops, &t->relay);
}

static void give_back(struct transaction *t)
{
	calm(t);
	next_hop_give(t->in->next_hops, t->transport, t->tls_must, &t->relay);
}

static void end(struct transaction **tp)
{
	struct transaction *t = *tp;

	*tp = NULL;
	spool_free(&t->spool);
	struct arena *a = t->arena;
	arena_free(&a); /* t lies in it */
}

void transaction_free(struct transaction **t)
{
	if (!*t)
		return;
	give_back(*t);
	end(t);
}

void transaction_abandon(struct transaction **t)
{
	if (!*t)
		return;
	if ((*t)->relay_busy)
		next_hop_drop((*t)->in->next_hops, &(*t)->relay);
	else
		next_hop_give((*t)->in->next_hops, (*t)->transport, (*t)->tls_must, &(*t)->relay);
	end(t);
}

struct smtp_reply transaction_enter(struct transaction *t)
{
	switch (next_hop_enter(t->in->next_hops, t->transport)) {
	case OK:
		return (struct smtp_reply){ 0 };
	case ERR_ABSENT:
		return refuse(t, WHY_HOP_AWAY, 451, "4.4.1 The next hop could not be reached a moment ago");
	case ERR_LIMIT:
	case ERR_SYNTAX:
	case ERR_DENIED:
	case ERR_CONFLICT:
	case ERR_LATER:
	case ERR_BUG:
		break;
	}
	return refuse(t, WHY_HOP_BUSY, 451, "4.4.5 The next hop has as much mail as it may have at once");
}

static struct relay_sender sender_of(const struct transaction *t)
{
	return (struct relay_sender){ .from = t->mail.from,
				      .size = t->spool.size ? t->spool.size : t->mail.size,
				      .growth =
					  HEADERS_MAX + SIGNING_MAX + (t->edited ? LIMIT_EDIT_BYTES : 0),
				      .body_8bit = t->mail.body_8bit,
				      .smtputf8 = t->mail.smtputf8 };
}

/* Connects, if need be, and says MAIL. A kept connection that turns out dead is replaced once. */
static struct smtp_reply open_next_hop(struct transaction *t)
{
	struct relay_sender sender = sender_of(t);
	struct smtp_reply reply = { 0 };
	bool kept = t->relay != NULL;

	for (int tries = 0; tries < 2; tries++) {
		if (!t->relay && next_hop_take(t->in->next_hops, t->transport, t->tls_must, tries > 0,
					       transaction_step_ms(t), &t->relay, &kept, &reply)) {
			t->why = WHY_HOP_AWAY;
			return reply;
		}
		t->relay_busy = true;
		reply = relay_mail(t->relay, &sender, transaction_step_ms(t));
		if (!kept || !relay_is_broken(t->relay))
			return reply;
		next_hop_drop(t->in->next_hops, &t->relay);
		kept = false;
	}
	return reply;
}

static struct smtp_reply wrong_class(void)
{
	return smtp_reply_make(452, "4.5.3 send this recipient in a transaction of its own");
}

static void accept_recipient(struct transaction *t, struct str to, const struct directory_domain *domain)
{
	struct recipient r = { .address = arena_str(t->arena, to), .domain = domain };

	ARENA_PUSH(t->arena, &t->recipients, r);
}

/* What follows is about recipients of this class alone; what was said to another next hop is taken back. */
static void begin_class(struct transaction *t, int64_t account)
{
	give_back(t);
	t->account = account;
	t->service = NULL;
	t->wrapped = false;
	t->transport = STR_NONE;
	t->tls_must = false;
	t->lookback_hops = 1;
}

/*
 * ERR_ABSENT; ERR_LIMIT: too many domains in one transaction. Each is looked up once, so what is said of it stays the same
 * and its memory is bounded, however often it is named.
 */
static enum err find_domain(struct transaction *t, struct str name, const struct directory_domain **out)
{
	struct directory_domain found, *kept;

	for (size_t i = 0; i < t->domains.n; i++)
		if (str_eq_nocase(t->domains.v[i]->name, name)) {
			*out = t->domains.v[i];
			return OK;
		}
	if (t->domains.n >= LIMIT_SMTP_RECIPIENTS)
		return ERR_LIMIT;
	enum err e = directory_domain(t->in->store, t->arena, name, &found);
	if (e)
		return e;
	kept = ARENA_NEW(t->arena, struct directory_domain);
	*kept = found;
	ARENA_PUSH(t->arena, &t->domains, kept);
	*out = kept;
	return OK;
}

static struct smtp_reply unreadable(struct transaction *t)
{
	return refuse(t, WHY_SETTINGS, 451, "4.3.0 settings are not readable, try again later");
}

/*
 * How many of our hosts mail to the address comes through, so that SPF is asked about the right one: as its domain says,
 * where that is protected here. Code 0 = it is known.
 */
static struct smtp_reply find_lookback(struct transaction *t, const struct service_address *s, int *out)
{
	const struct directory_domain *domain;
	enum err e = find_domain(t, domain_of_address(s->address), &domain);

	*out = !e && domain->account == s->account ? domain->lookback_hops : 1;
	if (e == ERR_LIMIT)
		return wrong_class();
	return e && e != ERR_ABSENT ? unreadable(t) : (struct smtp_reply){ 0 };
}

static struct smtp_reply rcpt_service(struct transaction *t, struct str to,
				      const struct service_address *found)
{
	struct smtp_reply reply = { 0 };
	int hops = 1;

	if (!t->service || !str_eq(t->service->address, found->address)) {
		if (t->recipients.n > 0)
			return wrong_class();
		if (found->purpose != PURPOSE_COPIES)
			reply = find_lookback(t, found, &hops);
		if (reply.code)
			return reply;
		struct service_address *service = ARENA_NEW(t->arena, struct service_address);
		SET(service, service_address, account, found->account);
		SET(service, service_address, purpose, found->purpose);
		SET(service, service_address, mode, found->mode);
		SET(service, service_address, requested_disposition, found->requested_disposition);
		SET(service, service_address, address, arena_str(t->arena, found->address));
		begin_class(t, service->account);
		t->service = service;
		t->wrapped = transaction_is_copy(t) && service->mode == MODE_JOURNAL;
		t->lookback_hops = hops;
	}
	accept_recipient(t, to, NULL);
	return smtp_reply_make(250, "2.1.5 recipient ok");
}

struct smtp_reply transaction_check_tls(struct transaction *t, int64_t account, struct str sender_domain,
					int code, const char *text)
{
	enum err e = t->peer->tls
			 ? ERR_ABSENT
			 : directory_restriction(t->in->store, account, sender_domain, &t->restriction.id);

	if (e == ERR_ABSENT)
		return (struct smtp_reply){ 0 };
	t->restriction.sender = sender_domain;
	return e ? unreadable(t) : refuse(t, WHY_PARTNER_TLS, code, text);
}

/* Whether it is ours to look at its mail; code 0 = it is. */
static struct smtp_reply not_ours(struct transaction *t, const struct directory_domain *d)
{
	if (!d->authorized)
		return refuse(t, WHY_NOT_AUTHORIZED, 550, "5.7.1 this domain is not authorized yet");
	if (!directory_domain_allows(d, MODE_DIRECT))
		return refuse(t, WHY_MODE, 550, "5.7.1 this domain takes no mail by SMTP");
	return (struct smtp_reply){ 0 };
}

/* What a domain's own settings say to this peer; code 0 = nothing against it. */
static struct smtp_reply domain_refusal(struct transaction *t, const struct directory_domain *d)
{
	if (!directory_domain_accepts(d, &t->peer->ip))
		return refuse(t, WHY_PEER, 554, "5.7.1 your address may not deliver to this domain");
	if (d->tls_inbound && !t->peer->tls)
		return refuse(t, WHY_NO_TLS, 530, "5.7.0 must issue a STARTTLS command first");
	struct smtp_reply reply =
	    transaction_check_tls(t, d->account, domain_of_address(t->mail.from), 530,
				  "5.7.0 mail from your domain is taken over TLS only: issue STARTTLS first");
	if (!reply.code && d->transport.n == 0 && !t->beside)
		return refuse(t, WHY_NO_HOP, 451, "4.3.5 no next hop is configured for this domain");
	return reply;
}

/* Whether what is changed in mail to both is the same: neither has text add-ons or link actions of its own. */
static bool is_changed_alike(const struct transaction *t, const struct directory_domain *d)
{
	const struct directory_domain *first = t->recipients.n ? t->recipients.v[0].domain : NULL;
	struct store *st = t->in->store;
	bool one = false, other = false;

	return !first || first == d ||
	       (!settings_has_edits(st, first->account, first->name, &one) && !one &&
		!settings_has_edits(st, d->account, d->name, &other) && !other);
}

/* Its next hop is none of our business where the mail server passes it on. */
static bool is_of_class(const struct transaction *t, const struct directory_domain *d)
{
	return t->account == d->account && !t->service && t->lookback_hops == d->lookback_hops &&
	       (t->beside || (str_eq(t->transport, d->transport) && t->tls_must == d->tls_outbound)) &&
	       is_changed_alike(t, d);
}

/* Where that cannot be read now, MAIL says less than may come. */
static bool may_be_changed(const struct transaction *t, const struct directory_domain *d)
{
	struct store *st = t->in->store;
	bool own = false, of_all = false;

	return (!settings_has_edits(st, d->account, d->name, &own) && own) ||
	       (!settings_has_edits(st, d->account, STR("*"), &of_all) && of_all);
}

static void enter_class(struct transaction *t, const struct directory_domain *d)
{
	begin_class(t, d->account);
	t->lookback_hops = d->lookback_hops;
	if (t->beside)
		return;
	t->transport = d->transport;
	t->tls_must = d->tls_outbound;
	t->edited = may_be_changed(t, d);
}

static struct strs addresses_of(struct transaction *t)
{
	struct strs list = { 0 };

	for (size_t i = 0; i < t->recipients.n; i++)
		ARENA_PUSH(t->arena, &list, t->recipients.v[i].address);
	return list;
}

static void blame_next_hop(struct transaction *t)
{
	if (t->why == WHY_NONE)
		t->why = t->relay && !relay_is_broken(t->relay) ? WHY_HOP_SAYS : WHY_HOP_AWAY;
}

/* The next hop's word on one recipient more. */
static struct smtp_reply ask_next_hop(struct transaction *t, struct str to)
{
	struct smtp_reply reply;

	if (!t->relay || relay_is_broken(t->relay)) {
		struct strs before = addresses_of(t);
		reply = transaction_reopen(t, &before);
		if (!smtp_reply_is_ok(&reply)) {
			blame_next_hop(t);
			give_back(t); /* it does not know the sender */
			return reply;
		}
	}
	reply = relay_rcpt(t->relay, to, transaction_step_ms(t));
	if (!smtp_reply_is_ok(&reply))
		blame_next_hop(t);
	return reply;
}

static struct smtp_reply rcpt_direct(struct transaction *t, struct str to, const struct directory_domain *d)
{
	struct smtp_reply reply = not_ours(t, d);

	if (reply.code)
		return t->beside ? (struct smtp_reply){ 0 } : reply;
	reply = domain_refusal(t, d);
	if (reply.code)
		return reply;
	if (!is_of_class(t, d)) {
		if (t->recipients.n > 0)
			return wrong_class();
		enter_class(t, d);
	}
	if (t->beside) {
		accept_recipient(t, to, d);
		return smtp_reply_make(250, "2.1.5 recipient ok");
	}
	reply = transaction_enter(t);
	if (reply.code)
		return reply;
	reply = ask_next_hop(t, to);
	bool reached = t->relay && !relay_is_broken(t->relay);
	/* Among very many senders that take their time, none keeps a connection of the next hop meanwhile. */
	if (next_hop_is_crowded(t->in->next_hops))
		give_back(t);
	next_hop_leave(t->in->next_hops, t->transport, reached);
	if (smtp_reply_is_ok(&reply))
		accept_recipient(t, to, d);
	return reply;
}

/*
 * Mail to the postmaster of this server, named without a domain or with our own name, is for who the operator says, else
 * for the postmaster of the first domain (RFC 5321 §4.5.1: it MUST be taken).
 */
static struct str resolve_postmaster(struct transaction *t, struct arena *scratch, struct str to)
{
	struct str local = STR("postmaster"), domain = domain_of_address(to);
	const struct directory_domain *ours;

	if (!str_eq_nocase(str_sub(to, 0, str_rfind_char(to, '@')), local) ||
	    (domain.n && (!str_eq_nocase(domain, str_of(t->in->config->hostname)) ||
			  find_domain(t, domain, &ours) == OK)))
		return to;
	if (*t->in->config->smtp_postmaster)
		return str_of(t->in->config->smtp_postmaster);
	if (directory_first(t->in->store, scratch, &domain))
		return to;
	return ARENA_JOIN(scratch, local, STR("@"), domain);
}

static struct smtp_reply rcpt(struct transaction *t, struct arena *scratch, struct str to)
{
	const struct directory_domain *domain;
	struct service_address service;

	enum err e = settings_address_find(t->in->store, scratch, to, &service);
	if (!e)
		t->refused_account = service.account;
	if (e != ERR_ABSENT)
		return e ? unreadable(t) : rcpt_service(t, to, &service);
	e = find_domain(t, domain_of_address(to), &domain);
	if (e == ERR_ABSENT && t->beside)
		return (struct smtp_reply){ 0 };
	if (e == ERR_ABSENT)
		return refuse(t, WHY_NOT_OURS, 550,
			      "5.7.1 relaying denied: this server does not protect that domain");
	if (e)
		return e == ERR_LIMIT ? wrong_class() : unreadable(t);
	t->refused_account = domain->account;
	struct smtp_reply reply = rcpt_direct(t, to, domain);
	return reply.code ? transaction_pass_on(reply) : reply;
}

struct smtp_reply transaction_rcpt(struct transaction *t, struct str to)
{
	struct arena *scratch = arena_new(RCPT_BYTES, NULL, NULL);

	t->why = WHY_NONE;
	t->refused_account = 0;
	t->until_ms = clock_mono_ms() + t->in->config->relay_timeout_s * 1000;
	struct smtp_reply reply = rcpt(t, scratch, t->beside ? to : resolve_postmaster(t, scratch, to));
	arena_free(&scratch);
	if (reply.code && !smtp_reply_is_ok(&reply) && t->why != WHY_NONE)
		tell_refused(t, to, &reply);
	return reply;
}

struct smtp_reply transaction_reopen(struct transaction *t, const struct strs *recipients)
{
	calm(t);
	struct smtp_reply reply = open_next_hop(t);
	for (size_t i = 0; smtp_reply_is_ok(&reply) && i < recipients->n; i++) {
		reply = relay_rcpt(t->relay, recipients->v[i], transaction_step_ms(t));
		if (reply.code >= 500)
			reply = smtp_reply_make(451,
						"4.3.0 a recipient accepted before is refused now: %d %.900s",
						reply.code, reply.text);
	}
	return reply;
}
