/*
 * Who a mail that is forwarded by hand claims to be from (forward.h): what the detectors of senders say of that one, were he the
 * sender. People send on what they were sent, to ask what it is or to report it, and then From is that of a person who did
 * nothing wrong; the lure's own sender stands in the text alone.
 *
 * All of it is claimed, so it is soft and never enough alone; and it speaks against what is forwarded only, never for it: an
 * address of a well-known house costs nothing to write.
 */
#include "detect/detect.h"

#include "base/abnf.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "detect/brands.h"
#include "detect/call.h"
#include "detect/forward.h"
#include "detect/host_kind.h"
#include "detect/lists.h"
#include "detect/text.h"

#define MOST 0.8 /* of all findings together */
#define LEAST 0.1
#define MACHINE 0.3
#define ANSWERS 0.4
#define AWAY 0.35
#define AWAY_LEAST 0.2 /* of what speaks against the claimed sender, for a link to count */
#define NAME_SHOWN 60  /* bytes of a name in a sentence */

/*
 * Who is asked about the claimed sender, from which score on it counts, and what of it stays, for he is claimed only. News that
 * name a brand, and people who work for one, are sent on as well, and give those least scores.
 */
static const struct {
	const struct detector *by;
	const char *signal;
	double least, share;
	const char *reason; /* NULL: a sentence with his name */
} asked[] = {
	{ &detect_brand_impersonation, "brand", 0.5, 0.6, NULL },
	{ &detect_brand_unproved, "brand_links", 0.45, 0.5,
	  "The mail forwards one from the address of a well-known brand, and no link in it leads to the "
	  "brand." },
	{ &detect_house_impersonation, "office", 0.5, 0.6,
	  "The mail forwards one whose sender poses as those who run mail or accounts, from a foreign "
	  "domain." },
	{ &detect_lookalike_domain, "lookalike", 0.3, 0.6,
	  "The mail forwards one from a domain that is nearly one of yours or a well-known one." },
	{ &detect_from_spoof, "shown_address", 0.3, 0.6,
	  "The mail forwards one whose sender shows another address than its own." },
	{ &detect_name_impersonation, "name", 0.3, 0.5,
	  "The mail forwards one in the name of somebody you protect, from an address that is not theirs." },
	{ &detect_free_mail_boss, "boss", 0.3, 0.6,
	  "The mail forwards one that was written as by the head of a firm, from a free mailbox." },
};

struct judging {
	const struct scan *s;
	struct findings *out;
	const struct forward *f;
	struct scan claimed;
	double sum;
};

/*
 * The mail as if the claimed sender had sent it, with nothing proved: the text without the copied header, and no fields of From's.
 * That it is a forward stays known; where, is said of the texts of the mail itself, so nobody who is asked reads forward_text().
 */
static void claim(struct judging *j)
{
	const struct scan *s = j->s;
	const struct forward *f = j->f;
	struct mime_content *content = ARENA_NEW(s->arena, struct mime_content);
	struct mime_text *text = ARENA_NEW(s->arena, struct mime_text);
	struct scan_job *job = ARENA_NEW(s->arena, struct scan_job);
	struct scan *c = &j->claimed;

	*content = *s->content;
	*text = s->content->texts.v[s->forwards->text];
	text->source = forward_text(s, f);
	if (text->html) {
		struct html_text *html = ARENA_NEW(s->arena, struct html_text);
		*html = *text->html;
		html->text = text->source;
		text->html = html;
	}
	content->texts.v = text;
	content->texts.n = 1;
	*job = *s->job;
	if (f->recipients.n > 0)
		job->recipients = f->recipients;
	*c = *s;
	c->job = job;
	c->content = content;
	c->from = f->sender;
	c->from_domains = (struct strs){ &c->from.domain, 1 };
	c->subject = f->subject;
	c->body_words = text_fold(s->arena, &text->source, 1);
	c->reply_to = c->sender = (struct identity){ 0 };
	c->mailboxes = (struct mailboxes){ 0 };
	c->proof = (struct proof){ 0 };
	c->past = (struct past){ 0 };
	c->own_domain = false;
}

