/*
 * Links that hide where they lead, or start more than a browser: the visible text names one host and the address another, the host is a bare
 * IP address, stands behind "bank.example@", borrows letters of another script, or is written to be misread.
 *
 * Mailing services send every link through their own counting host, under the advertised name. So a text that
 * shows the sender's own domain is no mismatch where the mail offers to unsubscribe, and counts little where
 * all links of the mail go through one host: for a sender whose name is proved, since a lure is built like that too. Where
 * nothing is proved, a known mailing service behind the sender's name, or the sender's own host, counts as little.
 * Hosts that security gateways put before links are passed over.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "base/ip.h"
#include "detect/brands.h"
#include "detect/host_kind.h"
#include "detect/link.h"
#include "detect/lists.h"

struct seen {
	size_t n;
	const struct mime_link *first;
	struct str shown; /* what the reader sees there */
	double score;
};

enum trick {
	TRICK_OTHER_HOST,
	TRICK_ADDRESS,
	TRICK_NO_HOST,
	TRICK_USERINFO,
	TRICK_HOMOGRAPH,
	TRICK_OBSCURED,
	TRICK_PROGRAM,
	TRICK_COUNT
};

static const struct {
	const char *signal, *portion, *reason;
	const char *verb; /* of the detail: what the link does with what the reader sees */
	enum category category;
} tricks[TRICK_COUNT] = {
	[TRICK_OTHER_HOST] = { "other_host", "text and address",
			       "A link shows one site and leads to another.", "shows", CAT_LINK_OBFUSCATION },
	[TRICK_ADDRESS] = { "ip_address", "host", "A link leads to a bare IP address.", "shows",
			    CAT_MALICIOUS_LINK },
	[TRICK_NO_HOST] = { "no_host", "host",
			    "A link leads to what can be no host, as where a program did not fill it in.",
			    "is written", CAT_CONTENT_SPAM },
	[TRICK_USERINFO] = { "userinfo", "user information",
			     "A link begins with a name that is not the site it leads to.", "begins with",
			     CAT_LINK_OBFUSCATION },
	[TRICK_HOMOGRAPH] = { "homograph", "host",
			      "A link's host uses letters of another script that look like Latin ones.",
			      "reads", CAT_HOMOGRAPH },
	[TRICK_OBSCURED] = { "obscured", "address", "A link is written so that people misread it.",
			     "is written", CAT_LINK_OBFUSCATION },
	[TRICK_PROGRAM] = { "program", "address",
			    "A link opens a file server or a program instead of a page.", "is written",
			    CAT_MALICIOUS_LINK },
};

/* What is the same for all links of the mail. */
struct mail_links {
	const struct scan *scan;
	bool unsubscribe; /* a proved sender's mail offers to */
	bool one_owner;   /* all links of a proved sender's mail go through hosts of one owner */
	struct seen seen[TRICK_COUNT];
};

static void note(struct seen *seen, const struct mime_link *l, struct str shown, double score)
{
	seen->n++;
	if (score <= seen->score)
		return;
	seen->score = score;
	seen->first = l;
	seen->shown = shown;
}

/* Three links or more, all of them through hosts of one owner: a counting service, or a mail about one site. */
static bool one_owner(const struct scan *s)
{
	struct str owner = STR_NONE;
	size_t n = 0;

	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (!url_is_web(&l->url) || !l->html || l->html->kind != HTML_LINK_A)
			continue;
		struct str this = domain_registrable(s->arena, domain_fold(s->arena, l->url.host));
		if (n++ == 0)
			owner = this;
		else if (!str_eq(owner, this))
			return false;
	}
	return n >= 3;
}

/*
 * As mailings count clicks: the sender's own name is shown and a known mailing service behind it; or a site that is told of, and
 * the sender's own host behind it, or that service in a letter one can leave. A brand is shown for its name.
 */
static bool is_counting(const struct scan *s, struct str shown, struct str host)
{
	if (sender_is_borrowed(s))
		return false;
	bool service = host_kind(host) == HOST_MAILER;
	if (domain_same_owner(s->arena, shown, s->from.domain))
		return service;
	return !brand_is_domain(shown) && (domain_same_owner(s->arena, host, s->from.domain) ||
					   (service && scan_field(s, "List-Unsubscribe")));
}

static void other_host(struct mail_links *m, const struct mime_link *l, struct str host)
{
	const struct scan *s = m->scan;
	struct str shown =
	    l->html && l->html->kind == HTML_LINK_A ? link_host_shown(s->arena, l->text) : STR_NONE;
	double score = 0.7;

	if (shown.n == 0 || domain_same_owner(s->arena, shown, host) || list_is_link_wrapper(host) ||
	    list_is_link_wrapper(shown))
		return;
	bool own_site = domain_same_owner(s->arena, shown, s->from.domain),
	     count = is_counting(s, shown, host);
	if (m->unsubscribe)
		score = own_site ? 0 : m->one_owner ? 0.1 : 0.25;
	else if (own_site && s->proof.header_proved)
		score = 0.2;
	else if (m->one_owner || count)
		score = 0.4;
	if (score > 0)
		note(&m->seen[TRICK_OTHER_HOST], l, shown, score);
}

