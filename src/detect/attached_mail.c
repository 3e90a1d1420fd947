/*
 * A mail that is an envelope for another one, with something to click in it: links of attached mails are not rewritten and seldom
 * looked at, and a mail inside a mail is one step further. People do pass mails on as files, with a word about it, and gateways
 * send them in reports; there the links mostly lead to who wrote the inner mail.
 *
 * Scores were set on the corpora, November 2026.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/call.h"
#include "detect/lists.h"
#include "detect/text.h"
#include "mime/address.h"

#define BASE 0.35
#define LEAST 0.3
#define MOST 0.9
#define WORDS_FEW 40 /* of the outer mail */
#define KNOWN 0.4

/* The outermost part of the message inside that holds a part; *depth_out: in how many of them it lies. */
static const struct mime_part *message_of(const struct mime_part *p, size_t *depth_out)
{
	const struct mime_part *inner = NULL;

	*depth_out = 0;
	for (; p->parent; p = p->parent)
		if (str_eq(p->parent->type, STR("message"))) {
			inner = inner ? inner : p;
			++*depth_out;
		}
	return inner;
}

static struct str sender_of(const struct scan *s, const struct mime_part *message)
{
	struct addresses list =
	    address_parse(s->arena, headers_value(s->arena, &message->headers, STR("From")));

	return list.n ? domain_fold(s->arena, domain_of_address(list.v[0].addr)) : STR_NONE;
}

static bool is_clicked(const struct mime_link *l)
{
	if (!l->nested || l->field || !url_is_web(&l->url))
		return false;
	return l->html ? l->html->kind == HTML_LINK_A || l->html->kind == HTML_LINK_AREA ||
			     l->html->kind == HTML_LINK_FORM
		       : str_starts_nocase(l->href, STR("http"));
}

static size_t outer_words(const struct scan *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		struct str text = mime_text_shown(t);
		if (!t->nested)
			n += text_word_count(text_fold(s->arena, &text, 1));
	}
	return n;
}

struct lure {
	const struct mime_link *link;
	struct str host, sender; /* of the inner mail */
	enum host_kind kind;
	size_t depth;
};

/* The first link that leads to nobody concerned, the worst kind of host before others. */
static bool find(const struct scan *s, struct lure *out)
{
	const struct mime_part *last = NULL;
	struct str sender = STR_NONE;

	*out = (struct lure){ .link = NULL };
	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		size_t depth;
		const struct mime_part *message = is_clicked(l) ? message_of(l->part, &depth) : NULL;
		if (!message)
			continue;
		if (message != last) /* From may be long, and its mail may have many links */
			sender = sender_of(s, message);
		last = message;
		struct lure x = { .link = l,
				  .host = domain_fold(s->arena, l->url.host),
				  .sender = sender,
				  .depth = depth };
		x.kind = host_kind(x.host);
		if (domain_same_owner(s->arena, x.host, x.sender) ||
		    domain_same_owner(s->arena, x.host, s->from.domain) || sender_is_own_domain(s, x.host) ||
		    x.kind == HOST_MAILER || list_is_link_wrapper(x.host))
			continue;
		if (!out->link || (out->kind == HOST_OTHER && x.kind != HOST_OTHER))
			*out = x;
	}
	return out->link != NULL;
}

static void run(const struct scan *s, struct findings *out)
{
	struct lure x;

	if (sender_is_mail_server(s) || s->envelope.address.n == 0 || s->calls->conversation ||
	    !find(s, &x) || outer_words(s) > WORDS_FEW)
		return;
	bool own = x.sender.n && sender_is_own_domain(s, x.sender) && !s->own_domain;
	double score = BASE + (x.kind != HOST_OTHER ? 0.25 : 0) + (x.depth > 1 ? 0.2 : 0) + (own ? 0.2 : 0) +
		       (sender_is_borrowed(s) ? 0.1 : 0) + (x.sender.n == 0 ? 0.15 : 0);
	score *= sender_is_known(s) ? KNOWN : 1;
	if (score < LEAST)
		return;
	struct finding *f = finding_add(
	    out, NULL, DISP_SUSPICIOUS, score > MOST ? MOST : score, CAT_MALICIOUS_LINK,
	    "The message is hardly more than another one attached to it, whose link leads to somebody else.");
	finding_where(f, "attachment", "link", x.link->href);
	finding_link(f, s, x.link);
	finding_detail(out, f, "leads to %.*s, in a mail of %.*s, %zu deep", STR_ARG(x.host),
		       STR_ARG(x.sender.n ? x.sender : STR("nobody")), x.depth);
}

const struct detector detect_attached_mail = {
	.name = "attached_mail",
	.family = FAMILY_URL,
	.needs = NEED_FROM | NEED_LINKS,
	.run = run,
};
