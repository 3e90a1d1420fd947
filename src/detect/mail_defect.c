/*
 * Messages built so that two readers see different things, or so large or deep that not all of it was looked at: what
 * nobody looked at must not pass for clean, so each of those decides alone. Ordinary clumsiness (bare line ends, odd
 * encodings) is recorded in the defect bits and not held against it.
 *
 * In 8,300 harmless mails (lists of 2002 and of 2019..2026, newsletters, bounces) there were of all these a multipart
 * without its boundary in six bounces and with another one in two, a returned message that shows other parts, and one
 * list of too many links. So what comes of one cause counts once.
 */
#include "detect/detect.h"

#include "base/limits.h"
#include "detect/text.h"

typedef bool applies_fn(const struct scan *s);

/* Whether any part has a field of one of the names for which `is` holds. */
static bool any_field(const struct scan *s, const char *const *names, size_t n,
		      bool (*is)(const struct headers *, const struct header *))
{
	for (size_t p = 0; p < s->mail->n; p++) {
		const struct headers *headers = &s->mail->v[p]->headers;
		for (size_t i = 0; i < n; i++) {
			const struct header *h = headers_first(headers, str_of(names[i]));
			for (; h; h = headers_next(headers, h))
				if (is(headers, h))
					return true;
		}
	}
	return false;
}

/* Fields by which a message is judged; others may be long, as a To of a thousand people. */
static const char *const telling[] = { "From",         "Sender",
				       "Reply-To",     "Subject",
				       "Content-Type", "Content-Transfer-Encoding",
				       "List-Id",      "Content-Disposition" };

static bool has_nul(const struct headers *headers, const struct header *h)
{
	(void)headers;
	return str_find_char(h->value, 0, 0) != SIZE_MAX;
}

static bool telling_field_has_nul(const struct scan *s)
{
	return any_field(s, telling, ARRAY_LEN(telling), has_nul);
}

static bool has_bare_cr(const struct headers *headers, const struct header *h)
{
	(void)headers;
	for (size_t at = 0; (at = str_find_char(h->value, '\r', at)) != SIZE_MAX; at++)
		if (at + 1 == h->value.n || h->value.p[at + 1] != '\n')
			return true;
	return false;
}

static bool telling_field_has_cr(const struct scan *s)
{
	return any_field(s, telling, ARRAY_LEN(telling), has_bare_cr);
}

/* A fragment that programs put together again (RFC 2046 §5.2.2); bounces show what they return under that name. */
static bool is_fragment(const struct scan *s)
{
	for (size_t i = 0; i < s->mail->n; i++) {
		const struct mime_part *p = s->mail->v[i];
		if (mime_part_is(p, STR("message"), STR("partial")) &&
		    params_get(&p->params, STR("id")).n > 0 && params_get(&p->params, STR("number")).n > 0)
			return true;
	}
	return false;
}

static bool is_again(const struct headers *headers, const struct header *h)
{
	return headers_next(headers, h) != NULL;
}

static bool content_is_ambiguous(const struct scan *s)
{
	static const char *const names[] = { "Content-Type", "Content-Transfer-Encoding" };

	return any_field(s, names, ARRAY_LEN(names), is_again);
}

/* Different parts mostly come of one of these, which is one trait and not two. */
static bool nothing_else_says_so(const struct scan *s)
{
	static const enum mime_defect causes[] = { DEFECT_DUP_CONTENT,       DEFECT_DUP_PARAM,
						   DEFECT_NO_BOUNDARY,       DEFECT_BOUNDARY_UNUSED,
						   DEFECT_HEADER_BLANK_FOLD, DEFECT_ENCODING };

	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		if (defect_has(&s->mail->defects, causes[i]))
			return false;
	return true;
}

/* A parameter that nobody reads in another way shows nobody anything else. */
static bool parts_differ(const struct scan *s)
{
	return defect_has(&s->mail->defects, DEFECT_AMBIGUOUS);
}

/* Parts that somebody finds where the boundary is not; a copy in a bounce may end before its first part. */
static bool parts_begin_elsewhere(const struct scan *s)
{
	for (size_t i = 0; i < s->mail->n; i++) {
		const struct mime_part *p = s->mail->v[i];
		if (p->reading && mime_part_is_multipart(p) && p->first_child)
			return true;
	}
	return false;
}

/* People send each other more photographs than are looked at: by itself it says nothing of a mail. */
static bool speaks_of_code(const struct scan *s)
{
	return text_asks_to_scan(s->index);
}

