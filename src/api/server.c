/*
 * libmicrohttpd and us: connections, header checks, bodies, threads. 0.9.75 parses leniently, so strict mode is on
 * and all headers are looked at: repeated Content-Length, Content-Length beside Transfer-Encoding, unknown encodings,
 * malformed fields and a second Host are refused, because a proxy in front may read them otherwise (RFC 9112 §6.3).
 */
#include "api/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "api/handle.h"
#include "api/internal.h"
#include "api/stream.h"
#include "base/abnf.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/random.h"

#define HEADER_BYTES 32768 /* of one connection: request line, all headers, our answer's headers */
#define POOL_WAITING 256   /* slow requests in the queue; more are 503 */
#define THREAD_STACK (1u << 20)
/*
 * Above what any request takes, for reaching it would end the process: records of a search are forgotten one by one, the
 * source of a message is bounded with its packed form at a half, a full batch or collection takes less.
 */
#define ARENA_BYTES ((size_t)1 << 30)
#define SWALLOW_MAX (64u << 20) /* of a body that was refused; above the largest that is ever accepted */
#define SPARE_MAX 64            /* exchanges kept for the next requests, with a small arena each */
#define DRAIN_MS 5000           /* at the end answers may still be on their way this long */

/* One request between the library's calls. */
struct exchange {
	struct request rq;
	struct MHD_Connection *connection;
	enum { EXCHANGE_NEW, EXCHANGE_BODY, EXCHANGE_WORKING, EXCHANGE_ANSWERED } state;
	struct exchange *next; /* while spare */
};

/* A spare one with its arena, or a new one. */
static struct exchange *exchange_new(struct api *api)
{
	struct exchange *x;

	pthread_mutex_lock(&api->spare_mutex);
	x = api->spare;
	if (x) {
		api->spare = x->next;
		api->n_spare--;
	}
	pthread_mutex_unlock(&api->spare_mutex);
	if (x)
		return x;
	x = calloc(1, sizeof(*x));
	ASSERT(x);
	x->rq.arena = arena_new(ARENA_BYTES, NULL, NULL);
	return x;
}

static void exchange_free(struct exchange *x)
{
	arena_free(&x->rq.arena);
	free(x);
}

static void exchange_done(struct api *api, struct exchange *x)
{
	struct arena *a = x->rq.arena;

	handle_done(&x->rq);
	arena_reset(a);
	*x = (struct exchange){ .rq.arena = a };
	pthread_mutex_lock(&api->spare_mutex);
	bool kept = api->n_spare < SPARE_MAX;
	if (kept) {
		x->next = api->spare;
		api->spare = x;
		api->n_spare++;
	}
	pthread_mutex_unlock(&api->spare_mutex);
	if (!kept)
		exchange_free(x);
}

/*
 * The library divides the query too, and has so little memory for each connection that some hundred parameters exhaust
 * it; its own refusal then is never sent (0.9.75). Nobody looks at its list, so it gets none: the text is its buffer,
 * and ours is a copy.
 */
static void hide_query(const char *target)
{
	char *question = (char *)(uintptr_t)strchr(target, '?');

	if (question && question[1])
		question[1] = 0;
}

static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct api *api = cls;
	struct exchange *x = exchange_new(api);

	x->connection = connection;
	atomic_fetch_add(&api->active, 1);
	handle_init(&x->rq, api, str_of(target));
	hide_query(target);
	return x;
}

static void on_end(void *cls, struct MHD_Connection *connection, void **ctx,
		   enum MHD_RequestTerminationCode why)
{
	struct api *api = cls;

	(void)connection;
	(void)why;
	if (!*ctx)
		return;
	exchange_done(api, *ctx);
	*ctx = NULL;
	atomic_fetch_sub(&api->active, 1);
}

/*
 * The library takes fields that RFC 9110 §5.1 and §5.5 and RFC 9112 §5 refuse, and which a proxy in front may read
 * otherwise: "Transfer-Encoding : chunked", a bare CR. Of a folded line it glues the continuation to the name, so
 * that "Transfer-Encoding:" with " chunked" below would be no framing at all.
 */
