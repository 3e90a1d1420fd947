/* The words of a report. */
#include "courier/phish_text.h"

#include "base/abnf.h"
#include "base/clock.h"
#include "base/domain.h"
#include "base/ip.h"
#include "base/utf8.h"
#include "courier/shared.h"

#define CONTENT_MAX (64u << 10)
#define TEXT_MAX 300     /* of one text of a mail */
#define LISTED 20        /* of each kind of thing; the rest is counted */
#define TO_MAX 100       /* recipients in `fields` */
#define DOT STR("[dot]") /* for a dot, as in reasons and details (detect/finding.c) */
#define BIT(cause) (1u << (cause))

/* ---- harmless text ---- */

/* Those who make links of text take ideographic dots for dots, too; at the end of a sentence they stay what they are. */
static bool is_dot(uint32_t cp)
{
	return cp == '.' || cp == 0x3002 || cp == 0xff61;
}

/* What looks like a character that links are made of, and is that after a compatible normalization (NFKC). */
static uint32_t unmask(uint32_t cp)
{
	static const struct {
		uint32_t masked, plain;
	} masks[] = {
		{ 0x2024, '.' }, { 0xfe52, '.' }, { 0xff0e, '.' }, { 0xfe55, ':' },
		{ 0xff1a, ':' }, { 0xfe6b, '@' }, { 0xff20, '@' }, { 0xff0f, '/' },
	};

	for (size_t i = 0; i < ARRAY_LEN(masks); i++)
		if (cp == masks[i].masked)
			return masks[i].plain;
	return cp;
}

static bool is_space(uint32_t cp)
{
	return cp == ' ' || cp == 0x2028 || cp == 0x2029 || (utf8_is_control(cp) && !utf8_is_invisible(cp));
}

