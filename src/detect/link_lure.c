/*
 * A mail built around one thing to click that has nothing to do with its sender: no link leads to his house, to the
 * reader's, or to where Reply-To and the list fields point, and all, or nearly all, lead to one stranger. Honest mailings do
 * that through mailing services, which are known (host_table.c), and people do it when they send each other a link; so it is
 * soft, needs markup, and grows only with traits that lures have and honest mail has not: a picture for a text, a sender at
 * a free mail provider, answers that go elsewhere, no offer to leave, one address behind everything.
 *
 * Scores were set on the corpora, November 2026.
 */
#include "detect/detect.h"

#include "base/buf.h"
#include "base/domain.h"
#include "detect/call.h"
#include "detect/forward.h"
#include "detect/lists.h"
#include "detect/text.h"

#define WORDS_FEW 25 /* a picture says the rest */
#define OWNERS_MOST 6
#define LINKS_MANY 8 /* a newsletter rather than a lure */
#define BASE 0.55
#define BASE_LIST 0.35
#define OPENLY 0.35 /* the reader sees where it leads: people write so, and programs make links of it */
#define LEAST 0.2
#define MOST 0.85 /* never alone */

static bool leads_to(const struct scan *s, const struct call *c, struct str domain)
{
	return domain.n > 0 && domain_same_owner(s->arena, c->host, domain);
}

/* All that is asked for has one and the same address, several times. */
static bool is_one_address(const struct calls *all)
{
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].footer)
			continue;
		n++;
		if (!str_eq(all->v[i].link->url.text, all->main->link->url.text))
			return false;
	}
	return n > 1;
}

static bool is_image_link(const struct calls *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct html_link *l = all->v[i].link->html;
		if (!all->v[i].footer && l && l->has_image && str_eq(all->v[i].owner, all->main->owner))
			return true;
	}
	return false;
}

static bool is_stranger(const struct scan *s)
{
	const struct calls *all = s->calls;
	const struct call *c = all->main;

	return c && !all->house_linked && !c->house && c->kind != HOST_MAILER && s->from.domain.n > 0 &&
	       !leads_to(s, c, s->reply_to.domain) && !leads_to(s, c, s->envelope.domain) &&
	       !list_is_link_wrapper(c->host) && all->owners <= OWNERS_MOST;
}

/* A letter that is sent on leads to where it says it is from. That is no proof, for anybody can say so: some of it stays. */
static bool leads_to_claimed(const struct scan *s, const struct call *c)
{
	const struct forward *f = forward_innermost(s);

	return f && (leads_to(s, c, f->sender.domain) || host_is_related(c->owner, f->sender.owner));
}

#define FEW 0.6 /* share of all that is asked for: with less it hides in a copy of somebody's newsletter */
#define HOSTS_SHOWN 3

static bool is_another(const struct call *all, const struct call *c)
{
	for (const struct call *before = all; before < c; before++)
		if (!before->footer && !before->house && str_eq(before->owner, c->owner))
			return false;
	return !c->footer && !c->house;
}

/* Hosts of strangers in the order of the mail, one of each owner, where the one most asked for is not nearly all. */
static struct str hosts(const struct scan *s)
{
	const struct calls *all = s->calls;
	struct str out = STR_NONE;
	size_t n = 0;

	if (call_share(all, all->main) >= FEW)
		return all->main->host;
	for (size_t i = 0; i < all->n && n < HOSTS_SHOWN; i++) {
		if (!is_another(all->v, &all->v[i]))
			continue;
		out = ARENA_JOIN(s->arena, out, out.n ? STR(", ") : STR_NONE, all->v[i].host);
		n++;
	}
	return out;
}

/* The first thing to click that leads to a stranger: a button stands before what only looks respectable. */
static const struct call *shown(const struct calls *all)
{
	for (size_t i = 0; i < all->n && call_share(all, all->main) < FEW; i++)
		if (is_another(all->v, &all->v[i]))
			return &all->v[i];
	return all->main;
}

struct trait {
	bool there;
	double score;
	const char *says;
};

static void run(const struct scan *s, struct findings *out)
{
	const struct calls *all = s->calls;
	const struct call *c = all->main;

	if (!is_stranger(s) || all->conversation || all->marked == 0)
		return;
	size_t words = text_word_count(s->words);
	bool list = headers_first(mime_headers(s->mail), STR("List-Unsubscribe")) != NULL;
	bool answers =
	    s->reply_to.domain.n > 0 && !domain_same_owner(s->arena, s->reply_to.domain, s->from.domain);
	const struct trait traits[] = {
		{ !all->unsubscribe, 0.05, "no link that says it unsubscribes" },
		{ all->owners == 1, 0.05, "no other site" },
		{ is_image_link(all), 0.1, "a picture to click" },
		{ words < WORDS_FEW, 0.1, "little text" },
		{ sender_is_borrowed(s), 0.1, "a sender without a domain of his own" },
		{ answers, 0.1, "answers that go elsewhere" },
		{ is_one_address(all), 0.1, "one address behind everything" },
		{ str_ends_nocase(c->link->url.path, STR(".php")), 0.1, "a script of a site" },
		{ str_eq(c->link->url.scheme, STR("http")), 0.05, "a connection in clear" },
	};
	double score = list ? BASE_LIST : BASE;
	struct str seen = STR_NONE;
	for (size_t i = 0; i < ARRAY_LEN(traits); i++) {
		if (!traits[i].there)
			continue;
		score += traits[i].score;
		seen = ARENA_JOIN(s->arena, seen, seen.n ? STR(", ") : STR_NONE, str_of(traits[i].says));
	}
	if (call_share(all, c) < FEW)
		score -= 0.15;
	if (c->plain)
		score *= 0.5;
	else if (call_shows_itself(s, c))
		score *= OPENLY;
	if (leads_to_claimed(s, c))
		score *= 0.4;
	if (all->asked > LINKS_MANY || sender_is_mail_server(s))
		score *= 0.4;
	if (sender_is_known(s))
		score *= 0.4;
	score = score > MOST ? MOST : score;
	if (score < LEAST)
		return;
	struct finding *f =
	    finding_add(out, NULL, DISP_SUSPICIOUS, score, CAT_MALICIOUS_LINK,
			"The message asks to click what leads to somebody who is not its sender.");
	finding_where(f, "body", "link", shown(all)->link->href);
	finding_link(f, s, shown(all)->link);
	finding_detail(out, f, "from %.*s to %.*s; %.*s", STR_ARG(s->from.domain), STR_ARG(hosts(s)),
		       STR_ARG(seen));
}

const struct detector detect_link_lure = {
	.name = "link_lure",
	.family = FAMILY_URL,
	.needs = NEED_FROM | NEED_LINKS,
	.run = run,
};
