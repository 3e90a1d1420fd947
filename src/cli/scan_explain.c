/*
 * A verdict told to a person who has many of them to read: what it is, why, by which evidence, and what was
 * looked at.
 */
#include "cli/scan_internal.h"

#include "base/utf8.h"
#include "detect/managed_senders.h"
#include "scan/assemble.h"

#define SHOWN_LINKS 8
#define SHOWN_WIDTH 200 /* bytes of one value; the rest is in --json */

/* One space where there are several, no control characters of either set. */
void explain_text(struct buf *b, struct str s)
{
	struct str shown = utf8_cut(s, SHOWN_WIDTH);
	bool after_space = false;

	for (size_t at = 0; at < shown.n;) {
		uint32_t cp = utf8_next(shown, &at);
		bool space = cp == ' ' || cp == '\n' || cp == '\r' || cp == '\t';
		if (space && after_space)
			continue;
		after_space = space;
		if (space)
			buf_add_c(b, " ");
		else if (utf8_is_control(cp))
			buf_printf(b, "<%02X>", (unsigned)cp);
		else
			utf8_add(b, cp);
	}
	if (shown.n < s.n)
		buf_add_c(b, "…");
}

static void add_from(struct buf *b, const struct message *m)
{
	buf_add_c(b, "  from     ");
	if (m->from_name.n > 0) {
		explain_text(b, m->from_name);
		buf_add_c(b, " ");
	}
	if (m->from.n > 0) {
		buf_add_c(b, "<");
		explain_text(b, m->from);
		buf_add_c(b, ">");
	} else {
		buf_add_c(b, "(no address)");
	}
	if (m->replyto.n > 0 && !str_eq_nocase(m->replyto, m->from)) {
		buf_add_c(b, ", answers to <");
		explain_text(b, m->replyto);
		buf_add_c(b, ">");
	}
	buf_add_c(b, "\n  subject  ");
	explain_text(b, m->subject);
	buf_add_c(b, "\n");
}

/* By how suppressed_by begins: what is said of it, and whether the rest of it is told behind that. */
static const struct {
	const char *by, *says;
	bool rest;
} suppressions[] = {
	{ DISABLED_DETECTOR, "the account switched this detector off", false },
	{ MANAGED_SENDER, "the account accepts proved senders of the shipped list, ", true },
	{ BY_OWN_BOUNCE, "this is a bounce of what the account sent, ", true },
	{ BY_CORRECTION, "it was confirmed what mail of this campaign is, by correction ", true },
	{ BY_UNDOING, BY_UNDOING, false },
	{ "", "a policy of the account says so, ", true },
};

static void add_suppression(struct buf *b, struct str by)
{
	size_t i = 0;

	while (!str_starts(by, str_of(suppressions[i].by)))
		i++;
	buf_printf(b, "                      not counted: %s", suppressions[i].says);
	if (suppressions[i].rest)
		explain_text(b, str_sub(by, strlen(suppressions[i].by), by.n));
	buf_add_c(b, "\n");
}

static void add_finding(struct buf *b, const struct finding *f)
{
	buf_printf(b, "  %-14.*s%.2f  %.*s\n", STR_ARG(enum_text(&disposition_names, f->detection)), f->score,
		   STR_ARG(f->reason));
	if (HAS(f, finding, detail)) {
		buf_add_c(b, "                      ");
		explain_text(b, f->detail);
		buf_add_c(b, "\n");
	}
	buf_printf(b, "                      [%.*s", STR_ARG(f->name));
	if (HAS(f, finding, field)) {
		buf_add_c(b, ", in ");
		explain_text(b, f->field);
	}
	if (HAS(f, finding, offset))
		buf_printf(b, ", bytes %lld to %lld", (long long)f->offset,
			   (long long)(f->offset + f->length - 1));
	buf_add_c(b, "]\n");
	if (HAS(f, finding, suppressed_by))
		add_suppression(b, f->suppressed_by);
}

/* Findings that speak for less, or weigh less than 1 each, may together be what the verdict says. */
static bool adds_up(const struct message *m)
{
	for (size_t i = 0; i < m->findings.n; i++) {
		const struct finding *f = &m->findings.v[i];
		if (!HAS(f, finding, suppressed_by) && f->detection >= m->final_disposition &&
		    f->score > 0.999)
			return false;
	}
	return true;
}

/* A verdict of NONE on a picture or a text file would be true and of no use. */
static bool looks_like_mail(const struct message *m)
{
	return m->from.n > 0 || m->subject.n > 0 || m->message_id.n > 0 || HAS(m, message, sent_at);
}

static void add_authentication(struct buf *b, const struct validation *v, bool no_spf)
{
	struct str spf =
	    no_spf ? STR("not checked (a file has no envelope)") : enum_text(&auth_result_names, v->spf);

	buf_printf(b, "  checks   SPF %.*s, DKIM %.*s, DMARC %.*s", STR_ARG(spf),
		   STR_ARG(enum_text(&auth_result_names, v->dkim)),
		   STR_ARG(enum_text(&auth_result_names, v->dmarc)));
	if (v->comment.n > 0) {
		buf_add_c(b, " (");
		explain_text(b, v->comment);
		buf_add_c(b, ")");
	}
	buf_add_c(b, "\n");
}

