/* Requests with tokens. */
#include "mailbox/rest.h"

#include <poll.h>

#define OWN_MAX (4u << 20)    /* a mailbox's own: names of folders and what tokens are asked with */
#define ANSWER_MAX (8u << 20) /* a page of a list: 1,000 entries of some kB */
#define LOOK_MS 30000         /* between two looks at a mailbox in which nothing happens */
#define STEP_MS 100           /* how long the end may wait for a look */

enum err rest_open(const struct mailbox_site *site, struct str base, struct str subject, struct str scope,
		   const struct refusal_table *refusals, struct rest *out, struct mailbox_fault *fault)
{
	const struct mailbox_tools *t = site->tools;
	const struct http_rules rules = { t->dns, t->authorities, t->allow_private, t->ending };
	struct arena *own = arena_new(OWN_MAX, NULL, NULL);
	struct token_ask q;

	*out = (struct rest){ .tools = t, .refusals = refusals, .own = own };
	enum err e = token_ask_of(site, own, subject, scope, &q, fault);
	if (!e && !(out->http = http_new(&rules)))
		e = mailbox_fail(fault, ERR_LATER, TROUBLE_UNREACHABLE, "HTTP cannot be set up.");
	if (e) {
		rest_close(out);
		return e;
	}
	out->token = (struct token_ask){ arena_str(own, q.url),    arena_str(own, q.client),
					 arena_str(own, q.secret), q.signs,
					 arena_str(own, q.scope),  arena_str(own, q.subject) };
	out->base = arena_str(own, site->integration->server.n ? site->integration->server : base);
	while (str_ends(out->base, STR("/")))
		out->base.n--;
	return OK;
}

void rest_close(struct rest *r)
{
	http_free(&r->http);
	arena_free(&r->own);
}

static enum err ask_with(struct rest *r, struct arena *a, const struct rest_call *c, struct str token,
			 deadline_ms until, struct http_answer *answer, struct mailbox_fault *fault)
{
	struct http_request q = {
		.method = c->method,
		.url = ARENA_JOIN(a, r->base, c->path),
		.body = c->body,
		.answer_max = c->answer_max ? c->answer_max : ANSWER_MAX,
		.until = until,
		.once = c->once,
	};
	struct errbuf why = { "" };

	ARENA_PUSH(a, &q.headers, ARENA_JOIN(a, STR("Authorization: Bearer "), token));
	ARENA_PUSH(a, &q.headers, STR("Accept: */*"));
	if (c->body.p)
		ARENA_PUSH(
		    a, &q.headers,
		    ARENA_JOIN(a, STR("Content-Type: "), str_of(c->type ? c->type : "application/json")));
	for (size_t i = 0; i < c->headers.n; i++)
		ARENA_PUSH(a, &q.headers, c->headers.v[i]);
	enum err e = http_ask(r->http, a, &q, answer, &why);
	r->status = answer->status;
	return e ? refusal_unheard(r->refusals->whom, e, answer, &why, fault) : OK;
}

enum err rest_ask(struct rest *r, struct arena *a, const struct rest_call *c, deadline_ms until,
		  struct str *body_out, struct mailbox_fault *fault)
{
	struct http_answer answer = { 0 };
	struct str token;

	r->status = 0;
	for (int tries = 0; tries < 2; tries++) {
		enum err e = token_get(r->tools->tokens, r->http, a, &r->token, until, &token, fault);
		if (!e)
			e = ask_with(r, a, c, token, until, &answer, fault);
		if (e)
			return e;
		if (answer.status != 401)
			break;
		token_drop(r->tools->tokens, &r->token, token);
	}
	*body_out = answer.body;
	return answer.status / 100 == 2 ? OK : refusal_judge(a, r->refusals, &answer, fault);
}

enum err rest_json(struct rest *r, struct arena *a, const struct rest_call *c, deadline_ms until,
		   struct json **out, struct mailbox_fault *fault)
{
	struct str body;
	struct errbuf why = { "" };
	enum err e = rest_ask(r, a, c, until, &body, fault);

	if (e)
		return e;
	e = arena_has_room(a, body.n) ? json_parse(a, arena_str(a, body), out, &why) : ERR_LIMIT;
	if (e == ERR_LIMIT)
		return mailbox_fail(fault, ERR_LIMIT, TROUBLE_REFUSED, "%s: the answer is too large.",
				    r->refusals->whom);
	return e ? mailbox_fail(fault, ERR_LATER, TROUBLE_REFUSED, "%s answered what is no JSON: %s",
				r->refusals->whom, why.text)
		 : OK;
}

void rest_wait(const struct rest *r, deadline_ms until)
{
	const atomic_bool *ending = r->tools->ending;

	until = clock_earlier(until, clock_mono_ms() + LOOK_MS);
	for (int left; (left = clock_left_ms(until)) > 0 && !(ending && atomic_load(ending));)
		(void)poll(NULL, 0, left < STEP_MS ? left : STEP_MS);
}

struct str rest_query(struct arena *a, struct str path, const char *name, struct str value)
{
	bool first = str_find_char(path, '?', 0) == SIZE_MAX;

	return ARENA_JOIN(a, path, first ? STR("?") : STR("&"), str_of(name), STR("="),
			  http_escape(a, value));
}

struct str rest_name(const struct json *node, struct str key)
{
	struct str name = json_get_str(node, key);

	for (size_t i = 0; i < name.n; i++)
		if (name.n > LIMIT_REST_NAME || name.p[i] <= ' ' || name.p[i] > '~')
			return STR_NONE;
	return name;
}

struct str rest_message_id(const struct json *node, struct str key)
{
	struct str id = str_trim(json_get_str(node, key));

	return id.n <= LIMIT_REST_NAME ? id : STR_NONE;
}

size_t rest_count(const struct json *node, struct str key)
{
	const struct json *v = json_get(node, key);

	return v && v->kind == JSON_ARRAY ? v->n : 0;
}

void rest_mark(struct rest_marks *m, struct str mark)
{
	if (mark.n == 0 || mark.n + 1 > sizeof(m->text) - m->n)
		return;
	if (m->n)
		m->text[m->n++] = ' ';
	memcpy(m->text + m->n, mark.p, mark.n);
	m->n += mark.n;
}
