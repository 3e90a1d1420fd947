/*
 * Invitations that lead somewhere: calendars enter them before anybody has looked, ring by themselves days later, and show what they
 * lead to as if the house had put it there. What is harmless: meetings by the known services, invitations whose links are of the
 * sender's house or the reader's, those of people who wrote before.
 *
 * The corpora have no invitation (November 2026): the scores are by judgement.
 */
#include "detect/detect.h"

#include "base/domain.h"
#include "detect/call.h"

#define BASE 0.3
#define LEAST 0.3
#define MOST 0.9
#define KNOWN 0.4
#define CLAIMED 0.5 /* organizer of the reader's own house, from outside */

/* Where meetings are held and dates are made; folded. */
static const char *const meeting_houses[] = {
	"zoom.us",
	"zoom.com",
	"zoomgov.com",
	"teams.microsoft.com",
	"teams.live.com",
	"meet.google.com",
	"calendar.google.com",
	"support.google.com",
	"tel.meet",
	"webex.com",
	"gotomeeting.com",
	"goto.com",
	"meet.goto.com",
	"gotowebinar.com",
	"bluejeans.com",
	"whereby.com",
	"meet.jit.si",
	"skype.com",
	"aka.ms",
	"outlook.office.com",
	"outlook.office365.com",
	"outlook.live.com",
	"ringcentral.com",
	"chime.aws",
	"calendly.com",
	"doodle.com",
	"eventbrite.com",
	"meetup.com",
	"lu.ma",
	"dialin.teams.microsoft.com",
	"microsoft.com",
	"office.com",
	"slack.com",
	"discord.gg",
	"around.co",
	"maps.google.com",
	"goo.gl",
	"maps.apple.com",
	"bigbluebutton.org",
	"telekom.de",
};

static bool is_meeting_house(struct str host)
{
	for (size_t i = 0; i < ARRAY_LEN(meeting_houses); i++)
		if (domain_is_within(host, str_of(meeting_houses[i])))
			return true;
	return false;
}

/* A link that stands in the invitation, be it in the mail as well. */
static bool is_in(const struct mime_text *t, const struct mime_link *l)
{
	return l->part == t->part || str_find(t->source, l->href, 0) != SIZE_MAX;
}

/* The link of an invitation that leads to a stranger; the worst kind of host first. NULL = none. */
static const struct call *find_stranger(const struct scan *s, const struct mime_text *t)
{
	const struct call *found = NULL;

	for (size_t i = 0; i < s->calls->n; i++) {
		const struct call *c = &s->calls->v[i];
		if (c->house || c->footer || is_meeting_house(c->host) || !is_in(t, c->link))
			continue;
		if (!found || (found->kind == HOST_OTHER && c->kind != HOST_OTHER))
			found = c;
	}
	return found;
}

static bool has_guest(const struct scan *s, const struct calendar_event *e)
{
	for (size_t i = 0; i < e->guests.n; i++)
		for (size_t k = 0; k < s->job->recipients.n; k++)
			if (str_eq_nocase(e->guests.v[i], s->job->recipients.v[k]))
				return true;
	return e->guests.n == 0 || s->job->recipients.n == 0;
}

static bool is_request(const struct calendar_event *e)
{
	return e->method.n == 0 || str_eq_nocase(e->method, STR("REQUEST")) ||
	       str_eq_nocase(e->method, STR("PUBLISH")) || str_eq_nocase(e->method, STR("ADD"));
}

static void tell_link(const struct scan *s, struct findings *out, const struct mime_text *t,
		      const struct call *c)
{
	const struct calendar_event *e = t->event;
	struct str house = domain_fold(s->arena, domain_of_address(e->organizer));
	const struct {
		bool there;
		double score;
		const char *says;
	} traits[] = {
		{ house.n > 0 && !domain_same_owner(s->arena, house, s->from.domain), 0.2,
		  "organizer is not the sender" },
		{ e->organizer.n == 0, 0.1, "no organizer" },
		{ c->kind != HOST_OTHER, 0.2, "a host where anybody may have a page" },
		{ !has_guest(s, e), 0.15, "the reader is no guest" },
		{ e->alarms > 0, 0.1, "rings by itself" },
		{ s->proof.checked && !s->proof.header_proved, 0.1, "sender not proved" },
		{ s->past.known && s->past.from.seen == 0, 0.05, "first contact" },
	};
	double score = BASE;
	struct str seen = STR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(traits); i++) {
		if (!traits[i].there)
			continue;
		score += traits[i].score;
		seen = ARENA_JOIN(s->arena, seen, STR(", "), str_of(traits[i].says));
	}
	score *= (s->calls->house_linked ? 0.6 : 1) * (s->calls->conversation ? KNOWN : 1) *
		 (sender_is_known(s) ? KNOWN : 1);
	score = score > MOST ? MOST : score;
	if (score < LEAST)
		return;
	struct finding *f = finding_add(
	    out, "link", DISP_SUSPICIOUS, score, CAT_CALENDAR_INVITE,
	    "An invitation leads to somebody who is neither its sender nor a house where meetings are held.");
	finding_where(f, "body", "invitation", c->link->href);
	finding_part(f, t->part);
	finding_detail(out, f, "leads to %.*s%.*s", STR_ARG(c->host), STR_ARG(seen));
}

/* "Your director invites you", from outside. Answers to one's own invitations name their organizer, too. */
static void tell_organizer(const struct scan *s, struct findings *out, const struct mime_text *t)
{
	const struct calendar_event *e = t->event;
	struct str house = domain_fold(s->arena, domain_of_address(e->organizer));

	if (!house.n || !is_request(e) || !sender_is_own_domain(s, house) || s->own_domain ||
	    sender_is_known(s) || s->calls->conversation)
		return;
	struct finding *f =
	    finding_add(out, "organizer", DISP_SUSPICIOUS, CLAIMED, CAT_CALENDAR_INVITE,
			"An invitation from outside names somebody of your own as its organizer.");
	finding_where(f, "body", "organizer", e->organizer);
	finding_part(f, t->part);
	finding_detail(out, f, "organizer %.*s, sender %.*s", STR_ARG(e->organizer),
		       STR_ARG(s->from.address));
}

static void run(const struct scan *s, struct findings *out)
{
	for (size_t i = 0; i < s->content->texts.n; i++) {
		const struct mime_text *t = &s->content->texts.v[i];
		if (!t->event || t->nested)
			continue;
		const struct call *c = find_stranger(s, t);
		if (c)
			tell_link(s, out, t, c);
		tell_organizer(s, out, t);
		return; /* mail programs show the first */
	}
}

const struct detector detect_calendar_invite = {
	.name = "calendar_invite",
	.family = FAMILY_CONTENT,
	.needs = NEED_FROM,
	.run = run,
};