/* A name as a sentence may have it. */
static struct str quotable(struct arena *a, struct str name)
{
	struct str clean = defang(a, utf8_cut(utf8_clean(a, name), NAME_SHOWN));
	char *p = arena_alloc(a, clean.n + 1);

	for (size_t i = 0; i < clean.n; i++)
		p[i] = clean.p[i] == '"' || (unsigned char)clean.p[i] < ' ' ? ' ' : clean.p[i];
	return str_trim(str_from(p, clean.n));
}

static const char *brand_reason(const struct judging *j)
{
	const struct identity *id = &j->f->sender;
	const char *from = list_is_free_mail(id->owner) ? "a free mailbox" : "a domain of somebody else";
	struct str name = quotable(j->s->arena, id->name);

	if (name.n == 0)
		return "The mail forwards one that speaks for a well-known brand and came from somebody "
		       "else.";
	return arena_printf(j->s->arena, "The mail forwards one that calls itself \"%.*s\" and came from %s.",
			    STR_ARG(name), from)
	    .p;
}

static struct finding *tell(struct judging *j, const char *signal, double score, enum category category,
			    const char *reason)
{
	const struct identity *id = &j->f->sender;
	const struct mime_text *text = &j->s->content->texts.v[j->s->forwards->text];

	if (sender_is_known(j->s))
		score *= 0.5;
	if (score > MOST - j->sum)
		score = MOST - j->sum;
	if (score < LEAST)
		return NULL;
	j->sum += score;
	struct finding *f = finding_add(j->out, signal, DISP_SUSPICIOUS, score, category, reason);
	finding_where(f, "body", "forwarded sender", id->address.n ? id->address : id->name);
	finding_part(f, text->part);
	return f;
}

/* The heaviest of what a detector says of him, taken out of the findings again; score 0: nothing. */
static struct finding ask(struct judging *j, const struct detector *by)
{
	size_t before = j->out->n;
	struct finding heaviest = { 0 };

	by->run(&j->claimed, j->out);
	for (size_t i = before; i < j->out->n; i++) {
		const struct finding *f = &j->out->v[i];
		if (HAS(f, finding, category) && f->score > heaviest.score)
			heaviest = *f;
	}
	j->out->n = before;
	return heaviest;
}

static void ask_all(struct judging *j)
{
	const struct mime_content *whole = j->claimed.content;
	struct mime_content unlinked = *whole;

	unlinked.links.n = 0;
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		/* what links look like was said of the mail itself */
		j->claimed.content = asked[i].by == &detect_lookalike_domain ? &unlinked : whole;
		struct finding what = ask(j, asked[i].by);
		if (what.score < asked[i].least)
			continue;
		struct finding *f =
		    tell(j, asked[i].signal, what.score * asked[i].share, (enum category)what.category,
			 asked[i].reason ? asked[i].reason : brand_reason(j));
		if (f && HAS(&what, finding, detail))
			SET(f, finding, detail, what.detail);
	}
	j->claimed.content = whole;
}

