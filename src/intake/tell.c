/* The log lines of mail. Addresses and subject only where the setting log.addresses asks for them. */
#include "base/clock.h"
#include "base/domain.h"
#include "intake/internal.h"
#include "store/settings.h"

ENUM_DEFINE(refusal, REFUSALS);

#define SETTINGS_BYTES 4096 /* the id of an account */

void tell(const struct transaction *t, const char *event, struct str action, const struct record *r, int code)
{
	const struct message *m = r->message;
	struct log_field fields[] = {
		KV_STR("id", m->postfix_id),
		KV_STR("account", settings_account_id(t->in->store, t->arena, t->account)),
		KV_STR("disposition", enum_text(&disposition_names, m->final_disposition)),
		KV_STR("action", action),
		KV_INT("bytes", t->spool.size),
		KV_INT("code", code),
		KV_STR("from", m->envelope_from),
		KV_STR("to", m->envelope_to.n ? m->envelope_to.v[0] : STR_NONE),
		KV_INT("recipients", m->envelope_to.n),
		KV_STR("subject", m->subject),
		{ .kind = LOG_END },
	};
	const size_t without = 6;

	if (!t->in->config->log_addresses)
		fields[without] = (struct log_field){ .kind = LOG_END };
	log_write(t->in->log, LOG_INFO, event, fields);
}

void tell_refused(const struct transaction *t, struct str to, const struct smtp_reply *reply)
{
	bool of_partner = t->why == WHY_PARTNER_TLS;
	struct intake *in = t->in;
	char ip[IP_TEXT_MAX];
	unsigned left_out;

	if (!log_quota_take(&in->refusals.of[t->why], clock_mono_ms(), &left_out))
		return;
	struct arena *a = arena_new(SETTINGS_BYTES, NULL, NULL);
	struct log_field fields[] = {
		KV_INT("code", reply->code),
		KV_STR("why", enum_text(&refusal_names, (int)t->why)),
		KV_STR("client", ip_text(&t->peer->ip, ip)),
		KV_STR("account", settings_account_id(in->store, a, t->refused_account)),
		KV_C("restriction", of_partner ? t->restriction.id.uuid : "-"),
		KV_STR("sender_domain", of_partner ? t->restriction.sender : domain_of_address(t->mail.from)),
		KV_STR("domain", domain_of_address(to)),
		KV_INT("left_out", left_out),
		KV_STR("from", t->mail.from),
		KV_STR("to", to),
		KV_C("reply", reply->text),
		{ .kind = LOG_END },
	};
	const size_t without = 8;

	if (!in->config->log_addresses)
		fields[without] = (struct log_field){ .kind = LOG_END };
	log_write(in->log, LOG_INFO, "refused", fields);
	arena_free(&a);
}
