/*
 * Requests one after the other, "###" on a line between them, against a server with a store behind it: the first line
 * is method and target, then come fields, then an empty line and the body. Every step of handle.h is taken. Each answer
 * has one of the contract's statuses, is JSON in the envelope, and none is our own fault.
 *
 * What is not given goes without saying: a write token, application/json, the length of the body.
 */
#include "../../api/run.h"
#include "api/handle.h"
#include "api/internal.h"

#include <stdlib.h>

#define WRITES_MAX 200 /* then the store begins anew */
#define REQUESTS_MAX 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct place place;
static unsigned writes = WRITES_MAX;

static void close_place(void)
{
	place_close(&place);
}

static void renew_place(void)
{
	static bool registered;

	if (registered)
		close_place();
	else
		atexit(close_place);
	registered = true;
	setenv("POSTERN_TEST_RATE", "0", 1);
	place_open(&place);
	writes = 0;
}

/* The text up to a mark, and *rest moves behind it. */
static struct str cut(struct str *rest, struct str mark)
{
	size_t at = str_find(*rest, mark, 0);
	struct str head = str_sub(*rest, 0, at);

	*rest = at == SIZE_MAX ? STR_NONE : str_sub(*rest, at + mark.n, rest->n);
	return head;
}

static void add_fields(struct request *rq, struct str fields, struct str body)
{
	struct request_headers *h = &rq->headers;

	while (fields.n) {
		struct str value = cut(&fields, STR("\n")), name = cut(&value, STR(":"));
		request_headers_add(h, rq->arena, name, value);
	}
	if (!h->authorization.p && !h->auth_email.p && !h->auth_key.p)
		request_headers_add(h, rq->arena, STR("Authorization"),
				    STR("Bearer writer-secret-0123456789"));
	if (!h->content_type.p)
		request_headers_add(h, rq->arena, STR("Content-Type"), STR("application/json"));
	if (!h->n_content_length && !h->n_transfer_encoding)
		request_headers_add(h, rq->arena, STR("Content-Length"),
				    arena_printf(rq->arena, "%zu", body.n));
}

/* In two pieces, as the network might. */
static void take_body(struct request *rq, struct str body)
{
	size_t half = body.n / 2;

	if (body.n && !rq->status)
		handle_data(rq, str_sub(body, 0, half));
	if (body.n && !rq->status)
		handle_data(rq, str_sub(body, half, body.n));
	handle_body(rq);
}

static void read_source(struct request *rq)
{
	char piece[1000];
	size_t n = 1;

	while (rq->source.read && n) {
		ASSERT(rq->source.read(rq->source.ctx, piece, sizeof(piece), &n) == OK);
		buf_add(&rq->out, str_from(piece, n));
	}
}

static void check_status(const struct request *rq)
{
	static const unsigned statuses[] = {
		200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 503
	};
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		known = known || statuses[i] == rq->status;
	ASSERT(known);
	ASSERT((rq->status == 405) == (rq->allow.n > 0));
	ASSERT(rq->status != 409 || rq->no_retry);
}

static const struct json *member(const struct json *node, struct str key, enum json_kind kind)
{
	const struct json *m = json_get(node, key);

	ASSERT(m && m->kind == kind);
	return m;
}

static void check_envelope(const struct request *rq, const struct json *answer)
{
	bool fine = rq->status < 400;
	const struct json *errors = member(answer, STR("errors"), JSON_ARRAY),
			  *result = json_get(answer, STR("result"));

	ASSERT(member(answer, STR("success"), JSON_BOOL)->b == fine);
	ASSERT(member(answer, STR("messages"), JSON_ARRAY)->n <= 1);
	ASSERT((errors->n == 0) == fine);
	ASSERT(result && (result->kind == JSON_NULL) == !fine);
	for (const struct json *e = errors->first; e; e = e->next) {
		ASSERT(member(e, STR("code"), JSON_INT)->i >= 1000);
		ASSERT(member(e, STR("message"), JSON_STR)->s.n);
	}
}

static void check_answer(const struct request *rq)
{
	struct json *answer;
	bool document = rq->route && rq->route->handler == openapi_reply;

	check_status(rq);
	if (rq->status == 204 || rq->status == 304) {
		ASSERT(document == (rq->status == 304) && rq->out.n == 0);
		return;
	}
	ASSERT(json_parse(rq->arena, buf_str(&rq->out), &answer, NULL) == OK);
	if (!document || rq->status >= 400)
		check_envelope(rq, answer);
}

static void run(struct str text)
{
	struct str body = text, head = cut(&body, STR("\n\n"));
	struct str line = cut(&head, STR("\n")), target = line, method = cut(&target, STR(" "));
	struct request rq = { .arena = arena_new((size_t)1 << 30, NULL, NULL) };

	handle_init(&rq, place.api, target);
	add_fields(&rq, head, body);
	handle_headers(&rq, method);
	take_body(&rq, body);
	if (!rq.status)
		handle_run(&rq);
	handle_finish(&rq);
	read_source(&rq);
	check_answer(&rq);
	writes += rq.method != METHOD_GET && rq.status < 300;
	struct arena *a = rq.arena;
	handle_done(&rq);
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_from(data, size);

	if (writes >= WRITES_MAX)
		renew_place();
	for (int i = 0; rest.n && i < REQUESTS_MAX; i++)
		run(cut(&rest, STR("\n###\n")));
	return 0;
}