static bool is_one_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!abnf_is_alnum((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

/* "jzwjirchjpbl@…", "info@zyfgsxfrzhkwbwl.example.net": as nobody calls himself. Relays of well-known houses do. */
static bool is_machine_made(const struct judging *j)
{
	const struct identity *id = &j->f->sender;
	struct str local =
	    text_as_latin(j->s->arena, str_sub(id->address, 0, str_rfind_char(id->address, '@')));

	if (brand_is_domain(id->domain))
		return false;
	for (size_t at = 0; at < id->domain.n;) {
		size_t dot = str_find_char(id->domain, '.', at);
		if (dot != SIZE_MAX && host_is_random(str_sub(id->domain, at, dot)))
			return true;
		at = dot == SIZE_MAX ? id->domain.n : dot + 1;
	}
	/* Others have marks of their own in it, by which lists know whom a bounce is of. */
	return is_one_word(local) && host_is_random(local);
}

/* A button that writes to a free mailbox, in mail of a house that has one of its own. */
static struct str answers_to(const struct judging *j)
{
	const struct mime_content *c = j->s->content;
	const struct forward *f = j->f;
	struct str shown;

	for (size_t i = 0; i < c->links.n; i++) {
		const struct mime_link *l = &c->links.v[i];
		size_t at = 0;
		if (!l->html || l->field || !str_starts_nocase(l->href, STR("mailto:")) ||
		    str_find_char(l->text, '@', 0) != SIZE_MAX || !sender_shown_address(l->href, &at, &shown))
			continue;
		struct str domain = domain_fold(j->s->arena, domain_of_address(shown));
		if (list_is_free_mail(domain_owner(j->s->arena, domain)) &&
		    !str_eq_nocase(shown, f->sender.address) && !str_eq_nocase(shown, j->s->from.address) &&
		    !strs_has(&f->recipients, shown))
			return shown;
	}
	return STR_NONE;
}

static void judge(struct judging *j)
{
	const struct identity *id = &j->f->sender;
	struct str shown;

	if (sender_is_own_domain(j->s, id->domain) || str_eq_nocase(id->address, j->s->from.address))
		return;
	claim(j);
	if (id->domain.n > 0)
		ask_all(j);
	struct finding *made = is_machine_made(j)
				   ? tell(j, "machine", MACHINE, CAT_CONTENT_SPAM,
					  "The mail forwards one from an address as machines make them.")
				   : NULL;
	if (made)
		finding_detail(j->out, made, "%.*s", STR_ARG(id->address));
	if (!list_is_free_mail(id->owner) && (shown = answers_to(j)).n > 0) {
		struct finding *f =
		    tell(j, "answers", ANSWERS, CAT_CREDENTIAL_HARVESTER,
			 "The mail forwards one whose answers go to a free mailbox that is not "
			 "its sender's.");
		if (f)
			finding_detail(j->out, f, "from %.*s, answers to %.*s", STR_ARG(id->domain),
				       STR_ARG(shown));
	}
}

/*
 * What is forwarded as plain text has its buttons as "<https://…>", where link_lure looks at markup: people send each other
 * addresses in plain text. In a name that is not the sender's it is no such address.
 */
static void tell_link(struct judging *j)
{
	const struct call *c = j->s->calls->main;

	if (!c || !c->plain || c->house || c->kind == HOST_MAILER || brand_is_domain(c->host) ||
	    list_is_link_wrapper(c->host) || j->sum < AWAY_LEAST ||
	    domain_same_owner(j->s->arena, c->host, j->f->sender.domain))
		return;
	struct finding *f = finding_add(
	    j->out, "link", DISP_SUSPICIOUS, sender_is_known(j->s) ? AWAY * 0.5 : AWAY, CAT_MALICIOUS_LINK,
	    "What the mail forwards is in a name that is not its sender's, and leads to somebody else.");
	SET(f, finding, family, (int64_t)FAMILY_URL);
	finding_where(f, "body", "link", c->link->href);
	finding_link(f, j->s, c->link);
	finding_detail(j->out, f, "to %.*s", STR_ARG(c->host));
}

static void run(const struct scan *s, struct findings *out)
{
	struct judging j = { .s = s, .out = out };

	if (!s->forwards || sender_is_bounce(s))
		return;
	/* The innermost is what was sent first; others may be people who passed it on. */
	for (size_t i = s->forwards->n; i-- > 0 && j.sum == 0;) {
		j.f = &s->forwards->v[i];
		judge(&j);
	}
	tell_link(&j);
}

const struct detector detect_forwarded = {
	.name = "forwarded",
	.family = FAMILY_SENDER,
	.needs = NEED_FROM | NEED_WORDS | NEED_OTHERS, /* requests that text_scam found are asked for */
	.run = run,
};