/* An address nobody follows by mistake: "https[:]//www[dot]example[dot]com/path". */
static void add_url(struct buf *b, struct str url)
{
	size_t colon = str_find_char(url, ':', 0), end = colon == SIZE_MAX ? 0 : colon + 1;
	struct buf safe;

	while (end < url.n && (url.p[end] == '/' || url.p[end] == '\\'))
		end++;
	while (end < url.n && !strchr("/\\?#", url.p[end]))
		end++;
	buf_init(&safe, 5 * url.n + 1);
	for (size_t i = 0; i < end; i++) {
		if (url.p[i] == '.')
			buf_add_c(&safe, "[dot]");
		else if (i == colon)
			buf_add_c(&safe, "[:]");
		else
			buf_add_char(&safe, url.p[i]);
	}
	buf_add(&safe, str_sub(url, end, url.n));
	explain_text(b, buf_str(&safe));
	buf_free(&safe);
}

static bool has_own_text(const struct link *l)
{
	return l->text.n > 0 && !str_eq(l->text, l->href);
}

static void add_link(struct buf *b, const struct link *l)
{
	buf_add_c(b, "  link     ");
	add_url(b, l->href);
	if (has_own_text(l)) {
		bool is_url =
		    str_find(l->text, STR("://"), 0) != SIZE_MAX || str_starts_nocase(l->text, STR("www."));
		buf_add_c(b, "  shown as \"");
		if (is_url)
			add_url(b, l->text);
		else
			explain_text(b, l->text);
		buf_add_c(b, "\"");
	}
	buf_add_c(b, "\n");
}

/* A plain-text part names most links of its HTML twin again: those say nothing new. */
static bool is_told(const struct link *l, const struct detections *d)
{
	for (size_t i = 0; i < d->links.n && !has_own_text(l); i++) {
		const struct link *other = &d->links.v[i];
		if (str_eq(other->href, l->href) && (has_own_text(other) || other < l))
			return true;
	}
	return false;
}

static void add_links(struct buf *b, const struct detections *d)
{
	size_t told = 0;

	for (size_t i = 0; i < d->links.n; i++)
		if (!is_told(&d->links.v[i], d) && told++ < SHOWN_LINKS)
			add_link(b, &d->links.v[i]);
	if (told > SHOWN_LINKS)
		buf_printf(b, "  link     and %zu more\n", told - SHOWN_LINKS);
}

static void add_files(struct buf *b, const struct detections *d)
{
	for (size_t i = 0; i < d->attachments.n; i++) {
		const struct attachment *a = &d->attachments.v[i];
		buf_add_c(b, "  file     ");
		explain_text(b, a->name.n ? a->name : STR("(no name)"));
		buf_printf(b, ", %lld bytes, %.*s%s", (long long)a->size, STR_ARG(a->computed_type),
			   a->encrypted ? ", encrypted" : "");
		if (a->words_read > 0)
			buf_printf(b, ", %lld words read", (long long)a->words_read);
		buf_add_c(b, "\n");
	}
}

static bool is_counted(const struct message *m)
{
	for (size_t i = 0; i < m->findings.n; i++)
		if (!HAS(&m->findings.v[i], finding, suppressed_by) && m->findings.v[i].score > 0)
			return true;
	return false;
}

const struct action_log *explain_correction(const struct message *m)
{
	for (size_t i = m->action_log.n; i-- > 0;)
		if (m->action_log.v[i].operation == LOGOP_RECLASSIFY &&
		    str_starts(m->action_log.v[i].status, STR("from ")))
			return &m->action_log.v[i];
	return NULL;
}

static void add_headline(struct buf *b, const struct message *m)
{
	const struct properties *p = m->properties;
	const struct action_log *correction = explain_correction(m);

	bool allowed = m->findings.n == 0 && p && HAS(p, properties, allowlisted_pattern_type);

	if (correction) {
		buf_printf(b, "  Corrected %.*s", STR_ARG(correction->status));
		if (correction->properties) {
			buf_add_c(b, " by ");
			explain_text(b, correction->properties->requested_by);
		}
		buf_add_c(b, m->findings.n ? ". What was found:\n" : ". Nothing was found against it.\n");
	} else if (allowed && p->allowlisted_pattern_type == ALLOWLIST_QUARANTINE_RELEASE) {
		buf_add_c(b, "  Nothing was looked for: this very mail was released before.\n");
	} else if (allowed && p->allowlisted_pattern_type == ALLOWLIST_ALLOWED_SENDER) {
		buf_add_c(b, "  Nothing was looked for: a policy of the account trusts the sender, ");
		explain_text(b, p->allowlisted_pattern);
		buf_add_c(b, "\n");
	} else if (m->findings.n == 0) {
		buf_add_c(b, "  Nothing was found against it.\n");
	} else if (!is_counted(m)) {
		buf_add_c(b, "  Nothing was found that counts:\n");
	} else if (m->final_disposition == DISP_NONE) {
		buf_add_c(b, "  What was found does not weigh enough:\n");
	} else if (adds_up(m)) {
		buf_printf(b, "  What was found adds up to %.*s:\n",
			   STR_ARG(enum_text(&disposition_names, m->final_disposition)));
	}
}

