/* libmicrohttpd and us: its options, connections, start and end. What comes over a connection is in exchange.c. */
#include "api/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/exchange.h"
#include "api/internal.h"
#include "api/watch.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/random.h"

#define HEADER_BYTES \
	16384 /* of one connection: request line, all headers, our answer's headers; cleared for each request */
#define POOL_WAITING 256 /* slow requests in the queue; more are 503 */
#define WAITING_MAX \
	256 /* that wait for what happens elsewhere; more are answered at once, with what is so far */
#define WAITING_LOOK_MS 50
#define THREAD_STACK (1u << 20)
#define DRAIN_MS 5000 /* at the end answers may still be on their way this long */
#define LAST_MS 500   /* and before that, kept connections may ask once more, to be told of the end */

static enum MHD_Result on_accept(void *cls, const struct sockaddr *peer, socklen_t n)
{
	const struct api *api = cls;
	struct ip ip = ip_from_sockaddr(peer);

	(void)n;
	return watch_admits(api->watch, &ip) ? MHD_YES : MHD_NO;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	const struct api *api = cls;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		watch_remove(api->watch, *context);
		return;
	}
	const union MHD_ConnectionInfo *fd =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	int socket = fd->connect_fd;
	const union MHD_ConnectionInfo *peer =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct ip ip = ip_from_sockaddr(peer->client_addr);
	*context = watch_add(api->watch, socket, &ip);
	watch_await(api->watch, *context, api_request_ms(api));
}

/* Targets and query are decoded by the router; the library's own result is not looked at. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

/* Terminated texts of the certificate and its key, for as long as a daemon starts. */
struct tls_texts {
	char *certificate, *key;
};

static struct tls_texts tls_texts_of(struct str certificate, struct str key)
{
	struct tls_texts t = { strndup(certificate.p, certificate.n), strndup(key.p, key.n) };

	ASSERT(t.certificate && t.key);
	return t;
}

static void tls_texts_free(struct tls_texts *t)
{
	OPENSSL_cleanse(t->key, strlen(t->key));
	free(t->certificate);
	free(t->key);
}

/* As options of a daemon. */
static void tls_options(const struct tls_texts *t, struct MHD_OptionItem out[4])
{
	/* Forward secrecy and authenticated encryption: what every client of the last ten years has. */
	static char priorities[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-AES-128-CBC:"
				   "-AES-256-CBC:%SERVER_PRECEDENCE";

	out[0] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0, t->certificate };
	out[1] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0, t->key };
	out[2] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0, priorities };
	out[3] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
}

static enum MHD_Result answer_nothing(void *cls, struct MHD_Connection *connection, const char *url,
				      const char *method, const char *version, const char *data, size_t *size,
				      void **ctx)
{
	(void)cls, (void)connection, (void)url, (void)method, (void)version, (void)data, (void)size,
	    (void)ctx;
	return MHD_NO;
}

/* By starting a daemon that listens nowhere: the library has no other way to ask. */
enum err api_server_check_tls(struct str certificate, struct str key, struct errbuf *eb)
{
	if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
		return err_set(eb, ERR_DENIED, "libmicrohttpd was built without TLS here");
	struct tls_texts texts = tls_texts_of(certificate, key);
	struct MHD_OptionItem options[4];
	tls_options(&texts, options);
	struct MHD_Daemon *d =
	    MHD_start_daemon(MHD_USE_TLS | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, answer_nothing, NULL,
			     MHD_OPTION_ARRAY, options, MHD_OPTION_END);
	tls_texts_free(&texts);
	if (!d)
		return err_set(eb, ERR_SYNTAX, "GnuTLS, which serves the API, cannot use it");
	MHD_stop_daemon(d);
	return OK;
}

static struct MHD_Daemon *start_with(struct api *api, int fd, const struct MHD_OptionItem *tls)
{
	const struct api_options *o = &api->o;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;

	/* clang-format off */
	return MHD_start_daemon(
	    tls->option == MHD_OPTION_END ? flags : flags | MHD_USE_TLS,
	    0, on_accept, api, exchange_step, api,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_THREAD_POOL_SIZE, o->threads,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
	    MHD_OPTION_CONNECTION_LIMIT, o->connections,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, api,
	    MHD_OPTION_CONNECTION_TIMEOUT, o->timeout_s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, api,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
	    MHD_OPTION_NOTIFY_COMPLETED, exchange_end, api,
	    MHD_OPTION_ARRAY, tls,
	    MHD_OPTION_END);
	/* clang-format on */
}

static struct MHD_Daemon *start(struct api *api, int fd)
{
	struct MHD_OptionItem tls[4] = { { MHD_OPTION_END, 0, NULL } };

	if (!api->o.certificate.n)
		return start_with(api, fd, tls);
	struct tls_texts texts = tls_texts_of(api->o.certificate, api->o.key);
	tls_options(&texts, tls);
	struct MHD_Daemon *d = start_with(api, fd, tls);
	tls_texts_free(&texts);
	return d;
}

