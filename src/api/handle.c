/* What happens to every request before and after its handler. */
#include "api/handle.h"

#include "api/internal.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"

#define BODIES_OWN 2 /* large bodies that one principal has on their way */

void handle_init(struct request *rq, struct api *api, struct str target)
{
	uint64_t id = api->first_id + atomic_fetch_add(&api->n_ids, 1);

	rq->api = api;
	rq->now_us = clock_now_us();
	if (api->by_principal)
		rq->rate = (struct request_rate){ api->o.rate_requests, api->o.rate_window_s,
						  api->o.rate_requests, api->o.rate_window_s };
	buf_init(&rq->out, REQUEST_ANSWER_MAX);
	rq->id = hash_hex(rq->arena, str_from(&id, sizeof(id)));
	router_split(rq, arena_str(rq->arena, target));
}

static enum method method_of(struct str text)
{
	static const struct str names[] = { STR_INIT("GET"), STR_INIT("POST"), STR_INIT("PUT"),
					    STR_INIT("PATCH"), STR_INIT("DELETE") };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq(names[i], text))
			return (enum method)i;
	return str_eq(text, STR("HEAD")) ? METHOD_GET
					 : METHOD_OTHER; /* the server leaves the body of HEAD out */
}

static bool check_framing(struct request *rq)
{
	if (request_headers_is_clear(&rq->headers))
		return true;
	rq->close = true;
	problem_reply(rq, PROBLEM_BAD_HEADERS, STR_NONE, STR_NONE);
	return false;
}

/* The answer tells of this limit when it is `shown`, and when it is why there is no other answer. */
static bool take(struct request *rq, struct limiter *l, uint64_t key, int64_t quota, int64_t window_s,
		 bool shown)
{
	struct limiter_state state;

	if (!l)
		return true;
	bool fine = limiter_take(l, key, rq->now_us, &state);
	if (shown || !fine)
		rq->rate = (struct request_rate){ quota, window_s, state.left, state.reset_s };
	if (!fine) {
		rq->retry_after_s = (unsigned)state.reset_s;
		problem_reply(rq, PROBLEM_RATE, STR_NONE,
			      arena_printf(rq->arena, "More than %lld requests per %lld seconds reached",
					   (long long)quota, (long long)window_s));
	}
	return fine;
}

static bool check_address_rate(struct request *rq)
{
	const struct api *api = rq->api;

	return take(rq, api->by_address,
		    hash_sip(api->address_key, str_from(&rq->address, sizeof(rq->address))),
		    api->o.rate_address_requests, 1, false);
}

static bool authenticate(struct request *rq, struct str account_id)
{
	const struct api *api = rq->api;
	enum problem problem;
	enum err err =
	    principal_find(api->principals, rq->arena, &rq->headers, rq->now_us, &rq->principal, &problem);

	if (err == ERR_DENIED) {
		problem_reply(rq, problem, STR_NONE, STR_NONE);
		return false;
	}
	if (err) {
		problem_err(rq, err);
		return false;
	}
	if (!take(rq, api->by_principal, rq->principal.key, api->o.rate_requests, api->o.rate_window_s, true))
		return false;
	const struct principal_account *account = principal_account(&rq->principal, account_id);
	if (!account || rq->principal.scope < route_scope(rq->route)) {
		problem_reply(rq, PROBLEM_FORBIDDEN, STR_NONE, STR_NONE);
		return false;
	}
	rq->account = *account;
	rq->write.integer_ids = account->id_form < 0 ? api->o.integer_ids : account->id_form == ID_INTEGER;
	return true;
}

/* application/json or another type ending in +json, with or without parameters. */
static bool is_json_type(struct str type)
{
	struct str essence = str_trim(str_sub(type, 0, str_find_char(type, ';', 0)));

	return str_eq_nocase(essence, STR("application/json")) ||
	       (str_starts_nocase(essence, STR("application/")) && str_ends_nocase(essence, STR("+json")));
}

