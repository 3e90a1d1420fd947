/* The page of a rewritten link, as HTML: no script, one style sheet in it, and every text of others escaped. */
#include "api/click.h"

#include "base/base64.h"
#include "base/domain.h"
#include "base/hash.h"
#include "html/escape.h"
#include "model/enums.h"
#include "url/defang.h"
#include "url/url.h"
#include "url/wrap.h"

#define REASONS_SHOWN 5

static const char style[] =
    ":root{color-scheme:light dark}*{box-sizing:border-box}"
    "body{margin:0;padding:24px 16px;font:16px/1.5 system-ui,sans-serif;color:#1c1b1f;background:#f4f3f7}"
    "main{max-width:640px;margin:0 auto;padding:24px;background:#fff;border-radius:12px;"
    "border-top:6px solid #6b6b75}"
    "main.warn{border-color:#b26a00}main.bad{border-color:#b3261e}"
    "h1{margin:0 0 12px;font-size:22px;line-height:1.3}p{margin:0 0 12px}"
    ".host{margin:0 0 8px;font-size:20px;font-weight:700;overflow-wrap:anywhere}"
    ".url{margin:0 0 16px;padding:12px;background:#f4f3f7;border-radius:8px;"
    "font:14px/1.5 ui-monospace,monospace;overflow-wrap:anywhere;user-select:all}"
    "ul{margin:0 0 16px;padding-left:20px}li{overflow-wrap:anywhere}"
    ".do{display:flex;flex-wrap:wrap;gap:12px;margin-top:20px}form{margin:0}"
    "a.go,button{display:inline-block;padding:10px 18px;border:1px solid #6b6b75;border-radius:8px;"
    "font:inherit;color:inherit;background:none;text-decoration:none;cursor:pointer}"
    "button{border-color:#b3261e;background:#b3261e;color:#fff}"
    "a.go:focus,button:focus{outline:3px solid #5b8def;outline-offset:2px}"
    "small{color:#5a5963}"
    "@media(prefers-color-scheme:dark){body{color:#e7e5ec;background:#17161b}main{background:#232229}"
    ".url{background:#17161b}small{color:#a9a7b3}}";

/* What is said of a mail, by its disposition. */
static const struct verdict_text {
	const char *head, *text;
	const char *look; /* class of the page */
} texts[] = {
	[DISP_NONE] = { "Before you open this link",
			"Nothing was found against the message so far. Look where the link leads, all the "
			"same.",
			"" },
	[DISP_BULK] = { "Before you open this link", "The message is bulk mail.", "" },
	[DISP_SPAM] = { "Be careful with this link", "The message is unwanted mail.", "warn" },
	[DISP_SPOOF] = { "Be careful with this link", "The message may come from somebody else than it says.",
			 "warn" },
	[DISP_SUSPICIOUS] = { "Be careful with this link", "The message is suspicious.", "warn" },
	[DISP_MALICIOUS] = { "This link is not opened", "The message is malicious.", "bad" },
	[DISP_BEC] = { "This link is not opened",
		       "The message is malicious: it is written in somebody else's name.", "bad" },
};
static const struct verdict_text unknown = { "Be careful with this link",
					     "The message is not known any more, or could not be examined.",
					     "warn" };
static const struct verdict_text blocked = { "This link is not opened",
					     "It leads to a domain that is on the block list here.", "bad" };
static const struct verdict_text invalid = { "This link is not valid",
					     "It was not made here, or it was changed or cut on its way.",
					     "bad" };

static int disposition_of(const struct click_view *v)
{
	const struct message *m = v->mail ? v->mail->message : NULL;

	return m && HAS(m, message, final_disposition) ? m->final_disposition : DISP_UNKNOWN;
}

static const struct verdict_text *text_of(const struct click_view *v)
{
	int d = disposition_of(v);
	bool told = d >= 0 && (size_t)d < ARRAY_LEN(texts) && texts[d].head;

	if (!v->click)
		return &invalid;
	if (v->blocked && d != DISP_MALICIOUS && d != DISP_BEC)
		return &blocked;
	return told ? &texts[d] : &unknown;
}