/* Who said that it should be judged otherwise, and why that changed nothing. */
static void add_submissions(struct buf *b, const struct message *m)
{
	const struct str done = STR("submitted");

	for (size_t i = 0; i < m->action_log.n; i++) {
		const struct action_log *e = &m->action_log.v[i];
		if (e->operation != LOGOP_SUBMISSION || !e->properties || !str_starts(e->status, done))
			continue;
		buf_add_c(b, "  Submitted by ");
		explain_text(b, e->properties->requested_by);
		explain_text(b, str_sub(e->status, done.n, e->status.n));
		buf_add_c(b, "\n");
	}
}

void explain_why(struct buf *b, struct str label, const struct message *m, bool no_spf)
{
	explain_text(b, label);
	buf_printf(b, ": %.*s\n", STR_ARG(enum_text(&disposition_names, m->final_disposition)));
	add_from(b, m);
	if (!looks_like_mail(m))
		buf_add_c(b, "  Is this a mail? It has no From, Subject, Date or Message-ID.\n");
	add_headline(b, m);
	for (size_t i = 0; i < m->findings.n; i++)
		add_finding(b, &m->findings.v[i]);
	add_submissions(b, m);
	if (m->validation)
		add_authentication(b, m->validation, no_spf);
}

static void add_change(struct buf *b, const struct other_verdict *o)
{
	buf_add_c(b, "  change   ");
	explain_text(b, o->reason);
	buf_add_c(b, "\n");
}

static void add_disabled(struct buf *b, const struct ints *list)
{
	buf_add_c(b, "  off      in this account: ");
	for (size_t i = 0; i < list->n; i++)
		buf_printf(b, "%s%.*s", i ? ", " : "", STR_ARG(enum_text(&detector_names, list->v[i])));
	buf_add_c(b, "\n");
}

#define SHOWN_DETECTORS 5

/* The slowest, each once. */
static void add_detector_times(struct buf *b, const struct scan_times *times)
{
	bool told[DETECTOR_COUNT] = { false };

	for (int k = 0; k < SHOWN_DETECTORS; k++) {
		int most = -1;
		for (int i = 0; i < DETECTOR_COUNT; i++)
			if (!told[i] && times->detector_ns[i] > 0 &&
			    (most < 0 || times->detector_ns[i] > times->detector_ns[most]))
				most = i;
		if (most < 0)
			break;
		told[most] = true;
		buf_printf(b, "%s%.*s %.2f",
			   k ? ", " : "; slowest: ", STR_ARG(enum_text(&detector_names, most)),
			   (double)times->detector_ns[most] / 1e6);
	}
}

/* All of its fields are numbers. */
static void add_times(struct buf *b, const struct stage_times *t)
{
	buf_add_c(b, "  times    ");
	for (size_t i = 0; i < stage_times_fields.n; i++) {
		const struct field *f = &stage_times_fields.v[i];
		const int64_t *us = (const void *)((const char *)t + f->offset);
		buf_printf(b, "%s%s %.2f", i ? ", " : "", f->name, (double)*us / 1000);
	}
	buf_add_c(b, " ms");
}

void explain_explanation(struct buf *b, const struct explanation *e, bool times,
			 const struct scan_times *detectors)
{
	if (HAS(e, explanation, smallest_change))
		add_change(b, e->smallest_change);
	if (HAS(e, explanation, if_nothing_set_aside))
		add_change(b, e->if_nothing_set_aside);
	if (e->disabled_detectors.n)
		add_disabled(b, &e->disabled_detectors);
	if (!times || !HAS(e, explanation, elapsed_us))
		return;
	add_times(b, e->elapsed_us);
	if (detectors)
		add_detector_times(b, detectors);
	buf_add_c(b, "\n");
}

/* And whose it is, where databases say so. */
static void add_host(struct buf *b, struct str ip, const struct sender_info *sender)
{
	buf_printf(b, "  host     %.*s handed it over (so its Received fields say)", STR_ARG(ip));
	if (HAS(sender, sender_info, as_number)) {
		buf_printf(b, ", AS%lld ", (long long)sender->as_number);
		explain_text(b, sender->as_name);
	}
	if (HAS(sender, sender_info, geo)) {
		buf_add_c(b, ", ");
		explain_text(b, sender->geo);
	}
	buf_add_c(b, "\n");
}

void explain_verdict(struct buf *b, struct str label, const struct verdict *v, bool no_spf,
		     const struct scan_times *times)
{
	const struct message *m = v->message;

	explain_why(b, label, m, no_spf);
	explain_explanation(b, v->detections->explanation, times != NULL, times);
	if (m->smtp_helo_server_ip.n > 0)
		add_host(b, m->smtp_helo_server_ip, v->detections->sender_info);
	if (v->report.n > 0)
		buf_printf(b, "  report   %.*s\n", STR_ARG(v->report));
	add_files(b, v->detections);
	add_links(b, v->detections);
	buf_add_c(b, "\n");
}