static void set_defaults(struct api_options *o)
{
	o->threads = o->threads ? o->threads : API_THREADS;
	o->pool_threads = o->pool_threads ? o->pool_threads : 4;
	o->connections = o->connections ? o->connections : 1000;
	o->connections_per_address = o->connections_per_address ? o->connections_per_address : 50;
	o->timeout_s = o->timeout_s ? o->timeout_s : 75;
	o->request_timeout_s = o->request_timeout_s ? o->request_timeout_s : 30;
	o->search_ms = o->search_ms ? o->search_ms : 30000;
	o->release_ms = o->release_ms ? o->release_ms : 25000;
	/* The library wants at least one connection for each of its threads. */
	o->connections = o->connections < o->threads ? o->threads : o->connections;
}

enum err api_server_start(const struct api_options *o, struct api **out, struct errbuf *eb)
{
	struct api *api = calloc(1, sizeof(*api));

	ASSERT(api);
	api->o = *o;
	set_defaults(&api->o);
	api->principals = principal_cache_new(o->store);
	if (o->rate_requests > 0)
		api->by_principal = limiter_new(o->rate_requests, o->rate_window_s);
	if (o->rate_address_requests > 0)
		api->by_address = limiter_new(o->rate_address_requests, 1);
	api->arena = arena_new(1u << 20, NULL, NULL);
	proxies_read(api->arena, str_of(o->trusted_proxies), &api->proxies);
	openapi_make(&api->openapi, api->arena);
	random_bytes(api->address_key, sizeof(api->address_key));
	random_bytes(&api->first_id, sizeof(api->first_id));
	pthread_mutex_init(&api->spare_mutex, NULL);
	pthread_mutex_init(&api->sources.mutex, NULL);
	pthread_mutex_init(&api->large.mutex, NULL);
	pthread_mutex_init(&api->bodies.mutex, NULL);
	/* Behind proxies every connection comes from one of them. */
	api->watch = watch_new(api->proxies.n ? 0 : api->o.connections_per_address);
	api->pool = pool_new(api->o.pool_threads, POOL_WAITING, exchange_work);
	api->waiting = waiting_new(WAITING_MAX, WAITING_LOOK_MS, exchange_is_ready, api->pool);
	api->daemons = calloc(o->n_listen_fds + 1, sizeof(*api->daemons));
	ASSERT(api->daemons);
	for (size_t i = 0; i < o->n_listen_fds; i++) {
		int fd = dup(o->listen_fds[i]); /* the library closes its own */
		api->daemons[i] = fd >= 0 ? start(api, fd) : NULL;
		if (!api->daemons[i]) {
			if (fd >= 0)
				close(fd);
			api_server_stop(&api);
			return err_set(eb, ERR_LATER, "cannot start the HTTP server: %s", strerror(errno));
		}
		api->n_daemons++;
	}
	*out = api;
	return OK;
}

static bool has_connections(const struct api *api)
{
	for (size_t i = 0; i < api->n_daemons; i++)
		if (MHD_get_daemon_info(api->daemons[i], MHD_DAEMON_INFO_CURRENT_CONNECTIONS)
			->num_connections)
			return true;
	return false;
}

static void sleep_a_moment(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
}

void api_server_stop(struct api **app)
{
	struct api *api = *app;

	if (!api)
		return;
	/*
	 * Those kept alive go on asking, and each is told to close; whoever is silent is cut. Then work in the pool ends: it
	 * resumes connections, which must still be there.
	 */
	atomic_store(&api->stopping, true);
	for (size_t i = 0; i < api->n_daemons; i++) {
		int fd = MHD_quiesce_daemon(api->daemons[i]);
		if (fd >= 0)
			close(fd);
	}
	deadline_ms until = clock_mono_ms() + LAST_MS;
	while (has_connections(api) && clock_left_ms(until))
		sleep_a_moment();
	waiting_close(api->waiting);
	pool_close(api->pool);
	until = clock_mono_ms() + DRAIN_MS;
	while (atomic_load(&api->active) && clock_left_ms(until))
		sleep_a_moment();
	for (size_t i = 0; i < api->n_daemons; i++)
		MHD_stop_daemon(api->daemons[i]);
	watch_free(&api->watch);
	waiting_free(&api->waiting);
	pool_free(&api->pool);
	exchange_free_spare(api);
	pthread_mutex_destroy(&api->spare_mutex);
	pthread_mutex_destroy(&api->sources.mutex);
	pthread_mutex_destroy(&api->large.mutex);
	limiter_free(&api->by_principal);
	limiter_free(&api->by_address);
	principal_cache_free(&api->principals);
	openapi_free(&api->openapi);
	arena_free(&api->arena);
	free(api->daemons);
	free(api);
	*app = NULL;
}
