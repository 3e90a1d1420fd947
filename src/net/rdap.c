/* libcurl speaks HTTP; the JSON of answers is read by ours. */
#include "net/rdap.h"

#include <curl/curl.h>

#include "base/buf.h"
#include "base/domain.h"
#include "base/ip.h"
#include "json/read.h"

#define ANSWER_MAX (1u << 20)
#define ADDRESSES_MAX 4

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

struct exchange {
	const struct rdap_question *q;
	CURL *curl;
	struct curl_slist *pin, *headers;
	struct buf answer;
	char trouble[CURL_ERROR_SIZE];
};

static size_t take_answer(char *p, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;

	buf_add(&x->answer, str_from(p, size * n));
	return buf_ok(&x->answer) ? size * n : 0;
}

static int look_up(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct exchange *x = ctx;

	(void)a, (void)b, (void)c, (void)d;
	return atomic_load(x->q->ending);
}

/* "HOST:PORT:ADDRESS,ADDRESS", by our own resolver; libcurl needs no help with an address. */
static void pin_host(struct exchange *x, struct arena *a, const char *url)
{
	CURLU *u = curl_url();
	char *host = NULL, *port = NULL, text[IP_TEXT_MAX];
	struct ask asks[2] = { { ASK_DNS, RR_A, STR_NONE }, { ASK_DNS, RR_AAAA, STR_NONE } };
	struct answer answers[2];
	struct ip ip;
	size_t found = 0;

	if (u && !curl_url_set(u, CURLUPART_URL, url, 0) && !curl_url_get(u, CURLUPART_HOST, &host, 0) &&
	    !curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) && x->q->dns && host[0] != '[' &&
	    ip_parse(str_of(host), &ip) != OK) {
		struct str pin = ARENA_JOIN(a, str_of(host), STR(":"), str_of(port), STR(":"));
		asks[0].name = asks[1].name = arena_lower(a, str_of(host));
		dns_ask(x->q->dns, a, asks, 2, x->q->until, answers);
		for (size_t i = 0; i < 2; i++)
			for (size_t k = 0; k < answers[i].records.n && found < ADDRESSES_MAX; k++, found++) {
				struct str data = answers[i].records.v[k].data;
				ip = (struct ip){ .family = data.n == 4 ? 4 : 6 };
				memcpy(ip.b, data.p, data.n);
				struct str shown = ip_text(&ip, text);
				pin = ARENA_JOIN(a, pin, found ? STR(",") : STR(""),
						 data.n == 4 ? STR("") : STR("["), shown,
						 data.n == 4 ? STR("") : STR("]"));
			}
		if (found > 0)
			x->pin = curl_slist_append(NULL, pin.p);
	}
	curl_free(host);
	curl_free(port);
	curl_url_cleanup(u);
}

static bool set_up(struct exchange *x, const char *url)
{
	CURL *c = x->curl;

	return !curl_easy_setopt(c, CURLOPT_URL, url) &&
	       !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http") &&
	       !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) && !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(c, CURLOPT_NOPROXY, "*") && !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)clock_left_ms(x->q->until)) &&
	       !curl_easy_setopt(c, CURLOPT_RESOLVE, x->pin) &&
	       !curl_easy_setopt(c, CURLOPT_HTTPHEADER, x->headers) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEDATA, x) && !curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) &&
	       !curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_up) &&
	       !curl_easy_setopt(c, CURLOPT_XFERINFODATA, x) &&
	       !curl_easy_setopt(c, CURLOPT_ERRORBUFFER, x->trouble) &&
	       !curl_easy_setopt(c, CURLOPT_USERAGENT, "postern/" POSTERN_VERSION);
}

static enum err judge(const struct exchange *x, struct arena *a, long status, int64_t *us_out,
		      struct errbuf *eb)
{
	if (status == 404 || status == 400)
		return err_set(eb, ERR_ABSENT, "answered %ld", status);
	if (status != 200)
		return err_set(eb, status == 429 ? ERR_LIMIT : ERR_LATER, "answered %ld", status);
	enum err e = rdap_read_registration(a, buf_str(&x->answer), us_out);
	return e == ERR_SYNTAX ? err_set(eb, ERR_LATER, "what it answered is no RDAP") : e;
}

enum err rdap_ask(const struct rdap_question *q, struct arena *a, int64_t *us_out, struct errbuf *eb)
{
	struct exchange x = { .q = q, .curl = curl_easy_init() };
	const char *url = ARENA_JOIN(a, q->service->url, STR("domain/"), q->domain).p;
	long status = 0;
	enum err e;

	buf_init(&x.answer, ANSWER_MAX);
	pin_host(&x, a, url);
	x.headers = curl_slist_append(NULL, "Accept: application/rdap+json");
	if (!x.curl || !x.headers || clock_left_ms(q->until) == 0 || !set_up(&x, url)) {
		e = err_set(eb, ERR_LATER, "HTTP cannot be set up");
	} else {
		CURLcode code = curl_easy_perform(x.curl);
		(void)curl_easy_getinfo(x.curl, CURLINFO_RESPONSE_CODE, &status);
		e = code == CURLE_OK
			? judge(&x, a, status, us_out, eb)
			: err_set(eb, ERR_LATER, "%s", x.trouble[0] ? x.trouble : curl_easy_strerror(code));
	}
	curl_easy_cleanup(x.curl);
	curl_slist_free_all(x.pin);
	curl_slist_free_all(x.headers);
	buf_free(&x.answer);
	return e;
}