static const struct {
	enum mime_defect defect;
	double score;
	const char *reason;
	applies_fn *applies; /* NULL = always */
} rules[] = {
	{ DEFECT_SMUGGLING, 1,
	  "The message holds a line end that some servers take for the end of the message.", NULL },
	/* not all was looked at */
	{ DEFECT_HEADER_MANY, 1, "The message has more header fields than are looked at.", NULL },
	{ DEFECT_FIELD_CUT, 1, "A header field that the verdict rests on is longer than is looked at.",
	  NULL },
	{ DEFECT_PARAMS, 1, "A header field has more parameters than are looked at.", NULL },
	{ DEFECT_READINGS_CUT, 1, "The message can be read in more ways than are looked at.", NULL },
	{ DEFECT_PARTIAL, 1, "The message is a fragment, so that nobody sees the whole of it.", is_fragment },
	{ DEFECT_EXTERNAL_BODY, 0.7, "The content of the message is to be fetched from elsewhere.", NULL },
	{ DEFECT_PARTS, 1, "The message has more parts than are looked at.", NULL },
	{ DEFECT_DEPTH, 1, "The message is nested deeper than is looked at.", NULL },
	{ DEFECT_TEXT_CUT, 1, "The message has more text than is looked at.", NULL },
	{ DEFECT_HTML_CUT, 1, "The message has more HTML than is looked at.", NULL },
	{ DEFECT_LINKS_CUT, 1, "The message has more links than are looked at.", NULL },
	{ DEFECT_ATTACHMENTS_CUT, 1, "The message has more attachments than are looked at.", NULL },
	{ DEFECT_DECODED_CUT, 1, "The message holds more data than is looked at.", NULL },
	{ DEFECT_CODES_CUT, 0.7, "The message has more that looks like QR codes than is looked at.", NULL },
	{ DEFECT_PICTURES_CUT, 0.5,
	  "The message speaks of a code, and has more pictures than are searched for one.", speaks_of_code },
	/* readers differ */
	{ DEFECT_DUP_FROM, 1,
	  "The message has more than one From field, so readers may see different senders.", NULL },
	{ DEFECT_NUL, 1, "A header field holds a zero byte, which some readers drop and others stop at.",
	  telling_field_has_nul },
	{ DEFECT_BARE_CR, 1, "A header field holds a line end that only some readers take for one.",
	  telling_field_has_cr },
	{ DEFECT_DUP_CONTENT, 0.7,
	  "A part of the message says twice what it holds, so readers may see different things.",
	  content_is_ambiguous },
	{ DEFECT_DUP_PARAM, 0.7,
	  "A field of the message gives one parameter twice, so readers may see different things.",
	  parts_differ },
	{ DEFECT_NO_BOUNDARY, 0.7, "The message has parts and does not say where they begin.", NULL },
	{ DEFECT_BOUNDARY_UNUSED, 0.7, "The message has parts that begin otherwise than it says.",
	  parts_begin_elsewhere },
	{ DEFECT_ENCODING, 0.5, "A part of the message names an encoding that readers do not agree about.",
	  NULL },
	{ DEFECT_HEADER_BLANK_FOLD, 0.5,
	  "The header of the message ends at different places for different readers.", NULL },
	{ DEFECT_AMBIGUOUS, 0.7, "Mail programs find different parts in the message.", nothing_else_says_so },
	{ DEFECT_MISSING_FROM, 0.7, "The message does not say who it is from.", NULL },
};

/* Mail servers cut what they give back wherever it gets too long, and say so of none of it. */
#define RETURNED_SHARE 0.5

static void look_for_defects(const struct scan *s, struct findings *out)
{
	const struct mime_defects *d = &s->mail->defects;
	bool returns = sender_is_mail_server(s);

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (!defect_has(d, rules[i].defect) || (rules[i].applies && !rules[i].applies(s)))
			continue;
		struct str name = enum_text(&mime_defect_names, (int)rules[i].defect);
		double score = rules[i].score * (rules[i].score < 1 && returns ? RETURNED_SHARE : 1);
		struct finding *f =
		    finding_add(out, name.p, DISP_SUSPICIOUS, score, CAT_NONE, rules[i].reason);
		finding_where(f, "message", "structure", name);
		if (d->first[rules[i].defect] < s->job->raw.n)
			finding_bytes(f, d->first[rules[i].defect], 1);
		finding_detail(out, f, "at byte %zu", d->first[rules[i].defect]);
	}
}

/* Policies see the end of a long address and the first of many mailboxes, so such senders may be blocked ones. */
static void look_at_mailboxes(const struct scan *s, struct findings *out)
{
	const struct str *longest = &s->envelope.address;
	struct finding *f;

	for (size_t i = 0; i < s->mailboxes.n; i++)
		if (s->mailboxes.v[i].address.n > longest->n)
			longest = &s->mailboxes.v[i].address;
	if (longest->n > LIMIT_ADDRESS) {
		f = finding_add(out, "long_address", DISP_SUSPICIOUS, 1, CAT_NONE,
				"The message gives a sender's address longer than any address can be.");
		finding_where(f, "message", "address", *longest);
		finding_detail(out, f, "%zu bytes", longest->n);
	}
	if (s->mailboxes.more) {
		f = finding_add(out, "many_mailboxes", DISP_SUSPICIOUS, 1, CAT_NONE,
				"From and Reply-To name more mailboxes than are looked at.");
		finding_where(f, "message", "address", s->mailboxes.v[0].address);
		finding_detail(out, f, "more than %d", LIMIT_MAILBOXES);
	}
}

static void run(const struct scan *s, struct findings *out)
{
	look_for_defects(s, out);
	look_at_mailboxes(s, out);
}

const struct detector detect_mail_defect = {
	.name = "mail_defect",
	.family = FAMILY_HEADER,
	.needs = 0,
	.run = run,
};
