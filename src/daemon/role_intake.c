/* The intake process: SMTP in, verdicts from workers, mail on or held (intake/intake.h). */
#include "base/clock.h"
#include "daemon/role.h"
#include "intake/intake.h"

struct parts {
	struct store *store;
	struct dns *dns;
	struct tls_context *tls_server, *tls_client;
	struct intake *intake;
};

static enum err start(struct role *r, struct parts *p, struct errbuf *eb)
{
	struct store_options so = { .dir = r->config->data,
				    .flags = STORE_CREATE | STORE_WRITER,
				    .log = &r->log };
	enum err e;

	if ((e = store_open(&so, &p->store, eb)) != OK || (e = role_dns(r, 0, &p->dns, eb)) != OK ||
	    (e = tls_server_new(r->certificate, r->key, r->config->hostname, &p->tls_server, eb)) != OK ||
	    (e = tls_client_new(&p->tls_client, eb)) != OK)
		return e;
	struct intake_options o = {
		.config = r->config,
		.store = p->store,
		.dns = p->dns,
		.rdap = r->rdap,
		.broker_control_fd = r->broker_fd,
		.tls_server = p->tls_server,
		.tls_client = p->tls_client,
		.listeners = r->smtp,
		.listeners_n = r->smtp_n,
		.log = &r->log,
	};
	return intake_start(&o, &p->intake, eb);
}

int role_intake(struct role *r)
{
	struct parts p = { 0 };
	struct errbuf eb;

	if (!role_confine(r, SANDBOX_SERVICE))
		return ROLE_EXIT_REFUSED;
	enum err e = start(r, &p, &eb);
	if (e == OK) {
		role_ready(r);
		int64_t patience_ms = role_wait(r);
		intake_stop(&p.intake, clock_mono_ms() + patience_ms);
	} else {
		log_error(&r->log, "intake_not_started", KV_C("why", eb.text));
	}
	tls_unref(&p.tls_client);
	tls_unref(&p.tls_server);
	dns_free(&p.dns);
	store_close(&p.store);
	return e == OK ? 0 : 1;
}
