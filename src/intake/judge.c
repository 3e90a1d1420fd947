/* One mail to the broker: the job as the worker sees it, and what becomes of a mail that no worker survives. */
#include "intake/internal.h"

#include "base/clock.h"
#include "base/domain.h"
#include "intake/scan_failed.h"
#include "edit/click.h"
#include "store/settings.h"

#define WORKER_WAIT_MS 60000 /* a server so busy had better take the mail later */
#define RELAY_LEAST_MS 30000 /* kept for the next hop */

/* Whoever wrote expressions that cost too much is to know, and not only by the mail. */
static void tell_unfinished(const struct transaction *t, const struct verdict *v)
{
	struct intake *in = t->in;

	for (size_t i = 0; i < v->message->findings.n; i++) {
		struct str name = v->message->findings.v[i].name;
		if (!str_eq(name, STR("policy.gave_up")) && !str_eq(name, STR("policy.unfinished_content")))
			continue;
		log_warn(in->log, "policies_unfinished", KV_STR("finding", name),
			 KV_STR("account", settings_account_id(in->store, t->arena, t->account)));
		return;
	}
}

/* For copies nobody can have released anything: who they are for is known only by the verdict. */
static bool is_released_to_all(const struct transaction *t)
{
	for (size_t i = 0; i < t->recipients.n; i++)
		if (!t->recipients.v[i].released)
			return false;
	return t->recipients.n > 0;
}

int64_t judge_begin_by_ms(const struct transaction *t)
{
	return t->until_ms - 2 * t->in->config->scan_timeout_s * 1000 - RELAY_LEAST_MS;
}

/* What a worker must know to change the mail. Only who is given a mail by SMTP can be given it changed. */
static void allow_edits(struct transaction *t, struct scan_job *job)
{
	const struct directory_domain *domain = t->recipients.n ? t->recipients.v[0].domain : NULL;
	struct intake *in = t->in;

	if (t->service || !domain)
		return;
	job->edits_for = domain->name;
	if (!*in->config->http_click_url)
		return;
	struct sha256 key = click_key(store_secret(in->store), transaction_id(t));
	job->id = transaction_id(t);
	job->click_url = str_of(in->config->http_click_url);
	job->click_key = hash_hex(t->arena, str_from(key.b, sizeof(key.b)));
}

enum err judge(struct transaction *t, struct verdict *out)
{
	int64_t begin_by = judge_begin_by_ms(t),
		wait_until = clock_earlier(clock_mono_ms() + WORKER_WAIT_MS, begin_by);
	struct intake *in = t->in;
	struct strs recipients = { 0 }, domains;
	bool copy = transaction_is_copy(t);
	struct errbuf why;

	for (size_t i = 0; i < t->recipients.n; i++)
		ARENA_PUSH(t->arena, &recipients, t->recipients.v[i].address);
	enum err e = settings_domain_names(in->store, t->arena, t->account, &domains);
	if (e)
		err_set(&why, e, "the account's domains cannot be read");
	struct scan_job job = {
		.mail_from = t->mail.from,
		.has_envelope = !copy,
		.recipients = recipients,
		.client_ip = copy ? (struct ip){ 0 } : t->peer->ip,
		.helo = copy ? STR("") : t->peer->helo,
		.tls = t->peer->tls,
		.delivery_mode = transaction_mode(t),
		.account = t->account,
		.lookback_hops = t->lookback_hops,
		.received_us = t->received_us,
		.wrapped = t->wrapped,
		.released = is_released_to_all(t),
		.authserv_id = str_of(in->config->hostname),
		.trusted_authserv_ids = in->trusted_authserv_ids,
		.protected_domains = domains,
		.header_prefix = str_of(in->config->header_prefix),
	};
	allow_edits(t, &job);
	struct broker_mail mail = {
		.job = &job,
		.fd = t->spool.fd,
		.size = t->spool.size,
		.sender_domain = domain_of_address(t->mail.from),
		.done_by_ms = t->until_ms - RELAY_LEAST_MS,
	};
	/* When a thread, or an equal mail, was waited for too long, no try is begun that cannot end in time. */
	if (!e)
		e = clock_left_ms(begin_by) == 0
			? err_set(&why, ERR_LATER, "too late to begin")
			: broker_scan(in->broker, t->arena, &mail, wait_until, out, &why);
	t->edits = e == OK ? out->edits : (struct edit_list){ 0 };
	if (e == OK) {
		tell_unfinished(t, out);
		return OK;
	}
	if (e == ERR_LATER) {
		log_warn(in->log, "not_scanned", KV_C("why", why.text),
			 KV_STR("account", settings_account_id(in->store, t->arena, t->account)),
			 KV_INT("bytes", t->spool.size));
		return e;
	}
	log_warn(in->log, "scan_failed", KV_C("why", why.text), KV_INT("bytes", t->spool.size));
	scan_failed(t->arena, why.text, out);
	return OK;
}
