/* One request between libmicrohttpd's calls. */
#include "api/exchange.h"

#include <stdio.h>
#include <stdlib.h>

#include "api/handle.h"
#include "api/internal.h"
#include "api/problem.h"
#include "api/stream.h"
#include "api/watch.h"
#include "base/ip.h"

/*
 * Above what any request takes, for reaching it would end the process: records of a search and the source of a message
 * are never held as a whole, a full batch or collection takes less.
 */
#define ARENA_BYTES ((size_t)1 << 30)
#define BODY_BYTES_PER_S (256u << 10) /* the least pace of a body that is accepted */
#define LARGE_BYTES ((size_t)1 << 20)
#define LARGE_OWN \
	4 /* answers of more than that which one principal has on their way, of at most REQUEST_ANSWER_MAX */
#define ANSWER_BYTES_PER_S (64u << 10) /* the least pace at which an answer is taken */
#define SPARE_MAX 64                   /* exchanges kept for the next requests, with a small arena each */

/* One request between the library's calls. */
struct exchange {
	struct request rq;
	struct MHD_Connection *connection;
	struct watched *watched;
	enum { EXCHANGE_NEW, EXCHANGE_BODY, EXCHANGE_WORKING, EXCHANGE_ANSWERED } state;
	struct exchange *next; /* while spare */
	bool large;            /* it has a slot among the large answers */
	size_t slot;
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

void exchange_free_spare(struct api *api)
{
	for (struct exchange *x = api->spare, *next; x; x = next) {
		next = x->next;
		exchange_free(x);
	}
	api->spare = NULL;
}

static void exchange_done(struct api *api, struct exchange *x)
{
	struct arena *a = x->rq.arena;

	if (x->large)
		slots_give(&api->large, x->slot);
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

void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct api *api = cls;
	struct exchange *x = exchange_new(api);

	x->connection = connection;
	x->watched = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	watch_await(api->watch, x->watched, api_request_ms(api));
	atomic_fetch_add(&api->active, 1);
	handle_init(&x->rq, api, str_of(target));
	hide_query(target);
	return x;
}

void exchange_end(void *cls, struct MHD_Connection *connection, void **ctx,
		  enum MHD_RequestTerminationCode why)
{
	struct api *api = cls;

	(void)connection;
	(void)why;
	if (!*ctx)
		return;
	struct watched *watched = ((struct exchange *)*ctx)->watched;
	exchange_done(api, *ctx);
	watch_await_anew(api->watch, watched, (int64_t)api->o.timeout_s * 1000 + api_request_ms(api));
	*ctx = NULL;
	atomic_fetch_sub(&api->active, 1);
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct request *rq = cls;

	(void)kind;
	request_headers_add(&rq->headers, rq->arena, str_of(name), str_of(value ? value : ""));
	return MHD_YES;
}

static void read_headers(struct exchange *x)
{
	MHD_get_connection_values(x->connection, MHD_HEADER_KIND, on_header, &x->rq);
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	if (info && info->client_addr) {
		struct ip ip = proxies_client(&x->rq.api->proxies, ip_from_sockaddr(info->client_addr),
					      x->rq.headers.forwarded);
		x->rq.address = ip_subscriber(&ip);
	}
}

static void add_header(struct request *rq, struct MHD_Response *r, const char *name, struct str value)
{
	if (value.n)
		MHD_add_response_header(r, name, arena_strndup(rq->arena, value.p, value.n));
}

static void add_rate_headers(const struct request *rq, struct MHD_Response *r)
{
	const struct request_rate *rate = &rq->rate;
	char text[96];

	if (rate->quota == 0)
		return;
	snprintf(text, sizeof(text), "\"default\";r=%lld;t=%lld", (long long)rate->left,
		 (long long)rate->reset_s);
	MHD_add_response_header(r, "Ratelimit", text);
	snprintf(text, sizeof(text), "\"default\";q=%lld;w=%lld", (long long)rate->quota,
		 (long long)rate->window_s);
	MHD_add_response_header(r, "Ratelimit-Policy", text);
}

/* What a browser must not do with a page: run anything, tell where it was, keep it, or show it inside another one. */
static void add_page_headers(struct request *rq, struct MHD_Response *r)
{
	static const struct {
		const char *name, *value;
	} headers[] = {
		{ "Content-Type", "text/html; charset=utf-8" },
		{ "Referrer-Policy", "no-referrer" },
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "X-Frame-Options", "DENY" },
		{ "X-Robots-Tag", "noindex, nofollow" },
	};

	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		MHD_add_response_header(r, headers[i].name, headers[i].value);
	add_header(rq, r, "Content-Security-Policy", rq->page_policy);
}

