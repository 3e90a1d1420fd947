/*
 * A webhook: the event as the body of a POST, signed. libcurl speaks HTTP; it is told the addresses, asks no proxy, follows
 * no redirect, and every socket it wants is looked at once more.
 */
#include "courier/way.h"

#include <curl/curl.h>

#include "base/clock.h"
#include "base/hash.h"

#define ANSWER_MAX 65536 /* bytes of an answer that are read; nobody looks at them */

struct webhook {
	const struct way_tools *tools;
	struct str secret;
	CURL *curl;
	struct curl_slist *pin;
	size_t read;
	char trouble[CURL_ERROR_SIZE];
};

static size_t room(const struct notification *to)
{
	(void)to;
	return SIZE_MAX;
}

struct str webhook_signature(struct arena *a, struct str secret, int64_t seconds, struct str text)
{
	struct str what = ARENA_JOIN(a, arena_printf(a, "%lld.", (long long)seconds), text);
	struct sha256 mac = hash_hmac(secret, what);

	return ARENA_JOIN(a, STR("v1="), hash_hex(a, str_from(mac.b, sizeof(mac.b))));
}

/* ---- what libcurl calls ---- */

static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	const struct webhook *w = ctx;
	struct ip ip = ip_from_sockaddr(&to->addr);

	(void)purpose;
	if (!target_allows(w->tools->allow_private, &ip))
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t read_answer(char *p, size_t size, size_t n, void *ctx)
{
	struct webhook *w = ctx;

	(void)p;
	w->read += size * n;
	return w->read <= ANSWER_MAX ? size * n : 0;
}

/* Now and then; anything but 0 breaks off. */
static int look_up(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct webhook *w = ctx;

	(void)a, (void)b, (void)c, (void)d;
	return w->tools->ending && atomic_load(w->tools->ending);
}

/* ---- opening ---- */

/* Host and port as libcurl itself reads the URL. */
static enum err take_apart(const char *url, struct arena *a, struct str *host, struct str *port,
			   struct errbuf *why)
{
	CURLU *u = curl_url();
	char *h = NULL, *p = NULL;
	enum err e = OK;

	if (!u || curl_url_set(u, CURLUPART_URL, url, 0) || curl_url_get(u, CURLUPART_HOST, &h, 0) ||
	    curl_url_get(u, CURLUPART_PORT, &p, CURLU_DEFAULT_PORT)) {
		e = err_set(why, ERR_LATER, "the URL cannot be read");
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
static struct str pin_of(struct arena *a, struct str host, struct str port, const struct target_addresses *at)
{
	struct str pin = ARENA_JOIN(a, host, STR(":"), port);
	char text[IP_TEXT_MAX];

	for (size_t i = 0; i < at->n; i++) {
		struct str ip = ip_text(&at->v[i], text);
		pin = at->v[i].family == 6 ? ARENA_JOIN(a, pin, i ? STR(",[") : STR(":["), ip, STR("]"))
					   : ARENA_JOIN(a, pin, i ? STR(",") : STR(":"), ip);
	}
	return pin;
}

static bool set_up(struct webhook *w, const char *url)
{
	const struct way_tools *tools = w->tools;
	struct curl_blob authorities = { (void *)(uintptr_t)tools->authorities.p, tools->authorities.n,
					 CURL_BLOB_NOCOPY };
	CURL *c = w->curl;

	return !curl_easy_setopt(c, CURLOPT_URL, url) &&
	       !curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, tools->allow_private ? "https,http" : "https") &&
	       !curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) && !curl_easy_setopt(c, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(c, CURLOPT_NOPROXY, "*") && !curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       !curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L) &&
	       !curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L) &&
	       (!tools->authorities.n || !curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &authorities)) &&
	       !curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)WAY_CONNECT_MS) &&
	       !curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)WAY_TELL_MS) &&
	       !curl_easy_setopt(c, CURLOPT_RESOLVE, w->pin) &&
	       !curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       !curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, w) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, read_answer) &&
	       !curl_easy_setopt(c, CURLOPT_WRITEDATA, w) && !curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) &&
	       !curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, look_up) &&
	       !curl_easy_setopt(c, CURLOPT_XFERINFODATA, w) &&
	       !curl_easy_setopt(c, CURLOPT_ERRORBUFFER, w->trouble) &&
	       !curl_easy_setopt(c, CURLOPT_USERAGENT, "postern/" POSTERN_VERSION);
}

