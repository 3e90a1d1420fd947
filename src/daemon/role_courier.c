/* The courier process: what need not happen while a sender waits (courier/courier.h). */
#include "courier/courier.h"
#include "courier/domain_watch.h"
#include "courier/notifier.h"
#include "daemon/role.h"

#define CACHE_S 2 /* whoever has just published or mended a record shall not wait for us */

int role_courier(struct role *r)
{
	struct store_options so = { .dir = r->config->data, .flags = STORE_CREATE, .log = &r->log };
	struct courier *courier = NULL;
	struct domain_watch *domains = NULL;
	struct notifier *notifier = NULL;
	struct store *store = NULL;
	struct dns *dns = NULL;
	struct tls_context *tls = NULL, *verifier = NULL;
	struct errbuf eb;
	enum err e;

	if (!role_confine(r, SANDBOX_SERVICE))
		return ROLE_EXIT_REFUSED;
	if ((e = store_open(&so, &store, &eb)) == OK && (e = role_dns(r, CACHE_S, &dns, &eb)) == OK &&
	    (e = tls_client_new(&tls, &eb)) == OK &&
	    (e = tls_verifier_new(r->authorities, &verifier, &eb)) == OK) {
		struct courier_options o = {
			.config = r->config,
			.store = store,
			.dns = dns,
			.tls_client = tls,
			.verifier = verifier,
			.authorities = r->authorities,
			.broker_control_fd = r->broker_fd,
			.log = &r->log,
		};
		struct domain_watch_options w = { .store = store, .dns = dns, .log = &r->log };
		struct notifier_options n = {
			.store = store,
			.tools = { .dns = dns,
				   .verifier = verifier,
				   .authorities = r->authorities,
				   .hostname = r->config->hostname,
				   .allow_private = r->config->notifications_allow_private },
			.log = &r->log,
		};
		e = domain_watch_start(&w, &domains, &eb);
		if (e == OK)
			e = notifier_start(&n, &notifier, &eb);
		if (e == OK)
			e = courier_start(&o, &courier, &eb);
	}
	if (e == OK) {
		role_ready(r);
		role_wait(r);
		courier_stop(&courier);
	} else {
		log_error(&r->log, "courier_not_started", KV_C("why", eb.text));
	}
	notifier_stop(&notifier);
	domain_watch_stop(&domains);
	tls_unref(&verifier);
	tls_unref(&tls);
	dns_free(&dns);
	store_close(&store);
	return e == OK ? 0 : 1;
}
