/* The one log line of a mail. Addresses and subject only where the setting log.addresses asks for them. */
#include "intake/internal.h"

void tell(const struct transaction *t, const char *event, const struct record *r, int code)
{
	const struct message *m = r->message;
	struct log_field fields[] = {
		KV_STR("id", m->postfix_id),
		KV_INT("account", t->account),
		KV_STR("disposition", enum_text(&disposition_names, m->final_disposition)),
		KV_STR("action", t->service ? STR("FILED") : r->detections->action),
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