static bool is_malformed(struct str name, struct str value)
{
	static const struct str framing[] = { STR_INIT("Content-Length"), STR_INIT("Transfer-Encoding") };

	for (size_t i = 0; i < name.n; i++)
		if (!abnf_is_token((unsigned char)name.p[i]))
			return true;
	for (size_t i = 0; i < value.n; i++)
		if (((unsigned char)value.p[i] < ' ' && value.p[i] != '\t') || value.p[i] == 127)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(framing); i++)
		if (name.n > framing[i].n && str_starts_nocase(name, framing[i]))
			return true;
	return name.n == 0;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *rq = cls;
	struct request_headers *h = &rq->headers;
	struct str key = str_of(name), v = str_trim(str_of(value ? value : ""));

	(void)kind;
	h->malformed = h->malformed || is_malformed(key, v);
	if (str_eq_nocase(key, STR("Authorization"))) {
		h->authorization = v;
		h->n_authorization++;
	} else if (str_eq_nocase(key, STR("X-Auth-Email"))) {
		h->auth_email = v;
	} else if (str_eq_nocase(key, STR("X-Auth-Key"))) {
		h->auth_key = v;
	} else if (str_eq_nocase(key, STR("Content-Type"))) {
		h->content_type = v;
	} else if (str_eq_nocase(key, STR("Content-Length"))) {
		h->n_content_length++;
		h->has_length = !str_to_u64(v, UINT64_MAX, &h->length);
	} else if (str_eq_nocase(key, STR("Transfer-Encoding"))) {
		h->n_transfer_encoding++;
		h->chunked = str_eq_nocase(v, STR("chunked"));
	} else if (str_eq_nocase(key, STR("Host"))) {
		h->n_host++;
	} else if (str_eq_nocase(key, STR("X-Forwarded-For"))) {
		h->forwarded = arena_printf(rq->arena, "%.*s,%.*s", STR_ARG(h->forwarded), STR_ARG(v));
	} else if (str_eq_nocase(key, STR("Expect"))) {
		h->expects = true;
	}
	return MHD_YES;
}

static void read_headers(struct exchange *x)
{
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, on_header, &x->rq);
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info && info->client_addr) {
		char text[IP_TEXT_MAX];
		struct ip ip = proxies_client(&x->rq.api->proxies, ip_from_sockaddr(info->client_addr),
					      x->rq.headers.forwarded);
		x->rq.address = arena_str(x->rq.arena, ip_text(&ip, text));
	}
}

static void add_header(struct request *rq, struct MHD_Response *r, const char *name, struct str value)
{
	if (value.n)
		MHD_add_response_header(r, name, arena_strndup(rq->arena, value.p, value.n));
}

static void add_rate_headers(const struct request *rq, struct MHD_Response *r)
{
	char text[96];

	if (!rq->api->by_principal)
		return;
	snprintf(text, sizeof(text), "\"default\";r=%lld;t=%lld", (long long)rq->rate_left,
		 (long long)rq->rate_reset_s);
	MHD_add_response_header(r, "Ratelimit", text);
	snprintf(text, sizeof(text), "\"default\";q=%lld;w=%lld", (long long)rq->api->o.rate_requests,
		 (long long)rq->api->o.rate_window_s);
	MHD_add_response_header(r, "Ratelimit-Policy", text);
}

/* The body, which is the library's from then on. */
static struct MHD_Response *response_of(struct request *rq)
{
	struct MHD_Response *r =
	    rq->source.read ? stream_response(&rq->out, &rq->source)
			    : MHD_create_response_from_buffer(rq->out.n, rq->out.p, MHD_RESPMEM_MUST_FREE);

	if (r) {
		rq->out = (struct buf){ .max = rq->out.max };
		rq->source = (struct reply_source){ 0 };
	}
	return r;
}

static enum MHD_Result answer(struct exchange *x)
{
	struct request *rq = &x->rq;
	char seconds[16];

	x->state = EXCHANGE_ANSWERED;
	handle_finish(rq);
	struct MHD_Response *r = response_of(rq);
	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, "Content-Type", "application/json");
	add_header(rq, r, "X-Request-Id", rq->id);
	add_header(rq, r, "Allow", rq->allow);
	add_header(rq, r, "Location", rq->location);
	add_rate_headers(rq, r);
	if (rq->retry_after_s) {
		snprintf(seconds, sizeof(seconds), "%u", rq->retry_after_s);
		MHD_add_response_header(r, "Retry-After", seconds);
	}
	if (rq->no_retry)
		MHD_add_response_header(r, "x-should-retry", "false");
	if (rq->close || atomic_load(&rq->api->stopping))
		MHD_add_response_header(r, "Connection", "close");
	enum MHD_Result done = MHD_queue_response(x->connection, rq->status, r);
	MHD_destroy_response(r);
	return done;
}

/* In a thread of the pool. */
static void work(void *job)
{
	struct exchange *x = job;

	handle_run(&x->rq);
	MHD_resume_connection(x->connection);
}

static enum MHD_Result run(struct exchange *x)
{
	struct request *rq = &x->rq;