static bool is_word(uint32_t cp)
{
	return cp >= 0x80 || (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') ||
	       (cp >= 'A' && cp <= 'Z') || cp == '_' || cp == '-';
}

/*
 * CommonMark takes a backslash before these for the character alone. HTML is another thing: whoever shows the text as it
 * is must not meet a tag.
 */
static void add_plain(struct buf *b, uint32_t cp)
{
	static const struct str marks = STR_INIT("\\`*_[](){}#|~!$");

	if (cp == '<')
		buf_add_c(b, "&lt;");
	else if (cp == '>')
		buf_add_c(b, "&gt;");
	else if (cp == '&')
		buf_add_c(b, "&amp;");
	else if (cp < 0x80 && str_find_char(marks, (char)cp, 0) != SIZE_MAX)
		buf_printf(b, "\\%c", (char)cp);
	else
		utf8_add(b, cp);
}

struct str phish_text_plain(struct arena *a, struct str text, size_t max)
{
	struct str s = utf8_clean(a, utf8_cut(text, max));
	uint32_t before = ' ';
	struct buf b;

	buf_init(&b, 6 * s.n + 16);
	for (size_t at = 0; at < s.n;) {
		if (str_starts(str_sub(s, at, s.n), DOT)) { /* in a reason it stands already */
			buf_add(&b, DOT);
			at += DOT.n;
			before = ']';
			continue;
		}
		uint32_t cp = unmask(utf8_next(s, &at));
		size_t ahead = at;
		uint32_t next = at < s.n ? utf8_next(s, &ahead) : ' ';
		if (utf8_is_invisible(cp))
			continue;
		if (is_space(cp)) {
			if (before != ' ')
				buf_add_char(&b, ' ');
			before = ' ';
			continue;
		}
		/*
		 * Wherever a host, an address or a scheme could be found. These brackets need no backslash: nothing in a report
		 * says where [dot] would lead, nor can a mail say so, for its other brackets have one.
		 */
		if (is_dot(cp) && is_word(next))
			buf_add(&b, DOT);
		else if (cp == '@')
			buf_add_c(&b, "[at]");
		else if (cp == ':' && !is_space(next))
			buf_add_c(&b, "[:]");
		else
			add_plain(&b, cp);
		before = cp;
	}
	if (s.n < text.n)
		buf_add_c(&b, "…");
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

/* ---- the sentences ---- */

enum condition {
	IF_BEC = 1 << 0,
	IF_CAMPAIGN = 1 << 1,
	IF_AFTER = 1 << 2,
	IF_SUBMISSION = 1 << 3,
	IF_DELIVERED = 1 << 4,
	IF_HELD = 1 << 5,
	IF_LIKE = 1 << 6, /* there are near-identical mails that were not found bad */
	IF_LINKS = 1 << 7,
	IF_FILES = 1 << 8,
	IF_UNKNOWN = 1 << 9, /* no mail of ours is known to be it */
	IF_ELSE = 1 << 10,   /* neither delivered nor held */
	IF_GOOD = 1 << 11,   /* nothing bad is left of it */
	IF_HOSTS = 1 << 12,  /* it leads to hosts that are nobody else's */
	IF_AGAIN = 1 << 13,  /* bad after its release */
};

struct sentence {
	unsigned must, not ; /* bits of enum condition */
	const char *text;
};

static const struct sentence what[] = {
	{ IF_GOOD, 0, "It was found to be good since: what is told here was an error." },
	{ IF_BEC, IF_GOOD,
	  "Somebody poses as a person or a company that the reader trusts, most likely to get money or "
	  "secrets." },
	{ IF_AFTER, 0, "The mail was delivered before it was found to be bad." },
	{ IF_AGAIN, 0, "The mail was held and released, and found to be bad after that." },
	{ IF_SUBMISSION, 0, "Somebody submitted the mail as bad, and that was confirmed." },
	{ IF_UNKNOWN, 0, "It was not found among the mail that this server has seen." },
};

static const struct sentence done[] = {
	{ IF_HELD, IF_DELIVERED,
	  "Every copy that was not refused is held in quarantine; nobody has read it." },
	{ IF_DELIVERED, IF_HELD,
	  "The mail is in the mailboxes of its recipients: nothing has taken it out of there." },
	{ IF_DELIVERED | IF_HELD, 0, "Some copies are held in quarantine, others are in mailboxes." },
	{ IF_ELSE, IF_UNKNOWN, "No copy was delivered." },
	{ IF_UNKNOWN, 0, "Nothing could be done about it here." },
};

static const struct sentence next[] = {
	{ IF_GOOD, 0, "Undo what was done because of this report." },
	{ IF_GOOD | IF_HELD, 0, "Release what is held of it." },
	{ IF_DELIVERED, IF_GOOD,
	  "Take the mail out of the mailboxes of those it was delivered to, who are listed under Who." },
	{ IF_DELIVERED, IF_GOOD, "Ask them whether they answered, opened an attachment or followed a link." },
	{ IF_DELIVERED | IF_LINKS, IF_GOOD,
	  "Change the passwords of those who gave theirs, and end their sessions." },
	{ IF_DELIVERED | IF_FILES, IF_GOOD, "Look at the computers of those who opened an attachment." },
	{ IF_BEC, IF_GOOD,
	  "Ask the person or company that is named, by another way than mail, before anything is paid." },
	{ IF_LIKE, IF_GOOD,
	  "Look at the similar mails that were not found to be bad, and reclassify them if they are." },
	{ IF_HOSTS, IF_GOOD,
	  "Block the hosts listed under Indicators where people browse, but none that is shared with "
	  "others." },
	{ IF_CAMPAIGN, IF_GOOD, "Block the sender if no good mail comes from there." },
	{ IF_HELD, IF_DELIVERED | IF_GOOD, "Release nothing of it before somebody has looked at it." },
	{ IF_UNKNOWN, IF_GOOD, "Find out how it came to whoever submitted it." },
};

/* ---- where its links lead ---- */

/* Text that only looks like a host: "readme.md", or the rest of a header that could not be read. */
static bool is_bare(const struct link *l)
{
	return !l->text.n && str_find_char(l->href, '/', 0) == SIZE_MAX &&
	       !str_starts_nocase(l->href, STR("mailto:")) && !str_starts_nocase(l->href, STR("www."));
}

/* Whether a link leads there, and not bare text alone. */
static bool is_linked(const struct link_list *links, struct str host)
{
	bool bare = false;

	for (size_t i = 0; i < links->n; i++) {
		if (str_find(links->v[i].href, host, 0) == SIZE_MAX)
			continue;
		if (!is_bare(&links->v[i]))
			return true;
		bare = true;
	}
	return !bare;
}

/* What is the reader's own is in the mail to deceive. */
static bool is_readers(const struct phish_facts *f, struct str host)
{
	for (size_t i = 0; i < f->own.n; i++)
		if (domain_is_within(host, f->own.v[i]))
			return true;
	return false;
}

static struct strs hosts_of(struct arena *a, const struct phish_facts *f, bool own_only)
{
	const struct record *r = f->mail;
	struct strs out = { NULL, 0 };
	struct link_list links = { NULL, 0 };

	for (size_t i = 0; r->detections && i < r->detections->links.n; i++) {
		struct link link = r->detections->links.v[i];
		link.href = arena_lower(a, link.href);
		ARENA_PUSH(a, &links, link);
	}
	for (size_t i = 0; i < r->link_hosts.n; i++) {
		struct str host = r->link_hosts.v[i];
		struct str folded = domain_fold(a, host);
		if (!(own_only && shared_host(a, folded)) && !is_readers(f, folded) &&
		    is_linked(&links, host))
			ARENA_PUSH(a, &out, host);
	}
	return out;
}

static unsigned conditions_of(struct arena *a, const struct phish_facts *f)
{
	const struct detections *d = f->mail->detections;
	unsigned c = 0;

	c |= f->causes & BIT(REPORT_BEC) ? IF_BEC : 0;
	c |= f->causes & BIT(REPORT_CAMPAIGN) ? IF_CAMPAIGN : 0;
	c |= f->causes & BIT(REPORT_AFTER_DELIVERY) ? IF_AFTER : 0;
	c |= f->causes & BIT(REPORT_AFTER_RELEASE) ? IF_AGAIN : 0;
	c |= f->causes & BIT(REPORT_SUBMISSION) ? IF_SUBMISSION : 0;
	c |= f->delivered ? IF_DELIVERED : 0;
	c |= f->held ? IF_HELD : 0;
	c |= f->harmless ? IF_LIKE : 0;
	c |= d && d->links.n ? IF_LINKS : 0;
	c |= hosts_of(a, f, true).n ? IF_HOSTS : 0;
	c |= d && d->attachments.n ? IF_FILES : 0;
	c |= f->submitted_only ? IF_UNKNOWN : 0;
	c |= !f->delivered && !f->held ? IF_ELSE : 0;
	c |= !f->mails ? IF_GOOD : 0;
	return c;
}

/* ---- pieces of the content ---- */

struct writer {
	struct buf b;
	struct arena *a;
	const struct phish_facts *f;
	unsigned conditions;
};

static void say(struct writer *w, const struct sentence *v, size_t n, const char *before, const char *after)
{
	for (size_t i = 0; i < n; i++)
		if ((v[i].must & w->conditions) == v[i].must && !(v[i].not &w->conditions))
			buf_printf(&w->b, "%s%s%s", before, v[i].text, after);
}
#define SAY(w, table, before, after) say((w), (table), ARRAY_LEN(table), (before), (after))

static void row(struct writer *w, const char *name, struct str text)
{
	if (text.n)
		buf_printf(&w->b, "- %s: %.*s\n", name, STR_ARG(phish_text_plain(w->a, text, TEXT_MAX)));
}

static void row_time(struct writer *w, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_MAX];
	struct str t = clock_zoneless(us, text);

	if (us)
		buf_printf(&w->b, "- %s: %.10s %.8s UTC\n", name, t.p, t.n > 11 ? t.p + 11 : "");
}

/* Each text once. */
static void list(struct writer *w, const char *name, const struct strs *v)
{
	for (size_t i = 0; i < v->n && i < LISTED; i++)
		row(w, name, v->v[i]);
	if (v->n > LISTED)
		buf_printf(&w->b, "- %s: %zu more\n", name, v->n - LISTED);
}

/*
 * What people copy into a search: as it is, where nothing in it could be followed or become anything else. In a code span
 * no sign means anything.
 */
static void row_copied(struct writer *w, const char *name, struct str text)
{
	static const struct str safe = STR_INIT("-+=_.@$%~,");
	bool plain = text.n && text.n <= TEXT_MAX && str_find(text, STR("www."), 0) == SIZE_MAX;

	for (size_t i = 0; i < text.n && plain; i++)
		plain =
		    abnf_is_alnum((unsigned char)text.p[i]) || str_find_char(safe, text.p[i], 0) != SIZE_MAX;
	if (plain)
		buf_printf(&w->b, "- %s: `%.*s`\n", name, STR_ARG(text));
	else
		row(w, name, text);
}

static struct str without_brackets(struct str id)
{
	return str_starts(id, STR("<")) && str_ends(id, STR(">")) ? str_sub(id, 1, id.n - 1) : id;
}

static void list_people(struct writer *w, const char *name, const struct phish_people *all)
{
	for (size_t i = 0; i < all->v.n && i < LISTED; i++)
		row_copied(w, name, all->v.v[i]);
	if (all->v.n > LISTED)
		buf_printf(&w->b, "- %s: %s%zu more\n", name, all->more ? "at least " : "",
			   all->v.n - LISTED);
}

static void say_released(struct writer *w)
{
	const struct phish_release_list *v = &w->f->releases;

	for (size_t i = 0; i < v->n && i < LISTED; i++) {
		char text[CLOCK_TEXT_MAX];
		struct str t = clock_zoneless(v->v[i].at_us, text);
		struct str who = phish_text_plain(w->a, v->v[i].who, TEXT_MAX);
		buf_printf(&w->b, "%s was held on arrival, and released by %.*s at %.10s %.8s UTC.\n",
			   w->f->mails > 1 ? "A mail of it" : "It", STR_ARG(who), t.p,
			   t.n > 11 ? t.p + 11 : "");
	}
}

static void say_campaign(struct writer *w)
{
	const struct phish_facts *f = w->f;
	char text[CLOCK_TEXT_MAX];

	if (!(w->conditions & IF_CAMPAIGN) || !f->wave)
		return;
	struct str t = clock_zoneless(f->wave_us, text);
	const char *least = f->more ? "at least " : "";
	buf_printf(
	    &w->b,
	    "Mails that belong together came, which makes them a campaign: %zu of %s%zu came within an "
	    "hour, from %.10s %.8s UTC.\n",
	    f->wave, least, f->mails, t.p, t.n > 11 ? t.p + 11 : "");
}

/* What was judged otherwise later is no reason why, but something that was done. */
static bool is_history(struct str reason)
{
	return str_starts(reason, STR("Reclassified "));
}

static void list_reasons(struct writer *w, const char *name, bool history)
{
	const struct strs *v = &w->f->mail->message->detection_reasons;
	struct strs some = { NULL, 0 };

	for (size_t i = 0; i < v->n; i++)
		if (is_history(v->v[i]) == history && !strs_has(&some, v->v[i]))
			ARENA_PUSH(w->a, &some, v->v[i]);
	list(w, name, &some);
}

static void mails(struct writer *w, const char *name, size_t n)
{
	buf_printf(&w->b, "- %s: %s%zu\n", name, w->f->more ? "at least " : "", n);
}

static void write_overview(struct writer *w)
{
	const struct phish_facts *f = w->f;

	buf_add_c(&w->b, "## What happened\n\n");
	SAY(w, what, "", "\n");
	say_campaign(w);
	buf_add_c(&w->b, "\n");
	row(w, "Verdict", enum_text(&disposition_names, f->disposition));
	if (f->mails)
		mails(w, "Mails", f->mails);
	mails(w, "Delivered", f->delivered);
	mails(w, "Held in quarantine", f->held);
	if (f->harmless)
		mails(w, "Similar mails not found to be bad", f->harmless);
	row_time(w, "First", f->first_us);
	if (f->last_us > f->first_us)
		row_time(w, "Last", f->last_us);
}

/* Our own relay says nothing of who sent it. */
static bool is_outside(struct str host)
{
	struct ip_block block;

	return !ip_block_parse(host, &block) && !ip_block_is_private(&block);
}

/* Its address, and whose it says that it is: that of a provider's relay is not its sender's alone. */
static struct str sending_host(struct writer *w)
{
	struct str ip = w->f->mail->message->smtp_helo_server_ip, before = STR("received from ");

	for (size_t i = 0; i < w->f->mail->trace.n; i++) {
		struct str line = w->f->mail->trace.v[i].message;
		size_t end = str_find(line, ARENA_JOIN(w->a, STR(" ("), ip, STR(") by ")), 0);
		if (str_starts(line, before) && end != SIZE_MAX && end > before.n)
			return ARENA_JOIN(w->a, ip, STR(", which calls itself "),
					  str_sub(line, before.n, end));
	}
	return ip;
}

static void write_who(struct writer *w)
{
	const struct phish_facts *f = w->f;
	const struct message *m = f->mail->message;

	buf_add_c(&w->b, "\n## Who\n\n");
	list(w, "Sender", &f->senders);
	row(w, "Name shown", m->from_name);
	row(w, "Envelope sender", m->envelope_from);
	row(w, "Replies go to", m->replyto);
	if (is_outside(m->smtp_helo_server_ip))
		row(w, "Sending host", sending_host(w));
	list_people(w, "Delivered to", &f->to[PHISH_DELIVERED]);
	list_people(w, "Held for", &f->to[PHISH_HELD]);
	list_people(w, "Meant for", &f->to[PHISH_NEITHER]);
}

static void write_details(struct writer *w)
{
	const struct message *m = w->f->mail->message;

	buf_printf(&w->b, "\n## The %smail\n\n", w->f->mails > 1 ? "first " : "");
	row(w, "Subject", m->subject);
	row_copied(w, "Queue id", m->postfix_id);
	row_copied(w, "Alert", m->alert_id);
	row_copied(w, "Message-ID", without_brackets(m->message_id));
	list_reasons(w, "Why", false);
	if (w->f->mails && HAS(w->f->mail, record, correction))
		row(w, "Why", STR("It is like a mail that was confirmed to be bad (campaign.confirmed)"));
}

/* What it can be told by: of a free mail service that is the address. */
static void write_sender(struct writer *w, const struct message *m)
{
	struct str domain = domain_fold(w->a, domain_of_address(m->from));

	if (shared_mailboxes(w->a, domain))
		row(w, "Sender's address", m->from);
	else if (!is_readers(w->f, domain) && !shared_sender(w->a, domain))
		row(w, "Sender's domain", domain_of_address(m->from));
}

static void write_indicators(struct writer *w)
{
	const struct message *m = w->f->mail->message;
	const struct detections *d = w->f->mail->detections;
	struct strs links = { NULL, 0 }, files = { NULL, 0 }, hosts = hosts_of(w->a, w->f, false);

	for (size_t i = 0; i < hosts.n; i++)
		if (shared_host(w->a, domain_fold(w->a, hosts.v[i])))
			hosts.v[i] =
			    ARENA_JOIN(w->a, hosts.v[i], STR(" - shared with others: do not block whole"));
	buf_add_c(&w->b, "\n## Indicators\n\n");
	write_sender(w, m);
	list(w, "Host of a link", &hosts);
	for (size_t i = 0; d && i < d->links.n; i++)
		if (!is_bare(&d->links.v[i]) && !strs_has(&links, d->links.v[i].href))
			ARENA_PUSH(w->a, &links, d->links.v[i].href);
	list(w, "Link", &links);
	for (size_t i = 0; d && i < d->attachments.n && i < LISTED; i++) {
		const struct attachment *file = &d->attachments.v[i];
		struct str both = ARENA_JOIN(w->a, file->sha256, STR(" "), file->name);
		if (strs_has(&files, both))
			continue;
		ARENA_PUSH(w->a, &files, both);
		row(w, "Attachment", file->name);
		row_copied(w, "SHA-256 of it", file->sha256);
	}
	row_copied(w, "Fingerprint", m->edf_hash);
}

static struct str content(struct arena *a, const struct phish_facts *f)
{
	struct writer w = { .a = a, .f = f, .conditions = conditions_of(a, f) };

	buf_init(&w.b, CONTENT_MAX);
	write_overview(&w);
	buf_add_c(&w.b, "\n## What was done\n\n");
	SAY(&w, done, "", "\n");
	say_released(&w);
	list_reasons(&w, "Judged anew", true);
	buf_add_c(&w.b, "\n## What to do next\n\n");
	SAY(&w, next, "1. ", "\n");
	write_who(&w);
	write_details(&w);
	if (f->mails)
		write_indicators(&w);
	struct str out = utf8_cut(arena_str(a, buf_str(&w.b)), CONTENT_MAX);
	buf_free(&w.b);
	return out;
}

/* ---- the rest ---- */

static const char *const titles[] = {
	[REPORT_BEC] = "Business e-mail compromise",
	[REPORT_CAMPAIGN] = "Campaign of malicious mail",
	[REPORT_AFTER_DELIVERY] = "Mail found to be bad after its delivery",
	[REPORT_AFTER_RELEASE] = "Mail found to be bad after its release",
	[REPORT_SUBMISSION] = "Submitted mail confirmed to be bad",
};

static struct str title(struct arena *a, const struct phish_facts *f)
{
	struct str domain = phish_text_plain(a, domain_of_address(f->mail->message->from), 100);
	int cause = 0;

	while (cause < REPORT_SUBMISSION && !(f->causes & BIT(cause)))
		cause++;
	/* The title is no Markdown. */
	domain = arena_without(a, domain, '\\');
	if (!f->mails)
		return arena_printf(a, "%s%s%.*s: found to be good since", titles[cause],
				    domain.n ? " from " : "", STR_ARG(domain));
	return arena_printf(a, "%s%s%.*s: %s%zu mail%s, %zu delivered", titles[cause],
			    domain.n ? " from " : "", STR_ARG(domain), f->more ? "at least " : "", f->mails,
			    f->mails == 1 ? "" : "s", f->delivered);
}

/* The first row that fits. */
static const struct {
	int disposition; /* at least */
	bool delivered, many;
	enum report_priority priority;
} priorities[] = {
	{ DISP_MALICIOUS, true, true, PRIORITY_CRITICAL }, { DISP_BEC, true, false, PRIORITY_CRITICAL },
	{ DISP_MALICIOUS, true, false, PRIORITY_HIGH },    { DISP_SPOOF, true, false, PRIORITY_MEDIUM },
	{ DISP_MALICIOUS, false, true, PRIORITY_MEDIUM },  { DISP_BEC, false, false, PRIORITY_MEDIUM },
	{ DISP_NONE, false, false, PRIORITY_LOW },
};

static enum report_priority priority(const struct phish_facts *f)
{
	bool many = f->causes & BIT(REPORT_CAMPAIGN);
	size_t i = 0;

	while (f->disposition < priorities[i].disposition || (priorities[i].delivered && !f->delivered) ||
	       (priorities[i].many && !many))
		i++;
	return priorities[i].priority;
}

static void tag(struct arena *a, struct phish_report *r, const char *category, struct str value)
{
	struct phish_tag t = { 0 };

	if (!value.n)
		return;
	SET(&t, phish_tag, category, str_of(category));
	SET(&t, phish_tag, value, arena_str(a, utf8_clean(a, utf8_cut(value, TEXT_MAX))));
	ARENA_PUSH(a, &r->tags, t);
}

static void set_tags(struct arena *a, const struct phish_facts *f, struct phish_report *out)
{
	const struct message *m = f->mail->message;

	out->tags = (struct phish_tag_list){ NULL, 0 };
	for (int cause = 0; cause < REPORT_CAUSES_N; cause++)
		if (f->causes & BIT(cause))
			tag(a, out, "cause", enum_text(&report_cause_names, cause));
	tag(a, out, "disposition", enum_text(&disposition_names, f->disposition));
	tag(a, out, "delivery", f->delivered ? STR("delivered") : f->held ? STR("held") : STR_NONE);
	tag(a, out, "sender_domain", domain_of_address(m->from));
	for (size_t i = 0; i < m->threat_categories.n && i < LISTED; i++)
		tag(a, out, "threat_category", m->threat_categories.v[i]);
	out->has |= FIELD_BIT(phish_report, tags);
}

static void set_fields(struct arena *a, const struct phish_facts *f, struct phish_report *out)
{
	const struct message *m = f->mail->message;
	struct phish_mail *to = ARENA_NEW(a, struct phish_mail);

	SET(to, phish_mail, to,
	    ((struct strs){ f->recipients.v.v, f->recipients.v.n < TO_MAX ? f->recipients.v.n : TO_MAX }));
	if (m->from.n)
		SET(to, phish_mail, from, m->from);
	SET(to, phish_mail, postfix_id, m->postfix_id);
	SET(to, phish_mail, occurred_at, f->first_us);
	SET(out, phish_report, fields, to);
}

void phish_text(struct arena *a, const struct phish_facts *f, struct phish_report *out)
{
	SET(out, phish_report, title, title(a, f));
	SET(out, phish_report, content, content(a, f));
	SET(out, phish_report, priority, (int)priority(f));
	SET(out, phish_report, disposition, f->disposition);
	set_fields(a, f, out);
	set_tags(a, f, out);
	out->causes = (struct ints){ NULL, 0 };
	for (int cause = 0; cause < REPORT_CAUSES_N; cause++)
		if (f->causes & BIT(cause))
			ARENA_PUSH(a, &out->causes, cause);
	out->has |= FIELD_BIT(phish_report, causes);
}
