/*
 * What would have let a mail through: each setting that a person could make is tried on a copy of its findings, and the
 * verdict is put together anew, by the very code that did so at first.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/scan_internal.h"
#include "detect/additional.h"
#include "scan/assemble.h"

/* A copy of the findings. */
struct trial {
	struct finding *v;
	size_t n;
};

static bool counts(const struct finding *f)
{
	return !HAS(f, finding, suppressed_by);
}

static void take_away(struct finding *f)
{
	SET(f, finding, suppressed_by, STR("?"));
}

/* Those by a detector of that name, or of exactly that name with its signal. */
static void take_named(struct trial *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++) {
		struct str rest = str_sub(t->v[i].name, strlen(name), SIZE_MAX);
		if (str_starts(t->v[i].name, str_of(name)) && (rest.n == 0 || rest.p[0] == '.'))
			take_away(&t->v[i]);
	}
}

static void delete_block(struct trial *t)
{
	take_named(t, "policy.blocked_sender");
}

static void delete_content(struct trial *t)
{
	take_named(t, "policy.blocked_content");
}

static void accept_sender(struct trial *t)
{
	assemble_suppress(t->v, t->n, STR("?"));
}

/* A block is before trust, and so is whatever might be one (scan/scan.c). */
static void trust(struct trial *t)
{
	static const char *const before[] = { "policy.blocked_sender", "policy.blocked_content",
					      "policy.unfinished", "policy.unfinished_content",
					      "forged_headers" };

	for (size_t i = 0; i < t->n; i++)
		for (size_t k = 0; k < ARRAY_LEN(before); k++)
			if (str_eq(t->v[i].name, str_of(before[k])))
				return;
	for (size_t i = 0; i < t->n; i++)
		take_away(&t->v[i]);
}

static void trust_similarity(struct trial *t)
{
	take_named(t, "lookalike_domain");
}

static void trust_recency(struct trial *t)
{
	take_named(t, "new_domain");
}

static void register_address(struct trial *t)
{
	take_named(t, "name_impersonation");
}

static void additional_off(struct trial *t)
{
	take_named(t, ADDITIONAL);
}

/* What the text names behind its words. */
enum subject { OF_NOTHING, OF_PATTERN, OF_SENDER, OF_FINDING };

static const struct remedy {
	const char *text;
	enum subject subject;
	const char *finding; /* whose value is the subject */
	void (*apply)(struct trial *t);
} remedies[] = {
	{ "without the blocked sender", OF_PATTERN, NULL, delete_block },
	{ "without the content policy", OF_PATTERN, NULL, delete_content },
	{ "an allow policy with is_acceptable_sender for", OF_SENDER, NULL, accept_sender },
	{ "an allow policy with is_trusted_sender for", OF_SENDER, NULL, trust },
	{ "a trusted domain with is_similarity for", OF_FINDING, "lookalike_domain", trust_similarity },
	{ "a trusted domain with is_recent for", OF_FINDING, "new_domain", trust_recency },
	{ "the detection settings without additional detections", OF_NOTHING, NULL, additional_off },
	{ "in the impersonation registry, with that name, the address", OF_SENDER, NULL, register_address },
};

static struct str sender_of(const struct message *m)
{
	return m->from.n ? m->from : m->envelope_from;
}

static struct str subject_of(const struct message *m, const struct remedy *r)
{
	if (r->subject == OF_SENDER)
		return sender_of(m);
	if (r->subject == OF_PATTERN && m->properties)
		return m->properties->blocklisted_pattern;
	for (size_t i = 0; r->finding && i < m->findings.n; i++)
		if (str_starts(m->findings.v[i].name, str_of(r->finding)) && counts(&m->findings.v[i]))
			return m->findings.v[i].value;
	return STR_NONE;
}

/* False: it takes nothing away. */
static bool try_remedy(struct trial *t, const struct message *m, const struct remedy *r)
{
	size_t before = 0, after = 0;

	for (size_t i = 0; i < t->n; i++)
		t->v[i] = m->findings.v[i];
	for (size_t i = 0; i < t->n; i++)
		before += counts(&t->v[i]);
	r->apply(t);
	for (size_t i = 0; i < t->n; i++)
		after += counts(&t->v[i]);
	return after < before;
}

static bool is_blocked(const struct trial *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (counts(&t->v[i]) && (str_eq(t->v[i].name, STR("policy.blocked_sender")) ||
					 str_eq(t->v[i].name, STR("policy.blocked_content"))))
			return true;
	return false;
}

/* For how many of those it was held for. */
static size_t still_held(const struct explain_held *h, int disposition, bool blocked)
{
	size_t n = 0;

	for (size_t i = 0; i < h->recipients.n; i++)
		n += blocked || directory_domain_holds(&h->recipients.v[i].domain, disposition);
	return n;
}

