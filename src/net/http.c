/* One handle of libcurl, its rules, and the address that it is told. */
#include "net/http.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/abnf.h"
#include "base/buf.h"
#include "net/target.h"

#define PINNED_MS 60000          /* then a name is looked up again */
#define RETRY_AFTER_MAX_S 86400L /* who wishes for more gets a day */

struct http {
	struct http_rules rules;
	CURL *curl;
	struct curl_slist *pin; /* of the last host; NULL: an address in brackets */
	char *pinned;           /* its "HOST:PORT"; NULL: none was looked at yet */
	int64_t pinned_ms;
	struct buf answer;
	char trouble[CURL_ERROR_SIZE];
};

/* ---- what libcurl calls ---- */

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	const struct http *h = ctx;
	struct ip ip = ip_from_sockaddr(&to->addr);

	(void)purpose;
	if (!target_allows(h->rules.allow_private, &ip))
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take_answer(char *p, size_t size, size_t n, void *ctx)
{
	struct http *h = ctx;

	buf_add(&h->answer, str_from(p, size * n));
	return buf_ok(&h->answer) ? size * n : 0;
}

/* Now and then; anything but 0 breaks off. */
static int look_up(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct http *h = ctx;

	(void)a, (void)b, (void)c, (void)d;
	return h->rules.ending && atomic_load(h->rules.ending);
}

/* ---- setting up ---- */

static bool set_up(struct http *h)
{
	const struct http_rules *r = &h->rules;
	struct curl_blob authorities = { (void *)(uintptr_t)r->authorities.p, r->authorities.n,
					 CURL_BLOB_NOCOPY };
	CURL *c = h->curl;

	return !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, r->allow_private ? "https,http" : "https") &&
	       !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) && !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(c, CURLOPT_NOPROXY, "*") && !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       !curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) &&
	       (!r->authorities.n || !curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &authorities)) &&
	       !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS) &&
	       !curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       !curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, h) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_answer) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEDATA, h) && !curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) &&
	       !curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_up) &&
	       !curl_easy_setopt(c, CURLOPT_XFERINFODATA, h) &&
	       !curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->trouble) &&
	       !curl_easy_setopt(c, CURLOPT_USERAGENT, "postern/" POSTERN_VERSION);
}

struct http *http_new(const struct http_rules *r)
{
	struct http *h = calloc(1, sizeof(*h));

	ASSERT(h);
	h->rules = *r;
	h->curl = curl_easy_init();
	if (!h->curl || !set_up(h))
		http_free(&h);
	return h;
}

void http_free(struct http **hp)
{
	struct http *h = *hp;

	*hp = NULL;
	if (!h)
		return;
	curl_easy_cleanup(h->curl);
	curl_slist_free_all(h->pin);
	buf_free(&h->answer);
	free(h->pinned);
	free(h);
}

/* ---- where a URL leads ---- */

/* Host and port as libcurl itself reads the URL. */
static enum err take_apart(struct arena *a, struct str url, struct str *host, struct str *port,
			   struct errbuf *why)
{
	CURLU *u = curl_url();
	char *h = NULL, *p = NULL;
	enum err e = OK;

	if (!u || memchr(url.p, 0, url.n) ||
	    curl_url_set(u, CURLUPART_URL, arena_strndup(a, url.p, url.n), 0) ||
	    curl_url_get(u, CURLUPART_HOST, &h, 0) ||
	    curl_url_get(u, CURLUPART_PORT, &p, CURLU_DEFAULT_PORT)) {
		e = err_set(why, ERR_DENIED, "the URL cannot be read");
	} else {
		*host = arena_str(a, str_of(h));
		*port = arena_str(a, str_of(p));
	}
	curl_free(h);
	curl_free(p);
	curl_url_cleanup(u);
	return e;
}

/* "HOST:PORT:ADDRESS,ADDRESS": what libcurl goes by instead of asking. */
static struct str pin_of(struct arena *a, struct str where, const struct target_addresses *at)
{
	struct str pin = where;
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < at->n; i++) {
		struct str ip = ip_text(&at->v[i], text);
		pin = at->v[i].family == 6 ? ARENA_JOIN(a, pin, i ? STR(",[") : STR(":["), ip, STR("]"))
					   : ARENA_JOIN(a, pin, i ? STR(",") : STR(":"), ip);
	}
	return pin;
}

/* Takes the host for the one that is asked next. */
static enum err pin(struct http *h, struct arena *a, struct str where, bool bracketed,
		    const struct target_addresses *at, struct errbuf *why)
{
	struct curl_slist *list = bracketed ? NULL : curl_slist_append(NULL, pin_of(a, where, at).p);

	if ((!list && !bracketed) || curl_easy_setopt(h->curl, CURLOPT_RESOLVE, list)) {
		curl_slist_free_all(list);
		return err_set(why, ERR_LATER, "HTTP cannot be set up");
	}
	curl_slist_free_all(h->pin);
	free(h->pinned);
	h->pin = list;
	h->pinned = strdup(where.p);
	ASSERT(h->pinned);
	h->pinned_ms = clock_mono_ms();
	return OK;
}

