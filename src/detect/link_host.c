/*
 * Links to where nobody answers for what is there: short addresses, free sites, tunnels, IPFS, bare storage, forms and
 * documents anybody makes, cheap top-level domains, pages planted on somebody's site, sites that forward anywhere, hosts
 * named by a machine. All of it is in honest mail, too, so each is soft; it counts for what the reader is asked to click,
 * and little where the mail also leads to its sender's own house, or is part of a conversation.
 *
 * Scores were set on the corpora, November 2026: mail of newsletters and lists has next to none of these as what is asked
 * first, phish has one in a third.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/call.h"
#include "detect/link.h"
#include "detect/lists.h"

enum sight {
	SIGHT_NONE,
	SIGHT_SHORTENER,
	SIGHT_SITE,
	SIGHT_TUNNEL,
	SIGHT_IPFS,
	SIGHT_STORAGE,
	SIGHT_FORM,
	SIGHT_DOCUMENT,
	SIGHT_REDIRECT,
	SIGHT_PLANTED,
	SIGHT_CHEAP,
	SIGHT_PORT,
	SIGHT_DEEP,
	SIGHT_RANDOM,
	SIGHT_COUNT
};

static const struct {
	const char *signal;
	enum category category;
	double score;
	const char *reason;
} sights[SIGHT_COUNT] = {
	[SIGHT_SHORTENER] = { "shortener", CAT_SHORTENED_LINK, 0.55,
			      "What the reader is asked to click is a short address that hides where it "
			      "leads." },
	[SIGHT_SITE] = { "free_site", CAT_MALICIOUS_LINK, 0.55,
			 "What the reader is asked to click is a page on a host where anybody puts one up." },
	[SIGHT_TUNNEL] = { "tunnel", CAT_MALICIOUS_LINK, 0.7,
			   "What the reader is asked to click leads into somebody's own machine." },
	[SIGHT_IPFS] = { "ipfs", CAT_MALICIOUS_LINK, 0.8,
			 "What the reader is asked to click is a page that nobody can take down." },
	[SIGHT_STORAGE] = { "storage", CAT_MALICIOUS_LINK, 0.55,
			    "What the reader is asked to click is a page in a bare store for files." },
	[SIGHT_FORM] = { "free_form", CAT_CREDENTIAL_HARVESTER, 0.45,
			 "What the reader is asked to click is a form that anybody can make." },
	[SIGHT_DOCUMENT] = { "shared_document", CAT_MALICIOUS_LINK, 0.3,
			     "What the reader is asked to click is a document that anybody can share." },
	[SIGHT_REDIRECT] = { "open_redirect", CAT_OPEN_REDIRECT, 0.55,
			     "What the reader is asked to click goes through a site that forwards "
			     "anywhere." },
	[SIGHT_PLANTED] = { "planted_page", CAT_MALICIOUS_LINK, 0.6,
			    "What the reader is asked to click lies among the program files of a site." },
	[SIGHT_CHEAP] = { "cheap_domain", CAT_MALICIOUS_LINK, 0.4,
			  "What the reader is asked to click is under a top-level domain that is often "
			  "abused." },
	[SIGHT_PORT] = { "odd_port", CAT_MALICIOUS_LINK, 0.5,
			 "What the reader is asked to click is at a port that no public site has." },
	[SIGHT_DEEP] = { "deep_host", CAT_LINK_OBFUSCATION, 0.35,
			 "What the reader is asked to click has a host name of very many parts." },
	[SIGHT_RANDOM] = { "random_host", CAT_MALICIOUS_LINK, 0.35,
			   "What the reader is asked to click is a host with a name nobody thought of." },
};

static const enum sight by_kind[HOST_KINDS] = {
	[HOST_SHORTENER] = SIGHT_SHORTENER, [HOST_SITE] = SIGHT_SITE,       [HOST_TUNNEL] = SIGHT_TUNNEL,
	[HOST_IPFS] = SIGHT_IPFS,           [HOST_STORAGE] = SIGHT_STORAGE, [HOST_FORM] = SIGHT_FORM,
	[HOST_DOCUMENT] = SIGHT_DOCUMENT,
};

#define LINKS_MANY 8 /* a newsletter rather than a lure */
#define LEAST 0.1
#define LABELS_MANY 6

/* Directories of site programs, in which no page for people is. */
static bool is_planted(struct str path)
{
	static const char *const inside[] = { "/wp-content/",   "/wp-includes/", "/wp-admin/",
					      "/.well-known/",  "/cgi-sys/",     "/node_modules/",
					      "/vendor/phpunit" };
	static const char *const files[] = { ".png", ".jpg", ".jpeg", ".gif",  ".pdf", ".webp", ".svg",
					     ".mp4", ".mp3", ".doc",  ".docx", ".xls", ".xlsx", ".zip",
					     ".ics", ".css", ".ppt",  ".pptx", ".ogg" };

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		if (str_ends_nocase(path, str_of(files[i])))
			return false; /* uploads that the site shows */
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		if (str_find_nocase(path, str_of(inside[i]), 0) != SIZE_MAX)
			return true;
	return false;
}

