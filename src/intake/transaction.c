/*
 * MAIL and RCPT. Each recipient is put to the next hop before it is answered, so an unknown one is refused
 * while the sender still listens. A transaction holds one class of recipients: same account, next hop, outbound
 * TLS and lookback, for they share one scan; others are told to come again (452 4.5.3), which every sending server
 * does.
 */
#include "base/clock.h"
#include "base/limits.h"
#include "intake/internal.h"

#define TRANSACTION_BYTES (64u << 20) /* envelope, verdict and record of one mail */
#define RESET_MS 2000

struct transaction *transaction_new(struct intake *in, const struct smtp_peer *peer,
				    const struct smtp_mail_params *mail, struct smtp_reply *reply_out)
{
	struct directory_snapshot *directory;

	if (directory_get(in->directory, &directory)) {
		*reply_out = smtp_reply_make(451, "4.3.0 settings are not readable, try again later");
		return NULL;
	}
	struct arena *a = arena_new(TRANSACTION_BYTES, NULL, NULL);
	struct transaction *t = ARENA_NEW(a, struct transaction);
	t->in = in;
	t->peer = peer;
	t->arena = a;
	t->directory = directory;
	t->lookback_hops = 1;
	t->mail = *mail;
	t->mail.from = arena_str(a, mail->from);
	spool_init(&t->spool, in->spool_dir);
	*reply_out = smtp_reply_make(250, "2.1.0 sender ok");
	return t;
}

int64_t transaction_step_ms(const struct transaction *t)
{
	int64_t step = clock_mono_ms() + t->in->config->relay_timeout_s * 1000;

	return step < t->until_ms ? step : t->until_ms;
}

struct smtp_reply transaction_pass_on(struct smtp_reply said)
{
	if (said.code == 421)
		said.code = 451;
	return said;
}

/* Leaves the connection clean for the next mail. Our own answer waits for this, so a slow hop is left. */
static void calm(struct transaction *t)
{
	if (t->relay && t->relay_busy && !relay_is_broken(t->relay)) {
		struct smtp_reply reply = relay_reset(t->relay, clock_mono_ms() + RESET_MS);
		if (!smtp_reply_is_ok(&reply))
			relay_close(&t->relay);
	}
	t->relay_busy = false;
	if (t->relay && relay_is_broken(t->relay))
		relay_close(&t->relay);
}

static void give_back(struct transaction *t)
{
	calm(t);
	next_hop_give(t->in->next_hops, t->transport, t->tls_must, &t->relay);
}

void transaction_free(struct transaction **tp)
{
	struct transaction *t = *tp;

	if (!t)
		return;
	*tp = NULL;
	give_back(t);
	spool_free(&t->spool);
	directory_put(t->in->directory, &t->directory);
	struct arena *a = t->arena;
	arena_free(&a); /* t lies in it */
}

/* Connects, if need be, and says MAIL. A kept connection that turns out dead is replaced once. */
static struct smtp_reply open_next_hop(struct transaction *t)
{
	struct smtp_reply reply = { 0 };
	bool kept = t->relay != NULL;

	for (int tries = 0; tries < 2; tries++) {
		if (!t->relay && next_hop_take(t->in->next_hops, t->transport, t->tls_must, tries > 0,
					       transaction_step_ms(t), &t->relay, &kept, &reply))
			return reply;
		t->relay_busy = true;
		reply = relay_mail(t->relay, t->mail.from, t->mail.size, t->mail.body_8bit, t->mail.smtputf8,
				   transaction_step_ms(t));
		if (!kept || !relay_is_broken(t->relay))
			return reply;
		relay_close(&t->relay);
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
	struct recipient r = { arena_str(t->arena, to), domain };

	ARENA_PUSH(t->arena, &t->recipients, r);
}

static struct smtp_reply rcpt_service(struct transaction *t, struct str to,
				      const struct service_address *service)
{
	if (t->recipients.n > 0 && t->service != service)
		return wrong_class();
	give_back(t); /* of a DIRECT recipient that was refused */
	t->transport = STR_NONE;
	t->service = service;
	t->account = service->account;
	accept_recipient(t, to, NULL);
	return smtp_reply_make(250, "2.1.5 recipient ok");
}

/* What a domain's own settings say to this peer; code 0 = nothing against it. */
static struct smtp_reply domain_refusal(const struct transaction *t, const struct directory_domain *d)
{
	if (!d->settings->authorization || !d->settings->authorization->authorized)
		return smtp_reply_make(550, "5.7.1 this domain is not authorized yet");
	if (!directory_domain_allows(d, MODE_DIRECT))
		return smtp_reply_make(550, "5.7.1 this domain takes no mail by SMTP");
	if (!directory_domain_accepts(d, &t->peer->ip))
		return smtp_reply_make(554, "5.7.1 your address may not deliver to this domain");
	if (d->settings->require_tls_inbound && !t->peer->tls)
		return smtp_reply_make(530, "5.7.0 must issue a STARTTLS command first");
	if (d->settings->transport.n == 0)
		return smtp_reply_make(451, "4.3.5 no next hop is configured for this domain");
	return (struct smtp_reply){ 0 };
}

static int lookback_of(const struct directory_domain *d)
{
	return d->settings->lookback_hops > 1 ? (int)d->settings->lookback_hops : 1;
}

static struct smtp_reply rcpt_direct(struct transaction *t, struct str to, const struct directory_domain *d)
{
	struct smtp_reply refusal = domain_refusal(t, d);
	bool same = t->account == d->account && !t->service && str_eq(t->transport, d->settings->transport) &&
		    t->tls_must == d->settings->require_tls_outbound && t->lookback_hops == lookback_of(d);

	if (refusal.code)
		return refusal;
	if (t->recipients.n > 0 && !same)
		return wrong_class();
	if (!same || !t->relay) {
		give_back(t);
		t->service = NULL;
		t->account = d->account;
		t->transport = d->settings->transport;
		t->tls_must = d->settings->require_tls_outbound;
		t->lookback_hops = lookback_of(d);
		struct smtp_reply opened = open_next_hop(t);
		if (!smtp_reply_is_ok(&opened)) {
			give_back(t);
			return opened;
		}
	}
	struct smtp_reply reply = relay_rcpt(t->relay, to, transaction_step_ms(t));
	if (smtp_reply_is_ok(&reply))
		accept_recipient(t, to, d);
	return reply;
}

struct smtp_reply transaction_rcpt(struct transaction *t, struct str to)
{
	const struct service_address *service = directory_service(t->directory, to);
	size_t at = str_rfind_char(to, '@');

	t->until_ms = clock_mono_ms() + t->in->config->relay_timeout_s * 1000;
	if (service)
		return rcpt_service(t, to, service);
	const struct directory_domain *d =
	    at == SIZE_MAX ? NULL : directory_domain(t->directory, str_sub(to, at + 1, to.n));
	if (!d)
		return smtp_reply_make(550,
				       "5.7.1 relaying denied: this server does not protect that domain");
	return transaction_pass_on(rcpt_direct(t, to, d));
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
