/* Whom to ask, and what the JSON of an answer says. */
#include "net/rdap.h"

#include "base/domain.h"
#include "json/read.h"
#include "net/http.h"

#define ANSWER_MAX (1u << 20)

/* ---- who is asked ---- */

/* The one that is encrypted, where there are several. */
static struct str url_of(struct arena *a, const struct json *urls)
{
	struct str best = STR_NONE;

	for (const struct json *u = urls && urls->kind == JSON_ARRAY ? urls->first : NULL; u; u = u->next) {
		bool safe = u->kind == JSON_STR && str_starts_nocase(u->s, STR("https://"));
		if (safe || (best.n == 0 && u->kind == JSON_STR && str_starts_nocase(u->s, STR("http://"))))
			best = u->s;
		if (safe)
			break;
	}
	return best.n == 0 || str_ends(best, STR("/")) ? best : ARENA_JOIN(a, best, STR("/"));
}

enum err rdap_bootstrap_read(struct arena *a, struct str text, struct rdap_bootstrap *out, struct errbuf *eb)
{
	struct json *root;

	*out = (struct rdap_bootstrap){ 0 };
	enum err e = json_parse(a, text, &root, eb);
	if (e != OK)
		return e;
	const struct json *services = json_get(root, STR("services"));
	if (!services || services->kind != JSON_ARRAY)
		return err_set(eb, ERR_SYNTAX, "it has no list of services (RFC 9224)");
	for (const struct json *s = services->first; s; s = s->next) {
		const struct json *names = s->kind == JSON_ARRAY ? s->first : NULL;
		struct rdap_service one = { .url = url_of(a, names ? names->next : NULL) };
		if (!names || names->kind != JSON_ARRAY || one.url.n == 0)
			continue;
		for (const struct json *n = names->first; n; n = n->next)
			if (n->kind == JSON_STR && n->s.n > 0)
				ARENA_PUSH(a, &one.names, arena_lower(a, n->s));
		ARENA_PUSH(a, out, one);
	}
	return out->n > 0 ? OK : err_set(eb, ERR_SYNTAX, "it names no server");
}

const struct rdap_service *rdap_service_of(const struct rdap_bootstrap *b, struct str domain)
{
	const struct rdap_service *best = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < b->n; i++)
		for (size_t k = 0; k < b->v[i].names.n; k++) {
			struct str name = b->v[i].names.v[k];
			if (name.n <= longest || name.n >= domain.n || !domain_is_within(domain, name))
				continue;
			longest = name.n;
			best = &b->v[i];
		}
	return best;
}

/* ---- what is answered ---- */

enum err rdap_read_registration(struct arena *a, struct str text, int64_t *us_out)
{
	struct json *root;

	if (json_parse(a, text, &root, NULL) != OK || root->kind != JSON_OBJECT)
		return ERR_SYNTAX;
	const struct json *events = json_get(root, STR("events"));
	for (const struct json *e = events && events->kind == JSON_ARRAY ? events->first : NULL; e;
	     e = e->next) {
		const struct json *action = json_get(e, STR("eventAction")),
				  *date = json_get(e, STR("eventDate"));
		if (action && action->kind == JSON_STR && str_eq(action->s, STR("registration")) && date &&
		    date->kind == JSON_STR && clock_parse_rfc3339(date->s, us_out) == OK)
			return OK;
	}
	return ERR_ABSENT;
}

/* ---- asking ---- */

static enum err judge(const struct http_answer *answer, struct arena *a, int64_t *us_out, struct errbuf *eb)
{
	if (answer->status == 404 || answer->status == 400)
		return err_set(eb, ERR_ABSENT, "answered %d", answer->status);
	if (answer->status != 200)
		return err_set(eb, answer->status == 429 ? ERR_LIMIT : ERR_LATER, "answered %d",
			       answer->status);
	enum err e = rdap_read_registration(a, answer->body, us_out);
	return e == ERR_SYNTAX ? err_set(eb, ERR_LATER, "what it answered is no RDAP") : e;
}

enum err rdap_ask(const struct rdap_question *q, struct arena *a, int64_t *us_out, struct errbuf *eb)
{
	/* The servers are those of the operator's file, which may name one of his own. */
	const struct http_rules rules = { .dns = q->dns, .allow_private = true, .ending = q->ending };
	struct http *h = http_new(&rules);
	struct http_request ask = {
		.url = ARENA_JOIN(a, q->service->url, STR("domain/"), q->domain),
		.answer_max = ANSWER_MAX,
		.until = q->until,
	};
	struct http_answer answer;
	enum err e;

	if (!h)
		return err_set(eb, ERR_LATER, "HTTP cannot be set up");
	ARENA_PUSH(a, &ask.headers, STR("Accept: application/rdap+json"));
	e = http_ask(h, a, &ask, &answer, eb) ? ERR_LATER : judge(&answer, a, us_out, eb);
	http_free(&h);
	return e;
}
