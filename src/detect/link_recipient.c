/*
 * A link that carries the recipient's own address, plain or in base64: pages that take passwords greet their visitor with
 * it and fill the first field in. Newsletters' links to unsubscribe, and services the reader has an account at, carry it
 * too; so links of the sender's own house, of mailing services and at the foot of a mail are passed over, and a mail that
 * offers to unsubscribe makes less of it. Behind "#" no server sees it, only a script on the page does: there it is hardly
 * ever honest.
 */
#include "detect/detect.h"

#include "base/base64.h"
#include "base/domain.h"
#include "detect/call.h"
#include "mime/address.h"

#define PEOPLE_MAX 8    /* a mail to more is meant for nobody's password */
#define ADDRESS_LEAST 6 /* "a@b.de" */
#define LEAST 0.2       /* less is what newsletters have */
#define RUN_LEAST 12    /* base64 letters that may hold an address */

enum place { PLACE_NONE, PLACE_QUERY, PLACE_CODED, PLACE_FRAGMENT };

static const struct {
	double score;
	const char *portion;
} places[] = {
	[PLACE_QUERY] = { 0.6, "address" },
	[PLACE_CODED] = { 0.75, "base64" },
	[PLACE_FRAGMENT] = { 0.8, "fragment" },
};

static void add(const struct scan *s, struct strs *people, struct str address)
{
	if (address.n >= ADDRESS_LEAST && str_find_char(address, '@', 0) != SIZE_MAX &&
	    people->n < PEOPLE_MAX && !str_eq_nocase(address, s->from.address))
		ARENA_PUSH(s->arena, people, address);
}

static struct strs recipients(const struct scan *s)
{
	struct strs people = { 0 };
	struct str to = headers_value(s->arena, mime_headers(s->mail), STR("To"));
	struct addresses list = address_parse(s->arena, to);

	if (list.n > PEOPLE_MAX || s->job->recipients.n > PEOPLE_MAX)
		return people;
	for (size_t i = 0; i < s->job->recipients.n; i++)
		add(s, &people, s->job->recipients.v[i]);
	for (size_t i = 0; i < list.n; i++)
		add(s, &people, list.v[i].addr);
	return people;
}

static bool holds(struct str text, const struct strs *people)
{
	for (size_t i = 0; i < people->n; i++)
		if (str_find_nocase(text, people->v[i], 0) != SIZE_MAX)
			return true;
	return false;
}

static bool is_base64(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
	       c == '/' || c == '-' || c == '_';
}

/* A run of base64, in either alphabet; what does not decode holds nothing. A "/" before it may be the path's. */
static bool run_holds(struct arena *a, struct str run, const struct strs *people)
{
	char *z = arena_alloc(a, run.n + 4);
	size_t n = run.n - run.n % 4;
	struct str bytes;

	for (size_t i = 0; i < run.n; i++)
		z[i] = run.p[i] == '-' ? '+' : run.p[i] == '_' ? '/' : run.p[i];
	if (run.n % 4 > 1)
		for (n = run.n; n % 4;)
			z[n++] = '=';
	return base64_decode(a, str_from(z, n), &bytes) == OK && holds(bytes, people);
}

static bool coded(struct arena *a, struct str text, const struct strs *people)
{
	for (size_t from = 0; from < text.n;) {
		size_t end = from;
		while (end < text.n && is_base64(text.p[end]))
			end++;
		if (end - from >= RUN_LEAST) {
			struct str run = str_sub(text, from, end);
			size_t slash = str_rfind_char(run, '/');
			if (run_holds(a, run, people) ||
			    (slash != SIZE_MAX && run.n - slash > RUN_LEAST &&
			     run_holds(a, str_sub(run, slash + 1, run.n), people)))
				return true;
		}
		from = end + 1;
	}
	return false;
}

static enum place place_in(struct arena *a, const struct url *u, const struct strs *people)
{
	struct str fragment = url_percent_decode(a, u->fragment);
	struct str rest = url_percent_decode(a, ARENA_JOIN(a, u->path, STR("?"), u->query));

	if (holds(fragment, people) || coded(a, fragment, people))
		return PLACE_FRAGMENT;
	if (coded(a, rest, people))
		return PLACE_CODED;
	return holds(rest, people) ? PLACE_QUERY : PLACE_NONE;
}

static double weigh(const struct scan *s, const struct call *c, enum place place)
{
	const struct calls *all = s->calls;
	double score = places[place].score;

	if (all->unsubscribe && place != PLACE_FRAGMENT)
		score *= 0.7;
	if (all->house_linked)
		score *= 0.4;
	if (c->plain)
		score *= 0.5;
	if (all->conversation)
		score *= 0.4;
	return sender_is_known(s) ? score * 0.5 : score;
}

static void run(const struct scan *s, struct findings *out)
{
	const struct strs people = recipients(s);
	const struct call *best = NULL;
	enum place where = PLACE_NONE;
	double most = 0;

	for (size_t i = 0; people.n > 0 && i < s->calls->n; i++) {
		const struct call *c = &s->calls->v[i];
		if (c->footer || c->house || c->kind == HOST_MAILER)
			continue;
		enum place place = place_in(s->arena, &c->link->url, &people);
		double score = place == PLACE_NONE ? 0 : weigh(s, c, place);
		if (score > most) {
			most = score;
			best = c;
			where = place;
		}
	}
	if (!best || most < LEAST)
		return;
	struct finding *f =
	    finding_add(out, NULL, DISP_SUSPICIOUS, most, CAT_CREDENTIAL_HARVESTER,
			"A link to somebody else's site carries the recipient's own address.");
	finding_where(f, "body", places[where].portion, best->link->href);
	finding_link(f, s, best->link);
	finding_detail(out, f, "leads to %.*s", STR_ARG(best->host));
}

const struct detector detect_link_recipient = {
	.name = "link_recipient",
	.family = FAMILY_URL,
	.needs = NEED_LINKS,
	.run = run,
};