enum err http_look_up(struct http *h, struct arena *a, struct str url, deadline_ms until, struct errbuf *why)
{
	struct target_addresses at;
	struct str host, port;

	bool in_clear = h->rules.allow_private && str_starts_nocase(url, STR("http://"));
	if (!in_clear && !str_starts_nocase(url, STR("https://")))
		return err_set(why, ERR_DENIED, "the URL does not begin with https://");
	enum err e = take_apart(a, url, &host, &port, why);
	if (e)
		return e;
	struct str where = ARENA_JOIN(a, host, STR(":"), port);
	if (h->pinned && str_eq(where, str_of(h->pinned)) && clock_mono_ms() - h->pinned_ms < PINNED_MS)
		return OK;
	bool bracketed = str_starts(host, STR("[")); /* an IPv6 address leads nowhere else */
	e = target_find(h->rules.dns, h->rules.allow_private, a,
			bracketed ? str_sub(host, 1, host.n - 1) : host,
			clock_earlier(until, clock_mono_ms() + HTTP_CONNECT_MS), &at, why);
	return e ? e : pin(h, a, where, bracketed, &at, why);
}

/* ---- asking ---- */

/* Whether nothing of a request can have been heard: no connection was made, or no TLS on it. */
static bool is_unheard(CURLcode code)
{
	switch ((int)code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_OUT_OF_MEMORY:
		return true;
	default:
		return false;
	}
}

static struct curl_slist *headers_of(const struct http_request *q)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"), *longer; /* no 100-continue */

	for (size_t i = 0; list && i < q->headers.n; i++) {
		longer = curl_slist_append(list, q->headers.v[i].p);
		if (!longer)
			curl_slist_free_all(list);
		list = longer;
	}
	return list;
}

static bool set_request(struct http *h, struct arena *a, const struct http_request *q,
			struct curl_slist *headers)
{
	CURL *c = h->curl;
	bool posts = q->body.p;

	return headers && !curl_easy_setopt(c, CURLOPT_URL, arena_strndup(a, q->url.p, q->url.n)) &&
	       !curl_easy_setopt(c, CURLOPT_HTTPGET, 1L) &&
	       (!posts || (!curl_easy_setopt(c, CURLOPT_POST, 1L) &&
			   !curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n) &&
			   !curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.p))) &&
	       !curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, q->method) &&
	       !curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers) &&
	       !curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, (long)q->once) &&
	       !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)clock_left_ms(q->until));
}

/* What came of it, in numbers. */
static void read_status(struct http *h, CURLcode code, struct http_answer *out)
{
	curl_off_t after_s = 0;
	long status = 0;

	(void)curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &after_s);
	after_s = after_s > RETRY_AFTER_MAX_S ? RETRY_AFTER_MAX_S : after_s;
	*out = (struct http_answer){
		.status = (int)status,
		.body = buf_str(&h->answer),
		.retry_after_ms = after_s > 0 ? after_s * 1000 : 0,
		.reached = !is_unheard(code),
	};
}

enum err http_ask(struct http *h, struct arena *a, const struct http_request *q, struct http_answer *out,
		  struct errbuf *why)
{
	struct curl_slist *headers;

	*out = (struct http_answer){ 0 };
	buf_free(&h->answer);
	buf_init(&h->answer, q->answer_max);
	h->trouble[0] = 0;
	enum err e = http_look_up(h, a, q->url, q->until, why);
	if (e)
		return e;
	if (clock_left_ms(q->until) == 0) /* which libcurl would take for no limit */
		return err_set(why, ERR_LATER, "there was no time left");
	headers = headers_of(q);
	if (!set_request(h, a, q, headers)) {
		curl_slist_free_all(headers);
		return err_set(why, ERR_LATER, "HTTP cannot be set up");
	}
	CURLcode code = curl_easy_perform(h->curl);
	read_status(h, code, out);
	(void)curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, NULL);
	(void)curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, NULL);
	curl_slist_free_all(headers);
	if (code == CURLE_OK)
		return OK;
	if (!buf_ok(&h->answer))
		return err_set(why, ERR_LIMIT, "the answer is longer than %zu bytes", q->answer_max);
	return err_set(why, ERR_LATER, "%s", h->trouble[0] ? h->trouble : curl_easy_strerror(code));
}

void http_let_go(struct http *h)
{
	buf_free(&h->answer);
}

struct str http_escape(struct arena *a, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *z = arena_alloc(a, 3 * s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (abnf_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
			z[n++] = (char)c;
		} else {
			z[n++] = '%';
			z[n++] = hex[c >> 4];
			z[n++] = hex[c & 15];
		}
	}
	z[n] = 0;
	return (struct str){ z, n };
}
