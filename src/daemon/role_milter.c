/* The milter process: mail servers ask, verdicts from workers; nothing is relayed (milter/milter.h). */
#include "base/clock.h"
#include "daemon/role.h"
#include "milter/milter.h"

struct parts {
	struct store *store;
	struct dns *dns;
	struct intake *intake;
	struct milter *milter;
};

static enum err start(struct role *r, struct parts *p, struct errbuf *eb)
{
	struct store_options so = { .dir = r->config->data,
				    .flags = STORE_CREATE | STORE_WRITER,
				    .log = &r->log };
	enum err e;

	if ((e = store_open(&so, &p->store, eb)) != OK || (e = role_dns(r, 0, &p->dns, eb)) != OK)
		return e;
	struct intake_options o = {
		.config = r->config,
		.store = p->store,
		.dns = p->dns,
		.rdap = r->rdap,
		.broker_control_fd = r->broker_fd,
		.log = &r->log,
	};
	if ((e = intake_start(&o, &p->intake, eb)) != OK)
		return e;
	struct milter_options m = {
		.intake = p->intake, .config = r->config, .listener = r->milter_fd, .log = &r->log
	};
	return milter_start(&m, &p->milter, eb);
}

int role_milter(struct role *r)
{
	struct parts p = { 0 };
	struct errbuf eb;

	if (r->milter_fd < 0 || !role_confine(r, SANDBOX_SERVICE))
		return ROLE_EXIT_REFUSED;
	enum err e = start(r, &p, &eb);
	if (e == OK) {
		role_ready(r);
		int64_t patience_ms = role_wait(r);
		milter_stop(&p.milter, clock_mono_ms() + patience_ms);
	} else {
		log_error(&r->log, "milter_not_started", KV_C("why", eb.text));
	}
	if (p.intake)
		intake_stop(&p.intake, clock_mono_ms());
	dns_free(&p.dns);
	store_close(&p.store);
	return e == OK ? 0 : 1;
}