static void add_outcome(struct buf *b, const struct explain_held *h, int disposition, size_t held)
{
	struct str word = enum_text(&disposition_names, disposition);

	if (held == 0)
		buf_printf(b, ": %.*s, delivered\n", STR_ARG(word));
	else if (held == h->recipients.n)
		buf_printf(b, ": still held, as %.*s\n", STR_ARG(word));
	else
		buf_printf(b, ": %.*s, still held for %zu of %zu\n", STR_ARG(word), held, h->recipients.n);
}

static void add_remedies(struct buf *b, const struct explain_held *h)
{
	struct trial t = { calloc(h->message->findings.n + 1, sizeof(*t.v)), h->message->findings.n };

	ASSERT(t.v);
	for (size_t i = 0; i < ARRAY_LEN(remedies); i++) {
		if (!try_remedy(&t, h->message, &remedies[i])) {
			if (remedies[i].apply == accept_sender)
				buf_add_c(b, "  - not an allow policy with is_acceptable_sender: it takes "
					     "SPAM, SPOOF and "
					     "BULK away, and there is none of them\n");
			continue;
		}
		struct str subject = subject_of(h->message, &remedies[i]);
		int disposition = (int)assemble_decide(t.v, t.n, &h->detection);
		buf_printf(b, "  - %s", remedies[i].text);
		if (subject.n) {
			buf_add_c(b, " ");
			explain_text(b, subject);
		}
		add_outcome(b, h, disposition, still_held(h, disposition, is_blocked(&t)));
	}
	free(t.v);
}

/* Each detector that made it what it is, switched off. */
static void add_switches(struct buf *b, const struct explain_held *h)
{
	struct trial t = { calloc(h->message->findings.n + 1, sizeof(*t.v)), h->message->findings.n };
	int as_found = (int)assemble_decide(h->message->findings.v, t.n, &h->detection);

	ASSERT(t.v);
	for (int i = 0; i < DETECTOR_COUNT; i++) {
		struct str name = enum_text(&detector_names, i);
		for (size_t k = 0; k < t.n; k++)
			t.v[k] = h->message->findings.v[k];
		take_named(&t, name.p);
		int disposition = (int)assemble_decide(t.v, t.n, &h->detection);
		if (disposition == as_found)
			continue;
		buf_printf(b, "  - the detector %.*s switched off", STR_ARG(name));
		add_outcome(b, h, disposition, still_held(h, disposition, is_blocked(&t)));
	}
	free(t.v);
}

static void add_recipients(struct buf *b, const struct explain_held *h)
{
	const struct properties *p = h->message->properties;
	bool blocked = p && p->blocklisted_message;
	int disposition = h->message->final_disposition;

	for (size_t i = 0; i < h->recipients.n; i++) {
		buf_add_c(b, "  - an allow policy with is_exempt_recipient for ");
		explain_text(b, h->recipients.v[i].address);
		buf_add_c(b, ": delivered to that recipient, whatever it is\n");
	}
	if (!blocked && still_held(h, disposition, false) > 0)
		buf_printf(b, "  - the domain's drop_dispositions without %.*s: delivered\n",
			   STR_ARG(enum_text(&disposition_names,
					     disposition == DISP_BEC ? DISP_MALICIOUS : disposition)));
}

/* What an allow policy with verify_sender, which nobody can make use of in another's name, asks for. */
static void add_proof(struct buf *b, const struct message *m)
{
	const struct validation *v = m->validation;
	bool proved = v && v->dmarc == AUTH_PASS;

	buf_add_c(b, proved ? "  The sender is proved by DMARC: with verify_sender nobody else can make use "
			      "of a policy.\n"
			    : "  The sender is not proved by DMARC: with verify_sender a policy may not "
			      "count, and without "
			      "it\n  anybody who writes this address makes use of it.\n");
}

static bool has_finding(const struct message *m, const char *name)
{
	for (size_t i = 0; i < m->findings.n; i++)
		if (str_eq(m->findings.v[i].name, str_of(name)))
			return true;
	return false;
}

void explain_change(struct buf *b, const struct explain_held *h)
{
	const struct message *m = h->message;

	buf_add_c(b, "\nWhat would change it:\n");
	if (m->final_disposition == DISP_UNKNOWN || has_finding(m, "forged_headers")) {
		buf_add_c(
		    b,
		    "  - nothing: what could not be scanned, or brings more forged header fields than can be "
		    "taken out,\n    is held for everybody until somebody has looked at it\n");
	} else {
		add_remedies(b, h);
		add_switches(b, h);
		add_recipients(b, h);
		add_proof(b, m);
	}
	buf_add_c(b, "Settings are for mail to come. This one: postern quarantine release ");
	explain_text(b, m->postfix_id);
	buf_add_c(b, "\n");
}