	handle_body(rq);
	if (!rq->status && handle_is_slow(rq)) {
		x->state = EXCHANGE_WORKING;
		MHD_suspend_connection(x->connection);
		if (pool_add(rq->api->pool, rq->principal.key, x))
			return MHD_YES;
		handle_busy(rq);
		MHD_resume_connection(x->connection);
		return MHD_YES;
	}
	if (!rq->status)
		handle_run(rq);
	return answer(x);
}

/*
 * Whether a refusal waits until the body has been read and dropped. Closing with bytes unread resets the connection,
 * and most clients then see the reset instead of the answer. A client that asked whether to send is told at once.
 */
static bool is_swallowed(const struct request_headers *h)
{
	return !h->n_transfer_encoding && !h->expects && h->n_content_length <= 1 && h->length <= SWALLOW_MAX;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data, size_t *size,
				  void **ctx)
{
	struct exchange *x = *ctx;

	(void)cls;
	(void)connection;
	(void)url;
	(void)version;
	switch (x->state) {
	case EXCHANGE_NEW:
		read_headers(x);
		handle_headers(&x->rq, str_of(method));
		x->state = EXCHANGE_BODY;
		return x->rq.status && !is_swallowed(&x->rq.headers) ? answer(x) : MHD_YES;
	case EXCHANGE_BODY:
		if (*size) {
			if (!x->rq.status)
				handle_data(&x->rq, str_from(data, *size));
			*size = 0;
			return MHD_YES;
		}
		return run(x);
	case EXCHANGE_WORKING:
		return answer(x);
	case EXCHANGE_ANSWERED:
		break;
	}
	return MHD_NO;
}

/* Targets and query are decoded by the router; the library's own result is not looked at. */
static size_t keep_escapes(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

static struct MHD_Daemon *start(struct api *api, int fd)
{
	const struct api_options *o = &api->o;

	/* clang-format off */
	return MHD_start_daemon(
	    MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO,
	    0, NULL, NULL, on_request, api,
	    MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_THREAD_POOL_SIZE, o->threads,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK,
	    MHD_OPTION_CONNECTION_LIMIT, o->connections,
	    /* Behind proxies every connection comes from one of them. */
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, api->proxies.n ? 0 : o->connections_per_address,
	    MHD_OPTION_CONNECTION_TIMEOUT, o->timeout_s,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1,
	    MHD_OPTION_URI_LOG_CALLBACK, on_target, api,
	    MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
	    MHD_OPTION_NOTIFY_COMPLETED, on_end, api,
	    MHD_OPTION_END);
	/* clang-format on */
}

static void set_defaults(struct api_options *o)
{
	o->threads = o->threads ? o->threads : API_THREADS;
	o->pool_threads = o->pool_threads ? o->pool_threads : 4;
	o->connections = o->connections ? o->connections : 1000;
	o->connections_per_address = o->connections_per_address ? o->connections_per_address : 100;
	o->timeout_s = o->timeout_s ? o->timeout_s : 75;
	o->search_ms = o->search_ms ? o->search_ms : 30000;
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
	random_bytes(api->address_key, sizeof(api->address_key));
	random_bytes(&api->first_id, sizeof(api->first_id));
	pthread_mutex_init(&api->spare_mutex, NULL);
	pthread_mutex_init(&api->sources.mutex, NULL);
	api->pool = pool_new(api->o.pool_threads, POOL_WAITING, work);
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

void api_server_stop(struct api **app)
{
	struct api *api = *app;

	if (!api)
		return;
	/*
	 * Work in the pool ends first: it resumes connections, which must still be there. Those kept alive go on asking
	 * until each was told to close; what is slow finds the pool ended.
	 */
	atomic_store(&api->stopping, true);
	for (size_t i = 0; i < api->n_daemons; i++) {
		int fd = MHD_quiesce_daemon(api->daemons[i]);
		if (fd >= 0)
			close(fd);
	}
	pool_close(api->pool);
	deadline_ms until = clock_mono_ms() + DRAIN_MS;
	while (atomic_load(&api->active) && clock_left_ms(until))
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	for (size_t i = 0; i < api->n_daemons; i++)
		MHD_stop_daemon(api->daemons[i]);
	pool_free(&api->pool);
	for (struct exchange *x = api->spare, *next; x; x = next) {
		next = x->next;
		exchange_free(x);
	}
	pthread_mutex_destroy(&api->spare_mutex);
	pthread_mutex_destroy(&api->sources.mutex);
	limiter_free(&api->by_principal);
	limiter_free(&api->by_address);
	principal_cache_free(&api->principals);
	arena_free(&api->arena);
	free(api->daemons);
	free(api);
	*app = NULL;
}