bool click_is_open(struct arena *a, const struct click_view *v)
{
	struct url u = url_split(a, v->click ? v->click->url : STR(""));
	int d = disposition_of(v);

	return v->click && !v->blocked && d != DISP_MALICIOUS && d != DISP_BEC && u.scheme.n &&
	       url_is_web(&u);
}

static void put(struct request *rq, const char *before, struct str text, const char *after)
{
	buf_add_c(&rq->out, before);
	html_escape(&rq->out, text);
	buf_add_c(&rq->out, after);
}

/* The host as it is read, and in A-labels where that is not the same. */
static void put_host(struct request *rq, struct str host, const char *before)
{
	struct str folded = domain_fold(rq->arena, host);

	put(rq, before, host, "");
	if (folded.n && !str_eq(folded, host))
		put(rq, " (", folded, ")");
	buf_add_c(&rq->out, "</p>");
}

static void put_target(struct request *rq, const struct click *c, bool open)
{
	struct url u = url_split(rq->arena, c->url), target = u;
	enum url_wrap wrap = url_unwrap_all(rq->arena, &u, &target);

	put_host(rq, u.host, "<p>It leads to</p><p class=\"host\">");
	if (wrap != URL_PLAIN)
		put_host(rq, target.host, "<p>and from there on to</p><p class=\"host\">");
	if (u.odd)
		buf_add_c(&rq->out, "<p>The address is written so that it may be misread.</p>");
	put(rq, "<p class=\"url\">", open ? c->url : url_defang(rq->arena, c->url), "</p>");
}

static void put_reasons(struct request *rq, const struct click_view *v)
{
	const struct strs *reasons = v->mail ? &v->mail->message->detection_reasons : NULL;

	if (!reasons || reasons->n == 0)
		return;
	buf_add_c(&rq->out, "<p>Why this is asked:</p><ul>");
	for (size_t i = 0; i < reasons->n && i < REASONS_SHOWN; i++)
		put(rq, "<li>", reasons->v[i], "</li>");
	buf_add_c(&rq->out, "</ul>");
}

static void put_buttons(struct request *rq, const struct click_view *v, bool open)
{
	buf_add_c(&rq->out, "<div class=\"do\">");
	if (v->mail && !v->reported)
		put(rq, "<form method=\"post\" action=\"", v->action,
		    "\"><button type=\"submit\">Report this message</button></form>");
	if (open)
		put(rq, "<a class=\"go\" rel=\"noreferrer noopener nofollow\" href=\"", v->click->url,
		    "\">Go on to this address</a>");
	buf_add_c(&rq->out, "</div>");
}

/* No source but the style sheet in the page itself, known by its digest. */
static struct str policy(struct arena *a)
{
	struct sha256 d = hash_sha256(str_of(style));

	return ARENA_JOIN(a, STR("default-src 'none'; style-src 'sha256-"),
			  base64_encode(a, str_from(d.b, sizeof(d.b))),
			  STR("'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"));
}

void click_page(struct request *rq, unsigned status, const struct click_view *v)
{
	const struct verdict_text *t = text_of(v);
	bool open = click_is_open(rq->arena, v);

	rq->status = status;
	rq->page_policy = policy(rq->arena);
	buf_clear(&rq->out);
	buf_add_c(&rq->out, "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
			    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
	buf_printf(&rq->out,
		   "%s</title><style>%s</style></head><body><main class=\"%s\"><h1>%s</h1><p>%s</p>", t->head,
		   style, t->look, t->head, t->text);
	if (v->reported)
		buf_add_c(&rq->out,
			  "<p><b>Thank you: the message was reported, and will be looked at.</b></p>");
	if (v->click) {
		put_target(rq, v->click, open);
		put_reasons(rq, v);
		put_buttons(rq, v, open);
	}
	buf_add_c(&rq->out, "</main></body></html>\n");
}
