/* The api process: the REST API over the store (api/server.h). */
#include "api/server.h"
#include "daemon/role.h"

int role_api(struct role *r)
{
	const struct config *c = r->config;
	/* Each thread that works or answers, so that none waits for another one's search; two for the rest of us. */
	struct store_options so = { .dir = c->data,
				    .flags = STORE_CREATE,
				    .readers = (size_t)c->http_threads + API_THREADS + 2,
				    .log = &r->log };
	const struct preview_pool pictures = { .control = r->pictures_fd };
	struct store *store = NULL;
	struct api *api = NULL;
	struct errbuf eb;

	if (!role_confine(r, SANDBOX_SERVICE))
		return ROLE_EXIT_REFUSED;
	enum err e = store_open(&so, &store, &eb);
	if (e == OK) {
		struct api_options o = {
			.listen_fds = r->http,
			.n_listen_fds = r->http_n,
			.store = store,
			.log = &r->log,
			.pool_threads = (unsigned)c->http_threads,
			.connections = (unsigned)c->http_connections,
			.connections_per_address = (unsigned)c->http_connections_per_address,
			.timeout_s = (unsigned)c->http_timeout_s,
			.request_timeout_s = (unsigned)c->http_request_timeout_s,
			.rate_requests = c->http_rate_requests,
			.rate_window_s = c->http_rate_window_s,
			.rate_address_requests = c->http_rate_address_requests,
			.search_ms = c->http_search_timeout_s * 1000,
			.certificate = r->certificate,
			.key = r->key,
			.trusted_proxies = c->http_trusted_proxies,
			.pictures = r->pictures_fd >= 0 ? &pictures : NULL,
			.integer_ids = c->id_form == ID_INTEGER,
			.allow_private_ip = c->policies_allow_private_ip,
			.allow_private_targets = c->notifications_allow_private,
			.allow_private_mailboxes = c->mailboxes_allow_private,
			.click_url = c->http_click_url,
		};
		e = api_server_start(&o, &api, &eb);
	}
	if (e == OK) {
		role_ready(r);
		role_wait(r);
		api_server_stop(&api);
	} else {
		log_error(&r->log, "api_not_started", KV_C("why", eb.text));
	}
	store_close(&store);
	return e == OK ? 0 : 1;
}
