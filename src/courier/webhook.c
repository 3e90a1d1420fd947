/* A webhook: the event as the body of a POST, signed. */
#include "courier/way.h"

#include "base/clock.h"
#include "base/hash.h"
#include "net/http.h"

#define ANSWER_MAX 65536 /* bytes of an answer that are read; nobody looks at them */

struct webhook {
	struct str url, secret;
	struct http *http;
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

/* ---- opening ---- */

static void close_webhook(void *ctx)
{
	struct webhook *w = ctx;

	http_free(&w->http);
}

static enum err open_webhook(const struct way_tools *tools, struct arena *a, const struct notice_target *t,
			     void **out, struct errbuf *why)
{
	struct webhook *w = ARENA_NEW(a, struct webhook);
	const struct http_rules rules = { tools->dns, tools->authorities, tools->allow_private,
					  tools->ending };

	*w =
	    (struct webhook){ .url = arena_str(a, t->to.url), .secret = t->secret, .http = http_new(&rules) };
	if (!w->http)
		return err_set(why, ERR_LATER, "HTTP cannot be set up");
	if (http_look_up(w->http, a, w->url, clock_mono_ms() + WAY_CONNECT_MS, why)) {
		close_webhook(w);
		return ERR_LATER;
	}
	*out = w;
	return OK;
}

/* ---- telling ---- */

static struct strs headers_of(const struct webhook *w, struct arena *a, const struct telling *t)
{
	int64_t now_s = clock_now_us() / 1000000;
	struct strs headers = { 0 };

	ARENA_PUSH(a, &headers, STR("Content-Type: application/json"));
	ARENA_PUSH(a, &headers, ARENA_JOIN(a, STR("Postern-Event-Id: "), t->event));
	ARENA_PUSH(a, &headers,
		   ARENA_JOIN(a, STR("Postern-Event-Type: "), enum_text(&event_kind_names, (int)t->kind)));
	ARENA_PUSH(a, &headers, arena_printf(a, "Postern-Timestamp: %lld", (long long)now_s));
	ARENA_PUSH(
	    a, &headers,
	    ARENA_JOIN(a, STR("Postern-Signature: "), webhook_signature(a, w->secret, now_s, t->text)));
	return headers;
}

/* What the answer says of this event, or of the target as a whole. */
static enum err judge(int status, struct errbuf *why)
{
	switch (status / 100) {
	case 2:
		return OK;
	case 3:
		return err_set(why, ERR_LATER, "answered %d, and redirects are not followed", status);
	default:
		break;
	}
	/* Bad Request, Content Too Large, Unsupported Media Type, Unprocessable Content: another one may be taken. */
	bool alone = status == 400 || status == 413 || status == 415 || status == 422;
	return err_set(why, alone ? ERR_DENIED : ERR_LATER, "answered %d", status);
}

static enum err tell_webhook(void *ctx, struct arena *a, const struct telling *t, struct errbuf *why)
{
	struct webhook *w = ctx;
	const struct http_request q = {
		.url = w->url,
		.headers = headers_of(w, a, t),
		.body = t->text,
		.answer_max = ANSWER_MAX,
		.until = clock_mono_ms() + WAY_TELL_MS,
	};
	struct http_answer answer;
	enum err e = http_ask(w->http, a, &q, &answer, why);

	/* An answer that is too long, or breaks off, has said what counts. */
	if (answer.status >= 200)
		return judge(answer.status, why);
	return e ? ERR_LATER : err_set(why, ERR_LATER, "answered %d", answer.status);
}

const struct way way_webhook = { room, open_webhook, tell_webhook, close_webhook };