static void close_webhook(void *ctx)
{
	struct webhook *w = ctx;

	curl_easy_cleanup(w->curl);
	curl_slist_free_all(w->pin);
}

static enum err open_webhook(const struct way_tools *tools, struct arena *a, const struct notice_target *t,
			     void **out, struct errbuf *why)
{
	struct webhook *w = ARENA_NEW(a, struct webhook);
	const char *url = arena_strndup(a, t->to.url.p, t->to.url.n);
	struct target_addresses at;
	struct str host, port;

	*w = (struct webhook){ .tools = tools, .secret = t->secret };
	enum err e = take_apart(url, a, &host, &port, why);
	bool bracketed =
	    !e && str_starts(host, STR("[")); /* an IPv6 address leads nowhere else, and is not pinned */
	if (!e)
		e = target_find(tools->dns, tools->allow_private, a,
				bracketed ? str_sub(host, 1, host.n - 1) : host,
				clock_mono_ms() + WAY_CONNECT_MS, &at, why);
	if (e)
		return ERR_LATER;
	w->pin = bracketed ? NULL : curl_slist_append(NULL, pin_of(a, host, port, &at).p);
	w->curl = curl_easy_init();
	if ((!w->pin && !bracketed) || !w->curl || !set_up(w, url)) {
		close_webhook(w);
		return err_set(why, ERR_LATER, "HTTP cannot be set up");
	}
	*out = w;
	return OK;
}

/* ---- telling ---- */

static struct curl_slist *headers_of(const struct webhook *w, struct arena *a, const struct telling *t)
{
	int64_t now_s = clock_now_us() / 1000000;
	const struct str lines[] = {
		STR("Content-Type: application/json"),
		STR("Expect:"), /* no 100-continue */
		ARENA_JOIN(a, STR("Postern-Event-Id: "), t->event),
		ARENA_JOIN(a, STR("Postern-Event-Type: "), enum_text(&event_kind_names, (int)t->kind)),
		arena_printf(a, "Postern-Timestamp: %lld", (long long)now_s),
		ARENA_JOIN(a, STR("Postern-Signature: "), webhook_signature(a, w->secret, now_s, t->text)),
	};
	struct curl_slist *list = NULL, *longer;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		longer = curl_slist_append(list, lines[i].p);
		if (!longer) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = longer;
	}
	return list;
}

/* What the answer says of this event, or of the target as a whole. */
static enum err judge(long status, struct errbuf *why)
{
	switch (status / 100) {
	case 2:
		return OK;
	case 3:
		return err_set(why, ERR_LATER, "answered %ld, and redirects are not followed", status);
	default:
		break;
	}
	/* Bad Request, Content Too Large, Unsupported Media Type, Unprocessable Content: another one may be taken. */
	bool alone = status == 400 || status == 413 || status == 415 || status == 422;
	return err_set(why, alone ? ERR_DENIED : ERR_LATER, "answered %ld", status);
}

static enum err tell_webhook(void *ctx, struct arena *a, const struct telling *t, struct errbuf *why)
{
	struct webhook *w = ctx;
	struct curl_slist *headers = headers_of(w, a, t);
	long status = 0;

	w->read = 0;
	w->trouble[0] = 0;
	if (!headers || curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, headers) ||
	    curl_easy_setopt(w->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->text.n) ||
	    curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, t->text.p)) {
		curl_slist_free_all(headers);
		return err_set(why, ERR_LATER, "out of memory");
	}
	CURLcode code = curl_easy_perform(w->curl);
	(void)curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	/* An answer that is too long, or breaks off, has said what counts. */
	if (status >= 200)
		return judge(status, why);
	return err_set(why, ERR_LATER, "%s", w->trouble[0] ? w->trouble : curl_easy_strerror(code));
}

const struct way way_webhook = { room, open_webhook, tell_webhook, close_webhook };