/* A mail in a body stays in memory until it is answered: many at a time must not fill that. */
static bool take_place(struct request *rq, size_t max)
{
	const struct request_headers *h = &rq->headers;

	if (max <= LIMIT_BODY_BATCH || (!h->chunked && h->length <= LIMIT_BODY_BATCH))
		return true;
	rq->body_is_large = slots_take(&rq->api->bodies, rq->principal.key, BODIES_OWN, &rq->body_slot);
	if (rq->body_is_large)
		return true;
	rq->close = true;
	problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE,
		      STR("Too many large bodies are on their way, try again later"));
	return false;
}

static bool check_body_headers(struct request *rq)
{
	const struct request_headers *h = &rq->headers;

	/* A body where none belongs is read and not looked at. */
	size_t max = rq->route->body_max ? rq->route->body_max : LIMIT_BODY;
	if (h->length > max) {
		rq->close = true;
		problem_reply(rq, PROBLEM_TOO_LARGE, STR_NONE, STR_NONE);
		return false;
	}
	buf_init(&rq->body, max);
	if (rq->route->flags & (ROUTE_BODY | ROUTE_MAYBE) && (h->length || h->chunked) &&
	    !is_json_type(h->content_type)) {
		problem_reply(rq, PROBLEM_MEDIA_TYPE, STR_NONE,
			      STR("Unsupported media type: Content-Type must be application/json"));
		return false;
	}
	return take_place(rq, max);
}

void handle_headers(struct request *rq, struct str method)
{
	struct str account_id = STR_NONE;

	rq->method_text = arena_str(rq->arena, method);
	rq->method = method_of(method);
	if (!check_framing(rq) || !check_address_rate(rq) || !router_match(rq, &account_id))
		return;
	if (rq->route->flags & ROUTE_OPEN || authenticate(rq, account_id))
		(void)check_body_headers(rq);
}

void handle_data(struct request *rq, struct str data)
{
	buf_add(&rq->body, data);
	if (!buf_ok(&rq->body)) {
		rq->close = true;
		problem_reply(rq, PROBLEM_TOO_LARGE, STR_NONE, STR_NONE);
	}
}

void handle_body(struct request *rq)
{
	if (!rq->status && rq->route->flags & ROUTE_BODY && !rq->body.n)
		problem_reply(rq, PROBLEM_JSON, STR_NONE, STR("Invalid JSON: a body is required"));
}

void handle_run(struct request *rq)
{
	rq->route->handler(rq);
	ASSERT(rq->status || (rq->ready && !rq->hurried));
}

bool handle_at_once(struct request *rq)
{
	unsigned flags = rq->status ? 0 : rq->route->flags;

	if (!rq->status && !(flags & ROUTE_SLOW))
		handle_run(rq);
	if (flags & ROUTE_BRIEF) {
		rq->brief = true;
		rq->route->handler(rq);
		rq->brief = false;
	}
	return rq->status;
}

void handle_busy(struct request *rq)
{
	problem_reply(rq, PROBLEM_UNAVAILABLE, STR_NONE, STR_NONE);
}

static void log_answer(const struct request *rq)
{
	const struct log *l = rq->api->o.log;
	int64_t took_us = clock_now_us() - rq->now_us;

	if (rq->method == METHOD_GET)
		log_debug(l, "api_read", KV_STR("path", rq->path), KV_INT("status", rq->status),
			  KV_INT("us", took_us));
	else
		log_info(l, "api_write", KV_C("who", rq->principal.name), KV_STR("method", rq->method_text),
			 KV_STR("path", rq->path), KV_INT("status", rq->status), KV_INT("us", took_us));
}

void handle_finish(struct request *rq)
{
	if (!buf_ok(&rq->out))
		problem_reply(rq, PROBLEM_OVERSIZE, STR_NONE, STR_NONE);
	log_answer(rq);
}

void handle_done(struct request *rq)
{
	if (rq->source.close)
		rq->source.close(rq->source.ctx);
	if (rq->body_is_large)
		slots_give(&rq->api->bodies, rq->body_slot);
	buf_free(&rq->body);
	buf_free(&rq->out);
}