static void bare_address(const struct mime_link *l, struct str host, struct seen *seen)
{
	struct ip_block one = { .bits = 32 };

	if (!link_host_is_address(host))
		return;
	if (ip_parse(host, &one.ip) == OK && one.ip.family == 4 && ip_block_is_private(&one))
		return; /* inside the house */
	note(seen, l, host, l->html ? 0.5 : 0.2);
}

/*
 * Handlers of Windows that run what the address tells them, and files on somebody's server: to open one is to log in
 * there. Files of the writer's own disk lead nowhere.
 */
static bool starts_program(struct arena *a, const struct url *u)
{
	static const struct str handlers[] = {
		STR_INIT("ms-msdt"),   STR_INIT("search-ms"),       STR_INIT("ms-officecmd"),
		STR_INIT("ms-search"), STR_INIT("ms-appinstaller"), STR_INIT("vbscript"),
		STR_INIT("smb")
	};
	size_t slashes = 0;

	for (size_t i = 0; i < ARRAY_LEN(handlers); i++)
		if (str_eq(u->scheme, handlers[i]))
			return true;
	if (!str_eq(u->scheme, STR("file")))
		return false;
	while (slashes < u->path.n && (u->path.p[slashes] == '/' || u->path.p[slashes] == '\\'))
		slashes++;
	struct str host = str_sub(u->path, slashes, u->path.n);
	size_t share = 0;
	while (share < host.n && host.p[share] != '/' && host.p[share] != '\\')
		share++;
	if (!(slashes == 2 || slashes >= 4) || host.n <= 1 || host.p[1] == ':' || host.p[1] == '|' ||
	    str_starts_nocase(host, STR("localhost")))
		return false;
	/* "file://config.json/" is what a program made of a word; a server has a share, or the name of one. */
	struct str name = str_sub(host, 0, share);
	return share + 1 < host.n || link_host_is_address(name) ||
	       domain_suffix_is_known(a, arena_lower(a, name));
}

static void look(struct mail_links *m, const struct mime_link *l)
{
	struct arena *a = m->scan->arena;
	struct seen *seen = m->seen;
	struct str host = domain_fold(a, l->url.host), shown;

	other_host(m, l, host);
	bare_address(l, host, &seen[TRICK_ADDRESS]);
	if (str_starts(host, STR("[")) && !link_host_is_address(host))
		note(&seen[TRICK_NO_HOST], l, l->href, l->html ? 0.5 : 0.2);
	if (link_host_is_homograph(a, host, &shown))
		note(&seen[TRICK_HOMOGRAPH], l, shown, 0.8);
	if (l->url.userinfo.n > 0) {
		/* Before the '@' stands what looks like a host; a name and a password are only odd. */
		bool like_host = str_find_char(l->url.userinfo, '.', 0) != SIZE_MAX ||
				 str_find_nocase(l->url.userinfo, STR("www"), 0) != SIZE_MAX;
		note(&seen[TRICK_USERINFO], l, l->url.userinfo, like_host ? 0.8 : 0.3);
	} else if (l->url.odd && l->html) {
		note(&seen[TRICK_OBSCURED], l, l->href, 0.4);
	}
}

static void tell(const struct scan *s, struct findings *out, enum trick t, const struct seen *seen)
{
	double score = sender_is_known(s) ? seen->score * 0.5 : seen->score;
	struct finding *f =
	    finding_add(out, tricks[t].signal, DISP_SUSPICIOUS, score, tricks[t].category, tricks[t].reason);

	finding_where(f, seen->first->field ? "header" : "body", tricks[t].portion, seen->first->href);
	finding_link(f, s, seen->first);
	if (t == TRICK_PROGRAM || t == TRICK_NO_HOST)
		finding_detail(out, f, "%.*s", STR_ARG(seen->first->href));
	else if (t == TRICK_ADDRESS)
		finding_detail(out, f, "%zu link%s to %.*s", seen->n, seen->n == 1 ? "" : "s",
			       STR_ARG(seen->first->url.host));
	else
		finding_detail(out, f, "%s %.*s, leads to %.*s%s", tricks[t].verb, STR_ARG(seen->shown),
			       STR_ARG(seen->first->url.host), seen->n > 1 ? ", and more such links" : "");
}

static void run(const struct scan *s, struct findings *out)
{
	bool proved = s->proof.header_proved;
	struct mail_links m = {
		.scan = s,
		.unsubscribe =
		    proved && headers_first(mime_headers(s->mail), STR("List-Unsubscribe")) != NULL,
		.one_owner = proved && one_owner(s),
	};

	for (size_t i = 0; i < s->content->links.n; i++) {
		const struct mime_link *l = &s->content->links.v[i];
		if (starts_program(s->arena, &l->url))
			note(&m.seen[TRICK_PROGRAM], l, l->href, l->html ? 0.7 : 0.2);
		if (url_is_web(&l->url) && (!l->html || l->html->kind != HTML_LINK_RESOURCE))
			look(&m, l);
	}
	for (int t = 0; t < TRICK_COUNT; t++)
		if (m.seen[t].n > 0)
			tell(s, out, (enum trick)t, &m.seen[t]);
}

const struct detector detect_link_mismatch = {
	.name = "link_mismatch",
	.family = FAMILY_URL,
	.needs = NEED_LINKS,
	.run = run,
};
