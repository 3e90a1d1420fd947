/* Failing answers. */
#include "api/problem.h"

#include "api/internal.h"

#define RETRY_S 1 /* asked of clients when we are busy */

/* clang-format off */
const struct problem_row problem_rows[] = {
	[PROBLEM_NO_CREDENTIALS] = { 400, 9106, RETRY_AS_USUAL, STR_INIT("Missing X-Auth-Key, X-Auth-Email or Authorization headers"), 0, { 0 } },
	[PROBLEM_BAD_AUTHORIZATION] = { 400, 6003, RETRY_AS_USUAL, STR_INIT("Invalid request headers"), 6111, STR_INIT("Invalid format for Authorization header") },
	[PROBLEM_BAD_EMAIL] = { 400, 6003, RETRY_AS_USUAL, STR_INIT("Invalid request headers"), 6102, STR_INIT("Invalid format for X-Auth-Email header") },
	[PROBLEM_BAD_KEY] = { 400, 6003, RETRY_AS_USUAL, STR_INIT("Invalid request headers"), 6103, STR_INIT("Invalid format for X-Auth-Key header") },
	[PROBLEM_BAD_HEADERS] = { 400, 6003, RETRY_AS_USUAL, STR_INIT("Invalid request headers"), 0, { 0 } },
	[PROBLEM_BAD_TOKEN] = { 401, 10000, RETRY_AS_USUAL, STR_INIT("Authentication error"), 0, { 0 } },
	[PROBLEM_BAD_PAIR] = { 403, 9103, RETRY_AS_USUAL, STR_INIT("Unknown X-Auth-Key or X-Auth-Email"), 0, { 0 } },
	[PROBLEM_FORBIDDEN] = { 403, 10000, RETRY_AS_USUAL, STR_INIT("Authentication error"), 0, { 0 } },
	[PROBLEM_NO_ROUTE] = { 404, 7003, RETRY_AS_USUAL, STR_INIT("No route for the URI"), 0, { 0 } },
	[PROBLEM_METHOD] = { 405, 14005, RETRY_AS_USUAL, STR_INIT("Method not allowed"), 0, { 0 } },
	[PROBLEM_JSON] = { 400, 14000, RETRY_AS_USUAL, STR_INIT("Invalid JSON"), 0, { 0 } },
	[PROBLEM_INVALID] = { 400, 14001, RETRY_AS_USUAL, STR_INIT("Invalid request"), 0, { 0 } },
	[PROBLEM_NOT_FOUND] = { 404, 14004, RETRY_AS_USUAL, STR_INIT("Not found"), 0, { 0 } },
	[PROBLEM_DUPLICATE] = { 409, 14009, RETRY_NEVER, STR_INIT("Duplicate: an equal object exists already"), 0, { 0 } },
	[PROBLEM_STATE] = { 409, 14010, RETRY_NEVER, STR_INIT("Not allowed in this state"), 0, { 0 } },
	[PROBLEM_OVERSIZE] = { 409, 14010, RETRY_NEVER, STR_INIT("Too large for one answer"), 0, { 0 } },
	[PROBLEM_TOO_LARGE] = { 413, 14013, RETRY_AS_USUAL, STR_INIT("Payload too large"), 0, { 0 } },
	[PROBLEM_MEDIA_TYPE] = { 415, 14015, RETRY_AS_USUAL, STR_INIT("Unsupported media type"), 0, { 0 } },
	[PROBLEM_RATE] = { 429, 14029, RETRY_AS_USUAL, STR_INIT("Too many requests"), 0, { 0 } },
	[PROBLEM_INTEGRATION] = { 400, 14030, RETRY_AS_USUAL, STR_INIT("Integration required"), 0, { 0 } },
	[PROBLEM_INTERNAL] = { 500, 14050, RETRY_AS_USUAL, STR_INIT("Internal error"), 0, { 0 } },
	[PROBLEM_UNAVAILABLE] = { 503, 14053, RETRY_SOON, STR_INIT("Service unavailable"), 0, { 0 } },
	/* Three tries of the longest search would hold the client for minutes, and end as this one did. */
	[PROBLEM_SLOW_SEARCH] = { 503, 14053, RETRY_NEVER, STR_INIT("The search took too long: choose a shorter range of time or more terms"), 0, { 0 } },
};
/* clang-format on */
const size_t problem_count = ARRAY_LEN(problem_rows);

static void put_error(struct buf *b, unsigned code, struct str message, struct str pointer)
{
	buf_add_c(b, "{\"code\":");
	json_int(b, code);
	buf_add_c(b, ",\"message\":");
	json_str(b, message);
	if (pointer.n) {
		buf_add_c(b, ",\"source\":{\"pointer\":");
		json_str(b, pointer);
		buf_add_char(b, '}');
	}
}

/* Forgets what was written so far and opens the list of errors. */
static void begin(struct request *rq, const struct problem_row *row)
{
	rq->status = row->status;
	rq->no_retry = row->retry == RETRY_NEVER;
	if (row->retry == RETRY_SOON)
		rq->retry_after_s = RETRY_S;
	buf_clear(&rq->out);
	buf_add_c(&rq->out, "{\"success\":false,\"errors\":[");
}

static void end(struct request *rq)
{
	buf_add_c(&rq->out, "],\"messages\":[],\"result\":null}");
}

void problem_reply(struct request *rq, enum problem p, struct str pointer, struct str detail)
{
	const struct problem_row *row = &problem_rows[p];

	begin(rq, row);
	put_error(&rq->out, row->code, detail.n ? detail : row->message, pointer);
	if (row->chain_code) {
		buf_add_c(&rq->out, ",\"error_chain\":[");
		put_error(&rq->out, row->chain_code, row->chain_message, STR_NONE);
		buf_add_c(&rq->out, "}]");
	}
	buf_add_char(&rq->out, '}');
	end(rq);
}

void problem_faults(struct request *rq, const struct faults *faults, const struct faults *absent)
{
	begin(rq, &problem_rows[faults->n ? PROBLEM_INVALID : PROBLEM_NOT_FOUND]);
	for (size_t i = 0; i < faults->n + absent->n; i++) {
		bool wrong = i < faults->n;
		const struct fault *f = wrong ? &faults->v[i] : &absent->v[i - faults->n];
		if (i)
			buf_add_char(&rq->out, ',');
		put_error(&rq->out, problem_rows[wrong ? PROBLEM_INVALID : PROBLEM_NOT_FOUND].code,
			  f->message, f->pointer);
		buf_add_char(&rq->out, '}');
	}
	end(rq);
}

void problem_err(struct request *rq, enum err e)
{
	enum problem p = PROBLEM_INTERNAL;

	switch (e) {
	case ERR_SYNTAX:
		p = PROBLEM_INVALID;
		break;
	case ERR_LIMIT:
		p = PROBLEM_OVERSIZE;
		break;
	case ERR_DENIED:
		p = PROBLEM_FORBIDDEN;
		break;
	case ERR_ABSENT:
		p = PROBLEM_NOT_FOUND;
		break;
	case ERR_CONFLICT:
		p = PROBLEM_DUPLICATE;
		break;
	case ERR_LATER:
		p = PROBLEM_UNAVAILABLE;
		break;
	case ERR_BUG:
	case OK:
		log_error(rq->api->o.log, "api_bug", KV_STR("path", rq->path));
		break;
	}
	problem_reply(rq, p, STR_NONE, STR_NONE);
}