/* A store's page is opened in the browser; pictures and files kept there are what it is for. */
static bool is_stored_page(const struct url *u)
{
	return str_find_nocase(u->path, STR(".htm"), 0) != SIZE_MAX || u->path.n <= 1 || u->fragment.n > 0;
}

static size_t labels(struct str host)
{
	size_t n = host.n > 0;

	for (size_t i = 0; i < host.n; i++)
		n += host.p[i] == '.';
	return n;
}

/* Search engines and networks that forward anywhere (url/wrap.h), and sites with an address of another owner in a parameter. */
static bool is_redirect(const struct scan *s, const struct call *c)
{
	struct url to;

	if (c->link->wrap == URL_FORWARDED)
		return true;
	if (str_find_nocase(c->link->url.query, STR("http"), 0) == SIZE_MAX ||
	    url_unwrap(s->arena, &c->link->url, &to) != URL_REDIRECTED || to.host.n == 0)
		return false;
	struct str host = domain_fold(s->arena, to.host);
	return !domain_same_owner(s->arena, host, c->host) &&
	       !domain_same_owner(s->arena, host, s->from.domain);
}

/* What is asked first is what the mail is about, though many links of a copied mail follow. */
static bool is_first(const struct calls *all, const struct call *c)
{
	for (const struct call *k = all->v; k < c; k++)
		if (!k->footer)
			return false;
	return true;
}

static double weigh(const struct scan *s, const struct calls *all, const struct call *c, enum sight sight)
{
	double score = sights[sight].score;

	if (sight == SIGHT_REDIRECT && c->link->wrap != URL_FORWARDED)
		score *= 0.7; /* an address in a parameter may as well tell where the reader came from */
	if (all->house_linked && call_share(all, c) < 0.5)
		score *= 0.4; /* one of many things in its sender's own mail */
	else if (all->house_linked)
		score *= 0.7;
	else if (call_share(all, c) < 0.3 && !is_first(all, c))
		score *= all->asked > LINKS_MANY ? 0.4 : 0.7;
	/* Nobody hides a cheap name whose reader sees it. */
	if (c->plain || (sight == SIGHT_CHEAP && call_shows_itself(s, c)))
		score *= all->owners <= 2 ? 0.7 : 0.4;
	if (all->conversation)
		score *= 0.4;
	if (all->unsubscribe && headers_first(mime_headers(s->mail), STR("List-Unsubscribe")) &&
	    s->proof.checked && s->proof.header_proved)
		score *= 0.6;
	return sender_is_known(s) ? score * 0.5 : score;
}

struct best {
	const struct call *call;
	double score;
};

static void note(const struct scan *s, const struct calls *all, const struct call *c, enum sight sight,
		 struct best *best)
{
	double score = weigh(s, all, c, sight);

	if (score > best[sight].score)
		best[sight] = (struct best){ c, score };
}

static void look(const struct scan *s, const struct calls *all, const struct call *c, struct best *best)
{
	const struct url *u = &c->link->url;
	enum sight kind = by_kind[c->kind];

	if (is_redirect(s, c))
		note(s, all, c, SIGHT_REDIRECT, best);
	if (c->kind == HOST_MAILER || link_host_is_address(c->host) || list_is_link_wrapper(c->host))
		return;
	/* Only what anybody has there: the provider's own pages are at its own name. */
	if (kind == SIGHT_STORAGE && !is_stored_page(u))
		kind = SIGHT_NONE;
	if (kind == SIGHT_DOCUMENT && str_starts(u->path, STR("/forms/")))
		kind = SIGHT_FORM; /* at Google, beside documents */
	if (kind == SIGHT_DOCUMENT && all->asked > 3)
		kind = SIGHT_NONE;
	if (kind != SIGHT_NONE && !str_eq(c->owner, s->from.owner))
		note(s, all, c, kind, best);
	if (is_planted(u->path))
		note(s, all, c, SIGHT_PLANTED, best);
	if (host_is_cheap(c->owner))
		note(s, all, c, SIGHT_CHEAP, best);
	if (u->port != 0 && u->port != 80 && u->port != 443 && u->port != 8080 && !c->house)
		note(s, all, c, SIGHT_PORT, best);
	if (labels(c->host) >= LABELS_MANY && !c->house && kind == SIGHT_NONE)
		note(s, all, c, SIGHT_DEEP, best);
	if (host_is_random(c->owner))
		note(s, all, c, SIGHT_RANDOM, best);
}

static void run(const struct scan *s, struct findings *out)
{
	const struct calls *all = s->calls;
	struct best best[SIGHT_COUNT] = { 0 };

	for (size_t i = 0; i < all->n; i++)
		if (!all->v[i].footer)
			look(s, all, &all->v[i], best);
	for (int k = 1; k < SIGHT_COUNT; k++) {
		const struct call *c = best[k].call;
		if (!c || best[k].score < LEAST)
			continue;
		struct finding *f = finding_add(out, sights[k].signal, DISP_SUSPICIOUS, best[k].score,
						sights[k].category, sights[k].reason);
		finding_where(f, "body", "link", c->link->href);
		finding_link(f, s, c->link);
		finding_detail(out, f, "leads to %.*s", STR_ARG(c->host));
	}
}

const struct detector detect_link_host = {
	.name = "link_host",
	.family = FAMILY_URL,
	.needs = NEED_LINKS,
	.run = run,
};