/* The body, which is the library's from then on. */
static struct MHD_Response *response_of(struct request *rq)
{
	struct MHD_Response *r =
	    rq->source.read ? stream_response(&rq->out, &rq->source, rq->id)
			    : MHD_create_response_from_buffer(rq->out.n, rq->out.p, MHD_RESPMEM_MUST_FREE);

	if (r) {
		rq->out = (struct buf){ .max = rq->out.max };
		rq->source = (struct reply_source){ 0 };
	}
	return r;
}

/*
 * An answer waits in memory until its reader has taken it: many readers that take their time must not fill that. What
 * was written is not refused any more.
 */
static void bound_answer(struct exchange *x)
{
	struct request *rq = &x->rq;

	if (rq->out.n <= LARGE_BYTES || rq->method != METHOD_GET)
		return;
	x->large = slots_take(&rq->api->large, rq->principal.key, LARGE_OWN, &x->slot);
	if (x->large)
		return;
	buf_free(&rq->out);
	buf_init(&rq->out, REQUEST_ANSWER_MAX);
	problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE,
		      STR("Too many large answers are on their way, try again later"));
}

/* An answer has its time; a source, whose size nobody knows, has only the library's patience with silence. */
static void await_reader(const struct exchange *x)
{
	if (x->rq.source.read)
		watch_rest(x->rq.api->watch, x->watched);
	else
		watch_await_anew(x->rq.api->watch, x->watched,
				 (int64_t)x->rq.api->o.timeout_s * 1000 +
				     (int64_t)(x->rq.out.n * 1000 / ANSWER_BYTES_PER_S));
}

static enum MHD_Result answer(struct exchange *x)
{
	struct request *rq = &x->rq;
	char seconds[16];

	x->state = EXCHANGE_ANSWERED;
	bound_answer(x);
	handle_finish(rq);
	await_reader(x);
	struct MHD_Response *r = response_of(rq);
	if (!r)
		return MHD_NO;
	if (rq->page_policy.n)
		add_page_headers(rq, r);
	else if (rq->status != 304)
		MHD_add_response_header(r, "Content-Type", "application/json");
	add_header(rq, r, "ETag", rq->etag);
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

/* Whether it is answered. The log names the request no longer than it is this thread's. */
static bool is_answered(struct exchange *x)
{
	log_thread_begin("request", x->rq.id);
	handle_run(&x->rq);
	log_thread_end();
	return x->rq.status;
}

/* In a thread of the pool. */
void exchange_work(void *job)
{
	struct exchange *x = job;
	bool answered = is_answered(x);

	if (!answered && waiting_add(x->rq.api->waiting, x->rq.principal.key, x))
		return;
	x->rq.hurried = true;
	if (answered || is_answered(x))
		MHD_resume_connection(x->connection);
}

/* In the thread of those that wait. */
bool exchange_is_ready(void *job)
{
	struct exchange *x = job;

	log_thread_begin("request", x->rq.id);
	bool ready = x->rq.ready(&x->rq);
	log_thread_end();
	return ready;
}

static enum MHD_Result run(struct exchange *x)
{
	struct request *rq = &x->rq;

	handle_body(rq);
	watch_rest(rq->api->watch, x->watched);
	if (handle_at_once(rq))
		return answer(x);
	x->state = EXCHANGE_WORKING;
	MHD_suspend_connection(x->connection);
	if (pool_add(rq->api->pool, rq->principal.key, x))
		return MHD_YES;
	handle_busy(rq);
	MHD_resume_connection(x->connection);
	return MHD_YES;
}

/* A large body that is accepted gets more time than a request. */
static void await_body(const struct exchange *x)
{
	const struct request_headers *h = &x->rq.headers;
	uint64_t n = h->chunked ? x->rq.body.max : h->length;

	if (n <= BODY_BYTES_PER_S)
		return;
	watch_await_anew(x->rq.api->watch, x->watched,
			 api_request_ms(x->rq.api) + (int64_t)(n * 1000 / BODY_BYTES_PER_S));
}

static enum MHD_Result step(struct exchange *x, const char *method, const char *data, size_t *size)
{
	switch (x->state) {
	case EXCHANGE_NEW:
		read_headers(x);
		handle_headers(&x->rq, str_of(method));
		x->state = EXCHANGE_BODY;
		if (!x->rq.status)
			await_body(x);
		return x->rq.status && !request_headers_is_swallowed(&x->rq.headers) ? answer(x) : MHD_YES;
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

enum MHD_Result exchange_step(void *cls, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data, size_t *size,
			      void **ctx)
{
	struct exchange *x = *ctx;

	(void)cls;
	(void)connection;
	(void)url;
	x->rq.headers.http_1_0 = strcmp(version, "HTTP/1.0") == 0;
	log_thread_begin("request", x->rq.id);
	enum MHD_Result result = step(x, method, data, size);
	log_thread_end();
	return result;
}
